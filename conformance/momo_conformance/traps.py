"""Base URLs that must not be trusted, and places that no request may reach.

A trap notes what it is reached by: `trap_touched` for a connection whose handshake the client gave
up, `trap_reached` for a request, with the names of its headers and never their values.
"""

import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import MappingProxyType
from urllib.parse import urlsplit

from mock_momo.testing import World
from momo_conformance.errors import MissingExtra
from momo_conformance.plans import Trap
from momo_conformance.recorder import Recorder

_HOSTS: Mapping[str, str] = MappingProxyType({"other_host_tls": "elsewhere.test"})
_DAY = timedelta(days=1)


@contextmanager
def trapped_url(trap: Trap, world: World, recorder: Recorder, folder: Path) -> Iterator[str]:
    """The base URL of an example: the world's own, or that of a trap. Raises MissingExtra."""
    match trap:
        case "none":
            yield world.base_url
        case "redirect" | "redirect_login":
            with _listening(_Trap(trap, recorder), None) as port:
                _redirect(world, trap, f"http://localhost:{port}/elsewhere")
                yield world.base_url
        case _:
            with _listening(_Trap(trap, recorder), _identity(trap, folder)) as port:
                yield f"https://localhost:{port}{urlsplit(world.base_url).path}"


def trust_of(trap: Trap, folder: Path) -> Mapping[str, str]:
    """The variables that make the client trust whoever signed a trap's certificate.

    Without them an expired certificate would be refused for being unknown. Raises MissingExtra.
    """
    if trap not in ("expired_tls", "other_host_tls"):
        return {}
    _identity(trap, folder)
    names = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
    return dict.fromkeys(names, str(_authority_file(trap, folder)))


def _redirect(world: World, trap: Trap, to: str) -> None:
    operation = "*.token" if trap == "redirect_login" else "*.create"
    fault = {"redirect": {"to": to, "status": 307}}
    world.set_rules([{"name": trap, "match": {"operation": operation}, "fault": fault}])


def _identity(trap: Trap, folder: Path) -> ssl.SSLContext:
    """A server's certificate, signed by an authority made for it, both kept in the folder."""
    try:
        from trustme import CA  # noqa: PLC0415  # an extra
    except ImportError:
        raise MissingExtra("examining TLS needs trustme: pip install 'mock-momo[tls]'") from None
    chain = folder / f"{trap}.pem"
    if not chain.exists():
        authority = CA()
        ends = datetime.now(UTC) + (-_DAY if trap == "expired_tls" else _DAY)
        issued = authority.issue_cert(
            _HOSTS.get(trap, "localhost"), not_before=ends - 2 * _DAY, not_after=ends
        )
        authority.cert_pem.write_to_path(str(_authority_file(trap, folder)))
        issued.private_key_and_cert_chain_pem.write_to_path(str(chain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


def _authority_file(trap: Trap, folder: Path) -> Path:
    return folder / f"{trap}.authority.pem"


class _Trap:
    """Where one trap writes what has reached it."""

    def __init__(self, name: Trap, recorder: Recorder) -> None:
        self.name = name
        self.recorder = recorder

    def touched(self) -> None:
        self.recorder.note("trap_touched", trap=self.name)

    def reached(self, target: str, headers: list[str]) -> None:
        path = target.partition("?")[0]
        self.recorder.note("trap_reached", trap=self.name, target=path, headers=headers)


@contextmanager
def _listening(trap: _Trap, context: ssl.SSLContext | None) -> Iterator[int]:
    server = _Server(("127.0.0.1", 0), _handler(trap))
    server.trap, server.context = trap, context
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    """Notes each connection whose handshake fails."""

    trap: _Trap
    context: ssl.SSLContext | None

    def finish_request(self, request: object, client_address: object) -> None:
        assert not isinstance(request, tuple)  # noqa: S101  # that is of datagrams
        if self.context is not None:
            try:
                request = self.context.wrap_socket(request, server_side=True)  # type: ignore[arg-type]  # typeshed says Any
            except OSError as problem:
                if getattr(problem, "reason", "") == "HTTP_REQUEST":
                    self.trap.reached("something in plain HTTP", [])
                else:
                    self.trap.touched()
                return
        super().finish_request(request, client_address)  # type: ignore[arg-type]  # likewise

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: whoever hangs up has told enough."""


def _handler(trap: _Trap) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            trap.reached(self.path, [name.lower() for name in self.headers])
            self.send_response(503)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_POST = do_PUT = do_GET  # noqa: N815  # the names are http.server's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # likewise
            """Nothing: it is in the history."""

    return Handler
