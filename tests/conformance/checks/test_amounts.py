"""Amounts and currencies on the wire, in histories made by hand."""

import pytest

from momo_conformance.checks.amounts import CHECKS
from momo_conformance.plans import Settings
from tests.conformance.checks.histories import ID, PAYER, Json, Story


def breaches(name: str, story: Story) -> list[bool]:
    """True for each time that a check was not content."""
    return [bool(row.breach) for row in CHECKS[f"MOMO-{name}"](story.history())]


def sent(
    amount: object,
    asked: str = "12.50",
    currency: str = "EUR",
    settings: Settings | None = None,
    environment: str = "sandbox",
) -> Story:
    story = Story(settings or Settings())
    order: Json = {"key": "order-1", "amount": asked, "currency": currency, "payer": PAYER}
    with story.call("request_to_pay", **order) as call:
        headers = {"X-Target-Environment": environment}
        body = {"amount": amount, "currency": currency}
        story.create("order-1", order=body, headers=headers)
        call.ok(reference_id=ID, state="pending")
    return story


@pytest.mark.parametrize(
    ("amount", "is_broken"),
    [
        *(("12.50", False), ("0.5", False), ("0", False), (12.5, True), (12, True), (None, True)),
        *(
            ("1e2", True),
            ("+5", True),
            ("05", True),
            ("1,000", True),
            ("5.", True),
            ("\N{ARABIC-INDIC DIGIT FIVE}", True),
        ),
    ],
)
def test_an_amount_is_a_text_of_plain_decimals(amount: object, is_broken: bool) -> None:  # noqa: FBT001  # a case
    assert breaches("AMT-01", sent(amount)) == [is_broken]


@pytest.mark.parametrize(
    ("asked", "amount", "found"),
    [
        ("4999.99", "4999.99", [False]),
        ("4999.99", "4999.990", [False]),
        ("4999.99", "4999.98999", [True]),
        ("16777217", "16777216", [True]),
        ("10", "11", []),  # not a matter of floats
        ("10.001", "10.00", []),  # rounded, or it should have been refused: MOMO-AMT-05
    ],
)
def test_an_amount_is_exact(asked: str, amount: str, found: list[bool]) -> None:
    assert breaches("AMT-02", sent(amount, asked)) == found


@pytest.mark.parametrize(
    ("amount", "currency", "found"),
    [
        ("1500", "UGX", [False]),
        ("1500.00", "UGX", [True]),
        ("15.50", "ZMW", [False]),
        ("15.505", "ZMW", [True]),
        ("15", "ZMW", []),
        ("1.5", "XXX", []),
    ],
)
def test_an_amount_has_the_decimals_of_its_currency(
    amount: str, currency: str, found: list[bool]
) -> None:
    assert breaches("AMT-03", sent(amount, currency=currency)) == found


@pytest.mark.parametrize(
    ("locale", "amount", "found"),
    [("", "12,50", []), ("fr_FR.UTF-8", "12.50", [False]), ("fr_FR.UTF-8", "12,50", [True])],
)
def test_an_amount_knows_no_locale(locale: str, amount: str, found: list[bool]) -> None:
    assert breaches("AMT-04", sent(amount, settings=Settings(locale=locale))) == found


@pytest.mark.parametrize(
    ("told", "found"), [("2234.5", [False]), ("22345", [True]), (None, [True])]
)
def test_a_balance_knows_no_locale(told: str | None, found: list[bool]) -> None:
    story = Story(Settings(locale="fr_FR.UTF-8"))
    with story.call("balance") as call:
        reply = {"availableBalance": "2234.50", "currency": "EUR"}
        target = "/collection/v1_0/account/balance"
        story.exchange("collection.balance", "GET", target, reply=reply)
        call.ok(available=told, currency="EUR") if told else call.unknown(None)
    assert breaches("AMT-04", story) == found


@pytest.mark.parametrize("asked", ["0", "-1", "NaN", "ten", "10.001"])
def test_what_cannot_be_paid_is_refused_for_certain(asked: str) -> None:
    for is_sent, is_certain in ((False, True), (False, False), (True, False)):
        story = sent("12.50")
        order: Json = {"key": "order-2", "amount": asked, "currency": "EUR", "payer": PAYER}
        with story.call("request_to_pay", **order) as call:
            if is_sent:
                story.create("order-2", order={"amount": asked})
            call.fail("INVALID_AMOUNT") if is_certain else call.unknown(None)
        assert breaches("AMT-05", story) == [not is_certain]


@pytest.mark.parametrize("asked", ["10", "10.00", "10.500", "1e1", "1,000"])
def test_what_may_be_paid_need_not_be_refused(asked: str) -> None:
    assert breaches("AMT-05", sent("10", asked)) == []


@pytest.mark.parametrize(
    ("environment", "currency", "asked_for", "found"),
    [
        ("mtnuganda", "UGX", "UGX", [False]),
        ("mtnuganda", "EUR", "UGX", [True]),
        ("mtnuganda", "EUR", "EUR", []),  # somebody wanted it so
        ("mtnliberia", "USD", "LRD", [False]),
        ("mars", "EUR", "UGX", []),
    ],
)
def test_a_currency_is_that_of_the_environment(
    environment: str, currency: str, asked_for: str, found: list[bool]
) -> None:
    story = Story(Settings())
    order: Json = {"key": "order-1", "amount": "10", "currency": asked_for, "payer": PAYER}
    with story.call("request_to_pay", **order) as call:
        headers = {"X-Target-Environment": environment}
        story.create("order-1", order={"currency": currency}, headers=headers)
        call.unknown(ID)
    assert breaches("AMT-06", story) == found
