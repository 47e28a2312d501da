"""All namespaces of one fake, and which of them a request belongs to."""

from collections.abc import Callable, Iterator

from mock_momo.core.authorization import basic_credentials, bearer_token
from mock_momo.core.calls import Call
from mock_momo.core.credentials import DEFAULT_NAMESPACE, Credentials, credentials_for_key
from mock_momo.core.namespace import Namespace
from mock_momo.core.rules import Rule
from mock_momo.core.settings import Settings
from mock_momo.core.tokens import read_claims

MOST_OPENED = 1000
"""How many namespaces unknown subscription keys may open, each a whole world in memory."""

MOST_REMEMBERED = 1000
"""Of how many namespaces that were taken away it is known how often they had been reset."""


class Registry:
    """Finds namespaces by name and by the credentials that requests carry.

    Attribution never authenticates: it says whose world a request is about, and the checks of
    that world then say whether it may enter. `on_added` and `on_removed` are told of each.
    """

    def __init__(
        self, settings: Settings, rules: tuple[Rule, ...] = (), *, opens_by_key: bool = False
    ) -> None:
        self.defaults = settings
        self.default_rules = rules
        self._opens_by_key = opens_by_key
        self._by_name: dict[str, Namespace] = {}
        self._by_subscription_key: dict[str, Namespace] = {}
        self._opened: dict[str, Namespace] = {}
        self._resets: dict[str, int] = {}
        self._was_called = False
        self.on_added: list[Callable[[Namespace], None]] = []
        self.on_removed: list[Callable[[Namespace], None]] = []
        self.default = self.create(DEFAULT_NAMESPACE, settings, rules)

    def create(self, name: str, settings: Settings, rules: tuple[Rule, ...] = ()) -> Namespace:
        """A new namespace. The caller has made sure that the name is free."""
        return self._make(name, settings, rules)

    def remove(self, namespace: Namespace) -> None:
        """Forget a namespace and its credentials; its world ends, whoever is still in it.

        A key may by now be that of another: one that was made by its name takes over what it had
        opened.
        """
        del self._by_name[namespace.name]
        for key in namespace.credentials.subscription_keys.values():
            for holders in (self._by_subscription_key, self._opened):
                if holders.get(key) is namespace:
                    del holders[key]
        self._was_called = self._was_called or namespace.has_been_called
        namespace.become(namespace.settings, (), namespace.resets + 1)
        self._resets[namespace.name] = namespace.resets + 1
        if len(self._resets) > MOST_REMEMBERED:
            del self._resets[next(iter(self._resets))]
        for tell in self.on_removed:
            tell(namespace)

    @property
    def has_been_called(self) -> bool:
        """True when any namespace, of now or of before, has had a request."""
        return self._was_called or any(row.has_been_called for row in self.all())

    def replace_defaults(self, settings: Settings, rules: tuple[Rule, ...], wall_ms: int) -> None:
        """Other defaults, also for each namespace that still has the settings or rules of before.

        Its payments, tokens and clock stay.
        """
        for namespace in self._by_name.values():
            if namespace.settings == self.defaults:
                namespace.configure(settings, wall_ms)
            if namespace.rulebook.rules == self.default_rules != rules:
                namespace.rule(rules)
        self.defaults, self.default_rules = settings, rules

    def find(self, name: str) -> Namespace | None:
        return self._by_name.get(name)

    def find_or_create(self, name: str) -> Namespace:
        """The namespace of this name, made with the defaults if it is not there."""
        found = self.find(name)
        return self.create(name, self.defaults, self.default_rules) if found is None else found

    def named(self) -> list[Namespace]:
        """Every namespace that was made by its name, not opened by a key."""
        opened = set(self._opened.values())
        return [row for row in self._by_name.values() if row not in opened]

    def all(self) -> Iterator[Namespace]:
        """Every namespace, the oldest first."""
        return iter(list(self._by_name.values()))

    def names(self) -> list[str]:
        return sorted(self._by_name)

    def attribute(self, call: Call) -> tuple[Namespace, str]:
        """The namespace of a request without a URL prefix, and how it was found."""
        key = call.subscription_key or ""
        namespace = self._by_subscription_key.get(key)
        if self._opens_by_key and key:
            namespace = self._open(key) if namespace is None else self._used(key, namespace)
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

    def _make(
        self,
        name: str,
        settings: Settings,
        rules: tuple[Rule, ...],
        credentials: Credentials | None = None,
    ) -> Namespace:
        """To one that was taken away before, its old tokens are as after a reset."""
        resets = self._resets.pop(name, 0)
        namespace = self._by_name[name] = Namespace(name, settings, rules, credentials, resets)
        for key in namespace.credentials.subscription_keys.values():
            self._by_subscription_key[key] = namespace
        for tell in self.on_added:
            tell(namespace)
        return namespace

    def _open(self, key: str) -> Namespace:
        """A world for a key that nobody has announced; the one that is idle longest makes room."""
        if len(self._opened) >= MOST_OPENED:
            self.remove(next(iter(self._opened.values())))
        credentials = credentials_for_key(key)
        name = f"key-{credentials.tag}"
        namespace = self._make(name, self.defaults, self.default_rules, credentials)
        self._opened[key] = namespace
        return namespace

    def _used(self, key: str, namespace: Namespace) -> Namespace:
        """Note that an opened world is not idle: the order of `_opened` is that of last use."""
        if key in self._opened:
            self._opened[key] = self._opened.pop(key)
        return namespace

    def _by_api_user(self, api_user: str) -> Namespace | None:
        holders = (row for row in self._by_name.values() if api_user in row.engine.api_users)
        return next(holders, None)
