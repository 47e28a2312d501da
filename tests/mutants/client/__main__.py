"""`python -m tests.mutants.client [BUG…]`, or this folder's path in place of the module."""

import sys

if not __package__:
    from pathlib import Path

    sys.path[0] = str(Path(__file__).resolve().parents[3])

from tests.mutants.client.driver import run_driver

if len(sys.argv) > 1:
    from tests.mutants.client.bugs import BUGS  # the client without a bug starts without them

    for name in sys.argv[1:]:
        if name not in BUGS:
            sys.exit(f"there is no bug {name!r}, only {', '.join(sorted(BUGS))}")
        BUGS[name].apply()
run_driver()
