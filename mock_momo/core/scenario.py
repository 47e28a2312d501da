"""A scenario: how a fake starts, and what is expected of those who use it."""

from dataclasses import dataclass

from mock_momo.core.expectations import Expectation
from mock_momo.core.rules import Rule
from mock_momo.core.settings import Settings


@dataclass(frozen=True, slots=True)
class Scenario:
    """Settings and rules of a fake's namespaces, and the expectations of a run."""

    settings: Settings
    rules: tuple[Rule, ...] = ()
    expectations: tuple[Expectation, ...] = ()
