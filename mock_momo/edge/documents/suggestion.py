"""What somebody may have meant by a word that is not known."""

from collections.abc import Iterable
from difflib import get_close_matches


def suggestion(
    given: str, known: Iterable[str], also: Iterable[str] = (), *, with_all: bool = False
) -> str:
    """The one close word, or all of `known`; both if `with_all`.

    Words of `also` may be close, and are not listed.
    """
    words = list(known)
    listed = f"known: {', '.join(words) or 'none'}"
    close = get_close_matches(given, [*words, *also], n=1)
    if not close:
        return listed
    return f"did you mean {close[0]!r}?" + (f" {listed}" if with_all else "")
