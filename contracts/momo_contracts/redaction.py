"""Secrets become keyed fingerprints: comparable within one run, readable never.

The key is drawn anew for each run, so a fingerprint in a saved file says nothing about the secret
and two runs cannot be matched. The credential alone is hashed, without its scheme: the token in a
reply and the bearer of a later request have the same fingerprint.
"""

import re
from hashlib import blake2b
from urllib.parse import unquote_plus

_SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "ocp-apim-subscription-key", "cookie"}
)
_SECRET_FIELDS = re.compile(
    r"""((?:access_token|refresh_token|apiKey)["']?\s*[:=]\s*["']?)"""
    r"""(?:(?<=")((?:[^"\\]|\\.)+)|(?<=')((?:[^'\\]|\\.)+)|([^\s"',;&}]+))""",
    re.DOTALL,
)
_SECRET_PARAMETER = "subscription-key"  # noqa: S105  # the name, not the key
_SCHEMED = re.compile(r"\s*(basic|bearer)\s+(.*)", re.IGNORECASE | re.DOTALL)


def fingerprint(secret: str, key: bytes) -> str:
    """'fp:' and 16 hex digits of a keyed hash. `key` is 16 to 64 random bytes, new per run."""
    return "fp:" + blake2b(secret.encode(errors="replace"), key=key, digest_size=8).hexdigest()


def redact_header(name: str, value: str, key: bytes) -> str:
    """The value as it may be logged; an authorization scheme stays readable."""
    if name.lower() not in _SECRET_HEADERS:
        return value
    schemed = _SCHEMED.fullmatch(value)
    if schemed:
        return f"{schemed[1]} {fingerprint(schemed[2].strip(), key)}"
    return fingerprint(value, key)


def redact_body(text: str, key: bytes) -> str:
    """JSON or form text, also when cut off or malformed, with the values of secret fields gone."""
    return _SECRET_FIELDS.sub(
        lambda found: found[1] + fingerprint(found[2] or found[3] or found[4], key), text
    )


def redact_target(target: str, key: bytes) -> str:
    """A request target with a subscription key in its query replaced, however it is encoded."""
    path, mark, query = target.partition("?")
    return path + mark + "&".join(_redact_pair(pair, key) for pair in query.split("&"))


def _redact_pair(pair: str, key: bytes) -> str:
    name, _, value = pair.partition("=")
    if unquote_plus(name).lower() != _SECRET_PARAMETER:
        return pair
    return f"{name}={fingerprint(unquote_plus(value), key)}"
