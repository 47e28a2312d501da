"""The wallet layer: from a request to a checked command, or to the wallet's refusal.

One reader per kind of operation; the order of the checks in each is the order of its lines:
credentials, reference id, target environment, plan, callback URL, body. Source: assumed order;
statuses as cited in `momo_contracts.wire_errors`.
"""

from collections.abc import Callable, Mapping

from mock_momo.core.authentication import authenticate_basic, authenticate_bearer
from mock_momo.core.callback_terms import CallbackTerms
from mock_momo.core.callback_urls import callback_remark, check_callback_url
from mock_momo.core.calls import ApiUserFacts, Call, NotificationFacts, TokenFacts
from mock_momo.core.commands import (
    Command,
    CreateApiKey,
    CreateApiUser,
    CreatePayment,
    IssueToken,
    Notify,
    ReadActive,
    ReadApiUser,
    ReadBalance,
    ReadPerson,
    ReadStatus,
)
from mock_momo.core.draws import INCIDENTS, draw_number
from mock_momo.core.namespace import Namespace
from mock_momo.core.numbers import plan_by_order
from mock_momo.core.orders import problem_of, read_holder, read_order
from mock_momo.core.replies import Refused
from momo_contracts import wire_errors
from momo_contracts.errors import InvalidPlan, InvalidValue
from momo_contracts.operations import Kind, Operation
from momo_contracts.plans import Plan, parse_plan
from momo_contracts.values import NOTIFICATION_LENGTH, Party, parse_reference_id


def read(namespace: Namespace, operation: Operation, call: Call, now_ms: int) -> Command:
    """The command that this request asks for. Raises Refused."""
    return _READERS[operation.kind](namespace, operation, call, now_ms)


def _create_api_user(
    namespace: Namespace, _operation: Operation, call: Call, _now_ms: int
) -> Command:
    reference_id = _uuid(call.reference_id, "X-Reference-Id")
    facts = call.body
    if not isinstance(facts, ApiUserFacts) or not facts.callback_host:
        raise Refused(
            wire_errors.BAD_REQUEST,
            f'the body must be {{"providerCallbackHost":"your.host"}}; {problem_of(facts)}',
        )
    products = namespace.credentials.products_of(call.subscription_key or "")
    product = products[0] if len(products) == 1 else None
    return CreateApiUser(reference_id, facts.callback_host, product)


def _read_api_user(
    _namespace: Namespace, _operation: Operation, call: Call, _now_ms: int
) -> Command:
    return ReadApiUser(_uuid(call.resource_id, "the API user in the path"))


def _create_api_key(
    _namespace: Namespace, _operation: Operation, call: Call, _now_ms: int
) -> Command:
    return CreateApiKey(_uuid(call.resource_id, "the API user in the path"))


def _create_token(namespace: Namespace, operation: Operation, call: Call, _now_ms: int) -> Command:
    if isinstance(call.body, TokenFacts) and not call.body.is_empty:
        _token_body(namespace, operation, is_form=call.body.is_form)
    return IssueToken(authenticate_basic(namespace, call.authorization or ""))


def _create(namespace: Namespace, operation: Operation, call: Call, now_ms: int) -> Command:
    api_user = authenticate_bearer(namespace, call.authorization or "", now_ms)
    reference_id = _uuid(call.reference_id, "X-Reference-Id")
    _target_environment(namespace, operation, call, api_user)
    planned = _planned(call.outcome)
    settings = namespace.settings
    if call.callback_url is not None:
        registered = namespace.engine.api_users[api_user].callback_host
        check_callback_url(call.callback_url, registered, settings.switches.callback_scheme)
    order = read_order(namespace, operation, call)
    party_id, environment = order.party.id if order.party else "", settings.target_environment.name
    plan = (
        planned
        or plan_by_order(operation.resource, party_id, order.amount, environment, settings.switches)
        or settings.plan
    )
    if call.callback_url is None:
        return CreatePayment(reference_id, order, plan, None)
    is_lost = settings.switches.callback_delivery == "never"
    terms = CallbackTerms(call.callback_url, is_dropped=is_lost)
    return CreatePayment(reference_id, order, plan, terms, callback_remark(call.callback_url))


def _read_status(namespace: Namespace, operation: Operation, call: Call, now_ms: int) -> Command:
    return ReadStatus(operation, _resource(namespace, operation, call, now_ms))


def _notify(namespace: Namespace, operation: Operation, call: Call, now_ms: int) -> Command:
    reference_id = _resource(namespace, operation, call, now_ms)
    facts = call.body
    message = facts.message if isinstance(facts, NotificationFacts) else None
    message = message or call.headers.get("notificationMessage")
    if not message or len(message) > NOTIFICATION_LENGTH:
        raise Refused(
            wire_errors.BAD_REQUEST,
            f"notificationMessage must have 1 to {NOTIFICATION_LENGTH} characters; "
            + (f"it has {len(message)}" if message else problem_of(facts)),
        )
    return Notify(operation, reference_id)


def _read_balance(namespace: Namespace, operation: Operation, call: Call, now_ms: int) -> Command:
    api_user = authenticate_bearer(namespace, call.authorization or "", now_ms)
    _target_environment(namespace, operation, call, api_user)
    ours = namespace.settings.target_environment.currency.code
    if call.names and call.names[-1] != ours:
        raise Refused(
            wire_errors.INVALID_CURRENCY,
            f"the path asks for {call.names[-1][:20]!r}; this target environment has {ours!r}",
            is_assumed=True,
        )
    return ReadBalance()


def _read_active(namespace: Namespace, operation: Operation, call: Call, now_ms: int) -> Command:
    return ReadActive(_holder(namespace, operation, call, now_ms))


def _read_person(namespace: Namespace, operation: Operation, call: Call, now_ms: int) -> Command:
    return ReadPerson(_holder(namespace, operation, call, now_ms))


def _holder(namespace: Namespace, operation: Operation, call: Call, now_ms: int) -> Party:
    api_user = authenticate_bearer(namespace, call.authorization or "", now_ms)
    _target_environment(namespace, operation, call, api_user)
    return read_holder(call.holder, is_strict=namespace.settings.switches.validation == "strict")


def _resource(namespace: Namespace, operation: Operation, call: Call, now_ms: int) -> str:
    api_user = authenticate_bearer(namespace, call.authorization or "", now_ms)
    reference_id = _uuid(call.resource_id, "the reference id in the path")
    _target_environment(namespace, operation, call, api_user)
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


def _token_body(namespace: Namespace, operation: Operation, *, is_form: bool) -> None:
    """A body where none is wanted. Raises Refused where the switch wants it so."""
    switch = namespace.settings.switches.token_body
    why = "the token operation takes no body; send Content-Length: 0"
    if switch == "refused":
        raise Refused(wire_errors.BAD_REQUEST, why)
    if switch == "form_meets_waf" and is_form:
        arrival = str(namespace.calls[operation.name])
        incident = draw_number(
            namespace.settings.seed, "incident", operation.name, arrival, below=INCIDENTS
        )
        raise Refused(wire_errors.WAF_REJECTED, why, incident=incident)


def _target_environment(
    namespace: Namespace, operation: Operation, call: Call, api_user: str
) -> None:
    wanted, given = namespace.settings.target_environment.name, call.target_environment
    if not given:
        raise Refused(
            wire_errors.BAD_REQUEST,
            f"X-Target-Environment is missing; send {wanted!r}",
            is_assumed=True,
        )
    if given != wanted:
        raise Refused(
            wire_errors.NOT_ALLOWED_TARGET_ENVIRONMENT,
            f"X-Target-Environment is {given[:80]!r}; this namespace is {wanted!r} "
            "(another: serve --profile)",
        )
    if namespace.settings.switches.api_user_scope == "own_product":
        own = namespace.engine.api_users[api_user].product
        if own is not None and own is not operation.product:
            raise Refused(
                wire_errors.NOT_ALLOWED_TARGET_ENVIRONMENT,
                f"this API user was made with the {own} key; make one with the "
                f"{operation.product} key",
            )


def _planned(outcome: str | None) -> Plan | None:
    try:
        return None if outcome is None else parse_plan(outcome)
    except InvalidPlan as problem:
        raise Refused(
            wire_errors.INVALID_PLAN, f"X-Mock-Outcome: {problem}", is_ours=True
        ) from None


Reader = Callable[[Namespace, Operation, Call, int], Command]
_READERS: Mapping[Kind, Reader] = {
    Kind.CREATE_API_USER: _create_api_user,
    Kind.READ_API_USER: _read_api_user,
    Kind.CREATE_API_KEY: _create_api_key,
    Kind.CREATE_TOKEN: _create_token,
    Kind.CREATE: _create,
    Kind.READ_STATUS: _read_status,
    Kind.NOTIFY: _notify,
    Kind.READ_BALANCE: _read_balance,
    Kind.READ_ACTIVE: _read_active,
    Kind.READ_PERSON: _read_person,
}
