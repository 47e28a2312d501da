"""A question to a running fake's control API, and what comes back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from mock_momo.errors import FakeUnavailable, InvalidSetting, UnknownNamespace

T = TypeVar("T")
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """One call: `path` is below `/_mock/v1/`, `read` makes a value of the reply's body.

    The fake may take `wait_s` seconds of wall time longer than it needs to answer.
    """

    method: str
    path: str
    read: Callable[[bytes], T] = field(repr=False)
    body: Json = field(default_factory=dict)
    wait_s: float = 0.0

    @property
    def content(self) -> bytes:
        """The body as bytes; amounts may be Decimal."""
        return json.dumps(self.body, default=str).encode()

    def answered(self, reply: Reply, url: str) -> T:
        """The value of a reply of the fake at `url`.

        Raises InvalidSetting, UnknownNamespace, FakeUnavailable (another server answers there).
        """
        try:
            if reply.status < 400:
                return self.read(reply.content)
            error = json.loads(reply.content)["error"]
        except (ValueError, LookupError, TypeError) as unread:
            raise FakeUnavailable(
                f"what answers at {url} with {reply.status} is not a fake of this version"
            ) from unread
        raise UnknownNamespace(error) if reply.status == 404 else InvalidSetting(error)
