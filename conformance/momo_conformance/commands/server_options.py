"""How a user describes a server: an option for each fact, and most have a variable."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from momo_conformance.server.opening import GENTLE_CALLS_PER_S, Described
from momo_contracts.values import Product

R = TypeVar("R")


def server_options(command: Callable[..., R]) -> Callable[..., R]:
    """Add the options; the command gets them as `described`."""

    @wraps(command)
    def with_server(*args: object, **given: Any) -> R:  # noqa: ANN401  # click's values
        keys = {product: given.pop(f"{product}_key") for product in Product}
        described = Described(
            subscription_keys={product: key for product, key in keys.items() if key},
            is_patient=given.pop("patient"),
            **{name: given.pop(name) for name in _FACTS},
        )
        return command(*args, described=described, **given)

    decorated: Callable[..., R] = with_server
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


_FACTS = (
    "base_url",
    "control",
    "api_user",
    "api_key",
    "target_environment",
    "currency",
    "calls_per_s",
    "callback_url",
    "callback_port",
    "moves_no_money",
)


def _said(name: str, told: str, variable: str | None = None, **more: Any) -> Any:  # noqa: ANN401  # as click.option
    return click.option(f"--{name}", envvar=variable, show_envvar=True, help=told, **more)


_OPTIONS = (
    _said(
        "base-url",
        "The server. Without one, a fake is started and examined.",
        "MTN_BASE_URL",
        metavar="URL",
    ),
    _said(
        "control",
        "Where a fake is steered, if not at its base URL.",
        metavar="URL",
    ),
    _said("api-user", "The API user.", "MTN_API_USER", metavar="UUID"),
    _said("api-key", "Its key; better in the variable.", "MTN_API_KEY", metavar="KEY"),
    click.option(
        "--subscription-key",
        "collection_key",
        envvar=["MTN_COLLECTION_SUBSCRIPTION_KEY", "MTN_SUBSCRIPTION_KEY"],
        show_envvar=True,
        metavar="KEY",
        help="That of collection.",
    ),
    *(
        _said(
            f"{product}-key",
            f"That of {product}; without it, {product} is left out.",
            f"MTN_{product.upper()}_SUBSCRIPTION_KEY",
            metavar="KEY",
        )
        for product in (Product.DISBURSEMENT, Product.REMITTANCE)
    ),
    _said(
        "target-environment",
        "X-Target-Environment.",
        "MTN_TARGET_ENVIRONMENT",
        default="sandbox",
        show_default=True,
    ),
    _said("currency", "Of all amounts.", "MTN_CURRENCY", default="EUR", show_default=True),
    _said(
        "calls-per-s",
        f"At most so many calls in a second.  [default: {GENTLE_CALLS_PER_S:g}; "
        "no limit on this machine]",
        type=click.FloatRange(0, min_open=True),
    ),
    _said(
        "callback-url",
        "A public address that leads to --callback-port of this machine; its host is the API "
        "user's callback host.",
        "MTN_CALLBACK_URL",
        metavar="URL",
    ),
    _said(
        "callback-port",
        "Where callbacks are heard.  [default: any free port]",
        default=0,
        type=click.IntRange(0, 65535),
    ),
    click.option("--patient", is_flag=True, help="Wait until a token has really expired: an hour."),
    click.option(
        "--moves-no-money",
        is_flag=True,
        help="Say that the payments of an unknown host move no money.",
    ),
)
