"""The sandbox's own test numbers, and their twins per country: the payer chooses the outcome. Any
other number succeeds.

The sandbox's numbers work everywhere; a twin, only in its own target environment. It is a valid
mobile number of MTN there, for clients that check, and ends in the same three digits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from momo_contracts.lifecycle import State
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import After, Plan, plan_for
from momo_contracts.values import TARGET_ENVIRONMENTS


@dataclass(frozen=True, slots=True)
class TestNumber:
    """A payer's number, the plan that its payments get, and who says so."""

    number: str
    plan: Plan
    source: str


_SANDBOX = "46733123"
_LAST_DIGITS = (
    ("450", plan_for(Outcome.FAILED), "documented, observed"),
    ("451", plan_for(Outcome.REJECTED), "documented, observed"),
    ("452", plan_for(Outcome.TIMEOUT), "documented, observed"),
    ("453", plan_for(Outcome.PENDING), "documented; observed for 45 s"),
    (
        "454",
        plan_for(Outcome.SUCCESSFUL, progression=After(25_000), pending_state=State.CREATED),
        "documented; observed after 25 s, elsewhere not within 40 s",
    ),
)
_TWINS = MappingProxyType(
    {
        "mtnuganda": "256773123",
        "mtnghana": "233243123",
        "mtnivorycoast": "2250512345",
        "mtnbenin": "2290197123",
        "mtnzambia": "260963123",
        "mtncameroon": "237670123",
        "mtncongo": "242066123",
        "mtnswaziland": "26876123",
        "mtnguineaconakry": "224664123",
        "mtnsouthafrica": "27831234",
        "mtnliberia": "231886123",
        "mtnrwanda": "250788123",
        "mtnsouthsudan": "211921123",
        "mtnnigeria": "2348031234",
    }
)
"""All but the last three digits."""


def _numbers_of(environment: str) -> Iterator[TestNumber]:
    for digits, plan, source in _LAST_DIGITS:
        yield TestNumber(_SANDBOX + digits, plan, source)
    if environment in _TWINS:
        for digits, plan, _ in _LAST_DIGITS:
            yield TestNumber(_TWINS[environment] + digits, plan, f"twin of {_SANDBOX}{digits}")


TEST_NUMBERS: Mapping[str, Mapping[str, TestNumber]] = MappingProxyType(
    {
        name: MappingProxyType({row.number: row for row in _numbers_of(name)})
        for name in TARGET_ENVIRONMENTS
    }
)
"""By target environment, then by number."""


def plan_by_payer(party_id: str, environment: str) -> Plan | None:
    """The plan of a test number, written with blanks or a leading plus too (assumed)."""
    found = TEST_NUMBERS[environment].get(party_id.strip().removeprefix("+"))
    return found.plan if found else None
