"""The wallet layer: from a request to a checked command, or to the wallet's refusal.

One reader per operation; the order of the checks in each is the order of its lines: credentials,
reference id, target environment, plan, callback host, body, currency. Source: assumed order;
statuses as cited in `momo_contracts.wire_errors`.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from mock_momo.core.authentication import authenticate_basic, authenticate_bearer
from mock_momo.core.callback_terms import CallbackTerms
from mock_momo.core.calls import ApiUserFacts, Call, OrderFacts, PartyFacts, Unreadable
from mock_momo.core.commands import (
    Command,
    CreateApiKey,
    CreateApiUser,
    IssueToken,
    ReadApiUser,
    ReadBalance,
    ReadPayment,
    ReadRequestToPay,
    RequestToPay,
)
from mock_momo.core.namespace import Namespace
from mock_momo.core.numbers import plan_by_payer
from mock_momo.core.payments import Order
from mock_momo.core.replies import Refused
from momo_contracts import operations, wire_errors
from momo_contracts.errors import InvalidPlan, InvalidValue
from momo_contracts.operations import Operation
from momo_contracts.plans import Plan, parse_plan
from momo_contracts.values import Party, parse_amount, parse_reference_id


def read(namespace: Namespace, operation: Operation, call: Call, now_ms: int) -> Command:
    """The command that this request asks for. Raises Refused."""
    return _READERS[operation.name](namespace, call, now_ms)


def _create_api_user(_namespace: Namespace, call: Call, _now_ms: int) -> Command:
    reference_id = _uuid(call.reference_id, "X-Reference-Id")
    facts = call.body
    if not isinstance(facts, ApiUserFacts) or not facts.callback_host:
        raise Refused(
            wire_errors.BAD_REQUEST,
            f'the body must be {{"providerCallbackHost":"your.host"}}; {_problem(facts)}',
        )
    return CreateApiUser(reference_id, facts.callback_host)


def _read_api_user(_namespace: Namespace, call: Call, _now_ms: int) -> Command:
    return ReadApiUser(_uuid(call.resource_id, "the API user in the path"))


def _create_api_key(_namespace: Namespace, call: Call, _now_ms: int) -> Command:
    return CreateApiKey(_uuid(call.resource_id, "the API user in the path"))


def _create_token(namespace: Namespace, call: Call, _now_ms: int) -> Command:
    return IssueToken(authenticate_basic(namespace, call.authorization or ""))


def _request_to_pay(namespace: Namespace, call: Call, now_ms: int) -> Command:
    api_user = authenticate_bearer(namespace, call.authorization or "", now_ms)
    reference_id = _uuid(call.reference_id, "X-Reference-Id")
    _target_environment(namespace, call)
    planned = _planned(call.outcome)
    _callback_host(call.callback_url, namespace.engine.api_users[api_user].callback_host)
    order = _order(call, namespace.settings.target_environment.currency.code)
    environment = namespace.settings.target_environment.name
    plan = planned or plan_by_payer(order.payer.id, environment) or namespace.settings.plan
    callback = CallbackTerms(call.callback_url) if call.callback_url else None
    return RequestToPay(reference_id, order, plan, callback)


def _read_request_to_pay(namespace: Namespace, call: Call, now_ms: int) -> Command:
    return ReadRequestToPay(_resource(namespace, call, now_ms))


def _read_payment(namespace: Namespace, call: Call, now_ms: int) -> Command:
    return ReadPayment(_resource(namespace, call, now_ms))


def _read_balance(namespace: Namespace, call: Call, now_ms: int) -> Command:
    authenticate_bearer(namespace, call.authorization or "", now_ms)
    _target_environment(namespace, call)
    return ReadBalance()


def _resource(namespace: Namespace, call: Call, now_ms: int) -> str:
    authenticate_bearer(namespace, call.authorization or "", now_ms)
    reference_id = _uuid(call.resource_id, "the reference id in the path")
    _target_environment(namespace, call)
    return reference_id


def _uuid(text: str | None, where: str) -> str:
    if text is None:
        raise Refused(wire_errors.BAD_REQUEST, f"{where} is missing; send a UUID version 4")
    try:
        return parse_reference_id(text)
    except InvalidValue:
        raise Refused(
            wire_errors.BAD_REQUEST, f"{where} is {text[:80]!r}; it must be a UUID version 4"
        ) from None


def _target_environment(namespace: Namespace, call: Call) -> None:
    wanted, given = namespace.settings.target_environment.name, call.target_environment
    if not given:
        raise Refused(wire_errors.BAD_REQUEST, f"X-Target-Environment is missing; send {wanted!r}")
    if given != wanted:
        raise Refused(
            wire_errors.NOT_ALLOWED_TARGET_ENVIRONMENT,
            f"X-Target-Environment is {given[:80]!r}; this namespace is {wanted!r} "
            "(another: serve --environment)",
        )


def _planned(outcome: str | None) -> Plan | None:
    try:
        return None if outcome is None else parse_plan(outcome)
    except InvalidPlan as problem:
        raise Refused(
            wire_errors.INVALID_PLAN, f"X-Mock-Outcome: {problem}", is_ours=True
        ) from None


def _callback_host(url: str | None, registered: str) -> None:
    """The host must equal the API user's; a port may differ (documented)."""
    if url is None:
        return
    if not url:
        raise Refused(wire_errors.BAD_REQUEST, "X-Callback-Url is empty; leave it out instead")
    if not (url.isascii() and url.isprintable()):
        raise Refused(
            wire_errors.BAD_REQUEST,
            "X-Callback-Url must be printable ASCII; percent-encode the rest",
        )
    host, allowed = _host(url), _host(registered)
    if not host or host != allowed:
        raise Refused(
            wire_errors.INVALID_CALLBACK_URL_HOST,
            f"X-Callback-Url names the host {host!r}; the API user registered {allowed!r}",
        )


def _host(url: str) -> str:
    """The host of a URL or of a bare host, lower case; empty for nonsense."""
    try:
        return urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""


def _order(call: Call, currency: str) -> Order:
    facts = call.body
    if not isinstance(facts, OrderFacts):
        raise Refused(wire_errors.BAD_REQUEST, f"the body is not right: {_problem(facts)}")
    if facts.amount is None or facts.currency is None or facts.payer is None:
        raise Refused(wire_errors.BAD_REQUEST, "the body must have amount, currency and payer")
    payer = _payer(facts.payer)
    try:
        amount = parse_amount(facts.amount)
    except InvalidValue as problem:
        raise Refused(wire_errors.BAD_REQUEST, str(problem)) from None
    if facts.currency != currency:
        raise Refused(
            wire_errors.INVALID_CURRENCY,
            f"currency is {facts.currency[:20]!r}; this target environment has {currency!r}",
        )
    return Order(amount, currency, payer, facts.external_id, facts.payer_message, facts.payee_note)


def _payer(facts: PartyFacts) -> Party:
    if facts.id_type and facts.id:
        return Party(facts.id_type, facts.id)
    if not facts.id_type and not facts.id:
        raise Refused(wire_errors.EMPTY_PARTY, "payer is empty; give partyIdType and partyId")
    raise Refused(wire_errors.BAD_REQUEST, "payer needs both partyIdType and partyId")


def _problem(facts: object) -> str:
    return facts.problem if isinstance(facts, Unreadable) else "a field is missing"


Reader = Callable[[Namespace, Call, int], Command]
_READERS: Mapping[str, Reader] = {
    operations.CREATE_API_USER.name: _create_api_user,
    operations.READ_API_USER.name: _read_api_user,
    operations.CREATE_API_KEY.name: _create_api_key,
    operations.CREATE_TOKEN.name: _create_token,
    operations.REQUEST_TO_PAY.name: _request_to_pay,
    operations.READ_REQUEST_TO_PAY.name: _read_request_to_pay,
    operations.READ_PAYMENT.name: _read_payment,
    operations.READ_BALANCE.name: _read_balance,
}
