"""Stories of one order, and what the checks of payments make of them."""

from typing import Any

from momo_conformance.checks import balance, reconciliation, statuses
from momo_conformance.history import History
from momo_conformance.plans import Settings
from momo_conformance.verdicts import Sighting
from tests.conformance.checks.histories import ID, Story

V1 = {"amount": "10", "currency": "EUR", "externalId": "order-1"}
CHECKS = {**statuses.CHECKS, **balance.CHECKS, **reconciliation.CHECKS}


def breaches(story: Story) -> dict[str, str]:
    """The first breach of each requirement, by its number in the catalogue."""
    found: dict[str, str] = {}
    for name, row in sightings(story.history()):
        if row.breach:
            found.setdefault(name, row.breach)
    return found


def passed(story: Story) -> set[str]:
    """What was exercised and not broken."""
    return {name for name, _ in sightings(story.history())} - breaches(story).keys()


def sightings(history: History) -> list[tuple[str, Sighting]]:
    rows = [(name, row) for name, check in CHECKS.items() for row in check(history)]
    return [(name.removeprefix("MOMO-"), row) for name, row in rows]


def ordered(said: str = "pending", **create: Any) -> Story:  # noqa: ANN401  # parts of an exchange
    """An order that was answered."""
    story = Story(Settings())
    with story.call("request_to_pay", key="order-1", amount="10", currency="EUR") as call:
        story.create("order-1", **create)
        call.ok(reference_id=ID, state=said, code=None)
    return story


def asked(story: Story, said: str, word: object = None, **details: Any) -> Story:  # noqa: ANN401  # likewise
    """The status was asked for, and read if there is a word."""
    shown = {name: details.pop(name) for name in ("status", "reply", "fault") if name in details}
    with story.call("status", reference_id=ID) as call:
        if word is not None:
            story.read(word, **shown)
        call.ok(reference_id=ID, state=said, **{"code": None, **details})
    return story


def read_by_v1(story: Story, said: str, **reply: object) -> Story:
    """The status was asked for, and read by v1_0/requesttopay."""
    with story.call("status", reference_id=ID) as call:
        target = f"/collection/v1_0/requesttopay/{ID}"
        body = {**V1, "status": "SUCCESSFUL", **reply}
        name = "collection.requesttopay.status"
        story.exchange(name, "GET", target, reference_id=ID, reply=body)
        call.ok(reference_id=ID, state=said)
    return story


def called_back(story: Story, word: str, read: object = None) -> Story:
    """Somebody sends a callback; the client may read the status before it acknowledges."""
    body = f'{{"status": "{word}"}}'
    story.note(
        "driver_asked",
        call=99,
        op="deliver_callback",
        fields={"method": "POST", "path": "", "body": body},
        payment=None,
        about=ID,
        is_forged=True,
    )
    if read is not None:
        story.read(read)
    story.note("driver_answered", call=99, answer={"ok": {"status": 200}})
    return story


def ledger(story: Story, state: str, *moves: str, **booked: object) -> Story:
    """A look into the ledger: these moves on the wallet, each with its other side."""
    row = {"reference_id": ID, "key": "order-1", "amount": "10", "currency": "EUR", "state": state}
    side = {"reference_id": ID, "currency": "EUR"}
    other = [{**side, "account": "payers", "amount": _less(move)} for move in moves]
    wallet = [{**side, "account": "wallet", "amount": move} for move in moves]
    balance = {"EUR": str(sum(map(int, moves)))}
    with story.call("ledger") as call:
        call.ok(payments=[{**row, **booked}], entries=wallet + other, balance=balance)
    return story


def _less(amount: str) -> str:
    return amount[1:] if amount.startswith("-") else f"-{amount}"


def transferred() -> Story:
    """A transfer that was FAILED, as far as a read goes."""
    story = Story(Settings())
    body = {"amount": "10", "currency": "EUR", "externalId": "order-1"}
    with story.call("transfer", key="order-1", amount="10", currency="EUR") as call:
        name, target = "disbursement.transfer.create", "/disbursement/v1_0/transfer"
        story.exchange(name, "POST", target, reference_id=ID, body=body, status=202)
        call.ok(reference_id=ID, state="pending")
    return story


def read_as_failed(story: Story) -> Story:
    with story.call("reconcile") as call:
        name, target = "disbursement.transfer.status", f"/disbursement/v1_0/transfer/{ID}"
        reply = {"amount": "10", "currency": "EUR", "externalId": "order-1", "status": "FAILED"}
        story.exchange(name, "GET", target, reference_id=ID, reply=reply)
        call.ok(checked=1, completed=0, failed=1, pending=0)
    return story


def checked(story: Story, seconds: float = 0) -> Story:
    """Time has passed, and the client has looked after what is open."""
    story.later(seconds)
    with story.call("reconcile") as call:
        call.ok(checked=0, completed=0, failed=0, pending=0)
    return story


def killed(story: Story) -> Story:
    """The client was killed when it was asked for nothing."""
    story.note("driver_ended", how="was killed by the examiner (SIGKILL)", calls=[])
    return story
