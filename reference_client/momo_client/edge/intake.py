"""The way in: what a caller passes becomes a payment, or is refused before any I/O."""

import logging
from decimal import Decimal
from uuid import uuid4

from momo_client.core.payments import Payment, draft
from momo_client.edge.phone import default_region, normalise
from momo_client.edge.settings import Settings
from momo_client.errors import InvalidRequest
from momo_contracts.errors import InvalidValue
from momo_contracts.values import Money, ReferenceId

_LOGGER = logging.getLogger("momo_client")


class Intake:
    """Reads what callers pass, by one merchant's currency and country."""

    def __init__(self, settings: Settings) -> None:
        self._currency = settings.currency
        self._region = default_region(settings.country, settings.target_environment)

    def payment(
        self,
        amount: Decimal | int | str,
        msisdn: str,
        external_id: str,
        texts: tuple[str, str],
        reference_id: str | None,
        now_ms: int,
    ) -> Payment:
        """A new payment; without a reference id it gets one. Raises InvalidRequest."""
        money = _money(amount, self._currency)
        phone = normalise(msisdn, self._region)
        if phone.warning:
            _LOGGER.warning("%s", phone.warning)
        reference = read_reference_id(reference_id or str(uuid4()))
        return draft(reference, external_id, money, phone.msisdn, texts, now_ms)


def read_reference_id(text: str) -> ReferenceId:
    """A reference id from its text. Raises InvalidRequest."""
    try:
        return ReferenceId(text)
    except InvalidValue as error:
        raise InvalidRequest(
            str(error), remedy="Pass uuid.uuid4(), or nothing.", code="INVALID_REFERENCE"
        ) from None


def _money(amount: Decimal | int | str, currency: str) -> Money:
    try:
        return Money.of(amount, currency)
    except InvalidValue as error:
        raise InvalidRequest(
            str(error), remedy=f"Pass a Decimal above zero in {currency}.", code="INVALID_AMOUNT"
        ) from None
