"""The switches: each is a place where the sources on MTN's API disagree, or where its environments
differ. Every value is one of the answers that somebody has documented, recorded or needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal, get_args, get_type_hints


def _switch(default: str, meaning: str, provenance: str) -> Any:  # noqa: ANN401  # as `field` does
    return field(default=default, metadata={"meaning": meaning, "provenance": provenance})


@dataclass(frozen=True, slots=True)
class Switches:
    """One value of each. Meaning and provenance stand beside it; `SWITCHES` lists them."""

    payment_status: Literal["mission", "published"] = _switch(
        "mission",
        "v2_0/payment shows a request to pay with TIMEOUT and REJECTED, or in published words",
        "mission; documented",
    )
    payment_scope: Literal["shared", "separate"] = _switch(
        "shared",
        "v2_0/payment shows requests to pay too, or only its own payments",
        "mission; assumed",
    )
    login_error: Literal["unauthorized", "recorded_500"] = _switch(
        "unauthorized",
        "wrong Basic credentials are 401 as published, or 500 as recorded",
        "documented; observed 2020, 2024",
    )
    token_body: Literal["accepted", "form_meets_waf", "refused"] = _switch(
        "accepted",
        "a body on /token/ is ignored, meets the WAF where it is a form, or is 400",
        "observed; observed 2026; documented",
    )
    api_user_scope: Literal["any_product", "own_product"] = _switch(
        "any_product",
        "an API user serves every product, or the one whose key it was made with (else 500)",
        "observed 2023, 2024; observed 2026",
    )
    error_keys: Literal["message_first", "code_first"] = _switch(
        "message_first",
        "the order of the keys in the wallet's error bodies",
        "observed; documented",
    )
    reason_shape: Literal["text", "object", "absent"] = _switch(
        "text",
        "in v1, reason is a code, an object of code and message, or left out",
        "observed; documented; assumed",
    )
    ongoing: Literal["pending", "expired_callback_180_s", "successful_30_s"] = _switch(
        "pending",
        "a payer …453 stays pending, also tells FAILED/EXPIRED by callback, or succeeds",
        "observed; observed 2026; documented 2018",
    )
    delayed: Literal["created_25_s", "created", "pending_25_s"] = _switch(
        "created_25_s",
        "a payer …454 is CREATED, then SUCCESSFUL; stays CREATED; or is PENDING, then SUCCESSFUL",
        "observed 2026; observed 2026; observed 2023",
    )
    note_length: Literal["160", "128"] = _switch(
        "160", "how many characters payerMessage and payeeNote may have (else 400)", "documented"
    )
    callback_scheme: Literal["any", "http", "https"] = _switch(
        "any",
        "the scheme a callback URL must have (else 400); https: http to loopback passes",
        "observed; documented; documented",
    )
    callback_method: Literal["POST", "PUT", "by_version"] = _switch(
        "POST",
        "the method of callbacks; by_version: POST for v1, PUT for v2",
        "observed 2026; documented; documented",
    )
    callback_retry: Literal["once", "backoff", "blocks"] = _switch(
        "once",
        "an unanswered callback is not sent again, at 2, 4, 8 s, or in the blocks of one page",
        "documented; assumed; documented",
    )
    callback_duplicates: Literal["none", "after_180_s"] = _switch(
        "none",
        "an answered callback comes once, or again after three minutes",
        "documented; observed 2026",
    )
    callback_delivery: Literal["sent", "never"] = _switch(
        "sent", "callbacks are sent, or never arrive", "observed; reported"
    )
    remittance_balance_in_currency: Literal["published", "missing"] = _switch(
        "published",
        "remittance's balance/{currency} answers, or is the gateway's 404",
        "documented 2026; observed 2023",
    )
    liberian_currency: Literal["LRD", "USD"] = _switch(
        "LRD", "the currency of mtnliberia", "assumed: both wallets exist"
    )
    provisioning: Literal["open", "absent"] = _switch(
        "open",
        "API users are made by the API, or in MTN's partner portal (the gateway's 404)",
        "documented; documented",
    )
    funds: Literal["unlimited", "enforced"] = _switch(
        "unlimited",
        "money goes out whatever the balance, or fails with NOT_ENOUGH_FUNDS",
        "observed; documented",
    )
    validation: Literal["lenient", "strict"] = _switch(
        "lenient",
        "party ids, amounts and types are taken as they come, or checked as published (else 400)",
        "observed; documented",
    )

    @staticmethod
    def of(chosen: Mapping[str, str]) -> "Switches":
        """The defaults but for what is chosen, which must be known."""
        known: Mapping[str, Any] = chosen
        return Switches(**known)


@dataclass(frozen=True, slots=True)
class Switch:
    """A switch for people: its values, the default first, what it means and who says so."""

    name: str
    values: tuple[str, ...]
    default: str
    meaning: str
    provenance: str


def _rows() -> Mapping[str, Switch]:
    kinds = get_type_hints(Switches)
    return MappingProxyType(
        {
            row.name: Switch(
                row.name,
                get_args(kinds[row.name]),
                str(row.default),
                row.metadata["meaning"],
                row.metadata["provenance"],
            )
            for row in fields(Switches)
        }
    )


SWITCHES: Mapping[str, Switch] = _rows()
