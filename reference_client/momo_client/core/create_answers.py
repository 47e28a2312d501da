"""What the answer to a create proves, for every answer there can be: first match wins.

Definite means that nothing happened. No answer, resets, truncated or unreadable replies, redirects,
a firewall's page with 200 and a 5xx without a permanent code are indefinite: it may have happened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from momo_client.core.classification import Accepted, Refused, Then, Undecided, read_refusal
from momo_client.core.http import Answer, NoAnswer
from momo_contracts.wire_errors import CATALOGUE

PERMANENT = frozenset(row.code for row in CATALOGUE if row.code and row.definite)
"""The codes of refusals, some of which come with 500 (observed)."""


class Meaning(StrEnum):
    """What is known after an answer."""

    ACCEPTED = "accepted"
    REFUSED = "refused: definite"
    UNDECIDED = "undecided: indefinite"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of answer. `matches` gets the status, 0 for no answer, and the wallet's code."""

    answer: str
    matches: Callable[[int, str], bool]
    meaning: Meaning
    then: Then


ROWS: tuple[Row, ...] = (
    Row(
        "none: timeout, reset, no connection, truncated, unreadable or endless reply",
        lambda status, _code: status == 0,
        Meaning.UNDECIDED,
        Then.RETRY,
    ),
    Row("202", lambda status, _code: status == 202, Meaning.ACCEPTED, Then.WAIT),
    Row("409", lambda status, _code: status == 409, Meaning.UNDECIDED, Then.LOOK_UP),
    Row(
        "a permanent code with 4xx or 5xx, such as 500 INVALID_CURRENCY",
        lambda status, code: status >= 400 and code in PERMANENT,
        Meaning.REFUSED,
        Then.STOP,
    ),
    Row("408, 429", lambda status, _code: status in (408, 429), Meaning.UNDECIDED, Then.RETRY),
    Row("any other 4xx", lambda status, _code: 400 <= status < 500, Meaning.REFUSED, Then.STOP),
    Row("any other 5xx", lambda status, _code: status >= 500, Meaning.UNDECIDED, Then.RETRY),
    Row(
        "any other 2xx or 3xx, such as a page with 200 or a redirect",
        lambda _status, _code: True,
        Meaning.UNDECIDED,
        Then.WAIT,
    ),
)


def row_for(status: int, code: str) -> Row:
    """The row of an answer; the last one takes every answer that no other has taken."""
    return next(row for row in ROWS if row.matches(status, code))


def classify_create(answer: Answer) -> Accepted | Refused | Undecided:
    """What the answer to a create proves."""
    if isinstance(answer, NoAnswer):
        return Undecided(answer.problem, row_for(0, "").then)
    refusal = read_refusal(answer)
    row = row_for(answer.status, refusal.code)
    match row.meaning:
        case Meaning.ACCEPTED:
            return Accepted()
        case Meaning.REFUSED:
            return refusal
        case Meaning.UNDECIDED:
            return Undecided(refusal.code, row.then, answer.retry_after_s)
