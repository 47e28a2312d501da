import json
from base64 import b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from momo_contracts.event_wire import to_wire
from momo_contracts.events import (
    NO_HEADERS,
    Body,
    CallbackAttempted,
    Detail,
    Event,
    ExchangeBegan,
    ExchangeEnded,
    RawHeaders,
)
from momo_contracts.redaction import (
    conceal_target,
    fingerprint,
    redact_body,
    redact_header,
    redact_target,
)

KEY, OTHER_KEY = b"key of one run..", b"key of the next."
SECRET = "CANARY'7e573adc/c3b1+452b=8f3b, & more"
TRACES = {SECRET, quote(SECRET), quote(SECRET, safe=""), b64encode(SECRET.encode()).decode()}
TRACES |= {b64encode(f"user:{SECRET}".encode()).decode(), "CANARY", quote("CANARY'")}
BASIC = b64encode(f"user:{SECRET}".encode())
TOKEN_REPLY = json.dumps({"access_token": SECRET, "token_type": "access_token"}).encode()
KEY_REPLY = json.dumps({"apiKey": SECRET}).encode()


def _began(target: str = "/", header: tuple[bytes, bytes] = (b"A", b"b")) -> Detail:
    return ExchangeBegan("GET", target, RawHeaders.of([header]), Body.of(b""), "default")


def _ended(content: bytes) -> Detail:
    return ExchangeEnded(200, NO_HEADERS, Body.of(content), "wallet")


def _attempted(url: str) -> Detail:
    return CallbackAttempted(
        reference_id="7a3e",
        delivery="7a3e.1",
        method="PUT",
        url=url,
        attempt=1,
        attempts=1,
        body=Body.of(b""),
        status=200,
        reply=Body.of(b'{"apiKey":"CANARY"}'),
        latency_ms=1,
    )


HIDING_PLACES: dict[str, Detail] = {
    "bearer": _began(header=(b"Authorization", b"Bearer " + SECRET.encode())),
    "bearer, odd blanks and case": _began(
        header=(b"AUTHORIZATION", b" bEARER   " + SECRET.encode())
    ),
    "basic": _began(header=(b"Authorization", b"Basic " + BASIC)),
    "no scheme": _began(header=(b"authorization", SECRET.encode())),
    "unknown scheme": _began(header=(b"Authorization", b"Token " + SECRET.encode())),
    "proxy": _began(header=(b"Proxy-Authorization", b"Basic " + BASIC)),
    "cookie": _began(header=(b"Cookie", b"session=" + SECRET.encode())),
    "subscription key": _began(header=(b"ocp-apim-subscription-key", SECRET.encode())),
    "query": _began(f"/x?subscription-key={quote(SECRET, safe='')}"),
    "query, last, other case": _began(f"/x?a=1&Subscription-Key={quote(SECRET, safe='')}"),
    "query, hash sign": _began("/x?subscription-key=#CANARY&b=2"),
    "query, encoded name": _began(f"/x?subscription%2Dkey={quote(SECRET, safe='')}"),
    "query, after a semicolon": _began("/x?a=1;subscription-key=CANARY"),
    "query, name of the header": _began("/x?Ocp-Apim-Subscription-Key=CANARY"),
    "fragment": _began("/x#subscription-key=CANARY"),
    "path, encoded question mark": _began("/x%3Fsubscription-key=CANARY"),
    "path, encoded twice": _began("/x%253F%73ubscription%252Dkey%253DCANARY"),
    "callback url": _attempted("http://localhost/?subscription-key=CANARY"),
    "callback url, header": _began(
        header=(b"X-Callback-Url", b"http://localhost/?subscription-key=CANARY")
    ),
    "token reply": _ended(TOKEN_REPLY),
    "api key reply": _ended(KEY_REPLY),
    "spaced": _ended(json.dumps({"apiKey": SECRET}, indent=2).encode()),
    "escaped quotes": _ended(json.dumps({"access_token": 'say "CANARY"'}).encode()),
    "single quotes": _ended(b"{'access_token': 'CANARY\"'}"),
    "bare words": _ended(b"{access_token: CANARY}"),
    "wrong type": _ended(b'{"apiKey":[CANARY]}'),
    "form": _ended(b"grant_type=refresh&refresh_token=CANARY&x=1"),
    "not UTF-8": _ended(b'{"access_token":"\xff\xfeCANARY'),
    "twice": _ended(TOKEN_REPLY * 2),
}


def _text(detail: Detail, key: bytes = KEY) -> str:
    return json.dumps(to_wire(Event(1, "default", 1, 1, detail), key), ensure_ascii=False)


@pytest.mark.parametrize("place", HIDING_PLACES)
def test_no_secret_leaves_in_any_form(place: str) -> None:
    text = _text(HIDING_PLACES[place])

    assert [trace for trace in TRACES if trace in text] == []
    assert "fp:" in text


URLS_WITH_A_PASSWORD = {
    "http://me:CANARY@localhost:1/x?a=b@c": "http://***@localhost:1/x?a=b@c",
    "HTTPS://CANARY@localhost": "HTTPS://***@localhost",
    "//me:CANARY@localhost/": "//***@localhost/",
    "me:CANARY@localhost:80": "***@localhost:80",
    "http:/me:CANARY@localhost": "***@localhost",
    "http://me:CANARY@CANARY@localhost/": "http://***@localhost/",
    "http://me:CANARY/CANARY@localhost/": "http://***@localhost/",
    "http://me:CANARY?CANARY@localhost/": "http://***@localhost/",
    "http://me:CANARY#CANARY@localhost/": "http://***@localhost/",
    "http://me:CANARY CANARY\\@localhost/": "http://***@localhost/",
    "http://localhost/?to=http%3A%2F%2Fme%3ACANARY%40h%2Fx": (
        "http://localhost/?to=http%3A%2F%2F***@h%2Fx"
    ),
}


@pytest.mark.parametrize(("url", "shown"), URLS_WITH_A_PASSWORD.items())
def test_a_url_is_shown_without_user_and_password(url: str, shown: str) -> None:
    header = (b"X-Callback-Url", url.encode())
    for detail in (_began(url), _began(header=header), _attempted(url)):
        text = _text(detail)
        assert "CANARY" not in text
        assert f'"{shown}"' in text
    assert conceal_target(url) == shown


def test_a_sentence_names_no_key() -> None:
    assert conceal_target("/x%3Fsubscription-key=CANARY&a=1") == "/x%3Fsubscription-key=***&a=1"


@given(st.integers(0, len(TOKEN_REPLY)), st.sampled_from([TOKEN_REPLY, KEY_REPLY]))
def test_a_reply_cut_off_anywhere_shows_nothing_of_its_secret(cut: int, reply: bytes) -> None:
    assert "CAN" not in _text(_ended(reply[:cut]))


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_whatever_surrounds_a_secret_field_it_is_replaced(before: bytes, after: bytes) -> None:
    content = before + b'"access_token":"CANARY"' + after

    assert "CANARY" not in redact_body(content.decode(errors="replace"), KEY)


@given(st.text(min_size=1), st.text(min_size=1))
def test_fingerprints_compare_within_a_run_and_only_there(one: str, other: str) -> None:
    assert fingerprint(one, KEY) == fingerprint(one, KEY)
    assert (fingerprint(one, KEY) == fingerprint(other, KEY)) == (one == other)
    assert fingerprint(one, KEY) != fingerprint(one, OTHER_KEY)


def test_a_token_is_recognised_from_its_reply_to_its_use() -> None:
    token = "eyJ0.eyJj.c2ln"
    print_of = fingerprint(token, KEY)

    assert (
        redact_body(json.dumps({"access_token": token}), KEY) == f'{{"access_token": "{print_of}"}}'
    )
    assert redact_header("Authorization", f"bearer {token}", KEY) == f"bearer {print_of}"


def test_a_key_is_recognised_in_header_and_query() -> None:
    in_header = redact_header("Ocp-Apim-Subscription-Key", "a key", KEY)

    assert redact_target("/x?subscription-key=a%20key&y=1", KEY) == (
        f"/x?subscription-key={in_header}&y=1"
    )


@pytest.mark.parametrize(
    "target",
    [
        "*",
        "/",
        "/x?",
        "/x?a=1&b=2#c",
        "/x?key=1",
        "host:443",
        "?&&=",
        "http://localhost:80/a:b@c?mail=d@e",
        "http://[::1]:80/a:b@c",
        "http://[::1]/a@b",
    ],
)
def test_a_target_without_a_secret_stays_as_it_is(target: str) -> None:
    assert redact_target(target, KEY) == target


@given(st.text())
def test_text_without_secret_fields_stays_as_it_is(text: str) -> None:
    if not any(name in text for name in ("access_token", "refresh_token", "apiKey")):
        assert redact_body(text, KEY) == text
    if "@" not in text:
        assert redact_header("Content-Type", text, KEY) == text


def test_the_url_of_a_callback_host_loses_its_password() -> None:
    body = '{"providerCallbackHost":"http://me:hush@x.test/","x":1}'

    assert redact_body(body, KEY) == '{"providerCallbackHost":"http://***@x.test/","x":1}'
