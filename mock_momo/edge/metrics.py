"""The fake in figures, in the Prometheus text format.

Counters are of the process: a namespace that is taken away takes nothing from them. Gauges are what
there is now, counted when somebody asks.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.metadata import version

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client import Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from mock_momo.edge.services import Services

__all__ = ["CONTENT_TYPE", "exposition"]


def exposition(services: Services) -> bytes:
    """All metrics of a running fake."""
    return generate_latest(_Figures(services))


class _Figures(Collector):
    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        yield _build()
        yield from self._done()
        yield from self._kept()

    def _done(self) -> Iterator[Metric]:
        tally = self._services.tally
        requests = CounterMetricFamily(
            "mock_momo_requests",
            "Requests to the API by operation and status; status 0 is no reply.",
            labels=("operation", "status"),
        )
        for (operation, status), number in tally.requests.items():
            requests.add_metric((operation or "unknown", str(status)), number)
        yield requests
        yield _by("mock_momo_faults", "Faults that struck.", "fault", tally.faults)
        yield _by(
            "mock_momo_callbacks", "Callbacks by what became of each.", "result", tally.callbacks
        )
        yield CounterMetricFamily("mock_momo_events", "Events recorded.", tally.events)

    def _kept(self) -> Iterator[Metric]:
        namespaces = list(self._services.registry.all())
        for namespace in namespaces:
            self._services.performer.catch_up(namespace)
        payments = GaugeMetricFamily(
            "mock_momo_payments", "Payments by state, in all namespaces.", labels=("state",)
        )
        states = (row.state for room in namespaces for row in room.engine.payments.values())
        for state, number in Counter(states).items():
            payments.add_metric((state.value,), number)
        yield payments
        for name, says, number in (
            ("namespaces", "Namespaces.", len(namespaces)),
            ("log_events", "Events kept in memory.", sum(row.log.kept for row in namespaces)),
            ("log_bytes", "Bytes they take.", sum(row.log.kept_bytes for row in namespaces)),
            ("gates_closed", "Gates.", sum(len(row.gates.closed) for row in namespaces)),
            ("gate_holds", "What they hold.", sum(row.gates.count_held() for row in namespaces)),
        ):
            yield GaugeMetricFamily(f"mock_momo_{name}", says, number)


def _build() -> Metric:
    build = GaugeMetricFamily("mock_momo_build_info", "Always 1.", labels=("version",))
    build.add_metric((version("mock-momo"),), 1)
    return build


def _by(name: str, says: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, says, labels=(label,))
    for what, number in counts.items():
        family.add_metric((what,), number)
    return family
