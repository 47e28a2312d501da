"""A saved plan is read back whole, or refused with what is wrong."""

import pytest

from momo_conformance.errors import InvalidExample
from momo_conformance.plans import ExamplePlan
from momo_conformance.scenarios import SCENARIOS


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{", "the plan: Invalid JSON"),
        ('{"version": 2, "settings": {}, "steps": []}', "version"),
        ('{"setings": {}, "steps": []}', "setings: unknown key; did you mean 'settings'"),
        ('{"settings": {"expires_in": 9}, "steps": []}', "did you mean 'expires_in_s'"),
        ('{"settings": {"outlook": {"outcome": "OK"}}, "steps": []}', "SUCCESSFUL"),
        (
            '{"settings": {"xyzzy": 1}, "steps": []}',
            "settings xyzzy: unknown key; drop it",
        ),
        ('{"settings": {}, "steps": [{"step": "jump"}]}', "'pay', 'transfer'"),
        ('{"settings": {}, "steps": [{"step": "advance", "seconds": -1}]}', "steps 1 advance"),
        ('{"settings": {}, "steps": [{"step": "pay", "amount": 10, "payer": "4"}]}', "amount"),
    ],
)
def test_what_is_no_plan_is_refused_by_name(text: str, named: str) -> None:
    with pytest.raises(InvalidExample) as caught:
        ExamplePlan.from_json(text)
    assert named in str(caught.value)


@pytest.mark.parametrize("plan", SCENARIOS, ids=lambda plan: plan.name)
def test_a_saved_plan_is_read_back_as_it_was(plan: ExamplePlan) -> None:
    assert ExamplePlan.from_json(plan.to_json()) == plan
