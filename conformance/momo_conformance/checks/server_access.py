"""MOMO-SRV-01 to 03: what opens a server, and for how long."""

from collections.abc import Iterator

from momo_conformance.checks.served import Resets, era_of, is_clean, resets_of
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.intents import Intent
from momo_conformance.verdicts import Sighting
from momo_contracts.wire_errors import Layer

_KEY = "Ocp-Apim-Subscription-Key"
_SLACK_MS = 1000
_REVOKING = frozenset({"token_revoked", "unauthorized"})
_TOO_EARLY = (411, 413)
"""What a request may be refused with before its key is looked at."""


def logins(history: History) -> Iterator[Sighting]:
    """SRV-01: a right login gets a token of the right shape, a wrong one gets none."""
    for row in history.tokens:
        if not is_clean(row) or row.intent is Intent.WRONG_KEY:
            continue
        if row.intent is Intent.WRONG_LOGIN:
            yield Sighting((row.began,), _wrong_login(row))
        elif row.status == 200 and row.layer != Layer.WAF:
            yield Sighting((row.began,), _token(row))
        elif row.intent is Intent.VALID:
            told = f"a right login was answered {row.status}, not 200 with a token"
            yield Sighting((row.began,), told)


def lifetimes(history: History) -> Iterator[Sighting]:
    """SRV-02: a token opens its own product until it expires, and nothing afterwards."""
    resets = resets_of(history)
    if any(_REVOKING.intersection(row.faults) for row in history.exchanges):
        return
    for fetched in history.tokens:
        lifetime_s = fetched.received.get("expires_in")
        if not (fetched.is_success and is_clean(fetched)) or type(lifetime_s) is not int:
            continue
        taken = False
        for row in _uses(history, fetched, resets):
            is_refused = row.status == 401
            shown = (fetched.began, row.began)
            if row.ended_at_ms < fetched.at_ms + lifetime_s * 1000 - _SLACK_MS:
                taken = taken or not is_refused
                if is_refused:
                    yield Sighting(
                        shown, f"a token was refused before its {lifetime_s} s were over"
                    )
            elif taken and row.at_ms > fetched.ended_at_ms + lifetime_s * 1000 + _SLACK_MS:
                late_s = (row.at_ms - fetched.ended_at_ms) // 1000 - lifetime_s
                told = f"a token was answered {row.status} {late_s} s after it had expired, not 401"
                yield Sighting(shown, "" if is_refused else told)


def subscription_keys(history: History) -> Iterator[Sighting]:
    """SRV-03: without the right subscription key there is the gateway's 401."""
    for row in history.exchanges:
        is_meant = row.intent is Intent.WRONG_KEY
        if not is_clean(row) or not (is_meant or (row.intent is None and _has_no_key(row))):
            continue
        found = row.received
        if row.status != 401:
            told = f"a call {_told(row)} was answered {row.status}, not 401"
        elif found.get("statusCode") != 401 or not isinstance(found.get("message"), str):
            told = "the 401 has not the gateway's body: a statusCode of 401 and a message"
        else:
            told = ""
        yield Sighting((row.began,), told)


def _wrong_login(row: Exchange) -> str:
    if row.received.get("access_token"):
        return "a wrong login was given a token"
    if row.status == 401 or (row.status == 500 and row.received.get("error") == "login_failed"):
        return ""
    return f"a wrong login was answered {row.status}, not 401, nor 500 with login_failed"


def _token(row: Exchange) -> str:
    found = row.received
    for name in ("access_token", "token_type"):
        if not isinstance(found.get(name), str) or not found[name]:
            return f"a token reply has no {name} that is a text"
    expires_in = found.get("expires_in")
    if type(expires_in) is not int or expires_in <= 0:
        return f"expires_in is {expires_in!r}: it must be a whole number above 0"
    return ""


def _uses(history: History, fetched: Exchange, resets: Resets) -> Iterator[Exchange]:
    """The calls of the token's own product that carried it to the wallet."""
    token = fetched.received.get("access_token")
    era = era_of(resets, fetched.namespace, fetched.began)
    for row in history.business:
        if (
            row.bearer == token
            and row.began > fetched.ended
            and row.product == fetched.product
            and row.layer == Layer.WALLET
            and row.intent is not Intent.WRONG_KEY
            and len(row.values("Authorization")) == 1
            and is_clean(row)
            and era_of(resets, row.namespace, row.began) == era
        ):
            yield row


def _has_no_key(row: Exchange) -> bool:
    """True for a call of the API without any key, which nothing else could be refused for first."""
    if row.operation is None or row.status in _TOO_EARLY:
        return False
    return not any(row.values(_KEY)) and "subscription-key" not in row.target.lower()


def _told(row: Exchange) -> str:
    return "with a wrong subscription key" if row.header(_KEY) else "without a subscription key"
