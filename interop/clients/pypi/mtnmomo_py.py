"""mtnmomo-py: the configuration takes a `base_url`."""

from mtnmomo import MoMoClient, MoMoConfig, Party, ProductCredentials

from interop.clients.steps import PAYER, UNLUCKY_PAYER, environ, step

KEY = environ["MTN_COLLECTION_SUBSCRIPTION_KEY"]
DISBURSEMENT_KEY = environ["MTN_DISBURSEMENT_SUBSCRIPTION_KEY"]


def client(user: str, api_key: str) -> MoMoClient:
    """Both products with the same API user."""
    return MoMoClient(
        MoMoConfig(
            collection=ProductCredentials(KEY, user, api_key),
            disbursement=ProductCredentials(DISBURSEMENT_KEY, user, api_key),
            target_environment=environ["MTN_TARGET_ENVIRONMENT"],
            base_url=environ["MTN_BASE_URL"],
        )
    )


def body(party: str, number: str) -> dict[str, object]:
    """What is to be paid, by or to whom."""
    money = {"amount": "5", "currency": environ["MTN_CURRENCY"], "externalId": "order 1"}
    return {**money, party: Party("MSISDN", number).to_dict()}


with step("provisioning"):
    sandbox = client("", "").sandbox
    api_user = sandbox.create_api_user("localhost")
    momo = client(api_user, sandbox.create_api_key(api_user))
    assert sandbox.get_api_user(api_user).provider_callback_host == "localhost"

with step("token"):
    assert momo.collection.create_access_token().access_token

with step("request to pay"):
    payment = momo.collection.request_to_pay(body("payer", PAYER))

with step("status"):
    assert momo.collection.get_request_to_pay_status(payment).status == "SUCCESSFUL"

with step("failed payment"):
    unlucky = momo.collection.request_to_pay(body("payer", UNLUCKY_PAYER))
    failed = momo.collection.get_request_to_pay_status(unlucky)
    assert (failed.status, failed.reason.code) == ("FAILED", "NOT_ENOUGH_FUNDS")

with step("balance"):
    assert momo.collection.get_account_balance().currency == environ["MTN_CURRENCY"]

with step("account active"):
    assert momo.collection.validate_account_holder_status("msisdn", PAYER) is True

with step("user info"):
    assert momo.collection.get_basic_user_info("msisdn", PAYER)["name"]

with step("transfer"):
    transfer = momo.disbursement.transfer(body("payee", PAYER))
    assert momo.disbursement.get_transfer_status(transfer).status == "SUCCESSFUL"
