"""HTTP as values: what a shell is asked to send and what it brings back.

Headers and bodies hold credentials and payers' numbers, so no `repr` shows them.
"""

import json
from dataclasses import dataclass, field
from decimal import Decimal

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request. `path` is relative to the base URL; `operation` is its name in the catalogue."""

    operation: str
    method: str
    path: str
    headers: Headers = field(repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class HttpReply:
    """A complete reply: status line, headers and the whole body arrived."""

    status: int
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def json_object(self) -> dict[str, object]:
        """The body as a JSON object, numbers exact; empty when it is anything else."""
        try:
            content = json.loads(self.body, parse_float=Decimal)
        except (ValueError, RecursionError, ArithmeticError):
            return {}
        return content if isinstance(content, dict) else {}


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No complete reply arrived. `problem` is a short phrase: 'timeout', 'connection lost'."""

    problem: str


Answer = HttpReply | NoAnswer
