"""How payments, rounds and findings look: a table for people, JSON for scripts."""

import json
import os
import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table

from momo_client.core.flows import Round
from momo_client.core.payments import Payment
from momo_client.core.settlement import NOT_FOUND

PIPE_WIDTH = 100
"""Of a table that goes to a pipe, in characters, unless COLUMNS says otherwise."""

_MEANINGS = {
    NOT_FOUND: "the provider does not know it, or not yet: it may be on its way, lost, made with "
    "other credentials, or shown only by MTN_STATUS_VIEW=request_to_pay"
}
"""What may be behind a reason, for people; JSON keeps the reason itself."""

as_json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def show_payment(payment: Payment, *, as_json: bool) -> None:
    """One payment; the payer's number is masked."""
    facts = payment_facts(payment)
    if as_json:
        show_json(facts)
        return
    rows = [
        (name.replace("_", " "), _in_words(value) if name == "reason" else value)
        for name, value in facts.items()
    ]
    show_table(("", ""), rows)


def payment_facts(payment: Payment) -> dict[str, str]:
    """What there is to say about a payment, in plain words and masked."""
    facts = {
        "operation": payment.operation.name.removesuffix(".create"),
        "reference_id": payment.reference_id,
        "external_id": payment.external_id,
        "amount": payment.money.wire,
        "currency": payment.money.currency.code,
        "payer": payment.msisdn.masked,
        "status": payment.status.value,
        "cause": payment.cause.value if payment.cause else "",
        "review": payment.review.value if payment.review else "",
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
    if summary.reviews:
        line += f", {summary.reviews} to review"
    return f"{line} ({'; '.join(map(_in_words, summary.problems))})" if summary.problems else line


def show_json(content: object) -> None:
    """One line of JSON."""
    click.echo(json.dumps(content))


def show_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table that wraps what is too wide for the terminal, COLUMNS or PIPE_WIDTH."""
    table = Table(show_header=any(titles))
    for title in titles:
        table.add_column(title, overflow="fold")
    for row in rows:
        table.add_row(*row)
    has_width = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    width = None if has_width else PIPE_WIDTH
    Console(markup=False, highlight=False, width=width).print(table)


def _in_words(reason: str) -> str:
    return _MEANINGS.get(reason, reason)
