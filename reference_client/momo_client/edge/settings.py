"""The client's configuration, from `MTN_*` variables or from keyword arguments.

Source of the names: mission. Every problem is reported at once, with the variable and the remedy.
"""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from momo_client.core.flows import CheckPolicy
from momo_client.core.requests import Merchant, StatusView
from momo_client.edge.phone import read_country
from momo_client.errors import ConfigurationError
from momo_contracts.values import Currency, TargetEnvironment

REMEDIES = {
    "MTN_BASE_URL": "Set it to the API's address, such as https://sandbox.momodeveloper.mtn.com.",
    "MTN_SUBSCRIPTION_KEY": "Set it to the Collection product's primary key, from your profile "
    "on the developer portal.",
    "MTN_API_USER": "Set it to the UUID of your API user.",
    "MTN_API_KEY": "Set it to the key that was made for your API user.",
    "MTN_TARGET_ENVIRONMENT": "Set it to 'sandbox' or to your country's environment.",
    "MTN_CURRENCY": "Set it to the target environment's currency, such as EUR for the sandbox.",
    "MTN_COUNTRY": "Set it to a two-letter country code such as UG, or leave it out.",
    "MTN_LEDGER_URL": "Set it to, say, sqlite:///momo-ledger.sqlite3.",
    "MTN_CHECK_BATCH": "Set it to a whole number from 1 to 10000, or leave it out for 10.",
    "MTN_CHECK_INTERVAL_S": "Set it to seconds from 1 to 86400, or leave it out for 30.",
    "MTN_TIMEOUT_S": "Set it to seconds from 0.1 to 600, or leave it out for 30.",
    "MTN_STATUS_VIEW": "Set it to 'payment' or 'request_to_pay', or leave it out.",
    "MTN_ALLOW_HTTP": "Set it to 1 for a test server without TLS, or leave it out.",
    "MTN_ACCESS_TOKEN": "Remove it, and set MTN_API_USER and MTN_API_KEY instead: tokens expire "
    "after an hour, so the client asks for its own.",
}

DEFAULT_LEDGER_URL = "sqlite:///momo-ledger.sqlite3"


def _collection(name: str) -> Any:  # noqa: ANN401  # what pydantic's own Field() returns
    """A setting with its own value per product; the general one is the fallback."""
    return Field(
        min_length=1, validation_alias=AliasChoices(f"MTN_COLLECTION_{name}", f"MTN_{name}")
    )


class Settings(BaseSettings):
    """What the client must know. Raises ConfigurationError naming every variable at fault.

    `timeout_s` bounds one HTTP exchange. Secrets are not shown by `repr`.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="MTN_",
        env_ignore_empty=True,
        populate_by_name=True,
        frozen=True,
        extra="ignore",
        validate_default=False,
        hide_input_in_errors=True,
    )

    allow_http: bool = False
    base_url: str
    subscription_key: SecretStr = _collection("SUBSCRIPTION_KEY")
    api_user: str = _collection("API_USER")
    api_key: SecretStr = _collection("API_KEY")
    target_environment: str
    currency: str
    country: str | None = None
    ledger_url: str = Field(default=DEFAULT_LEDGER_URL, repr=False)
    check_batch: int = Field(default=10, ge=1, le=10_000)
    check_interval_s: float = Field(default=30, ge=1, le=86_400)
    timeout_s: float = Field(default=30, ge=0.1, le=600)
    status_view: StatusView = StatusView.PAYMENT
    access_token: SecretStr | None = None

    def __init__(self, **values: Any) -> None:  # noqa: ANN401  # pydantic checks them
        try:
            super().__init__(**values)
        except ValidationError as error:
            problems = [_problem(detail) for detail in error.errors(include_input=False)]
            raise ConfigurationError(*problems) from None

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Self:
        """The settings in these `MTN_*` variables; what they leave out comes from the environment.

        Raises ConfigurationError.
        """
        return cls(**{name.removeprefix("MTN_").lower(): text for name, text in variables.items()})

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, url: str, info: ValidationInfo) -> str:
        url = url.strip()
        if any(mark in url for mark in "?#@"):
            raise ValueError("has a query, a fragment or a user name in it")
        scheme, host = _read_address(url)
        is_private = scheme == "https" or _is_loopback(host)
        if not (is_private or info.data.get("allow_http")):
            raise ValueError("sends credentials unencrypted: use https, or set MTN_ALLOW_HTTP=1")
        return url.rstrip("/")

    @field_validator("subscription_key", "api_user", "api_key", mode="before")
    @classmethod
    def _check_credential(cls, value: object) -> object:
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not isinstance(text, str):
            return value
        text = text.strip()
        if not _is_plain(text):
            raise ValueError("holds a character that no credential has: paste it again")
        return text

    @field_validator("target_environment")
    @classmethod
    def _check_environment(cls, name: str) -> str:
        return TargetEnvironment.of(name).name

    @field_validator("currency")
    @classmethod
    def _check_currency(cls, code: str) -> str:
        return Currency.of(code).code

    @field_validator("country")
    @classmethod
    def _check_country(cls, code: str) -> str:
        return read_country(code)

    @field_validator("access_token")
    @classmethod
    def _refuse_access_token(cls, _token: SecretStr) -> None:
        raise ValueError("is set, but a static token is never used")

    def merchant(self) -> Merchant:
        """The credentials as the core wants them."""
        return Merchant(
            api_user=self.api_user,
            api_key=self.api_key.get_secret_value(),
            subscription_key=self.subscription_key.get_secret_value(),
            target_environment=self.target_environment,
            status_view=self.status_view,
        )

    def check_policy(self) -> CheckPolicy:
        """The checker's batch and interval."""
        return CheckPolicy(self.check_batch, round(self.check_interval_s * 1000))


def _is_plain(text: str) -> bool:
    """True for what can stand in a header or a URL; a blank inside comes from pasting."""
    return text.isascii() and text.isprintable() and " " not in text


def _read_address(url: str) -> tuple[str, str]:
    """The scheme and the host of an address that can be called. Raises ValueError."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        host.encode("idna")
        is_callable = bool(host) and parts.port != 0 and _is_plain(url)
    except ValueError:  # its own words quote the address
        is_callable = False
    if not is_callable or parts.scheme not in ("http", "https"):
        raise ValueError("is not an address that begins with https://")
    return parts.scheme, host


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _problem(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong and what to do; never the value itself, which may be a secret."""
    place = str(detail["loc"][0])
    variable = place if place.startswith("MTN_") else f"MTN_{place.upper()}"
    variable = variable.replace("MTN_COLLECTION_", "MTN_")
    match detail["type"]:
        case "missing":
            what = "is not set"
        case "value_error":
            what = str(detail["ctx"]["error"])
        case _:
            what = f"is wrong: {detail['msg']}"
    return f"{variable} {what}", REMEDIES[variable]
