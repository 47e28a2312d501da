"""The way to the network over somebody else's session: Locust's FastHttpSession on gevent.

The client imports neither: it names what it needs of a session, and any that has it will do.
"""

import threading
from typing import Any, Protocol

from momo_client.core.http import HttpReply, HttpRequest, NoAnswer


class Session(Protocol):
    """A session that times requests by `name` and lets the caller say what was a failure.

    `request` gives a context manager of a response with status_code (0 when no whole reply came),
    headers, content, success() and failure(why): Locust's, whose own types say less.
    """

    def request(self, method: str, url: str, **options: Any) -> Any: ...  # noqa: ANN401  # see above


class SessionTransport:
    """Carries a request over the session of the greenlet, or the thread, that asks.

    One that has none of its own, such as a checker's helper, uses the latest. Locust counts no
    answer and 5xx as failures; a refusal is an answer like any other.
    """

    def __init__(self) -> None:
        self._of_greenlet = threading.local()
        self._latest: Session

    def use(self, session: Session) -> None:
        """From now on, this greenlet's requests go over this session."""
        self._of_greenlet.session = self._latest = session

    def send(self, request: HttpRequest) -> HttpReply | NoAnswer:
        with self._session().request(
            request.method,
            request.path,
            name=request.operation.name,
            data=request.body.decode(),
            headers=dict(request.headers),
            catch_response=True,
            allow_redirects=False,
        ) as reply:
            if reply.status_code == 0:
                reply.failure("no answer")
                return NoAnswer("connection lost")
            if reply.status_code >= 500:
                reply.failure(f"status {reply.status_code}")
            else:
                reply.success()
            headers = tuple(reply.headers.items()) if reply.headers else ()
            return HttpReply(reply.status_code, headers, reply.content or b"")

    def _session(self) -> Session:
        own: Session | None = getattr(self._of_greenlet, "session", None)
        return own or self._latest
