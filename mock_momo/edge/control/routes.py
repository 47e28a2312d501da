"""What a route of the control API is: a row of a table, and what its handler gets and gives."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import orjson
from pydantic import BaseModel

from mock_momo.core.namespace import Namespace
from mock_momo.edge.services import Services
from mock_momo.errors import InvalidSetting

LONGEST_WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply of the control API: a body, or a feed of bytes that goes on until it ends."""

    status: int
    body: bytes
    content_type: str = "application/json"
    feed: AsyncGenerator[bytes, None] | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """One call: `names` are the path's parameters beside the namespace."""

    services: Services
    names: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def wall_ms(self) -> int:
        return self.services.wall()

    def number(self, name: str, default: int) -> int:
        """A whole number of the query. Raises InvalidSetting."""
        return self.whole(name, self.query.get(name, str(default)))

    def whole(self, name: str, text: str) -> int:
        """A whole number that the caller sent. Raises InvalidSetting."""
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
            raise InvalidSetting(f"{name!r} must be a whole number, not {text[:40]!r}")
        return int(text)

    @property
    def wait_s(self) -> float:
        """How long the caller is willing to wait, in wall time. Raises InvalidSetting."""
        text = self.query.get("wait_s", "0")
        if not _SECONDS.fullmatch(text) or float(text) > LONGEST_WAIT_S:
            raise InvalidSetting(
                f"'wait_s' must be seconds from 0 to {LONGEST_WAIT_S:.0f}, not {text[:40]!r}"
            )
        return float(text)


_DIGITS = 15
_SECONDS = re.compile(r"[0-9]{1,2}(\.[0-9]{1,3})?", re.ASCII)
Handler = Callable[[Visit], Awaitable[Answer]]
NamespaceHandler = Callable[[Visit, Namespace], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Route:
    """One row: `path` is below the prefix, `{…}` stands for one segment. `body` is what it reads.

    `handler` answers for the whole fake; `of_namespace` for the namespace that the path names.
    `query` lists the parameters that it knows.
    """

    method: str
    path: str
    summary: str
    handler: Handler | None = None
    of_namespace: NamespaceHandler | None = None
    body: type[BaseModel] | None = None
    query: tuple[str, ...] = ()
    content_type: str = "application/json"


def json_answer(content: object, status: int = 200) -> Answer:
    """An answer of JSON, which ends in a newline for the sake of terminals."""
    return Answer(status, orjson.dumps(content, option=orjson.OPT_APPEND_NEWLINE))


def problem(status: int, error: str) -> Answer:
    """What was expected, and what to do."""
    return json_answer({"error": error}, status)
