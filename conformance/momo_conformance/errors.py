"""The exceptions of the examiner. A finding about a client is a value, never an exception.

ConformanceError
├── DriverError         the driver could not be started or broke the protocol
│   └── DriverDied      it ended, or hung and was ended
├── MissingExtra        a package that is needed is not installed
├── InvalidCommand      the driver's command is no command line; nothing was started
├── InvalidEvents       a file does not hold events
├── InvalidTarget       a server cannot be examined as it was described; nothing was sent
├── ServerUnreachable   nothing answers at the server's address
├── InvalidExample      a file does not hold an example plan
├── InvalidCatalogue    the requirement catalogue is not well-formed
├── InvalidBaseline     a file does not hold a baseline
└── UnwritableReport    a report could not be written
"""


def told_whole(problem: Exception) -> str:
    """A problem with what has been noted about it on its way, in lines."""
    return "\n".join((str(problem), *getattr(problem, "__notes__", ())))


class ConformanceError(Exception):
    """Base of the family. The message says what was expected and what to do next."""


class DriverError(ConformanceError):
    """The driver could not be started or broke the protocol."""


class DriverDied(DriverError):
    """The driver ended, or did not answer and was ended; `how` says which way.

    `last_words` is the last line of its stderr, empty without one.
    """

    def __init__(self, message: str, how: str, last_words: str = "") -> None:
        super().__init__(message)
        self.how = how
        self.last_words = last_words


class MissingExtra(ConformanceError):
    """A package that is needed is not installed; the message holds the line that installs it."""


class InvalidCommand(ConformanceError):
    """The driver's command is no command line."""


class InvalidEvents(ConformanceError):
    """A file does not hold events."""


class InvalidTarget(ConformanceError):
    """A server cannot be examined as it was described."""


class ServerUnreachable(ConformanceError):
    """Nothing answers at the server's address."""


class InvalidExample(ConformanceError):
    """A file does not hold an example plan."""


class InvalidCatalogue(ConformanceError):
    """The requirement catalogue is not well-formed."""


class InvalidBaseline(ConformanceError):
    """A file does not hold a baseline."""


class UnwritableReport(ConformanceError):
    """A report could not be written."""
