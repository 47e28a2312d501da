"""What the examiner looks for in all that a client writes, and where."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from mock_momo.testing import Control, World
from momo_conformance.engine import judge
from momo_conformance.output import OUTPUT_LIMIT, Output
from momo_conformance.reading import read_history
from momo_conformance.recorder import Recorder
from momo_conformance.scenarios import SCENARIOS
from momo_conformance.secrets import (
    Search,
    note_search,
    parties_of,
    search_of,
    search_output,
    secrets_in,
)
from momo_conformance.subject import Subject
from momo_conformance.suite import open_suite
from tests.conformance.checks.histories import Story

NUMBER = "46733123499"
ACCOUNT_HOLDER = f"/collection/v1_0/accountholder/msisdn/{NUMBER}/active"
TALKATIVE = f"""
import json, sys
print("x" * 1000, file=sys.stderr, flush=True)
for _ in range({OUTPUT_LIMIT} // 1000):
    print("x" * 1000, file=sys.stderr)
print(".".join(["eyJhbGciOiJIUzI1"] * 3), file=sys.stderr, flush=True)
"""


def liar_with(folder: Path, first: str) -> Path:
    """A driver without a client that does something first."""
    driver, liar = folder / "driver.py", Path(__file__).with_name("liars.py")
    last = f"""
import sys
sys.argv.append("agrees with what it knows")
exec(open({str(liar)!r}).read())
"""
    driver.write_text(first + last, "utf-8")
    return driver


@pytest.fixture
def world(fake: Control) -> Iterator[World]:
    world = fake.namespace("searched")
    yield world
    world.delete()


@pytest.fixture
def recorder(world: World) -> Recorder:
    return Recorder(world, 0)


SECRETS = {"API key": "0123456789abcdef0123456789abcdef"}
TOKEN = ".".join(["eyJhbGciOiJIUzI1"] * 3)
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "URL-encoded": lambda secret: "".join(f"%{ord(char):02x}" for char in secret),
    "Base64": lambda secret: b64encode(secret.encode()).decode(),
    "Base64 of more": lambda secret: b64encode(f"Bearer {secret}".encode()).decode(),
    "Base64 for URLs behind a path": lambda secret: (
        f"/v1/{urlsafe_b64encode(f'??>>{secret}'.encode()).decode()}"
    ),
    "URL-encoded Base64": lambda secret: quote(b64encode(secret.encode() + b"!").decode()),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_key_and_a_token_are_found_in_every_form(form: Callable[[str], str]) -> None:
    assert [*secrets_in(f"x={form(SECRETS['API key'])}&", SECRETS)] == ["API key"]
    assert [*secrets_in(f"x={form(TOKEN)}&", SECRETS)] == ["access token"]
    assert [*secrets_in(form("a text that is none of both"), SECRETS)] == []


def test_a_file_is_searched_from_its_first_line_to_its_last() -> None:
    search = Search((SECRETS,))
    lines = [SECRETS["API key"], *("x" * 99_999 for _ in range(50)), TOKEN]
    search.file("log", BytesIO("\n".join(lines).encode()))
    assert search.found == {"API key in log", "access token in log"}


def found(recorder: Recorder) -> object:
    return recorder.events[-1]["found"]


def send(world: World, method: str, path: str, body: str | None = None) -> None:
    """Nobody is logged in: what is asked for is logged and refused."""
    place = urlsplit(world.base_url)
    with closing(HTTPConnection(place.netloc)) as connection:
        connection.request(method, place.path + path, body)
        connection.getresponse().read()


def order_by(number: str) -> Story:
    story = Story()
    story.create("order-1", order={"payer": {"partyIdType": "MSISDN", "partyId": number}})
    return story


@pytest.mark.parametrize("number", ["2601234", "467331234", NUMBER, "123456789012345"])
def test_a_number_of_any_length_is_found_wherever_it_stands_whole(number: str) -> None:
    texts = {"a": f"+{number}", "b": f"payer_{number}.", "c": f"1{number}", "d": f"{number}0"}
    search = Search((), parties_of(order_by(number).events))
    for place, text in texts.items():
        search.text(place, text)
    assert search.found == {"phone number in a", "phone number in b"}


def test_a_party_too_short_for_a_phone_number_is_none() -> None:
    assert parties_of(order_by("10").events) == frozenset()


def test_a_number_in_a_url_that_the_api_has_is_no_leak(world: World, recorder: Recorder) -> None:
    send(world, "POST", "/collection/v1_0/requesttopay", f'{{"partyId": "{NUMBER}"}}')
    send(world, "GET", ACCOUNT_HOLDER)
    search = search_of(world)
    search.parties = parties_of(recorder.events)
    note_search(search, {"stderr": ""}, recorder)
    assert found(recorder) == []
    note_search(search, {"stderr": NUMBER}, recorder)
    assert found(recorder) == ["phone number in stderr"]


def test_a_key_in_a_url_is_a_leak(world: World, recorder: Recorder) -> None:
    send(world, "GET", f"{ACCOUNT_HOLDER}?{world.api_key}")
    note_search(search_of(world), {}, recorder)
    history = read_history(recorder.events)
    assert [row.breach for row in judge(history)["MOMO-SEC-02"]] == [
        f"GET {urlsplit(world.base_url).path}{ACCOUNT_HOLDER} carries a secret in its URL"
    ]
    assert "MOMO-SEC-01" not in judge(history)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_key_is_found_in_the_url_of_an_address_that_is_none(
    world: World, recorder: Recorder, form: Callable[[str], str]
) -> None:
    send(world, "GET", "/collection/v1_0/nothing")
    send(world, "GET", f"/collection/v1_0/nothing?key={form(world.api_key)}")
    note_search(search_of(world), {}, recorder)
    rows = judge(read_history(recorder.events))["MOMO-SEC-02"]
    assert [bool(row.breach) for row in rows] == [False, True]
    assert world.api_key not in str(rows)


def test_what_was_written_is_taken_once_and_the_newest_is_kept() -> None:
    output = Output()
    output.add("early\n")
    output.add("x" * OUTPUT_LIMIT)
    output.add("late\n")
    assert output.take() == "late\n"
    output.add("after a search\n")
    assert output.take() == "after a search\n"
    assert output.take() == ""


def test_a_client_that_has_written_more_than_is_kept_is_searched_like_any_other(
    world: World, recorder: Recorder, python_command: Callable[..., str], tmp_path: Path
) -> None:
    with Subject(python_command(str(liar_with(tmp_path, TALKATIVE)))) as subject:
        for _ in range(2):
            subject.kill()
            search_output(subject, world, recorder)
            assert found(recorder) == ["access token in stderr"]
            subject.restart()


def test_logs_of_one_name_and_one_called_stderr_are_told_apart(
    world: World, recorder: Recorder, python_command: Callable[..., str], tmp_path: Path
) -> None:
    logs = [tmp_path / name for name in ("a/app.log", "b/app.log", "stderr")]
    for log, text in zip(logs, (world.api_key, "fine", "fine"), strict=True):
        log.parent.mkdir(exist_ok=True)
        log.write_text(text, "utf-8")
    names = [*map(str, logs), "n" * 5000, str(tmp_path)]
    with Subject(python_command(str(liar_with(tmp_path, "")))) as subject:
        subject.client = replace(subject.client, caps={"log_files": names})
        subject.output.add(world.api_key)
        search_output(subject, world, recorder)
    assert found(recorder) == sorted([f"API key in {logs[0]}", "API key in stderr"])


def test_what_is_written_as_the_driver_ends_is_searched_for_the_keys_of_every_plan(
    python_command: Callable[..., str], tmp_path: Path
) -> None:
    driver = liar_with(
        tmp_path,
        """
import atexit, sys
from mock_momo.testing.credentials import credentials_of
atexit.register(lambda: print(credentials_of("example-1").api_key, file=sys.stderr))
""",
    )
    with open_suite(python_command(str(driver))) as suite:
        for plan in SCENARIOS[:2]:
            suite.run(plan)
        suite.end()
        assert suite.found.tally.broken == ("MOMO-SEC-01",)
