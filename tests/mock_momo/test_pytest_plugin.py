"""The plugin as a user's own project meets it: loaded by its entry point in a child pytest."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

A_PROJECT = """
import json
import sys
from base64 import b64encode
from urllib.request import Request, urlopen

import pytest

seen = set()


def test_no_part_of_the_fake_is_imported_before_a_test_asks_for_it():
    assert "mock_momo.testing" not in sys.modules
    assert "aiohttp" not in sys.modules


@pytest.mark.parametrize("amount", ["5", "7"])
def test_each_test_has_a_world_of_its_own(momo, amount):
    assert momo.books().payments == {}
    assert momo.name not in seen
    seen.add(momo.name)

    def ask(path, authorization, body=b"", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named["Ocp-Apim-Subscription-Key"] = momo.subscription_keys["collection"]
        named["Authorization"] = authorization
        request = Request(momo.base_url + path, body, named, method="POST")
        with urlopen(request) as reply:
            return reply.read()

    basic = b64encode(f"{momo.api_user}:{momo.api_key}".encode()).decode()
    token = json.loads(ask("/collection/token/", f"Basic {basic}"))["access_token"]
    order = {
        "amount": amount,
        "currency": momo.currency,
        "payer": {"partyIdType": "MSISDN", "partyId": "1"},
    }
    ask(
        "/collection/v1_0/requesttopay",
        f"Bearer {token}",
        json.dumps(order).encode(),
        X_Reference_Id="7a3e1c9a-3b5e-4a54-9d5a-111111111111",
        X_Target_Environment=momo.target_environment,
    )
    assert momo.books().payments == {"SUCCESSFUL": 1}
    assert str(momo.books().credited) == amount


def test_one_fake_serves_the_session(momo, momo_server):
    assert momo.base_url.startswith(momo_server.url)
    assert len(seen) == 2
"""


LEFTOVERS = """
import urllib.error
import urllib.request

import pytest


def stray(momo):
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(f"{momo.base_url}/collection/v9_0/pay?subscription-key=secret")


def test_stray(momo):
    stray(momo)


@pytest.mark.momo(verify=False)
class TestMeant:
    def test_stray(self, momo):
        stray(momo)

    @pytest.mark.momo(verify=True)
    def test_strict_again(self, momo):
        stray(momo)


def test_reset(momo):
    stray(momo)
    momo.reset()


def test_gone(momo):
    momo.delete()
"""

MARKED = """
import pytest

pytestmark = pytest.mark.momo(profile="mtnzambia", outcome="FAILED")


def test_of_the_module(momo):
    assert momo.currency == "ZMW"


@pytest.mark.momo(
    profile="mtnuganda",
    rules=[{"name": "all", "match": {}, "outcome": "REJECTED"}],
)
def test_the_nearest_wins(momo):
    assert momo.currency == "UGX"
    assert [rule.name for rule in momo.rules()] == ["all"]


@pytest.mark.momo(verfy=False)
def test_misspelt(momo):
    pass


@pytest.mark.momo(outcome="NEVER")
def test_wrong_value(momo):
    pass


@pytest.mark.momo("FAILED")
def test_no_keyword(momo):
    pass
"""

NAMES_ARE_TAKEN_AWAY = """
def test_one(momo):
    pass


def test_two(momo, momo_server):
    assert momo_server.names() == ["default", momo.name]
"""

MINE = """
import pytest


@pytest.fixture
def momo():
    return "mine"


def test_mine(momo):
    assert momo == "mine"
"""

MINE_ON_TOP = """
import pytest


@pytest.fixture
def momo(momo):
    momo.freeze()
    return {"MOMO_URL": momo.base_url, "world": momo}


def test_on_top(momo):
    assert momo["world"].books().payments == {}
    assert momo["MOMO_URL"] == momo["world"].base_url
"""

MY_SERVER = """
import pytest
from mock_momo.testing import in_process_fake


@pytest.fixture(scope="session")
def momo_server():
    with in_process_fake(profile="mtnzambia") as fake:
        yield fake


def test_in_process(momo):
    assert momo.currency == "ZMW"
"""

ASYNC = """
import asyncio


def test_coroutines_have_the_same_world(momo):
    async def look():
        await momo.aio.freeze()
        return await momo.aio.advance(5)

    assert asyncio.run(look()).now_ms == momo.advance(0).now_ms
"""


def run_pytest(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    unused = ("-p", "no:asyncio", "-p", "no:schemathesis")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *unused, "-W", "error", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "test_shop.py").write_text(A_PROJECT)
    (tmp_path / "contracts.py").write_text("this is = the user's own, and is never imported")
    return tmp_path


def test_it_gives_isolated_worlds_to_the_tests_of_a_project(project: Path) -> None:
    ended = run_pytest(project)

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "4 passed" in ended.stdout


def test_what_a_test_leaves_behind_is_an_error_with_a_line_for_each(tmp_path: Path) -> None:
    (tmp_path / "test_shop.py").write_text(LEFTOVERS)

    ended = run_pytest(tmp_path)

    errors = re.findall("ERROR at teardown of (.*?) _", ended.stdout)
    assert errors == ["test_stray", "TestMeant.test_strict_again"]
    assert "5 passed, 2 errors" in ended.stdout
    assert ended.stdout.count("\nmomo: unmatched request: GET /ns/test-") == 2
    assert "/collection/v9_0/pay is no operation of the API (answered 401: this" in ended.stdout
    assert "mark the test with @pytest.mark.momo(verify=False)" in ended.stdout
    assert "secret" not in ended.stdout
    assert "pytest_plugin.py" not in ended.stdout


def test_a_callback_that_nobody_took_is_an_error(project: Path) -> None:
    shop = (project / "test_shop.py").read_text()
    sends = shop.replace(
        "X_Target_Environment=", 'X_Callback_Url="http://localhost:9/momo", X_Target_Environment='
    )
    (project / "test_shop.py").write_text(sends)

    ended = run_pytest(project)

    assert "4 passed, 2 errors" in ended.stdout
    assert ended.stdout.count("\nmomo: undelivered callback: callback 7a3e1c9a") == 2


def test_markers_choose_the_settings_and_mistakes_are_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "test_shop.py").write_text(MARKED)

    ended = run_pytest(tmp_path, "--strict-markers")

    assert "2 passed, 3 errors" in ended.stdout
    assert "@pytest.mark.momo takes verify and the settings of a namespace: " in ended.stdout
    assert "unknown key 'verfy'; known: profile, outcome" in ended.stdout
    assert "outcome 'NEVER' is not one of SUCCESSFUL" in ended.stdout
    assert "During handling" not in ended.stdout
    assert "takes keywords only, such as outcome='FAILED'" in ended.stdout
    assert "pytest_plugin.py" not in ended.stdout


def test_the_marker_is_listed_with_what_it_takes(project: Path) -> None:
    assert "@pytest.mark.momo(verify=True, **settings)" in run_pytest(project, "--markers").stdout


@pytest.mark.parametrize("options", [(), pytest.param(("-n", "2"), marks=pytest.mark.long)])
def test_it_works_in_workers_and_beside_the_users_own_fixtures(
    project: Path, options: tuple[str, ...]
) -> None:
    own = {
        "mine": MINE,
        "on_top": MINE_ON_TOP,
        "server": MY_SERVER,
        "async": ASYNC,
        "names": NAMES_ARE_TAKEN_AWAY,
    }
    for name, text in own.items():
        (project / f"test_{name}.py").write_text(text)

    ended = run_pytest(project, "-k", "not imported and not session", *options)

    assert "8 passed" in ended.stdout, ended.stdout + ended.stderr
    assert ended.returncode == 0


def test_its_fixtures_are_listed_with_what_they_are(project: Path) -> None:
    listed = run_pytest(project, "--fixtures").stdout

    assert "momo_server [session scope]" in listed
    assert "A fresh namespace, seen by no other test" in listed
