from mock_momo.core.fidelity import behaviours, describe
from tests.mock_momo.edge.wire import Fake


async def test_a_running_fake_tells_what_its_behaviours_rest_on(fake: Fake) -> None:
    answer = await fake.control("GET", "fidelity")

    assert answer.status == 200
    assert answer.json == describe(behaviours())


async def test_it_tells_of_one_basis_alone(fake: Fake) -> None:
    assert (await fake.control("GET", "fidelity?only=assumed")).json == describe(
        behaviours(["assumed"])
    )


async def test_a_basis_that_is_none_is_refused_with_the_known_ones(fake: Fake) -> None:
    answer = await fake.control("GET", "fidelity?only=guessed")

    assert answer.status == 400
    assert "documented, observed, reported, assumed, mission, not 'guessed'" in str(answer.json)
