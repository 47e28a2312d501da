"""The injected clock."""


class Clock:
    """What the client takes for now, in ms since the epoch. Only `advance` moves it."""

    def __init__(self, now_ms: int) -> None:
        self.now_ms = now_ms

    def advance(self, ms: int) -> None:
        self.now_ms += ms
