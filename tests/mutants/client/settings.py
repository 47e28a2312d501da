"""What `configure` says, as a value."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Message = dict[str, Any]
"""A line of the driver protocol."""


class Settings(NamedTuple):
    """Whom to talk to and as whom. `request_timeout_ms` is the wall time of one HTTP request."""

    base_url: str
    api_user: str
    api_key: str
    subscription_keys: Mapping[str, str]
    target_environment: str
    currency: str
    status_view: str
    callback_url: str | None
    request_timeout_ms: int
    ledger_url: str

    def __repr__(self) -> str:
        return f"Settings({self.base_url!r})"

    @staticmethod
    def of(message: Message) -> "Settings":
        return Settings(**{name: message[name] for name in Settings._fields})
