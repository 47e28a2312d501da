"""The control API under `/_mock/v1/`: namespaces, clock, payments, books, events.

It is for whoever runs the fake, never for the client under test. Problems are 4xx with
{"error": what was expected and what to do}.
"""

import re
import secrets
from collections.abc import Callable

import orjson
from aiohttp.web import BaseRequest, Response
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge

from mock_momo.core.books import books_of
from mock_momo.core.clock import FrozenClock
from mock_momo.core.engine import Effect
from mock_momo.core.namespace import Namespace
from mock_momo.core.registry import Registry
from mock_momo.edge.control_messages import (
    ClockMessage,
    NamespaceMessage,
    RulesMessage,
    check_name,
    describe_effect,
    describe_namespace,
    describe_payment,
    read,
    settings_from,
)
from mock_momo.edge.rule_messages import describe_rule, rules_from
from mock_momo.errors import InvalidSetting, UnknownNamespace
from momo_contracts.events import to_wire
from momo_contracts.values import normalise_amount

PREFIX = "/_mock/v1/"
_SEQ_DIGITS = 15
_NAMESPACE = re.compile(r"namespaces/([^/?]+)(?:/([a-z]+))?")


class Control:
    """Answers the control API over a registry of namespaces."""

    def __init__(self, registry: Registry, wall: Callable[[], int]) -> None:
        self._registry = registry
        self._wall = wall
        self._fingerprint_key = secrets.token_bytes(32)
        self._handlers: dict[tuple[str, str], Callable[[Namespace, bytes, str], Response]] = {
            ("GET", ""): self._describe,
            ("POST", "reset"): self._reset,
            ("GET", "clock"): self._show_clock,
            ("POST", "clock"): self._move_clock,
            ("GET", "payments"): self._payments,
            ("GET", "books"): self._books,
            ("GET", "events"): self._events,
            ("GET", "rules"): self._rules,
            ("PUT", "rules"): self._put_rules,
        }

    async def handle(self, request: BaseRequest) -> Response:
        """Answer one request to the control API."""
        path, _, query = request.raw_path.removeprefix(PREFIX).partition("?")
        try:
            return self._route(request.method, path, await request.read(), query)
        except HTTPRequestEntityTooLarge:
            return _problem(413, f"the body is larger than {request.client_max_size} bytes")
        except InvalidSetting as problem:
            return _problem(400, str(problem))
        except UnknownNamespace as problem:
            return _problem(404, str(problem))

    def _route(self, method: str, path: str, content: bytes, query: str) -> Response:
        if (method, path) == ("GET", "health"):
            return _json({"status": "ok"})
        if (method, path) == ("GET", "namespaces"):
            return _json({"namespaces": self._registry.names()})
        found = _NAMESPACE.fullmatch(path)
        if found is None:
            return _problem(
                404,
                f"the control API has no {method} {PREFIX}{path[:200]}; it has GET health, "
                "GET namespaces, PUT namespaces/{name} and what is below; see docs/control-api.md",
            )
        name, part = found[1], found[2] or ""
        if (method, part) == ("PUT", ""):
            return self._put(name, content)
        handler = self._handlers.get((method, part))
        if handler is None:
            known = ", ".join(f"{verb} /{name}" for verb, name in self._handlers if name)
            return _problem(404, f"a namespace has no {method} /{part}; it has {known}")
        namespace = self._registry.find(name)
        if namespace is None:
            raise UnknownNamespace(
                f"no namespace {name[:80]!r}; create it with PUT {PREFIX}namespaces/{name[:80]}"
            )
        return handler(namespace, content, query)

    def _put(self, name: str, content: bytes) -> Response:
        """Create the namespace, or empty it and give it these settings."""
        message = read(NamespaceMessage, content)
        settings = settings_from(message, self._registry.defaults)
        given = message.rules
        rules = self._registry.default_rules if given is None else rules_from(given)
        namespace = self._registry.find(check_name(name))
        if namespace is None:
            namespace = self._registry.create(name, settings, rules)
            return _json(describe_namespace(namespace), status=201)
        namespace.replace(self._wall(), settings, rules)
        return _json(describe_namespace(namespace))

    def _describe(self, namespace: Namespace, _content: bytes, _query: str) -> Response:
        return _json(describe_namespace(namespace))

    def _reset(self, namespace: Namespace, _content: bytes, _query: str) -> Response:
        namespace.reset(self._wall())
        return _json(describe_namespace(namespace))

    def _show_clock(self, namespace: Namespace, _content: bytes, _query: str) -> Response:
        return _json(self._clock(namespace))

    def _move_clock(self, namespace: Namespace, content: bytes, _query: str) -> Response:
        """Move the clock; answers with where it stands and what came due, in order."""
        message, wall = read(ClockMessage, content), self._wall()
        fired: tuple[Effect, ...] = ()
        match message.action:
            case "freeze":
                namespace.freeze(wall, message.at_ms)
            case "advance":
                if message.seconds is None:
                    raise InvalidSetting("advance needs 'seconds', such as 30")
                fired = namespace.advance(int(message.seconds * 1000), wall)
            case "run":
                namespace.run(wall)
            case "run_until_idle":
                fired = namespace.run_until_idle(wall)
        shown = [describe_effect(effect) for effect in fired]
        return _json({**self._clock(namespace), "fired": shown})

    def _clock(self, namespace: Namespace) -> dict[str, object]:
        return {
            "mode": "frozen" if isinstance(namespace.clock, FrozenClock) else "real",
            "now_ms": namespace.now_ms(self._wall()),
            "idle": namespace.is_idle,
        }

    def _payments(self, namespace: Namespace, _content: bytes, _query: str) -> Response:
        namespace.catch_up(self._wall())
        rows = [describe_payment(row) for row in namespace.engine.payments.values()]
        return _json({"payments": rows})

    def _books(self, namespace: Namespace, _content: bytes, _query: str) -> Response:
        namespace.catch_up(self._wall())
        books = books_of(namespace)
        return _json(
            {
                "currency": books.currency,
                "opening": normalise_amount(books.opening),
                "credited": normalise_amount(books.credited),
                "balance": normalise_amount(books.balance),
                "payments": {state.value: n for state, n in books.payments.items()},
                "calls": dict(books.calls),
            }
        )

    def _rules(self, namespace: Namespace, _content: bytes, _query: str) -> Response:
        """The rules in force, and how often each has struck."""
        book = namespace.rulebook
        return _json(
            {"rules": [describe_rule(rule, book.strikes[rule.name]) for rule in book.rules]}
        )

    def _put_rules(self, namespace: Namespace, content: bytes, query: str) -> Response:
        namespace.rule(rules_from(read(RulesMessage, content).rules))
        return self._rules(namespace, content, query)

    def _events(self, namespace: Namespace, _content: bytes, query: str) -> Response:
        """The kept events as NDJSON, oldest first; `?after=SEQ` leaves out what is known."""
        after = query.removeprefix("after=") or "0"
        if not (after.isascii() and after.isdigit() and len(after) <= _SEQ_DIGITS):
            raise InvalidSetting(f"'after' must be the seq of an event, not {after[:40]!r}")
        lines = [
            orjson.dumps(to_wire(event, self._fingerprint_key), option=orjson.OPT_APPEND_NEWLINE)
            for event in namespace.log.after(int(after))
        ]
        return Response(body=b"".join(lines), content_type="application/x-ndjson")


def _json(content: object, status: int = 200) -> Response:
    body = orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE)
    return Response(status=status, body=body, content_type="application/json")


def _problem(status: int, error: str) -> Response:
    return _json({"error": error}, status)
