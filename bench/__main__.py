"""`make bench`: the fake beside `bench/bare.py` on the same mix, alternating, as ratios.

The mix is token, request to pay, status in equal parts, sent by wrk over keep-alive connections.
wrk and each server share the machine, so only the ratio of one run means anything. The very first
status reads of a round may find nothing yet; such replies are counted and shown.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

from mock_momo.testing import running_fake

HERE = Path(__file__).parent
_RESULT = re.compile(r"RESULT rps=([\d.]+) p50_us=(\d+) p99_us=(\d+) errors=(\d+)")


@dataclass(frozen=True, slots=True)
class Target:
    """A server under load; `variables` are what the mix needs to talk to it."""

    name: str
    url: str
    variables: dict[str, str]


@dataclass(frozen=True, slots=True)
class Measurement:
    """One round of wrk: requests per second, latency in microseconds, replies not 2xx."""

    rps: float
    p50_us: int
    p99_us: int
    errors: int


def main() -> int:
    """Run the rounds and print the table."""
    options = _options()
    if shutil.which("wrk") is None:
        print("bench needs wrk: apt-get install wrk", file=sys.stderr)
        return 3
    with bare() as bare_target, fake() as fake_target:
        measured = alternate([fake_target, bare_target], options)
    report(measured, options.connections)
    return 0


@contextmanager
def fake() -> Iterator[Target]:
    """Our fake, its event log on."""
    with running_fake() as control:
        world = control.namespace("bench")
        basic = b64encode(f"{world.api_user}:{world.api_key}".encode()).decode()
        key = world.subscription_keys["collection"]
        bearer = _token(control.url, basic, key)
        yield Target("mock-momo", control.url, {"BASIC": basic, "KEY": key, "BEARER": bearer})


@contextmanager
def bare() -> Iterator[Target]:
    """The yardstick."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(HERE / "bare.py"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            _wait_ready(child)
            bearer = "x" * 628
            yield Target(
                "bare aiohttp",
                f"http://127.0.0.1:{port}",
                {"BASIC": "dTpw", "KEY": "0" * 32, "BEARER": bearer},
            )
        finally:
            child.terminate()


def alternate(targets: list[Target], options: argparse.Namespace) -> dict[str, list[Measurement]]:
    """Each target once per round, in turn; the warm-up round is thrown away."""
    measured: dict[str, list[Measurement]] = {target.name: [] for target in targets}
    for number in range(options.rounds + 1):
        for target in targets:
            row = _load(target, number, options)
            if number:
                measured[target.name].append(row)
        print(f"\rround {number} of {options.rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return measured


def report(measured: dict[str, list[Measurement]], connections: int) -> None:
    """Print medians per target and the ratio, round by round, of the first to the second."""
    print(f"mix token / requesttopay / status 1:1:1, {connections} connections, keep-alive")
    print(f"{'':14}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'not 2xx':>9}")
    for name, rows in measured.items():
        rps = statistics.median(row.rps for row in rows)
        p50 = statistics.median(row.p50_us for row in rows) / 1000
        p99 = statistics.median(row.p99_us for row in rows) / 1000
        print(f"{name:14}{rps:12,.0f}{p50:9.2f}{p99:9.2f}{sum(row.errors for row in rows):9}")
    ours, bares = measured.values()
    ratios = [mine.rps / other.rps for mine, other in zip(ours, bares, strict=True)]
    tenth = statistics.quantiles(ratios, n=10, method="inclusive")[0]
    print(
        f"ratio mock-momo / bare: median {statistics.median(ratios):.3f}, "
        f"10th percentile {tenth:.3f}, {len(ratios)} rounds"
    )


def _load(target: Target, salt: int, options: argparse.Namespace) -> Measurement:
    command = [
        "wrk",
        "-t1",
        f"-c{options.connections}",
        f"-d{options.seconds}s",
        "-s",
        str(HERE / "mix.lua"),
        target.url,
        "--",
        str(salt),
    ]
    done = subprocess.run(
        command, env=os.environ | target.variables, capture_output=True, text=True, check=True
    )
    found = _RESULT.search(done.stdout)
    if found is None:
        raise SystemExit(f"wrk printed no result:\n{done.stdout}{done.stderr}")
    return Measurement(float(found[1]), int(found[2]), int(found[3]), int(found[4]))


def _token(url: str, basic: str, key: str) -> str:
    headers = {"Authorization": f"Basic {basic}", "Ocp-Apim-Subscription-Key": key}
    request = urllib.request.Request(f"{url}/collection/token/", b"", headers)  # noqa: S310  # loopback
    with urllib.request.urlopen(request) as reply:  # noqa: S310  # loopback
        token: str = json.load(reply)["access_token"]
    return token


def _wait_ready(child: subprocess.Popen[str]) -> None:
    for line in child.stdout or ():
        if line.startswith("READY"):
            return
    raise SystemExit("bench/bare.py did not start")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=32)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
