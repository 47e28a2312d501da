"""The Hypothesis strategy that draws plans, whole and before the client is touched.

Instants lie on and around the edges that matter: the checker's 30 s, a token's last minute and
its expiry, the 24 h deadline. The simplest choice comes first everywhere: plans shrink to it.
"""

from collections.abc import Mapping
from decimal import Decimal
from string import ascii_letters
from typing import Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from momo_conformance.engine import Ability
from momo_conformance.plans import ExamplePlan, Outlook, Settings
from momo_conformance.steps import (
    PAYER,
    Advance,
    AskStatus,
    Crash,
    Deliver,
    Forge,
    Pay,
    Reconcile,
    Repeat,
    Rule,
    Step,
    Transfer,
)

PAYERS = (PAYER, "46733123466")
TEST_NUMBERS = ("46733123450", "46733123451", "46733123452", "46733123453", "46733123454")
TOKEN_LIFETIMES_S = (3600, 120, 300)
LEAPS_S = (
    *(1, 25, 29, 30, 31),
    *(59, 60, 61, 90, 119, 120),
    *(239, 240, 241, 300),
    *(3539, 3540, 3541, 3600, 7200),
    *(43_200, 86_399, 86_400, 86_401, 180_000),
)
DELAYS_S = (1, 25, 30, 61, 3600, 86_399, 86_400, 108_000)
MOST_POLLS = 5
MOST_STEPS = 12
MOST_CENTS = 10_000_00
MOST_RULES = 2
_SELDOM = 5
"""One plan in so many and one may crash the client: a start takes longer than all else."""
LETTERS = ascii_letters + "_ é"

Fault = str | dict[str, object]
FAULTS: tuple[tuple[str, tuple[Fault, ...]], ...] = (
    (
        "*.create",
        (
            "lose_reply",
            "reset_before",
            "empty_reply",
            {"server_error": {"status": 503}},
            "rate_limited",
            "unauthorized",
            "token_revoked",
            "waf_page",
            "stuck_pending",
            "late_success",
            "callback_duplicated",
            "callback_contradicts",
        ),
    ),
    (
        "*.status",
        (
            {"server_error": {"status": 500}},
            "reset_before",
            "malformed_json",
            "waf_page",
            "rate_limited",
            "unauthorized",
            "not_visible",
        ),
    ),
    ("*.token", ({"server_error": {"status": 503}}, "reset_before")),
)
"""What may go wrong, by the operation that it happens to."""

WORDS = ("SUCCESSFUL", "FAILED", "PENDING", "successful", "COMPLETED", "EXPIRED", "", None, 200)
ECHOES: tuple[Mapping[str, object], ...] = ({"amount": "0.99"}, {"currency": "USD"})
"""What a status read may show in place of the order's."""


def example_plans(ability: Ability) -> SearchStrategy[ExamplePlan]:
    """Whole plans for a client that can do so much. Each begins with a payment."""
    views = st.sampled_from(ability.views)
    settings = _settings(views, "callbacks" in ability.has)
    without = _plans(settings, ability.has - {"restart"})
    return st.one_of(*[without] * _SELDOM, _plans(settings, ability.has))


def _plans(settings: SearchStrategy[Settings], has: frozenset[str]) -> SearchStrategy[ExamplePlan]:
    further = st.lists(_steps(has), max_size=MOST_STEPS - 1)
    return st.builds(_plan, settings, _pays(), further)


def _plan(settings: Settings, first: Pay, rest: list[Step]) -> ExamplePlan:
    return ExamplePlan(settings=settings, steps=(first, *rest))


def _settings(
    views: SearchStrategy[Literal["payment", "request_to_pay"]],
    has_callbacks: bool,  # noqa: FBT001  # private and positional
) -> SearchStrategy[Settings]:
    return st.builds(
        Settings,
        outlook=_outlooks(),
        expires_in_s=st.sampled_from(TOKEN_LIFETIMES_S),
        status_view=views,
        rules=st.lists(_rules(), max_size=MOST_RULES).map(_named),
        callbacks=st.booleans() if has_callbacks else st.just(value=False),
        request_timeout_ms=st.just(500),
    )


def _outlooks() -> SearchStrategy[Outlook]:
    final = st.sampled_from(("SUCCESSFUL", "FAILED", "TIMEOUT", "REJECTED"))
    pending = st.sampled_from(("PENDING", "CREATED"))
    delays = st.sampled_from(DELAYS_S)
    polls = st.integers(0, MOST_POLLS)
    return st.one_of(
        st.builds(Outlook, final),
        st.builds(Outlook, final, after_s=delays, until_then=pending),
        st.builds(Outlook, final, after_polls=polls, until_then=pending),
        st.just(Outlook("PENDING")),
    )


def _alterations() -> SearchStrategy[Fault]:
    """Status reads that show other words, or none, or another order."""
    words = st.one_of(st.sampled_from(WORDS), st.text(LETTERS, max_size=12))
    shown = st.one_of(words.map(lambda word: {"status": word}), st.sampled_from(ECHOES))
    return st.one_of(
        shown.map(lambda fields: {"altered_body": {"set": dict(fields)}}),
        st.just({"altered_body": {"drop": ["status"]}}),
    )


def _rules() -> SearchStrategy[Rule]:
    places = [(operation, fault) for operation, faults in FAULTS for fault in faults]
    altered = _alterations().map(lambda fault: ("*.status", fault))
    return st.builds(
        lambda place, skip, times: {
            "match": {"operation": place[0]},
            "fault": place[1],
            "skip_first": skip,
            "times": times,
        },
        st.one_of(st.sampled_from(places), altered),
        st.integers(0, 1),
        st.integers(1, 3),
    )


def _named(rules: list[Rule]) -> tuple[Rule, ...]:
    return tuple({"name": f"rule-{number}", **rule} for number, rule in enumerate(rules, 1))


def _pays() -> SearchStrategy[Pay]:
    return st.builds(Pay, amount=_amounts(), payer=st.sampled_from((*PAYERS, *TEST_NUMBERS)))


def _amounts() -> SearchStrategy[str]:
    whole = st.integers(1, MOST_CENTS // 100).map(str)
    exact = st.integers(1, MOST_CENTS).map(lambda cents: str(Decimal(cents).scaleb(-2)))
    return st.one_of(whole, exact)


def _steps(has: frozenset[str]) -> SearchStrategy[Step]:
    payments = st.integers(1, 4)
    choices: list[SearchStrategy[Step]] = [
        _pays(),
        st.builds(AskStatus, payments),
        st.builds(Repeat, payments),
    ]
    if "reconcile" in has:
        choices.append(st.just(Reconcile()))
    if "clock" in has:
        choices += [st.builds(Advance, st.sampled_from(LEAPS_S))] * 2
    if "callbacks" in has:
        words = st.sampled_from(("SUCCESSFUL", "FAILED", "PENDING"))
        methods = st.sampled_from(("POST", "PUT"))
        copies = st.integers(1, 3)
        choices += [st.builds(Deliver, copies), st.builds(Forge, payments, words, methods)]
    if "transfer" in has:
        payees = st.sampled_from((*PAYERS, *TEST_NUMBERS))
        choices.append(st.builds(Transfer, amount=_amounts(), payee=payees))
    if "restart" in has:
        choices.append(st.just(Crash()))
    return st.one_of(choices)
