"""What an Authorization header says, unverified."""

from base64 import b64decode
from binascii import Error as NotBase64


def bearer_token(authorization: str) -> str:
    """The token of a Bearer authorization, or nothing. Blanks between are free (observed)."""
    scheme, _, token = authorization.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def basic_credentials(authorization: str) -> tuple[str, str]:
    """User and password of a Basic authorization; empty where it is something else."""
    scheme, _, credential = authorization.strip().partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        text = b64decode(credential.strip(), validate=True).decode()
    except (NotBase64, ValueError):
        return "", ""
    user, _, password = text.partition(":")
    return user, password
