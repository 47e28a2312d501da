"""MOMO-HDR: what every request carries, and where it goes."""

from collections.abc import Iterator, Mapping
from email.message import Message
from types import MappingProxyType
from urllib.parse import urlsplit

from momo_conformance.checks.addresses import own_address
from momo_conformance.checks.token_logins import SUBSCRIPTION_KEY, key_owner, keys_taken
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.verdicts import Check, Sighting
from momo_contracts.errors import InvalidValue
from momo_contracts.operations import Kind
from momo_contracts.profiles import LOOPBACK_HOSTS
from momo_contracts.values import parse_reference_id

_ONCE = (
    "Authorization",
    SUBSCRIPTION_KEY,
    "X-Target-Environment",
    "X-Reference-Id",
    "X-Callback-Url",
    "Content-Type",
)
_UTF8 = ("utf-8", "utf8")
_KEPT = 16 * 1024
"""Bytes of a body that the log keeps: a longer one cannot be read whole."""

_LENIENT = frozenset(("sandbox", "strict"))
"""The profiles in which a callback URL may be http."""


def own_key(history: History) -> Iterator[Sighting]:
    """HDR-01: every call of a product carries that product's subscription key."""
    taken = keys_taken(history)
    for row in history.exchanges:
        if not row.product:
            continue
        owner = key_owner(row, taken)
        if row.header(SUBSCRIPTION_KEY) is None:
            yield Sighting((row.began,), f"{row} had no {SUBSCRIPTION_KEY}")
        elif owner or (history.is_driven and _is_key_refused(row)):
            told = f"{row} had a key that is not the one of {row.product}"
            yield Sighting((row.began,), f"{told}: it is that of {owner}" if owner else told)
        elif not _is_key_refused(row):  # without a driver nobody knows which key it was given
            yield Sighting((row.began,))


def own_environment(history: History) -> Iterator[Sighting]:
    """HDR-02: every call with a token names the target environment as it is configured."""
    for row in history.business:
        name = row.header("X-Target-Environment")
        wanted = history.worlds.get(row.namespace, {}).get("target_environment")
        if name is None:
            yield Sighting((row.began,), f"{row} had no X-Target-Environment")
        elif wanted is not None and name != wanted:
            told = f"{row} had X-Target-Environment {name!r}, not {wanted!r}"
            yield Sighting((row.began,), told)
        else:
            yield Sighting((row.began,))


def own_id(history: History) -> Iterator[Sighting]:
    """HDR-03: every create has a UUID version 4, and no two orders have the same one."""
    owners: dict[tuple[str, str], Exchange] = {}
    for row in history.creates:
        found = row.header("X-Reference-Id")
        if found is None or not _is_uuid4(found):
            told = f"X-Reference-Id was {found!r}, which is no UUID version 4"
            yield Sighting(
                (row.began,), "a create had no X-Reference-Id" if found is None else told
            )
            continue
        first = owners.setdefault((row.namespace, found.lower()), row)
        if first.key is not None and row.key is not None and first.key != row.key:
            told = f"the orders {first.key} and {row.key} have the same X-Reference-Id"
            yield Sighting((first.began, row.began), told)
        else:
            yield Sighting((row.began,))


def well_formed(history: History) -> Iterator[Sighting]:
    """HDR-04: each header once, JSON in UTF-8 under its content type, no body for a token."""
    for row in history.exchanges:
        if row.product:
            yield Sighting((row.began,), _misformed(row))


def own_callback_host(history: History) -> Iterator[Sighting]:
    """HDR-05: the callback URL has the registered host and a scheme of its environment."""
    for row in history.creates:
        url = row.header("X-Callback-Url")
        if url is None:
            continue
        world = history.worlds.get(row.namespace, {})
        host, scheme = _parts(url)
        wanted = world.get("callback_host")
        registered = _parts(f"//{wanted}")[0] if wanted else None
        schemes = _schemes(world.get("profile"), host)
        if registered is not None and host != registered:
            told = f"X-Callback-Url names the host {host!r}; {registered!r} is registered"
            yield Sighting((row.began,), told)
        elif schemes and scheme not in schemes:
            told = f"X-Callback-Url begins with {scheme}:, not {' or '.join(schemes)}:"
            yield Sighting((row.began,), told)
        elif row.code == "INVALID_CALLBACK_URL_HOST" and not row.faults:
            yield Sighting((row.began,), f"X-Callback-Url was refused: {row.why}")
        elif registered is not None:
            yield Sighting((row.began,))


def _is_key_refused(row: Exchange) -> bool:
    """True when the gateway itself took the key for none."""
    return row.status == 401 and row.layer == "gateway" and not row.faults


def _is_uuid4(text: str) -> bool:
    try:
        parse_reference_id(text)
    except InvalidValue:
        return False
    return True


def _misformed(row: Exchange) -> str:
    """What is wrong with the form of a request; empty where nothing is."""
    twice = next((name for name in _ONCE if len(row.values(name)) > 1), "")
    if twice:
        return f"{row} had {twice} {len(row.values(twice))} times"
    if row.is_token and row.body:
        return f"{row} had a body of {len(row.body)} characters"
    if row.kind in (Kind.CREATE, Kind.NOTIFY):
        return _mistyped(row) or _miswritten(row)
    return ""


def _mistyped(row: Exchange) -> str:
    """What is wrong with the content type of JSON in UTF-8."""
    given = Message()
    words = " ".join((row.header("Content-Type") or "none").split())
    given["Content-Type"] = words.encode("ascii", "replace").decode()
    if given.get_content_type() != "application/json":
        return f"{row} had the Content-Type {row.header('Content-Type')!r}"
    charset = str(given.get_param("charset", "utf-8"))
    return f"{row} had the charset {charset!r}" if charset.lower() not in _UTF8 else ""


def _miswritten(row: Exchange) -> str:
    """What is wrong with a body that should be a JSON object in UTF-8."""
    if len(row.body.encode(errors="replace")) < _KEPT and not row.sent:
        return f"the body of {row} is no JSON object"
    if "\N{REPLACEMENT CHARACTER}" in row.body and row.status == 400 and not row.faults:
        return f"the body of {row} is not UTF-8"
    return ""


def _schemes(profile: object, host: str) -> tuple[str, ...]:
    """What a callback URL may begin with; nothing where the environment is not known."""
    if not isinstance(profile, str):
        return ()
    return ("https", "http") if profile in _LENIENT or host in LOOPBACK_HOSTS else ("https",)


def _parts(url: str) -> tuple[str, str]:
    """Host and scheme in lower case; empty for nonsense."""
    try:
        found = urlsplit(url)
        return found.hostname or "", found.scheme.lower()
    except ValueError:
        return "", ""


CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-HDR-01": own_key,
        "MOMO-HDR-02": own_environment,
        "MOMO-HDR-03": own_id,
        "MOMO-HDR-04": well_formed,
        "MOMO-HDR-05": own_callback_host,
        "MOMO-HDR-06": own_address,
    }
)
