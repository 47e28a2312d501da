"""Secrets become keyed fingerprints: comparable within one run, readable never.

The key is drawn anew for each run, so a fingerprint in a saved file says nothing about the secret
and two runs cannot be matched. The credential alone is hashed, without its scheme: the token in a
reply and the bearer of a later request have the same fingerprint. User and password of a URL are
gone altogether.
"""

import re
from collections.abc import Callable
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
_HOST_FIELD = re.compile(r"""("providerCallbackHost"\s*:\s*")((?:[^"\\]|\\.)*)""", re.DOTALL)
_SCHEMED = re.compile(r"\s*(basic|bearer)\s+(.*)", re.IGNORECASE | re.DOTALL)


def _encodable(text: str) -> str:
    """A pattern of the text with any of its characters percent-encoded, once or more often."""
    return "".join(
        f"(?:{re.escape(char)}|%(?:25)*(?:{ord(char.lower()):x}|{ord(char.upper()):x}))"
        for char in text
    )


_KEY_PARAMETER = re.compile(f"({_encodable('subscription-key=')})([^&]+)", re.IGNORECASE)
_USERINFO = re.compile(
    rf"({_encodable('//')})(?:(?!{_encodable('/')})[^?#])*{_encodable('@')}", re.IGNORECASE
)
_MISWRITTEN_USERINFO = re.compile(
    r"^([^/?#]*//)[^\[/?#:@]*:(?!\d*(?:[/?#]|$)).*@"  # a colon and no port: a raw / ? or # after it
    r"|^[^/?#\s:]*:/?[^/?#\s]*@",  # no //
    re.DOTALL,
)
_IS_SUSPECT = re.compile("[@=%]")
_HIDDEN = "***"


def fingerprint(secret: str, key: bytes) -> str:
    """'fp:' and 16 hex digits of a keyed hash. `key` is 16 to 64 random bytes, new per run."""
    return "fp:" + blake2b(secret.encode(errors="replace"), key=key, digest_size=8).hexdigest()


def redact_header(name: str, value: str, key: bytes) -> str:
    """The value as it may be logged; an authorization scheme stays readable."""
    if name.lower() not in _SECRET_HEADERS:
        return redact_target(value, key)
    schemed = _SCHEMED.fullmatch(value)
    if schemed:
        return f"{schemed[1]} {fingerprint(schemed[2].strip(), key)}"
    return fingerprint(value, key)


def redact_body(text: str, key: bytes) -> str:
    """JSON or form text, also when cut off or malformed, with the values of secret fields gone."""
    hidden = _SECRET_FIELDS.sub(
        lambda found: found[1] + fingerprint(found[2] or found[3] or found[4], key), text
    )
    return _HOST_FIELD.sub(lambda found: found[1] + hide_userinfo(found[2]), hidden)


def redact_target(target: str, key: bytes) -> str:
    """A request target or URL without user and password, its subscription key a fingerprint."""
    return _redact(target, lambda found: found[1] + fingerprint(unquote_plus(found[2]), key))


def conceal_target(target: str) -> str:
    """Likewise, for sentences: where nobody compares, there is no fingerprint."""
    return _redact(target, lambda found: found[1] + _HIDDEN)


def _redact(target: str, write_key: Callable[[re.Match[str]], str]) -> str:
    if _IS_SUSPECT.search(target) is None:
        return target
    return _KEY_PARAMETER.sub(write_key, hide_userinfo(target))


def hide_userinfo(url: str) -> str:
    """Text with a URL in it, without the URL's user and password, however they are written."""
    hidden = rf"\1{_HIDDEN}@"
    return _MISWRITTEN_USERINFO.sub(hidden, _USERINFO.sub(hidden, url))
