import pytest

from tests.mock_momo.commands.conftest import Console


def rows_of(console: Console, *options: str, **variables: str) -> list[list[str]]:
    ended = console.run("numbers", *options, **variables)
    assert (ended.code, ended.err) == (0, "")
    return [line.split(maxsplit=2) for line in ended.out.splitlines()]


def test_it_lists_what_chooses_an_answer_by_resource(console: Console) -> None:
    rows = rows_of(console)

    assert ["requesttopay", "46733123451", "REJECTED"] in rows
    assert ["transfer", "46733123455", "FAILED; reason=NOT_ENOUGH_FUNDS"] in rows
    assert ["active", "46733123450", "RESOURCE_NOT_FOUND"] in rows
    assert ["payment", "amount", "2000"] in [[*row[:2], row[2].split()[0]] for row in rows]


@pytest.mark.parametrize("by", ["option", "variable"])
def test_it_lists_the_twins_of_a_country_too(console: Console, by: str) -> None:
    options = ("--profile", "mtnzambia") if by == "option" else ()
    variables = {"MOCK_MOMO_PROFILE": "mtnzambia"} if by == "variable" else {}

    rows = rows_of(console, *options, **variables)

    assert ["requesttopay", "260960000451", "REJECTED"] in rows
    assert ["requesttopay", "46733123451", "REJECTED"] in rows


def test_an_unknown_environment_is_wrong_use_and_tells_the_known_ones(console: Console) -> None:
    ended = console.run("numbers", "--profile", "mars")

    assert (ended.code, ended.out) == (2, "")
    assert "'mars' is not one of 'sandbox', 'strict'" in ended.err
