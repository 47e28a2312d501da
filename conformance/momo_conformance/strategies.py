"""The Hypothesis strategy that draws example plans, whole and before the client is touched.

Instants lie on and around the edges that matter: the checker's 30 s, a token's last minute and
its expiry, the 24 h deadline. The simplest choice comes first everywhere: plans shrink to it.
"""

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from momo_conformance.model import PAYERS
from momo_conformance.plans import (
    Advance,
    AskStatus,
    ExamplePlan,
    Outlook,
    Pay,
    Reconcile,
    Settings,
    Step,
)

ORDINARY_PAYERS = ("46733123499", "46733123466")
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


def _pays() -> SearchStrategy[Pay]:
    whole = st.integers(1, MOST_CENTS // 100).map(str)
    exact = st.integers(1, MOST_CENTS).map(lambda cents: str(Decimal(cents).scaleb(-2)))
    payers = st.sampled_from((*ORDINARY_PAYERS, *PAYERS))
    return st.builds(Pay, amount=st.one_of(whole, exact), payer=payers)


def _steps() -> SearchStrategy[Step]:
    return st.one_of(
        _pays(),
        st.just(Reconcile()),
        st.builds(Advance, st.sampled_from(LEAPS_S)),
        st.builds(AskStatus, st.integers(1, 4)),
    )


def example_plans() -> SearchStrategy[ExamplePlan]:
    """Whole plans. Each begins with a payment, so that none is about nothing."""
    settings = st.builds(
        Settings,
        outlook=_outlooks(),
        expires_in_s=st.sampled_from(TOKEN_LIFETIMES_S),
        status_view=st.sampled_from(("payment", "request_to_pay")),
    )
    further = st.lists(_steps(), max_size=MOST_STEPS - 1)
    return st.builds(
        lambda chosen, first, rest: ExamplePlan(chosen, (first, *rest)), settings, _pays(), further
    )
