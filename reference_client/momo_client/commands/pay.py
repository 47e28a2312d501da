"""`pay`: ask a payer for money."""

import click

from momo_client.commands import UNDECIDED
from momo_client.commands.display import as_json_option, show_payment
from momo_client.commands.session import configured_client


@click.command(short_help="Ask a payer for money.")
@click.argument("amount")
@click.argument("msisdn")
@click.argument("external_id")
@click.option("--payer-message", default="", help="What the payer reads; else the external id.")
@click.option("--payee-note", default="", help="What the statement says; else the external id.")
@click.option("--again", is_flag=True, help="Pay even if EXTERNAL_ID was paid for already.")
@as_json_option
@click.pass_context
def pay(  # noqa: PLR0913  # one parameter per word of the command
    ctx: click.Context,
    amount: str,
    msisdn: str,
    external_id: str,
    payer_message: str,
    payee_note: str,
    *,
    again: bool,
    as_json: bool,
) -> None:
    """Ask MSISDN for AMOUNT in MTN_CURRENCY; EXTERNAL_ID is your own name for the payment.

    Ends with 0 when accepted, 1 when refused, 2 when EXTERNAL_ID is open or completed in the
    ledger, 3 when it could not be sent, 4 when nobody can tell: then do not pay again, `status`
    or the checker will find out.

    \b
    Example:
      mock-momo client pay 100 +46733120001 order-7
    """
    with configured_client() as client:
        payment = client.request_to_pay(
            amount,
            msisdn,
            external_id,
            payer_message=payer_message,
            payee_note=payee_note,
            again=again,
        )
    show_payment(payment, as_json=as_json)
    ctx.exit(UNDECIDED if payment.is_undecided else 0)
