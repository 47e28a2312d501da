"""What each operation does, in our own words."""

from collections.abc import Mapping

from momo_contracts.operations import Kind, Operation

_BY_KIND: Mapping[Kind, str] = {
    Kind.CREATE_API_USER: "make an API user, whose id is the reference id",
    Kind.READ_API_USER: "an API user: where it is called back, and its environment",
    Kind.CREATE_API_KEY: "one more key for an API user; it is shown this once",
    Kind.CREATE_TOKEN: "a bearer token; takes no body, and wants Content-Length: 0",
    Kind.NOTIFY: "tell the payer that what was paid for has been delivered, once",
    Kind.READ_BALANCE: "the balance of the merchant's account",
    Kind.READ_ACTIVE: "whether an account holder can pay and be paid",
    Kind.READ_PERSON: "who an account holder is",
}
_CREATING: Mapping[str, str] = {
    "requesttopay": "ask a payer to pay",
    "requesttowithdraw": "ask a payer to withdraw",
    "payment": "pay an amount",
    "transfer": "send money to a payee",
    "deposit": "put money into a payee's account",
    "refund": "pay back a request to pay",
}


def summary(operation: Operation) -> str:
    """One line about an operation."""
    resource = operation.resource
    if operation.kind is Kind.CREATE:
        return f"{_CREATING[resource.name]}; 202 says that it was taken, not that it was done"
    if operation.kind is Kind.READ_STATUS:
        return f"what has become of a {resource.name}; 200 also where it has failed"
    return _BY_KIND[operation.kind]
