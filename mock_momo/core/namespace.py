"""A namespace is a whole world: credentials, clock, wallet, event log, counters."""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

from mock_momo.core.clock import LATEST_MS, Clock, FrozenClock, RealClock
from mock_momo.core.credentials import DEFAULT_CALLBACK_HOST, Credentials, credentials_of
from mock_momo.core.engine import ApiUser, Effect, Engine
from mock_momo.core.event_log import EventLog
from mock_momo.core.rules import Rule, RuleBook
from mock_momo.core.settings import Settings
from mock_momo.errors import InvalidSetting
from momo_contracts.events import ClockMoved, Detail, NamespaceReset

MOST_INSTANTS = 10_000
"""How many instants `run_until_idle` visits at the most."""


class Namespace:
    """Whatever happens in one namespace is invisible in every other."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        rules: tuple[Rule, ...] = (),
        credentials: Credentials | None = None,
    ) -> None:
        self.name = name
        self.settings = settings
        self.credentials = credentials or credentials_of(name)
        self.clock: Clock = RealClock()
        self.log = EventLog(name)
        self.calls: Counter[str] = Counter()
        self.rulebook = RuleBook(rules, settings.seed)
        self._resets = 0
        self.engine = self._new_engine()

    def now_ms(self, wall_ms: int) -> int:
        return self.clock.now_ms(wall_ms)

    def rule(self, rules: tuple[Rule, ...]) -> None:
        """Put other rules in force; what has arrived before is forgotten."""
        self.rulebook = RuleBook(rules, self.settings.seed)

    def configure(self, settings: Settings) -> None:
        """Put other settings in force; payments, tokens, clock and counters stay.

        Another seed draws anew for whatever arrives from now on.
        """
        is_reseeded = settings.seed != self.settings.seed
        self.settings = self.engine.settings = settings
        if is_reseeded:
            self.rule(self.rulebook.rules)

    def reset(self, wall_ms: int) -> None:
        """Empty the world: payments, tokens, API users, counters, clock.

        Settings, rules and the event log stay.
        """
        self.replace(wall_ms, self.settings, self.rulebook.rules)

    def replace(self, wall_ms: int, settings: Settings, rules: tuple[Rule, ...]) -> None:
        """Empty the world and give it these settings and rules."""
        self._resets += 1
        self.settings = settings
        self.rule(rules)
        self.clock = RealClock()
        self.calls.clear()
        self.engine = self._new_engine()
        self.record(NamespaceReset(), wall_ms)

    def freeze(self, wall_ms: int, at_ms: int | None = None) -> None:
        """Stop the clock, here or at a later instant. Raises InvalidSetting beyond year 3000."""
        now_ms = self.now_ms(wall_ms)
        self._move("frozen", FrozenClock(max(now_ms, at_ms or 0)), wall_ms)

    def advance(self, by_ms: int, wall_ms: int) -> tuple[Effect, ...]:
        """Move the clock on; returns what came due, in order. Raises InvalidSetting."""
        return self._move("advanced", self.clock.advanced(by_ms), wall_ms)

    def run(self, wall_ms: int) -> None:
        """Let the clock run again, from where it stands."""
        self._move("real", RealClock(self.now_ms(wall_ms) - wall_ms), wall_ms)

    def run_until_idle(self, wall_ms: int) -> tuple[Effect, ...]:
        """Move the clock to each instant at which something is due, until nothing is.

        Returns what came due, in order; stops after `MOST_INSTANTS` instants, and is then not idle.
        Raises InvalidSetting.
        """
        fired: list[Effect] = []
        for _ in range(MOST_INSTANTS):
            due_ms = self.engine.next_due_ms
            if due_ms is None:
                break
            by_ms = max(0, due_ms - self.now_ms(wall_ms))
            fired += self.advance(by_ms, wall_ms)
        return tuple(fired)

    @property
    def is_idle(self) -> bool:
        """True while nothing will happen by itself."""
        return self.engine.next_due_ms is None

    def record(
        self,
        detail: Detail,
        wall_ms: int,
        connection_id: int | None = None,
        exchange_id: int | None = None,
    ) -> None:
        self.log.record(detail, self.now_ms(wall_ms), wall_ms, connection_id, exchange_id)

    def note(self, effects: Iterable[Effect], wall_ms: int) -> None:
        """Record what happened by itself, each at its own instant."""
        for effect in effects:
            self.log.record(effect.detail, effect.at_ms, wall_ms)

    def catch_up(self, wall_ms: int) -> tuple[Effect, ...]:
        """Let everything happen that is due by now; returns it, in order."""
        effects = self.engine.advance(self.now_ms(wall_ms))
        self.note(effects, wall_ms)
        return effects

    def _move(self, mode: str, clock: Clock, wall_ms: int) -> tuple[Effect, ...]:
        if clock.now_ms(wall_ms) > LATEST_MS:
            raise InvalidSetting("the clock cannot go beyond the year 3000; a reset brings it back")
        from_ms = self.now_ms(wall_ms)
        self.clock = clock
        to_ms = self.now_ms(wall_ms)
        self.record(ClockMoved(mode, from_ms, to_ms), wall_ms)
        return self.catch_up(wall_ms)

    def _new_engine(self) -> Engine:
        secret = blake2b(f"{self.name}/{self._resets}".encode()).digest()
        engine = Engine(self.settings, secret)
        engine.api_users[self.credentials.api_user] = ApiUser(
            DEFAULT_CALLBACK_HOST, (self.credentials.api_key,)
        )
        return engine
