"""Looking for secrets in all that the client has written."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from mock_momo.testing import World
from momo_conformance.exchanges import Event
from momo_conformance.recorder import Recorder
from momo_conformance.subject import Subject

_TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
"""Every token of the fake is a JSON Web Token."""

_PARTY = re.compile(r'"partyId"\s*:\s*"\+?(\d{7,15})"')
"""A party as requests name it whose id is long enough for a phone number."""


def search_output(subject: Subject, world: World, recorder: Recorder) -> None:
    """Note where secrets were looked for, and which were found.

    Looked at is what was written since the last time, be it after that example had ended.
    """
    places = {"stderr": subject.output.take()}
    for name in subject.client.caps.get("log_files", ()):
        path = Path(name)
        with suppress(OSError):  # no name of a file, or not for us to read
            if path.is_file():
                places[path.name] = path.read_text("utf-8", errors="replace")
    places["answers"] = _texts(recorder.events, "driver_answered", "answer")
    search_texts(places, world, recorder)


def search_texts(texts: Mapping[str, str], world: World, recorder: Recorder) -> None:
    """Note which secrets were found in these texts, by place, and in the URLs that were asked.

    Parties belong into some URLs: they are looked for in the texts alone.
    """
    events = recorder.events
    places = {**texts, "URLs": _texts(events, "exchange_began", "target")}
    secrets = secrets_of(world.api_user, world.api_key, world.subscription_keys)
    found = {*found_in(places, secrets), *parties_in(texts, events)}
    recorder.note("output_searched", places=sorted(places), found=sorted(found))


def secrets_of(api_user: str, api_key: str, keys: Mapping[str, str]) -> Mapping[str, str]:
    """The secrets of a namespace by what they are; `keys` are by product."""
    login = base64.b64encode(f"{api_user}:{api_key}".encode()).decode()
    named = {f"subscription key ({product})": key for product, key in keys.items()}
    return {"API key": api_key, "Basic value": login, **named}


def found_in(places: Mapping[str, str], secrets: Mapping[str, str]) -> Iterator[str]:
    """Which secrets are where: 'API key in stderr'."""
    for place, text in places.items():
        for what in secrets_in(text, secrets):
            yield f"{what} in {place}"


def secrets_in(text: str, secrets: Mapping[str, str]) -> Iterator[str]:
    """Which of the secrets are in a text: as they are, in Base64 or percent-encoded."""
    for what, secret in secrets.items():
        forms = (secret, quote(secret, safe=""), base64.b64encode(secret.encode()).decode())
        if any(form in text for form in forms):
            yield what
    if _TOKEN.search(text):
        yield "access token"


def parties_in(places: Mapping[str, str], events: Iterable[Event]) -> Iterator[str]:
    """Where the whole number of a party is that these events ask for: 'phone number in stderr'."""
    heads = (event["body"]["head"] for event in events if event["kind"] == "exchange_began")
    parties = frozenset(_PARTY.findall("\n".join(heads)))
    for place, text in places.items():
        if not parties.isdisjoint(re.findall(r"\d+", text)):
            yield f"phone number in {place}"


def _texts(events: Iterable[Event], kind: str, name: str) -> str:
    return "\n".join(str(event[name]) for event in events if event["kind"] == kind)
