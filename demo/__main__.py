"""The demo: payments in virtual time, a day of callbacks, the examiner's property, some load."""

import asyncio
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from demo.payments import Story, tell
from mock_momo.testing import running_fake

_EXAMINED = ("--only", "IDM", "--only", "STS-07")
"""A part of the requirements: all of them take a minute."""
_LOAD_S = "5"


def main() -> int:
    """Run the four acts; 0 when each of them went as it must."""
    console, began = Console(), monotonic()
    console.rule("1  payments in virtual time", align="left")
    story = _payments(console)
    _show(story, console)
    console.rule("2  a day of tokens, callbacks and late outcomes", align="left")
    lived = _run("-m", "demo.day")
    console.rule("3  the client examined: one order, one payment, whatever happens", align="left")
    examined = _run("-m", "mock_momo", "drive", *_EXAMINED, "--driver", _driver())
    console.rule("4  five seconds of load", align="left")
    loaded = _run("-m", "momo_loadtests", "--seconds", _LOAD_S)
    ok = story.is_right and lived and examined and loaded
    verdict = "[green]all is well[/]" if ok else "[red]something is wrong, see above[/]"
    console.print(
        f"\n{verdict}: {sum(row.payments for row in story.rows)} payments, "
        f"{story.saved:.1%} of token calls saved, a client examined, "
        f"{_LOAD_S} s of load, {monotonic() - began:.0f} s in all"
    )
    return 0 if ok else 1


def _payments(console: Console) -> Story:
    with TemporaryDirectory() as folder, running_fake() as fake, Progress(console=console) as bar:
        world = fake.namespace("demo", outcome="SUCCESSFUL; after=45s")
        return asyncio.run(tell(world, Path(folder), bar))


def _show(story: Story, console: Console) -> None:
    table = Table("outcome", "payments", "internal status", "balance effect", box=None)
    for row in story.rows:
        table.add_row(row.outcome, str(row.payments), row.statuses, f"{row.effect:+.2f}")
    console.print(table)
    console.print(
        f"{story.rounds} checker rounds, {story.virtual_s / 3600:.1f} h of virtual time; "
        f"the client's ledger holds {story.balance}, the fake's books {story.books.credited}"
    )
    console.print(
        f"{story.token_calls} token calls for {story.api_calls} API calls: the cache saved "
        f"{story.saved:.1%}; {story.cold_calls} concurrent cold calls made "
        f"{story.cold_token_calls} token call"
    )


def _driver() -> str:
    return f"{sys.executable} -P -m momo_client.driver"


def _run(*arguments: str) -> bool:
    """A room's own command, as a user would run it."""
    sys.stdout.flush()
    command = [sys.executable, "-P", *arguments]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603  # our own commands


if __name__ == "__main__":
    sys.exit(main())
