"""MOMO-HDR-06: a status is asked for under the id of the create, at its own address."""

from collections.abc import Iterator
from re import compile as pattern
from urllib.parse import unquote

from momo_conformance.exchanges import Exchange
from momo_conformance.history import History
from momo_conformance.verdicts import Sighting
from momo_contracts import resources
from momo_contracts.operations import Operation
from momo_contracts.values import UUID_FORM

_ID = pattern(UUID_FORM)


def own_address(history: History) -> Iterator[Sighting]:
    """HDR-06: the id is that of a create, the address a view of it, without a double slash."""
    made: dict[tuple[str, str], Exchange] = {}
    told = _ids_told(history)
    for row in history.exchanges:
        if row.is_create and row.reference_id:
            made.setdefault((row.namespace, row.reference_id), row)
        elif row.is_read:
            created = made.get((row.namespace, row.reference_id or ""))
            if created is not None:
                yield Sighting((created.began, row.began), _misdirected(row, created))
            elif history.is_driven and row.reference_id not in told:
                yield Sighting((row.began,), f"{_path(row)}: nothing was created under that id")
        elif row.operation is None and row.method == "GET":
            found = _ID.search(_path(row))
            created = made.get((row.namespace, found[0].lower())) if found else None
            if created is not None:
                why = "a double slash" if "//" in row.target else "no address of the API"
                yield Sighting((created.began, row.began), f"{_path(row)}: {why}")


def _misdirected(row: Exchange, created: Exchange) -> str:
    """What is wrong with a status read of this create; empty where nothing is."""
    path = _path(row)
    written = created.header("X-Reference-Id")
    if "//" in path:
        return f"{path}: a double slash"
    if row.operation is None or created.operation is None:
        return ""
    if not _is_view(row.operation, created.operation):
        return f"{path}: it was created by {created.operation.name}"
    if path.rpartition("/")[2] != written:
        return f"{path}: it was created as {written}"
    return ""


def _is_view(read: Operation, create: Operation) -> bool:
    """True when a read shows what the create makes: v2_0/payment shows requests to pay, too."""
    if read.product != create.product:
        return False
    is_payment = read.resource is resources.PAYMENT
    return read.resource is create.resource or (
        is_payment and create.resource is resources.REQUEST_TO_PAY
    )


def _ids_told(history: History) -> frozenset[str]:
    """Reference ids that a client may look up without a create: it was told of them by a callback,
    or has them in its ledger and does not know whether it came to send them before it was killed.
    """
    calls = [call for call in history.calls if call.op == "deliver_callback"]
    texts = [f"{call.about} {call.fields.get('path')} {call.fields.get('body')}" for call in calls]
    told = {found[0].lower() for text in texts for found in _ID.finditer(text)}
    told |= {call.reference_id for call in history.calls if call.reference_id}
    told |= {row.reference_id for _, ledger in history.ledgers for row in ledger.payments}
    return frozenset(told)


def _path(row: Exchange) -> str:
    return unquote(row.target.partition("?")[0])
