"""Who may reach the fake, and who its control API. Tests connect by loopback only."""

from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mock_momo.edge.running import RunningOptions
from mock_momo.errors import InvalidSetting
from mock_momo.testing import Control
from mock_momo.testing.transports import HttpTransport
from tests.mock_momo.commands.conftest import Console

EVERYWHERE = "0.0.0.0"  # noqa: S104  # asked for, guarded, and reached by loopback
TOKEN = "correct-horse-battery"
HOW_TO_MAKE = "secrets.token_urlsafe"
REFUSED = (
    # options, token in the environment, what is said
    ((), None, "is not a loopback address"),
    (("--allow-remote",), None, HOW_TO_MAKE),
    (("--allow-remote",), "", HOW_TO_MAKE),
    (("--allow-remote",), "x" * 15, HOW_TO_MAKE),
    (("--allow-remote",), "correct horse battery", "without blanks"),
    (("--allow-remote",), "kórrekt-horse-battery", "printable ASCII"),
    (("--allow-remote", "--control-token-file", "nowhere"), TOKEN, "No such file or directory"),
    (("--allow-remote", "--control-token-file", "short"), TOKEN, "must be 16 or more"),
    (("--allow-remote", "--control-token-file", "bytes"), TOKEN, "it is no text"),
)


def asked(url: str, path: str, **headers: str) -> tuple[int, str | None]:
    address = urlsplit(url)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=10)
    connection.request("GET", f"/_mock/v1/{path}", headers=headers)
    reply = connection.getresponse()
    connection.close()
    return reply.status, reply.getheader("WWW-Authenticate")


@pytest.mark.parametrize(("options", "token", "told"), REFUSED)
def test_others_are_let_in_only_when_asked_and_with_a_token(
    console: Console, tmp_path: Path, options: tuple[str, ...], token: str | None, told: str
) -> None:
    (tmp_path / "short").write_text("short\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe" * 20)
    variables = {} if token is None else {"MOCK_MOMO_CONTROL_TOKEN": token}
    ended = console.run("serve", "--port", "0", "--host", EVERYWHERE, *options, **variables)

    assert (ended.code, ended.out) == (2, "")
    assert told in " ".join(ended.err.split())
    assert token is None or token == "" or token not in ended.err


@pytest.mark.parametrize("by", ["file", "file variable", "variable"])
def test_a_fake_for_everybody_is_steered_by_whoever_has_the_token(
    console: Console, tmp_path: Path, by: str
) -> None:
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    options = ("--control-token-file", str(path)) if by == "file" else ()
    variables = {
        "file": {},
        "file variable": {"MOCK_MOMO_CONTROL_TOKEN_FILE": str(path)},
        "variable": {"MOCK_MOMO_CONTROL_TOKEN": TOKEN},
    }[by]
    asked_for = {"MOCK_MOMO_ALLOW_REMOTE": "1"}
    with console.serving("--host", EVERYWHERE, *options, **variables, **asked_for) as serving:
        url = serving.url
        assert url.startswith("http://127.0.0.1:")
        assert [asked(url, "health"), asked(url, "ready")] == [(200, None)] * 2
        assert asked(url, "namespaces") == (401, "Bearer")
        assert asked(url, "namespaces", Authorization=f"Bearer {TOKEN}x") == (401, "Bearer")
        assert asked(url, "nothing") == (401, "Bearer")
        assert asked(url, "namespaces", Authorization=f"Bearer {TOKEN}") == (200, None)
        assert Control(url, HttpTransport(url, TOKEN)).names() == ["default"]
        with pytest.raises(InvalidSetting, match="this fake has a control token"):
            Control(url, HttpTransport(url, None)).names()
        ended = serving.stop()

    assert TOKEN not in ended.out + ended.err


def test_a_token_counts_on_loopback_too_and_the_client_finds_it_in_the_environment(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    with console.serving(MOCK_MOMO_CONTROL_TOKEN=TOKEN) as serving:
        assert asked(serving.url, "metrics") == (401, "Bearer")
        monkeypatch.setenv("MOCK_MOMO_CONTROL_TOKEN", TOKEN)
        assert Control(serving.url).names() == ["default"]


def test_no_repr_shows_the_token() -> None:
    assert TOKEN not in repr(RunningOptions(control_token=TOKEN))
    assert TOKEN not in repr(HttpTransport("http://127.0.0.1:1", TOKEN))
