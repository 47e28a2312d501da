"""The verdict of a load run: read from both books, never from HTTP codes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

TOKEN_SHARE = Decimal("0.05")
"""Mission: caching saves at least 95 % of the token calls."""

MEANING: Mapping[str, str] = {
    "SUCCESSFUL": "completed",
    "FAILED": "failed",
    "TIMEOUT": "failed",
    "REJECTED": "failed",
    "PENDING": "pending",
    "CREATED": "pending",
}
"""What each state in the provider's books must be in the client's: the judge's own table."""


@dataclass(frozen=True, slots=True)
class Theirs:
    """One payment in the provider's books."""

    reference_id: str
    external_id: str | None
    amount: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class Ours:
    """One payment in the client's ledger; `credits` are its bookings on the wallet account."""

    reference_id: str
    status: str
    credits: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Traffic:
    """Requests that reached the provider. `lifetimes` is how many tokens were needed at least."""

    token_calls: int
    api_calls: int
    lifetimes: int = 1


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the verdict: what was asked, how it went, and the evidence."""

    question: str
    ok: bool
    evidence: str


def judge(
    theirs: Sequence[Theirs], ours: Sequence[Ours], traffic: Traffic, *, least: int
) -> tuple[Check, ...]:
    """Compare the books when all has come to rest. `least` payments must have been made."""
    known = {row.reference_id: row for row in ours}
    final = {"completed", "failed"}
    lost = [row.reference_id for row in theirs if row.reference_id not in known]
    accepted = {row.reference_id for row in theirs}
    invented = [row.reference_id for row in ours if row.reference_id not in accepted]
    invented = [name for name in invented if known[name].status == "completed"]
    orders = Counter(row.external_id for row in theirs)
    doubled = [str(name) for name, times in orders.items() if times > 1]
    wrong = [
        f"{row.reference_id} {row.state}≠{known[row.reference_id].status}"
        for row in theirs
        if row.reference_id in known and known[row.reference_id].status != MEANING[row.state]
    ]
    settled = sum(row.status in final for row in ours)
    return (
        _check(
            f"at least {least} payments were accepted", [], len(theirs), good=len(theirs) >= least
        ),
        _check("none lost: each accepted payment is in the ledger", lost, len(theirs)),
        _check("none invented: each completed payment was accepted", invented, settled),
        _check("none doubled: each order was paid once", doubled, len(orders)),
        _check("each status means what the provider's state says", wrong, len(theirs)),
        _credits(theirs, ours),
        _tokens(traffic),
    )


def _credits(theirs: Sequence[Theirs], ours: Sequence[Ours]) -> Check:
    owed = {row.reference_id: (row.amount,) for row in theirs if row.state == "SUCCESSFUL"}
    booked = {row.reference_id: row.credits for row in ours if row.credits}
    wrong = [name for name in owed.keys() | booked.keys() if owed.get(name) != booked.get(name)]
    total = sum((amount for amounts in booked.values() for amount in amounts), Decimal(0))
    return _check(
        "each SUCCESSFUL is credited once, nothing else", wrong, f"{len(booked)} credits, {total}"
    )


def _tokens(traffic: Traffic) -> Check:
    allowed = max(traffic.lifetimes, int(traffic.api_calls * TOKEN_SHARE))
    evidence = f"{traffic.token_calls} token calls, {traffic.api_calls} API calls"
    return _check("tokens are cached", [], evidence, good=0 < traffic.token_calls <= allowed)


def _check(question: str, wrong: Sequence[str], of: object, *, good: bool = True) -> Check:
    if wrong:
        return Check(question, ok=False, evidence=f"{len(wrong)} wrong: {', '.join(wrong[:3])}")
    return Check(question, good, str(of))
