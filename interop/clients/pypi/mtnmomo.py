"""mtnmomo, and momoapi, which is the same code by another name: BASE_URL of the configuration."""

from importlib import import_module

from interop.clients.steps import PAYER, UNLUCKY_PAYER, environ, step

PACKAGE = environ["INTEROP_PACKAGE"]
client, collections, disbursements, remittances = (
    import_module(f"{PACKAGE}.{name}")
    for name in ("client", "collection", "disbursement", "remittance")
)
PRODUCTS = ("COLLECTION", "DISBURSEMENT", "REMITTANCE")
URL, USER = environ["MTN_BASE_URL"], environ["MTN_API_USER"]


def configuration(secret: str) -> dict[str, str]:
    """One API user for all products."""
    keys = {f"{name}_PRIMARY_KEY": environ[f"MTN_{name}_SUBSCRIPTION_KEY"] for name in PRODUCTS}
    users = {f"{name}_USER_ID": USER for name in PRODUCTS}
    secrets = {f"{name}_API_SECRET": secret for name in PRODUCTS}
    target = {"ENVIRONMENT": environ["MTN_TARGET_ENVIRONMENT"], "BASE_URL": URL}
    return {**target, **keys, **users, **secrets}


with step("provisioning"):
    made = client.MomoApi.generateToken(
        "localhost", USER, environ["MTN_COLLECTION_SUBSCRIPTION_KEY"], URL
    )
    config = configuration(made["apiKey"])

collection = collections.Collection(config)

with step("token"):
    assert collection.getAuthToken().json()["access_token"]

with step("request to pay"):
    payment = collection.requestToPay(mobile=PAYER, amount="5", external_id="order 1")

with step("status"):
    found = collection.getTransactionStatus(payment["transaction_ref"])
    assert found["status"] == "SUCCESSFUL"

with step("failed payment"):
    unlucky = collection.requestToPay(mobile=UNLUCKY_PAYER, amount="5", external_id="order 2")
    failed = collection.getTransactionStatus(unlucky["transaction_ref"])
    assert (failed["status"], failed["reason"]) == ("FAILED", "NOT_ENOUGH_FUNDS")

with step("balance"):
    assert collection.getBalance()["currency"] == environ["MTN_CURRENCY"]

with step("account active"):
    assert remittances.Remittance(config).isActive(PAYER) == {"result": True}

with step("transfer"):
    disbursement = disbursements.Disbursement(config)
    transfer = disbursement.transfer(amount="2", mobile=PAYER, external_id="refund 1")
    found = disbursement.getTransactionStatus(transfer["transaction_ref"])
    assert found["status"] == "SUCCESSFUL"
