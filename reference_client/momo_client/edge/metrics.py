"""What happens in a client, in figures for Prometheus.

    metrics = Metrics(ledger)
    client = MomoClient(settings, ledger, listeners=[metrics])

Counters are of this process and begin at zero; what is open is read from the ledger, the same in
every process that shares it, whenever somebody asks.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric, generate_latest
from prometheus_client import start_http_server as start_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from momo_client.core.events import (
    AlarmRaised,
    CallbackRefused,
    CallbackTaken,
    CallEnded,
    Event,
    PaymentRecorded,
    PaymentSettled,
    RoundEnded,
    RoundLost,
    TokenFailed,
    TokenTaken,
)
from momo_client.edge import figures
from momo_client.edge.clock import SYSTEM_CLOCK, Clock
from momo_client.edge.figures import CODES, OTHER, Figure
from momo_client.edge.ledger import Ledger
from momo_client.edge.standing import read_standing
from momo_client.errors import LedgerError

__all__ = ["CONTENT_TYPE", "Metrics", "serve"]

BUCKETS_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Assumed: a call ends after MTN_TIMEOUT_S, which is 30 s unless it is set."""


class Metrics:
    """A listener that counts; safe for many threads. `registry` holds its metrics and no others.

    Without a `ledger` there are no figures of what is open.
    """

    def __init__(self, ledger: Ledger | None = None, clock: Clock = SYSTEM_CLOCK) -> None:
        self.registry = CollectorRegistry()
        self._calls = self._counter(figures.CALLS)
        self._call_duration = self._histogram(figures.CALL_DURATION)
        self._token_uses = self._counter(figures.TOKEN_USES)
        self._token_failures = self._counter(figures.TOKEN_FAILURES)
        self._payments_recorded = self._counter(figures.PAYMENTS_RECORDED)
        self._settlements = self._counter(figures.SETTLEMENTS)
        self._callbacks = self._counter(figures.CALLBACKS)
        self._rounds = self._counter(figures.ROUNDS)
        self._round_duration = self._histogram(figures.ROUND_DURATION)
        self._alarms = self._counter(figures.ALARMS)
        for result in ("ended", "lost"):
            self._rounds.labels(result)  # an alert asks for rounds that never come
        if ledger is not None:
            self.registry.register(_Books(ledger, clock))

    def text(self) -> bytes:
        """All metrics, of type `CONTENT_TYPE`. Reads the ledger: off the event loop, please."""
        return generate_latest(self.registry)

    def __call__(self, event: Event) -> None:
        match event:
            case CallEnded():
                self._count_call(event)
            case TokenTaken(product, is_cached):
                self._token_uses.labels(product, "cache" if is_cached else "fetched").inc()
            case TokenFailed(product, code):
                self._token_failures.labels(product, _known(code)).inc()
            case PaymentRecorded(payment):
                self._payments_recorded.labels(payment.operation.name).inc()
            case PaymentSettled(payment):
                if event.is_end:
                    cause = payment.cause or "none"
                    self._settlements.labels(payment.operation.name, payment.status, cause).inc()
            case _:
                self._count_service(event)

    def _count_service(self, event: Event) -> None:
        """What only those see who receive callbacks or check."""
        match event:
            case CallbackTaken(_, is_known):
                self._callbacks.labels("known" if is_known else "unknown").inc()
            case CallbackRefused():
                self._callbacks.labels("refused").inc()
            case RoundEnded(_, duration_s):
                self._rounds.labels("ended").inc()
                self._round_duration.observe(duration_s)
            case RoundLost():
                self._rounds.labels("lost").inc()
            case AlarmRaised(name):
                self._alarms.labels(name).inc()

    def _count_call(self, call: CallEnded) -> None:
        name = call.operation.name
        outcome = f"{call.status // 100}xx" if 200 <= call.status < 600 else "no_answer"
        self._calls.labels(name, outcome, _known(call.code)).inc()
        self._call_duration.labels(name).observe(call.duration_s)

    def _counter(self, figure: Figure) -> Counter:
        return Counter(figure.name, figure.says, figure.labels, registry=self.registry)

    def _histogram(self, figure: Figure) -> Histogram:
        return Histogram(
            figure.name, figure.says, figure.labels, registry=self.registry, buckets=BUCKETS_S
        )


@contextmanager
def serve(metrics: Metrics, port: int) -> Iterator[str]:
    """Serve the metrics on loopback while the block runs, at the address given.

    Port 0 asks for a free one. Raises OSError where the port cannot be had.
    """
    server, thread = start_server(port, "127.0.0.1", metrics.registry)
    try:
        yield f"http://127.0.0.1:{server.server_port}/metrics"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Books(Collector):
    """The ledger's figures. One that cannot be read takes none of the others with it."""

    def __init__(self, ledger: Ledger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        try:
            standing = read_standing(self._ledger)
        except LedgerError:
            yield _gauge(figures.LEDGER_READABLE, 0)
            return
        yield _gauge(figures.LEDGER_READABLE, 1)
        yield _gauge(figures.OPEN_PAYMENTS, standing.open_payments)
        yield _gauge(figures.OLDEST_OPEN_AGE, standing.oldest_age_s(self._clock.now_ms()))
        yield _gauge(figures.OPEN_REVIEWS, standing.open_reviews)


def _gauge(figure: Figure, value: float) -> Metric:
    return GaugeMetricFamily(figure.name, figure.says, value)


def _known(code: str) -> str:
    return code if not code or code in CODES else OTHER
