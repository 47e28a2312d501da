"""The bodies on the wire, as pydantic messages. Only an `edge/` imports them.

Requests are read as tolerantly as the sandbox reads them (unknown keys pass, `externalId` may be
a number, every field may be absent: whether that is an error is the wallet's decision); replies
are exact. Key order is the order of the fields. Source: documented schemas, observed orders.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

PlainAmount = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?$")]


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class _Reply(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


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

    access_token: str
    token_type: str
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

    financialTransactionId: str | None = None
    externalId: str | None = None
    amount: PlainAmount
    currency: str
    payer: PartyReply
    payerMessage: str | None = None
    payeeNote: str | None = None
    status: str
    reason: str | None = None


class PaymentStatusReply(_Reply):
    """200 of `GET v2_0/payment/{id}`: the mission's form, or the published one by switch."""

    referenceId: str
    status: str
    financialTransactionId: str | None = None
    reason: str | None = None


class BalanceReply(_Reply):
    """200 of the balance operation; a string, which may be negative (observed)."""

    availableBalance: str
    currency: str
