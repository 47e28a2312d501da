"""Performing what the engines want done: writing down, sending callbacks, moving clocks.

Whatever a namespace does by itself goes through here, one journey of its clock at a time, and its
callbacks' results go back to the engine that sent them.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from mock_momo.core.clock import RealClock
from mock_momo.core.effects import Effect, Happened, SendCallback
from mock_momo.core.gates import Point
from mock_momo.core.namespace import Journey, Namespace
from mock_momo.core.rules import subject_of_payment
from mock_momo.edge.courier import Courier
from mock_momo.edge.gatekeeper import Gatekeeper
from mock_momo.edge.tally import Tally

CALLBACK = "callback"
"""What gates and the event log call the sending of a callback, where requests have operations."""

MOST_AT_ONCE = 100
"""Callbacks of one namespace on the wire; the rest wait, and their two seconds have not begun."""


@dataclass(slots=True)
class _Room:
    """What a namespace has under way. Of a sending: set while it is held, or over.

    `wake_ms` is when the timer goes off, by the machine's clock.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wire: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(MOST_AT_ONCE))
    sendings: dict[asyncio.Task[None], asyncio.Event] = field(default_factory=dict)
    timer: asyncio.TimerHandle | None = None
    wake_ms: int | None = None
    fired: list[Happened] | None = None


class Performer:
    """Carries out effects; at most one timer per namespace, and only while a callback is owed."""

    def __init__(
        self,
        courier: Courier,
        gatekeeper: Gatekeeper,
        tally: Tally,
        wall: Callable[[], int],
        on_crash: Callable[[BaseException], object],
    ) -> None:
        self._courier = courier
        self._gatekeeper = gatekeeper
        self._tally = tally
        self._wall = wall
        self._on_crash = on_crash
        self._is_over = False
        self._rooms: WeakKeyDictionary[Namespace, _Room] = WeakKeyDictionary()

    def perform(self, namespace: Namespace, effects: Collection[Effect]) -> None:
        """Write down what happened, and send in the background what is to be sent."""
        self.start(namespace, self.note(namespace, effects))

    def note(self, namespace: Namespace, effects: Collection[Effect]) -> tuple[SendCallback, ...]:
        """Write down what happened; returns what is to be sent."""
        fired = self._room(namespace).fired
        if fired is not None:
            fired += [effect for effect in effects if isinstance(effect, Happened)]
        self._tally.note(effects)
        return namespace.note(effects, self._wall())

    def start(self, namespace: Namespace, sends: Iterable[SendCallback]) -> None:
        """Send in the background."""
        for send in sends:
            self._start(namespace, send)
        self._rearm(namespace)

    async def send_now(self, namespace: Namespace, sends: Iterable[SendCallback]) -> None:
        """Send one after another; returns when each has ended or is held."""
        for send in sends:
            await self._start(namespace, send).wait()

    def catch_up(self, namespace: Namespace) -> None:
        """Let everything happen that is due by now."""
        self.perform(namespace, namespace.catch_up(self._wall()))

    async def travel(
        self, namespace: Namespace, journey: Callable[[int], Journey]
    ) -> tuple[Happened, ...]:
        """Walk a journey of the clock; returns what happened on the way, in order.

        It sets out from the machine's clock as it stands once what is being sent has ended. Each
        callback's result is fed back before the next step; one that a gate holds is left behind.
        """
        room = self._room(namespace)
        async with room.lock:
            await self.quiesce(namespace)
            fired: list[Happened] = []
            room.fired = fired
            try:
                for effects in journey(self._wall()):
                    await self.send_now(namespace, self.note(namespace, effects))
            finally:
                room.fired = None
                self._disarm(room)
                self._rearm(namespace)
        return tuple(fired)

    async def quiesce(self, namespace: Namespace) -> None:
        """Wait until what is being sent now has ended or is held by a gate.

        What begins meanwhile is not waited for: where payments keep coming, that never ends.
        """
        for at_rest in list(self._room(namespace).sendings.values()):
            await at_rest.wait()

    async def stop(self) -> None:
        """End what is being sent, and send nothing more; the results are lost."""
        self._is_over = True
        tasks: list[asyncio.Task[None]] = []
        for room in self._rooms.values():
            if room.timer is not None:
                room.timer.cancel()
            tasks += room.sendings
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._courier.close()

    def _room(self, namespace: Namespace) -> _Room:
        room = self._rooms.get(namespace)
        if room is None:
            room = self._rooms[namespace] = _Room()
        return room

    def _start(self, namespace: Namespace, send: SendCallback) -> asyncio.Event:
        """Begin to send; the event is set while a gate holds it, and when it is over."""
        room, at_rest = self._room(namespace), asyncio.Event()
        if self._is_over:
            at_rest.set()
            return at_rest

        def end(task: asyncio.Task[None]) -> None:
            del room.sendings[task]
            at_rest.set()
            problem = None if task.cancelled() else task.exception()
            if problem is not None:
                self._on_crash(problem)

        task = asyncio.create_task(self._send(namespace, send, at_rest))
        room.sendings[task] = at_rest
        task.add_done_callback(end)
        return at_rest

    async def _send(self, namespace: Namespace, send: SendCallback, at_rest: asyncio.Event) -> None:
        let_pass, subject = self._gatekeeper.let_pass, subject_of_payment(CALLBACK, send.told, {})
        if _is_void(namespace, send):
            return
        await let_pass(namespace, Point.CALLBACK_BEFORE_SEND, subject, at_rest)
        async with self._room(namespace).wire:
            if _is_void(namespace, send):
                return
            attempt = await self._courier.send(send, lambda: namespace.now_ms(self._wall()))
        if _is_void(namespace, send):
            return
        await let_pass(namespace, Point.CALLBACK_AFTER_ACK, subject, at_rest)
        if not _is_void(namespace, send):
            callbacks = namespace.engine.callbacks
            self.perform(namespace, callbacks.answered(send.delivery_id, attempt))

    def _rearm(self, namespace: Namespace) -> None:
        """Set the timer to the next instant at which somebody outside waits for something."""
        room, clock, wake_ms = self._room(namespace), namespace.clock, None
        if isinstance(clock, RealClock) and (due_ms := namespace.engine.next_wake_ms) is not None:
            wake_ms = due_ms - clock.offset_ms
        if wake_ms == room.wake_ms:
            return
        self._disarm(room)
        if wake_ms is not None:
            delay_s = max(0, wake_ms - self._wall()) / 1000
            room.timer = asyncio.get_running_loop().call_later(delay_s, self._wake, namespace)
            room.wake_ms = wake_ms

    def _wake(self, namespace: Namespace) -> None:
        self._disarm(self._room(namespace))
        self.catch_up(namespace)

    def _disarm(self, room: _Room) -> None:
        if room.timer is not None:
            room.timer.cancel()
        room.timer = room.wake_ms = None


def _is_void(namespace: Namespace, send: SendCallback) -> bool:
    """A reset has made another world: nobody is owed this callback, nobody waits for its result."""
    return namespace.engine.callbacks is not send.world
