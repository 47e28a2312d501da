"""Where a server is examined: the fake in worlds made for it, or a server as it stands."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from mock_momo.testing import Access, Control, MockMomoError, World
from momo_conformance.examination import START_MS
from momo_conformance.server.listener import Listener
from momo_conformance.server.session import Pace, Session
from momo_conformance.server.target import Target
from momo_contracts.events import Body, CallbackAttempted
from momo_contracts.profiles import LOOPBACK_HOSTS
from momo_contracts.values import Product

ABILITIES = frozenset({"clock", "callbacks"})
"""What a ground may have."""

_PATIENCE_S = 60
"""How long a callback of a server whose clock is not ours is waited for."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place to probe, and what can be done there beside sending requests.

    `advance` lets seconds pass, and `leaps` is true where they pass at once; None where nobody
    can or will wait. `listener` is None where
    callbacks do not arrive; one is waited for `patience_s` long at most.
    """

    target: Target
    session: Session
    advance: Callable[[int], object] | None = None
    listener: Listener | None = None
    patience_s: float = 0
    leaps: bool = False

    def callback_url(self, reference_id: str) -> str:
        """Where the callback of a payment is to go, and that of no other."""
        url = self.listener.url if self.listener else "http://localhost"
        return f"{url}/callbacks/{reference_id}"

    def hear(self, reference_id: str) -> int:
        """Note the callbacks that have this reference id in them; returns how many there were."""
        if self.listener is None:
            return 0
        if self.advance is not None:
            self.advance(0)
        heard = self.listener.wait(reference_id, self.patience_s)
        for number, row in enumerate(heard, 1):
            told = CallbackAttempted(
                reference_id=reference_id,
                delivery=f"{reference_id}/{number}",
                method=row.method,
                url=self.listener.address_of(row),
                attempt=1,
                attempts=1,
                body=Body.of(row.body),
                status=200,
                reply=None,
                latency_ms=0,
            )
            self.session.note(told)
        return len(heard)


class Ground(Protocol):
    """Opens a place for each probe. `has` names what can be exercised there: clock, callbacks."""

    has: frozenset[str]
    target: Target

    def open(self) -> AbstractContextManager[Place]:
        """A place, for as long as a probe lasts."""


class FakeGround:
    """A running fake: each place is a world of its own whose clock stands still.

    `has` may be less than all, for comparisons: without "clock" nobody moves that clock.

    Raises MockMomoError when the fake goes away.
    """

    def __init__(
        self, control: Control, listener: Listener, has: frozenset[str] = ABILITIES
    ) -> None:
        self.has = has
        self.target = _target_of(control.find("default"))
        self._control = control
        self._listener = listener
        self._run = uuid4().hex[:12]
        self._numbers = count(1)

    @contextmanager
    def open(self) -> Iterator[Place]:
        """A world with a frozen clock, gone when the probe is over."""
        world = self._control.namespace(f"examined-{self._run}-{next(self._numbers)}")
        try:
            yield self._place(world)
        finally:
            world.delete()

    def _place(self, world: World) -> Place:
        target = _target_of(world)
        moment = {"ms": world.freeze(START_MS).now_ms}
        described = world.events(kind="namespace_described")[-1:]
        session = Session(target, world.name, Pace(), lambda: moment["ms"], described)

        def advance(seconds: int) -> None:
            moment["ms"] = world.advance(seconds).now_ms

        if "clock" in self.has:
            return Place(target, session, advance, self._listener, leaps=True)
        return Place(target, session, None, self._listener, _PATIENCE_S)


class ForeignGround:
    """A server that is taken as it stands. `is_patient`: what takes an hour may take an hour."""

    def __init__(
        self, target: Target, pace: Pace, listener: Listener | None, *, is_patient: bool
    ) -> None:
        abilities = {"clock": is_patient, "callbacks": listener is not None}
        self.has = frozenset(name for name, is_there in abilities.items() if is_there)
        self.target = target
        self._pace = pace
        self._listener = listener
        self._is_patient = is_patient

    @contextmanager
    def open(self) -> Iterator[Place]:
        """The server itself, and a new log."""
        session = Session(self.target, self.target.host, self._pace, _wall_ms)
        advance = time.sleep if self._is_patient else None
        yield Place(self.target, session, advance, self._listener, _PATIENCE_S)


def control_of(base_url: str) -> Control | None:
    """The control API of the fake at this address of this machine; None where there is no fake.

    An address with a path is that of one namespace, which is taken as it stands.
    """
    parts = urlsplit(base_url)
    if parts.hostname not in LOOPBACK_HOSTS or parts.path:
        return None
    control = Control(base_url)
    try:
        control.names()
    except (MockMomoError, ValueError):
        return None
    return control


def _target_of(access: Access) -> Target:
    keys: Mapping[Product, str] = {
        Product(name): key for name, key in access.subscription_keys.items()
    }
    return Target(
        access.base_url,
        access.api_user,
        access.api_key,
        keys,
        access.target_environment,
        access.currency,
    )


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
