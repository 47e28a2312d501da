"""MOMO-SRV: what a server does. Judged on any traffic, a client's with the fake as well."""

from collections.abc import Mapping
from types import MappingProxyType

from momo_conformance.checks import (
    server_access,
    server_bodies,
    server_echoes,
    server_payments,
    server_values,
)
from momo_conformance.verdicts import Check

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "MOMO-SRV-01": server_access.logins,
        "MOMO-SRV-02": server_access.lifetimes,
        "MOMO-SRV-03": server_access.subscription_keys,
        "MOMO-SRV-04": server_payments.accepted,
        "MOMO-SRV-05": server_payments.taken,
        "MOMO-SRV-06": server_payments.named,
        "MOMO-SRV-07": server_payments.found,
        "MOMO-SRV-08": server_bodies.shaped,
        "MOMO-SRV-09": server_echoes.in_order,
        "MOMO-SRV-10": server_echoes.echoed,
        "MOMO-SRV-11": server_echoes.told,
        "MOMO-SRV-12": server_payments.at_once,
        "MOMO-SRV-13": server_values.valued,
    }
)
