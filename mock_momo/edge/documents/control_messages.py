"""The bodies of the control API. Unknown keys are errors with a did-you-mean."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from ipaddress import ip_network
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
)

from mock_momo.core.effects import Happened
from mock_momo.core.limits import NONE, parse_rate_limit
from mock_momo.core.namespace import Namespace
from mock_momo.core.payments import Payment
from mock_momo.core.settings import People, Settings
from mock_momo.edge.documents.money import EXACT
from mock_momo.edge.documents.problems import problems_of, refusal
from mock_momo.edge.documents.rule_messages import RuleMessages, check_plan
from mock_momo.edge.documents.suggestion import suggestion
from mock_momo.edge.people import require_faker
from mock_momo.errors import InvalidSetting
from momo_contracts.errors import InvalidValue
from momo_contracts.events import KINDS, CallbackAttempted, CallbackWithheld, PaymentSettled
from momo_contracts.plans import parse_plan
from momo_contracts.profiles import PROFILES, Profile
from momo_contracts.switches import SWITCHES
from momo_contracts.values import normalise_amount

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
MOST = 2**53
"""The largest whole number that every reader of JSON takes as it is."""

Seed = Annotated[int, Field(ge=-MOST, le=MOST)]
M = TypeVar("M", bound=BaseModel)
Json = Mapping[str, object]


def _check_profile(name: str) -> str:
    try:
        return Profile.of(name).name
    except InvalidValue:
        hint = suggestion(name, PROFILES, with_all=True)
        raise refusal(f"{name[:60]!r} is unknown; {hint}") from None


def _check_network(text: str) -> str:
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        raise refusal(f"{text[:60]!r} is no address or network such as 10.0.0.0/8") from None


def _check_people(people: People) -> People:
    if people == "faker":
        try:
            require_faker()
        except InvalidSetting as missing:
            raise refusal(missing) from None
    return people


def _check_rate_limit(text: str) -> str:
    try:
        parse_rate_limit(text)
    except InvalidSetting as problem:
        raise refusal(problem) from None
    return text


class Message(BaseModel):
    """A body: whatever it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


if TYPE_CHECKING:
    SwitchesMessage = Message
else:
    SwitchesMessage = create_model(
        "SwitchesMessage",
        __base__=Message,
        __doc__="The switches of a namespace; those left out are its profile's.",
        **{
            row.name: (Literal[row.values], Field(row.default, description=row.meaning))
            for row in SWITCHES.values()
        },
    )


class RulesMessage(Message):
    """The rules of a namespace, the first match first."""

    rules: RuleMessages


class SettingsMessage(Message):
    """The settings of a namespace; those left out keep the server's default."""

    profile: Annotated[str, AfterValidator(_check_profile)] | None = None
    outcome: Annotated[str, AfterValidator(check_plan)] | None = None
    expires_in_s: Annotated[int, Field(gt=0, le=10 * 365 * 86400)] | None = None
    opening_balance: Annotated[Decimal, Field(max_digits=30), EXACT] | None = None
    seed: Seed | None = None
    rate_limit: Annotated[str, AfterValidator(_check_rate_limit)] | None = None
    switches: SwitchesMessage | None = None
    allowed_ips: list[Annotated[str, AfterValidator(_check_network)]] | None = None
    people: Annotated[People, AfterValidator(_check_people)] | None = None


class NamespaceMessage(SettingsMessage):
    """The settings of a namespace and its rules; what is left out is the server's."""

    rules: RuleMessages | None = None


def check_name(name: str, what: str = "namespace name") -> str:
    """A name of something that people make up. Raises InvalidSetting."""
    if not _NAME.fullmatch(name):
        raise InvalidSetting(
            f"{what} {name[:80]!r} must be 1 to 100 letters, digits, dots, dashes or underscores"
        )
    return name


def read(message: type[M], content: bytes) -> M:
    """Read a body. Raises InvalidSetting naming the key and what was expected."""
    try:
        return message.model_validate_json(content or b"{}")
    except ValidationError as invalid:
        first = problems_of(invalid, message, _json(content))[0]
        where = "" if first.at else "body: "
        raise InvalidSetting(f"{where}{first}") from None


def settings_from(message: SettingsMessage, defaults: Settings) -> Settings:
    """The settings a message asks for; what it leaves out is that of `defaults`."""
    switches = message.switches.model_dump(exclude_unset=True) if message.switches else {}
    outcome, balance, networks = message.outcome, message.opening_balance, message.allowed_ips
    return Settings(
        profile=Profile.of(message.profile) if message.profile else defaults.profile,
        plan=parse_plan(outcome) if outcome else defaults.plan,
        expires_in_s=message.expires_in_s or defaults.expires_in_s,
        opening_balance=defaults.opening_balance if balance is None else balance,
        seed=defaults.seed if message.seed is None else message.seed,
        rate_limit=(
            defaults.rate_limit
            if message.rate_limit is None
            else parse_rate_limit(message.rate_limit)
        ),
        chosen={**defaults.chosen, **switches},
        allowed_ips=defaults.allowed_ips if networks is None else tuple(map(ip_network, networks)),
        people=message.people or defaults.people,
    )


def describe_namespace(namespace: Namespace) -> Json:
    """Everything a client of this namespace must be configured with."""
    credentials, settings = namespace.credentials, namespace.settings
    return {
        "name": namespace.name,
        "prefix": f"/ns/{namespace.name}",
        "api_user": credentials.api_user,
        "api_key": credentials.api_key,
        "subscription_keys": {
            product.value: key for product, key in credentials.subscription_keys.items()
        },
        "profile": settings.profile.name,
        "target_environment": settings.target_environment.name,
        "currency": settings.target_environment.currency.code,
        "expires_in_s": settings.expires_in_s,
        "outcome": str(settings.plan),
        "rate_limit": str(settings.rate_limit or NONE),
        "opening_balance": normalise_amount(settings.opening_balance),
        "seed": settings.seed,
        "allowed_ips": None if settings.admitted is None else [*map(str, settings.admitted)],
        "people": settings.people,
        "switches": asdict(settings.switches),
    }


def describe_payment(payment: Payment) -> Json:
    """One payment of the books."""
    order = payment.order
    return {
        "reference_id": payment.reference_id,
        "external_id": order.external_id,
        "amount": normalise_amount(order.amount),
        "currency": order.currency,
        "operation": order.made_by.name,
        "party": order.party.id if order.party else None,
        "state": payment.state,
        "reason": payment.reason,
        "plan": str(payment.plan),
        "created_at_ms": payment.created_at_ms,
    }


def describe_fired(happened: Happened) -> Json:
    """Something that happened by itself."""
    detail = happened.detail
    shown: Json = {
        "at_ms": happened.at_ms,
        "kind": KINDS[type(detail)],
        "reference_id": detail.reference_id,
    }
    match detail:
        case PaymentSettled():
            return {**shown, "state": detail.state, "reason": detail.reason}
        case CallbackAttempted():
            return {
                **shown,
                "delivery": detail.delivery,
                "attempt": detail.attempt,
                "status": detail.status,
                "problem": detail.problem,
            }
        case CallbackWithheld():
            return {**shown, "delivery": detail.delivery, "why": detail.why}


def _json(content: bytes) -> object:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return None
