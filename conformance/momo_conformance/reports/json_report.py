"""The report as JSON, version 1; its schema is published: momo_contracts/report/v1/report.json."""

import json
from dataclasses import asdict
from typing import Any

from momo_conformance.reports.report import Report
from momo_conformance.verdicts import Outcome, Trace, Verdict
from momo_contracts.event_wire import clean_text

VERSION = 1


def write_json(report: Report) -> str:
    """The document: texts whole, but for halves of characters, which become question marks."""
    document = {
        "version": VERSION,
        "catalogue": report.catalogue,
        "direction": report.direction,
        "subject": {
            "name": report.name,
            "version": report.version,
            "language": report.language,
        },
        "level": report.level,
        "views": list(report.views),
        "figures": asdict(report.figures),
        "exit_code": report.exit_code,
        "summary": report.summary,
        "stale": list(report.stale),
        "profile": dict(report.profile),
        "verdicts": [_verdict(report, verdict) for verdict in report.verdicts],
    }
    return clean_text(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _verdict(report: Report, verdict: Verdict) -> dict[str, Any]:
    row = verdict.requirement
    broken, runs = verdict.ratio or (0, 0)
    return {
        "requirement": row.id,
        "level": row.level,
        "clause": row.clause,
        "remedy": row.remedy,
        "outcome": verdict.outcome,
        "count": verdict.count,
        "why": verdict.why,
        "flaky": {"broken": broken, "runs": runs} if verdict.outcome is Outcome.FLAKY else None,
        "waived_by": verdict.waived_by or None,
        "trace": _trace(verdict.trace, report.replays.get(row.id)) if verdict.trace else None,
    }


def _trace(trace: Trace, replay: str | None) -> dict[str, Any]:
    plan = json.loads(trace.plan.to_json()) if trace.plan else None
    return {
        "lines": list(trace.lines),
        "shows_at": trace.shows_at,
        "plan": plan,
        "replay": replay,
    }
