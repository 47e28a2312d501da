"""pytekmomoapi: every product takes a `base_url`."""

from tekmomoapi import (
    CollectionAPI,
    DisbursementAPI,
    get_disbursement_party_obj,
    get_disbursement_transfer_obj,
    get_payment_request_obj,
    get_random_uuid_str,
    get_user_id_and_api_key,
)

from interop.clients.steps import PAYER, UNLUCKY_PAYER, environ, step

URL, CURRENCY = environ["MTN_BASE_URL"], environ["MTN_CURRENCY"]
TARGET = environ["MTN_TARGET_ENVIRONMENT"]
KEY, DISBURSEMENT_KEY = (
    environ[f"MTN_{product}_SUBSCRIPTION_KEY"] for product in ("COLLECTION", "DISBURSEMENT")
)
ACCESS = (environ["MTN_API_USER"], environ["MTN_API_KEY"])

with step("provisioning"):
    assert get_user_id_and_api_key(KEY, base_url=URL)["apiKey"]

collection = CollectionAPI(KEY, URL, *ACCESS)
disbursement = DisbursementAPI(DISBURSEMENT_KEY, URL, *ACCESS)


def pay(number: str) -> str:
    """Ask for a payment; returns its reference id."""
    reference_id = str(get_random_uuid_str())
    payer = {"partyIdType": "MSISDN", "partyId": number}
    request = get_payment_request_obj("5", CURRENCY, "order 1", payer, "an order", "a note")
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
    reference_id = get_random_uuid_str()
    payee = get_disbursement_party_obj("MSISDN", PAYER)
    order = get_disbursement_transfer_obj("2", CURRENCY, "refund 1", payee, "a refund", "a note")
    disbursement.transfer(reference_id, order, x_callback_url=None, x_target_environment=TARGET)
    assert disbursement.get_transfer_status(reference_id, TARGET)["status"] == "SUCCESSFUL"
