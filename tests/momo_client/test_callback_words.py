"""What a callback says: a word that fits a line, and what the books have to say about it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from momo_client import Cause, Payment, PaymentStatus, Review
from momo_client.core.callbacks import contradicts, read_reference_id, read_word

PAYMENT_ID = "0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10"
NEVER_AGAIN = {"next_check_at_ms": None}
COMPLETED = NEVER_AGAIN | {"status": PaymentStatus.COMPLETED, "provider_status": "SUCCESSFUL"}
FAILED = NEVER_AGAIN | {"status": PaymentStatus.FAILED}
REFUSED = FAILED | {"cause": Cause.REFUSED}
REJECTED = FAILED | {"cause": Cause.PROVIDER, "provider_status": "REJECTED"}
LATE = FAILED | {"review": Review.OPEN, "provider_status": "SUCCESSFUL"}
LOST = FAILED | {"review": Review.OPEN, "provider_status": "PENDING"}
ACCEPTED = LOST | {"review": Review.ACCEPTED, "status": PaymentStatus.COMPLETED}
WATCHED = {"status": PaymentStatus.FAILED, "cause": Cause.DEADLINE}


@pytest.mark.parametrize(
    ("payment", "words"),
    [
        ({}, ""),
        (WATCHED, ""),
        (COMPLETED, "FAILED REJECTED TIMEOUT"),
        (REFUSED, "SUCCESSFUL"),
        (REJECTED, "SUCCESSFUL"),
        (LATE, "FAILED REJECTED TIMEOUT"),
        (LOST, "SUCCESSFUL"),
        (ACCEPTED, "FAILED REJECTED TIMEOUT"),
    ],
)
def test_an_end_is_contradicted_by_the_other_end_alone(
    new_payment: Callable[..., Payment], payment: dict[str, Any], words: str
) -> None:
    every = ("SUCCESSFUL", "FAILED", "REJECTED", "TIMEOUT", "PENDING", "CREATED", "successful", "?")

    row = new_payment(**payment)

    assert [word for word in every if contradicts(row, word)] == words.split()


NON_CALLBACKS = (
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
        max_leaves=8,
    ).map(lambda content: json.dumps(content).encode())
    | st.dictionaries(st.just("status"), st.integers() | st.lists(st.text())).map(
        lambda content: json.dumps(content).encode()
    )
)


@given(NON_CALLBACKS)
@settings(deadline=None)
def test_any_bytes_have_a_word_for_a_line_or_none(body: bytes) -> None:
    word = read_word(body)
    assert word is None or (word.isprintable() and 0 < len(word) <= 200)


@pytest.mark.parametrize(
    ("path", "reference_id"),
    [
        (f"/momo/{PAYMENT_ID}", PAYMENT_ID),
        (f"/{PAYMENT_ID.upper()}", PAYMENT_ID),
        (f"/{PAYMENT_ID}/", None),
        ("/order-7", None),
    ],
)
def test_the_last_segment_of_the_address_names_the_payment(
    path: str, reference_id: str | None
) -> None:
    assert read_reference_id(path) == reference_id
