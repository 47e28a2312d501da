"""`make mutants`: is every bug found, by the requirement that it breaks and for its reason?

    python -m tests.mutants                # all of them; writes docs/mutants.md
    python -m tests.mutants TOK SRV-05     # those about these requirements; writes nothing
    python -m tests.mutants --full         # each through everything; goes on where it was stopped

Ends with 0 when every bug is killed by its own requirement, with 1 when one is not.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants.client.bugs import BUGS as CLIENT_BUGS
from tests.mutants.hunt import Hunt, Kill, client_hunt, saved, server_hunt
from tests.mutants.matrix import page, summary
from tests.mutants.server.bugs import BUGS as SERVER_BUGS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "mutants.md"
STATE = ROOT / ".mutants.jsonl"
_AT_ONCE = 2


def main() -> int:
    """Hunt them down and say what came of it."""
    options = _options()
    hunts = [
        *(client_hunt(bug, whole=options.full) for bug in CLIENT_BUGS.values()),
        *(server_hunt(bug) for bug in SERVER_BUGS.values()),
    ]
    wanted = [hunt for hunt in hunts if _is_wanted(hunt, options.only)]
    kills = _hunt(wanted, STATE if options.full else None)
    print(summary(kills))
    if not options.only and not options.full:
        PAGE.write_text(page(kills), "utf-8")
    return 0 if all(kill.is_own for kill in kills) else 1


def _hunt(hunts: Sequence[Hunt], state: Path | None) -> list[Kill]:
    """Some at once; with a state file what has been found out before is not done again."""
    known = {kill.place: kill for kill in saved(state)} if state else {}
    left = [hunt for hunt in hunts if hunt.place not in known]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for number, kill in enumerate(pool.map(lambda hunt: hunt.run(), left), 1):
            known[kill.place] = kill
            print(f"{number}/{len(left)} {kill}", flush=True)
            if state:
                with state.open("a", encoding="utf-8") as file:
                    file.write(kill.to_json() + "\n")
    return [known[hunt.place] for hunt in hunts]


def _is_wanted(hunt: Hunt, prefixes: Sequence[str]) -> bool:
    name = hunt.bug.requirement.removeprefix("MOMO-")
    return not prefixes or name.startswith(tuple(prefixes))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--full", action="store_true", help="put each through every plan")
    parser.add_argument("only", nargs="*", metavar="REQUIREMENT", help="bugs about these only")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
