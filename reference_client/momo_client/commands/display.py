"""How payments, rounds and findings look: a table for people, JSON for scripts."""

import json
import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from momo_client.core.flows import Round
from momo_client.core.payments import Payment

PIPE_WIDTH = 200
"""In characters: a reference id, a reason and a remedy side by side."""

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def show_payment(payment: Payment, *, as_json: bool) -> None:
    """One payment; the payer's number is masked."""
    facts = payment_facts(payment)
    if as_json:
        show_json(facts)
        return
    show_table(("", ""), [(name.replace("_", " "), value) for name, value in facts.items()])


def payment_facts(payment: Payment) -> dict[str, str]:
    """What there is to say about a payment, in plain words and masked."""
    facts = {
        "reference_id": payment.reference_id,
        "external_id": payment.external_id,
        "amount": payment.money.wire,
        "currency": payment.money.currency.code,
        "payer": payment.msisdn.masked,
        "status": payment.status.value,
        "cause": payment.cause.value if payment.cause else "",
        "reason": payment.reason,
        "financial_transaction_id": payment.financial_transaction_id,
    }
    return {name: value for name, value in facts.items() if value}


def round_line(summary: Round) -> str:
    """One line about one round."""
    line = (
        f"checked {summary.checked}: {summary.completed} completed, {summary.failed} failed, "
        f"{summary.pending} pending"
    )
    return f"{line} ({'; '.join(summary.problems)})" if summary.problems else line


def show_json(content: object) -> None:
    """One line of JSON."""
    click.echo(json.dumps(content))


def show_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table that folds what is too wide; a pipe, which has no width, gets whole lines."""
    table = Table(show_header=any(titles))
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*row)
    width = None if sys.stdout.isatty() else PIPE_WIDTH
    Console(markup=False, highlight=False, width=width).print(table)
