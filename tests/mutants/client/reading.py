"""What every answer of the provider may hold: a JSON object, a code, a wish to be left alone."""

from collections.abc import Mapping

from tests.mutants.client.reply import Reply, Unreadable


def document_of(reply: Reply) -> Mapping[str, object]:
    """The body as a JSON object; empty when it is none."""
    try:
        return reply.document()
    except Unreadable:
        return {}


def code_in(reply: Reply) -> str | None:
    """The wallet's word for what is wrong, where it gives one."""
    return text_in(document_of(reply).get("code"))


def text_in(value: object) -> str | None:
    """A text that says something; None for all else."""
    return value if isinstance(value, str) and value else None


class Pauses:
    """How long the provider wants to be left alone."""

    LONGEST_S = 24 * 3600

    def wait_ms(self, reply: Reply) -> int:
        """What Retry-After asks for; 0 without one that can be read."""
        text = reply.headers.get("retry-after", "").strip()
        seconds = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        return 1000 * min(seconds, self.LONGEST_S)
