"""Two servers' replies to the same questions: what differs from call to call is no difference."""

from collections.abc import Callable

from mock_momo.testing import Control
from momo_conformance.server.comparison import Difference, compare
from momo_conformance.server.examining import Examined, Wanted, examine_server, probes_for
from momo_conformance.server.grounds import FakeGround
from momo_conformance.server.listener import Listener
from tests.conformance.checks.histories import ID, OTHER_ID, Json, Story


def log(tell: Callable[[Story], None]) -> dict[str, list[Json]]:
    story = Story()
    tell(story)
    return {"probe": story.events}


def balance(story: Story, status: int, reply: object) -> None:
    path = "/collection/v1_0/account/balance"
    story.exchange("collection.balance", "GET", path, status=status, reply=reply)


def asked(one: object, other: object) -> tuple[Difference, ...]:
    return compare(log(lambda s: balance(s, 200, one)), log(lambda s: balance(s, 200, other)))[1]


def test_ids_tokens_and_balances_are_left_out() -> None:
    def tell(reference_id: str, amount: str) -> Callable[[Story], None]:
        def told(story: Story) -> None:
            story.token()
            story.read("PENDING", reference_id)
            balance(story, 200, {"availableBalance": amount, "currency": "EUR"})

        return told

    assert compare(log(tell(ID, "1")), log(tell(OTHER_ID, "2"))) == (3, ())


def test_a_difference_shows_the_keys_in_which_the_bodies_differ() -> None:
    one, other = {"status": "FAILED", "amount": "1"}, {"status": "PENDING", "amount": "1"}
    (row,) = asked(one, other)
    assert row.asked == "collection.balance"
    assert (row.one, row.other) == ('200 {"status": "FAILED"}', '200 {"status": "PENDING"}')


def test_another_order_of_keys_is_a_difference() -> None:
    (row,) = asked({"code": "A", "message": "b"}, {"message": "b", "code": "A"})
    assert (row.one, row.other) == ("200 code, message", "200 message, code")


def test_the_same_difference_is_one_row() -> None:
    def tell(status: int) -> Callable[[Story], None]:
        def told(story: Story) -> None:
            balance(story, status, None)
            balance(story, status, None)

        return told

    count, (row,) = compare(log(tell(401)), log(tell(500)))
    assert (count, row.one, row.other, row.times) == (2, "401 empty", "500 empty", 2)


def examined(fake: Control) -> Examined:
    with Listener() as listener:
        ground = FakeGround(fake, listener)
        return examine_server(ground, probes_for(ground, Wanted(("SRV-05", "SRV-12"))))


def test_the_fake_does_not_differ_from_itself(fake: Control) -> None:
    one, other = examined(fake), examined(fake)
    assert compare(one.logs, other.logs) == (one.calls, ())
