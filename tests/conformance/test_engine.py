"""Six verdicts, each for its own reason."""

from dataclasses import replace

from momo_conformance.catalogue import Level
from momo_conformance.engine import Ability, Tally, judge
from momo_conformance.plans import ExamplePlan, Settings
from momo_conformance.steps import Pay
from momo_conformance.verdicts import Outcome, Verdict
from tests.conformance.checks.histories import ID, PAYER, Story

EVERYTHING = frozenset(
    {"clock", "restart", "ledger", "concurrency", "callbacks", "transfer", "refund", "balance"}
)
L3 = Ability(Level.L3, EVERYTHING)
ORDER = {"key": "order-1", "amount": "10", "currency": "EUR"}


def paid(tokens: int = 1) -> Story:
    story = Story(Settings())
    with story.call("request_to_pay", payment=1, **ORDER) as call:
        for _ in range(tokens):
            bearer = story.token()
        story.create("order-1", bearer=bearer)
        call.ok(reference_id=ID, state="pending")
    return story


def verdict_on(name: str, tally: Tally, ability: Ability = L3) -> Verdict:
    return next(row for row in tally.verdicts(ability) if row.requirement.id == name)


def tallied(*stories: Story) -> Tally:
    tally = Tally()
    for story in stories:
        tally.add(story.history())
    return tally


def test_there_is_one_verdict_for_each_requirement_of_its_direction() -> None:
    assert len(Tally().verdicts(L3)) == 87
    assert len(Tally().verdicts(Ability(Level.SERVER))) == 13


def test_what_was_met_passes_with_the_number_of_times() -> None:
    verdict = verdict_on("MOMO-TOK-01", tallied(paid(), paid()))
    assert (verdict.outcome, verdict.count, verdict.told) == (Outcome.PASS, 2, "PASS (2)")


def test_what_was_never_seen_is_not_exercised_and_says_what_was_not() -> None:
    verdict = verdict_on("MOMO-TOK-08", tallied(paid()))
    assert verdict.outcome is Outcome.NOT_EXERCISED
    assert verdict.requirement.trigger in verdict.why


def test_one_breach_outweighs_everything_and_shows_the_least_trace() -> None:
    verdict = verdict_on("MOMO-TOK-02", tallied(paid(), paid(tokens=2), paid()))
    assert verdict.outcome is Outcome.FAIL
    assert verdict.trace is not None
    assert [line.strip().partition(" ")[0] for line in verdict.trace.lines] == [
        "request_to_pay",
        "collection.token",
        "collection.token",
    ]


def test_of_two_breaches_the_one_after_fewer_steps_is_kept() -> None:
    long, short = (
        ExamplePlan(settings=Settings(), steps=(Pay("10", PAYER),) * count) for count in (3, 1)
    )
    tally = Tally()
    for plan in (long, short):
        tally.add(paid(tokens=2).history(), plan)
    trace = verdict_on("MOMO-TOK-02", tally).trace
    assert trace is not None
    assert trace.plan == replace(short, breaks="MOMO-TOK-02")


def test_what_a_client_cannot_do_is_untestable_and_says_what_is_missing() -> None:
    ability = Ability(Level.L2, EVERYTHING - {"clock"}, ("request_to_pay",))
    told = {row.requirement.id: row.told for row in Tally().verdicts(ability)}
    assert told["MOMO-REC-04"] == "UNTESTABLE (needs L3)"
    assert told["MOMO-STS-04"] == "UNTESTABLE (needs the status view payment)"


def test_a_breach_that_does_not_come_every_time_is_flaky() -> None:
    tally = tallied(paid(tokens=2))
    tally.mark_flaky("MOMO-TOK-02", 3, 5)
    assert verdict_on("MOMO-TOK-02", tally).told == "FLAKY (3 of 5)"


def test_a_log_with_a_gap_proves_nothing() -> None:
    story = paid(tokens=2)
    del story.events[4]
    verdict = verdict_on("MOMO-TOK-02", tallied(story))
    assert (verdict.outcome, verdict.why) == (Outcome.NOT_EXERCISED, "events were lost")


def test_a_client_that_claims_what_it_has_not_sent_passes_nothing() -> None:
    story = Story(Settings())
    with story.call("request_to_pay", payment=1, **ORDER) as call:
        story.token()
        call.ok(reference_id=ID, state="completed")
    sightings = judge(story.history())
    assert all(row.breach for rows in sightings.values() for row in rows)
    assert "nothing was sent for it" in sightings["MOMO-STS-09"][0].breach
