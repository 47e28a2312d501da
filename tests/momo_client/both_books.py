"""Our ledger beside the fake's books, which are the truth: what must hold between the two.

Said anew from both tables, an account at a time: no rule of the client's is asked.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from mock_momo.testing import PaymentRow, World
from momo_client import IN_TRANSIT, PARTIES, WALLET, Cause, Ledger, Payment, PaymentStatus, Review
from momo_client.core.bookings import Step
from momo_client.edge.ledger import Entry

ABSENT, SUCCESSFUL = "absent", "SUCCESSFUL"
FAILURES = frozenset({"FAILED", "REJECTED", "TIMEOUT"})
VERDICTS = (Review.ACCEPTED, Review.DISMISSED)

_OUT = (WALLET, IN_TRANSIT)
_ARRIVED = (IN_TRANSIT, PARTIES)
_RETURNED = (IN_TRANSIT, WALLET)
_IN = (PARTIES, WALLET)


@dataclass(frozen=True, slots=True)
class BothBooks:
    """Both at one instant: our payments and our journal, and the fake's payments."""

    ours: Mapping[str, Payment]
    journal: tuple[Entry, ...]
    theirs: Mapping[str, PaymentRow]

    @staticmethod
    def of(ledger: Ledger, world: World) -> "BothBooks":
        return BothBooks(
            ours={payment.reference_id: payment for payment in ledger.payments()},
            journal=ledger.entries(),
            theirs={row.reference_id: row for row in world.payments()},
        )

    def check(self) -> None:
        """What holds at any time."""
        unknown = self.theirs.keys() - self.ours.keys()
        assert not unknown, f"the provider has payments that we never wrote down: {unknown}"
        booked = self._booked()
        for reference_id, payment in self.ours.items():
            assert booked.pop(reference_id, {}) == _due(payment), f"booked otherwise: {payment}"
            truth = self.truth(reference_id)
            assert truth in _borne_out_by(payment, truth), f"it is {truth} there: {payment}"
        assert not booked, f"postings without a payment: {booked}"

    def check_since(self, before: "BothBooks", verdicts: Mapping[str, Review]) -> None:
        """What has changed since `before` was allowed to; `verdicts` are what people have said."""
        assert set(before.journal) <= set(self.journal), "postings have changed or are gone"
        for reference_id, old in before.ours.items():
            new = self.ours[reference_id]
            is_final = old.is_final and new.status is not old.status
            assert not is_final or verdicts.get(reference_id) is Review.ACCEPTED, f"{old} → {new}"
            is_judged = new.review in VERDICTS
            assert not is_judged or verdicts.get(reference_id) is new.review, f"{old} → {new}"

    def check_at_rest(self) -> None:
        """What holds once everybody was asked and nothing more is due: no success is forgotten."""
        for reference_id, payment in self.ours.items():
            assert payment.next_check_at_ms is None, f"still asked for: {payment}"
            is_known = payment.status is PaymentStatus.COMPLETED or payment.review is not None
            assert is_known or self.truth(reference_id) != SUCCESSFUL, f"lost: {payment}"

    def truth(self, reference_id: str) -> str:
        """The state in the fake's books."""
        row = self.theirs.get(reference_id)
        return row.state if row else ABSENT

    def _booked(self) -> dict[str, dict[Step, tuple[str, str, int, str]]]:
        """Each payment's moves by step: from where to where, and what; asserts that each is one."""
        sides: dict[tuple[str, Step], list[Entry]] = {}
        for entry in self.journal:
            sides.setdefault((entry.reference_id, entry.posting.step), []).append(entry)
        moves: dict[str, dict[Step, tuple[str, str, int, str]]] = {}
        for (reference_id, step), entries in sides.items():
            sums: Counter[str] = Counter()
            for entry in entries:
                sums[entry.posting.money.currency.code] += entry.posting.money.minor_units
            assert not any(sums.values()), f"{step} of {reference_id} does not sum to zero: {sums}"
            assert len(entries) == 2, f"{step} of {reference_id} is booked more than once"
            postings = (entry.posting for entry in entries)
            source, target = sorted(postings, key=lambda posting: posting.money.minor_units)
            money = target.money
            move = (source.account, target.account, money.minor_units, money.currency.code)
            moves.setdefault(reference_id, {})[step] = move
        return moves


def _due(payment: Payment) -> dict[Step, tuple[str, str, int, str]]:
    """What must be booked for a payment as it stands. Money out is held while it is under way."""
    what = (payment.money.minor_units, payment.money.currency.code)
    is_completed = payment.status is PaymentStatus.COMPLETED
    if payment.is_income:
        return {Step.CLOSED: (*_IN, *what)} if is_completed else {}
    due = {Step.OPENED: (*_OUT, *what)}
    if not _is_under_way(payment):
        due[Step.CLOSED] = (*(_ARRIVED if is_completed else _RETURNED), *what)
    return due


def _borne_out_by(payment: Payment, truth: str) -> frozenset[str]:
    """The states in the fake's books that bear out where a payment stands; people need none."""
    is_returned = not (payment.is_income or _is_under_way(payment))
    match payment.status, payment.cause:
        case _ if payment.review in VERDICTS:
            pass
        case PaymentStatus.COMPLETED, _:
            return frozenset({SUCCESSFUL})
        case PaymentStatus.FAILED, Cause.NOT_SENT | Cause.REFUSED:
            return frozenset({ABSENT})
        case PaymentStatus.FAILED, Cause.PROVIDER:
            return FAILURES
        case PaymentStatus.FAILED, _ if is_returned:
            return FAILURES | {ABSENT}
        case PaymentStatus.PENDING, _:
            return frozenset({truth}) - {ABSENT}
    return frozenset({truth})


def _is_under_way(payment: Payment) -> bool:
    """True while it is open, watched or under review."""
    is_asked_for = payment.next_check_at_ms is not None
    return not payment.is_final or is_asked_for or payment.review is Review.OPEN
