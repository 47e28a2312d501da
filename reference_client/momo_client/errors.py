"""The exceptions of this package.

MomoClientError
├── ConfigurationError    settings are missing or contradict each other; nothing was sent
├── InvalidRequest        a value was refused before any call
├── TokenError            no access token could be had; the payment was not sent
│   ├── TokenRefused      the credentials were refused
│   └── TokenUnavailable  no usable answer; the same call may succeed later
├── PaymentRefused        the provider said a definite no; nothing happened
├── UnknownPayment        the ledger has no payment with this reference id
├── LedgerError           the ledger is missing, of another version, or unusable
└── BadRequest            a line to the driver does not follow its protocol
"""

from typing import ClassVar


class MomoClientError(Exception):
    """Something the caller must know. Never contains a secret.

    `remedy` is for the developer, `payer_message` is safe to show to the person who pays.
    `reference_id`, `http_status` and `code` are there as far as they are known.
    """

    default_payer_message: ClassVar[str] = (
        "The payment could not be started. You have not been charged."
    )

    def __init__(
        self,
        message: str,
        *,
        remedy: str = "",
        payer_message: str = "",
        reference_id: str | None = None,
        http_status: int | None = None,
        code: str = "",
    ) -> None:
        super().__init__(message)
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


class TokenError(MomoClientError):
    """No access token could be had; what needed it was not sent."""


class TokenRefused(TokenError):
    """The credentials were refused; asking again does not help."""


class TokenUnavailable(TokenError):
    """The token call got no usable answer; it may succeed later."""


class PaymentRefused(MomoClientError):
    """The provider refused the payment: it did not and will not happen."""


class UnknownPayment(MomoClientError):
    """The ledger has no payment with this reference id."""

    default_payer_message = "We could not find this payment."


class LedgerError(MomoClientError):
    """The ledger is missing, of another version, or unusable."""

    default_payer_message = "We could not check this payment. Please do not pay again yet."


class BadRequest(MomoClientError):
    """A line to the driver does not follow its protocol: the examiner's fault, not the client's."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="BAD_REQUEST")
