"""mtn-momo-client: every product takes a `base_url`."""

from momo_api import (
    CollectionApi,
    Config,
    DisbursementApi,
    SandboxApi,
    TransferRequest,
    generate_uuid,
)

from interop.clients.steps import PAYER, UNLUCKY_PAYER, environ, step

URL, TARGET = environ["MTN_BASE_URL"], environ["MTN_TARGET_ENVIRONMENT"]
KEY = environ["MTN_COLLECTION_SUBSCRIPTION_KEY"]
DISBURSEMENT_KEY = environ["MTN_DISBURSEMENT_SUBSCRIPTION_KEY"]

with step("provisioning"):
    sandbox = SandboxApi(KEY, URL)
    user = sandbox.create_api_user(generate_uuid(), "localhost")
    api_key = sandbox.create_api_key(user)
    assert sandbox.get_api_user(user)["providerCallbackHost"] == "localhost"

collection = CollectionApi(Config.collection(KEY, user, api_key), URL, TARGET)
disbursement = DisbursementApi(Config.disbursement(DISBURSEMENT_KEY, user, api_key), URL, TARGET)

with step("token"):
    assert collection.get_access_token().access_token

with step("request to pay"):
    payment = collection.quick_pay("5", PAYER, "order 1")

with step("status"):
    assert collection.get_payment_status(payment).is_successful()

with step("failed payment"):
    failed = collection.get_payment_status(collection.quick_pay("5", UNLUCKY_PAYER, "order 2"))
    assert failed.is_failed()
    assert failed.reason.code == "NOT_ENOUGH_FUNDS"

with step("balance"):
    assert collection.get_balance().currency == environ["MTN_CURRENCY"]

with step("account active"):
    assert collection.check_account_holder(PAYER)

with step("transfer"):
    transfer = disbursement.transfer(TransferRequest.make("2", PAYER, "refund 1"))
    assert disbursement.get_transfer_status(transfer).is_successful()
