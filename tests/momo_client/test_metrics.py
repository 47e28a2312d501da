"""What each event counts, what it is split by, and that nobody can make the labels many."""

from typing import get_args

import pytest

from momo_client.core.events import CallEnded, Event, PaymentSettled, TokenFailed
from momo_client.edge.figures import FIGURES
from momo_client.edge.metrics import Metrics
from momo_contracts.operations import REQUEST_TO_PAY
from momo_contracts.values import Product
from tests.momo_client.happenings import ID, PAID, PAYMENT, happenings

PAY = {"operation": REQUEST_TO_PAY.name}
COLLECTION = {"product": "collection"}


@pytest.fixture
def metrics() -> Metrics:
    metrics = Metrics()
    for event in happenings():
        metrics(event)
    return metrics


def value(metrics: Metrics, name: str, /, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(f"momo_client_{name}", labels)


def test_there_is_a_happening_for_every_kind_of_event() -> None:
    assert {type(event) for event in happenings()} == set(get_args(Event))


@pytest.mark.parametrize(
    ("name", "labels", "count"),
    [
        ("calls_total", PAY | {"outcome": "2xx", "code": ""}, 1),
        ("calls_total", PAY | {"outcome": "4xx", "code": "RESOURCE_ALREADY_EXIST"}, 1),
        ("calls_total", PAY | {"outcome": "no_answer", "code": ""}, 1),
        ("call_duration_seconds_count", PAY, 4),
        ("token_uses_total", COLLECTION | {"source": "cache"}, 1),
        ("token_uses_total", COLLECTION | {"source": "fetched"}, 1),
        ("token_failures_total", COLLECTION | {"code": "LOGIN_FAILED"}, 1),
        ("payments_recorded_total", PAY, 1),
        ("settlements_total", PAY | {"status": "completed", "cause": "none"}, 1),
        ("settlements_total", PAY | {"status": "failed", "cause": "provider"}, 1),
        ("callbacks_total", {"result": "known"}, 1),
        ("callbacks_total", {"result": "unknown"}, 1),
        ("callbacks_total", {"result": "refused"}, 1),
        ("rounds_total", {"result": "ended"}, 1),
        ("rounds_total", {"result": "lost"}, 1),
        ("round_duration_seconds_sum", {}, 0.5),
        ("alarms_total", {"name": "failure_rate"}, 1),
    ],
)
def test_an_event_counts_once(
    metrics: Metrics, name: str, labels: dict[str, str], count: float
) -> None:
    assert value(metrics, name, **labels) == count


def test_rounds_are_zero_before_the_first_so_that_their_absence_can_be_seen() -> None:
    assert value(Metrics(), "rounds_total", result="ended") == 0
    assert value(Metrics(), "rounds_total", result="lost") == 0


def test_a_payment_is_counted_when_it_ends_and_not_at_other_looks(metrics: Metrics) -> None:
    before = metrics.text()
    for now, then in ((PAID, PAID), (PAYMENT, PAYMENT)):
        metrics(PaymentSettled(now, then))
    assert metrics.text() == before


def test_codes_that_nobody_knows_are_one_label_however_many_there_are(metrics: Metrics) -> None:
    for number in range(9):
        metrics(CallEnded(REQUEST_TO_PAY, ID, 500, f"MADE_UP_{number}", "", 0.1))
        metrics(TokenFailed(Product.COLLECTION, f"MADE_UP_{number}"))
    assert value(metrics, "calls_total", **PAY, outcome="5xx", code="other") == 10
    assert value(metrics, "token_failures_total", **COLLECTION, code="other") == 9
    assert b"MADE_UP" not in metrics.text()


def test_no_label_tells_of_one_payment_or_one_person(metrics: Metrics) -> None:
    shown = metrics.text().decode()
    for text in (ID, PAYMENT.external_id, PAYMENT.msisdn.digits, PAYMENT.msisdn.masked):
        assert text not in shown


def test_every_figure_of_a_process_is_shown_with_its_own_labels(metrics: Metrics) -> None:
    families = list(metrics.registry.collect())
    shown = {
        sample.name: set(sample.labels) - {"le"} for family in families for sample in family.samples
    }
    for figure in FIGURES:
        if figure.kind == "gauge":
            continue  # read from a ledger, if there is one
        name = f"{figure.name}_count" if figure.kind == "histogram" else figure.name
        assert shown[name] == set(figure.labels)
