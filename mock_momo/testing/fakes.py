"""Three ways to have a fake for as long as a block lasts, each on a free port of this machine."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from mock_momo.errors import FakeUnavailable
from mock_momo.testing.asynchronous import AsyncControl
from mock_momo.testing.blocking import Control

_STOP_S = 10.0


@contextmanager
def running_fake(*options: str) -> Iterator[Control]:
    """A fake in a child process: the nearest to a real service, and no load on this one.

    `options` are those of `mock-momo serve`. Raises FakeUnavailable when it does not come up.
    """
    serve = ("serve", "--port", "0", "--with-stdin", "--log", "off", *options)
    with subprocess.Popen(  # noqa: S603  # our own command; it ends with us, however we end
        (sys.executable, "-P", "-m", "mock_momo", *serve),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        try:
            yield Control(_url(child))
        finally:
            child.terminate()
            try:
                child.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                child.kill()


@contextmanager
def in_process_fake(*, auto_namespaces: bool = False, **settings: object) -> Iterator[Control]:
    """A fake in a thread of this process: there in milliseconds, for blocking clients.

    `settings` are those of `Control.namespace`; each namespace has them unless it is made with
    others. Raises InvalidSetting.

    While one of its methods is at work, the event loop of the calling thread stands still: a test
    that receives callbacks on that loop wants `async_fake`.
    """
    from mock_momo.testing.in_process import in_thread, registry_of  # noqa: PLC0415  # only who starts one here needs the fake

    registry = registry_of(settings, auto_namespaces=auto_namespaces)
    with in_thread(registry) as (url, transport):
        yield Control(url, transport)


@asynccontextmanager
async def async_fake(
    *, auto_namespaces: bool = False, **settings: object
) -> AsyncIterator[AsyncControl]:
    """A fake on the running event loop, beside an asynchronous client and its callback receiver.

    `settings` are those of `AsyncControl.namespace`; each namespace has them unless it is made with
    others. Raises InvalidSetting.
    """
    from mock_momo.testing.in_process import on_this_loop, registry_of  # noqa: PLC0415  # only who starts one here needs the fake

    registry = registry_of(settings, auto_namespaces=auto_namespaces)
    async with on_this_loop(registry) as (url, transport):
        yield AsyncControl(url, transport)


def _url(child: subprocess.Popen[str]) -> str:
    for line in child.stdout or ():
        if line.startswith("READY "):
            return line.split("url=")[1].split()[0]
    raise FakeUnavailable("the fake ended before it was ready; its message is above")
