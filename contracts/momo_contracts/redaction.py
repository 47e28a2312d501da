"""Secrets become keyed fingerprints: comparable within one run, readable never.

The key is drawn anew for each run, so a fingerprint in a saved file says nothing about the secret
and two runs cannot be matched. The credential alone is hashed, without its scheme: the token in a
reply and the bearer of a later request have the same fingerprint.
"""

import re
from hashlib import blake2b

_SECRET_HEADERS = frozenset({"authorization", "ocp-apim-subscription-key", "cookie"})
_SECRET_FIELDS = re.compile(
    r'("(?:access_token|refresh_token|apiKey)"\s*:\s*")((?:[^"\\]|\\.)*)', re.DOTALL
)
_SECRET_QUERY = re.compile(r"((?:^|[?&])subscription-key=)([^&#]*)", re.I)
_SCHEMED = re.compile(r"\s*(basic|bearer)\s+(.*)", re.I | re.DOTALL)


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
    """JSON text, also when cut off or malformed, with the values of secret fields replaced."""
    return _SECRET_FIELDS.sub(lambda found: found[1] + fingerprint(found[2], key), text)


def redact_target(target: str, key: bytes) -> str:
    """A request target with a subscription key in its query replaced."""
    return _SECRET_QUERY.sub(lambda found: found[1] + fingerprint(found[2], key), target)
