"""Payments and books as the wallet has them, and the payer's decision."""

from mock_momo.core.books import books_of
from mock_momo.core.decisions import Decision
from mock_momo.core.namespace import Namespace
from mock_momo.edge.control.routes import Answer, NamespaceHandler, Route, Visit, json_answer
from mock_momo.edge.documents.control_messages import describe_payment
from momo_contracts.values import normalise_amount


async def _list(visit: Visit, namespace: Namespace) -> Answer:
    visit.services.performer.catch_up(namespace)
    rows = [describe_payment(row) for row in namespace.engine.payments.values()]
    return json_answer({"payments": rows})


async def _books(visit: Visit, namespace: Namespace) -> Answer:
    visit.services.performer.catch_up(namespace)
    books = books_of(namespace)
    return json_answer(
        {
            "currency": books.currency,
            "opening": normalise_amount(books.opening),
            "credited": normalise_amount(books.credited),
            "debited": normalise_amount(books.debited),
            "balance": normalise_amount(books.balance),
            "payments": {state.value: n for state, n in books.payments.items()},
            "calls": dict(books.calls),
        }
    )


def _decide(decision: Decision) -> NamespaceHandler:
    async def decide(visit: Visit, namespace: Namespace) -> Answer:
        now_ms, reference_id = namespace.now_ms(visit.wall_ms), visit.names["reference_id"]
        effects = namespace.engine.decide(reference_id, decision, now_ms)
        visit.services.performer.perform(namespace, effects)
        return json_answer(describe_payment(namespace.engine.payments[reference_id]))

    return decide


ROUTES = (
    Route(
        "GET",
        "namespaces/{namespace}/payments",
        "every payment: state, reason, plan",
        of_namespace=_list,
    ),
    Route(
        "POST",
        "namespaces/{namespace}/payments/{reference_id}/approve",
        "the payer approves: the payment ends as planned, one that never would in SUCCESSFUL",
        of_namespace=_decide("approve"),
    ),
    Route(
        "POST",
        "namespaces/{namespace}/payments/{reference_id}/reject",
        "the payer says no: REJECTED",
        of_namespace=_decide("reject"),
    ),
    Route(
        "POST",
        "namespaces/{namespace}/payments/{reference_id}/expire",
        "the payer has not answered in time: TIMEOUT",
        of_namespace=_decide("expire"),
    ),
    Route(
        "GET",
        "namespaces/{namespace}/books",
        "opening, credited, debited, balance; payments by state; requests by operation",
        of_namespace=_books,
    ),
)
