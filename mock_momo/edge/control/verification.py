"""Verification: has a namespace seen what was expected of it, and nothing that nobody expects?"""

from typing import Annotated

from pydantic import Field

from mock_momo.core.expectations import Expectation, Judgement, Verdict, judge
from mock_momo.core.namespace import Namespace
from mock_momo.core.verification import events_since_reset, has_undelivered, problems_of
from mock_momo.edge.control.routes import LONGEST_WAIT_S, Answer, Route, Visit, json_answer
from mock_momo.edge.documents.control_messages import Message, read
from mock_momo.edge.documents.expectation_messages import ExpectationMessage, expectations_from


class VerifyMessage(Message):
    """What must have happened, and how long to wait for it in wall time."""

    expect: tuple[ExpectationMessage, ...] = ()
    wait_s: Annotated[float, Field(ge=0, le=LONGEST_WAIT_S)] = 0


async def _verify(visit: Visit, namespace: Namespace) -> Answer:
    message = read(VerifyMessage, visit.content)
    expectations = expectations_from(message.expect)
    visit.services.performer.catch_up(namespace)
    await visit.services.performer.quiesce(namespace)

    def is_done() -> bool:
        verdicts = _verdicts(namespace, expectations)
        return all(map(_is_met, verdicts)) and not has_undelivered(namespace)

    await visit.services.bells.of(namespace).until(is_done, message.wait_s)
    verdicts, problems = _verdicts(namespace, expectations), problems_of(namespace)
    return json_answer(
        {
            "ok": all(map(_is_met, verdicts)) and not problems,
            "findings": [
                {"name": row.name, "status": row.judgement, "why": row.told} for row in verdicts
            ],
            "problems": [{"kind": row.kind, "why": row.why} for row in problems],
        }
    )


def _verdicts(namespace: Namespace, expectations: tuple[Expectation, ...]) -> tuple[Verdict, ...]:
    return judge(expectations, *events_since_reset(namespace))


def _is_met(verdict: Verdict) -> bool:
    return verdict.judgement is Judgement.MET


ROUTES = (
    Route(
        "POST",
        "namespaces/{namespace}/verify",
        "whether all of `expect` happened, no request was unknown, no callback is undelivered",
        of_namespace=_verify,
        body=VerifyMessage,
    ),
)
