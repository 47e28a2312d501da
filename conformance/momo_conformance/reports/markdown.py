"""The report as Markdown, for the summary page of a CI job."""

import re
from collections.abc import Iterator
from html import escape

from momo_conformance.reports.printable import printable
from momo_conformance.reports.report import STRENGTHS, Failure, Report

_SPECIAL = re.compile(r"([\\`*_\[\]|~@#])")


def write_markdown(report: Report) -> str:
    """A table of counts, then every failure; its trace is folded."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"## {inline(report.title)}"
    yield ""
    yield f"**{report.conclusion}**"
    yield ""
    yield inline(report.scope)
    yield ""
    yield f"| verdict | {' | '.join(STRENGTHS)} |"
    yield "|---|---:|---:|"
    for outcome, counts in report.summary.items():
        if any(counts.values()):
            yield f"| {outcome} | {' | '.join(str(counts[row]) for row in STRENGTHS)} |"
    for failure in report.failures:
        yield from _failure(failure)
    if report.stale:
        yield ""
        yield "### The baseline is stale"
        yield ""
        yield from (f"- {inline(printable(complaint))}" for complaint in report.stale)
    yield ""
    yield inline(str(report.figures))


def _failure(failure: Failure) -> Iterator[str]:
    row = failure.verdict.requirement
    yield ""
    yield f"### {row.id} {row.level} {inline(printable(failure.verdict.told))}"
    yield ""
    yield f"**{inline(failure.why)}**"
    yield ""
    yield f"It is asked: {inline(row.clause)}"
    yield ""
    yield f"What to change: {inline(row.remedy)}"
    if failure.lines or failure.replay:
        yield ""
        yield "<details><summary>The trace</summary>"
        yield ""
        yield f"<pre>{_preformatted(failure)}</pre>"
        yield ""
        yield "</details>"


def _preformatted(failure: Failure) -> str:
    lines = [f"{number}. {line}" for number, line in enumerate(failure.lines, 1)]
    if failure.replay:
        lines.append(f"To see it again: {failure.replay}")
    return escape("\n".join(lines))


def inline(text: str) -> str:
    """A text that means only itself in a line of Markdown."""
    return _SPECIAL.sub(r"\\\1", escape(text, quote=False))
