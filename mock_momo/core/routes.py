"""From method and path to an operation of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from momo_contracts.operations import CATALOGUE, Operation
from momo_contracts.values import Product

NAMESPACE_PREFIX = "/ns/"
_PARAMETER = "{}"


@dataclass(slots=True)
class _Node:
    """One path segment: what follows it, and the operations that end here by method."""

    following: dict[str, "_Node"] = field(default_factory=dict)
    operations: dict[str, Operation] = field(default_factory=dict)


def _tree() -> _Node:
    root = _Node()
    for operation in CATALOGUE:
        node = root
        for segment in operation.path.split("/")[1:]:
            key = _PARAMETER if segment.startswith("{") else segment
            node = node.following.setdefault(key, _Node())
        node.operations[operation.method] = operation
    return root


_ROOT = _tree()
_PRODUCTS: Mapping[str, Product] = {product.value: product for product in Product}


def find(method: str, path: str) -> tuple[Operation | None, str | None]:
    """The operation at this path, and the segment that stands for its parameter."""
    node = _ROOT
    parameter = None
    for segment in path.split("/")[1:]:
        following = node.following.get(segment)
        if following is None:
            following, parameter = node.following.get(_PARAMETER), segment
        if following is None:
            return None, None
        node = following
    return node.operations.get(method), parameter


def product_of(path: str) -> Product | None:
    """The product that a path belongs to, also when no operation lives there."""
    return _PRODUCTS.get(path.split("/", 2)[1]) if path.startswith("/") else None


def is_provisioning(path: str) -> bool:
    """Provisioning lives at the root of the host and belongs to no product."""
    return path.startswith("/v1_0/")


def split_namespace(path: str) -> tuple[str | None, str]:
    """The namespace that a path names, if it does, and the path without it."""
    if not path.startswith(NAMESPACE_PREFIX):
        return None, path
    name, slash, rest = path.removeprefix(NAMESPACE_PREFIX).partition("/")
    return name, slash + rest
