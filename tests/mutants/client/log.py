"""One line on stderr for each request, and for what a person should know."""

import sys


class Log:
    """Lines on stderr. Nothing secret is ever handed to it; phone numbers go through `masked`."""

    SHOWN_DIGITS = 3

    def request(self, method: str, path: str, result: object) -> None:
        """One exchange: its path has no query, its result is a status or the kind of failure."""
        self.write(f"{method} {path} {result}")

    def opened(self, reference_id: str, party: str | None) -> None:
        """A payment that is about to be sent."""
        self.write(f"{reference_id}: with {self.masked(party or '')}")

    def surface(self, reference_id: str, what: str) -> None:
        """Something about a payment that only a person can judge."""
        self.write(f"{reference_id}: {what}")

    def masked(self, msisdn: str) -> str:
        return "*" * (len(msisdn) - self.SHOWN_DIGITS) + msisdn[-self.SHOWN_DIGITS :]

    def write(self, line: str) -> None:
        sys.stderr.write(f"{line}\n")
