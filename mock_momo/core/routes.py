"""From method and path to an operation of the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from momo_contracts.operations import CATALOGUE, Operation
from momo_contracts.values import Product

NAMESPACE_PREFIX = "/ns/"
_PARAMETER = "/"
"""The key of whatever segment there is: no segment has a slash in it."""


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
    _fill(root)
    return root


def _fill(node: _Node) -> None:
    """Where a literal stands beside a parameter, let it lead wherever the parameter does."""
    for segment, following in node.following.items():
        if segment != _PARAMETER and _PARAMETER in node.following:
            _merge(following, node.following[_PARAMETER])
        _fill(following)


def _merge(into: _Node, other: _Node) -> None:
    into.operations = {**other.operations, **into.operations}
    for segment, following in other.following.items():
        _merge(into.following.setdefault(segment, _Node()), following)


_ROOT = _tree()
_PRODUCTS: Mapping[str, Product] = {product.value: product for product in Product}


def find(method: str, path: str) -> tuple[Operation | None, tuple[str, ...]]:
    """The operation at this path, and the segments that stand for its parameters."""
    node = _ROOT
    names: tuple[str, ...] = ()
    for segment in path.split("/")[1:]:
        following = node.following.get(segment)
        if following is None and segment:
            following, names = node.following.get(_PARAMETER), (*names, segment)
        if following is None:
            return None, ()
        node = following
    return node.operations.get(method), names


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
