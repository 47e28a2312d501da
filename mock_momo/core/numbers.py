"""The sandbox's own test values: who pays or is paid, or how much, chooses the outcome.

A number means different things to different operations; any other succeeds. The sandbox's numbers
work everywhere; a twin, only in its own target environment: it is a valid mobile number of MTN
there, for clients that check, and ends in the same three digits.

No source names the field that selects a refund's scenarios 1 to 13 or a balance's: use a rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from momo_contracts import resources
from momo_contracts.lifecycle import State
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import After, Immediate, Plan, plan_for
from momo_contracts.resources import Resource
from momo_contracts.switches import Switches

ONGOING, DELAYED = "453", "454"
_DELAY = After(25_000)


def _failed(reason: str | None = None) -> Plan:
    return plan_for(Outcome.FAILED, reason=reason)


_PAYING: Mapping[str, Plan] = {
    "450": _failed(),
    "451": plan_for(Outcome.REJECTED),
    "452": plan_for(Outcome.TIMEOUT),
    ONGOING: plan_for(Outcome.PENDING),
    DELAYED: plan_for(Outcome.SUCCESSFUL, progression=_DELAY, pending_state=State.CREATED),
    "455": _failed("PAYER_NOT_FOUND"),
    "456": _failed("PAYEE_NOT_ALLOWED_TO_RECEIVE"),
    "457": _failed("NOT_ALLOWED"),
    "458": _failed("NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "459": _failed("INVALID_CALLBACK_URL_HOST"),
    "460": _failed("INVALID_CURRENCY"),
    "461": _failed("INTERNAL_PROCESSING_ERROR"),
    "462": _failed("SERVICE_UNAVAILABLE"),
    "463": _failed("COULD_NOT_PERFORM_TRANSACTION"),
    "464": _failed(),
}
_TRANSFER: Mapping[str, Plan] = {
    **_PAYING,
    DELAYED: plan_for(Outcome.SUCCESSFUL, progression=_DELAY),
    "455": _failed("NOT_ENOUGH_FUNDS"),
    "456": _failed("PAYER_LIMIT_REACHED"),
    "457": _failed("PAYEE_NOT_FOUND"),
    "458": _failed("NOT_ALLOWED"),
    "459": _failed("NOT_ALLOWED_TARGET_ENVIRONMENT"),
    "460": _failed("INVALID_CALLBACK_URL_HOST"),
    "461": _failed("INVALID_CURRENCY"),
    "462": _failed("INTERNAL_PROCESSING_ERROR"),
    "463": _failed("SERVICE_UNAVAILABLE"),
}
PLANS: Mapping[str, Mapping[str, Plan]] = MappingProxyType(
    {
        resources.REQUEST_TO_PAY.name: _PAYING,
        resources.REQUEST_TO_WITHDRAW.name: _PAYING,
        resources.DEPOSIT.name: _PAYING,
        resources.TRANSFER.name: _TRANSFER,
    }
)
"""By resource, then by the number's last three digits: the plan of a payment."""

_USUAL = "documented, observed"
_TWIN = "mission: a twin of the sandbox's number, for clients that check numbers"
_UNKNOWN_TYPE = "documented, assumed: that it fails; its reason is assumed"
_PENDING_AMOUNT = "documented, assumed: how long it is pending is assumed"
_PROVENANCES: Mapping[tuple[str, str], str] = {
    **{(name, ONGOING): "documented, observed 2026: for 45 s" for name in PLANS},
    **{(name, DELAYED): "documented, observed 2026: see the switch delayed" for name in PLANS},
    **{(name, "464"): _UNKNOWN_TYPE for name in PLANS},
}
"""Of those that are not `_USUAL`."""

AMOUNTS: Mapping[Decimal, Plan] = MappingProxyType(
    {
        Decimal(1000): plan_for(Outcome.SUCCESSFUL),
        Decimal(2000): _failed(),
        Decimal(3000): plan_for(Outcome.SUCCESSFUL, progression=_DELAY),
        Decimal(4000): plan_for(Outcome.FAILED, progression=_DELAY),
        Decimal(5000): plan_for(Outcome.PENDING),
        Decimal(6000): plan_for(Outcome.PENDING),
        Decimal(7000): _failed(),
    }
)
"""By amount: the plan of a v2_0/payment."""

_NOT_ACTIVE = "not active"
_ACTIVE: Mapping[str, str] = {
    "450": "RESOURCE_NOT_FOUND",
    "451": _NOT_ACTIVE,
    "452": "NOT_ALLOWED",
    "453": "NOT_ALLOWED_TARGET_ENVIRONMENT",
    "454": "INTERNAL_PROCESSING_ERROR",
    "455": "SERVICE_UNAVAILABLE",
}
_HOLDERS: Mapping[str, str] = {
    "notfound@email.com": _ACTIVE["450"],
    "notactive@email.com": _ACTIVE["451"],
    "notallowed@email.com": _ACTIVE["452"],
    "notallowedtargetenvironment@email.com": _ACTIVE["453"],
    "internalprocessingerror@email.com": _ACTIVE["454"],
    "serviceunavailable@email.com": _ACTIVE["455"],
    "5cecb5a7-8bd0-4f49-87b1-8eb9ecc7b7bc": _ACTIVE["450"],
    "b0040b3c-b426-4a90-af6e-673e65861cd7": _ACTIVE["451"],
    "4d5f500f-c385-4901-9be5-25b6d36ad220": _ACTIVE["452"],
    "d2265f9b-0c22-496d-908f-79a65ad66266": _ACTIVE["453"],
    "8f548a78-ceb8-4d12-a243-5640b91e91a4": _ACTIVE["454"],
    "585c07a4-2c80-42f7-9e73-e586b36dee68": _ACTIVE["455"],
}
"""E-mail addresses and party codes of account holders (documented)."""

_DIGITS = frozenset({*_PAYING, *_ACTIVE})
SANDBOX_PREFIX = "46733123"
TWIN_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "mtnuganda": "256773123",
        "mtnghana": "233243123",
        "mtnivorycoast": "2250512345",
        "mtnbenin": "2290197123",
        "mtnzambia": "260960000",
        "mtncameroon": "237670123",
        "mtncongo": "242066123",
        "mtnswaziland": "26876123",
        "mtnguineaconakry": "224664123",
        "mtnsouthafrica": "27831234",
        "mtnliberia": "231886123",
        "mtnrwanda": "250788123",
        "mtnsouthsudan": "211921123",
        "mtnnigeria": "2348031234",
    }
)
"""All but the last three digits."""


@dataclass(frozen=True, slots=True)
class ChoosingValue:
    """A value that chooses an answer of the operations on a resource; for people."""

    resource: str
    value: str
    answer: str
    provenance: str


def plan_by_order(
    resource: Resource, party_id: str, amount: Decimal, environment: str, switches: Switches
) -> Plan | None:
    """The plan that a new payment's party, or amount, chooses; None for any other."""
    if resource is resources.PAYMENT:
        return AMOUNTS.get(amount)
    plans = PLANS.get(resource.name)
    digits = _last_digits(party_id, environment) if plans else None
    if plans is None or digits is None:
        return None
    if digits == ONGOING and switches.ongoing == "successful_30_s":
        return plan_for(Outcome.SUCCESSFUL, progression=After(30_000))
    if digits == DELAYED and switches.delayed != "created_25_s":
        return _delayed(switches)
    return plans.get(digits)


def is_ongoing(party_id: str, environment: str) -> bool:
    """True for the number whose payments never end."""
    return _last_digits(party_id, environment) == ONGOING


def active_answer(holder_id: str, environment: str) -> bool | str:
    """Is this account holder active? A text is the code of the error that answers instead."""
    digits = _last_digits(holder_id, environment)
    answer = _ACTIVE.get(digits) if digits else _HOLDERS.get(holder_id.lower())
    return True if answer is None else answer != _NOT_ACTIVE and answer


def choosing_values(environment: str) -> Iterator[ChoosingValue]:
    """All that choose something in this target environment: the sandbox's, then their twins."""
    twins = [TWIN_PREFIXES[environment]] if environment in TWIN_PREFIXES else []
    for prefix in (SANDBOX_PREFIX, *twins):
        is_twin = prefix != SANDBOX_PREFIX
        for resource, plans in PLANS.items():
            for digits, plan in plans.items():
                provenance = _TWIN if is_twin else _PROVENANCES.get((resource, digits), _USUAL)
                yield ChoosingValue(resource, prefix + digits, str(plan), provenance)
        for digits, answer in _ACTIVE.items():
            provenance = _TWIN if is_twin else _USUAL
            yield ChoosingValue("active", prefix + digits, answer, provenance)
    for holder, answer in _HOLDERS.items():
        yield ChoosingValue("active", holder, answer, "documented")
    for amount, plan in AMOUNTS.items():
        provenance = "documented" if plan.progression == Immediate() else _PENDING_AMOUNT
        name = resources.PAYMENT.name
        yield ChoosingValue(name, f"amount {amount}", str(plan), provenance)


def _last_digits(party_id: str, environment: str) -> str | None:
    """Of a test number, written with blanks or a leading plus too (assumed)."""
    written = party_id.strip()
    digits = written[-3:]
    if digits not in _DIGITS:
        return None
    front = written[:-3].removeprefix("+")
    if front == SANDBOX_PREFIX or front == TWIN_PREFIXES.get(environment):
        return digits
    return None


def _delayed(switches: Switches) -> Plan:
    if switches.delayed == "created":
        return plan_for(Outcome.PENDING, pending_state=State.CREATED)
    return plan_for(Outcome.SUCCESSFUL, progression=_DELAY)
