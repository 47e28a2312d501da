"""Many requests over a few keep-alive connections to this machine, each connection sending its next
one when its last is answered. Bounded: it ends with the requests, or at the first reply that is not
2xx, or when the server falls silent.
"""

import asyncio
import re
import sys
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urlsplit

CONNECTIONS = 32
_SILENCE_S = 30.0
_PROGRESS_EVERY = 10_000
_LENGTH = re.compile(rb"^content-length: *(\d+)\r$", re.IGNORECASE | re.MULTILINE)


class SpoiltRun(Exception):
    """The server answered something else, or not at all; the run's figures would mean nothing."""


async def send_all(url: str, requests: Iterator[bytes], count: int, what: str) -> None:
    """Send the first `count` requests, each written out in full. Raises SpoiltRun."""
    host, port = urlsplit(url).hostname, urlsplit(url).port
    if host != "127.0.0.1" or port is None:
        raise ValueError(f"load goes to a port of 127.0.0.1 only, not to {url!r}")
    loop = asyncio.get_running_loop()
    run = _Run(islice(requests, count), count, what)
    made = [
        await loop.create_connection(lambda: _Talk(run, loop.create_future()), host, port)
        for _ in range(CONNECTIONS)
    ]
    talks = [talk for _, talk in made]
    silence = asyncio.create_task(run.watch())
    try:
        done = asyncio.gather(*(talk.done for talk in talks))
        await asyncio.wait((done, silence), return_when=asyncio.FIRST_COMPLETED)
        await (done if done.done() else silence)
    finally:
        silence.cancel()
        for talk in talks:
            talk.close()
    print(file=sys.stderr)


class _Run:
    """What all connections share: the requests still to be sent, and how many are answered."""

    def __init__(self, requests: Iterator[bytes], count: int, what: str) -> None:
        self.requests = requests
        self.answered = 0
        self._count = count
        self._what = what

    def note_answer(self) -> None:
        self.answered += 1
        if self.answered % _PROGRESS_EVERY == 0 or self.answered == self._count:
            line = f"\r{self._what}: {self.answered:,} of {self._count:,}"
            print(line, end="", file=sys.stderr, flush=True)

    async def watch(self) -> None:
        """Return never; raises SpoiltRun when nothing was answered for a while."""
        before = -1
        while before != self.answered:
            before = self.answered
            await asyncio.sleep(_SILENCE_S)
        raise SpoiltRun(f"{self._what}: no answer for {_SILENCE_S:.0f} s")


class _Talk(asyncio.Protocol):
    """One connection. `done` is over when it has no more to send."""

    def __init__(self, run: _Run, done: asyncio.Future[None]) -> None:
        self.done = done
        self._run = run
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError("a TCP connection has a transport that can write")
        self._transport = transport
        self._send_next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, blank_line, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head + b"\r")
        if not blank_line or len(body) < int(length[1] if length else 0):
            return
        if head[9:10] != b"2":
            self._spoil(self._received[:500].decode("latin-1"))
            return
        self._received = b""
        self._run.note_answer()
        self._send_next()

    def connection_lost(self, exc: Exception | None) -> None:
        self._spoil(f"the connection ended: {exc}")

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _send_next(self) -> None:
        request = next(self._run.requests, None)
        if request is not None and self._transport is not None:
            self._transport.write(request)
        elif not self.done.done():
            self.done.set_result(None)

    def _spoil(self, problem: str) -> None:
        if not self.done.done():
            self.done.set_exception(SpoiltRun(problem))
