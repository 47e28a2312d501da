"""The catalogue of operations: what can be asked, where, with which credentials.

Paths are templates; `{…}` stands for one path segment. The operation's name is what the event log,
rules and reports call it. Source: documented, statuses as published and observed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from types import MappingProxyType

from momo_contracts import resources
from momo_contracts.resources import Resource
from momo_contracts.switches import Switches
from momo_contracts.values import Product


class Authentication(StrEnum):
    """What an operation wants in `Authorization`."""

    NONE = "none"
    BASIC = "basic"
    BEARER = "bearer"


class Kind(Enum):
    """What an operation does, whatever the product and the resource."""

    CREATE_API_USER = auto()
    READ_API_USER = auto()
    CREATE_API_KEY = auto()
    CREATE_TOKEN = auto()
    CREATE = auto()
    READ_STATUS = auto()
    NOTIFY = auto()
    READ_BALANCE = auto()
    READ_ACTIVE = auto()
    READ_PERSON = auto()

    __hash__ = object.__hash__  # an enum's own is Python code, and kinds are looked up all the time


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `product` is None where any product's subscription key opens it.

    `reply_schema` names the schema of a reply with `success_status`; None for an empty body.
    `resource` and `version` tell the operations on payments apart.
    """

    name: str
    kind: Kind
    method: str
    path: str
    product: Product | None
    authentication: Authentication
    success_status: int
    reply_schema: str | None
    provenance: str = "documented, observed"
    resource: Resource = resources.NO_RESOURCE
    version: int = 1

    @property
    def creates(self) -> bool:
        """True where `X-Reference-Id` becomes the id of something new."""
        return self.kind is Kind.CREATE or self.kind is Kind.CREATE_API_USER


def _provisioning() -> Iterator[Operation]:
    none = Authentication.NONE
    one = "/v1_0/apiuser/{reference_id}"
    yield Operation(
        "apiuser.create", Kind.CREATE_API_USER, "POST", "/v1_0/apiuser", None, none, 201, None
    )
    yield Operation("apiuser.read", Kind.READ_API_USER, "GET", one, None, none, 200, "api_user")
    yield Operation(
        "apiuser.key", Kind.CREATE_API_KEY, "POST", f"{one}/apikey", None, none, 201, "api_key"
    )


def _account(product: Product) -> Iterator[Operation]:
    """What every product has: token, balances, account holders."""
    basic, bearer = Authentication.BASIC, Authentication.BEARER
    balance, holder = f"/{product}/v1_0/account/balance", f"/{product}/v1_0/accountholder"
    any_holder = f"{holder}/{{holder_type}}/{{holder_id}}"
    person = f"{holder}/msisdn/{{holder_id}}" if product is Product.REMITTANCE else any_holder
    yield Operation(
        f"{product}.token",
        Kind.CREATE_TOKEN,
        "POST",
        f"/{product}/token/",
        product,
        basic,
        200,
        "token",
    )
    for name, kind, path, schema in (
        ("balance", Kind.READ_BALANCE, balance, "balance"),
        ("balance_in_currency", Kind.READ_BALANCE, f"{balance}/{{currency}}", "balance"),
        ("accountholder.active", Kind.READ_ACTIVE, f"{any_holder}/active", "active"),
        ("accountholder.basicuserinfo", Kind.READ_PERSON, f"{person}/basicuserinfo", "person"),
    ):
        yield Operation(f"{product}.{name}", kind, "GET", path, product, bearer, 200, schema)


def _payments(
    product: Product,
    resource: Resource,
    create_versions: tuple[int, ...] = (1,),
    status_version: int = 1,
    provenance: str = "documented, observed",
) -> Iterator[Operation]:
    bearer, name = Authentication.BEARER, f"{product}.{resource.name}"
    for version in create_versions:
        suffix = "" if version == create_versions[0] else f"_v{version}"
        yield Operation(
            f"{name}.create{suffix}",
            Kind.CREATE,
            "POST",
            f"/{product}/v{version}_0/{resource.name}",
            product,
            bearer,
            202,
            None,
            resource=resource,
            version=version,
        )
    yield Operation(
        f"{name}.status",
        Kind.READ_STATUS,
        "GET",
        f"/{product}/v{status_version}_0/{resource.name}/{{reference_id}}",
        product,
        bearer,
        200,
        resource.status_schema,
        provenance,
        resource,
        status_version,
    )


def _notification() -> Operation:
    return Operation(
        "collection.requesttopay.notify",
        Kind.NOTIFY,
        "POST",
        "/collection/v1_0/requesttopay/{reference_id}/deliverynotification",
        Product.COLLECTION,
        Authentication.BEARER,
        200,
        None,
        resource=resources.REQUEST_TO_PAY,
    )


_MISSION = "documented, mission: of a request to pay by the mission alone"
CATALOGUE: tuple[Operation, ...] = (
    *_provisioning(),
    *_account(Product.COLLECTION),
    *_payments(Product.COLLECTION, resources.REQUEST_TO_PAY),
    _notification(),
    *_payments(Product.COLLECTION, resources.REQUEST_TO_WITHDRAW, (1, 2)),
    *_payments(Product.COLLECTION, resources.PAYMENT, (2,), 2, provenance=_MISSION),
    *_account(Product.DISBURSEMENT),
    *_payments(Product.DISBURSEMENT, resources.TRANSFER),
    *_payments(Product.DISBURSEMENT, resources.DEPOSIT, (1, 2)),
    *_payments(Product.DISBURSEMENT, resources.REFUND, (1, 2)),
    *_account(Product.REMITTANCE),
    *_payments(Product.REMITTANCE, resources.TRANSFER),
)

OPERATIONS: Mapping[str, Operation] = MappingProxyType({row.name: row for row in CATALOGUE})


def is_served(operation: Operation, switches: Switches) -> bool:
    """False for what a switch takes away: the gateway has no such route."""
    if operation.product is None:
        return switches.provisioning == "open"
    is_missing = switches.remittance_balance_in_currency == "missing"
    return not (is_missing and operation.name == "remittance.balance_in_currency")


UNSERVED = (
    "/v2_0/invoice",
    "/v2_0/preapproval",
    "/v1_0/preapproval",
    "/v2_0/cashtransfer",
    "/v1_0/bc-authorize",
    "/oauth2/",
)
"""Below a product: how the paths begin that MTN has published and the fake does not know yet."""

CREATE_TOKEN = OPERATIONS["collection.token"]
REQUEST_TO_PAY = OPERATIONS["collection.requesttopay.create"]
READ_REQUEST_TO_PAY = OPERATIONS["collection.requesttopay.status"]
READ_PAYMENT = OPERATIONS["collection.payment.status"]
READ_BALANCE = OPERATIONS["collection.balance"]
"""Those of the mission's client, by which the other rooms know it."""
