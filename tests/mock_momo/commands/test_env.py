"""`mock-momo env`: each format is read by what reads it in earnest."""

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType

import pytest
from click.testing import CliRunner
from dotenv import dotenv_values

from mock_momo.cli import front_door
from mock_momo.core.credentials import credentials_of
from mock_momo.testing import Control
from momo_contracts.values import Product
from tests.mock_momo.commands.conftest import Console

LOOPBACK = "127.0.0.1,localhost,::1"
SHOW = f"{sys.executable} -c 'import json, os; print(json.dumps(dict(os.environ)))'"
AWKWARD = 'http://localhost:1/it\\\'s $HOME `x` \\ # "q" end'


def sourced(text: str, **before: str) -> dict[str, str]:
    done = subprocess.run(
        ["sh", "-euc", f"{text}\n{SHOW}"], env=before, capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def from_dotenv(text: str) -> dict[str, str | None]:
    return dict(dotenv_values(stream=io.StringIO(text), interpolate=False))


def from_lines(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines())


Reader = Callable[[str], Mapping[str, object]]
READERS: Mapping[str, Reader] = MappingProxyType(
    {"shell": sourced, "dotenv": from_dotenv, "json": json.loads, "github": from_lines}
)


def env(*options: str) -> str:
    ended = CliRunner().invoke(front_door, ["env", *options])
    assert (ended.exit_code, ended.stderr) == (0, "")
    return ended.stdout


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell to source it")
@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize(("name", "prefix"), [("default", ""), ("team-7", "/ns/team-7")])
def test_each_format_says_the_same(form: str, name: str, prefix: str) -> None:
    text = env("--format", form, "--namespace", name, "--profile", "mtnzambia")
    credentials = credentials_of(name)
    keys = credentials.subscription_keys
    wanted = {
        "MTN_BASE_URL": f"http://127.0.0.1:8046{prefix}",
        "MTN_SUBSCRIPTION_KEY": keys[Product.COLLECTION],
        "MTN_COLLECTION_SUBSCRIPTION_KEY": keys[Product.COLLECTION],
        "MTN_DISBURSEMENT_SUBSCRIPTION_KEY": keys[Product.DISBURSEMENT],
        "MTN_REMITTANCE_SUBSCRIPTION_KEY": keys[Product.REMITTANCE],
        "MTN_API_USER": credentials.api_user,
        "MTN_API_KEY": credentials.api_key,
        "MTN_TARGET_ENVIRONMENT": "mtnzambia",
        "MTN_CURRENCY": "ZMW",
        "MOCK_MOMO_URL": "http://127.0.0.1:8046",
        "NO_PROXY": LOOPBACK,
        "no_proxy": LOOPBACK,
    }

    assert {key: READERS[form](text).get(key) for key in wanted} == wanted
    assert text.count("\n") == len(wanted) + (2 if form == "json" else 0)


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell to source it")
@pytest.mark.parametrize("form", READERS)
def test_no_value_is_more_than_a_text(form: str) -> None:
    text = env("--format", form, "--url", AWKWARD)

    assert READERS[form](text)["MTN_BASE_URL"] == AWKWARD


def test_a_shell_keeps_what_its_no_proxy_held() -> None:
    found = sourced(env("--format", "shell"), NO_PROXY="corp.example")

    assert (found["NO_PROXY"], found["no_proxy"]) == (f"corp.example,{LOOPBACK}", LOOPBACK)


def test_a_fake_elsewhere_says_nothing_of_proxies() -> None:
    found = json.loads(env("--format", "json", "--url", "http://momo.test:80/"))

    assert found["MTN_BASE_URL"] == "http://momo.test:80"
    assert "NO_PROXY" not in found


def test_the_variables_are_those_of_a_fake_that_runs(console: Console) -> None:
    with console.serving() as serving:
        for name in ("default", "a"):
            world = Control(serving.url).namespace(name)
            found = json.loads(env("--format", "json", "--url", serving.url, "--namespace", name))
            prefix = "/ns/default" if name == "default" else ""
            assert world.base_url == found["MTN_BASE_URL"] + prefix
            own = {key: value for key, value in world.variables.items() if key != "MTN_BASE_URL"}
            assert own.items() <= found.items()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "Missing option '--format'"),
        (("--format", "toml"), "is not one of 'shell', 'dotenv', 'json', 'github'"),
        (("--format", "json", "--namespace", "a b"), "must be 1 to 100 letters"),
        (("--format", "json", "--url", "localhost:80"), "is not an address such as http://"),
        (("--format", "json", "--url", "http://x\ny"), "is not an address such as http://"),
        (("--format", "json", "--profile", "mars"), "'mars' is unknown; known: sandbox"),
    ],
)
def test_a_wrong_option_ends_it_with_2(options: tuple[str, ...], told: str) -> None:
    ended = CliRunner().invoke(front_door, ["env", *options])

    assert (ended.exit_code, told in ended.stderr) == (2, True)
