import pytest

from momo_contracts import operations, wire_errors
from momo_contracts.reasons import REASONS
from momo_contracts.reasons import ROWS as REASON_ROWS
from momo_contracts.wire_errors import CATALOGUE, Layer, WireError, is_definite

DEFINITE_TABLE = (
    # HTTP status, code in the body, does it prove that nothing happened?
    (400, "", True), (401, "", True), (403, "", True), (404, "", True), (411, "", True),
    (413, "", True), (422, "", True), (499, "", True),
    (408, "", False), (409, "", False), (429, "", False),
    (200, "", False), (202, "", False), (302, "", False),
    (500, "", False), (502, "", False), (503, "", False), (504, "", False), (599, "", False),
    (500, "INVALID_CURRENCY", True), (500, "INVALID_CALLBACK_URL_HOST", True),
    (500, "NOT_ALLOWED", True), (500, "NOT_ALLOWED_TARGET_ENVIRONMENT", True),
    (400, "MOCK_INVALID_OUTCOME", True),
    (409, "RESOURCE_ALREADY_EXIST", False), (404, "RESOURCE_NOT_FOUND", False),
    (500, "INTERNAL_PROCESSING_ERROR", False), (503, "SERVICE_UNAVAILABLE", False),
    (500, "SOMETHING_NEW", False), (400, "SOMETHING_NEW", True),
)  # fmt: skip


_NO_ERROR_STATUS = (wire_errors.WAF_REJECTED, wire_errors.TOKEN_PATH_WITHOUT_SLASH)


def _defined() -> list[WireError]:
    return [value for value in vars(wire_errors).values() if isinstance(value, WireError)]


def test_every_error_is_in_the_catalogue_once() -> None:
    assert list(CATALOGUE) == _defined()
    for names in (
        [row.name for row in CATALOGUE],
        [row.code for row in CATALOGUE if row.code],
        [(row.layer, row.status, row.message) for row in CATALOGUE if row.message],
    ):
        assert len(names) == len(set(names))


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_a_row_has_a_source_and_only_wallet_errors_have_codes(row: WireError) -> None:
    assert row.provenance.startswith(("observed", "documented", "assumed", "mission"))
    assert 400 <= row.status < 600 or row in _NO_ERROR_STATUS
    if row.code:
        assert row.layer is Layer.WALLET
        assert row.name == row.code.lower()
    if row.layer is not Layer.WALLET:
        assert row.message


@pytest.mark.parametrize(("status", "code", "definite"), DEFINITE_TABLE)
def test_only_a_reply_that_proves_nothing_happened_is_definite(
    status: int,
    code: str,
    definite: bool,  # noqa: FBT001  # a column of the table
) -> None:
    assert is_definite(status, code) is definite


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: row.name)
def test_a_definite_answer_is_read_back_as_definite_or_left_open(row: WireError) -> None:
    if is_definite(row.status, row.code):
        assert row.definite


def test_these_errors_and_no_others_leave_a_payment_undecided() -> None:
    assert {row.name for row in CATALOGUE if not row.definite} == {
        "resource_already_exist", "resource_not_found", "internal_processing_error",
        "service_unavailable", "unexpected", "bad_gateway", "gateway_timeout", "waf_rejected",
    }  # fmt: skip


def test_reasons_and_errors_with_the_same_code_have_the_same_words() -> None:
    for row in CATALOGUE:
        if row.code in REASONS:
            assert REASONS[row.code].message == row.message


def test_reason_codes_are_unique_and_upper_snake() -> None:
    assert len(REASONS) == len(REASON_ROWS)
    assert all(code.replace("_", "").isalpha() and code.isupper() for code in REASONS)


def test_operations_are_unique_by_name_and_by_method_and_path() -> None:
    rows = operations.CATALOGUE

    assert len(operations.OPERATIONS) == len(rows)
    assert len({(row.method, row.path) for row in rows}) == len(rows)
    assert {row.name for row in rows if row.creates} == {
        "apiuser.create", "collection.requesttopay.create", "collection.requesttowithdraw.create",
        "collection.requesttowithdraw.create_v2", "collection.payment.create",
        "disbursement.transfer.create", "disbursement.deposit.create",
        "disbursement.deposit.create_v2", "disbursement.refund.create",
        "disbursement.refund.create_v2", "remittance.transfer.create",
    }  # fmt: skip
