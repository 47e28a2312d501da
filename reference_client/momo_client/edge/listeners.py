"""Those who are told what happens in a client; none of them can disturb a payment."""

import logging
from collections.abc import Callable, Sequence

from momo_client.core.events import Event

Listener = Callable[[Event], None]

_LOGGER = logging.getLogger("momo_client")


class Listeners:
    """Tells each listener of each event, in order, in the thread where it happened."""

    def __init__(self, listeners: Sequence[Listener]) -> None:
        self._listeners = tuple(listeners)

    def tell(self, event: Event) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:
                _LOGGER.exception("a listener failed on %s", type(event).__name__)
