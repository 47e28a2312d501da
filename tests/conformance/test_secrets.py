"""What the examiner looks for in all that a client writes, and where."""

from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mock_momo.testing import Control, World
from momo_conformance.output import OUTPUT_LIMIT, Output
from momo_conformance.recorder import Recorder
from momo_conformance.secrets import parties_in, search_output, search_texts
from momo_conformance.subject import Subject
from tests.conformance.checks.histories import Story

NUMBER = "46733123499"
ACCOUNT_HOLDER = f"/collection/v1_0/accountholder/msisdn/{NUMBER}/active"
TALKATIVE = f"""
import json, sys
print("x" * 1000, file=sys.stderr, flush=True)
for _ in range({OUTPUT_LIMIT} // 1000):
    print("x" * 1000, file=sys.stderr)
print(".".join(["eyJhbGciOiJIUzI1"] * 3), file=sys.stderr, flush=True)
sys.argv.append("agrees with what it knows")
exec(open(LIAR).read())
"""


@pytest.fixture
def world(fake: Control) -> Iterator[World]:
    world = fake.namespace("searched")
    yield world
    world.delete()


@pytest.fixture
def recorder(world: World) -> Recorder:
    return Recorder(world, 0)


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
    events = order_by(number).events
    assert [*parties_in(texts, events)] == ["phone number in a", "phone number in b"]


def test_a_party_too_short_for_a_phone_number_is_none() -> None:
    assert [*parties_in({"stderr": "10 EUR"}, order_by("10").events)] == []


def test_a_number_in_a_url_that_the_api_has_is_no_leak(world: World, recorder: Recorder) -> None:
    send(world, "POST", "/collection/v1_0/requesttopay", f'{{"partyId": "{NUMBER}"}}')
    send(world, "GET", ACCOUNT_HOLDER)
    search_texts({"stderr": ""}, world, recorder)
    assert found(recorder) == []
    search_texts({"stderr": NUMBER}, world, recorder)
    assert found(recorder) == ["phone number in stderr"]


def test_a_key_in_a_url_is_a_leak(world: World, recorder: Recorder) -> None:
    send(world, "GET", f"{ACCOUNT_HOLDER}?{world.api_key}")
    search_texts({}, world, recorder)
    assert found(recorder) == ["API key in URLs"]


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
    driver = tmp_path / "driver.py"
    liar = Path(__file__).with_name("liars.py")
    driver.write_text(TALKATIVE.replace("LIAR", repr(str(liar))), "utf-8")
    with Subject(python_command(str(driver))) as subject:
        for _ in range(2):
            subject.kill()
            search_output(subject, world, recorder)
            assert found(recorder) == ["access token in stderr"]
            subject.restart()
