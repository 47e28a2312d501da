"""The exceptions of this package.

MomoClientError
├── ConfigurationError    settings are missing or contradict each other; nothing was sent
├── InvalidRequest        a value was refused before any call
├── TokenError            no access token could be had; the payment was not sent
│   ├── TokenRefused      the credentials were refused
│   └── TokenUnavailable  no usable answer; the same call may succeed later
├── PaymentRefused        the provider said a definite no; nothing happened
├── CallRefused           the provider refused a read or a notification
├── CallUnanswered        a read or a notification got no usable answer
├── UnknownPayment        the ledger has no payment with this reference id
├── LedgerError           the ledger is missing, of another version, or unusable
└── BadRequest            a line to the driver does not follow its protocol
"""

from enum import StrEnum
from typing import ClassVar


class Fault(StrEnum):
    """Who can do something about an error."""

    CALLER = "caller"
    CONFIGURATION = "configuration"
    PAYER = "payer"
    PROVIDER = "provider"
    NETWORK = "network"
    LEDGER = "ledger"


class MomoClientError(Exception):
    """Something the caller must know. Never contains a secret.

    `fault` says who can mend it, `remedy` is for the developer, `payer_message` is safe to show to
    the person who pays. `reference_id`, `http_status`, `code` and `retry_after_s`, in seconds, are
    there as far as they are known.
    """

    default_fault: ClassVar[Fault] = Fault.CALLER

    default_payer_message: ClassVar[str] = "Something went wrong. Please do not pay again yet."

    def __init__(  # noqa: PLR0913  # each is one fact about an error
        self,
        message: str,
        *,
        remedy: str = "",
        payer_message: str = "",
        reference_id: str | None = None,
        http_status: int | None = None,
        code: str = "",
        fault: Fault | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.fault = fault or self.default_fault
        self.retry_after_s = retry_after_s
        self.remedy = remedy
        self.payer_message = payer_message or self.default_payer_message
        self.reference_id = reference_id
        self.http_status = http_status
        self.code = code

    def __str__(self) -> str:
        return "\n".join(". ".join(filter(None, problem)) for problem in self.problems)

    @property
    def message(self) -> str:
        """What is wrong, without the remedy."""
        return str(self.args[0])

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """Pairs of what is wrong and its remedy; only a ConfigurationError has more than one."""
        return ((self.message, self.remedy),)


class ConfigurationError(MomoClientError):
    """Settings are missing or contradict each other; `problems` has one pair for each."""

    default_fault = Fault.CONFIGURATION

    def __init__(self, *problems: tuple[str, str]) -> None:
        super().__init__(
            "; ".join(message for message, _ in problems),
            remedy=" ".join(remedy for _, remedy in problems),
            code="CONFIGURATION",
        )
        self._problems = problems

    @property
    def problems(self) -> tuple[tuple[str, str], ...]:
        return self._problems


class InvalidRequest(MomoClientError):
    """A value was refused before any call."""

    default_payer_message = "This cannot be done as it was entered. Please check it."


class TokenError(MomoClientError):
    """No access token could be had; what needed it was not sent."""

    default_fault = Fault.CONFIGURATION


class TokenRefused(TokenError):
    """The credentials were refused; asking again does not help."""


class TokenUnavailable(TokenError):
    """The token call got no usable answer; it may succeed later."""

    default_fault = Fault.PROVIDER


class PaymentRefused(MomoClientError):
    """The provider refused the payment: it did not and will not happen."""


class CallRefused(MomoClientError):
    """The provider refused a read or a notification."""

    default_payer_message = "We could not look this up."


class CallUnanswered(MomoClientError):
    """A read or a notification got no usable answer. A notification may have gone out."""

    default_fault = Fault.PROVIDER
    default_payer_message = "We could not look this up. Please try again later."


class UnknownPayment(MomoClientError):
    """The ledger has no payment with this reference id."""

    default_payer_message = "We could not find this payment."


class LedgerError(MomoClientError):
    """The ledger is missing, of another version, or unusable."""

    default_fault = Fault.LEDGER
    default_payer_message = "We could not check this payment. Please do not pay again yet."


class BadRequest(MomoClientError):
    """A line to the driver does not follow its protocol: the examiner's fault, not the client's."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="BAD_REQUEST")
