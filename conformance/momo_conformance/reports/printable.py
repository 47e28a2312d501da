"""Text from a client, made fit to be shown: it may hold anything, and be of any length."""

import re

MOST = 2000
"""Characters of one line that are shown."""

_UNFIT = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What moves a cursor, turns the order of characters, or cannot be in XML."""


def printable(text: str, most: int = MOST) -> str:
    """One line of at most about `most` characters, what is unfit in it as \\xNN or \\uNNNN."""
    shown = _UNFIT.sub(_escaped, text[:most])
    left = len(text) - most
    return f"{shown} … and {left} characters more" if left > 0 else shown


def printable_lines(text: str) -> str:
    """The same of each line of a text, whose line breaks stay."""
    return "\n".join(printable(line) for line in text.splitlines())


def _escaped(unfit: re.Match[str]) -> str:
    code = ord(unfit[0])
    if unfit[0] in "\n\r\t":
        return " "
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
