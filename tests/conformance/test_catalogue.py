"""The catalogue is whole and in order, and docs/requirements.md shows it."""

import re
from collections import Counter
from dataclasses import fields

import pytest

from momo_conformance.catalogue import Level, Requirement, load_catalogue, read_catalogue
from momo_conformance.errors import InvalidCatalogue
from tests.conformance.requirement_tables import PAGE, filled

ROWS = load_catalogue().requirements
GROUPS = {
    "TOK": 12,
    "HDR": 6,
    "IDM": 9,
    "RTY": 10,
    "STS": 10,
    "BAL": 6,
    "REC": 7,
    "CBK": 9,
    "AMT": 6,
    "MSI": 4,
    "SEC": 5,
    "RTL": 3,
    "SRV": 13,
}
DISPUTED = {"HDR-05", "STS-10", "CBK-01", "MSI-04", "SRV-01", "SRV-02", "SRV-09", "SRV-11"}
MAY_BE_EMPTY = {"disputed", "needs"}
LEVELS = (Level.L0, Level.L1, Level.L2, Level.L3)
ONE = """
version = "1.0"
[[requirement]]
id = "MOMO-TOK-01"
level = "MUST"
clause = "Do it."
source = "mission: somebody"
trigger = "this"
expectation = "that"
least = "L0"
remedy = "Do it."
"""


def ids(*, least: Level | None = None, need: str = "") -> set[str]:
    return {
        row.id.removeprefix("MOMO-")
        for row in ROWS
        if least in (None, row.least) and (not need or need in row.needs)
    }


def test_every_id_is_there_once_and_in_order() -> None:
    expected = [
        f"MOMO-{group}-{number:02}"
        for group, count in GROUPS.items()
        for number in range(1, count + 1)
    ]

    assert [row.id for row in ROWS] == expected
    assert list(load_catalogue().by_id.values()) == list(ROWS)


def test_87_requirements_are_of_clients_and_13_of_servers() -> None:
    assert Counter(row.least is Level.SERVER for row in ROWS) == {False: 87, True: 13}
    assert {row.group for row in ROWS if row.least is Level.SERVER} == {"SRV"}


def test_18_requirements_are_judged_from_traffic_alone() -> None:
    assert Counter(row.least for row in ROWS) == {
        Level.L0: 18,
        Level.L1: 12,
        Level.L2: 44,
        Level.L3: 13,
        Level.SERVER: 13,
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_requirement_is_whole_and_its_sentences_end(row: Requirement) -> None:
    empty = {field.name for field in fields(row) if not getattr(row, field.name)}

    assert empty <= MAY_BE_EMPTY
    assert row.clause.endswith(".")
    assert row.remedy.endswith(".")
    assert not row.disputed or row.disputed.endswith(".")
    assert not re.search(r"[.;,:]$", row.trigger + "\n" + row.expectation, re.MULTILINE)
    assert "|" not in f"{row.clause}{row.trigger}{row.expectation}{row.disputed}"


def test_every_requirement_that_cites_another_cites_one_that_exists() -> None:
    cited = {found for row in ROWS for found in re.findall(r"MOMO-\w{3}-\d\d", str(row))}

    assert cited <= load_catalogue().by_id.keys()


def test_what_sources_disagree_about_is_disputed() -> None:
    assert {row.id.removeprefix("MOMO-") for row in ROWS if row.disputed} == DISPUTED


def test_the_third_driver_level_is_for_what_needs_a_clock_a_restart_or_the_ledger() -> None:
    needy = ids(need="clock") | ids(need="restart") | ids(need="ledger")

    assert ids(least=Level.L3) == needy - ids(least=Level.SERVER)


def test_only_words_of_one_view_are_bound_to_it() -> None:
    bound = {row.id: row.views for row in ROWS if len(row.views) == 1}

    assert bound == {"MOMO-STS-04": ("payment",), "MOMO-STS-05": ("payment",)}


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_exercises_what_needs_it_or_less_but_no_server(level: Level) -> None:
    exercised = [least for least in Level if level.is_at_least(least)]

    assert exercised == list(LEVELS[: LEVELS.index(level) + 1])


def test_an_examination_of_a_server_exercises_no_client() -> None:
    assert [least for least in Level if Level.SERVER.is_at_least(least)] == [Level.SERVER]


def test_what_a_row_leaves_out_is_undisputed_needs_nothing_and_shows_in_both_views() -> None:
    row = read_catalogue(ONE).by_id["MOMO-TOK-01"]

    assert (row.disputed, row.needs, row.views) == ("", (), ("payment", "request_to_pay"))


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("clause =", "claws =", "requirement 1 claws: unknown key; did you mean 'clause'?"),
        ("clause =", "xyz =", "requirement 1 xyz: unknown key; drop it"),
        ('remedy = "Do it."', "", "requirement 1 remedy: Field required"),
        ('"this"', '""', "requirement 1 trigger: String should have at least 1 character"),
        ('"mission: somebody"', '"hearsay"', "requirement 1 source: String should match"),
        ('"L0"', '"L9"', "requirement 1 least: Input should be"),
        ("MOMO-TOK-01", "TOK-1", "requirement 1 id: String should match"),
        ('"1.0"', "1.0", "version: Input should be a valid string"),
        ('"1.0"', "", "the catalogue is no TOML"),
    ],
)
def test_a_mistake_in_the_data_is_told_with_its_place(right: str, wrong: str, message: str) -> None:
    with pytest.raises(InvalidCatalogue, match=re.escape(message)):
        read_catalogue(ONE.replace(right, wrong))


def test_an_id_that_is_there_twice_is_told() -> None:
    row = ONE.partition("[[requirement]]")[2]

    with pytest.raises(InvalidCatalogue, match="MOMO-TOK-01 twice"):
        read_catalogue(f"{ONE}[[requirement]]{row}")


def test_the_page_shows_every_group_in_catalogue_order() -> None:
    page = PAGE.read_text("utf-8")

    assert re.findall(r"<!-- table: (\w+) -->", page) == list(GROUPS)
    assert f"catalogue {load_catalogue().version}" in page


def test_the_page_shows_every_requirement_in_the_words_of_the_catalogue() -> None:
    page = PAGE.read_text("utf-8")

    assert page == filled(page, load_catalogue())
