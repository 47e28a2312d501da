"""Schemathesis against a fake in a process of its own, told by nothing but the documents.

All of its checks but these: that a 500 is a defect (here it is an answer of the wallet's, whose
code must be documented) and that an unknown method is 405 (the gateway says 404). Where validation
is lenient, wrong data may be accepted.
"""

from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import schemathesis
from aiohttp import ClientSession
from schemathesis.checks import CheckContext
from schemathesis.core.transport import Response
from schemathesis.engine import events, from_schema
from schemathesis.generation.case import Case
from schemathesis.specs.openapi import checks

from mock_momo.testing import Control, World, running_fake
from momo_contracts.openapi import PRODUCTS, PROVISIONING
from momo_contracts.openapi.replies import MAY_BE_EMPTY
from momo_contracts.wire_errors import CATALOGUE


@dataclass(frozen=True)
class Extent:
    """How many examples of each operation of which documents, and the fewest requests in all."""

    products: tuple[str, ...]
    examples: int
    requests: int


QUICK = Extent((PROVISIONING, "collection"), 1, 500)
LONG = Extent(PRODUCTS, 100, 10_000)

SEED, MOST_SEEDS = 20_261_125, 50
SERVED_ELSEWHERE = ("content_type_conformance", "response_schema_conformance")
"""Replaced by checks of ours, which know of replies that have no body."""

NOT_ASKED = ("not_a_server_error", "unsupported_method", "positive_data_acceptance")


AnyCase = Case[Any]


def _is_rightly_empty(response: Response, case: AnyCase) -> bool:
    documented = case.operation.responses.find_by_status_code(response.status_code)
    return documented is not None and not response.content and MAY_BE_EMPTY in documented.definition


@schemathesis.check
def documented_content_type(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
    if _is_rightly_empty(response, case):
        return None
    return checks.content_type_conformance(ctx, response, case)


@schemathesis.check
def documented_body(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
    if _is_rightly_empty(response, case):
        return None
    return checks.response_schema_conformance(ctx, response, case)


@schemathesis.check
def documented_failure(_ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
    """A 5xx is an answer of the wallet's: a code that it has for this status, or nothing."""
    if response.status_code >= 500 and not _is_rightly_empty(response, case):
        known = {row.code for row in CATALOGUE if row.status == response.status_code and row.code}
        assert response.json()["code"] in known
    return None


@schemathesis.check
def accepted_right_data(ctx: CheckContext, response: Response, case: AnyCase) -> bool | None:
    """What an account holder's id must be depends on its type: no schema of a path can say so."""
    if "{holder_type}" in case.path:
        return None
    return checks.positive_data_acceptance(ctx, response, case)


@dataclass
class Findings:
    """What came of a run: requests by operation and status, and what is wrong."""

    asked: Counter[tuple[str, int]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def note(self, event: events.EngineEvent) -> None:
        if isinstance(event, events.NonFatalError):
            self.wrong.append(f"{event.label}: {event.info}")
        if not isinstance(event, events.ScenarioFinished):
            return
        for identity, exchange in event.recorder.interactions.items():
            label = event.recorder.cases[identity].value.operation.label
            self.asked[label, exchange.response.status_code if exchange.response else 0] += 1
        for row in event.recorder.checks.values():
            self.wrong += [
                f"{check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
                for check in row
                if check.failure_info is not None
            ]


@pytest.fixture(scope="module")
def fake() -> Iterator[Control]:
    with running_fake() as control:
        yield control


async def test_the_fake_answers_as_documented(fake: Control) -> None:
    await _examine(fake, "strict", QUICK)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("profile", ["sandbox", "strict"])
async def test_the_fake_answers_as_documented_for_long(fake: Control, profile: str) -> None:
    await _examine(fake, profile, LONG)


async def _examine(fake: Control, profile: str, extent: Extent) -> None:
    """Run with one seed after another, until that many requests have been made, and all answered.

    What is drawn to be asked after what is made differs from run to run, whatever the seed.
    """
    findings, expected = Findings(), set[tuple[str, int]]()
    for seed in range(SEED, SEED + MOST_SEEDS):
        for product in extent.products:
            world = fake.namespace(f"{profile}-{product}-{seed}", profile=profile)
            document = world.openapi(product)
            expected.update(_successes(document))
            config = await _config(world, product, seed, extent.examples)
            schema = schemathesis.openapi.from_dict(document, config=config)
            schema.config.update(base_url=world.base_url)
            for event in from_schema(schema).execute():
                findings.note(event)
        is_enough = findings.asked.total() >= extent.requests and expected <= findings.asked.keys()
        if findings.wrong or is_enough:
            break

    assert not findings.wrong, "\n\n".join(findings.wrong[:5])
    assert findings.asked.total() >= extent.requests
    assert expected <= findings.asked.keys(), "an operation was never answered with its success"


async def _config(world: World, product: str, seed: int, examples: int) -> schemathesis.Config:
    is_strict = world.name.startswith("strict")
    opened = "collection" if product == PROVISIONING else product
    key = world.subscription_keys[opened]
    off = [*SERVED_ELSEWHERE, *NOT_ASKED, *([] if is_strict else ["negative_data_rejection"])]
    return schemathesis.Config.from_dict(
        {
            "seed": seed,
            "headers": {"Ocp-Apim-Subscription-Key": key},
            "auth": {
                "openapi": {
                    "subscription_key": {"api_key": key},
                    "api_user": {"username": world.api_user, "password": world.api_key},
                    "token": {"bearer": await _token(world, opened, key)},
                }
            },
            "generation": {
                "max-examples": examples,
                "database": "none",
                "with-security-parameters": False,
            },
            "phases": {
                "coverage": {"unexpected-methods": []},
                "stateful": {"generation": {"mode": "positive", "max-examples": max(10, examples)}},
            },
            "checks": {name: {"enabled": False} for name in off},
        }
    )


async def _token(world: World, product: str, key: str) -> str:
    basic = b64encode(f"{world.api_user}:{world.api_key}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}", "Ocp-Apim-Subscription-Key": key}
    async with (
        ClientSession(headers=headers) as session,
        session.post(f"{world.base_url}/{product}/token/") as reply,
    ):
        return str((await reply.json())["access_token"])


def _successes(document: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            status = next(status for status in operation["responses"] if status < "300")
            yield f"{method.upper()} {path}", int(status)
