"""`doctor`: what is wrong with the configuration, and what to do about it."""

from dataclasses import asdict

import click

from momo_client.commands import REFUSED, UNREACHABLE, WRONG_USE
from momo_client.commands.display import as_json_option, show_json, show_table
from momo_client.core.diagnosis import Subject
from momo_client.edge.doctor import examine

_EXIT_CODES = {
    Subject.BOOKS: REFUSED,
    Subject.CONNECTION: UNREACHABLE,
    Subject.CREDENTIALS: REFUSED,
    Subject.ACCESS: REFUSED,
    Subject.CALLBACKS: UNREACHABLE,
}


@click.command(short_help="Examine configuration, connection and credentials.")
@click.option("--offline", is_flag=True, help="Examine the configuration alone; make no call.")
@as_json_option
@click.pass_context
def doctor(ctx: click.Context, *, offline: bool, as_json: bool) -> None:
    """Examine the MTN_* variables, the ledger, the connection, the clock and the credentials.

    Audits the ledger, asks for a token and for the balance, and calls MTN_CALLBACK_URL back about
    a payment that does not exist; nothing of that changes anything. Prints no secret. Ends with 0
    when all is well, 1 when the API refused or the books are wrong, 2 for the configuration or the
    clock, 3 when the API or the callback address does not answer.

    \b
    Example:
      mock-momo exec -- mock-momo client doctor
    """
    findings = examine(offline=offline)
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        rows = [
            (finding.subject, "ok" if finding.is_ok else "WRONG", finding.detail, finding.remedy)
            for finding in findings
        ]
        show_table(("subject", "", "finding", "remedy"), rows)
    wrong = [finding.subject for finding in findings if not finding.is_ok]
    ctx.exit(_EXIT_CODES.get(wrong[0], WRONG_USE) if wrong else 0)
