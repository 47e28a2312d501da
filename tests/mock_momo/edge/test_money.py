"""Money in JSON and YAML: exact, or refused with what to write instead."""

from decimal import Decimal
from pathlib import Path

import pytest

from mock_momo.core.settings import Settings
from mock_momo.edge.documents.control_messages import SettingsMessage, read
from mock_momo.edge.documents.rule_messages import MatchMessage
from mock_momo.edge.documents.scenario_file import read_scenario
from mock_momo.errors import InvalidSetting

EXACT = ("100", "12.5", "-0.01", "1e3", "12345678901234567890", '"12345678901234567.89"')
LONG = ("12345678901234567.89", "0.1234567890123456", "123456789012345.6")


@pytest.mark.parametrize("written", EXACT)
def test_a_number_that_is_exact_is_taken_as_it_is_written(written: str) -> None:
    wanted = Decimal(written.strip('"'))

    assert read(SettingsMessage, b'{"opening_balance":%b}' % written.encode()) == SettingsMessage(
        opening_balance=wanted
    )
    assert read(MatchMessage, b'{"amount":%b}' % written.encode()).amount == wanted


@pytest.mark.parametrize("written", LONG)
@pytest.mark.parametrize(
    ("message", "key"), [(SettingsMessage, "opening_balance"), (MatchMessage, "amount")]
)
def test_a_fraction_that_a_float_would_round_is_to_be_written_as_a_string(
    message: type[SettingsMessage | MatchMessage], key: str, written: str
) -> None:
    with pytest.raises(InvalidSetting, match=f'^{key}: .* write it as a string, such as "12.50"$'):
        read(message, f'{{"{key}":{written}}}'.encode())


@pytest.mark.parametrize("written", [*EXACT, *LONG])
def test_yaml_is_exact_at_any_length(tmp_path: Path, written: str) -> None:
    path = tmp_path / "s.yaml"
    path.write_text(f"version: 1\nsettings: {{opening_balance: {written}}}\n")

    balance = read_scenario(path, Settings()).settings.opening_balance

    assert balance == Decimal(written.strip('"'))
