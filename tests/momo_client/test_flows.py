"""The protocol, driven by hand: every effect is seen, every answer is chosen."""

import json
from collections.abc import Callable

import pytest

from momo_client import LedgerError, Payment, PaymentRefused, TokenUnavailable
from momo_client.core import flows
from momo_client.core.effects import (
    Claim,
    DropToken,
    GetToken,
    Record,
    Send,
    Settle,
)
from momo_client.core.http import HttpReply, NoAnswer
from momo_client.core.payments import Cause
from momo_client.core.requests import Merchant, StatusView
from momo_client.core.settlement import Fail, Wait
from tests.momo_client.stepping import kinds, requests_in, run

MERCHANT = Merchant("user", "canary-key", "canary-subscription", "sandbox")
NOW_MS = 1_800_000_000_000

NewPayment = Callable[..., Payment]


def test_a_payment_is_written_down_before_anything_is_sent(new_payment: NewPayment) -> None:
    payment = new_payment()
    flow = flows.request_to_pay(MERCHANT, payment)
    effects, result = run(flow, [None, "t", HttpReply(202), payment])
    assert kinds(effects) == [Record, GetToken, Send, Settle]
    assert effects[-1] == Settle(payment.reference_id, Wait(payment.created_at_ms, True))
    assert result == payment


def test_a_definite_no_fails_the_payment_and_says_what_to_do(new_payment: NewPayment) -> None:
    payment = new_payment()
    refusal = HttpReply(
        500, body=b'{"message":"Currency not supported.","code":"INVALID_CURRENCY"}'
    )
    effects, error = run(flows.request_to_pay(MERCHANT, payment), [None, "t", refusal, payment])
    assert effects[-1] == Settle(payment.reference_id, Fail(Cause.REFUSED, "INVALID_CURRENCY"))
    assert isinstance(error, PaymentRefused)
    assert (error.reference_id, error.http_status) == (payment.reference_id, 500)
    assert error.code == "INVALID_CURRENCY"
    assert "MTN_CURRENCY" in error.remedy
    assert "not been charged" in error.payer_message


def test_no_answer_leaves_the_payment_open_and_is_not_repeated(new_payment: NewPayment) -> None:
    payment = new_payment()
    effects, _ = run(
        flows.request_to_pay(MERCHANT, payment), [None, "t", NoAnswer("timeout"), payment]
    )
    assert len(requests_in(effects)) == 1
    wait = Wait(payment.created_at_ms, reason="timeout")
    assert effects[-1] == Settle(payment.reference_id, wait)


def test_after_a_401_the_same_request_goes_out_once_more_with_a_new_token(
    new_payment: NewPayment,
) -> None:
    payment = new_payment()
    answers = [None, "old", HttpReply(401), None, "new", HttpReply(202), payment]
    effects, _ = run(flows.request_to_pay(MERCHANT, payment), answers)
    assert kinds(effects) == [Record, GetToken, Send, DropToken, GetToken, Send, Settle]
    first, second = requests_in(effects)
    assert (first.path, first.body) == (second.path, second.body)
    changed = set(first.headers) ^ set(second.headers)
    assert changed == {("Authorization", "Bearer old"), ("Authorization", "Bearer new")}


def test_a_second_401_is_a_refusal(new_payment: NewPayment) -> None:
    payment = new_payment()
    answers = [None, "old", HttpReply(401), None, "new", HttpReply(401), payment]
    effects, error = run(flows.request_to_pay(MERCHANT, payment), answers)
    assert len(requests_in(effects)) == 2
    assert isinstance(error, PaymentRefused)
    assert "MTN_API_USER" in error.remedy


def test_the_gateways_401_is_not_retried_and_points_at_the_subscription_key(
    new_payment: NewPayment,
) -> None:
    payment = new_payment()
    gateway = HttpReply(401, body=b'{ "statusCode": 401, "message": "Access denied" }')
    effects, error = run(flows.request_to_pay(MERCHANT, payment), [None, "t", gateway, payment])
    assert len(requests_in(effects)) == 1
    assert "MTN_SUBSCRIPTION_KEY" in error.remedy


def test_without_a_token_nothing_is_sent_and_the_caller_learns_the_reference_id(
    new_payment: NewPayment,
) -> None:
    payment = new_payment()
    trouble = TokenUnavailable("no answer", code="NO_ANSWER")
    effects, error = run(flows.request_to_pay(MERCHANT, payment), [None, trouble, payment])
    assert requests_in(effects) == []
    assert effects[-1] == Settle(payment.reference_id, Fail(Cause.NOT_SENT, "NO_ANSWER"))
    assert isinstance(error, TokenUnavailable)
    assert error.reference_id == payment.reference_id


def test_a_ledger_that_breaks_after_the_payment_was_sent_still_tells_which_it_was(
    new_payment: NewPayment,
) -> None:
    payment = new_payment()
    broken = LedgerError("disk full")
    answers = [None, "t", HttpReply(202), broken]
    _, error = run(flows.request_to_pay(MERCHANT, payment), answers)
    assert error is broken
    assert error.reference_id == payment.reference_id
    assert "do not pay again" in error.payer_message


def test_a_ledger_that_breaks_before_anything_is_written_leaves_nothing_to_look_for(
    new_payment: NewPayment,
) -> None:
    broken = LedgerError("disk full")
    effects, error = run(flows.request_to_pay(MERCHANT, new_payment()), [broken])
    assert (kinds(effects), error.reference_id) == ([Record], None)


def test_a_round_claims_by_its_policy_and_leases_for_five_minutes() -> None:
    policy = flows.CheckPolicy(batch=3, interval_ms=20_000)
    effects, _ = run(flows.check_round(MERCHANT, "me", NOW_MS, policy), [(), ()])
    assert effects[0] == Claim("me", 3, NOW_MS, NOW_MS + 20_000, NOW_MS + 300_000)


def test_dropping_a_token_does_not_show_it() -> None:
    assert "canary" not in repr(DropToken("canary"))


def test_a_final_payment_is_not_asked_for_again(new_payment: NewPayment) -> None:
    payment = new_payment(status="completed")
    flow = flows.read_payment(MERCHANT, payment.reference_id, NOW_MS, flows.CheckPolicy())
    effects, result = run(flow, [payment])
    assert (len(effects), result) == (1, payment)


@pytest.mark.parametrize(
    ("view", "path"),
    [
        (StatusView.PAYMENT, "/collection/v2_0/payment/{}"),
        (StatusView.REQUEST_TO_PAY, "/collection/v1_0/requesttopay/{}"),
    ],
)
def test_the_status_is_read_through_either_view(
    new_payment: NewPayment, view: StatusView, path: str
) -> None:
    payment = new_payment()
    merchant = Merchant("user", "key", "subscription", "sandbox", view)
    flow = flows.read_payment(merchant, payment.reference_id, NOW_MS, flows.CheckPolicy())
    effects, _ = run(flow, [payment, "t", HttpReply(404), payment])
    assert requests_in(effects)[0].path == path.format(payment.reference_id)


def test_the_body_carries_the_amount_as_plain_text_with_its_currencys_scale(
    new_payment: NewPayment,
) -> None:
    effects, _ = run(
        flows.request_to_pay(MERCHANT, new_payment()), [None, "t", HttpReply(202), None]
    )
    request = requests_in(effects)[0]
    assert json.loads(request.body) == {
        "amount": "12.50",
        "currency": "EUR",
        "externalId": "order-7",
        "payer": {"partyIdType": "MSISDN", "partyId": "46733123499"},
        "payerMessage": "order-7",
        "payeeNote": "order-7",
    }
    assert "canary" not in repr(request)


def test_the_merchants_representation_hides_its_secrets() -> None:
    assert "canary" not in repr(MERCHANT)
