"""Draws: every value the fake invents is a hash of what it is for.

The same seed and the same request give the same value at any concurrency and on any machine.
"""

from dataclasses import dataclass
from hashlib import blake2b


def draw(seed: int, *purpose: str, size: int = 16) -> bytes:
    """`size` bytes (at most 64) that depend on nothing but the seed and the purpose."""
    text = "\x1f".join((str(seed), *purpose))
    return blake2b(text.encode(errors="surrogateescape"), digest_size=size).digest()


INCIDENTS = 2**128
"""How many incidents there are to draw from: as many as ids of 128 bits."""


def draw_hex(seed: int, *purpose: str, digits: int) -> str:
    """Lower-case hex digits, an even number of them."""
    return draw(seed, *purpose, size=digits // 2).hex()


def draw_number(seed: int, *purpose: str, below: int) -> int:
    """A whole number from 0 to `below` - 1."""
    return int.from_bytes(draw(seed, *purpose), "big") % below


@dataclass(frozen=True, slots=True)
class Draw:
    """A source of draws with a purpose of its own: the same purpose, the same values."""

    seed: int
    purpose: tuple[str, ...]

    def number(self, of: str, *, below: int) -> int:
        """A whole number from 0 to `below` - 1."""
        return draw_number(self.seed, *self.purpose, of, below=below)

    def fraction(self, of: str) -> float:
        """A number from 0 up to, and without, 1."""
        return self.number(of, below=2**53) / 2**53


def draw_uuid(seed: int, *purpose: str) -> str:
    """A UUID version 4 as text."""
    return uuid_of(draw_hex(seed, *purpose, digits=32))


def uuid_of(digits: str) -> str:
    """32 hex digits as a UUID version 4; the first twelve digits stay what they are."""
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
