"""What a person at a terminal sees while a round is under way; nothing goes to a pipe."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from momo_client.core.events import Event, PaymentSettled, RoundEnded

RESTING = "waiting for the next round"


class Progress:
    """A listener that counts what the round has asked for so far; `words` say it."""

    def __init__(self, console: Console | None = None) -> None:
        self.words = RESTING
        self._status = (console or Console(stderr=True)).status(RESTING)
        self._asked = 0

    def __call__(self, event: Event) -> None:
        match event:
            case PaymentSettled():
                self._asked += 1
                self._say(f"asked for {self._asked} in this round")
            case RoundEnded():
                self._asked = 0
                self._say(RESTING)
            case _:
                return

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show it while the block runs."""
        with self._status:
            yield

    def _say(self, words: str) -> None:
        self.words = words
        self._status.update(words)
