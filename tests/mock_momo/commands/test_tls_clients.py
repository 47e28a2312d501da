"""Programs in the languages that this machine has come to a fake on TLS, also from MTN's hosts."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.mock_momo.commands.conftest import Console, Serving
from tests.mock_momo.commands.test_tls import HEALTH, around

SANDBOX = f"https://sandbox.momodeveloper.mtn.com{HEALTH}"
FETCH = "fetch({0}).then(r => r.text()).then(console.log)"
BY_URLLIB = (
    "import os, sys, urllib.request as u; "
    f"own = os.environ['MTN_BASE_URL'] + '{HEALTH}'; "
    "print(u.urlopen(sys.argv[1] if sys.argv[1:] else own).read())"
)
BY_CONTROL = (
    "import os; from mock_momo.testing import Control; "
    "control = Control(os.environ['MOCK_MOMO_URL']); control.namespace('shop'); "
    "print(control.names())"
)
BY_JAVA = """
class Probe {
  public static void main(String[] urls) throws Exception {
    for (String url : urls)
      System.out.print(new String(new java.net.URL(url).openStream().readAllBytes()));
  }
}
"""


def printed(serving: Serving, title: str) -> list[str]:
    """The lines under a title, without the names in front of them."""
    section = "".join(serving.lines).partition(f"{title}\n")[2].partition("\n\n")[0]
    return [re.split(r" {2,}", line, maxsplit=2)[-1] for line in section.splitlines()]


def node_version(node: str) -> int:
    shown = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)
    return int(shown.stdout.removeprefix("v").partition(".")[0])


@pytest.mark.parametrize("address", [(), (SANDBOX,)], ids=["as told", "compiled in"])
def test_a_python_program_needs_nothing_but_exec(
    console: Console, address: tuple[str, ...]
) -> None:
    ended = around(console, sys.executable, "-c", BY_URLLIB, *address)

    assert (ended.code, ended.out) == (0, 'b\'{"status":"ok"}\\n\'\n')


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize(
    ("address", "code", "status"),
    [(SANDBOX, 0, "200"), ("https://example.com/", 56, "000")],
)
def test_curl_comes_to_mtns_hosts_and_nowhere_else(
    console: Console, address: str, code: int, status: str
) -> None:
    show = "%{http_connect} %{http_code}"
    ended = around(console, "curl", "-s", "-o", os.devnull, "-w", show, address)

    assert ended.code == code
    assert ended.out == ("200 200" if code == 0 else f"403 {status}")


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
def test_a_node_program_needs_nothing_but_exec(console: Console) -> None:
    node = shutil.which("node") or ""
    address = f"process.env.MTN_BASE_URL + '{HEALTH}'"
    if node_version(node) >= 24:
        address = repr(SANDBOX)
    ended = around(console, node, "-e", FETCH.format(address))

    assert (ended.code, ended.out) == (0, '{"status":"ok"}\n\n')


@pytest.mark.skipif(
    shutil.which("keytool") is None or shutil.which("javac") is None, reason="there is no JDK"
)
@pytest.mark.long
def test_the_printed_lines_for_java_work(console: Console) -> None:
    (console.folder / "Probe.java").write_text(BY_JAVA)
    with console.serving("--tls") as serving:
        keytool, trusting = printed(serving, "Trust it:")[-2:]
        proxied = printed(serving, "MTN's own hosts are the fake, by this tunnel:")[-1]
        flags = f"{trusting.removeprefix('java ')} {proxied.removeprefix('java ')}"
        addresses = f"{serving.url}{HEALTH} {SANDBOX}"
        script = f"{keytool} && java {flags} Probe.java {addresses}"
        done = subprocess.run(
            ["sh", "-c", script], cwd=console.folder, capture_output=True, text=True, check=False
        )

    assert (done.returncode, done.stdout) == (0, '{"status":"ok"}\n' * 2), done.stderr


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_printed_curl_line_gets_a_token(console: Console) -> None:
    with console.serving("--tls") as serving:
        command = "".join(serving.lines).partition("Try it:\n")[2].partition("\n\n")[0]
        pasted = ["sh", "-c", f"{command} --silent --fail"]
        answer = subprocess.run(pasted, cwd=console.folder, capture_output=True, check=True)

    assert b'"access_token":"' in answer.stdout


def test_the_control_api_is_on_tls_too(console: Console) -> None:
    ended = around(console, sys.executable, "-c", BY_CONTROL)

    assert (ended.code, ended.out, ended.err) == (0, "['default', 'shop']\n", "")
