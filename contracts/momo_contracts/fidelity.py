"""How true the fake is: each behaviour with its basis and its source.

Most rows come from the law's own tables, each of which has a provenance: one or more bases, then,
after a colon, who says so. `BEHAVIOURS` are those that no other table holds.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from momo_contracts import operations, outcomes, reasons, wire_errors
from momo_contracts.behaviours import BEHAVIOURS
from momo_contracts.profiles import PROFILES
from momo_contracts.switches import SWITCHES, Switch
from momo_contracts.values import TARGET_ENVIRONMENTS


class Basis(StrEnum):
    """What a behaviour rests on.

    DOCUMENTED: MTN says so. OBSERVED: a reply was recorded. REPORTED: somebody says so without a
    record. ASSUMED: nobody knows; it fits what is known. MISSION: this project's own client needs
    it, or it is a control of the fake.
    """

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    REPORTED = "reported"
    ASSUMED = "assumed"
    MISSION = "mission"


@dataclass(frozen=True, slots=True)
class Row:
    """One behaviour. `bases` has ASSUMED too where a part of it is assumed."""

    subject: str
    behaviour: str
    bases: tuple[Basis, ...]
    source: str


def row(subject: str, behaviour: str, provenance: str) -> Row:
    """A row from a provenance such as "documented, observed 2023: MTN's published definitions".

    Where it names no source, the source is that of its year, or the usual one of its basis.
    """
    head, _, said = provenance.partition(":")
    bases = [Basis(word) for word in _BASES.findall(head)]
    if "assumed" in _BASES.findall(said):
        bases.append(Basis.ASSUMED)
    source = "; ".join(filter(None, (said.strip(), *_sources(head, is_said=bool(said)))))
    return Row(subject, behaviour, tuple(dict.fromkeys(bases)), source)


def law() -> Iterator[Row]:
    """Every behaviour that the law knows."""
    for subject, behaviour, provenance in BEHAVIOURS:
        yield row(subject, behaviour, provenance)
    for operation in operations.CATALOGUE:
        asked = f"{operation.method} {operation.path} is {operation.success_status}"
        yield row("operation", asked, operation.provenance)
    for error in wire_errors.CATALOGUE:
        said = error.code or error.message.partition(". ")[0] or "empty body"
        yield row("error", f"{error.name}: {error.status} {said}", error.provenance)
    for reason in reasons.ROWS:
        yield row("reason", reason.code, reason.provenance)
    for switch in SWITCHES.values():
        yield from _values(switch)
    yield from _outcomes()
    for name, environment in TARGET_ENVIRONMENTS.items():
        pays = f"{name} pays in {environment.currency.code}"
        provenance = environment.provenance
        said = provenance if ":" in provenance else f"{provenance}: {_COUNTRIES}"
        yield row("environment", pays, said)
    for profile in PROFILES.values():
        chosen = ", ".join(f"{name}={value}" for name, value in profile.switches.items())
        if chosen:
            yield row("profile", f"{profile.name}: {chosen}", "documented")


def _values(switch: Switch) -> Iterator[Row]:
    """One row a value; a provenance in as many parts has one for each."""
    parts = [part.strip() for part in switch.provenance.split(";")]
    shared = len(parts) != len(switch.values)
    for at, value in enumerate(switch.values):
        default = " (default)" if value == switch.default else ""
        provenance = switch.provenance if shared else parts[at]
        yield row("switch", f"{switch.name}={value}{default}", provenance)


def _outcomes() -> Iterator[Row]:
    for outcome in outcomes.ROWS:
        reason = f", {outcome.reason}" if outcome.reason else ""
        for view, status, provenance in (
            ("v1_0/requesttopay", outcome.request_to_pay_status, "observed"),
            ("v2_0/payment", outcome.payment_status, "mission"),
        ):
            shown = f"{outcome.outcome} shows as {status}{reason} in {view}"
            yield row("outcome", shown, provenance)


def _sources(head: str, *, is_said: bool) -> Iterator[str]:
    years = _YEAR.findall(head)
    if years and "documented" not in head:
        yield from (_OF_YEAR[year] for year in years)
        return
    for word in () if is_said else _BASES.findall(head):
        yield _USUAL[Basis(word)] + (f", {years[0]}" if years else "")


_BASES = re.compile(rf"\b({'|'.join(Basis)})\b")
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_OF_YEAR: Mapping[str, str] = {
    "2020": "recorded sandbox replies, 2020",
    "2023": "MTN's own SDKs and their tests, 2023",
    "2024": "MTN's sandbox notebook, 2024",
    "2026": "integrators' live notes, 2026",
}
"""Where replies of a year were recorded."""

_COUNTRIES = "MTN's lists of target environments; projects in production"
_USUAL: Mapping[Basis, str] = {
    Basis.DOCUMENTED: "MTN's published definitions and developer portal",
    Basis.OBSERVED: "recorded sandbox replies, 2020 to 2026",
    Basis.REPORTED: "issue threads of public clients",
    Basis.ASSUMED: "nobody has published or recorded it",
    Basis.MISSION: "the client that this project serves",
}
