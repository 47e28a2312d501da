"""MOMO-SEC: secrets stay where they belong."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from momo_conformance.history import History, url_place
from momo_conformance.verdicts import Check, Sighting

_PRIVATE = ("phone number",)
"""What is found that is no secret, but nobody's business."""

_IN_TARGET = re.compile(
    r"fp:[0-9a-f]{16}|eyJ[\w-]{8,}\.|(?:api|subscription)[_-]?key=", re.IGNORECASE
)
_CREDENTIALS = frozenset({"authorization", "ocp-apim-subscription-key"})
_TLS = ("untrusted_tls", "expired_tls", "other_host_tls")


def kept_out_of_output(history: History) -> Iterator[Sighting]:
    """SEC-01: no key, login or token in what the client writes."""
    used = tuple(row.began for row in history.business[:1])
    for search in history.searches:
        found = [what for what in search.in_output() if not what.startswith(_PRIVATE)]
        if found:
            yield Sighting((*used, search.position), f"the client wrote {', '.join(found)}")
        elif used and search.is_of_output:
            yield Sighting((*used, search.position))


def kept_out_of_targets(history: History) -> Iterator[Sighting]:
    """SEC-02: no key or token in a URL, be it one that the API has or not."""
    known = {what.partition(" in ")[2] for search in history.searches for what in search.found}
    for row in history.exchanges:
        place = url_place(row.namespace, row.number)
        has_secret = place in known or _IN_TARGET.search(row.target) is not None
        breach = f"{row.method} {row.target.partition('?')[0]} carries a secret in its URL"
        yield Sighting((row.began,), breach if has_secret else "")


def certificates_verified(history: History) -> Iterator[Sighting]:
    """SEC-03: nothing is sent to a server that cannot prove who it is."""
    for trapped in history.trapped:
        if trapped.trap in _TLS:
            told = f"{trapped.target} was asked of a server with an {_named(trapped.trap)}"
            yield Sighting((trapped.position,), told if trapped.target else "")


def kept_from_others(history: History) -> Iterator[Sighting]:
    """SEC-04: credentials do not follow a redirect to another host."""
    redirects = [row for row in history.exchanges if "redirect" in row.faults and row.is_answered]
    followed = [row for row in history.trapped if _CREDENTIALS.intersection(row.headers)]
    for row in redirects:
        later = [trapped for trapped in followed if trapped.position > row.began]
        if later:
            names = ", ".join(sorted(_CREDENTIALS.intersection(later[0].headers)))
            shown = (row.began, later[0].position)
            yield Sighting(shown, f"{names} went to another host, where a redirect had pointed")
        else:
            yield Sighting((row.began,))


def numbers_masked(history: History) -> Iterator[Sighting]:
    """SEC-05: payers' numbers are not in the log."""
    used = tuple(row.began for row in history.creates[:1] if row.party)
    for search in history.searches:
        found = [what for what in search.found if what.startswith(_PRIVATE)]
        if found:
            yield Sighting((*used, search.position), f"the client wrote a {', '.join(found)}")
        elif used and search.is_of_output:
            yield Sighting((*used, search.position))


def _named(trap: str) -> str:
    return {
        "untrusted_tls": "unknown certificate",
        "expired_tls": "expired certificate",
        "other_host_tls": "other host's certificate",
    }[trap]


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-SEC-01": kept_out_of_output,
        "MOMO-SEC-02": kept_out_of_targets,
        "MOMO-SEC-03": certificates_verified,
        "MOMO-SEC-04": kept_from_others,
        "MOMO-SEC-05": numbers_masked,
    }
)
