"""The client under test: its driver, started again whenever it has to be."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Self

from momo_conformance.driver import Client, Driver
from momo_conformance.errors import DriverError
from momo_conformance.output import Output


class Subject:
    """One command, one running driver of it. `stop` in the end, or use it as a context manager.

    `output` is what all of its processes have written to stderr.
    """

    def __init__(self, command: str) -> None:
        """Start and introduce it. Raises InvalidCommand and DriverError."""
        self._command = command
        self._starter = ThreadPoolExecutor(1)
        self._spare: Future[tuple[Driver, Client]] | None = None
        self._environment: Mapping[str, str] = {}
        self._is_given_up = False
        self.output = Output()
        self.driver, self.client = self._started()

    def prepare(self) -> None:
        """Start another one meanwhile: this one is going to be killed."""
        if self._spare is None:
            self._spare = self._starter.submit(self._started)

    def kill(self) -> None:
        """SIGKILL, whatever it is doing; `restart` it afterwards."""
        self.driver.kill()

    def give_up(self) -> None:
        """From another thread: kill it for good. Whoever asks it, or restarts it, is told so."""
        self._is_given_up = True
        self.driver.kill()

    def restart(self) -> None:
        """Go on with another process, in the place of one that is dead. Raises DriverError."""
        self._raise_given_up()
        spare, self._spare = self._spare, None
        self.driver, self.client = spare.result() if spare else self._started()

    def use_environment(self, environment: Mapping[str, str]) -> None:
        """Be a process with these variables beside the examiner's own. Raises DriverError."""
        if environment == self._environment:
            return
        self._environment = environment
        self._drop_spare()
        self.driver.stop()
        self.driver, self.client = self._started()

    def stop(self) -> None:
        """End all of it."""
        self._drop_spare()
        self.driver.stop()
        self._starter.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _started(self) -> tuple[Driver, Client]:
        self._raise_given_up()
        driver = Driver(self._command, self._environment, self.output.add)
        try:
            return driver, driver.introduce()
        except BaseException:
            driver.stop()
            raise

    def _raise_given_up(self) -> None:
        if self._is_given_up:
            raise DriverError("the driver has been given up, with all that was examined beside it")

    def _drop_spare(self) -> None:
        spare, self._spare = self._spare, None
        if spare is not None:
            with suppress(DriverError):  # one that could not be started need not be stopped
                spare.result()[0].stop()
