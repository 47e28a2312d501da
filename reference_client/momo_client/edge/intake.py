"""The way in: what a caller passes becomes a flow, or is refused before any I/O."""

import logging
from dataclasses import replace
from decimal import Decimal
from typing import TypedDict
from uuid import UUID, uuid4

from momo_client.core import flows, reads
from momo_client.core.effects import Flow
from momo_client.core.payments import Payment, draft
from momo_client.core.reads import Balance, Person
from momo_client.edge.clock import Clock
from momo_client.edge.phone import default_region, normalise
from momo_client.edge.settings import Settings
from momo_client.errors import InvalidRequest
from momo_contracts.errors import InvalidValue
from momo_contracts.operations import OPERATIONS, Operation
from momo_contracts.values import Money, Msisdn, Product, ReferenceId

Amount = Decimal | int | str

_TEXTS = ("external id", "payer message", "payee note")
_LOGGER = logging.getLogger("momo_client")


class Options(TypedDict, total=False):
    """What a payment may carry beside what it must.

    `payer_message` and `payee_note` default to the external id; letters, digits and plain
    punctuation are sent, blanks in place of all else. `reference_id`, a UUID version 4 of
    the caller's own, lets one who may be cancelled know it in any case. `again` allows another
    payment under an external id that has one which is open or completed.
    """

    payer_message: str
    payee_note: str
    reference_id: UUID | str | None
    again: bool


class Intake:
    """Reads what callers pass, by one merchant's currency and country."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._merchant = settings.merchant()
        self._policy = settings.policy()
        self._clock = clock
        self._currency = settings.currency
        self._region = default_region(settings.country, settings.target_environment)

    def pay(
        self,
        operation: str,
        amount: Amount,
        msisdn: str,
        external_id: str,
        options: Options,
    ) -> Flow[Payment]:
        """The flow of a new payment, by the name of its operation. Raises InvalidRequest."""
        money, number = _money(amount, self._currency), self.msisdn(msisdn)
        payment = self._draft(OPERATIONS[operation], money, number, external_id, options)
        return flows.pay(self._merchant, payment, self._policy, again=options.get("again", False))

    def refund(
        self, original_id: UUID | str, amount: Amount, external_id: str, options: Options
    ) -> Flow[Payment]:
        """The flow of a refund. Raises InvalidRequest."""
        original = read_reference_id(original_id).text
        operation = OPERATIONS["disbursement.refund.create"]

        def build(paid: Payment) -> Payment:
            money = _money(amount, paid.money.currency.code)
            drafted = self._draft(operation, money, paid.msisdn, external_id, options)
            return replace(drafted, refunds=original)

        again = options.get("again", False)
        return flows.refund(self._merchant, original, build, self._policy, again=again)

    def read_payment(self, reference_id: UUID | str) -> Flow[Payment]:
        """The flow of a status read. Raises InvalidRequest."""
        reference = read_reference_id(reference_id).text
        now_ms = self._clock.now_ms()
        return flows.read_payment(self._merchant, reference, now_ms, self._policy)

    def read_balance(self, product: Product) -> Flow[Balance]:
        """The flow of a balance read."""
        return reads.read_balance(self._merchant, product, self._policy)

    def read_active(self, msisdn: str, product: Product) -> Flow[bool]:
        """The flow of a look at an account holder. Raises InvalidRequest."""
        return reads.read_active(self._merchant, product, self.msisdn(msisdn), self._policy)

    def read_person(self, msisdn: str, product: Product) -> Flow[Person]:
        """The flow of a look at a person. Raises InvalidRequest."""
        return reads.read_person(self._merchant, product, self.msisdn(msisdn), self._policy)

    def notify(self, reference_id: UUID | str, message: str) -> Flow[None]:
        """The flow of a delivery notification. Raises InvalidRequest."""
        return reads.notify(self._merchant, read_reference_id(reference_id).text, message)

    def msisdn(self, text: str) -> Msisdn:
        """A number as it will be sent. Raises InvalidRequest."""
        _check_type("phone number", text)
        phone = normalise(text, self._region)
        if phone.warning:
            _LOGGER.warning("%s", phone.warning)
        return phone.msisdn

    def _draft(
        self,
        operation: Operation,
        money: Money,
        msisdn: Msisdn,
        external_id: str,
        options: Options,
    ) -> Payment:
        texts = (external_id, options.get("payer_message", ""), options.get("payee_note", ""))
        for name, text in zip(_TEXTS, texts, strict=True):
            _check_type(name, text)
        own_id = options.get("reference_id")
        reference = _reference_id(
            uuid4() if own_id is None else own_id, "Pass uuid.uuid4(), or nothing."
        )
        now_ms = self._clock.now_ms()
        return draft(operation, reference, money, msisdn, texts, now_ms)


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


def _money(amount: Amount, currency: str) -> Money:
    try:
        return Money.of(amount, currency)
    except InvalidValue as error:
        raise InvalidRequest(
            str(error), remedy=f"Pass a Decimal above zero in {currency}.", code="INVALID_AMOUNT"
        ) from None
