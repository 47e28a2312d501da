r"""The baseline: breaches that somebody has signed for, until a day. It is strict both ways.

A breach that is not in it fails as ever; an entry that no longer describes a breach is *stale*,
and fails too, so that the file never says less than the truth. TOML, read and written here:

    version = 1

    [[waived]]
    requirement = "MOMO-TOK-02"
    message = "tokens were fetched, one for every single call"
    owner = "payments team"
    expires = 2027-01-31
    issue = "https://issues.example/123"

`message` is the breach, or a part of it; `issue` may be left out.
"""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from difflib import get_close_matches
from itertools import chain
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from momo_conformance.catalogue import load_catalogue
from momo_conformance.complaints import complaint
from momo_conformance.errors import InvalidBaseline
from momo_conformance.verdicts import BROKEN, Outcome, Verdict
from momo_contracts.event_wire import clean_text

_STRICT = ConfigDict(extra="forbid")
_UUID = re.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Text = Annotated[str, Field(min_length=1)]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Waiver:
    """One signed breach: it counts while `message` is in the breach, up to and with `expires`."""

    requirement: Text
    message: Text
    owner: Text
    expires: date
    issue: str = ""

    def covers(self, verdict: Verdict) -> bool:
        """True of a breach of its requirement that says its message."""
        return (
            verdict.requirement.id == self.requirement
            and verdict.outcome in BROKEN
            and self.message in clean_text(verdict.why)
        )


@with_config(_STRICT)
@dataclass(frozen=True, slots=True)
class Baseline:
    """A whole file."""

    version: Literal[1] = 1
    waived: tuple[Waiver, ...] = ()


NOTHING_WAIVED = Baseline()


def read_baseline(text: str) -> Baseline:
    """Read a baseline. Raises InvalidBaseline naming the place and what was expected."""
    try:
        return _ADAPTER.validate_python({"version": None} | tomllib.loads(text))
    except tomllib.TOMLDecodeError as invalid:
        raise InvalidBaseline(f"the baseline is no TOML: {invalid}") from None
    except ValidationError as invalid:
        raise InvalidBaseline(complaint("the baseline", invalid, _KEYS)) from None


def apply(
    verdicts: Sequence[Verdict], baseline: Baseline, today: date
) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    """The verdicts, what is signed for WAIVED, and a complaint for every entry that is stale.

    An entry of a requirement that exists but is not of these verdicts' direction says nothing: one
    file may serve a project's client and its server.
    """
    stale = tuple(chain.from_iterable(_stale(row, verdicts, today) for row in baseline.waived))
    good = [row for row in baseline.waived if row.expires >= today]
    return tuple(_waived(verdict, good) for verdict in verdicts), stale


def write_baseline(
    verdicts: Sequence[Verdict], owner: str, expires: date, before: Baseline = NOTHING_WAIVED
) -> str:
    """The file that signs for every breach there is.

    Entries of `before` that do so already, up to this day or a later one, stay as they are; so do
    those of what these verdicts are not about, such as the server where a client was examined.
    """
    examined = {row.requirement.id for row in verdicts}
    kept = [row for row in before.waived if row.requirement not in examined]
    signed = [_signed(row, owner, expires, before) for row in verdicts if row.outcome in BROKEN]
    rows = sorted((*kept, *signed), key=lambda row: row.requirement)
    return "\n".join(("version = 1\n", *map(_written, rows)))


def _stale(waiver: Waiver, verdicts: Iterable[Verdict], today: date) -> Iterator[str]:
    """What is wrong with an entry, in one line that says what to do."""
    name = waiver.requirement
    if name not in load_catalogue().by_id:
        close = get_close_matches(name, load_catalogue().by_id, n=1)
        yield f"{name} is no requirement; " + (f"did you mean {close[0]}?" if close else "drop it")
    elif waiver.expires < today:
        yield f"{name} was waived until {waiver.expires}: {waiver.owner} must mend it or sign again"
    else:
        for verdict in verdicts:
            if verdict.requirement.id == name and not waiver.covers(verdict):
                yield f"{name} {_instead(verdict, waiver)}: take the entry out"


def _instead(verdict: Verdict, waiver: Waiver) -> str:
    if verdict.outcome in BROKEN:
        return f"fails with {verdict.why!r}, not with {waiver.message!r}"
    return f"does not fail with {waiver.message!r}, it is {verdict.told}"


def _waived(verdict: Verdict, waivers: Iterable[Waiver]) -> Verdict:
    for waiver in waivers:
        if waiver.covers(verdict):
            return replace(verdict, outcome=Outcome.WAIVED, waived_by=waiver.owner)
    return verdict


def _signed(verdict: Verdict, owner: str, expires: date, before: Baseline) -> Waiver:
    waiver = next((row for row in before.waived if row.covers(verdict)), None)
    if waiver and waiver.expires >= expires:
        return waiver
    issue = waiver.issue if waiver else ""
    return Waiver(verdict.requirement.id, _steady(verdict.why), owner, expires, issue)


def _steady(why: str) -> str:
    """The longest part of a breach that has no reference id: those are new in every run."""
    return max(_UUID.split(why), key=len).strip() or why


def _written(waiver: Waiver) -> str:
    lines = ["[[waived]]"]
    for row in fields(waiver):
        value = getattr(waiver, row.name)
        if isinstance(value, date):
            lines.append(f"{row.name} = {value.isoformat()}")
        elif value:
            lines.append(f"{row.name} = {_quoted(value)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML, which is one of JSON but for DEL."""
    return clean_text(json.dumps(text, ensure_ascii=False)).replace("\x7f", "\\u007f")


_ADAPTER = TypeAdapter(Baseline)
_KEYS = tuple(row.name for part in (Baseline, Waiver) for row in fields(part))
