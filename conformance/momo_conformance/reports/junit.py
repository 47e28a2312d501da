"""The report as JUnit XML: a suite for each group, a case for each requirement.

Only what MUST hold can fail a case: what SHOULD hold and does not is a warning, and skipped, as is
all that was not exercised.
"""

from collections.abc import Iterator, Sequence

from momo_conformance.reports.markup import Element, element, to_xml
from momo_conformance.reports.printable import printable
from momo_conformance.reports.report import Report
from momo_conformance.verdicts import BROKEN, Outcome, Verdict


def write_junit(report: Report) -> str:
    """The XML document."""
    suites = [_suite(report, title, verdicts) for title, verdicts in report.groups]
    return to_xml(element("testsuites", *suites, name=f"{report.title}, {report.scope}"))


def _suite(report: Report, title: str, verdicts: Sequence[Verdict]) -> Element:
    cases = [_case(report, verdict) for verdict in verdicts]
    return element(
        "testsuite",
        *cases,
        name=title,
        tests=len(cases),
        failures=sum(case.find("failure") is not None for case in cases),
        errors=0,
        skipped=sum(case.find("skipped") is not None for case in cases),
        time=0,
    )


def _case(report: Report, verdict: Verdict) -> Element:
    row = verdict.requirement
    return element(
        "testcase",
        *_findings(report, verdict),
        classname=f"momo.{row.group}",
        name=f"{row.id} {row.clause}",
        time=0,
    )


def _findings(report: Report, verdict: Verdict) -> Iterator[Element]:
    if verdict.outcome is Outcome.PASS:
        return
    failure = report.shown(verdict)
    if verdict.outcome in BROKEN and verdict.requirement.level == "MUST":
        text = "\n".join(_text(report, verdict))
        yield element("failure", text, message=failure.why, type=verdict.outcome)
        return
    yield element("skipped", message=_reason(verdict, failure.why))
    if failure.lines:
        yield element("system-out", "\n".join(_text(report, verdict)))


def _reason(verdict: Verdict, why: str) -> str:
    match verdict.outcome:
        case Outcome.WAIVED:
            return f"WAIVED by {printable(verdict.waived_by, 120)}: {why}"
        case Outcome.FAIL | Outcome.FLAKY:
            return f"warning, SHOULD: {printable(verdict.told)}: {why}"
        case _:
            return f"{verdict.outcome}: {why}"


def _text(report: Report, verdict: Verdict) -> Iterator[str]:
    """A failure as lines."""
    failure = report.shown(verdict)
    yield printable(f"{verdict.told}: {failure.why}")
    yield f"It is asked: {verdict.requirement.clause}"
    yield from (f"{number}. {line}" for number, line in enumerate(failure.lines, 1))
    yield f"What to change: {verdict.requirement.remedy}"
    if failure.replay:
        yield f"To see it again: {failure.replay}"
