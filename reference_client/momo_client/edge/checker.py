"""The checker: every 30 s, ask for up to 10 payments that are due. One for each kind of client.

Any number of checkers may share a ledger: claims are leased, and a credit happens once whatever
they do at the same time. Both settings: MTN_CHECK_BATCH, MTN_CHECK_INTERVAL_S.
"""

import asyncio
import os
import platform
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING

from momo_client.core.events import RoundEnded, RoundLost
from momo_client.core.flows import Round, check_round
from momo_client.errors import MomoClientError

if TYPE_CHECKING:
    from momo_client.edge.asyncio_shell import MomoClient
    from momo_client.edge.blocking_shell import BlockingMomoClient


def _ignore(_round: Round) -> None:
    """For those who do not watch."""


class Checker:
    """Checks a `MomoClient`'s payments; `on_round` is told the summary of each round."""

    def __init__(self, client: "MomoClient", on_round: Callable[[Round], None] = _ignore) -> None:
        self._client = client
        self._on_round = on_round
        self._stop = asyncio.Event()

    async def check_now(self) -> Round:
        """One round over what is due now. Raises LedgerError."""
        client, began_s = self._client, monotonic()
        now_ms = client.clock.now_ms()
        summary = await client.drive(
            check_round(client.merchant, worker_name(), now_ms, client.policy)
        )
        client.tell(RoundEnded(summary, monotonic() - began_s))
        return summary

    async def run(self) -> None:
        """Round after round until `stop`; a round that has begun is finished.

        One that fails, by the ledger's fault, is told of; its payments are due again when their
        lease ends.
        """
        while not self._stop.is_set():
            try:
                self._on_round(await self.check_now())
            except MomoClientError as error:
                self._client.tell(RoundLost(str(error)))
            try:
                async with asyncio.timeout(self._client.settings.check_interval_s):
                    await self._stop.wait()
            except TimeoutError:
                continue

    def stop(self) -> None:
        """Ask `run` to return."""
        self._stop.set()


class BlockingChecker:
    """Checks a `BlockingMomoClient`'s payments; `on_round` is told the summary of each round."""

    def __init__(
        self, client: "BlockingMomoClient", on_round: Callable[[Round], None] = _ignore
    ) -> None:
        self._client = client
        self._on_round = on_round
        # Unlike an Event's, its `put` may interrupt its own `get`: a signal handler calls it.
        self._stops = SimpleQueue[None]()
        self._is_stopped = False

    def check_now(self) -> Round:
        """One round over what is due now. Raises LedgerError."""
        client, began_s = self._client, monotonic()
        now_ms = client.clock.now_ms()
        summary = client.drive(check_round(client.merchant, worker_name(), now_ms, client.policy))
        client.tell(RoundEnded(summary, monotonic() - began_s))
        return summary

    def run(self) -> None:
        """Round after round until `stop`; a round that has begun is finished.

        One that fails, by the ledger's fault, is told of; its payments are due again when their
        lease ends.
        """
        while not self._is_stopped:
            try:
                self._on_round(self.check_now())
            except MomoClientError as error:
                self._client.tell(RoundLost(str(error)))
            with suppress(Empty):
                self._stops.get(timeout=self._client.settings.check_interval_s)

    def stop(self) -> None:
        """Ask `run` to return; a signal handler or another thread may call it."""
        self._is_stopped = True
        self._stops.put(None)


def worker_name() -> str:
    """Who holds a lease, for the person who reads the ledger."""
    return f"{platform.node()}:{os.getpid()}"
