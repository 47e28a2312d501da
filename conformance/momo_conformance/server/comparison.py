"""How two servers answer the same probes, without what differs from call to call."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from momo_conformance.exchanges import Event, Exchange
from momo_conformance.intents import Intent
from momo_conformance.reading import read_history
from momo_contracts.values import UUID_FORM

_UUID = re.compile(UUID_FORM)
_VOLATILE = frozenset(
    {"access_token", "apiKey", "financialTransactionId", "updated_at", "availableBalance"}
)
"""Keys whose values are of their call alone: that they are there is compared."""

Logs = Mapping[str, Sequence[Event]]
"""The events of each probe, by its name."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What was asked, how each of two servers has answered, and how often that was so."""

    asked: str
    one: str
    other: str
    times: int


def compare(one: Logs, other: Logs) -> tuple[int, tuple[Difference, ...]]:
    """How many replies were compared, and where they differ; the first of its kind stands first.

    Only probes that both were sent, and replies of one kind to requests of one kind.
    """
    pairs = [row for name in one if name in other for row in _pairs(one[name], other[name])]
    found = Counter(row for row in pairs if row[1] != row[2])
    rows = (Difference(*row, times) for row, times in found.items())
    return len(pairs), tuple(rows)


def _pairs(one: Sequence[Event], other: Sequence[Event]) -> Iterator[tuple[str, str, str]]:
    """Replies to the same question; of those asked at once it is unknown which is whose."""
    ours, theirs = read_history(one).exchanges, read_history(other).exchanges
    if any(row.intent is Intent.AT_ONCE for row in ours):
        ours, theirs = (tuple(sorted(rows, key=_answer)) for rows in (ours, theirs))
    for left, right in zip(ours, theirs, strict=False):
        asked = _question(left)
        if asked == _question(right):
            yield asked, *_answers(left, right)


def _question(row: Exchange) -> str:
    name = row.operation.name if row.operation else f"{row.method} {row.target}"
    is_usual = row.intent in (None, Intent.VALID, Intent.PLAIN)
    return name if is_usual else f"{name} ({str(row.intent).replace('_', ' ')})"


def _answer(row: Exchange) -> str:
    if row.status is None:
        return "no answer"
    kind = (row.reply_header("Content-Type") or "no type").partition(";")[0]
    if kind == "text/html":
        return f"{row.status} a page"
    return f"{row.status} {_steady(row.reply)}" if row.reply else f"{row.status} empty"


def _answers(left: Exchange, right: Exchange) -> tuple[str, str]:
    """Both answers; of two objects only the keys in which they differ, or how these are ordered."""
    one, other = _answer(left), _answer(right)
    ours, theirs = _plain(left.received), _plain(right.received)
    if one == other or not (isinstance(ours, dict) and isinstance(theirs, dict)):
        return one, other
    if not (ours and theirs):
        return one, other
    if ours == theirs:
        return f"{left.status} {', '.join(ours)}", f"{right.status} {', '.join(theirs)}"
    apart = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
    return _part(left, ours, apart), _part(right, theirs, apart)


def _part(row: Exchange, body: Mapping[str, object], names: Sequence[str]) -> str:
    shown = {name: body[name] for name in names if name in body}
    return f"{row.status} {json.dumps(shown, ensure_ascii=False)}"


def _steady(text: str) -> str:
    """A body without what is of its call alone; the order of its keys stays."""
    try:
        body = json.loads(text)
    except ValueError:
        return _UUID.sub("…", text)[:200]
    return json.dumps(_plain(body), ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: "…" if name in _VOLATILE else _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return _UUID.sub("…", value) if isinstance(value, str) else value
