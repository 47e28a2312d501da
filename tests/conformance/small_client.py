"""The least client that loses no money, behind a driver, with a switch for each way to be wrong.

    python small_client.py [BUG]

Two switches are no bugs but ways to be right that a rule could mistake for one.

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
HOUR_MS = 3600 * 1000
DEADLINE_MS = {"gives up at 12 h": 12, "gives up at 25 h": 25}.get(BUG, 24) * HOUR_MS
TOKEN_MARGIN_S = 0 if BUG == "renews at expiry" else 60
MEANING = {"SUCCESSFUL": "completed", "FAILED": "failed", "TIMEOUT": "failed", "REJECTED": "failed"}
VIEWS = {"payment": "v2_0/payment", "request_to_pay": "v1_0/requesttopay"}
BOOKING = {
    "credits twice": "+wallet -payers +wallet -payers",
    "credits one side": "+wallet",
    "credits elsewhere": "+suspense -payers",
    "credits a friend, too": "+wallet -payers +friend -payers",
    "takes the credit back": "+wallet -wallet",
    "reverses the signs": "-wallet +payers",
}.get(BUG, "+wallet -payers")
Message = dict[str, Any]
if BUG == "ignores the view":
    VIEWS["payment"] = VIEWS["request_to_pay"]
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
        self.balance: dict[str, Decimal] = {}

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
        if BUG in ("never knows", "never knows, nor names it"):
            name = reference_id if BUG == "never knows" else None
            return {"unknown": {"reference_id": name, "why": "who knows"}}
        return {"ok": {"reference_id": reference_id, "state": state}}

    def status(self, request: Message) -> Message:
        payment = self.payments[request["reference_id"]]
        if BUG != "tells from memory":
            self._look(payment, is_asked=True)
        if BUG == "never knows a status":
            return {"unknown": {"reference_id": payment["reference_id"], "why": "who knows"}}
        if BUG == "refuses to tell":
            return {"fail": {"code": "NO", "reference_id": payment["reference_id"]}}
        return {"ok": {"reference_id": payment["reference_id"], "state": payment["state"]}}

    def reconcile(self, _request: Message) -> Message:
        if BUG == "pays on its own" and "its own" not in {
            payment["key"] for payment in self.payments.values()
        }:
            own = {"key": "its own", "amount": "1", "currency": self.configuration["currency"]}
            self.request_to_pay(own | {"payer": "46733123450"})
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
        balance = self.balance
        if BUG == "rounds the balance":
            balance = {code: sum_.quantize(Decimal(1)) for code, sum_ in balance.items()}
        texts = {code: str(sum_) for code, sum_ in balance.items()}
        payments = _listed([*self.payments.values()])
        return {"ok": {"payments": payments, "entries": self.entries, "balance": texts}}

    def _look(self, payment: Message, *, is_asked: bool = False) -> None:
        is_curious = BUG == "never stops asking" or (is_asked and BUG == "asks when it is asked")
        if payment["state"] != "pending" and not is_curious:
            return
        view = VIEWS[self.configuration["status_view"]]
        answer = self._call("GET", f"{view}/{payment['reference_id']}")
        state = MEANING.get(json.loads(answer).get("status"), "pending")
        is_late = self.now_ms >= payment["created_ms"] + DEADLINE_MS
        if state == "pending" and is_late and BUG != "waits for ever":
            state = "failed"
        if state == "completed" and payment["state"] == "pending":
            self._book(payment)
        if state == "failed" and BUG == "debits the failed":
            self._enter(payment, "-payers")
        payment["state"] = state

    def _book(self, payment: Message) -> None:
        code, amount = payment["currency"], Decimal(payment["amount"])
        self.balance[code] = self.balance.get(code, Decimal(0)) + amount
        self._enter(payment, BOOKING)

    def _enter(self, payment: Message, sides: str) -> None:
        entry = {name: payment[name] for name in ("reference_id", "currency")}
        if BUG == "credits dollars":
            entry["currency"] = "USD"
        for side in sides.split():
            amount = f"{side[0]}{payment['amount']}".removeprefix("+")
            self.entries.append(entry | {"account": side[1:], "amount": amount})

    def _create(self, reference_id: str, request: Message) -> None:
        amount = request["amount"]
        if BUG == "rounds the amount":
            amount = str(Decimal(amount).quantize(Decimal(1), ROUND_HALF_UP))
        msisdn = "46733123466" if BUG == "asks another payer" else request["payer"]
        payer = {"partyIdType": "MSISDN", "partyId": msisdn}
        body = {"amount": amount, "currency": request["currency"], "payer": payer}
        headers = {"X-Reference-Id": reference_id, "Content-Type": "application/json"}
        self._call("POST", "v1_0/requesttopay", headers, json.dumps(body | {"externalId": "x"}))

    def _call(
        self, method: str, path: str, headers: Message | None = None, body: str = ""
    ) -> bytes:
        environment = self.configuration["target_environment"]
        if BUG == "renews a refused token" and method == "POST":
            self._send(method, path, {"Authorization": "Bearer x"} | (headers or {}), body)
            self.token_until_ms = 0
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
            self.token_until_ms = self.now_ms + (answer["expires_in"] - TOKEN_MARGIN_S) * 1000
        return self.token

    def _send(self, method: str, path: str, headers: Message, body: str = "") -> bytes:
        key = {"Ocp-Apim-Subscription-Key": self.configuration["subscription_keys"]["collection"]}
        self.connection.request(method, self.prefix + path, body, headers | key)
        return self.connection.getresponse().read()


def _listed(payments: list[Message]) -> list[Message]:
    """The payments as the ledger shows them."""
    match BUG:
        case "forgets":
            return payments[1:]
        case "lists what it never sent":
            never = {"reference_id": str(uuid.uuid4()), "key": "never", "state": "failed"}
            return [*payments, *(payments[:1] and [payments[0] | never])]
        case "lists another amount":
            return [payment | {"amount": "1"} for payment in payments]
        case "swaps keys":
            others = payments[1:] + payments[:1]
            pairs = zip(payments, others, strict=True)
            return [payment | {"key": other["key"]} for payment, other in pairs]
        case _:
            return payments


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
