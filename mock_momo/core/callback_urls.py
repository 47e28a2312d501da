"""What a callback URL may be: its host is the API user's (documented)."""

from urllib.parse import urlsplit

from mock_momo.core.replies import Refused
from momo_contracts import wire_errors
from momo_contracts.profiles import LOOPBACK_HOSTS


def check_callback_url(url: str, registered: str, scheme: str) -> None:
    """The host must equal the registered one; a port may differ (documented). Raises Refused."""
    if not url:
        raise Refused(wire_errors.BAD_REQUEST, "X-Callback-Url is empty; leave it out instead")
    if not (url.isascii() and url.isprintable()):
        raise Refused(
            wire_errors.BAD_REQUEST,
            "X-Callback-Url must be printable ASCII; percent-encode the rest",
        )
    host, allowed = _host(url), _host(registered)
    if not host or host != allowed:
        raise Refused(
            wire_errors.INVALID_CALLBACK_URL_HOST,
            f"X-Callback-Url names the host {host[:80]!r}; "
            f"the API user registered {allowed[:80]!r}",
        )
    if scheme != "any" and not _has_scheme(url, scheme, host):
        raise Refused(
            wire_errors.BAD_REQUEST, f"X-Callback-Url must begin with {scheme}:// in this profile"
        )


def callback_remark(url: str) -> str | None:
    """What will become of a URL that the API takes (observed) and nobody can send to."""
    if url.lower().startswith(("http://", "https://")):
        return None
    return "no callback will be sent: X-Callback-Url must begin with http:// or https://"


def _has_scheme(url: str, scheme: str, host: str) -> bool:
    given = url.partition("://")[0].lower()
    return given == scheme or (scheme == "https" and given == "http" and host in LOOPBACK_HOSTS)


def _host(url: str) -> str:
    """The host of a URL or of a bare host, lower case; empty for nonsense."""
    try:
        return urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
