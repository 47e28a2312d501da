"""The plugin as a user's own project meets it: loaded by its entry point in a child pytest."""

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


def run_pytest(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:asyncio", "-W", "error", *options],
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


def test_its_fixtures_are_listed_with_what_they_are(project: Path) -> None:
    listed = run_pytest(project, "--fixtures").stdout

    assert "momo_server [session scope]" in listed
    assert "A fresh namespace, seen by no other test" in listed
