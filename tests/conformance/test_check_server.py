"""`mock-momo check-server`, as it is run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mock_momo.testing import Control

VARIABLES = ("MTN_", "MOCK_MOMO_")


def check_server(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(VARIABLES)}
    run = "from momo_conformance.commands.check_server import check_server; check_server()"
    return subprocess.run(
        (sys.executable, "-c", run, *arguments),
        env=kept | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_fake_of_its_own_passes_and_it_says_beforehand_what_it_will_do() -> None:
    run = check_server("--only", "srv-05", "--only", "MOMO-SRV-12")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "at most 23 calls to 127.0.0.1" in run.stderr
    assert "2 PASS" in run.stdout


def test_a_running_fake_is_examined_in_worlds_of_its_own(fake: Control, tmp_path: Path) -> None:
    before = fake.names()
    page = tmp_path / "report.html"
    run = check_server("--base-url", fake.url, "--only", "SRV-02", "--html", str(page))
    assert run.returncode == 0, run.stdout + run.stderr
    assert "MOMO-SRV-02" in page.read_text("utf-8")
    assert fake.names() == before


def test_a_server_that_breaks_something_ends_with_1(fake: Control) -> None:
    world = fake.namespace("wrong", outcome="FAILED")
    variables = world.variables | {"MTN_BASE_URL": f"{fake.url}/ns/wrong"}
    run = check_server("--only", "SRV-13", **variables)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "is FAILED INTERNAL_PROCESSING_ERROR, not SUCCESSFUL" in run.stdout
    assert "mock-momo check-server" in run.stdout
    shown = run.stdout + run.stderr
    assert not any(key in shown for key in (world.api_key, *world.subscription_keys.values()))


def test_two_servers_are_put_side_by_side(fake: Control) -> None:
    run = check_server("--base-url", fake.url, "--only", "SRV-07", "--compare", "fake")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 kinds of difference in" in run.stdout


def test_a_second_server_that_is_not_there_takes_nothing_from_the_report(
    fake: Control, unused_tcp_port: int
) -> None:
    keys = {"MTN_API_USER": "u", "MTN_API_KEY": "k", "MTN_SUBSCRIPTION_KEY": "s"}
    second = f"http://127.0.0.1:{unused_tcp_port}"
    run = check_server("--base-url", fake.url, "--only", "SRV-07", "--compare", second, **keys)
    assert run.returncode == 3
    assert "1 PASS" in run.stdout
    assert f"cannot reach {second}" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--base-url", "https://momo.example"), "--api-user"),
        (("--base-url", "http://momo.example", "--api-user", "u", "--api-key", "k"), "clear"),
        (("--calls-per-s", "0"), "--calls-per-s"),
        (("--compare", "http://momo.example"), "give --api-user"),
        (("--base-url", "127.0.0.1:8055"), "'127.0.0.1:8055' is no http(s) URL with a host: write"),
        (("--base-url", "http://[::1"), "'http://[::1' is no URL: Invalid IPv6 URL"),
        (("--base-url", "http://127.0.0.1:99999"), "99999' is no URL: Port out of range"),
        (("--base-url", "http://127.0.0.1:9"), "no fake answers at http://127.0.0.1:9"),
        (("--compare", "bogus"), "'bogus' is no http(s) URL"),
        (("--control", "bogus"), "'bogus' is no http(s) URL"),
        (("--only", "SRV-5"), "'SRV-5' names no requirement of a server; did you mean SRV-05?"),
        (("--only", "TOK-02"), "'TOK-02' names no requirement of a server"),
    ],
)
def test_a_wrong_use_ends_with_2(arguments: tuple[str, ...], told: str) -> None:
    run = check_server(*arguments)
    assert run.returncode == 2
    assert told in " ".join(run.stderr.split())
    assert "Traceback" not in run.stderr


def test_a_server_that_is_not_there_ends_with_3(unused_tcp_port: int) -> None:
    keys = {"MTN_API_USER": "u", "MTN_API_KEY": "k", "MTN_SUBSCRIPTION_KEY": "s"}
    run = check_server("--base-url", f"http://127.0.0.1:{unused_tcp_port}", **keys)
    assert run.returncode == 3
    assert f"cannot reach http://127.0.0.1:{unused_tcp_port}" in run.stderr
