"""The exceptions of the fake. None of them ever reaches a client of the fake as a traceback.

MockMomoError
├── InvalidSetting      a setting of a namespace or of the server is outside its range
├── InvalidScenario     a scenario file is wrong; each of its problems has a line
├── UnknownNamespace    the control API was asked for a namespace that does not exist
├── FakeUnavailable     the fake could not be started or reached
│   └── PortTaken       it could not listen on the port it was told
├── NothingHeld         a gate does not hold what was waited for
└── EventsNotWritten    the file that events go to is not to be written
"""


class MockMomoError(Exception):
    """Base of the family. The message says what was expected and what to do next."""


class InvalidSetting(MockMomoError):
    """A setting is outside its range."""


class InvalidScenario(MockMomoError):
    """A scenario file is wrong. `problems`: `file:line: where: what was expected`, by line."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UnknownNamespace(MockMomoError):
    """No namespace has this name."""


class FakeUnavailable(MockMomoError):
    """The fake could not be started or reached."""


class PortTaken(FakeUnavailable):
    """The fake could not listen on its port."""


class NothingHeld(MockMomoError):
    """A gate does not hold what was waited for."""


class EventsNotWritten(MockMomoError):
    """The file that events go to could not be opened or written."""
