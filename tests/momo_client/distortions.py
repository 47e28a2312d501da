"""Answers that were changed on their way back, as no fault of the fake changes them."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

from momo_client import HttpReply, NoAnswer
from momo_client.core.http import Answer

Change = Callable[[Answer], Answer]

OTHERS = {
    "amount": "77",
    "currency": "UGX",
    "externalId": "another",
    "payer": {"partyIdType": "MSISDN", "partyId": "46733000000"},
    "referenceId": "00000000-0000-4000-8000-000000000000",
}
"""What the status of somebody else's payment says."""


@dataclass(frozen=True, slots=True)
class MixedUp:
    """A status is that of another payment, which nothing but one field tells."""

    status: str
    field: str

    def __call__(self, answer: Answer) -> Answer:
        if not isinstance(answer, HttpReply) or answer.status != 200:
            return answer
        told = answer.json_object() | {"status": self.status, self.field: OTHERS[self.field]}
        return HttpReply(200, answer.headers, json.dumps(told, default=str).encode())


def unchanged(answer: Answer) -> Answer:
    return answer


def failed_by_a_proxy(_answer: Answer) -> Answer:
    """What was asked for is done, and somebody on the way back says 503."""
    return HttpReply(503, body=b"<html>Service Unavailable</html>")


def timed_out(_answer: Answer) -> Answer:
    return NoAnswer("timeout")


losses = st.sampled_from([unchanged, failed_by_a_proxy, timed_out])
mixups = st.builds(
    MixedUp, st.sampled_from(["SUCCESSFUL", "FAILED"]), st.sampled_from(sorted(OTHERS))
)
