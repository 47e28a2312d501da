"""Who is calling: Basic credentials for a token, a Bearer token for everything else."""

from mock_momo.core import tokens
from mock_momo.core.authorization import basic_credentials, bearer_token
from mock_momo.core.namespace import Namespace
from mock_momo.core.replies import Refused
from momo_contracts.tokens import is_expired
from momo_contracts.wire_errors import INVALID_BEARER, LOGIN_FAILED

_WHERE = "`mock-momo serve` prints the right one"


def authenticate_basic(namespace: Namespace, authorization: str) -> str:
    """The API user that proves itself with its key. Raises Refused."""
    name, key = basic_credentials(authorization)
    user = namespace.engine.api_users.get(name)
    if user is not None and key in user.api_keys:
        return name
    if not name:
        why = "send Authorization: Basic base64(api user:api key)"
    elif user is None:
        why = f"namespace '{namespace.name}' has no such API user; {_WHERE}"
    else:
        why = f"the API key is wrong; {_WHERE}"
    recorded = namespace.settings.switches.login_error == "recorded_500"
    raise Refused(LOGIN_FAILED, why, status=500 if recorded else None)


def authenticate_bearer(namespace: Namespace, authorization: str, now_ms: int) -> str:
    """The API user whose token this is: genuine, of this namespace, unexpired. Raises Refused."""
    token = bearer_token(authorization)
    claims = tokens.read_claims(token)
    if claims is None:
        given = "this is no token of ours; " if token else ""
        raise Refused(
            INVALID_BEARER,
            f"{given}send Authorization: Bearer <access_token of POST /<product>/token/>",
        )
    engine = namespace.engine
    known = claims.api_user in engine.api_users
    if not known or not tokens.is_genuine(token, engine.api_users.signing_secret(claims.api_user)):
        raise Refused(
            INVALID_BEARER,
            f"this token was not issued by namespace '{namespace.name}', or has been revoked; "
            "fetch a new one",
        )
    if is_expired(claims.expires_at_ms, now_ms):
        late_s = (now_ms - claims.expires_at_ms) // 1000
        raise Refused(INVALID_BEARER, f"this token expired {late_s} s ago; fetch a new one")
    return claims.api_user
