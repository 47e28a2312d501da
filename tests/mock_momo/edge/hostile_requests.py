"""Requests of which nothing good is to be expected, and the status each of them gets."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass

from mock_momo.core.registry import Registry
from mock_momo.core.settings import Settings
from momo_contracts.values import Product
from tests.mock_momo.core.calls import BALANCE, REFERENCE_ID, REQUEST_TO_PAY, TOKEN, bearer
from tests.mock_momo.edge.wire import Headers, compose

OTHER_ID = f"{REFERENCE_ID[:-1]}2"
PAYER = {"partyIdType": "MSISDN", "partyId": "46733123999"}
ORDER = {"amount": "5", "currency": "EUR", "externalId": "7", "payer": PAYER}
GOOD_BODY = json.dumps(ORDER).encode()
NAMESPACES = "/_mock/v1/namespaces"
_DEFAULT = Registry(Settings()).default
RIGHT: Headers = {
    "Host": "localhost",
    "Ocp-Apim-Subscription-Key": _DEFAULT.credentials.subscription_keys[Product.COLLECTION],
    "Authorization": bearer(_DEFAULT),
    "X-Target-Environment": "sandbox",
    "X-Reference-Id": REFERENCE_ID,
}


@dataclass(frozen=True, slots=True)
class Hostile:
    """A request and the status it gets; one that is no HTTP is refused before it is anybody's."""

    name: str
    content: bytes
    status: int
    is_http: bool = True


def _post(body: bytes, extra: bytes = b"", **headers: str | None) -> bytes:
    """A payment, right but for `body`, for `headers`, and for raw header lines after them."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return _with(compose("POST", REQUEST_TO_PAY, RIGHT | named, body), extra)


def _get(target: str = BALANCE, extra: bytes = b"", method: str = "GET") -> bytes:
    return _with(compose(method, target, RIGHT), extra)


def _with(request: bytes, lines: bytes) -> bytes:
    head, _, body = request.partition(b"\r\n\r\n")
    return head + b"\r\n" + lines + b"\r\n" + body


def _sized(line: bytes, body: bytes = b"abcde") -> bytes:
    """A payment whose body has the length that `line` says."""
    return _post(b"", line, Content_Length=None) + body


def _chunked(body: bytes, line: bytes = b"Transfer-Encoding: chunked\r\n") -> bytes:
    return _sized(line, body)


def _said(value: str) -> bytes:
    return _sized(f"Content-Length: {value}\r\n".encode())


def _order(**changes: object) -> bytes:
    return _post(json.dumps({**ORDER, **changes}).encode())


def _beside(key_and_value: bytes) -> bytes:
    """A good order with one more key."""
    return _post(GOOD_BODY[:-1] + b"," + key_and_value + b"}")


def _lines(count: int, size: int = 1) -> bytes:
    return b"".join(b"X-%d: %s\r\n" % (number, b"a" * size) for number in range(count))


_HEADERS = {
    "100 headers of 8 KB": (_get(extra=_lines(100, 8_000)), 200),
    "two reference ids": (_post(GOOD_BODY, b"X-Reference-Id: %s\r\n" % OTHER_ID.encode()), 202),
    "two bearers": (_get(extra=b"Authorization: Bearer x\r\n"), 200),
    "two keys": (_get(extra=b"Ocp-Apim-Subscription-Key: x\r\n"), 200),
    "a thousand connections": (_get(extra=b"Connection: %s\r\n" % (b"close, " * 1_000)), 200),
    "bytes for a reference id": (
        _post(GOOD_BODY, b"X-Reference-Id: \xff\xfe\r\n", X_Reference_Id=None), 400),
    "bytes for a bearer": (
        _post(GOOD_BODY, b"Authorization: Bearer \xff.\xfe.\x80\r\n", Authorization=None), 401),
    "bytes for a key": (_post(GOOD_BODY, b"Ocp-Apim-Subscription-Key: \xff\r\n",
                              Ocp_Apim_Subscription_Key=None), 401),
    "bytes for a plan": (_post(GOOD_BODY, b"X-Mock-Outcome: \xff\r\n"), 400),
    "bytes for a callback": (_post(GOOD_BODY, b"X-Callback-Url: http://localhost/\xff\r\n"), 400),
    "a login of bytes": (compose("POST", TOKEN, RIGHT | {"Authorization": "Basic /zr+"}), 401),
    "an endless plan": (_post(GOOD_BODY, X_Mock_Outcome=f"SUCCESSFUL; after={'9' * 5_000}s"), 400),
    "a plan of a thousand": (_post(GOOD_BODY, X_Mock_Outcome=";".join(["FAILED"] * 1_000)), 400),
}  # fmt: skip
_BODIES = {
    "10 MB": (_post(b"a" * 10_000_000), 413),
    "10 MB in chunks, and no end": (_chunked((b"10000\r\n" + b"a" * 65_536 + b"\r\n") * 160), 413),
    "a length of 2^63 - 1": (_said("9223372036854775807"), 413),
    "a length of 2^64 - 1": (_said("18446744073709551615"), 400),
    "64 KB of chunk extension": (_chunked(b"1;" + b"a" * 65_536 + b"\r\n{\r\n0\r\n\r\n"), 400),
    "gzip, then chunks": (
        _chunked(b"0\r\n\r\n", b"Transfer-Encoding: gzip, chunked\r\n"), 400),
    "a gzip bomb": (_post(gzip.compress(b"[" * 50_000_000), Content_Encoding="gzip"), 400),
    "a go-ahead for nothing": (_said("0").replace(b"abcde", b"")
                               .replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"), 400),
    "a go-ahead for no length": (_sized(b"Expect: 100-continue\r\n", b""), 411),
    "a body for a GET": (_get(extra=b"Content-Length: 5\r\n") + b"abcde", 200),
    "brackets, 100,000 deep": (_post(b"[" * 100_000 + b"]" * 100_000), 400),
    "objects, 50,000 deep": (_post(b'{"payer":' * 50_000 + b"1" + b"}" * 50_000), 400),
    "deep where nobody looks": (_beside(b'"x":' + b"[" * 100_000 + b"]" * 100_000), 400),
    "150 deep where nobody looks": (_beside(b'"x":' + b"[" * 150 + b"]" * 150), 202),
    "an int of 500,000 digits": (_post(b'{"amount":' + b"9" * 500_000 + b"}"), 400),
    "an externalId of 4,000 digits": (_beside(b'"externalId":' + b"9" * 4_000), 202),
    "an externalId of 1e999999": (_beside(b'"externalId":1e999999'), 400),
    "NaN": (_post(b'{"amount":NaN}'), 400),
    "-Infinity": (_beside(b'"amount":-Infinity'), 400),
    "half a surrogate": (_beside(b'"payeeNote":"\\udfff"'), 400),
    "a byte order mark": (_post(b"\xef\xbb\xbf" + GOOD_BODY), 400),
    "UTF-16": (_post(GOOD_BODY.decode().encode("utf-16")), 400),
    "UTF-32": (_post(GOOD_BODY.decode().encode("utf-32")), 400),
    "a key twice": (_beside(b'"amount":"6"'), 202),
    "80,000 keys": (_post(b"{%s}" % b",".join(b'"%d":1' % n for n in range(80_000))), 400),
    "an amount of 100,000 digits": (_order(amount="9" * 100_000), 400),
    "an amount of 100,000 decimals": (_order(amount=f"0.{'0' * 100_000}1"), 400),
    "an infinite amount": (_order(amount="Infinity"), 400),
    "an amount that is none": (_order(amount="sNaN"), 400),
    "an amount of Arabic digits": (_order(amount="\u0665"), 400),
    "an amount with a NUL": (_order(amount="5\x00"), 400),
    "an amount with a line end": (_order(amount="5\n"), 400),
    "a payer of NULs": (_order(payer={**PAYER, "partyId": "\x00" * 9}), 202),
    "a payer of escapes": (_order(payer={**PAYER, "partyId": "\x1b[2J\r\n\u202e"}), 202),
    "a payer of 100 KB": (_order(payer={"partyIdType": "M" * 100_000, "partyId": "1" * 9}), 202),
    "a note of 100,000 NULs": (_order(payeeNote="\x00" * 100_000), 202),
}  # fmt: skip
_TARGETS = {
    "a target that names a host": (_get(f"http://evil.test:1{BALANCE}"), 200),
    "a target that is a host": (_get("http://evil.test"), 404),
    "CONNECT to a host": (_get("evil.test:443", method="CONNECT"), 404),
    "CONNECT to a path": (_get(method="CONNECT"), 404),
    "TRACE": (_get(method="TRACE"), 404),
    "8,000 bytes of path": (_get("/" + "a" * 8_000), 404),
    "4,000 segments": (_get("/collection" + "/" * 4_000), 404),
    "a NUL for an id": (_get(f"{REQUEST_TO_PAY}/%00"), 400),
    "slashes for an id": (_get(f"{REQUEST_TO_PAY}/..%2f..%2f"), 404),
    "a way up": (_get("/collection/../../../etc/passwd"), 404),
    "a NUL for a namespace": (_get(f"/ns/%00{BALANCE}"), 404),
    "half a surrogate for a namespace": (_get(f"/ns/%ED%A0%80{BALANCE}"), 404),
    "2,000 parameters": (_get(f"{BALANCE}?{'&a=1' * 2_000}"), 200),
    "HTTP/0.9": (_get().replace(b"HTTP/1.1", b"HTTP/0.9", 1), 200),
    "HTTP/2.0": (_get().replace(b"HTTP/1.1", b"HTTP/2.0", 1), 200),
    "an upgrade to HTTP/2": (_get(extra=b"Connection: Upgrade\r\nUpgrade: h2c\r\n"), 200),
    "an upgrade to a web socket": (
        _get(extra=b"Connection: Upgrade\r\nUpgrade: websocket\r\n"), 200),
    "empty lines before a request": (b"\r\n" * 10_000 + _get(), 200),
}  # fmt: skip
_NO_HTTP = {
    "10,000 headers": _get(extra=_lines(10_000)),
    "a header of 64 KB": _get(extra=_lines(1, 65_536)),
    "an endless header": _get()[:-2] + b"X: " + b"a" * 100_000,
    "a folded header": _get(extra=b" folded\r\n"),
    "two hosts": _get(extra=b"Host: evil.test\r\n"),
    "no host": _get().replace(b"Host: localhost\r\n", b""),
    "bare line feeds": _get().replace(b"\r\n", b"\n"),
    "bare carriage returns": _get().replace(b"\r\n", b"\r"),
    "the same length twice": _said("5\r\nContent-Length: 5"),
    "a list of lengths": _said("5, 5"),
    "a length of 5,000 digits": _said("9" * 5_000),
    "a length with a sign": _said("+5"),
    "a length of Arabic digits": _said("\u0665"),
    "no length in a length": _said(""),
    "a chunk of -1": _chunked(b"-1\r\nabc\r\n0\r\n\r\n"),
    "a chunk of 0x4": _chunked(b"0x4\r\nabcd\r\n0\r\n\r\n"),
    "a chunk of 2^400": _chunked(b"f" * 100 + b"\r\nabc\r\n"),
    "a chunk longer than it says": _chunked(b"3\r\nabcdef\r\n0\r\n\r\n"),
    "10,000 trailers": _chunked(b"0\r\n" + _lines(10_000) + b"\r\n"),
    "chunks of chunks": _chunked(b"0\r\n\r\n", b"Transfer-Encoding: chunked, chunked\r\n"),
    "chunks twice": _chunked(b"0\r\n\r\n", b"Transfer-Encoding: chunked\r\n" * 2),
    "gzip, and no chunks": _chunked(b"abc", b"Transfer-Encoding: gzip\r\n"),
    "a length and chunks": _chunked(
        b"0\r\n\r\n" + _get(), b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
    "chunks and a length": _chunked(
        b"0\r\n\r\n" + _get(), b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
    "HTTP/2 and its settings": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04" + b"\x00" * 5,
    "HTTP/1.2": _get().replace(b"HTTP/1.1", b"HTTP/1.2", 1),
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 2,
    "a port above all ports": _get(f"http://localhost:99999{BALANCE}"),
    "an asterisk to GET": _get("*"),
    "CONNECT to nowhere": _get("a:b:c", method="CONNECT"),
    "a NUL in the path": _get("/\x00"),
    "a megabyte of path": b"GET /" + b"a" * 1_000_000,
    "a method nobody has": _get(method="PWN"),
    "a method of 7,000 letters": _get(method="A" * 7_000),
}  # fmt: skip
CONTROL = {
    "brackets, 100,000 deep": (compose("PUT", f"{NAMESPACES}/x", RIGHT, b"[" * 100_000), 400),
    "10 MB": (compose("PUT", f"{NAMESPACES}/x", RIGHT, b"a" * 10_000_000), 413),
    "an endless length": (
        compose("PUT", f"{NAMESPACES}/x", RIGHT | {"Content-Length": "9" * 18}), 413),
    "bytes": (compose("PUT", f"{NAMESPACES}/x", RIGHT, b"\xff\xfe\x00"), 400),
    "a NUL for a namespace": (compose("PUT", f"{NAMESPACES}/%00", RIGHT, b"{}"), 400),
    "a way up": (_get(f"{NAMESPACES}/..%2f..%2fetc"), 404),
    "2,000 parameters": (_get(f"{NAMESPACES}/default/events?a=1{'&a=1' * 1_900}"), 400),
    "an absurd number": (_get(f"{NAMESPACES}/default/events?after={'9' * 5_000}"), 400),
    "CONNECT": (_get(f"{NAMESPACES}", method="CONNECT"), 404),
    "a target that names a host": (_get(f"http://evil.test{NAMESPACES}"), 200),
}  # fmt: skip


def _rows() -> Iterator[Hostile]:
    for name, (content, status) in {**_HEADERS, **_BODIES, **_TARGETS}.items():
        yield Hostile(name, content, status)
    for name, content in _NO_HTTP.items():
        yield Hostile(name, content, 400, is_http=False)


HOSTILE = tuple(_rows())
