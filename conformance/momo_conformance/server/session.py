"""Requests to a server, one connection each, and the log that is kept of them.

The log is in the form of the fake's own (`momo_contracts.events`), so that the same checks judge
both. Secrets are fingerprints in it, under a key that is drawn for the run and kept nowhere; the
caller's own are, too, wherever a server echoes them.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from itertools import count
from threading import Lock

from momo_conformance.errors import ServerUnreachable
from momo_conformance.exchanges import Event, read_object
from momo_conformance.intents import Intent
from momo_conformance.server.concealment import Concealment
from momo_conformance.server.target import Target
from momo_contracts import events
from momo_contracts.event_wire import to_wire
from momo_contracts.events import Body, Detail, ExchangeBegan, ExchangeEnded, RawHeaders
from momo_contracts.operations import Operation
from momo_contracts.wire_errors import Layer

TIMEOUT_S = 20
_MOST_BYTES = 1 << 22
_ENVELOPE = ("v", "seq", "namespace", "connection_id", "exchange_id", "at", "wall")
_RUN_KEY = secrets.token_bytes(32)
"""One for all sessions of a process: what is the same token is the same fingerprint."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent. `path` may have a query; `reference_id` is whom it is about, None for nobody.

    `operation` is None for what the API does not have.
    """

    operation: Operation | None
    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    reference_id: str | None = None
    intent: Intent = Intent.VALID


@dataclass(frozen=True)  # without slots, for the cached property
class Reply:
    """What came back; status 0: no whole reply did."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)

    @cached_property
    def found(self) -> Mapping[str, object]:
        """The body as a JSON object; empty when it is none."""
        return read_object(self.body.decode(errors="replace"))

    @property
    def layer(self) -> Layer:
        """Which part of the API speaks so: a page is the firewall's, `statusCode` the gateway's."""
        kind = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        if "html" in kind.lower():
            return Layer.WAF
        return Layer.GATEWAY if "statusCode" in self.found else Layer.WALLET


@dataclass(slots=True)
class Pace:
    """At most so many calls in a second, None for as many as can be; used by many threads."""

    calls_per_s: float | None = None
    _next_at: float = 0
    _lock: Lock = field(default_factory=Lock)

    def wait(self) -> None:
        """Return when the next call may be made."""
        if not self.calls_per_s:
            return
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next_at)
            self._next_at = at + 1 / self.calls_per_s
        time.sleep(at - now)


class Session:
    """Sends, and writes down what was sent and what came back. Many threads may use one."""

    def __init__(
        self,
        target: Target,
        name: str,
        pace: Pace,
        now_ms: Callable[[], int],
        prologue: Iterable[Event] = (),
    ) -> None:
        self._target = target
        self._name = name
        self._pace = pace
        self._now_ms = now_ms
        self._events: list[Event] = [{**event, "seq": 0} for event in prologue]
        self._numbers = count(1)
        self._lock = Lock()
        self._concealment = Concealment(_RUN_KEY)
        for secret in target.secrets:
            self._concealment.add(secret)

    @property
    def events(self) -> tuple[Event, ...]:
        """All so far."""
        with self._lock:
            return tuple(self._events)

    def send(self, request: Request) -> Reply:
        """One request and its reply, in its turn unless it is one of many at once.

        Raises ServerUnreachable when nothing takes the connection.
        """
        if request.intent is not Intent.AT_ONCE:
            self._pace.wait()
        number = next(self._numbers)
        headers = RawHeaders.of((name.encode(), value.encode()) for name, value in request.headers)
        operation = request.operation.name if request.operation else None
        about = operation, request.reference_id
        body = Body.of(request.body)
        sent = ExchangeBegan(request.method, request.path, headers, body, "examiner", *about)
        with self._lock:
            self._write(sent, number)
            envelope = {name: self._events[-1][name] for name in _ENVELOPE}
            meant = {"kind": "request_intended", "intent": request.intent}
            self._events.append(envelope | meant)
        reply = self._exchange(request)
        token = reply.found.get("access_token")
        if isinstance(token, str):
            self._concealment.add(token)
        if reply.status:
            raw = RawHeaders.of((name.encode(), value.encode()) for name, value in reply.headers)
            ended = ExchangeEnded(reply.status, raw, Body.of(reply.body), reply.layer, *about)
            self.note(ended, number)
        return reply

    def note(self, detail: Detail, number: int | None = None) -> None:
        """Write down that something happened, in an exchange or by itself."""
        with self._lock:
            self._write(detail, number)

    def _write(self, detail: Detail, number: int | None) -> None:
        wall_ms = time.time_ns() // 1_000_000
        event = events.Event(0, self._name, self._now_ms(), wall_ms, detail, number, number)
        written = to_wire(event, _RUN_KEY)
        self._events.append({name: self._concealment.over(row) for name, row in written.items()})

    def _exchange(self, request: Request) -> Reply:
        connection = self._connected()
        try:
            path = self._target.parts.path.rstrip("/") + request.path
            headers = dict(request.headers)
            connection.request(request.method, path, request.body, headers)
            return _read(connection.getresponse())
        except (OSError, HTTPException):
            return Reply(0)
        finally:
            connection.close()

    def _connected(self) -> HTTPConnection:
        parts = self._target.parts
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(self._target.host, parts.port, timeout=TIMEOUT_S)
        try:
            connection.connect()
        except OSError as problem:
            raise ServerUnreachable(
                f"cannot reach {self._target.base_url}: {problem.strerror or problem}"
            ) from None
        return connection


def _read(response: HTTPResponse) -> Reply:
    body = response.read(_MOST_BYTES)
    return Reply(response.status, tuple(response.getheaders()), body)


def as_json(value: object) -> bytes:
    """A JSON value as it is sent."""
    return json.dumps(value, ensure_ascii=False).encode()
