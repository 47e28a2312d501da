"""Bugs about secrets."""

from urllib.parse import urlsplit

from tests.mutants.client.api import Api, Call
from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.log import Log
from tests.mutants.client.reply import Reply
from tests.mutants.client.wire import Request, Wire


@bug("MOMO-SEC-01", "logs bearer", says="access token in stderr")
def _logs_bearer() -> None:
    right = Api.send

    def send(self: Api, call: Call, token: str) -> Reply:
        self.wire.log.write(f"using token >>>> {token}")
        return right(self, call, token)

    replace(Api, send=send)


@bug("MOMO-SEC-01", "logs the login", says="Basic value in stderr")
def _logs_login() -> None:
    right = Wire.once

    def once(self: Wire, request: Request) -> Reply:
        self.log.write(f"{request!r} {request.headers}")
        return right(self, request)

    replace(Wire, once=once)


@bug("MOMO-SEC-02", "key in query string", says="carries a secret in its URL")
def _key_in_query() -> None:
    right = Wire.target

    def target(self: Wire, request: Request) -> str:
        key = self.settings.subscription_keys["collection"]
        return f"{right(self, request)}?subscription-key={key}"

    replace(Wire, target=target)


@bug("MOMO-SEC-03", "verify=False", says="certificate")
def _trusts_anybody() -> None:
    import ssl  # noqa: PLC0415  # as slow to import as half of the rest

    replace(Wire, tls=lambda _self: ssl._create_unverified_context())  # noqa: S323, SLF001  # the bug


@bug("MOMO-SEC-03", "any host name", says="other host's certificate")
def _takes_any_host() -> None:
    import ssl  # noqa: PLC0415  # as slow to import as half of the rest

    def tls(_self: Wire) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.check_hostname = False
        return context

    replace(Wire, tls=tls)


@bug("MOMO-SEC-04", "follows redirects with credentials", says="went to another host")
def _follows_redirects() -> None:
    right = Wire.once

    def once(self: Wire, request: Request) -> Reply:
        reply = right(self, request)
        if reply.status in (302, 307):
            there = urlsplit(reply.headers["location"])
            elsewhere = Wire(self.settings, self.log)
            elsewhere.base = there._replace(path="")
            return right(elsewhere, request._replace(path=there.path))
        return reply

    replace(Wire, once=once)


@bug("MOMO-SEC-05", "MSISDN in clear in logs", says="phone number in stderr")
def _shows_numbers() -> None:
    replace(Log, masked=lambda _self, msisdn: msisdn)
