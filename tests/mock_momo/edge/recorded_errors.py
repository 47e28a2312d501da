"""Errors, redirects and tokens as recorded or published: rows, by where they were recorded."""

from mock_momo.core.settings import Settings
from momo_contracts.profiles import Profile
from tests.mock_momo.core.calls import REFERENCE_ID
from tests.mock_momo.edge.recorded import EMPTY, GATEWAY, NO_STORE, WALLET, Ask, Row

PAYER = '"payer":{"partyIdType":"MSISDN","partyId":"0248888736"}'
ORDER = f'{{"amount":"5","currency":"EUR","externalId":"6353636",{PAYER}}}'.encode()
PAYEE_ORDER = ORDER.replace(b"payer", b"payee")
RTP = "/collection/v1_0/requesttopay"
PAY = Ask(f"POST {RTP}", ORDER)
HOLDER = "/collection/v1_0/accountholder/msisdn"
BALANCE = "GET /collection/v1_0/account/balance"
TOKEN = "POST /collection/token/"
KEY = "Ocp-Apim-Subscription-Key"
KEY_WANTED = GATEWAY | {
    "WWW-Authenticate": 'AzureApiManagementKey realm="https://sandbox.momodeveloper.mtn.com/",'
    'name="Ocp-Apim-Subscription-Key",type="header"'
}
WAF = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-cache",
    "Pragma": "no-cache",
    "Connection": "close",
}
HTML = {"Content-Type": "text/html; charset=us-ascii", "Connection": "close"}
ISSUED = b'{"access_token":"<jwt>","token_type":"access_token","expires_in":3600}'
LENGTH_REQUIRED = (
    b"<!DOCTYPE html>\n<html><head><title>Length Required</title></head>\n"
    b"<body><h2>Length Required</h2><hr><p>HTTP Error 411. "
    b"The request must have a content length.</p></body></html>\n"
)
REJECTED = (
    b"<html><head><title>Request Rejected</title></head><body>The request was rejected. "
    b"Please consult with your administrator.<br><br>Your support ID is: <support>"
    b"</body></html>\n"
)


def gateway(status: int, message: str) -> bytes:
    return f'{{ "statusCode": {status}, "message": "{message}" }}'.encode()


def said(message: str, code: str) -> bytes:
    return f'{{"message":"{message}","code":"{code}"}}'.encode()


NO_KEY = gateway(
    401,
    "Access denied due to missing subscription key. "
    "Make sure to include subscription key when making requests to an API.",
)
BAD_KEY = gateway(
    401,
    "Access denied due to invalid subscription key. "
    "Make sure to provide a valid key for an active subscription.",
)
NO_ROUTE = gateway(404, "Resource not found")
DUPLICATE = said("Duplicated reference id. Creation of resource failed.", "RESOURCE_ALREADY_EXIST")
UNKNOWN = said("Requested resource was not found.", "RESOURCE_NOT_FOUND")
BAD_CURRENCY = said("Currency not supported.", "INVALID_CURRENCY")
BAD_HOST = said("Callback URL does not match the configured value.", "INVALID_CALLBACK_URL_HOST")
BAD_TARGET = said("Access to target environment is forbidden.", "NOT_ALLOWED_TARGET_ENVIRONMENT")
NOT_ALLOWED = said("Authorization failed. Insufficient permissions.", "NOT_ALLOWED")
INTERNAL = said("An internal error occurred while processing.", "INTERNAL_PROCESSING_ERROR")
UNAVAILABLE = said("Service temporarily unavailable, try again later.", "SERVICE_UNAVAILABLE")
NOT_COMPLETED = said("The transaction is not successfully completed.", "NOT_SUCCESSFULLY_COMPLETED")
CREATES = {
    RTP: "payer",
    "/collection/v1_0/requesttowithdraw": "payer",
    "/collection/v2_0/requesttowithdraw": "payer",
    "/disbursement/v1_0/transfer": "payee",
    "/remittance/v1_0/transfer": "payee",
    "/disbursement/v1_0/deposit": "payee",
    "/disbursement/v2_0/deposit": "payee",
    "/disbursement/v1_0/refund": None,
    "/disbursement/v2_0/refund": None,
}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANT = b"grant_type=client_credentials"
UNLISTED = Settings(Profile.of("mtnsouthafrica"), allowed_ips=())


def switched(**switches: str) -> Settings:
    return Settings(chosen=switches)


def bare(source: str, ask: Ask, status: str, *before: Ask) -> Row:
    """An answer of the wallet without a body."""
    return Row(source, ask, status, EMPTY, before=before)


def wallet(source: str, ask: Ask, status: str, body: bytes, *before: Ask) -> Row:
    return Row(source, ask, status, WALLET, body, before=before)


TOKENS = (
    Row("2.1 token", Ask(TOKEN), "200 OK", NO_STORE, ISSUED),
    Row("2.1 token, disbursement", Ask("POST /disbursement/token/"), "200 OK", NO_STORE, ISSUED),
    Row("2.1 token, remittance", Ask("POST /remittance/token/"), "200 OK", NO_STORE, ISSUED),
    Row("2.2 no length", Ask(TOKEN, b"", {"Content-Length": None}), "411 Length Required", HTML,
        LENGTH_REQUIRED),
    Row("2.2 JSON", Ask(TOKEN, b'{"grant_type":"client_credentials"}'), "200 OK", NO_STORE,
        ISSUED),
    Row("2.2 empty JSON", Ask(TOKEN, b"{}"), "200 OK", NO_STORE, ISSUED),
    Row("2.2 form, 2023", Ask(TOKEN, GRANT, FORM), "200 OK", NO_STORE, ISSUED),
    Row("2.2 form, 2026", Ask(TOKEN, GRANT, FORM), "200 OK", WAF, REJECTED,
        settings=switched(token_body="form_meets_waf")),
    Row("2.2 any body, documented", Ask(TOKEN, b"{}"), "400 Bad Request", EMPTY,
        settings=switched(token_body="refused")),
    Row("2.3 login, documented", Ask(TOKEN, b"", {"Authorization": "{wrong_login}"}),
        "401 Unauthorized", NO_STORE, b'{"error":"login_failed"}', 24),
    Row("2.3 login, live", Ask(TOKEN, b"", {"Authorization": "{wrong_login}"}),
        "500 Server Error", NO_STORE, b'{"error":"login_failed"}', 24,
        settings=switched(login_error="recorded_500")),
    Row("clients 2.4 302", Ask("POST /disbursement/token"), "302 Found", {"Location": "/token/"}),
)  # fmt: skip

GATEWAYS = (
    Row("2.4 missing key", Ask(BALANCE, b"", {KEY: None}), "401 Access Denied", KEY_WANTED,
        NO_KEY, 152),
    Row("2.4 invalid key", Ask(BALANCE, b"", {KEY: "0" * 32}), "401 Access Denied", KEY_WANTED,
        BAD_KEY, 143),
    Row("2.7 other product's key", Ask(BALANCE, b"", {KEY: "{disbursement_key}"}),
        "401 Access Denied", KEY_WANTED, BAD_KEY),
    Row("2.4 unknown route", Ask("GET /collection/v1_0/nowhere"), "404 Not Found", GATEWAY,
        NO_ROUTE),
    Row("1.5 transfer has no v2", Ask("POST /disbursement/v2_0/transfer", PAYEE_ORDER),
        "404 Not Found", GATEWAY, NO_ROUTE),
    Row("1.6 remittance balance in currency, 2023",
        Ask("GET /remittance/v1_0/account/balance/EUR"), "404 Not Found", GATEWAY, NO_ROUTE,
        settings=switched(remittance_balance_in_currency="missing")),
    Row("2.4 not whitelisted, malformed body", Ask("POST /disbursement/v1_0/transfer", b"{"),
        "403 Forbidden", GATEWAY, gateway(403, "Forbidden"), settings=UNLISTED),
    Row("2.4 rate limit", Ask(BALANCE), "429 Too Many Requests", GATEWAY | {"Retry-After": "26"},
        gateway(429, "Rate limit is exceeded. Try again in 26 seconds."), fault="rate_limited"),
    Row("2.4 quota", Ask(BALANCE), "403 Forbidden", GATEWAY,
        gateway(403, "Out of call volume quota. Quota will be replenished in 2.12 days."),
        fault="out_of_quota"),
    Row("2.4 gateway failure", Ask(TOKEN), "500 Internal Server Error", GATEWAY,
        b'{ "statusCode": 500, "message": "Internal server error", "activityId": "<uuid>" }',
        111, fault="gateway_failure"),
    Row("7 WAF page", PAY, "200 OK", WAF, REJECTED, fault="waf_page"),
)  # fmt: skip

WALLETS = (
    wallet("2.5 duplicate", PAY, "409 Conflict", DUPLICATE, PAY),
    wallet("2.5 not found", Ask(f"GET {RTP}/{REFERENCE_ID}"), "404 Not Found", UNKNOWN),
    wallet("2.5 currency", Ask(f"POST {RTP}", ORDER.replace(b"EUR", b"XAF")), "500 Server Error",
           BAD_CURRENCY),
    wallet("2.5 callback host", Ask(PAY.line, ORDER, {"X-Callback-Url": "http://evil.test/"}),
           "500 Server Error", BAD_HOST),
    wallet("2.5 target environment", Ask(BALANCE, b"", {"X-Target-Environment": "mtnghana"}),
           "500 Server Error", BAD_TARGET),
    wallet("2.5 not allowed", Ask(f"GET {HOLDER}/46733123452/active"), "500 Server Error",
           NOT_ALLOWED),
    wallet("2.5 internal", Ask(f"GET {HOLDER}/46733123454/active"), "500 Server Error", INTERNAL),
    wallet("2.5 unavailable", Ask(f"GET {HOLDER}/46733123455/active"), "503 Service Unavailable",
           UNAVAILABLE),
    Row("7 sandbox down", PAY, "503 Service Unavailable", WALLET, UNAVAILABLE,
        fault="server_error"),
    wallet("2.5 not completed", Ask(f"POST {RTP}/{REFERENCE_ID}/deliverynotification",
           b'{"notificationMessage":"thanks"}'), "409 Conflict", NOT_COMPLETED,
           Ask(PAY.line, ORDER, {"X-Mock-Outcome": "PENDING"})),
    Row("2.5 code first, documented", Ask(f"GET {RTP}/{REFERENCE_ID}"), "404 Not Found", WALLET,
        b'{"code":"RESOURCE_NOT_FOUND","message":"Requested resource was not found."}',
        settings=switched(error_keys="code_first")),
    Row("clients 2.4 balance 503", Ask(BALANCE), "503 Service Unavailable", WALLET, UNAVAILABLE,
        fault={"server_error": {"status": 503}}),
    Row("clients 2.4 balance 500", Ask(BALANCE), "500 Server Error", WALLET, INTERNAL,
        fault={"server_error": {"status": 500}}),
    bare("2.7 expired bearer", Ask(f"GET {RTP}/{REFERENCE_ID}", b"",
         {"Authorization": "{expired}"}), "401 Unauthorized"),
    bare("2.7 invalid bearer", Ask(f"GET {RTP}/{REFERENCE_ID}", b"",
         {"Authorization": "Bearer x"}), "401 Unauthorized"),
    bare("2.7 collection token on another product, 2024",
         Ask("POST /disbursement/v1_0/transfer", PAYEE_ORDER), "202 Accepted"),
)  # fmt: skip

ABSENT = tuple(
    bare(f"2.6 all fields absent: {path}", Ask(f"POST {path}", b"{}"), "400 Bad Request")
    for path in CREATES
)
EMPTY_PARTIES = tuple(
    bare(f"2.6 empty {party}: {path}", Ask(f"POST {path}", f'{{"{party}":{{}}}}'.encode()),
         "500 Server Error")
    for path, party in CREATES.items() if party
)  # fmt: skip
NOTIFY = f"POST {RTP}/{REFERENCE_ID}/deliverynotification"
TOLD = Ask(NOTIFY, b'{"notificationMessage":"thanks"}')
INVALID = (
    bare("clients 2.4 empty body", Ask(PAY.line), "500 Server Error"),
    bare("clients 2.4 empty body, transfer", Ask("POST /disbursement/v1_0/transfer"),
         "500 Server Error"),
    bare("2.6 no UUID in path", Ask(f"GET {RTP}/incorrect_referenceId"), "400 Bad Request"),
    bare("2.6 no UUID to refund", Ask("POST /disbursement/v1_0/refund",
         b'{"amount":"5","currency":"EUR","externalId":"1","referenceIdToRefund":"1"}'),
         "400 Bad Request"),
    bare("2.6 null host", Ask("POST /v1_0/apiuser", b'{"providerCallbackHost":null}'),
         "400 Bad Request"),
    bare("2.6 empty host", Ask("POST /v1_0/apiuser", b'{"providerCallbackHost":""}'),
         "400 Bad Request"),
    bare("2.6 API user is no UUID", Ask("GET /v1_0/apiuser/7"), "400 Bad Request"),
    bare("2.6 API key for no UUID", Ask("POST /v1_0/apiuser/7/apikey"), "400 Bad Request"),
    bare("2.6 no message", Ask(NOTIFY, b"{}"), "400 Bad Request", PAY),
    bare("2.6 161 characters", Ask(NOTIFY, TOLD.content.replace(b"thanks", b"a" * 161)),
         "400 Bad Request", PAY),
    bare("2.6 second notification", TOLD, "429 Too Many Requests", PAY, TOLD),
    bare("2.6 reference id no UUID", Ask(PAY.line, ORDER, {"X-Reference-Id": "7"}),
         "400 Bad Request"),
    bare("2.6 long note", Ask(PAY.line, ORDER[:-1] + b',"payeeNote":"' + b"a" * 161 + b'"}'),
         "400 Bad Request"),
    bare("2.6 empty callback", Ask(PAY.line, ORDER, {"X-Callback-Url": ""}), "400 Bad Request"),
    bare("2.6 numeric amount", Ask(PAY.line, ORDER.replace(b'"5"', b"5")), "400 Bad Request"),
)  # fmt: skip

ERRORS = (*TOKENS, *GATEWAYS, *WALLETS, *ABSENT, *EMPTY_PARTIES, *INVALID)
