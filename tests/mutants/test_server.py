"""The fake as it is breaks nothing that is asked of a server; each bug is found for what it is."""

import pytest

from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.server.examining import Wanted
from momo_conformance.verdicts import Outcome
from tests.mutants.server.bugs import BUGS
from tests.mutants.server.examining import command_of, examine_server

SOME = ("expires_in is ignored", "409 and overwritten", "PENDING after SUCCESSFUL")


def test_the_fake_passes_everything_that_is_asked_of_a_server() -> None:
    verdicts = examine_server(command_of(), Wanted(examples=5, seed=1))
    assert {
        row.requirement.id: row.why for row in verdicts if row.outcome is not Outcome.PASS
    } == {}
    assert len(verdicts) == 13


@pytest.mark.parametrize("name", SOME)
def test_a_bug_breaks_its_own_requirement_for_its_own_reason(name: str) -> None:
    bug = BUGS[name]
    verdicts = examine_server(command_of(name), Wanted((bug.requirement,)))
    (own,) = (row for row in verdicts if row.requirement.id == bug.requirement)
    assert own.outcome is Outcome.FAIL
    assert bug.says in own.why
    assert own.trace is not None
    assert len(own.trace.lines) <= 6


def test_every_requirement_of_a_server_has_a_bug() -> None:
    asked = {row.id for row in load_catalogue().requirements if row.least is Level.SERVER}
    assert {bug.requirement for bug in BUGS.values()} == asked
