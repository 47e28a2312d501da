"""The compatibility table, as the catalogue has it; a run shows whether that is true."""

from collections.abc import Iterable, Sequence

from interop.table import Client, Step

BEGIN, END = "<!-- table: clients -->", "<!-- end -->"
ABSENT = "\N{EN DASH}"


def table(clients: Sequence[Client]) -> str:
    """Markdown: a row per client, then the footnotes that its cells are the numbers of."""
    defects = _distinct(text for client in clients for text in _defects(client))
    titles = ["client", "pointed at the fake by", *Step]
    rows = [titles, ["---"] * len(titles), *(_row(client, defects) for client in clients)]
    lines = [f"| {' | '.join(cells)} |" for cells in rows]
    notes = [f"{number}. {text}" for number, text in enumerate(defects, 1)]
    return "\n".join([*lines, "", *notes])


def shown_in(page: str) -> str:
    """The table between the page's marks."""
    return page.partition(BEGIN)[2].partition(END)[0].strip()


def put_into(page: str, shown: str) -> str:
    """The page with this table between its marks."""
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{shown}\n{END}{rest.partition(END)[2]}"


def _row(client: Client, defects: Sequence[str]) -> list[str]:
    return [
        f"{client.registry} `{client.package}` {client.version}",
        client.pointed_by,
        *(_cell(client, step, defects) for step in Step),
    ]


def _cell(client: Client, step: Step, defects: Sequence[str]) -> str:
    if step not in client.steps:
        return ABSENT
    defect = client.defects.get(step)
    return str(defects.index(defect.text) + 1) if defect else "pass"


def _defects(client: Client) -> list[str]:
    return [client.defects[step].text for step in Step if step in client.defects]


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))
