"""Bugs about tokens."""

from tests.mutants.client.bugs import bug, replace
from tests.mutants.client.tokens import Tokens


@bug("MOMO-TOK-02", "no cache", says="before the last one expired")
def _no_cache() -> None:
    replace(Tokens, is_fresh=lambda _self, _token: False)
