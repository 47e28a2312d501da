"""The values that travel inside: frozen, validated, free of JSON.

`Msisdn` and the currency's scale bind the client. The fake keeps a party id opaque and takes any
plain positive decimal, as MTN's sandbox does (observed).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from momo_contracts import frozen
from momo_contracts.errors import InvalidValue

EXACT = Context(prec=100)
"""Books are never rounded; the default context would round a sum at 28 digits."""

_PLAIN_DECIMAL = re.compile(r"[0-9]{1,30}(\.[0-9]{1,18})?", re.ASCII)
UUID_FORM = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
UUID4_FORM = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
MSISDN_FORM = r"[1-9][0-9]{6,14}"
HOLDER_TYPES = ("msisdn", "email", "party_code", "alias", "id")
"""Of an account holder in a path: documented, in several spellings."""

NOTIFICATION_LENGTH = 160
"""Characters of a delivery notification (observed: one more is 400)."""

_UUID4 = re.compile(UUID4_FORM)
_MSISDN = re.compile(MSISDN_FORM, re.ASCII)


class Product(StrEnum):
    """The three products; each has its own subscription key (documented)."""

    COLLECTION = "collection"
    DISBURSEMENT = "disbursement"
    REMITTANCE = "remittance"

    __hash__ = str.__hash__  # as in `lifecycle.State`


class PartyIdType(StrEnum):
    """How a party is named in a body (documented: Party schema)."""

    MSISDN = "MSISDN"
    EMAIL = "EMAIL"
    PARTY_CODE = "PARTY_CODE"


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency; `scale` is its number of decimals."""

    code: str
    scale: int

    @staticmethod
    def of(code: str) -> "Currency":
        """Look a currency up by its code. Raises InvalidValue for one MoMo does not use."""
        try:
            return CURRENCIES[code]
        except KeyError:
            known = ", ".join(sorted(CURRENCIES))
            raise InvalidValue(f"currency {code!r} is not one of {known}") from None


_SCALES = {
    "EUR": 2,
    "GHS": 2,
    "GNF": 0,
    "LRD": 2,
    "NGN": 2,
    "RWF": 0,
    "SSP": 2,
    "SZL": 2,
    "UGX": 0,
    "USD": 2,
    "XAF": 0,
    "XOF": 0,
    "ZAR": 2,
    "ZMW": 2,
}
CURRENCIES: Mapping[str, Currency] = MappingProxyType(
    {code: Currency(code, scale) for code, scale in _SCALES.items()}
)
"""Scales: documented, ISO 4217. Which currencies MoMo uses: see `TARGET_ENVIRONMENTS`."""


@lru_cache(maxsize=1024)
def parse_amount(text: str) -> Decimal:
    """Read a plain positive decimal: digits, at most one point; no sign, exponent or blank.

    Raises InvalidValue. Source: documented (amount is a string), observed (a decimal point is
    accepted by the sandbox); positive only: documented.
    """
    if not _PLAIN_DECIMAL.fullmatch(text):
        raise InvalidValue(f"amount {text[:40]!r} is not a plain decimal such as '100' or '12.50'")
    amount = Decimal(text)
    if amount <= 0:
        raise InvalidValue(f"amount {text!r} is not above zero")
    return amount


def parse_reference_id(text: str) -> str:
    """Read a UUID version 4, as lower case. Raises InvalidValue."""
    if not _UUID4.fullmatch(text):
        raise InvalidValue(f"reference id {text[:80]!r} is not a UUID version 4")
    return text.lower()


def canonical_reference_id(text: str) -> str:
    """The one spelling of a reference id: a UUID version 4 in lower case, other text as it is."""
    return text.lower() if not text.islower() and _UUID4.fullmatch(text) else text


def normalise_amount(amount: Decimal) -> str:
    """The echo of an amount, trailing zeros dropped: 6.0 -> '6', 12.50 -> '12.5' (observed)."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


_TOO_MUCH = Decimal(10) ** 15
"""Assumed, and beyond any wallet: its minor units still fit a 64-bit integer."""

_LONGEST = 30
"""Digits before or after the point that are worth writing out to say what is wrong with them."""


def _plain(amount: Decimal) -> str:
    """A number as plain text; one that would be absurdly long is refused, not written out."""
    if not amount.is_finite() or abs(amount.adjusted()) > _LONGEST:
        raise InvalidValue(f"an amount must be a number from 0 to {_TOO_MUCH:f}")
    return format(amount, "f")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount that fits its currency's scale. The amount is a Decimal, never a float."""

    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal) or not self.amount.is_finite():
            raise InvalidValue(f"amount {self.amount!r} is not a finite Decimal")
        if self.amount.copy_abs() >= _TOO_MUCH:
            raise InvalidValue(f"an amount must stay below {_TOO_MUCH:f} {self.currency.code}")
        if self.amount != self.amount.quantize(self._unit):
            raise InvalidValue(
                f"{self.amount} has more decimals than {self.currency.code} "
                f"allows ({self.currency.scale}); round it before you pay"
            )

    @staticmethod
    def of(amount: Decimal | int | str, currency: str) -> "Money":
        """Build money for a payment from a Decimal, an int or plain text.

        Raises InvalidValue for floats, zero, negatives, exponents and excess decimals.
        """
        if isinstance(amount, bool) or not isinstance(amount, Decimal | int | str):
            raise InvalidValue(f"amount {amount!r} is a {type(amount).__name__}; pass a Decimal")
        text = amount if isinstance(amount, str) else _plain(Decimal(amount))
        return Money(parse_amount(text), Currency.of(currency))

    @staticmethod
    def of_minor(units: int, currency: Currency) -> "Money":
        """Build money from minor units (cents), as the ledger stores it; may be negative."""
        return Money(Decimal(units).scaleb(-currency.scale), currency)

    @property
    def minor_units(self) -> int:
        return int(self.amount.scaleb(self.currency.scale))

    @property
    def wire(self) -> str:
        """The amount as it is sent: a plain string with the currency's scale, '12.50'."""
        return format(self.amount.quantize(self._unit), "f")

    @property
    def _unit(self) -> Decimal:
        return Decimal(1).scaleb(-self.currency.scale)

    def __str__(self) -> str:
        return f"{self.wire} {self.currency.code}"


@dataclass(frozen=True, slots=True)
class Msisdn:
    """A phone number as E.164 digits with country code, no plus sign (documented)."""

    digits: str

    def __post_init__(self) -> None:
        if not _MSISDN.fullmatch(self.digits):
            raise InvalidValue(
                f"MSISDN {self.digits!r} is not 7 to 15 digits that begin with a country code"
            )

    @property
    def masked(self) -> str:
        """Safe to log: all but the country code's start and the last three digits are hidden."""
        return f"{self.digits[:3]}{'*' * (len(self.digits) - 6)}{self.digits[-3:]}"

    def __str__(self) -> str:
        return self.digits


@dataclass(frozen=True, slots=True)
class ReferenceId:
    """A resource's id: a UUID version 4, lower case (documented: X-Reference-Id)."""

    text: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", parse_reference_id(self.text))

    def __str__(self) -> str:
        return self.text


@frozen.dataclass(frozen=True, slots=True)
class Party:
    """A payer or payee. `id_type` stays text on the server, which keeps party ids opaque."""

    id_type: str
    id: str


@dataclass(frozen=True, slots=True)
class TargetEnvironment:
    """A value of X-Target-Environment, its only currency and its calling code."""

    name: str
    currency: Currency
    calling_code: str
    provenance: str

    @staticmethod
    def of(name: str) -> "TargetEnvironment":
        """Look an environment up by name. Raises InvalidValue for an unknown one."""
        try:
            return TARGET_ENVIRONMENTS[name]
        except KeyError:
            known = ", ".join(TARGET_ENVIRONMENTS)
            raise InvalidValue(f"target environment {name!r} is not one of {known}") from None


TARGET_ENVIRONMENTS: Mapping[str, TargetEnvironment] = MappingProxyType(
    {
        name: TargetEnvironment(name, CURRENCIES[currency], calling_code, provenance)
        for name, currency, calling_code, provenance in (
            ("sandbox", "EUR", "", "documented"),
            ("mtnuganda", "UGX", "256", "documented"),
            ("mtnghana", "GHS", "233", "documented"),
            ("mtnivorycoast", "XOF", "225", "documented"),
            ("mtnbenin", "XOF", "229", "documented"),
            ("mtnzambia", "ZMW", "260", "documented"),
            ("mtncameroon", "XAF", "237", "documented"),
            ("mtncongo", "XAF", "242", "documented"),
            ("mtnswaziland", "SZL", "268", "documented"),
            ("mtnguineaconakry", "GNF", "224", "documented"),
            ("mtnsouthafrica", "ZAR", "27", "observed"),
            ("mtnliberia", "LRD", "231", "assumed: LRD and USD wallets both exist"),
            ("mtnrwanda", "RWF", "250", "observed"),
            ("mtnsouthsudan", "SSP", "211", "assumed"),
            ("mtnnigeria", "NGN", "234", "assumed"),
        )
    }
)
