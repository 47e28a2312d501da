"""What `grade` says of each published client, from its traffic alone: docs/comparison.md."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from interop.environments import ROOT
from interop.table import Client

PAGE = ROOT / "docs" / "comparison.md"
_MARKS: Mapping[str, str] = {"PASS": "✓", "FAIL": "**✗**"}

INTRO = """\
# Published clients, graded

Every client of [the compatibility table](compatibility.md), unmodified, made one payment that goes
well, one that fails, and whatever else it can, under `mock-momo grade`; these are the verdicts from
that traffic alone. So little traffic exercises little: a ✓ says that nothing wrong was seen, an
empty cell that there was nothing to see. What a client does under faults, in races and over a day
shows when it has a [driver](driver.md). `make interop` makes this page;
[the requirements](requirements.md) say what each asks for.

"""

Grades = Mapping[str, Any]
"""A report of `grade --json`."""


def read_grades(path: Path) -> Grades | None:
    """The report in a file; None when there is none."""
    if not path.exists():
        return None
    found: Grades = json.loads(path.read_text("utf-8"))
    return found


def page(graded: Sequence[tuple[Client, Grades]]) -> str:
    """The whole page: a table of requirements by clients, then what is wrong in words."""
    names = [f"`{client.package}`<br>{client.registry}" for client, _ in graded]
    rows = [_row(name, graded) for name in _exercised(graded)]
    head = [["", *names], ["---"] * (len(names) + 1)]
    lines = [f"| {' | '.join(cells)} |" for cells in (*head, *rows)]
    findings = [line for client, grades in graded for line in _findings(client, grades)]
    return INTRO + "\n".join((*lines, "", "## What is wrong", "", *findings)) + "\n"


def _exercised(graded: Sequence[tuple[Client, Grades]]) -> list[str]:
    """The requirements that some client was judged on, in the catalogue's order."""
    return list(
        dict.fromkeys(
            row["requirement"]
            for rows in zip(*(grades["verdicts"] for _, grades in graded), strict=True)
            for row in rows
            if row["outcome"] in _MARKS
        )
    )


def _row(name: str, graded: Sequence[tuple[Client, Grades]]) -> list[str]:
    cells = [
        next(
            _MARKS.get(row["outcome"], "")
            for row in grades["verdicts"]
            if row["requirement"] == name
        )
        for _, grades in graded
    ]
    return [name.removeprefix("MOMO-"), *cells]


def _findings(client: Client, grades: Grades) -> list[str]:
    told = [
        f"- **{client.registry} `{client.package}`** {row['requirement']}: {_line(row['why'])}"
        for row in grades["verdicts"]
        if row["outcome"] == "FAIL"
    ]
    return told or [f"- {client.registry} `{client.package}`: nothing seen"]


def _line(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
