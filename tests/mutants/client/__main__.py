"""`python -m tests.mutants.client [BUG…]`, or this folder's path in place of the module."""

import sys

if not __package__:
    from pathlib import Path

    sys.path[0] = str(Path(__file__).resolve().parents[3])

from tests.mutants.client.driver import run_driver

if len(sys.argv) > 1:
    from tests.mutants.client.bugs import BUGS

    for name in sys.argv[1:]:
        BUGS[name].apply()
run_driver()
