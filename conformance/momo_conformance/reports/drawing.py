"""Sequence diagrams as SVG that is put into a page; the page's style sheet gives the colours."""

from collections.abc import Iterator, Sequence

from momo_conformance.reports.markup import Element, element
from momo_conformance.reports.report import Direction
from momo_conformance.reports.sequence import Lane, Step

_LEFT, _RIGHT = 100, 64
_LANE_GAP = 300
_TOP, _ROW = 58, 40
_NUMBER_AT, _TIME_AT = 14, 30
_LEAST_SCALE = 0.8
_HEAD = 7
_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1000, "s"))


def draw(
    steps: Sequence[Step], direction: Direction, name: str, title: str, description: str
) -> Element:
    """The diagram. `name` is its id in the page; `description` says in words what it shows."""
    used = {lane for step in steps for lane in (step.source, step.target)}
    lanes = [lane for lane in Lane if lane in used or lane in (Lane.CLIENT, Lane.WALLET)]
    at = {lane: _LEFT + _LANE_GAP * index for index, lane in enumerate(lanes)}
    width = max(at.values()) + _RIGHT
    height = _TOP + _ROW * len(steps) + 12
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *(part for lane in lanes for part in _lane(lane.title(direction), at[lane], height)),
        *(_row(step, steps[:index], at, index) for index, step in enumerate(steps)),
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        style=f"min-width: {width * _LEAST_SCALE:.0f}px",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def elapsed(after_ms: int) -> str:
    """Namespace time since the first step, in its two largest units: '1 h 5 min'."""
    parts = []
    for size, unit in _UNITS:
        count, after_ms = divmod(after_ms, size)
        if count:
            parts.append(f"{count} {unit}")
    if not parts:
        return f"{after_ms} ms" if after_ms else "0 s"
    return " ".join(parts[:2])


def _lane(title: str, x: int, height: int) -> Iterator[Element]:
    yield element("text", title, x=x, y=24, text_anchor="middle", class_="who")
    yield element("line", x1=x, y1=36, x2=x, y2=height - 4, class_="lane")


def _row(step: Step, before: Sequence[Step], at: dict[Lane, int], index: int) -> Element:
    y = _TOP + _ROW * index + 16
    parts = [*_margin(step, before, y)]
    parts += _note(step, at, y) if step.source is step.target else _arrow(step, at, y)
    words = ["step", *(["reply"] * step.is_reply), *(["marked"] * step.is_marked)]
    return element("g", *parts, class_=" ".join(words))


def _margin(step: Step, before: Sequence[Step], y: int) -> Iterator[Element]:
    """The number of what begins here, and the time where it is another than before."""
    if not step.is_reply:
        yield element("circle", cx=_NUMBER_AT, cy=y - 4, r=10, class_="number")
        number = str(step.number)
        yield element("text", number, x=_NUMBER_AT, y=y, text_anchor="middle", class_="number")
    if not before or step.after_ms != before[-1].after_ms:
        yield element("text", elapsed(step.after_ms), x=_TIME_AT, y=y, class_="time")


def _arrow(step: Step, at: dict[Lane, int], y: int) -> Iterator[Element]:
    start, end = at[step.source], at[step.target]
    way = 1 if end > start else -1
    tip = (start + end) // 2 if step.is_lost else end - way
    yield element("line", x1=start, y1=y, x2=tip, y2=y, class_="arrow")
    back = tip - way * _HEAD
    if step.is_lost:
        cross = f"M{tip - 6} {y - 6}l12 12m0 -12l-12 12"
        yield element("path", d=cross, class_="lost")
    else:
        yield element("path", d=f"M{tip} {y}L{back} {y - 5}L{back} {y + 5}Z", class_="head")
    middle = start + way * _LANE_GAP // 2
    yield element("text", _label(step), x=middle, y=y - 8, text_anchor="middle")
    if step.about:
        yield element("text", step.about, x=middle, y=y + 13, text_anchor="middle", class_="time")


def _note(step: Step, at: dict[Lane, int], y: int) -> Iterator[Element]:
    x = at[step.source]
    yield element("circle", cx=x, cy=y - 4, r=4, class_="head")
    yield element("text", _label(step), x=x + 12, y=y, class_="note")


def _label(step: Step) -> str:
    """The text; where it shows it begins with a cross: at a request, or at what a client says."""
    is_note = step.source is step.target
    return f"✗ {step.text}" if step.is_marked and step.is_reply == is_note else step.text
