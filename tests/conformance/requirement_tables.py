"""The tables of docs/requirements.md; `make requirements` writes them from the catalogue."""

import re
from pathlib import Path

from momo_conformance.catalogue import Catalogue, Requirement, load_catalogue

PAGE = Path(__file__).parents[2] / "docs" / "requirements.md"

_HEAD = "| id | level | least | requirement | how it is judged |\n|---|---|---|---|---|\n"
_TABLE = re.compile(r"(?<=<!-- table: )(\w+) -->\n.*?(?=<!-- end -->)", re.DOTALL)


def filled(page: str, catalogue: Catalogue) -> str:
    """The page with the catalogue's rows in its tables, each named by a group."""
    rows: dict[str, list[str]] = {}
    for requirement in catalogue.requirements:
        rows.setdefault(requirement.group, []).append(_row(requirement))
    return _TABLE.sub(lambda at: f"{at[1]} -->\n{_HEAD}{''.join(rows.get(at[1], ()))}", page)


def _row(row: Requirement) -> str:
    judged = f"{row.trigger} → {row.expectation}"
    if row.disputed:
        judged += f". *Disputed*: {row.disputed}"
    least = " + ".join((row.least, *row.needs))
    return f"| {row.id} | {row.level} | {least} | {row.clause} | {judged} |\n"


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8"), load_catalogue()), "utf-8")
