from momo_contracts.switches import SWITCHES
from tests.mock_momo.commands.conftest import Console


def test_it_lists_every_switch_with_its_values_meaning_and_source(console: Console) -> None:
    ended = console.run("switches")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.splitlines() == [
        line
        for row in SWITCHES.values()
        for line in (
            f"{row.name} = {' | '.join(row.values)}",
            f"    {row.meaning}",
            f"    {row.provenance}",
        )
    ]


def test_the_default_is_the_first_of_the_values() -> None:
    assert all(row.values[0] == row.default for row in SWITCHES.values())


def test_what_it_lists_serve_takes_and_nothing_else(console: Console) -> None:
    row = next(iter(SWITCHES.values()))
    with console.serving("--switch", f"{row.name}={row.values[-1]}") as running:
        assert running.stop().code == 0

    ended = console.run("serve", "--port", "0", "--switch", f"{row.name}=maybe")
    assert ended.code == 2
    assert f"{row.name} is one of {', '.join(row.values)}" in ended.err
