"""From a reply to status, headers and bytes, in the layer's own dialect.

Gateway JSON has blanks, wallet JSON has none (observed). Only the wallet sends Request-Context
and X-XSS-Protection (observed).
"""

import orjson

from mock_momo.core.draws import uuid_of
from mock_momo.core.rendered import Headers, Rendered
from mock_momo.core.replies import (
    Accepted,
    ActiveFound,
    ApiKeyIssued,
    ApiUserFound,
    BalanceFound,
    Created,
    MissionFound,
    Notified,
    PersonFound,
    Refusal,
    Reply,
    StatusFound,
    TokenIssued,
)
from mock_momo.core.settings import Settings
from mock_momo.edge.people import person_of, user_info
from mock_momo.edge.wire.statuses import show_mission, show_published, show_status
from momo_contracts import wire_errors
from momo_contracts.values import normalise_amount
from momo_contracts.wire_errors import Layer, WireError

_JSON = "application/json;charset=utf-8"
_GATEWAY = Headers.of({"Content-Type": "application/json"})
_KEY_WANTED = Headers.of(
    {
        "Content-Type": "application/json",
        "WWW-Authenticate": "AzureApiManagementKey "
        'realm="https://sandbox.momodeveloper.mtn.com/",'
        'name="Ocp-Apim-Subscription-Key",type="header"',
    }
)
_OBSERVED = {
    "Request-Context": "appId=cid-v1:e996501c-e721-4ac1-97ff-dc6887b85e8c",
    "X-XSS-Protection": "1; mode=block",
}
_EMPTY = Headers.of(_OBSERVED)
_WALLET = Headers.of({"Content-Type": _JSON, **_OBSERVED})
_NO_STORE = Headers.of({**_WALLET.fields, "Cache-Control": "no-store", "Pragma": "no-cache"})
_MISSION = Headers.of({**_WALLET.fields, "X-Mock-Fidelity": "mission"})
_REDIRECT = Headers.of({"Location": "/token/"})
_NO_LENGTH = (
    "<!DOCTYPE html>\n<html><head><title>Length Required</title></head>\n"
    "<body><h2>Length Required</h2><hr><p>HTTP Error 411. "
    "The request must have a content length.</p></body></html>\n"
)
_NO_LENGTH_HEADERS = {"Content-Type": "text/html; charset=us-ascii", "Connection": "close"}
_REJECTED = (
    "<html><head><title>Request Rejected</title></head><body>The request was rejected. "
    "Please consult with your administrator.<br><br>Your support ID is: {support_id}"
    "</body></html>\n"
)
_REJECTED_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "Connection": "close",
}
_PAGES = {
    wire_errors.LENGTH_REQUIRED.name: (Headers.of(_NO_LENGTH_HEADERS), _NO_LENGTH),
    wire_errors.WAF_REJECTED.name: (Headers.of(_REJECTED_HEADERS), _REJECTED),
}
_FIRST_SUPPORT_ID, _LAST_SUPPORT_ID = 10**19, 2**64 - 1

_ACCEPTED = Rendered(202, _EMPTY)
_CREATED = Rendered(201, _EMPTY)
_NOTIFIED = Rendered(200, _EMPTY)


def render(reply: Reply, settings: Settings) -> Rendered:  # noqa: C901, PLR0911  # one case a kind
    """The bytes of a reply."""
    match reply:
        case StatusFound(payment):
            return _wallet(show_status(payment, settings.switches))
        case MissionFound(payment, published):
            body = show_published(payment) if published else show_mission(payment)
            return Rendered(200, _MISSION, orjson.dumps(body))
        case Accepted():
            return _ACCEPTED
        case TokenIssued(token, expires_in_s):
            body = {
                "access_token": token,
                "token_type": "access_token",
                "expires_in": expires_in_s,
            }
            return Rendered(200, _NO_STORE, orjson.dumps(body))
        case Refusal():
            is_code_first = settings.switches.error_keys == "code_first"
            return render_error(reply, is_code_first=is_code_first)
        case BalanceFound(amount, currency):
            return _wallet({"availableBalance": normalise_amount(amount), "currency": currency})
        case ActiveFound(is_active):
            return _wallet({"result": is_active})
        case PersonFound(holder, now_ms):
            return _wallet(user_info(person_of(holder.id, settings), now_ms))
        case Created():
            return _CREATED
        case Notified():
            return _NOTIFIED
        case ApiUserFound(host, environment):
            return _wallet({"providerCallbackHost": host, "targetEnvironment": environment})
        case ApiKeyIssued(key):
            return _wallet({"apiKey": key}, 201)


def render_error(refusal: Refusal, *, is_code_first: bool = False) -> Rendered:
    """An error in the dialect of its layer."""
    error, status = refusal.error, refusal.status or refusal.error.status
    if error.layer is Layer.WAF:
        return _render_page(error, status, refusal.incident)
    if error is wire_errors.TOKEN_PATH_WITHOUT_SLASH:
        return Rendered(status, _REDIRECT, layer=error.layer)
    if error.layer is Layer.GATEWAY:
        return _render_gateway(refusal, status)
    if error is wire_errors.LOGIN_FAILED:
        return Rendered(status, _NO_STORE, orjson.dumps({"error": error.message}))
    if not error.code:
        return Rendered(status, _EMPTY)
    keys = ("code", "message") if is_code_first else ("message", "code")
    return _wallet({key: getattr(error, key) for key in keys}, status)


def _wallet(body: object, status: int = 200) -> Rendered:
    return Rendered(status, _WALLET, orjson.dumps(body))


def _render_page(error: WireError, status: int, incident: int) -> Rendered:
    headers, page = _PAGES[error.name]
    support_id = _FIRST_SUPPORT_ID + incident % (_LAST_SUPPORT_ID - _FIRST_SUPPORT_ID)
    return Rendered(status, headers, page.format(support_id=support_id).encode(), error.layer)


def _render_gateway(refusal: Refusal, status: int) -> Rendered:
    """Its own 500 quotes an activity id (observed, by its length)."""
    error, retry_after_s = refusal.error, refusal.retry_after_s
    message = orjson.dumps(error.message.format(seconds=retry_after_s or 26)).decode()
    quoted = ""
    if error is wire_errors.UNEXPECTED:
        quoted = f', "activityId": "{uuid_of(f"{refusal.incident:032x}")}"'
    body = f'{{ "statusCode": {status}, "message": {message}{quoted} }}'.encode()
    headers = _KEY_WANTED if status == 401 else _GATEWAY  # the only one the gateway has
    if retry_after_s is not None:
        headers = Headers.of({**headers.fields, "Retry-After": str(retry_after_s)})
    return Rendered(status, headers, body, Layer.GATEWAY)
