"""One request and its reply, as the fake's log tells of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from momo_conformance.intents import Intent
from momo_contracts.operations import OPERATIONS, Authentication, Kind, Operation

LOST_BY = frozenset({"hang", "reset_before", "lose_reply", "empty_reply", "truncated_body"})
"""Faults after which the client has no whole reply, whatever the log says was decided."""

Event = Mapping[str, Any]
"""One line of a log: see `momo_contracts.events`."""


@dataclass(frozen=True)  # without slots, for the cached properties
class Exchange:
    """One request and its reply. `began` and `ended` are positions in the history.

    `operation` is None where the API has none such. `status` is None when none was decided;
    instants are namespace time (`at_ms`) and the machine's (`wall_ms`), both in ms. `is_cut`: when
    the reply left, the client's process had ended, or had waited for as long as it may. `intent` is
    what the examiner means by a request of its own; None for a client's. `number`
    and `connection` are the namespace's; of a connection that is not known there is none.
    """

    began: int
    ended: int
    at_ms: int
    ended_at_ms: int
    wall_ms: int
    ended_wall_ms: int
    operation: Operation | None
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: str
    reference_id: str | None
    status: int | None
    reply_headers: tuple[tuple[str, str], ...] = ()
    reply: str = ""
    layer: str = ""
    rule: str | None = None
    why: str | None = None
    faults: tuple[str, ...] = ()
    is_cut: bool = False
    namespace: str = ""
    intent: Intent | None = None
    number: int = 0
    connection: int | None = None

    @property
    def kind(self) -> Kind | None:
        """What it does, whatever the product; None for no operation of the API."""
        return self.operation.kind if self.operation else None

    @property
    def is_create(self) -> bool:
        """True for what would move money: a request to pay, a transfer, a refund."""
        return self.kind is Kind.CREATE

    @property
    def is_read(self) -> bool:
        """True for a read of a payment's status."""
        return self.kind is Kind.READ_STATUS

    @property
    def is_token(self) -> bool:
        """True for a call that asks for a token."""
        return self.kind is Kind.CREATE_TOKEN

    @property
    def is_business(self) -> bool:
        """True for a call that carries a token."""
        return self.operation is not None and (
            self.operation.authentication is Authentication.BEARER
        )

    @property
    def product(self) -> str:
        """collection, disbursement or remittance; empty for provisioning and what is no call."""
        return str(self.operation.product or "") if self.operation else ""

    @property
    def is_answered(self) -> bool:
        """True when a whole reply was handed over to the client."""
        return bool(self.status) and not self.is_cut and not LOST_BY.intersection(self.faults)

    @property
    def is_success(self) -> bool:
        """True when a whole reply said that it was done."""
        return (
            self.operation is not None
            and self.is_answered
            and self.status == self.operation.success_status
        )

    @property
    def is_accepted(self) -> bool:
        """True for a create that the fake has carried out, whether the client knows it or not."""
        return (
            self.is_create and self.operation is not None and self.layer == "wallet"
        ) and self.status == self.operation.success_status

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of a request header, in order; secrets are fingerprints."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())

    def header(self, name: str) -> str | None:
        """The first value of a request header; None without one."""
        return next(iter(self.values(name)), None)

    def reply_header(self, name: str) -> str | None:
        """The first value of a reply header; None without one."""
        return next(
            (value for key, value in self.reply_headers if key.lower() == name.lower()), None
        )

    @property
    def bearer(self) -> str | None:
        """The fingerprint of the token that it carries; None without one."""
        scheme, _, token = (self.header("Authorization") or "").partition(" ")
        return token.strip() or None if scheme.lower() == "bearer" else None

    @cached_property
    def sent(self) -> Mapping[str, Any]:
        """The request's body as a JSON object; empty when it is none."""
        return read_object(self.body)

    @cached_property
    def received(self) -> Mapping[str, Any]:
        """The reply's body as a JSON object; empty when it is none."""
        return read_object(self.reply)

    @property
    def word(self) -> object:
        """The status that a read showed; None where there is none."""
        return self.received.get("status")

    @property
    def code(self) -> str | None:
        """The code of an error reply, or the reason of a status; None without one."""
        code = self.received.get("code")
        reason = self.received.get("reason")
        if isinstance(reason, Mapping):
            reason = reason.get("code")
        found = code if isinstance(code, str) else reason
        return found if isinstance(found, str) and found else None

    @property
    def key(self) -> str | None:
        """The order that a create is for: its external id."""
        key = self.sent.get("externalId")
        return key if isinstance(key, str) else None

    @property
    def party(self) -> str:
        """Who pays or is paid by a create; empty without one."""
        party = self.sent.get("payer") or self.sent.get("payee") or {}
        return str(party.get("partyId", "")) if isinstance(party, Mapping) else ""

    @property
    def name(self) -> str:
        """What was called: the operation; method and path where there is none."""
        path = self.target.partition("?")[0]
        return self.operation.name if self.operation else f"{self.method} {path}"

    def __str__(self) -> str:
        about = f" {self.reference_id}" if self.reference_id else ""
        return f"{self.name}{about} → {self.told}"

    @property
    def told(self) -> str:
        """The reply in a few words, such as '200 PENDING'."""
        lost = LOST_BY.intersection(self.faults)
        if self.status is None or not self.status:
            return f"no reply ({', '.join(self.faults) or 'none was decided'})"
        if self.is_cut:
            return f"{self.status}, when the client did not wait any more"
        if lost:
            return f"{self.status}, lost on the way ({', '.join(sorted(lost))})"
        shown = str(self.word) if self.is_read and self.word is not None else self.code or ""
        return f"{self.status} {shown}".rstrip()


def operation_of(event: Event) -> Operation | None:
    """The operation that an event names; None where it names none."""
    return OPERATIONS.get(event.get("operation") or "")


def read_object(text: str) -> Mapping[str, Any]:
    """The JSON object in a text; empty when it holds none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
