"""`ledger`: create, migrate or show the books."""

import click

from momo_client.commands.display import as_json_option, payment_facts, show_json, show_table
from momo_client.core.payments import WALLET
from momo_client.edge.ledger import Ledger
from momo_client.edge.settings import DEFAULT_LEDGER_URL

_url_option = click.option(
    "--url",
    envvar="MTN_LEDGER_URL",
    default=DEFAULT_LEDGER_URL,
    show_default=True,
    help="Else MTN_LEDGER_URL.",
)


@click.group(short_help="Create, migrate or show the ledger.")
def ledger() -> None:
    """Create, migrate or show the ledger.

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
    click.echo(f"the ledger is ready: {books.file}")


@ledger.command()
@_url_option
@as_json_option
def show(url: str, *, as_json: bool) -> None:
    """Show every payment and the wallet's balance.

    \b
    Example:
      mock-momo client ledger show
    """
    books = Ledger.open(url)
    payments = [payment_facts(payment) for payment in books.payments()]
    balance = {code: money.wire for code, money in books.balance(WALLET).items()}
    books.close()
    if as_json:
        show_json({"payments": payments, "balance": balance})
        return
    columns = ("external_id", "amount", "currency", "status", "reason", "reference_id")
    show_table(columns, [[facts.get(name, "") for name in columns] for facts in payments])
    for code, amount in balance.items():
        click.echo(f"wallet: {amount} {code}")
