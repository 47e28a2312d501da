"""Callbacks as they reached the client, for the checks: what each said and how it was answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from momo_conformance.calls import Call
from momo_conformance.exchanges import Exchange, read_object
from momo_conformance.history import Claim, History
from momo_conformance.ledger import WALLET, Ledger
from momo_conformance.payments import ROUNDS, to_decimal
from momo_conformance.protocol import Ok, Unsupported

FINAL_WORDS = ("SUCCESSFUL", "FAILED")
"""What a callback may say: it comes when a payment is final."""

ENDS = ("completed", "failed")


@dataclass(frozen=True, slots=True)
class Handover:
    """One callback at the client; `create` is what was first sent for its payment, if anything."""

    call: Call
    create: Exchange | None

    @property
    def at(self) -> int:
        """Where it is in the history."""
        return self.call.asked

    @property
    def end(self) -> int:
        """Where its answer is."""
        return self.call.asked if self.call.answered is None else self.call.answered

    @property
    def method(self) -> str:
        return str(self.call.fields["method"]).upper()

    @property
    def body(self) -> str:
        return str(self.call.fields["body"])

    @property
    def about(self) -> str:
        """The reference id of the payment that it is about; empty where nobody can tell."""
        return self.call.about or ""

    @property
    def word(self) -> str:
        """The status that it tells of; empty where it tells of none."""
        word = read_object(self.body).get("status")
        return word if isinstance(word, str) else ""

    @property
    def status(self) -> int | None:
        """The HTTP status that the client answered with; None without one."""
        match self.call.answer:
            case Ok({"status": int(status)}):
                return status
        return None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def told(self) -> str:
        """The answer in a few words."""
        if self.status is not None:
            return f"answered {self.status}"
        return f"not answered ({self.call.answer})"

    @property
    def is_good(self) -> bool:
        """True for a callback that fits the payment that was sent, whatever is the truth."""
        if self.create is None or self.word not in FINAL_WORDS:
            return False
        found, sent = read_object(self.body), self.create.sent
        is_same = all(found.get(name) == sent.get(name) for name in ("externalId", "currency"))
        return is_same and to_decimal(found.get("amount")) == to_decimal(sent.get("amount"))


def handovers(history: History) -> Iterator[Handover]:
    """Every callback that the client had time to answer, in order."""
    for call in history.calls:
        if call.op != "deliver_callback" or isinstance(call.answer, Unsupported):
            continue
        if call.answer is not None and not call.is_killed:
            yield Handover(call, next(iter(history.attempts(call.about or "")), None))


def turn_after(history: History, position: int) -> Call | None:
    """The next call by whose answer the client has done what was waiting; None without one."""
    return next(
        (
            call
            for call in history.calls
            if call.op in ROUNDS and call.asked > position and isinstance(call.answer, Ok)
        ),
        None,
    )


def claims_of(history: History, reference_id: str) -> Iterator[Claim]:
    """All that the client has said of a payment, in order."""
    return (claim for claim in history.claims if claim.reference_id == reference_id)


def settled_after(history: History, reference_id: str, position: int) -> Claim | None:
    """The first time after a position that the client says how a payment ended."""
    return next(
        (
            claim
            for claim in claims_of(history, reference_id)
            if claim.state in ENDS and claim.position > position
        ),
        None,
    )


def has_acted(history: History, reference_id: str, since: int, turn: Call) -> bool:
    """True when between a position and the end of a turn the client has asked about a payment.

    The same when by then, or in the next look, it knows how that ended.
    """
    end = turn.asked if turn.answered is None else turn.answered
    if any(since < row.began < end for row in history.reads(reference_id)):
        return True
    claims = (row for row in claims_of(history, reference_id) if row.position > since)
    first = next(claims, None)
    return first is not None and first.state in ENDS


def net(ledger: Ledger, reference_id: str) -> Decimal:
    """What a payment has moved into the wallet, all in all."""
    rows = (row for row in ledger.entries if row.reference_id == reference_id)
    return sum((row.amount for row in rows if row.account == WALLET), Decimal())


def overbooked(history: History, create: Exchange, after: int) -> tuple[int, Decimal] | None:
    """The first look after a position at a ledger in which a payment moved more than its amount."""
    amount = to_decimal(create.sent.get("amount"))
    if amount is None or not create.reference_id:
        return None
    least, most = (Decimal(), amount) if create.product == "collection" else (-amount, Decimal())
    for position, ledger in history.ledgers:
        moved = net(ledger, create.reference_id)
        if position > after and not least <= moved <= most:
            return position, moved
    return None
