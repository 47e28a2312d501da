"""A recorded answer as a row of a table, and the request that gets it from a fake on a socket."""

import asyncio
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field

from mock_momo.core.settings import Settings
from mock_momo.edge.documents.rule_messages import RuleMessage, rules_from
from momo_contracts.values import Product
from tests.mock_momo.core.calls import REFERENCE_ID, basic, bearer
from tests.mock_momo.edge.wire import PATIENCE_S, WALL_MS, Fake, Headers, compose

WALLET = {
    "Content-Type": "application/json;charset=utf-8",
    "Request-Context": "appId=cid-v1:e996501c-e721-4ac1-97ff-dc6887b85e8c",
    "X-XSS-Protection": "1; mode=block",
}
EMPTY = {name: WALLET[name] for name in ("Request-Context", "X-XSS-Protection")}
NO_STORE = {**WALLET, "Cache-Control": "no-store", "Pragma": "no-cache"}
GATEWAY = {"Content-Type": "application/json"}

_VOLATILE = {
    b"<uuid>": rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    b"<transaction>": rb"[0-9]{9,10}",
    b"<key>": rb"[0-9a-f]{32}",
    b"<support>": rb"[0-9]{20}",
    b"<jwt>": rb"eyJ0eXAiOiJKV1QiLCJhbGciOiJSMjU2In0\.[\w-]+\.[\w-]{342}",
}
_ENDS_OF_KEYS = ("Content-Length", "Date", "X-Mock-Rule", "X-Mock-Why")


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: right for its path but for `changes`, whose values may name `{facts}`."""

    line: str
    content: bytes = b""
    changes: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """What was asked, and the whole answer. `source` is where the answer was recorded.

    `body` may hold `<uuid>`, `<transaction>`, `<key>`, `<support>` and `<jwt>` for what differs
    each time; `size` is the recorded length. `before` is asked first; `fault` strikes the request.
    """

    source: str
    ask: Ask
    status: str
    headers: Mapping[str, str]
    body: bytes = b""
    size: int | None = None
    before: tuple[Ask, ...] = ()
    settings: Settings = field(default_factory=Settings)
    fault: object = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer as it came: the status line without its version, all headers, the body."""

    status: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def told(self) -> Mapping[str, str]:
        """The headers that a row lists: all but length, date and our own."""
        return {name: text for name, text in self.headers.items() if name not in _ENDS_OF_KEYS}


async def answer_to(fake: Fake, row: Row) -> Recorded:
    """Set the world up, ask what comes before, then what the row is about."""
    fake.registry.default.replace(WALL_MS, row.settings, ())
    for earlier in row.before:
        assert (await ask(fake, earlier)).status[0] == "2", earlier
    if row.fault is not None:
        rule = {"name": "recorded", "match": {"operation": "*"}, "fault": row.fault}
        fake.registry.default.rule(rules_from([RuleMessage.model_validate(rule)]))
    return await ask(fake, row.ask)


async def ask(fake: Fake, asked: Ask) -> Recorded:
    """One request, on a connection of its own."""
    method, path = asked.line.split()
    facts = _facts(fake)
    changes = {
        name: text if text is None else text.format_map(facts)
        for name, text in asked.changes.items()
    }
    return await send(fake, compose(method, path, {**right(fake, path), **changes}, asked.content))


async def send(fake: Fake, content: bytes) -> Recorded:
    """Send bytes and read one whole reply."""
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    try:
        writer.write(content)
        return await asyncio.wait_for(read(reader), PATIENCE_S)
    finally:
        writer.transport.abort()


async def read(reader: asyncio.StreamReader) -> Recorded:
    """One reply with a Content-Length."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    status, *lines = head.removesuffix("\r\n\r\n").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    body = await reader.readexactly(int(headers["Content-Length"]))
    return Recorded(status.partition(" ")[2], headers, body)


def right(fake: Fake, path: str) -> Headers:
    """The headers that an operation at this path wants."""
    namespace = fake.registry.default
    credentials = namespace.credentials
    first = path.split("/")[1]
    product = Product(first) if first in list(Product) else Product.COLLECTION
    headers: Headers = {
        "Host": "localhost",
        "Ocp-Apim-Subscription-Key": credentials.subscription_keys[product],
        "X-Reference-Id": REFERENCE_ID,
    }
    if path.endswith(("/token/", "/token")):
        return headers | {"Authorization": basic(credentials.api_user, credentials.api_key)}
    if path.startswith("/v1_0/"):
        return headers
    environment = namespace.settings.target_environment.name
    return headers | {
        "Authorization": bearer(namespace, namespace.now_ms(fake.wall())),
        "X-Target-Environment": environment,
    }


def fits(template: bytes, body: bytes) -> bool:
    """Is this the recorded body, but for what differs each time?"""
    pattern = re.escape(template)
    for name, volatile in _VOLATILE.items():
        pattern = pattern.replace(re.escape(name), volatile)
    return re.fullmatch(pattern, body) is not None


def _facts(fake: Fake) -> Mapping[str, str]:
    namespace = fake.registry.default
    credentials, keys = namespace.credentials, namespace.credentials.subscription_keys
    fresh = bearer(namespace, namespace.now_ms(fake.wall()))
    return {
        "spaced_bearer": fresh.replace(" ", "  "),
        "lower_bearer": fresh.replace("Bearer", "bearer"),
        "key_as_login": f"Basic {b64encode(keys[Product.COLLECTION].encode()).decode()}",
        "expired": bearer(namespace, namespace.now_ms(fake.wall()) - 3_600_000),
        "wrong_login": basic(credentials.api_user, "wrong"),
        **{f"{product}_key": key for product, key in keys.items()},
    }
