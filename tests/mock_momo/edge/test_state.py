"""A namespace's state, taken out and put back, goes on as if nothing had happened."""

import asyncio
import json
import stat
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_momo.core.registry import Registry
from mock_momo.core.settings import Settings
from mock_momo.edge import state_file, whole_file
from mock_momo.edge.state_file import StateFile, keeping
from mock_momo.errors import FakeUnavailable, InvalidSetting
from tests.mock_momo.core.calls import REFERENCE_ID
from tests.mock_momo.edge.merchant import pay, world
from tests.mock_momo.edge.receiver import receiving
from tests.mock_momo.edge.test_isolation import (
    IDS,
    Side,
    Step,
    controls,
    openings,
    requests,
    without_latency,
)
from tests.mock_momo.edge.wire import WALL_MS, Fake

NAME = "a"


async def exported(fake: Fake) -> dict[str, object]:
    return (await fake.control("GET", f"namespaces/{NAME}/state")).json


@settings(max_examples=60, deadline=None)
@given(openings, st.lists(requests | controls, max_size=15), st.lists(requests, max_size=10))
def test_a_state_put_back_in_another_fake_goes_on_the_same(
    opening: tuple[Step, ...], before: list[Step], after: list[Step]
) -> None:
    asyncio.run(_compare([*opening, *before], after))


async def _compare(before: list[Step], after: list[Step]) -> None:
    one, other = Fake(), Fake()
    await one.start()
    await other.start()
    async with receiving() as receiver:
        await one.control("PUT", f"namespaces/{NAME}")
        side = Side(one, NAME, receiver)
        for step in before:
            await side.take(step)
        state = await exported(one)
        put = await other.control("PUT", f"namespaces/{NAME}/state", state)
        assert put.status == 200
        twin = Side(other, NAME, receiver)
        twin.authorization, twin.login = side.authorization, side.login
        assert await exported(other) == state
        for goes_on in (side, twin):
            goes_on.seen.clear()
            receiver.statuses.clear()
            for step in after:
                await goes_on.take(step)
        assert twin.seen == side.seen
        ended = [json.dumps(await exported(fake)) for fake in (one, other)]
        assert len({str(json.loads(text, object_hook=without_latency)) for text in ended}) == 1
    for fake in (one, other):
        assert fake.server.crashes == []
        await fake.server.stop(drain_s=0.1)


async def test_a_callback_that_was_on_the_wire_is_owed_again(fake: Fake) -> None:
    await fake.control("PUT", f"namespaces/{NAME}")
    async with receiving() as receiver:
        side = Side(fake, NAME, receiver)
        taken: list[dict[str, object]] = []

        async def take() -> None:
            if not taken:
                taken.append(await exported(fake))

        receiver.on_request = take
        await side.take(("pay", REFERENCE_ID, "SUCCESSFUL", True))
        await fake.control("PUT", f"namespaces/{NAME}/state", taken[0])
        namespace = fake.registry.find(NAME)
        assert namespace is not None
        await fake.server.performer.quiesce(namespace)

        assert receiver.statuses_seen == ["SUCCESSFUL"] * 2


@pytest.mark.parametrize(
    "steps",
    [
        [("reseed", 7), ("user",), ("key",), ("reseed", 5)],
        [("reseed", 7), ("pay", REFERENCE_ID, "SUCCESSFUL; after=10s", False), ("reseed", 5)],
    ],
)
def test_what_was_made_before_another_seed_is_put_back_as_it_was(steps: list[Step]) -> None:
    later: Step = ("clock", {"action": "advance", "seconds": 10})
    asyncio.run(_compare(steps, [("login",), later, ("status", REFERENCE_ID, "v1")]))


async def test_any_number_of_keys_and_any_rate_limit_can_be_put_back(fake: Fake) -> None:
    await fake.control("PUT", f"namespaces/{NAME}", {"rate_limit": "5/1000h"})
    namespace = fake.registry.find(NAME)
    assert namespace is not None
    for _ in range(1001):
        namespace.engine.api_users.create_key(namespace.credentials.api_user, seed=0)
    state = await exported(fake)

    assert (await fake.control("PUT", f"namespaces/{NAME}/state", state)).status == 200
    assert await exported(fake) == state


@pytest.mark.parametrize(("action", "mode"), [("advance", "real"), ("freeze", "frozen")])
async def test_a_state_taken_on_a_journey_of_the_clock_is_at_its_end(
    fake: Fake, tmp_path: Path, action: str, mode: str
) -> None:
    end_ms = WALL_MS + 60_000
    message = {"action": action, "at_ms": end_ms, "seconds": 60}
    taken: list[dict[str, object]] = []
    file = _file(tmp_path / "state.json", fake.registry)
    await fake.control("PUT", f"namespaces/{NAME}")

    async def take() -> None:
        write = file.draft()
        assert write is not None
        write()
        taken.append(await exported(fake))

    async with receiving() as receiver:
        receiver.on_request = take
        side = Side(fake, NAME, receiver)
        for seconds, reference_id in ((10, REFERENCE_ID), (20, IDS[0])):
            await side.take(("pay", reference_id, f"SUCCESSFUL; after={seconds}s", True))
        await side.take(("clock", message))
        kept = json.loads((tmp_path / "state.json").read_text())["namespaces"][1]
        receiver.on_request = None
        receiver.received.clear()
        await fake.control("PUT", "namespaces/b/state", taken[0])
        other = fake.registry.find("b")
        assert other is not None
        await fake.server.performer.quiesce(other)

    clock = {"mode": mode, "ms": end_ms if mode == "frozen" else 60_000}
    assert [row["clock"] for row in (*taken, kept)] == [clock] * 3
    shown = (await fake.control("GET", "namespaces/b/clock")).json
    assert shown == {"mode": mode, "now_ms": end_ms, "idle": True}
    assert receiver.statuses_seen == ["SUCCESSFUL"] * 2


async def test_no_credential_of_ours_is_in_it(fake: Fake) -> None:
    namespace = fake.registry.default
    await fake.ask("POST", "/collection/token/", fake.login())
    text = (await fake.control("GET", "namespaces/default/state")).body.decode()

    assert namespace.credentials.api_key not in text
    assert "access_token" not in text


MISTAKES: tuple[tuple[object, str], ...] = (
    ({"version": 1}, "version: 1 is not 2; this state was written by another"),
    ({"paymnts": []}, "unknown key 'paymnts'; did you mean 'payments'?"),
    ({"rules": [{"name": "a", "fault": "hangs"}]}, "did you mean 'hang'?"),
    ({"payments": [{}]}, "payments.0."),
)


@pytest.mark.parametrize(("change", "told"), MISTAKES)
async def test_a_broken_state_is_refused_and_changes_nothing(
    fake: Fake, change: dict[str, object], told: str
) -> None:
    await fake.control("PUT", f"namespaces/{NAME}", {"seed": 5})
    state = await exported(fake)

    answer = await fake.control("PUT", f"namespaces/{NAME}/state", state | change)

    assert answer.status == 400
    assert told in str(answer.json["error"])
    assert await exported(fake) == state


def _file(path: Path, registry: Registry) -> StateFile:
    return StateFile(path, registry, lambda: WALL_MS)


def test_a_file_keeps_every_named_namespace_and_is_written_only_when_something_changed(
    tmp_path: Path,
) -> None:
    path, registry = tmp_path / "state.json", Registry(Settings())
    registry.create("shop", Settings(seed=7))
    file = _file(path, registry)
    file.load()
    write = file.draft()
    assert write is not None
    write()
    assert file.draft() is None

    again = Registry(Settings())
    _file(path, again).load()
    kept = again.find("shop")
    assert kept is not None
    assert (again.names(), kept.settings.seed) == (["default", "shop"], 7)
    assert list(tmp_path.iterdir()) == [path], "no draft is left"
    registry.default.reset(WALL_MS)
    assert file.draft() is not None


@pytest.mark.parametrize("content", ["", "[]", "{", '{"version": 2}', '{"version": 9}'])
def test_what_is_no_state_is_refused_with_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "state.json"
    path.write_text(content)

    with pytest.raises(InvalidSetting, match=r"is no state of a fake: .*move it away"):
        _file(path, Registry(Settings())).load()


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "state.json"
    write = _file(path, Registry(Settings())).draft()
    assert write is not None

    with pytest.raises(FakeUnavailable, match="cannot write"):
        write()


def test_state_files_are_plain_json(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    write = _file(path, Registry(Settings())).draft()
    assert write is not None
    write()

    assert [row["namespace"] for row in json.loads(path.read_text())["namespaces"]] == ["default"]


def test_a_state_file_is_its_owner_s_alone_to_read(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.touch(0o644)
    write = _file(path, Registry(Settings())).draft()
    assert write is not None
    write()

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_callback_url_is_in_it_as_it_came(fake: Fake) -> None:
    await world(fake)
    await pay(fake, "http://me:geheim@localhost:1/?token=t", "PENDING")

    text = (await fake.control("GET", "namespaces/default/state")).body.decode()

    assert '"url":"http://me:geheim@localhost:1/?token=t"' in text


STEERED: tuple[tuple[str, str, object], ...] = (
    ("POST", "callbacks/pause", None),
    ("POST", f"callbacks/{REFERENCE_ID}.1/delay", {"seconds": 5}),
    ("PUT", "state", None),
    ("PUT", "rules", {"rules": []}),
)


@pytest.mark.parametrize(("method", "path", "message"), STEERED)
async def test_what_leaves_no_event_is_kept_in_the_file_too(
    fake: Fake, tmp_path: Path, method: str, path: str, message: object
) -> None:
    async with receiving() as receiver:
        await fake.control("PUT", f"namespaces/{NAME}")
        await Side(fake, NAME, receiver).take(("pay", REFERENCE_ID, "SUCCESSFUL", True))
        namespace = fake.registry.find(NAME)
        assert namespace is not None
        await fake.server.performer.quiesce(namespace)
    state = await exported(fake)
    file = _file(tmp_path / "state.json", fake.registry)
    write = file.draft()
    assert write is not None
    write()
    assert file.draft() is None

    answer = await fake.control(method, f"namespaces/{NAME}/{path}", message or state)

    assert answer.status == 200
    assert file.draft() is not None


async def test_the_end_waits_for_a_writing_that_is_under_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread cannot be cancelled: it would put the older state over the newer one."""
    registry, path = Registry(Settings()), tmp_path / "state.json"
    file = _file(path, registry)
    loop, begun, go_on = asyncio.get_running_loop(), asyncio.Event(), Event()

    def slow(path: Path, content: bytes, *, is_private: bool) -> None:
        if not begun.is_set():
            loop.call_soon_threadsafe(begun.set)
            go_on.wait()
        whole_file.write_whole(path, content, is_private=is_private)

    monkeypatch.setattr(state_file, "write_whole", slow)
    monkeypatch.setattr(state_file, "INTERVAL_S", 0)
    async with keeping(file, print):
        await begun.wait()
        registry.create("shop", Settings())
        loop.call_soon(go_on.set)

    kept = json.loads(path.read_text())["namespaces"]
    assert [row["namespace"] for row in kept] == ["default", "shop"]
