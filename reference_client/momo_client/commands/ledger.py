"""`ledger`: create, migrate or show the books, and decide what is under review."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from momo_client.commands import REFUSED
from momo_client.commands.display import (
    as_json_option,
    payment_facts,
    show_json,
    show_payment,
    show_table,
)
from momo_client.core.payments import Payment
from momo_client.core.settlement import Accept, Decision, Dismiss
from momo_client.edge.audit import audit as audit_books
from momo_client.edge.intake import read_reference_id
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import DEFAULT_LEDGER_URL
from momo_client.errors import InvalidRequest

_url_option = click.option(
    "--url",
    envvar="MTN_LEDGER_URL",
    default=DEFAULT_LEDGER_URL,
    show_default=True,
    help="Else MTN_LEDGER_URL.",
)
_COLUMNS = ("external_id", "amount", "currency", "status", "reason", "reference_id")


@click.group(short_help="Create, migrate or show the ledger; decide reviews.")
def ledger() -> None:
    """Create, migrate or show the ledger; decide what is under review.

    \b
    Example:
      mock-momo client ledger init
    """


@ledger.command()
@_url_option
def init(url: str) -> None:
    """Create the ledger, or migrate it to this version; harmless when it is up to date.

    \b
    Example:
      mock-momo client ledger init --url sqlite:///momo-ledger.sqlite3
    """
    books = Ledger.create(url)
    books.close()
    click.echo(f"the ledger is ready: {books.place}")


@ledger.command()
@_url_option
@as_json_option
def show(url: str, *, as_json: bool) -> None:
    """Show every payment, what is under review, and what each account holds.

    \b
    Example:
      mock-momo client ledger show
    """
    with _opened(url) as books:
        payments, reviews, balances = books.payments(), books.reviews(), books.balances()
    held = {
        account: {code: money.wire for code, money in held.items()}
        for account, held in balances.items()
    }
    if as_json:
        facts = {"payments": payments, "reviews": reviews}
        told = {name: [payment_facts(payment) for payment in rows] for name, rows in facts.items()}
        show_json(told | {"balances": held})
        return
    _show_payments(payments)
    for account, amounts in held.items():
        for code, amount in amounts.items():
            click.echo(f"{account}: {amount} {code}")
    if reviews:
        click.echo(f"{len(reviews)} under review: see `mock-momo client ledger reviews`")


@ledger.command()
@_url_option
@as_json_option
def entries(url: str, *, as_json: bool) -> None:
    """Show the journal: every posting, two to a step, which sum to zero.

    \b
    Example:
      mock-momo client ledger entries
    """
    columns = ("reference_id", "step", "account", "amount", "currency")
    with _opened(url) as books:
        rows = [
            (
                entry.reference_id,
                entry.posting.step.value,
                entry.posting.account,
                entry.posting.money.wire,
                entry.posting.money.currency.code,
            )
            for entry in books.entries()
        ]
    if as_json:
        show_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        show_table(columns, rows)


@ledger.command()
@_url_option
@as_json_option
@click.pass_context
def audit(ctx: click.Context, url: str, *, as_json: bool) -> None:
    """Hold every booking against its payment, and have the file checked; changes nothing.

    Ends with 0 when the books add up, 1 when they do not.

    \b
    Example:
      mock-momo client ledger audit
    """
    with _opened(url) as books:
        complaints = audit_books(books)
    if as_json:
        show_json(complaints)
    else:
        click.echo("\n".join(complaints) or "the books add up")
    ctx.exit(REFUSED if complaints else 0)


@ledger.command()
@_url_option
@as_json_option
def reviews(url: str, *, as_json: bool) -> None:
    """Show the payments that were given up and of which a person must decide.

    Find out at the provider whether the money has moved; then `ledger accept` or `ledger dismiss`.

    \b
    Example:
      mock-momo client ledger reviews
    """
    with _opened(url) as books:
        payments = books.reviews()
    if as_json:
        show_json([payment_facts(payment) for payment in payments])
    elif payments:
        _show_payments(payments)
    else:
        click.echo("nothing is under review")


@ledger.command()
@click.argument("reference_id")
@_url_option
@as_json_option
def accept(reference_id: str, url: str, *, as_json: bool) -> None:
    """Decide that a payment under review counts: it is completed and booked, once.

    \b
    Example:
      mock-momo client ledger accept 0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10
    """
    show_payment(_decide(url, reference_id, Accept()), as_json=as_json)


@ledger.command()
@click.argument("reference_id")
@_url_option
@as_json_option
def dismiss(reference_id: str, url: str, *, as_json: bool) -> None:
    """Decide that a payment under review does not count: what it held comes back.

    \b
    Example:
      mock-momo client ledger dismiss 0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10
    """
    show_payment(_decide(url, reference_id, Dismiss()), as_json=as_json)


@contextmanager
def _opened(url: str) -> Iterator[Ledger]:
    books = Ledger.open(url)
    try:
        yield books
    finally:
        books.close()


def _decide(url: str, text: str, decision: Decision) -> Payment:
    reference_id = read_reference_id(text).text
    with _opened(url) as books:
        if reference_id not in {payment.reference_id for payment in books.reviews()}:
            payment = books.find(reference_id)
            raise InvalidRequest(
                f"payment {reference_id} is {payment.status} and not under review",
                remedy="`mock-momo client ledger reviews` lists those that are.",
                reference_id=reference_id,
                code="NOT_UNDER_REVIEW",
            )
        return books.settle(reference_id, decision)


def _show_payments(payments: tuple[Payment, ...]) -> None:
    facts = [payment_facts(payment) for payment in payments]
    show_table(_COLUMNS, [[row.get(name, "") for name in _COLUMNS] for row in facts])
