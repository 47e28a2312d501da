"""What `configure` says, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Message = dict[str, Any]
"""A line of the driver protocol."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Whom to talk to and as whom. `request_timeout_ms` is the wall time of one HTTP request."""

    base_url: str
    api_user: str
    api_key: str = field(repr=False)
    subscription_keys: Mapping[str, str] = field(repr=False)
    target_environment: str
    currency: str
    status_view: str
    callback_url: str | None
    request_timeout_ms: int
    ledger_url: str

    @staticmethod
    def of(message: Message) -> "Settings":
        return Settings(**{name: message[name] for name in Settings.__dataclass_fields__})
