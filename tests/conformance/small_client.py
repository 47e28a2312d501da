"""The least client that loses no money, behind a driver, with a switch for each way to be wrong.

    python small_client.py [BUG]

Standard library only: it shares nothing with the examiner or with the reference client.
"""

import base64
import json
import sys
import uuid
from decimal import ROUND_HALF_UP, Decimal
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

BUG = sys.argv[1] if len(sys.argv) > 1 else ""
DAY_MS = 24 * 3600 * 1000
MEANING = {"SUCCESSFUL": "completed", "FAILED": "failed", "TIMEOUT": "failed", "REJECTED": "failed"}
VIEWS = {"payment": "v2_0/payment", "request_to_pay": "v1_0/requesttopay"}
Message = dict[str, Any]
if BUG == "timeout is pending":
    del MEANING["TIMEOUT"]
if BUG == "successful is pending":
    del MEANING["SUCCESSFUL"]


class Client:
    """A configured client: one token, one clock, one ledger in memory."""

    def __init__(self, configuration: Message) -> None:
        self.configuration = configuration
        address = urlsplit(configuration["base_url"])
        self.connection = HTTPConnection(address.hostname or "", address.port)
        self.prefix = f"{address.path}/collection/"
        self.now_ms: int = configuration["now_ms"]
        self.token, self.token_until_ms = "", 0
        self.payments: dict[str, Message] = {}
        self.entries: list[Message] = []

    def request_to_pay(self, request: Message) -> Message:
        reference_id = str(uuid.uuid4())
        payment = {name: request[name] for name in ("key", "amount", "currency")}
        self.payments[reference_id] = payment | {
            "reference_id": reference_id,
            "state": "pending",
            "created_ms": self.now_ms,
        }
        if BUG != "never sends":
            self._create(reference_id, request)
        if BUG == "sends twice":
            self._create(str(uuid.uuid4()), request)
        if BUG == "credits on 202":
            self._book(self.payments[reference_id])
        state = "completed" if BUG == "completed on 202" else "pending"
        if BUG == "refuses all":
            return {"fail": {"code": "NO", "reference_id": reference_id}}
        return {"ok": {"reference_id": reference_id, "state": state}}

    def status(self, request: Message) -> Message:
        payment = self.payments[request["reference_id"]]
        self._look(payment)
        return {"ok": {"reference_id": payment["reference_id"], "state": payment["state"]}}

    def reconcile(self, _request: Message) -> Message:
        pending = [row for row in self.payments.values() if row["state"] == "pending"]
        for payment in self.payments.values() if BUG == "never stops asking" else pending:
            self._look(payment)
        states = [row["state"] for row in pending]
        counts = {state: states.count(state) for state in ("completed", "failed", "pending")}
        return {"ok": {"checked": len(pending), **counts}}

    def advance(self, request: Message) -> Message:
        self.now_ms += request["ms"]
        self.reconcile(request)
        return {"ok": {}}

    def ledger(self, _request: Message) -> Message:
        balance: dict[str, Decimal] = {}
        for entry in self.entries:
            if entry["account"] == "wallet":
                code = entry["currency"]
                balance[code] = balance.get(code, Decimal(0)) + Decimal(entry["amount"])
        if BUG == "rounds the balance":
            balance = {code: sum_.quantize(Decimal(1)) for code, sum_ in balance.items()}
        texts = {code: str(sum_) for code, sum_ in balance.items()}
        payments = list(self.payments.values())
        if BUG == "forgets":
            payments = payments[1:]
        return {"ok": {"payments": payments, "entries": self.entries, "balance": texts}}

    def _look(self, payment: Message) -> None:
        if payment["state"] != "pending" and BUG != "never stops asking":
            return
        view = VIEWS[self.configuration["status_view"]]
        answer = self._call("GET", f"{view}/{payment['reference_id']}")
        state = MEANING.get(json.loads(answer).get("status"), "pending")
        is_late = self.now_ms >= payment["created_ms"] + DAY_MS
        if state == "pending" and is_late and BUG != "waits for ever":
            state = "failed"
        if state == "completed" and payment["state"] == "pending":
            self._book(payment)
        payment["state"] = state

    def _book(self, payment: Message) -> None:
        sides = [("wallet", payment["amount"]), ("payers", f"-{payment['amount']}")]
        if BUG == "credits twice":
            sides *= 2
        if BUG == "credits one side":
            sides = sides[:1]
        self.entries += [
            {"account": account, "amount": amount, "reference_id": payment["reference_id"]}
            | {"currency": payment["currency"]}
            for account, amount in sides
        ]

    def _create(self, reference_id: str, request: Message) -> None:
        amount = request["amount"]
        if BUG == "rounds the amount":
            amount = str(Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP))
        payer = {"partyIdType": "MSISDN", "partyId": request["payer"]}
        body = {"amount": amount, "currency": request["currency"], "payer": payer}
        headers = {"X-Reference-Id": reference_id, "Content-Type": "application/json"}
        self._call("POST", "v1_0/requesttopay", headers, json.dumps(body | {"externalId": "x"}))

    def _call(
        self, method: str, path: str, headers: Message | None = None, body: str = ""
    ) -> bytes:
        environment = self.configuration["target_environment"]
        bearer = {
            "Authorization": f"Bearer {self._fresh_token()}",
            "X-Target-Environment": environment,
        }
        return self._send(method, path, bearer | (headers or {}), body)

    def _fresh_token(self) -> str:
        if self.now_ms >= self.token_until_ms or BUG == "no token cache":
            user = f"{self.configuration['api_user']}:{self.configuration['api_key']}"
            basic = base64.b64encode(user.encode()).decode()
            answer = json.loads(self._send("POST", "token/", {"Authorization": f"Basic {basic}"}))
            self.token = answer["access_token"]
            self.token_until_ms = self.now_ms + (answer["expires_in"] - 60) * 1000
        return self.token

    def _send(self, method: str, path: str, headers: Message, body: str = "") -> bytes:
        key = {"Ocp-Apim-Subscription-Key": self.configuration["subscription_key"]}
        self.connection.request(method, self.prefix + path, body, headers | key)
        return self.connection.getresponse().read()


HELLO = {
    "protocol": 1,
    "client": {"name": "small", "version": "1", "language": "python"},
    "ops": ["configure", "request_to_pay", "status", "reconcile", "clock.advance", "ledger"],
    "caps": {"clock": "inject", "ledger": True, "restart": False, "reference_id": "library"},
}
OPERATIONS = {
    "request_to_pay": Client.request_to_pay,
    "status": Client.status,
    "reconcile": Client.reconcile,
    "clock.advance": Client.advance,
    "ledger": Client.ledger,
}


def main() -> None:
    client = None
    for line in sys.stdin:
        request = json.loads(line)
        answer: Message = {"unsupported": True}
        match request["op"]:
            case "hello":
                answer = {"ok": HELLO}
            case "configure":
                if client is not None:
                    client.connection.close()
                client, answer = Client(request), {"ok": {}}
            case "stop":
                answer = {"ok": {}}
            case str(op) if client is not None and op in OPERATIONS:
                answer = OPERATIONS[op](client, request)
        if BUG == "dies of money" and request["op"] == "request_to_pay":
            sys.exit(9)
        print(json.dumps({"id": request["id"]} | answer), flush=True)  # noqa: T201  # the protocol
        if request["op"] == "stop":
            return


main()
