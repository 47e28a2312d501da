"""TLS: a certificate for this machine and MTN's hosts, by an authority made for this run alone.

Its private key is never written but to the temporary file that `ssl` reads it from, which is the
user's alone to read and gone at once; nobody can sign by the authority when the run has ended.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from tempfile import TemporaryDirectory

from mock_momo.edge.whole_file import write_whole
from mock_momo.errors import FakeUnavailable
from momo_contracts.profiles import LOOPBACK_HOSTS

MTN_HOSTS = (
    "sandbox.momodeveloper.mtn.com",
    "proxy.momoapi.mtn.com",
    "momoapi.mtn.com",
    "proxy.momoapi.mtn.co.rw",
    "ericssonbasicapi1.azure-api.net",
    "ericssonbasicapi2.azure-api.net",
)
"""The hosts that published clients have compiled in."""


@dataclass(frozen=True, slots=True)
class TlsOptions:
    """Where the authority's certificate is written (None: a temporary file); the tunnel's port."""

    ca_file: Path | None = None
    tunnel_port: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """What a fake serves with, and the certificate of the authority that vouches for it, in PEM."""

    context: SSLContext
    authority: bytes


def new_identity(host: str) -> Identity:
    """An identity for MTN's hosts, this machine and `host`. Wants trustme, of the extra `tls`."""
    from trustme import CA  # noqa: PLC0415  # only who asks for TLS has it, and it takes a while

    authority, context = CA(organization_name="mock-momo"), SSLContext(PROTOCOL_TLS_SERVER)
    names = dict.fromkeys((*MTN_HOSTS, *LOOPBACK_HOSTS, host))
    authority.issue_cert(*names).configure_cert(context)
    return Identity(context, authority.cert_pem.bytes())


@contextmanager
def authority_file(path: Path | None, authority: bytes) -> Iterator[Path]:
    """The authority's certificate in a file, as long as the block lasts. Raises FakeUnavailable."""
    if path is None:
        with TemporaryDirectory(prefix="mock-momo-") as folder:
            yield from _written(Path(folder) / "ca.pem", authority)
    else:
        yield from _written(path.absolute(), authority)


def _written(path: Path, authority: bytes) -> Iterator[Path]:
    _check_replaceable(path)
    write_whole(path, authority)
    try:
        yield path
    finally:
        if _content_of(path) == authority:  # else another fake's by now
            path.unlink(missing_ok=True)


def _check_replaceable(path: Path) -> None:
    """Only a certificate may make room for ours. Raises FakeUnavailable."""
    if path.exists() and not _content_of(path).startswith(b"-----BEGIN CERTIFICATE-----"):
        raise FakeUnavailable(f"{path} is there and holds no certificate; give another --tls-ca")


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
