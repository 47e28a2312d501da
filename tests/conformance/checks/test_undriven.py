"""What is asked of a client without a driver can be judged by its traffic alone."""

from typing import Any

from momo_conformance.catalogue import Level, load_catalogue
from momo_conformance.engine import judge
from momo_conformance.plans import Settings, write_settings
from tests.conformance.checks.histories import ID, OTHER_ID, Story

KEY = {"Ocp-Apim-Subscription-Key": "fp:00000000000000bb"}
CALLBACK = {"X-Callback-Url": "https://localhost/callback"}
BUSY: dict[str, Any] = {"status": 503, "reply": {"code": "SERVICE_UNAVAILABLE"}, "fault": "busy"}


def sold() -> Story:
    """A payment that goes well, a transfer's balance, and a look for secrets."""
    story = Story()
    bearer = story.token(headers={"Authorization": "Basic fp:aa", **KEY})
    story.create("order-1", bearer=bearer, headers=CALLBACK)
    story.create("order-1", bearer=bearer, headers=CALLBACK, status=409, reply={})
    story.read("SUCCESSFUL", bearer=bearer)
    other = {"Authorization": f"Bearer {story.token('disbursement')}"}
    target = "/disbursement/v1_0/account/balance"
    story.exchange("disbursement.balance", "GET", target, headers=other)
    story.note("output_searched", places=["stdout"], found=[])
    return story


def outlived() -> Story:
    """A token expires, and there is another one."""
    story = Story()
    story.create("order-1", bearer=story.token(expires_in=60))
    story.later(61)
    story.create("order-2", OTHER_ID, bearer=story.token())
    return story


def refused() -> Story:
    """A token, a create and a login are refused."""
    story = Story()
    story.create("order-1", bearer=story.token(), status=401, reply=None)
    story.create("order-1", bearer=story.token())
    story.create("order-2", OTHER_ID, status=400, reply=None)
    story.token(status=401, reply=None)
    return story


def in_trouble() -> Story:
    """Errors that pass, and answers that make no sense."""
    story = Story()
    story.token(reply="<html>", fault="waf_page")
    story.create("order-1", **BUSY)
    story.create("order-1")
    story.read(None, **BUSY)
    story.read("PENDING")
    return story


def unserved(**answer: Any) -> Story:  # noqa: ANN401  # any part of an exchange
    """The only create is answered so."""
    story = Story()
    story.create("order-1", **answer)
    return story


def abroad() -> Story:
    """Under another locale."""
    story = Story()
    settings = write_settings(Settings(locale="fr_FR.UTF-8"))
    story.note("example_began", settings=settings, caps={})
    story.create("order-1")
    return story


def lured() -> Story:
    """Sent elsewhere, by a redirect and by a certificate."""
    story = unserved(status=307, reply=None, fault="redirect")
    story.note("trap_touched", trap="untrusted_tls")
    return story


def test_what_needs_no_driver_is_met_without_one() -> None:
    stories = (
        *(sold(), outlived(), refused(), in_trouble(), abroad(), lured(), unserved(**BUSY)),
        unserved(status=500, reply={"code": "NOT_ALLOWED"}, fault="wallet_error"),
    )
    histories = [story.history() for story in stories]
    assert not any(history.is_driven for history in histories)
    met = {name for history in histories for name in judge(history)}
    rows = load_catalogue().requirements
    assert {row.id for row in rows if row.least in (Level.L0, Level.L1)} - met == set()


def test_without_a_driver_a_refused_login_shows_whether_something_was_sent_all_the_same() -> None:
    story = Story()
    story.token(status=401, reply=None)
    assert [row.breach for row in judge(story.history())["MOMO-TOK-11"]] == [""]
    story.create("order-1", ID, bearer="fp:empty")
    (row,) = judge(story.history())["MOMO-TOK-11"]
    assert "was sent though" in row.breach
