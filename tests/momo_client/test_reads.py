"""Reads and notifications, step by step, and what is made of their refusals."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from momo_client import CallRefused, CallUnanswered, InvalidRequest, Payment
from momo_client.core import reads
from momo_client.core.classification import Refused
from momo_client.core.effects import Find, Flow, GetToken, Pause, Send
from momo_client.core.http import Answer, HttpReply, NoAnswer
from momo_client.core.policy import Policy
from momo_client.core.reads import Balance, Person
from momo_client.core.remedies import fault_of, payer_message_for, remedy_for
from momo_client.core.requests import Credentials, Merchant
from momo_client.errors import Fault
from momo_contracts.values import Msisdn, Product
from tests.momo_client.stepping import kinds, requests_in, run

MERCHANT = Merchant("sandbox", {Product.COLLECTION: Credentials("user", "key", "subscription")})
POLICY = Policy(attempts=2)
PAYER = Msisdn("46733123499")
NOT_ALLOWED = HttpReply(403, body=b'{"code":"NOT_ALLOWED","message":"m"}')


def balance() -> Flow[Balance]:
    return reads.read_balance(MERCHANT, Product.COLLECTION, POLICY)


def reply(body: str) -> HttpReply:
    return HttpReply(200, body=body.encode())


def test_a_balance_is_exact() -> None:
    held = '{"availableBalance":"0.10","currency":"EUR"}'
    effects, told = run(balance(), ["t", reply(held)])
    assert told == Balance(Decimal("0.10"), "EUR")
    assert kinds(effects) == [GetToken, Send]


@pytest.mark.parametrize(
    "body",
    ["<html>", "{}", "[]"]
    + [
        f'{{"availableBalance":"{amount}","currency":"EUR"}}'
        for amount in ("much", "NaN", "-Infinity", "1E+999999999999", "1E-99")
    ],
)
def test_a_balance_that_cannot_be_read_is_no_balance(body: str) -> None:
    _, error = run(balance(), ["t", reply(body)])
    assert isinstance(error, CallUnanswered)
    assert (error.code, error.fault) == ("UNREADABLE_REPLY", Fault.NETWORK)


@pytest.mark.parametrize(("body", "is_active"), [('{"result":true}', True), ("{}", False)])
def test_only_true_makes_an_account_holder_active(body: str, *, is_active: bool) -> None:
    flow = reads.read_active(MERCHANT, Product.COLLECTION, PAYER, POLICY)
    effects, told = run(flow, ["t", reply(body)])
    assert told is is_active
    assert PAYER.digits in requests_in(effects)[0].path


def test_of_a_person_what_is_not_told_is_empty() -> None:
    flow = reads.read_person(MERCHANT, Product.COLLECTION, PAYER, POLICY)
    _, told = run(flow, ["t", reply('{"given_name":"Ada","family_name":null}')])
    assert told == Person("Ada", "", "")


@pytest.mark.parametrize(
    ("answer", "code", "fault"),
    [
        (NoAnswer("connection lost"), "CONNECTION_LOST", Fault.NETWORK),
        (HttpReply(503, body=b'{"code":"SERVICE_UNAVAILABLE"}'), "SERVICE_UNAVAILABLE", None),
        (HttpReply(429, body=b'{"code":"TOO_MANY"}'), "TOO_MANY", None),
    ],
)
def test_what_may_pass_is_asked_again_and_then_has_no_answer(
    answer: Answer, code: str, fault: Fault | None
) -> None:
    effects, error = run(balance(), ["t", answer, True, "t", answer])
    assert kinds(effects) == [GetToken, Send, Pause, GetToken, Send]
    assert isinstance(error, CallUnanswered)
    assert (error.code, error.fault) == (code, fault or Fault.PROVIDER)
    assert error.remedy


@pytest.mark.parametrize(
    ("answer", "code"),
    [(NOT_ALLOWED, "NOT_ALLOWED"), (HttpReply(418, body=b'{"code":"TEAPOT"}'), "TEAPOT")],
)
def test_a_refused_read_is_not_repeated(answer: Answer, code: str) -> None:
    effects, error = run(balance(), ["t", answer])
    assert kinds(effects) == [GetToken, Send]
    assert isinstance(error, CallRefused)
    assert error.code == code


@pytest.mark.parametrize(
    ("answer", "kind"),
    [(HttpReply(200), None), (NOT_ALLOWED, CallRefused), (HttpReply(500), CallUnanswered)],
)
def test_a_notification_is_sent_once(
    new_payment: Callable[..., Payment], answer: Answer, kind: type | None
) -> None:
    payment = new_payment()
    effects, told = run(
        reads.notify(MERCHANT, payment.reference_id, "Thank you"), [payment, "t", answer]
    )
    assert kinds(effects) == [Find, GetToken, Send]
    assert kind is None or isinstance(told, kind)


@pytest.mark.parametrize("message", ["", " ", "x" * 161])
def test_a_notification_of_no_or_too_many_characters_is_refused_before_any_effect(
    message: str,
) -> None:
    effects, error = run(reads.notify(MERCHANT, "r", message), [])
    assert (effects, type(error)) == ([], InvalidRequest)


@pytest.mark.parametrize(
    ("refusal", "fault", "remedy"),
    [
        ((404, "PAYER_NOT_FOUND", ""), Fault.PAYER, "MTN_BASE_URL"),
        ((500, "NOT_ALLOWED", ""), Fault.CONFIGURATION, "MTN_TARGET_ENVIRONMENT"),
        ((401, "", ""), Fault.CONFIGURATION, "MTN_API_KEY"),
        ((500, "INVALID_CURRENCY", ""), Fault.CALLER, "MTN_CURRENCY"),
        ((400, "", ""), Fault.CALLER, "documentation"),
    ],
)
def test_a_refusal_says_who_can_mend_it_and_how(
    refusal: tuple[int, str, str], fault: Fault, remedy: str
) -> None:
    made = Refused(*refusal)
    assert fault_of(made) is fault
    assert remedy in remedy_for(made)


def test_the_gateways_401_is_about_the_subscription_key() -> None:
    assert "MTN_SUBSCRIPTION_KEY" in remedy_for(Refused(401, "", "", from_gateway=True))


@pytest.mark.parametrize("code", ["NOT_ENOUGH_FUNDS", "WHATEVER"])
def test_a_payer_is_told_that_nothing_was_charged(code: str) -> None:
    assert payer_message_for(code).endswith("You have not been charged.")
