"""The model customer survives every plan, through both views."""

from collections.abc import Callable

import pytest

from momo_conformance.search import Examiner, search

StartExaminer = Callable[[str], Examiner]
PythonCommand = Callable[..., str]


def test_no_drawn_plan_troubles_the_reference_client(
    start_examiner: StartExaminer, python_command: PythonCommand
) -> None:
    _examine(start_examiner(python_command("-m", "momo_client.driver")), plans=50, seed=4)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_drawn_plans_do_not_either(
    seed: int, start_examiner: StartExaminer, python_command: PythonCommand
) -> None:
    _examine(start_examiner(python_command("-m", "momo_client.driver")), plans=100, seed=seed)


def _examine(examiner: Examiner, *, plans: int, seed: int) -> None:
    found = search(examiner, plans, seed=seed)

    assert found is None, found and f"{found.plan.to_json()}\n" + "\n".join(
        map(str, found.findings)
    )
    assert examiner.payments >= plans
