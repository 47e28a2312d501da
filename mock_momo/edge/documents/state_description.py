"""A namespace's state as JSON. `state_messages` reads it back.

It holds no credential of ours: keys and tokens follow from names, seeds and counters, so those are
enough. It does hold what merchants sent and their receivers answered, as it came: a callback URL is
there with its password and its query, since callbacks are still to be sent to it.
"""

from dataclasses import asdict

from mock_momo.core.agenda import Deliver, Due, Expire, Settle
from mock_momo.core.api_users import ApiUser
from mock_momo.core.clock import Clock, FrozenClock, RealClock
from mock_momo.core.deliveries import Attempt, Delivery
from mock_momo.core.payments import Payment
from mock_momo.core.settings import Settings
from mock_momo.core.snapshot import Snapshot
from mock_momo.edge.documents.rule_messages import describe_rule
from mock_momo.edge.documents.state_version import VERSION


def describe_state(name: str, snapshot: Snapshot) -> dict[str, object]:
    """The state as JSON."""
    counts = snapshot.counts
    return {
        "version": VERSION,
        "namespace": name,
        "settings": _describe_settings(snapshot.settings),
        "rules": [describe_rule(rule) for rule in snapshot.rules],
        "clock": _describe_clock(snapshot.clock),
        "resets": snapshot.resets,
        "events": snapshot.events,
        "calls": dict(snapshot.calls),
        "counts": {
            "arrivals": [(*about, number) for about, number in counts.arrivals.items()],
            "matches": dict(counts.matches),
            "strikes": dict(counts.strikes),
        },
        "api_users": {name: _describe_user(user) for name, user in snapshot.api_users.items()},
        "credited": str(snapshot.credited),
        "debited": str(snapshot.debited),
        "notified": sorted(snapshot.notified),
        "payments": [_describe_payment(payment) for payment in snapshot.payments],
        "deliveries": [_describe_delivery(delivery) for delivery in snapshot.deliveries],
        "queue": snapshot.queue,
        "is_paused": snapshot.is_paused,
        "agenda": [_describe_due(*row) for row in snapshot.agenda],
        "limits": {row.value: asdict(window) for row, window in snapshot.limits.items()},
    }


def _describe_settings(settings: Settings) -> dict[str, object]:
    return {
        "profile": settings.profile.name,
        "outcome": str(settings.plan),
        "expires_in_s": settings.expires_in_s,
        "opening_balance": str(settings.opening_balance),
        "seed": settings.seed,
        "rate_limit": str(settings.rate_limit or "none"),
        "switches": dict(settings.chosen),
        "allowed_ips": None if settings.allowed_ips is None else [*map(str, settings.allowed_ips)],
        "people": settings.people,
    }


def _describe_clock(clock: Clock) -> dict[str, object]:
    match clock:
        case RealClock(offset_ms):
            return {"mode": "real", "ms": offset_ms}
        case FrozenClock(at_ms):
            return {"mode": "frozen", "ms": at_ms}


def _describe_user(user: ApiUser) -> dict[str, object]:
    return {
        "callback_host": user.callback_host,
        "key_seeds": user.key_seeds,
        "epoch": user.epoch,
        "tokens_issued": user.tokens_issued,
        "product": user.product,
    }


def _describe_payment(payment: Payment) -> dict[str, object]:
    order = payment.order
    return {
        "reference_id": payment.reference_id,
        "amount": str(order.amount),
        "currency": order.currency,
        "operation": order.made_by.name,
        "party": (order.party.id_type, order.party.id) if order.party else None,
        "external_id": order.external_id,
        "payer_message": order.payer_message,
        "payee_note": order.payee_note,
        "refunds": order.refunds,
        "plan": str(payment.plan),
        "state": payment.state,
        "created_at_ms": payment.created_at_ms,
        "polls": payment.polls,
        "seed": payment.seed,
        "callback": asdict(payment.callback) if payment.callback else None,
    }


def _describe_delivery(delivery: Delivery) -> dict[str, object]:
    return {
        "reference_id": delivery.reference_id,
        "number": delivery.number,
        "due_at_ms": delivery.due_at_ms,
        "stage": delivery.stage,
        "attempts": [describe_attempt(attempt) for attempt in delivery.attempts],
        "why": delivery.why,
    }


def describe_attempt(attempt: Attempt) -> dict[str, object]:
    """One attempt: the heads of what was sent and of what came back, as text."""
    return {
        "at_ms": attempt.at_ms,
        "sent": attempt.sent.head.decode(errors="replace"),
        "status": attempt.status,
        "reply": attempt.reply.head.decode(errors="replace") if attempt.reply else None,
        "latency_ms": attempt.latency_ms,
        "problem": attempt.problem,
    }


def _describe_due(due_at_ms: int, due: Due, wakes: bool) -> tuple[int, str, str, bool]:  # noqa: FBT001  # a row
    match due:
        case Settle(name):
            return due_at_ms, "settle", name, wakes
        case Expire(name):
            return due_at_ms, "expire", name, wakes
        case Deliver(name):
            return due_at_ms, "deliver", name, wakes
