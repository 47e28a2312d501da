"""What a report concludes, and how it counts."""

import pytest

from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.reports.report import GROUPS, Figures, Report
from momo_conformance.verdicts import Outcome
from tests.conformance.reports.examples import broken, everything, report, verdict
from tests.conformance.requirement_tables import PAGE

UNSEEN = verdict("TOK-01", Outcome.NOT_EXERCISED, "not seen: a call")
FLAKY = verdict("TOK-02", Outcome.FLAKY, "two tokens")
WAIVED = verdict("TOK-03", Outcome.WAIVED, "expired")
UNTESTABLE = verdict("TOK-05", Outcome.UNTESTABLE, "needs clock")
WARNING = verdict("TOK-04", Outcome.FAIL, "margin 0")
GOOD = verdict("TOK-08")
OF_THE_OTHERS = report(GOOD, UNSEEN, level=Level.L0, expects_all=False)


@pytest.mark.parametrize(
    ("made", "code", "conclusion"),
    [
        (report(GOOD), 0, "all that MUST hold held, as far as it was exercised"),
        (report(GOOD, broken()), 1, "broken: 1 requirement that MUST hold"),
        (report(GOOD, FLAKY, broken()), 1, "broken: 2 requirements that MUST hold"),
        (report(GOOD, WARNING), 0, "all that MUST hold held, as far as it was exercised"),
        (report(GOOD, WAIVED), 0, "all that MUST hold held, as far as it was exercised"),
        (report(GOOD, UNTESTABLE), 0, "all that MUST hold held, as far as it was exercised"),
        (
            report(GOOD, UNSEEN),
            4,
            "incomplete: 1 requirement that MUST hold could have been exercised",
        ),
        (OF_THE_OTHERS, 0, "all that MUST hold held, as far as it was exercised"),
        (report(UNTESTABLE), 4, "incomplete: nothing was exercised"),
        (report(expects_all=False), 4, "incomplete: nothing was exercised"),
        (report(GOOD, UNSEEN, stale=("a",)), 5, "the baseline is stale in 1 of its entries"),
        (report(broken(), stale=("a",)), 1, "broken: 1 requirement that MUST hold"),
    ],
)
def test_the_exit_code_says_the_worst_that_was_found(
    made: Report, code: int, conclusion: str
) -> None:
    assert (made.exit_code, made.conclusion) == (code, conclusion)


def test_every_outcome_is_counted_apart_for_must_and_should() -> None:
    summary = everything().summary

    assert summary[Outcome.FAIL] == {"MUST": 1, "SHOULD": 1}
    assert summary[Outcome.NOT_EXERCISED] == {"MUST": 0, "SHOULD": 1}
    assert sum(sum(row.values()) for row in summary.values()) == 87


def test_what_must_hold_comes_first_among_the_failures() -> None:
    made = report(WARNING, GOOD, WAIVED, broken("BAL-01"))

    assert [row.id for row in made.failures] == ["MOMO-BAL-01", "MOMO-TOK-04"]


def test_every_group_of_the_catalogue_has_the_title_of_its_page() -> None:
    page = PAGE.read_text("utf-8")

    assert {row.group for row in load_catalogue().requirements} == GROUPS.keys()
    assert all(f"## {title}\n\n<!-- table: {group} -->" in page for group, title in GROUPS.items())


def test_figures_leave_out_what_there_was_none_of() -> None:
    assert str(Figures(calls=1200, wall_ms=80)) == "1,200 API calls, in 0.1 s"
    assert str(Figures(1, 2, 3, 7_200_000, 1000, 0)) == (
        "1 plans, 2 payments, 3 API calls, 2 h of virtual time, in 1.0 s, seed 0"
    )


def test_a_server_has_no_level_of_a_client() -> None:
    made = report(verdict("SRV-01"), direction="server", level=Level.SERVER, views=())

    assert made.scope == "server · catalogue 1.0"
