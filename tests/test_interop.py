import subprocess
import sys

import pytest

from interop.__main__ import PAGE
from interop.environments import ROOT, command
from interop.report import ABSENT, put_into, shown_in, table
from interop.table import CLIENTS, Client, Defect, Registry, Step
from interop.trial import Trial

TYPO = Defect("Misspells the path.", "404")
CLIENT = Client(
    Registry.NPM, "momo", "1.0", "`url`", frozenset({Step.TOKEN, Step.STATUS}), {Step.STATUS: TYPO}
)


def findings(errors: dict[Step, str | None], complaint: str = "") -> list[str]:
    return list(Trial(CLIENT, errors, complaint).findings())


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_clients_do_what_the_page_says() -> None:
    checked = [sys.executable, "-m", "interop", "--check"]
    done = subprocess.run(
        checked, cwd=ROOT, capture_output=True, text=True, check=False, timeout=800
    )

    if done.returncode == 3:
        pytest.skip(f"no registry here: {done.stderr}")
    assert done.returncode == 0, done.stderr


def test_the_page_shows_the_catalogue() -> None:
    assert shown_in(PAGE.read_text("utf-8")) == table(CLIENTS)


def test_every_client_has_a_script_and_a_name_of_its_own() -> None:
    scripts = ROOT / "interop" / "clients"
    for client in CLIENTS:
        last = command(client)[-1].rpartition(".pypi.")
        script = scripts / "pypi" / f"{last[2]}.py" if last[0] else scripts / "npm" / last[2]
        assert script.is_file(), client.name
    assert len({client.name for client in CLIENTS}) == len(CLIENTS)


def test_what_goes_as_the_catalogue_says_is_no_finding() -> None:
    assert findings({Step.TOKEN: None, Step.STATUS: "HTTPError: 404"}) == []


def test_a_defect_excuses_no_other_error() -> None:
    assert findings({Step.TOKEN: None, Step.STATUS: "HTTPError: 500"}) == [
        "npm-momo: status: HTTPError: 500"
    ]


def test_a_step_without_a_defect_may_not_fail() -> None:
    assert findings({Step.TOKEN: "HTTPError: 404", Step.STATUS: "HTTPError: 404"}) == [
        "npm-momo: token: HTTPError: 404"
    ]


def test_a_defect_that_is_gone_is_a_finding() -> None:
    assert findings({Step.TOKEN: None, Step.STATUS: None}) == [
        "npm-momo: status: passes, though the catalogue says: Misspells the path."
    ]


def test_a_client_that_breaks_off_is_a_finding_with_its_last_words() -> None:
    assert findings({Step.STATUS: "404"}, "no such module") == [
        "npm-momo: token: not reported",
        "npm-momo: no such module",
    ]


def test_a_step_that_the_catalogue_does_not_know_is_a_finding() -> None:
    reported = {Step.TOKEN: None, Step.STATUS: "404", Step.BALANCE: None}

    assert findings(reported) == [
        "npm-momo: balance: reported, but the catalogue does not know that the client can do it"
    ]


def test_the_table_numbers_each_defect_once() -> None:
    again = Client(
        Registry.PYPI, "momo", "2.0", "`url`", frozenset({Step.STATUS}), {Step.STATUS: TYPO}
    )

    shown = table([CLIENT, again]).splitlines()

    assert _cells(shown[2]) == {"token": "pass", "status": "1"}
    assert _cells(shown[3]) == {"status": "1"}
    assert shown[4:] == ["", "1. Misspells the path."]


def test_a_page_keeps_what_is_around_its_table() -> None:
    page = "# Clients\n<!-- table: clients -->\nold\n<!-- end -->\nmore\n"

    assert put_into(page, "new") == "# Clients\n<!-- table: clients -->\nnew\n<!-- end -->\nmore\n"
    assert shown_in(put_into(page, "new")) == "new"


def _cells(row: str) -> dict[str, str]:
    """What a row says of each step that its client can do."""
    cells = [cell.strip() for cell in row.split("|")][3:]
    return {step: cell for step, cell in zip(Step, cells, strict=False) if cell != ABSENT}
