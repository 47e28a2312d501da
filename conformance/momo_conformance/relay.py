"""The listener for callbacks: what arrives is handed to the client through its driver."""

from collections.abc import Callable

from mock_momo.testing import MockMomoError
from momo_conformance.callback_server import CallbackServer
from momo_conformance.errors import ConformanceError

PATH = "/callbacks"
_UNAVAILABLE = 503

Deliver = Callable[[str, str, str], int]
"""Given method, path below the callback URL, and body; the status to answer with."""


class Relay(CallbackServer):
    """Listens on this machine while it is open. `deliver` may be changed between examples."""

    def __init__(self) -> None:
        super().__init__(self._take)
        self.deliver: Deliver = _refuse

    @property
    def url(self) -> str:
        """Where callbacks are to be sent."""
        return super().url + PATH

    def _take(self, method: str, path: str, body: bytes) -> int:
        try:
            return self.deliver(method, path.removeprefix(PATH), body.decode(errors="replace"))
        except (ConformanceError, MockMomoError):  # whoever asks the driver next is told of it
            return _UNAVAILABLE


def _refuse(_method: str, _path: str, _body: str) -> int:
    return _UNAVAILABLE
