"""Where a fake's scenario comes from: a file, and what its command line chose besides."""

from dataclasses import dataclass, replace
from pathlib import Path

from mock_momo.core.scenario import Scenario
from mock_momo.core.settings import Settings
from mock_momo.edge.documents.control_messages import SettingsMessage, settings_from


@dataclass(frozen=True, slots=True)
class ScenarioSource:
    """A scenario file, if there is one; the settings `chosen` win over those in it."""

    path: Path | None
    chosen: SettingsMessage

    def read(self) -> Scenario:
        """The scenario as it stands now. Raises InvalidScenario."""
        scenario = Scenario(Settings()) if self.path is None else _read(self.path)
        return replace(scenario, settings=settings_from(self.chosen, scenario.settings))


def _read(path: Path) -> Scenario:
    from mock_momo.edge.documents.scenario_file import read_scenario  # noqa: PLC0415  # YAML takes a while

    return read_scenario(path, Settings())
