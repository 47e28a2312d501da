"""Whatever a provider and a network may do to payments, as rules of the fake that are drawn."""

from hypothesis import strategies as st

PAY, TRANSFER = "collection.requesttopay.create", "disbursement.transfer.create"
REFUND = "disbursement.refund.create"
HOUR_S, DAY_S = 3600, 24 * 3600
PLANS = (
    "SUCCESSFUL", "FAILED", "REJECTED; after=2m", "TIMEOUT; on_approval=1m", "PENDING",
    "SUCCESSFUL; after=40s", "SUCCESSFUL; after=72h", "SUCCESSFUL; after_polls=2",
    "SUCCESSFUL; on_approval", "FAILED; after=26h",
)  # fmt: skip
FATES = ("stuck_pending", "late_success", {"late_success": {"after_s": 3 * DAY_S}})
FAULTS = (
    "lose_reply", "reset_before", "empty_reply", "conflict", "not_visible", "token_revoked",
    "unauthorized", "server_error", {"server_error": {"status": 500}}, "gateway_failure",
    {"wallet_error": {"code": "NOT_ALLOWED"}}, {"wallet_error": {"code": "RESOURCE_NOT_FOUND"}},
    {"wallet_error": {"code": "INVALID_CURRENCY"}}, "truncated_body", "malformed_json",
    "wrong_content_type", "waf_page", {"rate_limited": {"retry_after_s": 20}},
    {"rate_limited": {"retry_after_s": 2 * HOUR_S}}, "bad_request", "out_of_quota", "forbidden",
)  # fmt: skip


def _on(operation: str) -> dict[str, str]:
    return {"operation": operation}


troubles = st.fixed_dictionaries(
    {
        "fault": st.sampled_from(FAULTS),
        "match": st.sampled_from(["*.create", "*.status", "*.token", "*"]).map(_on),
        "skip_first": st.sampled_from([0, 0, 1]),
        "times": st.sampled_from([1, 2, None]),
        "probability": st.sampled_from([1, 0.5]),
    }
)
fates = st.fixed_dictionaries(
    {
        "match": st.sampled_from([PAY, TRANSFER, REFUND]).map(_on),
        "outcome": st.sampled_from(PLANS),
    }
) | st.fixed_dictionaries(
    {"match": st.just({"operation": "*.create"}), "fault": st.sampled_from(FATES)}
)
provider_rules = troubles | fates
