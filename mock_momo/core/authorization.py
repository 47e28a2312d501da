"""What an Authorization header says, unverified."""

from base64 import b64decode
from binascii import Error as NotBase64
from functools import lru_cache

from mock_momo.core.tokens import read_claims


def bearer_token(authorization: str) -> str:
    """The token of a Bearer authorization, or nothing. Blanks between are free (observed)."""
    scheme, _, token = authorization.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


@lru_cache
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


def claimed_api_user(authorization: str) -> str:
    """The API user that the header names, by either scheme; empty where it names none."""
    claims = read_claims(bearer_token(authorization))
    return claims.api_user if claims else basic_credentials(authorization)[0]
