"""`python -m tests.mutants.server [BUG] serve …`: the fake's own command, with one bug or none."""

import sys

from mock_momo.cli import main
from tests.mutants.server.bugs import BUGS

if len(sys.argv) > 1 and sys.argv[1] in BUGS:
    BUGS[sys.argv.pop(1)].apply()
main()
