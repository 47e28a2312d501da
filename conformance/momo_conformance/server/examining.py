"""From a ground to verdicts: every probe, then every drawn sequence."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from momo_conformance.catalogue import Level
from momo_conformance.engine import Ability, Tally
from momo_conformance.exchanges import Event
from momo_conformance.naming import is_meant
from momo_conformance.reading import read_history
from momo_conformance.server.caller import Caller
from momo_conformance.server.grounds import Ground, Place
from momo_conformance.server.probes import PROBES, Probe
from momo_conformance.server.session import Pace, Reply, Request, Session, as_json
from momo_conformance.server.target import Target
from momo_conformance.verdicts import Verdict

Told = Callable[[str, int, int], None]
"""Told of each probe before it is sent: its name, its number, how many there are."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to examine: `only` are prefixes of requirement ids, empty for all of them."""

    only: tuple[str, ...] = ()
    examples: int = 0
    seed: int = 0


@dataclass(slots=True)
class Examined:
    """What came of it. `calls` were made; `logs` are the events of each probe, by its name."""

    verdicts: tuple[Verdict, ...] = ()
    calls: int = 0
    logs: dict[str, tuple[Event, ...]] = field(default_factory=dict)


def probes_for(ground: Ground, wanted: Wanted) -> tuple[Probe, ...]:
    """The probes that can be sent there, the drawn ones last."""
    chosen = (row for row in PROBES if _fits(row, ground) and _is_for(row, wanted.only))
    return (*chosen, *_drawn(ground, wanted))


def examine_server(
    ground: Ground, probes: Sequence[Probe], told: Told = lambda *_: None
) -> Examined:
    """Send every probe and judge what came of it. Raises ConformanceError, MockMomoError."""
    found, tally = Examined(), Tally()
    for number, probe in enumerate(probes, 1):
        told(probe.name, number, len(probes))
        with ground.open() as place:
            probe.run(Caller(place))
            events = place.session.events
        history = read_history(events)
        found.calls += len(history.exchanges)
        found.logs[probe.name] = events
        tally.add(history)
    found.verdicts = tally.verdicts(Ability(Level.SERVER, ground.has))
    return found


def most_calls(ground: Ground, probes: Sequence[Probe]) -> int:
    """So many calls will be made at the most: the probes are rehearsed without a server."""
    rehearsal = _Rehearsal(ground.target)
    advance = (lambda _: None) if "clock" in ground.has else None
    for probe in probes:
        probe.run(Caller(Place(ground.target, rehearsal, advance, leaps=bool(advance))))
    return rehearsal.calls


class _Rehearsal(Session):
    """Counts what would be sent, and answers every request with all that a caller reads."""

    def __init__(self, target: Target) -> None:
        super().__init__(target, "", Pace(), lambda: 0)
        self.calls = 0

    def send(self, request: Request) -> Reply:  # noqa: ARG002  # nothing is sent
        """Count it."""
        with self._lock:
            self.calls += 1
        return Reply(200, body=as_json({"access_token": "-", "expires_in": 0}))


def _is_for(probe: Probe, only: tuple[str, ...]) -> bool:
    return any(is_meant(name, only) for name in (probe.name, *probe.also))


def _drawn(ground: Ground, wanted: Wanted) -> Iterator[Probe]:
    if not wanted.examples:
        return
    from momo_conformance.server.stateful import draw, perform  # noqa: PLC0415  # Hypothesis takes long to load

    sequences = draw(wanted.examples, wanted.seed, ground.target.products)
    for number, steps in enumerate(sequences, 1):
        yield Probe(f"drawn {number}", partial(perform, steps))


def _fits(probe: Probe, ground: Ground) -> bool:
    is_there = set(probe.products) <= set(ground.target.products)
    return (
        probe.needs <= ground.has
        and is_there
        and not (probe.in_sandbox and not ground.target.has_test_numbers)
    )
