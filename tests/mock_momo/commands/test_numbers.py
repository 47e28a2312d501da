import pytest

from tests.mock_momo.commands.conftest import Console

SANDBOX = """\
46733123450  FAILED                                      documented, observed
46733123451  REJECTED                                    documented, observed
46733123452  TIMEOUT                                     documented, observed
46733123453  PENDING                                     documented; observed for 45 s
"""


def test_it_lists_the_sandboxs_own_numbers(console: Console) -> None:
    ended = console.run("numbers")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(SANDBOX)
    assert len(ended.out.splitlines()) == 5


@pytest.mark.parametrize("by", ["option", "variable"])
def test_it_lists_the_twins_of_a_country_too(console: Console, by: str) -> None:
    options = ("--environment", "mtnzambia") if by == "option" else ()
    variables = {"MOCK_MOMO_ENVIRONMENT": "mtnzambia"} if by == "variable" else {}

    rows = console.run("numbers", *options, **variables).out.splitlines()

    assert len(rows) == 10
    assert rows[5].split(maxsplit=2) == ["260963123450", "FAILED", "twin of 46733123450"]


def test_an_unknown_environment_is_wrong_use_and_tells_the_known_ones(console: Console) -> None:
    ended = console.run("numbers", "--environment", "mars")

    assert (ended.code, ended.out) == (2, "")
    assert "'mars' is not one of 'sandbox', 'mtnuganda'" in ended.err
