"""What the doctor concludes from answers that are chosen."""

from collections.abc import Sequence

import pytest

from momo_client.core.diagnosis import (
    Finding,
    Subject,
    diagnose_access,
    diagnose_books,
    diagnose_callbacks,
    diagnose_currency,
    diagnose_settings,
)
from momo_client.core.http import Answer, HttpReply, NoAnswer
from momo_client.core.requests import Credentials, Merchant
from momo_contracts.values import Product

USER = "0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10"
DATE = "Fri, 15 Jan 2027 08:00:00 GMT"
DATE_MS = 1_800_000_000_000
TOKEN = b'{"access_token":"canary","expires_in":3600}'
ISSUED = HttpReply(200, (("Date", DATE),), TOKEN)
BALANCE = HttpReply(200, body=b"{}")
REFUSED = HttpReply(401, (("date", DATE),), b'{"error":"login_failed"}')


def merchant(api_user: str = USER, environment: str = "sandbox") -> Merchant:
    return Merchant(environment, {Product.COLLECTION: Credentials(api_user, "key", "subscription")})


def access(*answers: Answer, now_ms: int = DATE_MS) -> dict[Subject, Finding]:
    """What calls that get these answers lead to."""
    pending = iter(answers)
    findings = diagnose_access(
        merchant(), Product.COLLECTION, lambda _request: next(pending), lambda: now_ms
    )
    assert list(pending) == []
    return {finding.subject: finding for finding in findings}


def wrong(findings: dict[Subject, Finding]) -> list[Subject]:
    return [finding.subject for finding in findings.values() if not finding.is_ok]


@pytest.mark.parametrize(
    ("user", "environment", "is_ok"),
    [(USER, "sandbox", True), ("shop", "sandbox", False), ("shop", "mtnzambia", True)],
)
def test_the_sandbox_alone_wants_a_uuid_as_its_user(
    user: str, environment: str, *, is_ok: bool
) -> None:
    assert diagnose_settings(merchant(user, environment)).is_ok is is_ok


@pytest.mark.parametrize(("currency", "is_ok"), [("ZMW", True), ("EUR", False)])
def test_a_currency_fits_its_environment(currency: str, *, is_ok: bool) -> None:
    finding = diagnose_currency(currency, "mtnzambia")
    assert finding.is_ok is is_ok
    assert ("Set MTN_CURRENCY=ZMW" in finding.remedy) is not is_ok


def test_when_all_is_well_the_balance_was_read() -> None:
    findings = access(ISSUED, BALANCE)
    assert wrong(findings) == []
    assert [*findings] == [
        Subject.CONNECTION,
        Subject.CLOCK,
        Subject.CREDENTIALS,
        Subject.ACCESS,
    ]


@pytest.mark.parametrize(
    ("answers", "subject", "remedy"),
    [
        ([NoAnswer("timeout")], Subject.CONNECTION, "firewall"),
        ([HttpReply(503)], Subject.CONNECTION, "Try again later"),
        ([REFUSED], Subject.CREDENTIALS, "MTN_API_USER"),
        ([HttpReply(200, body=b"<html>")], Subject.CREDENTIALS, "MTN_BASE_URL"),
        ([ISSUED, NoAnswer("unknown host")], Subject.CONNECTION, "name resolution"),
        ([ISSUED, HttpReply(403)], Subject.ACCESS, "MTN_TARGET_ENVIRONMENT"),
        ([ISSUED, HttpReply(500)], Subject.ACCESS, "Try again later"),
    ],
)
def test_the_first_trouble_ends_the_examination(
    answers: Sequence[Answer], subject: Subject, remedy: str
) -> None:
    findings = access(*answers)
    assert wrong(findings) == [subject]
    assert remedy in findings[subject].remedy


@pytest.mark.parametrize(
    ("skew_ms", "detail"),
    [
        (0, "agree"),
        (30_000, "agree"),
        (-30_000, "agree"),
        (31_000, "clock is 31 s ahead of the API's"),
        (-3_600_000, "clock is 3600 s behind the API's"),
    ],
)
@pytest.mark.parametrize("answers", [(ISSUED, BALANCE), (REFUSED,)])
def test_a_clock_may_be_thirty_seconds_wrong(
    answers: Sequence[Answer], skew_ms: int, detail: str
) -> None:
    clock = access(*answers, now_ms=DATE_MS + skew_ms)[Subject.CLOCK]
    assert detail in clock.detail
    assert clock.is_ok is (detail == "agree")
    assert ("NTP" in clock.remedy) is not clock.is_ok


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("Date", "soon"),),
        (("Date", ""),),
        (("Date", "Fri, 99 Jan 2027 08:00:00 GMT"),),
        (("Date", "Fri, 15 Jan 2027 08:00:00 +9999999999999999"),),
    ],
)
def test_an_api_that_tells_no_time_is_not_blamed(headers: tuple[tuple[str, str], ...]) -> None:
    clock = access(HttpReply(200, headers, TOKEN), BALANCE, now_ms=0)[Subject.CLOCK]
    assert (clock.is_ok, clock.detail) == (True, "the API tells no time")


def test_a_date_without_a_zone_is_universal_time() -> None:
    date = ("Date", DATE.replace("GMT", "-0000"))
    assert HttpReply(200, (date,)).date_ms == DATE_MS


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (None, "none asked for: the checker asks"),
        (HttpReply(200), "proves nothing about MTN's side"),
        (HttpReply(204), "proves nothing about MTN's side"),
    ],
)
def test_callbacks_that_arrive_or_that_nobody_wants_are_well(
    answer: Answer | None, detail: str
) -> None:
    finding = diagnose_callbacks(answer)
    assert finding.is_ok
    assert detail in finding.detail


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (HttpReply(301), "answered 301"),
        (HttpReply(404), "answered 404"),
        (NoAnswer("connection refused"), "connection refused"),
    ],
)
def test_callbacks_that_do_not_arrive_come_with_a_remedy(answer: Answer, detail: str) -> None:
    finding = diagnose_callbacks(answer)
    assert not finding.is_ok
    assert detail in finding.detail
    for word in ("serve-callbacks", "proxy", "https"):
        assert word in finding.remedy


def test_books_that_add_up_are_well() -> None:
    (finding,) = diagnose_books(())
    assert finding.is_ok


def test_each_complaint_of_an_audit_is_a_finding() -> None:
    findings = diagnose_books(("a", "b"))
    assert [(one.is_ok, one.detail) for one in findings] == [(False, "a"), (False, "b")]
    assert all(one.remedy for one in findings)
