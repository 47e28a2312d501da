"""The environment variables that point a client at a namespace of the fake."""

from mock_momo.core.namespace import Namespace
from momo_contracts.values import Product


def variables(url: str, namespace: Namespace) -> dict[str, str]:
    """The `MTN_*` variables of the mission's clients, and where the fake itself is."""
    credentials, environment = namespace.credentials, namespace.settings.target_environment
    keys = credentials.subscription_keys
    return {
        "MTN_BASE_URL": url,
        "MTN_SUBSCRIPTION_KEY": keys[Product.COLLECTION],
        "MTN_COLLECTION_SUBSCRIPTION_KEY": keys[Product.COLLECTION],
        "MTN_DISBURSEMENT_SUBSCRIPTION_KEY": keys[Product.DISBURSEMENT],
        "MTN_REMITTANCE_SUBSCRIPTION_KEY": keys[Product.REMITTANCE],
        "MTN_API_USER": credentials.api_user,
        "MTN_API_KEY": credentials.api_key,
        "MTN_TARGET_ENVIRONMENT": environment.name,
        "MTN_CURRENCY": environment.currency.code,
        "MOCK_MOMO_URL": url,
    }
