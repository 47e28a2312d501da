"""Who holds an account: the sandbox's recorded person, or one of their own each, ever the same."""

import json
import os
import subprocess
import sys
from datetime import date
from importlib import import_module

import pytest

from mock_momo.edge.people import SAND_BOX, Person, person, user_info
from momo_contracts.values import TARGET_ENVIRONMENTS

HOLDERS = [f"4673312{number:04}" for number in range(300)]
ASKED_IN_A_CHILD = """
import sys
from mock_momo.edge.people import person
assert "faker" not in sys.modules, "it is imported when it is needed, and not before"
print([person(holder, 7, "mtnghana") for holder in sys.argv[1:]])
"""
WITHOUT_FAKER = """
import sys
sys.modules["faker"] = None
from mock_momo.edge.people import {name}
from mock_momo.errors import InvalidSetting
try:
    {name}{arguments}
except InvalidSetting as wrong:
    print(wrong)
"""


def in_a_child(code: str, *arguments: str, hash_seed: str = "0") -> str:
    paths = os.pathsep.join(sys.path)
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": paths}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=60
    ).stdout


def test_the_sandbox_answers_the_recorded_person_in_the_recorded_order() -> None:
    assert json.dumps(user_info(SAND_BOX, 1_700_000_000_999)) == (
        '{"sub": "0", "name": "Sand Box", "given_name": "Sand", "family_name": "Box", '
        '"birthdate": "1976-08-13", "locale": "sv_SE", "gender": "MALE", '
        '"updated_at": 1700000000}'
    )


def test_a_person_of_ones_own_has_the_same_keys() -> None:
    holder = Person("Ama", "Mensah", "1990-02-28", "tw_GH", "FEMALE")

    told = user_info(holder, 5_000)

    assert list(told) == list(user_info(SAND_BOX, 0))
    assert (told["name"], told["updated_at"]) == ("Ama Mensah", 5)


def test_the_same_people_answer_in_every_process_and_at_any_order_of_asking() -> None:
    holders = HOLDERS[:20]
    told = in_a_child(ASKED_IN_A_CHILD, *holders, hash_seed="1")
    backwards = in_a_child(ASKED_IN_A_CHILD, *reversed(holders), hash_seed="2")

    assert told == f"{[person(holder, 7, 'mtnghana') for holder in holders]}\n"
    assert backwards == f"{[person(holder, 7, 'mtnghana') for holder in reversed(holders)]}\n"


def test_what_is_ours_of_a_person_stays_what_it_is_when_faker_changes() -> None:
    shown = [person(holder, 7, "sandbox") for holder in HOLDERS[:3]]

    assert [(one.birthdate, one.gender) for one in shown] == [
        ("1987-04-19", "MALE"),
        ("1951-05-24", "MALE"),
        ("1953-07-15", "FEMALE"),
    ]


def test_nobody_is_like_the_others_nor_the_same_in_another_world() -> None:
    people = {person(holder, 7, "sandbox") for holder in HOLDERS}
    elsewhere = {person(holder, 8, "sandbox") for holder in HOLDERS}

    assert len(people) == len(HOLDERS)
    assert not people & elsewhere


def test_everybody_is_an_adult() -> None:
    births = [date.fromisoformat(person(holder, 7, "sandbox").birthdate) for holder in HOLDERS]

    assert date(1945, 1, 1) <= min(births) < date(1955, 1, 1)
    assert date(1997, 1, 1) < max(births) <= date(2007, 1, 1)


@pytest.mark.parametrize("environment", TARGET_ENVIRONMENTS)
def test_names_are_of_the_environments_locale_and_match_the_gender(environment: str) -> None:
    people = [person(holder, 7, environment) for holder in HOLDERS]
    (locale,) = {one.locale for one in people}
    names = import_module(f"faker.providers.person.{locale}").Provider

    for one in people:
        given = names.first_names_male if one.gender == "MALE" else names.first_names_female
        assert one.given_name in given
    assert {one.gender for one in people} == {"MALE", "FEMALE"}


@pytest.mark.parametrize(
    ("environment", "locale"),
    [
        ("mtnghana", "tw_GH"),
        ("mtnnigeria", "en_NG"),
        ("mtnsouthafrica", "zu_ZA"),
        ("mtncameroon", "fr_FR"),
        ("mtnivorycoast", "fr_FR"),
        ("sandbox", "sv_SE"),
        ("mtnuganda", "en_GB"),
        ("mtnmars", "en_GB"),
    ],
)
def test_people_are_named_as_where_they_live(environment: str, locale: str) -> None:
    assert person("46733123450", 7, environment).locale == locale


@pytest.mark.parametrize("holder", ["", "\x00", "é", "a" * 100_000, "%2F", "ö@example.org"])
def test_any_text_may_hold_an_account(holder: str) -> None:
    assert person(holder, 7, "sandbox").name


@pytest.mark.parametrize(
    ("name", "arguments"), [("person", ("46733123450", 7, "sandbox")), ("require_faker", ())]
)
def test_without_faker_the_line_that_installs_it_is_told(
    name: str, arguments: tuple[object, ...]
) -> None:
    told = in_a_child(WITHOUT_FAKER.format(name=name, arguments=arguments))

    assert told == (
        "people=faker needs Faker, which is not installed; "
        "install it with: pip install 'mock-momo[people]' "
        "(from a checkout: pip install '.[people]')\n"
    )
