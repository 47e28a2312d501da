"""What a payer, or nobody in time, decides about a payment that waits."""

from collections.abc import Mapping
from typing import Literal

from momo_contracts.outcomes import Outcome

Decision = Literal["approve", "reject", "expire"]
DECISIONS: Mapping[Decision, Outcome] = {
    "approve": Outcome.SUCCESSFUL,
    "reject": Outcome.REJECTED,
    "expire": Outcome.TIMEOUT,
}
