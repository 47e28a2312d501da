"""The rules about behaviour: what the client said and sent, and what the fake replied."""

import json
from collections.abc import Iterator

from momo_conformance.evidence import Breach, Evidence
from momo_conformance.history import STATUS_READS, Exchange, Turn
from momo_conformance.model import meaning_of
from momo_conformance.protocol import Fail, Ok, Unknown
from momo_conformance.replies import problem_of
from momo_contracts.operations import (
    CREATE_TOKEN,
    READ_PAYMENT,
    READ_REQUEST_TO_PAY,
    REQUEST_TO_PAY,
    Authentication,
)

REFRESH_MARGIN_S = 60
"""Mission: a token is replaced 60 s before it expires, and not earlier."""


def orders_taken(evidence: Evidence) -> Iterator[Breach]:
    """A sound order is not refused, and an answer about it names a payment that was sent for it."""
    for turn in evidence.turns:
        match turn.answer:
            case Fail(code) if turn.op == "request_to_pay":
                title = f"payment {turn.payment} was refused with {code}"
                yield Breach(str(turn.payment), title, _shown(turn))
            case Ok({"reference_id": str(reference_id)}):
                if evidence.numbers.get(reference_id.lower()) != turn.payment:
                    title = f"{reference_id} was never sent for payment {turn.payment}"
                    yield Breach(str(turn.payment), title, _shown(turn))


def claims_follow(evidence: Evidence) -> Iterator[Breach]:
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
                shown = " or ".join(sorted(known))
                title = f"{turn.op} calls {reference_id} {state}; known was {shown}"
                yield Breach(reference_id, title, (str(course), *_shown(turn)))


def _claims(turn: Turn) -> Iterator[tuple[str, str]]:
    match turn.answer:
        case Ok({"reference_id": reference_id, "state": state}):
            yield reference_id.lower(), state
        case Ok({"payments": rows}):
            for row in rows:
                yield row["reference_id"].lower(), row["state"]


def answers_count(evidence: Evidence) -> Iterator[Breach]:
    """What the provider has answered is not called unknown, and no status is refused."""
    for turn in evidence.turns:
        match turn.answer:
            case Fail() if turn.op == "request_to_pay":
                continue  # see orders_taken
            case Fail() | Unknown() if any(map(_is_own_success, turn.exchanges)):
                title = f"{turn.op} has no answer for payment {turn.payment}; the provider gave one"
                yield Breach(str(turn.payment), title, _shown(turn))


def status_asks(evidence: Evidence) -> Iterator[Breach]:
    """A `status` that is answered other than completed or failed has asked the provider."""
    for turn in evidence.turns:
        match turn.answer:
            case Ok({"state": "completed" | "failed"}):
                continue
            case _ if turn.op == "status" and not _has_asked(turn):
                title = f"what became of payment {turn.payment} was not asked of the provider"
                yield Breach(str(turn.payment), title, _shown(turn))


def view_kept(evidence: Evidence) -> Iterator[Breach]:
    """Every status is read through the configured `status_view`."""
    view = evidence.plan.settings.status_view
    other = READ_REQUEST_TO_PAY if view == "payment" else READ_PAYMENT
    for turn, exchange in evidence.traffic():
        if exchange.operation is other:
            title = f"a status was read by {other.name}; configured is {view!r}"
            yield Breach("", title, _shown(turn))


def tokens_reused(evidence: Evidence) -> Iterator[Breach]:
    """A token serves until 60 s before it expires, unless the wallet answers 401."""
    lifetime_ms = _lifetime_ms(evidence)
    not_before_ms = 0
    for turn, exchange in evidence.traffic():
        if _has_token(exchange) and exchange.status == 401:
            not_before_ms = 0
        if exchange.operation is CREATE_TOKEN and exchange.is_success:
            if turn.to_ms < not_before_ms:
                left_s = (not_before_ms - turn.to_ms) // 1000
                title = f"a token was fetched {left_s} s before the last one was due"
                yield Breach("", title, _shown(turn))
            fetched_ms = min(max(turn.from_ms, not_before_ms), turn.to_ms)
            not_before_ms = fetched_ms + lifetime_ms


def tokens_renewed(evidence: Evidence) -> Iterator[Breach]:
    """A token is not used in the last 60 s before it expires, nor after."""
    due_ms = evidence.end_ms
    for turn, exchange in evidence.traffic():
        if exchange.operation is CREATE_TOKEN and exchange.is_success:
            due_ms = turn.to_ms + _lifetime_ms(evidence)
        elif _has_token(exchange) and turn.from_ms > due_ms:
            late_s = (turn.from_ms - due_ms) // 1000
            title = f"a token was used {late_s} s after it was due to be replaced"
            yield Breach("", title, _shown(turn))


def final_is_final(evidence: Evidence) -> Iterator[Breach]:
    """Once a final status was shown the client asks no more, unless it is asked itself."""
    final: set[str] = set()
    for turn, exchange in evidence.traffic():
        if not exchange.is_status_read or exchange.reference_id is None:
            continue
        if exchange.reference_id in final and turn.op != "status":
            title = f"{exchange.reference_id} was asked for again after its final status"
            yield Breach(exchange.reference_id, title, _shown(turn))
        if meaning_of(exchange.status_word) != "pending":
            final.add(exchange.reference_id)


def replies_match(evidence: Evidence) -> Iterator[Breach]:
    """Every reply of the fake follows the JSON Schema of its operation or layer."""
    for _, exchange in evidence.traffic():
        if problem := problem_of(exchange):
            yield Breach(exchange.reference_id or "", problem, (str(exchange),))


def fake_keeps_plan(evidence: Evidence) -> Iterator[Breach]:
    """The fake showed each payment as planned, and credited what succeeded."""
    for reference_id, course in evidence.courses.items():
        shown = tuple(look.word for look in course.looks)
        if shown != course.words():
            title = f"{reference_id}, planned as {course.outlook}, was shown otherwise"
            facts = f"planned: {json.dumps(course.words())}", f"shown: {json.dumps(shown)}"
            yield Breach(reference_id, title, facts)
    successes = {
        reference_id
        for reference_id, course in evidence.courses.items()
        if course.outlook.outcome == "SUCCESSFUL" and course.is_settled(evidence.end_ms)
    }
    due = sum(row.amount for row in evidence.rows if row.reference_id in successes)
    if len(evidence.courses) == len(evidence.rows) and due != evidence.credited:
        title = f"the fake credited {evidence.credited}; planned was {due}"
        yield Breach("", title)


def _is_own_success(exchange: Exchange) -> bool:
    return exchange.is_success and exchange.operation in (REQUEST_TO_PAY, *STATUS_READS)


def _has_asked(turn: Turn) -> bool:
    """True when a `status` has caused a status read of its payment, answered or not."""
    reference_id = turn.asked["reference_id"].lower()
    return any(
        exchange.operation in STATUS_READS and exchange.reference_id == reference_id
        for exchange in turn.exchanges
    )


def _has_token(exchange: Exchange) -> bool:
    operation = exchange.operation
    return operation is not None and operation.authentication is Authentication.BEARER


def _lifetime_ms(evidence: Evidence) -> int:
    """How long a token serves."""
    return (evidence.plan.settings.expires_in_s - REFRESH_MARGIN_S) * 1000


def _shown(turn: Turn) -> tuple[str, ...]:
    return (str(turn), *(f"  {exchange}" for exchange in turn.exchanges))
