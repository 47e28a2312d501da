"""A listener for callbacks: PUT and POST, on this machine, answered as its owner says."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

_BODY_LIMIT = 1 << 22

Take = Callable[[str, str, bytes], int]
"""Given method, path with its query, and body; the status to answer with."""


class CallbackServer:
    """Listens while it is open, at a port or at any that is free (0)."""

    def __init__(self, take: Take, port: int = 0) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(take))
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Its address, without a path."""
        return f"http://localhost:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(take: Take) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), _BODY_LIMIT)
            self.send_response(take(self.command, self.path, self.rfile.read(length)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_PUT = do_POST  # noqa: N815  # the name is http.server's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # likewise
            """Nothing: whoever sends callbacks logs each attempt."""

    return Handler
