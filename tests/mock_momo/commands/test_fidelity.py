import json

import pytest

from mock_momo.core.fidelity import behaviours
from mock_momo.core.numbers import choosing_values
from momo_contracts.fidelity import Basis
from tests.mock_momo.commands.conftest import Console


def test_it_is_a_table_of_aligned_columns(console: Console) -> None:
    ended = console.run("fidelity")
    lines = ended.out.splitlines()

    assert (ended.code, ended.err) == (0, "")
    assert len(lines) == len(behaviours())
    starts = {line.index(row.behaviour) for line, row in zip(lines, behaviours(), strict=True)}
    assert len(starts) == 1
    assert all(line.endswith(row.source) for line, row in zip(lines, behaviours(), strict=True))


def test_as_json_it_is_one_document(console: Console) -> None:
    document = json.loads(console.run("fidelity", "--json").out)

    assert document["version"] == 1
    assert document["behaviours"][0].keys() == {"subject", "behaviour", "bases", "source"}
    assert len(document["behaviours"]) == len(behaviours())


@pytest.mark.parametrize("basis", Basis)
def test_only_keeps_what_rests_on_that_even_in_part(console: Console, basis: Basis) -> None:
    document = json.loads(console.run("fidelity", "--only", basis, "--json").out)

    kept = [row["behaviour"] for row in document["behaviours"]]
    assert kept == [row.behaviour for row in behaviours() if basis in row.bases]
    assert kept


def test_two_bases_keep_what_rests_on_either(console: Console) -> None:
    lines = console.run("fidelity", "--only", "assumed", "--only", "mission").out.splitlines()

    assert len(lines) == len(behaviours(("assumed", "mission")))


def test_another_basis_is_wrong_use(console: Console) -> None:
    ended = console.run("fidelity", "--only", "guessed")

    assert (ended.code, ended.out) == (2, "")
    assert "'documented', 'observed'" in ended.err


def test_every_value_that_chooses_an_answer_rests_on_something() -> None:
    shown = [row for row in behaviours() if row.subject == "test value"]

    assert len(shown) == len(list(choosing_values("sandbox")))
    assert all(row.bases for row in shown)
    twins = {row.provenance for row in choosing_values("mtnghana") if row.value.startswith("233")}
    assert {provenance.split(":")[0] for provenance in twins} == {"mission"}
