"""A reply as status, headers and bytes, and how it is handed over."""

from collections.abc import Mapping
from dataclasses import field
from enum import Enum, auto

from momo_contracts.events import RawHeaders
from momo_contracts.frozen import dataclass
from momo_contracts.wire_errors import Layer


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields and, made once, the forms in which the log keeps and the wire takes them."""

    fields: Mapping[str, str]
    raw: RawHeaders
    lines: str

    @staticmethod
    def of(fields: Mapping[str, str]) -> "Headers":
        fields = {name: one_line(value) for name, value in fields.items()}
        raw = RawHeaders.of((name.encode(), value.encode()) for name, value in fields.items())
        return Headers(
            fields, raw, "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        )


def one_line(text: str) -> str:
    """Text as a header's value: anything but printable ASCII becomes a question mark."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if " " <= char <= "~" else "?" for char in text)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What goes on the wire, and the layer that speaks."""

    status: int
    headers: Headers
    body: bytes = field(default=b"", repr=False)
    layer: Layer = Layer.WALLET


NO_REPLY = Rendered(0, Headers.of({}))
"""For the event log: status 0 says that nothing was sent."""


class Manner(Enum):
    """What happens to a reply on its way out.

    RESET is a real TCP reset, CLOSE an orderly end without a byte; HANG keeps the client waiting.
    """

    SEND = auto()
    HANG = auto()
    RESET = auto()
    CLOSE = auto()


@dataclass(frozen=True, slots=True)
class Handover:
    """A reply and how it leaves. `wait_ms` and `drip_ms` are wall time.

    `cut_at` sends so many bytes of the body, then closes; `drip_ms` is the pause between bytes.
    """

    rendered: Rendered
    manner: Manner = Manner.SEND
    wait_ms: int = 0
    cut_at: int | None = None
    drip_ms: int = 0

    @property
    def is_plain(self) -> bool:
        """True for a reply that leaves at once and whole."""
        return (
            self.manner is Manner.SEND
            and not self.wait_ms
            and not self.drip_ms
            and self.cut_at is None
        )
