"""Kills as a page: each requirement, its bugs, and what they were found by."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import median

from tests.mutants.hunt import Kill

INTRO = """\
# Mutants

Who examines the examiner? One correct client and the fake itself are given one bug at a time, and
the requirement that the bug breaks must say so, for the reason that the bug is. A bug is killed
when it does; the client and the fake without a bug break nothing. `make mutants` makes this page:
each client goes through a plan of every group and all that are made for the requirement;
`make mutants-full` puts each through everything.

"""


def page(kills: Sequence[Kill]) -> str:
    """The whole page."""
    rows = [
        f"| {requirement} | {kill.side} | {kill.bug} | {_told(kill)} | {kill.steps or '-'} "
        f"| {kill.moments} | {_others(kill)} |"
        for requirement, group in _by_requirement(kills)
        for kill in group
    ]
    head = (
        "| requirement | of the | bug | found as | steps | moments | breaks besides |",
        "|---|---|---|---|---|---|---|",
    )
    return INTRO + summary(kills) + "\n\n" + "\n".join((*head, *rows)) + "\n"


def summary(kills: Sequence[Kill]) -> str:
    """How many were killed, and how much there is to read of a kill."""
    own = [kill for kill in kills if kill.is_own]
    covered = {kill.requirement for kill in own}
    return (
        f"{len(own)} of {len(kills)} bugs were killed by their own requirement for their own "
        f"reason; {len(covered)} requirements have killed one. A kill takes "
        f"{median([kill.steps for kill in own if kill.steps] or [0]):g} steps of a plan in the "
        f"median, and shows {median([kill.moments for kill in own] or [0]):g} lines."
    )


def _by_requirement(kills: Iterable[Kill]) -> Iterable[tuple[str, Iterable[Kill]]]:
    return groupby(sorted(kills, key=lambda row: row.requirement), lambda row: row.requirement)


def _told(kill: Kill) -> str:
    if not kill.is_own:
        return f"**not found**: {_cell(kill.why or kill.problem)}"
    return _cell(kill.why)


def _others(kill: Kill) -> str:
    return ", ".join(name.removeprefix("MOMO-") for name in kill.others)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")[:160]
