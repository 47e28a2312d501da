"""`python -m bench.stopping`: how long `mock-momo serve` takes to end while it holds clients.

Each row is a fake of its own that holds 100 requests in one way when SIGTERM comes: by a fault that
answers late or never, or because the client has sent only half of what it announced: the last
kind is given the time that --drain-s says.
"""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from socket import create_connection
from time import perf_counter, sleep
from urllib.parse import urlsplit

from bench.serving import Serving, serving
from bench.wire import Requests

HELD = 100
MOST_S = 3.0
_PATIENCE_S = 60.0
Make = Callable[[Requests], Iterator[bytes]]


def main() -> int:
    """Stop one fake per row and print the table; 1 when one was too slow or ended otherwise."""
    print(f"{HELD} requests held by{'':18}{'seconds to end':>16}{'exit code':>12}")
    rows: dict[str, tuple[Make, object, tuple[str, ...]]] = {
        "hang": (_reads, "hang", ()),
        "latency of 60 s": (_reads, {"latency": {"ms": 60_000}}, ()),
        "a drip of a byte per minute": (_reads, {"slow_drip": {"ms": 60_000}}, ()),
        "half a request, --drain-s 2": (_halves, None, ("--drain-s", "2")),
    }
    is_good = True
    for name, row in rows.items():
        seconds, code = stopped(*row)
        is_good &= seconds <= MOST_S and code == 0
        print(f"{name:36}{seconds:16.2f}{code:12}")
    print(f"at most {MOST_S} s, exit code 0")
    return 0 if is_good else 1


def stopped(make: Make, fault: object, options: tuple[str, ...]) -> tuple[float, int]:
    """Seconds from SIGTERM to the end of a fake that holds these requests, and its exit code."""
    with serving(*options) as fake:
        world = fake.control.namespace("bench")
        requests = Requests(world)
        rules = [{"name": "held", "fault": fault}] if fault else []
        fake.control.ask("PUT", "namespaces/bench/rules", {"rules": rules})
        with _held(fake, make(requests)):
            _wait_until_held(fake, strikes=HELD if fault else 0)
            began = perf_counter()
            fake.child.send_signal(signal.SIGTERM)
            try:
                code = fake.child.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                fake.child.kill()
                code = fake.child.wait()
            return perf_counter() - began, code


def _reads(requests: Requests) -> Iterator[bytes]:
    return map(requests.status, range(HELD))


def _halves(requests: Requests) -> Iterator[bytes]:
    return (requests.create(number)[:-10] for number in range(HELD))


@contextmanager
def _held(fake: Serving, requests: Iterator[bytes]) -> Iterator[None]:
    """Each request on a connection of its own, which stays open."""
    address = urlsplit(fake.control.url)
    with ExitStack() as open_ones:
        for request in requests:
            connection = create_connection((address.hostname, address.port), _PATIENCE_S)
            open_ones.enter_context(connection).sendall(request)
        yield


def _wait_until_held(fake: Serving, strikes: int) -> None:
    """Until the rule has struck so often; half a request shows nowhere, but is older than this."""
    for _ in range(1000):
        rules = fake.control.ask("GET", "namespaces/bench/rules")["rules"]
        if sum(rule["strikes"] for rule in rules) >= strikes:
            return
        sleep(0.01)
    raise SystemExit(f"bench: fewer than {strikes} requests are held after 10 s")


if __name__ == "__main__":
    sys.exit(main())
