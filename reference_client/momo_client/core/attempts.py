"""One call: with a token, with one renewal after a 401, and again while that can help."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from momo_client.core import requests
from momo_client.core.classification import Refused, Then, Undecided, is_stale_token
from momo_client.core.effects import DropToken, Flow, GetToken, Pause, Send
from momo_client.core.http import Answer, HttpRequest
from momo_client.core.policy import Policy
from momo_client.core.requests import Merchant
from momo_client.core.token_cache import CachedToken, read_token
from momo_client.errors import TokenError, TokenUnavailable
from momo_contracts.values import Product

T = TypeVar("T")


def fetch_token(
    merchant: Merchant, product: Product, now_ms: int, policy: Policy
) -> Flow[CachedToken | TokenError]:
    """Ask for a token; retry what may pass, never a refusal."""
    attempt = 0
    while True:
        attempt += 1
        answer: Answer = yield Send(requests.create_token(merchant, product))
        outcome = read_token(answer, now_ms)
        if not isinstance(outcome, TokenUnavailable):
            return outcome
        if not (yield from _has_paused(policy, attempt, outcome.retry_after_s)):
            return outcome


def persist(
    policy: Policy,
    product: Product,
    build: Callable[[str], HttpRequest],
    classify: Callable[[Answer], T | Refused | Undecided],
    is_settled: Callable[[], Flow[bool]] | None = None,
) -> Flow[T | Refused | Undecided]:
    """Send the same again while nothing is decided and another attempt may decide it.

    Once an attempt was undecided, a later refusal or a missing token proves nothing about it: the
    outcome then stays undecided, to be looked up. `is_settled` is asked after each pause: somebody
    else may have learnt the end. Raises TokenError when nothing was ever in doubt.
    """
    doubt: Undecided | None = None
    attempt = 0
    while True:
        attempt += 1
        try:
            outcome = classify((yield from authorised(product, build)))
        except TokenError:
            if doubt is None:
                raise
            return doubt
        if isinstance(outcome, Refused) and doubt is not None:
            return replace(doubt, then=Then.LOOK_UP)
        if not isinstance(outcome, Undecided) or outcome.then is not Then.RETRY:
            return outcome
        doubt = outcome
        if not (yield from _has_paused(policy, attempt, outcome.retry_after_s)):
            return outcome
        if is_settled and (yield from is_settled()):
            return outcome


def authorised(product: Product, build: Callable[[str], HttpRequest]) -> Flow[Answer]:
    """Send with a token; once, on the wallet's 401, drop it and send the same with a new one."""
    token: str = yield GetToken(product)
    answer: Answer = yield Send(build(token))
    if is_stale_token(answer):
        yield DropToken(product, token)
        token = yield GetToken(product)
        answer = yield Send(build(token))
    return answer


def _has_paused(policy: Policy, attempt: int, retry_after_s: int | None) -> Flow[bool]:
    bounds = policy.pause_after(attempt, retry_after_s)
    if bounds is None:
        return False
    has_waited: bool = yield Pause(*bounds)
    return has_waited
