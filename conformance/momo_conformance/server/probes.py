"""The directed probes: what is sent to a server so that each of its requirements is exercised.

A probe asserts nothing. What came of it is in the log, and judged like everything else.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from momo_conformance.intents import Intent
from momo_conformance.server.caller import (
    ENVIRONMENT,
    KEY,
    Caller,
    Headers,
    Json,
    basic,
    creates,
    new_id,
    status_of,
)
from momo_conformance.server.invalid import INVALID_HEADERS, INVALID_ORDERS, spoilt
from momo_conformance.server.numbers import ACTIVE, EXPECTED, PREFIX
from momo_contracts.operations import REQUEST_TO_PAY, Operation
from momo_contracts.resources import PAYMENT
from momo_contracts.values import Product

AT_ONCE = 16
_MARGIN_S = 2
_DELAYED, _DELAY_S = f"{PREFIX}454", 60

NO_UUID4 = (
    "not-a-uuid",
    "d9428888-122b-11e1-b85c-61cd3cbb3210",  # version 1
    "6fa459ea-ee8a-3ca4-894e-db77e160355e",  # version 3
    "00000000-0000-0000-0000-000000000000",
    "{7a3e1c9a-3b5e-4a54-9d5a-5b6c7d8e9f00}",
    "7a3e1c9a-3b5e-4a54-1d5a-5b6c7d8e9f00",  # of no variant
    "7a3e1c9a-3b5e-4a54-9d5a-5b6c7d8e9f0",
)


@dataclass(frozen=True, slots=True)
class Probe:
    """What is sent for a requirement. `name` begins with it; `also` are others that it exercises.

    `needs` are abilities of the ground, `products` must all be there; `in_sandbox`: it means
    something where test numbers do.
    """

    name: str
    run: Callable[[Caller], object]
    also: tuple[str, ...] = ()
    needs: frozenset[str] = frozenset()
    products: tuple[Product, ...] = ()
    in_sandbox: bool = False


def _logins(caller: Caller) -> None:
    for product in caller.place.target.products:
        caller.login(product)
    user = caller.place.target.api_user
    for name, key in ((user, "0" * 32), (new_id(), caller.place.target.api_key)):
        headers = {"Authorization": basic(name, key)}
        caller.login(intent=Intent.WRONG_LOGIN, headers=headers)


def _lifetime(caller: Caller) -> None:
    """A token is used just before it expires, and just after."""
    lifetime_s = caller.login().found.get("expires_in")
    if caller.place.advance is None or not isinstance(lifetime_s, int):
        return
    for seconds in (lifetime_s - _MARGIN_S, 2 * _MARGIN_S):
        caller.place.advance(max(0, seconds))
        caller.ask("collection.balance")


def _other_product(caller: Caller) -> None:
    caller.login(Product.COLLECTION)
    caller.login(Product.DISBURSEMENT)
    caller.ask("disbursement.balance", headers=caller.bearer(Product.COLLECTION))


def _subscription_keys(caller: Caller) -> None:
    keys = caller.place.target.subscription_keys
    foreign = next((key for product, key in keys.items() if product != Product.COLLECTION), None)
    wrong = "0" * 32
    is_own = foreign in (None, keys[Product.COLLECTION])
    for key in (None, wrong, *(() if is_own else (foreign,))):
        headers: Headers = {KEY: key}
        caller.login(intent=Intent.WRONG_KEY, headers=headers)
        body = caller.order(REQUEST_TO_PAY)
        caller.create(REQUEST_TO_PAY, new_id(), body, Intent.WRONG_KEY, headers)
        caller.read(status_of(REQUEST_TO_PAY), new_id(), Intent.WRONG_KEY, headers)


def _payments(caller: Caller) -> None:
    """Everything that can be made, and its status at once."""
    for product in caller.place.target.products:
        for operation in creates(product):
            reference_id = new_id()
            caller.create(operation, reference_id, caller.order(operation))
            caller.read(status_of(operation), reference_id)


def _duplicate(caller: Caller) -> None:
    reference_id = new_id()
    caller.create(REQUEST_TO_PAY, reference_id, caller.order(REQUEST_TO_PAY))
    caller.read(status_of(REQUEST_TO_PAY), reference_id)
    other = caller.order(REQUEST_TO_PAY, amount="101")
    caller.create(REQUEST_TO_PAY, reference_id, other, Intent.DUPLICATE)
    caller.read(status_of(REQUEST_TO_PAY), reference_id)


def _bad_ids(caller: Caller) -> None:
    body = caller.order(REQUEST_TO_PAY)
    caller.create(REQUEST_TO_PAY, None, body, Intent.BAD_ID)
    for bad_id in NO_UUID4:
        caller.create(REQUEST_TO_PAY, bad_id, body, Intent.BAD_ID)
        caller.read(status_of(REQUEST_TO_PAY), bad_id, Intent.PLAIN)


def _unknown_ids(caller: Caller) -> None:
    caller.create(REQUEST_TO_PAY, new_id(), caller.order(REQUEST_TO_PAY))
    for product in caller.place.target.products:
        for operation in dict.fromkeys(map(status_of, creates(product))):
            caller.read(operation, new_id(), Intent.UNKNOWN_ID)
            caller.read(operation, NO_UUID4[0], Intent.MALFORMED_ID)


def _in_order(caller: Caller) -> None:
    """The status of two payments again and again, while time passes where it can be made to."""
    payments = {new_id(): party for party in (_DELAYED, f"{PREFIX}450", f"{PREFIX}499")}
    for reference_id, party in payments.items():
        caller.create(REQUEST_TO_PAY, reference_id, caller.order(REQUEST_TO_PAY, party=party))
    for looks in range(4):
        if looks == 2 and caller.place.advance is not None:
            caller.place.advance(_DELAY_S)
        for reference_id in payments:
            caller.read(status_of(REQUEST_TO_PAY), reference_id)


def _echoes(caller: Caller) -> None:
    """Orders that are easily shown otherwise than they were sent."""
    amounts = ("1", "250000", *(("12.50", "0.05", "99.99") if caller.place.target.decimals else ()))
    orders: list[Json] = [{"amount": amount, "externalId": f"00{amount}"} for amount in amounts]
    orders.append({"payer": {"partyIdType": "EMAIL", "partyId": "somebody@example.com"}})
    for order in orders:
        reference_id = new_id()
        body = caller.order(REQUEST_TO_PAY, **order)
        caller.create(REQUEST_TO_PAY, reference_id, body)
        caller.read(status_of(REQUEST_TO_PAY), reference_id)


def _callbacks(caller: Caller) -> None:
    parties = f"{PREFIX}499", f"{PREFIX}450"
    for product in caller.place.target.products:
        for operation in creates(product):
            for party in parties:
                reference_id = new_id()
                body = caller.order(operation, party=party, externalId=reference_id)
                headers = {"X-Callback-Url": caller.place.callback_url(reference_id)}
                caller.create(operation, reference_id, body, headers=headers)
                caller.place.hear(reference_id)
                caller.read(status_of(operation), reference_id)


def _at_once(caller: Caller) -> None:
    caller.login()
    reference_id, body = new_id(), caller.order(REQUEST_TO_PAY)
    start = Barrier(AT_ONCE)

    def create(_: int) -> None:
        start.wait()
        caller.create(REQUEST_TO_PAY, reference_id, body, Intent.AT_ONCE)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(create, range(AT_ONCE)))
    caller.read(status_of(REQUEST_TO_PAY), reference_id)


def _numbers_of(operation: Operation) -> Callable[[Caller], None]:
    name = "amount" if operation.resource is PAYMENT else "party"

    def run(caller: Caller) -> None:
        numbers = {new_id(): number for number in EXPECTED[operation.resource.name]}
        for reference_id, number in numbers.items():
            caller.create(operation, reference_id, caller.order(operation, **{name: number}))
        for reference_id in numbers:
            caller.read(status_of(operation), reference_id)

    return run


def _active(caller: Caller) -> None:
    for number in ACTIVE:
        places = {"holder_type": "msisdn", "holder_id": number}
        caller.ask("collection.accountholder.active", places)


def _invalid(caller: Caller) -> None:
    order = caller.order(REQUEST_TO_PAY)
    for name in INVALID_ORDERS:
        caller.create(REQUEST_TO_PAY, new_id(), spoilt(order, name), Intent.INVALID)
    for headers in INVALID_HEADERS:
        caller.create(REQUEST_TO_PAY, new_id(), order, Intent.INVALID, headers)
    caller.read(status_of(REQUEST_TO_PAY), new_id(), Intent.INVALID, {ENVIRONMENT: "nowhere"})


def _accounts(caller: Caller) -> None:
    """What else there is: for the schemas of its replies."""
    currency = {"currency": caller.place.target.currency}
    place = {"holder_type": "msisdn", "holder_id": f"{PREFIX}499"}
    for product in caller.place.target.products:
        caller.ask(f"{product}.balance")
        caller.ask(f"{product}.balance_in_currency", currency)
        caller.ask(f"{product}.accountholder.active", place)
        caller.ask(f"{product}.accountholder.basicuserinfo", place)


def _tables() -> Iterator[Probe]:
    for product in Product:
        for operation in creates(product):
            if operation.resource.name in EXPECTED:
                name = f"SRV-13 test numbers of {operation.name}"
                yield Probe(name, _numbers_of(operation), products=(product,), in_sandbox=True)


_CLOCK, _HEARD = frozenset({"clock"}), frozenset({"callbacks"})
_BOTH = (Product.COLLECTION, Product.DISBURSEMENT)
PROBES: tuple[Probe, ...] = (
    Probe("SRV-01 right and wrong logins", _logins),
    Probe("SRV-02 a token before and after its expiry", _lifetime, needs=_CLOCK),
    Probe("SRV-02 a token on another product", _other_product, products=_BOTH),
    Probe("SRV-03 subscription keys", _subscription_keys),
    Probe("SRV-04 everything that can be made", _payments, ("SRV-08", "SRV-10")),
    Probe("SRV-05 a reference id used again", _duplicate),
    Probe("SRV-06 reference ids that are none", _bad_ids),
    Probe("SRV-07 statuses of nothing", _unknown_ids),
    Probe("SRV-08 accounts and account holders", _accounts),
    Probe("SRV-09 statuses in order", _in_order),
    Probe("SRV-10 orders as they were sent", _echoes),
    Probe("SRV-11 callbacks", _callbacks, ("SRV-08", "SRV-09"), _HEARD),
    Probe("SRV-12 sixteen at once", _at_once),
    *_tables(),
    Probe("SRV-13 account holders that are test values", _active, in_sandbox=True),
    Probe("SRV-13 invalid input", _invalid),
)
