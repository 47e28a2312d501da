"""What comes to the receiver and is no callback; after each of it the next callback is taken."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable, Mapping
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from momo_client import Ledger, ManualClock, Settings
from momo_client.core.callbacks import BODY_LIMIT
from momo_client.core.events import CallbackRefused, CallbackTaken
from momo_client.edge import callbacks
from tests.momo_client.receiver import Receiver, receiving

ID = "0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10"
VERSION_1 = "4b6cf49e-e8f6-11f1-871d-02fc00000001"
GOOD = b'{"status":"SUCCESSFUL"}'


@pytest.fixture
async def receiver(
    changed_settings: Callable[..., Settings], ledger: Ledger, clock: ManualClock
) -> AsyncIterator[Receiver]:
    async with receiving(changed_settings, ledger, clock) as receiver:
        yield receiver
        taken = len(receiver.told.of(CallbackTaken))
        assert await receiver.call_back(str(uuid4())) == 200
        assert len(receiver.told.of(CallbackTaken)) == taken + 1


async def answer(
    receiver: Receiver,
    body: bytes | str | AsyncIterator[bytes] = GOOD,
    address: str = ID,
    headers: Mapping[str, str] | None = None,
) -> int:
    async with receiver.session.post(
        f"{receiver.url}/{address}", data=body, headers=headers
    ) as reply:
        return reply.status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"SUCCESSFUL",
        b'"SUCCESSFUL"',
        b"7",
        b"null",
        b"[]",
        b'[{"status":"SUCCESSFUL"}]',
        b"{}",
        b'{"externalId":"order-7"}',
        b'{"status":null}',
        b'{"status":""}',
        b'{"status":7}',
        b'{"status":true}',
        b'{"status":["SUCCESSFUL"]}',
        b'{"status":{"code":"SUCCESSFUL"}}',
        b'{"status":"SUCCESSFUL"',
        b'{"status":"SUCCESSFUL"}{"status":"SUCCESSFUL"}',
        b"status=SUCCESSFUL",
        b"\xff\xfe\x00",
        b'{"status":"\xff"}',
        b"[" * BODY_LIMIT,
        b'{"status":"FAILED","amount":' + b"9" * 50_000 + b"}",
    ],
)
async def test_a_body_that_claims_no_status_is_400(receiver: Receiver, body: bytes) -> None:
    assert await answer(receiver, body) == 400

    (refused,) = receiver.told.events
    assert isinstance(refused, CallbackRefused)
    assert "JSON object" in refused.why


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "x"])
async def test_what_a_body_says_of_its_kind_does_not_matter(
    receiver: Receiver, content_type: str
) -> None:
    assert await answer(receiver, GOOD, headers={"Content-Type": content_type}) == 200


async def test_a_word_that_nobody_knows_is_taken_and_fits_a_line(receiver: Receiver) -> None:
    body = json.dumps({"status": "a\nb" + "x" * 1000})

    assert await answer(receiver, body) == 200

    (taken,) = receiver.told.of(CallbackTaken)
    assert taken.word.startswith("a?bx")
    assert len(taken.word) <= 200


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 10_000):
        yield body[start : start + 10_000]


async def test_a_body_may_have_64_kib_and_no_more(receiver: Receiver) -> None:
    longest = GOOD.ljust(BODY_LIMIT)
    gzipped = {"Content-Encoding": "gzip"}

    assert await answer(receiver, longest) == 200
    assert await answer(receiver, in_pieces(longest)) == 200
    assert await answer(receiver, gzip.compress(longest), headers=gzipped) == 200
    assert await answer(receiver, longest + b" ") == 413
    assert await answer(receiver, in_pieces(longest + b" ")) == 413
    assert await answer(receiver, gzip.compress(GOOD.ljust(10**8)), headers=gzipped) == 413
    assert await answer(receiver, GOOD, headers=gzipped) == 400
    assert len(receiver.told.of(CallbackTaken)) == 3
    assert len(receiver.told.of(CallbackRefused)) == 4


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_405(receiver: Receiver, method: str) -> None:
    async with receiver.session.request(method, f"{receiver.url}/{ID}", data=GOOD) as reply:
        assert reply.status == 405
        assert reply.headers["Allow"] == "POST,PUT"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "order-7",
        ID[:-1],
        f"{ID}0",
        f"{ID}/",
        f"{ID}/x",
        f"{ID}%20",
        f"{ID}%0A",
        "4b6cf49e-e8f6-11f1-871d-02fc00000001",
    ],
)
async def test_an_address_that_names_no_payment_is_404(receiver: Receiver, address: str) -> None:
    assert await answer(receiver, address=address) == 404
    assert receiver.told.of(CallbackTaken) == []


async def test_the_last_segment_names_the_payment_wherever_the_receiver_is(
    receiver: Receiver,
) -> None:
    assert await answer(receiver, address=f"shops/7/{ID.upper()}") == 200
    assert receiver.told.of(CallbackTaken) == [CallbackTaken(ID, is_known=False, word="SUCCESSFUL")]


async def raw(receiver: Receiver, *sent: bytes, has_end: bool = False) -> bytes:
    """The first line of the answer to a request that stops in its middle, or ends there."""
    place = urlsplit(receiver.url)
    reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
    head = f"POST {place.path}/{ID} HTTP/1.1\r\nHost: x\r\n"
    writer.write(head.encode() + b"".join(sent))
    if has_end:
        writer.write_eof()
    reply = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return reply


HALF = (b"Content-Length: 23\r\n\r\n", GOOD[:12])


async def test_of_a_body_that_is_too_long_the_rest_is_not_waited_for(receiver: Receiver) -> None:
    first = b"10001\r\n" + b" " * (BODY_LIMIT + 1) + b"\r\n"
    reply = await raw(receiver, b"Transfer-Encoding: chunked\r\n\r\n", first)
    assert b" 413 " in reply


async def test_half_a_body_is_no_callback(receiver: Receiver) -> None:
    await raw(receiver, *HALF, has_end=True)
    assert receiver.told.of(CallbackTaken) == []


async def test_a_body_that_does_not_come_is_not_waited_for_for_ever(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callbacks, "BODY_S", 0.0)
    assert b" 408 " in await raw(receiver, *HALF)
    monkeypatch.undo()
