"""What is wrong with a document that a person has written, in one line with its place."""

from collections.abc import Sequence
from difflib import get_close_matches

from pydantic import ValidationError

_UNKNOWN_KEY = "unexpected_keyword_argument"


def complaint(document: str, invalid: ValidationError, keys: Sequence[str]) -> str:
    """What is wrong first; `keys` are those that the document may have, to name the one meant.

    A misspelt key is also a missing one: the misspelling says more.
    """
    first = min(invalid.errors(include_url=False), key=lambda row: row["type"] != _UNKNOWN_KEY)
    place = " ".join(str(at + 1) if isinstance(at, int) else at for at in first["loc"])
    where = f"{document}, {place}" if place else document
    if first["type"] != _UNKNOWN_KEY:
        return f"{where}: {first['msg']}"
    close = get_close_matches(str(first["loc"][-1]), keys, n=1)
    hint = f"did you mean {close[0]!r}?" if close else "drop it"
    return f"{where}: unknown key; {hint}"
