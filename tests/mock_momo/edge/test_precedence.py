"""What plans a payment, first match wins: header, rule, test number, default."""

from pathlib import Path

import pytest

from mock_momo.core.settings import Settings
from mock_momo.edge.documents.scenario_file import read_scenario
from tests.mock_momo.core.calls import REFERENCE_ID, REQUEST_TO_PAY
from tests.mock_momo.edge.wire import Fake

SCENARIO = """\
version: 1
settings: {outcome: PENDING}
rules:
  - {name: first, match: {external_id: ruled}, outcome: REJECTED}
  - {name: second, match: {external_id: ruled}, outcome: SUCCESSFUL}
"""
ORDER = (
    '{{"amount":"5","currency":"EUR","externalId":"{}",'
    '"payer":{{"partyIdType":"MSISDN","partyId":"{}"}}}}'
)
FAILS, ANY = "46733123450", "46733120001"

PRECEDENCE = (
    # X-Mock-Outcome, externalId, payer -> the payment's state
    ("TIMEOUT", "ruled", FAILS, "TIMEOUT"),
    ("TIMEOUT", "x", ANY, "TIMEOUT"),
    (None, "ruled", FAILS, "REJECTED"),
    (None, "ruled", ANY, "REJECTED"),
    (None, "x", FAILS, "FAILED"),
    (None, "x", ANY, "PENDING"),
)


@pytest.mark.parametrize(("header", "external_id", "payer", "state"), PRECEDENCE)
async def test_header_then_rule_then_test_number_then_default(
    fake: Fake,
    tmp_path: Path,
    header: str | None,
    external_id: str,
    payer: str,
    state: str,
) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(SCENARIO)
    scenario = read_scenario(file, Settings())
    fake.registry.replace_defaults(scenario.settings, scenario.rules, 0)
    headers = fake.headers() | {"X-Reference-Id": REFERENCE_ID, "X-Mock-Outcome": header}

    await fake.ask("POST", REQUEST_TO_PAY, headers, ORDER.format(external_id, payer).encode())

    assert fake.registry.default.engine.payments[REFERENCE_ID].state == state
