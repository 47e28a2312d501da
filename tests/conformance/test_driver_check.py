"""`--check-driver`: a driver that breaks one rule is told which, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mock_momo.testing import Control
from momo_conformance.driver_check import check_driver, try_driver
from momo_conformance.errors import DriverError
from tests.mutants.asking import command

UNRULY = Path(__file__).with_name("unruly.py")


WrongLines = Callable[..., dict[str, str]]


@pytest.fixture
def wrong_lines(fake: Control) -> WrongLines:
    """Tries a driver; what is wrong, by what it is wrong with."""

    def wrong(driver: str, within_s: float = 10) -> dict[str, str]:
        lines = try_driver(driver, fake, within_s)
        return {line.what: line.problem for line in lines if not line.is_right}

    return wrong


def test_a_correct_driver_is_right_in_every_line() -> None:
    lines = check_driver(command())

    assert [str(line) for line in lines] == [f"ok     {line.what}" for line in lines]
    assert {"request_to_pay is answered", "refund is answered", "it ends after stop"} <= {
        line.what for line in lines
    }


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("promises_a_ledger", "ops and caps agree"),
        ("hides_an_op", "an op that is not in ops is unsupported"),
        ("lacks_an_op", "transfer is answered"),
        ("refuses_new_fields", "fields of a later version are ignored"),
        ("reads_latin_1", "text beyond ASCII arrives as it was"),
        ("waits_in_line", "several requests are worked at side by side"),
        ("keeps_its_orders", "configure is a clean slate"),
        ("forgets_in_a_crash", "killed, it goes on with what it has written down"),
        ("refuses_callbacks", "deliver_callback is answered"),
        ("shows_an_empty_ledger", "ledger is answered"),
        ("speaks_of_another", "status is answered"),
        ("dies_of_a_refund", "refund is answered"),
        ("runs_on_after_stop", "it ends after stop"),
        ("runs_on_without_input", "it ends with its input"),
    ],
)
def test_a_rule_that_is_broken_is_named_alone(
    wrong_lines: WrongLines, python_command: Callable[..., str], rule: str, what: str
) -> None:
    assert [*wrong_lines(python_command(str(UNRULY), rule))] == [what]


@pytest.mark.parametrize(
    ("rule", "what", "told"),
    [
        ("names_orders_itself", "request_to_pay is answered", "'order-1' has been sent"),
        ("never_asks", "status is answered", "the provider says SUCCESSFUL, and it said"),
    ],
)
def test_an_answer_that_the_fake_knows_better_is_told(
    wrong_lines: WrongLines, python_command: Callable[..., str], rule: str, what: str, told: str
) -> None:
    assert told in wrong_lines(python_command(str(UNRULY), rule), within_s=2)[what]


def test_without_an_introduction_nothing_else_is_tried(
    wrong_lines: WrongLines, liar: Callable[[str], str]
) -> None:
    wrong = wrong_lines(liar("agrees with everything"))

    assert [*wrong] == ["an op that it does not know is unsupported", "hello says who is there"]


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("agrees with what it knows", "nothing with the externalId"),
        ("crashes", "exit code 7"),
        ("hangs", "did not answer"),
        ("prints rubbish", "paying now"),
    ],
)
def test_what_a_driver_does_instead_of_paying_is_told(
    wrong_lines: WrongLines, liar: Callable[[str], str], mode: str, told: str
) -> None:
    assert told in wrong_lines(liar(mode), within_s=0.3)["request_to_pay is answered"]


def test_a_driver_that_dies_of_all_is_not_tried_to_the_end(
    wrong_lines: WrongLines, liar: Callable[[str], str]
) -> None:
    assert [*wrong_lines(liar("crashes"))][-1] == "the rest"


@pytest.mark.parametrize("code", ["raise RuntimeError('no database')", "open('no-such-script')"])
def test_a_driver_that_dies_at_its_start_is_told_in_one_line(
    python_command: Callable[..., str], code: str
) -> None:
    (line,) = check_driver(python_command("-c", code))

    assert line.what == "it runs, and answers"
    assert "ended with exit code 1" in line.problem
    assert line.remedy.startswith("Run the command by hand")


def test_an_answer_out_of_form_is_provoked(
    wrong_lines: WrongLines, python_command: Callable[..., str]
) -> None:
    wrong = wrong_lines(python_command(str(UNRULY), "tells_codes_as_objects"))

    assert [*wrong] == ["a refused order is answered in form"]


def test_a_line_says_what_to_change(liar: Callable[[str], str]) -> None:
    first = str(check_driver(liar("agrees with everything"))[0])

    assert first.startswith("WRONG  an op that it does not know is unsupported: it said ")
    assert first.splitlines()[1].strip().startswith('Answer {"id": …, "unsupported": true}')


def test_what_cannot_be_run_is_no_line() -> None:
    with pytest.raises(DriverError, match="cannot run"):
        check_driver("no-such-driver")
