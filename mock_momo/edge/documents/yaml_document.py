"""YAML as people write it: every plain value is the text that stands there.

`amount: 5.00`, `party: 46733123450`, `external_id: 007`, `name: no` are texts, written as they
are; whoever reads the document makes numbers of them where a number is wanted. Only `null`, `~`
and nothing at all are nothing. Keys may stand once in a mapping; tags are refused; anchors and
aliases work, within a limit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from yaml import MappingNode, Node, SafeLoader, ScalarNode, SequenceNode
from yaml.error import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from mock_momo.edge.documents.problems import Place

DEEPEST = 20
MOST_VALUES = 20_000
"""Values in a document, those of an alias counted each time it is used."""

_TOO_DEEP = f"more than {DEEPEST} levels"
_NULL = "tag:yaml.org,2002:null"
_PLAIN = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge", "seq", "map")
}
"""What a resolver takes values without a tag for."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Something wrong on a line; lines count from 1."""

    line: int
    text: str


class UnreadableDocument(Exception):
    """The text is not YAML, or not YAML of this plain kind. Every problem that could be seen."""

    def __init__(self, problems: tuple[LineProblem, ...]) -> None:
        super().__init__("; ".join(row.text for row in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says, and on which line it says what."""

    content: object
    _root: Node | None = field(repr=False)

    def line_of(self, at: Place) -> int:
        """The line of a value; where that begins on its own, or is missing, the line of its key."""
        node, line = self._root, 1
        for step in at:
            key, node = _below(node, step)
            if node is None:
                break
            is_long = key is not None and not isinstance(node, ScalarNode)
            line = _line(key if key is not None and is_long else node)
        return line


def read_document(text: str) -> Document:
    """Read one YAML document. Raises UnreadableDocument."""
    try:
        root = _Loader(text).get_single_node()
    except YAMLError as problem:
        raise UnreadableDocument((_as_problem(problem, text),)) from None
    reading = _Reading()
    content = None if root is None else reading.read(root, 0)
    if reading.problems:
        raise UnreadableDocument(tuple(reading.problems))
    return Document(content, root)


class _Loader(SafeLoader):
    """Composes nodes, down to a depth."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        self._depth += 1
        if self._depth > DEEPEST:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # so in its stubs
            raise MarkedYAMLError(problem=_TOO_DEEP, problem_mark=mark)
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node


class _Reading:
    """Makes content of nodes, and notes what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[LineProblem] = []
        self._values = 0

    def read(self, node: Node, depth: int) -> object:
        self._values += 1
        if self._values > MOST_VALUES or depth > DEEPEST:
            self._note(node, f"{_TOO_DEEP} or {MOST_VALUES} values; say less, with fewer aliases")
            raise UnreadableDocument(tuple(self.problems))
        if node.tag not in _PLAIN:
            self._note(node, f"tag {node.tag[:60]!r} is not understood; leave it out")
        if isinstance(node, SequenceNode):
            return [self.read(row, depth + 1) for row in node.value]
        if isinstance(node, MappingNode):
            return dict(self._pairs(node, depth))
        return None if node.tag == _NULL else str(node.value)

    def _pairs(self, node: MappingNode, depth: int) -> Iterator[tuple[str, object]]:
        seen = set()
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._note(key, "a key must be a plain word")
            elif key.value in seen:
                self._note(key, f"key {key.value[:60]!r} is there twice; keep one")
            else:
                seen.add(key.value)
                yield key.value, self.read(value, depth + 1)

    def _note(self, node: Node, text: str) -> None:
        self.problems.append(LineProblem(_line(node), text))


def _below(node: Node | None, step: str | int) -> tuple[Node | None, Node | None]:
    """The key, if there is one, and the value that a step leads to."""
    if isinstance(node, MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), (None, None))
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None, None


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1


def _as_problem(problem: YAMLError, text: str) -> LineProblem:
    if isinstance(problem, ReaderError):
        line = text.count("\n", 0, problem.position) + 1
        return LineProblem(
            line, f"not YAML: the character #x{problem.character:04x} is not allowed"
        )
    mark = problem.problem_mark if isinstance(problem, MarkedYAMLError) else None
    reason = problem.problem if isinstance(problem, MarkedYAMLError) else str(problem)
    context = getattr(problem, "context", None)
    told = f"{context}, {reason}" if context else reason
    return LineProblem(mark.line + 1 if mark else 1, f"not YAML: {told}")
