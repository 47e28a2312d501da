"""What `serve` prints when it is up: where it is, as whom to come, how to trust it."""

from collections.abc import Iterable
from shlex import quote
from urllib.parse import urlsplit

from mock_momo.core.namespace import Namespace
from mock_momo.edge.environment import variables
from mock_momo.edge.running import Listening, Secured

_STORE = "-keystore momo.p12 -storepass changeit"
_TRUSTED = "-Djavax.net.ssl.trustStore=momo.p12 -Djavax.net.ssl.trustStorePassword=changeit"


def welcome(fake: Listening, namespace: Namespace) -> str:
    """All of it, for a person to read and to paste from."""
    secured, credentials = fake.secured, namespace.credentials
    keys = credentials.subscription_keys
    trusting = f" --cacert {quote(str(secured.ca_file))}" if secured else ""
    return (
        f"mock-momo: MTN MoMo without MTN, at {fake.url}\n\n"
        f"{_columns(variables(fake.url, namespace).items())}\n\n"
        f"{trust(secured) if secured else ''}"
        f"Try it:\n"
        f"  curl{trusting} -X POST {fake.url}/collection/token/ -d '' \\\n"
        f"    -u {credentials.api_user}:{credentials.api_key} \\\n"
        f"    -H 'Ocp-Apim-Subscription-Key: {keys[next(iter(keys))]}'\n"
    )


def trust(secured: Secured) -> str:
    """How each language trusts the authority, and goes to MTN's hosts by the tunnel."""
    ca, tunnel = quote(str(secured.ca_file)), urlsplit(secured.tunnel_url)
    trust = (
        ("Python", f"SSL_CERT_FILE={ca} REQUESTS_CA_BUNDLE={ca}"),
        ("Node", f"NODE_EXTRA_CA_CERTS={ca}"),
        ("Go, Ruby", f"SSL_CERT_FILE={ca}"),
        ("PHP", f"php -d curl.cainfo={ca} -d openssl.cafile={ca}"),
        ("curl", f"curl --cacert {ca}"),
        ("Java", f"keytool -importcert -noprompt -file {ca} {_STORE}"),
        ("", f"java {_TRUSTED}"),
    )
    ways = (
        ("most", f"HTTPS_PROXY={secured.tunnel_url}"),
        ("Node 24", f"HTTPS_PROXY={secured.tunnel_url} NODE_USE_ENV_PROXY=1"),
        ("Java", f"java -Dhttps.proxyHost={tunnel.hostname} -Dhttps.proxyPort={tunnel.port}"),
    )
    return (
        f"Trust it:\n{_columns(trust)}\n\n"
        f"MTN's own hosts are the fake, by this tunnel:\n{_columns(ways)}\n\n"
    )


def _columns(rows: Iterable[tuple[str, str]]) -> str:
    pairs = list(rows)
    width = max(len(name) for name, _ in pairs)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in pairs)
