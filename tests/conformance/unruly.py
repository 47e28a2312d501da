"""Drivers around a correct client that break one rule of drivers: `python unruly.py RULE`."""

import json
import os
import sys
import time
from pathlib import Path
from threading import Lock

sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.mutants.client.driver import HELLO, Driver  # noqa: E402  # the path comes first
from tests.mutants.client.settings import Message  # noqa: E402  # likewise

ONE_AT_A_TIME = Lock()
answer_of = Driver.answer_of
write = Driver.write


def knows_every_op(driver: Driver, asked: Message) -> Message:
    answer = answer_of(driver, asked)
    return {"ok": {}} if answer.get("unsupported") else answer


def promises_a_ledger(driver: Driver, asked: Message) -> Message:
    if asked["op"] == "hello":
        return {"ok": HELLO | {"ops": [op for op in HELLO["ops"] if op != "ledger"]}}
    return answer_of(driver, asked)


def hides_an_op(driver: Driver, asked: Message) -> Message:
    if asked["op"] == "hello":
        return {"ok": HELLO | {"ops": [op for op in HELLO["ops"] if op != "refund"]}}
    return answer_of(driver, asked)


def lacks_an_op(driver: Driver, asked: Message) -> Message:
    return {"unsupported": True} if asked["op"] == "transfer" else answer_of(driver, asked)


def refuses_new_fields(driver: Driver, asked: Message) -> Message:
    if asked["op"] == "hello" and asked.keys() - {"id", "op", "protocol"}:
        return {"fail": {"code": "UNEXPECTED_FIELD", "reference_id": None}}
    return answer_of(driver, asked)


def names_orders_itself(driver: Driver, asked: Message) -> Message:
    renamed = {"key": "an order"} if "key" in asked else {}
    return answer_of(driver, asked | renamed)


def reads_latin_1(driver: Driver, asked: Message) -> Message:
    text = json.dumps(asked, ensure_ascii=False).encode().decode("latin-1")
    return answer_of(driver, json.loads(text))


def tells_codes_as_objects(driver: Driver, asked: Message) -> Message:
    answer = answer_of(driver, asked)
    return {"fail": {"code": answer["fail"]}} if "fail" in answer else answer


def waits_in_line(driver: Driver, asked: Message) -> Message:
    with ONE_AT_A_TIME:
        return answer_of(driver, asked)


def keeps_its_orders(driver: Driver, asked: Message) -> Message:
    is_again = asked["op"] == "configure" and driver.client is not None
    return answer_of(driver, asked | ({"resume": True} if is_again else {}))


def forgets_in_a_crash(driver: Driver, asked: Message) -> Message:
    return answer_of(driver, asked | ({"resume": False} if asked["op"] == "configure" else {}))


def refuses_callbacks(driver: Driver, asked: Message) -> Message:
    if asked["op"] == "deliver_callback":
        return {"ok": {"status": 403}}
    return answer_of(driver, asked)


def shows_an_empty_ledger(driver: Driver, asked: Message) -> Message:
    if asked["op"] == "ledger":
        return {"ok": {"payments": [], "entries": [], "balance": {}}}
    return answer_of(driver, asked)


def never_asks(driver: Driver, asked: Message) -> Message:
    if asked["op"] == "status":
        return {"ok": {"reference_id": asked["reference_id"], "state": "pending"}}
    return answer_of(driver, asked)


def speaks_of_another(driver: Driver, asked: Message) -> Message:
    answer = answer_of(driver, asked)
    if asked["op"] == "status" and "ok" in answer:
        answer["ok"] |= {"reference_id": "another"}
    return answer


def dies_of_a_refund(driver: Driver, asked: Message) -> Message:
    if asked["op"] == "refund":
        os._exit(5)
    return answer_of(driver, asked)


def leave_at_once(driver: Driver, asked: Message, answer: Message) -> None:
    write(driver, asked, answer)
    if asked["op"] == "stop":
        os._exit(0)


RULE = sys.argv[1]
Driver.answer_of = globals().get(RULE, answer_of)  # type: ignore[method-assign]  # that is wrong
if RULE == "runs_on_without_input":
    Driver.write = leave_at_once  # type: ignore[assignment, method-assign]  # one end of two
Driver(sys.stdin, sys.stdout).run()
if RULE == "runs_on_after_stop":
    sys.stdin.read()
if RULE == "runs_on_without_input":
    time.sleep(60)
