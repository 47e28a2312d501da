"""How far an examination has come: a bar on a terminal, silence elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from momo_conformance.examining import Told


@contextmanager
def progress() -> Iterator[Told]:
    """What is called with the number of plans there are, and with the name of each."""
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task("starting", total=None)

        def told(plan: str, number: int, total: int) -> None:
            bar.update(task, description=plan[:40].ljust(40), completed=number, total=total)

        yield told
