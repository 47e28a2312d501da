"""Collection, disbursement and remittance on the wire: each resource as it is shown."""

import pytest

from momo_contracts.values import Product
from tests.mock_momo.edge.products import (
    IDS,
    ROWS,
    RTP,
    TRANSACTION,
    balance,
    create,
    read,
    settings,
)
from tests.mock_momo.edge.wire import OBSERVED, WALLET, Answer, Fake


@pytest.mark.parametrize("name", ROWS)
async def test_a_payment_that_succeeds_is_shown_as_captured_and_moves_the_balance(
    fake: Fake, name: str
) -> None:
    case = ROWS[name]

    assert await create(fake, case.create, case.body) == Answer(202, OBSERVED, b"")

    found = await read(fake, f"{case.status}/{IDS[0]}")
    transaction = str(found.json.get("financialTransactionId"))
    shown = case.success.replace("{transaction}", transaction)
    published = f'"referenceId":"{IDS[0]}","status":"SUCCESSFUL",{TRANSACTION}'
    body = f'{{{shown},"status":"SUCCESSFUL"}}' if shown else f"{{{published}}}"
    assert found == Answer(200, WALLET, body.replace("{transaction}", transaction).encode())
    assert {await balance(fake, product.value) for product in Product} == {case.moves}


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize(
    ("plan", "status", "reason"),
    [
        ("FAILED; reason=NOT_ENOUGH_FUNDS", "FAILED", "NOT_ENOUGH_FUNDS"),
        ("TIMEOUT", "FAILED", "EXPIRED"),
        ("PENDING", "PENDING", None),
        ("PENDING; pending=CREATED", "CREATED", None),
    ],
)
async def test_any_other_payment_has_no_transaction_and_moves_nothing(
    fake: Fake, name: str, plan: str, status: str, reason: str | None
) -> None:
    case = ROWS[name]
    await create(fake, case.create, case.body, X_Mock_Outcome=plan)

    found = (await read(fake, f"{case.status}/{IDS[0]}")).json

    told = found.get("reason")
    assert found["status"] == status
    assert (told["code"] if isinstance(told, dict) else told) == reason
    assert "financialTransactionId" not in found
    assert await balance(fake) == "1000"


@pytest.mark.parametrize("shape", ["object", "absent"])
async def test_a_reason_has_the_shape_that_the_switch_wants(fake: Fake, shape: str) -> None:
    settings(fake, reason_shape=shape)
    await create(fake, RTP.create, RTP.body, X_Mock_Outcome="FAILED; reason=NOT_ENOUGH_FUNDS")

    found = (await read(fake, f"{RTP.status}/{IDS[0]}")).json

    words = "The payer does not have enough funds."
    shown = {"code": "NOT_ENOUGH_FUNDS", "message": words} if shape == "object" else None
    assert found.get("reason") == shown


async def test_a_payment_is_shown_by_its_own_resource_of_its_own_product_alone(fake: Fake) -> None:
    for number, case in enumerate(ROWS.values()):
        await create(fake, case.create, case.body, number)
    for number, case in enumerate(ROWS.values()):
        for other in ROWS.values():
            answer = await read(fake, f"{other.status}/{IDS[number]}")
            is_mission = case is RTP and other is ROWS["payment"]
            is_own = other.status == case.status or is_mission

            assert answer.status == (200 if is_own else 404)
            assert is_own or "ask for its status there" in str(answer.why)


async def test_a_reference_id_is_taken_for_every_resource(fake: Fake) -> None:
    await create(fake, RTP.create, RTP.body)

    for case in ROWS.values():
        assert (await create(fake, case.create, case.body)).status == 409


async def test_a_delivery_notification_goes_out_once_and_only_after_success(fake: Fake) -> None:
    message = {"notificationMessage": "thanks"}
    for number, plan in enumerate(("SUCCESSFUL", "PENDING", "FAILED")):
        await create(fake, RTP.create, RTP.body, number, X_Mock_Outcome=plan)
    paths = [f"{RTP.status}/{name}/deliverynotification" for name in IDS[:4]]

    answers = [await create(fake, path, message) for path in (*paths, paths[0])]

    assert [row.status for row in answers] == [200, 409, 409, 404, 429]
    assert answers[0] == Answer(200, OBSERVED, b"")
    assert answers[1].json["code"] == "NOT_SUCCESSFULLY_COMPLETED"


@pytest.mark.parametrize(
    ("body", "header", "status"),
    [
        ({"notificationMessage": "x" * 160}, None, 200),
        ({"notificationMessage": "x" * 161}, None, 400),
        ({}, None, 400),
        ({}, "thanks", 200),
        ({"notificationMessage": 7}, None, 400),
    ],
)
async def test_a_delivery_notification_has_a_message_of_160_characters_at_most(
    fake: Fake, body: object, header: str | None, status: int
) -> None:
    await create(fake, RTP.create, RTP.body)
    path = f"{RTP.status}/{IDS[0]}/deliverynotification"

    assert (await create(fake, path, body, notificationMessage=header)).status == status


@pytest.mark.parametrize("kind", ["msisdn", "MSISDN", "email", "alias", "ID"])
async def test_everybody_is_the_sandboxs_person(fake: Fake, kind: str) -> None:
    answer = await read(fake, f"/disbursement/v1_0/accountholder/{kind}/1/basicuserinfo")

    assert answer == Answer(
        200,
        WALLET,
        b'{"sub":"0","name":"Sand Box","given_name":"Sand","family_name":"Box",'
        b'"birthdate":"1976-08-13","locale":"sv_SE","gender":"MALE","updated_at":1700000000}',
    )


async def test_with_faker_everybody_is_somebody_and_stays_so(fake: Fake) -> None:
    message = {"people": "faker", "seed": 7}
    assert (await fake.control("PUT", "namespaces/default", message)).status == 200
    paths = [f"/remittance/v1_0/accountholder/msisdn/{n}/basicuserinfo" for n in (1, 2, 1)]

    first, second, again = [(await read(fake, path)).json["name"] for path in paths]

    assert first == again != second


async def test_an_account_holder_of_no_kind_is_400(fake: Fake) -> None:
    answer = await read(fake, "/collection/v1_0/accountholder/shoe/1/active")

    assert (answer.status, "msisdn" in str(answer.why)) == (400, True)
