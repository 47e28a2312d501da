"""The exceptions of this package.

ContractError
├── InvalidValue    a value is outside its type: amount, MSISDN, reference id, currency
├── InvalidPlan     an `X-Mock-Outcome` text does not follow the grammar
└── InvalidStep     a payment was asked to leave a final state or to skip one
"""


class ContractError(ValueError):
    """The contract is broken. The message says what was expected and what to do."""


class InvalidValue(ContractError):
    """A value is outside its type."""


class InvalidPlan(ContractError):
    """A plan does not follow the grammar of `momo_contracts.plans`."""


class InvalidStep(ContractError):
    """A payment cannot move between these two states."""
