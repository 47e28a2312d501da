"""The client's metrics by name: what each counts and by what it is split, nothing else.

Every label has a few values that are known beforehand. None is a reference id, a phone number or
free text of the provider's, of which nobody knows how many there are.
"""

from dataclasses import dataclass

from momo_contracts.reasons import REASONS
from momo_contracts.wire_errors import CATALOGUE, LOGIN_FAILED

OTHER = "other"
"""The label of a code that this kit does not know."""

CODES = frozenset(row.code for row in CATALOGUE if row.code) | frozenset(
    (*REASONS, LOGIN_FAILED.name.upper(), "NO_ANSWER", "UNREADABLE_TOKEN")
)
"""The codes that are labels; others are `other`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric; `kind` is counter, histogram or gauge."""

    name: str
    kind: str
    labels: tuple[str, ...]
    says: str


CALLS = Figure(
    "momo_client_calls_total",
    "counter",
    ("operation", "outcome", "code"),
    "Attempts of requests; outcome is 2xx to 5xx or no_answer, code the API's own.",
)
CALL_DURATION = Figure(
    "momo_client_call_duration_seconds",
    "histogram",
    ("operation",),
    "How long one attempt took, answered or not.",
)
TOKEN_USES = Figure(
    "momo_client_token_uses_total",
    "counter",
    ("product", "source"),
    "Calls that got a token; source is cache or fetched.",
)
TOKEN_FAILURES = Figure(
    "momo_client_token_failures_total",
    "counter",
    ("product", "code"),
    "Calls that got no token, and so were not sent.",
)
PAYMENTS_RECORDED = Figure(
    "momo_client_payments_recorded_total", "counter", ("operation",), "Payments written down."
)
SETTLEMENTS = Figure(
    "momo_client_settlements_total",
    "counter",
    ("operation", "status", "cause"),
    "Payments that became completed or failed, each once; cause is none for the completed.",
)
CALLBACKS = Figure(
    "momo_client_callbacks_total",
    "counter",
    ("result",),
    "Callbacks that came in: known, unknown (of no payment of ours) or refused.",
)
ROUNDS = Figure(
    "momo_client_rounds_total", "counter", ("result",), "Checker rounds: ended or lost."
)
ROUND_DURATION = Figure(
    "momo_client_round_duration_seconds", "histogram", (), "How long a checker round took."
)
ALARMS = Figure(
    "momo_client_alarms_total", "counter", ("name",), "Thresholds exceeded, once an excursion."
)
LEDGER_READABLE = Figure(
    "momo_client_ledger_readable", "gauge", (), "1 if the ledger could be read, else 0."
)
OPEN_PAYMENTS = Figure(
    "momo_client_open_payments", "gauge", (), "Payments in the ledger that are not final."
)
OLDEST_OPEN_AGE = Figure(
    "momo_client_oldest_open_payment_age_seconds",
    "gauge",
    (),
    "Age of the oldest of them; 0 when there is none.",
)
OPEN_REVIEWS = Figure(
    "momo_client_open_reviews", "gauge", (), "Payments in the ledger that wait for a person."
)

FIGURES = (
    CALLS,
    CALL_DURATION,
    TOKEN_USES,
    TOKEN_FAILURES,
    PAYMENTS_RECORDED,
    SETTLEMENTS,
    CALLBACKS,
    ROUNDS,
    ROUND_DURATION,
    ALARMS,
    LEDGER_READABLE,
    OPEN_PAYMENTS,
    OLDEST_OPEN_AGE,
    OPEN_REVIEWS,
)
"""All of them, in the order of the page `docs/operating.md`."""
