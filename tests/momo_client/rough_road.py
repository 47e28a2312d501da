"""A real way to the fake on which what no fault of the fake can do happens to single exchanges."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from momo_client import HttpReply, HttpRequest, NoAnswer, Transport
from momo_client.core.http import Answer
from momo_contracts.operations import Kind


class Killed(Exception):  # noqa: N818  # it ends a process, and no code of the client's catches it
    """The process ends here."""


Mishap = Callable[[Transport, HttpRequest], Answer]


def be_killed_before(_road: Transport, _request: HttpRequest) -> Answer:
    raise Killed


def be_killed_after(road: Transport, request: HttpRequest) -> Answer:
    road.send(request)
    raise Killed


def time_out_after_all(road: Transport, request: HttpRequest) -> Answer:
    road.send(request)
    return NoAnswer("timeout")


def fail_after_all(road: Transport, request: HttpRequest) -> Answer:
    """What was asked for is done, and a proxy on the way back answers for itself."""
    road.send(request)
    return HttpReply(503, body=b"<html>Service Unavailable</html>")


@dataclass(frozen=True, slots=True)
class Mixup:
    """A status read is answered with the end of another payment, told by one field alone."""

    status: str
    field: str
    value: object

    def __call__(self, road: Transport, request: HttpRequest) -> Answer:
        answer = road.send(request)
        if not isinstance(answer, HttpReply) or answer.status != 200:
            return answer
        body = answer.json_object() | {"status": self.status, self.field: self.value}
        return HttpReply(200, answer.headers, json.dumps(body, default=str).encode())


class RoughRoad:
    """Carries requests; the next one that is of a `mishap`'s kind has that mishap, once."""

    def __init__(self, road: Transport) -> None:
        self._road = road
        self._mishap: Mishap | None = None
        self._kinds: frozenset[Kind] = frozenset()

    def await_mishap(self, mishap: Mishap, kinds: frozenset[Kind]) -> None:
        """Let this happen to the next request of one of these kinds, and forget any other."""
        self._mishap, self._kinds = mishap, kinds

    def be_smooth(self) -> None:
        """Let no mishap happen that has not happened yet."""
        self._mishap = None

    def send(self, request: HttpRequest) -> Answer:
        mishap = self._mishap
        if mishap is None or request.operation.kind not in self._kinds:
            return self._road.send(request)
        self._mishap = None
        return mishap(self._road, request)
