"""A merchant of all three products: each resource, how it is asked for, how it is shown."""

import json
from dataclasses import dataclass

from mock_momo.core.settings import Settings
from momo_contracts.profiles import Profile
from momo_contracts.values import Product
from tests.mock_momo.edge.wire import WALL_MS, Answer, Fake

IDS = [f"7a3e1c9a-3b5e-4a54-9d5a-00000000000{n}" for n in range(10)]
PARTY = {"partyIdType": "MSISDN", "partyId": "56733123450"}
MONEY = {"amount": "5.50", "currency": "EUR"}
NOTES = {"payerMessage": "to the payer", "payeeNote": "to the payee"}
ECHO = '"externalId":"7","amount":"5.5","currency":"EUR"'
TEXTS = '"payerMessage":"to the payer","payeeNote":"to the payee"'
TRANSACTION = '"financialTransactionId":"{transaction}"'


def shown_party(role: str) -> str:
    return f'"{role}":{{"partyIdType":"MSISDN","partyId":"56733123450"}}'


@dataclass(frozen=True)
class Row:
    """A resource: its create, its status, its body, how it shows success, and what it moves."""

    create: str
    status: str
    body: dict[str, object]
    success: str
    moves: str

    @property
    def product(self) -> Product:
        return Product(self.create.split("/")[1])


def order(role: str) -> dict[str, object]:
    return {**MONEY, "externalId": "7", role: PARTY, **NOTES}


def row(product: str, versions: str, name: str, body: dict[str, object], *rest: str) -> Row:
    create, status = (f"/{product}/v{version}_0/{name}" for version in versions)
    return Row(create, status, body, *rest)


PAYER_SHOWN = f"{TRANSACTION},{ECHO},{shown_party('payer')},{TEXTS}"
TRANSFER_SHOWN = (
    f'"amount":"5.5","currency":"EUR",{TRANSACTION},"externalId":"7",{shown_party("payee")},{TEXTS}'
)
DEPOSIT_SHOWN = f"{ECHO},{shown_party('payee')},{TEXTS}"
PAYMENT: dict[str, object] = {"externalTransactionId": "7", "money": MONEY}
ROWS = {
    "requesttopay": row("collection", "11", "requesttopay", order("payer"), PAYER_SHOWN, "1005.5"),
    "requesttowithdraw": row(
        "collection", "11", "requesttowithdraw", order("payer"), PAYER_SHOWN, "1005.5"
    ),
    "requesttowithdraw v2": row(
        "collection", "21", "requesttowithdraw", order("payer"), PAYER_SHOWN, "1005.5"
    ),
    "transfer": row("disbursement", "11", "transfer", order("payee"), TRANSFER_SHOWN, "994.5"),
    "remittance": row("remittance", "11", "transfer", order("payee"), TRANSFER_SHOWN, "994.5"),
    "deposit": row("disbursement", "11", "deposit", order("payee"), DEPOSIT_SHOWN, "994.5"),
    "deposit v2": row("disbursement", "21", "deposit", order("payee"), DEPOSIT_SHOWN, "994.5"),
    "payment": row("collection", "22", "payment", PAYMENT, "", "994.5"),
}
RTP = ROWS["requesttopay"]
REFUNDS = ("/disbursement/v1_0/refund", "/disbursement/v2_0/refund")


async def create(
    fake: Fake, path: str, body: object, number: int = 0, **headers: str | None
) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = headers_for(fake, path) | {"X-Reference-Id": IDS[number]} | named
    return await fake.ask("POST", path, sent, json.dumps(body).encode())


async def read(fake: Fake, path: str) -> Answer:
    return await fake.ask("GET", path, headers_for(fake, path))


def headers_for(fake: Fake, path: str) -> dict[str, str | None]:
    keys = fake.registry.default.credentials.subscription_keys
    key = keys[Product(path.split("/")[1])]
    environment = fake.registry.default.settings.target_environment.name
    return fake.headers() | {
        "Ocp-Apim-Subscription-Key": key,
        "X-Target-Environment": environment,
    }


async def balance(fake: Fake, product: str = "collection") -> object:
    return (await read(fake, f"/{product}/v1_0/account/balance")).json["availableBalance"]


async def refund(fake: Fake, amount: str, original: str, number: int) -> Answer:
    body = {"amount": amount, "currency": "EUR", "externalId": "7", "referenceIdToRefund": original}
    return await create(fake, REFUNDS[number % 2], body, number)


async def refunded(fake: Fake, number: int) -> dict[str, object]:
    return (await read(fake, f"/disbursement/v1_0/refund/{IDS[number]}")).json


def settings(fake: Fake, profile: str = "sandbox", **switches: str) -> None:
    fake.registry.default.replace(WALL_MS, Settings(Profile.of(profile), chosen=switches), ())
