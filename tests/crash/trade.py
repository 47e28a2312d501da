"""A busy shop: tills, a checker and a receiver of callbacks, until its process is killed."""

import os
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import chain, count
from queue import Queue
from threading import Event, Thread
from traceback import print_exc

from momo_client import BlockingChecker, Payment, PaymentStatus, SystemClock, TokenError
from momo_client.core.flows import confirm, take_hint
from tests.crash.shop import NEVER, PAYER, Shop, Site, known

TILLS = 5
LIFE_S = 30
"""Nobody has killed the process by then: it ends itself."""

PACE = {"check_interval_s": 1, "check_batch": 20}
PAUSE_S = 0.02
"""Between two orders of a till, and two rounds of the checker."""

_OF_GENERATION, _OF_TILL = 1_000_000, 10_000


class Trade:
    """The threads of one process. An order is a number, and all about it follows from that.

    What the process before had last begun, this one orders again: it cannot know better.
    """

    def __init__(self, site: Site, generation: int) -> None:
        self._client = Shop(site, SystemClock(), PACE).client
        self._first_order = generation * _OF_GENERATION
        begun = site.orders.read_text().split() if site.orders.exists() else []
        self._begun_before = [int(order) for order in begun[-TILLS:]]
        self._orders = site.orders.open("a", buffering=1)
        self._sold: Queue[Payment] = Queue()
        self._end = Event()

    def run(self) -> None:
        """For `LIFE_S` at most; what breaks in a thread ends the whole process."""
        tills = (partial(self._sell, till) for till in range(TILLS))
        for work in (*tills, self._check, self._receive_callbacks):
            Thread(target=_ending_all, args=(work,), daemon=True).start()
        self._end.wait(LIFE_S)
        self._end.set()

    def _sell(self, till: int) -> None:
        own = count(self._first_order + till * _OF_TILL)
        for order in chain(self._begun_before[till : till + 1], own):
            self._orders.write(f"{order}\n")
            with known(), suppress(TokenError):
                self._sold.put(self._place(order))
            if self._end.wait(PAUSE_S):
                return

    def _place(self, order: int) -> Payment:
        party = PAYER if order % 7 else NEVER
        if order % 3:
            return self._client.request_to_pay("12.50", party, str(order))
        return self._client.transfer("7.25", party, str(order))

    def _check(self) -> None:
        checker = BlockingChecker(self._client)
        while not self._end.wait(PAUSE_S):
            checker.check_now()

    def _receive_callbacks(self) -> None:
        """Of every second payment; some of what has come in is given back."""
        client = self._client
        while not self._end.is_set():
            sold = self._sold.get()
            order = int(sold.external_id)
            now_ms = client.clock.now_ms()
            if order % 2:
                client.drive(take_hint(sold.reference_id, now_ms))
                with suppress(TokenError):
                    sold = client.drive(
                        confirm(client.merchant, sold.reference_id, now_ms, client.policy)
                    )
            if order % 5 == 0 and sold.is_income and sold.status is PaymentStatus.COMPLETED:
                with suppress(TokenError):
                    client.refund(sold.reference_id, "5", f"{order} back")


def _ending_all(work: Callable[[], None]) -> None:
    try:
        work()
    except BaseException:  # noqa: BLE001  # whatever it is, it must not go on unseen
        print_exc()
        os._exit(1)
