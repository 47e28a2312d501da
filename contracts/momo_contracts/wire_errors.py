"""The error replies of the API: who sends them, and what they prove.

Three layers answer, each with its own serialiser: the *gateway* (spaced JSON, statusCode first),
the *wallet* (compact JSON, message before code) and the *WAF* (HTML). `definite` means that the
request did not and will not take effect; when in doubt, it is not definite. `retryable` means
that the same request, with the same reference id, may succeed later.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Layer(StrEnum):
    """Which part of MTN's stack answers."""

    WAF = "waf"
    GATEWAY = "gateway"
    WALLET = "wallet"


@dataclass(frozen=True, slots=True)
class WireError:
    """One row of the catalogue. `code` is empty where the body carries none."""

    name: str
    layer: Layer
    status: int
    code: str
    message: str
    definite: bool
    retryable: bool
    provenance: str


def _gateway(
    name: str,
    status: int,
    message: str,
    provenance: str,
    *,
    definite: bool = True,
    retryable: bool = False,
) -> WireError:
    return WireError(name, Layer.GATEWAY, status, "", message, definite, retryable, provenance)


def _wallet(
    code: str,
    status: int,
    message: str,
    provenance: str,
    *,
    definite: bool = True,
    retryable: bool = False,
) -> WireError:
    return WireError(
        code.lower(), Layer.WALLET, status, code, message, definite, retryable, provenance
    )


def _bare(name: str, status: int, provenance: str, *, definite: bool = True) -> WireError:
    return WireError(name, Layer.WALLET, status, "", "", definite, False, provenance)


MISSING_SUBSCRIPTION_KEY = _gateway(
    "missing_subscription_key",
    401,
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to an API.",
    "observed: the gateway product's own text; prefix confirmed for MoMo",
)
INVALID_SUBSCRIPTION_KEY = _gateway(
    "invalid_subscription_key",
    401,
    "Access denied due to invalid subscription key. "
    "Make sure to provide a valid key for an active subscription.",
    "observed: recorded sandbox replies, 2020 (VCR cassettes of a public client); issue threads",
)
UNKNOWN_ROUTE = _gateway(
    "unknown_route", 404, "Resource not found", "observed: fixtures of MTN's Android SDK, 2023"
)
BODY_TOO_LARGE = _gateway("body_too_large", 413, "Request entity too large", "assumed")
UNPARSABLE_REQUEST = _gateway("unparsable_request", 400, "Bad request", "assumed")
UNEXPECTED = WireError(
    "unexpected",
    Layer.GATEWAY,
    500,
    "",
    "Internal server error",
    False,
    True,
    "observed: status and length; the text is the gateway product's own",
)
"""Not definite: the gateway may have failed after the wallet took the request."""
RATE_LIMITED = _gateway(
    "rate_limited",
    429,
    "Rate limit is exceeded. Try again in {seconds} seconds.",
    "assumed: the gateway product's own text; no capture from MoMo",
    retryable=True,
)
OUT_OF_QUOTA = _gateway(
    "out_of_quota",
    403,
    "Out of call volume quota. Quota will be replenished in 2.12 days.",
    "assumed: the gateway product's own text; no capture from MoMo",
)
FORBIDDEN = _gateway(
    "forbidden", 403, "Forbidden", "observed: an integrator's notes from production, 2026"
)
BAD_GATEWAY = _gateway("bad_gateway", 502, "Bad gateway", "assumed", definite=False, retryable=True)
GATEWAY_TIMEOUT = _gateway(
    "gateway_timeout", 504, "Gateway timeout", "assumed", definite=False, retryable=True
)
WAF_REJECTED = WireError(
    "waf_rejected",
    Layer.WAF,
    200,
    "",
    "Request Rejected",
    definite=False,
    retryable=False,
    provenance="observed: 200 and an HTML page; the page's bytes are assumed",
)
LENGTH_REQUIRED = WireError(
    "length_required",
    Layer.WAF,
    411,
    "",
    "Length Required",
    True,
    False,
    "observed: status and HTML; the page's bytes are assumed",
)
TOKEN_PATH_WITHOUT_SLASH = WireError(
    "token_path_without_slash",
    Layer.GATEWAY,
    302,
    "",
    "Found",
    True,
    False,
    "observed 2020: 302 to /token/ of another host; we name no host",
)

LOGIN_FAILED = WireError(
    "login_failed",
    Layer.WALLET,
    401,
    "",
    "login_failed",
    True,
    False,
    "documented, observed: published as 401, recorded as 500; see the switch login_error",
)
INVALID_BEARER = _bare(
    "invalid_bearer",
    401,
    "observed 2020: 401 with an empty body",
)
BAD_REQUEST = _bare("bad_request", 400, "observed 2020, 2023: 400 with an empty body")
EMPTY_PARTY = _bare("empty_party", 500, "observed 2023: a party without fields is 500, empty")
EMPTY_BODY = _bare("empty_body", 500, "observed 2020: a create without a body is 500, empty")
NOTIFIED_ALREADY = _bare(
    "notified_already", 429, "observed: a second delivery notification is 429; its body is assumed"
)
DUPLICATE_REFERENCE = _wallet(
    "RESOURCE_ALREADY_EXIST",
    409,
    "Duplicated reference id. Creation of resource failed.",
    "observed",
    definite=False,
)
"""Not definite: after an unanswered first attempt it proves that the first one arrived."""
NOT_FOUND = _wallet(
    "RESOURCE_NOT_FOUND",
    404,
    "Requested resource was not found.",
    "observed",
    definite=False,
    retryable=True,
)
"""Not definite: the real API has answered it for payments it had accepted."""
INVALID_CURRENCY = _wallet("INVALID_CURRENCY", 500, "Currency not supported.", "observed")
INVALID_CALLBACK_URL_HOST = _wallet(
    "INVALID_CALLBACK_URL_HOST",
    500,
    "Callback URL does not match the configured value.",
    "observed",
)
NOT_ALLOWED_TARGET_ENVIRONMENT = _wallet(
    "NOT_ALLOWED_TARGET_ENVIRONMENT",
    500,
    "Access to target environment is forbidden.",
    "observed",
)
NOT_ALLOWED = _wallet(
    "NOT_ALLOWED", 500, "Authorization failed. Insufficient permissions.", "observed"
)
NOT_SUCCESSFULLY_COMPLETED = _wallet(
    "NOT_SUCCESSFULLY_COMPLETED",
    409,
    "The transaction is not successfully completed.",
    "observed: of a delivery notification",
)
INTERNAL_PROCESSING_ERROR = _wallet(
    "INTERNAL_PROCESSING_ERROR",
    500,
    "An internal error occurred while processing.",
    "observed",
    definite=False,
    retryable=True,
)
SERVICE_UNAVAILABLE = _wallet(
    "SERVICE_UNAVAILABLE",
    503,
    "Service temporarily unavailable, try again later.",
    "observed",
    definite=False,
    retryable=True,
)
SERVED = MappingProxyType(
    {
        row.code: row
        for row in (
            NOT_FOUND,
            INVALID_CURRENCY,
            INVALID_CALLBACK_URL_HOST,
            NOT_ALLOWED_TARGET_ENVIRONMENT,
            NOT_ALLOWED,
            INTERNAL_PROCESSING_ERROR,
            SERVICE_UNAVAILABLE,
        )
    }
)
"""What the wallet may answer whatever it is asked, by code; test numbers and faults name them."""

INVALID_PLAN = _wallet(
    "MOCK_INVALID_OUTCOME", 400, "X-Mock-Outcome does not follow the grammar.", "mission"
)

CATALOGUE: tuple[WireError, ...] = (
    MISSING_SUBSCRIPTION_KEY,
    INVALID_SUBSCRIPTION_KEY,
    UNKNOWN_ROUTE,
    BODY_TOO_LARGE,
    UNPARSABLE_REQUEST,
    UNEXPECTED,
    RATE_LIMITED,
    OUT_OF_QUOTA,
    FORBIDDEN,
    BAD_GATEWAY,
    GATEWAY_TIMEOUT,
    WAF_REJECTED,
    LENGTH_REQUIRED,
    TOKEN_PATH_WITHOUT_SLASH,
    LOGIN_FAILED,
    INVALID_BEARER,
    BAD_REQUEST,
    EMPTY_PARTY,
    EMPTY_BODY,
    NOTIFIED_ALREADY,
    DUPLICATE_REFERENCE,
    NOT_FOUND,
    INVALID_CURRENCY,
    INVALID_CALLBACK_URL_HOST,
    NOT_ALLOWED_TARGET_ENVIRONMENT,
    NOT_ALLOWED,
    NOT_SUCCESSFULLY_COMPLETED,
    INTERNAL_PROCESSING_ERROR,
    SERVICE_UNAVAILABLE,
    INVALID_PLAN,
)


def is_definite(status: int, code: str) -> bool:
    """Does this reply to a create prove that nothing happened?

    A known code decides; else 4xx is definite but for 408, 409 and 429, and everything else is not.
    """
    for row in CATALOGUE:
        if code and row.code == code:
            return row.definite
    return 400 <= status < 500 and status not in (408, 409, 429)
