"""The fake in your own tests: start one, make a world of your own in it, look into its books.

    with running_fake() as fake:
        world = fake.namespace("checkout")
        ...                       # point your client at world.base_url
        assert world.books().payments == {"SUCCESSFUL": 1}

Standard library only. The fake runs as a child process, started by the same Python.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote, urlsplit

from mock_momo.errors import FakeUnavailable, InvalidSetting, MockMomoError, UnknownNamespace

_STOP_S = 10.0
_ANSWER_S = 30.0
Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Books:
    """The fake's books of one namespace. Counts are by state and by operation."""

    currency: str
    opening: Decimal
    credited: Decimal
    balance: Decimal
    payments: Mapping[str, int]
    calls: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment as the fake's books have it. `state` may be TIMEOUT or REJECTED."""

    reference_id: str
    external_id: str | None
    amount: Decimal
    currency: str
    payer: str
    state: str
    reason: str | None
    plan: str
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class World:
    """A namespace of a running fake: what a client needs to use it, and how to steer it."""

    name: str
    base_url: str
    api_user: str
    api_key: str = field(repr=False)
    subscription_keys: Mapping[str, str] = field(repr=False)
    target_environment: str
    currency: str
    control: "Control" = field(repr=False)

    @property
    def variables(self) -> dict[str, str]:
        """The `MTN_*` variables that point a client at this namespace."""
        return {
            "MTN_BASE_URL": self.base_url,
            "MTN_SUBSCRIPTION_KEY": self.subscription_keys["collection"],
            "MTN_API_USER": self.api_user,
            "MTN_API_KEY": self.api_key,
            "MTN_TARGET_ENVIRONMENT": self.target_environment,
            "MTN_CURRENCY": self.currency,
        }

    def freeze(self, at_ms: int | None = None) -> int:
        """Stop the clock, here or at a later instant; returns the namespace's time in ms."""
        return self._clock(action="freeze", at_ms=at_ms)

    def advance(self, seconds: float | Decimal) -> int:
        """Move the clock on; all that comes due has happened when this returns."""
        return self._clock(action="advance", seconds=str(seconds))

    def run_until_idle(self) -> int:
        """Move the clock on until nothing more will happen by itself."""
        return self._clock(action="run_until_idle")

    def run(self) -> int:
        """Let the clock run again from where it stands."""
        return self._clock(action="run")

    def reset(self) -> None:
        """Empty the namespace; its settings and credentials stay."""
        self._ask("POST", "/reset")

    def books(self) -> Books:
        found = self._ask("GET", "/books")
        return Books(
            found["currency"],
            Decimal(found["opening"]),
            Decimal(found["credited"]),
            Decimal(found["balance"]),
            found["payments"],
            found["calls"],
        )

    def payments(self) -> list[PaymentRow]:
        """Every payment, oldest first."""
        rows = self._ask("GET", "/payments")["payments"]
        return [PaymentRow(**(row | {"amount": Decimal(row["amount"])})) for row in rows]

    def events(self, after: int = 0) -> list[dict[str, Any]]:
        """The kept events that came after `seq`; see `momo_contracts.events` for their schema."""
        text = self.control.ask_text("GET", f"{self._path}/events?after={after}")
        return [json.loads(line) for line in text.splitlines()]

    def _clock(self, **message: object) -> int:
        now_ms: int = self._ask("POST", "/clock", message)["now_ms"]
        return now_ms

    def _ask(self, method: str, part: str, body: Mapping[str, object] | None = None) -> Found:
        return self.control.ask(method, self._path + part, body)

    @property
    def _path(self) -> str:
        return f"namespaces/{quote(self.name)}"


@dataclass(frozen=True, slots=True)
class Control:
    """The control API of a running fake at `url`."""

    url: str

    def namespace(self, name: str, **settings: object) -> World:
        """A fresh namespace of this name, emptied when it was there before.

        Settings: target_environment, outcome, expires_in_s, opening_balance, seed, switches.
        Raises InvalidSetting.
        """
        found = self.ask("PUT", f"namespaces/{quote(name)}", settings)
        return World(
            name=name,
            base_url=self.url + found["prefix"],
            api_user=found["api_user"],
            api_key=found["api_key"],
            subscription_keys=found["subscription_keys"],
            target_environment=found["target_environment"],
            currency=found["currency"],
            control=self,
        )

    def ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> Found:
        """One call of the control API, below `/_mock/v1/`. Raises MockMomoError."""
        found: Found = json.loads(self.ask_text(method, path, body))
        return found

    def ask_text(self, method: str, path: str, body: Mapping[str, object] | None = None) -> str:
        """Likewise, for an answer that is not JSON."""
        address = urlsplit(self.url)
        connection = HTTPConnection(address.hostname or "", address.port, timeout=_ANSWER_S)
        try:
            content = json.dumps(body or {}).encode()
            connection.request(method, f"/_mock/v1/{path}", content)
            reply = connection.getresponse()
            text = reply.read().decode()
        except OSError as problem:
            raise FakeUnavailable(f"no fake answers at {self.url}: {problem}") from None
        finally:
            connection.close()
        if reply.status >= 400:
            raise _refusal(self.url, reply.status, text)
        return text


@contextmanager
def running_fake(*options: str) -> Iterator[Control]:
    """A fake in a child process on a free port, for as long as the block lasts.

    `options` are those of `mock-momo serve`. Raises FakeUnavailable when it does not come up.
    """
    serve = ("serve", "--port", "0", "--with-stdin", "--log", "off", *options)
    with subprocess.Popen(  # noqa: S603  # our own command; it ends with us, however we end
        (sys.executable, "-P", "-m", "mock_momo", *serve),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            yield Control(_url(child))
        finally:
            child.terminate()
            try:
                child.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                child.kill()


def _url(child: subprocess.Popen[str]) -> str:
    for line in child.stdout or ():
        if line.startswith("READY "):
            return line.split("url=")[1].split()[0]
    raise FakeUnavailable("the fake ended before it was ready; its message is above")


def _refusal(url: str, status: int, text: str) -> MockMomoError:
    try:
        error = json.loads(text)["error"]
    except (ValueError, KeyError, TypeError):
        return FakeUnavailable(f"what answers at {url} with {status} is not the fake")
    return UnknownNamespace(error) if status == 404 else InvalidSetting(error)
