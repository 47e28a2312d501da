"""An HTTP answer, read from a stream to its very end or not at all."""

import json
from collections.abc import Mapping
from typing import BinaryIO, NamedTuple


class Broken(Exception):
    """What came is no whole HTTP answer, or too much of one."""


class Unreadable(Exception):
    """The body of an answer is not a JSON object, or does not say that it is one."""


class Reply(NamedTuple):
    """A whole answer; the names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Mapping[str, object]:
        """The body as a JSON object. Raises Unreadable."""
        if not self.is_json:
            raise Unreadable("the answer is not JSON")
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            raise Unreadable("the answer does not parse") from None
        if not isinstance(document, dict):
            raise Unreadable("the answer is no JSON object")
        return document

    @property
    def is_json(self) -> bool:
        return "json" in self.headers.get("content-type", "").partition(";")[0].lower()


class ReplyReader:
    """Reads answers of HTTP/1.1 after which the connection ends. Its methods raise Broken."""

    LINE_LIMIT = 16 * 1024
    HEADERS_LIMIT = 100
    BODY_LIMIT = 1 << 20

    def read(self, stream: BinaryIO) -> Reply:
        status, headers = self.head(stream)
        while status < 200:
            status, headers = self.head(stream)
        return Reply(status, headers, self.body(stream, status, headers))

    def head(self, stream: BinaryIO) -> tuple[int, Mapping[str, str]]:
        version, _, rest = self.line(stream).partition(" ")
        code = rest[:3]
        if not version.startswith("HTTP/1.") or not (code.isascii() and code.isdigit()):
            raise Broken("no HTTP answer")
        headers: dict[str, str] = {}
        while line := self.line(stream):
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
            if len(headers) > self.HEADERS_LIMIT:
                raise Broken("too many headers")
        return int(code), headers

    def line(self, stream: BinaryIO) -> str:
        line = stream.readline(self.LINE_LIMIT)
        if not line.endswith(b"\n"):
            raise Broken("a line is cut short, or too long")
        return line.rstrip(b"\r\n").decode("latin-1")

    def body(self, stream: BinaryIO, status: int, headers: Mapping[str, str]) -> bytes:
        if status in (204, 304):
            return b""
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self.chunks(stream)
        if "content-length" in headers:
            return self.exactly(stream, self.size(headers["content-length"], 10))
        body = stream.read(self.BODY_LIMIT + 1)
        if len(body) > self.BODY_LIMIT:
            raise Broken("the body is too long")
        return body

    def chunks(self, stream: BinaryIO) -> bytes:
        body = b""
        while size := self.size(self.line(stream).partition(";")[0], 16):
            body += self.exactly(stream, size)
            if self.line(stream) or len(body) > self.BODY_LIMIT:
                raise Broken("the chunks are wrong, or too long")
        while self.line(stream):
            pass
        return body

    def size(self, text: str, base: int) -> int:
        try:
            size = int(text, base)
        except ValueError:
            raise Broken("the length is no number") from None
        if not 0 <= size <= self.BODY_LIMIT:
            raise Broken("the body is too long")
        return size

    def exactly(self, stream: BinaryIO, size: int) -> bytes:
        body = stream.read(size)
        if len(body) < size:
            raise Broken("the body is cut short")
        return body
