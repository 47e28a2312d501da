"""All namespaces of one fake, and which of them a request belongs to."""

from mock_momo.core.authorization import basic_credentials, bearer_token
from mock_momo.core.calls import Call
from mock_momo.core.credentials import DEFAULT_NAMESPACE
from mock_momo.core.namespace import Namespace
from mock_momo.core.rules import Rule
from mock_momo.core.settings import Settings
from mock_momo.core.tokens import read_claims


class Registry:
    """Finds namespaces by name and by the credentials that requests carry.

    Attribution never authenticates: it says whose world a request is about, and the checks of
    that world then say whether it may enter.
    """

    def __init__(self, settings: Settings) -> None:
        self.defaults = settings
        self._by_name: dict[str, Namespace] = {}
        self._by_subscription_key: dict[str, Namespace] = {}
        self.default = self.create(DEFAULT_NAMESPACE, settings)

    def create(self, name: str, settings: Settings, rules: tuple[Rule, ...] = ()) -> Namespace:
        """A new namespace. The caller has made sure that the name is free."""
        namespace = Namespace(name, settings, rules)
        self._by_name[name] = namespace
        for key in namespace.credentials.subscription_keys.values():
            self._by_subscription_key[key] = namespace
        return namespace

    def find(self, name: str) -> Namespace | None:
        return self._by_name.get(name)

    def names(self) -> list[str]:
        return sorted(self._by_name)

    def attribute(self, call: Call) -> tuple[Namespace, str]:
        """The namespace of a request without a URL prefix, and how it was found."""
        namespace = self._by_subscription_key.get(call.subscription_key or "")
        if namespace is not None:
            return namespace, "subscription key"
        authorization = call.authorization or ""
        claims = read_claims(bearer_token(authorization))
        for how, api_user in (
            ("bearer", claims.api_user if claims else ""),
            ("basic user", basic_credentials(authorization)[0]),
        ):
            namespace = self._by_api_user(api_user)
            if namespace is not None:
                return namespace, how
        return self.default, "default"

    def _by_api_user(self, api_user: str) -> Namespace | None:
        holders = (row for row in self._by_name.values() if api_user in row.engine.api_users)
        return next(holders, None)
