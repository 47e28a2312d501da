"""A report as a value: who was examined, in what, and what came of it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from momo_conformance.catalogue import Level, Strength
from momo_conformance.plans import View
from momo_conformance.reports.printable import printable, printable_lines
from momo_conformance.verdicts import BROKEN, Outcome, Verdict

Direction = Literal["client", "server"]

STRENGTHS: tuple[Strength, ...] = ("MUST", "SHOULD")
_UNSEEN = (Outcome.NOT_EXERCISED, Outcome.UNTESTABLE)

_PASSED, _FAILED, _CUT_SHORT, _INCOMPLETE, _STALE = 0, 1, 3, 4, 5
_MOST_LINES = 40
_ID = re.compile(r"\b([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_HOUR_MS = 3_600_000

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "TOK": "Tokens",
        "HDR": "Headers and addresses",
        "IDM": "One order, one payment",
        "RTY": "Timeouts and retries",
        "STS": "Statuses",
        "BAL": "The balance",
        "REC": "Checking, and time",
        "CBK": "Callbacks",
        "AMT": "Amounts",
        "MSI": "Payers and texts",
        "SEC": "Secrets",
        "RTL": "Rate limits",
        "SRV": "The server",
    }
)
"""What the middle of an id stands for."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How much was done. `virtual_ms` is namespace time, `wall_ms` the machine's, both in ms.

    `seed` is None where nothing was drawn.
    """

    plans: int = 0
    payments: int = 0
    calls: int = 0
    virtual_ms: int = 0
    wall_ms: int = 0
    seed: int | None = None

    def __str__(self) -> str:
        """In words, without what there was none of: '12 plans, 40 API calls, in 1.2 s, seed 7'."""
        counts = (
            (self.plans, "plans"),
            (self.payments, "payments"),
            (self.calls, "API calls"),
            (self.virtual_ms // _HOUR_MS, "h of virtual time"),
        )
        done = [f"{count:,} {what}" for count, what in counts if count]
        done.append(f"in {self.wall_ms / 1000:.1f} s")
        if self.seed is not None:
            done.append(f"seed {self.seed}")
        return ", ".join(done)


@dataclass(frozen=True, slots=True)
class Failure:
    """A broken requirement as it is shown: every text is printable, the longest are cut.

    `why` is one line. `lines` are the trace, reference ids cut short; `at` is the number of the
    one that is wrong, 0 without lines. `plan` is JSON, `replay` the command that runs it again;
    each empty without one.
    """

    verdict: Verdict
    why: str
    lines: tuple[str, ...]
    at: int
    plan: str
    replay: str

    @property
    def id(self) -> str:
        return self.verdict.requirement.id

    @property
    def shows_at(self) -> str:
        """Where in the trace it shows, as a sentence; empty without a trace."""
        return f"It shows at step {self.at}." if self.lines else ""


@dataclass(frozen=True, slots=True)
class Report:
    """One examination. `catalogue` is the version of the requirements.

    `profile` is what was measured of a client: label and text. `replays` has by requirement id the
    command that runs its plan again. `stale` are the complaints of the baseline. `expects_all`:
    something that was reachable and not exercised makes the examination incomplete; false where
    only somebody else's traffic was watched. `other_code` is that of something beside the verdicts
    that went wrong, such as the command whose traffic it was; 0 where nothing did. `cut_short`:
    what ended it before its end, empty for a whole one.
    """

    direction: Direction
    name: str
    level: Level
    catalogue: str
    verdicts: tuple[Verdict, ...]
    version: str = ""
    language: str = ""
    views: tuple[View, ...] = ()
    figures: Figures = Figures()
    profile: Mapping[str, str] = field(default_factory=dict)
    replays: Mapping[str, str] = field(default_factory=dict)
    stale: tuple[str, ...] = ()
    expects_all: bool = True
    other_code: int = 0
    cut_short: str = ""

    @property
    def title(self) -> str:
        """Who was examined: 'momo_client 1.0 (python)'."""
        language = f"({self.language})" if self.language else ""
        return printable(" ".join(filter(None, (self.name, self.version, language))), 120)

    @property
    def scope(self) -> str:
        """How it was examined: 'client · L3 · catalogue 1.0 · payment, request_to_pay'."""
        level = () if self.level is Level.SERVER else (self.level,)
        parts = (self.direction, *level, f"catalogue {self.catalogue}", ", ".join(self.views))
        return " · ".join(filter(None, parts))

    @property
    def summary(self) -> Mapping[Outcome, Mapping[Strength, int]]:
        """How many there are of each outcome and level; every pair is there."""
        counts = Counter((row.outcome, row.requirement.level) for row in self.verdicts)
        return {
            outcome: {strength: counts[outcome, strength] for strength in STRENGTHS}
            for outcome in Outcome
        }

    @property
    def counts(self) -> str:
        """How many there are of each outcome: '70 PASS · 2 FAIL · 15 UNTESTABLE'."""
        totals = ((sum(row.values()), outcome) for outcome, row in self.summary.items())
        return " · ".join(f"{total} {outcome}" for total, outcome in totals if total)

    @property
    def groups(self) -> Iterator[tuple[str, tuple[Verdict, ...]]]:
        """The title of each group that has verdicts, and these."""
        for group, title in GROUPS.items():
            rows = tuple(row for row in self.verdicts if row.requirement.group == group)
            if rows:
                yield title, rows

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Everything broken and not waived: what MUST hold first."""
        broken = [row for row in self.verdicts if row.outcome in BROKEN]
        broken.sort(key=lambda row: STRENGTHS.index(row.requirement.level))
        return tuple(self.shown(row) for row in broken)

    def shown(self, verdict: Verdict) -> Failure:
        """A verdict with a breach, fit to be shown."""
        trace = verdict.trace
        lines = trace.lines if trace else ()
        left = len(lines) - _MOST_LINES
        more = (f"… and {left} more",) if left > 0 else ()
        return Failure(
            verdict,
            printable(verdict.why, 400),
            (*(printable(_ID.sub(r"\1…", line)) for line in lines[:_MOST_LINES]), *more),
            trace.shows_at if trace else 0,
            printable_lines(trace.plan.to_json()) if trace and trace.plan else "",
            printable(self.replays.get(verdict.requirement.id, "")),
        )

    @property
    def exit_code(self) -> int:
        """What the command ends with: the other code where there is one."""
        return self.other_code or self._own_code

    @property
    def _own_code(self) -> int:
        """3: cut short. 1: a MUST is broken. 5: the baseline is stale. 4: incomplete. Else 0."""
        if self.cut_short:
            return _CUT_SHORT
        if self._count(*BROKEN):
            return _FAILED
        if self.stale:
            return _STALE
        if self._is_empty or (self.expects_all and self._count(Outcome.NOT_EXERCISED)):
            return _INCOMPLETE
        return _PASSED

    @property
    def conclusion(self) -> str:
        """The verdicts in words, and the other code behind them."""
        ended = f"; the exit code is {self.other_code} all the same" if self.other_code else ""
        return self._own_conclusion + ended

    @property
    def _own_conclusion(self) -> str:
        match self._own_code:
            case 3:
                return "cut short: the client was not examined to the end"
            case 1:
                return f"broken: {_requirements(self._count(*BROKEN))} that MUST hold"
            case 5:
                return f"the baseline is stale in {len(self.stale)} of its entries"
            case 4 if self._is_empty:
                return "incomplete: nothing was exercised"
            case 4:
                left = _requirements(self._count(Outcome.NOT_EXERCISED))
                return f"incomplete: {left} that MUST hold could have been exercised"
            case _:
                return "all that MUST hold held, as far as it was exercised"

    @property
    def _is_empty(self) -> bool:
        return all(row.outcome in _UNSEEN for row in self.verdicts)

    def _count(self, *outcomes: Outcome) -> int:
        return sum(self.summary[outcome]["MUST"] for outcome in outcomes)


def _requirements(count: int) -> str:
    return f"{count} requirement{'s' * (count != 1)}"
