"""Scenario files: what they say is meant, and every mistake has its line."""

from decimal import Decimal
from pathlib import Path

import pytest

from mock_momo.core.expectations import Count, Query, Sequence
from mock_momo.core.faults.rate_limited import RateLimited
from mock_momo.core.faults.server_error import ServerError
from mock_momo.core.scenario import Scenario
from mock_momo.core.settings import Settings
from mock_momo.edge.documents.scenario_file import MOST_BYTES, read_scenario
from mock_momo.errors import InvalidScenario

DEFAULTS = Settings(expires_in_s=90, chosen={"login_error": "recorded_500"})
CREATE = "collection.requesttopay.create"

WHOLE = f"""\
version: 1
settings:
  profile: mtnzambia
  outcome: "SUCCESSFUL; after=5s"
  seed: 7
  switches: {{payment_status: published}}
rules:
  - name: broke
    match: {{operation: {CREATE}, amount: 5.00}}
    outcome: [{{plan: FAILED, weight: 3}}, {{plan: SUCCESSFUL}}]
    probability: 0.25
  - {{name: down, fault: {{server_error: {{status: 503}}}}, times: 2, scope: rule}}
expect:
  - {{name: one create, count: {{operation: {CREATE}, status: 202}}, exactly: 1}}
  - never: {{operation: "*", status: "5*"}}
  - sequence: [{{operation: collection.token}}, {{kind: payment_settled, state: SUCCESSFUL}}]
"""

TEXTS = (
    # written in the file -> the text that is meant
    ("46733123450", "46733123450"),
    ("007", "007"),
    ("1_000", "1_000"),
    ("0x1F", "0x1F"),
    ("1e3", "1e3"),
    ("5.00", "5.00"),
    ("no", "no"),
    ("on", "on"),
    ("true", "true"),
    ("2024-01-01", "2024-01-01"),
    ("12:30:00", "12:30:00"),
    ('"null"', "null"),
    ("'007'", "007"),
    ("!!str 7", "7"),
    ("|\n      two\n      lines", "two\nlines"),
)

RULES = "version: 1\nrules:\n  - name: a\n    fault: hang\n"
MISTAKES = (
    # the file -> its problems, from the line number on
    ("", "1: there is nothing in it; begin it with 'version: 1'"),
    ("# nothing\n", "1: there is nothing in it; begin it with 'version: 1'"),
    ("[1]", "1: Input should be an object: keys with values"),
    ("rules: []", "1: version: Field required"),
    ("version: 2", "1: version: version 2 is not known; this fake reads version 1"),
    ("version: one", "1: version: Input should be a valid integer, not 'one'"),
    ("version: 1\nruls: []", "2: ruls: unknown key 'ruls'; did you mean 'rules'?"),
    ("version: 1\n\noutcome: FAILED", "3: outcome: unknown key 'outcome'; it belongs under 'sett"),
    ("version: 1\nsettings:\n  rules: []", "3: settings.rules: unknown key 'rules'; known: prof"),
    ("version: 1\nsettings:\n  seed: x", "3: settings.seed: Input should be a valid integer, not"),
    ("version: 1\nsettings:\n  outcome:\n    MAYBE", "4: settings.outcome: outcome 'MAYBE' is no"),
    ("version: 1\nsettings: {profile: mars}", "2: settings.profile: 'mars' is unknown"),
    ("version: 1\nsettings:\n  switches:\n    login_eror: x", "4: settings.switches.login_eror:"),
    ("version: 1\nrules: {}", "2: rules: Input should be a valid list"),
    ("version: 1\nrules:\n  a: hang", "2: rules: Input should be a valid list"),
    (RULES + "    skip: 1", "5: rules.0.skip: unknown key 'skip'"),
    (RULES + "    match:\n      operation: collection.tokn", "6: rules.0.match.operation: operat"),
    (RULES + "    probability: 2", "5: rules.0.probability: Input should be less than or equal t"),
    (RULES + "  - name: a\n    fault: hang", "5: rules.1.name: two rules are called 'a'; names m"),
    (RULES + "  - fault: hangs\n    name: b", "5: rules.1.fault: fault 'hangs' is unknown; did y"),
    (RULES + "  - name: b\n    fault:\n      latency:\n        ms: x", "8: rules.1.fault.latency"),
    (RULES + "  - name: b\n    fault:\n      latency:\n        ms: 1\n        m: 1", "9: "),
    (RULES + "  - name: b\n    fault: {server_error: {status: 418}}", "6: rules.1.fault.server_e"),
    (RULES + "  - name: b\n    outcome:\n      - plan: OK", "7: rules.1.outcome.0.plan: outcome"),
    (RULES + "  - name: b", "5: rules.1: rule 'b': give either an outcome or a fault"),
    ("version: 1\nexpect:\n  - nver: {}", "3: expect.0.nver: unknown key 'nver'; did you mean 'n"),
    ("version: 1\nexpect:\n  - {}", "3: expect.0: give one of count, never and sequence"),
    ("version: 1\nexpect:\n  - sequence: []", "3: expect.0.sequence: List should have at least 1"),
    ("version: 1\nexpect:\n  - count: {status: 2xx}", "3: expect.0.count.status: status '2xx' is"),
    ("version: 1\na: [", "2: not YAML: while parsing a flow node"),
    ("version: 1\nrules:\n\t- a", "3: not YAML: while scanning for the next token"),
    ("version: 1\nrules: \x07", "2: not YAML: the character #x0007 is not allowed"),
    ("version: 1\n---\nversion: 1", "2: not YAML: expected a single document in the stream"),
    ("version: 1\nversion: 1", "2: key 'version' is there twice; keep one"),
    ("version: 1\n[a]: 1", "2: a key must be a plain word"),
    ("version: 1\nrules: !!python/object:os.system []", "2: tag 'tag:yaml.org,2002:python/object"),
    ("version: 1\nrules: !secret []", "2: tag '!secret' is not understood; leave it out"),
    ("version: 1\nrules: *a", "2: not YAML: found undefined alias 'a'"),
    ("version: 1\nrules: &a [*a]", "2: more than 20 levels or 20000 values"),
    ("version: 1\nrules: " + "[" * 5000, "2: not YAML: more than 20 levels"),
)  # fmt: skip


def write(folder: Path, text: str) -> Path:
    file = folder / "scenario.yaml"
    file.write_text(text, "utf-8")
    return file


def problems(file: Path) -> list[str]:
    with pytest.raises(InvalidScenario) as caught:
        read_scenario(file, DEFAULTS)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return [problem.removeprefix(f"{file}:") for problem in caught.value.problems]


def one_rule(folder: Path, text: str) -> Scenario:
    return read_scenario(write(folder, f"version: 1\nrules:\n  - {text}"), DEFAULTS)


def test_a_whole_scenario_is_read_into_values_of_the_core(tmp_path: Path) -> None:
    scenario = read_scenario(write(tmp_path, WHOLE), DEFAULTS)

    settings = scenario.settings
    assert (settings.target_environment.name, str(settings.plan), settings.seed) == (
        "mtnzambia", "SUCCESSFUL; after=5000ms", 7,
    )  # fmt: skip
    assert settings.expires_in_s == 90, "what is left out is the default"
    assert settings.chosen == {"payment_status": "published", "login_error": "recorded_500"}
    broke, down = scenario.rules
    assert (broke.match.operation, broke.match.amount) == (CREATE, Decimal("5.00"))
    assert ([share.weight for share in broke.mix], broke.probability) == ([3, 1], 0.25)
    assert (down.fault, down.times, down.scope) == (ServerError(503), 2, "rule")
    assert [(row.name, row.wanted) for row in scenario.expectations] == [
        ("one create", Count(Query(fields=(("operation", CREATE), ("status", "202"))), 1, 1)),
        (
            "never operation=* status=5*",
            Count(Query(fields=(("operation", "*"), ("status", "5*"))), 0, 0),
        ),
        (
            "operation=collection.token → payment_settled state=SUCCESSFUL",
            Sequence((
                Query(fields=(("operation", "collection.token"),)),
                Query("payment_settled", (("state", "SUCCESSFUL"),)),
            )),
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["version: 1", "version: 1\nrules:\nsettings:\nexpect:\n"])
def test_everything_but_the_version_may_be_left_out(tmp_path: Path, text: str) -> None:
    assert read_scenario(write(tmp_path, text), DEFAULTS) == Scenario(DEFAULTS)


@pytest.mark.parametrize(("written", "meant"), TEXTS)
def test_a_text_is_taken_as_it_is_written(tmp_path: Path, written: str, meant: str) -> None:
    rule = one_rule(
        tmp_path, f"name: a\n    fault: hang\n    match:\n     external_id: {written}"
    ).rules[0]

    assert rule.match.external_id == meant


@pytest.mark.parametrize("nothing", ["null", "~", ""])
def test_only_null_and_nothing_are_nothing(tmp_path: Path, nothing: str) -> None:
    text = (
        f"name: a\n    times: {nothing}\n    fault: {{rate_limited: {{retry_after_s: {nothing}}}}}"
    )
    rule = one_rule(tmp_path, text).rules[0]

    assert (rule.times, rule.fault) == (None, RateLimited(None))


def test_a_byte_order_mark_and_aliases_are_no_problem(tmp_path: Path) -> None:
    text = "\ufeffname: &a same\n    fault: hang\n    match: {party: *a}"

    assert one_rule(tmp_path, text.lstrip("\ufeff")).rules[0].match.party == "same"
    assert read_scenario(write(tmp_path, "\ufeffversion: 1"), DEFAULTS) == Scenario(DEFAULTS)


@pytest.mark.parametrize(("text", "told"), MISTAKES)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    found = problems(write(tmp_path, text))

    assert len(found) == 1
    assert found[0].startswith(told)


def test_every_mistake_is_told_in_the_order_of_lines(tmp_path: Path) -> None:
    text = RULES.replace("hang", "hangs") + (
        "    match: {operation: x.y, partyy: 1}\n  - {name: b}\nexpect:\n  - count: {statu: 1}\n"
        "settings: {seed: x}\nextra: 1\n"
    )

    assert [problem.split(":")[1].strip() for problem in problems(write(tmp_path, text))] == [
        "rules.0.fault", "rules.0.match.partyy", "rules.0.match.operation", "rules.1",
        "expect.0.count.statu", "settings.seed", "extra",
    ]  # fmt: skip


def test_what_cannot_be_read_as_text_is_told_too(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"version: 1\nrules: \xe9\n")
    large = write(tmp_path, "#" * (MOST_BYTES + 1))

    assert problems(latin) == ["2: byte 0xe9 is not UTF-8; save the file as UTF-8"]
    assert problems(large) == ["1: larger than 256 KiB; split it"]
    assert problems(tmp_path) == ["1: not a file; give the path of a YAML file"]
    assert problems(tmp_path / "no.yaml") == ["1: cannot be read: No such file or directory"]


def test_aliases_that_multiply_are_cut_short(tmp_path: Path) -> None:
    lines = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10)]
    bomb = "\n".join(["version: 1", "l0: &l0 [a, a]", *lines])

    assert problems(write(tmp_path, bomb))[0].endswith("say less, with fewer aliases")
