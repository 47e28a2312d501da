"""The log of one example while it is written: the fake's events and the examiner's own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

from mock_momo.testing import World
from momo_conformance.calls import SECRETS
from momo_conformance.exchanges import Event, read_object
from momo_conformance.protocol import Answer, Fail, Fields, Ok, Unknown


class Recorder:
    """Writes down what the examiner does; before each line, all that the fake has logged by then.

    `now_ms` is the fake's time, which the examiner alone moves. Many threads may write.
    """

    def __init__(self, world: World, now_ms: int) -> None:
        self.now_ms = now_ms
        self._world = world
        self._lock = RLock()
        self._seq = 0
        self._calls = 0
        self._open: dict[int, str] = {}
        self._touching = 0
        self._is_current = False
        self._events: list[Event] = []

    @property
    def events(self) -> tuple[Event, ...]:
        """All so far."""
        with self._lock:
            self._catch_up()
            return tuple(self._events)

    def asked(
        self,
        op: str,
        fields: Fields,
        payment: int | None = None,
        about: str | None = None,
        *,
        is_forged: bool = False,
    ) -> int:
        """The driver is about to be asked; returns the call's number."""
        shown = {name: value for name, value in fields.items() if name not in SECRETS}
        with self._lock:
            self._calls += 1
            call = self._calls
            self._open[call] = op
            if not self._is_current:  # nothing has been done since the last answer
                self._catch_up()
            self._write(
                "driver_asked",
                call=call,
                op=op,
                fields=shown,
                payment=payment,
                about=about,
                is_forged=is_forged,
            )
        return call

    def answered(self, call: int, answer: Answer) -> None:
        """The driver has answered."""
        with self._lock:
            self._open.pop(call, None)
            self.note("driver_answered", call=call, answer=_written(answer))
            self._is_current = not (self._open or self._touching)

    def died(self, how: str, last_words: str = "") -> None:
        """The driver has ended; what it was asked has no answer."""
        with self._lock:
            calls = list(self._open)
            self.note("driver_ended", how=how, last_words=last_words, calls=calls)
            self._open.clear()

    def note(self, kind: str, /, **facts: object) -> None:
        """Write one event of the examiner's own."""
        with self._lock:
            self._catch_up()
            self._write(kind, **facts)

    @contextmanager
    def touched(self) -> Iterator[None]:
        """Meanwhile something is done to the world: it may log events by itself."""
        with self._lock:
            self._touching += 1
            self._is_current = False
        try:
            yield
        finally:
            with self._lock:
                self._touching -= 1

    def reference_of(self, key: str) -> str | None:
        """The reference id that was last sent for an order, in lower case."""
        with self._lock:
            self._catch_up()
            for event in reversed(self._events):
                is_request = event["kind"] == "exchange_began" and event["reference_id"]
                if is_request and f'"{key}"' in event["body"]["head"]:
                    return str(event["reference_id"]).lower()
        return None

    def reference_in(self, body: str) -> str | None:
        """The payment that a callback's body is about, by its own id or its order's."""
        found = read_object(body)
        reference_id, key = found.get("referenceId"), found.get("externalId")
        if isinstance(reference_id, str):
            return reference_id.lower()
        return self.reference_of(key) if isinstance(key, str) else None

    def callback_url_of(self, reference_id: str) -> str | None:
        """Where the callback of a payment goes, as the client has asked for it."""
        with self._lock:
            self._catch_up()
            for event in self._events:
                if event["kind"] == "exchange_began" and (
                    (event["reference_id"] or "").lower() == reference_id
                ):
                    for name, value in event["headers"]:
                        if name.lower() == "x-callback-url":
                            return str(value)
        return None

    def _write(self, kind: str, /, **facts: object) -> None:
        wall = time.time_ns() // 1_000_000
        head = {"v": 1, "seq": 0, "namespace": self._world.name, "at": self.now_ms}
        self._events.append({**head, "wall": wall, "kind": kind, **facts})
        self._is_current = False

    def _catch_up(self) -> None:
        events = self._world.events(self._seq)
        if events:
            self._seq = events[-1]["seq"]
            self._events += events


def _written(answer: Answer) -> Fields:
    match answer:
        case Ok(value):
            return {"ok": value}
        case Fail(code, reference_id):
            return {"fail": {"code": code, "reference_id": reference_id}}
        case Unknown(reference_id, why):
            return {"unknown": {"reference_id": reference_id, "why": why}}
        case _:
            return {"unsupported": True}
