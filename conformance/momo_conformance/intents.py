"""What the examiner means by a request that it sends to a server: why, and so what should follow.

A client's requests have none. No event of the fake's carries one: it is the examiner's own word.
"""

from enum import StrEnum


class Intent(StrEnum):
    """One for each way in which a request can be right or wrong on purpose.

    VALID ones must be carried out; PLAIN ones are right too, but much may become of them. Of those
    AT_ONCE, which are the same, one must.
    """

    VALID = "valid"
    PLAIN = "plain"
    WRONG_LOGIN = "wrong_login"
    WRONG_KEY = "wrong_key"
    DUPLICATE = "duplicate"
    AT_ONCE = "at_once"
    BAD_ID = "bad_id"
    UNKNOWN_ID = "unknown_id"
    MALFORMED_ID = "malformed_id"
    INVALID = "invalid"
