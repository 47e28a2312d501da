"""Two sets of books side by side at one instant: our ledger's, and the fake's, which are the truth.

What must hold is said here anew, from the two tables alone: no rule of the client's is asked.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from mock_momo.testing import PaymentRow, World
from momo_client import (
    IN_TRANSIT,
    PARTIES,
    WALLET,
    Cause,
    Ledger,
    Payment,
    PaymentStatus,
    Review,
)
from momo_client.edge.ledger import Entry

SUCCESS = "SUCCESSFUL"
UNDECIDED = frozenset({"CREATED", "PENDING"})
FAILURES = frozenset({"FAILED", "TIMEOUT", "REJECTED"})
ABSENT = "absent"

_ORDER = ("operation", "external_id", "money", "msisdn", "created_at_ms", "deadline_at_ms")


@dataclass(frozen=True, slots=True)
class Audit:
    """Our payments and journal, and the fake's payments."""

    ours: Mapping[str, Payment]
    journal: tuple[Entry, ...]
    theirs: Mapping[str, PaymentRow]

    @staticmethod
    def of(ledger: Ledger, world: World) -> "Audit":
        return Audit(
            ours={payment.reference_id: payment for payment in ledger.payments()},
            journal=ledger.entries(),
            theirs={row.reference_id: row for row in world.payments()},
        )

    def truth(self, reference_id: str) -> str:
        """Where a payment stands in the fake's books."""
        row = self.theirs.get(reference_id)
        return row.state if row else ABSENT

    def check(self) -> None:
        """What holds at any time."""
        self._check_journal()
        for payment in self.ours.values():
            self._check_bookings(payment)
            self._check_end(payment)
        for reference_id, row in self.theirs.items():
            assert reference_id in self.ours, "sent before it was written down"
            money = self.ours[reference_id].money
            assert (row.amount, row.currency) == (money.amount, money.currency.code)

    def check_since(self, before: "Audit", verdicts: Mapping[str, Review]) -> None:
        """What has changed since was allowed to change; `verdicts` are what people have said."""
        assert not Counter(before.journal) - Counter(self.journal), "postings are gone"
        for reference_id, old in before.ours.items():
            new = self.ours[reference_id]
            assert all(getattr(old, name) == getattr(new, name) for name in _ORDER)
            if is_settled(old):
                assert old == new, f"what was final has changed: {old.status} → {new.status}"
            elif old.is_final:
                assert new.status is old.status or new.review is Review.ACCEPTED
        for reference_id, payment in self.ours.items():
            if payment.review not in (None, Review.OPEN):
                assert payment.review is verdicts.get(reference_id), "nobody has decided that"

    def check_rest(self) -> None:
        """What holds once everybody has been asked and nothing more will happen."""
        for reference_id, payment in self.ours.items():
            assert payment.is_final
            assert payment.next_check_at_ms is None
            if self.truth(reference_id) == SUCCESS:
                is_booked = payment.status is PaymentStatus.COMPLETED
                assert is_booked or payment.review, "a success is neither booked nor under review"

    def _check_journal(self) -> None:
        sums: Counter[tuple[str, str, str]] = Counter()
        lines: Counter[tuple[str, str]] = Counter()
        for entry in self.journal:
            posting, money = entry.posting, entry.posting.money
            sums[entry.reference_id, posting.step, money.currency.code] += money.minor_units
            lines[entry.reference_id, posting.step] += 1
        assert not any(sums.values()), f"postings do not sum to zero: {sums}"
        assert set(lines.values()) <= {2}, f"a step is booked more than once: {lines}"

    def _check_bookings(self, payment: Payment) -> None:
        """Each account holds of a payment what its standing says; its currency is its own."""
        booked: Counter[str] = Counter()
        for entry in self.journal:
            if entry.reference_id == payment.reference_id:
                booked[entry.posting.account] += entry.posting.money.minor_units
                assert entry.posting.money.currency == payment.money.currency
        found = tuple(booked[account] for account in (WALLET, IN_TRANSIT, PARTIES))
        assert found == _expected(payment), f"{payment.status}, {payment.review}: {found}"

    def _check_end(self, payment: Payment) -> None:
        """There is no end that the provider's books do not bear out, but for people's verdicts."""
        truth = self.truth(payment.reference_id)
        match payment.status, payment.review:
            case PaymentStatus.PENDING, _:
                assert truth != ABSENT, "pending, and the provider has never heard of it"
            case PaymentStatus.COMPLETED, None:
                assert truth == SUCCESS, f"completed, and {truth} at the provider"
            case PaymentStatus.FAILED, None if is_settled(payment):
                is_given_up = payment.is_income and payment.cause is Cause.DEADLINE
                borne_out = FAILURES | {ABSENT} | (UNDECIDED if is_given_up else set())
                assert truth in borne_out, f"failed ({payment.cause}), {truth} at the provider"


def is_settled(payment: Payment) -> bool:
    """Nothing may change it any more."""
    is_over = payment.is_final and payment.next_check_at_ms is None
    return is_over and payment.review is not Review.OPEN


def _expected(payment: Payment) -> tuple[int, int, int]:
    """What a payment has done to the wallet, to what is in transit and to the parties.

    Money that goes out is held for as long as anything may change.
    """
    amount = payment.money.minor_units if payment.is_income else -payment.money.minor_units
    if not (payment.is_income or is_settled(payment)):
        return amount, -amount, 0
    return (amount, 0, -amount) if payment.status is PaymentStatus.COMPLETED else (0, 0, 0)
