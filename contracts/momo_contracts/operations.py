"""The catalogue of operations: what can be asked, where, with which credentials.

Paths are templates; `{reference_id}` stands for one path segment. The operation's name is what
the event log, rules and reports call it. Source: documented, statuses as published and observed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from momo_contracts.values import Product


class Authentication(StrEnum):
    """What an operation wants in `Authorization`."""

    NONE = "none"
    BASIC = "basic"
    BEARER = "bearer"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `product` is None where any product's subscription key opens it.

    `reply_schema` names the schema of a reply with `success_status`; None for an empty body.
    """

    name: str
    method: str
    path: str
    product: Product | None
    authentication: Authentication
    success_status: int
    reply_schema: str | None
    creates: bool
    provenance: str


CREATE_API_USER = Operation(
    "apiuser.create",
    "POST",
    "/v1_0/apiuser",
    None,
    Authentication.NONE,
    201,
    None,
    True,
    "documented",
)
READ_API_USER = Operation(
    "apiuser.read",
    "GET",
    "/v1_0/apiuser/{reference_id}",
    None,
    Authentication.NONE,
    200,
    "api_user",
    False,
    "documented, observed",
)
CREATE_API_KEY = Operation(
    "apiuser.key",
    "POST",
    "/v1_0/apiuser/{reference_id}/apikey",
    None,
    Authentication.NONE,
    201,
    "api_key",
    False,
    "documented, observed",
)
CREATE_TOKEN = Operation(
    "collection.token",
    "POST",
    "/collection/token/",
    Product.COLLECTION,
    Authentication.BASIC,
    200,
    "token",
    False,
    "documented, observed",
)
REQUEST_TO_PAY = Operation(
    "collection.requesttopay.create",
    "POST",
    "/collection/v1_0/requesttopay",
    Product.COLLECTION,
    Authentication.BEARER,
    202,
    None,
    True,
    "documented, observed",
)
READ_REQUEST_TO_PAY = Operation(
    "collection.requesttopay.status",
    "GET",
    "/collection/v1_0/requesttopay/{reference_id}",
    Product.COLLECTION,
    Authentication.BEARER,
    200,
    "request_to_pay_status",
    False,
    "documented, observed",
)
READ_PAYMENT = Operation(
    "collection.payment.status",
    "GET",
    "/collection/v2_0/payment/{reference_id}",
    Product.COLLECTION,
    Authentication.BEARER,
    200,
    "payment_status",
    False,
    "documented; mission for the reference of a request to pay",
)
READ_BALANCE = Operation(
    "collection.balance",
    "GET",
    "/collection/v1_0/account/balance",
    Product.COLLECTION,
    Authentication.BEARER,
    200,
    "balance",
    False,
    "documented, observed",
)

CATALOGUE: tuple[Operation, ...] = (
    CREATE_API_USER,
    READ_API_USER,
    CREATE_API_KEY,
    CREATE_TOKEN,
    REQUEST_TO_PAY,
    READ_REQUEST_TO_PAY,
    READ_PAYMENT,
    READ_BALANCE,
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType({row.name: row for row in CATALOGUE})
