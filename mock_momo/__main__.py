"""`python -m mock_momo` is `mock-momo`."""

from mock_momo.cli import main

main()
