"""`make interop`: every published client of the catalogue against the fake.

    python -m interop                   # all of them; writes their two pages in docs/
    python -m interop --check           # likewise, but only compares
    python -m interop npm-mtn-momo      # these only; writes nothing

Ends with 0 when each step went as the catalogue says, with 1 when one did not or the page shows
another table, with 3 when a package could not be fetched.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from interop.comparison import PAGE as COMPARISON
from interop.comparison import page as comparison
from interop.environments import ROOT, NotFetched, make, make_node
from interop.report import put_into, shown_in, table
from interop.table import CLIENTS, Client
from interop.trial import Trial, try_out

PAGE = ROOT / "docs" / "compatibility.md"
_AT_ONCE = 4


def main() -> int:
    """Try the clients and say what came of it."""
    options = _options()
    clients = [row for row in CLIENTS if not options.clients or row.name in options.clients]
    try:
        trials = _try_all(clients)
    except NotFetched as problem:
        print(f"cannot fetch {problem}", file=sys.stderr)
        return 3
    findings = [found for trial in trials for found in trial.findings()]
    if not options.clients and not findings:
        findings += _settle_page(is_check=options.check)
        if not options.check:
            COMPARISON.write_text(_comparison(trials), "utf-8")
    for found in findings:
        print(found, file=sys.stderr)
    return 1 if findings else 0


def _comparison(trials: Sequence[Trial]) -> str:
    return comparison(
        [(trial.client, trial.grades) for trial in trials if trial.grades is not None]
    )


def _try_all(clients: Sequence[Client]) -> list[Trial]:
    runnable = [row for row in clients if _runs_here(row)]
    make_node()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(make, runnable))
        trials = list(pool.map(try_out, runnable))
    for trial in trials:
        print(f"{trial.client.name}: {len(trial.errors)} steps")
    return trials


def _runs_here(client: Client) -> bool:
    """Whether this Python is old enough for it; one that it is not for is told of."""
    is_old_enough = client.last_python is None or sys.version_info[:2] <= client.last_python
    if not is_old_enough:
        print(f"{client.name}: skipped, it does not run on this Python")
    return is_old_enough


def _settle_page(*, is_check: bool) -> list[str]:
    """Write the table or compare it; returns what is wrong with the page."""
    page, shown = PAGE.read_text("utf-8"), table(CLIENTS)
    print(shown)
    if not is_check:
        PAGE.write_text(put_into(page, shown), "utf-8")
        return []
    return [] if shown_in(page) == shown else [f"{PAGE.name} is not that table: make interop"]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m interop")
    parser.add_argument("--check", action="store_true", help="compare the page, do not write it")
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help="try these only")
    options = parser.parse_args()
    unknown = set(options.clients) - {client.name for client in CLIENTS}
    if unknown:
        parser.error(
            f"no client {min(unknown)}; there are {', '.join(row.name for row in CLIENTS)}"
        )
    return options


if __name__ == "__main__":
    sys.exit(main())
