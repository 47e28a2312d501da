"""An orderly end for a command that has started others: none is left behind, and no folder."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from momo_conformance.process_group import interrupt

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_BY_SIGNAL = 128
"""Added to a signal's number it is the exit code of who has ended because of it."""


@contextmanager
def ended_in_order() -> Iterator[None]:
    """Ctrl-C, SIGTERM and SIGHUP unwind the block, and the exit code is 130, 143 or 129.

    For the main thread. A signal that is ignored, as under nohup, stays so.
    """
    told: list[int] = []

    def tell(number: int, _frame: FrameType | None) -> None:
        told.append(number)
        for other in before:
            signal.signal(other, signal.SIG_IGN)  # once: the end is under way
        interrupt()  # its exception passes through all that takes others for findings

    wanted = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in wanted}
    for number, handler in before.items():
        if handler in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, tell)
    try:
        yield
    except BaseException:  # what was cut off midway may fail in ways of its own
        if not told:
            raise
        sys.exit(_BY_SIGNAL + told[0])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
