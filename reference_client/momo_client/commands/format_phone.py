"""`format-phone`: how phone numbers will be sent."""

import click

from momo_client.commands import REFUSED
from momo_client.commands.display import as_json_option, show_json, show_table
from momo_client.edge.phone import default_region, normalise, read_country
from momo_client.errors import InvalidRequest
from momo_contracts.values import TARGET_ENVIRONMENTS


def _read_country(_ctx: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    try:
        return text and read_country(text)
    except ValueError as unknown:
        raise click.BadParameter(str(unknown)) from None


@click.command(short_help="Show how phone numbers will be sent.")
@click.argument("numbers", nargs=-1, required=True)
@click.option(
    "--country",
    envvar="MTN_COUNTRY",
    callback=_read_country,
    help="Two letters; else MTN_COUNTRY.",
)
@click.option(
    "--target-environment",
    envvar="MTN_TARGET_ENVIRONMENT",
    type=click.Choice(list(TARGET_ENVIRONMENTS)),
    default="sandbox",
    metavar="NAME",
    help="Its country reads local numbers; else MTN_TARGET_ENVIRONMENT.",
)
@as_json_option
@click.pass_context
def format_phone(
    ctx: click.Context,
    numbers: tuple[str, ...],
    country: str | None,
    target_environment: str,
    *,
    as_json: bool,
) -> None:
    """Show how NUMBERS will be sent, or why they are refused and what to write instead.

    Ends with 1 when one of them is refused.

    \b
    Example:
      mock-momo client format-phone --country UG 0772123456 +46733120001
    """
    region = default_region(country, target_environment)
    rows = [_row(number, region) for number in numbers]
    if as_json:
        show_json([dict(zip(("number", "sent_as", "note"), row, strict=True)) for row in rows])
    else:
        show_table(("number", "sent as", "note"), rows)
    ctx.exit(0 if all(sent_as for _, sent_as, _ in rows) else REFUSED)


def _row(number: str, region: str | None) -> tuple[str, str, str]:
    try:
        phone = normalise(number, region)
    except InvalidRequest as error:
        return number, "", str(error)
    return number, phone.msisdn.digits, phone.warning
