"""The egress guard: callbacks go to this machine, and to hosts that were allowed by name."""

import ipaddress
import socket

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver


class EgressRefused(Exception):
    """A callback would leave this machine. The message says which option allows it."""


class EgressGuard(AbstractResolver):
    """Resolves a host to addresses that a callback may go to. `allowed` hosts may be anywhere."""

    def __init__(self, allowed: frozenset[str] = frozenset()) -> None:
        self._allowed = allowed
        self._resolver = ThreadedResolver()

    def check_literal(self, host: str) -> None:
        """An address needs no look-up, so nobody would ask `resolve`. Raises EgressRefused."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return
        if not address.is_loopback and host not in self._allowed:
            raise _refused(host)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host in self._allowed:
            return await self._resolver.resolve(host, port, family)
        try:
            found = await self._resolver.resolve(host, port, family)
        except OSError:
            raise _refused(host) from None
        if not all(_is_loopback(row) for row in found):
            raise _refused(host)
        return found

    async def close(self) -> None:
        await self._resolver.close()


def _is_loopback(found: ResolveResult) -> bool:
    return ipaddress.ip_address(found["host"].partition("%")[0]).is_loopback


def _refused(host: str) -> EgressRefused:
    return EgressRefused(
        f"{host} is not this machine; callbacks leave it only to hosts named by "
        f"--allow-callback-host {host}"
    )
