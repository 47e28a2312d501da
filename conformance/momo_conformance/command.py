"""A client without a driver: a command that is run once a plan, and told by variables what to do.

It pays the orders of the plan, then looks at each until it is final; docs/adapters.md has the
contract. It is judged by its traffic alone: its exit code is written down, and proves nothing.
"""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from mock_momo.testing import World, running_fake
from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.child import words_of
from momo_conformance.engine import Ability
from momo_conformance.errors import DriverError
from momo_conformance.examination import LAST_LOOKS, surroundings_of
from momo_conformance.exchanges import Event
from momo_conformance.one_run import STREAMS, Ended, run_once
from momo_conformance.performing import order_key
from momo_conformance.plans import ExamplePlan, Settings, write_settings
from momo_conformance.recorder import Recorder
from momo_conformance.secrets import note_search, parties_of, search_of
from momo_conformance.steps import PAYER, Advance, AskStatus, Pay, Reconcile
from momo_conformance.suite import Suite
from momo_conformance.traps import trapped_url

WITHIN_S = 60.0
"""How long one run may take."""

_LOOPBACK = "localhost,127.0.0.1,::1"
_PAST_PROXIES = ("NO_PROXY", "no_proxy")


_TOLD = (Pay, AskStatus, Advance, Reconcile)
_FIRST = ExamplePlan(
    name="a payment that goes well",
    settings=Settings(),
    steps=(Pay("10", PAYER), AskStatus(1)),
)


@dataclass(slots=True)
class CommandSuite(Suite):
    """A suite for a client that is a command; `folder` is for what is kept between runs."""

    command: str
    folder: Path
    within_s: float = WITHIN_S
    ended: Ended | None = field(default=None, init=False)

    @property
    def ability(self) -> Ability:
        return Ability(Level.L1)

    def can_take(self, plan: ExamplePlan) -> bool:
        """Plans of orders and looks that are made, or saved, for what can be exercised so.

        Time passes by itself, and whoever looks again has checked: such steps ask for no more.
        """
        is_plain = all(isinstance(step, _TOLD) for step in plan.steps)
        made_for = load_catalogue().by_id.get(plan.breaks or plan.made_for)
        return is_plain and made_for is not None and not self.ability.lacks(made_for)

    def meet(self) -> None:
        """Judge a first plan, in a world where nothing is wrong.

        Raises InvalidCommand, MockMomoError, and DriverError when nothing is sent even then.
        """
        if not self.judge(_FIRST).exchanges:
            raise DriverError(
                "the command has sent nothing to the base URL that is its last argument and "
                f"MTN_BASE_URL; it {self.ended}"
            )

    def examine(self, plan: ExamplePlan, world: World) -> tuple[Event, ...]:
        recorder = Recorder(world, world.freeze().now_ms)
        recorder.note(
            "example_began", settings=write_settings(plan.settings), caps={}, client=self.command
        )
        world.pause_callbacks()
        with trapped_url(plan.settings.trap, world, recorder, self.folder) as base_url:
            words = [*words_of(self.command), base_url]
            about = _variables(plan, world, base_url)
            variables = {**about, **surroundings_of(plan, self.folder), **_past_proxies()}
            search = search_of(world)

            def look(place: str, file: IO[bytes]) -> None:
                search.parties = parties_of(recorder.events)
                search.file(place, file)

            self.ended = run_once(words, variables, self.within_s, look)
        recorder.note("command_ended", code=self.ended.code)
        note_search(search, {}, recorder, STREAMS)
        return recorder.events


@contextmanager
def open_command(command: str) -> Iterator[CommandSuite]:
    """A suite for a command that has been met, with a fake of its own.

    Raises InvalidCommand, DriverError and MockMomoError.
    """
    with TemporaryDirectory() as folder, running_fake() as fake:
        suite = CommandSuite(fake, command, Path(folder))
        suite.meet()
        yield suite


def context_of(plan: ExamplePlan, currency: str) -> Mapping[str, object]:
    """What a command is told of a plan, as `MOCK_MOMO_CONTEXT` has it."""
    numbered = enumerate((step for step in plan.payments if isinstance(step, Pay)), 1)
    looks = [step.payment for step in plan.steps if isinstance(step, AskStatus)]
    polls = max((looks.count(number) for number in looks), default=0)
    return {
        "version": 1,
        "orders": [
            {
                "key": order_key(number),
                "amount": step.amount,
                "currency": step.currency or currency,
                "payer": step.payer,
                "note": step.note or order_key(number),
            }
            for number, step in numbered
        ],
        "polls": polls + (LAST_LOOKS if plan.rests else 0),
        "request_timeout_ms": plan.settings.request_timeout_ms,
    }


def _variables(plan: ExamplePlan, world: World, base_url: str) -> Mapping[str, str]:
    return {
        **world.variables,
        "MTN_BASE_URL": base_url,
        "MTN_COLLECTION_SUBSCRIPTION_KEY": world.subscription_keys["collection"],
        "MOCK_MOMO_SCENARIO": plan.name,
        "MOCK_MOMO_CONTEXT": json.dumps(context_of(plan, world.currency)),
    }


def _past_proxies() -> Mapping[str, str]:
    """No proxy stands between the client and the fake."""
    past = (f"{os.environ.get(name, '')},{_LOOPBACK}".lstrip(",") for name in _PAST_PROXIES)
    return dict(zip(_PAST_PROXIES, past, strict=True))
