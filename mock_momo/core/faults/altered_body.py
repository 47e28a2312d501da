"""A body that is JSON, and says something else than the API does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.rendered import Handover
from mock_momo.errors import InvalidSetting

_MOST = 2**53
"""The largest whole number that every reader of JSON takes as it is."""


@dataclass(frozen=True, slots=True)
class AlteredBody(Fault):
    """The keys of `drop` are missing from the body's object, those of `set` say what it says.

    A key that is there keeps its place, a new one comes last. A body without an object stays as
    it is: an empty one, a page.
    """

    name: ClassVar[str] = "altered_body"
    summary: ClassVar[str] = (
        "change the JSON body: set gives keys other values, drop takes keys out"
    )

    set: Mapping[str, object] = field(default_factory=dict)
    drop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.set and not self.drop:
            raise InvalidSetting("it would change nothing; give set, drop or both")
        both = self.set.keys() & set(self.drop)
        if both:
            raise InvalidSetting(f"set and drop both name {min(both)[:40]!r}")
        if not _is_portable(self.set):
            raise InvalidSetting(f"set must be JSON, its whole numbers at most {_MOST}")

    def after(self, handover: Handover, scene: Scene) -> Handover:  # noqa: ARG002  # a hook
        told = _object_in(handover.rendered.body)
        if told is None:
            return handover
        kept = {name: value for name, value in told.items() if name not in self.drop}
        body = _written({**kept, **self.set})
        return replace(handover, rendered=replace(handover.rendered, body=body))


def _object_in(body: bytes) -> dict[str, object] | None:
    try:
        told = json.loads(body)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _written(told: object) -> bytes:
    """As the wallet writes, without blanks. Raises ValueError for what is not JSON."""
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def _is_portable(told: object) -> bool:
    """True for what can be sent, and shown by the control API."""
    try:
        json.loads(_written(told), parse_int=_whole)
    except ValueError:
        return False
    return True


def _whole(digits: str) -> int:
    number = int(digits)
    if abs(number) > _MOST:
        raise ValueError(digits)
    return number
