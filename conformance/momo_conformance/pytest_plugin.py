"""The examination of a client as tests in your own pytest run, one for each requirement.

    pytest --momo-driver "node driver.js"                   # beside your own tests
    pytest --momo-driver "node driver.js" -k MOMO-IDM       # these alone, by their own plans
    pytest --momo-driver "node driver.js" --momo-profile mtnzambia

A MUST that does not hold fails, a SHOULD is xfailed; what could not be exercised is skipped and
says why. Without --momo-driver the plugin does nothing and imports nothing.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from momo_conformance.reports.report import Report
    from momo_conformance.verdicts import Verdict

EXAMPLES = 50
"""Plans that are drawn beside the directed ones, as `mock-momo drive` does."""

COULD_NOT_RUN = 3
_REPORT = pytest.StashKey["Report"]()
_COUNT = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the driver is, and in which environment it works."""
    group = parser.getgroup("momo")
    group.addoption(
        "--momo-driver",
        metavar="CMD",
        help="examine the client behind this driver; docs/driver.md says how to write one",
    )
    group.addoption(
        "--momo-profile",
        default="sandbox",
        metavar="PROFILE",
        help="the environment that plans run in unless they need another one",
    )


@pytest.hookimpl(tryfirst=True)  # before -k and -m choose
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add one test for each requirement of a client."""
    if config.getoption("--momo-driver") is None:
        return
    from momo_conformance.catalogue import Level, load_catalogue  # noqa: PLC0415  # with a driver only

    for row in load_catalogue().requirements:
        if row.least is not Level.SERVER:
            item = RequirementItem.from_parent(session, name=row.id, nodeid=f"momo::{row.id}")
            item.clause = row.clause
            items.append(item)
    config.stash[_COUNT] = sum(isinstance(item, RequirementItem) for item in items)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """What was done, and what the client is like."""
    report = config.stash.get(_REPORT, None)
    if report is not None:
        terminalreporter.section(f"momo: {report.title}")
        for label, text in report.profile.items():
            terminalreporter.write_line(f"{label}: {text}")
        terminalreporter.write_line(str(report.figures))
        terminalreporter.write_line(report.counts)


class Broken(Exception):
    """A requirement does not hold; the message says how that shows."""


class RequirementItem(pytest.Item):
    """One requirement. The first that runs has the whole client examined."""

    clause = ""

    def runtest(self) -> None:
        verdict = _verdicts(self.session)[self.name]
        match verdict.outcome.value:
            case "PASS":
                return
            case "FAIL" | "FLAKY" if verdict.requirement.level == "MUST":
                raise Broken(_told(verdict))
            case "FAIL" | "FLAKY":
                pytest.xfail(_told(verdict))
            case _:
                pytest.skip(verdict.told if verdict.why in verdict.told else verdict.why)

    def repr_failure(  # type: ignore[override]  # a text is allowed
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str:
        """The cause, the trace and the remedy; a problem of the driver is told, not traced."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.name}: {self.clause}"


def _verdicts(session: pytest.Session) -> Mapping[str, Verdict]:
    stash = session.config.stash
    if _REPORT not in stash:
        stash[_REPORT] = _examined(session)
    return {row.requirement.id: row for row in stash[_REPORT].verdicts}


def _examined(session: pytest.Session) -> Report:
    from mock_momo.testing import MockMomoError  # noqa: PLC0415  # with a driver only
    from momo_conformance.errors import ConformanceError  # noqa: PLC0415  # likewise
    from momo_conformance.examining import Wanted, examine_driver  # noqa: PLC0415  # likewise

    names = tuple(item.name for item in session.items if isinstance(item, RequirementItem))
    only, examples = ((), EXAMPLES) if len(names) == _added(session) else (names, 0)
    options = session.config.option
    wanted = Wanted(only, examples, secrets.randbelow(2**32), options.momo_profile)
    try:
        report = examine_driver(options.momo_driver, wanted, lambda *_: None)
        told = report.cut_short
    except (ConformanceError, MockMomoError) as problem:
        told = str(problem)
    if told:
        pytest.exit(f"the client cannot be examined: {told}", returncode=COULD_NOT_RUN)
    return report


def _added(session: pytest.Session) -> int:
    return session.config.stash[_COUNT]


def _told(verdict: Verdict) -> str:
    lines = verdict.trace.lines if verdict.trace else ()
    return "\n".join(
        (
            f"{verdict.requirement.id}: {verdict.why}",
            f"It is asked: {verdict.requirement.clause}",
            *(f"  {line}" for line in lines),
            f"What to change: {verdict.requirement.remedy}",
        )
    )
