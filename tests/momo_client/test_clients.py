"""Both clients against the fake, over real sockets, in the fake's own time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID, uuid1, uuid4

import pytest

from mock_momo.testing import World
from momo_client import (
    BlockingMomoClient,
    Cause,
    InvalidRequest,
    Ledger,
    ManualClock,
    MomoClient,
    Payment,
    PaymentRefused,
    PaymentStatus,
    Settings,
    TokenRefused,
    UnknownPayment,
)
from momo_client.core.bookings import WALLET
from momo_client.core.effects import Find, Flow, RunAll

T = TypeVar("T")
SecondSettings = Callable[..., Settings]


class Awaited:
    """The blocking client under the asyncio client's names, so that one test drives both."""

    def __init__(self, client: BlockingMomoClient) -> None:
        self.client = client

    async def request_to_pay(self, *arguments: str, **named: Any) -> Payment:  # noqa: ANN401  # any
        return await asyncio.to_thread(self.client.request_to_pay, *arguments, **named)

    async def check_payment_status(self, reference_id: UUID | str) -> Payment:
        return await asyncio.to_thread(self.client.check_payment_status, reference_id)

    async def drive(self, flow: Flow[T]) -> T:
        return await asyncio.to_thread(self.client.drive, flow)


Either = MomoClient | Awaited


@pytest.fixture(params=["asyncio", "blocking"])
async def client(
    request: pytest.FixtureRequest, settings: Settings, ledger: Ledger, clock: ManualClock
) -> AsyncIterator[Either]:
    if request.param == "blocking":
        yield Awaited(BlockingMomoClient(settings, ledger, clock=clock))
        return
    async with MomoClient(settings, ledger, clock=clock) as client:
        yield client


@pytest.mark.parametrize(
    ("payer", "status", "reason"),
    [
        ("46733123499", PaymentStatus.COMPLETED, ""),
        ("46733123450", PaymentStatus.FAILED, "INTERNAL_PROCESSING_ERROR"),
        ("46733123451", PaymentStatus.FAILED, "APPROVAL_REJECTED"),
        ("46733123452", PaymentStatus.FAILED, "EXPIRED"),
        ("46733123453", PaymentStatus.PENDING, ""),
    ],
)
async def test_each_outcome_ends_in_its_status_and_only_success_is_credited(
    client: Either, ledger: Ledger, payer: str, status: PaymentStatus, reason: str
) -> None:
    sent = await client.request_to_pay("12.50", payer, "order-7")
    assert sent.status is PaymentStatus.PENDING
    payment = await client.check_payment_status(sent.reference_id)
    assert (payment.status, payment.reason) == (status, reason)
    credited = ledger.balance(WALLET)
    assert bool(credited) is (status is PaymentStatus.COMPLETED)


async def test_the_fakes_books_and_ours_agree(client: Either, ledger: Ledger, world: World) -> None:
    for number in range(5):
        sent = await client.request_to_pay("2.50", "+46733123499", f"order-{number}")
        await client.check_payment_status(sent.reference_id)
        await client.check_payment_status(sent.reference_id)
    assert world.books().credited == Decimal("12.5") == ledger.balance(WALLET)["EUR"].amount
    assert world.books().calls["collection.payment.status"] == 5
    rows = world.payments()
    assert [row.external_id for row in rows] == [f"order-{number}" for number in range(5)]
    assert {row.reference_id for row in rows} == {row.reference_id for row in ledger.payments()}


@pytest.mark.parametrize(
    ("amount", "msisdn", "external_id", "code"),
    [
        ("0", "46733123499", "order", "INVALID_AMOUNT"),
        ("1.005", "46733123499", "order", "INVALID_AMOUNT"),
        ("1e3", "46733123499", "order", "INVALID_AMOUNT"),
        ("100", "0733123499", "order", "INVALID_MSISDN"),
        ("100", "46733123499", "", "INVALID_TEXT"),
        ("100", "46733123499", "x" * 161, "INVALID_TEXT"),
        ("100", "46733123499", "\ud800", "INVALID_TEXT"),
    ],
)
async def test_an_impossible_payment_is_refused_before_any_call(  # noqa: PLR0913, PLR0917  # a table and its world
    client: Either,
    ledger: Ledger,
    world: World,
    amount: str,
    msisdn: str,
    external_id: str,
    code: str,
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await client.request_to_pay(amount, msisdn, external_id)
    assert caught.value.code == code
    assert caught.value.remedy
    assert (ledger.payments(), world.books().calls) == ((), {})


@pytest.mark.parametrize("place", range(4))
async def test_what_is_no_text_is_refused_before_any_call(
    client: Either, ledger: Ledger, world: World, place: int
) -> None:
    texts: list[Any] = ["46733123499", "order", "message", "note"]
    for value in (None, 7, b"x", uuid4()):
        texts[place] = value
        msisdn, external_id, message, note = texts
        with pytest.raises(InvalidRequest, match="not text"):
            await client.request_to_pay(
                "1", msisdn, external_id, payer_message=message, payee_note=note
            )
    assert (ledger.payments(), world.books().calls) == ((), {})


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Ama's rice & beans", "Ama s rice   beans"),
        ("see http:///x", "see http:  /x"),
        ("Mobutu Sésé, 3 (of 4): a/b-c_d.", "Mobutu Sésé, 3 (of 4): a/b-c_d."),
        ("&'<>", "-"),
    ],
)
async def test_what_no_provider_takes_in_a_text_is_not_sent(
    client: Either, ledger: Ledger, text: str, sent: str
) -> None:
    await client.request_to_pay("1", "46733123499", text, payer_message=text)
    (payment,) = ledger.payments()
    assert (payment.external_id, payment.payer_message, payment.payee_note) == (text, sent, sent)


async def test_a_reference_id_may_be_a_uuid_and_an_empty_one_is_not_none(client: Either) -> None:
    mine = uuid4()
    sent = await client.request_to_pay("1", "46733123499", "order", reference_id=mine)
    assert sent.reference_id == str(mine)
    assert (await client.check_payment_status(mine)).reference_id == str(mine)
    wrong_ones: tuple[Any, ...] = ("", 0, mine.bytes, uuid1())
    for wrong in wrong_ones:
        with pytest.raises(InvalidRequest, match="UUID version 4"):
            await client.request_to_pay("1", "46733123499", "o", reference_id=wrong)


async def test_one_flow_that_fails_does_not_keep_the_others_from_their_turn(
    client: Either, ledger: Ledger, new_payment: Callable[..., Payment]
) -> None:
    payments = [new_payment() for _ in range(3)]
    ended: list[str] = []

    def find(reference_id: str) -> Flow[Payment]:
        payment: Payment = yield Find(reference_id)
        ended.append(reference_id)
        return payment

    def find_all() -> Flow[tuple[Payment, ...]]:
        unknown = find("first"), *(find(each.reference_id) for each in payments), find("last")
        found: tuple[Payment, ...] = yield RunAll(unknown)
        return found

    for payment in payments:
        ledger.record(payment)
    with pytest.raises(UnknownPayment, match="first"):
        await client.drive(find_all())
    assert set(ended) == {payment.reference_id for payment in payments}


async def test_a_token_lives_until_60_s_before_its_expiry(
    client: Either, world: World, clock: ManualClock
) -> None:
    sent = await client.request_to_pay("1", "46733123453", "order")
    for seconds, tokens in ((3539, 1), (1, 2)):
        clock.move_to(world.advance(seconds).now_ms)
        await client.check_payment_status(sent.reference_id)
        assert world.books().calls["collection.token"] == tokens


async def test_a_token_that_died_early_is_replaced_once_and_the_payment_goes_through(
    client: Either, world: World, ledger: Ledger
) -> None:
    await client.request_to_pay("1", "46733123499", "first")
    world.advance(4000)  # the client's clock stands still: it believes in its token
    payment = await client.request_to_pay("1", "46733123499", "second")
    assert payment.status is PaymentStatus.PENDING
    assert world.books().calls["collection.token"] == 2
    assert len(ledger.payments()) == len(world.payments()) == 2


async def test_twenty_cold_calls_at_once_ask_for_one_token(client: Either, world: World) -> None:
    await asyncio.gather(
        *(client.request_to_pay("1", "46733123499", f"order-{n}") for n in range(20))
    )
    assert world.books().calls == {"collection.token": 1, "collection.requesttopay.create": 20}


async def test_a_payment_that_is_not_ours_is_unknown(client: Either) -> None:
    with pytest.raises(UnknownPayment):
        await client.check_payment_status(str(uuid4()))
    with pytest.raises(InvalidRequest):
        await client.check_payment_status("order-7")


async def test_the_v1_view_settles_the_same_way(
    changed_settings: SecondSettings, ledger: Ledger, clock: ManualClock, world: World
) -> None:
    settings = changed_settings(status_view="request_to_pay")
    async with MomoClient(settings, ledger, clock=clock) as client:
        reasons = Counter[str]()
        for payer in ("46733123499", "46733123451", "46733123452"):
            sent = await client.request_to_pay("12.50", payer, f"order-{payer}")
            payment = await client.check_payment_status(sent.reference_id)
            reasons[payment.reason] += 1
    assert reasons == {"": 1, "APPROVAL_REJECTED": 1, "EXPIRED": 1}
    assert ledger.balance(WALLET)["EUR"].amount == world.books().credited


async def test_wrong_credentials_fail_the_payment_without_sending_it(
    changed_settings: SecondSettings, ledger: Ledger, world: World
) -> None:
    settings = changed_settings(api_key="canary")
    async with MomoClient(settings, ledger) as client:
        with pytest.raises(TokenRefused) as caught:
            await client.request_to_pay("1", "46733123499", "order")
    assert "MTN_API_KEY" in caught.value.remedy
    (payment,) = ledger.payments()
    assert payment.reference_id == caught.value.reference_id
    assert (payment.status, payment.cause) == (PaymentStatus.FAILED, Cause.NOT_SENT)
    assert world.payments() == []


async def test_a_refusal_is_raised_and_the_payment_is_failed(
    changed_settings: SecondSettings, ledger: Ledger
) -> None:
    settings = changed_settings(currency="ZMW")
    async with MomoClient(settings, ledger) as client:
        with pytest.raises(PaymentRefused) as caught:
            await client.request_to_pay("1", "46733123499", "order")
    assert (caught.value.http_status, caught.value.code) == (500, "INVALID_CURRENCY")
    (payment,) = ledger.payments()
    assert (payment.status, payment.cause) == (PaymentStatus.FAILED, Cause.REFUSED)


async def test_a_caller_may_choose_the_reference_id_but_only_once(
    settings: Settings, ledger: Ledger, clock: ManualClock, world: World
) -> None:
    mine = str(uuid4())
    async with MomoClient(settings, ledger, clock=clock) as asyncio_client:
        sent = await asyncio_client.request_to_pay("1", "46733123499", "o", reference_id=mine)
        with pytest.raises(InvalidRequest, match="already"):
            await asyncio_client.request_to_pay("1", "46733123499", "o", reference_id=mine)
    assert sent.reference_id == mine
    assert len(world.payments()) == 1


async def test_calls_are_counted(settings: Settings, ledger: Ledger, clock: ManualClock) -> None:
    async with MomoClient(settings, ledger, clock=clock) as client:
        for number in range(3):
            await client.request_to_pay("1", "46733123499", f"order-{number}")
        assert (client.calls.api_calls, client.calls.token_calls) == (3, 1)
