"""STS-10 and a part of STS-02: what a client keeps of an end beside its state."""

from collections.abc import Iterator, Mapping

from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.knowledge import End, known_payments, meaning_of
from momo_conformance.payments import FAILED, Payment
from momo_conformance.protocol import Ok
from momo_conformance.verdicts import Sighting

CODE, NUMBER = "code", "financial_transaction_id"


def kept_details(history: History) -> Iterator[Sighting]:
    """STS-10: reason is read as text or object, and financialTransactionId as text or number."""
    for payment, known in known_payments(history):
        if known.end:
            name = CODE if known.end.state == FAILED else NUMBER
            yield from kept(payment, known.end, name)


def kept(payment: Payment, end: End, name: str) -> Iterator[Sighting]:
    """Whether status answers tell the detail that a read of the end has shown."""
    reads = [r for r in payment.reads if r.is_success and meaning_of(r.word) == end.state]
    wanted = [_detail(row, name) for row in reads]
    if not _detail(end.read, name):
        return
    for call in payment.history.calls:
        if call.op != "status" or not payment.is_about(call) or call.answered is None:
            continue
        has_read = call.asked < end.read.began and end.known_from == call.answered
        if not has_read and call.asked < end.known_from:
            continue
        if not isinstance(call.answer, Ok):
            continue
        shown = end.read.began, call.asked
        found = call.answer.value.get(name)
        if found in wanted:
            yield Sighting(shown)
        else:
            yield Sighting(shown, f"{name} was {wanted[0]!r}, and the client says {found!r}")


def _detail(read: Exchange, name: str) -> str | None:
    """The reason's code or the transaction's number, whichever shape it has."""
    value = read.received.get("reason" if name == CODE else "financialTransactionId")
    if isinstance(value, Mapping):
        value = value.get("code")
    if isinstance(value, int) and not isinstance(value, bool) and name == NUMBER:
        return str(value)
    return value if isinstance(value, str) and value else None
