"""The environment variables that point a client at a namespace of the fake."""

from pathlib import Path
from urllib.parse import urlsplit

from mock_momo.core.credentials import DEFAULT_NAMESPACE
from mock_momo.core.namespace import Namespace
from mock_momo.core.routes import NAMESPACE_PREFIX
from momo_contracts.profiles import LOOPBACK_HOSTS
from momo_contracts.values import Product


def variables(url: str, namespace: Namespace) -> dict[str, str]:
    """The `MTN_*` variables of the mission's clients, and where the fake itself is: at `url`."""
    credentials, environment = namespace.credentials, namespace.settings.target_environment
    keys = credentials.subscription_keys
    return {
        "MTN_BASE_URL": _base_url(url, namespace),
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


def past_proxies(url: str) -> dict[str, str]:
    """The variables that keep a proxy out of the way to a fake on this machine."""
    if urlsplit(url).hostname not in LOOPBACK_HOSTS:
        return {}
    return dict.fromkeys(("NO_PROXY", "no_proxy"), ",".join(LOOPBACK_HOSTS))


def trust_variables(ca_file: Path, tunnel_url: str) -> dict[str, str]:
    """The variables that make programs trust a fake on TLS, and go to MTN's hosts by its tunnel."""
    authority = dict.fromkeys(
        ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"),
        str(ca_file),
    )
    tunnel = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), tunnel_url)
    return {**authority, **tunnel, "NODE_USE_ENV_PROXY": "1"}


def _base_url(url: str, namespace: Namespace) -> str:
    """Below which a client finds the API; a namespace other than `default` has a prefix."""
    is_default = namespace.name == DEFAULT_NAMESPACE
    return url if is_default else f"{url}{NAMESPACE_PREFIX}{namespace.name}"
