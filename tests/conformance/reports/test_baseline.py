"""The baseline is strict both ways, and written as it is read."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo_conformance.errors import InvalidBaseline
from momo_conformance.reports.baseline import (
    Baseline,
    Waiver,
    apply,
    read_baseline,
    write_baseline,
)
from momo_conformance.verdicts import Outcome, Verdict
from tests.conformance.checks.histories import ID
from tests.conformance.reports.examples import broken, verdict

TODAY = date(2026, 12, 1)
WHY = "a token was sent 3 s after it had expired"
WAIVER = Waiver("MOMO-TOK-03", "after it had expired", "payments team", TODAY)
FILE = """
version = 1

[[waived]]
requirement = "MOMO-TOK-03"
message = "after it had expired"
owner = "payments team"
expires = 2026-12-01
issue = "https://issues.example/7"
"""


def stale(waiver: Waiver, *verdicts: Verdict) -> list[str]:
    judged, complaints = apply(verdicts, Baseline(waived=(waiver,)), TODAY)
    assert judged == verdicts, "a stale entry waives nothing"
    return list(complaints)


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.FLAKY])
def test_a_breach_that_is_signed_for_is_waived(outcome: Outcome) -> None:
    found = replace(broken(), outcome=outcome)

    judged, complaints = apply([verdict("TOK-01"), found], read_baseline(FILE), TODAY)

    assert judged[0] == verdict("TOK-01")
    assert judged[1] == replace(found, outcome=Outcome.WAIVED, waived_by="payments team")
    assert complaints == ()


def test_a_breach_that_is_not_signed_for_stays_a_failure() -> None:
    judged, complaints = apply([broken(), broken("BAL-01")], read_baseline(FILE), TODAY)

    assert [row.outcome for row in judged] == [Outcome.WAIVED, Outcome.FAIL]
    assert complaints == ()


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.PASS, "PASS (3)"),
        (Outcome.NOT_EXERCISED, "NOT EXERCISED"),
        (Outcome.UNTESTABLE, "UNTESTABLE (needs clock)"),
    ],
)
def test_an_entry_whose_breach_did_not_happen_is_stale(outcome: Outcome, told: str) -> None:
    complaints = stale(WAIVER, verdict("TOK-03", outcome, "needs clock"))

    assert complaints == [
        f"MOMO-TOK-03 does not fail with 'after it had expired', it is {told}: take the entry out"
    ]


def test_an_entry_is_stale_when_the_breach_is_another() -> None:
    complaints = stale(WAIVER, broken(why="it was empty"))

    assert complaints == [
        "MOMO-TOK-03 fails with 'it was empty', not with 'after it had expired': take the entry out"
    ]


def test_an_entry_is_stale_the_day_after_it_expires() -> None:
    complaints = stale(replace(WAIVER, expires=TODAY - timedelta(days=1)), broken())

    assert complaints == [
        "MOMO-TOK-03 was waived until 2026-11-30: payments team must mend it or sign again"
    ]


@pytest.mark.parametrize(
    ("name", "hint"), [("MOMO-TOK-3", "did you mean MOMO-TOK-03?"), ("x", "drop it")]
)
def test_an_entry_of_an_unknown_requirement_is_stale(name: str, hint: str) -> None:
    complaints = stale(replace(WAIVER, requirement=name), broken())

    assert complaints == [f"{name} is no requirement; {hint}"]


def test_an_entry_of_the_other_direction_says_nothing() -> None:
    assert stale(replace(WAIVER, requirement="MOMO-SRV-01"), broken()) == []


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("message =", "mesage =", "waived 1 mesage: unknown key; did you mean 'message'?"),
        ("[[waived]]", "[[waive]]", "waive: unknown key; did you mean 'waived'?"),
        ('"after it had expired"', '""', "waived 1 message: String should have at least 1"),
        ("2026-12-01", '"soon"', "waived 1 expires: Input should be a valid date"),
        ('owner = "payments team"\n', "", "waived 1 owner: Field required"),
        ("version = 1", "version = 2", "version: Input should be 1"),
        ("version = 1", "", "version: Input should be 1"),
        ("version = 1", "version", "no TOML"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_place(right: str, wrong: str, message: str) -> None:
    with pytest.raises(InvalidBaseline, match="the baseline") as told:
        read_baseline(FILE.replace(right, wrong))

    assert message in str(told.value)


def test_a_written_baseline_waives_everything_that_is_broken() -> None:
    found = [verdict("TOK-01"), broken(), replace(broken("TOK-04"), outcome=Outcome.FLAKY)]

    text = write_baseline(found, "payments team", TODAY)
    judged, complaints = apply(found, read_baseline(text), TODAY)

    assert [row.outcome for row in judged] == [Outcome.PASS, Outcome.WAIVED, Outcome.WAIVED]
    assert complaints == ()


def test_an_entry_that_still_holds_is_kept_as_it_was_signed() -> None:
    before = read_baseline(FILE)

    assert read_baseline(write_baseline([broken()], "me", TODAY, before)) == before


def test_an_entry_that_would_expire_too_early_is_signed_again() -> None:
    later = TODAY + timedelta(days=30)

    text = write_baseline([broken()], "me", later, read_baseline(FILE))

    issue = "https://issues.example/7"
    assert read_baseline(text).waived == (Waiver("MOMO-TOK-03", WHY, "me", later, issue),)


def test_an_entry_of_what_was_not_examined_is_kept() -> None:
    before = read_baseline(FILE)

    text = write_baseline([broken("BAL-01"), verdict("TOK-01")], "me", TODAY, before)

    mine = Waiver("MOMO-BAL-01", WHY, "me", TODAY)
    assert read_baseline(text).waived == (mine, *before.waived)


def test_a_reference_id_is_left_out_of_what_is_signed_for() -> None:
    text = write_baseline([broken(why=f"{ID} was credited twice")], "me", TODAY)

    assert read_baseline(text).waived[0].message == "was credited twice"


@given(st.text(alphabet=st.characters(), min_size=1), st.text(min_size=1))
def test_any_breach_can_be_signed_for(why: str, owner: str) -> None:
    found = [broken(why=why)]

    judged, complaints = apply(found, read_baseline(write_baseline(found, owner, TODAY)), TODAY)

    assert judged[0].outcome is Outcome.WAIVED
    assert complaints == ()
