"""The courier on its own: hosts that are not what they look like, and nothing kept or told."""

from dataclasses import replace

import pytest

from mock_momo.core.deliveries import Attempt
from mock_momo.core.effects import SendCallback
from mock_momo.core.payments import Order, Payment
from mock_momo.edge import performer
from mock_momo.edge.courier import Courier, CourierOptions
from mock_momo.edge.wire.server import FakeServer
from momo_contracts.lifecycle import State
from momo_contracts.operations import REQUEST_TO_PAY
from momo_contracts.plans import parse_plan
from momo_contracts.switches import Switches
from momo_contracts.values import Party, parse_amount
from tests.mock_momo.core.calls import REFERENCE_ID
from tests.mock_momo.edge.merchant import deliveries, lab, pay, world
from tests.mock_momo.edge.receiver import receiving
from tests.mock_momo.edge.wire import Fake

ORDER = Order(REQUEST_TO_PAY, parse_amount("5"), "EUR", Party("MSISDN", "1"), None, None, None)
PAYMENT = Payment(REFERENCE_ID, ORDER, parse_plan("SUCCESSFUL"), State.SUCCESSFUL, 0)
SEND = SendCallback(0, f"{REFERENCE_ID}.1", 1, "POST", "", PAYMENT, Switches())


async def sent(*urls: str) -> list[Attempt]:
    courier = Courier(CourierOptions())
    try:
        return [await courier.send(replace(SEND, url=url), lambda: 0) for url in urls]
    finally:
        await courier.close()


@pytest.mark.parametrize("host", ["\uff10.0.0.0", "\uff12\uff10\uff13.0.113.9"])
async def test_an_address_in_other_digits_is_an_address(host: str) -> None:
    (attempt,) = await sent(f"http://{host}:1/")

    assert attempt.is_withheld


@pytest.mark.parametrize("host", ["127.1", "0", "2130706433", "3405803785", "localhost.", "[::1"])
async def test_a_host_that_is_nobody_s_way_to_write_one_is_not_sent_to(host: str) -> None:
    (attempt,) = await sent(f"http://{host}:1/")

    assert (attempt.status, attempt.problem is None) == (None, False)


UNSENDABLE = (
    "ftp://me:geheim@localhost/",
    "http://me:geheim@localhost:99999/",
    "http://me:geheim@[bad]/",
    "http://me:geheim@localhost\\x/",
    "http://me:geheim@127.1/",
)


@pytest.mark.parametrize("url", UNSENDABLE)
async def test_a_url_that_cannot_be_sent_to_is_refused_without_its_password(url: str) -> None:
    (attempt,) = await sent(url)

    assert attempt.problem is not None
    assert "callback URL" in attempt.problem
    assert "geheim" not in attempt.problem


async def test_an_answer_that_is_no_http_is_told_without_the_url_s_query() -> None:
    async with receiving() as receiver:
        receiver.is_echo = True
        (attempt,) = await sent(f"{receiver.url}?token=geheim")

    assert attempt.problem == "the receiver's answer is not HTTP"


async def test_a_cookie_that_a_receiver_sets_goes_to_nobody() -> None:
    async with receiving() as receiver:
        receiver.extra = "Set-Cookie: a=b\r\n"
        await sent(receiver.url, receiver.url)

    assert [dict(row.headers).get("Cookie") for row in receiver.received] == [None, None]


async def test_a_callback_that_waits_for_its_turn_still_has_its_two_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(performer, "MOST_AT_ONCE", 1)
    fake = Fake()
    fake.server = FakeServer(fake.registry, fake.wall, CourierOptions(timeout_s=1))
    await fake.start()
    async with receiving() as receiver:
        await world(fake)
        await lab(fake, "pause")
        for reference_id in (REFERENCE_ID, f"{REFERENCE_ID[:-1]}2"):
            await pay(fake, receiver.url, reference_id=reference_id)
        receiver.hangs = 1
        callbacks = fake.registry.default.engine.callbacks
        fake.server.performer.perform(fake.registry.default, callbacks.resume(0))
        await fake.server.performer.quiesce(fake.registry.default)
        stages = [row["stage"] for row in await deliveries(fake)]
    await fake.server.stop(drain_s=0)

    assert stages == ["failed", "acknowledged"]
    assert len(receiver.received) == 2
