"""Where callbacks may go, whom they trust there, how long they wait: `serve`, really delivering."""

import asyncio
import json
import ssl
from base64 import b64encode
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest
import trustme
from click.testing import CliRunner

from mock_momo.commands.running_options import running_options
from mock_momo.edge.running import RunningOptions
from mock_momo.testing import Control, DeliveryRow, World
from tests.mock_momo.commands.conftest import Console
from tests.mock_momo.core.calls import REFERENCE_ID, REQUEST_TO_PAY, TOKEN
from tests.mock_momo.edge.receiver import receiving

MISTAKES = (
    (("--callback-ca", "nowhere.pem"), "cannot use nowhere.pem: No such file or directory"),
    (("--callback-ca", "empty.pem"), "cannot use empty.pem: it holds no certificate"),
    (("--callback-ca", "."), "cannot use .: "),
    (("--allow-callback-host", "http://h.example/x"), "without scheme, port and path"),
    (("--allow-callback-host", "h.example:8080"), "without scheme, port and path"),
    (("--callback-timeout-s", "0"), "0<x<=60"),
)


def sent(world: World, method: str, path: str, headers: dict[str, str], body: str = "") -> bytes:
    address = urlsplit(world.base_url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
    key = {"Ocp-Apim-Subscription-Key": world.subscription_keys["collection"]}
    connection.request(method, address.path + path, body, key | headers)
    reply = connection.getresponse()
    assert reply.status in (200, 202), reply.getheader("X-Mock-Why")
    content = reply.read()
    connection.close()
    return content


def delivered(url: str, callback_url: str) -> DeliveryRow:
    """Pay, let the outcome come, and return what became of its callback."""
    world = Control(url).namespace("shop")
    world.freeze()
    user = b64encode(f"{world.api_user}:{world.api_key}".encode()).decode()
    token = json.loads(sent(world, "POST", TOKEN, {"Authorization": f"Basic {user}"}))
    headers = {
        "Authorization": f"Bearer {token['access_token']}",
        "X-Target-Environment": "sandbox",
        "X-Reference-Id": REFERENCE_ID,
        "X-Callback-Url": callback_url,
        "X-Mock-Outcome": "SUCCESSFUL; after=1s",
    }
    payer = {"partyIdType": "MSISDN", "partyId": "1"}
    order = {"amount": "5", "currency": "EUR", "payer": payer}
    sent(world, "POST", REQUEST_TO_PAY, headers, json.dumps(order))
    world.advance(1)
    return world.callbacks(REFERENCE_ID).deliveries[0]


@pytest.mark.parametrize("by", ["option", "variable", "not at all"])
async def test_a_receiver_with_a_certificate_of_its_own_is_trusted_when_its_authority_is(
    console: Console, tmp_path: Path, by: str
) -> None:
    path, authority = tmp_path / "ca.pem", trustme.CA()
    authority.cert_pem.write_to_path(path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(tls)
    options = ("--callback-ca", str(path)) if by == "option" else ()
    variables = {"MOCK_MOMO_CALLBACK_CA": str(path)} if by == "variable" else {}

    async with receiving(tls) as receiver:
        with console.serving(*options, **variables) as serving:
            row = await asyncio.to_thread(delivered, serving.url, receiver.url)

    problem = row.attempts[0].problem
    if by == "not at all":
        assert receiver.received == []
        assert problem is not None
        assert problem.startswith("TLS: ")
        assert "serve --callback-ca FILE trusts the receiver's authority" in problem
    else:
        assert (problem, receiver.statuses_seen) == (None, ["SUCCESSFUL"])


@click.command()
@running_options
def shown(running: RunningOptions) -> None:
    courier = running.courier
    click.echo(f"{sorted(courier.allowed_hosts)} {courier.timeout_s:g}")


@pytest.mark.parametrize("by", ["option", "variable", "not at all"])
def test_hosts_and_patience_are_what_was_asked_for(by: str) -> None:
    hosts = ("--allow-callback-host", "Shop.Example", "--allow-callback-host", "[2001:DB8::1]")
    options = (*hosts, "--callback-timeout-s", "0.5") if by == "option" else ()
    variables = {
        "MOCK_MOMO_ALLOW_CALLBACK_HOST": "shop.example 2001:db8::1",
        "MOCK_MOMO_CALLBACK_TIMEOUT_S": "0.5",
    }
    ended = CliRunner(env=variables if by == "variable" else {}).invoke(shown, options)

    assert ended.output == (
        "[] 2\n" if by == "not at all" else "['2001:db8::1', 'shop.example'] 0.5\n"
    )


@pytest.mark.parametrize(("options", "told"), MISTAKES)
def test_a_wrong_option_ends_it_with_2_and_what_to_do(
    console: Console, tmp_path: Path, options: tuple[str, ...], told: str
) -> None:
    (tmp_path / "empty.pem").write_text("")
    ended = console.run("serve", "--port", "0", *options)

    assert (ended.code, ended.out) == (2, "")
    assert told in " ".join(ended.err.split())
