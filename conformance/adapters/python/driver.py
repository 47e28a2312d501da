"""A small driver around `momo_client`; `python -m momo_client.driver` is the whole one."""

import json
import sys
from importlib.metadata import version
from typing import Any

from momo_client import BlockingMomoClient, Ledger, LedgerError, MomoClientError, Payment, Settings

Message = dict[str, Any]
OPS = ("configure", "request_to_pay", "transfer", "status", "balance")
CAPS = {"clock": "none", "ledger": False, "restart": False, "reference_id": "library"}
CLIENT = {"name": "momo-client", "version": version("mock-momo"), "language": "python"}
HELLO = {"protocol": 1, "client": CLIENT, "ops": OPS, "caps": CAPS}
SAME = ("base_url", "api_user", "api_key", "target_environment", "currency", "status_view")


def configured(asked: Message) -> BlockingMomoClient:
    keys = {f"{name}_subscription_key": key for name, key in asked["subscription_keys"].items()}
    wanted = {"callback_url": asked["callback_url"]} if asked["callback_url"] else {}
    settings = Settings(
        **{name: asked[name] for name in SAME},
        **keys,
        **wanted,
        timeout_s=asked["request_timeout_ms"] / 1000,
        attempts=1,  # who asks does not wait for another one
    )
    ledger = Ledger.create(asked["ledger_url"])
    if not asked["resume"]:
        ledger.clear()
    return BlockingMomoClient(settings, ledger)


def told(payment: Payment) -> Message:
    if payment.is_undecided:
        return {"unknown": {"reference_id": payment.reference_id, "why": payment.reason}}
    state = {"reference_id": payment.reference_id, "state": payment.status.value}
    number = payment.financial_transaction_id or None
    return {"ok": {**state, "code": payment.reason or None, "financial_transaction_id": number}}


def done(client: BlockingMomoClient, asked: Message) -> Message:
    match asked["op"]:
        case "request_to_pay":
            order = asked["amount"], asked["payer"], asked["key"]
            return told(client.request_to_pay(*order, payer_message=asked.get("note", "")))
        case "transfer":
            return told(client.transfer(asked["amount"], asked["payee"], asked["key"]))
        case "status":
            return told(client.check_payment_status(asked["reference_id"]))
        case "balance":
            balance = client.balance()
            return {"ok": {"available": f"{balance.available:f}", "currency": balance.currency}}
    return {"unsupported": True}


def answer(client: BlockingMomoClient, asked: Message) -> Message:
    try:
        return done(client, asked)
    except MomoClientError as problem:
        code, reference_id = problem.code, problem.reference_id
        if code == "EXTERNAL_ID_TAKEN":  # the same order once more: nothing was sent
            return told(client.ledger.find(str(reference_id)))
        if isinstance(problem, LedgerError) or asked["op"] in ("status", "balance"):
            return {"unknown": {"reference_id": reference_id, "why": code}}
        return {"fail": {"code": code, "reference_id": reference_id}}


client = None
for line in sys.stdin.buffer:
    asked = json.loads(line)
    if asked["op"] == "configure":
        client = configured(asked)
    known: Message = {"hello": {"ok": HELLO}, "configure": {"ok": {}}, "stop": {"ok": {}}}
    reply = known.get(asked["op"]) or (answer(client, asked) if client else {"unsupported": True})
    print(json.dumps({"id": asked["id"], **reply}), flush=True)
    if asked["op"] == "stop":
        break
