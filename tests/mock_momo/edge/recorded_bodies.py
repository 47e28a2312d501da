"""Success bodies as recorded: rows, by where they were recorded. Key orders differ by resource."""

from decimal import Decimal

from mock_momo.core.settings import Settings
from momo_contracts.profiles import Profile
from tests.mock_momo.core.calls import REFERENCE_ID
from tests.mock_momo.edge.recorded import EMPTY, WALLET, Ask, Row

OTHER_ID = REFERENCE_ID[:-1] + "2"
USER = f"/v1_0/apiuser/{REFERENCE_ID}"
MAKE_USER = Ask("POST /v1_0/apiuser", b'{"providerCallbackHost":"clinic.com"}')
C, D, R = "/collection/v1_0", "/disbursement/v1_0", "/remittance/v1_0"
NOTES = b'"payerMessage":"Pay for product a","payeeNote":"payer note"'
PARTY = b'{"partyIdType":"MSISDN","partyId":"0248888736"}'
PAYER, PAYEE = b'"payer":' + PARTY, b'"payee":' + PARTY
ECHO = b'"externalId":"6353636","amount":"5","currency":"EUR",'
PAID = b'"financialTransactionId":"<transaction>",'
ORDER = b'{"amount":"5.0","currency":"EUR","externalId":"6353636",'
RTP_ORDER = ORDER + PAYER + b"," + NOTES + b"}"
PAYEE_ORDER = ORDER + PAYEE + b"," + NOTES + b"}"
REFUND_ORDER = ORDER + b'"referenceIdToRefund":"' + REFERENCE_ID.encode() + b'",' + NOTES + b"}"
SUCCESSFUL = b',"status":"SUCCESSFUL"}'
RTP_BODY = b"{" + PAID + ECHO + PAYER + b"," + NOTES + SUCCESSFUL
DELAYED = RTP_ORDER.replace(b"0248888736", b"46733123454")
DELAYED_BODY = (b"{" + ECHO + PAYER + b"," + NOTES).replace(
    b"0248888736", b"46733123454"
) + b',"status":"CREATED"}'
TRANSFER_BODY = (
    b'{"amount":"5","currency":"EUR",' + PAID + b'"externalId":"6353636",' + PAYEE + b"," + NOTES
)
BALANCE = b'{"availableBalance":"1000","currency":"EUR"}'
PERSON = (
    b'{"sub":"0","name":"Sand Box","given_name":"Sand","family_name":"Box",'
    b'"birthdate":"1976-08-13","locale":"sv_SE","gender":"MALE","updated_at":1700000000}'
)


def shown(source: str, path: str, order: bytes, body: bytes, plan: str | None = None) -> Row:
    """The status of a payment just made. `plan` where it is not what the fake does anyway."""
    made = Ask(f"POST {path}", order, {"X-Mock-Outcome": plan})
    status = Ask(f"GET {path.replace('v2_0/r', 'v1_0/r')}/{REFERENCE_ID}")
    return Row(source, status, "200 OK", WALLET, body, before=(made,))


def normalised(sent: str, echoed: str) -> Row:
    order = RTP_ORDER.replace(b"5.0", sent.encode())
    body = RTP_BODY.replace(b'"5"', f'"{echoed}"'.encode())
    return shown(f"1.9 amount {sent}", f"{C}/requesttopay", order, body)


def got(source: str, path: str, body: bytes, size: int | None = None) -> Row:
    return Row(source, Ask(f"GET {path}"), "200 OK", WALLET, body, size)


def accepted(path: str, order: bytes) -> Row:
    return Row(f"1.9 202: {path}", Ask(f"POST {path}", order), "202 Accepted", EMPTY)


PROVISIONING = (
    Row("1.3 API user", MAKE_USER, "201 Created", EMPTY),
    Row("1.3 its host", Ask(f"GET {USER}"), "200 OK", WALLET,
        b'{"providerCallbackHost":"clinic.com","targetEnvironment":"sandbox"}',
        before=(MAKE_USER,)),
    Row("1.3 its key", Ask(f"POST {USER}/apikey"), "201 Created", WALLET,
        b'{"apiKey":"<key>"}', 45, before=(MAKE_USER,)),
    Row("1.3 API user twice", MAKE_USER, "409 Conflict", WALLET,
        b'{"message":"Duplicated reference id. Creation of resource failed.",'
        b'"code":"RESOURCE_ALREADY_EXIST"}', before=(MAKE_USER,)),
    *(
        Row(f"1.3 unknown API user: {line}", Ask(line), "404 Not Found", WALLET,
            b'{"message":"Requested resource was not found.","code":"RESOURCE_NOT_FOUND"}')
        for line in (f"GET {USER}", f"POST {USER}/apikey")
    ),
    Row("1.3 API key without length", Ask(f"POST {USER}/apikey", b"", {"Content-Length": None}),
        "411 Length Required", {"Content-Type": "text/html; charset=us-ascii",
        "Connection": "close"}, b"<!DOCTYPE html>\n<html><head><title>Length Required</title>"
        b"</head>\n<body><h2>Length Required</h2><hr><p>HTTP Error 411. "
        b"The request must have a content length.</p></body></html>\n"),
)  # fmt: skip

CREATED = (
    *(
        accepted(path, RTP_ORDER)
        for path in (f"{C}/requesttopay", f"{C}/requesttowithdraw",
                     "/collection/v2_0/requesttowithdraw")
    ),
    *(
        accepted(path, PAYEE_ORDER)
        for path in (f"{D}/transfer", f"{R}/transfer", f"{D}/deposit", "/disbursement/v2_0/deposit")
    ),
    accepted(f"{D}/refund", REFUND_ORDER),
    accepted("/disbursement/v2_0/refund", REFUND_ORDER),
    accepted("/collection/v2_0/payment", b'{"money":{"amount":"5","currency":"EUR"}}'),
    Row("1.4 notification", Ask(f"POST {C}/requesttopay/{REFERENCE_ID}/deliverynotification",
        b'{"notificationMessage":"thanks"}'), "200 OK", EMPTY,
        before=(Ask(f"POST {C}/requesttopay", RTP_ORDER),)),
)  # fmt: skip

STATUSES = (
    shown("1.9 RTP SUCCESSFUL", f"{C}/requesttopay", RTP_ORDER, RTP_BODY),
    shown("1.9 RTP PENDING", f"{C}/requesttopay", RTP_ORDER,
          b"{" + ECHO + PAYER + b"," + NOTES + b',"status":"PENDING"}', "PENDING"),
    shown("1.9 RTP CREATED", f"{C}/requesttopay", RTP_ORDER,
          b"{" + ECHO + PAYER + b"," + NOTES + b',"status":"CREATED"}',
          "SUCCESSFUL; pending=CREATED; after=25s"),
    shown("1.9 RTP FAILED", f"{C}/requesttopay", RTP_ORDER,
          b"{" + ECHO + PAYER + b"," + NOTES + b',"status":"FAILED","reason":"NOT_ENOUGH_FUNDS"}',
          "FAILED; reason=NOT_ENOUGH_FUNDS"),
    shown("1.9 withdraw", f"{C}/requesttowithdraw", RTP_ORDER, RTP_BODY),
    shown("1.9 withdraw V2", "/collection/v2_0/requesttowithdraw", RTP_ORDER, RTP_BODY),
    shown("1.9 transfer", f"{D}/transfer", PAYEE_ORDER, TRANSFER_BODY + SUCCESSFUL),
    shown("1.9 transfer, remittance", f"{R}/transfer", PAYEE_ORDER, TRANSFER_BODY + SUCCESSFUL),
    shown("1.9 transfer PENDING", f"{D}/transfer", PAYEE_ORDER,
          TRANSFER_BODY.replace(PAID, b"") + b',"status":"PENDING"}', "PENDING"),
    shown("1.9 deposit", f"{D}/deposit", PAYEE_ORDER,
          b"{" + ECHO + PAYEE + b"," + NOTES + SUCCESSFUL),
    Row("1.9 refund", Ask(f"GET {D}/refund/{OTHER_ID}"), "200 OK", WALLET,
        RTP_BODY.replace(PAYER, PAYEE), before=(
            Ask(f"POST {C}/requesttopay", RTP_ORDER),
            Ask(f"POST {D}/refund", REFUND_ORDER, {"X-Reference-Id": OTHER_ID}),
        )),
    Row("1.9 payment, published", Ask(f"GET /collection/v2_0/payment/{REFERENCE_ID}"), "200 OK",
        WALLET, f'{{"referenceId":"{REFERENCE_ID}","status":"SUCCESSFUL",'.encode()
        + PAID[:-1] + b"}", before=(
            Ask("POST /collection/v2_0/payment", b'{"money":{"amount":"5","currency":"EUR"}}'),
        )),
    *(
        Row(f"4.3 delayed={switch}", Ask(f"GET {C}/requesttopay/{REFERENCE_ID}"), "200 OK", WALLET,
            DELAYED_BODY.replace(b"CREATED", status),
            before=(Ask(f"POST {C}/requesttopay", DELAYED),), settings=Settings(chosen=chosen))
        for switch, status, chosen in (
            ("created_25_s", b"CREATED", {}),
            ("created", b"CREATED", {"delayed": "created"}),
            ("pending_25_s", b"PENDING", {"delayed": "pending_25_s"}),
        )
    ),
    normalised("6.0", "6"),
    normalised("12.50", "12.5"),
    normalised("100", "100"),
)  # fmt: skip

ACCOUNTS = (
    *(got(f"1.9 balance: {at}", f"{at}/account/balance", BALANCE) for at in (C, D, R)),
    *(got(f"1.4 in EUR: {at}", f"{at}/account/balance/EUR", BALANCE) for at in (C, D, R)),
    Row("1.9 balance, South Africa", Ask(f"GET {C}/account/balance"), "200 OK", WALLET,
        b'{"availableBalance":"32.39","currency":"ZAR"}',
        settings=Settings(Profile.of("mtnsouthafrica"), opening_balance=Decimal("32.39"))),
    got("1.9 active", f"{C}/accountholder/msisdn/46733123456/active", b'{"result":true}', 15),
    got("1.9 not active", f"{C}/accountholder/msisdn/46733123451/active", b'{"result":false}'),
    *(
        got(f"1.9 basicuserinfo: {at}", f"{at}/accountholder/msisdn/46733123456/basicuserinfo",
            PERSON, 151)
        for at in (C, D, R)
    ),
)  # fmt: skip

BODIES = (*PROVISIONING, *CREATED, *STATUSES, *ACCOUNTS)
