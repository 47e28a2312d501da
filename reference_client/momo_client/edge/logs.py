"""A listener that writes a log: a line an event, JSON for machines or key=value for people.

client = MomoClient(settings, ledger, listeners=[Logs(sys.stderr, LogFormat.JSON)])
"""

from enum import StrEnum
from typing import TextIO

import structlog

from momo_client.core.events import Event
from momo_client.core.log_records import Fact, record_of


class LogFormat(StrEnum):
    """How a line looks."""

    JSON = "json"
    TEXT = "text"


class Logs:
    """Writes every event to a stream, with its time in UTC; safe for many threads."""

    def __init__(self, stream: TextIO, form: LogFormat) -> None:
        keys = ("timestamp", "level", "event", "reference_id")
        renderer = (
            structlog.processors.JSONRenderer()
            if form is LogFormat.JSON
            else structlog.processors.LogfmtRenderer(key_order=keys, drop_missing=True)
        )
        self._logger = structlog.wrap_logger(
            structlog.WriteLogger(stream),
            processors=[
                structlog.processors.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                renderer,
            ],
        )

    def __call__(self, event: Event) -> None:
        record = record_of(event)
        facts = {key: _on_one_line(fact) for key, fact in record.facts.items()}
        getattr(self._logger, record.level)(record.event, **facts)


def _on_one_line(fact: Fact) -> Fact:
    """A text without what a terminal obeys: a database's own words may hold anything."""
    if not isinstance(fact, str):
        return fact
    return "".join(letter if letter.isprintable() else "?" for letter in fact)
