"""API users: their keys, and the tokens that they are issued."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from mock_momo.core import tokens
from mock_momo.core.draws import draw_hex, draw_uuid
from mock_momo.core.replies import ApiKeyIssued, TokenIssued
from mock_momo.core.settings import Settings
from momo_contracts.tokens import expires_at_ms
from momo_contracts.values import Product


@dataclass(slots=True)
class ApiUser:
    """A provisioned API user. Raising `epoch` revokes every token issued before.

    `key_seeds` are the seeds of the keys that were made; a namespace's own is born with its key.
    `product` is the one whose subscription key it was made with, where that is one.
    """

    callback_host: str
    api_keys: tuple[str, ...] = ()
    key_seeds: tuple[int, ...] = ()
    epoch: int = 0
    tokens_issued: int = 0
    product: Product | None = None


class ApiUsers(dict[str, ApiUser]):
    """The API users of a namespace by id; `secret` is what their tokens are signed with."""

    def __init__(self, secret: bytes) -> None:
        super().__init__()
        self._secret = secret

    def signing_secret(self, api_user: str) -> bytes:
        """The secret that the API user's tokens are signed with, at its present epoch."""
        return _signing_secret(self._secret, api_user, self[api_user].epoch)

    def revoke_tokens(self, api_user: str) -> None:
        """Let every token that was issued to this API user die at once."""
        user = self.get(api_user)
        if user is not None:
            user.epoch += 1

    def issue_token(self, api_user: str, settings: Settings, now_ms: int) -> TokenIssued:
        """A token of its own for each call; all stay good until they expire (observed)."""
        user = self[api_user]
        user.tokens_issued += 1
        session = _session_id(settings.seed, api_user, user.tokens_issued)
        deadline_ms = expires_at_ms(now_ms, settings.expires_in_s)
        secret = self.signing_secret(api_user)
        return TokenIssued(
            tokens.issue(api_user, session, deadline_ms, secret), settings.expires_in_s
        )

    def create_key(self, api_user: str, seed: int) -> ApiKeyIssued:
        """One more key; those before stay valid (assumed)."""
        user = self[api_user]
        key = _api_key(api_user, seed, len(user.key_seeds))
        user.api_keys, user.key_seeds = (*user.api_keys, key), (*user.key_seeds, seed)
        return ApiKeyIssued(key)


@lru_cache
def _signing_secret(secret: bytes, api_user: str, epoch: int) -> bytes:
    return blake2b(f"{api_user}/{epoch}".encode(), key=secret).digest()


def _session_id(seed: int, api_user: str, number: int) -> str:
    """A UUID version 4 that ends in the number: one draw serves all sessions of an API user."""
    return f"{_sessions(seed, api_user)}{number:012x}"


@lru_cache
def _sessions(seed: int, api_user: str) -> str:
    return draw_uuid(seed, "session", api_user)[:24]


def api_keys(api_user: str, key_seeds: Iterable[int]) -> tuple[str, ...]:
    """The keys that were made for an API user with these seeds, one after another."""
    return tuple(_api_key(api_user, seed, row) for row, seed in enumerate(key_seeds))


def _api_key(api_user: str, seed: int, ordinal: int) -> str:
    return draw_hex(seed, "api key", api_user, str(ordinal), digits=32)
