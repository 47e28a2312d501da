"""What can be chosen for a namespace."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from mock_momo.core.limits import RateLimit
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import Plan, plan_for
from momo_contracts.profiles import Network, Profile
from momo_contracts.switches import Switches
from momo_contracts.tokens import TOKEN_LIFETIME_S
from momo_contracts.values import Currency, TargetEnvironment

People = Literal["sandbox", "faker"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one namespace. `plan` is that of a payment nothing else plans.

    `chosen` are the switches chosen by hand, the rest are the profile's; `allowed_ips` None are
    the profile's too. `people`: who account holders are.
    """

    profile: Profile = field(default_factory=lambda: Profile.of("sandbox"))
    plan: Plan = field(default_factory=lambda: plan_for(Outcome.SUCCESSFUL))
    expires_in_s: int = TOKEN_LIFETIME_S
    opening_balance: Decimal = Decimal(1000)
    seed: int = 0
    rate_limit: RateLimit | None = None
    chosen: Mapping[str, str] = field(default_factory=dict)
    allowed_ips: tuple[Network, ...] | None = None
    people: People = "sandbox"
    switches: Switches = field(init=False)
    target_environment: TargetEnvironment = field(init=False)

    def __post_init__(self) -> None:
        switches = Switches.of({**self.profile.switches, **self.chosen})
        environment = self.profile.environment
        if environment.name == "mtnliberia":
            currency = Currency.of(switches.liberian_currency)
            environment = replace(environment, currency=currency)
        object.__setattr__(self, "switches", switches)
        object.__setattr__(self, "target_environment", environment)

    @property
    def admitted(self) -> tuple[Network, ...] | None:
        """Who may call disbursement and remittance; None: everybody."""
        return self.profile.allowed_ips if self.allowed_ips is None else self.allowed_ips
