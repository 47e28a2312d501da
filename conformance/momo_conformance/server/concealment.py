"""The caller's own secrets, gone from whatever a server may echo."""

from base64 import b64encode
from urllib.parse import quote

from momo_contracts.events import Json
from momo_contracts.redaction import fingerprint

_LEAST = 8
"""A shorter secret is found in every other text, and guards nothing."""


class Concealment:
    """Replaces secrets by their fingerprints under `key`: the same in a request and an echo."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._shown: dict[str, str] = {}

    def add(self, secret: str) -> None:
        """Conceal this too from now on: as it is, percent-encoded, in Base64 or escaped in JSON."""
        if len(secret) < _LEAST:
            return
        escaped = secret.replace("/", "\\/")
        in_base64 = b64encode(secret.encode()).decode()
        shown = fingerprint(secret, self._key)
        self._shown |= dict.fromkeys((secret, quote(secret, safe=""), in_base64, escaped), shown)

    def over(self, value: Json) -> Json:
        """The same value without them."""
        if isinstance(value, str):
            for secret, shown in self._shown.items():
                value = value.replace(secret, shown)
            return value
        if isinstance(value, list):
            return [self.over(part) for part in value]
        if isinstance(value, dict):
            return {name: self.over(part) for name, part in value.items()}
        return value
