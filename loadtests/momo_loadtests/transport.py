"""Locust's session as the client's transport: the client's flow over Locust's sockets."""

import threading
from typing import TYPE_CHECKING

from momo_client import HttpReply, HttpRequest, NoAnswer

if TYPE_CHECKING:
    from locust.contrib.fasthttp import FastHttpSession


class SessionTransport:
    """Carries a request over the session of the user whose greenlet asks.

    Locust counts no answer and 5xx as failures; a refusal is an answer like any other.
    """

    def __init__(self) -> None:
        self._of_greenlet = threading.local()

    def use(self, session: "FastHttpSession") -> None:
        """From now on, this greenlet's requests go over this session."""
        self._of_greenlet.session = session

    def send(self, request: HttpRequest) -> HttpReply | NoAnswer:
        session: FastHttpSession = self._of_greenlet.session
        with session.request(
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
            return HttpReply(reply.status_code, (), reply.content or b"")
