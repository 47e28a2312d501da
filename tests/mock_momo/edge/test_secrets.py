"""Secrets where nobody expects them: they reach no reply, no event, no log and no report."""

import pytest

from mock_momo.edge.log.follower import Batch
from mock_momo.edge.log.tail import Tail, as_json, as_text, lost_as_json, lost_as_text
from tests.mock_momo.core.calls import REQUEST_TO_PAY
from tests.mock_momo.edge.merchant import pay, world
from tests.mock_momo.edge.receiver import receiving
from tests.mock_momo.edge.wire import Answer, Fake

TARGETS = (
    "http://me:CANARY@localhost/x",
    "http://CANARY@localhost/x",
    "/x/http:%2F%2Fme:CANARY@localhost",
    "/y%3Fsubscription-key=CANARY",
    "/y%253Fsubscription-key=CANARY",
    "/y#subscription-key=CANARY",
    "/y?x=1;subscription-key=CANARY",
    "/ns/a%3Fsubscription-key=CANARY/x",
    f"{REQUEST_TO_PAY}/7%3Fsubscription-key=CANARY",
)


def told(answer: Answer) -> str:
    return f"{answer.headers} {answer.body!r} {answer.why}"


async def everything_told(fake: Fake) -> str:
    """All that the fake says of its default namespace: events, report, deliveries, live logs."""
    asked = (("GET", "events"), ("POST", "verify"), ("GET", "callbacks"))
    answers = [await fake.control(how, f"namespaces/default/{name}") for how, name in asked]
    assert [answer.status for answer in answers] == [200] * 3
    batch = Batch(0, tuple(fake.registry.default.log.after(0)))
    logs = (Tail(as_text, lost_as_text), Tail(as_json, lost_as_json))
    shown = [log.shown(batch).decode() for log in logs]
    return "".join([*map(told, answers), *shown])


@pytest.mark.parametrize("target", TARGETS)
async def test_a_secret_in_a_target_is_told_nowhere(fake: Fake, target: str) -> None:
    answer = await fake.ask("GET", target, fake.headers())
    text = await everything_told(fake)

    assert answer.status in (400, 404)
    assert "exchange_ended" in text
    assert "CANARY" not in told(answer) + text


@pytest.mark.parametrize("is_echo", [False, True])
async def test_the_password_of_a_callback_url_goes_to_its_receiver_only(
    fake: Fake, *, is_echo: bool
) -> None:
    async with receiving() as receiver:
        receiver.is_echo = is_echo
        await world(fake)
        await pay(fake, receiver.url.replace("//", "//me:CANARY@"))
        await fake.server.performer.quiesce(fake.registry.default)
    text = await everything_told(fake)

    assert dict(receiver.received[0].headers)["Authorization"] == "Basic bWU6Q0FOQVJZ"
    assert "callback_attempted" in text
    assert "CANARY" not in text


async def test_a_secret_in_the_middle_of_a_path_does_not_hide_where_it_leads(fake: Fake) -> None:
    path = "/collection/v1_0/accountholder/alias/subscription-key=CANARY/active"

    answer = await fake.ask("GET", path, fake.headers())

    assert answer.json == {"result": True}
    events = await fake.control("GET", "namespaces/default/events")
    assert b"CANARY" not in events.body
