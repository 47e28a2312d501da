"""Bugs about amounts and currencies."""

import os
import struct
from decimal import Decimal, InvalidOperation

from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.intake import Intake
from tests.mutants.client.money import Money, Refusal
from tests.mutants.client.status_answers import BalanceAnswers

_ARABIC = str.maketrans("0123456789.", "٠١٢٣٤٥٦٧٨٩\N{ARABIC DECIMAL SEPARATOR}")


@bug("MOMO-AMT-01", "the amount is a number", says="not as a string")
def _number() -> None:
    replace(Intake, amount=lambda _self, amount: float(amount))


@bug("MOMO-AMT-01", "the amount has separators", says="'1,234.50'")
def _separators() -> None:
    replace(Intake, amount=lambda _self, amount: f"{Decimal(amount):,f}")


@bug("MOMO-AMT-02", "the amount was a float of 32 bits", says="the client sent")
def _float32() -> None:
    def text(_self: Money, amount: Decimal) -> str:
        return repr(struct.unpack("f", struct.pack("f", amount))[0]).removesuffix(".0")

    replace(Money, text=text)


@bug("MOMO-AMT-02", "the amount has six digits", says="the client sent")
def _six_digits() -> None:
    replace(Money, text=lambda _self, amount: f"{float(amount):g}")


@bug("MOMO-AMT-03", "two decimals in every currency", says="the currency has 0 decimals")
def _two_decimals() -> None:
    replace(Money, text=lambda _self, amount: f"{amount:.2f}")


@bug("MOMO-AMT-04", "amounts are written as the locale has it", says="the client sent the body")
def _written_by_locale() -> None:
    right = Intake.amount

    def amount(self: Intake, plain: str) -> object:
        locale = os.environ.get("LC_ALL", "")
        text = plain.replace(".", ",") if locale.startswith("fr") else plain
        return right(self, text.translate(_ARABIC) if locale.startswith("ar") else text)

    replace(Intake, amount=amount)


@bug("MOMO-AMT-04", "amounts are read as the locale has it", says="of a balance of")
def _read_by_locale() -> None:
    right = BalanceAnswers.amount

    def amount(self: BalanceAnswers, value: object) -> str | None:
        """In French a point groups thousands."""
        has_comma = os.environ.get("LC_ALL", "").startswith("fr")
        return right(self, str(value).replace(".", "") if has_comma else value)

    replace(BalanceAnswers, amount=amount)


@bug("MOMO-AMT-05", "0 and less are sent", says="not above zero, was sent")
def _not_positive() -> None:
    right = Money.read
    replace(
        Money,
        is_positive=lambda _self, _amount: True,
        read=lambda self, text: right(self, text.removeprefix("-")).copy_sign(Decimal(text)),
    )


@bug("MOMO-AMT-05", "too fine an amount is sent", says="too fine, was sent")
def _too_fine() -> None:
    replace(Money, fits=lambda _self, _amount, _currency: True)


@bug("MOMO-AMT-05", "what is no amount is not refused", says="was not definitely refused")
def _not_refused() -> None:
    def read(_self: Money, text: str) -> Decimal:
        try:
            return Decimal(text)
        except InvalidOperation:
            raise Refusal("INVALID_AMOUNT") from None

    replace(Money, read=read)


@bug("MOMO-AMT-06", "EUR everywhere", says="was sent the currency 'EUR'")
def _euro() -> None:
    right = Intake.body
    replace(Intake, body=lambda *about: {**right(*about), "currency": "EUR"})
