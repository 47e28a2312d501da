"""The checks: for each requirement, when it is exercised and when it is broken.

One file per group of the catalogue; a check is a pure function of a history, and is told nothing
of the client but that.
"""

from collections.abc import Mapping
from types import MappingProxyType

from momo_conformance.checks import secrets, tokens
from momo_conformance.verdicts import Check

CHECKS: Mapping[str, Check] = MappingProxyType({**tokens.CHECKS, **secrets.CHECKS})
"""By requirement id."""
