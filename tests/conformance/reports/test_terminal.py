"""On a terminal: a line per requirement, failures whole, 80 columns, and no tricks."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from momo_conformance.catalogue import Level
from momo_conformance.reports.report import Report
from momo_conformance.reports.terminal import print_report
from momo_conformance.verdicts import Outcome
from tests.conformance.reports.examples import broken, everything, report, verdict


def printed(made: Report) -> list[str]:
    paper = io.StringIO()
    print_report(made, Console(file=paper, width=80))
    return paper.getvalue().splitlines()


def test_every_requirement_has_its_line() -> None:
    lines = printed(everything())

    assert (
        "✓ MOMO-TOK-01 MUST   PASS (12)      Get the token from the product's own token …" in lines
    )
    assert "✗ MOMO-TOK-03 MUST   FAIL           Never send a token that has expired." in lines
    assert sum(line[1:].startswith(" MOMO-") for line in lines) == 87


def test_a_failure_has_cause_clause_trace_remedy_and_replay() -> None:
    lines = printed(report(broken(), replays={"MOMO-TOK-03": "mock-momo replay " + "x" * 80}))

    start = lines.index("MOMO-TOK-03 MUST FAIL")
    assert lines[start + 1 : start + 10] == [
        "  a token was sent 3 s after it had expired",
        "  It is asked: Never send a token that has expired.",
        "    1. collection.token → 200",
        "    2. collection.requesttopay.create 146cd472… → 401",
        "    It shows at step 2.",
        "  What to change: Add expires_in to the time at which you asked, and get a new",
        "  token before that moment.",
        "  To see it again:",
        "    mock-momo replay " + "x" * 80,
    ]


def test_the_last_lines_are_the_figures_the_counts_and_the_conclusion() -> None:
    assert printed(report(verdict("TOK-01"), profile={"margin": "60 s"}))[-5:] == [
        "margin: 60 s",
        "120 plans, 260 payments, 1,834 API calls, 1,310 h of virtual time, in 4.2 s,",
        "seed 7",
        "1 PASS",
        "all that MUST hold held, as far as it was exercised",
    ]


def test_what_the_traffic_of_others_did_not_show_is_a_line_a_group() -> None:
    made = report(
        verdict("TOK-01"),
        verdict("TOK-02", Outcome.NOT_EXERCISED, "not seen: a"),
        verdict("TOK-03", Outcome.NOT_EXERCISED, "not seen: b"),
        verdict("TOK-05", Outcome.UNTESTABLE, "needs L3"),
        level=Level.L0,
        expects_all=False,
    )

    lines = printed(made)

    assert "– NOT EXERCISED: 02 03" in lines  # noqa: RUF001  # a dash it is
    assert "… UNTESTABLE (needs L3): 05" in lines
    assert not any("MOMO-TOK-02" in line for line in lines)


def test_a_stale_baseline_is_told() -> None:
    assert "stale: MOMO-TOK-03 does not fail" in printed(
        report(verdict("TOK-03"), stale=("MOMO-TOK-03 does not fail",))
    )


def test_a_console_without_unicode_gets_ascii() -> None:
    raw = io.BytesIO()
    paper = io.TextIOWrapper(raw, "ascii")
    print_report(everything(), Console(file=paper, width=80))
    paper.flush()

    lines = raw.getvalue().decode("ascii").splitlines()
    assert "x MOMO-TOK-03 MUST   FAIL           Never send a token that has expired." in lines


def test_no_color_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    paper = io.StringIO()
    print_report(report(broken()), Console(file=paper, width=80, force_terminal=True))

    assert "\x1b[31m" not in paper.getvalue()
    assert "\x1b[1;31m" not in paper.getvalue()


@given(st.text(alphabet=st.characters(), min_size=1, max_size=300))
def test_no_text_of_a_client_can_move_the_cursor_style_a_line_or_widen_it(text: str) -> None:
    made = report(broken(why=f"\x1b[2J\u202e[bold]{text}"), name=text)

    lines = "\n".join(printed(made))

    assert "\\x1b[2J\\u202e[bold]" in lines.replace("\n  ", "")
    assert not set(lines) & {"\x1b", "\x9b", "\r", "\u202e", "\x00"}
    assert all(Console(width=80).measure(line).maximum <= 80 for line in lines.split("\n"))
