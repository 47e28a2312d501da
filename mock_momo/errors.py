"""The exceptions of the fake. None of them ever reaches a client of the fake as a traceback.

MockMomoError
├── InvalidSetting      a setting of a namespace or of the server is outside its range
├── UnknownNamespace    the control API was asked for a namespace that does not exist
├── FakeUnavailable     the fake could not be started or reached
└── EventsNotWritten    the file that events go to is not to be written
"""


class MockMomoError(Exception):
    """Base of the family. The message says what was expected and what to do next."""


class InvalidSetting(MockMomoError):
    """A setting is outside its range."""


class UnknownNamespace(MockMomoError):
    """No namespace has this name."""


class FakeUnavailable(MockMomoError):
    """The fake could not be started or reached."""


class EventsNotWritten(MockMomoError):
    """The file that events go to could not be opened or written."""
