"""What is not good HTTP, and connections that end early."""

import asyncio
import json
from unittest.mock import Mock

import pytest

from mock_momo.edge.wire.server import FakeServer
from momo_contracts.events import ClientAborted, ExchangeBegan, RequestUnparsable
from tests.mock_momo.core.calls import BALANCE, REFERENCE_ID, REQUEST_TO_PAY, TOKEN
from tests.mock_momo.edge.wire import OBSERVED, PATIENCE_S, Answer, Fake, compose, read_answer

BAD_REQUEST = b'{ "statusCode": 400, "message": "Bad request" }'
CANARY = b"CANARY-7e573adc"
HEAD = b"GET " + BALANCE.encode() + b" HTTP/1.1\r\nHost: x\r\n"
POST = b"POST " + TOKEN.encode() + b" HTTP/1.1\r\nHost: x\r\n"

NOT_HTTP = {
    "words": CANARY + b" is not HTTP\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + CANARY + b"\r\n\r\n",
    "zeros": b"\x00" * 200,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no such version": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "blank in header name": HEAD + b"Ocp Apim: " + CANARY + b"\r\n\r\n",
    "no colon": HEAD + CANARY + b"\r\n\r\n",
    "zero byte in header": HEAD + b"Authorization: Bearer " + CANARY + b"\x00\r\n\r\n",
    "control character in header": HEAD + b"X-Reference-Id: \x01" + CANARY + b"\r\n\r\n",
    "control character in path": b"GET /coll\x01ection HTTP/1.1\r\nHost: x\r\n\r\n",
    "raw bytes in path": b"GET /coll\xffection HTTP/1.1\r\nHost: x\r\n\r\n",
    "header too long": HEAD + b"Authorization: Bearer " + CANARY + b"a" * 20_000 + b"\r\n\r\n",
    "path too long": b"GET /?subscription-key=" + CANARY + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    "two lengths": POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "negative length": POST + b"Content-Length: -1\r\n\r\n",
    "length and chunks": POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "bad chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
}


def recorded(fake: Fake, kind: type) -> list[object]:
    details = [event.detail for event in fake.registry.default.log.after(0)]
    return [detail for detail in details if isinstance(detail, kind)]


async def still_works(fake: Fake) -> None:
    answer = await fake.ask("GET", BALANCE, fake.headers())
    assert answer.body == b'{"availableBalance":"1000","currency":"EUR"}'


async def events_text(fake: Fake) -> str:
    return (await fake.control("GET", "namespaces/default/events")).body.decode()


@pytest.mark.parametrize("name", NOT_HTTP)
async def test_what_is_not_http_gets_the_gateways_400_and_an_event_without_its_bytes(
    fake: Fake, name: str
) -> None:
    answer = await fake.send(NOT_HTTP[name])

    assert (answer.status, answer.body) == (400, BAD_REQUEST)
    assert answer.headers == {"Content-Type": "application/json"}
    assert len(recorded(fake, RequestUnparsable)) == 1
    assert CANARY.decode() not in f"{answer.why} {await events_text(fake)}"
    await still_works(fake)


NO_TARGETS = (
    "http://me:CANARY[@localhost/",
    "http://me:CANARY",
    "http:///CANARY",
    "CANARY",
    "*",
    "/CANARY\x01",
)


@pytest.mark.parametrize("target", NO_TARGETS)
async def test_what_is_no_target_is_told_in_a_sentence_that_does_not_quote_it(
    fake: Fake, target: str
) -> None:
    answer = await fake.send(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())

    (unparsable,) = recorded(fake, RequestUnparsable)
    told = "the request target is no valid one; it wants /path or http://host:port/path"
    assert unparsable == RequestUnparsable(told)
    assert (answer.why or "").startswith(told)


async def test_pipelined_requests_are_answered_in_order(fake: Fake) -> None:
    headers = fake.headers()
    paths = [BALANCE, "/collection/nowhere", BALANCE, "/collection/v1_0/requesttopay/7"]
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    writer.write(b"".join(compose("GET", path, headers) for path in paths))

    answers = [await asyncio.wait_for(read_answer(reader), PATIENCE_S) for _ in paths]

    writer.close()
    assert [answer.status for answer in answers] == [200, 404, 200, 400]
    began = recorded(fake, ExchangeBegan)
    assert [row.target for row in began if isinstance(row, ExchangeBegan)] == paths
    ids = {event.connection_id for event in fake.registry.default.log.after(1)}
    assert len(ids) == 1


async def test_garbage_after_a_good_request_spoils_only_itself(fake: Fake) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    writer.write(compose("GET", BALANCE, fake.headers()))
    good = await asyncio.wait_for(read_answer(reader), PATIENCE_S)
    writer.write(b"garbage\r\n\r\n")
    bad = await asyncio.wait_for(read_answer(reader), PATIENCE_S)

    assert (good.status, bad.status) == (200, 400)
    assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b"", "the connection is closed"
    writer.close()


HALF_A_BODY = POST + b"Content-Length: 100\r\n\r\n{"
EARLY_ENDS = {
    "mid headers": HEAD,
    "mid body": HALF_A_BODY,
    "mid chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc",
    "mid body of control": HALF_A_BODY.replace(TOKEN.encode(), b"/_mock/v1/namespaces/x/reset"),
    "after nothing": b"",
}


@pytest.mark.parametrize("way", ["half-closed", "reset"])
@pytest.mark.parametrize("name", EARLY_ENDS)
async def test_a_client_that_goes_away_early_is_no_defect_of_ours(
    fake: Fake, capsys: pytest.CaptureFixture[str], name: str, way: str
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    writer.write(EARLY_ENDS[name])
    await until_received(fake, EARLY_ENDS[name])
    if way == "reset":
        writer.transport.abort()
    else:
        writer.write_eof()
        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        writer.close()
    await connections_gone(fake.server)

    aborts = recorded(fake, ClientAborted)
    assert aborts == ([ClientAborted("request body")] if name in ("mid body", "mid chunk") else [])
    assert capsys.readouterr().err == ""
    await still_works(fake)


async def until_received(fake: Fake, content: bytes) -> None:
    """Until the server has seen the connection, and its handler the request if there is one."""
    http = fake.server._http  # noqa: SLF001  # nothing public tells
    assert http is not None
    wanted = 1 if b"\r\n\r\n" in content else 0
    while not http.connections or http.requests_count < wanted:  # noqa: ASYNC110  # likewise
        await asyncio.sleep(0)


async def connections_gone(server: FakeServer) -> None:
    """Until the server has noticed every connection's end."""
    http = server._http  # noqa: SLF001  # nothing public tells
    assert http is not None
    while http.connections:  # noqa: ASYNC110  # likewise
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    "request_line",
    [f"GET {BALANCE} HTTP/1.0", f"GET /ns/default{BALANCE} HTTP/1.1"],
)
async def test_unusual_but_right_requests_are_answered(fake: Fake, request_line: str) -> None:
    content = compose("GET", BALANCE, fake.headers())

    answer = await fake.send(content.replace(content.partition(b"\r\n")[0], request_line.encode()))

    assert answer.status == 200


async def test_a_chunked_body_is_read_whole(fake: Fake) -> None:
    body = json.dumps(
        {"amount": "5", "currency": "EUR", "payer": {"partyIdType": "MSISDN", "partyId": "1"}}
    ).encode()
    headers = fake.headers() | {
        "Content-Length": None,
        "Transfer-Encoding": "chunked",
        "X-Reference-Id": "7a3e1c9a-3b5e-4a54-9d5a-111111111111",
    }
    chunks = b"".join(b"%x\r\n%s\r\n" % (1, body[i : i + 1]) for i in range(len(body)))

    answer = await fake.send(compose("POST", REQUEST_TO_PAY, headers) + chunks + b"0\r\n\r\n")

    assert answer == Answer(202, OBSERVED, b"")


ORDER = b'{"amount":"5","currency":"EUR","payer":{"partyIdType":"MSISDN","partyId":"1"}}'
AWAITED = {
    "API": (REQUEST_TO_PAY, ORDER, 202),
    "control": ("/_mock/v1/namespaces/default/reset", b"{}", 200),
}


async def go_ahead_then(fake: Fake, head: bytes, body: bytes) -> Answer:
    """The reply to a client that sends its body once it is told to."""
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    writer.write(head)
    interim = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
    assert interim == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(body)
    answer = await asyncio.wait_for(read_answer(reader), PATIENCE_S)
    writer.close()
    return answer


def expecting(fake: Fake, path: str, length: int, expect: str = "100-continue") -> bytes:
    headers = fake.headers() | {"Expect": expect, "Content-Length": str(length)}
    return compose("POST", path, headers | {"X-Reference-Id": REFERENCE_ID})


@pytest.mark.parametrize("expect", ["100-continue", "100-Continue"])
@pytest.mark.parametrize("name", AWAITED)
async def test_a_client_that_asks_whether_to_send_its_body_is_told_to(
    fake: Fake, name: str, expect: str
) -> None:
    path, body, status = AWAITED[name]

    answer = await go_ahead_then(fake, expecting(fake, path, len(body), expect), body)

    assert answer.status == status


@pytest.mark.parametrize("path", [REQUEST_TO_PAY, "/_mock/v1/namespaces/default/reset"])
async def test_a_body_that_says_it_is_too_long_is_refused_unsent(fake: Fake, path: str) -> None:
    answer = await fake.send(expecting(fake, path, 2_000_000))

    assert answer.status == 413


@pytest.mark.parametrize(("version", "expect"), [("1.0", "100-continue"), ("1.1", "a miracle")])
async def test_whoever_expects_something_else_is_told_nothing_before_the_reply(
    fake: Fake, version: str, expect: str
) -> None:
    head = expecting(fake, REQUEST_TO_PAY, len(ORDER), expect).replace(
        b"HTTP/1.1", f"HTTP/{version}".encode()
    )
    reader, writer = await asyncio.open_connection("127.0.0.1", fake.port)
    writer.write(head)
    await until_received(fake, head)
    writer.write(ORDER)

    assert (await asyncio.wait_for(read_answer(reader), PATIENCE_S)).status == 202
    writer.close()


async def test_a_defect_after_the_go_ahead_is_answered_too(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    defect = ZeroDivisionError()
    monkeypatch.setattr(fake.server._exchanges, "run", Mock(side_effect=defect))  # noqa: SLF001  # no other way in
    path, body, _ = AWAITED["API"]

    answer = await go_ahead_then(fake, expecting(fake, path, len(body)), body)

    assert answer.status == 500
    assert fake.server.crashes == [defect]
    fake.server.crashes.clear()
