"""A client whose work is followed: what of it can go on, and what waits for the examiner's clock.

A flow waits while it sleeps, and while it needs a token that a sleeper is fetching. An operation
that waits is answered at once; a clock that moved is answered when all that it woke has ended or
waits again.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from enum import Enum, auto
from typing import Any, Generic, TypeVar

from momo_client.core.effects import Effect, GetToken, Pause, RunAll
from momo_client.edge.asyncio_shell import MomoClient
from momo_client.edge.clock import SteppedClock
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import Settings
from momo_contracts.values import Product

T = TypeVar("T")


class Doing(Enum):
    """What a flow does when it does not wait for a token."""

    WORK = auto()
    SLEEP = auto()


class Flows:
    """What the flows of one origin are doing; a product means that its token is waited for."""

    def __init__(self) -> None:
        self.doing = Counter[Doing | Product]()

    def is_still(self, stalled: set[Doing | Product]) -> bool:
        """True when all of them do what is stalled."""
        return not any(self.doing[what] for what in self.doing.keys() - stalled)


class Errand(Flows, Generic[T]):
    """A piece of work with an end, in a task of its own."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        super().__init__()
        context = copy_context()
        context.run(_OWN_FLOWS.set, self)
        self.task = asyncio.create_task(work, context=context)

    def is_still(self, stalled: set[Doing | Product]) -> bool:
        """True also when it has ended; not when it does nothing, between two steps."""
        return self.task.done() or (self.doing.total() > 0 and super().is_still(stalled))


_OWN_FLOWS: ContextVar[Flows] = ContextVar("_OWN_FLOWS")
_FETCHED: ContextVar[Product | None] = ContextVar("_FETCHED", default=None)


class FollowedClient(MomoClient):
    """A client on a stepped clock that knows what its flows are doing.

    `background` are those that no errand has begun, such as the looks that callbacks ask for.
    """

    def __init__(self, settings: Settings, ledger: Ledger, clock: SteppedClock) -> None:
        super().__init__(settings, ledger, clock=clock)
        self.background = Flows()
        self._stalled: set[Doing | Product] = {Doing.SLEEP}
        self._news = asyncio.Event()

    def begin(self, work: Coroutine[Any, Any, T]) -> Errand[T]:
        """Start a piece of work."""
        errand = Errand(work)
        errand.task.add_done_callback(lambda _: self._tell_news())
        return errand

    async def until_still(self, *all_flows: Flows) -> None:
        """Return when all of them have ended, or cannot go on before the clock moves."""
        while not all(flows.is_still(self._stalled) for flows in all_flows):
            await self._news.wait()

    async def _perform(self, effect: Effect) -> Any:  # noqa: ANN401  # each effect names its answer
        match effect:
            case GetToken(product):
                with self._doing(product), _fetching(product):
                    return await super()._perform(effect)
            case Pause():
                with self._sleeping(_FETCHED.get()):
                    return await super()._perform(effect)
            case RunAll():
                return await super()._perform(effect)
            case _:
                with self._doing(Doing.WORK):
                    return await super()._perform(effect)

    @contextmanager
    def _sleeping(self, fetched: Product | None) -> Iterator[None]:
        """Of a sleep in the middle of a fetch it is the token that stalls, whoever waits for it."""
        if fetched is None:
            with self._doing(Doing.SLEEP):
                yield
            return
        self._stalled.add(fetched)
        self._tell_news()
        try:
            yield
        finally:
            self._stalled.discard(fetched)

    @contextmanager
    def _doing(self, what: Doing | Product) -> Iterator[None]:
        flows = _OWN_FLOWS.get(self.background)
        flows.doing[what] += 1
        self._tell_news()
        try:
            yield
        finally:
            flows.doing[what] -= 1
            self._tell_news()

    def _tell_news(self) -> None:
        """Wake those who wait for news; each looks for itself."""
        self._news.set()
        self._news.clear()


@contextmanager
def _fetching(product: Product) -> Iterator[None]:
    outer = _FETCHED.set(product)
    try:
        yield
    finally:
        _FETCHED.reset(outer)
