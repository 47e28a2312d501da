"""What hears the callbacks of an examined server."""

from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Self
from urllib.parse import urlsplit

_BODY_LIMIT = 1 << 22


@dataclass(frozen=True, slots=True)
class Heard:
    """One callback as it came; `path` with its query."""

    method: str
    path: str
    body: bytes


class Listener:
    """Listens on this machine while it is open. `url` is its address as the server is told it.

    A public address must lead to `port` here, path and all; 0: any free port.
    """

    def __init__(self, url: str | None = None, port: int = 0) -> None:
        self._heard: list[Heard] = []
        self._news = Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self._hear))
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.url = (url or f"http://localhost:{self._server.server_address[1]}").rstrip("/")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait(self, word: str, wait_s: float) -> tuple[Heard, ...]:
        """All that was heard with this word in path or body, after at most so long a wait for one.

        They are heard once: the next time they are not among what is returned.
        """
        with self._news:
            self._news.wait_for(lambda: self._about(word), wait_s)
            found = self._about(word)
            self._heard = [row for row in self._heard if row not in found]
        return tuple(found)

    def address_of(self, heard: Heard) -> str:
        """Where a callback was sent, as far as it shows here."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}{heard.path}"

    def _about(self, word: str) -> list[Heard]:
        return [row for row in self._heard if word in row.path or word.encode() in row.body]

    def _hear(self, heard: Heard) -> None:
        with self._news:
            self._heard.append(heard)
            self._news.notify_all()


def _handler(hear: Callable[[Heard], None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = min(int(self.headers.get("Content-Length") or 0), _BODY_LIMIT)
            hear(Heard(self.command, self.path, self.rfile.read(length)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_PUT = do_POST  # noqa: N815  # the name is http.server's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # likewise
            """Nothing: what was heard is in the log of the examination."""

    return Handler
