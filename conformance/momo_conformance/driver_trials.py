"""The trials of a driver, in the order in which they are made.

A trial returns what is wrong, in a few words, and nothing when all is well; a breach of the
protocol comes as a DriverError.
"""

import os
from queue import Empty, SimpleQueue

from mock_momo.testing import NothingHeld
from momo_conformance.child import Child
from momo_conformance.driver import BOGUS_OP
from momo_conformance.driver_bench import ORDER, DriverBench
from momo_conformance.errors import DriverDied, DriverError
from momo_conformance.protocol import VERSION, Answer, Ok, Unsupported, write_request

_FOREIGN = "commande-é-☂"
_LOOKS = 3
_BESIDE_S = 5.0
_RUNS_ON = "closed its stdout"
"""What a child is said to have done that has not ended."""


def is_stranger(bench: DriverBench) -> str:
    """An op of nobody's."""
    answer = bench.ask(BOGUS_OP)
    return "" if isinstance(answer, Unsupported) else f"it said {answer}"


def hello(bench: DriverBench) -> str:
    """Meets the client: later trials need to know it."""
    bench.client = bench.driver.introduce()
    return ""


def agrees_with_itself(bench: DriverBench) -> str:
    """What the caps promise without an op for it."""
    client = bench.client
    assert client is not None  # noqa: S101  # nothing is tried after a hello that fails
    needed = {
        "configure": "every driver",
        **({"clock.advance": '"clock": "inject"'} if client.has_clock else {}),
        **({"ledger": '"ledger": true'} if client.has_ledger else {}),
    }
    return ", ".join(f"{who} needs {op!r}" for op, who in needed.items() if op not in client.ops)


def reads_later_fields(bench: DriverBench) -> str:
    """A field that no version has had."""
    return _unless_ok(bench.ask("hello", protocol=VERSION, of_a_later_version={"a": [1]}))


def answers(op: str, bench: DriverBench) -> str:
    """An op with no trial of its own."""
    return _unless_ok(bench.ask(op))


def pays(bench: DriverBench) -> str:
    """A payment, which later trials ask about; the fake must have seen it."""
    answer = bench.ask("request_to_pay")
    if not isinstance(answer, Ok):
        return f"it said {answer}"
    bench.reference_id = str(answer.value["reference_id"])
    return "" if bench.sent(ORDER) else f"nothing with the externalId {ORDER!r} has been sent"


def pays_beyond_ascii(bench: DriverBench) -> str:
    """A refusal is the client's own affair."""
    answer = bench.ask("request_to_pay", key=_FOREIGN)
    is_wrong = isinstance(answer, Ok) and not bench.sent(_FOREIGN)
    return f"nothing with the externalId {_FOREIGN!r} has been sent" if is_wrong else ""


def refuses(bench: DriverBench) -> str:
    """The fake refuses one; it is the form of the answer that counts."""
    return _struck(bench, "refused-1", "bad_request")


def is_left_alone(bench: DriverBench) -> str:
    """The fake carries one out and says nothing."""
    return _struck(bench, "unknown-1", "lose_reply")


def _struck(bench: DriverBench, key: str, fault: str) -> str:
    rule = {"name": "check", "match": {"operation": "*.create"}, "fault": fault}
    bench.world.set_rules([rule])
    try:
        bench.ask("request_to_pay", key=key)
    finally:
        bench.world.set_rules([])
    return ""


def tells_the_end(bench: DriverBench) -> str:
    """The fake says SUCCESSFUL at every look."""
    answers = [bench.ask("status") for _ in range(_LOOKS)]
    for answer in answers:
        if isinstance(answer, Ok) and answer.value["state"] == "completed":
            named = str(answer.value["reference_id"])
            is_same = named.lower() == bench.reference_id.lower()
            return "" if is_same else f"asked about {bench.reference_id} it speaks of {named}"
    return f"the provider says SUCCESSFUL, and it said {answers[-1]}"


def shows_the_payment(bench: DriverBench) -> str:
    """The order is in the ledger."""
    answer = bench.ask("ledger")
    if not isinstance(answer, Ok):
        return f"it said {answer}"
    keys = [row["key"] for row in answer.value["payments"]]
    return "" if ORDER in keys else f"the payment {ORDER!r} is not there, only {keys}"


def takes_a_callback(bench: DriverBench) -> str:
    """About a payment that is known, and true."""
    answer = bench.ask("deliver_callback")
    is_taken = isinstance(answer, Ok) and answer.value["status"] // 100 == 2
    return "" if is_taken else f"it said {answer}"


def denies(bench: DriverBench) -> str:
    """What `hello` has not named."""
    known = bench.client.ops if bench.client else frozenset()
    for op in ("refund", "balance", "transfer", "reconcile"):
        if op not in known and not isinstance(answer := bench.ask(op), Unsupported):
            return f"asked for {op!r} it said {answer}"
    return ""


def works_beside(bench: DriverBench) -> str:
    """While the fake holds one request, another one must be answered."""
    world, driver = bench.world, bench.driver
    fields = bench.fields_of("request_to_pay")
    world.close_gate("check", "before_reply", {"operation": "*.create"}, 1)
    try:
        first = driver.pose("request_to_pay", **{**fields, "key": "order-2"})
        world.wait_held("check", 1, bench.within_s)
        driver.ask("request_to_pay", _BESIDE_S, **{**fields, "key": "order-3"})
    except NothingHeld:
        return "it has sent nothing"
    except DriverDied as death:
        raise DriverError(f"while one was under way, it {death.how}") from None
    finally:
        world.open_gate("check")
    driver.wait(first, bench.within_s)
    return ""


def starts_over(bench: DriverBench) -> str:
    """Configured anew, it sends an order that it had sent before."""
    before = bench.sent(ORDER)
    bench.ask("configure")
    answer = bench.ask("request_to_pay")
    return "" if bench.sent(ORDER) > before else f"it knows the old order, and said {answer}"


def resumes(bench: DriverBench) -> str:
    """Killed, it does not send an order again."""
    bench.ask("configure")
    answer = bench.ask("request_to_pay", key="order-4")
    bench.crash()
    again = bench.ask("request_to_pay", key="order-4")
    is_known = bench.sent("order-4") == 1
    return "" if is_known else f"it said {answer}; killed and started again, {again}"


def stops(bench: DriverBench) -> str:
    """It answers and ends by itself."""
    child, lines = _child_of(bench)
    try:
        child.write(write_request(1, "stop", {}))
        problem = _unless_heard(child, lines, bench.within_s)
        return problem or ("it runs on" if child.how_it_ended() == _RUNS_ON else "")
    finally:
        child.stop()


def ends_with_its_input(bench: DriverBench) -> str:
    """It ends by itself when nobody can ask it any more."""
    child, lines = _child_of(bench)
    child.write(write_request(1, BOGUS_OP, {}))
    problem = _unless_heard(child, lines, bench.within_s)
    child.stop()
    how = child.how_it_ended()
    return problem or (f"it ran on, and {how}" if "signal" in how else "")


def _child_of(bench: DriverBench) -> tuple[Child, "SimpleQueue[str | None]"]:
    """Another one, to be told lines that are no requests."""
    bench.drop()
    lines: SimpleQueue[str | None] = SimpleQueue()
    child = Child(bench.command, os.environ, lines.put)
    child.start()
    return child, lines


def _unless_heard(child: Child, lines: "SimpleQueue[str | None]", within_s: float) -> str:
    """What is wrong, until the request with the id 1 is answered."""
    try:
        while (line := lines.get(timeout=within_s)) is not None:
            if '"id":1' in line.replace(" ", ""):
                return ""
    except Empty:
        return f"it did not answer within {within_s:g} s"
    return f"it {child.how_it_ended()}"


def _unless_ok(answer: Answer) -> str:
    return "" if isinstance(answer, Ok) else f"it said {answer}"
