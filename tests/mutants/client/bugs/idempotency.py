"""Bugs about ids and repetitions."""

from uuid import uuid4

from tests.mutants.client.api import Api
from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.payment import Payment
from tests.mutants.client.reply import Reply


@bug("MOMO-IDM-03", "new id on timeout")
def _new_id_on_timeout() -> None:
    right = Api.create

    def create(self: Api, payment: Payment) -> Reply:
        fresh = payment._replace(reference_id=str(uuid4()))
        return right(self, fresh if payment.attempts > 1 else payment)

    replace(Api, create=create)
