"""Tokens that stop working before their time."""

from dataclasses import dataclass
from typing import ClassVar

from mock_momo.core.authorization import bearer_token
from mock_momo.core.faults.fault import Fault, Scene
from mock_momo.core.replies import Refusal
from mock_momo.core.tokens import read_claims
from momo_contracts import wire_errors
from momo_contracts.operations import Kind


@dataclass(frozen=True, slots=True)
class Unauthorized(Fault):
    """401 as for an expired token, or a wrong API key where a token is asked for.

    Both are good: the next attempt may pass.
    """

    name: ClassVar[str] = "unauthorized"
    summary: ClassVar[str] = "answer 401 to a good token or API key; use it with times: 1"

    def before(self, scene: Scene) -> Refusal:
        operation = scene.call.operation
        if operation is not None and operation.kind is Kind.CREATE_TOKEN:
            return Refusal(wire_errors.LOGIN_FAILED, "a fault refuses a good API key")
        return Refusal(wire_errors.INVALID_BEARER, "a fault refuses a good token")


@dataclass(frozen=True, slots=True)
class TokenRevoked(Fault):
    """Every token of the caller's API user dies just before this request is looked at."""

    name: ClassVar[str] = "token_revoked"
    summary: ClassVar[str] = "revoke every token of the caller, so that this request gets 401"

    def before(self, scene: Scene) -> None:
        claims = read_claims(bearer_token(scene.call.authorization or ""))
        if claims is not None:
            scene.engine.api_users.revoke_tokens(claims.api_user)
