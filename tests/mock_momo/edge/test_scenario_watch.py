"""A scenario file that changes while the fake runs; each look is taken by hand."""

from pathlib import Path

import pytest

from mock_momo.core.registry import Registry
from mock_momo.edge.documents.control_messages import SettingsMessage
from mock_momo.edge.documents.scenario_source import ScenarioSource
from mock_momo.edge.scenario_watch import ScenarioWatch

FIRST = "version: 1\nsettings: {seed: 7, expires_in_s: 60}\nrules:\n  - {name: a, fault: hang}\n"
SECOND = FIRST.replace("seed: 7", "seed: 8") + "  - {name: b, fault: hang}\n"
BROKEN = FIRST.replace("hang", "hangs")
VERY_BROKEN = BROKEN + "extra: 1\nmore: 2\n"


class Watched:
    """A scenario file, the namespaces made from it, and what its watch has told."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.file.write_text(FIRST)
        self.told: list[str] = []
        source = ScenarioSource(file, SettingsMessage(expires_in_s=5))
        scenario = source.read()
        self.registry = Registry(scenario.settings, scenario.rules)
        self._watch = ScenarioWatch(source, self.registry, self.told.append, lambda: 0)
        self._writes = 0

    def write(self, text: str) -> None:
        """Replace the file, as editors do."""
        self._writes += 1
        draft = self.file.with_name(f"draft-{self._writes}")
        draft.write_text(text)
        draft.replace(self.file)

    def look(self) -> list[str]:
        """What one look tells."""
        self.told.clear()
        self._watch.look()
        return [line.replace(str(self.file), "FILE") for line in self.told]

    @property
    def in_force(self) -> tuple[int, list[str]]:
        default = self.registry.default
        return default.settings.seed, [rule.name for rule in default.rulebook.rules]


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "scenario.yaml")


def test_a_file_that_stays_as_it_is_is_never_mentioned(watched: Watched) -> None:
    assert [watched.look() for _ in range(3)] == [[], [], []]
    watched.write(FIRST + "# a comment\n")
    assert watched.look() == []
    assert watched.in_force == (7, ["a"])


def test_a_change_is_in_force_at_the_next_look_and_told_once(watched: Watched) -> None:
    watched.write(SECOND)

    assert watched.look() == ["mock-momo: FILE reloaded: 2 rules"]
    assert watched.in_force == (8, ["a", "b"])
    assert watched.look() == []
    watched.write(FIRST)
    assert watched.look() == ["mock-momo: FILE reloaded: 1 rule"]


def test_what_the_command_line_chose_still_wins(watched: Watched) -> None:
    watched.write(SECOND)
    watched.look()

    assert watched.registry.default.settings.expires_in_s == 5


@pytest.mark.parametrize(("text", "more"), [(BROKEN, ""), (VERY_BROKEN, " (and 2 more)")])
def test_a_broken_file_leaves_the_old_in_force_and_is_told_once(
    watched: Watched, text: str, more: str
) -> None:
    watched.write(text)

    told = f"rules.0.fault: fault 'hangs' is unknown; did you mean 'hang'?{more}"
    assert watched.look() == [f"mock-momo: FILE:4: {told}; the old rules stay in force"]
    assert watched.look() == []
    assert watched.in_force == (7, ["a"])


@pytest.mark.parametrize(("text", "rules"), [(FIRST, "1 rule"), (SECOND, "2 rules")])
def test_a_mended_file_is_told_even_if_nothing_is_new(
    watched: Watched, text: str, rules: str
) -> None:
    watched.write(BROKEN)
    watched.look()
    watched.write(text)

    assert watched.look() == [f"mock-momo: FILE reloaded: {rules}"]


def test_a_file_that_is_gone_is_told_once_and_may_come_back(watched: Watched) -> None:
    watched.look()
    watched.file.unlink()
    gone = "mock-momo: FILE:1: cannot be read: No such file or directory"

    assert watched.look() == [f"{gone}; the old rules stay in force"]
    assert watched.look() == []
    watched.write(SECOND)
    assert watched.look() == ["mock-momo: FILE reloaded: 2 rules"]
    assert watched.in_force == (8, ["a", "b"])
