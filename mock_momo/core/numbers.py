"""The sandbox's own test numbers: the payer chooses the outcome. Any other number succeeds.

Source: documented names; outcomes and timing observed. 454 has been seen to stay CREATED for 40 s
in one capture and to succeed after about 25 s in another: ours succeeds after 25 s.
"""

from collections.abc import Mapping
from types import MappingProxyType

from momo_contracts.lifecycle import State
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import After, Plan, plan_for

REQUEST_TO_PAY: Mapping[str, Plan] = MappingProxyType(
    {
        "46733123450": plan_for(Outcome.FAILED),
        "46733123451": plan_for(Outcome.REJECTED),
        "46733123452": plan_for(Outcome.TIMEOUT),
        "46733123453": plan_for(Outcome.PENDING),
        "46733123454": plan_for(
            Outcome.SUCCESSFUL, progression=After(25_000), pending_state=State.CREATED
        ),
    }
)


def plan_by_payer(party_id: str) -> Plan | None:
    """The plan of a test number, written with blanks or a leading plus too (assumed)."""
    return REQUEST_TO_PAY.get(party_id.strip().removeprefix("+"))
