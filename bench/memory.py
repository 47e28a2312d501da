"""`python -m bench.memory`: what the fake keeps, as the resident memory of its process.

Part one: tokens and status reads over payments that stay the same must leave nothing behind,
while a rule counts their arrivals.
Part two: what one kept payment costs, by the slope between two numbers of payments. Each payment
has an id, an external id and a message of its own, so that nothing is shared that would not be in
earnest. Each part has a fake of its own, 32 connections on this machine, and a fixed number of
requests.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count

import psutil  # type: ignore[import-untyped]  # it comes without types

from bench.generator import CONNECTIONS, SpoiltRun, send_all
from bench.serving import Serving, serving
from bench.wire import Requests

MOST_GROWTH = 1.2
MOST_BYTES_PER_PAYMENT = 1024
_RULE = {"name": "never", "fault": "hang", "probability": 0}
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many requests and payments there are in all."""

    fixed_payments: int
    requests: tuple[int, int]
    payments: tuple[int, int]

    @staticmethod
    def scaled(scale: float) -> "Sizes":
        def of(number: int) -> int:
            return max(1, round(number * scale))

        return Sizes(of(10_000), (of(50_000), of(1_000_000)), (of(100_000), of(1_000_000)))


def main() -> int:
    """Run both parts and print the table; 1 when a figure is missed, 3 when a run is spoilt."""
    parser = argparse.ArgumentParser(prog="python -m bench.memory", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="0.1 is a tenth of everything")
    sizes = Sizes.scaled(parser.parse_args().scale)
    try:
        steady, kept = steady_traffic(sizes), kept_payments(sizes)
    except SpoiltRun as spoilt:
        print(f"\nbench: {spoilt}", file=sys.stderr)
        return 3
    growth = steady[1] / steady[0]
    few, many = sizes.payments
    per_payment = (kept[1] - kept[0]) / (many - few)
    print(f"resident memory of the fake, {CONNECTIONS} connections")
    print(f"{'tokens and status reads':32}" + _columns(sizes.requests, steady))
    print(f"{'kept payments':32}" + _columns(sizes.payments, kept))
    print(f"growth: {growth:.3f} (at most {MOST_GROWTH}), {sizes.fixed_payments:,} payments")
    print(f"one more payment: {per_payment:,.0f} bytes (at most {MOST_BYTES_PER_PAYMENT:,})")
    return 0 if growth <= MOST_GROWTH and per_payment <= MOST_BYTES_PER_PAYMENT else 1


def steady_traffic(sizes: Sizes) -> tuple[int, int]:
    """Resident bytes after few and after many requests about the same payments."""
    with serving() as fake:
        requests = Requests(fake.control.namespace("bench", rules=[_RULE]))
        _send(fake, map(requests.create, count()), sizes.fixed_payments, "payments")
        reads = _reads(requests, sizes.fixed_payments)
        few, many = sizes.requests
        _send(fake, reads, few, "reads")
        before = _resident_bytes(fake)
        _send(fake, reads, many - few, "reads")
        return before, _resident_bytes(fake)


def kept_payments(sizes: Sizes) -> tuple[int, int]:
    """Resident bytes with few and with many payments."""
    with serving() as fake:
        creates = map(Requests(fake.control.namespace("bench")).create, count())
        few, many = sizes.payments
        _send(fake, creates, few, "payments")
        before = _resident_bytes(fake)
        _send(fake, creates, many - few, "payments")
        return before, _resident_bytes(fake)


def _reads(requests: Requests, payments: int) -> Iterator[bytes]:
    """A token, a status, a token, a status of the next payment, and so on."""
    pairs = ((requests.token(), requests.status(number % payments)) for number in count())
    return chain.from_iterable(pairs)


def _send(fake: Serving, requests: Iterator[bytes], number: int, what: str) -> None:
    asyncio.run(send_all(fake.control.url, requests, number, what))


def _resident_bytes(fake: Serving) -> int:
    return int(psutil.Process(fake.child.pid).memory_info().rss)


def _columns(numbers: tuple[int, int], resident: tuple[int, int]) -> str:
    return "".join(
        f"{number:>12,}: {size / _MIB:7.1f} MiB"
        for number, size in zip(numbers, resident, strict=True)
    )


if __name__ == "__main__":
    sys.exit(main())
