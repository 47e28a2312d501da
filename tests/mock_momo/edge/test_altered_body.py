"""Bodies that are changed on their way: other values, missing keys, far too much."""

import json
from pathlib import Path

import pytest

from mock_momo.core.settings import Settings
from mock_momo.edge.documents.control_messages import read
from mock_momo.edge.documents.rule_messages import RuleMessage, describe_rule, rules_from
from mock_momo.edge.documents.scenario_file import read_scenario
from mock_momo.errors import InvalidSetting
from tests.mock_momo.core.calls import BALANCE
from tests.mock_momo.edge.test_faults import CREATE, REFERENCE_ID, create, under
from tests.mock_momo.edge.wire import Answer, Fake

MISSION = f"/collection/v2_0/payment/{REFERENCE_ID}"
TOKEN = "/collection/token/"  # a path

ALTERED: dict[str, tuple[str, dict[str, object], dict[str, object]]] = {
    "no access_token": (TOKEN, {"drop": ["access_token"]}, {"access_token": ...}),
    "access_token null": (TOKEN, {"set": {"access_token": None}}, {"access_token": None}),
    "expires_in 0": (TOKEN, {"set": {"expires_in": 0}}, {"expires_in": 0}),
    "expires_in -1": (TOKEN, {"set": {"expires_in": -1}}, {"expires_in": -1}),
    "expires_in text": (TOKEN, {"set": {"expires_in": "3600"}}, {"expires_in": "3600"}),
    "status successful": (MISSION, {"set": {"status": "successful"}}, {"status": "successful"}),
    "status COMPLETED": (MISSION, {"set": {"status": "COMPLETED"}}, {"status": "COMPLETED"}),
    "status null": (MISSION, {"set": {"status": None}}, {"status": None}),
    "status 7": (MISSION, {"set": {"status": 7}}, {"status": 7}),
    "no status": (MISSION, {"drop": ["status"]}, {"status": ...}),
    "another reference": (MISSION, {"set": {"referenceId": "x"}}, {"referenceId": "x"}),
    "reason an object": (MISSION, {"set": {"reason": {"code": "A"}}}, {"reason": {"code": "A"}}),
    "reason a text": (f"{CREATE}/{REFERENCE_ID}", {"set": {"reason": "é"}}, {"reason": "é"}),
    "another amount": (
        f"{CREATE}/{REFERENCE_ID}",
        {"set": {"amount": "7", "currency": "XAF"}, "drop": ["externalId"]},
        {"amount": "7", "currency": "XAF", "externalId": ...},
    ),
    "transaction id a number": (
        f"{CREATE}/{REFERENCE_ID}",
        {"set": {"financialTransactionId": 1.5}},
        {"financialTransactionId": 1.5},
    ),
}  # fmt: skip


async def ask(fake: Fake, path: str) -> Answer:
    if path == TOKEN:
        return await fake.ask("POST", path, fake.login())
    return await fake.ask("GET", path, fake.headers())


@pytest.mark.parametrize("about", ALTERED)
async def test_the_body_says_what_the_rule_says_and_the_rest_as_ever(
    fake: Fake, about: str
) -> None:
    path, fault, changed = ALTERED[about]
    await create(fake)
    plain = await ask(fake, path)

    under(fake, {"altered_body": fault})
    altered = await ask(fake, path)

    assert altered.headers == plain.headers | {"X-Mock-Rule": "misery"}
    assert altered.status == plain.status
    expected = {**plain.json, **changed}
    if "access_token" not in changed and path == TOKEN:
        expected["access_token"] = altered.json["access_token"]  # no two are the same
    assert altered.json == {key: value for key, value in expected.items() if value is not ...}
    assert b": " not in altered.body, "without blanks, as the wallet writes"


async def test_what_is_in_the_body_keeps_its_place_and_what_is_new_comes_last(fake: Fake) -> None:
    under(fake, {"altered_body": {"set": {"new": [1], "availableBalance": 7}}})

    answer = await fake.ask("GET", BALANCE, fake.headers())
    assert answer.body == b'{"availableBalance":7,"currency":"EUR","new":[1]}'


@pytest.mark.parametrize("other", ["malformed_json", "waf_page"])
async def test_a_body_that_is_no_object_stays_as_it_is(fake: Fake, other: str) -> None:
    under(fake, other)
    plain = await fake.ask("GET", BALANCE, fake.headers())
    messages = [
        RuleMessage.model_validate({"name": name, "fault": fault})
        for name, fault in (("misery", other), ("b", {"altered_body": {"set": {"a": 1}}}))
    ]
    fake.registry.default.rule(rules_from(messages))

    assert (await fake.ask("GET", BALANCE, fake.headers())).body == plain.body


async def test_an_empty_body_stays_empty(fake: Fake) -> None:
    under(fake, {"altered_body": {"set": {"a": 1}}})

    answer = await create(fake)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (202, b"")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ({}, "it would change nothing; give set, drop or both"),
        ({"set": {"a": 1}, "drop": ["a"]}, "set and drop both name 'a'"),
        ({"set": {"a": [{"b": 2**53 + 1}]}}, "set must be JSON, its whole numbers at most"),
        ({"set": "[1]"}, "set: Input should be a valid dictionary"),
        ({"set": "{"}, "set: Input should be a valid dictionary"),
        ({"drop": "status"}, "drop: Input should be a valid tuple"),
    ],
)
def test_what_cannot_be_done_is_refused(fault: object, told: str) -> None:
    message = json.dumps({"name": "r", "fault": {"altered_body": fault}}).encode()
    with pytest.raises(InvalidSetting, match="fault 'altered_body'") as refused:
        read(RuleMessage, message)

    assert told in str(refused.value)


def test_no_number_that_json_has_not_is_taken() -> None:
    with pytest.raises(InvalidSetting, match="set must be JSON"):
        read(RuleMessage, b'{"name": "r", "fault": {"altered_body": {"set": {"a": NaN}}}}')


def test_a_scenario_file_has_texts_and_as_json_any_value(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(
        "version: 1\nrules:\n"
        "  - {name: a, fault: {altered_body: {set: {expires_in: 3600, a: null}, drop: [b]}}}\n"
        """  - {name: b, fault: {altered_body: {set: '{"expires_in": 0, "a": true}'}}}\n"""
    )
    first, second = (describe_rule(rule)["fault"] for rule in read_scenario(file, Settings()).rules)

    assert first == {"altered_body": {"set": {"expires_in": "3600", "a": None}, "drop": ("b",)}}
    assert second == {"altered_body": {"set": {"expires_in": 0, "a": True}, "drop": ()}}


async def test_such_a_rule_is_shown_as_it_was_given(fake: Fake) -> None:
    fault = {"altered_body": {"set": {"a": [1, None, {"b": "c"}]}, "drop": ["d"]}}
    rules = {"rules": [{"name": "r", "fault": fault}]}
    await fake.control("PUT", "namespaces/default/rules", rules)
    state = (await fake.control("GET", "namespaces/default/state")).json
    await fake.control("PUT", "namespaces/default/state", state)

    shown = (await fake.control("GET", "namespaces/default/rules")).json["rules"]
    assert isinstance(shown, list)
    assert [row["fault"] for row in shown] == [fault]


@pytest.mark.parametrize("kib", [1, 1024])
async def test_a_huge_body_has_the_size_and_the_status_of_the_rule_and_the_reply(
    fake: Fake, kib: int
) -> None:
    under(fake, {"huge_body": {"kib": kib}})

    answer = await fake.ask("GET", BALANCE, fake.headers())
    assert (answer.status, len(answer.body)) == (200, kib * 1024)
    assert list(answer.json) == ["padding"]
