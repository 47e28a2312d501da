"""What opens a server, wrongly."""

from dataclasses import replace

import orjson

from mock_momo.core import authentication, gateway
from mock_momo.core.authorization import basic_credentials
from mock_momo.core.namespace import Namespace
from mock_momo.core.rendered import Rendered
from mock_momo.core.replies import Refusal, TokenIssued
from mock_momo.edge.wire import exchanges
from momo_contracts.wire_errors import INVALID_BEARER, LOGIN_FAILED
from tests.mutants.server.bugs import Decision, bug, wrap


def _with_token(change: dict[str, object], drop: str = "") -> None:
    """Other values in the body of a token reply."""

    def around(render: Decision) -> Decision:
        def rendered(reply: object, settings: object) -> Rendered:
            done: Rendered = render(reply, settings)
            if not isinstance(reply, TokenIssued):
                return done
            body = {**orjson.loads(done.body), **change}
            body.pop(drop, None)
            return replace(done, body=orjson.dumps(body))

        return rendered

    wrap(exchanges, "render", around)


@bug("MOMO-SRV-01", "expires_in as text", says="expires_in is '3600'")
def _expires_in_as_text() -> None:
    _with_token({"expires_in": "3600"})


@bug("MOMO-SRV-01", "no token_type", says="no token_type")
def _no_token_type() -> None:
    _with_token({}, drop="token_type")


@bug("MOMO-SRV-01", "any API key will do", says="a wrong login was given a token")
def _any_api_key() -> None:
    def around(authenticate: Decision) -> Decision:
        def authenticated(namespace: Namespace, authorization: str) -> object:
            name, _ = basic_credentials(authorization)
            known = namespace.engine.api_users
            return name if name in known else authenticate(namespace, authorization)

        return authenticated

    from mock_momo.core import wallet  # noqa: PLC0415  # where it is looked up

    wrap(wallet, "authenticate_basic", around)


@bug("MOMO-SRV-01", "a wrong login is a 403", says="a wrong login was answered 403")
def _login_is_403() -> None:
    def around(render: Decision) -> Decision:
        def rendered(reply: object, settings: object) -> Rendered:
            done: Rendered = render(reply, settings)
            is_refused = isinstance(reply, Refusal) and reply.error is LOGIN_FAILED
            return replace(done, status=403) if is_refused else done

        return rendered

    wrap(exchanges, "render", around)


@bug("MOMO-SRV-02", "expires_in is ignored", says="after it had expired, not 401")
def _expires_in_is_ignored() -> None:
    wrap(authentication, "is_expired", lambda _: lambda _at_ms, _now_ms: False)


@bug("MOMO-SRV-02", "tokens die at half time", says="refused before its 3600 s were over")
def _tokens_die_at_half_time() -> None:
    half_ms = 1_800_000
    wrap(authentication, "is_expired", lambda asked: lambda at, now: asked(at - half_ms, now))


@bug("MOMO-SRV-03", "any subscription key will do", says="with a wrong subscription key")
def _any_subscription_key() -> None:
    def around(check: Decision) -> Decision:
        return lambda namespace, call: None if call.subscription_key else check(namespace, call)

    gateway.CHECKS = tuple(
        around(row) if row.__name__ == "_subscription_key" else row for row in gateway.CHECKS
    )


@bug("MOMO-SRV-03", "no subscription key is needed", says="subscription key was answered")
def _no_subscription_key() -> None:
    gateway.CHECKS = tuple(row for row in gateway.CHECKS if row.__name__ != "_subscription_key")


@bug("MOMO-SRV-03", "the wallet checks keys", says="has not the gateway's body")
def _the_wallet_checks_keys() -> None:
    def around(check: Decision) -> Decision:
        def checked(namespace: object, call: object) -> Refusal | None:
            found = check(namespace, call)
            return found and Refusal(INVALID_BEARER, found.why)

        return checked

    gateway.CHECKS = tuple(
        around(row) if row.__name__ == "_subscription_key" else row for row in gateway.CHECKS
    )
