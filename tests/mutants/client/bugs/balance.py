"""Bugs about what is credited."""

from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.ledger import Ledger
from tests.mutants.client.payment import Payment


@bug("MOMO-BAL-01", "credits per observation")
def _credits_per_observation() -> None:
    claim = Ledger.claim
    replace(Ledger, claim=lambda self, *ending: claim(self, *ending) or True)
    replace(Payment, is_final=property(lambda _self: False))
