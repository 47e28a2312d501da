"""Amounts: exact decimals, plain strings on the wire, whole minor units in the ledger."""

import re
from decimal import Decimal
from typing import ClassVar


class Refusal(Exception):
    """A definite no of our own: nothing has been sent. `code` is for the caller."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Money:
    """What a user may type, and how it is written."""

    WHOLE: ClassVar[frozenset[str]] = frozenset({"BIF", "GNF", "RWF", "UGX", "XAF", "XOF"})
    """Currencies without decimals; the others have two."""
    PLAIN = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?")

    def checked(self, text: str, currency: str) -> Decimal:
        """An amount above zero that fits its currency. Raises Refusal."""
        amount = self.read(text.strip())
        if not self.is_positive(amount) or not self.fits(amount, currency):
            raise Refusal("INVALID_AMOUNT")
        return amount

    def read(self, text: str) -> Decimal:
        if self.PLAIN.fullmatch(text) is None:
            raise Refusal("INVALID_AMOUNT")
        return Decimal(text)

    def is_positive(self, amount: Decimal) -> bool:
        return amount > 0

    def fits(self, amount: Decimal, currency: str) -> bool:
        exponent = amount.as_tuple().exponent
        return isinstance(exponent, int) and -exponent <= self.exponent(currency)

    def exponent(self, currency: str) -> int:
        return 0 if currency in self.WHOLE else 2

    def text(self, amount: Decimal) -> str:
        """As it goes out: digits and at most one point, whatever the locale."""
        return format(amount, "f")

    def minor(self, amount: str, currency: str) -> int:
        """Whole minor units of what the ledger keeps."""
        return int(Decimal(amount).scaleb(self.exponent(currency)))

    def major(self, minor: int, currency: str) -> str:
        return self.text(Decimal(minor).scaleb(-self.exponent(currency)))
