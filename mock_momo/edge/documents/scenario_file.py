"""Scenario files: read whole, every problem with its line.

    version: 1
    settings: {profile: mtnzambia, outcome: "SUCCESSFUL; after=5s", seed: 7}
    rules: [{name: lost, fault: lose_reply, times: 1}]
    expect: [{never: {status: "5*"}}]

Only `version` must be there. A file with `expect` alone is what a run is verified against.
"""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from mock_momo.core.scenario import Scenario
from mock_momo.core.settings import Settings
from mock_momo.edge.documents.control_messages import SettingsMessage, settings_from
from mock_momo.edge.documents.expectation_messages import ExpectationMessage, expectations_from
from mock_momo.edge.documents.problems import problems_of, refusal
from mock_momo.edge.documents.rule_messages import RuleMessages, rules_from
from mock_momo.edge.documents.yaml_document import LineProblem, UnreadableDocument, read_document
from mock_momo.errors import InvalidScenario

VERSION = 1
MOST_BYTES = 256 * 1024


def _check_version(version: int) -> int:
    if version != VERSION:
        raise refusal(f"version {version} is not known; this fake reads version {VERSION}")
    return version


class ScenarioMessage(BaseModel):
    """A scenario file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Annotated[int, AfterValidator(_check_version)]
    settings: SettingsMessage | None = None
    rules: RuleMessages | None = None
    expect: list[ExpectationMessage] | None = None


def read_scenario(path: Path, defaults: Settings) -> Scenario:
    """The scenario of a file; settings that it leaves out are `defaults`.

    Raises InvalidScenario with every problem that could be seen.
    """
    message = _read(path)
    settings = message.settings or SettingsMessage()
    return Scenario(
        settings_from(settings, defaults),
        rules_from(message.rules or []),
        expectations_from(message.expect or []),
    )


def read_expectations(path: Path) -> list[dict[str, object]]:
    """What a file expects, as the control API takes it. Raises InvalidScenario."""
    return [row.model_dump(exclude_none=True) for row in _read(path).expect or []]


def _read(path: Path) -> ScenarioMessage:
    try:
        return _message_from(_text_of(path))
    except UnreadableDocument as unreadable:
        rows = sorted(unreadable.problems, key=lambda row: row.line)
        raise InvalidScenario(tuple(f"{path}:{row.line}: {row.text}" for row in rows)) from None


def _text_of(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise _unreadable(1, "not a file; give the path of a YAML file")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise _unreadable(1, f"cannot be read: {problem.strerror}") from None
    if len(content) > MOST_BYTES:
        raise _unreadable(1, f"larger than {MOST_BYTES // 1024} KiB; split it")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise _unreadable(
            line, f"byte 0x{content[problem.start]:02x} is not UTF-8; save the file as UTF-8"
        ) from None


def _message_from(text: str) -> ScenarioMessage:
    document = read_document(text)
    if document.content is None:
        raise _unreadable(1, f"there is nothing in it; begin it with 'version: {VERSION}'")
    try:
        return ScenarioMessage.model_validate(document.content)
    except ValidationError as invalid:
        found = problems_of(invalid, ScenarioMessage, document.content)
        raise UnreadableDocument(
            tuple(LineProblem(document.line_of(row.at), str(row)) for row in found)
        ) from None


def _unreadable(line: int, text: str) -> UnreadableDocument:
    return UnreadableDocument((LineProblem(line, text),))
