"""Looks in the background: how many, in which order, and how they end."""

import asyncio

import pytest

from momo_client.edge import confirmations
from momo_client.edge.confirmations import AT_ONCE, Confirmations


async def settle() -> None:
    """Let everything happen that can."""
    for _ in range(20):
        await asyncio.sleep(0)


class Looks:
    """Looks that last until they are let go."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, str]] = []
        self.ended: list[str] = []
        self.cancelled: list[str] = []
        self.go = asyncio.Event()
        self.all = Confirmations(self._look)

    async def _look(self, reference_id: str, word: str) -> None:
        self.begun.append((reference_id, word))
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled.append(reference_id)
            raise
        self.ended.append(reference_id)

    async def finish(self) -> None:
        self.go.set()
        await settle()


@pytest.fixture
async def looks() -> Looks:
    return Looks()


async def test_so_many_run_at_once_and_the_others_after_them(looks: Looks) -> None:
    for number in range(AT_ONCE + 5):
        looks.all.ask(str(number), "FAILED")
    await settle()
    assert len(looks.begun) == AT_ONCE

    await looks.finish()

    assert looks.begun == [(str(number), "FAILED") for number in range(AT_ONCE + 5)]


async def test_what_is_asked_again_before_it_begins_is_looked_at_once(looks: Looks) -> None:
    for word in ("FAILED", "SUCCESSFUL"):
        looks.all.ask("a", word)

    await settle()

    assert looks.begun == [("a", "SUCCESSFUL")]
    await looks.finish()
    assert looks.ended == ["a"]


async def test_what_is_asked_again_meanwhile_is_looked_at_once_more_afterwards(
    looks: Looks,
) -> None:
    looks.all.ask("a", "FAILED")
    await settle()
    for _ in range(3):
        looks.all.ask("a", "SUCCESSFUL")
    await settle()
    assert looks.begun == [("a", "FAILED")]

    await looks.finish()

    assert looks.begun == [("a", "FAILED"), ("a", "SUCCESSFUL")]


async def test_more_than_the_backlog_is_left_to_the_checker(
    looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirmations, "BACKLOG", 2)
    for name in ("a", "b", "c", "a"):
        looks.all.ask(name, "FAILED")

    await settle()
    await looks.finish()

    assert looks.ended == ["a", "b"]


async def test_looks_that_have_ended_or_broken_make_room_for_others() -> None:
    looked = []

    async def look(reference_id: str, word: str) -> None:
        looked.append(reference_id)
        if word == "bad":
            raise RuntimeError("a bug")

    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
    every = Confirmations(look)
    names = [str(number) for number in range(2 * AT_ONCE + 2)]
    for name, word in zip(names, ("bad", "good") * (AT_ONCE + 1), strict=True):
        every.ask(name, word)
        await settle()
    await every.close()

    assert looked == names


async def test_at_the_end_what_runs_is_finished_and_nothing_begins(looks: Looks) -> None:
    for number in range(AT_ONCE + 5):
        looks.all.ask(str(number), "FAILED")
    await settle()
    closing = asyncio.create_task(looks.all.close())
    await settle()
    looks.all.ask("late", "FAILED")
    looks.go.set()

    await closing

    assert looks.ended == [str(number) for number in range(AT_ONCE)]
    assert len(looks.begun) == AT_ONCE


async def test_what_does_not_end_in_time_is_cut_off(
    looks: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirmations, "STOP_S", 0.0)
    looks.all.ask("a", "FAILED")
    await settle()

    await looks.all.close()

    assert (looks.ended, looks.cancelled) == ([], ["a"])
