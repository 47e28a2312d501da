"""Input that the published definitions do not allow, by what is wrong with it."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from momo_conformance.server.caller import ENVIRONMENT, Headers, Json

_NOTE_LENGTH = 160
_NO_TEXTS: Mapping[str, object] = {"number": 5, "list": [], "object": {}, "true": True}
_NO_AMOUNTS = ("", "0", "-5", "abc", "1e3", "1,50", "0x10", "NaN", "1.", "\u0665")
_TEXTS = ("amount", "currency", "payerMessage", "payeeNote")
_REQUIRED = ("amount", "currency", "payer")


def _with(name: str, value: object) -> Callable[[Json], Json]:
    return lambda order: order | {name: value}


def _without(name: str) -> Callable[[Json], Json]:
    return lambda order: {key: value for key, value in order.items() if key != name}


def _as(text: str) -> Callable[[Json], str]:
    return lambda _order: text


_Spoil = Callable[[Json], Json | str]
INVALID_ORDERS: Mapping[str, _Spoil] = MappingProxyType(
    {
        "no body": _as(""),
        "no JSON": _as("{"),
        "a list": _as("[]"),
        "null": _as("null"),
        "nothing in it": _as("{}"),
        **{f"no {name}": _without(name) for name in _REQUIRED},
        **{f"amount {text!r}": _with("amount", text) for text in _NO_AMOUNTS},
        **{
            f"{name} is a {kind}": _with(name, value)
            for name in _TEXTS
            for kind, value in _NO_TEXTS.items()
        },
        **{f"payer is a {kind}": _with("payer", value) for kind, value in _NO_TEXTS.items()},
        "payer without a number": _with("payer", {"partyIdType": "MSISDN"}),
        "another currency": _with("currency", "ZZZ"),
        "a long message": _with("payerMessage", "x" * (_NOTE_LENGTH + 1)),
        "a long note": _with("payeeNote", "x" * (_NOTE_LENGTH + 1)),
    }
)
"""By name, what makes a request to pay invalid."""

INVALID_HEADERS: tuple[Headers, ...] = (
    {ENVIRONMENT: None},
    {ENVIRONMENT: "nowhere"},
    {"X-Callback-Url": "https://elsewhere.example/heard"},
    {"X-Callback-Url": ""},
)
"""What else makes a create invalid."""


def spoilt(order: Json, name: str) -> bytes:
    """The body of a request to pay, with this wrong about it."""
    found = INVALID_ORDERS[name](order)
    return (found if isinstance(found, str) else json.dumps(found)).encode()
