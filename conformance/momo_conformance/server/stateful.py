"""Sequences of requests that Hypothesis draws, whole and before the first of them is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from momo_conformance.intents import Intent
from momo_conformance.server.caller import Caller, creates, new_id, status_of
from momo_conformance.server.invalid import INVALID_ORDERS, spoilt
from momo_conformance.server.numbers import EXPECTED
from momo_contracts.operations import REQUEST_TO_PAY, Operation
from momo_contracts.resources import REFUND
from momo_contracts.values import Product

MOST_STEPS = 10
_MOST_CENTS = 10_000_000
_LEAPS_S = (1, 24, 25, 26, 60, 3600)
_TEXT = st.text(st.characters(codec="ascii", categories=("L", "N", "Zs")), min_size=1, max_size=40)


@dataclass(frozen=True, slots=True)
class Create:
    """A new payment; of `cents` so many are sent as the environment's currency has decimals."""

    operation: Operation
    cents: int
    party: str
    external_id: str
    note: str


@dataclass(frozen=True, slots=True)
class Again:
    """The reference id of payment number `payment` once more, with another amount."""

    payment: int


@dataclass(frozen=True, slots=True)
class Read:
    """The status of payment number `payment`."""

    payment: int


@dataclass(frozen=True, slots=True)
class Login:
    """Another token."""

    product: Product


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes, where it does so at once."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Spoil:
    """A request to pay that is wrong in this way."""

    name: str


Step = Create | Again | Read | Login | Wait | Spoil
Steps = tuple[Step, ...]


def draw(examples: int, number: int, products: Sequence[Product]) -> tuple[Steps, ...]:
    """So many sequences, at least one; the same number draws the same ones."""
    drawn: list[Steps] = []

    @seed(number)
    @settings(
        max_examples=examples,
        phases=(Phase.generate,),
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(_sequences(products))
    def collect(steps: Steps) -> None:
        drawn.append(steps)

    collect()
    return tuple(drawn)


def perform(steps: Steps, caller: Caller) -> None:
    """Send it all. A step about a payment that is not there is left out."""
    made: list[tuple[Create, str]] = []
    for step in steps:
        match step:
            case Create():
                made.append((step, new_id()))
                caller.create(step.operation, made[-1][1], _body(step, caller))
            case Again(payment) | Read(payment):
                if payment < len(made):
                    _return_to(step, *made[payment], caller)
            case Login(product):
                caller.login(product)
            case Wait(seconds):
                if caller.place.leaps and caller.place.advance is not None:
                    caller.place.advance(seconds)
                    caller.forget_tokens()
            case Spoil(name):
                body = spoilt(caller.order(REQUEST_TO_PAY), name)
                caller.create(REQUEST_TO_PAY, new_id(), body, Intent.INVALID)
            case _:
                assert_never(step)


def _return_to(step: Again | Read, first: Create, reference_id: str, caller: Caller) -> None:
    if isinstance(step, Read):
        caller.read(status_of(first.operation), reference_id)
        return
    body = _body(first, caller, more=100)
    caller.create(first.operation, reference_id, body, Intent.DUPLICATE)


def _body(step: Create, caller: Caller, more: int = 0) -> dict[str, object]:
    scale = caller.place.target.decimals
    units, cents = divmod(step.cents + more, 100)
    amount = f"{units + 1}.{cents:02}" if scale >= 2 and cents else str(units + 1)
    return caller.order(
        step.operation,
        amount=amount,
        party=step.party,
        externalId=step.external_id,
        payeeNote=step.note,
    )


def _sequences(products: Sequence[Product]) -> SearchStrategy[Steps]:
    operations = [
        row for product in products for row in creates(product) if row.resource is not REFUND
    ]
    create = st.sampled_from(operations).flatmap(_creates)
    payment = st.integers(0, 2)
    steps = st.one_of(
        create,
        st.builds(Read, payment),
        st.builds(Again, payment),
        st.builds(Login, st.sampled_from(products)),
        st.builds(Wait, st.sampled_from(_LEAPS_S)),
        st.builds(Spoil, st.sampled_from(sorted(INVALID_ORDERS))),
    )
    rest = st.lists(steps, max_size=MOST_STEPS - 1)
    return st.builds(lambda first, further: (first, *further), create, rest)


def _creates(operation: Operation) -> SearchStrategy[Create]:
    numbers = [row for row in EXPECTED[operation.resource.name] if len(row) > 4]
    party = st.sampled_from(numbers or ["46733123499"])
    cents = st.integers(0, _MOST_CENTS)
    return st.builds(Create, st.just(operation), cents, party, _TEXT, _TEXT)
