"""A redirect that a rule wants: it leads to this machine, and nothing has happened."""

import json

import pytest

from mock_momo.edge.documents.control_messages import read
from mock_momo.edge.documents.rule_messages import RuleMessage
from mock_momo.errors import InvalidSetting
from tests.mock_momo.core.calls import BALANCE
from tests.mock_momo.edge.test_faults import under
from tests.mock_momo.edge.wire import Fake


@pytest.mark.parametrize(
    "to",
    [
        "http://example.com/",
        "//127.0.0.1/",
        "/token/",
        "ftp://127.0.0.1/",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
        "http://localhost\\@example.com/",
        "http://localhost:80@example.com/",
        "http://localhost/\r\nX-Evil: 1",
        "http://localhost/\n",
    ],
)
def test_a_redirect_leads_to_this_machine_alone(to: str) -> None:
    message = json.dumps({"name": "r", "fault": {"redirect": {"to": to}}}).encode()
    with pytest.raises(InvalidSetting, match="it must be a URL of this machine"):
        read(RuleMessage, message)


@pytest.mark.parametrize("status", [302, 307])
async def test_a_redirect_says_where_to(fake: Fake, status: int) -> None:
    to = "http://127.0.0.1:9/elsewhere?a=1"
    under(fake, {"redirect": {"to": to, "status": status}})

    answer = await fake.ask("GET", BALANCE, fake.headers())
    assert (answer.status, answer.headers, answer.body) == (
        status, {"Location": to, "X-Mock-Rule": "misery"}, b"",
    )  # fmt: skip
    assert answer.why == "a fault answers instead of the API"
