"""Bearer tokens that carry their own proof, so that the fake keeps no table of them.

Shape as captured: a JWT with header {"typ":"JWT","alg":"R256"}, payload clientId, expires (local
style, milliseconds, no zone), sessionId, and 256 bytes of signature. Ours is a hash keyed with
the namespace's secret and the API user's epoch, four times over for the length; raising the epoch
revokes what was issued before.
"""

import json
from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from binascii import b2a_base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b

_HEADER = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSMjU2In0"
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # the wire's timestamps have no zone
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_LONGEST = 2000
_REMEMBERED = 4096
"""`read_claims` and `is_genuine` are pure, and a client asks them of one token again and again."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says about itself; true only if `is_genuine` agrees."""

    api_user: str
    expires_at_ms: int


def issue(api_user: str, session_id: str, expires_at_ms: int, secret: bytes) -> str:
    """A token for this API user, good until `expires_at_ms`."""
    payload = (
        f'{{"clientId":"{api_user}","expires":"{_local_style(expires_at_ms)}",'
        f'"sessionId":"{session_id}"}}'
    )
    signed = f"{_HEADER}.{_encode(payload.encode())}"
    return f"{signed}.{_signature(signed, secret)}"


@lru_cache(maxsize=_REMEMBERED)
def read_claims(token: str) -> Claims | None:
    """What the token claims, unverified; None for text that is not such a token."""
    parts = token.split(".") if len(token) <= _LONGEST else []
    if len(parts) != 3 or parts[0] != _HEADER:
        return None
    try:
        payload = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        expires = datetime.fromisoformat(payload["expires"]).replace(tzinfo=UTC)
        return Claims(str(payload["clientId"]), round(expires.timestamp() * 1000))
    except (NotBase64, ValueError, TypeError, KeyError, RecursionError):
        return None


@lru_cache(maxsize=_REMEMBERED)
def is_genuine(token: str, secret: bytes) -> bool:
    """Was this token issued with this secret?"""
    signed, _, signature = token.rpartition(".")
    return signature == _signature(signed, secret)


@lru_cache(maxsize=8)
def _local_style(at_ms: int) -> str:
    """The instant as text; under load there are many tokens to a millisecond."""
    return (_EPOCH + timedelta(milliseconds=at_ms)).isoformat(timespec="milliseconds")


def _signature(signed: str, secret: bytes) -> str:
    return _encode(blake2b(signed.encode(), key=secret).digest() * 4)


def _encode(content: bytes) -> str:
    return b2a_base64(content, newline=False).rstrip(b"=").translate(_URL_SAFE).decode()
