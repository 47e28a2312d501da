"""Asking the client under test: every question written down, every death survived and told."""

import json
from collections.abc import Callable
from threading import RLock
from types import MappingProxyType

from momo_conformance.calls import KILLED, SECRETS
from momo_conformance.driver import ANSWER_S, Driver
from momo_conformance.errors import DriverDied, DriverError
from momo_conformance.protocol import Answer, Fields, Ok
from momo_conformance.recorder import Recorder
from momo_conformance.subject import Subject

MOST_DEATHS = 3
"""A client that dies more often in one example cannot be examined."""

_NONE: Fields = MappingProxyType({})


class Asking:
    """Asks one subject; `reconfigure` is what a restarted one has to be told first."""

    def __init__(
        self, subject: Subject, recorder: Recorder, reconfigure: Callable[[], None]
    ) -> None:
        self._subject = subject
        self._recorder = recorder
        self._reconfigure = reconfigure
        self._lock = RLock()
        self._deaths = 0

    def supports(self, op: str) -> bool:
        """True when the driver has said that it knows the op."""
        return op in self._subject.client.ops

    def ask(
        self,
        op: str,
        fields: Fields = _NONE,
        /,
        *,
        within_s: float = ANSWER_S,
        payment: int | None = None,
        about: str | None = None,
        is_forged: bool = False,
    ) -> Answer | None:
        """Ask for one thing; None when the client died of it, and has been started again.

        Raises DriverError when it breaks the protocol, or dies too often.
        """
        with self._lock:  # never between a death and the configuration of what comes after it
            driver = self._subject.driver
            call = self._recorder.asked(op, fields, payment, about, is_forged=is_forged)
        try:
            answer = driver.ask(op, within_s, **fields)
        except DriverDied as death:
            self._bury(driver, death)
            return None
        except DriverError as breach:
            shown = {name: value for name, value in fields.items() if name not in SECRETS}
            breach.add_note(f"it was being asked {op} {json.dumps(shown, ensure_ascii=False)}")
            raise
        self._recorder.answered(call, answer)
        return answer

    def must(self, op: str, fields: Fields = _NONE, /) -> Fields:
        """Ask for something that a driver cannot refuse. Raises DriverError."""
        answer = self.ask(op, fields)
        if not isinstance(answer, Ok):
            told = "it died" if answer is None else f"it said {answer}"
            raise DriverError(f"the driver must answer {op!r} with ok; {told}")
        return answer.value

    def crash(self) -> None:
        """Kill the client and start it again with its ledger."""
        with self._lock:
            self._restart(KILLED)

    def _bury(self, driver: Driver, death: DriverDied) -> None:
        """One death is told by everybody who was waiting: it is dealt with once."""
        with self._lock:
            if self._subject.driver is not driver:
                return
            self._deaths += 1
            if self._deaths > MOST_DEATHS:
                raise death
            self._restart(death.how, death.last_words)

    def _restart(self, how: str, last_words: str = "") -> None:
        self._subject.kill()  # first: what it still gets an answer to was before its death
        self._recorder.died(how, last_words)
        self._subject.restart()
        self._reconfigure()
