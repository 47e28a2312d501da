"""The options that say where callbacks may go, and whom they trust there."""

import ipaddress
import re
import ssl
from pathlib import Path

import click

from mock_momo.edge.courier import TIMEOUT_S

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.ASCII)


def _read_hosts(
    _context: click.Context, _parameter: click.Parameter, hosts: tuple[str, ...]
) -> frozenset[str]:
    return frozenset(_host(text) for text in hosts)


def _host(text: str) -> str:
    host = text.strip("[]").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        if _HOST.fullmatch(host):
            return host
    raise click.BadParameter(
        f"{text!r} is no host; name it as in callbacks.example, without scheme, port and path"
    )


def _read_authority(
    _context: click.Context, _parameter: click.Parameter, path: Path | None
) -> ssl.SSLContext | None:
    """Whom to trust: the machine's authorities and those of the file, read once."""
    if path is None:
        return None
    trusting = ssl.create_default_context()
    try:
        trusting.load_verify_locations(path)
    except OSError as problem:  # ssl.SSLError is one
        cause = "it holds no certificate" if isinstance(problem, ssl.SSLError) else problem.strerror
        raise click.BadParameter(
            f"cannot use {path}: {cause}; give the certificates of the authority in PEM form"
        ) from None
    return trusting


CALLBACK_OPTIONS = (
    click.option(
        "--allow-callback-host",
        "callback_hosts",
        envvar="MOCK_MOMO_ALLOW_CALLBACK_HOST",
        multiple=True,
        metavar="HOST",
        callback=_read_hosts,
        help="Callbacks may leave this machine to this host; may be given again.",
    ),
    click.option(
        "--callback-ca",
        "callback_tls",
        envvar="MOCK_MOMO_CALLBACK_CA",
        metavar="FILE",
        type=click.Path(path_type=Path),
        callback=_read_authority,
        help="Trust these certificates too, where callbacks go by https (PEM).",
    ),
    click.option(
        "--callback-timeout-s",
        envvar="MOCK_MOMO_CALLBACK_TIMEOUT_S",
        default=TIMEOUT_S,
        show_default=True,
        type=click.FloatRange(0, 60, min_open=True),
        help="Seconds that a callback's receiver has to answer, in wall time.",
    ),
)
