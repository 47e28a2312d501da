"""Verdicts on expectations: met, unmet, or incomplete where lost events could have mattered."""

import pytest

from mock_momo.core.expectations import (
    SEARCHABLE,
    Count,
    Expectation,
    Query,
    Sequence,
    Verdict,
    judge,
)
from momo_contracts.events import (
    EMPTY_BODY,
    KINDS,
    NO_HEADERS,
    Detail,
    Event,
    ExchangeBegan,
    ExchangeEnded,
    FaultConsumed,
    NamespaceReset,
    PaymentSettled,
)

CREATE, TOKEN, STATUS = "collection.requesttopay.create", "collection.token", "collection.status"
Wanted = Count | Sequence


def ended(operation: str | None, status: int, about: str | None = None) -> ExchangeEnded:
    return ExchangeEnded(
        status, NO_HEADERS, EMPTY_BODY, "wallet", operation, about, rule="slow, lost"
    )


RUN: tuple[Detail, ...] = (
    ExchangeBegan("POST", "/secret", NO_HEADERS, EMPTY_BODY, "prefix", TOKEN),
    ended(TOKEN, 200),
    ended(CREATE, 202, "a"),
    PaymentSettled("a", "SUCCESSFUL", None),
    FaultConsumed("lost", "lose_reply"),
    ended(CREATE, 409, "a"),
    ended(STATUS, 200, "a"),
    ended(CREATE, 202, "b"),
    ended(None, 404),
    NamespaceReset(),
)


def verdict(wanted: Wanted, lost: int = 0, run: tuple[Detail, ...] = RUN) -> Verdict:
    events = [Event(lost + place, "a", 0, 0, row) for place, row in enumerate(run, 1)]
    (only,) = judge([Expectation("mine", wanted)], iter(events), lost)
    return only


def query(kind: str = "exchange_ended", **fields: str) -> Query:
    return Query(kind, tuple(fields.items()))


QUERIES = (
    # query -> how many events of RUN it matches
    (query(), 6),
    (query(operation=CREATE), 3),
    (query(operation="collection.*"), 5),
    (query(operation="*"), 5),
    (query(operation=CREATE, status="202"), 2),
    (query(status="20?"), 4),
    (query(status="4*"), 2),
    (query(reference_id="a"), 3),
    (query(rule="lost"), 6),
    (query(rule="slow, lost"), 6),
    (query(rule="los"), 0),
    (query("exchange_began", method="POST"), 1),
    (query("payment_settled", state="SUCC*"), 1),
    (query("payment_settled", reason="*"), 0),
    (query("fault_consumed", fault="lose_reply", rule="lost"), 1),
    (query("namespace_reset"), 1),
)

TWO = query(operation=CREATE, status="202")
NONE = query(operation=CREATE, status="5*")
COUNTS = (
    # wanted, judgement with nothing lost, with 1 lost, with 100 lost
    (Count(TWO), "met", "met", "met"),
    (Count(TWO, 2), "met", "met", "met"),
    (Count(TWO, 3), "unmet", "incomplete", "incomplete"),
    (Count(TWO, 4), "unmet", "unmet", "incomplete"),
    (Count(TWO, 2, 2), "met", "incomplete", "incomplete"),
    (Count(TWO, 1, 1), "unmet", "unmet", "unmet"),
    (Count(TWO, 0, 1), "unmet", "unmet", "unmet"),
    (Count(TWO, 0, 3), "met", "met", "incomplete"),
    (Count(TWO, 0, 0), "unmet", "unmet", "unmet"),
    (Count(NONE, 0, 0), "met", "incomplete", "incomplete"),
    (Count(NONE), "unmet", "incomplete", "incomplete"),
    (Sequence((query(operation=TOKEN), TWO)), "met", "met", "met"),
    (Sequence((TWO, TWO)), "met", "met", "met"),
    (Sequence((TWO, TWO, TWO)), "unmet", "incomplete", "incomplete"),
    (Sequence((TWO, query(operation=TOKEN))), "unmet", "incomplete", "incomplete"),
    (Sequence((query("fault_consumed"), query(status="409"))), "met", "met", "met"),
)

TWO_TEXT, NONE_TEXT = f"operation={CREATE} status=202", f"operation={CREATE} status=5*"
TOLD: tuple[tuple[Wanted, int, str], ...] = (
    (Count(TWO, 2, 2), 0, f"exactly 2 of {TWO_TEXT}; seen: 2 (seq 3, 8)"),
    (Count(TWO, 0, 1), 0, f"at most 1 of {TWO_TEXT}; seen: 2 (seq 3, 8)"),
    (Count(TWO, 0, 0), 0, f"never {TWO_TEXT}; seen: 2 (seq 3, 8)"),
    (
        Count(TWO, 3, 4),
        0,
        f"3 to 4 of {TWO_TEXT}; seen: 2 (seq 3, 8); nearest: seq 6 has status=409",
    ),
    (
        Count(NONE),
        0,
        (
            f"at least 1 of {NONE_TEXT}; seen: none; nearest: seq 3 has status=202, "
            "seq 6 has status=409, seq 8 has status=202"
        ),
    ),
    (Count(query("clock_moved")), 0, "at least 1 of clock_moved; seen: none"),
    (Count(query(), 1), 0, "at least 1 of request; seen: 6 (seq 2, 3, 6, …)"),
    (
        Sequence((query(operation=TOKEN), query(operation=STATUS), query(operation=TOKEN))),
        0,
        (
            f"operation={TOKEN} → operation={STATUS} → operation={TOKEN}; seen: up to seq 7, "
            f"then no operation={TOKEN} (step 3); nearest: seq 8 has operation={CREATE}, "
            "seq 9 has operation=none"
        ),
    ),
    (
        Count(NONE, 0, 0),
        5,
        (
            f"never {NONE_TEXT}; seen: none; undecided, because 5 older events are no longer "
            "kept: verify earlier, or in smaller parts"
        ),
    ),
)


@pytest.mark.parametrize(("wanted", "count"), QUERIES)
def test_a_query_matches_single_events(wanted: Query, count: int) -> None:
    assert sum(wanted.accepts(detail) for detail in RUN) == count


@pytest.mark.parametrize(("wanted", "whole", "one_lost", "many_lost"), COUNTS)
def test_a_verdict_is_sure_or_says_that_it_is_not(
    wanted: Wanted, whole: str, one_lost: str, many_lost: str
) -> None:
    judgements = [verdict(wanted, lost).judgement for lost in (0, 1, 100)]

    assert judgements == [whole, one_lost, many_lost]


@pytest.mark.parametrize(("wanted", "lost", "told"), TOLD)
def test_a_verdict_tells_what_was_wanted_and_what_was_seen(
    wanted: Wanted, lost: int, told: str
) -> None:
    assert verdict(wanted, lost).told == f"mine: wanted {told}"


def test_an_expectation_without_a_name_of_its_own_is_told_once() -> None:
    wanted = Count(query(status="200"))
    (only,) = judge([Expectation(str(wanted), wanted)], [], 0)

    assert only.told == "wanted at least 1 of status=200; seen: none"


def test_nothing_lost_and_nothing_seen_is_decided() -> None:
    assert verdict(Count(TWO), run=()).judgement == "unmet"
    assert verdict(Count(TWO, 0, 0), run=()).judgement == "met"


def test_a_query_can_name_no_field_that_may_hold_a_secret() -> None:
    assert set(SEARCHABLE) == set(KINDS.values())
    named = {name for names in SEARCHABLE.values() for name in names}
    assert named & {"target", "url", "headers", "body", "answer"} == set()
    assert {"operation", "reference_id", "status", "rule", "method", "fault", "state"} <= named
