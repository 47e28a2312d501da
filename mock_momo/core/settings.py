"""What can be chosen for a namespace. Each switch is a place where the sources disagree."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, get_args, get_type_hints

from mock_momo.core.limits import RateLimit
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import Plan, plan_for
from momo_contracts.tokens import TOKEN_LIFETIME_S
from momo_contracts.values import TargetEnvironment


@dataclass(frozen=True, slots=True)
class Switches:
    """Ways in which the fake can answer.

    payment_status: `GET v2_0/payment/{id}` in the mission's form, or as published.
    payment_scope: it also shows requests to pay (shared), or only its own payments (separate).
    login_error: wrong Basic credentials are 401 as published, or 500 as recorded in 2020.
    callback_method: POST as observed, or PUT as the API description says.
    callback_retry: once as documented, or in the blocks of one stored page, or a short backoff.
    callback_duplicates: none as documented, or a second one after three minutes as observed.
    """

    payment_status: Literal["mission", "published"] = "mission"
    payment_scope: Literal["shared", "separate"] = "shared"
    login_error: Literal["unauthorized", "recorded_500"] = "unauthorized"
    callback_method: Literal["POST", "PUT"] = "POST"
    callback_retry: Literal["once", "backoff", "blocks"] = "once"
    callback_duplicates: Literal["none", "after_180_s"] = "none"


SWITCHES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: get_args(kind) for name, kind in get_type_hints(Switches).items()}
)
"""Each switch and the values that it takes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one namespace. `plan` is that of a payment nothing else plans."""

    target_environment: TargetEnvironment = field(
        default_factory=lambda: TargetEnvironment.of("sandbox")
    )
    plan: Plan = field(default_factory=lambda: plan_for(Outcome.SUCCESSFUL))
    expires_in_s: int = TOKEN_LIFETIME_S
    opening_balance: Decimal = Decimal(1000)
    seed: int = 0
    rate_limit: RateLimit | None = None
    switches: Switches = field(default_factory=Switches)
