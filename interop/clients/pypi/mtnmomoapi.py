"""mtnmomoapi: BASE_URL, which it takes outside the sandbox only."""

from interop.clients.steps import PAYER, UNLUCKY_PAYER, environ, step

PRODUCTS = ("COLLECTION", "DISBURSEMENT")

environ |= {
    "BASE_URL": environ["MTN_BASE_URL"],
    "MTN_ENVIRONMENT": environ["MTN_TARGET_ENVIRONMENT"],
    "CURRENCY": environ["MTN_CURRENCY"],
    "CALLBACK_URL": "https://localhost/",
    **{f"{name}_PRIMARY_KEY": environ[f"MTN_{name}_SUBSCRIPTION_KEY"] for name in PRODUCTS},
    **{f"{name}_USER_ID": environ["MTN_API_USER"] for name in PRODUCTS},
    **{f"{name}_API_SECRET": environ["MTN_API_KEY"] for name in PRODUCTS},
}

from mtnmomoapi.collection import Collection  # noqa: E402  # it reads the variables
from mtnmomoapi.disbursement import Disbursement  # noqa: E402

collection = Collection()


def pay(number: str) -> str:
    """Ask for a payment; returns its reference id."""
    asked = collection.requestToPay("5", number, "order 1")
    assert asked["status_code"] == 202, asked  # it does not raise
    return str(asked["ref"])


with step("token"):
    assert collection.authToken()["access_token"]

with step("request to pay"):
    payment = pay(PAYER)

with step("status"):
    assert collection.getTransactionStatus(payment)["status"] == "SUCCESSFUL"

with step("failed payment"):
    failed = collection.getTransactionStatus(pay(UNLUCKY_PAYER))
    assert (failed["status"], failed["reason"]) == ("FAILED", "NOT_ENOUGH_FUNDS")

with step("balance"):
    assert collection.getBalance()["currency"] == environ["MTN_CURRENCY"]

with step("transfer"):
    Disbursement().transfer("2", PAYER, "refund 1")
