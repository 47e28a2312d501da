"""Bugs about headers and addresses."""

from collections.abc import Callable
from types import MappingProxyType
from uuid import uuid1

from tests.mutants.client.api import Api
from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.intake import Intake
from tests.mutants.client.payment import Payment
from tests.mutants.client.reply import Reply
from tests.mutants.client.tokens import SUBSCRIPTION_KEY, Tokens
from tests.mutants.client.wire import Headers, Request, Wire

OTHER_ID = "11111111-1111-4111-8111-111111111111"


@bug("MOMO-HDR-01", "no subscription key", says="had no Ocp-Apim-Subscription-Key")
def _no_key() -> None:
    _send_headers(lambda headers: tuple(row for row in headers if row[0] != SUBSCRIPTION_KEY))


@bug(
    "MOMO-HDR-01", "collection's key for all", says="had a key that is not the one of disbursement"
)
def _one_key() -> None:
    replace(
        Api, subscription_key=lambda self, _product: self.settings.subscription_keys["collection"]
    )


@bug("MOMO-HDR-02", "no environment", says="had no X-Target-Environment")
def _no_environment() -> None:
    replace(Api, environment=lambda _self: ())


@bug("MOMO-HDR-02", "sandbox everywhere", says="had X-Target-Environment 'sandbox'")
def _sandbox() -> None:
    replace(Api, environment=lambda _self: (("X-Target-Environment", "sandbox"),))


@bug("MOMO-HDR-03", "UUID version 1", says="no UUID version 4")
def _version_1() -> None:
    replace(Intake, reference_id=lambda _self, _order: str(uuid1()))


@bug("MOMO-HDR-03", "id in braces", says="no UUID version 4")
def _braces() -> None:
    right = Intake.reference_id
    replace(Intake, reference_id=lambda self, order: f"{{{right(self, order)}}}")


@bug("MOMO-HDR-03", "constant id", says="have the same X-Reference-Id")
def _constant() -> None:
    _with_other_id("create")


@bug("MOMO-HDR-04", "two Authorizations", says="had Authorization 2 times")
def _two_authorizations() -> None:
    _send_headers(
        lambda headers: (*headers, *(row for row in headers if row[0] == "Authorization"))
    )


@bug("MOMO-HDR-04", "body on the token call", says="had a body of")
def _token_body() -> None:
    replace(Tokens, body=lambda _self: b"grant_type=client_credentials")


@bug("MOMO-HDR-04", "JSON as plain text", says="had the Content-Type 'text/plain'")
def _plain_text() -> None:
    _send_headers(
        lambda headers: tuple(
            (name, "text/plain" if name == "Content-Type" else value) for name, value in headers
        )
    )


@bug("MOMO-HDR-05", "callbacks below the host", says="names the host")
def _below_the_host() -> None:
    right = Api.callback_url
    replace(
        Api,
        callback_url=lambda self, base, payment: right(self, base, payment).replace(
            "://", "://payments.", 1
        ),
    )


@bug("MOMO-HDR-06", "double slash", says="a double slash")
def _double_slash() -> None:
    right = Api.status_path
    replace(Api, status_path=lambda self, payment: "/" + right(self, payment))


@bug("MOMO-HDR-06", "payments at version 1", says="no address of the API")
def _version_1_view() -> None:
    views = {"payment": "v1_0/payment", "request_to_pay": "v2_0/requesttopay"}
    replace(Api, VIEWS=MappingProxyType(views))


@bug("MOMO-HDR-06", "status of another id", says="nothing was created under that id")
def _another_id() -> None:
    _with_other_id("status")


def _with_other_id(operation: str) -> None:
    """Sends the same id for every payment."""
    right = getattr(Api, operation)

    def call(self: Api, payment: Payment) -> Reply:
        found: Reply = right(self, payment._replace(reference_id=OTHER_ID))
        return found

    replace(Api, **{operation: call})


def _send_headers(changed: Callable[[Headers], Headers]) -> None:
    """Changes the headers of every request."""
    right = Wire.head

    def head(self: Wire, request: Request) -> bytes:
        return right(self, request._replace(headers=changed(request.headers)))

    replace(Wire, head=head)
