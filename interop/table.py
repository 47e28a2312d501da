"""The catalogue: every client, where it comes from, what it can do, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Step(StrEnum):
    """What is tried with each client that can do it, in this order."""

    PROVISIONING = "provisioning"
    TOKEN = "token"  # noqa: S105  # a column's title
    REQUEST_TO_PAY = "request to pay"
    STATUS = "status"
    FAILED_PAYMENT = "failed payment"
    BALANCE = "balance"
    ACCOUNT_ACTIVE = "account active"
    USER_INFO = "user info"
    TRANSFER = "transfer"


class Registry(StrEnum):
    """Where a client is published."""

    PYPI = "PyPI"
    NPM = "npm"


@dataclass(frozen=True, slots=True)
class Defect:
    """What is wrong in a client itself, and what its error then says: no other is excused by it."""

    text: str
    error: str


@dataclass(frozen=True, slots=True)
class Client:
    """A published client.

    `pointed_by` is how it learns where the fake is; one that `is_compiled_in` knows MTN's host and
    nothing else. `defects` are by step.
    `needs` is what it imports without declaring it, `last_python` the last one that it runs on,
    `script` the file below clients/ when it is another's.
    """

    registry: Registry
    package: str
    version: str
    pointed_by: str
    steps: frozenset[Step]
    defects: Mapping[Step, Defect] = field(default_factory=dict)
    is_compiled_in: bool = False
    profile: str = "sandbox"
    needs: tuple[str, ...] = ()
    last_python: tuple[int, int] | None = None
    script: str = ""

    @property
    def name(self) -> str:
        """Unlike the package's name of its own in both registries; fit for a namespace."""
        return f"{self.registry.lower()}-{self.package.replace('.', '-')}"


def _all_but(*lacking: Step) -> frozenset[Step]:
    return frozenset(Step) - set(lacking)


_REASON_AS_OBJECT = "Reads `reason` as an object only; recorded answers have a string there."
_COMPILED_IN = "host compiled in: [TLS](tls.md)"
_OLD_URLLIB3 = (3, 11)
"""It pins urllib3 1.24, which imports its own six in a way that later Pythons do not know."""

CLIENTS = (
    Client(
        Registry.PYPI,
        "mtn-momo-client",
        "2.0.1",
        "`base_url` of each product",
        _all_but(Step.USER_INFO),
    ),
    Client(
        Registry.PYPI,
        "mtnmomo-py",
        "0.1.0",
        "`base_url`, or `MTN_MOMO_BASE_URL`",
        _all_but(),
        {Step.FAILED_PAYMENT: Defect(_REASON_AS_OBJECT, "'str' object has no attribute")},
    ),
    Client(
        Registry.PYPI,
        "raapimtnmomo",
        "0.1.2",
        "`RA_BASE_URL`, with a slash at its end",
        _all_but(Step.ACCOUNT_ACTIVE, Step.TRANSFER),
        needs=("requests==2.34.2",),
    ),
    Client(
        Registry.PYPI,
        "mtnmomo",
        "3.0.1",
        "`BASE_URL` of the configuration",
        _all_but(Step.USER_INFO),
        last_python=_OLD_URLLIB3,
    ),
    Client(
        Registry.PYPI,
        "momoapi",
        "1.0.1",
        "`BASE_URL` of the configuration",
        _all_but(Step.USER_INFO),
        last_python=_OLD_URLLIB3,
        script="mtnmomo",
    ),
    Client(
        Registry.PYPI,
        "pytekmomoapi",
        "1.0.1",
        "`base_url` of each product",
        _all_but(Step.USER_INFO),
        {
            Step.PROVISIONING: Defect(
                "Sends the API user as a Python `repr`, which is no JSON.", "400 Client Error"
            ),
            Step.FAILED_PAYMENT: Defect(_REASON_AS_OBJECT, "Expected a dict at path .reason"),
        },
    ),
    Client(
        Registry.PYPI,
        "mtnmomoapi",
        "0.0.7",
        "`BASE_URL`, outside the sandbox only",
        _all_but(Step.PROVISIONING, Step.ACCOUNT_ACTIVE, Step.USER_INFO),
        {
            Step.TRANSFER: Defect(
                "Encodes the body as JSON twice, and takes nothing but 200 for an answer.",
                "Status code: 400",
            )
        },
        profile="mtnuganda",
        needs=("requests==2.34.2", "basicauth==1.0.0"),
    ),
    Client(
        Registry.NPM,
        "mtn-momo",
        "2.0.0",
        "`baseUrl` of `create`",
        _all_but(Step.TOKEN, Step.USER_INFO),
    ),
    Client(
        Registry.NPM,
        "code-coast-momo-api",
        "0.1.4",
        "`baseUrl` of `create`",
        _all_but(Step.TOKEN, Step.USER_INFO),
        script="mtn-momo",
    ),
    Client(
        Registry.NPM,
        "mtn-momo-client",
        "1.0.0",
        _COMPILED_IN,
        _all_but(),
        is_compiled_in=True,
    ),
    Client(
        Registry.NPM,
        "mtn-momo-sdk",
        "1.3.0",
        "`MOMO_API_BASE_URL_SANDBOX`",
        frozenset({Step.REQUEST_TO_PAY, Step.STATUS}),
        {
            Step.REQUEST_TO_PAY: Defect(
                "Uses its API user's id as the payment's reference id: 409.", "status code 409"
            ),
            Step.STATUS: Defect(
                "Creates the API user once more to ask for a status: 409.", "status code 409"
            ),
        },
    ),
    Client(
        Registry.NPM,
        "mtn-momo-api",
        "1.0.9",
        _COMPILED_IN,
        frozenset({Step.REQUEST_TO_PAY, Step.STATUS, Step.FAILED_PAYMENT}),
        is_compiled_in=True,
    ),
    Client(
        Registry.NPM,
        "momo-api",
        "1.0.1",
        "a host, always over [TLS](tls.md)",
        frozenset({Step.PROVISIONING, Step.TOKEN, Step.REQUEST_TO_PAY, Step.TRANSFER}),
        is_compiled_in=True,
    ),
    Client(
        Registry.NPM,
        "mobilemoney.js",
        "0.0.4",
        _COMPILED_IN,
        _all_but(Step.STATUS, Step.FAILED_PAYMENT),
        {
            Step.ACCOUNT_ACTIVE: Defect(
                "Leaves the places in its path unfilled: `{accountHolderIdType}`.", "Invalid data"
            )
        },
        is_compiled_in=True,
    ),
)
