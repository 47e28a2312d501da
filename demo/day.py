"""`python -m demo.day`: a day in a second, since all that has a date obeys the namespace's clock.

A merchant whose callback endpoint is down for two hours, a token that dies every hour, a payment
that stays pending for ever and one that succeeds a minute before the day is over.
"""

import asyncio
import sys
from base64 import b64encode
from dataclasses import dataclass
from time import perf_counter

from aiohttp import ClientResponse, ClientSession, web
from rich.console import Console
from rich.table import Table

from mock_momo.testing import AsyncWorld, FiredRow, async_fake

HOUR_S = 3600
DAY_S = 24 * HOUR_S
DOWN_S = 2 * HOUR_S
ORDERS = ("prompt", "stuck", "late")
SCENARIO = {
    "outcome": "SUCCESSFUL; after=30s",
    "switches": {"callback_retry": "blocks"},
    "rules": [
        {"name": "stuck", "match": {"external_id": "stuck"}, "fault": "stuck_pending"},
        {
            "name": "late",
            "match": {"external_id": "late"},
            "fault": {"late_success": {"after_s": DAY_S - 60}},
        },
    ],
}


@dataclass(frozen=True, slots=True)
class Day:
    """What the day came to. `at_s` of a row is namespace time since it began."""

    rows: tuple[tuple[float, str], ...]
    statuses: tuple[str, ...]
    token_deaths: int
    refused: int
    told: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Each payment is where its rule says, and each callback that was owed has arrived once."""
        return (
            self.statuses == ("SUCCESSFUL", "PENDING", "SUCCESSFUL")
            and self.told == ("prompt", "late")
            and self.token_deaths == DAY_S // HOUR_S
            and self.refused > 20
        )


class Merchant:
    """A client that logs in again when refused, and a callback endpoint that is down at first."""

    def __init__(self, world: AsyncWorld, session: ClientSession) -> None:
        self.told: list[str] = []
        self.refused = 0
        self.token_deaths = 0
        self.is_up = False
        self._world, self._session, self._token = world, session, ""

    async def receive(self, request: web.BaseRequest) -> web.Response:
        """Answer a callback."""
        if not self.is_up:
            self.refused += 1
            return web.Response(status=503)
        self.told.append((await request.json())["externalId"])
        return web.Response()

    async def log_in(self) -> None:
        """Fetch a token."""
        basic = b64encode(f"{self._world.api_user}:{self._world.api_key}".encode()).decode()
        reply = await self._ask("POST", "token/", Authorization=f"Basic {basic}")
        self._token = (await reply.json())["access_token"]

    async def pay(self, order: str, callback_url: str) -> None:
        """Ask for a payment whose external id says what becomes of it."""
        body = {
            "amount": "10",
            "currency": self._world.currency,
            "externalId": order,
            "payer": {"partyIdType": "MSISDN", "partyId": "46733120001"},
        }
        headers = {"X-Reference-Id": _reference_id(order), "X-Callback-Url": callback_url}
        await self._ask("POST", "v1_0/requesttopay", body, **headers)

    async def status(self, order: str) -> str:
        """The payment's status, with a new token if the old one has died."""
        path = f"v1_0/requesttopay/{_reference_id(order)}"
        reply = await self._ask("GET", path)
        if reply.status == 401:
            self.token_deaths += 1
            await self.log_in()
            reply = await self._ask("GET", path)
        return str((await reply.json())["status"])

    async def _ask(
        self, method: str, path: str, body: object = None, **headers: str
    ) -> ClientResponse:
        named = {
            "Ocp-Apim-Subscription-Key": self._world.subscription_keys["collection"],
            "Authorization": f"Bearer {self._token}",
            "X-Target-Environment": self._world.target_environment,
        }
        url = f"{self._world.base_url}/collection/{path}"
        return await self._session.request(method, url, json=body, headers=named | headers)


async def live() -> Day:
    """The whole day, hour by hour; the merchant looks at every payment once an hour."""
    async with async_fake() as fake, ClientSession() as session:
        world = await fake.namespace("day", **SCENARIO)
        merchant = Merchant(world, session)
        endpoint = web.Server(merchant.receive)
        listener = await asyncio.get_running_loop().create_server(endpoint, "127.0.0.1", 0)
        url = f"http://localhost:{listener.sockets[0].getsockname()[1]}/momo"
        began_ms = (await world.freeze()).now_ms
        await merchant.log_in()
        for order in ORDERS:
            await merchant.pay(order, url)
        fired: list[FiredRow] = []
        for hour in range(DAY_S // HOUR_S):
            merchant.is_up = hour * HOUR_S >= DOWN_S
            fired += (await world.advance(HOUR_S)).fired
            statuses = [await merchant.status(order) for order in ORDERS]
        listener.close()
        await endpoint.shutdown()
    rows = tuple(((row.at_ms - began_ms) / 1000, _told(row)) for row in fired)
    return Day(rows, tuple(statuses), merchant.token_deaths, merchant.refused, tuple(merchant.told))


def show(day: Day, seconds: float, console: Console) -> None:
    """Print what happened by itself, attempts of a kind drawn together, and the sums."""
    table = Table("namespace time", "happened by itself", box=None)
    runs: list[list[tuple[float, str]]] = []
    for row in day.rows:
        if runs and runs[-1][0][1] == row[1]:
            runs[-1].append(row)
        else:
            runs.append([row])
    for run in runs:
        until = f" … {_clock(run[-1][0])}, {len(run)} times" if len(run) > 1 else ""
        table.add_row(f"{_clock(run[0][0])}{until}", run[0][1])
    console.print(table)
    console.print(
        f"24 h of namespace time in {seconds:.2f} s: {len(day.rows)} things came due, "
        f"{day.token_deaths} tokens died, {day.refused} callback attempts were refused, "
        f"{len(day.told)} callbacks arrived"
    )


def main() -> int:
    """Live the day and print it; 0 when it went as it must."""
    began = perf_counter()
    day = asyncio.run(live())
    show(day, perf_counter() - began, Console())
    return 0 if day.is_right else 1


def _reference_id(order: str) -> str:
    return f"00000000-0000-4000-8000-{ORDERS.index(order):012}"


def _told(row: FiredRow) -> str:
    order = ORDERS[int(row.reference_id[-1])]
    if row.kind == "payment_settled":
        return f"{order}: {row.state}"
    return f"{order}: callback answered {row.status}"


def _clock(at_s: float) -> str:
    minutes, seconds = divmod(int(at_s), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


if __name__ == "__main__":
    sys.exit(main())
