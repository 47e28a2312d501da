"""A control client that keeps its connection."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mock_momo.testing import FakeUnavailable, KeptTransport, in_process_fake


def test_any_number_of_threads_may_ask_as_often_as_they_like() -> None:
    with in_process_fake() as fake, KeptTransport(fake.url) as transport:
        control = replace(fake, transport=transport)
        with ThreadPoolExecutor(4) as pool:
            names = list(pool.map(lambda _: control.names(), range(40)))
    assert names == [["default"]] * 40


def test_a_fake_that_is_gone_is_told_of() -> None:
    with in_process_fake() as fake, KeptTransport(fake.url) as transport:
        control = replace(fake, transport=transport)
        control.names()
    with pytest.raises(FakeUnavailable):
        control.names()
