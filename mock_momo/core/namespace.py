"""A namespace is a whole world: credentials, clock, wallet, event log, counters."""

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from mock_momo.core.api_users import ApiUser
from mock_momo.core.clock import LATEST_MS, Clock, FrozenClock, RealClock, TravellingClock
from mock_momo.core.credentials import DEFAULT_CALLBACK_HOST, Credentials, credentials_of
from mock_momo.core.effects import Effect, Happened, SendCallback
from mock_momo.core.engine import Engine
from mock_momo.core.event_log import EventLog
from mock_momo.core.gates import Gates, Hold
from mock_momo.core.limits import RateLimiter
from mock_momo.core.rules import Rule, RuleBook
from mock_momo.core.settings import Settings
from mock_momo.errors import InvalidSetting
from momo_contracts.events import ClockMoved, Detail, NamespaceDescribed, NamespaceReset

MOST_STEPS = 10_000
"""How many things `run_until_idle` lets happen at the most."""

Journey = Iterator[tuple[Effect, ...]]
"""The clock on its way: each step lets one thing happen at its own instant, and yields its effects.

Whoever performs them does so before asking for the next step. A journey that nobody walks leaves
the clock where it is.
"""


class Namespace:
    """Whatever happens in one namespace is invisible in every other.

    The log outlives a reset: what came after `born_seq` is of this world. `forgotten` is how many
    events of it no log of this process ever had: those from before a state was put back.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        rules: tuple[Rule, ...] = (),
        credentials: Credentials | None = None,
        resets: int = 0,
    ) -> None:
        self.name = name
        self.settings = settings
        self.credentials = credentials or credentials_of(name)
        self.clock: Clock = RealClock()
        self.log = EventLog(name)
        self.calls: Counter[str] = Counter()
        self._was_called = False
        self.rulebook = RuleBook(rules, settings.seed)
        self.gates = Gates()
        self.resets = resets
        self.born_seq = 0
        self.forgotten = 0
        self.limiter = RateLimiter(settings.rate_limit)
        self.engine = self._new_engine()

    def now_ms(self, wall_ms: int) -> int:
        return self.clock.now_ms(wall_ms)

    def rule(self, rules: tuple[Rule, ...]) -> None:
        """Put other rules in force; what has arrived before is forgotten."""
        self.rulebook = RuleBook(rules, self.settings.seed)

    def configure(self, settings: Settings, wall_ms: int) -> None:
        """Put other settings in force; payments, tokens, clock and counters stay.

        Another seed draws anew for whatever arrives from now on, another rate limit counts anew.
        """
        before = self._description()
        is_reseeded = settings.seed != self.settings.seed
        if settings.rate_limit != self.limiter.limit:
            self.limiter = RateLimiter(settings.rate_limit)
        self.settings = settings
        self.engine.configure(settings)
        if is_reseeded:
            self.rule(self.rulebook.rules)
        if self._description() != before:
            self.describe(wall_ms)

    def describe(self, wall_ms: int) -> None:
        """Record what the rest of the log is to be read by."""
        self.record(self._description(), wall_ms)

    def reset(self, wall_ms: int) -> tuple[Hold, ...]:
        """Empty the world: payments, tokens, API users, counters, clock, gates.

        Settings, rules and the event log stay. Returns what gates held, which goes on.
        """
        return self.replace(wall_ms, self.settings, self.rulebook.rules)

    def replace(
        self, wall_ms: int, settings: Settings, rules: tuple[Rule, ...]
    ) -> tuple[Hold, ...]:
        """Empty the world and give it these settings and rules; returns what gates held."""
        self.become(settings, rules, self.resets + 1)
        self.record(NamespaceReset(), wall_ms)
        self.describe(wall_ms)
        return self.gates.remove_all()

    def become(self, settings: Settings, rules: tuple[Rule, ...], resets: int) -> None:
        """An empty world with these settings and rules, after so many resets.

        Tokens are good in a world of the same name and number of resets.
        """
        self.resets = resets
        self.born_seq, self.forgotten = self.log.last_seq, 0
        self._was_called = self.has_been_called
        self.settings = settings
        self.rule(rules)
        self.limiter = RateLimiter(settings.rate_limit)
        self.clock = RealClock()
        self.calls.clear()
        self.engine = self._new_engine()

    def freeze(self, wall_ms: int, at_ms: int | None = None) -> Journey:
        """Stop the clock, here or at a later instant. Raises InvalidSetting beyond year 3000."""
        end_ms = max(self.now_ms(wall_ms), at_ms or 0)
        yield from self._travel("frozen", FrozenClock(end_ms), wall_ms)

    def advance(self, by_ms: int, wall_ms: int) -> Journey:
        """Move the clock on. Raises InvalidSetting beyond the year 3000."""
        yield from self._travel("advanced", self.clock.advanced(by_ms), wall_ms)

    def run(self, wall_ms: int) -> Journey:
        """Let the clock run again, from where it stands."""
        yield from self._travel("real", RealClock(self.now_ms(wall_ms) - wall_ms), wall_ms)

    def run_until_idle(self, wall_ms: int) -> Journey:
        """Move the clock to each instant at which something is due, until nothing is.

        Stops after `MOST_STEPS` steps, and is then not idle. Raises InvalidSetting.
        """
        engine = self.engine
        for _ in range(MOST_STEPS):
            due_ms = engine.next_due_ms
            if due_ms is None or engine is not self.engine:
                return
            by_ms = due_ms - self.now_ms(wall_ms)
            if by_ms > 0:
                self._arrive("advanced", self.clock.advanced(by_ms), wall_ms)
            yield engine.step(self.now_ms(wall_ms))

    @property
    def has_been_called(self) -> bool:
        """True when a request has come since it was made, whatever was reset meanwhile."""
        return self._was_called or bool(self.calls)

    @property
    def events(self) -> int:
        """How many events this world has had, kept or not."""
        return self.forgotten + self.log.last_seq - self.born_seq

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

    def note(self, effects: Iterable[Effect], wall_ms: int) -> tuple[SendCallback, ...]:
        """Record what happened by itself, each at its own instant; returns what is to be sent."""
        sends = []
        for effect in effects:
            if isinstance(effect, Happened):
                self.log.record(effect.detail, effect.at_ms, wall_ms)
            else:
                sends.append(effect)
        return tuple(sends)

    def catch_up(self, wall_ms: int) -> tuple[Effect, ...]:
        """Let everything happen that is due by now; returns it, in order."""
        return self.engine.advance(self.now_ms(wall_ms))

    def _travel(self, mode: str, end: Clock, wall_ms: int) -> Journey:
        engine, start_ms, end_ms = self.engine, self.now_ms(wall_ms), end.now_ms(wall_ms)
        self._arrive(mode, end, wall_ms)
        while (due_ms := engine.next_due_ms) is not None and due_ms <= end_ms:
            self.clock = TravellingClock(max(due_ms, start_ms), end)
            yield engine.step(self.clock.at_ms)
            if engine is not self.engine:  # a reset on the way: another world, another clock
                return
        self.clock = end

    def _arrive(self, mode: str, clock: Clock, wall_ms: int) -> None:
        if clock.now_ms(wall_ms) > LATEST_MS:
            raise InvalidSetting("the clock cannot go beyond the year 3000; a reset brings it back")
        moved = ClockMoved(mode, self.now_ms(wall_ms), clock.now_ms(wall_ms))
        self.clock = clock
        self.record(moved, wall_ms)

    def _description(self) -> NamespaceDescribed:
        settings = self.settings
        return NamespaceDescribed(
            settings.profile.name,
            settings.target_environment.name,
            settings.target_environment.currency.code,
            self.engine.api_users[self.credentials.api_user].callback_host,
            settings.expires_in_s,
            settings.switches.payment_status,
            settings.switches.payment_scope,
        )

    def _new_engine(self) -> Engine:
        secret = blake2b(f"{self.name}/{self.resets}".encode()).digest()
        engine = Engine(self.settings, secret)
        engine.api_users[self.credentials.api_user] = ApiUser(
            DEFAULT_CALLBACK_HOST, (self.credentials.api_key,)
        )
        return engine
