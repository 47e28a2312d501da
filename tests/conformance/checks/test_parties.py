"""Phone numbers, parties and texts on the wire, in histories made by hand."""

import pytest

from momo_conformance.checks.parties import CHECKS
from momo_conformance.plans import Settings
from tests.conformance.checks.histories import ID, PAYER, Json, Story


def breaches(name: str, story: Story) -> list[bool]:
    """True for each time that a check was not content."""
    return [bool(row.breach) for row in CHECKS[f"MOMO-{name}"](story.history())]


def sent(number: object, typed: str = PAYER, kind: object = "MSISDN", **more: object) -> Story:
    story = Story(Settings())
    note: Json = {"note": more.pop("asked")} if "asked" in more else {}
    order: Json = {"key": "order-1", "amount": "10", "currency": "EUR", "payer": typed}
    with story.call("request_to_pay", **order, **note) as call:
        payer = {"partyIdType": kind, "partyId": number}
        story.create("order-1", order={"payer": payer} | more)
        call.ok(reference_id=ID, state="pending")
    return story


@pytest.mark.parametrize(
    ("number", "is_broken"),
    [
        *((PAYER, False), (f"+{PAYER}", True), ("0733123499", True), ("46 733", True)),
        *(("123", True), (int(PAYER), True), (None, True)),
    ],
)
def test_an_msisdn_is_digits_with_a_country_code(number: object, is_broken: bool) -> None:  # noqa: FBT001  # a case
    assert breaches("MSI-01", sent(number)) == [is_broken]


@pytest.mark.parametrize(
    ("typed", "number", "found"),
    [
        ("+46 733 123 499", PAYER, [False]),
        ("0046-733-123-499", PAYER, [False]),
        (PAYER, PAYER, [False]),
        (PAYER, int(PAYER), [True]),
        ("+46733123499", "+46733123499", [True]),
        ("0733123499", PAYER, [False]),
        ("0733123499", "0733123499", [True]),
        ("0733123499", "733123499", [True]),
        ("+46733123499", "46733123490", [True]),
        ("+46 (0)733 123 499", "460733123499", []),
        ("alice", "alice", []),
    ],
)
def test_the_digits_that_were_typed_go_out(typed: str, number: object, found: list[bool]) -> None:
    assert breaches("MSI-02", sent(number, typed)) == found


def test_a_refused_number_counts_only_for_a_client_that_pays_at_all() -> None:
    for story, found in ((sent(PAYER), [False, False]), (Story(Settings()), [])):
        order: Json = {"key": "order-2", "amount": "10", "currency": "EUR", "payer": "0733123499"}
        with story.call("request_to_pay", **order) as call:
            call.fail("INVALID_MSISDN")
        assert breaches("MSI-02", story) == found


@pytest.mark.parametrize(
    ("kind", "number", "is_broken"),
    [
        ("MSISDN", PAYER, False),
        ("msisdn", PAYER, True),
        ("MSISDN", int(PAYER), True),
        (None, PAYER, True),
        ("EMAIL", "a@b.test", False),
        ("EMAIL", PAYER, True),
        ("PARTY_CODE", ID, False),
        ("PARTY_CODE", PAYER, True),
    ],
)
def test_an_id_is_of_its_kind(kind: object, number: object, is_broken: bool) -> None:  # noqa: FBT001  # a case
    assert breaches("MSI-03", sent(number, kind=kind)) == [is_broken]


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("lunch", "lunch", []),
        ("driver's lunch", "driver s lunch", [False]),
        ("driver's lunch", "driver's lunch", [True]),
        ("x" * 300, "x" * 160, [False]),
        ("x" * 300, "x" * 161, [True]),
        ("lunch", None, [True]),
    ],
)
def test_a_text_is_short_and_plain(asked: str, text: object, found: list[bool]) -> None:
    assert breaches("MSI-04", sent(PAYER, asked=asked, payeeNote=text)) == found
