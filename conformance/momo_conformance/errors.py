"""The exceptions of the examiner. A finding about a client is a value, never an exception.

ConformanceError
├── DriverError         the driver could not be started, broke the protocol, hung or died
├── InvalidCommand      the driver's command is no command line; nothing was started
├── IncompleteEvents    the fake's log lost events, so that nothing can be judged
├── InvalidExample      a file does not hold an example plan
└── InvalidCatalogue    the requirement catalogue is not well-formed
"""


class ConformanceError(Exception):
    """Base of the family. The message says what was expected and what to do next."""


class DriverError(ConformanceError):
    """The driver could not be started, broke the protocol, hung or died."""


class InvalidCommand(ConformanceError):
    """The driver's command is no command line."""


class IncompleteEvents(ConformanceError):
    """There is a gap in the fake's event log."""


class InvalidExample(ConformanceError):
    """A file does not hold an example plan."""


class InvalidCatalogue(ConformanceError):
    """The requirement catalogue is not well-formed."""
