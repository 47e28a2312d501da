"""The calls of the provider's API: paths, headers, the token and its one renewal."""

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

from tests.mutants.client.payment import REQUEST_TO_PAY, Payment, kind_of
from tests.mutants.client.reply import Reply
from tests.mutants.client.settings import Settings
from tests.mutants.client.tokens import SUBSCRIPTION_KEY, Tokens
from tests.mutants.client.wire import Headers, Request, Wire


class Call(NamedTuple):
    """A business call, all but its token."""

    product: str
    method: str
    path: str
    headers: Headers = ()
    body: bytes | None = None


class Api:
    """Each call raises NoToken when nothing was sent, and NoAnswer when it may have happened."""

    VIEWS: ClassVar[Mapping[str, str]] = {
        "payment": "v2_0/payment",
        "request_to_pay": "v1_0/requesttopay",
    }

    def __init__(self, settings: Settings, tokens: Tokens, wire: Wire) -> None:
        self.settings = settings
        self.tokens = tokens
        self.wire = wire

    def create(self, payment: Payment) -> Reply:
        """One attempt to have a payment made; all attempts are alike."""
        kind = kind_of(payment)
        headers = (
            ("X-Reference-Id", payment.reference_id),
            *self.callback(payment),
            ("Content-Type", "application/json"),
        )
        return self.answer(Call(kind.product, "POST", kind.path, headers, payment.body.encode()))

    def status(self, payment: Payment) -> Reply:
        """What the provider says about a payment."""
        path = f"{self.status_path(payment)}/{payment.reference_id}"
        return self.answer(Call(kind_of(payment).product, "GET", path))

    def balance(self) -> Reply:
        """What the provider's account of the collection product holds."""
        return self.answer(Call("collection", "GET", "v1_0/account/balance"))

    def callback(self, payment: Payment) -> Headers:
        if self.settings.callback_url is None:
            return ()
        return (("X-Callback-Url", self.callback_url(self.settings.callback_url, payment)),)

    def callback_url(self, base: str, payment: Payment) -> str:
        """An address of its own for each payment: a callback's body does not name it."""
        return f"{base.rstrip('/')}/{payment.reference_id}"

    def status_path(self, payment: Payment) -> str:
        if payment.kind == REQUEST_TO_PAY.name:
            return self.VIEWS[self.settings.status_view]
        return kind_of(payment).path

    def answer(self, call: Call) -> Reply:
        """The answer to a call; a token that is not taken is renewed once."""
        token = self.tokens.get(call.product)
        reply = self.send(call, token)
        if not self.wants_new_token(reply):
            return reply
        self.tokens.drop(call.product, token)
        return self.send(self.again(call), self.tokens.get(call.product))

    def wants_new_token(self, reply: Reply) -> bool:
        return reply.status == 401

    def again(self, call: Call) -> Call:
        """The call that is sent with the new token: the same."""
        return call

    def send(self, call: Call, token: str) -> Reply:
        headers = (*self.headers(call, token), *call.headers)
        return self.wire.exchange(Request(call.method, self.path(call), headers, call.body))

    def path(self, call: Call) -> str:
        return f"/{call.product}/{call.path}"

    def headers(self, call: Call, token: str) -> Headers:
        return (
            ("Authorization", f"Bearer {token}"),
            (SUBSCRIPTION_KEY, self.subscription_key(call.product)),
            *self.environment(),
        )

    def subscription_key(self, product: str) -> str:
        return self.settings.subscription_keys[product]

    def environment(self) -> Headers:
        return (("X-Target-Environment", self.settings.target_environment),)
