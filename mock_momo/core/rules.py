"""Rules: what matches gets a plan or a fault. Decided by hash, never by order of arrival."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from mock_momo.core.authorization import claimed_api_user
from mock_momo.core.callback_terms import CallbackTerms
from mock_momo.core.calls import Call, OrderFacts, PartyFacts
from mock_momo.core.draws import Draw
from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.payments import Payment
from mock_momo.core.rendered import Handover
from momo_contracts.errors import InvalidValue
from momo_contracts.events import FaultConsumed
from momo_contracts.frozen import dataclass
from momo_contracts.operations import Operation
from momo_contracts.plans import Plan
from momo_contracts.values import Party, parse_amount, parse_reference_id

if TYPE_CHECKING:
    from mock_momo.core.engine import Engine
    from mock_momo.core.faults.fault import Answer


@dataclass(frozen=True, slots=True)
class Match:
    """What a rule applies to. None matches anything; texts may hold the wildcards * and ?.

    party, amount, currency and external_id are those of the order in the request, or of the
    payment that the request asks about.
    """

    operation: str | None = None
    party: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    external_id: str | None = None
    reference_id: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def accepts(self, subject: "Subject") -> bool:
        return (
            _fits(self.operation, subject.operation)
            and _fits(self.party, subject.party)
            and (self.amount is None or self.amount == subject.amount)
            and _fits(self.currency, subject.currency)
            and _fits(self.external_id, subject.external_id)
            and _fits(self.reference_id, subject.reference_id)
            and all(_fits(wanted, subject.headers.get(name)) for name, wanted in self.headers)
        )


@dataclass(frozen=True, slots=True)
class Share:
    """One plan of a mix, as often as its weight says."""

    plan: Plan
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """A match, and the mix of plans or the fault that it gets.

    A rule strikes on the arrivals skip_first + 1 … skip_first + times (None: all) of an operation
    for a reference id, each with `probability`. With scope "rule" it is the rule's own matches
    that are counted, which depends on the order in which requests arrive.
    """

    name: str
    match: Match
    mix: tuple[Share, ...] = ()
    fault: Fault | None = None
    probability: float = 1.0
    skip_first: int = 0
    times: int | None = None
    scope: Literal["reference", "rule"] = "reference"

    def chooses(self, draw: Draw) -> Plan | None:
        """The plan of the mix that this draw falls on; None for a rule without a mix."""
        if not self.mix:
            return None
        left = draw.number("mix", below=sum(share.weight for share in self.mix))
        for share in self.mix:
            left -= share.weight
            if left < 0:
                return share.plan
        raise AssertionError("a draw is below the sum of all weights")

    def strikes_at(self, ordinal: int) -> bool:
        last = None if self.times is None else self.skip_first + self.times
        return ordinal > self.skip_first and (last is None or ordinal <= last)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request is about, as rules see it."""

    operation: str
    party: str | None
    amount: Decimal | None
    currency: str | None
    external_id: str | None
    reference_id: str | None
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Strike:
    """A rule that applies to this request, with the draw that is its own."""

    rule: Rule
    draw: Draw

    @property
    def consumed(self) -> FaultConsumed:
        """What the event log says about it."""
        return FaultConsumed(self.rule.name, self.rule.fault.name if self.rule.fault else "plan")


@dataclass(frozen=True, slots=True)
class Shaping:
    """All that the rules do to one request."""

    strikes: tuple[Strike, ...] = ()

    @property
    def rule_names(self) -> str | None:
        if not self.strikes:
            return None
        return ", ".join(strike.rule.name for strike in self.strikes)

    def plan(self, given: Plan, *, is_explicit: bool) -> Plan:
        """The payment's plan: a header's stays, else the first mix; then faults may replan it."""
        plans = (strike.rule.chooses(strike.draw) for strike in self.strikes)
        ruled = given if is_explicit else next((plan for plan in plans if plan), given)
        for strike in self.strikes:
            ruled = strike.rule.fault.replan(ruled) if strike.rule.fault else ruled
        return ruled

    def reroute(self, terms: CallbackTerms) -> CallbackTerms:
        """How the payment's callback is sent, each fault having had its way with it."""
        for strike in self.strikes:
            terms = strike.rule.fault.reroute(terms) if strike.rule.fault else terms
        return terms

    def before(self, call: Call, engine: "Engine") -> "Answer":
        """What answers instead of the API; the first fault that does."""
        for strike in self.strikes:
            if strike.rule.fault is not None:
                answer = strike.rule.fault.before(Scene(call, engine, strike.draw))
                if answer is not None:
                    return answer
        return None

    def after(self, handover: Handover, call: Call, engine: "Engine") -> Handover:
        """How the reply leaves, each fault having had its way with it."""
        for strike in self.strikes:
            if strike.rule.fault is not None:
                scene = Scene(call, engine, strike.draw)
                handover = strike.rule.fault.after(handover, scene)
        return handover


NOTHING = Shaping()


@dataclass(frozen=True, slots=True)
class Counts:
    """What a rule book has counted: arrivals by operation and id, matches and strikes by rule."""

    arrivals: Mapping[tuple[str, str], int]
    matches: Mapping[str, int]
    strikes: Mapping[str, int]


class RuleBook:
    """The rules of a namespace, what has arrived, and how often each rule has struck.

    Arrivals are counted by operation and reference id, or API user where there is none: what is
    kept grows with the ids that clients make up, never with the number of requests about them.
    """

    def __init__(self, rules: tuple[Rule, ...], seed: int) -> None:
        self.rules = rules
        self.strikes: Counter[str] = Counter()
        self._seed = seed
        self._arrivals: Counter[tuple[str, str]] = Counter()
        self._matches: Counter[str] = Counter()

    @property
    def counts(self) -> Counts:
        return Counts(dict(self._arrivals), dict(self._matches), dict(self.strikes))

    def resume(self, counts: Counts) -> None:
        """Go on from what another has counted."""
        self._arrivals = Counter(counts.arrivals)
        self._matches = Counter(counts.matches)
        self.strikes = Counter(counts.strikes)

    def shape(self, call: Call, engine: "Engine") -> Shaping:
        """Which rules apply to this request. Counts its arrival."""
        if not self.rules or call.operation is None:
            return NOTHING
        operation = call.operation.name
        if not any(_fits(rule.match.operation, operation) for rule in self.rules):
            return NOTHING
        about = _about(call, call.operation, engine)
        self._arrivals[operation, about] += 1
        ordinal = self._arrivals[operation, about]
        subject = subject_of(call, engine)
        strikes = tuple(
            strike
            for rule in self.rules
            if rule.match.accepts(subject)
            and (strike := self._strike(rule, operation, about, ordinal)) is not None
        )
        self.strikes.update(strike.rule.name for strike in strikes)
        return Shaping(strikes) if strikes else NOTHING

    def _strike(self, rule: Rule, operation: str, about: str, ordinal: int) -> Strike | None:
        if rule.scope == "rule":
            self._matches[rule.name] += 1
            ordinal = self._matches[rule.name]
        draw = Draw(self._seed, (rule.name, operation, about, str(ordinal)))
        if not rule.strikes_at(ordinal) or draw.fraction("probability") >= rule.probability:
            return None
        return Strike(rule, draw)


def _about(call: Call, operation: Operation, engine: "Engine") -> str:
    """Whose arrivals are counted: the reference id's that the operation is about, else the API
    user's who says to be calling; all whom nobody knows are one.
    """
    written = call.reference_id if operation.creates else call.resource_id
    try:
        return parse_reference_id(written or "")
    except InvalidValue:
        api_user = claimed_api_user(call.authorization or "")
        return api_user if api_user in engine.api_users else ""


def subject_of(call: Call, engine: "Engine") -> Subject:
    """What a request is about: the payment that it asks for, or the one that it asks to make."""
    operation = call.operation.name if call.operation else "unknown"
    payment = engine.payments.get(call.resource_id or "")
    if payment is not None:
        return subject_of_payment(operation, payment, call.headers)
    facts = call.body if isinstance(call.body, OrderFacts) else None
    party: PartyFacts | Party | None = facts.party if facts else call.holder
    original = engine.payments.get(facts.refunds) if facts and facts.refunds else None
    if original is not None:
        party = original.order.party
    return Subject(
        operation,
        party.id if party else None,
        _amount_of(facts.amount) if facts else None,
        facts.currency if facts else None,
        facts.external_id if facts else None,
        call.resource_id or call.reference_id,
        call.headers,
    )


def subject_of_payment(operation: str, payment: Payment, headers: Mapping[str, str]) -> Subject:
    """What something about a payment that exists is about."""
    order = payment.order
    return Subject(
        operation,
        order.party.id if order.party else None,
        order.amount,
        order.currency,
        order.external_id,
        payment.reference_id,
        headers,
    )


def _amount_of(text: str | None) -> Decimal | None:
    try:
        return None if text is None else parse_amount(text)
    except InvalidValue:
        return None


def _fits(wanted: str | None, given: str | None) -> bool:
    return wanted is None or (given is not None and fnmatchcase(given, wanted))
