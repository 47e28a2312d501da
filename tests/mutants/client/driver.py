"""The driver: JSON lines on stdio, up to CONCURRENCY of them at work at a time."""

import json
import sys
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from threading import Lock, Thread
from types import MappingProxyType
from typing import TextIO

from tests.mutants.client.client import Client
from tests.mutants.client.settings import Message

CONCURRENCY = 16
OPERATIONS: Mapping[str, Callable[[Client, Message], Message]] = MappingProxyType(
    {
        "request_to_pay": lambda client, request: client.request_to_pay(request),
        "transfer": lambda client, request: client.transfer(request),
        "refund": lambda client, request: client.refund(request),
        "status": lambda client, request: client.status(request),
        "balance": lambda client, request: client.balance(request),
        "deliver_callback": lambda client, request: client.deliver_callback(request),
        "reconcile": lambda client, request: client.reconcile(request),
        "clock.advance": lambda client, request: client.advance(request),
        "ledger": lambda client, request: client.show_ledger(request),
    }
)
HELLO: Message = {
    "protocol": 1,
    "client": {"name": "mutant", "version": "1", "language": "python"},
    "ops": ["configure", *OPERATIONS],
    "caps": {
        "clock": "inject",
        "ledger": True,
        "restart": True,
        "reference_id": "library",
        "concurrency": CONCURRENCY,
    },
}


class Driver:
    """Reads requests, has them worked at, writes the answers. `run` returns at `stop` or EOF."""

    def __init__(self, requests: TextIO, answers: TextIO) -> None:
        self.requests = requests
        self.answers = answers
        self.writing = Lock()
        self.waiting: SimpleQueue[Message] = SimpleQueue()
        self.client: Client | None = None

    def run(self) -> None:
        for _ in range(CONCURRENCY):
            Thread(target=self.work, daemon=True).start()
        for line in self.requests:
            request = json.loads(line)
            if request["op"] == "stop":
                self.write(request, {"ok": {}})
                return
            self.waiting.put(request)

    def work(self) -> None:
        while True:
            request = self.waiting.get()
            self.write(request, self.answer(request))
            if self.client is not None:
                self.client.after_answer()

    def answer(self, request: Message) -> Message:
        try:
            return self.answer_of(request)
        except Exception:  # noqa: BLE001  # whatever went wrong, it may have happened
            sys.excepthook(*sys.exc_info())
            return {"unknown": {"reference_id": None, "why": "the client broke down"}}

    def answer_of(self, request: Message) -> Message:
        match request["op"]:
            case "hello":
                return {"ok": HELLO}
            case "configure":
                return self.configure(request)
            case str(op) if op in OPERATIONS and self.client is not None:
                return OPERATIONS[op](self.client, request)
            case _:
                return {"unsupported": True}

    def configure(self, request: Message) -> Message:
        if self.client is not None:
            self.client.close()
        self.client = Client(request)
        return {"ok": {}}

    def write(self, request: Message, answer: Message) -> None:
        with self.writing:
            self.answers.write(json.dumps({"id": request["id"]} | answer) + "\n")
            self.answers.flush()


def run_driver() -> None:
    """Be the driver until the examiner has had enough."""
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # stdin is a file here
    Driver(sys.stdin, sys.stdout).run()
