"""Profiles: an environment of MTN's with all that goes with it.

`sandbox` is lenient, as recorded; `strict` is the sandbox by the published letter; the others are
production in one country each. A switch that is chosen by hand wins over its profile's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from types import MappingProxyType

from momo_contracts.errors import InvalidValue
from momo_contracts.values import TARGET_ENVIRONMENTS, TargetEnvironment

Network = IPv4Network | IPv6Network
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
"""Names of this machine in a URL."""

LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


@dataclass(frozen=True, slots=True)
class Profile:
    """A target environment and what is so there.

    `allowed_ips` may call disbursement and remittance; None: everybody may.
    """

    name: str
    environment: TargetEnvironment
    switches: Mapping[str, str] = field(default_factory=dict)
    allowed_ips: tuple[Network, ...] | None = None

    @staticmethod
    def of(name: str) -> "Profile":
        """Look a profile up by its name. Raises InvalidValue for an unknown one."""
        try:
            return PROFILES[name]
        except KeyError:
            known = ", ".join(PROFILES)
            raise InvalidValue(f"profile {name[:60]!r} is not one of {known}") from None


_PRODUCTION = MappingProxyType(
    {"token_body": "refused", "callback_scheme": "https", "provisioning": "absent"}
)
"""Documented: production takes no body on /token/, wants https, and has its users from a portal."""

_SANDBOX = TARGET_ENVIRONMENTS["sandbox"]
PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        "sandbox": Profile("sandbox", _SANDBOX),
        "strict": Profile("strict", _SANDBOX, MappingProxyType({"validation": "strict"})),
    }
    | {
        name: Profile(name, environment, _PRODUCTION, LOOPBACK)
        for name, environment in TARGET_ENVIRONMENTS.items()
        if environment is not _SANDBOX
    }
)
