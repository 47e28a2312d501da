"""Each behaviour of the fake, with its basis and its source: the law's, and the test values."""

from collections.abc import Collection, Iterator

from mock_momo.core.numbers import choosing_values
from momo_contracts.fidelity import Row, law, row


def behaviours(only: Collection[str] = ()) -> list[Row]:
    """Every behaviour; with `only`, those that rest on one of these bases, in part or whole."""
    return [found for found in _all() if not only or set(found.bases) & set(only)]


def describe(rows: Collection[Row]) -> dict[str, object]:
    """Behaviours as JSON has them."""
    return {
        "version": 1,
        "behaviours": [
            {
                "subject": row.subject,
                "behaviour": row.behaviour,
                "bases": [*row.bases],
                "source": row.source,
            }
            for row in rows
        ],
    }


def _all() -> Iterator[Row]:
    """The law's, then the sandbox's test values; their twins are ours."""
    yield from law()
    for value in choosing_values("sandbox"):
        chosen = f"{value.resource} {value.value}: {value.answer}"
        yield row("test value", chosen, value.provenance)
