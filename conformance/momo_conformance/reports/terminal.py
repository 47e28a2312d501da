"""The report on a terminal, or in a log: a line per requirement, then every failure whole."""

from collections.abc import Sequence
from contextlib import suppress

from rich.console import Console, OverflowMethod
from rich.text import Text

from momo_conformance.reports.printable import printable
from momo_conformance.reports.report import Failure, Report
from momo_conformance.verdicts import Outcome, Verdict

_MARKS = {
    Outcome.PASS: ("✓", "+", "green"),
    Outcome.FAIL: ("✗", "x", "bold red"),
    Outcome.FLAKY: ("≈", "~", "bold red"),
    Outcome.WAIVED: ("○", "o", "yellow"),
    Outcome.NOT_EXERCISED: ("–", "-", "yellow"),  # noqa: RUF001  # a dash it is
    Outcome.UNTESTABLE: ("…", ".", "dim"),
}
"""Of each outcome its mark, the mark where only ASCII can be shown, and its style."""

_UNSEEN = (Outcome.NOT_EXERCISED, Outcome.UNTESTABLE)


class Terminal(Console):
    """Standard output. When nobody reads on, as before `| head`, the rest is written nowhere."""

    def on_broken_pipe(self) -> None:
        with suppress(SystemExit):  # files are to be written yet, and the exit code is a verdict
            super().on_broken_pipe()


def print_report(report: Report, console: Console) -> None:
    """Write it all. Where not everything was expected, what was not seen is a line a group."""
    paper = _Paper(console)
    paper.line(report.title, style="bold")
    paper.line(report.scope, style="dim")
    for title, verdicts in report.groups:
        paper.line()
        paper.line(title, style="bold")
        for verdict in verdicts:
            if report.expects_all or verdict.outcome not in _UNSEEN:
                paper.verdict(verdict)
        if not report.expects_all:
            paper.unseen(verdicts)
    for failure in report.failures:
        paper.failure(failure)
    paper.line()
    for label, text in report.profile.items():
        paper.line(f"{label}: {text}", style="dim")
    paper.line(str(report.figures), style="dim")
    for complaint in report.stale:
        paper.line(f"stale: {complaint}", style="yellow")
    paper.line(report.counts)
    paper.line(report.conclusion, style="bold red" if report.exit_code else "bold green")


class _Paper:
    """Writes on a console what it can show: lines are never markup, nor too wide where cropped."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._encoding = console.encoding
        self._is_plain = not self._encoding.lower().startswith("utf")

    def line(self, text: str = "", style: str = "", indent: int = 0, head: str = "") -> None:
        """A line, or as many as are needed, below each other; before the first stands `head`."""
        before = " " * indent + head
        shown = self._text(printable(text), style)
        for row in shown.wrap(self._console, self._console.width - len(before)):
            row.rstrip()
            self._console.print(Text(before).append_text(row))
            before = " " * len(before)

    def command(self, text: str) -> None:
        """A line that can be copied, however long it is."""
        self._console.print(self._text(f"    {text}"), soft_wrap=True)

    def verdict(self, verdict: Verdict) -> None:
        """One line, cropped: mark, id, what became of it, clause."""
        row = verdict.requirement
        text = self._mark(verdict.outcome)
        text.append_text(self._text(f" {row.id} {row.level:<6} "))
        text.append_text(
            self._text(f"{printable(verdict.told, 60):<13}", _MARKS[verdict.outcome][2])
        )
        text.append_text(self._text(f"  {row.clause}", "dim"))
        overflow: OverflowMethod = "crop" if self._is_plain else "ellipsis"
        self._console.print(text, no_wrap=True, overflow=overflow)

    def unseen(self, verdicts: Sequence[Verdict]) -> None:
        """All that was not seen in a group, a line for each reason."""
        for (outcome, told), numbers in _unseen(verdicts).items():
            text = self._mark(outcome)
            text.append_text(self._text(f" {printable(told, 60)}: {' '.join(numbers)}", "dim"))
            self._console.print(text)

    def failure(self, failure: Failure) -> None:
        """The cause, the clause, the trace, what to change and how to see it again."""
        requirement = failure.verdict.requirement
        self.line()
        head = f"{requirement.id} {requirement.level} {failure.verdict.told}"
        self.line(head, style=_MARKS[failure.verdict.outcome][2])
        self.line(failure.why, style="bold", indent=2)
        self.line(f"It is asked: {requirement.clause}", indent=2)
        for number, line in enumerate(failure.lines, 1):
            self.line(line, indent=4, head=f"{number}. ")
        if failure.shows_at:
            self.line(failure.shows_at, indent=4, style="red")
        self.line(f"What to change: {requirement.remedy}", indent=2)
        if failure.replay:
            self.line("To see it again:", indent=2)
            self.command(failure.replay)

    def _mark(self, outcome: Outcome) -> Text:
        mark, plain, style = _MARKS[outcome]
        return Text(plain if self._is_plain else mark, style)

    def _text(self, text: str, style: str = "") -> Text:
        shown = text.encode(self._encoding, "replace").decode(self._encoding)
        return Text(shown, style)


def _unseen(verdicts: Sequence[Verdict]) -> dict[tuple[Outcome, str], list[str]]:
    """By outcome and its words, the numbers of the requirements."""
    found: dict[tuple[Outcome, str], list[str]] = {}
    for verdict in verdicts:
        if verdict.outcome in _UNSEEN:
            number = verdict.requirement.id.rpartition("-")[2]
            found.setdefault((verdict.outcome, verdict.told), []).append(number)
    return found
