"""Looking for secrets in all that the client has written."""

import base64
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO
from urllib.parse import unquote

from mock_momo.testing import World
from mock_momo.testing.credentials import credentials_of
from momo_conformance.exchanges import Event
from momo_conformance.history import URLS, url_place
from momo_conformance.recorder import Recorder
from momo_conformance.subject import Subject

Secrets = Mapping[str, str]
"""The secrets of a namespace by what they are, such as 'API key'."""

_TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
"""Every token of the fake is a JSON Web Token."""

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_STANDARD = str.maketrans("-_", "+/")
_PARTY = re.compile(r'"partyId"\s*:\s*"\+?(\d{7,15})"')
"""A party as requests name it whose id is long enough for a phone number."""

_PART = 1 << 20


@dataclass(slots=True)
class Search:
    """What is found of some secrets and parties, in texts of any number of places."""

    secrets: Sequence[Secrets]
    parties: frozenset[str] = frozenset()
    found: set[str] = field(default_factory=set)

    def text(self, place: str, text: str) -> None:
        """Look through one text."""
        self._secrets(place, text)
        if not self.parties.isdisjoint(re.findall(r"\d+", text)):
            self.found.add(f"phone number in {place}")

    def file(self, place: str, file: IO[bytes]) -> None:
        """Look through a whole file, some lines at a time, however long it is."""
        while lines := file.readlines(_PART):
            self.text(place, b"".join(lines).decode(errors="replace"))

    def urls(self, events: Iterable[Event]) -> None:
        """Look through every URL that was asked; parties belong into some."""
        for event in events:
            if event["kind"] == "exchange_began":
                place = url_place(event["namespace"], event["exchange_id"])
                self._secrets(place, event["target"])

    def logs(self, subject: Subject) -> Iterator[str]:
        """Look through the client's log files as they are now; yields their places."""
        for name in subject.client.caps.get("log_files", ()):
            place = str(Path(name).absolute())
            with suppress(OSError), Path(name).open("rb") as file:
                self.file(place, file)
                yield place

    def _secrets(self, place: str, text: str) -> None:
        for secrets in self.secrets:
            self.found.update(f"{what} in {place}" for what in secrets_in(text, secrets))


def search_output(subject: Subject, world: World, recorder: Recorder) -> None:
    """Note where secrets were looked for, and which were found.

    Looked at is what was written since the last time, be it after that example had ended.
    """
    written = {
        "stderr": subject.output.take(),
        "answers": _answers(recorder.events),
    }
    search = search_of(world)
    search.parties = parties_of(recorder.events)
    places = [*search.logs(subject)]
    note_search(search, written, recorder, places)


def search_of(world: World) -> Search:
    """A search for the secrets of a world."""
    return Search((secrets_of(world.api_user, world.api_key, world.subscription_keys),))


def note_search(
    search: Search, texts: Mapping[str, str], recorder: Recorder, places: Iterable[str] = ()
) -> None:
    """Look through these texts too, by place, and the URLs that were asked; note what was found."""
    for place, text in texts.items():
        search.text(place, text)
    search.urls(recorder.events)
    places = sorted({*places, *texts, URLS})
    recorder.note("output_searched", places=places, found=sorted(search.found))


def search_last_words(subject: Subject, names: Iterable[str]) -> Event:
    """What a client that has ended wrote as it did, searched for the secrets of these worlds."""
    search = Search(tuple(map(secrets_of_namespace, names)))
    search.text("stderr", subject.output.take())
    places = ["stderr", *search.logs(subject)]
    return searched(places, search.found)


def search_events(
    events: Sequence[Event], files: Mapping[str, Path] = MappingProxyType({})
) -> Event:
    """Of namespaces as they are born: their secrets searched for in their URLs and these files."""
    names = {event["namespace"] for event in events}
    search = Search(tuple(map(secrets_of_namespace, names)), parties_of(events))
    for place, path in files.items():
        with path.open("rb") as file:
            search.file(place, file)
    search.urls(events)
    return searched((*files, URLS), search.found)


def searched(places: Iterable[str], found: Iterable[str]) -> Event:
    """The event of a search that belongs to no namespace."""
    at_ms = time.time_ns() // 1_000_000
    rows = {"places": sorted(places), "found": sorted(found)}
    return {"kind": "output_searched", "at": at_ms, "wall": at_ms, **rows}


def secrets_of_namespace(name: str) -> Secrets:
    """Those that it is born with."""
    born = credentials_of(name)
    keys = {str(product): key for product, key in born.subscription_keys.items()}
    return secrets_of(born.api_user, born.api_key, keys)


def secrets_of(api_user: str, api_key: str, keys: Mapping[str, str]) -> Secrets:
    """The secrets of a namespace; `keys` are by product."""
    login = base64.b64encode(f"{api_user}:{api_key}".encode()).decode()
    named = {f"subscription key ({product})": key for product, key in keys.items()}
    return {"API key": api_key, "Basic value": login, **named}


def secrets_in(text: str, secrets: Secrets) -> Iterator[str]:
    """Which are in a text, tokens too: as they are, in Base64 or percent-encoded."""
    readings = tuple(_readings(text))
    for what, secret in secrets.items():
        if any(secret in reading for reading in readings):
            yield what
    if any(_TOKEN.search(reading) for reading in readings):
        yield "access token"


def parties_of(events: Iterable[Event]) -> frozenset[str]:
    """The whole numbers of the parties that these events ask for."""
    heads = (event["body"]["head"] for event in events if event["kind"] == "exchange_began")
    return frozenset(_PARTY.findall("\n".join(heads)))


def _readings(text: str) -> Iterator[str]:
    """A text, and whatever can be meant by it."""
    plain = unquote(text) if "%" in text else text
    yield text
    yield plain
    yield "\n".join(_decoded(run) for run in _BASE64.findall(plain))


def _decoded(run: str) -> str:
    """What a run of Base64 says, wherever in it that begins."""
    standard = run.translate(_STANDARD)
    parts = (standard[start:] for start in range(4))
    whole = (base64.b64decode(part[: len(part) // 4 * 4] + _rest(part)) for part in parts)
    return "\n".join(part.decode("latin-1") for part in whole)


def _rest(part: str) -> str:
    """The last characters of a run, filled up to a group of four; one alone says nothing."""
    rest = part[len(part) // 4 * 4 :]
    return rest + "=" * (4 - len(rest)) if len(rest) > 1 else ""


def _answers(events: Iterable[Event]) -> str:
    return "\n".join(str(row["answer"]) for row in events if row["kind"] == "driver_answered")
