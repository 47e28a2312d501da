"""Each resource's callback."""

import pytest

from tests.mock_momo.edge.merchant import advance, deliveries, world
from tests.mock_momo.edge.products import (
    ECHO,
    IDS,
    PARTY,
    ROWS,
    RTP,
    TRANSACTION,
    balance,
    create,
    read,
    shown_party,
)
from tests.mock_momo.edge.receiver import Receiver
from tests.mock_momo.edge.wire import Fake

CALLBACKS = {
    "requesttopay": f'{{{TRANSACTION},{ECHO},{shown_party("payer")},"payeeNote":"to the payee"',
    "transfer": f'{{{TRANSACTION},{ECHO},{shown_party("payee")},"payeeNote":"to the payee"',
    "deposit v2": f'{{{TRANSACTION},{ECHO},{shown_party("payee")},"payeeNote":"to the payee"',
    "payment": f'{{"referenceId":"{IDS[0]}","status":"SUCCESSFUL",{TRANSACTION}}}',
}


@pytest.mark.parametrize("name", CALLBACKS)
async def test_each_resource_has_its_callback_and_by_version_its_method(
    fake: Fake, receiver: Receiver, name: str
) -> None:
    case = ROWS[name]
    await world(fake, callback_method="by_version")

    await create(fake, case.create, case.body, X_Callback_Url=receiver.url)
    await advance(fake, 0)

    (received,) = receiver.received
    transaction = str(received.json["financialTransactionId"])
    wanted = CALLBACKS[name].replace("{transaction}", transaction)
    assert received.body.decode().startswith(wanted)
    assert received.line.split()[0] == ("PUT" if "/v2_0/" in case.create else "POST")


async def test_an_ongoing_payment_tells_its_expiry_after_three_minutes_by_switch(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake, ongoing="expired_callback_180_s")
    body = {**RTP.body, "payer": {**PARTY, "partyId": "46733123453"}}
    await create(fake, RTP.create, body, X_Callback_Url=receiver.url)

    await advance(fake, 179)
    assert receiver.received == []
    await advance(fake, 1)

    assert receiver.statuses_seen == ["FAILED"]
    assert receiver.received[0].json["reason"] == "EXPIRED"
    assert (await read(fake, f"{RTP.status}/{IDS[0]}")).json["status"] == "PENDING"


async def test_callbacks_never_arrive_where_the_switch_says_so(
    fake: Fake, receiver: Receiver
) -> None:
    await world(fake, callback_delivery="never")
    await create(fake, RTP.create, RTP.body, X_Callback_Url=receiver.url)
    await advance(fake, 3600)

    assert receiver.received == []
    assert [found["stage"] for found in await deliveries(fake)] == ["dropped"]


ONGOING = {**RTP.body, "payer": {**PARTY, "partyId": "46733123453"}}


async def test_an_ongoing_payment_that_a_rule_lets_succeed_tells_its_success(
    fake: Fake, receiver: Receiver
) -> None:
    rules: list[object] = [{"name": "all", "outcome": "SUCCESSFUL; after=1s"}]
    await world(fake, rules, ongoing="expired_callback_180_s")
    await create(fake, RTP.create, ONGOING, X_Callback_Url=receiver.url)

    await advance(fake, 300)

    assert receiver.statuses_seen == ["SUCCESSFUL"]


@pytest.mark.parametrize(
    ("after_s", "told"), [(10, ["SUCCESSFUL"]), (200, ["FAILED", "SUCCESSFUL"])]
)
async def test_an_ongoing_payment_that_is_approved_tells_that(
    fake: Fake, receiver: Receiver, after_s: int, told: list[str]
) -> None:
    await world(fake, ongoing="expired_callback_180_s")
    await create(fake, RTP.create, ONGOING, X_Callback_Url=receiver.url)
    await advance(fake, after_s)

    await fake.control("POST", f"namespaces/default/payments/{IDS[0]}/approve")
    await advance(fake, 600)

    assert receiver.statuses_seen == told
    assert await balance(fake) == "1005.5", "it is credited once"
