"""Run one plan against a client in a fresh world, and hand over all that happened."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mock_momo.testing import World
from momo_conformance.asking import Asking
from momo_conformance.exchanges import Event
from momo_conformance.ledger import Ledger, read_ledger
from momo_conformance.performing import Performer
from momo_conformance.plans import ExamplePlan, write_settings
from momo_conformance.protocol import Fields, Ok
from momo_conformance.recorder import Recorder
from momo_conformance.relay import Relay
from momo_conformance.secrets import search_output
from momo_conformance.steps import NUMBERED, Begin, Crash, Join, Step
from momo_conformance.subject import Subject
from momo_conformance.traps import trapped_url, trust_of

START_MS = 2_208_988_800_000
"""Every example begins on 2040-01-01T00:00:00Z: a frozen clock can only be set forward."""

REST_S = (*(31,) * 8, 3600, 43_200, 39_600, 61)
"""The steps to quiescence: as a checker of 30 s wakes, to mid-way, just past the 24 h deadline."""

LAST_LOOKS = 3
"""How often a client without a clock or a ledger is asked for each payment in the end."""

_AT_ONCE = 128


@dataclass(frozen=True, slots=True)
class Bench:
    """What examples share: the client, the listener for its callbacks, a folder for its ledger."""

    subject: Subject
    relay: Relay
    folder: Path


def examine(plan: ExamplePlan, world: World, bench: Bench) -> tuple[Event, ...]:
    """Everything that happened when the plan was carried out in a world made for it.

    The driver is configured anew, so its past does not count. Raises DriverError, MockMomoError.
    """
    trap = plan.settings.trap
    bench.subject.use_environment(surroundings_of(plan, bench.folder))
    has_clock = bench.subject.client.has_clock
    recorder = Recorder(world, world.freeze(START_MS if has_clock else None).now_ms)
    recorder.note(
        "example_began",
        settings=write_settings(plan.settings),
        caps=dict(bench.subject.client.caps),
        client=str(bench.subject.client),
    )
    with trapped_url(trap, world, recorder, bench.folder) as base_url:
        _Examination(plan, world, bench, recorder, base_url).run()
    return recorder.events


def configuration_of(world: World, folder: Path, **choices: object) -> Fields:
    """What `configure` is asked with, for a client of this world with its ledger in a folder.

    `choices` are what a plan decides, and take the place of the rest.
    """
    return {
        "base_url": world.base_url,
        "api_user": world.api_user,
        "api_key": world.api_key,
        "subscription_keys": dict(world.subscription_keys),
        "target_environment": world.target_environment,
        "currency": world.currency,
        "now_ms": START_MS,
        "ledger_url": f"sqlite:///{(folder / 'ledger.sqlite3').as_posix()}",
        "resume": False,
        "callback_url": None,
        **choices,
    }


def surroundings_of(plan: ExamplePlan, folder: Path) -> Mapping[str, str]:
    """The variables of a plan: its locale, and whom to trust where it is about TLS."""
    locale = plan.settings.locale
    spoken = {"LC_ALL": locale, "LANG": locale} if locale else {}
    return {**spoken, **trust_of(plan.settings.trap, folder)}


class _Examination:
    def __init__(
        self, plan: ExamplePlan, world: World, bench: Bench, recorder: Recorder, base_url: str
    ) -> None:
        self._plan = plan
        self._world = world
        self._bench = bench
        self._recorder = recorder
        self._base_url = base_url
        self._asking = Asking(bench.subject, recorder, lambda: self._configure(is_resumed=True))
        self._performer = Performer(world, self._asking, recorder)
        self._numbers = 0

    def run(self) -> None:
        if any(isinstance(step, Crash) for step in self._plan.steps):
            self._bench.subject.prepare()
        self._world.pause_callbacks()
        self._bench.relay.deliver = self._performer.relay
        self._configure(is_resumed=False)
        with ThreadPoolExecutor(_AT_ONCE) as pool, self._gates_opened_after():
            begun = self._take_all(pool)
        _await(begun)
        if self._plan.rests:
            self._come_to_rest()
        search_output(self._bench.subject, self._world, self._recorder)

    def _take_all(self, pool: ThreadPoolExecutor) -> list[Future[None]]:
        """Take the steps in order; those that were begun and not joined may be under way."""
        begun: list[Future[None]] = []
        for step in self._plan.steps:
            match step:
                case Begin(steps):
                    rows = [(inner, self._number(inner)) for inner in steps]
                    begun += [pool.submit(self._performer.perform, *row) for row in rows]
                case Join():
                    _await(begun)
                case _:
                    self._performer.perform(step, self._number(step))
        return begun

    def _number(self, step: Step) -> int | None:
        if not isinstance(step, NUMBERED):
            return None
        self._numbers += 1
        return self._numbers

    @contextmanager
    def _gates_opened_after(self) -> Iterator[None]:
        """Nothing is left waiting for a gate, whatever happens."""
        try:
            yield
        finally:
            for gate in self._world.gates():
                self._world.open_gate(gate.name)

    def _configure(self, *, is_resumed: bool) -> None:
        settings = self._plan.settings
        fields = configuration_of(
            self._world,
            self._bench.folder,
            base_url=self._base_url,
            now_ms=self._recorder.now_ms,
            resume=is_resumed,
            status_view=settings.status_view,
            callback_url=self._bench.relay.url if settings.callbacks else None,
            request_timeout_ms=settings.request_timeout_ms,
        )
        self._asking.must("configure", fields)

    def _come_to_rest(self) -> None:
        """Let time pass until the client has nothing pending, or has had its last chance."""
        client = self._bench.subject.client
        if not (client.has_clock and client.has_ledger):
            for _ in range(LAST_LOOKS):
                self._performer.ask_for_all()
            return
        for seconds in (0, *REST_S):
            if seconds:
                self._performer.advance(seconds)
            ledger = self._reconciled()
            if ledger is None or ledger.is_at_rest:
                return

    def _reconciled(self) -> Ledger | None:
        self._asking.ask("reconcile")
        answer = self._asking.ask("ledger")
        return read_ledger(answer.value) if isinstance(answer, Ok) else None


def _await(begun: list[Future[None]]) -> None:
    while begun:
        begun.pop().result()
