"""The orders in which one payment can be heard of are all there, and each is a plan of its own."""

from dataclasses import replace
from itertools import permutations

from momo_conformance.interleavings import INTERLEAVINGS, NEWS, NEWS_AND_CRASH
from momo_conformance.plans import ExamplePlan

NAMES = [plan.name for plan in INTERLEAVINGS]


def test_every_order_is_there_once_with_and_without_a_crash() -> None:
    expected = [f"BAL-04 {', '.join(order)}" for order in permutations(NEWS)]
    expected += [f"BAL-05 {', '.join(order)}" for order in permutations(NEWS_AND_CRASH)]
    assert sorted(NAMES) == sorted(expected)
    assert len(set(NAMES)) == 30


def test_no_two_orders_are_the_same_plan() -> None:
    assert len({replace(plan, name="").to_json() for plan in INTERLEAVINGS}) == len(INTERLEAVINGS)


def test_each_can_be_saved_and_read_back() -> None:
    assert all(ExamplePlan.from_json(plan.to_json()) == plan for plan in INTERLEAVINGS)
