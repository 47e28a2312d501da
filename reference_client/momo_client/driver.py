"""The client behind a pipe: `python -m momo_client.driver`, for an examiner.

Speaks version 1 of the driver protocol: JSON lines on stdin and stdout, one reply per request,
`id` echoed. Three-valued: `ok`, `fail` (definitely not), `unknown` (perhaps). The clock is the
examiner's: nothing sleeps on it, and what is not decided is decided by a later operation.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from importlib.metadata import version

from momo_client.edge.asyncio_shell import MomoClient
from momo_client.edge.bench import Bench, Message
from momo_client.edge.clock import ManualClock
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import Settings
from momo_client.errors import BadRequest, MomoClientError

_SETTINGS = (
    "base_url",
    "api_user",
    "api_key",
    "subscription_key",
    "target_environment",
    "currency",
    "ledger_url",
)
_FIELDS: dict[str, dict[str, type]] = {
    "configure": dict.fromkeys(_SETTINGS, str) | {"now_ms": int},
    "request_to_pay": {"key": str, "amount": str, "currency": str, "payer": str},
    "status": {"reference_id": str},
    "clock.advance": {"ms": int},
}
"""What each operation cannot do without."""


class Driver:
    """Answers one request after the other."""

    def __init__(self) -> None:
        self.is_stopped = False
        self._bench: Bench | None = None
        self._opened = AsyncExitStack()

    async def answer(self, request: Message) -> Message:
        """The reply to a request, without its id. Raises BadRequest, MomoClientError."""
        op = request.get("op")
        for name, kind in _FIELDS.get(str(op), {}).items():
            if not isinstance(request.get(name), kind):
                raise BadRequest(f"{op} needs {name!r}, of type {kind.__name__}")
        match op:
            case "hello":
                return {"ok": _HELLO}
            case "configure":
                return await self._configure(request)
            case "stop":
                await self.stop()
                return {"ok": {}}
            case str() if op in _OPERATIONS:
                if self._bench is None:
                    raise BadRequest(f"{op} before configure")
                return await _OPERATIONS[op](self._bench, request)
            case _:
                return {"unsupported": True}

    async def stop(self) -> None:
        """Close everything; no further request is answered."""
        await self._opened.aclose()
        self.is_stopped = True

    async def _configure(self, request: Message) -> Message:
        self._bench = None
        await self._opened.aclose()
        settings = Settings(
            **{name: request[name] for name in _SETTINGS},
            status_view=request.get("status_view", "payment"),
        )
        ledger = Ledger.create(settings.ledger_url)
        self._opened.callback(ledger.close)
        if not request.get("resume", False):
            ledger.clear()
        clock = ManualClock(request["now_ms"])
        client = MomoClient(settings, ledger, clock=clock)
        self._bench = Bench(await self._opened.enter_async_context(client), clock)
        return {"ok": {}}


_OPERATIONS: dict[str, Callable[[Bench, Message], Awaitable[Message]]] = {
    "request_to_pay": Bench.request_to_pay,
    "status": Bench.status,
    "reconcile": Bench.reconcile,
    "clock.advance": Bench.advance,
    "ledger": Bench.ledger,
}
_HELLO: Message = {
    "protocol": 1,
    "client": {"name": "momo-client", "version": version("mock-momo"), "language": "python"},
    "ops": ["configure", *_OPERATIONS],
    "caps": {"clock": "inject", "ledger": True, "restart": True, "reference_id": "library"},
}


async def _reply(driver: Driver, line: str) -> Message:
    """The reply to one line; nothing that is wrong with a line ends the driver."""
    request: Message = {}
    try:
        request = _read(line)
        answer = await driver.answer(request)
    except MomoClientError as error:
        facts = {"code": error.code, "reference_id": error.reference_id, "message": str(error)}
        answer = {"fail": facts}
    return {"id": request.get("id")} | answer


def _read(line: str) -> Message:
    try:
        request = json.loads(line)
    except ValueError:
        raise BadRequest(f"expected one JSON object per line, got {line[:80]!r}") from None
    if not isinstance(request, dict):
        raise BadRequest(f"expected a JSON object, got {line[:80]!r}")
    return request


def main() -> None:
    """Answer requests until `stop` or the end of the input."""
    driver = Driver()
    with asyncio.Runner() as runner:
        while not driver.is_stopped:
            line = sys.stdin.readline()
            if line:
                print(json.dumps(runner.run(_reply(driver, line))), flush=True)  # noqa: T201  # the protocol
            else:
                runner.run(driver.stop())


if __name__ == "__main__":
    main()
