"""One cached token: read from a reply, good until 60 s before it expires."""

import copy
from dataclasses import dataclass, field

from momo_client.core.classification import read_refusal
from momo_client.core.http import Answer, HttpReply, NoAnswer
from momo_client.core.remedies import TRY_LATER, remedy_for, remedy_for_problem
from momo_client.errors import Fault, TokenError, TokenRefused, TokenUnavailable
from momo_contracts import tokens
from momo_contracts.wire_errors import LOGIN_FAILED


@dataclass(frozen=True, slots=True)
class CachedToken:
    """A token; `issued_at_ms` is the instant before it was asked for, so it errs early."""

    value: str = field(repr=False)
    issued_at_ms: int
    expires_in_s: int

    def is_usable(self, now_ms: int) -> bool:
        """False from 60 s before its expiry on."""
        return not tokens.is_refresh_due(self.issued_at_ms, self.expires_in_s, now_ms)


class TokenCache:
    """The latest outcome of asking for a token. Not locked: the shell that owns it does that.

    A shell notes `fetches`, waits for its lock, and calls `take` with the number it noted.
    """

    def __init__(self) -> None:
        self.fetches = 0
        self._outcome: CachedToken | TokenError | None = None

    def take(self, now_ms: int, noted_fetches: int) -> str | None:
        """A usable token; None when the caller must fetch one.

        Raises the TokenError of a fetch that ended while the caller was waiting, so that a crowd
        behind a failing token call fails together instead of repeating it one by one.
        """
        match self._outcome:
            case CachedToken() as token if token.is_usable(now_ms):
                return token.value
            case TokenError() as error if self.fetches > noted_fetches:
                raise copy.copy(error)
            case _:
                return None

    def keep(self, outcome: CachedToken | TokenError) -> str:
        """Remember what a fetch brought; the token, or its TokenError raised."""
        self.fetches += 1
        self._outcome = outcome
        if isinstance(outcome, TokenError):
            raise copy.copy(outcome)
        return outcome.value

    def drop(self, value: str) -> None:
        """Forget this token; a newer one stays."""
        if isinstance(self._outcome, CachedToken) and self._outcome.value == value:
            self._outcome = None


def read_token(answer: Answer, issued_at_ms: int) -> CachedToken | TokenError:
    """The token in an answer, or why there is none; only TokenUnavailable is worth a retry."""
    match answer:
        case NoAnswer(problem):
            return TokenUnavailable(
                f"the token call got no answer ({problem})",
                remedy=remedy_for_problem(problem),
                code="NO_ANSWER",
                fault=Fault.NETWORK,
            )
        case HttpReply(200) as reply:
            return _token_in(reply.json_object(), issued_at_ms)
        case HttpReply() as reply:
            return _refusal(reply)


def _token_in(content: dict[str, object], issued_at_ms: int) -> CachedToken | TokenError:
    value, lifetime_s = content.get("access_token"), content.get("expires_in")
    match value, lifetime_s:
        case str(), int() if _is_sendable(value) and lifetime_s is not True and lifetime_s > 0:
            return CachedToken(value, issued_at_ms, lifetime_s)
    return TokenRefused(
        "the token reply holds no usable access_token with a positive expires_in",
        remedy="Check that MTN_BASE_URL is the API's own address, not a portal or a proxy's page.",
        http_status=200,
        code="UNREADABLE_TOKEN",
    )


def _is_sendable(value: str) -> bool:
    """Only such text can stand in the header that it will be sent in."""
    return bool(value) and value.isascii() and value.isprintable()


def _refusal(reply: HttpReply) -> TokenError:
    refusal = read_refusal(reply)
    is_login = refusal.code == LOGIN_FAILED.name.upper()
    may_retry = not is_login and (reply.status >= 500 or reply.status == 429)
    kind = TokenUnavailable if may_retry else TokenRefused
    return kind(
        f"the token call was answered {refusal}",
        remedy=TRY_LATER if may_retry else remedy_for(refusal),
        http_status=reply.status,
        code=refusal.code,
        retry_after_s=reply.retry_after_s,
    )
