"""`mock_momo.testing` against a fake in a child process."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from mock_momo.core.books import Books as CoreBooks
from mock_momo.errors import FakeUnavailable, InvalidSetting, UnknownNamespace
from mock_momo.testing import Books, Control, PaymentRow, World, running_fake

REFERENCE_ID = "7a3e1c9a-3b5e-4a54-9d5a-111111111111"
NOON_MS = 4_000_000_000_000


@pytest.fixture(scope="module")
def control() -> Iterator[Control]:
    with running_fake("--outcome", "SUCCESSFUL; after=30s") as running:
        yield running


@pytest.fixture
def world(control: Control, request: pytest.FixtureRequest) -> World:
    return control.namespace(request.node.name)


def ask(
    world: World, method: str, path: str, body: object = None, **headers: str
) -> tuple[int, str]:
    """One call of the API, as a client of the world's base URL makes it."""
    address = urlsplit(world.base_url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named["Ocp-Apim-Subscription-Key"] = world.subscription_keys["collection"]
    connection.request(method, address.path + path, json.dumps(body) if body else "", named)
    reply = connection.getresponse()
    found = reply.status, reply.read().decode()
    connection.close()
    return found


def pay(world: World, amount: str = "5") -> int:
    basic = b64encode(f"{world.api_user}:{world.api_key}".encode()).decode()
    _, text = ask(world, "POST", "/collection/token/", Authorization=f"Basic {basic}")
    order = {
        "amount": amount,
        "currency": world.currency,
        "payer": {"partyIdType": "MSISDN", "partyId": "1"},
    }
    status, _ = ask(
        world,
        "POST",
        "/collection/v1_0/requesttopay",
        order,
        Authorization=f"Bearer {json.loads(text)['access_token']}",
        X_Reference_Id=REFERENCE_ID,
        X_Target_Environment=world.target_environment,
    )
    return status


def test_books_and_payments_follow_the_clock_of_the_world(world: World) -> None:
    assert world.freeze(NOON_MS).now_ms == NOON_MS
    assert pay(world, "5.50") == 202
    assert world.books().payments == {"PENDING": 1}
    assert world.advance(Decimal("29.999")).now_ms == NOON_MS + 29_999
    assert world.books().payments == {"PENDING": 1}
    assert world.advance(0.001).now_ms == NOON_MS + 30_000

    assert world.books() == Books(
        currency="EUR",
        opening=Decimal(1000),
        credited=Decimal("5.5"),
        debited=Decimal(0),
        balance=Decimal("1005.5"),
        payments={"SUCCESSFUL": 1},
        calls={"collection.token": 1, "collection.requesttopay.create": 1},
    )
    assert world.payments() == [
        PaymentRow(
            REFERENCE_ID, None, Decimal("5.5"), "EUR", "collection.requesttopay.create", "1",
            "SUCCESSFUL", None,
            "SUCCESSFUL; after=30000ms", NOON_MS,
        )
    ]  # fmt: skip
    assert world.run().now_ms >= NOON_MS + 30_000


def test_the_books_of_the_kit_have_the_fields_of_the_fakes() -> None:
    assert [row.name for row in fields(Books)] == [row.name for row in fields(CoreBooks)]


def test_worlds_are_isolated_and_a_fresh_one_of_the_same_name_is_empty(control: Control) -> None:
    one, other = control.namespace("one"), control.namespace("other")
    pay(one)

    assert (one.api_user, one.api_key) != (other.api_user, other.api_key)
    assert len(one.payments()) == 1
    assert (other.payments(), other.events(after=1)) == ([], [])
    assert control.namespace("one").payments() == []


def test_a_reset_empties_the_world_and_keeps_its_settings(control: Control) -> None:
    world = control.namespace("reset", outcome="FAILED", profile="mtnzambia")
    pay(world)
    world.reset()

    assert world.payments() == []
    pay(world)
    assert [(row.state, row.currency) for row in world.payments()] == [("FAILED", "ZMW")]


def test_events_come_after_the_one_that_is_known(world: World) -> None:
    world.freeze()
    world.run()

    kinds = ["namespace_described", "clock_moved", "clock_moved"]
    assert [event["kind"] for event in world.events()] == kinds
    assert [event["seq"] for event in world.events(after=2)] == [3]


def test_a_world_shows_no_secret_and_gives_a_clients_variables(world: World) -> None:
    assert world.api_key not in repr(world)
    assert world.subscription_keys["collection"] not in repr(world)
    assert world.variables == {
        "MTN_BASE_URL": world.base_url,
        "MTN_SUBSCRIPTION_KEY": world.subscription_keys["collection"],
        "MTN_DISBURSEMENT_SUBSCRIPTION_KEY": world.subscription_keys["disbursement"],
        "MTN_REMITTANCE_SUBSCRIPTION_KEY": world.subscription_keys["remittance"],
        "MTN_API_USER": world.api_user,
        "MTN_API_KEY": world.api_key,
        "MTN_TARGET_ENVIRONMENT": "sandbox",
        "MTN_CURRENCY": "EUR",
    }


def test_mistakes_are_exceptions_of_the_family_with_the_fakes_own_words(control: Control) -> None:
    with pytest.raises(InvalidSetting, match="did you mean 'outcome'"):
        control.namespace("a", outcom="FAILED")
    with pytest.raises(InvalidSetting, match="namespace name"):
        control.namespace("no blanks")
    with pytest.raises(UnknownNamespace, match="create it with PUT"):
        control.ask("GET", "namespaces/nowhere/books")


def test_a_fake_that_has_ended_is_unavailable() -> None:
    with running_fake() as gone:
        gone.ask("GET", "health")
    with pytest.raises(FakeUnavailable, match=gone.url):
        gone.ask("GET", "health")


def test_a_fake_that_does_not_come_up_is_unavailable(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FakeUnavailable, match="ended before it was ready"), running_fake("--no"):
        pass

    assert "No such option" in capfd.readouterr().err


def test_a_fake_dies_with_the_process_that_started_it_even_by_sigkill() -> None:
    script = (
        "from threading import Event\n"
        "from mock_momo.testing import running_fake\n"
        "with running_fake() as fake:\n"
        "    print(fake.url, flush=True)\n"
        "    Event().wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as us:
        assert us.stdout is not None
        control = Control(us.stdout.readline().strip())
        assert control.ask("GET", "health") == {"status": "ok"}
        us.kill()

    assert _is_gone(control)


def _is_gone(control: Control) -> bool:
    """Ask until nobody answers; each question waits for its answer."""
    for _ in range(10_000):
        try:
            control.ask("GET", "health")
        except FakeUnavailable:
            return True
    return False
