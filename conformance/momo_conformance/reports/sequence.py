"""A trace as the steps of a sequence diagram: who tells whom what, and when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from momo_conformance.calls import Call, Died
from momo_conformance.exchanges import Exchange
from momo_conformance.history import Delivery, History, Search, Trapped
from momo_conformance.protocol import Fail, Ok, Unknown
from momo_conformance.reading import read_history
from momo_conformance.reports.printable import printable
from momo_conformance.reports.report import Direction
from momo_conformance.verdicts import Trace

_MOST_TEXT = 42
_MOST_STEPS = 60
_ID_SHOWN = 8


class Lane(Enum):
    """Who takes part, in the order of the lanes."""

    CLIENT = "client"
    WALLET = "wallet"
    RECEIVER = "callback receiver"
    STRANGER = "somebody else"

    def title(self, direction: Direction) -> str:
        """What stands above the lane: an examined server's client is the examiner."""
        if direction == "server":
            return {Lane.CLIENT: "examiner", Lane.WALLET: "server"}.get(self, self.value)
        return self.value


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow, or a note where both ends are the same lane.

    `number` is that of the line in the trace; a reply has its request's. `about` is the payment,
    by the beginning of its reference id. `after_ms` is namespace time since the first step.
    `is_lost`: it never arrived. `is_marked`: here it shows.
    """

    number: int
    source: Lane
    target: Lane
    text: str
    after_ms: int
    about: str = ""
    is_reply: bool = False
    is_lost: bool = False
    is_marked: bool = False


def steps_of(trace: Trace) -> tuple[Step, ...]:
    """The steps of a trace, in order; the moment that is wrong is marked. At most 60."""
    history = read_history(trace.events)
    rows = sorted(_placed(history), key=lambda row: row[0])
    numbers: dict[object, int] = {}
    for _, moment, step in rows:
        if not step.is_reply:
            numbers.setdefault(moment, len(numbers) + 1)
    begin_ms = min((step.after_ms for _, _, step in rows), default=0)
    steps = tuple(
        replace(
            step,
            number=numbers[moment],
            text=_cut(step.text),
            after_ms=step.after_ms - begin_ms,
            is_marked=numbers[moment] == trace.shows_at,
        )
        for _, moment, step in rows
    )
    return steps[:_MOST_STEPS]


_Placed = tuple[float, object, Step]
"""Where in the history, which moment it is of, and the step with its instant in `after_ms`."""


def _placed(history: History) -> Iterator[_Placed]:
    for row in history.exchanges:
        yield from _exchanged(row)
    for call in history.calls:
        yield from _called(call, len(history.events))
    for delivery in history.deliveries:
        yield from _delivered(delivery)
    notable: tuple[Search | Trapped, ...] = (*history.searches, *history.trapped)
    for found in notable:
        at_ms = history.events[found.position]["at"]
        yield found.position, ("found", found.position), _found(found, at_ms)


def _exchanged(row: Exchange) -> Iterator[_Placed]:
    moment = ("exchange", row.began)
    asked = f"{row.method} {row.name}" if row.operation else row.name
    about = _short(row.reference_id)
    yield row.began, moment, Step(0, Lane.CLIENT, Lane.WALLET, asked, row.at_ms, about)
    reply = Step(0, Lane.WALLET, Lane.CLIENT, row.told, row.ended_at_ms, is_reply=True)
    yield row.ended, moment, replace(reply, is_lost=not row.is_answered)


def _called(call: Call, end: int) -> Iterator[_Placed]:
    moment = ("call", call.asked)
    answered = end if call.answered is None else call.answered
    if call.op == "deliver_callback":
        source = Lane.STRANGER if call.is_forged else Lane.WALLET
        text = f"{call.fields.get('method', '')} callback"
        about = _short(call.about)
        yield call.asked, moment, Step(0, source, Lane.RECEIVER, text, call.at_ms, about)
        reply = Step(0, Lane.RECEIVER, source, _answer(call), call.at_ms, is_reply=True)
        yield answered, moment, replace(reply, is_lost=not isinstance(call.answer, Ok))
        return
    asked = f"asked to {call.op} {call.key or ''}".strip()
    yield call.asked, moment, Step(0, Lane.CLIENT, Lane.CLIENT, asked, call.at_ms)
    told = f"answers {call.op}: {_answer(call)}"
    note = Step(0, Lane.CLIENT, Lane.CLIENT, told, call.at_ms, is_reply=True)
    yield answered, moment, note


def _answer(call: Call) -> str:
    """What the client's driver said, in a word or two."""
    match call.answer:
        case Ok({"state": word} | {"status": word}):
            return str(word)
        case Ok():
            return "done"
        case Fail(code, _):
            return f"refused, {code}"
        case Unknown(_, why):
            return f"unknown, {why}"
        case Died(how):
            return f"died: {how}"
    return "no answer"


def _delivered(row: Delivery) -> Iterator[_Placed]:
    moment = ("delivery", row.position)
    text, about = f"{row.method} callback", _short(row.reference_id)
    yield row.position, moment, Step(0, Lane.WALLET, Lane.RECEIVER, text, row.at_ms, about)
    told = str(row.status or "no answer")
    reply = Step(0, Lane.RECEIVER, Lane.WALLET, told, row.at_ms, is_reply=True)
    yield row.position + 0.5, moment, replace(reply, is_lost=row.status is None)


def _found(row: Search | Trapped, at_ms: int) -> Step:
    if isinstance(row, Search):
        return Step(0, Lane.CLIENT, Lane.CLIENT, str(row), at_ms)
    return Step(0, Lane.CLIENT, Lane.STRANGER, str(row), at_ms)


def _short(reference_id: str | None) -> str:
    return f"{printable(reference_id[:_ID_SHOWN])}…" if reference_id else ""


def _cut(text: str) -> str:
    """As much as there is room for between two lanes."""
    shown = printable(text)
    return shown if len(shown) <= _MOST_TEXT else f"{shown[: _MOST_TEXT - 1]}…"
