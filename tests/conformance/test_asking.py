"""What is asked while the client dies is asked of a process, and ends with it."""

from collections.abc import Callable, Iterator
from threading import Thread

import pytest

from mock_momo.testing import Control, World
from momo_conformance.asking import Asking
from momo_conformance.protocol import Ok
from momo_conformance.reading import read_history
from momo_conformance.recorder import Recorder
from momo_conformance.subject import Subject

MEANWHILE_S = 0.2
"""So long another thread may try what it must not achieve."""


@pytest.fixture
def subject(liar: Callable[[str], str]) -> Iterator[Subject]:
    with Subject(liar("agrees with what it knows")) as subject:
        yield subject


@pytest.fixture
def world(fake: Control) -> Iterator[World]:
    world = fake.namespace("asked")
    yield world
    world.delete()


@pytest.mark.parametrize("moment", ["before the restart", "before it is configured"])
def test_who_asks_during_a_restart_asks_the_next_process_when_it_is_configured(
    subject: Subject, world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    recorder = Recorder(world, 0)
    threads: list[Thread] = []

    def ask_beside() -> None:
        threads.append(Thread(target=asking.ask, args=("reconcile",)))
        threads[-1].start()
        threads[-1].join(MEANWHILE_S)

    def restart() -> None:
        if moment == "before the restart":
            ask_beside()
        restarted()

    def configure() -> None:
        if moment == "before it is configured":
            ask_beside()
        asking.must("clock.advance", {"ms": 0})  # stands for configure

    restarted = subject.restart
    monkeypatch.setattr(subject, "restart", restart)
    asking = Asking(subject, recorder, configure)
    asking.crash()
    threads[0].join()

    history = read_history(recorder.events)
    assert [call.op for call in history.calls] == ["clock.advance", "reconcile"]
    assert all(isinstance(call.answer, Ok) for call in history.calls)


def test_what_is_done_to_the_world_while_an_answer_arrives_is_before_the_next_question(
    world: World,
) -> None:
    recorder = Recorder(world, 0)
    call = recorder.asked("reconcile", {})
    with recorder.touched():
        recorder.answered(call, Ok({}))
        world.advance(1)
    recorder.asked("ledger", {})

    kinds = [event["kind"] for event in recorder.events]
    assert kinds.index("clock_moved") < len(kinds) - 1
    assert kinds[-1] == "driver_asked"
