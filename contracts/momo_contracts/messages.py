"""The bodies on the wire, as pydantic messages. Only an `edge/` imports them.

Requests are read as tolerantly as the sandbox reads them (unknown keys pass, `externalId` may be
a number, every field may be absent: whether that is an error is the wallet's decision); replies
are exact, and say the same as `schemas/*.json`: one is for programs in Python, the other for all.
Key order is the order of the fields. Source: documented schemas, observed orders.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

PlainAmount = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$")]
SignedAmount = Annotated[str, Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]
CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
TransactionId = Annotated[str, Field(pattern=r"^[0-9]{9,10}$")]
Uuid = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]


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


class RequestToPayBody(_Request):
    """Body of a request to pay."""

    amount: str | None = None
    currency: str | None = None
    externalId: str | int | None = None
    payer: PartyBody | None = None
    payerMessage: str | None = None
    payeeNote: str | None = None


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


class RequestToPayStatusReply(_Reply):
    """200 of `GET v1_0/requesttopay/{id}`; absent keys are left out, never null (observed)."""

    financialTransactionId: TransactionId | None = None
    externalId: str | None = None
    amount: PlainAmount
    currency: CurrencyCode
    payer: PartyReply
    payerMessage: str | None = None
    payeeNote: str | None = None
    status: Literal["CREATED", "PENDING", "SUCCESSFUL", "FAILED"]
    reason: Annotated[str, Field(pattern=r"^[A-Z_]+$")] | None = None


class PaymentStatusReply(_Reply):
    """200 of `GET v2_0/payment/{id}`: the mission's form, or the published one by switch."""

    referenceId: Uuid
    status: Literal["CREATED", "PENDING", "SUCCESSFUL", "FAILED", "TIMEOUT", "REJECTED"]
    financialTransactionId: TransactionId | None = None
    reason: Annotated[str, Field(pattern=r"^[A-Z_]*$")] | None = None


class BalanceReply(_Reply):
    """200 of the balance operation; a string, which may be negative (observed)."""

    availableBalance: SignedAmount
    currency: CurrencyCode
