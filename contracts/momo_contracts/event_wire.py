"""Events as JSON, secrets redacted: the only way in which one leaves the process."""

from collections.abc import Callable

from momo_contracts.events import KINDS, VERSION, Body, Event, Json, RawHeaders
from momo_contracts.redaction import redact_body, redact_header, redact_target


def to_wire(event: Event, key: bytes) -> dict[str, Json]:
    """The event as JSON, secrets replaced by fingerprints under `key`."""
    envelope: dict[str, Json] = {
        "v": VERSION,
        "seq": event.seq,
        "namespace": event.namespace,
        "connection_id": event.connection_id,
        "exchange_id": event.exchange_id,
        "at": event.at_ms,
        "wall": event.wall_ms,
        "kind": KINDS[type(event.detail)],
    }
    for name in event.detail.__dataclass_fields__:
        envelope[name] = _field(name, getattr(event.detail, name), key)
    return envelope


def _field(name: str, value: object, key: bytes) -> Json:
    if isinstance(value, Body):
        return {
            "head": redact_body(value.head.decode(errors="replace"), key),
            "length": value.length,
            "sha256": value.sha256,
        }
    write = _WRITERS.get(name)
    written: Json = write(value, key) if write else value  # type: ignore[assignment]  # Json by field types
    return clean_text(written) if isinstance(written, str) else written


def clean_text(text: str) -> str:
    """Text that any JSON writer takes: bytes that were not UTF-8 become question marks."""
    return text.encode(errors="replace").decode()


def _write_headers(pairs: RawHeaders, key: bytes) -> Json:
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs]
    return [[name, redact_header(name, value, key)] for name, value in texts]


def _write_target(target: str, key: bytes) -> Json:
    return redact_target(target, key)


_WRITERS: dict[str, Callable[..., Json]] = {
    "headers": _write_headers,
    "target": _write_target,
    "url": _write_target,
}
