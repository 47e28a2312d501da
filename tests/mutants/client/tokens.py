"""The bearer tokens: one per product, used until shortly before its end, fetched by one caller."""

import base64
from collections.abc import Mapping
from threading import Lock
from typing import NamedTuple

from tests.mutants.client.clock import Clock
from tests.mutants.client.reply import Reply, Unreadable
from tests.mutants.client.settings import Settings
from tests.mutants.client.wire import NoAnswer, Request, Wire

SUBSCRIPTION_KEY = "Ocp-Apim-Subscription-Key"


class NoToken(Exception):
    """There is no token now, so that nothing was sent; there may be one later."""


class TokenRefused(NoToken):
    """There will be none: the credentials are not good. `code` says what the provider said."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Token(NamedTuple):
    """A token and the instant from which it is not used any more."""

    value: str
    until_ms: int

    def __repr__(self) -> str:
        return f"Token(until_ms={self.until_ms})"


class Tokens:
    """The cache of tokens. Safe for threads."""

    MARGIN_MS = 60_000
    MOST_OF_LIFETIME = 2
    """The margin is at most this part of the lifetime: a half."""

    def __init__(self, settings: Settings, clock: Clock, wire: Wire) -> None:
        self.settings = settings
        self.clock = clock
        self.wire = wire
        self.cached: dict[str, Token] = {}
        self.locks = {product: Lock() for product in settings.subscription_keys}

    def get(self, product: str) -> str:
        """A token that is good for now. Raises NoToken."""
        with self.flight(product):
            token = self.cached.get(self.place(product))
            if token is None or not self.is_fresh(token):
                token = self.fetch(product)
                self.cached[self.place(product)] = token
            return token.value

    def drop(self, product: str, value: str) -> None:
        """Use this token no more; one that has come since then stays."""
        with self.flight(product):
            token = self.cached.get(self.place(product))
            if token is not None and token.value == value:
                del self.cached[self.place(product)]

    def flight(self, product: str) -> Lock:
        """What is held while a token is fetched."""
        return self.locks[product]

    def place(self, product: str) -> str:
        """Where the token of a product is kept."""
        return product

    def is_fresh(self, token: Token) -> bool:
        return self.clock.now_ms < token.until_ms

    def fetch(self, product: str) -> Token:
        asked_ms = self.clock.now_ms
        try:
            reply = self.wire.exchange(self.request(product))
        except NoAnswer as problem:
            raise NoToken(f"no token: {problem}") from None
        if self.is_refused(reply):
            raise TokenRefused(f"TOKEN_REFUSED_{reply.status}")
        if reply.status != 200:
            raise NoToken(f"no token: HTTP {reply.status}")
        return self.token_in(reply, asked_ms)

    def request(self, product: str) -> Request:
        headers = (
            ("Authorization", f"Basic {self.basic()}"),
            (SUBSCRIPTION_KEY, self.settings.subscription_keys[product]),
        )
        return Request("POST", self.path(product), headers, self.body())

    def path(self, product: str) -> str:
        return f"/{product}/token/"

    def body(self) -> bytes | None:
        return None

    def basic(self) -> str:
        pair = f"{self.settings.api_user}:{self.settings.api_key}"
        return base64.b64encode(pair.encode()).decode()

    def is_refused(self, reply: Reply) -> bool:
        """True when asking again would be of no use."""
        return 400 <= reply.status < 500 and reply.status not in (408, 429)

    def token_in(self, reply: Reply, asked_ms: int) -> Token:
        try:
            document = reply.document()
        except Unreadable as problem:
            raise NoToken(f"no token: {problem}") from None
        value = self.value_in(document)
        lifetime_ms = self.lifetime_s(document) * 1000
        return Token(value, asked_ms + lifetime_ms - self.margin_ms(lifetime_ms))

    def value_in(self, document: Mapping[str, object]) -> str:
        value = document.get("access_token")
        if isinstance(value, str) and value.isascii() and value.isprintable() and value.split():
            return value
        raise NoToken("no token: the answer has none")

    def lifetime_s(self, document: Mapping[str, object]) -> int:
        lifetime = document.get("expires_in")
        if type(lifetime) is int and lifetime > 0:
            return lifetime
        raise NoToken("no token: its lifetime is not a whole number of seconds above zero")

    def margin_ms(self, lifetime_ms: int) -> int:
        return min(self.MARGIN_MS, lifetime_ms // self.MOST_OF_LIFETIME)
