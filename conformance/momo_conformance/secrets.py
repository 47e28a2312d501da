"""Looking for secrets in all that the client has written."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from mock_momo.testing import World
from momo_conformance.exchanges import Event
from momo_conformance.recorder import Recorder
from momo_conformance.subject import Subject

_TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}")
"""Every token of the fake is a JSON Web Token."""

_NUMBER = re.compile(r"(?<![\w-])\d{10,14}(?![\w-])")


def search_output(subject: Subject, since: int, world: World, recorder: Recorder) -> None:
    """Note where secrets were looked for, and which were found; `since` is where stderr begins."""
    places = {"stderr": subject.output[since:]}
    for name in subject.client.caps.get("log_files", ()):
        path = Path(name)
        if path.is_file():
            places[path.name] = path.read_text("utf-8", errors="replace")
    places["answers"] = _texts(recorder.events, "driver_answered", "answer")
    search_texts(places, world, recorder)


def search_texts(texts: Mapping[str, str], world: World, recorder: Recorder) -> None:
    """Note which secrets were found in these texts, by place, and in the URLs that were asked."""
    events = recorder.events
    places = {**texts, "URLs": _texts(events, "exchange_began", "target")}
    secrets = secrets_of(world.api_user, world.api_key, world.subscription_keys)
    found = {*found_in(places, secrets), *_found_parties(places, _parties(events))}
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


def _texts(events: Iterable[Event], kind: str, name: str) -> str:
    return "\n".join(str(event[name]) for event in events if event["kind"] == kind)


def _parties(events: Iterable[Event]) -> frozenset[str]:
    heads = (event["body"]["head"] for event in events if event["kind"] == "exchange_began")
    return frozenset(re.findall(r'"partyId"\s*:\s*"(\d+)"', "\n".join(heads)))


def _found_parties(places: Mapping[str, str], parties: frozenset[str]) -> Iterator[str]:
    for place, text in places.items():
        if parties.intersection(_NUMBER.findall(text)):
            yield f"phone number in {place}"
