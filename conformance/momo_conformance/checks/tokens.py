"""MOMO-TOK: how a client gets tokens, keeps them and lets them go."""

from collections.abc import Mapping
from types import MappingProxyType

from momo_conformance.checks.token_lifetimes import (
    never_expired,
    obeyed_expiry,
    renewed_in_time,
    reused,
    single_flight,
)
from momo_conformance.checks.token_logins import (
    apart,
    no_bearer_of_garbage,
    no_call_without_token,
    own_login,
)
from momo_conformance.checks.token_renewals import given_up, renewed_once, repeated_alike
from momo_conformance.verdicts import Check

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-TOK-01": own_login,
        "MOMO-TOK-02": reused,
        "MOMO-TOK-03": never_expired,
        "MOMO-TOK-04": renewed_in_time,
        "MOMO-TOK-05": obeyed_expiry,
        "MOMO-TOK-06": apart,
        "MOMO-TOK-07": single_flight,
        "MOMO-TOK-08": renewed_once,
        "MOMO-TOK-09": given_up,
        "MOMO-TOK-10": repeated_alike,
        "MOMO-TOK-11": no_call_without_token,
        "MOMO-TOK-12": no_bearer_of_garbage,
    }
)
