"""`mock-momo validate FILE...`: is a scenario file right?"""

import sys
from pathlib import Path

import click

from mock_momo.core.scenario import Scenario
from mock_momo.core.settings import Settings
from mock_momo.edge.documents.scenario_file import read_scenario
from mock_momo.errors import InvalidScenario

_BROKEN = 2


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path)
)
def validate(files: tuple[Path, ...]) -> None:
    """Check scenario files, and the expectations of verification files.

    Every problem is one line with its file and line number; the exit code is then 2.

    \b
    Example:
      mock-momo validate scenario.yaml
    """
    sys.exit(_BROKEN if [file for file in files if not _is_right(file)] else 0)


def _is_right(file: Path) -> bool:
    try:
        scenario = read_scenario(file, Settings())
    except InvalidScenario as broken:
        click.echo(str(broken), err=True)
        return False
    click.echo(f"{file}: ok, {_summary(scenario)}")
    return True


def _summary(scenario: Scenario) -> str:
    counts = {"rule": len(scenario.rules), "expectation": len(scenario.expectations)}
    return ", ".join(f"{n} {name}{'' if n == 1 else 's'}" for name, n in counts.items())
