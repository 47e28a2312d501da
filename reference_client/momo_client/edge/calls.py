"""How many calls a client has made: what its token cache has saved."""

from dataclasses import dataclass

from momo_client.core.http import HttpRequest
from momo_contracts.operations import Kind


@dataclass(frozen=True, slots=True)
class Calls:
    """Requests sent so far; `api_calls` are those that carry a token."""

    api_calls: int = 0
    token_calls: int = 0

    def plus(self, request: HttpRequest) -> "Calls":
        """The count after one more request."""
        if request.operation.kind is Kind.CREATE_TOKEN:
            return Calls(self.api_calls, self.token_calls + 1)
        return Calls(self.api_calls + 1, self.token_calls)
