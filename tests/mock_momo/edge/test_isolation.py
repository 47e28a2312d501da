"""Whatever is done in two namespaces, in any interleaving, equals doing it apart.

Every operation goes over a real socket; a history is a list of steps for each of two namespaces and
an order in which they are mixed. Each side's replies, callbacks, books and event log must be what
they are when the other side never existed.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from momo_contracts.events import CallbackAttempted, Detail
from tests.mock_momo.core.calls import BALANCE, REQUEST_TO_PAY, TOKEN, basic
from tests.mock_momo.edge.receiver import Receiver, receiving
from tests.mock_momo.edge.wire import Answer, Fake

NAMES = ("a", "b")
IDS = tuple(f"00000000-0000-4000-8000-00000000000{number}" for number in range(4))
PLANS = (
    "SUCCESSFUL", "FAILED; after=10s", "PENDING", "TIMEOUT; after_polls=1",
    "REJECTED; on_approval=60s", "SUCCESSFUL; after=70s; pending=CREATED",
)  # fmt: skip
RULES: tuple[list[object], ...] = (
    [],
    [{"name": "busy", "fault": {"server_error": {"status": 503}}, "probability": 0.5}],
    [{"name": "once", "fault": "unauthorized", "times": 1}],
    [{"name": "first", "fault": "not_visible", "scope": "rule", "times": 2}],
    [{"name": "twice", "fault": "callback_duplicated"}],
    [{"name": "gone", "fault": "token_revoked", "probability": 0.3}],
    [{"name": "mix", "outcome": [{"plan": "FAILED"}, {"plan": "SUCCESSFUL; after=5s"}]}],
)
SETTINGS: tuple[object, ...] = (
    {},
    {"seed": 7, "expires_in_s": 60, "outcome": "FAILED; after=20s"},
    {"profile": "sandbox", "switches": {"callback_retry": "backoff"}},
    {"switches": {"payment_status": "published", "callback_duplicates": "after_180_s"}},
    {"rate_limit": "4/1m"},
)
CLOCKS: tuple[object, ...] = (
    {"action": "freeze"},
    {"action": "advance", "seconds": 10},
    {"action": "advance", "seconds": 3600},
    {"action": "run_until_idle"},
    {"action": "run"},
)
LAB = ("pause", "resume", "step")
Step = tuple[object, ...]

requests = st.one_of(
    st.tuples(st.just("pay"), st.sampled_from(IDS), st.sampled_from([None, *PLANS]), st.booleans()),
    st.tuples(st.just("status"), st.sampled_from(IDS), st.sampled_from(["v1", "v2"])),
    st.tuples(
        st.sampled_from(["token", "stale", "balance", "user", "key", "login", "held", "look"])
    ),
)
controls = st.one_of(
    st.tuples(st.just("clock"), st.sampled_from(CLOCKS)),
    st.tuples(st.just("rules"), st.sampled_from(RULES)),
    st.tuples(st.just("put"), st.sampled_from(SETTINGS)),
    st.tuples(st.sampled_from(["reset", "verify"])),
    st.tuples(st.just("reseed"), st.sampled_from([0, 7])),
    st.tuples(st.just("decide"), st.sampled_from(IDS), st.sampled_from(["approve", "reject"])),
    st.tuples(st.just("lab"), st.sampled_from(LAB)),
    st.tuples(st.just("answer"), st.sampled_from([500, None])),
)
openings = st.tuples(
    st.tuples(st.just("put"), st.sampled_from(SETTINGS)),
    st.tuples(st.just("rules"), st.sampled_from(RULES)),
)
histories = st.builds(
    lambda first, second, rest: [
        *(("a", step) for step in first),
        *(("b", step) for step in second),
        *rest,
    ],
    openings,
    openings,
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.one_of(requests, requests, controls)), max_size=25
    ),
)


class Side:
    """One namespace of one fake, with its merchant, and all that was seen of it."""

    def __init__(self, fake: Fake, name: str, receiver: Receiver) -> None:
        self.fake, self.name, self.receiver = fake, name, receiver
        self.seen: list[object] = []
        self.authorization: str | None = None
        self.login: str | None = None

    async def take(self, step: Step) -> None:
        kind, *details = step
        seen = await getattr(self, f"_{kind}")(*details)
        self.seen.append((step, _shown(seen)))
        namespace = self.fake.registry.find(self.name)
        assert namespace is not None
        await self.fake.server.performer.quiesce(namespace)

    async def end(self) -> list[object]:
        """All that anybody can know of this side."""
        for part in ("books", "payments", "rules", "callbacks", "gates"):
            self.seen.append(_shown(await self._control("GET", part)))
        namespace = self.fake.registry.find(self.name)
        assert namespace is not None
        events = [
            (event.seq, event.at_ms, _plain(event.detail)) for event in namespace.log.after(0)
        ]
        return [*self.seen, [row.body for row in self.receiver.received], events]

    async def _pay(self, reference_id: str, plan: str | None, wants_callback: bool) -> Answer:  # noqa: FBT001  # drawn
        headers = self._headers() | {
            "X-Reference-Id": reference_id,
            "X-Mock-Outcome": plan,
            "X-Callback-Url": self.receiver.url if wants_callback else None,
        }
        order = {"amount": "5", "currency": "EUR", "payer": {"partyIdType": "MSISDN"}}
        order["payer"] = {"partyIdType": "MSISDN", "partyId": "46733120001"}
        return await self._ask("POST", REQUEST_TO_PAY, headers, json.dumps(order).encode())

    async def _status(self, reference_id: str, view: str) -> Answer:
        path = REQUEST_TO_PAY if view == "v1" else "/collection/v2_0/payment"
        return await self._ask("GET", f"{path}/{reference_id}", self._headers())

    async def _balance(self) -> Answer:
        return await self._ask("GET", BALANCE, self._headers())

    async def _token(self) -> Answer:
        """A token by the namespace's own login, kept for `stale`."""
        namespace = self.fake.registry.find(self.name)
        answer = await self._ask("POST", TOKEN, self.fake.login(namespace))
        if answer.status == 200:
            self.authorization = f"Bearer {answer.json['access_token']}"
        return answer

    async def _stale(self) -> Answer:
        """A read with the last token that was issued, however old it is."""
        headers = self._headers() | {"Authorization": self.authorization}
        return await self._ask("GET", BALANCE, headers)

    async def _user(self) -> Answer:
        headers = self._headers() | {"X-Reference-Id": IDS[0]}
        body = b'{"providerCallbackHost":"localhost"}'
        return await self._ask("POST", "/v1_0/apiuser", headers, body)

    async def _key(self) -> Answer:
        """One more key of the API user that `user` makes, kept for `login`."""
        answer = await self._ask("POST", f"/v1_0/apiuser/{IDS[0]}/apikey", self._headers())
        if answer.status == 201:
            self.login = basic(IDS[0], str(answer.json["apiKey"]))
        return answer

    async def _login(self) -> Answer:
        """A token by the last key that was made, however long ago."""
        return await self._ask("POST", TOKEN, self._headers() | {"Authorization": self.login})

    async def _held(self) -> Answer:
        """A request that a gate holds until it is released."""
        gate = {"point": "request_received", "match": {"operation": "*.balance"}}
        await self._control("PUT", "gates/g", gate)
        asked = asyncio.create_task(self._balance())
        shown = await self._control("GET", "gates/g?held=1&wait_s=10")
        assert shown.json["held"]
        await self._control("DELETE", "gates/g")
        return await asked

    async def _look(self) -> Answer:
        return await self._control("GET", "callbacks")

    async def _verify(self) -> Answer:
        expect = [{"count": {"operation": "*.create", "status": 202}, "at_most": 2}]
        return await self._control("POST", "verify", {"expect": expect})

    async def _clock(self, message: object) -> Answer:
        return await self._control("POST", "clock", message)

    async def _rules(self, rules: object) -> Answer:
        return await self._control("PUT", "rules", {"rules": rules})

    async def _put(self, message: object) -> Answer:
        return await self.fake.control("PUT", f"namespaces/{self.name}", message)

    async def _reseed(self, seed: int) -> None:
        """What another seed in a scenario file that changes does."""
        namespace = self.fake.registry.find(self.name)
        assert namespace is not None
        namespace.configure(replace(namespace.settings, seed=seed), self.fake.wall())

    async def _reset(self) -> Answer:
        return await self._control("POST", "reset")

    async def _decide(self, reference_id: str, decision: str) -> Answer:
        return await self._control("POST", f"payments/{reference_id}/{decision}")

    async def _lab(self, what: str) -> Answer:
        return await self._control("POST", f"callbacks/{what}")

    async def _answer(self, status: int | None) -> None:
        self.receiver.statuses.append(status)

    def _headers(self) -> dict[str, str | None]:
        return self.fake.headers(self.fake.registry.find(self.name))

    async def _ask(
        self, method: str, path: str, headers: dict[str, str | None], body: bytes = b""
    ) -> Answer:
        return await self.fake.ask(method, path, headers, body)

    async def _control(self, method: str, part: str, message: object = None) -> Answer:
        return await self.fake.control(method, f"namespaces/{self.name}/{part}", message)


@asynccontextmanager
async def sides(receivers: dict[str, Receiver], *names: str) -> AsyncIterator[dict[str, Side]]:
    """A fake of its own with these namespaces."""
    fake = Fake()
    await fake.start()
    try:
        for name in names:
            await fake.control("PUT", f"namespaces/{name}")
            receivers[name].received.clear()
            receivers[name].statuses.clear()
        yield {name: Side(fake, name, receivers[name]) for name in names}
        assert fake.server.crashes == []
    finally:
        await fake.server.stop(drain_s=0.1)


@settings(max_examples=50, deadline=None)
@given(histories)
def test_two_namespaces_interleaved_equal_the_two_apart(history: list[tuple[str, Step]]) -> None:
    asyncio.run(_compare(history))


async def _compare(history: list[tuple[str, Step]]) -> None:
    async with receiving() as one, receiving() as other:
        receivers = dict(zip(NAMES, (one, other), strict=True))
        async with sides(receivers, *NAMES) as both:
            for name, step in history:
                await both[name].take(step)
            together = {name: await side.end() for name, side in both.items()}
        for name in NAMES:
            async with sides(receivers, name) as alone:
                for owner, step in history:
                    if owner == name:
                        await alone[name].take(step)
                apart = await alone[name].end()
            assert together[name] == apart


def _shown(seen: Answer | None) -> object:
    """A reply without what is wall time."""
    if seen is None:
        return None
    body: object = seen.body
    if seen.body.startswith(b"{") and b"latency_ms" in seen.body:
        body = json.loads(seen.body, object_hook=without_latency)
    return seen.status, seen.headers, body, seen.why


def without_latency(found: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in found.items() if name != "latency_ms"}


def _plain(detail: Detail) -> object:
    """What an event says, without wall time and the random order of connections."""
    if isinstance(detail, CallbackAttempted):
        detail = replace(detail, latency_ms=0)
    return type(detail).__name__, [getattr(detail, row.name) for row in fields(detail)]
