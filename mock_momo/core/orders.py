"""From the body of a create to an order, and from a path to an account holder."""

import re

from mock_momo.core.calls import Call, OrderFacts, PartyFacts, Unreadable
from mock_momo.core.namespace import Namespace
from mock_momo.core.payments import Order
from mock_momo.core.replies import Refused
from momo_contracts import resources, wire_errors
from momo_contracts.errors import InvalidValue
from momo_contracts.operations import Operation
from momo_contracts.values import (
    HOLDER_TYPES,
    MSISDN_FORM,
    UUID_FORM,
    Party,
    parse_amount,
    parse_reference_id,
)

_PARTY_IDS = {
    "MSISDN": re.compile(MSISDN_FORM, re.ASCII),
    "EMAIL": re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}"),
    "PARTY_CODE": re.compile(UUID_FORM),
}
"""What the published texts say of party ids: E.164, e-mail, UUID."""

_RIGHT = {
    "MSISDN": "MSISDN; write digits that begin with the country code, no plus",
    "EMAIL": "EMAIL; write somebody@somewhere",
    "PARTY_CODE": "PARTY_CODE; write a UUID",
}


def read_order(namespace: Namespace, operation: Operation, call: Call) -> Order:
    """The order in a create's body. Raises Refused."""
    settings = namespace.settings
    facts = call.body
    if not isinstance(facts, OrderFacts):
        is_empty = isinstance(facts, Unreadable) and facts.is_empty
        error = wire_errors.EMPTY_BODY if is_empty else wire_errors.BAD_REQUEST
        raise Refused(error, f"the body is not right: {problem_of(facts)}")
    party = _party(namespace, operation, facts)
    if facts.amount is None or facts.currency is None:
        where = "" if operation.resource.party or facts.refunds else ' as "money"'
        raise Refused(wire_errors.BAD_REQUEST, f"the body must have amount and currency{where}")
    try:
        amount = parse_amount(facts.amount)
    except InvalidValue as problem:
        raise Refused(wire_errors.BAD_REQUEST, str(problem)) from None
    _check_notes(facts, 160 if settings.switches.note_length == "160" else 128)
    if settings.switches.validation == "strict":
        _check_strictly(facts, party, settings.target_environment.currency.scale)
    currency = settings.target_environment.currency.code
    if facts.currency != currency:
        raise Refused(
            wire_errors.INVALID_CURRENCY,
            f"currency is {facts.currency[:20]!r}; this target environment has {currency!r}",
        )
    return Order(
        operation,
        amount,
        currency,
        party,
        facts.external_id,
        facts.payer_message,
        facts.payee_note,
        _original(facts) if operation.resource is resources.REFUND else None,
    )


def read_holder(facts: PartyFacts | None, *, is_strict: bool) -> Party:
    """The account holder that a path names, its type in any case: clients send both.

    Raises Refused.
    """
    kind = (facts.id_type or "").lower() if facts else ""
    if facts is None or not facts.id or kind not in HOLDER_TYPES:
        raise Refused(
            wire_errors.BAD_REQUEST,
            f"the path must name an account holder as /{'|'.join(HOLDER_TYPES)}/<id>",
            is_assumed=True,
        )
    holder = Party(kind.upper(), facts.id)
    if is_strict:
        _check_party(holder)
    return holder


def problem_of(facts: object) -> str:
    """What is wrong with a body, in words."""
    return facts.problem if isinstance(facts, Unreadable) else "a field is missing"


def _party(namespace: Namespace, operation: Operation, facts: OrderFacts) -> Party | None:
    """The other side. That of a refund is the payer of what it pays back, where that is known."""
    if operation.resource is resources.REFUND:
        original = namespace.engine.payments.get(facts.refunds or "")
        is_payer = original and original.order.made_by.resource is resources.REQUEST_TO_PAY
        return original.order.party if original and is_payer else None
    role = operation.resource.party
    if not role:
        return None
    given = facts.party
    if given is None:
        raise Refused(wire_errors.BAD_REQUEST, f"the body must have amount, currency and {role}")
    if given.id_type and given.id:
        return Party(given.id_type, given.id)
    if not given.id_type and not given.id:
        raise Refused(wire_errors.EMPTY_PARTY, f"{role} is empty; give partyIdType and partyId")
    raise Refused(wire_errors.BAD_REQUEST, f"{role} needs both partyIdType and partyId")


def _original(facts: OrderFacts) -> str:
    try:
        return parse_reference_id(facts.refunds or "")
    except InvalidValue:
        raise Refused(
            wire_errors.BAD_REQUEST,
            f"referenceIdToRefund is {(facts.refunds or '')[:80]!r}; it must be the reference id "
            "of a request to pay",
        ) from None


def _check_notes(facts: OrderFacts, longest: int) -> None:
    payer_message, payee_note = len(facts.payer_message or ""), len(facts.payee_note or "")
    if payer_message <= longest and payee_note <= longest:
        return
    name = "payerMessage" if payer_message > longest else "payeeNote"
    raise Refused(
        wire_errors.BAD_REQUEST,
        f"{name} has {max(payer_message, payee_note)} characters; it may have {longest}",
    )


def _check_strictly(facts: OrderFacts, party: Party | None, scale: int) -> None:
    decimals = len((facts.amount or "").partition(".")[2])
    if decimals > scale:
        raise Refused(
            wire_errors.BAD_REQUEST,
            f"amount {(facts.amount or '')[:40]!r} has {decimals} decimals; "
            f"the currency has {scale}",
        )
    if party is not None and facts.refunds is None:
        _check_party(party)


def _check_party(party: Party) -> None:
    """By the published letter; an alias or id has no form (assumed)."""
    form = _PARTY_IDS.get(party.id_type)
    if party.id_type not in (*_PARTY_IDS, "ALIAS", "ID"):
        raise Refused(
            wire_errors.BAD_REQUEST,
            f"partyIdType is {party.id_type[:40]!r}; it must be one of {', '.join(_PARTY_IDS)}",
        )
    if form is not None and not form.fullmatch(party.id):
        raise Refused(
            wire_errors.BAD_REQUEST,
            f"partyId {party.id[:60]!r} is no right {_RIGHT[party.id_type]}",
        )
