"""All orders in which one payment can be heard of: 202, callback, status read, and a crash.

The create is held at the provider while the rest of the order goes on without its reply.
"""

from collections.abc import Iterator, Mapping
from itertools import permutations
from types import MappingProxyType

from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import (
    PAYER,
    Advance,
    AwaitHeld,
    Begin,
    CloseGate,
    Crash,
    Deliver,
    Join,
    OpenGate,
    Pay,
    Reconcile,
    Step,
)

_CREATE = CloseGate("202", "before_reply", {"operation": "collection.requesttopay.create"})
_TIMEOUT_MS = 1000
"""As long as a client may wait that does not check a payment whose create is under way."""

NEWS: Mapping[str, tuple[Step, ...]] = MappingProxyType(
    {"202": (OpenGate(_CREATE.gate), Join()), "callback": (Deliver(),), "poll": (Reconcile(),)}
)
NEWS_AND_CRASH: Mapping[str, tuple[Step, ...]] = MappingProxyType(
    {**NEWS, "callback": (Deliver(), Advance(0)), "crash": (Crash(),)}
)
"""With an advance by nothing a callback has had its effect before the next moment: a crash is to
come before or after that, not by chance in between.
"""


def _plans(name: str, moments: Mapping[str, tuple[Step, ...]]) -> Iterator[ExamplePlan]:
    held = (_CREATE, Begin((Pay("10", PAYER),)), AwaitHeld(_CREATE.gate))
    for order in permutations(moments):
        yield ExamplePlan(
            name=f"{name} {', '.join(order)}",
            settings=Settings(callbacks=True, request_timeout_ms=_TIMEOUT_MS),
            steps=(*held, *(step for moment in order for step in moments[moment])),
        )


INTERLEAVINGS = (*_plans("BAL-04", NEWS), *_plans("BAL-05", NEWS_AND_CRASH))
"""Six without a crash, 24 with one."""
