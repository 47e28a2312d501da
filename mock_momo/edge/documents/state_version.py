"""The version of a saved state: checked before anything else in it."""

from typing import Literal

from pydantic import model_validator

from mock_momo.edge.documents.control_messages import Message
from mock_momo.edge.documents.problems import refusal

VERSION = 2


class Versioned(Message):
    """A document that says its version."""

    version: Literal[2]

    @model_validator(mode="before")
    @classmethod
    def _is_of_this_version(cls, content: object) -> object:
        given = content.get("version", VERSION) if isinstance(content, dict) else VERSION
        if given != VERSION:
            raise refusal(
                f"version: {given!r:.20} is not {VERSION}; this state was written by another "
                "mock-momo: begin without it, or use that one"
            )
        return content
