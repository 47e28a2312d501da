"""The listener for callbacks: what arrives is handed to the client through its driver."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

PATH = "/callbacks"
_BODY_LIMIT = 1 << 22

Deliver = Callable[[str, str, str], int]
"""Given method, path below the callback URL, and body; the status to answer with."""


class Relay:
    """Listens on this machine while it is open. `deliver` may be changed between examples."""

    def __init__(self) -> None:
        self.deliver: Deliver = _refuse
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Where callbacks are to be sent."""
        return f"http://localhost:{self._server.server_address[1]}{PATH}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _refuse(_method: str, _path: str, _body: str) -> int:
    return 503


def _handler(relay: Relay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), _BODY_LIMIT)
            body = self.rfile.read(length).decode(errors="replace")
            path = self.path.removeprefix(PATH)
            self.send_response(relay.deliver(self.command, path, body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_PUT = do_POST  # noqa: N815  # the name is http.server's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # likewise
            """Nothing: the fake logs each attempt."""

    return Handler
