import pytest

from momo_contracts import operations, outcomes, reasons, wire_errors
from momo_contracts.behaviours import BEHAVIOURS
from momo_contracts.fidelity import Basis, Row, law, row
from momo_contracts.switches import SWITCHES
from momo_contracts.values import TARGET_ENVIRONMENTS

ROWS = list(law())
PROVENANCES = {
    **{f"operation {found.name}": found.provenance for found in operations.CATALOGUE},
    **{f"error {found.name}": found.provenance for found in wire_errors.CATALOGUE},
    **{f"reason {found.code}": found.provenance for found in reasons.ROWS},
    **{f"switch {found.name}": found.provenance for found in SWITCHES.values()},
    **{f"environment {name}": found.provenance for name, found in TARGET_ENVIRONMENTS.items()},
    **{f"{subject}: {behaviour}": provenance for subject, behaviour, provenance in BEHAVIOURS},
}

READ = (
    # provenance, bases, source
    ("documented", "documented", "MTN's published definitions and developer portal"),
    ("documented 2018", "documented", "MTN's published definitions and developer portal, 2018"),
    ("observed 2023, 2024", "observed",
     "MTN's own SDKs and their tests, 2023; MTN's sandbox notebook, 2024"),
    ("documented, observed: a page; a log", "documented observed", "a page; a log"),
    ("observed 2020: empty", "observed", "empty; recorded sandbox replies, 2020"),
    ("observed: the status; its body is assumed", "observed assumed",
     "the status; its body is assumed"),
    ("observed: documented elsewhere", "observed", "documented elsewhere"),
    ("assumed", "assumed", "nobody has published or recorded it"),
    ("a hunch", "", ""),
)  # fmt: skip


@pytest.mark.parametrize(("provenance", "bases", "source"), READ)
def test_a_provenance_is_bases_years_and_who_says_so(
    provenance: str, bases: str, source: str
) -> None:
    found = row("reply", "is so", provenance)

    assert found == Row("reply", "is so", tuple(map(Basis, bases.split())), source)


@pytest.mark.parametrize("about", PROVENANCES)
def test_every_provenance_begins_with_what_it_rests_on(about: str) -> None:
    first = PROVENANCES[about].split()[0].rstrip(",:;")

    assert first in set(Basis)


def test_every_behaviour_rests_on_something_and_has_a_source() -> None:
    assert [found for found in ROWS if not (found.bases and found.source)] == []


def test_no_behaviour_is_there_twice() -> None:
    told = [(found.subject, found.behaviour) for found in ROWS]

    assert len(told) == len(set(told))


def test_every_row_of_the_law_is_there() -> None:
    counted = {
        subject: sum(found.subject == subject for found in ROWS)
        for subject in ("operation", "error", "reason", "switch", "outcome", "environment")
    }

    assert counted == {
        "operation": len(operations.CATALOGUE),
        "error": len(wire_errors.CATALOGUE),
        "reason": len(reasons.ROWS),
        "switch": sum(len(found.values) for found in SWITCHES.values()),
        "outcome": 2 * len(outcomes.ROWS),
        "environment": len(TARGET_ENVIRONMENTS),
    }


def test_each_value_of_a_switch_has_the_basis_of_its_own_part() -> None:
    shown = {found.behaviour: found.bases for found in ROWS if found.subject == "switch"}

    assert shown["reason_shape=text (default)"] == (Basis.OBSERVED,)
    assert shown["reason_shape=object"] == (Basis.DOCUMENTED,)
    assert shown["reason_shape=absent"] == (Basis.ASSUMED,)
    assert shown["note_length=128"] == shown["note_length=160 (default)"] == (Basis.DOCUMENTED,)


def test_a_source_is_one_short_line_without_an_address() -> None:
    assert [found.source for found in ROWS if len(found.source) > 110] == []
    assert [found.source for found in ROWS if "://" in found.source or "\n" in found.source] == []
