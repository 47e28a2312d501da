"""Does a secret come out of the client anywhere? Asked after every test.

`watch` puts itself where secrets come in (settings, tokens) and where words come out (logs, errors,
events, metrics, what commands print); `conftest` adds what a test printed and left in its files and
its database, and fails the test in which a secret is found: as it is, URL-encoded, or in base64.
What a child process writes into a pipe is its test's business.
"""

import logging
import os
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from functools import cache, wraps
from pathlib import Path
from typing import Any
from urllib.parse import quote

from click.testing import CliRunner
from sqlalchemy import create_engine, inspect

from momo_client import MomoClientError, Settings
from momo_client.core.events import Event
from momo_client.core.token_cache import CachedToken
from momo_client.edge.listeners import Listeners
from momo_client.edge.metrics import Metrics

LEAST_LENGTH = 8
"""Shorter ones, as some tests have, are found in any text."""

_WORDS = ("KEY", "TOKEN")
_canaries: set[str] = set()
_said: dict[str, list[bytes]] = {}
_events: list[Event] = []


def keep(*secrets: str) -> None:
    """These must not be found."""
    _canaries.update(secret for secret in secrets if len(secret) >= LEAST_LENGTH)


def note(place: str, content: str | bytes) -> None:
    """Something came out."""
    text = content.encode(errors="surrogatepass") if isinstance(content, str) else content
    _said.setdefault(place, []).append(text)


def note_files(folder: object, pattern: str = "*") -> None:
    """Whatever is in the files of a folder, if a test has one."""
    for file in folder.rglob(pattern) if isinstance(folder, Path) else ():
        if file.is_file():
            note(f"file {file.name}", file.read_bytes())


def note_database(url: object) -> None:
    """Every row of every table, if a test has a database of its own."""
    if not isinstance(url, str):
        return
    engine = create_engine(url, connect_args={"options": "-c statement_timeout=5000"})
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT "{table}"::text FROM "{table}"')  # noqa: S608  # our tables
            note(f"table {table}", "\n".join(rows.scalars()))
    engine.dispose()


def forget() -> None:
    """Before a test: nothing is secret, nothing was said."""
    _canaries.clear()
    _said.clear()
    _events.clear()


def found() -> list[str]:
    """The places where a secret came out; never the secret."""
    metrics = Metrics()
    for event in _events:
        note(f"event {type(event).__name__}", repr(event))
        metrics(event)
    note("metrics", metrics.text())
    needles = [form for canary in sorted(_canaries) for form in _forms(canary)]
    said = {place: b"\n".join(parts) for place, parts in _said.items()}
    return [place for place, text in said.items() if any(needle in text for needle in needles)]


def watch() -> None:
    """From now on, note what goes in and what comes out."""
    _before(Settings, _keep_settings)
    _before(CachedToken, lambda _self, value, *_rest, **_named: keep(value))
    _before(MomoClientError, lambda _self, *facts, **named: note("error", repr((facts, named))))
    _after(Listeners, "tell", lambda _told, _self, event: _events.append(event))
    _after(CliRunner, "invoke", lambda done, *_, **_named: note("command", done.output))
    root = logging.getLogger()
    root.addHandler(_Noting())
    root.setLevel(logging.DEBUG)


class _Noting(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        note(f"log {record.name}", self.format(record))


def _keep_settings(_self: Settings, **values: Any) -> None:  # noqa: ANN401  # any setting
    given = {name.upper(): value for name, value in (dict(os.environ) | values).items()}
    ours = {name.removeprefix("MTN_"): value for name, value in given.items()}
    secrets = {
        name: getattr(value, "get_secret_value", lambda value=value: value)()
        for name, value in ours.items()
        if name.endswith(_WORDS) and value
    }
    keep(*secrets.values())
    for name, key in secrets.items():
        user = ours.get(name.replace("API_KEY", "API_USER"))
        if name.endswith("API_KEY") and user:
            keep(b64encode(f"{user}:{key}".encode()).decode())


@cache
def _forms(canary: str) -> frozenset[bytes]:
    """A text as it may stand in another: as it is, URL-encoded, in base64 wherever it begins."""
    raw = canary.encode(errors="surrogatepass")  # settings refuse it, and must not repeat it
    return frozenset({raw, quote(raw, safe="").encode(), *_in_base64(raw)})


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """Of each alignment those characters that depend on nothing around it."""
    for before in range(3):
        first = (0, 2, 3)[before]
        last = (None, -3, -2)[(before + len(raw)) % 3]
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(bytes(before) + raw)[first:last]


def _before(kind: type, look: Callable[..., None]) -> None:
    made = kind.__init__  # type: ignore[misc]  # of this very class

    @wraps(made)
    def make(*values: Any, **named: Any) -> None:  # noqa: ANN401  # anything
        look(*values, **named)
        made(*values, **named)

    kind.__init__ = make  # type: ignore[misc]  # likewise


def _after(kind: type, name: str, look: Callable[..., None]) -> None:
    method = getattr(kind, name)

    @wraps(method)
    def call(*values: Any, **named: Any) -> Any:  # noqa: ANN401  # anything
        result = method(*values, **named)
        look(result, *values, **named)
        return result

    setattr(kind, name, call)
