"""A merchant on a clock that is moved by hand: a client, its ledger and a world of the fake."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from mock_momo.testing import Control
from momo_client import (
    BlockingChecker,
    BlockingMomoClient,
    HttpRequest,
    Ledger,
    ManualClock,
    Payment,
    TokenError,
)
from momo_client.core.effects import Flow
from momo_client.core.flows import confirm, take_hint
from momo_client.core.http import Answer
from momo_client.edge.transport import SocketTransport
from momo_contracts.operations import Kind
from tests.momo_client.conftest import settings_for
from tests.momo_client.distortions import Change, unchanged

BEGIN_MS = 2_000_000_000_000
TIMEOUT_S = 10


class Killed(Exception):
    """The process ends here: nothing of the client's catches it."""


def nothing(_request: HttpRequest) -> None:
    """Nothing happens."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """What happens, to the next request of a kind, before it is sent or before its answer.

    The answer comes as `change` leaves it.
    """

    kind: Kind
    is_before: bool
    happen: Callable[[HttpRequest], None] = nothing
    change: Change = unchanged


class Road:
    """The real way to the fake, with at most one mishap ahead."""

    def __init__(self, base_url: str) -> None:
        self._socket = SocketTransport(base_url, TIMEOUT_S)
        self.ahead: Mishap | None = None

    def send(self, request: HttpRequest) -> Answer:
        mishap = self.ahead
        if mishap is None or request.operation.kind is not mishap.kind:
            return self._socket.send(request)
        self.ahead = None
        if mishap.is_before:
            mishap.happen(request)
        answer = self._socket.send(request)
        if not mishap.is_before:
            mishap.happen(request)
        return mishap.change(answer)


class OrderlyClient(BlockingMomoClient):
    """Looks at one payment after another and pauses for no time, so that a run can be repeated."""

    is_patient = True

    def _pause(self, _least_s: float, _most_s: float) -> bool:
        return self.is_patient

    def _run_all(self, side_by_side: tuple[Flow[Payment], ...]) -> tuple[Payment, ...]:
        return tuple(map(self.drive, side_by_side))


class Trader:
    """One merchant; its world, its reference ids and its secrets are the same in every run."""

    def __init__(self, fake: Control, file: Path, *, is_patient: bool) -> None:
        self.world = fake.namespace("trader")
        self.clock = ManualClock(self.world.freeze(BEGIN_MS).now_ms)
        self.road = Road(self.world.base_url)
        self._file = file
        self._is_patient = is_patient
        self._settings = settings_for(self.world)
        self._made = 0
        self.ledger = Ledger.create(self._url)
        self.client = self._open_client(self.road)

    def restart(self) -> None:
        """As after the process has ended, in whatever way: no token is kept."""
        self.ledger.close()
        self.ledger = Ledger.open(self._url)
        self.client = self._open_client(self.road)

    def close(self) -> None:
        self.ledger.close()
        self.world.delete()
        for file in self._file.parent.glob(f"{self._file.name}*"):
            file.unlink()

    def new_reference_id(self) -> str:
        self._made += 1
        return str(UUID(int=self._made, version=4))

    def wait(self, seconds: int) -> None:
        self.clock.move_to(self.world.advance(seconds).now_ms)

    def check(self) -> int:
        """One round of the checker: how many payments it has asked for."""
        return BlockingChecker(self.client).check_now().checked

    def check_elsewhere(self) -> None:
        """One round of another process on the same ledger, which nothing happens to."""
        BlockingChecker(self._open_client(Road(self.world.base_url))).check_now()

    def take_callback(self, reference_id: str, *, is_confirmed: bool) -> None:
        """As a receiver takes one: a durable hint, and perhaps a look at once."""
        now_ms = self.clock.now_ms()
        payment = self.client.drive(take_hint(reference_id, now_ms))
        if payment is not None and is_confirmed:
            with suppress(TokenError):
                self.client.drive(
                    confirm(self.client.merchant, reference_id, now_ms, self.client.policy)
                )

    @property
    def _url(self) -> str:
        return f"sqlite:///{self._file}"

    def _open_client(self, road: Road) -> OrderlyClient:
        client = OrderlyClient(self._settings, self.ledger, clock=self.clock, transport=road)
        client.is_patient = self._is_patient
        return client
