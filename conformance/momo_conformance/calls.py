"""One question of the examiner to a client's driver, and its answer."""

import json
from dataclasses import dataclass

from momo_conformance.protocol import Answer, Fail, Fields, Ok, Unknown

SECRETS = ("api_key", "subscription_keys")
"""Fields of `configure` that no log and no trace shows."""

CREATES = ("request_to_pay", "transfer", "refund")
"""The ops that ask the client to move money."""

KILLED = "was killed by the examiner (SIGKILL)"
"""How a client ends that did not end by itself."""


@dataclass(frozen=True, slots=True)
class Died:
    """The driver ended before it answered; `how` is its exit code or signal."""

    how: str

    @property
    def is_by_examiner(self) -> bool:
        """True when the plan wanted it so."""
        return self.how == KILLED

    def __str__(self) -> str:
        return f"the driver {self.how}"


@dataclass(frozen=True, slots=True)
class Call:
    """One op: `asked` and `answered` are positions in the history, `answered` None without one.

    `payment` is the number of the payment of the plan that it is about, `about` the reference id
    that a callback is for; `is_forged`: the fake never sent it. Instants in ms.
    """

    asked: int
    answered: int | None
    op: str
    fields: Fields
    answer: Answer | Died | None
    at_ms: int
    wall_ms: int
    answered_wall_ms: int
    payment: int | None = None
    about: str | None = None
    is_forged: bool = False

    @property
    def key(self) -> str | None:
        """The order that it is about; None where it names none."""
        key = self.fields.get("key")
        return key if isinstance(key, str) else None

    @property
    def has_died(self) -> bool:
        """True when the client ended instead of answering, by itself or killed."""
        return isinstance(self.answer, Died)

    @property
    def is_killed(self) -> bool:
        """True when it could not answer because the plan wanted it to die."""
        return isinstance(self.answer, Died) and self.answer.is_by_examiner

    def is_open_at(self, position: int) -> bool:
        """True when it had been asked by then and not been answered yet."""
        return self.asked < position and (self.answered is None or position < self.answered)

    @property
    def creates(self) -> bool:
        """True when it asks the client to move money."""
        return self.op in CREATES

    @property
    def reference_id(self) -> str | None:
        """The payment that the answer names, in lower case; None where it names none."""
        match self.answer:
            case Ok({"reference_id": str(reference_id)}):
                return reference_id.lower()
            case Fail(_, str(reference_id)) | Unknown(str(reference_id), _):
                return reference_id.lower()
        return None

    @property
    def state(self) -> str | None:
        """pending, completed or failed, as the answer says; None where it does not say."""
        match self.answer:
            case Ok({"state": str(state)}):
                return state
        return None

    def __str__(self) -> str:
        fields = {name: value for name, value in self.fields.items() if name not in SECRETS}
        told = "no answer" if self.answer is None else str(self.answer)
        return f"{self.op} {json.dumps(fields, ensure_ascii=False)} ⇒ {told}"
