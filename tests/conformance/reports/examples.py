"""Made-up verdicts, with traces that are cut from made-up histories as real ones are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.reports.report import Figures, Report
from momo_conformance.steps import Pay
from momo_conformance.verdicts import Outcome, Trace, Verdict, trace_of
from tests.conformance.checks.histories import ID, Story

ROWS = load_catalogue().by_id
HOUR_MS = 3_600_000
PLAN = ExamplePlan(Settings(), (Pay("10", "46733123499"),))


def trace(story: Story, shown: Sequence[int], plan: ExamplePlan | None = None) -> Trace:
    """What a tally keeps of the moments at these positions."""
    return replace(trace_of(story.history(), shown), plan=plan)


def expired_token() -> Trace:
    """A token is fetched, and used an hour and three seconds later; a read lies between."""
    story = Story()
    login = len(story.events)
    bearer = story.token()
    story.later(1)
    story.read("PENDING", bearer=bearer)
    story.later(3602)
    late = len(story.events)
    story.create("order-1", bearer=bearer, status=401, layer="gateway")
    return trace(story, (login, late), PLAN)


def believed_callback() -> Trace:
    """A create whose reply is lost, a callback, a read of PENDING, and a client that credits."""
    story = Story()
    with story.call("request_to_pay", key="order-1", amount="10", currency="EUR") as call:
        create = len(story.events)
        story.create("order-1", fault="lose_reply")
        call.unknown(ID, "reset")
    story.later(30)
    callback = len(story.events)
    deliver(story, 200)
    story.later(1)
    asked = len(story.events)
    with story.call("status", reference_id=ID) as call:
        read = len(story.events)
        story.read("PENDING")
        call.ok(reference_id=ID, state="completed", code=None)
    return trace(story, (create, callback, read, asked))


def deliver(story: Story, status: int | None) -> None:
    """One attempt of the fake at a callback."""
    body = {"head": "", "length": 0, "sha256": ""}
    about = {"reference_id": ID, "method": "PUT", "url": "http://localhost/cb", "body": body}
    story.fake("callback_attempted", **about, status=status, latency_ms=3)


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
            believed_callback(),
        ),
        "MOMO-TOK-04": broken("TOK-04", "the margin is 0"),
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
