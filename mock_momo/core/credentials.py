"""The credentials a namespace is born with: derived from its name alone, so they can be committed.

They protect nothing; they only have to be right. Each begins with the namespace's tag, twelve hex
digits, by which a balancer can keep a namespace's traffic together. Formats: 32 lower-case hex
digits for keys, a UUID version 4 for the API user (observed).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mock_momo.core.draws import draw_hex, uuid_of
from momo_contracts.values import Product

DEFAULT_NAMESPACE = "default"
DEFAULT_CALLBACK_HOST = "localhost"


@dataclass(frozen=True, slots=True)
class Credentials:
    """One subscription key per product, and one API user with its key for all of them."""

    tag: str
    subscription_keys: Mapping[Product, str]
    api_user: str
    api_key: str

    def products_of(self, subscription_key: str) -> tuple[Product, ...]:
        """The products that a subscription key opens."""
        keys = self.subscription_keys
        return tuple(product for product in keys if keys[product] == subscription_key)


def credentials_for_key(subscription_key: str) -> Credentials:
    """What opens the namespace of a subscription key that a test made up: it, and the default user.

    The key is good for every product.
    """
    default = credentials_of(DEFAULT_NAMESPACE)
    return Credentials(
        tag=draw_hex(0, "tag", subscription_key, digits=12),
        subscription_keys=MappingProxyType(dict.fromkeys(Product, subscription_key)),
        api_user=default.api_user,
        api_key=default.api_key,
    )


def credentials_of(namespace: str) -> Credentials:
    """The credentials of the namespace with this name, always the same."""
    tag = draw_hex(0, "tag", namespace, digits=12)

    def key(purpose: str) -> str:
        return tag + draw_hex(0, purpose, namespace, digits=20)

    return Credentials(
        tag=tag,
        subscription_keys=MappingProxyType({product: key(product) for product in Product}),
        api_user=uuid_of(key("api user")),
        api_key=key("api key"),
    )
