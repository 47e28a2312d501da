"""Every product against the fake: what goes out, what comes back, what the books say."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from mock_momo.testing import World
from momo_client import (
    IN_TRANSIT,
    WALLET,
    Balance,
    BlockingChecker,
    BlockingMomoClient,
    CallRefused,
    CallUnanswered,
    Fault,
    InvalidRequest,
    Ledger,
    ManualClock,
    MomoClient,
    Payment,
    PaymentStatus,
    Settings,
)
from momo_contracts.values import Product

PAID = "46733123499"
PAYEE = "46733120001"
FAILS = "46733123450"


@pytest.fixture
def client(settings: Settings, ledger: Ledger, clock: ManualClock) -> BlockingMomoClient:
    return BlockingMomoClient(settings, ledger, clock=clock)


def held(ledger: Ledger) -> dict[str, Decimal]:
    balances = {account: money["EUR"].amount for account, money in ledger.balances().items()}
    return {account: amount for account, amount in balances.items() if amount}


Move = Callable[[BlockingMomoClient, str], Payment]
OUTGOING: tuple[tuple[str, Move], ...] = (
    ("disbursement.transfer", lambda client, payee: client.transfer("10", payee, "o")),
    (
        "remittance.transfer",
        lambda client, payee: client.transfer("10", payee, "o", Product.REMITTANCE),
    ),
    ("disbursement.deposit", lambda client, payee: client.deposit("10", payee, "o")),
)


@pytest.mark.parametrize(("operation", "move"), OUTGOING)
def test_what_goes_out_is_held_and_then_gone(
    client: BlockingMomoClient, ledger: Ledger, world: World, operation: str, move: Move
) -> None:
    sent = move(client, PAYEE)
    assert (sent.status, sent.operation.name) == (PaymentStatus.PENDING, f"{operation}.create")
    assert held(ledger) == {WALLET: -10, IN_TRANSIT: 10}
    assert BlockingChecker(client).check_now().completed == 1
    assert held(ledger) == {WALLET: -10, "parties": 10}
    assert world.books().calls[f"{operation}.status"] == 1


@pytest.mark.parametrize(("operation", "move"), OUTGOING)
def test_what_fails_on_its_way_out_comes_back_once(
    client: BlockingMomoClient, ledger: Ledger, operation: str, move: Move
) -> None:
    move(client, FAILS)
    assert BlockingChecker(client).check_now().failed == 1
    assert held(ledger) == {}
    assert len(ledger.entries()) == 4
    assert {payment.operation.name for payment in ledger.payments()} == {f"{operation}.create"}


def test_a_withdrawal_is_income(client: BlockingMomoClient, ledger: Ledger, world: World) -> None:
    sent = client.request_to_withdraw("4", PAID, "o")
    assert client.check_payment_status(sent.reference_id).status is PaymentStatus.COMPLETED
    assert held(ledger) == {WALLET: 4, "parties": -4}
    assert world.books().credited == 4


def test_a_completed_payment_is_refunded_in_parts(
    client: BlockingMomoClient, ledger: Ledger, world: World
) -> None:
    paid = client.request_to_pay("10", PAID, "order-7")
    client.check_payment_status(paid.reference_id)
    back = client.refund(paid.reference_id, "4", "refund-1")
    assert (back.refunds, back.msisdn) == (paid.reference_id, paid.msisdn)
    assert client.check_payment_status(back.reference_id).status is PaymentStatus.COMPLETED
    assert held(ledger) == {WALLET: 6, "parties": -6}
    assert world.books().debited == 4


def test_only_what_is_completed_is_refunded_and_not_more_than_was_paid(
    client: BlockingMomoClient, ledger: Ledger
) -> None:
    paid = client.request_to_pay("10", PAID, "order-7")
    with pytest.raises(InvalidRequest, match="only a completed"):
        client.refund(paid.reference_id, "10", "refund-1")
    client.check_payment_status(paid.reference_id)
    with pytest.raises(InvalidRequest, match="more than the 10"):
        client.refund(paid.reference_id, "10.01", "refund-1")
    client.refund(paid.reference_id, "6", "refund-2")
    with pytest.raises(InvalidRequest, match="more than the 10"):
        client.refund(paid.reference_id, "4.01", "refund-3")
    client.refund(paid.reference_id, "4", "refund-4")
    assert len(ledger.payments()) == 3


async def test_the_asyncio_client_has_every_product_too(
    settings: Settings, ledger: Ledger, clock: ManualClock
) -> None:
    async with MomoClient(settings, ledger, clock=clock) as client:
        paid = await client.request_to_pay("10", PAID, "order-7")
        await client.check_payment_status(paid.reference_id)
        sent = [
            await client.request_to_withdraw("1", PAID, "o"),
            await client.transfer("1", PAYEE, "o"),
            await client.deposit("1", PAYEE, "o"),
            await client.refund(paid.reference_id, "1", "o"),
        ]
        for payment in sent:
            seen = await client.check_payment_status(payment.reference_id)
            assert seen.status is PaymentStatus.COMPLETED
        assert isinstance(await client.balance(), Balance)
        assert await client.is_active(PAID)
        assert (await client.person(PAID)).given_name
        await client.notify(paid.reference_id, "thank you")


def test_reads_tell_what_the_provider_knows(client: BlockingMomoClient, world: World) -> None:
    assert client.balance(Product.DISBURSEMENT) == Balance(world.books().balance, "EUR")
    assert client.is_active(PAID, Product.REMITTANCE)
    assert client.person(PAID).family_name


def test_a_notification_of_what_is_not_successful_is_refused(client: BlockingMomoClient) -> None:
    sent = client.request_to_pay("10", FAILS, "order-7")
    with pytest.raises(CallRefused) as caught:
        client.notify(sent.reference_id, "thank you")
    assert caught.value.http_status == 409
    assert caught.value.code == "NOT_SUCCESSFULLY_COMPLETED"
    for message in ("", " ", "x" * 161):
        with pytest.raises(InvalidRequest, match="1 to 160"):
            client.notify(sent.reference_id, message)


def test_a_read_without_an_answer_says_so(client: BlockingMomoClient, world: World) -> None:
    client.balance()
    world.set_rules([{"name": "down", "match": {"operation": "*"}, "fault": "gateway_failure"}])
    with pytest.raises(CallUnanswered) as caught:
        client.balance()
    assert caught.value.fault is Fault.PROVIDER
    assert caught.value.remedy
