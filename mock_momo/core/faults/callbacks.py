"""Callbacks that do not come once, in time, and true."""

from dataclasses import dataclass, replace
from typing import ClassVar

from mock_momo.core.callback_terms import CallbackTerms
from mock_momo.core.faults.fault import Fault, check_range
from momo_contracts.outcomes import Outcome
from momo_contracts.plans import MAX_AFTER_MS


@dataclass(frozen=True, slots=True)
class CallbackLost(Fault):
    """The callback is never sent, though the payment ends."""

    name: ClassVar[str] = "callback_lost"
    summary: ClassVar[str] = "never send the callback"

    def reroute(self, terms: CallbackTerms) -> CallbackTerms:
        return replace(terms, is_dropped=True)


@dataclass(frozen=True, slots=True)
class CallbackDuplicated(Fault):
    """The same callback comes `copies` times, each in a delivery of its own."""

    name: ClassVar[str] = "callback_duplicated"
    summary: ClassVar[str] = "send the callback copies times (2)"

    copies: int = 2

    def __post_init__(self) -> None:
        check_range("copies", self.copies, 2, 100)

    def reroute(self, terms: CallbackTerms) -> CallbackTerms:
        return replace(terms, copies=self.copies)


@dataclass(frozen=True, slots=True)
class CallbackDelayed(Fault):
    """The callback comes `after_s` later than the outcome, in namespace time.

    With different delays for different payments, callbacks overtake one another.
    """

    name: ClassVar[str] = "callback_delayed"
    summary: ClassVar[str] = "send the callback after_s later (60), so that others overtake it"

    after_s: int = 60

    def __post_init__(self) -> None:
        check_range("after_s", self.after_s, 0, MAX_AFTER_MS // 1000)

    def reroute(self, terms: CallbackTerms) -> CallbackTerms:
        return replace(terms, delay_ms=terms.delay_ms + self.after_s * 1000)


@dataclass(frozen=True, slots=True)
class CallbackEarly(Fault):
    """The callback is answered before the 202 of the create leaves, and before a read shows it."""

    name: ClassVar[str] = "callback_early"
    summary: ClassVar[str] = "send the callback before the reply to the create"

    def reroute(self, terms: CallbackTerms) -> CallbackTerms:
        return replace(terms, is_early=True)


@dataclass(frozen=True, slots=True)
class CallbackContradicts(Fault):
    """The callback says another outcome than every status read."""

    name: ClassVar[str] = "callback_contradicts"
    summary: ClassVar[str] = "let the callback say FAILED, or as says wants, whatever a read shows"

    says: Outcome = Outcome.FAILED

    def reroute(self, terms: CallbackTerms) -> CallbackTerms:
        return replace(terms, says=self.says)
