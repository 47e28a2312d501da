"""Where verdicts go, and the baseline that they are held against: options of every examination."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TypeVar

import click

from momo_conformance.errors import InvalidBaseline, UnwritableReport
from momo_conformance.reports.baseline import (
    NOTHING_WAIVED,
    Baseline,
    apply,
    read_baseline,
    write_baseline,
)
from momo_conformance.reports.report import Report
from momo_conformance.reports.save import obstacle, save_baseline, save_reports
from momo_conformance.reports.terminal import Terminal, print_report

R = TypeVar("R")
_FORMS = ("junit", "json", "markdown", "html")
_COULD_NOT_RUN = 3
_WAIVED_FOR = timedelta(days=30)
"""How long a new entry of a baseline holds: by then somebody must have looked into it."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that are asked for by form, and the baseline; `owner` signs what fails now.

    `known` is what the baseline holds so far.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    baseline: Path | None = None
    known: Baseline = NOTHING_WAIVED
    owner: str | None = None


def report_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options; the command gets them as `outputs`.

    It is not called when one of the files cannot be what it is to be.
    """

    @wraps(command)
    def with_outputs(
        *args: object, baseline: Path | None, update_baseline: str | None, **rest: object
    ) -> R:
        files = {form: path for form in _FORMS if isinstance(path := rest.pop(form), Path)}
        if update_baseline:
            if baseline is None:
                raise click.UsageError("--update-baseline needs --baseline FILE")
            refuse_unwritable(baseline, "--baseline")
        for form, path in files.items():
            refuse_unwritable(path, f"--{form}")
        known = _read(baseline, is_new=bool(update_baseline)) if baseline else NOTHING_WAIVED
        return command(*args, outputs=Outputs(files, baseline, known, update_baseline), **rest)

    decorated: Callable[..., R] = with_outputs
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


def deliver(report: Report, outputs: Outputs, unwritten: str = "") -> int:
    """Show the report, write what was asked for, and return the exit code.

    What could not be written, here or before, is told in the end: the rest is there all the same.
    """
    today = datetime.now(UTC).date()
    known, problems = outputs.known, [unwritten] if unwritten else []
    with _noted(problems):
        known = _signed(report, outputs, today)
    verdicts, stale = apply(report.verdicts, known, today)
    report = replace(report, verdicts=verdicts, stale=stale)
    print_report(_with_problems(report, problems), Terminal())
    for form in sorted(outputs.files, key="json".__eq__):  # it comes last: it has the exit code
        with _noted(problems):
            save_reports(_with_problems(report, problems), **{form: outputs.files[form]})
    for problem in problems:
        click.echo(f"mock-momo: {problem}", err=True)
    return _with_problems(report, problems).exit_code


def _with_problems(report: Report, problems: list[str]) -> Report:
    return replace(report, other_code=_COULD_NOT_RUN) if problems else report


@contextmanager
def _noted(problems: list[str]) -> Iterator[None]:
    try:
        yield
    except UnwritableReport as problem:
        problems.append(str(problem))


def _signed(report: Report, outputs: Outputs, today: date) -> Baseline:
    """What is waived, with what the owner signs for now. Raises UnwritableReport."""
    if outputs.baseline is None or not outputs.owner:
        return outputs.known
    text = write_baseline(report.verdicts, outputs.owner, today + _WAIVED_FOR, outputs.known)
    save_baseline(text, outputs.baseline)
    return read_baseline(text)


def _read(path: Path, *, is_new: bool) -> Baseline:
    """The baseline; nothing is waived by one that may be new, and is."""
    try:
        if is_new and not path.exists():
            return NOTHING_WAIVED
        return read_baseline(path.read_text("utf-8"))
    except InvalidBaseline as problem:
        told = str(problem)
    except UnicodeDecodeError:
        told = "the baseline is no text in UTF-8; save it as such"
    except OSError as problem:
        told = f"it cannot be read: {problem.strerror}"
    raise click.BadParameter(f"{path}: {told}", param_hint="--baseline")


def refuse_unwritable(path: Path, option: str) -> None:
    """Raises click.BadParameter when no file can be written there: before anything is done."""
    problem = obstacle(path)
    if problem:
        raise click.BadParameter(f"{problem}; choose another place", param_hint=option)


def _file(name: str, told: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    place = click.Path(dir_okay=False, path_type=Path)
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
