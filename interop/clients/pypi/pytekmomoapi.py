"""pytekmomoapi: every product takes a `base_url`."""

import tekmomoapi as momo

from interop.clients.steps import PAYER, UNLUCKY_PAYER, environ, step

URL, CURRENCY = environ["MTN_BASE_URL"], environ["MTN_CURRENCY"]
TARGET = environ["MTN_TARGET_ENVIRONMENT"]
KEY = environ["MTN_COLLECTION_SUBSCRIPTION_KEY"]
DISBURSEMENT_KEY = environ["MTN_DISBURSEMENT_SUBSCRIPTION_KEY"]
ACCESS = (environ["MTN_API_USER"], environ["MTN_API_KEY"])
collection = momo.CollectionAPI(KEY, URL, *ACCESS)
disbursement = momo.DisbursementAPI(DISBURSEMENT_KEY, URL, *ACCESS)

with step("provisioning"):
    assert momo.get_user_id_and_api_key(KEY, base_url=URL)["apiKey"]


def pay(number: str) -> str:
    """Ask for a payment; returns its reference id."""
    reference_id = str(momo.get_random_uuid_str())
    payer = {"partyIdType": "MSISDN", "partyId": number}
    request = momo.get_payment_request_obj("5", CURRENCY, "order 1", payer, "an order", "a note")
    collection.request_payment(
        reference_id, request, x_callback_url=None, x_target_environment=TARGET
    )
    return reference_id


with step("token"):
    assert collection.get_access_token()

with step("request to pay"):
    payment = pay(PAYER)

with step("status"):
    assert collection.get_payment_request_status(payment, TARGET)["status"] == "SUCCESSFUL"

with step("failed payment"):
    failed = collection.get_payment_request_status(pay(UNLUCKY_PAYER), TARGET)
    assert (failed["status"], failed["reason"]["code"]) == ("FAILED", "NOT_ENOUGH_FUNDS")

with step("balance"):
    assert collection.get_account_balance(TARGET)["currency"] == CURRENCY

with step("account active"):
    assert collection.is_account_active(PAYER, "msisdn", TARGET) is True

with step("transfer"):
    reference_id = momo.get_random_uuid_str()
    payee = momo.get_disbursement_party_obj("MSISDN", PAYER)
    order = momo.get_disbursement_transfer_obj(
        "2", CURRENCY, "refund 1", payee, "a refund", "a note"
    )
    disbursement.transfer(reference_id, order, x_callback_url=None, x_target_environment=TARGET)
    assert disbursement.get_transfer_status(reference_id, TARGET)["status"] == "SUCCESSFUL"
