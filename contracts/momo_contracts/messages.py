"""The bodies on the wire, as pydantic messages. Only an `edge/` imports them.

Requests are read as tolerantly as the sandbox reads them (unknown keys pass, `externalId` may be
a number, every field may be absent: whether that is an error is the wallet's decision); replies
are exact, and say the same as `schemas/*.json`: one is for programs in Python, the other for all.
Key order is the order of the fields. Source: documented schemas, observed orders.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from momo_contracts.values import UUID_FORM

PlainAmount = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$")]
SignedAmount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
TransactionId = Annotated[str, Field(pattern=r"^[0-9]{9,10}$")]
Uuid = Annotated[str, Field(pattern=f"^{UUID_FORM}$")]


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @field_validator("*", mode="before")
    @classmethod
    def _is_not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("is null; what is absent is left out")
        return value


class PartyBody(_Request):
    """A payer or payee."""

    partyIdType: str | None = None
    partyId: str | None = None


class _OrderBody(_Request):
    amount: str | None = None
    currency: str | None = None
    externalId: str | int | None = None
    payerMessage: str | None = None
    payeeNote: str | None = None


class PayerOrderBody(_OrderBody):
    """Body of a request to pay or to withdraw."""

    payer: PartyBody | None = None


class PayeeOrderBody(_OrderBody):
    """Body of a transfer or a deposit."""

    payee: PartyBody | None = None


class RefundBody(_OrderBody):
    """Body of a refund; it names what is paid back, not whom."""

    referenceIdToRefund: str | None = None


class MoneyBody(_Request):
    """An amount and its currency."""

    amount: str | None = None
    currency: str | None = None


class PaymentBody(_Request):
    """Body of a payment; of its many texts only those that are kept."""

    externalTransactionId: str | int | None = None
    money: MoneyBody | None = None
    receiverMessage: str | None = None
    senderNote: str | None = None


class NotificationBody(_Request):
    """Body of a delivery notification."""

    notificationMessage: str | None = None


class ApiUserBody(_Request):
    """Body of the creation of an API user."""

    providerCallbackHost: str | None = None


class TokenReply(_Reply):
    """200 of the token operation. `token_type` is the literal word 'access_token' (observed)."""

    access_token: str = Field(min_length=1)
    token_type: Literal["access_token"]
    expires_in: int = Field(gt=0)


class ApiUserReply(_Reply):
    """200 of reading an API user."""

    providerCallbackHost: str
    targetEnvironment: str


class ApiKeyReply(_Reply):
    """201 of creating an API key: 32 lower-case hex digits (observed)."""

    apiKey: str = Field(min_length=1)


class PartyReply(_Reply):
    """The echo of a party."""

    partyIdType: str
    partyId: str


Status = Literal["CREATED", "PENDING", "SUCCESSFUL", "FAILED"]
ReasonCode = Annotated[str, Field(pattern=r"^[A-Z_]+$")]


class RequestToPayStatusReply(_Reply):
    """200 of `GET v1_0/requesttopay/{id}` and of a request to withdraw."""

    financialTransactionId: TransactionId | None = None
    externalId: str | None = None
    amount: PlainAmount
    currency: CurrencyCode
    payer: PartyReply
    payerMessage: str | None = None
    payeeNote: str | None = None
    status: Status
    reason: ReasonCode | None = None


class TransferStatusReply(_Reply):
    """200 of `GET v1_0/transfer/{id}`: an order of keys of its own (observed)."""

    amount: PlainAmount
    currency: CurrencyCode
    financialTransactionId: TransactionId | None = None
    externalId: str | None = None
    payee: PartyReply
    payerMessage: str | None = None
    payeeNote: str | None = None
    status: Status
    reason: ReasonCode | None = None


class DepositStatusReply(_Reply):
    """200 of `GET v1_0/deposit/{id}`: never a transaction id (observed)."""

    externalId: str | None = None
    amount: PlainAmount
    currency: CurrencyCode
    payee: PartyReply
    payerMessage: str | None = None
    payeeNote: str | None = None
    status: Status
    reason: ReasonCode | None = None


class RefundStatusReply(_Reply):
    """200 of `GET v1_0/refund/{id}`: the payee is the payer of the original, if there was one."""

    financialTransactionId: TransactionId | None = None
    externalId: str | None = None
    amount: PlainAmount
    currency: CurrencyCode
    payee: PartyReply | None = None
    payerMessage: str | None = None
    payeeNote: str | None = None
    status: Status
    reason: ReasonCode | None = None


class ReasonReply(_Reply):
    """A reason as published; `message` may be empty."""

    code: ReasonCode
    message: str


class PaymentStatusReply(_Reply):
    """200 of `GET v2_0/payment/{id}`, as published; the mission's form by switch.

    The mission's has TIMEOUT and REJECTED and a text for a reason, empty where there is none.
    """

    referenceId: Uuid
    status: Literal["CREATED", "PENDING", "SUCCESSFUL", "FAILED", "TIMEOUT", "REJECTED"]
    financialTransactionId: TransactionId | None = None
    reason: Annotated[str, Field(pattern=r"^[A-Z_]*$")] | ReasonReply | None = None


class ActiveReply(_Reply):
    """200 of asking whether an account holder is active."""

    result: bool


class PersonReply(_Reply):
    """200 of basicuserinfo; `updated_at` is in seconds since the epoch (observed)."""

    sub: str
    name: str
    given_name: str
    family_name: str
    birthdate: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    locale: str
    gender: Literal["MALE", "FEMALE"]
    updated_at: int


class BalanceReply(_Reply):
    """200 of the balance operation; a string, which may be negative (observed)."""

    availableBalance: SignedAmount
    currency: CurrencyCode
