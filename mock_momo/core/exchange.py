"""One exchange, from the facts of a request to a reply and how it is handed over."""

from collections.abc import Callable

from mock_momo.core import gateway
from mock_momo.core.calls import Call
from mock_momo.core.effects import Effect
from mock_momo.core.namespace import Namespace
from mock_momo.core.rendered import NO_REPLY, Handover, Manner, Rendered
from mock_momo.core.replies import Accepted, Refusal, Reply
from mock_momo.core.rules import Shaping
from mock_momo.core.settings import Settings
from momo_contracts.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Conducted:
    """What an exchange comes to. `why` explains a refusal."""

    handover: Handover
    effects: tuple[Effect, ...]
    shaping: Shaping
    why: str | None


def conduct(
    namespace: Namespace, call: Call, now_ms: int, render: Callable[[Reply, Settings], Rendered]
) -> Conducted:
    """Let the rules have their way before, the API answer, and the rules once more after."""
    engine = namespace.engine
    shaping = namespace.rulebook.shape(call, engine)
    answer = shaping.before(call, engine)
    if isinstance(answer, Manner):
        return Conducted(Handover(NO_REPLY, answer), (), shaping, None)
    if isinstance(answer, Rendered):
        handover = shaping.after(Handover(answer), call, engine)
        return Conducted(handover, (), shaping, "a fault answers instead of the API")
    effects: tuple[Effect, ...] = ()
    why = None
    if answer is None:
        reply, effects = gateway.answer(namespace, call, now_ms, shaping)
        if isinstance(reply, Refusal):
            why = reply.explanation
        elif isinstance(reply, Accepted):
            why = reply.why
    else:
        reply, why = answer, answer.why  # which says that a fault did it
    handover = shaping.after(Handover(render(reply, namespace.settings)), call, engine)
    return Conducted(handover, effects, shaping, why)
