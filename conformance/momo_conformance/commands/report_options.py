"""Where verdicts go, and the baseline that they are held against: options of every examination."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from momo_conformance.errors import InvalidBaseline, UnwritableReport
from momo_conformance.reports.baseline import NOTHING_WAIVED, apply, read_baseline, write_baseline
from momo_conformance.reports.report import Report
from momo_conformance.reports.save import save_reports
from momo_conformance.reports.terminal import Terminal, print_report

R = TypeVar("R")
_FORMS = ("junit", "json", "markdown", "html")
_COULD_NOT_RUN = 3
_WAIVED_FOR = timedelta(days=30)
"""How long a new entry of a baseline holds: by then somebody must have looked into it."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that are asked for by form, and the baseline; `owner` signs what fails now."""

    files: Mapping[str, Path] = field(default_factory=dict)
    baseline: Path | None = None
    owner: str | None = None


def report_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options; the command gets them as `outputs`."""

    @wraps(command)
    def with_outputs(
        *args: object, baseline: Path | None, update_baseline: str | None, **rest: object
    ) -> R:
        files = {form: path for form in _FORMS if isinstance(path := rest.pop(form), Path)}
        if update_baseline and baseline is None:
            raise click.UsageError("--update-baseline needs --baseline FILE")
        return command(*args, outputs=Outputs(files, baseline, update_baseline), **rest)

    decorated: Callable[..., R] = with_outputs
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


def deliver(report: Report, outputs: Outputs) -> int:
    """Show the report, write what was asked for, and return the exit code."""
    today = datetime.now(UTC).date()
    try:
        report = _waived(report, outputs, today)
        print_report(report, Terminal())
        save_reports(report, **outputs.files)
    except (InvalidBaseline, UnwritableReport) as problem:
        click.echo(f"mock-momo: {problem}", err=True)
        sys.exit(_COULD_NOT_RUN)
    return report.exit_code


def _waived(report: Report, outputs: Outputs, today: date) -> Report:
    path = outputs.baseline
    if path is None:
        return report
    known = read_baseline(path.read_text("utf-8")) if path.exists() else NOTHING_WAIVED
    if outputs.owner:
        text = write_baseline(report.verdicts, outputs.owner, today + _WAIVED_FOR, known)
        path.write_text(text, encoding="utf-8")
        known = read_baseline(text)
    verdicts, stale = apply(report.verdicts, known, today)
    return replace(report, verdicts=verdicts, stale=stale)


def _file(name: str, told: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    place = click.Path(dir_okay=False, writable=True, path_type=Path)
    return click.option(f"--{name}", metavar="FILE", type=place, help=told)


_OPTIONS = (
    _file("junit", "Write the verdicts as JUnit XML, a test case for each requirement."),
    _file("json", "Write the report as JSON; its schema is momo_contracts/report/v1/report.json."),
    _file("markdown", "Write it as Markdown, for the summary of a CI job."),
    _file("html", "Write it as one page with a diagram for each failure."),
    _file("baseline", "Known failures, each with its message, owner and last day."),
    click.option(
        "--update-baseline",
        metavar="OWNER",
        help="Sign what fails now in the --baseline file, in this name and for 30 days.",
    ),
)
