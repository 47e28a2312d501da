"""Many plans, shared among a few drivers of one client that work side by side."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from queue import Empty, SimpleQueue

from momo_conformance.plans import ExamplePlan
from momo_conformance.suite import DriverSuite, Report, Suite, open_suite

_LEAST_SHARE = 10
"""Fewer plans than that are not worth the start of another driver."""

Plans = SimpleQueue[ExamplePlan]


@contextmanager
def taken_beside(
    suite: DriverSuite, command: str, plans: Sequence[ExamplePlan], report: Report, jobs: int
) -> Iterator[Callable[[], None]]:
    """Take plans with other drivers of the command, while the block does something else.

    What the block is given has its own driver take part; the block ends when all are taken. Raises
    what a driver raises, and ConformanceError, MockMomoError.
    """
    left: Plans = SimpleQueue()
    for plan in plans:
        left.put(plan)
    others = min(jobs, len(plans) // _LEAST_SHARE) - 1
    with ThreadPoolExecutor(max(others, 1)) as pool:
        helping = [pool.submit(_help, suite, command, left, report) for _ in range(others)]
        try:
            yield lambda: _take(suite, left, report)
        except BaseException:
            _drop(left)
            raise
        for help_ in helping:
            help_.result()


def _help(first: DriverSuite, command: str, left: Plans, report: Report) -> None:
    try:
        with open_suite(command, first.found) as suite:
            _take(suite, left, report)
            suite.end()
    except BaseException:
        _drop(left)
        raise


def _take(suite: Suite, left: Plans, report: Report) -> None:
    while True:
        try:
            plan = left.get_nowait()
        except Empty:
            return
        suite.take([plan], report)


def _drop(left: Plans) -> None:
    """Nobody goes on where one cannot."""
    while not left.empty():
        left.get_nowait()
