"""Money in a document: a text, a whole number, or a fraction that is short enough to be exact."""

from decimal import Decimal
from sys import float_info

from pydantic import BeforeValidator

from mock_momo.edge.documents.problems import refusal


def _check_exact(given: object) -> object:
    """JSON's fractions come as floats, which keep no more than 15 digits for sure."""
    if isinstance(given, float) and len(Decimal(repr(given)).as_tuple().digits) > float_info.dig:
        raise refusal('a number this long is not exact; write it as a string, such as "12.50"')
    return given


EXACT = BeforeValidator(_check_exact)
"""For a Decimal that is money."""
