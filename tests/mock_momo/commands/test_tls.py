"""`--tls`: real certificates, real tunnels, and the languages that this machine has."""

import json
import socket
import ssl
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mock_momo.edge.tls import MTN_HOSTS
from mock_momo.testing import Control
from tests.mock_momo.commands.conftest import LIMIT_S, Console, Ended, Serving

HEALTH = "/_mock/v1/health"
WITHOUT_TRUSTME = """
import sys
from importlib.abc import MetaPathFinder

class Blocker(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "trustme":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Blocker())
from mock_momo.cli import main
main(sys.argv[1:])
"""


def around(console: Console, *command: str, **variables: str) -> Ended:
    own = ("exec", "--tls", "--port", "0", "--no-verify", "--", *command)
    return console.run(*own, **variables)


def tunnel_of(serving: Serving) -> tuple[str, int]:
    line = next(line for line in serving.lines if line.startswith("  most "))
    address = urlsplit(line.split("HTTPS_PROXY=")[1].strip())
    assert address.hostname is not None
    assert address.port is not None
    return address.hostname, address.port


def by_tunnel(console: Console, serving: Serving) -> HTTPSConnection:
    trusting = ssl.create_default_context(cafile=console.folder / "mock-momo-ca.pem")
    client = HTTPSConnection(*tunnel_of(serving), context=trusting, timeout=LIMIT_S)
    client.set_tunnel("sandbox.momodeveloper.mtn.com", 443)
    return client


@contextmanager
def taken_port() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield str(taken.getsockname()[1])


@pytest.mark.parametrize("by", ["option", "variable"])
def test_its_certificate_names_this_machine_and_every_host_of_mtn(
    console: Console, by: str
) -> None:
    options = ("--tls",) if by == "option" else ()
    variables = {"MOCK_MOMO_TLS": "1"} if by == "variable" else {}
    with console.serving(*options, **variables) as serving:
        assert serving.url.startswith("https://127.0.0.1:")
        trusting = ssl.create_default_context(cafile=console.folder / "mock-momo-ca.pem")
        port = urlsplit(serving.url).port
        for host in (*MTN_HOSTS, "localhost", "127.0.0.1", "::1"):
            with (
                socket.create_connection(("127.0.0.1", port or 0), timeout=LIMIT_S) as plain,
                trusting.wrap_socket(plain, server_hostname=host) as secured,
            ):
                assert secured.getpeercert()
        ended = serving.stop()

    assert (ended.code, ended.err) == (0, "")


def test_a_client_comes_from_a_host_of_mtn_by_the_tunnel(console: Console) -> None:
    with console.serving("--tls") as serving, closing(by_tunnel(console, serving)) as client:
        client.request("GET", HEALTH)
        assert client.getresponse().read() == b'{"status":"ok"}\n'


def test_what_is_under_way_at_its_end_is_answered_through_the_tunnel(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    with console.serving("--tls") as serving:
        monkeypatch.setenv("SSL_CERT_FILE", str(console.folder / "mock-momo-ca.pem"))
        world = Control(serving.url).find("default")
        world.close_gate("last", "before_reply")
        with closing(by_tunnel(console, serving)) as client:
            client.request("POST", "/collection/token/")
            world.wait_held("last")
            serving.child.terminate()
            assert client.getresponse().status == 401
        assert serving.child.wait(LIMIT_S) == 0


def test_the_authority_is_in_its_file_without_a_key_as_long_as_the_fake_is(
    console: Console, tmp_path: Path
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    options = ("--tls", "--tls-ca", str(tmp_path / "ca.pem"))
    with console.serving(*options, TMPDIR=str(temporary)) as serving:
        text = (tmp_path / "ca.pem").read_text()
        left = {path.name for path in tmp_path.rglob("*")}
        ended = serving.stop()

    assert ended.code == 0
    assert text.startswith("-----BEGIN CERTIFICATE-----\n")
    assert (text.count("-----BEGIN"), "KEY" in text) == (1, False)
    assert left == {"temporary", "ca.pem"}, "the key was in a temporary file that is gone"
    assert {path.name for path in tmp_path.rglob("*")} == {"temporary"}


def test_the_authority_of_exec_is_in_a_temporary_file(console: Console, tmp_path: Path) -> None:
    program = "import os; print(os.environ['SSL_CERT_FILE'], *os.listdir())"
    ended = around(console, sys.executable, "-c", program, TMPDIR=str(tmp_path))

    assert ended.code == 0
    path, *others = ended.out.split()
    assert Path(path).is_relative_to(tmp_path)
    assert [name for name in others if "ca" in name] == []
    assert list(tmp_path.iterdir()) == []


def test_the_command_is_given_the_authority_and_the_tunnel(console: Console) -> None:
    show = "import json, os; print(json.dumps(dict(os.environ)))"
    before = {"NO_PROXY": "intranet.example", "HTTPS_PROXY": "http://proxy.example:3128"}
    command = ("exec", "--tls", "--tls-ca", "ca.pem", "--no-verify", "--port", "0")
    ended = console.run(*command, "--", sys.executable, "-c", show, **before)

    seen = json.loads(ended.out)
    ca_file = str(console.folder / "ca.pem")
    assert {
        seen[name]
        for name in (
            "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CURL_CA_BUNDLE",
        )
    } == {ca_file}  # fmt: skip
    assert seen["HTTPS_PROXY"] == seen["https_proxy"]
    assert seen["HTTPS_PROXY"].startswith("http://127.0.0.1:")
    assert seen["NO_PROXY"] == "intranet.example,127.0.0.1,localhost,::1"
    assert seen["NODE_USE_ENV_PROXY"] == "1"
    assert seen["MTN_BASE_URL"].startswith("https://127.0.0.1:")


def test_what_is_no_tls_and_what_is_idle_do_not_keep_it_from_ending(console: Console) -> None:
    with console.serving("--tls", "--drain-s", "60") as serving:
        address = urlsplit(serving.url)
        with (
            socket.create_connection((address.hostname, address.port or 0)) as plain,
            socket.create_connection(tunnel_of(serving)) as silent,
            closing(by_tunnel(console, serving)) as kept,
        ):
            plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
            plain.settimeout(LIMIT_S)
            plain.recv(1)
            silent.sendall(b"CONNECT ")
            kept.request("GET", HEALTH)
            kept.getresponse().read()
            ended = serving.stop()

    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("command", ["serve", "exec"])
def test_a_taken_tunnel_port_ends_it_with_3_and_one_line(console: Console, command: str) -> None:
    with taken_port() as free:
        pass
    with taken_port() as port:
        options = ("--tls", "--port", free, "--tls-tunnel-port", port)
        rest = ("--", "true") if command == "exec" else ()
        ended = console.run(command, *options, *rest)

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith(f"mock-momo: cannot open the tunnel on 127.0.0.1:{port}: ")
    assert ended.err.count("\n") == 1
    assert list(console.folder.iterdir()) == []


def test_a_taken_port_leaves_the_authority_of_the_fake_that_runs_there(console: Console) -> None:
    with console.serving("--tls") as serving:
        before = (console.folder / "mock-momo-ca.pem").read_bytes()
        port = str(urlsplit(serving.url).port)
        ended = console.run("serve", "--tls", "--port", port)
        assert (console.folder / "mock-momo-ca.pem").read_bytes() == before

    assert ended.code == 3


def test_an_authority_that_cannot_be_written_ends_it_with_3_and_one_line(
    console: Console,
) -> None:
    ended = console.run("serve", "--tls", "--port", "0", "--tls-ca", "nowhere/ca.pem")

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith(f"mock-momo: cannot write {console.folder}/nowhere/ca.pem:")
    assert ended.err.count("\n") == 1


@pytest.mark.parametrize(
    "options", [("--tls-ca", "ca.pem"), ("--tls-tunnel-port", "0")], ids=lambda row: row[0]
)
def test_what_only_tls_has_wants_tls(console: Console, options: tuple[str, ...]) -> None:
    ended = console.run("serve", "--port", "0", *options)

    assert (ended.code, ended.out) == (2, "")
    assert f"{options[0]} is for a fake on TLS; give --tls, too" in ended.err


@pytest.mark.parametrize("command", [("serve",), ("exec", "--tls", "true")])
def test_without_trustme_it_ends_with_2_and_the_line_that_installs_it(
    console: Console, command: tuple[str, ...]
) -> None:
    arguments = (*command, "--tls") if command == ("serve",) else command
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TRUSTME, *arguments],
        env=console.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (2, "")
    assert "--tls needs trustme, which is not installed" in done.stderr
    assert "pip install 'mock-momo[tls]'" in done.stderr


def test_a_file_that_is_no_certificate_is_not_replaced(console: Console) -> None:
    mine = console.folder / "mine.pem"
    mine.write_text("precious")

    ended = console.run("serve", "--port", "0", "--tls", "--tls-ca", str(mine))

    assert (ended.code, mine.read_text()) == (3, "precious")
    assert "give another --tls-ca" in ended.err


def test_the_authority_of_another_fake_stays(console: Console) -> None:
    with console.serving("--tls") as _:
        ours = console.folder / "mock-momo-ca.pem"
        theirs = ours.read_bytes().replace(b"A", b"B")
        ours.write_bytes(theirs)

    assert ours.read_bytes() == theirs


def test_clients_that_reset_leave_no_trace_on_stderr(console: Console) -> None:
    with console.serving("--tls") as serving:
        for _ in range(50):
            with socket.create_connection(tunnel_of(serving), LIMIT_S) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                client.sendall(b"CONNECT sandbox.momodeveloper.mtn.com:443 HTTP/1.1\r\n\r\n")
        with closing(by_tunnel(console, serving)) as good:
            good.request("GET", HEALTH)
            assert good.getresponse().status == 200
        ended = serving.stop()

    assert (ended.code, ended.err) == (0, "")
