"""A caller of the API that can be right and wrong on purpose."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote
from uuid import uuid4

from momo_conformance.intents import Intent
from momo_conformance.server.grounds import Place
from momo_conformance.server.numbers import ORDINARY
from momo_conformance.server.session import Reply, Request, as_json
from momo_contracts.operations import CATALOGUE, OPERATIONS, REQUEST_TO_PAY, Kind, Operation
from momo_contracts.resources import PAYMENT, REFUND
from momo_contracts.values import Product

Headers = Mapping[str, str | None]
"""None takes a header out."""

Json = dict[str, object]

KEY, ENVIRONMENT, REFERENCE = (
    "Ocp-Apim-Subscription-Key",
    "X-Target-Environment",
    "X-Reference-Id",
)


def creates(product: Product) -> tuple[Operation, ...]:
    """What makes payments of a product."""
    return tuple(row for row in CATALOGUE if row.product is product and row.kind is Kind.CREATE)


def status_of(operation: Operation) -> Operation:
    """The read of what a create has made."""
    return OPERATIONS[f"{operation.product}.{operation.resource.name}.status"]


def basic(name: str, key: str) -> str:
    """The header of a login."""
    return "Basic " + b64encode(f"{name}:{key}".encode()).decode()


def new_id() -> str:
    """A reference id that nobody has used."""
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Caller:
    """Sends what the API wants, but for what it is told to do otherwise."""

    place: Place
    _tokens: dict[Product, str] = field(default_factory=dict, repr=False)

    def login(
        self,
        product: Product = Product.COLLECTION,
        intent: Intent = Intent.VALID,
        headers: Headers | None = None,
    ) -> Reply:
        """Ask for a token; one that comes is used from then on."""
        target = self.place.target
        login = basic(target.api_user, target.api_key)
        usual: Headers = {"Authorization": login, KEY: self._key(product)}
        operation = OPERATIONS[f"{product}.token"]
        reply = self._send(operation, operation.path, {**usual, **(headers or {})}, intent=intent)
        token = reply.found.get("access_token")
        if intent is Intent.VALID and isinstance(token, str):
            self._tokens[product] = token
        return reply

    def forget_tokens(self) -> None:
        """They may have expired: the next call of each product fetches another."""
        self._tokens.clear()

    def create(
        self,
        operation: Operation,
        reference_id: str | None,
        body: Json | bytes,
        intent: Intent = Intent.VALID,
        headers: Headers | None = None,
    ) -> Reply:
        """Make a payment, or try to. `body` as bytes is sent as it is."""
        wanted = {REFERENCE: reference_id, "Content-Type": "application/json", **(headers or {})}
        content = body if isinstance(body, bytes) else as_json(body)
        return self._call(operation, operation.path, wanted, content, reference_id, intent)

    def read(
        self,
        operation: Operation,
        reference_id: str,
        intent: Intent = Intent.VALID,
        headers: Headers | None = None,
    ) -> Reply:
        """Ask for the status of a payment; `operation` is that of the read."""
        path = operation.path.replace("{reference_id}", quote(reference_id, safe=""))
        return self._call(operation, path, headers or {}, b"", reference_id, intent)

    def ask(
        self,
        name: str,
        places: Mapping[str, str] | None = None,
        headers: Headers | None = None,
    ) -> Reply:
        """Any other call, by its name; `places` are the parameters of its path."""
        operation = OPERATIONS[name]
        path = operation.path.format(**(places or {}))
        return self._call(operation, path, headers or {}, intent=Intent.PLAIN)

    def order(self, operation: Operation, **changed: object) -> Json:
        """The body of a create, right unless changed; a refund pays a new request to pay back."""
        target = self.place.target
        amount, party = str(changed.pop("amount", "100")), changed.pop("party", ORDINARY)
        external_id = str(changed.pop("externalId", "order-1"))
        if operation.resource is PAYMENT:
            money = {"amount": amount, "currency": target.currency}
            return {"externalTransactionId": external_id, "money": money, **changed}
        found: Json = {
            "amount": amount,
            "currency": target.currency,
            "externalId": external_id,
            "payerMessage": "for the payer",
            "payeeNote": "for the payee",
        }
        if operation.resource is REFUND:
            found["referenceIdToRefund"] = self._refundable(amount)
        else:
            found[operation.resource.party] = {"partyIdType": "MSISDN", "partyId": party}
        return found | changed

    def _refundable(self, amount: str) -> str:
        """A request to pay that has succeeded; returns its reference id."""
        reference_id = new_id()
        self.create(REQUEST_TO_PAY, reference_id, self.order(REQUEST_TO_PAY, amount=amount))
        return reference_id

    def bearer(self, product: Product) -> Headers:
        """The header of a call that carries the last token of a product."""
        return {"Authorization": f"Bearer {self._tokens.get(product, '')}"}

    def _call(
        self,
        operation: Operation,
        path: str,
        headers: Headers,
        content: bytes = b"",
        reference_id: str | None = None,
        intent: Intent = Intent.VALID,
    ) -> Reply:
        """A call that carries a token, which is fetched when there is none yet, and once only."""
        product = operation.product or Product.COLLECTION
        if product not in self._tokens:
            self.login(product)
        if not self._tokens.setdefault(product, ""):
            intent = Intent.PLAIN
        environment = self.place.target.target_environment
        usual = {**self.bearer(product), KEY: self._key(product), ENVIRONMENT: environment}
        return self._send(operation, path, {**usual, **headers}, content, reference_id, intent)

    def _send(
        self,
        operation: Operation,
        path: str,
        headers: Headers,
        content: bytes = b"",
        reference_id: str | None = None,
        intent: Intent = Intent.VALID,
    ) -> Reply:
        pairs = tuple((name, value) for name, value in headers.items() if value is not None)
        request = Request(operation, operation.method, path, pairs, content, reference_id)
        return self.place.session.send(replace(request, intent=intent))

    def _key(self, product: Product) -> str:
        return self.place.target.subscription_keys[product]
