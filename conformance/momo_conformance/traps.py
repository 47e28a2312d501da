"""Base URLs that a client must not trust."""

from collections.abc import Iterator
from contextlib import contextmanager

from mock_momo.testing import World
from momo_conformance.plans import Trap
from momo_conformance.recorder import Recorder


@contextmanager
def trapped_url(trap: Trap, world: World, recorder: Recorder) -> Iterator[str]:
    """The base URL of an example: the world's own, or a trap's; what reaches a trap is noted."""
    if trap != "none":
        raise NotImplementedError(trap, recorder)
    yield world.base_url
