"""`status`: what became of a payment."""

import click

from momo_client.commands import REFUSED, UNDECIDED
from momo_client.commands.display import as_json_option, show_payment
from momo_client.commands.session import configured_client
from momo_client.core.payments import PaymentStatus

_EXIT_CODES = {PaymentStatus.COMPLETED: 0, PaymentStatus.FAILED: REFUSED}


@click.command(short_help="Say what became of a payment.")
@click.argument("reference_id")
@as_json_option
@click.pass_context
def status(ctx: click.Context, reference_id: str, *, as_json: bool) -> None:
    """Say what became of REFERENCE_ID; the provider is asked unless that is final.

    Ends with 0 when completed, 1 when failed, 4 while it is open.

    \b
    Example:
      mock-momo client status 0b6a9f52-9f0e-4c55-8f0b-6d1a1c3a7a10
    """
    with configured_client() as client:
        payment = client.check_payment_status(reference_id)
    show_payment(payment, as_json=as_json)
    ctx.exit(_EXIT_CODES.get(payment.status, UNDECIDED))
