"""Bugs about tokens."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from uuid import uuid4

from tests.mutants.client.api import Api, Call
from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.reply import Reply, Unreadable
from tests.mutants.client.tokens import TokenRefused, Tokens
from tests.mutants.client.wire import Headers

HOUR_S = 3600


@bug("MOMO-TOK-01", "token path without a slash", says="is no token address")
def _no_slash() -> None:
    replace(Tokens, path=lambda _self, product: f"/{product}/token")


@bug("MOMO-TOK-01", "collection's login for all", says="no login there")
def _one_login() -> None:
    right = Tokens.request
    replace(Tokens, request=lambda self, _product: right(self, "collection"))


@bug("MOMO-TOK-01", "bare API key", says="it must be Basic with the API user and the API key")
def _bare_key() -> None:
    replace(Tokens, basic=lambda self: self.settings.api_key)


@bug("MOMO-TOK-02", "no cache", says="before the last one expired")
def _no_cache() -> None:
    replace(Tokens, is_fresh=lambda _self, _token: False)


@bug("MOMO-TOK-03", "cache for ever", says="after it had expired")
def _for_ever() -> None:
    replace(Tokens, is_fresh=lambda _self, _token: True)


@bug("MOMO-TOK-04", "margin 0", says="before its end")
def _no_margin() -> None:
    replace(Tokens, margin_ms=lambda _self, _lifetime_ms: 0)


@bug("MOMO-TOK-04", "margin equal to lifetime", says="before the last one expired")
def _all_margin() -> None:
    replace(Tokens, margin_ms=lambda _self, lifetime_ms: lifetime_ms)


@bug("MOMO-TOK-05", "always an hour", says="expires_in")
def _an_hour() -> None:
    replace(Tokens, lifetime_s=lambda _self, _document: HOUR_S)


@bug("MOMO-TOK-05", "an hour at the most", says="an hour is not what expires_in said")
def _at_most_an_hour() -> None:
    right = Tokens.lifetime_s
    replace(Tokens, lifetime_s=lambda self, document: min(right(self, document), HOUR_S))


@bug("MOMO-TOK-06", "one cache for all products", says="with the token of")
def _one_cache() -> None:
    replace(Tokens, place=lambda _self, _product: "all")


@bug("MOMO-TOK-07", "stampede", says="calls at once")
def _stampede() -> None:
    replace(Tokens, flight=lambda _self, _product: nullcontext())


@bug("MOMO-TOK-08", "no new login", says="no other token was asked for")
def _no_new_login() -> None:
    replace(Api, wants_new_token=lambda _self, _reply: False)


@bug("MOMO-TOK-08", "new login, no repeat", says="was not repeated")
def _no_repeat() -> None:
    def answer(self: Api, call: Call) -> Reply:
        token = self.tokens.get(call.product)
        reply = self.send(call, token)
        if self.wants_new_token(reply):
            self.tokens.drop(call.product, token)
            self.tokens.get(call.product)
        return reply

    replace(Api, answer=answer)


@bug("MOMO-TOK-09", "new logins without end", says="401 was all that came")
def _logins_without_end() -> None:
    def answer(self: Api, call: Call) -> Reply:
        for _ in range(6):
            token = self.tokens.get(call.product)
            reply = self.send(call, token)
            if not self.wants_new_token(reply):
                break
            self.tokens.drop(call.product, token)
        return reply

    replace(Api, answer=answer)


@bug("MOMO-TOK-10", "repeat without reference id", says="header x-reference-id")
def _repeat_without_id() -> None:
    _repeat_with(lambda name, value: None if name == "X-Reference-Id" else value)


@bug("MOMO-TOK-10", "repeat without callback address", says="header x-callback-url")
def _repeat_without_callback() -> None:
    _repeat_with(lambda name, value: None if name == "X-Callback-Url" else value)


@bug("MOMO-TOK-10", "repeat with another id", says="header x-reference-id")
def _repeat_with_other_id() -> None:
    _repeat_with(lambda name, value: str(uuid4()) if name == "X-Reference-Id" else value)


@bug("MOMO-TOK-11", "calls without a login", says="the login before it was answered 401")
def _without_login() -> None:
    right = Tokens.get

    def get(self: Tokens, product: str) -> str:
        try:
            return right(self, product)
        except TokenRefused:
            return ""

    replace(Tokens, get=get)


@bug("MOMO-TOK-11", "goes on with the old token", says="the login before it was answered 401")
def _old_token() -> None:
    right = Tokens.get

    def get(self: Tokens, product: str) -> str:
        old = self.cached.get(product)
        try:
            return right(self, product)
        except TokenRefused:
            if old is None:
                raise
            return old.value

    replace(Tokens, get=get)


@bug("MOMO-TOK-11", "refused login tried later", says="no definite refusal")
def _login_later() -> None:
    replace(Tokens, is_refused=lambda _self, _reply: False)


@bug("MOMO-TOK-12", "Bearer None", says="without access_token was made into a bearer")
def _bearer_none() -> None:
    replace(Tokens, value_in=lambda _self, document: str(document.get("access_token")))


@bug("MOMO-TOK-12", "a page as a token", says="no JSON object was made into a bearer")
def _page_as_token() -> None:
    def document(reply: Reply) -> Mapping[str, object]:
        try:
            return right(reply)
        except Unreadable:
            return {"access_token": reply.body.decode()[:20].strip(), "expires_in": HOUR_S}

    right = Reply.document
    replace(Reply, document=document)


@bug("MOMO-TOK-12", "an hour where expires_in is none", says="was kept and used again")
def _hour_instead() -> None:
    def lifetime_s(_self: Tokens, document: Mapping[str, object]) -> int:
        found = document.get("expires_in")
        return found if isinstance(found, int) and found > 0 else HOUR_S

    replace(Tokens, lifetime_s=lifetime_s)


def _repeat_with(changed: Callable[[str, str], str | None]) -> None:
    """Changes the headers of the call that follows a new login; None drops one."""

    def again(_self: Api, call: Call) -> Call:
        headers: Headers = tuple(
            (name, found)
            for name, value in call.headers
            if (found := changed(name, value)) is not None
        )
        return call._replace(headers=headers)

    replace(Api, again=again)
