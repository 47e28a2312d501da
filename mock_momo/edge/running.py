"""Running a fake for as long as something lasts: a signal, or a child process."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from typing import TypeVar

from mock_momo.core.registry import Registry
from mock_momo.edge.courier import DEFAULT_COURIER, CourierOptions
from mock_momo.edge.log.event_file import event_file
from mock_momo.edge.tls import TlsOptions, authority_file, new_identity
from mock_momo.edge.tunnel import Tunnel
from mock_momo.edge.wire.server import DRAIN_S, FakeServer
from mock_momo.errors import FakeUnavailable, PortTaken

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RunningOptions:
    """How a fake runs, whatever its namespaces.

    Where its events are written, if anywhere; how long requests under way may take at the end;
    what the bearer of a control call must be, if anything; how its callbacks are sent; how it
    serves TLS, if at all.
    """

    events_file: Path | None = None
    drain_s: float = DRAIN_S
    control_token: str | None = field(default=None, repr=False)
    courier: CourierOptions = DEFAULT_COURIER
    tls: TlsOptions | None = None


_REACHED_AT = MappingProxyType(
    {"::1": "[::1]", "0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  # where it listens, if asked to
)
_LAST_WORDS_S = 1.0
"""How long what the fake has answered at its end may take to pass the tunnel."""

DEFAULT_OPTIONS = RunningOptions()


@dataclass(frozen=True, slots=True)
class Secured:
    """How clients come to a fake on TLS: whom they are to trust, and the way from MTN's hosts."""

    ca_file: Path
    tunnel_url: str


@dataclass(frozen=True, slots=True)
class Listening:
    """A fake on a socket; `secured` when it serves TLS."""

    url: str
    server: FakeServer
    secured: Secured | None = None


@asynccontextmanager
async def listening(
    registry: Registry,
    host: str,
    port: int,
    options: RunningOptions = DEFAULT_OPTIONS,
    on_trouble: Callable[[], object] = lambda: None,
) -> AsyncIterator[Listening]:
    """A fake with these namespaces on a socket. Raises FakeUnavailable.

    `on_trouble` is called when it cannot go on as its options want it; the end of the block then
    raises EventsNotWritten.
    """
    server = FakeServer(registry, courier=options.courier, control_token=options.control_token)
    bound = _bound if options.tls is None else partial(_bound_with_tls, options.tls)
    async with (
        event_file(options.events_file, server.services, on_trouble) as begin_writing,
        bound(server, host, port, options.drain_s) as fake,
    ):
        begin_writing()
        yield fake


@asynccontextmanager
async def _bound(
    server: FakeServer, host: str, port: int, drain_s: float
) -> AsyncIterator[Listening]:
    bound = await _started(server.start(host, port), host, port)
    try:
        yield Listening(f"http://{_REACHED_AT.get(host, host)}:{bound}", server)
    finally:
        await server.stop(drain_s)


@asynccontextmanager
async def _bound_with_tls(
    tls: TlsOptions, server: FakeServer, host: str, port: int, drain_s: float
) -> AsyncIterator[Listening]:
    identity, reached = new_identity(host), _REACHED_AT.get(host, host)
    bound = await _started(server.start(host, port, identity.context), host, port)
    tunnel = Tunnel(reached.strip("[]"), bound)
    try:
        with authority_file(tls.ca_file, identity.authority) as ca_file:
            entrance = await _tunnelled(tunnel, tls.tunnel_port)
            secured = Secured(ca_file, f"http://127.0.0.1:{entrance}")
            yield Listening(f"https://{reached}:{bound}", server, secured)
    finally:
        await server.stop(drain_s)
        await tunnel.stop(min(drain_s, _LAST_WORDS_S))


async def _started(start: Awaitable[int], host: str, port: int) -> int:
    try:
        return await start
    except OSError as problem:
        raise PortTaken(
            f"cannot listen on {host}:{port}: {problem.strerror}; "
            "stop what runs there, choose another --port, or --port 0 for a free one"
        ) from None


async def _tunnelled(tunnel: Tunnel, port: int) -> int:
    try:
        return await tunnel.start(port)
    except OSError as problem:
        raise FakeUnavailable(
            f"cannot open the tunnel on 127.0.0.1:{port}: {problem.strerror}; "
            "choose another --tls-tunnel-port, or 0 for a free one"
        ) from None


def run(main: Callable[[], Coroutine[None, None, T]]) -> T:
    """Run a coroutine on uvloop where there is one, in a process that is for nothing else."""
    _calm_the_collector()
    if sys.platform == "win32":
        loop_factory = None
    else:
        import uvloop  # noqa: PLC0415  # not installed on Windows

        loop_factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(main())


def _calm_the_collector() -> None:
    """Look for cycles in what is new, and hardly ever in the log and the books: it takes long.

    Neither requests nor connections leave any behind, nor do worlds that are emptied or taken away.
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def on_stop(act: Callable[[int], None]) -> None:
    """Call `act` in the event loop, with the signal's number, on SIGINT, SIGTERM and SIGHUP.

    A SIGHUP that is ignored, as under nohup, stays so.
    """
    loop = asyncio.get_running_loop()
    hang_up = getattr(signal, "SIGHUP", None)
    wanted = [signal.SIGINT, signal.SIGTERM]
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:
        wanted.append(hang_up)
    for number in wanted:
        try:
            loop.add_signal_handler(number, act, number)
        except NotImplementedError:  # Windows: loops take no signal handlers there
            signal.signal(number, lambda got, _: loop.call_soon_threadsafe(act, got))


def on_end_of_input(act: Callable[[], None]) -> None:
    """Call `act` in the event loop when stdin ends: when whoever holds its other end is gone."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        # Past Python's own buffer, whose lock a thread that is killed at exit would still hold.
        while os.read(sys.stdin.fileno(), 4096):
            pass
        with suppress(RuntimeError):  # the loop has ended by itself
            loop.call_soon_threadsafe(act)

    Thread(target=wait, daemon=True).start()
