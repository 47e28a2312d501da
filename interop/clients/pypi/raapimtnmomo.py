"""raapimtnmomo: RA_BASE_URL, with a slash at its end."""

from pathlib import Path

from raapimtnmomo import token_manager
from raapimtnmomo.config import MTNMoMoConfig
from raapimtnmomo.mtn_momo_collection import MTNMoMoCollection
from raapimtnmomo.sandbox_user_provisioning import SandboxUserProvisioning
from raapimtnmomo.utilities import Helpers

from interop.clients.steps import PAYER, UNLUCKY_PAYER, environ, step

KEY = environ["MTN_COLLECTION_SUBSCRIPTION_KEY"]

# It keeps its token beside its code, whoever it was for: without that of the last run.
Path(token_manager.__file__).with_name("token.json").unlink(missing_ok=True)

with step("provisioning"):
    wanted = {"userID": Helpers.uuid4(), "providerCallbackHost": "localhost"}
    access = {"baseURL": environ["MTN_BASE_URL"], "primaryKey": KEY}
    user = SandboxUserProvisioning({**access, **wanted}).create()

environ |= {
    "RA_BASE_URL": environ["MTN_BASE_URL"] + "/",
    "RA_CURRENCY": environ["MTN_CURRENCY"],
    "RA_TARGET_ENVIRONMENT": environ["MTN_TARGET_ENVIRONMENT"],
    "RA_COLLECTION_PRIMARY_KEY": KEY,
    "RA_COLLECTION_USER_ID": user["userID"],
    "RA_COLLECTION_API_KEY_SECRET": user["apiKeySecret"],
}
collection = MTNMoMoCollection(MTNMoMoConfig())


def pay(number: str) -> str:
    """Ask for a payment; returns its reference id."""
    texts = {"referenceExternalID": "order 1", "description": "an order", "note": "a note"}
    asked = collection.create_transaction({"amount": "5", "numberMoMo": number, **texts})
    return str(asked["transactionId"])


with step("token"):
    assert collection.get_token()

with step("request to pay"):
    payment = pay(PAYER)

with step("status"):
    assert collection.get_transaction(payment)["status"] == "SUCCESSFUL"

with step("failed payment"):
    failed = collection.get_transaction(pay(UNLUCKY_PAYER))
    assert (failed["status"], failed["reason"]) == ("FAILED", "NOT_ENOUGH_FUNDS")

with step("balance"):
    assert collection.get_account_balance()["currency"] == environ["MTN_CURRENCY"]

with step("user info"):
    assert collection.get_basic_user_info(PAYER)["name"]
