"""What a user typed, made fit for the wire or refused before anything is sent."""

import json
import re
from uuid import uuid4

from tests.mutants.client.clock import Clock
from tests.mutants.client.money import Money, Refusal
from tests.mutants.client.payment import Kind, Payment
from tests.mutants.client.settings import Message, Settings


class Phones:
    """Phone numbers in the international form only: a local one names no country."""

    FILLING = re.compile(r"[\s().-]")
    MSISDN = re.compile(r"[1-9][0-9]{6,14}")

    def normalised(self, text: str) -> str:
        """Digits with the country code first. Raises Refusal."""
        digits = self.without_prefix(self.FILLING.sub("", text))
        if not self.is_msisdn(digits):
            raise Refusal("INVALID_MSISDN")
        return digits

    def without_prefix(self, text: str) -> str:
        return text[1:] if text.startswith("+") else text.removeprefix("00")

    def is_msisdn(self, text: str) -> bool:
        return self.MSISDN.fullmatch(text) is not None


class Notes:
    """Texts for payer and payee."""

    LIMIT = 128
    UNSAFE = re.compile(r"[^A-Za-z0-9 .,_/:()-]")
    INSTEAD = "Payment"

    def cleaned(self, text: str) -> str:
        """What the provider takes of it; never empty."""
        return self.UNSAFE.sub(" ", text)[: self.LIMIT].strip() or self.INSTEAD


class Intake:
    """Makes payments of what the driver was asked for."""

    PARTY_TYPE = "MSISDN"

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock
        self.money = Money()
        self.phones = Phones()
        self.notes = Notes()

    def payment(self, kind: Kind, order: Message) -> Payment:
        """A payment with an id of its own that nobody has heard of yet. Raises Refusal."""
        currency = self.currency(order)
        amount = self.money.text(self.money.checked(order["amount"], currency))
        msisdn = self.msisdn(kind, order)
        body = self.body(kind, order, amount, msisdn)
        now_ms = self.clock.now_ms
        return Payment(
            reference_id=self.reference_id(order),
            kind=kind.name,
            key=order["key"],
            amount=amount,
            currency=currency,
            party=msisdn,
            body=json.dumps(body, ensure_ascii=False),
            created_ms=now_ms,
            subject=order.get("reference_id"),
            next_check_ms=now_ms,
        )

    def reference_id(self, _order: Message) -> str:
        return str(uuid4())

    def currency(self, order: Message) -> str:
        currency: str = order["currency"]
        if currency != self.settings.currency:
            raise Refusal("INVALID_CURRENCY")
        return currency

    def msisdn(self, kind: Kind, order: Message) -> str | None:
        return None if kind.party is None else self.phones.normalised(order[kind.party])

    def body(
        self, kind: Kind, order: Message, amount: str, msisdn: str | None
    ) -> dict[str, object]:
        note = self.note(order)
        return {
            "amount": self.amount(amount),
            "currency": self.currency(order),
            "externalId": order["key"],
            **self.other_side(kind, order, msisdn),
            "payerMessage": note,
            "payeeNote": note,
        }

    def amount(self, amount: str) -> object:
        """The amount as JSON has it: a string."""
        return amount

    def note(self, order: Message) -> str:
        text: str = order["note"] if "note" in order else order["key"]
        return self.notes.cleaned(text)

    def other_side(self, kind: Kind, order: Message, msisdn: str | None) -> dict[str, object]:
        if kind.party is None or msisdn is None:
            return {"referenceIdToRefund": order["reference_id"]}
        return {kind.party: self.party(msisdn)}

    def party(self, msisdn: str) -> dict[str, object]:
        return {"partyIdType": self.PARTY_TYPE, "partyId": msisdn}
