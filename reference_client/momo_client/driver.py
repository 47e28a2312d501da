"""The client behind a pipe: `python -m momo_client.driver`, for an examiner.

Speaks version 1 of the driver protocol: JSON lines on stdin and stdout, one reply per request,
`id` echoed, in the order in which they come about. Three-valued: `ok`, `fail` (definitely not),
`unknown` (perhaps). The clock is the examiner's: nothing sleeps on another one, and what waits for
it is answered at once.
"""

import asyncio
import gc
import json
import sys
import threading
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from momo_client.errors import BadRequest, MomoClientError

if TYPE_CHECKING:
    from momo_client.edge.bench import Bench

Message = dict[str, Any]
Fields = dict[str, Any]
"""What `isinstance` takes, by the field's name."""

CONCURRENCY = 16
"""Requests that are taken at a time."""

_CONFIGURE: Fields = {
    "base_url": str,
    "api_user": str,
    "api_key": str,
    "subscription_keys": dict,
    "target_environment": str,
    "currency": str,
    "now_ms": int,
    "ledger_url": str,
    "resume": bool,
    "status_view": str,
    "callback_url": str | None,
    "request_timeout_ms": int,
}
_PAYMENT: Fields = {"key": str, "amount": str, "currency": str}
_OPERATIONS: dict[str, Fields] = {
    "request_to_pay": _PAYMENT | {"payer": str},
    "transfer": _PAYMENT | {"payee": str},
    "refund": _PAYMENT | {"reference_id": str},
    "status": {"reference_id": str},
    "balance": {},
    "deliver_callback": {"method": str, "path": str, "body": str},
    "reconcile": {},
    "clock.advance": {"ms": int},
    "ledger": {},
}
"""What each operation cannot do without."""

_OPTIONAL: Fields = {"note": str, "deadline_ms": int}

_ALONE = ("configure", "stop")
"""What waits until nothing else runs, and is waited for before anything else begins."""


class Driver:
    """Answers requests side by side."""

    def __init__(self) -> None:
        self._is_stopped = False
        self._bench: Bench | None = None
        self._opened = AsyncExitStack()

    async def run(self, lines: asyncio.Queue[str]) -> None:
        """Answer until `stop`, or an empty line: the end of the input."""
        running: set[asyncio.Task[None]] = set()
        async with asyncio.TaskGroup() as group:
            while not self._is_stopped and (line := await lines.get()):
                request = _read(line)
                if request.get("op") in _ALONE:
                    await asyncio.gather(*running)
                    await self._reply(request)
                else:
                    task = group.create_task(self._reply(request))
                    running.add(task)
                    task.add_done_callback(running.discard)
            for task in running:
                task.cancel()
        await self._opened.aclose()

    async def _reply(self, request: Message) -> None:
        """Answer a request; nothing that is wrong with one ends the driver."""
        try:
            answer = await self._answer(request)
        except MomoClientError as error:
            facts = {"code": error.code, "reference_id": error.reference_id, "message": str(error)}
            answer = {"fail": facts}
        print(json.dumps({"id": request.get("id")} | answer), flush=True)  # noqa: T201  # the protocol

    async def _answer(self, request: Message) -> Message:
        op = str(request.get("op"))
        _check(op, request)
        match op:
            case "hello":
                return {"ok": _hello()}
            case "configure":
                await self._configure(request)
                return {"ok": {}}
            case "stop":
                self._is_stopped = True
                return {"ok": {}}
            case _ if op not in _OPERATIONS:
                return {"unsupported": True}
            case _ if self._bench is None:
                raise BadRequest(f"{op} before configure")
            case _:
                return await self._bench.answer(op, request)

    async def _configure(self, request: Message) -> None:
        from momo_client.edge.bench import Bench  # noqa: PLC0415  # `hello` need not wait for it

        self._bench = None
        await self._opened.aclose()
        self._bench = await self._opened.enter_async_context(Bench.opened(request))


def _hello() -> Message:
    client = {"name": "momo-client", "version": version("mock-momo"), "language": "python"}
    caps = {
        "clock": "inject",
        "ledger": True,
        "restart": True,
        "reference_id": "library",
        "concurrency": CONCURRENCY,
    }
    return {"protocol": 1, "client": client, "ops": ["configure", *_OPERATIONS], "caps": caps}


def _read(line: str) -> Message:
    """A request; an empty one, which is answered as a bad one, for what is none."""
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return request if isinstance(request, dict) else {}


def _check(op: str, request: Message) -> None:
    """Raise BadRequest unless all fields are there and of their types."""
    if not isinstance(request.get("op"), str):
        raise BadRequest("expected one JSON object per line, with an op")
    needed = _CONFIGURE if op == "configure" else _OPERATIONS.get(op, {})
    fields = needed | {name: _OPTIONAL[name] for name in request.keys() & _OPTIONAL}
    for name, kind in fields.items():
        if name not in request or not isinstance(request[name], kind):
            raise BadRequest(f"{op} needs {name!r}, as its schema says")


def _read_lines(take: Callable[[str], None]) -> None:
    """Hand over every line of stdin and, at its end, an empty one."""
    # Not sys.stdin itself: while a thread reads it, the interpreter cannot end.
    with (
        open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False) as lines,
        suppress(RuntimeError),  # the loop may have ended
    ):
        for line in lines:
            take(line)
        take("")


async def _serve() -> None:
    lines = asyncio.Queue[str]()
    loop = asyncio.get_running_loop()

    def take(line: str) -> None:
        loop.call_soon_threadsafe(lines.put_nowait, line)

    threading.Thread(target=_read_lines, args=(take,), daemon=True).start()
    await Driver().run(lines)


def main() -> None:
    """Answer requests until `stop` or the end of the input."""
    gc.set_threshold(50_000)  # nothing that is imported is garbage: a tenth of the start
    asyncio.run(_serve())


if __name__ == "__main__":
    main()
