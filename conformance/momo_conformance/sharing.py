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
    suites = [suite]
    with ThreadPoolExecutor(max(others, 1)) as pool:
        helping = [pool.submit(_help, suites, command, left, report) for _ in range(others)]
        try:
            yield lambda: _take(suite, left, report)
            for help_ in helping:
                help_.result()
        except BaseException:
            _drop(left)
            for row in suites:
                row.bench.subject.give_up()
            raise


def _help(suites: list[DriverSuite], command: str, left: Plans, report: Report) -> None:
    """Take plans with a driver of its own, which is added to the suites."""
    try:
        with open_suite(command, suites[0].found) as suite:
            suites.append(suite)
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
