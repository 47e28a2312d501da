"""Replies are described twice, as pydantic messages and as JSON schemas: they must not differ."""

import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from momo_contracts import messages
from momo_contracts.operations import CATALOGUE

Json = dict[str, object]
SCHEMAS = {
    path.name.removesuffix(".json"): json.loads(path.read_text("utf-8"))
    for path in files("momo_contracts").joinpath("schemas").iterdir()
}
UUID = "7a3e1c9a-3b5e-4a54-9d5a-111111111111"
PARTY: Json = {"partyIdType": "MSISDN", "partyId": "46733123450"}

REASON: Json = {"code": "EXPIRED", "message": ""}
STATUS: Json = {
    "financialTransactionId": "363440463", "externalId": "7", "amount": "5", "currency": "EUR",
    "payee": PARTY, "payerMessage": "a", "payeeNote": "b", "status": "FAILED", "reason": "EXPIRED",
}  # fmt: skip


def _status(*order: str) -> Json:
    """A status whose first keys have this order."""
    return {key: STATUS[key] for key in (*order, "payerMessage", "payeeNote", "status", "reason")}


PAIRS: dict[str, tuple[type[BaseModel], Json]] = {
    "token": (
        messages.TokenReply,
        {"access_token": "a.b.c", "token_type": "access_token", "expires_in": 3600},
    ),
    "api_user": (
        messages.ApiUserReply,
        {"providerCallbackHost": "localhost", "targetEnvironment": "sandbox"},
    ),
    "api_key": (messages.ApiKeyReply, {"apiKey": "0" * 32}),
    "request_to_pay_status": (
        messages.RequestToPayStatusReply,
        {
            "financialTransactionId": "363440463", "externalId": "7", "amount": "5",
            "currency": "EUR", "payer": PARTY, "payerMessage": "a", "payeeNote": "b",
            "status": "FAILED", "reason": "EXPIRED",
        },
    ),
    "transfer_status": (
        messages.TransferStatusReply,
        _status("amount", "currency", "financialTransactionId", "externalId", "payee"),
    ),
    "deposit_status": (
        messages.DepositStatusReply,
        _status("externalId", "amount", "currency", "payee"),
    ),
    "refund_status": (
        messages.RefundStatusReply,
        _status("financialTransactionId", "externalId", "amount", "currency", "payee"),
    ),
    "active": (messages.ActiveReply, {"result": True}),
    "person": (
        messages.PersonReply,
        {
            "sub": "0", "name": "Sand Box", "given_name": "Sand", "family_name": "Box",
            "birthdate": "1976-08-13", "locale": "sv_SE", "gender": "MALE",
            "updated_at": 1700000000,
        },
    ),
    "payment_status": (
        messages.PaymentStatusReply,
        {
            "referenceId": UUID, "status": "TIMEOUT",
            "financialTransactionId": "363440463", "reason": "",
        },
    ),
    "balance": (messages.BalanceReply, {"availableBalance": "1000", "currency": "EUR"}),
}  # fmt: skip
ODD: tuple[object, ...] = (
    None, True, 0, -1, 1, 3600, 1.5, "", " ", "x", "access_token", "ACCESS_TOKEN",
    "EUR", "eur", "EURO", "5", "5.", ".5", "-25", "12.50", "1e3", "1,5", "12345678", "123456789",
    "1234567890", "12345678901", "CREATED", "PENDING", "SUCCESSFUL", "FAILED", "TIMEOUT",
    "REJECTED", "Successful", "EXPIRED", "expired", "NOT_FOUND.",
    UUID, UUID.upper(), UUID[:-1], UUID + "0",
    "1976-08-13", "1976-8-13", "MALE", "male", [], {}, ["EUR"], REASON,
    {**REASON, "x": 1}, {"code": "EXPIRED"}, {"code": "x", "message": ""},
    PARTY, {**PARTY, "partyId": None}, {**PARTY, "x": 1}, {"partyId": "1"},
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn, name: str) -> Json:
    """A right document with up to three things wrong, or with optional keys left out."""
    document = dict(PAIRS[name][1])
    for _ in range(draw(st.integers(0, 3))):
        key = draw(st.sampled_from([*PAIRS[name][1], "surprise"]))
        if draw(st.booleans()):
            document.pop(key, None)
        else:
            document[key] = draw(st.sampled_from(ODD))
    return document


def _message_accepts(name: str, document: object) -> bool:
    try:
        PAIRS[name][0].model_validate_json(json.dumps(document))
    except ValidationError:
        return False
    return True


def _schema_accepts(name: str, document: object) -> bool:
    accepted: bool = Draft202012Validator(SCHEMAS[name]).is_valid(document)
    return accepted


@pytest.mark.parametrize("name", PAIRS)
@given(data=st.data())
def test_message_and_schema_accept_the_same(name: str, data: st.DataObject) -> None:
    document = data.draw(documents(name))

    assert _message_accepts(name, document) == _schema_accepts(name, document)


@pytest.mark.parametrize("name", PAIRS)
def test_message_and_schema_agree_on_every_single_mistake(name: str) -> None:
    right = PAIRS[name][1]
    assert _message_accepts(name, right)
    assert _schema_accepts(name, right)
    for key in [*right, "surprise"]:
        for value in ODD:
            wrong = right | {key: value}
            assert _message_accepts(name, wrong) == _schema_accepts(name, wrong), (key, value)
        less = {other: value for other, value in right.items() if other != key}
        assert _message_accepts(name, less) == _schema_accepts(name, less), key
    for document in ("[]", None, "x", 1):
        assert not _message_accepts(name, document)
        assert not _schema_accepts(name, document)


@pytest.mark.parametrize("name", PAIRS)
def test_message_and_schema_have_their_keys_in_the_same_order(name: str) -> None:
    assert list(PAIRS[name][0].model_fields) == list(SCHEMAS[name]["properties"])


def test_every_operation_names_a_schema_and_every_reply_schema_a_message() -> None:
    named = {row.reply_schema for row in CATALOGUE} - {None}

    assert named == set(PAIRS)
    assert set(SCHEMAS) - named == {"event", "gateway_error", "wallet_error", "login_failed"}


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_a_schema_and_bears_its_files_name(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["title"] == name


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("{}", messages.PayerOrderBody()),
        ('{"externalId":7}', messages.PayerOrderBody(externalId=7)),
        ('{"externalId":"7","extra":[]}', messages.PayerOrderBody(externalId="7")),
        ('{"amount":null,"payer":{"x":1}}', messages.PayerOrderBody(payer=messages.PartyBody())),
    ],
)
def test_requests_are_read_tolerantly(text: str, read: messages.PayerOrderBody) -> None:
    assert messages.PayerOrderBody.model_validate_json(text) == read


@pytest.mark.parametrize(
    "text", ['{"amount":5}', '{"amount":"5","payer":"x"}', '{"externalId":true}', "[]", "{"]
)
def test_requests_of_wrong_types_are_not_read(text: str) -> None:
    with pytest.raises(ValidationError):
        messages.PayerOrderBody.model_validate_json(text)
