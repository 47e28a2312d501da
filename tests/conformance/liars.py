"""Drivers that have no client behind them: `python liars.py MODE`. Standard library only."""

import json
import sys
import time
from itertools import count
from typing import Any

MODE = sys.argv[1]
OPS = ("configure", "request_to_pay", "transfer", "refund", "status", "balance", "reconcile")
MORE = ("deliver_callback", "clock.advance", "ledger", "stop")
HELLO = {
    "protocol": 1,
    "client": {"name": "liar", "version": "1", "language": "python"},
    "ops": [*OPS, *MORE],
    "caps": {
        "clock": "inject",
        "ledger": True,
        "restart": True,
        "reference_id": "library",
        "concurrency": 16,
    },
}
PAID = {"reference_id": "146cd472-45da-42b0-b52f-1f7cbc4960e1", "state": "completed"}
COUNTS = dict.fromkeys(("checked", "completed", "failed", "pending"), 0)
PAYMENTS = count(1)
GOOD_FORM = 2
ANSWERS: dict[str, dict[str, Any]] = {
    "hello": HELLO,
    "request_to_pay": PAID,
    "transfer": PAID,
    "refund": PAID,
    "status": PAID,
    "balance": {"available": "0", "currency": "EUR"},
    "reconcile": COUNTS,
    "deliver_callback": {"status": 200},
    "ledger": {"payments": [], "entries": [], "balance": {}},
}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    op = request["op"]
    if op == "examiner.bogus" and MODE != "agrees with everything":
        return {"unsupported": True}
    if MODE == "dies of a payment" and op == "request_to_pay":
        print("\x1b[31mno database", file=sys.stderr, flush=True)  # noqa: T201  # its last words
        sys.exit(7)
    if MODE == "loses its form" and op == "request_to_pay" and next(PAYMENTS) > GOOD_FORM:
        return {"fail": {"code": {"code": "NO"}}}
    if op not in {"hello", "configure", "stop", "examiner.bogus"}:
        if MODE == "crashes":
            sys.exit(7)
        if MODE == "hangs":
            time.sleep(3600)
        if MODE == "prints rubbish":
            print("paying now ...", flush=True)  # noqa: T201  # it is what is wrong with it
    if MODE == "supports nothing" and op == "hello":
        return {"ok": HELLO | {"ops": ["configure", "clock.advance", "reconcile", "ledger"]}}
    return {"ok": ANSWERS.get(op, {})}


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"id": asked["id"], **answer(asked)}), flush=True)  # noqa: T201  # the protocol
