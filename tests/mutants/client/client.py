"""The client: its parts put together, and one method for each op of the driver protocol."""

from collections.abc import Callable
from threading import Lock, Thread

from tests.mutants.client.api import Api
from tests.mutants.client.checker import Checker
from tests.mutants.client.clock import Clock
from tests.mutants.client.create_answers import Exists
from tests.mutants.client.intake import Intake
from tests.mutants.client.ledger import Ledger
from tests.mutants.client.log import Log
from tests.mutants.client.money import Money, Refusal
from tests.mutants.client.payment import (
    COMPLETED,
    FAILED,
    PENDING,
    REFUND,
    REQUEST_TO_PAY,
    TRANSFER,
    Kind,
    Payment,
)
from tests.mutants.client.reading import code_in
from tests.mutants.client.receiver import Receiver
from tests.mutants.client.reply import Reply
from tests.mutants.client.sender import Sender
from tests.mutants.client.settings import Message, Settings
from tests.mutants.client.status_answers import BalanceAnswers
from tests.mutants.client.tokens import NoToken, TokenRefused, Tokens
from tests.mutants.client.wire import NoAnswer, Wire


class Client:
    """A configured client. Every op takes the request and returns the answer, less its id."""

    def __init__(self, configuration: Message) -> None:
        settings = Settings.of(configuration)
        self.log = Log()
        self.clock = Clock(configuration["now_ms"])
        self.ledger = Ledger(settings.ledger_url, resume=configuration["resume"])
        wire = Wire(settings, self.log)
        self.api = Api(settings, Tokens(settings, self.clock, wire), wire)
        self.intake = Intake(settings, self.clock)
        self.sender = Sender(self.ledger, self.api, self.clock)
        self.checker = Checker(self.ledger, self.api, self.clock, self.sender, self.log)
        self.receiver = Receiver(self.ledger, self.log)
        self.money = Money()
        self.next_round_ms = self.clock.now_ms + Checker.INTERVAL_MS
        self.confirmations: list[Thread] = []
        self.starting = Lock()

    def close(self) -> None:
        self.wait_for_confirmations()
        self.ledger.close()

    def request_to_pay(self, order: Message) -> Message:
        return self.pay(REQUEST_TO_PAY, order)

    def transfer(self, order: Message) -> Message:
        return self.pay(TRANSFER, order)

    def refund(self, order: Message) -> Message:
        return self.pay(REFUND, order)

    def pay(self, kind: Kind, order: Message) -> Message:
        try:
            payment, is_new = self.open(kind, order)
        except Refusal as refusal:
            return _fail(refusal.code, None)
        if is_new:
            self.log.opened(payment.reference_id, payment.party)
            self.send(payment)
        return self.answer(self.ledger.get(payment.reference_id))

    def open(self, kind: Kind, order: Message) -> tuple[Payment, bool]:
        """The payment of this order, and whether it is new. Raises Refusal."""
        payment = self.intake.payment(kind, order)
        with self.ledger.lock:
            if kind is REFUND and self.ledger.standing(payment) is None:
                self.check_refund(payment)
            return self.ledger.add(payment)

    def check_refund(self, refund: Payment) -> None:
        """Only what has been paid can be given back. Raises Refusal."""
        paid = self.ledger.find(refund.subject or "")
        if paid is None or paid.kind != REQUEST_TO_PAY.name or paid.state != COMPLETED:
            raise Refusal("NOT_REFUNDABLE")
        others = self.ledger.given_back(paid.reference_id)
        total = sum(self.ledger.books.minor(row) for row in [refund, *others])
        if total > self.ledger.books.minor(paid):
            raise Refusal("NOT_REFUNDABLE")

    def send(self, payment: Payment) -> None:
        if isinstance(self.sender.attempt(payment), Exists):
            self.exists(payment)

    def exists(self, payment: Payment) -> None:
        """The id is taken, by us: see what became of it."""
        self.checker.look(self.ledger.get(payment.reference_id))

    def answer(self, payment: Payment) -> Message:
        """What an order has come to so far: accepted, refused, or nobody knows."""
        if payment.state == FAILED and not payment.accepted:
            return _fail(payment.code or "UNKNOWN", payment.reference_id)
        if payment.state == PENDING and not payment.accepted:
            return _unknown(payment.why, payment.reference_id)
        return self.shown(payment)

    def shown(self, payment: Payment) -> Message:
        return {
            "ok": {
                "reference_id": payment.reference_id,
                "state": payment.state,
                "code": payment.code,
                "financial_transaction_id": payment.financial_id,
            }
        }

    def status(self, request: Message) -> Message:
        reference_id = request["reference_id"]
        payment = self.ledger.find(reference_id)
        if payment is None:
            return _fail("UNKNOWN_REFERENCE", reference_id)
        if self.checker.should_ask(payment):
            self.checker.look(payment)
        return self.shown(self.ledger.get(reference_id))

    def balance(self, _request: Message) -> Message:
        try:
            reply = self.api.balance()
        except TokenRefused as refusal:
            return _fail(refusal.code, None)
        except (NoToken, NoAnswer) as problem:
            return _unknown(str(problem), None)
        return self.shown_balance(reply)

    def shown_balance(self, reply: Reply) -> Message:
        found = BalanceAnswers().read(reply)
        if found is not None:
            return {"ok": {"available": found[0], "currency": found[1]}}
        if 400 <= reply.status < 500 and reply.status != 429:
            return _fail(code_in(reply) or f"HTTP_{reply.status}", None)
        return _unknown(f"HTTP {reply.status} without a balance", None)

    def deliver_callback(self, callback: Message) -> Message:
        status = self.receiver.take(callback["method"], callback["path"], callback["body"])
        return {"ok": {"status": status}}

    def after_answer(self) -> None:
        """What is done once an answer is out: confirm what callbacks have said."""
        for payment in self.ledger.hinted(self.clock.now_ms):
            self.in_background(self.checker.confirm, payment)

    def in_background(self, work: Callable[[Payment], None], payment: Payment) -> None:
        thread = Thread(target=work, args=(payment,), daemon=True)
        with self.starting:
            thread.start()
            self.confirmations.append(thread)

    def wait_for_confirmations(self) -> None:
        with self.starting:
            threads, self.confirmations = self.confirmations, []
        for thread in threads:
            thread.join()

    def reconcile(self, _request: Message) -> Message:
        self.catch_up()
        looked = self.check()
        counts = {
            state: sum(payment.state == state for payment in looked)
            for state in (COMPLETED, FAILED, PENDING)
        }
        return {"ok": {"checked": len(looked), **counts}}

    def advance(self, request: Message) -> Message:
        self.clock.advance(request["ms"])
        self.catch_up()
        if self.clock.now_ms >= self.next_round_ms:
            self.check()
        return {"ok": {}}

    def catch_up(self) -> None:
        """Confirm what callbacks have said, and make the attempts that are due."""
        self.wait_for_confirmations()
        for payment in self.ledger.hinted(self.clock.now_ms):
            self.checker.confirm(payment)
        self.send_due()

    def check(self) -> list[Payment]:
        """One round of the checker, and the attempts that it asks for."""
        self.next_round_ms = self.clock.now_ms + Checker.INTERVAL_MS
        looked = self.checker.round()
        self.send_due()
        return looked

    def send_due(self) -> None:
        for payment in self.ledger.due_for_sending(self.clock.now_ms):
            if self.ledger.take_sending(payment):
                self.send(payment)

    def show_ledger(self, _request: Message) -> Message:
        balance: dict[str, int] = {}
        for _, account, minor, currency in self.ledger.entries():
            if account == "wallet":
                balance[currency] = balance.get(currency, 0) + minor
        return {
            "ok": {
                "payments": [_row(payment) for payment in self.ledger.all()],
                "entries": self.shown_entries(),
                "balance": {code: self.money.major(sum_, code) for code, sum_ in balance.items()},
            }
        }

    def shown_entries(self) -> list[Message]:
        return [
            {
                "reference_id": reference_id,
                "account": account,
                "amount": self.money.major(minor, currency),
                "currency": currency,
            }
            for reference_id, account, minor, currency in self.ledger.entries()
        ]


def _row(payment: Payment) -> Message:
    names = ("reference_id", "key", "state", "amount", "currency")
    return {name: getattr(payment, name) for name in names} | {
        "needs_review": bool(payment.needs_review)
    }


def _fail(code: str, reference_id: str | None) -> Message:
    return {"fail": {"code": code, "reference_id": reference_id}}


def _unknown(why: str, reference_id: str | None) -> Message:
    return {"unknown": {"reference_id": reference_id, "why": why}}
