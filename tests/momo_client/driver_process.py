"""A driver as a child process; every line of both sides is checked against the protocol."""

import json
import subprocess
import sys
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator

from mock_momo.testing import World
from tests.momo_client.examiner import Answer, configuration

_SCHEMAS = files("momo_contracts") / "driver" / "v1"
_REQUEST: dict[str, Any] = json.loads((_SCHEMAS / "request.json").read_text())
_REPLY: dict[str, Any] = json.loads((_SCHEMAS / "reply.json").read_text())


class DriverProcess:
    """A driver; `ask` sends one request and reads one line."""

    def __init__(self, world: World, ledger_url: str) -> None:
        self._world = world
        self._ledger_url = ledger_url
        self._ids = 0
        self.now_ms = world.freeze().now_ms
        self.process = subprocess.Popen(
            [sys.executable, "-m", "momo_client.driver"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="surrogateescape",
        )

    def ask(self, op: str, **fields: object) -> Answer:
        number = self.send(op, **fields)
        answer = self.receive()
        _check(_REPLY, answer)
        assert answer.pop("id") == number
        if "ok" in answer and op in _REPLY["$defs"]:
            _check({"$ref": f"#/$defs/{op}", "$defs": _REPLY["$defs"]}, answer["ok"])
        return answer

    def send(self, op: str, **fields: object) -> int:
        """Send a request and do not wait; its number."""
        self._ids += 1
        request = {"id": self._ids, "op": op} | fields
        _check(_REQUEST, request)
        self._write(json.dumps(request))
        return self._ids

    def receive(self) -> Answer:
        assert self.process.stdout
        answer: Answer = json.loads(self.process.stdout.readline())
        return answer

    def say(self, line: str) -> Answer:
        """Send a line, whatever it is."""
        self._write(line)
        return self.receive()

    def configure(self, **changes: object) -> Answer:
        return self.ask("configure", **self.configuration(**changes))

    def configuration(self, **changes: object) -> dict[str, object]:
        """The fields of `configure`."""
        return configuration(self._world, self._ledger_url, now_ms=self.now_ms) | changes

    def pay(self, payer: str, **changes: object) -> Answer:
        return self.ask("request_to_pay", **order(payer, **changes))

    def advance(self, milliseconds: int) -> None:
        """The fake first, then the client."""
        self._world.advance(milliseconds / 1000)
        assert self.ask("clock.advance", ms=milliseconds) == {"ok": {}}

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def _write(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()


def order(payer: str, **changes: object) -> dict[str, object]:
    """The fields of a request to pay."""
    fields = {"key": "order-7", "amount": "12.5", "currency": "EUR", "payer": payer}
    return fields | {"deadline_ms": 4000} | changes


def _check(schema: dict[str, Any], message: object) -> None:
    Draft202012Validator(schema).validate(message)
