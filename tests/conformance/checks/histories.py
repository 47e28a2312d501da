"""Histories made by hand: what a log would hold, said in a few words.

story = Story()
with story.call("request_to_pay", key="order-1", amount="10", currency="EUR") as call:
    bearer = story.token()
    story.create("order-1", ID, bearer=bearer)
    call.ok(reference_id=ID, state="pending")
history = story.history()
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from momo_conformance.history import History
from momo_conformance.plans import Settings, write_settings
from momo_conformance.reading import read_history

ID = "146cd472-45da-42b0-b52f-1f7cbc4960e1"
OTHER_ID = "7a3e1c9a-3b5e-4a54-9d5a-5b6c7d8e9f00"
PAYER = "46733123499"
START_MS = 2_208_988_800_000
DRIVEN = {"clock": "inject", "ledger": True, "restart": True, "reference_id": "library"}

Json = dict[str, Any]


class Call:
    """The answer that a call of the driver is given before its block ends; none: it died."""

    def __init__(self) -> None:
        self.answer: Json | None = None

    def ok(self, **value: object) -> None:
        self.answer = {"ok": value}

    def fail(self, code: str, reference_id: str | None = None) -> None:
        self.answer = {"fail": {"code": code, "reference_id": reference_id}}

    def unknown(self, reference_id: str | None, why: str = "timeout") -> None:
        self.answer = {"unknown": {"reference_id": reference_id, "why": why}}


class Story:
    """Writes events one after the other; `at_ms` is the time of the next one.

    `connection` is the one that the next exchange comes on.
    """

    def __init__(self, settings: Settings | None = None, **world: object) -> None:
        self.at_ms = START_MS
        self.connection = 1
        self.events: list[Json] = []
        self._seq = count(1)
        self._ids = count(1)
        self._calls = count(1)
        facts = {
            "profile": "sandbox",
            "target_environment": "sandbox",
            "currency": "EUR",
            "callback_host": "localhost",
            "expires_in_s": 3600,
            "payment_status": "mission",
            "payment_scope": "shared",
        }
        self.fake("namespace_described", **facts | world)
        if settings is not None:
            self.note("example_began", settings=write_settings(settings), caps=DRIVEN)

    def history(self) -> History:
        return read_history(self.events)

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.at_ms += round(seconds * 1000)

    def fake(self, kind: str, **facts: object) -> None:
        """An event of the fake's."""
        self._add(kind, next(self._seq), facts)

    def note(self, kind: str, **facts: object) -> None:
        """An event of the examiner's."""
        self._add(kind, 0, facts)

    @contextmanager
    def call(
        self, op: str, payment: int | None = None, about: str | None = None, **fields: object
    ) -> Iterator[Call]:
        """One question to the driver; what is written in the block happens before its answer.

        `about` is the reference id that a callback is for.
        """
        number, call = next(self._calls), Call()
        self.note("driver_asked", call=number, op=op, fields=fields, payment=payment, about=about)
        yield call
        if call.answer is None:
            self.note("driver_ended", how="died of signal 9 (SIGKILL)", calls=[number])
        else:
            self.note("driver_answered", call=number, answer=call.answer)

    def token(self, product: str = "collection", expires_in: object = 3600, **more: Any) -> str:  # noqa: ANN401  # any part of an exchange
        """A login; returns the token's fingerprint."""
        bearer = f"fp:{next(self._ids):016x}"
        body = {"access_token": bearer, "token_type": "access_token", "expires_in": expires_in}
        login = {"Authorization": "Basic fp:00000000000000aa"}
        target = f"/{product}/token/"
        given: Json = {"headers": login, "status": 200, "reply": body} | more
        self.exchange(f"{product}.token", "POST", target, **given)
        return bearer

    def create(self, key: str, reference_id: str = ID, bearer: str = "fp:1", **more: Any) -> None:  # noqa: ANN401  # likewise
        """A request to pay; `order` changes parts of its body."""
        order = {
            "amount": "10",
            "currency": "EUR",
            "externalId": key,
            "payer": {"partyIdType": "MSISDN", "partyId": PAYER},
            "payerMessage": key,
            "payeeNote": key,
        } | more.pop("order", {})
        headers = _business(bearer) | {"X-Reference-Id": reference_id}
        given: Json = {"status": 202, "reply": None, "body": order} | more
        given["headers"] = headers | given.get("headers", {})
        name = "collection.requesttopay.create"
        target = "/collection/v1_0/requesttopay"
        self.exchange(name, "POST", target, reference_id=reference_id, **given)

    def read(self, word: object, reference_id: str = ID, bearer: str = "fp:1", **more: Any) -> None:  # noqa: ANN401  # likewise
        """A status read by v2_0/payment that shows a word."""
        reply = {"status": word, "referenceId": reference_id, "reason": ""}
        given: Json = {"headers": _business(bearer), "status": 200, "reply": reply} | more
        target = f"/collection/v2_0/payment/{reference_id}"
        name = "collection.payment.status"
        self.exchange(name, "GET", target, reference_id=reference_id, **given)

    def exchange(  # noqa: PLR0913  # the parts of an exchange
        self,
        operation: str | None,
        method: str,
        target: str,
        *,
        headers: dict[str, str] | tuple[tuple[str, str], ...] = (),
        body: Json | None = None,
        reference_id: str | None = None,
        status: int = 200,
        reply: object = None,
        reply_headers: tuple[tuple[str, str], ...] = (),
        fault: str | None = None,
        layer: str = "wallet",
        why: str | None = None,
    ) -> None:
        """One request and its reply. `status` 0: none was decided."""
        place = {"connection_id": self.connection, "exchange_id": next(self._ids)}
        about = {"operation": operation, "reference_id": reference_id}
        pairs = headers.items() if isinstance(headers, dict) else headers
        began = {"method": method, "target": target, "headers": [list(row) for row in pairs]}
        self.fake("exchange_began", **place, **about, **began, body=_body(body))
        if fault:
            self.fake("fault_consumed", **place, rule=fault, fault=fault)
        answered = {"status": status, "headers": [list(row) for row in reply_headers]}
        ended = answered | {"layer": layer, "rule": fault, "why": why}
        self.fake("exchange_ended", **place, **about, **ended, body=_body(reply))

    def _add(self, kind: str, seq: int, facts: Json) -> None:
        head = {"v": 1, "seq": seq, "namespace": "x", "at": self.at_ms, "wall": self.at_ms}
        self.events.append({**head, "kind": kind, **facts})


def _business(bearer: str) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {bearer}",
        "Ocp-Apim-Subscription-Key": "fp:00000000000000bb",
        "X-Target-Environment": "sandbox",
        "Content-Type": "application/json",
    }


def _body(content: object) -> Json:
    text = content if isinstance(content, str) else "" if content is None else json.dumps(content)
    return {"head": text, "length": len(text), "sha256": ""}
