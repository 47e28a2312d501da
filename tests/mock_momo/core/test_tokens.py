import json
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mock_momo.core import tokens
from mock_momo.core.authentication import authenticate_basic, authenticate_bearer
from mock_momo.core.authorization import basic_credentials, bearer_token
from mock_momo.core.commands import IssueToken
from mock_momo.core.namespace import Namespace
from mock_momo.core.replies import Refused, TokenIssued
from mock_momo.core.settings import Settings
from momo_contracts.wire_errors import INVALID_BEARER, LOGIN_FAILED

NOW_MS = 1_700_000_000_123
SECRET = b"secret"
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # the wire's timestamps have no zone
SAMPLE = tokens.issue("user", "session", NOW_MS, SECRET)


def world(name: str = "default") -> Namespace:
    return Namespace(name, Settings())


def token_of(namespace: Namespace, now_ms: int = NOW_MS) -> str:
    reply, _ = namespace.engine.submit(IssueToken(namespace.credentials.api_user), now_ms)
    assert isinstance(reply, TokenIssued)
    return reply.token


def why_refused(namespace: Namespace, token: str, now_ms: int = NOW_MS) -> str:
    with pytest.raises(Refused) as caught:
        authenticate_bearer(namespace, f"Bearer {token}", now_ms)
    assert caught.value.refusal.error is INVALID_BEARER
    assert token not in caught.value.refusal.why
    return caught.value.refusal.why


@given(st.uuids(version=4).map(str), st.datetimes(EPOCH, EPOCH + timedelta(days=376_000)))
def test_a_token_claims_what_was_issued_to_the_millisecond(user: str, expires: datetime) -> None:
    expires_at_ms = (expires - EPOCH) // timedelta(milliseconds=1)
    token = tokens.issue(user, "session", expires_at_ms, SECRET)

    assert tokens.read_claims(token) == tokens.Claims(user, expires_at_ms)
    assert tokens.is_genuine(token, SECRET)
    assert not tokens.is_genuine(token, b"another secret")


def test_a_token_has_the_shape_of_the_captured_ones() -> None:
    header, payload, signature = (urlsafe_b64decode(part + "==") for part in SAMPLE.split("."))

    assert header == b'{"typ":"JWT","alg":"R256"}'
    assert payload == (
        b'{"clientId":"user","expires":"2023-11-14T22:13:20.123","sessionId":"session"}'
    )
    assert len(signature) == 256
    assert "=" not in SAMPLE


def test_each_token_has_a_session_of_its_own_which_is_a_uuid_of_version_4() -> None:
    namespace = world()
    payloads = [urlsafe_b64decode(token_of(namespace).split(".")[1] + "==") for _ in range(3)]

    sessions = {UUID(json.loads(payload)["sessionId"]) for payload in payloads}
    assert len(sessions) == 3
    assert {session.version for session in sessions} == {4}


def test_a_token_dies_exactly_at_its_expiry() -> None:
    namespace = world()
    token = token_of(namespace)
    deadline_ms = NOW_MS + 3_600_000

    user = authenticate_bearer(namespace, f"Bearer {token}", deadline_ms - 1)
    assert user == namespace.credentials.api_user
    assert "expired 0 s ago" in why_refused(namespace, token, deadline_ms)


@given(st.integers(0, len(SAMPLE) - 1), st.characters(min_codepoint=33, max_codepoint=0x17F))
def test_a_token_changed_in_any_character_is_refused(place: int, char: str) -> None:
    namespace = world()
    token = token_of(namespace)
    place = place % len(token)
    assume(token[place] != char)

    why_refused(namespace, token[:place] + char + token[place + 1 :])


def test_no_character_of_a_token_is_free_not_even_in_its_last_unused_bits() -> None:
    for place, char in enumerate(SAMPLE):
        other = chr(ord(char) ^ 1)
        assert not tokens.is_genuine(SAMPLE[:place] + other + SAMPLE[place + 1 :], SECRET), place


@given(st.integers(0, 900), st.integers(0, 7))
def test_a_token_with_any_bit_flipped_in_any_part_is_refused(place: int, bit: int) -> None:
    namespace = world()
    parts = [bytearray(urlsafe_b64decode(part + "==")) for part in token_of(namespace).split(".")]
    part = parts[place % 3]
    part[place // 3 % len(part)] ^= 1 << bit

    why_refused(namespace, ".".join(urlsafe_b64encode(row).rstrip(b"=").decode() for row in parts))


@given(st.integers(1, len(SAMPLE) - 1))
def test_a_token_cut_off_anywhere_is_refused(length: int) -> None:
    namespace = world()

    why_refused(namespace, token_of(namespace)[:-length])


def test_every_token_is_new_and_the_old_ones_stay_good() -> None:
    namespace = world()
    issued = {token_of(namespace) for _ in range(3)}

    assert len(issued) == 3
    for token in issued:
        authenticate_bearer(namespace, f"Bearer {token}", NOW_MS)


def test_the_token_of_another_namespace_is_refused() -> None:
    assert "not issued by namespace 'mine'" in why_refused(world("mine"), token_of(world("other")))


def test_a_reset_revokes_every_token() -> None:
    namespace = world()
    token = token_of(namespace)
    namespace.reset(NOW_MS)

    assert "revoked" in why_refused(namespace, token)


def test_raising_the_epoch_revokes_the_tokens_of_that_user_alone() -> None:
    namespace = world()
    token = token_of(namespace)
    namespace.engine.api_users[namespace.credentials.api_user].epoch += 1

    assert "revoked" in why_refused(namespace, token)
    authenticate_bearer(namespace, f"Bearer {token_of(namespace)}", NOW_MS)


def _encoded(payload: str) -> str:
    body = urlsafe_b64encode(payload.encode()).rstrip(b"=").decode()
    return f"{tokens._HEADER}.{body}.x"  # noqa: SLF001  # the constant of the wire, not ours


@pytest.mark.parametrize(
    "token",
    [
        "", ".", "..", "a.b.c", "x" * 3000, SAMPLE.replace(".", "", 1), f"{SAMPLE}.x",
        f"{tokens._HEADER}.é.x", f"{tokens._HEADER}.\udcff.x", f"{tokens._HEADER}.A.x",  # noqa: SLF001  # likewise
        _encoded("[" * 1400), _encoded("[]"), _encoded("null"), _encoded("{}"), _encoded("1" * 999),
        _encoded('{"expires":1,"clientId":"u"}'), _encoded('{"expires":"soon","clientId":"u"}'),
        _encoded('{"expires":"2023-11-14T22:13:20.123"}'), _encoded('{"expires":'),
    ],
    ids=lambda token: token[:60].encode("ascii", "backslashreplace").decode(),
)  # fmt: skip
def test_what_is_no_token_claims_nothing(token: str) -> None:
    assert tokens.read_claims(token) is None


@given(st.text())
def test_no_authorization_makes_a_reader_fail(text: str) -> None:
    tokens.read_claims(bearer_token(text))
    basic_credentials(text)
    basic_credentials(f"Basic {text}")


@pytest.mark.parametrize(
    ("authorization", "found"),
    [
        ("Bearer abc", "abc"), ("bearer  abc ", "abc"), (" BEARER abc", "abc"),
        ("Basic abc", ""), ("abc", ""), ("Bearer", ""), ("", ""), ("Bearer: abc", ""),
    ],
)  # fmt: skip
def test_a_bearer_token_is_found_in_any_case_and_spacing(authorization: str, found: str) -> None:
    assert bearer_token(authorization) == found


@pytest.mark.parametrize(
    ("authorization", "found"),
    [
        ("Basic dTpr", ("u", "k")), ("basic  dTpr ", ("u", "k")), ("Basic dTprOms=", ("u", "k:k")),
        ("Basic dQ==", ("u", "")), ("Basic: dTpr", ("", "")), ("Basic u:k", ("", "")),
        ("Basic dTp", ("", "")), ("Basic /w==", ("", "")), ("Basic é", ("", "")),
        ("Bearer dTpr", ("", "")), ("dTpr", ("", "")), ("Basic", ("", "")), ("", ("", "")),
    ],
)  # fmt: skip
def test_basic_credentials_are_found_or_empty(authorization: str, found: tuple[str, str]) -> None:
    assert basic_credentials(authorization) == found


@pytest.mark.parametrize("login", ["{user}:{key}", "{key}:{user}", "{key}", "{key}:"])
def test_a_failed_login_repeats_no_credential(login: str) -> None:
    namespace, key = world(), "0123456789abcdef"
    text = login.format(user=namespace.credentials.api_user, key=key)

    with pytest.raises(Refused) as caught:
        authenticate_basic(namespace, f"Basic {b64encode(text.encode()).decode()}")

    assert caught.value.refusal.error is LOGIN_FAILED
    assert key not in caught.value.refusal.why
