"""Made-up verdicts, with traces that are cut from made-up histories as real ones are."""

from collections.abc import Mapping
from typing import Any

from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.exchanges import Event
from momo_conformance.reading import read_history
from momo_conformance.reports.report import Figures, Report
from momo_conformance.verdicts import Outcome, Trace, Verdict, trace_of
from momo_contracts.operations import OPERATIONS

ROWS = load_catalogue().by_id
REFERENCE_ID = "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed"
HOUR_MS = 3_600_000
_NO_BODY = {"head": "", "length": 0, "sha256": ""}


class Log:
    """Writes events as the fake and the examiner do."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._numbers = 0

    def exchange(
        self,
        operation: str,
        status: int,
        reply: str = "",
        *,
        at_ms: int = 0,
        reference_id: str | None = None,
        fault: str = "",
    ) -> int:
        """One request and its reply; returns its position."""
        self._numbers += 1
        began = len(self.events)
        facts = {"exchange_id": self._numbers, "operation": operation, "at": at_ms}
        facts["reference_id"] = reference_id
        asked = {
            "method": OPERATIONS[operation].method,
            "target": "/x",
            "headers": [],
            "body": _NO_BODY,
        }
        self.add("exchange_began", **facts, **asked)
        if fault:
            self.add("fault_consumed", exchange_id=self._numbers, at=at_ms, fault=fault)
        told = {"headers": [], "body": {**_NO_BODY, "head": reply}, "layer": "wallet"}
        self.add("exchange_ended", **facts, **told, status=status, rule=None, why=None)
        return began

    def call(self, op: str, answer: Mapping[str, Any], *, at_ms: int = 0, **facts: object) -> int:
        """One question to the driver and its answer; returns its position."""
        self._numbers += 1
        asked = len(self.events)
        fields = {"key": "order-1"} | dict(facts.pop("fields", {}))  # type: ignore[call-overload]
        self.add("driver_asked", at=at_ms, call=self._numbers, op=op, fields=fields, **facts)
        self.add("driver_answered", at=at_ms, call=self._numbers, answer=answer)
        return asked

    def callback(self, status: int | None, *, at_ms: int = 0) -> int:
        """One delivery attempt; returns its position."""
        position = len(self.events)
        about = {"reference_id": REFERENCE_ID, "method": "PUT", "url": "http://localhost/cb"}
        self.add(
            "callback_attempted", at=at_ms, **about, body=_NO_BODY, status=status, latency_ms=3
        )
        return position

    def add(self, kind: str, **facts: object) -> int:
        """Any event; returns its position."""
        seq = len(self.events) + 1
        head = {"seq": seq, "namespace": "n", "at": 0, "wall": seq, "exchange_id": None}
        self.events.append(head | {"kind": kind} | facts)
        return seq - 1

    def trace(self, *shown: int, plan: str = "") -> Trace:
        """What a tally keeps of the moments at these positions."""
        found = trace_of(read_history(self.events), shown)
        return Trace(found.lines, found.events, plan)


def expired_token() -> Trace:
    """A token is fetched, and used an hour and three seconds later; other calls lie between."""
    log = Log()
    login = log.exchange("collection.token", 200)
    log.exchange("collection.requesttopay.status", 200, reference_id=REFERENCE_ID, at_ms=1000)
    late = log.exchange(
        "collection.requesttopay.create", 401, at_ms=HOUR_MS + 3000, reference_id=REFERENCE_ID
    )
    return log.trace(login, late, plan='{\n  "version": 1\n}')


def twice_credited() -> Trace:
    """A create whose reply is lost, a callback, and a client that says completed too early."""
    log = Log()
    call = log.call("request_to_pay", {"unknown": {"reference_id": REFERENCE_ID, "why": "reset"}})
    create = log.exchange(
        "collection.requesttopay.create", 202, reference_id=REFERENCE_ID, fault="lose_reply"
    )
    callback = log.callback(200, at_ms=30_000)
    read = log.exchange(
        "collection.requesttopay.status",
        200,
        '{"status": "PENDING"}',
        at_ms=31_000,
        reference_id=REFERENCE_ID,
    )
    said = {"reference_id": REFERENCE_ID, "state": "completed", "code": None}
    status = log.call("status", {"ok": said}, at_ms=31_000)
    return log.trace(call, create, callback, read, status)


def verdict(
    name: str, outcome: Outcome = Outcome.PASS, why: str = "", trace: Trace | None = None
) -> Verdict:
    """Of a requirement by the end of its id, such as 'TOK-03'."""
    count = 0 if outcome in (Outcome.NOT_EXERCISED, Outcome.UNTESTABLE) else 3
    ratio = (2, 5) if outcome is Outcome.FLAKY else None
    by = "payments team" if outcome is Outcome.WAIVED else ""
    return Verdict(ROWS[f"MOMO-{name}"], outcome, count, why, trace, ratio, by)


def broken(name: str = "TOK-03", why: str = "a token was sent 3 s after it had expired") -> Verdict:
    """A failure with a trace."""
    return verdict(name, Outcome.FAIL, why, expired_token())


def report(*verdicts: Verdict, **facts: Any) -> Report:  # noqa: ANN401  # of a Report
    """An examination of a client with these verdicts."""
    known: dict[str, Any] = {
        "direction": "client",
        "name": "small-client",
        "version": "1.2",
        "language": "Python",
        "level": Level.L3,
        "catalogue": "1.0",
        "views": ("payment", "request_to_pay"),
        "figures": Figures(120, 260, 1834, 1310 * HOUR_MS, 4200, 7),
    }
    return Report(verdicts=verdicts, **(known | facts))


def everything() -> Report:
    """Every requirement of clients, of every outcome some."""
    special = {
        "MOMO-TOK-03": broken(),
        "MOMO-IDM-05": verdict(
            "IDM-05",
            Outcome.FLAKY,
            "409 to the repeat was taken for a failure: no status read followed",
            twice_credited(),
        ),
        "MOMO-TOK-04": broken("TOK-04", "the margin is 0: a token was used in its last second"),
        "MOMO-RTY-04": verdict(
            "RTY-04", Outcome.WAIVED, "400 was followed by 2 more attempts", expired_token()
        ),
        "MOMO-BAL-06": verdict("BAL-06", Outcome.UNTESTABLE, "needs transfer"),
        "MOMO-MSI-04": verdict("MSI-04", Outcome.NOT_EXERCISED, "not seen: generated texts"),
    }
    rows = [row for row in ROWS.values() if row.least is not Level.SERVER]
    return report(
        *(special.get(row.id) or Verdict(row, Outcome.PASS, 12) for row in rows),
        profile={
            "token renewed before its end": "60 s",
            "attempts per create": "at most 4",
            "gaps between attempts": "1.0, 2.1, 4.4 s",
            "tokens per 100 calls": "2",
        },
        replays={
            "MOMO-TOK-03": 'mock-momo replay plans/MOMO-TOK-03.json --driver "node client.js"'
        },
    )
