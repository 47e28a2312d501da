"""Calls as an edge would hand them to the core, right unless told otherwise."""

from base64 import b64encode
from dataclasses import replace

from mock_momo.core.calls import Call, OrderFacts, PartyFacts
from mock_momo.core.commands import IssueToken
from mock_momo.core.namespace import Namespace
from mock_momo.core.replies import TokenIssued
from mock_momo.core.routes import find
from momo_contracts.values import Product

NOW_MS = 1_700_000_000_000
REFERENCE_ID = "7a3e1c9a-3b5e-4a54-9d5a-111111111111"
PAYER = PartyFacts("MSISDN", "46733123999")
ORDER = OrderFacts("5", "EUR", "7", PAYER, "message", "note")
REQUEST_TO_PAY = "/collection/v1_0/requesttopay"
BALANCE = "/collection/v1_0/account/balance"
TOKEN = "/collection/token/"


def bearer(namespace: Namespace, now_ms: int = NOW_MS) -> str:
    """A fresh token of the namespace's API user, as an Authorization header has it."""
    reply, _ = namespace.engine.submit(IssueToken(namespace.credentials.api_user), now_ms)
    assert isinstance(reply, TokenIssued)
    return f"Bearer {reply.token}"


def basic(user: str, key: str) -> str:
    return f"Basic {b64encode(f'{user}:{key}'.encode()).decode()}"


def call(namespace: Namespace, method: str, path: str, **changes: object) -> Call:
    """A call with everything its namespace wants; `changes` replace fields of it."""
    operation, names = find(method, path)
    is_about = names and (operation is None or "{reference_id}" in operation.path)
    product = (operation.product if operation else None) or Product.COLLECTION
    right = Call(
        method=method,
        path=path,
        operation=operation,
        names=names,
        resource_id=names[0] if is_about else None,
        has_length=True,
        body=ORDER if path == REQUEST_TO_PAY else None,
        subscription_key=namespace.credentials.subscription_keys[product],
        authorization=bearer(namespace) if path != TOKEN else _basic_of(namespace),
        reference_id=REFERENCE_ID,
        target_environment="sandbox",
        callback_url=None,
        outcome=None,
        headers={},
    )
    return replace(right, **changes)  # type: ignore[arg-type]  # fields by name


def _basic_of(namespace: Namespace) -> str:
    return basic(namespace.credentials.api_user, namespace.credentials.api_key)
