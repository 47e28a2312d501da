"""The options that have the fake serve TLS, under MTN's own names too."""

from pathlib import Path

import click
from click.core import ParameterSource

from mock_momo.edge.tls import TlsOptions

DEFAULT_CA_FILE = "mock-momo-ca.pem"
_GIVEN = (ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT)


def read_tls(ca_file: Path | None, tunnel_port: int, *, is_wanted: bool) -> TlsOptions | None:
    """What is asked for, if anything. Raises click.UsageError."""
    if is_wanted:
        _check_installed()
        return TlsOptions(ca_file, tunnel_port)
    context = click.get_current_context()
    for name, option in (("tls_ca", "--tls-ca"), ("tls_tunnel_port", "--tls-tunnel-port")):
        if context.get_parameter_source(name) in _GIVEN:
            raise click.UsageError(f"{option} is for a fake on TLS; give --tls, too")
    return None


def _check_installed() -> None:
    try:
        import trustme  # noqa: F401, PLC0415  # only who asks for TLS has it
    except ModuleNotFoundError as missing:
        raise click.UsageError(
            f"--tls needs {missing.name}, which is not installed; "
            "run: pip install 'mock-momo[tls]' (from a checkout: pip install '.[tls]')"
        ) from None


TLS_OPTIONS = (
    click.option(
        "--tls",
        envvar="MOCK_MOMO_TLS",
        is_flag=True,
        help="Serve https, as MTN's hosts too, with a certificate of an authority made for this "
        "run; wants the extra tls.",
    ),
    click.option(
        "--tls-ca",
        envvar="MOCK_MOMO_TLS_CA",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The authority's certificate, for clients to trust; gone when the fake is.  [default: "
        f"{DEFAULT_CA_FILE}; for exec, a temporary file]",
    ),
    click.option(
        "--tls-tunnel-port",
        envvar="MOCK_MOMO_TLS_TUNNEL_PORT",
        default=0,
        type=click.IntRange(0, 65535),
        help="A proxy on this port of this machine leads from MTN's hosts to the fake, and nowhere "
        "else.  [default: a free one]",
    ),
)
