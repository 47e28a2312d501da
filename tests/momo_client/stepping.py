"""Flows driven by hand: every effect is seen, every answer is chosen."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from momo_client import MomoClientError
from momo_client.core.effects import Effect, Flow, Send


def run(flow: Flow[Any], answers: Sequence[object]) -> tuple[list[Effect], Any]:
    """Drive a flow with the given answers; the effects it asked for and what it ended in."""
    seen: list[Effect] = []
    pending = iter(answers)
    step: Callable[[], Effect] = partial(next, flow)
    while True:
        try:
            seen.append(step())
        except StopIteration as end:
            return seen, end.value
        except MomoClientError as error:
            return seen, error
        step = _answer(flow, next(pending))


def _answer(flow: Flow[Any], answer: object) -> Callable[[], Effect]:
    if isinstance(answer, MomoClientError):
        return partial(flow.throw, answer)
    return partial(flow.send, answer)


def kinds(effects: Sequence[Effect]) -> list[type]:
    return [type(effect) for effect in effects]


def requests_in(effects: Sequence[Effect]) -> list[Any]:
    return [effect.request for effect in effects if isinstance(effect, Send)]
