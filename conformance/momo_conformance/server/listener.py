"""What hears the callbacks of an examined server."""

from dataclasses import dataclass
from threading import Condition
from urllib.parse import urlsplit

from momo_conformance.callback_server import CallbackServer


@dataclass(frozen=True, slots=True)
class Heard:
    """One callback as it came; `path` with its query."""

    method: str
    path: str
    body: bytes


class Listener(CallbackServer):
    """Listens on this machine while it is open. `url` is its address as the server is told it.

    A public address must lead to `port` here, path and all; 0: any free port.
    """

    def __init__(self, url: str | None = None, port: int = 0) -> None:
        super().__init__(self._hear, port)
        self._heard: list[Heard] = []
        self._news = Condition()
        self._public_url = url

    @property
    def url(self) -> str:
        return (self._public_url or super().url).rstrip("/")

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

    def _hear(self, method: str, path: str, body: bytes) -> int:
        with self._news:
            self._heard.append(Heard(method, path, body))
            self._news.notify_all()
        return 200
