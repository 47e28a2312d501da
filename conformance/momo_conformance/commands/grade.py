"""`mock-momo grade -- CMD`: the user's own tests, graded from their traffic alone."""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.commands.report_options import Outputs, deliver, report_options
from momo_conformance.engine import Ability, Tally
from momo_conformance.errors import ConformanceError
from momo_conformance.profile_card import profile_of
from momo_conformance.reading import lives_of, read_history
from momo_conformance.reports.report import Figures, Report
from momo_conformance.wrapping import Wrapped, read_saved, run_wrapped

_COULD_NOT_RUN = 3
_NEVER_RUN = (
    "mock-momo grade: mock-momo exec, whose options these are, has ended with {} and nothing was "
    "sent: there is nothing to grade"
)


class _Grade(click.Command):
    """Its own options anywhere before `--`, those of `exec` too; after it the command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" in args:
            boundary = args.index("--")
            ctx.meta["command"] = args[boundary + 1 :]
            args = args[:boundary]
        return super().parse_args(ctx, args)


@click.command(
    cls=_Grade,
    context_settings={"ignore_unknown_options": True},
    options_metavar="[OPTIONS] [OPTIONS OF exec] -- CMD...",
)
@click.option(
    "--from",
    "saved",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Grade a file of events that --events has written; run no command.",
)
@click.option(
    "--events",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the events here, to be graded again with --from.",
)
@report_options
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="")
@click.pass_context
def grade(
    context: click.Context,
    outputs: Outputs,
    saved: Path | None,
    events: Path | None,
    options: tuple[str, ...],
) -> None:
    """Run your own tests against the fake and grade your client from its traffic.

    The command is run as `mock-momo exec` runs it, with the same options and variables; then each
    requirement is PASS, FAIL or NOT EXERCISED. docs/requirements.md lists them.

    Exit codes: that of the command when it fails; else 1 a MUST failed, 4 the run does not verify
    or nothing was exercised, 5 a stale baseline, 0 otherwise. 125: it could not be run.

    \b
    Example:
      mock-momo grade -- pytest -q
      mock-momo grade --profile mtnghana --html report.html -- mix test
      mock-momo grade --from events.jsonl
    """
    command = context.meta.get("command", [])
    if not (command or saved):
        raise click.UsageError("give a command after --, as in: mock-momo grade -- pytest -q")
    if saved and (command or options or events):
        raise click.UsageError(
            "--from goes without a command and its options: give the one or the other"
        )
    began = time.monotonic()
    try:
        done = read_saved(saved) if saved else _run(options, command, events)
    except ConformanceError as problem:
        click.echo(f"mock-momo: {problem}", err=True)
        sys.exit(_COULD_NOT_RUN)
    if done.was_never_run:
        click.echo(_NEVER_RUN.format(done.code), err=True)
        sys.exit(done.code)
    report = _report(done, " ".join(command) or str(saved), time.monotonic() - began)
    graded = deliver(report, outputs)
    sys.exit(done.code or graded)


def _run(options: tuple[str, ...], command: list[str], events: Path | None) -> Wrapped:
    with TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        return run_wrapped(options, command, events or folder / "events.jsonl", folder)


def _report(done: Wrapped, name: str, wall_s: float) -> Report:
    histories = [read_history(life) for life in lives_of(done.events)]
    tally = Tally()
    for history in histories:
        tally.add(history)
    calls = sum(len(history.exchanges) for history in histories)
    return Report(
        "client",
        name,
        Level.L0,
        load_catalogue().version,
        tally.verdicts(Ability(Level.L0)),
        figures=Figures(calls=calls, wall_ms=round(wall_s * 1000)),
        profile=profile_of(histories).shown,
        expects_all=False,
        other_code=done.code,
    )
