"""The way in: what a caller passes becomes a payment, or is refused before any I/O."""

import logging
from decimal import Decimal
from uuid import UUID, uuid4

from momo_client.core.payments import Payment, draft
from momo_client.edge.phone import default_region, normalise
from momo_client.edge.settings import Settings
from momo_client.errors import InvalidRequest
from momo_contracts.errors import InvalidValue
from momo_contracts.values import Money, ReferenceId

_TEXTS = ("phone number", "external id", "payer message", "payee note")
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
        reference_id: UUID | str | None,
        now_ms: int,
    ) -> Payment:
        """A new payment; without a reference id it gets one. Raises InvalidRequest."""
        for name, text in zip(_TEXTS, (msisdn, external_id, *texts), strict=True):
            _check_type(name, text)
        money = _money(amount, self._currency)
        phone = normalise(msisdn, self._region)
        if phone.warning:
            _LOGGER.warning("%s", phone.warning)
        own_id = uuid4() if reference_id is None else reference_id
        reference = _reference_id(own_id, "Pass uuid.uuid4(), or nothing.")
        return draft(reference, external_id, money, phone.msisdn, texts, now_ms)


def read_reference_id(reference_id: UUID | str) -> ReferenceId:
    """The reference id of a payment that was made. Raises InvalidRequest."""
    return _reference_id(reference_id, "Pass the reference id that `pay` or `ledger show` printed.")


def _check_type(name: str, text: object) -> None:
    """Not every caller's types are checked: a number must not be discovered by the database."""
    if not isinstance(text, str):
        raise InvalidRequest(
            f"the {name} is a {type(text).__name__}, not text",
            remedy=f"Pass the {name} as a str.",
            code="INVALID_TEXT",
        )


def _reference_id(reference_id: UUID | str, remedy: str) -> ReferenceId:
    try:
        return ReferenceId(str(reference_id))
    except InvalidValue as error:
        raise InvalidRequest(str(error), remedy=remedy, code="INVALID_REFERENCE") from None


def _money(amount: Decimal | int | str, currency: str) -> Money:
    try:
        return Money.of(amount, currency)
    except InvalidValue as error:
        raise InvalidRequest(
            str(error), remedy=f"Pass a Decimal above zero in {currency}.", code="INVALID_AMOUNT"
        ) from None
