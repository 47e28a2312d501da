"""The protocol, driven by hand: every effect is seen, every answer is chosen."""

import json
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from momo_client import (
    ConfigurationError,
    InvalidRequest,
    LedgerError,
    Payment,
    PaymentRefused,
    PaymentStatus,
    TokenUnavailable,
)
from momo_client.core import flows, requests
from momo_client.core.effects import (
    Claim,
    DropToken,
    Find,
    Flow,
    GetToken,
    Hint,
    Pause,
    Record,
    RunAll,
    Send,
    Settle,
)
from momo_client.core.http import HttpReply, NoAnswer
from momo_client.core.payments import RESEND_MS, Cause, draft
from momo_client.core.policy import Policy
from momo_client.core.requests import Credentials, Merchant, StatusView
from momo_client.core.settlement import Complete, Fail, Wait
from momo_contracts.operations import OPERATIONS, REQUEST_TO_PAY
from momo_contracts.values import Money, Msisdn, Product, ReferenceId
from tests.momo_client.stepping import kinds, requests_in, run

CREDENTIALS = Credentials("user", "canary-key", "canary-subscription")
MERCHANT = Merchant("sandbox", dict.fromkeys(Product, CREDENTIALS))
POLICY = Policy(attempts=3)
NOW_MS = 1_800_000_000_000

NewPayment = Callable[..., Payment]


def failed(payment: Payment) -> Payment:
    return replace(payment, status=PaymentStatus.FAILED)


def paying(payment: Payment) -> Flow[Payment]:
    return flows.pay(MERCHANT, payment, POLICY, again=False)


def test_a_payment_is_written_down_before_anything_is_sent(new_payment: NewPayment) -> None:
    payment = new_payment()
    flow = paying(payment)
    effects, result = run(flow, [None, "t", HttpReply(202), payment])
    assert kinds(effects) == [Record, GetToken, Send, Settle]
    assert effects[-1] == Settle(payment.reference_id, Wait(payment.created_at_ms, True))
    assert result == payment


def test_a_definite_no_fails_the_payment_and_says_what_to_do(new_payment: NewPayment) -> None:
    payment = new_payment()
    refusal = HttpReply(
        500, body=b'{"message":"Currency not supported.","code":"INVALID_CURRENCY"}'
    )
    effects, error = run(paying(payment), [None, "t", refusal, failed(payment)])
    assert effects[-1] == Settle(payment.reference_id, Fail(Cause.REFUSED, "INVALID_CURRENCY"))
    assert isinstance(error, PaymentRefused)
    assert (error.reference_id, error.http_status) == (payment.reference_id, 500)
    assert error.code == "INVALID_CURRENCY"
    assert "MTN_CURRENCY" in error.remedy
    assert "not been charged" in error.payer_message


TIMEOUT = NoAnswer("timeout")
BUSY = HttpReply(503)
NOT_FOUND = HttpReply(404, body=b'{"message":"m","code":"RESOURCE_NOT_FOUND"}')
SUCCESSFUL = HttpReply(200, body=b'{"status":"SUCCESSFUL"}')


def test_what_is_undecided_is_sent_again_as_it_was_with_growing_pauses(
    new_payment: NewPayment,
) -> None:
    payment = new_payment()
    again = [True, payment, "t"]
    answers = [None, "t", TIMEOUT, *again, BUSY, *again, HttpReply(202), payment]
    effects, _ = run(paying(payment), answers)
    first, second, third = requests_in(effects)
    assert first == second == third
    pauses = [effect for effect in effects if isinstance(effect, Pause)]
    assert pauses == [Pause(0.25, 0.5), Pause(0.5, 1.0)]
    assert effects[-1] == Settle(payment.reference_id, Wait(payment.created_at_ms, True))


def test_attempts_are_bounded_and_leave_the_payment_open(new_payment: NewPayment) -> None:
    payment = new_payment()
    answers = [None, "t", TIMEOUT, True, payment, "t", BUSY, True, payment, "t", TIMEOUT, payment]
    effects, result = run(paying(payment), answers)
    assert (len(requests_in(effects)), result) == (3, payment)
    wait = Wait(payment.created_at_ms, reason="timeout")
    assert effects[-1] == Settle(payment.reference_id, wait)


@pytest.mark.parametrize(
    ("seconds", "pause", "next_check_at_s"), [(9, Pause(9, 9.25), 0), (31, None, 31)]
)
def test_a_retry_after_is_waited_for_or_left_to_the_checker(
    new_payment: NewPayment, seconds: int, pause: Pause | None, next_check_at_s: int
) -> None:
    payment = new_payment()
    busy = HttpReply(429, (("Retry-After", str(seconds)),))
    rest = [True, payment, "t", HttpReply(202), payment] if pause else [payment]
    effects, _ = run(paying(payment), [None, "t", busy, *rest])
    assert [effect for effect in effects if isinstance(effect, Pause)] == ([pause] if pause else [])
    settled = effects[-1]
    assert isinstance(settled, Settle)
    assert isinstance(settled.decision, Wait)
    assert settled.decision.next_check_at_ms == payment.created_at_ms + next_check_at_s * 1000


def test_what_has_ended_during_a_pause_is_not_sent_again(new_payment: NewPayment) -> None:
    payment = new_payment()
    ended = replace(payment, status=PaymentStatus.COMPLETED)
    effects, result = run(paying(payment), [None, "t", TIMEOUT, True, ended, ended])
    assert (len(requests_in(effects)), result) == (1, ended)


@pytest.mark.parametrize("taken", [HttpReply(409), HttpReply(400)])
def test_a_409_or_a_refusal_after_a_doubtful_attempt_is_looked_up(
    new_payment: NewPayment, taken: HttpReply
) -> None:
    payment = new_payment()
    answers = [None, "t", TIMEOUT, True, payment, "t", taken, "t", SUCCESSFUL, payment]
    effects, _ = run(paying(payment), answers)
    assert [request.method for request in requests_in(effects)] == ["POST", "POST", "GET"]
    assert effects[-1] == Settle(payment.reference_id, Complete("SUCCESSFUL", ""))


def test_a_409_without_a_doubtful_attempt_is_looked_up_too(new_payment: NewPayment) -> None:
    payment = new_payment()
    effects, _ = run(paying(payment), [None, "t", HttpReply(409), "t", SUCCESSFUL, payment])
    assert effects[-1] == Settle(payment.reference_id, Complete("SUCCESSFUL", ""))


def test_a_look_up_that_cannot_be_made_leaves_the_payment_open(new_payment: NewPayment) -> None:
    payment = new_payment()
    no_token = TokenUnavailable("no answer", code="NO_ANSWER")
    effects, result = run(paying(payment), [None, "t", HttpReply(409), no_token, payment])
    assert result == payment
    wait = Wait(payment.created_at_ms, reason="HTTP_409")
    assert effects[-1] == Settle(payment.reference_id, wait)


def test_a_missing_token_after_a_doubtful_attempt_proves_nothing(new_payment: NewPayment) -> None:
    payment = new_payment()
    no_token = TokenUnavailable("no answer", code="NO_ANSWER")
    effects, result = run(paying(payment), [None, "t", TIMEOUT, True, payment, no_token, payment])
    assert result == payment
    wait = Wait(payment.created_at_ms, reason="timeout")
    assert effects[-1] == Settle(payment.reference_id, wait)


def test_a_payment_without_credentials_for_its_product_is_not_even_written_down(
    new_payment: NewPayment,
) -> None:
    nobody = Merchant("sandbox", {})
    effects, error = run(flows.pay(nobody, new_payment(), POLICY, again=False), [])
    assert (effects, type(error)) == ([], ConfigurationError)


def checking(payment: Payment, now_ms: int = NOW_MS + 60_000) -> Flow[Payment]:
    """The one check of a round that has claimed one payment."""
    flow = flows.check_round(MERCHANT, "me", now_ms, POLICY)
    assert isinstance(next(flow), Claim)
    rest = flow.send((payment,))
    assert isinstance(rest, RunAll)
    return rest.flows[0]


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (HttpReply(202), Wait(NOW_MS + 90_000, is_known=True)),
        (HttpReply(409), Wait(NOW_MS + 90_000, reason="sent again: HTTP_409")),
        (HttpReply(400), Wait(NOW_MS + 90_000, reason="sent again: 400")),
    ],
)
def test_a_checker_sends_again_what_the_provider_does_not_know(
    new_payment: NewPayment, answer: HttpReply, wait: Wait
) -> None:
    payment = new_payment()
    effects, _ = run(checking(payment), ["t", NOT_FOUND, "t", answer, payment])
    look, again = requests_in(effects)
    assert (look.method, again) == ("GET", requests.create(MERCHANT, payment, "t"))
    assert effects[-1] == Settle(payment.reference_id, wait)


@pytest.mark.parametrize(("changes", "age_ms"), [({"status": "pending"}, 60_000), ({}, RESEND_MS)])
def test_what_was_accepted_or_is_old_is_not_sent_again(
    new_payment: NewPayment, changes: dict[str, object], age_ms: int
) -> None:
    changes = {name: PaymentStatus(str(value)) for name, value in changes.items()}
    payment = new_payment(**changes)
    effects, _ = run(checking(payment, NOW_MS + age_ms), ["t", NOT_FOUND, payment])
    assert [request.method for request in requests_in(effects)] == ["GET"]


def test_a_round_that_gets_no_token_asks_for_none_again_and_leaves_everything_open(
    new_payment: NewPayment,
) -> None:
    first, second = new_payment(), new_payment()
    flow = flows.check_round(MERCHANT, "me", NOW_MS, POLICY)
    next(flow)
    rest = flow.send((first, second))
    assert isinstance(rest, RunAll)
    wait = Wait(NOW_MS + 30_000, reason="no token: NO_ANSWER")
    effects, _ = run(rest.flows[0], [TokenUnavailable("no", code="NO_ANSWER"), first])
    assert effects == [GetToken(Product.COLLECTION), Settle(first.reference_id, wait)]
    effects, _ = run(rest.flows[1], [second])
    assert effects == [Settle(second.reference_id, wait)]


def refunding(original: Payment, refund: Payment) -> Flow[Payment]:
    return flows.refund(MERCHANT, original.reference_id, lambda _paid: refund, POLICY, again=False)


def test_a_refund_names_what_it_gives_back_and_no_party(new_payment: NewPayment) -> None:
    original = new_payment(status=PaymentStatus.COMPLETED)
    refund = new_payment(
        operation=OPERATIONS["disbursement.refund.create"], refunds=original.reference_id
    )
    effects, _ = run(refunding(original, refund), [original, None, "t", HttpReply(202), refund])
    assert kinds(effects) == [Find, Record, GetToken, Send, Settle]
    body = json.loads(requests_in(effects)[0].body)
    assert body["referenceIdToRefund"] == original.reference_id
    assert "payee" not in body


@pytest.mark.parametrize("status", [PaymentStatus.PENDING, PaymentStatus.FAILED])
def test_what_is_not_completed_is_not_refunded(
    new_payment: NewPayment, status: PaymentStatus
) -> None:
    original = new_payment(status=status)
    effects, error = run(refunding(original, new_payment()), [original])
    assert (kinds(effects), error.code) == ([Find], "NOT_REFUNDABLE")


@pytest.mark.parametrize(
    ("operation", "path"),
    [
        ("disbursement.transfer", "/disbursement/v1_0/transfer/{}"),
        ("remittance.transfer", "/remittance/v1_0/transfer/{}"),
        ("disbursement.deposit", "/disbursement/v1_0/deposit/{}"),
        ("disbursement.refund", "/disbursement/v1_0/refund/{}"),
        ("collection.requesttowithdraw", "/collection/v1_0/requesttowithdraw/{}"),
    ],
)
def test_every_other_operation_has_its_own_status(
    new_payment: NewPayment, operation: str, path: str
) -> None:
    payment = new_payment(operation=OPERATIONS[f"{operation}.create"])
    flow = flows.read_payment(MERCHANT, payment.reference_id, NOW_MS, POLICY)
    effects, _ = run(flow, [payment, "t", HttpReply(404), payment])
    assert requests_in(effects)[0].path == path.format(payment.reference_id)


def test_empty_texts_become_the_external_id_and_impossible_ones_are_refused() -> None:
    def drafted(*texts: str) -> Payment:
        money, payer = Money.of("1", "EUR"), Msisdn("46733123499")
        return draft(REQUEST_TO_PAY, ReferenceId(str(uuid4())), money, payer, texts, NOW_MS)  # type: ignore[arg-type]  # three of them

    payment = drafted("order-7", "", "note")
    assert (payment.payer_message, payment.payee_note) == ("order-7", "note")
    assert payment.next_check_at_ms == NOW_MS + 60_000
    for texts in (("", "", ""), ("o", "x" * 161, ""), ("o", "", "\n")):
        with pytest.raises(InvalidRequest):
            drafted(*texts)


def test_a_hint_is_noted_and_a_payment_about_which_all_is_known_is_not_asked_for(
    new_payment: NewPayment,
) -> None:
    payment = new_payment(next_check_at_ms=None)
    hint, found = run(flows.take_hint(payment.reference_id, NOW_MS), [payment])
    assert (hint, found) == ([Hint(payment.reference_id, NOW_MS + 5_000)], payment)
    flow = flows.confirm(MERCHANT, payment.reference_id, NOW_MS, POLICY)
    effects, result = run(flow, [payment])
    assert (kinds(effects), result) == ([Find], payment)


def test_a_hint_about_a_watched_payment_is_confirmed(new_payment: NewPayment) -> None:
    watched = new_payment(status=PaymentStatus.FAILED, cause=Cause.DEADLINE)
    flow = flows.confirm(MERCHANT, watched.reference_id, NOW_MS, POLICY)
    effects, _ = run(flow, [watched, "t", SUCCESSFUL, watched])
    assert effects[-1] == Settle(watched.reference_id, Complete("SUCCESSFUL", ""))


def test_after_a_401_the_same_request_goes_out_once_more_with_a_new_token(
    new_payment: NewPayment,
) -> None:
    payment = new_payment()
    answers = [None, "old", HttpReply(401), None, "new", HttpReply(202), payment]
    effects, _ = run(paying(payment), answers)
    assert kinds(effects) == [Record, GetToken, Send, DropToken, GetToken, Send, Settle]
    first, second = requests_in(effects)
    assert (first.path, first.body) == (second.path, second.body)
    changed = set(first.headers) ^ set(second.headers)
    assert changed == {("Authorization", "Bearer old"), ("Authorization", "Bearer new")}


def test_a_second_401_is_a_refusal(new_payment: NewPayment) -> None:
    payment = new_payment()
    answers = [None, "old", HttpReply(401), None, "new", HttpReply(401), failed(payment)]
    effects, error = run(paying(payment), answers)
    assert len(requests_in(effects)) == 2
    assert isinstance(error, PaymentRefused)
    assert "MTN_API_USER" in error.remedy


def test_the_gateways_401_is_not_retried_and_points_at_the_subscription_key(
    new_payment: NewPayment,
) -> None:
    payment = new_payment()
    gateway = HttpReply(401, body=b'{ "statusCode": 401, "message": "Access denied" }')
    effects, error = run(paying(payment), [None, "t", gateway, failed(payment)])
    assert len(requests_in(effects)) == 1
    assert "MTN_SUBSCRIPTION_KEY" in error.remedy


def test_without_a_token_nothing_is_sent_and_the_caller_learns_the_reference_id(
    new_payment: NewPayment,
) -> None:
    payment = new_payment()
    trouble = TokenUnavailable("no answer", code="NO_ANSWER")
    effects, error = run(paying(payment), [None, trouble, failed(payment)])
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
    _, error = run(paying(payment), answers)
    assert error is broken
    assert error.reference_id == payment.reference_id
    assert "do not pay again" in error.payer_message


def test_a_ledger_that_breaks_while_it_writes_may_have_written(new_payment: NewPayment) -> None:
    payment, broken = new_payment(), LedgerError("connection lost")
    effects, error = run(paying(payment), [broken])
    assert (kinds(effects), error.reference_id) == ([Record], payment.reference_id)


@pytest.mark.parametrize(
    "answers",
    [["t", HttpReply(403)], [TokenUnavailable("no answer", code="NO_ANSWER")]],
)
def test_what_the_ledger_knows_better_is_returned_and_not_said_to_have_failed(
    new_payment: NewPayment, answers: list[object]
) -> None:
    payment = new_payment()
    known = replace(payment, status=PaymentStatus.COMPLETED)
    _, result = run(paying(payment), [None, *answers, known])
    assert result == known


def test_a_look_beside_the_checker_that_learns_nothing_does_not_keep_it_waiting(
    new_payment: NewPayment,
) -> None:
    payment = new_payment(next_check_at_ms=NOW_MS + 5_000)
    reading = flows.read_payment(MERCHANT, payment.reference_id, NOW_MS, POLICY)
    effects, _ = run(reading, [payment, "t", NOT_FOUND, payment])
    assert effects[-1] == Settle(payment.reference_id, Wait(NOW_MS + 5_000, reason="not found"))
    reading = flows.read_payment(MERCHANT, payment.reference_id, NOW_MS, POLICY)
    pending = HttpReply(200, body=b'{"status":"PENDING"}')
    effects, _ = run(reading, [payment, "t", pending, payment])
    known = Wait(NOW_MS + 30_000, is_known=True, provider_status="PENDING")
    assert effects[-1] == Settle(payment.reference_id, known)


def test_a_look_that_is_told_to_wait_keeps_the_checker_waiting_too(
    new_payment: NewPayment,
) -> None:
    payment = new_payment(next_check_at_ms=NOW_MS + 5_000)
    reading = flows.read_payment(MERCHANT, payment.reference_id, NOW_MS, POLICY)
    busy = HttpReply(429, (("Retry-After", "90"),))
    effects, _ = run(reading, [payment, "t", busy, payment])
    wait = Wait(NOW_MS + 90_000, reason="HTTP_429")
    assert effects[-1] == Settle(payment.reference_id, wait)


def test_a_round_claims_by_its_policy_and_leases_for_five_minutes() -> None:
    policy = Policy(batch=3, interval_ms=20_000)
    effects, _ = run(flows.check_round(MERCHANT, "me", NOW_MS, policy), [(), ()])
    assert effects[0] == Claim("me", 3, NOW_MS, NOW_MS + 20_000, NOW_MS + 300_000)


def test_dropping_a_token_does_not_show_it() -> None:
    assert "canary" not in repr(DropToken(Product.COLLECTION, "canary"))


def test_a_final_payment_is_not_asked_for_again(new_payment: NewPayment) -> None:
    payment = new_payment(status="completed")
    flow = flows.read_payment(MERCHANT, payment.reference_id, NOW_MS, POLICY)
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
    merchant = replace(MERCHANT, status_view=view)
    flow = flows.read_payment(merchant, payment.reference_id, NOW_MS, POLICY)
    effects, _ = run(flow, [payment, "t", HttpReply(404), payment])
    assert requests_in(effects)[0].path == path.format(payment.reference_id)


def test_the_body_carries_the_amount_as_plain_text_with_its_currencys_scale(
    new_payment: NewPayment,
) -> None:
    payment = new_payment(external_id="order-7")
    effects, _ = run(paying(payment), [None, "t", HttpReply(202), None])
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


def test_callbacks_come_to_an_address_that_names_the_payment(new_payment: NewPayment) -> None:
    payment = new_payment()
    asking = replace(MERCHANT, callback_url="https://shop.example/momo")
    headers = dict(requests.create(asking, payment, "t").headers)
    assert headers["X-Callback-Url"] == f"https://shop.example/momo/{payment.reference_id}"
    assert "X-Callback-Url" not in dict(requests.create(MERCHANT, payment, "t").headers)


def test_the_merchants_representation_hides_its_secrets() -> None:
    assert "canary" not in repr(MERCHANT)
