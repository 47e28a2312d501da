"""Where a server is examined, what is sent to it, and what is written down of that."""

import json
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from mock_momo.core.numbers import AMOUNTS, PLANS, SANDBOX_PREFIX
from mock_momo.testing import Control, World
from momo_conformance.errors import InvalidTarget, ServerUnreachable
from momo_conformance.reading import read_history
from momo_conformance.server.caller import Caller, new_id, status_of
from momo_conformance.server.examining import Wanted, examine_server, most_calls, probes_for
from momo_conformance.server.grounds import FakeGround, ForeignGround, Place
from momo_conformance.server.listener import Listener
from momo_conformance.server.numbers import EXPECTED, ORDINARY
from momo_conformance.server.opening import Described, open_ground
from momo_conformance.server.session import Pace
from momo_conformance.server.target import Target
from momo_conformance.verdicts import Outcome as Became
from momo_contracts.operations import REQUEST_TO_PAY
from momo_contracts.outcomes import OUTCOMES, Outcome
from momo_contracts.plans import Immediate, Plan
from momo_contracts.values import Product

KEYS = {Product.COLLECTION: "secret-of-collection"}


def target_of(world: World) -> Target:
    keys = {Product(name): key for name, key in world.subscription_keys.items()}
    return Target(world.base_url, world.api_user, world.api_key, keys)


@contextmanager
def foreign(target: Target) -> Iterator[Place]:
    ground = ForeignGround(target, Pace(), None, is_patient=False)
    with ground.open() as place:
        yield place


def test_what_is_sent_is_a_history_without_secrets(fake: Control) -> None:
    world = fake.namespace("examined")
    with foreign(target_of(world)) as place:
        caller, reference_id = Caller(place), new_id()
        caller.create(REQUEST_TO_PAY, reference_id, caller.order(REQUEST_TO_PAY))
        caller.read(status_of(REQUEST_TO_PAY), reference_id)
        events = place.session.events
    history = read_history(events)
    assert [row.status for row in history.exchanges] == [200, 202, 200]
    (payment,) = history.accepted()
    assert payment.reference_id == reference_id
    (token,) = history.tokens
    assert payment.bearer == token.received["access_token"]
    text = json.dumps(events)
    assert not any(secret in text for secret in (world.api_key, *world.subscription_keys.values()))
    assert "eyJ" not in text


class Echo(BaseHTTPRequestHandler):
    """Answers every request with its own headers, as a value and as a key, and a token."""

    def do_POST(self) -> None:
        said = f"{self.headers['Authorization']} {self.headers['Ocp-Apim-Subscription-Key']}"
        body = json.dumps({"access_token": "token-of-the-echo", said: said}).encode()
        self.send_response(200, "OK")
        self.send_header("X-Echo", said)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_server_that_echoes_keys_and_tokens_puts_none_into_the_history() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        target = Target(f"http://127.0.0.1:{server.server_port}", "user", "secret-api-key", KEYS)
        with foreign(target) as place:
            caller = Caller(place)
            caller.create(REQUEST_TO_PAY, new_id(), caller.order(REQUEST_TO_PAY))
            events = place.session.events
        server.shutdown()
        thread.join()
    text = json.dumps(events)
    assert len(read_history(events).exchanges) == 2
    login = b64encode(b"user:secret-api-key").decode()
    secrets = (login, "secret-api-key", *KEYS.values(), "token-of-the-echo")
    assert [secret for secret in secrets if secret in text] == []


def test_a_server_that_nobody_runs_is_unreachable() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    target = Target(f"http://127.0.0.1:{port}", "user", "key", KEYS)
    with foreign(target) as place, pytest.raises(ServerUnreachable, match=r"127\.0\.0\.1"):
        Caller(place).login()


def test_a_target_does_not_show_its_secrets() -> None:
    shown = repr(Target("https://momo.example", "user", "secret-key", KEYS))
    assert "secret" not in shown


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://momo.example", "in the clear"),
        ("ftp://momo.example", "no http"),
        ("momo.example", "no http"),
        ("https://a:secret@momo.example", "user or password"),
    ],
)
def test_keys_are_sent_to_no_such_address(url: str, told: str) -> None:
    with pytest.raises(InvalidTarget, match=told) as refused:
        Target(url, "user", "key", KEYS)
    assert "secret" not in str(refused.value)


def test_a_host_that_may_move_money_must_be_vouched_for() -> None:
    described = Described(
        base_url="https://momo.example", api_user="user", api_key="key", subscription_keys=KEYS
    )
    with pytest.raises(InvalidTarget, match="--moves-no-money"), open_ground(described):
        pass
    with open_ground(replace(described, moves_no_money=True)) as ground:
        assert ground.has == frozenset()


def test_a_server_without_a_clock_and_callbacks_is_examined_in_the_rest(fake: Control) -> None:
    ground = ForeignGround(target_of(fake.namespace("black-box")), Pace(), None, is_patient=False)
    probes = probes_for(ground, Wanted(("SRV-02", "SRV-05", "SRV-11")))
    outcomes = {row.requirement.id: row.outcome for row in examine_server(ground, probes).verdicts}
    assert outcomes["MOMO-SRV-02"] is Became.UNTESTABLE
    assert outcomes["MOMO-SRV-05"] is Became.PASS
    assert outcomes["MOMO-SRV-11"] is Became.UNTESTABLE


def test_no_more_calls_are_made_than_were_announced(fake: Control) -> None:
    with Listener() as listener:
        ground = FakeGround(fake, listener)
        probes = probes_for(ground, Wanted(examples=3, seed=2))
        announced = most_calls(ground, probes)
        assert 0 < examine_server(ground, probes).calls <= announced


def test_nor_where_nobody_is_let_in(fake: Control) -> None:
    known = target_of(fake.namespace("locked"))
    ground = ForeignGround(replace(known, api_key="wrong"), Pace(), None, is_patient=False)
    probes = probes_for(ground, Wanted(("SRV-05", "SRV-07")))
    examined = examine_server(ground, probes)
    assert examined.calls <= most_calls(ground, probes)
    became = {row.requirement.id: row.outcome for row in examined.verdicts}
    assert became["MOMO-SRV-01"] is Became.FAIL
    assert became["MOMO-SRV-05"] is Became.NOT_EXERCISED


def test_the_same_seed_draws_the_same_sequences(fake: Control) -> None:
    with Listener() as listener:
        ground = FakeGround(fake, listener)
        one, other = (probes_for(ground, Wanted(("no probe",), 3, 7)) for _ in range(2))
    assert [row.run.args for row in one] == [row.run.args for row in other]  # type: ignore[attr-defined]  # partials


def test_the_world_of_a_probe_is_gone_after_it(fake: Control) -> None:
    before = set(fake.names())
    with Listener() as listener, FakeGround(fake, listener).open() as place:
        assert set(fake.names()) - before == {place.session.events[0]["namespace"]}
    assert set(fake.names()) == before


def test_it_is_gone_after_a_probe_that_could_not_be_carried_out(fake: Control) -> None:
    before = set(fake.names())
    with (
        Listener() as listener,
        pytest.raises(ServerUnreachable),
        FakeGround(fake, listener).open(),
    ):
        raise ServerUnreachable
    assert set(fake.names()) == before


ASSUMED = ("46733123464", "7000")
"""That these fail, and why, is the fake's assumption: the examiner does not ask for it."""


def plans_of(resource: str) -> dict[str, Plan]:
    if resource == "payment":
        return {str(amount): plan for amount, plan in AMOUNTS.items()}
    return {SANDBOX_PREFIX + digits: plan for digits, plan in PLANS[resource].items()}


@pytest.mark.parametrize("resource", EXPECTED)
def test_the_examiners_table_of_test_values_is_that_of_the_fake(resource: str) -> None:
    expected, plans = EXPECTED[resource], plans_of(resource)
    assert set(plans) - set(ASSUMED) == set(expected) - {ORDINARY}
    for number in set(plans) & set(expected):
        plan, row = plans[number], expected[number]
        is_open = plan.outcome is Outcome.PENDING or plan.progression != Immediate()
        assert row.is_open == is_open
        if not is_open:
            assert row.words == (OUTCOMES[plan.outcome].request_to_pay_status,)
            assert row.reason in ("", plan.reason)
