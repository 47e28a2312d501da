"""The faults: one small file a misery, one row here. A rule names one of them."""

from collections.abc import Mapping
from types import MappingProxyType

from mock_momo.core.faults.altered_body import AlteredBody
from mock_momo.core.faults.bad_request import BadRequest
from mock_momo.core.faults.callbacks import (
    CallbackContradicts,
    CallbackDelayed,
    CallbackDuplicated,
    CallbackEarly,
    CallbackLost,
)
from mock_momo.core.faults.empty_reply import EmptyReply
from mock_momo.core.faults.fault import Fault
from mock_momo.core.faults.hang import Hang
from mock_momo.core.faults.huge_body import HugeBody
from mock_momo.core.faults.latency import Latency
from mock_momo.core.faults.malformed_json import MalformedJson
from mock_momo.core.faults.rate_limited import Forbidden, OutOfQuota, RateLimited
from mock_momo.core.faults.redirect import Redirect
from mock_momo.core.faults.reset import LoseReply, ResetBefore
from mock_momo.core.faults.server_error import GatewayFailure, ServerError, WalletError
from mock_momo.core.faults.settlement import LateSuccess, StuckPending
from mock_momo.core.faults.slow_drip import SlowDrip
from mock_momo.core.faults.tokens import TokenRevoked, Unauthorized
from mock_momo.core.faults.truncated_body import TruncatedBody
from mock_momo.core.faults.visibility import Conflict, NotVisible
from mock_momo.core.faults.waf_page import WafPage
from mock_momo.core.faults.wrong_content_type import WrongContentType

FAULTS: tuple[type[Fault], ...] = (
    Latency,
    Hang,
    ResetBefore,
    LoseReply,
    EmptyReply,
    TruncatedBody,
    MalformedJson,
    AlteredBody,
    HugeBody,
    SlowDrip,
    WrongContentType,
    WafPage,
    Redirect,
    ServerError,
    WalletError,
    GatewayFailure,
    BadRequest,
    RateLimited,
    OutOfQuota,
    Forbidden,
    Unauthorized,
    TokenRevoked,
    Conflict,
    NotVisible,
    StuckPending,
    LateSuccess,
    CallbackLost,
    CallbackDuplicated,
    CallbackDelayed,
    CallbackEarly,
    CallbackContradicts,
)

BY_NAME: Mapping[str, type[Fault]] = MappingProxyType({fault.name: fault for fault in FAULTS})
