"""Where verdicts go, and the baseline that they are held against: options of every examination."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from momo_conformance.reports.baseline import apply, read_baseline, write_baseline
from momo_conformance.reports.report import Report, exit_code
from momo_conformance.reports.save import Files, save_reports
from momo_conformance.reports.terminal import show

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that are asked for, and the baseline: None for each that is not."""

    files: Files
    baseline: Path | None
    owner: str | None


def report_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options; the command gets them as `outputs`."""

    @wraps(command)
    def with_outputs(  # noqa: PLR0913  # click passes one argument per option
        *args: object,
        junit: Path | None,
        json: Path | None,
        markdown: Path | None,
        html: Path | None,
        baseline: Path | None,
        update_baseline: str | None,
        **rest: object,
    ) -> R:
        outputs = Outputs(Files(junit, json, markdown, html), baseline, update_baseline)
        return command(*args, outputs=outputs, **rest)

    decorated: Callable[..., R] = with_outputs
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


def deliver(report: Report, outputs: Outputs) -> int:
    """Show the report, write what was asked for, and return the exit code."""
    today = datetime.now(UTC).date()
    if outputs.baseline and outputs.owner:
        write_baseline(outputs.baseline, report.verdicts, outputs.owner, today)
    if outputs.baseline:
        verdicts, stale = apply(report.verdicts, read_baseline(outputs.baseline), today)
        report = replace(report, verdicts=verdicts, stale=stale)
    show(report)
    save_reports(report, outputs.files)
    return exit_code(report)


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
        help="Write what fails now to the --baseline file, in this owner's name.",
    ),
)
