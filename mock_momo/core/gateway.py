"""The gateway layer: what MTN's API gateway refuses before the wallet hears of a request.

The order is the table `CHECKS`, then the route, then the rate limit. Source: assumed order that
fits every capture.
"""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address

from mock_momo.core import wallet
from mock_momo.core.calls import Call, Oversized
from mock_momo.core.commands import CreatePayment
from mock_momo.core.effects import Effect
from mock_momo.core.namespace import Namespace
from mock_momo.core.replies import Refusal, Refused, Reply
from mock_momo.core.routes import NAMESPACE_PREFIX, is_provisioning, product_of, split_namespace
from mock_momo.core.rules import NOTHING, Shaping
from momo_contracts.operations import UNSERVED, Operation, is_served
from momo_contracts.values import Product
from momo_contracts.wire_errors import (
    BODY_TOO_LARGE,
    FORBIDDEN,
    INVALID_SUBSCRIPTION_KEY,
    LENGTH_REQUIRED,
    MISSING_SUBSCRIPTION_KEY,
    RATE_LIMITED,
    TOKEN_PATH_WITHOUT_SLASH,
    UNKNOWN_ROUTE,
)


def answer(
    namespace: Namespace, call: Call, now_ms: int, shaping: Shaping = NOTHING
) -> tuple[Reply, tuple[Effect, ...]]:
    """Take a request through both layers to the engine."""
    for check in CHECKS:
        refusal = check(namespace, call)
        if refusal is not None:
            return refusal, ()
    if call.operation is None or not is_served(call.operation, namespace.settings.switches):
        return _no_route(namespace, call), ()
    limited = _rate_limit(namespace, call, now_ms)
    if limited is not None:
        return limited, ()
    try:
        command = wallet.read(namespace, call.operation, call, now_ms)
    except Refused as refused:
        return refused.refusal, ()
    if shaping is not NOTHING and isinstance(command, CreatePayment):
        command = _shaped(command, shaping, is_explicit=call.outcome is not None)
    return namespace.engine.submit(command, now_ms)


def _shaped(command: CreatePayment, shaping: Shaping, *, is_explicit: bool) -> CreatePayment:
    """The payment as rules and faults want it."""
    plan, callback = shaping.plan(command.plan, is_explicit=is_explicit), command.callback
    if callback is not None:
        callback = shaping.reroute(callback)
    return replace(command, plan=plan, callback=callback)


def _size(_namespace: Namespace, call: Call) -> Refusal | None:
    if not isinstance(call.body, Oversized):
        return None
    return Refusal(BODY_TOO_LARGE, f"the body is larger than {call.body.limit} bytes")


def _length(_namespace: Namespace, call: Call) -> Refusal | None:
    if call.method != "POST" or call.has_length:
        return None
    return Refusal(
        LENGTH_REQUIRED,
        "a POST without a body must say Content-Length: 0 (with curl, add -d '')",
    )


def _subscription_key(namespace: Namespace, call: Call) -> Refusal | None:
    product = call.operation.product if call.operation else product_of(call.path)
    if product is None and not is_provisioning(call.path):
        return None
    keys = namespace.credentials.subscription_keys
    wanted = (keys[product],) if product else tuple(keys.values())
    key = call.subscription_key
    if not key:
        return Refusal(
            MISSING_SUBSCRIPTION_KEY,
            f"send {_described(product)} subscription key in Ocp-Apim-Subscription-Key",
        )
    if key not in wanted:
        return Refusal(INVALID_SUBSCRIPTION_KEY, _why_key(namespace, product, key))
    return None


def _client_ip(namespace: Namespace, call: Call) -> Refusal | None:
    """Only who is on the list may move money out of production (observed: 403)."""
    admitted = namespace.settings.admitted
    if admitted is None or product_of(call.path) not in (Product.DISBURSEMENT, Product.REMITTANCE):
        return None
    try:
        address = ip_address(call.client_ip)
    except ValueError:
        return None
    if any(address in network for network in admitted):
        return None
    return Refusal(
        FORBIDDEN,
        f"{call.client_ip} is not on the list of IP addresses of namespace '{namespace.name}'; "
        "add it: serve --allow-ip",
    )


def _no_route(namespace: Namespace, call: Call) -> Refusal:
    if call.method == "POST" and call.path in _TOKEN_PATHS:
        why = f"the token path ends in a slash: {call.path}/"
        return Refusal(TOKEN_PATH_WITHOUT_SLASH, why)
    if call.operation is not None:
        return Refusal(UNKNOWN_ROUTE, _who_took_it_away(namespace, call.operation))
    if call.path.startswith(NAMESPACE_PREFIX):
        name = (split_namespace(call.path)[0] or "")[:80]
        why = f"no namespace {name!r}; create it with PUT /_mock/v1/namespaces/{name}"
        return Refusal(UNKNOWN_ROUTE, why, is_ours=True)
    asked = f"{call.method} {call.path[:200]}"
    product = product_of(call.path)
    if product and call.path.removeprefix(f"/{product}").startswith(UNSERVED):
        return Refusal(UNKNOWN_ROUTE, f"MTN has {asked}; this fake has not, yet", is_ours=True)
    return Refusal(UNKNOWN_ROUTE, f"the API has no {asked}")


def _who_took_it_away(namespace: Namespace, operation: Operation) -> str:
    is_provisioning = operation.product is None
    switch = "provisioning=open" if is_provisioning else "remittance_balance_in_currency=published"
    profile = namespace.settings.profile.name
    return f"profile {profile!r}, or a switch, has no {operation.name}; {switch} has it"


def _rate_limit(namespace: Namespace, call: Call, now_ms: int) -> Refusal | None:
    limiter = namespace.limiter
    wait_s = limiter.wait_s(call.subscription_key or "", now_ms)
    if wait_s is None:
        return None
    return Refusal(
        RATE_LIMITED,
        f"this subscription key has had its {limiter.limit}; wait {wait_s} s of namespace time, "
        "advance the clock, or set another rate_limit",
        retry_after_s=wait_s,
    )


def _why_key(namespace: Namespace, product: Product | None, key: str) -> str:
    for other, known in namespace.credentials.subscription_keys.items():
        if key == known:
            return f"this is the {other} key; {product} has its own"
    return (
        f"this is not {_described(product)} subscription key of namespace '{namespace.name}'; "
        "`mock-momo serve` prints the right one"
    )


def _described(product: Product | None) -> str:
    return f"the {product}" if product else "any product's"


Check = Callable[[Namespace, Call], Refusal | None]
CHECKS: tuple[Check, ...] = (_size, _length, _subscription_key, _client_ip)
_TOKEN_PATHS = frozenset(f"/{product}/token" for product in Product)
