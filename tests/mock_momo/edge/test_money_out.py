"""Whose money moves: balances, refunds, funds."""

import pytest

from momo_contracts.values import Product
from tests.mock_momo.edge.merchant import advance, world
from tests.mock_momo.edge.products import (
    IDS,
    PARTY,
    REFUNDS,
    ROWS,
    RTP,
    balance,
    create,
    read,
    refund,
    refunded,
    settings,
)
from tests.mock_momo.edge.wire import Fake


async def test_refunds_pay_back_what_was_paid_and_no_more(fake: Fake) -> None:
    await create(fake, RTP.create, {**RTP.body, "amount": "10"})

    for number, amount in ((1, "4"), (2, "7"), (3, "6.00"), (4, "0.01")):
        answer = await refund(fake, amount, IDS[0], number)
        assert answer.status == 202
        assert (answer.why is None) == (number in (1, 3)), "a refund that must fail says why"

    found = [await refunded(fake, number) for number in (1, 2, 3, 4)]
    assert [row["status"] for row in found] == ["SUCCESSFUL", "FAILED", "SUCCESSFUL", "FAILED"]
    assert [row.get("reason") for row in found] == [None, "NOT_ALLOWED", None, "NOT_ALLOWED"]
    assert found[0] == {
        "financialTransactionId": found[0]["financialTransactionId"], "externalId": "7",
        "amount": "4", "currency": "EUR", "payee": PARTY, "status": "SUCCESSFUL",
    }  # fmt: skip
    assert await balance(fake) == "1000"
    books = (await fake.control("GET", "namespaces/default/books")).json
    assert (books["credited"], books["debited"], books["balance"]) == ("10", "10", "1000")


async def test_a_refund_that_fails_frees_what_it_had_taken(fake: Fake) -> None:
    await world(fake)
    await create(fake, RTP.create, {**RTP.body, "amount": "10"})
    body = {"amount": "10", "currency": "EUR", "referenceIdToRefund": IDS[0]}
    await create(fake, REFUNDS[0], body, 1, X_Mock_Outcome="FAILED; after=5s")
    await create(fake, REFUNDS[0], body, 2)
    await advance(fake, 5)
    await create(fake, REFUNDS[1], body, 3)

    assert [(await refunded(fake, n))["status"] for n in (1, 2, 3)] == [
        "FAILED", "FAILED", "SUCCESSFUL",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "reason"), [(None, "RESOURCE_NOT_FOUND"), ("PENDING", "NOT_ALLOWED")]
)
async def test_a_refund_needs_an_original_that_has_succeeded(
    fake: Fake, plan: str | None, reason: str
) -> None:
    if plan:
        await create(fake, RTP.create, RTP.body, X_Mock_Outcome=plan)

    assert (await refund(fake, "1", IDS[0], 1)).status == 202

    found = await refunded(fake, 1)
    assert (found["status"], found["reason"]) == ("FAILED", reason)
    assert await balance(fake) == "1000"


async def test_a_refund_of_something_else_than_a_request_to_pay_fails(fake: Fake) -> None:
    await create(fake, ROWS["transfer"].create, ROWS["transfer"].body)
    await refund(fake, "1", IDS[0], 1)

    assert (await refunded(fake, 1))["reason"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize("original", ["7", "", None])
async def test_a_refund_of_no_reference_id_is_400(fake: Fake, original: str | None) -> None:
    body = {"amount": "1", "currency": "EUR", "referenceIdToRefund": original}

    assert (await create(fake, REFUNDS[0], body)).status == 400


async def test_what_is_left_to_refund_survives_a_state_put_back(fake: Fake) -> None:
    await create(fake, RTP.create, {**RTP.body, "amount": "10"})
    await refund(fake, "6", IDS[0], 1)
    state = (await fake.control("GET", "namespaces/default/state")).json
    await fake.control("DELETE", "namespaces/default")
    assert (await fake.control("PUT", "namespaces/default/state", state)).status == 200

    await refund(fake, "5", IDS[0], 2)
    await refund(fake, "4", IDS[0], 3)

    assert (await refunded(fake, 2))["status"] == "FAILED"
    assert (await refunded(fake, 3))["status"] == "SUCCESSFUL"
    assert await balance(fake) == "1000"


async def test_money_goes_out_only_as_far_as_the_balance_where_funds_are_enforced(
    fake: Fake,
) -> None:
    transfer = ROWS["transfer"]
    settings(fake, funds="enforced")
    await create(fake, transfer.create, {**transfer.body, "amount": "999"}, 1)
    await create(fake, transfer.create, {**transfer.body, "amount": "2"}, 2)
    await create(fake, RTP.create, {**RTP.body, "amount": "1"}, 3)
    await create(fake, transfer.create, {**transfer.body, "amount": "2"}, 4)

    found = [(await read(fake, f"{transfer.status}/{IDS[n]}")).json for n in (1, 2, 4)]
    assert [row["status"] for row in found] == ["SUCCESSFUL", "FAILED", "SUCCESSFUL"]
    assert found[1]["reason"] == "NOT_ENOUGH_FUNDS"
    assert await balance(fake) == "0"


async def test_by_default_a_balance_may_fall_below_zero(fake: Fake) -> None:
    transfer = ROWS["transfer"]
    await create(fake, transfer.create, {**transfer.body, "amount": "1000.5"})

    assert await balance(fake) == "-0.5"


async def test_a_balance_is_asked_for_in_the_currency_there_is(fake: Fake) -> None:
    for product in Product:
        path = f"/{product}/v1_0/account/balance"

        assert await read(fake, f"{path}/EUR") == await read(fake, path)
        assert (await read(fake, f"{path}/UGX")).json["code"] == "INVALID_CURRENCY"


@pytest.mark.parametrize(
    ("paid", "back", "status"),
    [
        ("12345678901.000000000000000009", "12345678901.00000000000000001", "FAILED"),
        ("12345678901.000000000000000009", "12345678901.000000000000000009", "SUCCESSFUL"),
    ],
)
async def test_refunds_are_compared_to_the_last_of_all_digits(
    fake: Fake, paid: str, back: str, status: str
) -> None:
    await create(fake, RTP.create, {**RTP.body, "amount": paid})
    await refund(fake, back, IDS[0], 1)

    assert (await refunded(fake, 1))["status"] == status


@pytest.mark.parametrize("last", ["26", "66"])
async def test_refunds_that_failed_leave_nothing_behind(fake: Fake, last: str) -> None:
    await create(fake, RTP.create, {**RTP.body, "amount": "5"})
    for number in (1, 2):
        await refund(fake, f"1{'0' * 27}{last}", IDS[0], number)

    await refund(fake, "5.01", IDS[0], 3)
    await refund(fake, "5", IDS[0], 4)

    assert (await refunded(fake, 3))["status"] == "FAILED"
    assert (await refunded(fake, 4))["status"] == "SUCCESSFUL"


async def test_a_refund_is_in_the_currency_of_its_original(fake: Fake) -> None:
    await create(fake, RTP.create, RTP.body)
    await fake.control("PATCH", "namespaces/default", {"profile": "mtnuganda"})
    body = {"amount": "1", "currency": "UGX", "referenceIdToRefund": IDS[0]}

    answer = await create(fake, REFUNDS[0], body, 1)

    assert (answer.status, "the original is in EUR" in str(answer.why)) == (202, True)
    assert (await refunded(fake, 1))["status"] == "FAILED"
