"""Bugs about what the status words and the 202 mean."""

from collections.abc import Mapping
from typing import Any

from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.checker import Checker
from tests.mutants.client.create_answers import Accepted, CreateAnswers, Verdict
from tests.mutants.client.ledger import Ending, Ledger, Value
from tests.mutants.client.payment import COMPLETED, FAILED, PENDING, Payment
from tests.mutants.client.receiver import Receiver
from tests.mutants.client.sender import Sender
from tests.mutants.client.status_answers import Seen, StatusAnswers

MEANING: Mapping[str, str] = StatusAnswers.MEANING


def without(word: str) -> None:
    """The client does not know this word."""
    known = {name: state for name, state in MEANING.items() if name != word}
    replace(StatusAnswers, MEANING=known)


bug("MOMO-STS-01", "SUCCESSFUL not handled", "SUCCESSFUL was read")(lambda: without("SUCCESSFUL"))
bug("MOMO-STS-02", "FAILED not handled", "FAILED was read")(lambda: without("FAILED"))
bug("MOMO-STS-04", "TIMEOUT ignored", "TIMEOUT was read")(lambda: without("TIMEOUT"))
bug("MOMO-STS-05", "REJECTED ignored", "REJECTED was read")(lambda: without("REJECTED"))


@bug("MOMO-STS-02", "reason is dropped", "and the client says None")
def _reason_dropped() -> None:
    replace(StatusAnswers, code=lambda _self, _reason: None)


@bug("MOMO-STS-03", "PENDING fails", "'PENDING', and the client says failed")
def _pending_fails() -> None:
    replace(StatusAnswers, MEANING={**MEANING, "PENDING": FAILED})


@bug("MOMO-STS-03", "CREATED completes", "'CREATED', and the client says completed")
def _created_completes() -> None:
    replace(StatusAnswers, MEANING={**MEANING, "CREATED": COMPLETED})


@bug("MOMO-STS-03", "asks once", "never again")
def _asks_once() -> None:
    replace(Checker, next_check_ms=lambda _self, _payment: None)


@bug("MOMO-STS-06", "unknown fails", "and the client says failed")
def _unknown_fails() -> None:
    known = {**MEANING, "PENDING": PENDING, "CREATED": PENDING}
    replace(StatusAnswers, meaning=lambda _self, word: known.get(str(word), FAILED))


@bug("MOMO-STS-06", "unknown completes", "and the client says completed")
def _unknown_completes() -> None:
    known = {**MEANING, "PENDING": PENDING, "CREATED": PENDING}
    replace(StatusAnswers, meaning=lambda _self, word: known.get(str(word), COMPLETED))


@bug("MOMO-STS-06", "words in any case", "and the client says")
def _any_case() -> None:
    replace(StatusAnswers, meaning=lambda _self, word: MEANING.get(str(word).upper(), PENDING))


@bug("MOMO-STS-06", "words by their beginning", "and the client says completed")
def _by_beginning() -> None:
    def meaning(_self: StatusAnswers, word: object) -> str:
        return COMPLETED if str(word).startswith("SUCCESS") else MEANING.get(str(word), PENDING)

    replace(StatusAnswers, meaning=meaning)


@bug("MOMO-STS-07", "FAILED overwrites SUCCESSFUL", "now it is failed")
def _failed_overwrites() -> None:
    def heard(self: Receiver, payment: Payment, _word: str) -> None:
        self.ledger.write(
            "UPDATE payments SET hinted = 1 WHERE reference_id = ?", payment.reference_id
        )

    def late(self: Checker, payment: Payment, seen: Seen) -> None:
        if seen.state == FAILED:
            self.ledger.write(
                "UPDATE payments SET state = 'failed' WHERE reference_id = ?", payment.reference_id
            )

    replace(Receiver, heard=heard)
    replace(Checker, late=late)


@bug("MOMO-STS-07", "an old PENDING reopens", "now it is pending")
def _pending_reopens() -> None:
    right = Ledger.note

    def note(self: Ledger, reference_id: str, **values: Value) -> None:
        right(self, reference_id, **values)
        if "accepted" in values:
            self.write("UPDATE payments SET state = 'pending' WHERE reference_id = ?", reference_id)

    replace(Ledger, note=note)


@bug("MOMO-STS-08", "ignores every mismatch", "and the client completes the order")
def _ignores_mismatch() -> None:
    replace(StatusAnswers, mismatch=lambda *_: None)


@bug("MOMO-STS-08", "ignores another amount", "showed amount")
def _ignores_amount() -> None:
    replace(StatusAnswers, is_amount=lambda *_: True)


@bug("MOMO-STS-08", "ignores another currency", "showed currency")
def _ignores_currency() -> None:
    replace(StatusAnswers, is_currency=lambda *_: True)


@bug("MOMO-STS-08", "ignores another id", "showed referenceId")
def _ignores_id() -> None:
    replace(StatusAnswers, is_reference=lambda *_: True)


@bug("MOMO-STS-08", "compares amounts as text", "says pending, not completed")
def _amounts_as_text() -> None:
    replace(StatusAnswers, is_amount=lambda _self, payment, echo: echo == payment.amount)


@bug("MOMO-STS-09", "202 completes", "202 with an empty body was called completed")
def _accepted_completes() -> None:
    right: Any = Sender.record

    def record(self: Sender, payment: Payment, verdict: Verdict) -> None:
        right(self, payment, verdict)
        if isinstance(verdict, Accepted):
            self.ledger.settle(payment, Ending(COMPLETED))

    replace(Sender, record=record)


@bug("MOMO-STS-09", "parses the empty 202", "202 with an empty body was called unknown")
def _parses_empty() -> None:
    replace(CreateAnswers, is_acceptable=lambda _self, reply: reply.is_json)


@bug("MOMO-STS-10", "a reason must be a text", "code was")
def _reason_as_text() -> None:
    replace(StatusAnswers, code=lambda _self, reason: reason if isinstance(reason, str) else None)


@bug("MOMO-STS-10", "a reason must be an object", "code was")
def _reason_as_object() -> None:
    def code(_self: StatusAnswers, reason: object) -> str | None:
        return str(reason.get("code")) if isinstance(reason, dict) else None

    replace(StatusAnswers, code=code)


@bug("MOMO-STS-10", "keeps known codes only", "code was 'A_CODE_OF_TOMORROW'")
def _known_codes() -> None:
    right = StatusAnswers.code

    def code(self: StatusAnswers, reason: object) -> str | None:
        found = right(self, reason)
        return None if found == "A_CODE_OF_TOMORROW" else found

    replace(StatusAnswers, code=code)


@bug("MOMO-STS-10", "no number of the transaction", "financial_transaction_id was")
def _no_number() -> None:
    replace(StatusAnswers, financial_id=lambda _self, _value: None)


@bug("MOMO-STS-10", "the transaction as a number", "financial_transaction_id was '00123'")
def _as_number() -> None:
    replace(StatusAnswers, financial_id=lambda _self, value: str(int(value)) if value else None)
