"""A client's driver asked by hand: several things at a time, and killed without a word."""

import shlex
import subprocess
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Self

from momo_conformance.protocol import Answer, read_reply, write_request
from tests.mutants.client.settings import Message


class Session:
    """A running driver. Use it as a context manager: it is killed in the end."""

    def __init__(self, command: str) -> None:
        pipe = subprocess.PIPE
        self.numbers = count(1)
        self.child = subprocess.Popen(
            shlex.split(command), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
        )

    def ask(self, op: str, **fields: object) -> Answer:
        return self.ask_all([{"op": op, **fields}])[0]

    def ask_all(self, requests: Sequence[Message]) -> list[Answer]:
        """Asked at the same time; the answers in the order of the requests."""
        return self.answers(self.send(requests))

    def send(self, requests: Sequence[Message]) -> Mapping[int, str]:
        """Send them all; returns the op of each by its number."""
        assert self.child.stdin is not None
        ops: dict[int, str] = {}
        for request in requests:
            number, op = next(self.numbers), str(request["op"])
            fields = {name: value for name, value in request.items() if name != "op"}
            self.child.stdin.write(write_request(number, op, fields) + "\n")
            ops[number] = op
        self.child.stdin.flush()
        return ops

    def answers(self, ops: Mapping[int, str]) -> list[Answer]:
        """The answers to what was sent, in that order, whatever order they came in."""
        assert self.child.stdout is not None
        lines = [self.child.stdout.readline() for _ in ops]
        by_number = {int(line.split('"id":')[1].split(",")[0]): line for line in lines}
        return [read_reply(number, op, by_number[number]) for number, op in ops.items()]

    def kill(self) -> None:
        self.child.kill()
        self.child.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
