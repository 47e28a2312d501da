"""From what a user says of a server to the ground on which it is examined."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from mock_momo.testing import Control, running_fake
from momo_conformance.errors import InvalidTarget
from momo_conformance.server.grounds import ABILITIES, FakeGround, ForeignGround, Ground, control_of
from momo_conformance.server.listener import Listener
from momo_conformance.server.session import Pace
from momo_conformance.server.target import Target, refuse_malformed
from momo_contracts.values import Product

GENTLE_CALLS_PER_S = 2.0
"""For a server that is not on this machine, unless something else is said."""


@dataclass(frozen=True, slots=True)
class Described:
    """A server as a user describes it; what is None was not said.

    `base_url` None is a fake of our own; `control` is where a fake is steered, if that is not its
    base URL. `callback_url` leads to `callback_port` of this machine. `is_patient`: hours may pass.
    `moves_no_money`: the user says so of a host that is not known.
    """

    base_url: str | None = None
    control: str | None = None
    api_user: str | None = None
    api_key: str | None = field(default=None, repr=False)
    subscription_keys: Mapping[Product, str] = field(default_factory=dict, repr=False)
    target_environment: str = "sandbox"
    currency: str = "EUR"
    calls_per_s: float | None = None
    callback_url: str | None = None
    callback_port: int = 0
    is_patient: bool = False
    moves_no_money: bool = False


@contextmanager
def open_ground(described: Described, among: frozenset[str] = ABILITIES) -> Iterator[Ground]:
    """The ground, for as long as the block lasts; a fake has no abilities but those `among` these.

    Raises InvalidTarget, MockMomoError.
    """
    for url in (described.base_url, described.control):
        if url is not None:
            refuse_malformed(url)
    with ExitStack() as stack:
        control = _control(described, stack)
        if control is not None:
            yield FakeGround(control, stack.enter_context(Listener()), among)
            return
        target = _target(described)
        listener = None
        if described.callback_url:
            heard_at = Listener(described.callback_url, described.callback_port)
            listener = stack.enter_context(heard_at)
        elif target.is_loopback:
            listener = stack.enter_context(Listener())
        per_s = described.calls_per_s
        pace = Pace(per_s or (None if target.is_loopback else GENTLE_CALLS_PER_S))
        yield ForeignGround(target, pace, listener, is_patient=described.is_patient)


def _control(described: Described, stack: ExitStack) -> Control | None:
    """How the server is steered, where it is a fake."""
    if described.control is not None:
        return Control(described.control.rstrip("/"))
    if described.base_url is None:
        return stack.enter_context(running_fake())
    return control_of(described.base_url.rstrip("/"))


def _target(described: Described) -> Target:
    named = {"--api-user (MTN_API_USER)": described.api_user}
    named["--api-key (MTN_API_KEY)"] = described.api_key
    missing = [name for name, value in named.items() if not value]
    if missing:
        raise InvalidTarget(
            f"give {' and '.join(missing)}: no fake answers at {described.base_url}"
        )
    target = Target(
        described.base_url or "",
        described.api_user or "",
        described.api_key or "",
        described.subscription_keys,
        described.target_environment,
        described.currency,
    )
    if not (target.moves_no_money or described.moves_no_money):
        raise InvalidTarget(
            f"{target.host} is neither this machine nor MTN's sandbox, and it will be asked for "
            "payments: say --moves-no-money if they move none"
        )
    return target
