"""The fake in your own tests: start one, make a world of your own in it, steer it, look into it.

    with running_fake() as fake:
        world = fake.namespace("checkout")
        ...                       # point your client at world.base_url
        assert world.books().payments == {"SUCCESSFUL": 1}

A fake runs in a child process (`running_fake`), in a thread of this one (`in_process_fake`) or on
the running event loop (`async_fake`). `Control` and `World` block; `AsyncControl` and `AsyncWorld`
are the same for coroutines, and every `World` has one as `.aio`.

Importing this needs the standard library only.
"""

from mock_momo.errors import (
    FakeUnavailable,
    InvalidSetting,
    MockMomoError,
    NothingHeld,
    UnknownNamespace,
)
from mock_momo.testing.answers import (
    Access,
    AttemptRow,
    Books,
    CallbackReport,
    DeliveryRow,
    Finding,
    FiredRow,
    GateRow,
    HeldRow,
    Moved,
    PaymentRow,
    Problem,
    RuleRow,
    Verification,
)
from mock_momo.testing.asynchronous import AsyncControl, AsyncWorld
from mock_momo.testing.blocking import Control, World
from mock_momo.testing.fakes import async_fake, in_process_fake, running_fake
from mock_momo.testing.question import Question, Reply
from mock_momo.testing.transports import AsyncTransport, KeptTransport, Transport

__all__ = [
    "Access",
    "AsyncControl",
    "AsyncTransport",
    "AsyncWorld",
    "AttemptRow",
    "Books",
    "CallbackReport",
    "Control",
    "DeliveryRow",
    "FakeUnavailable",
    "Finding",
    "FiredRow",
    "GateRow",
    "HeldRow",
    "InvalidSetting",
    "KeptTransport",
    "MockMomoError",
    "Moved",
    "NothingHeld",
    "PaymentRow",
    "Problem",
    "Question",
    "Reply",
    "RuleRow",
    "Transport",
    "UnknownNamespace",
    "Verification",
    "World",
    "async_fake",
    "in_process_fake",
    "running_fake",
]
