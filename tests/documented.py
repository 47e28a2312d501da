"""Is what the fake answers what its OpenAPI document says? Asked of every reply of every test.

`watch` puts itself where replies are decided; `conftest` fails the test during which one was not
documented. A reply that a rule shaped may be anything.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from mock_momo.core.calls import Call
from mock_momo.core.exchange import Conducted, conduct
from mock_momo.core.namespace import Namespace
from mock_momo.core.rendered import Rendered
from mock_momo.core.replies import Reply
from mock_momo.core.settings import Settings
from mock_momo.edge.wire import exchanges
from momo_contracts import wire_errors
from momo_contracts.openapi import PROVISIONING, document
from momo_contracts.openapi.replies import MAY_BE_EMPTY
from momo_contracts.operations import OPERATIONS, is_served
from momo_contracts.switches import Switches
from momo_contracts.values import TargetEnvironment
from tests.contracts.renderings import SCHEMAS

WITHOUT_ROUTE = {
    row.status
    for row in (
        wire_errors.MISSING_SUBSCRIPTION_KEY,
        wire_errors.UNKNOWN_ROUTE,
        wire_errors.TOKEN_PATH_WITHOUT_SLASH,
        wire_errors.FORBIDDEN,
        wire_errors.LENGTH_REQUIRED,
        wire_errors.BODY_TOO_LARGE,
    )
}
"""What the gateway answers where no operation is."""

complaints: list[str] = []
"""Replies that no document has, since somebody last looked."""


@dataclass(frozen=True, slots=True)
class Documented:
    """One response of a document: required headers, and a validator for each media type."""

    headers: frozenset[str]
    bodies: Mapping[str, Draft202012Validator]
    may_be_empty: bool

    def problems(self, reply: Rendered) -> Iterator[str]:
        given = reply.headers.fields
        for name in sorted(self.headers - given.keys()):
            yield f"it lacks the header {name}"
        if not reply.body:
            if self.bodies and not self.may_be_empty:
                yield "it has no body"
            return
        media_type = given.get("Content-Type", "").partition(";")[0]
        validator = self.bodies.get(media_type)
        if validator is None:
            yield f"its media type is {media_type!r}, not one of {sorted(self.bodies)}"
            return
        is_json = media_type == "application/json"
        content = json.loads(reply.body) if is_json else reply.body.decode()
        for error in validator.iter_errors(content):
            yield f"{error.json_path}: {error.message}"


def watch() -> None:
    """From now on, judge every reply of every fake in this process."""
    vars(exchanges)["conduct"] = _judged


def problems(operation: str | None, settings: Settings, reply: Rendered) -> list[str]:
    """What is wrong with an answer of an operation, or of none; nothing where all is documented."""
    if operation is None or not is_served(OPERATIONS[operation], settings.switches):
        is_known = reply.status in WITHOUT_ROUTE
        return [] if is_known else [f"the gateway answers no {reply.status} where nothing is"]
    documented = _responses(operation, settings.switches, settings.target_environment)
    response = documented.get(reply.status)
    if response is None:
        return [f"{reply.status} is not one of {sorted(documented)}"]
    return list(response.problems(reply))


def _judged(
    namespace: Namespace,
    call: Call,
    now_ms: int,
    render: Callable[[Reply, Settings], Rendered],
) -> Conducted:
    settings = namespace.settings
    done = conduct(namespace, call, now_ms, render)
    if not done.shaping.strikes:
        name = call.operation.name if call.operation else None
        found = problems(name, settings, done.handover.rendered)
        complaints.extend(f"{call.method} {call.path}: {problem}" for problem in found)
    return done


@cache
def _responses(
    operation: str, switches: Switches, environment: TargetEnvironment
) -> Mapping[int, Documented]:
    row = OPERATIONS[operation]
    whole = _document(row.product or PROVISIONING, switches, environment)
    described = whole["paths"][row.path][row.method.lower()]["responses"]
    return {
        int(status): _compiled(response, whole["components"])
        for status, response in described.items()
    }


@cache
def _document(
    product: str, switches: Switches, environment: TargetEnvironment
) -> Mapping[str, Any]:
    return document(product, switches, environment, SCHEMAS)


def _compiled(response: Mapping[str, Any], components: Mapping[str, Any]) -> Documented:
    headers = {
        name: components["headers"][name] if "$ref" in header else header
        for name, header in response["headers"].items()
    }
    return Documented(
        frozenset(name for name, header in headers.items() if header["required"]),
        {
            media_type: Draft202012Validator({**content["schema"], "components": components})
            for media_type, content in response.get("content", {}).items()
        },
        MAY_BE_EMPTY in response,
    )
