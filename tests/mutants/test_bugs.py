"""Each example of a bug makes the client wrong in the way that its name says."""

from mock_momo.testing import World
from momo_conformance.driver import Driver
from tests.mutants.asking import CREATE, PAY, TOKEN, calls, fault, pass_time, value, wallet
from tests.mutants.client.bugs import BUGS
from tests.mutants.conftest import MakeWorld, Start


def test_every_bug_names_the_requirement_that_it_breaks() -> None:
    assert {bug.requirement.split("-")[0] for bug in BUGS.values()} == {"MOMO"}
    assert all(bug.name == name for name, bug in BUGS.items())


def settled_and_seen_twice(world: World, driver: Driver) -> None:
    paid = value(driver.ask("request_to_pay", **PAY))["reference_id"]
    for _ in range(2):
        driver.ask("status", reference_id=paid)
    assert len(calls(world, CREATE)) == 1


def test_without_a_cache_every_call_fetches_a_token(start: Start, make_world: MakeWorld) -> None:
    world = make_world()
    settled_and_seen_twice(world, start(world, "no cache"))  # and asked about once: it is final
    assert len(calls(world, TOKEN)) == 2


def test_a_credit_per_observation_doubles_money(start: Start, make_world: MakeWorld) -> None:
    world = make_world()
    driver = start(world, "credits per observation")
    settled_and_seen_twice(world, driver)
    assert wallet(driver) == {"EUR": "25.00"}


def test_a_new_id_on_timeout_pays_twice(start: Start, make_world: MakeWorld) -> None:
    world = make_world(rules=[fault("lose_reply", CREATE, times=1, scope="rule")])
    driver = start(world, "new id on timeout")
    driver.ask("request_to_pay", **PAY)
    pass_time(world, driver, 1)
    assert len(world.payments()) == 2
