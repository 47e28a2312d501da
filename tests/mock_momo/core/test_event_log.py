import tracemalloc
from dataclasses import replace

import pytest

from mock_momo.core.event_log import MAX_BYTES, MAX_EVENTS, EventLog
from momo_contracts.events import (
    BODY_LIMIT,
    EMPTY_BODY,
    NO_HEADERS,
    Body,
    CallbackAttempted,
    ClientAborted,
    Detail,
    ExchangeBegan,
    ExchangeEnded,
    FaultConsumed,
    NamespaceReset,
    RawHeaders,
    RequestUnparsable,
)

BEGAN = ExchangeBegan("POST", "/", NO_HEADERS, EMPTY_BODY, "default")
ENDED = ExchangeEnded(202, NO_HEADERS, EMPTY_BODY, "wallet")
ATTEMPTED = CallbackAttempted(
    "7a3e", "7a3e.1", "PUT", "http://localhost/", 1, 1, EMPTY_BODY, 200, EMPTY_BODY, 1
)
TEXT = "a" * BODY_LIMIT
BODY = Body.of(TEXT.encode())
HEADERS = {
    "a name": RawHeaders.of([(TEXT.encode(), b"")]),
    "a value": RawHeaders.of([(b"", TEXT.encode())]),
    "many": RawHeaders.of([(b"x", b"")] * BODY_LIMIT),
}
HEAVY: dict[str, Detail] = {
    "request method": replace(BEGAN, method=TEXT),
    "request target": replace(BEGAN, target=TEXT),
    "request body": replace(BEGAN, body=BODY),
    "request reference id": replace(BEGAN, reference_id=TEXT),
    "reply body": replace(ENDED, body=BODY),
    "reply reference id": replace(ENDED, reference_id=TEXT),
    "rule": replace(ENDED, rule=TEXT),
    "why": replace(ENDED, why=TEXT),
    "problem": RequestUnparsable(TEXT),
    "fault": FaultConsumed(TEXT, "reset"),
    "callback url": replace(ATTEMPTED, url=TEXT),
    "callback body": replace(ATTEMPTED, body=BODY),
    "callback reply": replace(ATTEMPTED, reply=BODY),
    **{f"request headers: {how}": replace(BEGAN, headers=row) for how, row in HEADERS.items()},
    **{f"reply headers: {how}": replace(ENDED, headers=row) for how, row in HEADERS.items()},
}


def kept(log: EventLog) -> list[int]:
    return [event.seq for event in log.after(0)]


def test_a_log_numbers_events_without_gaps_and_gives_those_after_one() -> None:
    log = EventLog("default")
    for stage in "abc":
        log.record(ClientAborted(stage), 1, 2, 3, 4)

    assert [(event.seq, event.detail) for event in log.after(1)] == [
        (2, ClientAborted("b")),
        (3, ClientAborted("c")),
    ]
    assert kept(log) == [1, 2, 3]
    assert list(log.after(3)) == list(log.after(10**14)) == []
    first = next(iter(log.after(0)))
    assert (first.namespace, first.at_ms, first.wall_ms) == ("default", 1, 2)
    assert (first.connection_id, first.exchange_id) == (3, 4)


def test_a_log_forgets_the_oldest_beyond_its_number_of_events() -> None:
    log = EventLog("default", max_events=3)
    for _ in range(8):
        log.record(NamespaceReset(), 1, 1)

    assert kept(log) == [6, 7, 8]
    assert [event.seq for event in log.after(7)] == [8]


def test_a_log_says_which_events_it_has() -> None:
    log = EventLog("default", max_events=2)
    assert (log.first_seq, log.last_seq) == (1, 0)

    seen = []
    for _ in range(4):
        log.record(NamespaceReset(), 1, 1)
        seen.append((log.first_seq, log.last_seq))

    assert seen == [(1, 1), (1, 2), (2, 3), (3, 4)]


def test_an_event_heavier_than_the_whole_log_leaves_it_empty_and_is_counted() -> None:
    log = EventLog("default", max_bytes=BODY_LIMIT)
    log.record(NamespaceReset(), 1, 1)
    log.record(HEAVY["request body"], 1, 1)

    assert (kept(log), log.first_seq, log.last_seq) == ([], 3, 2)
    log.record(NamespaceReset(), 1, 1)
    assert (kept(log), log.first_seq, log.last_seq) == ([3], 3, 3)


@pytest.mark.parametrize("what", HEAVY)
def test_whatever_can_be_made_long_counts_against_the_bytes(what: str) -> None:
    log = EventLog("default", max_bytes=10 * BODY_LIMIT)
    for _ in range(20):
        log.record(HEAVY[what], 1, 1)

    assert 1 < len(kept(log)) < 10
    assert log.last_seq == 20


def test_a_full_log_takes_no_more_memory_than_it_may() -> None:
    log = EventLog("default", max_bytes=512 * 1024)
    tracemalloc.start()
    for number in range(2000):
        pairs = ((b"name %d" % pair, b"value %d" % number) for pair in range(number % 8))
        headers = RawHeaders.of(pairs)
        body = Body.of(b"body %d" % number)
        at = 10**12 + number
        log.record(ExchangeBegan("POST", f"/{number}", headers, body, "x"), at, at + 1, at, at)
        log.record(ExchangeEnded(200, headers, body, "wallet"), at, at + 1, at, at)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert log.first_seq > 1
    assert taken <= 512 * 1024


def test_a_log_keeps_ten_thousand_events_and_32_mib_unless_told_otherwise() -> None:
    assert (MAX_EVENTS, MAX_BYTES) == (10_000, 32 * 1024 * 1024)
    log = EventLog("default")
    for _ in range(MAX_EVENTS + 1):
        log.record(BEGAN, 1, 1)
    assert (log.first_seq, log.last_seq) == (2, MAX_EVENTS + 1)


def test_a_follower_is_woken_after_each_record() -> None:
    log = EventLog("default")
    log.record(NamespaceReset(), 1, 1)
    woken: list[int] = []
    log.on_record = lambda told: woken.append(told.last_seq)
    log.record(NamespaceReset(), 1, 1)
    log.record(NamespaceReset(), 1, 1)
    log.on_record = None
    log.record(NamespaceReset(), 1, 1)

    assert woken == [2, 3]
    assert kept(log) == [1, 2, 3, 4]
