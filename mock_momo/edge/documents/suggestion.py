"""What somebody may have meant by a word that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggestion(given: str, known: Iterable[str], also: Iterable[str] = ()) -> str:
    """The one close word, or all of `known`. Words of `also` may be close, and are not listed."""
    words = list(known)
    close = get_close_matches(given, [*words, *also], n=1)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(words) or 'none'}"
