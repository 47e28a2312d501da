"""MOMO-TOK-01, 06, 11 and 12: how a token is asked for, and what is no token."""

from collections.abc import Iterator

from momo_conformance.checks.token_lives import (
    Token,
    group_of,
    lifetime_s,
    source_of,
    span,
    tokens_of,
)
from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.payments import to_decimal
from momo_conformance.protocol import Fail, Ok, Unknown
from momo_conformance.verdicts import Sighting

_REFUSED = (400, 401)
SUBSCRIPTION_KEY = "Ocp-Apim-Subscription-Key"


def own_login(history: History) -> Iterator[Sighting]:
    """TOK-01: a product's first call follows a login on its own token address that was taken."""
    seen: set[tuple[str, str]] = set()
    for row in history.business:
        if group_of(row) in seen:
            continue
        seen.add(group_of(row))
        logins = [login for login in history.tokens if login.ended < row.began]
        own = [login for login in logins if group_of(login) == group_of(row)]
        others = [login for login in logins if login.namespace == row.namespace]
        if any(login.is_success for login in own):
            yield Sighting((own[-1].began, row.began))
        elif others and not own:
            told = f"{row.product} was called with a token of {others[-1].product}: no login there"
            yield Sighting((others[-1].began, row.began), told)
        elif history.is_driven and not own:
            yield Sighting((row.began,), f"{row.product} was called without a login there")
    yield from _refused_logins(history)


def apart(history: History) -> Iterator[Sighting]:
    """TOK-06: each product is called with its own key and its own token."""
    fetched: dict[str, list[Exchange]] = {}
    for token in tokens_of(history):
        fetched.setdefault(token.value, []).append(token.fetched)
    groups = {group_of(row) for row in history.exchanges if row.product}
    crowded = {name for name, _ in groups if sum(name == other for other, _ in groups) > 1}
    keys = keys_taken(history)
    for row in history.business:
        if row.namespace not in crowded:
            continue
        source = source_of(row, fetched.get(row.bearer or "", ()))
        foreign = key_owner(row, keys)
        if source is not None and source.product != row.product:
            told = f"{row.product} was called with the token of {source.product}"
            yield Sighting((source.began, row.began), told)
        elif foreign:
            yield Sighting((row.began,), f"{row.product} was called with the key of {foreign}")
        elif source is not None:
            yield Sighting((source.began, row.began))


def no_call_without_token(history: History) -> Iterator[Sighting]:
    """TOK-11: after a refused login nothing is sent without a good token; the caller gets a no."""
    tokens = tokens_of(history)
    for login in history.tokens:
        if not login.is_answered or login.status not in _REFUSED:
            continue
        sent = _sent_without_token(history, login, tokens)
        if sent is not None:
            told = f"{sent} was sent though the login before it was answered {login.status}"
            yield Sighting((login.began, sent.began), told)
        elif history.is_driven:
            yield from _refusals_told(history, login)
        elif not any(row.is_success and row.began > login.began for row in history.tokens):
            yield Sighting((login.began,))


def no_bearer_of_garbage(history: History) -> Iterator[Sighting]:
    """TOK-12: a token reply without a usable token makes no bearer."""
    tokens = tokens_of(history)
    for login in history.tokens:
        what = _malformed(login)
        if not what:
            continue
        value = login.received.get("access_token")
        carried = [row for row in _after(history, login) if row.bearer and row.bearer == value]
        sent = _sent_without_token(history, login, tokens)
        if sent is not None and sent not in carried:
            told = f"a token reply {what} was made into a bearer"
            yield Sighting((login.began, sent.began), told)
        elif len(carried) > 1 and not _is_number(login.received.get("expires_in")):
            shown = (login.began, *(row.began for row in carried[:2]))
            yield Sighting(shown, f"the token of a reply {what} was kept and used again")
        else:
            yield Sighting((login.began,))


def keys_taken(history: History) -> dict[tuple[str, str], set[str]]:
    """By world and product, the subscription keys that the gateway has let pass."""
    taken: dict[tuple[str, str], set[str]] = {}
    for row in history.exchanges:
        key = row.header(SUBSCRIPTION_KEY)
        if row.product and key and row.status and row.layer == "wallet" and not row.faults:
            taken.setdefault(group_of(row), set()).add(key)
    return taken


def key_owner(row: Exchange, taken: dict[tuple[str, str], set[str]]) -> str:
    """The other product whose key a call carries; empty where it is its own or nobody's."""
    key = row.header(SUBSCRIPTION_KEY)
    if key is None or key in taken.get(group_of(row), ()):
        return ""
    owners = (
        product for (name, product), keys in taken.items() if name == row.namespace and key in keys
    )
    return next(owners, "")


def _refused_logins(history: History) -> Iterator[Sighting]:
    """Token calls that the API itself has turned down, for a client that was given good ones."""
    for row in history.exchanges:
        if not history.is_driven or row.faults:
            continue
        path = row.target.partition("?")[0]
        if row.operation is None and row.method == "POST" and _is_token_path(path):
            yield Sighting((row.began,), f"{path} is no token address: it is /<product>/token/")
        elif row.is_token and row.layer == "wallet" and row.status in (401, 500):
            yield Sighting(
                (row.began,),
                f"the login on {row.product} was answered {row.status}: it must be Basic with "
                "the API user and the API key",
            )


def _is_token_path(path: str) -> bool:
    """True for what looks like a product's token address; those of OAuth 2 are others."""
    return "token" in path.rsplit("/", 2)[-2:] and "/oauth2/" not in path


def _after(history: History, login: Exchange) -> Iterator[Exchange]:
    """The product's calls after a login, up to the next login that gave a token."""
    following = (
        row.ended
        for row in history.tokens
        if row.began > login.began
        and group_of(row) == group_of(login)
        and row.is_success
        and lifetime_s(row) > 0
    )
    end = next(following, len(history.events))
    return (
        row
        for row in history.business
        if login.ended < row.began < end and group_of(row) == group_of(login)
    )


def _sent_without_token(
    history: History, login: Exchange, tokens: tuple[Token, ...]
) -> Exchange | None:
    """The first call after a failed login whose bearer is no token that is good."""
    known = {row.bearer for row in history.business if row.began < login.ended}
    for row in _after(history, login):
        sources = [token for token in tokens if token.value == row.bearer]
        if any(span(history, it.fetched, row).least_ms < it.lifetime_ms for it in sources):
            continue
        if sources or row.bearer is None or history.is_driven or row.bearer not in known:
            return row
    return None


def _refusals_told(history: History, login: Exchange) -> Iterator[Sighting]:
    """What the callers were told who had nothing sent because of this login."""
    callers = [
        call
        for call in history.open_at(login.began)
        if (call.creates or call.op == "balance") and isinstance(call.answer, Ok | Unknown | Fail)
    ]
    for call in callers if len(history.open_at(login.began)) == 1 else ():
        rows = history.during(call)
        logins = [row for row in rows if row.is_token]
        if any(row.is_business for row in rows) or any(
            not row.is_answered or row.status not in _REFUSED for row in logins
        ):
            continue
        if call.creates and any(
            row.key == call.key and row.began < call.asked for row in history.creates
        ):
            continue
        told = (
            "" if isinstance(call.answer, Fail) else "no definite refusal came of a refused login"
        )
        yield Sighting((call.asked, login.began), told)


def _malformed(login: Exchange) -> str:
    """What is wrong with a reply of 200 that should hold a token; empty where nothing is."""
    if not login.is_success:
        return ""
    if not login.received:
        return "that is no JSON object"
    value = login.received.get("access_token")
    if not isinstance(value, str) or not value.strip():
        return "without access_token"
    lifetime = login.received.get("expires_in", 1)
    if isinstance(lifetime, bool) or not isinstance(lifetime, int | float) or lifetime <= 0:
        return f"with expires_in {lifetime!r}"
    return ""


def _is_number(found: object) -> bool:
    """True for a text that a lenient client may read as a lifetime, such as '3600'."""
    return isinstance(found, str) and found.isdigit() and (to_decimal(found) or 0) > 0
