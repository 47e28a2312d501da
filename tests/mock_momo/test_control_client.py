"""One control client in four forms: blocking and for coroutines, over HTTP and in process."""

import asyncio
import inspect
import re
from collections.abc import AsyncIterator
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from mock_momo.edge.control.router import ROUTES
from mock_momo.testing import (
    AsyncControl,
    AsyncWorld,
    Control,
    Finding,
    FiredRow,
    GateRow,
    HeldRow,
    InvalidSetting,
    NothingHeld,
    Problem,
    UnknownNamespace,
    World,
    async_fake,
    in_process_fake,
)
from mock_momo.testing.question import Question, Reply
from mock_momo.testing.questions import FakeQuestions, NamespaceQuestions
from tests.mock_momo.customer import OTHER_ID, REFERENCE_ID, get, pay

NOON_MS = 4_000_000_000_000
DELIVERY, OTHER_DELIVERY = f"{REFERENCE_ID}.1", f"{OTHER_ID}.1"
NOWHERE = "http://localhost:9/momo"
WAITS = "SUCCESSFUL; after=30s"
LEFT_TO_ASK = {
    "GET health",
    "GET ready",
    "GET metrics",
    "GET openapi.json",
    "GET namespaces/{namespace}/clock",
    "GET namespaces/{namespace}/events/stream",
}
"""What has no method of its own: `Control.ask` reaches it."""


class Awaited:
    """A control or world whose methods can all be awaited; blocking ones run in a thread."""

    def __init__(self, shell: object) -> None:
        self.shell: Any = shell

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever the shell has
        method = getattr(self.shell, name)
        if not callable(method):
            return method

        async def call(*args: object, **named: object) -> Any:  # noqa: ANN401  # likewise
            if inspect.iscoroutinefunction(method):
                return await method(*args, **named)
            return await asyncio.to_thread(method, *args, **named)

        return call


@pytest.fixture(params=["HTTP", "in process", "aio over HTTP", "aio in process"])
async def control(request: pytest.FixtureRequest) -> AsyncIterator[Awaited]:
    if request.param == "aio in process":
        async with async_fake() as fake:
            yield Awaited(fake)
        return
    with in_process_fake() as threaded:
        forms = {
            "HTTP": Control(threaded.url),
            "in process": threaded,
            "aio over HTTP": threaded.aio,
        }
        yield Awaited(forms[request.param])


@pytest.fixture
async def world(control: Awaited) -> Awaited:
    world = Awaited(await control.namespace("shop"))
    await world.freeze(NOON_MS)
    return world


@pytest.mark.parametrize(("blocking", "aio"), [(World, AsyncWorld), (Control, AsyncControl)])
def test_both_forms_have_the_same_methods(blocking: type, aio: type) -> None:
    ours, theirs = _methods(blocking), _methods(aio)

    assert ours == theirs
    assert ours


def _methods(form: type) -> dict[str, str]:
    """Signatures by name; the worlds and controls that they give are named as one."""
    return {
        name: str(inspect.signature(method))
        .replace("Async", "")
        .replace("asynchronous", "blocking")
        for name, method in inspect.getmembers(form, inspect.isfunction)
        if not name.startswith("_")
    }


def test_every_method_of_a_world_says_what_it_does() -> None:
    assert [name for name in _methods(World) if not getattr(World, name).__doc__] == []
    assert [name for name in _methods(Control) if not getattr(Control, name).__doc__] == []


def test_every_route_of_a_namespace_has_its_question() -> None:
    asked = {
        f"{question.method} {question.path.partition('?')[0]}" for question in _all_questions()
    }
    routes = {
        f"{row.method} {row.path}": re.compile(re.sub(r"\{\w+\}", "[^/]+", row.path))
        for row in ROUTES
    }

    covered = {
        route
        for route, pattern in routes.items()
        for method, path in (row.split() for row in asked)
        if route.startswith(f"{method} ") and pattern.fullmatch(path)
    }

    assert set(routes) - covered == LEFT_TO_ASK


def _all_questions() -> list[Question[Any]]:
    about, fake = NamespaceQuestions("a"), FakeQuestions("http://h")
    questions: list[Question[Any]] = [fake.names(), fake.create("a", {}), fake.describe("a")]
    questions.append(fake.fidelity())
    questions += [about.decide("x", decision) for decision in ("approve", "reject", "expire")]
    for name, method in inspect.getmembers(about, inspect.ismethod):
        wanted = inspect.signature(method).parameters.values()
        if not name.startswith("_") and name != "decide":
            named = [row for row in wanted if row.kind is not row.VAR_KEYWORD]
            questions.append(method(*(_sample(row.annotation) for row in named)))
    return questions


def _sample(kind: object) -> object:
    if kind in (str, int, float):
        return {str: "x", int: 1, float: 1.0}[kind]
    return {"Sequence": [], "Mapping": {}}.get(str(kind).rpartition(".")[2].partition("[")[0])


async def test_the_clock_answers_what_came_due(world: Awaited) -> None:
    await pay(world.shell, plan=WAITS)

    moved = await world.advance(Decimal(30))

    settled = FiredRow(NOON_MS + 30_000, "payment_settled", REFERENCE_ID, state="SUCCESSFUL")
    assert (moved.now_ms, moved.mode, moved.is_idle) == (NOON_MS + 30_000, "frozen", True)
    assert moved.fired == (settled,)
    assert (await world.run()).mode == "real"


async def test_running_until_idle_goes_to_the_last_thing_that_is_due(world: Awaited) -> None:
    await pay(world.shell, plan=WAITS)
    await pay(world.shell, OTHER_ID, plan="FAILED; after=1h")

    moved = await world.run_until_idle()

    assert moved.now_ms == NOON_MS + 3_600_000
    assert [row.state for row in moved.fired] == ["SUCCESSFUL", "FAILED"]


@pytest.mark.parametrize(
    ("decision", "state"),
    [("approve", "SUCCESSFUL"), ("reject", "REJECTED"), ("expire", "TIMEOUT")],
)
async def test_the_payer_decides(world: Awaited, decision: str, state: str) -> None:
    await pay(world.shell, plan="PENDING")

    decided = await getattr(world, decision)(REFERENCE_ID)

    assert (decided.reference_id, decided.state) == (REFERENCE_ID, state)
    assert await world.payments() == [decided]
    assert (await world.books()).payments == {state: 1}


async def test_rules_are_put_in_force_and_count_their_strikes(world: Awaited) -> None:
    rule = {"name": "five", "match": {"amount": Decimal(5)}, "outcome": "FAILED"}
    await world.set_rules([rule])
    await pay(world.shell)

    (shown,) = await world.rules()

    assert (shown.name, shown.match, shown.strikes) == ("five", {"amount": "5"}, 1)


async def test_a_gate_holds_until_it_is_released(world: Awaited) -> None:
    match = {"operation": "collection.requesttopay.create"}
    await world.close_gate("before-the-202", "before_reply", match)
    paying = asyncio.create_task(pay(world.shell))

    held = await world.wait_held("before-the-202")

    subject = HeldRow("collection.requesttopay.create", REFERENCE_ID)
    assert held == GateRow("before-the-202", "before_reply", None, (subject,))
    assert await world.release_gate("before-the-202") == 1
    assert await paying == 202
    assert await world.open_gate("before-the-202") == 0
    assert await world.gates() == []


async def test_a_gate_that_holds_less_than_was_waited_for_says_so(world: Awaited) -> None:
    await world.close_gate("g", "request_received")

    with pytest.raises(NothingHeld, match="gate 'g' holds 0 of 2 after 0 s"):
        await world.wait_held("g", 2, wait_s=0)


async def test_the_queue_of_paused_callbacks_can_be_rearranged(world: Awaited) -> None:
    await world.pause_callbacks()
    for reference_id in (REFERENCE_ID, OTHER_ID):
        await pay(world.shell, reference_id, plan=WAITS, callback_url=NOWHERE)
    await world.advance(30)

    report = await world.callbacks()
    await world.reorder_callbacks([OTHER_DELIVERY, DELIVERY])
    (sent,) = await world.step_callbacks()
    dropped = await world.drop_callback(DELIVERY)

    assert report.is_paused
    assert [row.stage for row in report.deliveries] == ["queued", "queued"]
    assert (sent.id, sent.stage, len(sent.attempts)) == (OTHER_DELIVERY, "failed", 1)
    assert (dropped.id, dropped.stage) == (DELIVERY, "dropped")
    assert await world.resume_callbacks() == 0
    assert await world.step_callbacks() == []


async def test_a_callback_is_sent_again_in_another_delivery_and_later(world: Awaited) -> None:
    await pay(world.shell, plan=WAITS, callback_url=NOWHERE)
    await world.advance(30)

    again = await world.resend_callback(DELIVERY)
    copy = await world.duplicate_callback(DELIVERY)
    delayed = await world.delay_callback(DELIVERY, 60)

    assert len(again.attempts) == 2
    assert "Connect" in str(again.attempts[1].problem)
    assert '"status":"SUCCESSFUL"' in again.attempts[1].sent
    assert (copy.id, len(copy.attempts)) == (f"{REFERENCE_ID}.2", 1)
    assert (delayed.stage, delayed.due_at_ms) == ("waiting", NOON_MS + 90_000)
    assert (await world.callbacks(REFERENCE_ID)).deliveries == (delayed, copy)


async def test_a_payment_without_callbacks_says_why(world: Awaited) -> None:
    await pay(world.shell)

    assert "no X-Callback-Url" in (await world.callbacks(REFERENCE_ID)).why


async def test_events_are_picked_by_what_they_are_about(world: Awaited) -> None:
    await pay(world.shell)
    await pay(world.shell, OTHER_ID)

    settled = await world.events(kind="payment_settled")
    ended = await world.events(
        settled[0]["seq"], operation="collection.requesttopay.create", status=202
    )

    assert [row["reference_id"] for row in settled] == [REFERENCE_ID, OTHER_ID]
    assert {row["kind"] for row in ended} == {"exchange_ended"}
    assert {row["kind"] for row in await world.events(reference_id=OTHER_ID)} == {
        "exchange_began", "exchange_ended", "payment_settled"
    }  # fmt: skip


async def test_verification_tells_what_nobody_expects(world: Awaited) -> None:
    before = await world.verify()
    await get(world.shell, "/collection/nowhere")
    after = await world.verify()

    assert (before.is_ok, before.findings, before.problems) == (True, (), ())
    assert (after.is_ok, [row.kind for row in after.problems]) == (False, ["unmatched_request"])


async def test_a_namespace_is_found_emptied_and_taken_away(
    control: Awaited, world: Awaited
) -> None:
    await pay(world.shell)
    found = Awaited(await control.find("shop"))
    assert found.shell == world.shell
    assert len(await found.payments()) == 1

    await world.reset()
    assert await found.payments() == []

    await world.delete()
    assert await control.names() == ["default"]
    with pytest.raises(UnknownNamespace, match="create it with PUT"):
        await world.books()


async def test_a_state_is_taken_and_put_back(world: Awaited) -> None:
    await pay(world.shell)
    paid = await world.state()
    await world.reset()

    await world.set_state(paid)

    assert [row.reference_id for row in await world.payments()] == [REFERENCE_ID]


async def test_mistakes_raise_the_fakes_own_words(control: Awaited, world: Awaited) -> None:
    with pytest.raises(InvalidSetting, match="did you mean 'outcome'"):
        await control.namespace("a", outcom="FAILED")
    with pytest.raises(InvalidSetting, match="no delivery"):
        await world.resend_callback("a/b?c")
    with pytest.raises(InvalidSetting, match="seconds"):
        await world.advance(-1)


async def test_whatever_has_no_method_can_be_asked(control: Awaited) -> None:
    assert await control.ask("GET", "health") == {"status": "ok"}
    assert await control.ask_text("GET", "health") == '{"status":"ok"}\n'


def test_expectations_and_findings_are_read_by_their_contract() -> None:
    question = NamespaceQuestions("shop").verify([{"name": "paid"}], 2.5)
    reply = Reply(
        200,
        b'{"ok":false,"findings":[{"name":"paid","status":"unmet","why":"never"}],'
        b'"problems":[{"kind":"undelivered_callback","why":"failed","delivery":"x.1"}]}',
    )

    found = question.answered(reply, "http://fake")

    assert (question.method, question.path) == ("POST", "namespaces/shop/verify")
    assert question.content == b'{"expect": [{"name": "paid"}], "wait_s": 2.5}'
    assert (question.wait_s, found.is_ok) == (2.5, False)
    assert found.findings == (Finding("paid", "unmet", "never"),)
    assert found.problems == (Problem("undelivered_callback", "failed"),)


def test_a_world_knows_no_more_of_its_namespace_than_its_coroutine_form() -> None:
    assert [row.name for row in fields(World)] == [row.name for row in fields(AsyncWorld)]
