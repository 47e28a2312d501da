"""What is said when a command has ended under `exec`: what was wrong with its run, if anything."""

from collections.abc import Iterator

from mock_momo.commands.child import CANNOT_RUN
from mock_momo.core.credentials import DEFAULT_NAMESPACE
from mock_momo.core.expectations import Expectation, Judgement, judge
from mock_momo.core.registry import Registry
from mock_momo.core.verification import events_since_reset, problems_of
from momo_contracts.operations import READ_PAYMENT

_NO_REQUEST = (
    "the fake has not seen one request. Likely: the address is compiled in (exec --tls leads MTN's "
    "hosts here; Node's fetch follows from Node 24 on) or cached (a .env file or a configuration "
    "cache that wins over MTN_BASE_URL), or the client reads another variable: give it with "
    "--env NAME={base_url}"
)
_BY_ITSELF = range(1, CANNOT_RUN)
"""Codes of a command that has failed, neither killed nor never run."""


def complaints(registry: Registry, expectations: tuple[Expectation, ...], code: int) -> list[str]:
    """A line for each thing that is wrong; none: all is well. `code` is the command's."""
    if not registry.has_been_called:
        if code == 0:
            return [f"the command passed, and {_NO_REQUEST}"]
        if code in _BY_ITSELF:
            return [f"the command failed, and {_NO_REQUEST}. Or it failed before its first request"]
    return [*_problems(registry), *_unmet(registry, expectations)]


def fidelity_note(registry: Registry) -> str | None:
    """How many status reads were of a kind that MTN has not been seen to answer."""
    reads = sum(
        row.calls[READ_PAYMENT.name]
        for row in registry.all()
        if row.settings.switches.payment_scope == "shared"
    )
    if not reads:
        return None
    return (
        f"{reads} status reads were GET v2_0/payment of a request to pay, which MTN has not been "
        "seen to answer; --switch payment_scope=separate tests without"
    )


def _problems(registry: Registry) -> Iterator[str]:
    for namespace in registry.all():
        where = "" if namespace.name == DEFAULT_NAMESPACE else f" in {namespace.name}"
        for problem in problems_of(namespace):
            yield f"{problem.kind.replace('_', ' ')}{where}: {problem.why}"


def _unmet(registry: Registry, expectations: tuple[Expectation, ...]) -> Iterator[str]:
    """Expectations are of the run: the events of all namespaces together, as they came."""
    found = [events_since_reset(namespace) for namespace in registry.all()]
    events = sorted((event for rows, _ in found for event in rows), key=lambda row: row.wall_ms)
    for verdict in judge(expectations, events, sum(lost for _, lost in found)):
        if verdict.judgement is not Judgement.MET:
            yield f"expectation {verdict.judgement}: {verdict.told}"
