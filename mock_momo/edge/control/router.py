"""From a request to a route of the control API, and its answer."""

import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from hmac import compare_digest
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote

from aiohttp.web import BaseRequest, Response, StreamResponse
from aiohttp.web_exceptions import HTTPRequestEntityTooLarge

from mock_momo.core.authorization import bearer_token
from mock_momo.core.namespace import Namespace
from mock_momo.edge.control import (
    callbacks,
    clock,
    events,
    gates,
    namespaces,
    payments,
    rules,
    service,
    state,
    stream,
    verification,
)
from mock_momo.edge.control.openapi import document
from mock_momo.edge.control.routes import Answer, Route, Visit, json_answer, problem
from mock_momo.edge.documents.suggestion import suggestion
from mock_momo.edge.services import Services
from mock_momo.edge.wire.content import read_content
from mock_momo.errors import InvalidSetting, UnknownNamespace
from momo_contracts.values import canonical_reference_id

PREFIX = "/_mock/v1/"
LARGEST_STATE = 512 * 1024 * 1024
"""Bytes: what was taken out can be put back, however many payments there are."""
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_OPEN = ("health", "ready")
"""What an orchestrator asks without a token."""

_PARAMETER = re.compile(r"\{(\w+)\}")


async def _openapi(_visit: Visit) -> Answer:
    return json_answer(document(ROUTES, PREFIX))


ROUTES: tuple[Route, ...] = (
    *service.ROUTES,
    Route("GET", "openapi.json", "all of these calls as an OpenAPI 3.1 document", _openapi),
    *namespaces.ROUTES,
    *clock.ROUTES,
    *payments.ROUTES,
    *rules.ROUTES,
    *gates.ROUTES,
    *callbacks.ROUTES,
    *events.ROUTES,
    *state.ROUTES,
    *verification.ROUTES,
    *stream.ROUTES,
)
_PATTERNS = tuple((re.compile(_PARAMETER.sub(r"(?P<\1>[^/]+)", row.path)), row) for row in ROUTES)


class Control:
    """Answers the control API of one running fake."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def handle(self, request: BaseRequest) -> StreamResponse:
        """Answer one request over HTTP."""
        if not self._may_ask(request):
            return _respond(_refused(request), {"WWW-Authenticate": "Bearer"})
        try:
            if request.raw_path.endswith("/state"):
                request = request.clone(client_max_size=LARGEST_STATE)
            content = await read_content(request)
        except HTTPRequestEntityTooLarge:
            answer = problem(413, f"the body is larger than {request.client_max_size} bytes")
        else:
            answer = await self.answer(request.method, request.raw_path, content, request.headers)
        if answer.feed is not None:
            response = StreamResponse(headers={"Content-Type": answer.content_type})
            return await _pour(answer.feed, request, response)
        return _respond(answer)

    async def answer(
        self,
        method: str,
        target: str,
        content: bytes = b"",
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> Answer:
        """Answer one call; `target` is path and query."""
        path, _, query = target.removeprefix(PREFIX).partition("?")
        try:
            route, names = _find(method, path)
            if route is None:
                return problem(404, _no_route(method, path))
            asked = _canonical(_read_query(query))
            visit = Visit(self._services, _canonical(names), asked, content, headers)
            return await self._dispatch(route, visit)
        except InvalidSetting as wrong:
            return problem(400, str(wrong))
        except UnknownNamespace as wrong:
            return problem(404, str(wrong))

    async def _dispatch(self, route: Route, visit: Visit) -> Answer:
        for name in visit.query.keys() - set(route.query):
            raise InvalidSetting(
                f"unknown parameter {name[:40]!r}; {suggestion(name, route.query)}"
            )
        if route.of_namespace is not None:
            return await route.of_namespace(visit, self._namespace(visit.names["namespace"]))
        if route.handler is None:
            raise AssertionError(f"nobody handles {route.method} {route.path}")
        return await route.handler(visit)

    def _may_ask(self, request: BaseRequest) -> bool:
        """Whether the caller has the token, where one is needed."""
        token = self._services.control_token
        path = request.raw_path.removeprefix(PREFIX).partition("?")[0]
        if token is None or path in _OPEN:
            return True
        given = bearer_token(request.headers.get("Authorization", ""))
        return compare_digest(given.encode(errors="replace"), token.encode())

    def _namespace(self, name: str) -> Namespace:
        namespace = self._services.registry.find(name)
        if namespace is None:
            raise UnknownNamespace(
                f"no namespace {name[:80]!r}; create it with PUT {PREFIX}namespaces/{name[:80]}"
            )
        return namespace


def _respond(answer: Answer, headers: Mapping[str, str] = _NO_HEADERS) -> Response:
    return Response(
        status=answer.status,
        body=answer.body,
        headers={"Content-Type": answer.content_type, **headers},
    )


def _refused(request: BaseRequest) -> Answer:
    is_other = bearer_token(request.headers.get("Authorization", ""))
    return problem(
        401,
        f"this fake has a control token{', and the one sent is another' if is_other else ''}; "
        "send it as Authorization: Bearer <token> "
        "(mock_momo.testing and mock-momo verify take it from MOCK_MOMO_CONTROL_TOKEN)",
    )


async def _pour(
    feed: AsyncGenerator[bytes, None], request: BaseRequest, response: StreamResponse
) -> StreamResponse:
    """Send a feed until it ends, as fast as the client reads."""
    response.headers["Cache-Control"] = "no-store"
    async with aclosing(feed) as chunks:
        await response.prepare(request)
        async for chunk in chunks:
            await response.write(chunk)
        await response.write_eof()
    return response


def _find(method: str, path: str) -> tuple[Route | None, Mapping[str, str]]:
    for pattern, route in _PATTERNS:
        found = pattern.fullmatch(path) if route.method == method else None
        if found is not None:
            return route, {name: unquote(text) for name, text in found.groupdict().items()}
    return None, {}


def _read_query(query: str) -> dict[str, str]:
    return dict(parse_qsl(query, keep_blank_values=True))


def _canonical(parameters: Mapping[str, str]) -> Mapping[str, str]:
    """Parameters, in which a payment's id has the spelling that is kept."""
    given = parameters.get("reference_id")
    if given is None:
        return parameters
    return {**parameters, "reference_id": canonical_reference_id(given)}


def _no_route(method: str, path: str) -> str:
    asked = f"{method} {path[:200]}"
    known = [f"{row.method} {row.path}" for row in ROUTES]
    return (
        f"the control API has no {asked}; {suggestion(asked, known)}; "
        f"GET {PREFIX}openapi.json lists all"
    )
