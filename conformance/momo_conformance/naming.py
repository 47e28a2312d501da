"""Requirements as a person names them: `idm`, `TOK-02`, `MOMO-SRV-05`."""

from collections.abc import Iterable
from difflib import get_close_matches

from momo_conformance.catalogue import Requirement


def is_meant(name: str, only: Iterable[str]) -> bool:
    """True of a requirement's id, or what begins with one, that begins with some of `only`.

    Case and `MOMO-` do not matter. Where `only` is empty, everything is meant.
    """
    prefixes = tuple(map(_bare, only))
    return not prefixes or _bare(name).startswith(prefixes)


def closest(prefix: str, requirements: Iterable[Requirement]) -> str:
    """What may have been meant by a prefix that names none of these; empty when nothing is like it.

    A group, such as 'IDM', or an id without `MOMO-`.
    """
    rows = tuple(requirements)
    names = [*dict.fromkeys(row.group for row in rows), *(_bare(row.id) for row in rows)]
    return next(iter(get_close_matches(_bare(prefix), names, n=1)), "")


def _bare(name: str) -> str:
    return name.strip().upper().removeprefix("MOMO-")
