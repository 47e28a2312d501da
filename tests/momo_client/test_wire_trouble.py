"""What the network does to a payment: it stays undecided, and the caller knows its id."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from momo_client import (
    BlockingMomoClient,
    HttpReply,
    Ledger,
    ManualClock,
    MomoClient,
    Payment,
    PaymentRefused,
    PaymentStatus,
    Settings,
    TokenUnavailable,
)
from momo_client.core import policy
from momo_client.core.effects import Flow, Send
from momo_client.core.http import Answer, HttpRequest, NoAnswer
from momo_client.core.payments import SENDING_MS
from momo_client.edge.transport import REPLY_LIMIT, SocketTransport
from momo_contracts.operations import CREATE_TOKEN, READ_BALANCE
from tests.momo_client.wire import Drip, Wire

NOW_MS = 1_800_000_000_000


def http(status: bytes, body: bytes = b"") -> bytes:
    head = b"HTTP/1.1 %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    return head % (status, len(body)) + body


TOKEN = http(b"200 OK", b'{"access_token":"t","token_type":"access_token","expires_in":3600}')
ACCEPTED = http(b"202 Accepted")
SUCCESSFUL = http(b"200 OK", b'{"status":"SUCCESSFUL"}')


@pytest.fixture
def wired(wire: Wire) -> Settings:
    return Settings(
        base_url=wire.url,
        api_user="user",
        api_key="key",
        subscription_key="subscription",
        target_environment="sandbox",
        currency="EUR",
        timeout_s=0.2,
        attempts=1,
    )


Pay = Callable[[Settings, Ledger], Payment]


def persistent(wired: Settings) -> Settings:
    return wired.model_copy(update={"attempts": 4})


def pay_blocking(settings: Settings, ledger: Ledger) -> Payment:
    with BlockingMomoClient(settings, ledger) as client:
        return client.request_to_pay("1", "46733123499", "order")


def pay_on_asyncio(settings: Settings, ledger: Ledger) -> Payment:
    async def pay() -> Payment:
        async with MomoClient(settings, ledger) as client:
            return await client.request_to_pay("1", "46733123499", "order")

    return asyncio.run(pay())


@pytest.mark.parametrize("pay", [pay_blocking, pay_on_asyncio])
@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        (Wire.HANG, "timeout"),
        (Wire.RESET, "connection lost"),
        (b"", "connection lost"),
        (b"HTTP/1.1 500 Oops\r\nContent-Length: 99\r\n\r\n{", "truncated reply"),
        (b"garbage\r\n\r\n", "unreadable reply"),
        (http(b"503 Busy", b"<html>"), "HTTP_503"),
        (http(b"200 OK", b"<html>Request Rejected</html>"), "HTTP_200"),
        (Drip(http(b"202 Accepted")), "timeout"),
        (http(b"202 Accepted", b"x" * (REPLY_LIMIT + 1)), "reply too long"),
        (http(b"500 Oops", b'{"code":1e99999999999999999999999}'), "HTTP_500"),
        (http(b"500 Oops", rb'{"code":"\ud800"}'), "?"),
        (http(b"307 Elsewhere\r\nLocation: /elsewhere"), "HTTP_307"),
    ],
)
def test_a_payment_without_a_clear_answer_stays_open_and_is_sent_once(
    wire: Wire, wired: Settings, ledger: Ledger, pay: Pay, trouble: bytes, reason: str
) -> None:
    wire.script = [TOKEN, trouble]
    payment = pay(wired, ledger)
    assert (payment.status, payment.reason) == (PaymentStatus.CREATED, reason)
    assert ledger.find(payment.reference_id) == payment
    assert len(wire.requests) == 2
    assert b"X-Reference-Id: " + payment.reference_id.encode() in wire.requests[1]


@pytest.mark.parametrize("pay", [pay_blocking, pay_on_asyncio])
def test_the_token_call_declares_an_empty_body(
    wire: Wire, wired: Settings, ledger: Ledger, pay: Pay
) -> None:
    wire.script = [TOKEN, ACCEPTED]
    pay(wired, ledger)
    head, _, body = wire.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /collection/token/ HTTP/1.1")
    assert head.count(b"Content-Length: 0") == 1
    assert head.count(b"Content-Length") == 1
    assert b"Authorization: Basic " in head
    assert b"Content-Type" not in head
    assert body == b""


@pytest.mark.parametrize("pay", [pay_blocking, pay_on_asyncio])
def test_an_address_where_nobody_listens_says_so(
    wired: Settings, ledger: Ledger, pay: Pay, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = wired.model_copy(update={"base_url": "http://127.0.0.1:9"})
    monkeypatch.setattr(policy, "FIRST_PAUSE_S", 0.0)
    with pytest.raises(TokenUnavailable, match="connection refused") as caught:
        pay(nobody, ledger)
    assert "MTN_BASE_URL" in caught.value.remedy


def test_an_undecided_payment_is_settled_by_a_later_look(
    wire: Wire, wired: Settings, ledger: Ledger
) -> None:
    wire.script = [TOKEN, wire.RESET, SUCCESSFUL]
    client = BlockingMomoClient(wired, ledger, clock=ManualClock(NOW_MS))
    payment = client.request_to_pay("1", "46733123499", "order")
    settled = client.check_payment_status(payment.reference_id)
    assert settled.status is PaymentStatus.COMPLETED
    assert len(ledger.entries()) == 2


def test_a_look_without_an_answer_leaves_the_payment_as_it_was(
    wire: Wire, wired: Settings, ledger: Ledger
) -> None:
    wire.script = [TOKEN, ACCEPTED, wire.RESET]
    client = BlockingMomoClient(wired, ledger, clock=ManualClock(NOW_MS))
    payment = client.request_to_pay("1", "46733123499", "order")
    seen = client.check_payment_status(payment.reference_id)
    assert (seen.status, seen.reason) == (PaymentStatus.PENDING, "connection lost")


@pytest.mark.parametrize("pay", [pay_blocking, pay_on_asyncio])
def test_a_reply_as_long_as_is_allowed_is_read(
    wire: Wire, wired: Settings, ledger: Ledger, pay: Pay
) -> None:
    patient = wired.model_copy(update={"timeout_s": 30})
    wire.script = [TOKEN, http(b"202 Accepted", b"x" * REPLY_LIMIT)]
    assert pay(patient, ledger).status is PaymentStatus.PENDING


UNSENDABLE = HttpRequest(READ_BALANCE, "/", (("X-Secret", "canary\n"),))


async def test_what_cannot_be_sent_gets_no_answer_and_is_not_shown(
    wire: Wire, wired: Settings, ledger: Ledger
) -> None:
    def send() -> Flow[Answer]:
        answer: Answer = yield Send(UNSENDABLE)
        return answer

    assert SocketTransport(wire.url, 1).send(UNSENDABLE) == NoAnswer("unsendable request")
    async with MomoClient(wired, ledger) as client:
        assert await client.drive(send()) == NoAnswer("unsendable request")


words = st.text(st.characters(), max_size=300) | st.integers() | st.none() | st.booleans()
bodies = st.dictionaries(
    st.sampled_from(
        ["status", "reason", "code", "message", "error", "amount", "referenceId", "payer"]
    ),
    words | st.lists(words) | st.dictionaries(st.sampled_from(["code", "partyId"]), words),
).map(lambda content: json.dumps(content).encode())
replies = st.builds(HttpReply, st.sampled_from([200, 202, 400, 401, 404, 409, 500]), body=bodies)


class Chatter:
    """A transport that answers with whatever it was given, and with a token when asked for one."""

    def __init__(self, answers: list[HttpReply]) -> None:
        self._answers = answers

    def send(self, request: HttpRequest) -> HttpReply:
        if request.operation == CREATE_TOKEN:
            return HttpReply(200, body=b'{"access_token":"t","expires_in":3600}')
        return self._answers.pop(0)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(answers=st.lists(replies, min_size=8, max_size=8))
def test_whatever_is_answered_a_payment_is_returned_or_refused_and_never_lost(
    wired: Settings, ledger: Ledger, answers: list[HttpReply]
) -> None:
    client = BlockingMomoClient(
        wired, ledger, clock=ManualClock(NOW_MS), transport=Chatter(answers)
    )
    reference_id = uuid4()
    with suppress(PaymentRefused):
        client.request_to_pay("1", "46733123499", str(reference_id), reference_id=reference_id)
    for _ in range(3):
        client.check_payment_status(reference_id)
    assert ledger.find(str(reference_id)).reason.isprintable()


async def test_a_cancelled_caller_leaves_a_payment_that_the_checker_will_find(
    wire: Wire, wired: Settings, ledger: Ledger
) -> None:
    wire.script = [TOKEN, wire.HANG]
    patient = wired.model_copy(update={"timeout_s": 30})
    async with MomoClient(patient, ledger, clock=ManualClock(NOW_MS)) as client:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await client.request_to_pay("1", "46733123499", "order")
    (payment,) = ledger.payments()
    assert payment.status is PaymentStatus.CREATED
    assert payment.next_check_at_ms == NOW_MS + SENDING_MS


@pytest.mark.parametrize("pay", [pay_blocking, pay_on_asyncio])
def test_a_token_call_is_repeated_until_it_succeeds(
    wire: Wire, wired: Settings, ledger: Ledger, pay: Pay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "FIRST_PAUSE_S", 0.0)
    wire.script = [http(b"503 Busy"), wire.RESET, TOKEN, ACCEPTED]
    assert pay(persistent(wired), ledger).status is PaymentStatus.PENDING
    assert len(wire.requests) == 4


@pytest.mark.parametrize("pay", [pay_blocking, pay_on_asyncio])
def test_an_undecided_create_is_sent_again_byte_for_byte_and_looked_up_after_a_409(
    wire: Wire, wired: Settings, ledger: Ledger, pay: Pay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "FIRST_PAUSE_S", 0.0)
    busy, taken = http(b"503 Busy"), http(b"409 Conflict", b'{"code":"RESOURCE_ALREADY_EXIST"}')
    wire.script = [TOKEN, wire.RESET, busy, taken, SUCCESSFUL]
    assert pay(persistent(wired), ledger).status is PaymentStatus.COMPLETED
    creates = wire.requests[1:4]
    assert creates[0] == creates[1] == creates[2]
    assert wire.requests[4].startswith(b"GET /collection/v2_0/payment/")


@pytest.mark.parametrize("pay", [pay_blocking, pay_on_asyncio])
def test_the_attempts_of_a_create_are_bounded(
    wire: Wire, wired: Settings, ledger: Ledger, pay: Pay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "FIRST_PAUSE_S", 0.0)
    wire.script = [TOKEN, *[http(b"503 Busy")] * 4]
    payment = pay(persistent(wired), ledger)
    assert (payment.status, payment.reason) == (PaymentStatus.CREATED, "HTTP_503")
    assert len(wire.requests) == 5
