"""Requests to a namespace of the fake, written out in full: bytes for a socket."""

import json
import urllib.request
from base64 import b64encode
from urllib.parse import urlsplit

from mock_momo.testing import World

_TOKEN = "/collection/token/"  # noqa: S105  # a path
_REQUEST_TO_PAY = "/collection/v1_0/requesttopay"


class Requests:
    """What one client of a namespace sends; every payment has a number."""

    def __init__(self, world: World) -> None:
        address = urlsplit(world.base_url)
        self._prefix, self._host = address.path, address.netloc
        self._key = f"Ocp-Apim-Subscription-Key: {world.subscription_keys['collection']}"
        credentials = b64encode(f"{world.api_user}:{world.api_key}".encode()).decode()
        self._basic = f"Authorization: Basic {credentials}"
        self._wallet = (
            f"Authorization: Bearer {self._fetch_token(world)}",
            f"X-Target-Environment: {world.target_environment}",
        )
        self._currency = world.currency

    def token(self) -> bytes:
        return self._write(f"POST {self._prefix}{_TOKEN}", (self._basic,))

    def create(self, number: int) -> bytes:
        """A request to pay with texts of its own, but for the note, which a shop has one of."""
        order = {
            "amount": f"{number % 100_000 + 1}.50",
            "currency": self._currency,
            "externalId": f"{number:08}",
            "payer": {"partyIdType": "MSISDN", "partyId": f"4673{number % 10**7:07}"},
            "payerMessage": f"Order {number:08}, thank you",
            "payeeNote": "Paid in the web shop",
        }
        headers = (*self._wallet, f"X-Reference-Id: {_id(number)}")
        body = json.dumps(order).encode()
        return self._write(f"POST {self._prefix}{_REQUEST_TO_PAY}", headers, body)

    def status(self, number: int) -> bytes:
        return self._write(f"GET {self._prefix}{_REQUEST_TO_PAY}/{_id(number)}", self._wallet)

    def _write(self, line: str, headers: tuple[str, ...], body: bytes = b"") -> bytes:
        length = f"Content-Length: {len(body)}"
        lines = (f"{line} HTTP/1.1", f"Host: {self._host}", self._key, length, *headers, "", "")
        return "\r\n".join(lines).encode() + body

    def _fetch_token(self, world: World) -> str:
        name, _, key = self._key.partition(": ")
        headers = {"Authorization": self._basic.partition(": ")[2], name: key}
        url = f"{world.base_url}{_TOKEN}"
        request = urllib.request.Request(url, b"", headers)  # noqa: S310  # loopback
        with urllib.request.urlopen(request) as reply:  # noqa: S310  # loopback
            token: str = json.load(reply)["access_token"]
        return token


def _id(number: int) -> str:
    return f"5eed0000-0000-4000-8000-{number:012x}"
