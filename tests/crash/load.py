"""Killed at random, again and again, while it is at work on a bad line; one verdict at the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from time import sleep

from tests.crash.children import recover_trade, trade
from tests.crash.judge import judge
from tests.crash.places import Places
from tests.crash.processes import ENDED, KILLED, ended, started, stopped

LEAST_S, MOST_S = 0.1, 0.9
"""How long a process lives."""

PLAN = "SUCCESSFUL; after=200ms"
_EVERY, _CREATES, _READS = {"operation": "*"}, {"operation": "*.create"}, {"operation": "*.status"}


def _rule(match: Mapping[str, object], fault: object, probability: float) -> dict[str, object]:
    return {"name": str(fault), "match": match, "fault": fault, "probability": probability}


FAULTS = (
    _rule(_EVERY, {"latency": {"ms": 0, "to_ms": 20}}, 0.5),
    _rule(_CREATES, "reset_before", 0.05),
    _rule(_CREATES, "lose_reply", 0.1),
    _rule(_CREATES, "truncated_body", 0.05),
    _rule(_CREATES, "conflict", 0.03),
    _rule(_READS, "not_visible", 0.05),
    _rule(_EVERY, "server_error", 0.05),
)


@dataclass(frozen=True, slots=True)
class Load:
    """What became of it."""

    kills: int
    payments: Mapping[str, int]
    findings: tuple[str, ...]


def kill_at_random(places: Places, kills: int, seed: int, on_kill: Callable[[int], None]) -> Load:
    """So many processes, one after another on one ledger, each killed; then a recovery."""
    random, findings = Random(seed), []  # noqa: S311  # it must be the same again
    with places.new(outcome=PLAN, rules=FAULTS, seed=seed) as (site, world):
        for generation in range(kills):
            process = started(trade, site, generation)
            sleep(random.uniform(LEAST_S, MOST_S))
            if (code := stopped(process)) != KILLED:
                findings.append(f"process {generation} ended by itself, with {code}; see above")
            on_kill(generation + 1)
        if (code := ended(recover_trade, site)) != ENDED:
            findings.append(f"the recovery ended with {code}; see above")
        payments = world.books().payments
        return Load(kills, payments, (*findings, *judge(world, site.ledger_url)))
