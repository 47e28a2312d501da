"""HTTP as values: what a shell is asked to send and what it brings back.

Headers and bodies hold credentials and payers' numbers, so no `repr` shows them.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC
from decimal import Decimal
from email.utils import parsedate_to_datetime

from momo_contracts.operations import Operation

LONGEST_RETRY_AFTER_S = 3600
"""Assumed: what is longer is taken for a mistake."""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request. `path` is below the base URL; `reference_id` is empty without a payment."""

    operation: Operation
    path: str = field(repr=False)
    headers: Headers = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    reference_id: str = ""

    @property
    def method(self) -> str:
        return self.operation.method


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

    def header(self, name: str) -> str:
        """The first value of a header, whatever its case; empty when there is none."""
        wanted = name.lower()
        return next((text for key, text in self.headers if key.lower() == wanted), "")

    @property
    def date_ms(self) -> int | None:
        """The server's clock when it answered; None when it does not say, or not readably."""
        try:
            date = parsedate_to_datetime(self.header("Date"))
        except (ValueError, TypeError, OverflowError):
            return None
        return round((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() * 1000)

    @property
    def retry_after_s(self) -> int | None:
        """How long the server wants to be left alone: RFC 9110, in seconds or as a date.

        At most an hour: nobody may keep us from asking what became of money.
        """
        text = self.header("Retry-After").strip()
        if text.isascii() and text.isdigit():
            return min(int(text[:10]), LONGEST_RETRY_AFTER_S)
        try:
            wait = parsedate_to_datetime(text) - parsedate_to_datetime(self.header("Date"))
        except (ValueError, TypeError):
            return None
        return min(max(0, round(wait.total_seconds())), LONGEST_RETRY_AFTER_S)


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No complete reply arrived. `problem` is a short phrase: 'timeout', 'connection lost'."""

    problem: str


Answer = HttpReply | NoAnswer
