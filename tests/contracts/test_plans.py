import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo_contracts.errors import InvalidPlan
from momo_contracts.lifecycle import State
from momo_contracts.outcomes import OUTCOMES, Outcome
from momo_contracts.plans import (
    MAX_AFTER_MS,
    MAX_POLLS,
    After,
    AfterPolls,
    Immediate,
    OnApproval,
    Plan,
    Sequence,
    parse_plan,
    plan_for,
)
from momo_contracts.reasons import REASONS

progressions = st.one_of(
    st.just(Immediate()),
    st.integers(0, MAX_AFTER_MS).map(After),
    st.integers(0, MAX_POLLS).map(AfterPolls),
    st.integers(0, MAX_AFTER_MS).map(OnApproval),
)
sequences = (
    st.tuples(st.integers(0, 9), st.integers(0, 9))
    .filter(any)
    .map(lambda counts: Sequence((State.CREATED,) * counts[0] + (State.PENDING,) * counts[1]))
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    outcome = draw(st.sampled_from(Outcome))
    reasons = sorted(REASONS) if OUTCOMES[outcome].reason else []
    pending_state = draw(st.sampled_from([State.PENDING, State.CREATED]))
    reason = draw(st.sampled_from([None, *reasons]))
    if outcome is not Outcome.PENDING and draw(st.booleans()):
        return plan_for(outcome, reason=reason, progression=draw(sequences))
    never_ends = (outcome, pending_state) == (Outcome.PENDING, State.PENDING)
    progression = Immediate() if never_ends else draw(progressions)
    if outcome is Outcome.PENDING and isinstance(progression, OnApproval):
        progression = Immediate()
    return plan_for(outcome, reason=reason, progression=progression, pending_state=pending_state)


EVERYTHING = "FAILED; reason=NOT_ENOUGH_FUNDS; after=30s; pending=CREATED"
MEANINGS = (
    ("SUCCESSFUL", plan_for(Outcome.SUCCESSFUL)),
    ("  PENDING  ", plan_for(Outcome.PENDING)),
    ("TIMEOUT", Plan(Outcome.TIMEOUT, "EXPIRED")),
    ("REJECTED", Plan(Outcome.REJECTED, "APPROVAL_REJECTED")),
    ("FAILED", Plan(Outcome.FAILED, "INTERNAL_PROCESSING_ERROR")),
    (EVERYTHING, Plan(Outcome.FAILED, "NOT_ENOUGH_FUNDS", After(30_000), State.CREATED)),
    (EVERYTHING.replace(" ", ""), parse_plan(EVERYTHING)),
    ("SUCCESSFUL ; after = 500ms", plan_for(Outcome.SUCCESSFUL, progression=After(500))),
    ("SUCCESSFUL; after=0s", plan_for(Outcome.SUCCESSFUL, progression=After(0))),
    ("SUCCESSFUL; after=5m", plan_for(Outcome.SUCCESSFUL, progression=After(300_000))),
    ("SUCCESSFUL; after=720h", plan_for(Outcome.SUCCESSFUL, progression=After(MAX_AFTER_MS))),
    ("SUCCESSFUL; after_polls=3", plan_for(Outcome.SUCCESSFUL, progression=AfterPolls(3))),
    (
        "FAILED; sequence=CREATED, PENDING",
        plan_for(Outcome.FAILED, progression=Sequence((State.CREATED, State.PENDING))),
    ),
    ("SUCCESSFUL; on_approval", plan_for(Outcome.SUCCESSFUL, progression=OnApproval(300_000))),
    ("REJECTED; on_approval = 2m", plan_for(Outcome.REJECTED, progression=OnApproval(120_000))),
    ("SUCCESSFUL; pending=CREATED", plan_for(Outcome.SUCCESSFUL, pending_state=State.CREATED)),
)
OUTCOME_NAMES = "SUCCESSFUL, FAILED, PENDING, TIMEOUT, REJECTED"
PARAMETER_NAMES = "reason=…, after=…, after_polls=…, sequence=…, on_approval=…, pending=…"
MISTAKES = (
    ("", "''", OUTCOME_NAMES),
    ("successful", "'successful'", OUTCOME_NAMES),
    ("CREATED", "'CREATED'", OUTCOME_NAMES),
    ("SUCCESSFUL, FAILED", "'SUCCESSFUL, FAILED'", OUTCOME_NAMES),
    ("SUCCESSFUL;", "''", PARAMETER_NAMES),
    ("SUCCESSFUL; when=now", "'when=now'", PARAMETER_NAMES),
    ("SUCCESSFUL; after", "'after'", PARAMETER_NAMES),
    ("FAILED; reason=BAD_LUCK", "'BAD_LUCK'", "NOT_ENOUGH_FUNDS"),
    ("FAILED; reason=", "''", "NOT_ENOUGH_FUNDS"),
    ("SUCCESSFUL; reason=EXPIRED", "SUCCESSFUL carries no reason", "drop 'reason=EXPIRED'"),
    ("PENDING; after=5m", "PENDING never ends", "write 'SUCCESSFUL; after=5m'"),
    ("PENDING; after_polls=3", "PENDING never ends", "write 'SUCCESSFUL; after_polls=3'"),
    ("PENDING; on_approval", "PENDING never ends", "write 'SUCCESSFUL; on_approval'"),
    ("PENDING; on_approval=1m; pending=CREATED", "PENDING never ends", "; on_approval=1m'"),
    ("PENDING; sequence=CREATED", "PENDING never ends", "write 'SUCCESSFUL; sequence=CREATED'"),
    ("FAILED; sequence=", "''", "PENDING, CREATED"),
    ("FAILED; sequence=FAILED", "'FAILED'", "PENDING, CREATED"),
    ("FAILED; sequence=PENDING,CREATED", "go back", "from PENDING to CREATED"),
    ("FAILED; sequence=" + ",".join(["PENDING"] * 101), "at most 100", "after_polls="),
    ("FAILED; sequence=CREATED; pending=CREATED", "'sequence' and 'pending'", "keep one"),
    ("FAILED; after=1s; on_approval", "'after' and 'on_approval'", "keep one"),
    ("FAILED; on_approval=soon", "'soon'", "500ms, 30s, 5m or 24h"),
    ("PENDING; reason=EXPIRED", "PENDING carries no reason", "drop 'reason=EXPIRED'"),
    ("SUCCESSFUL; after=30", "'30'", "500ms, 30s, 5m or 24h"),
    ("SUCCESSFUL; after=-1s", "'-1s'", "500ms, 30s, 5m or 24h"),
    ("SUCCESSFUL; after=1.5s", "'1.5s'", "500ms, 30s, 5m or 24h"),
    ("SUCCESSFUL; after=721h", "'721h'", "30 days"),
    ("SUCCESSFUL; after_polls=-1", "'-1'", "0 to 10000"),
    ("SUCCESSFUL; after_polls=10001", "'10001'", "0 to 10000"),
    ("SUCCESSFUL; after_polls=²", "'²'", "0 to 10000"),
    ("SUCCESSFUL; after=1s; after_polls=1", "'after' and 'after_polls'", "keep one"),
    ("SUCCESSFUL; after=1s; after=2s", "'after'", "keep one"),
    ("SUCCESSFUL; pending=FAILED", "'FAILED'", "PENDING, CREATED"),
    ("SUCCESSFUL; pending=", "''", "PENDING, CREATED"),
)


@given(plans())
def test_a_plan_survives_its_own_text(plan: Plan) -> None:
    assert parse_plan(str(plan)) == plan


@pytest.mark.parametrize(("text", "plan"), MEANINGS)
def test_plan_texts_mean_what_the_grammar_says(text: str, plan: Plan) -> None:
    assert parse_plan(text) == plan


@pytest.mark.parametrize(("text", "token", "allowed"), MISTAKES)
def test_a_bad_plan_names_the_token_and_what_is_allowed(
    text: str, token: str, allowed: str
) -> None:
    with pytest.raises(InvalidPlan) as caught:
        parse_plan(text)

    assert token in str(caught.value)
    assert allowed in str(caught.value)


@given(st.text(max_size=60) | st.text(alphabet="SUCEFL;=after_polls 0123456789ms", max_size=60))
def test_no_text_makes_the_parser_fail_but_with_invalid_plan(text: str) -> None:
    try:
        plan = parse_plan(text)
    except InvalidPlan:
        return
    assert parse_plan(str(plan)) == plan


def test_every_reason_parses() -> None:
    for code in REASONS:
        assert parse_plan(f"FAILED; reason={code}").reason == code


def test_payments_with_one_plan_text_share_one_plan() -> None:
    assert parse_plan(EVERYTHING) is parse_plan(EVERYTHING)
