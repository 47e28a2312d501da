"""The rules about behaviour: what the client said and sent, and what the fake replied."""

from collections.abc import Iterator

from momo_conformance.evidence import Evidence, Finding
from momo_conformance.history import Turn
from momo_conformance.model import meaning_of
from momo_conformance.protocol import Fail, Ok
from momo_conformance.replies import problem_of
from momo_contracts.operations import CREATE_TOKEN, Authentication

REFRESH_MARGIN_S = 60
"""Mission: a token is replaced 60 s before it expires, and not earlier."""


def orders_taken(evidence: Evidence) -> Iterator[Finding]:
    """A sound order is not refused, and an answer about it names a payment that was sent for it."""
    for turn in evidence.turns:
        match turn.answer:
            case Fail(code) if turn.op == "request_to_pay":
                title = f"payment {turn.payment} was refused with {code}"
                yield Finding("orders-taken", title, _shown(turn))
            case Ok({"reference_id": str(reference_id)}):
                if evidence.numbers.get(reference_id.lower()) != turn.payment:
                    title = f"{reference_id} was never sent for payment {turn.payment}"
                    yield Finding("orders-taken", title, _shown(turn))


def claims_follow(evidence: Evidence) -> Iterator[Finding]:
    """No answer, and no state in the ledger, says more or less than the client has been shown."""
    looks = dict.fromkeys(evidence.courses, 0)
    for turn in evidence.turns:
        for exchange in turn.exchanges:
            if exchange.is_status_read and exchange.reference_id in looks:
                looks[exchange.reference_id] += 1
        for reference_id, state in _claims(turn):
            course = evidence.courses.get(reference_id)
            known = course.states_after(looks[reference_id], turn.to_ms) if course else {state}
            if state not in known:
                title = f"{turn.op} calls {reference_id} {state}; known was {' or '.join(known)}"
                yield Finding("states-map", title, (str(course), *_shown(turn)))


def _claims(turn: Turn) -> Iterator[tuple[str, str]]:
    match turn.answer:
        case Ok({"reference_id": reference_id, "state": state}):
            yield reference_id.lower(), state
        case Ok({"payments": rows}):
            for row in rows:
                yield row["reference_id"].lower(), row["state"]


def tokens_reused(evidence: Evidence) -> Iterator[Finding]:
    """A token serves until 60 s before it expires, unless the wallet answers 401."""
    lifetime_ms = (evidence.plan.settings.expires_in_s - REFRESH_MARGIN_S) * 1000
    not_before_ms = 0
    for turn in evidence.turns:
        for exchange in turn.exchanges:
            operation = exchange.operation
            if operation is None:
                continue
            if exchange.status == 401 and operation.authentication is Authentication.BEARER:
                not_before_ms = 0
            if exchange.status == 200 and operation is CREATE_TOKEN:
                if turn.to_ms < not_before_ms:
                    left_s = (not_before_ms - turn.to_ms) // 1000
                    title = f"a token was fetched {left_s} s before the last one was due"
                    yield Finding("tokens-reused", title, _shown(turn))
                fetched_ms = min(max(turn.from_ms, not_before_ms), turn.to_ms)
                not_before_ms = fetched_ms + lifetime_ms


def final_is_final(evidence: Evidence) -> Iterator[Finding]:
    """Once a final status was shown the client asks no more, unless it is asked itself."""
    final: set[str] = set()
    for turn in evidence.turns:
        for exchange in turn.exchanges:
            if not exchange.is_status_read or exchange.reference_id is None:
                continue
            if exchange.reference_id in final and turn.op != "status":
                title = f"{exchange.reference_id} was asked for again after its final status"
                yield Finding("final-is-final", title, _shown(turn))
            if meaning_of(exchange.status_word) != "pending":
                final.add(exchange.reference_id)


def replies_match(evidence: Evidence) -> Iterator[Finding]:
    """Every reply of the fake follows the JSON Schema of its operation or layer."""
    for turn in evidence.turns:
        for exchange in turn.exchanges:
            if problem := problem_of(exchange):
                yield Finding("replies-match", problem, (str(exchange),))


def fake_keeps_plan(evidence: Evidence) -> Iterator[Finding]:
    """The fake showed each payment as planned, and credited what succeeded."""
    for reference_id, course in evidence.courses.items():
        shown = tuple(look.word for look in course.looks)
        if shown != course.words():
            title = f"{reference_id}, planned as {course.outlook}, was shown as {shown}"
            yield Finding("fake-keeps-plan", title, (f"planned: {course.words()}",))
    end_ms = evidence.turns[-1].to_ms
    successes = {
        reference_id
        for reference_id, course in evidence.courses.items()
        if course.outlook.outcome == "SUCCESSFUL" and course.is_settled(end_ms)
    }
    due = sum(row.amount for row in evidence.rows if row.reference_id in successes)
    if len(evidence.courses) == len(evidence.rows) and due != evidence.credited:
        title = f"the fake credited {evidence.credited}; planned was {due}"
        yield Finding("fake-keeps-plan", title)


def _shown(turn: Turn) -> tuple[str, ...]:
    return (str(turn), *(f"  {exchange}" for exchange in turn.exchanges))
