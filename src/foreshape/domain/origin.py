"""Where a value came from: the expression that made it and the values it was made from.

Every value that the interpreter produces carries an :class:`Origin`. Following ``inputs`` backwards gives the
chain of shapes that a report shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import ast

    from foreshape.domain.values import Value


class Span:
    """A region of a source file. Lines count from 1, columns from 0 (as ``ast`` does), the end is exclusive."""

    __slots__ = ("column", "end_column", "end_line", "line", "path")

    def __init__(self, path: str, line: int, column: int, end_line: int, end_column: int) -> None:
        self.path = path
        self.line = line
        self.column = column
        self.end_line = end_line
        self.end_column = end_column

    @property
    def key(self) -> tuple[str, int, int, int, int]:
        return (self.path, self.line, self.column, self.end_line, self.end_column)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Span) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"Span({self.path}:{self.line}:{self.column})"


def span_of(path: str, node: ast.AST) -> Span:
    """The region of a syntax node that has a position."""
    line: int = node.lineno  # type: ignore[attr-defined]
    column: int = node.col_offset  # type: ignore[attr-defined]
    end_line: int = getattr(node, "end_lineno", None) or line
    end_column: int = getattr(node, "end_col_offset", None) or column
    return Span(path, line, column, end_line, end_column)


def last_name(node: ast.AST) -> str:
    """``c`` of ``a.b.c``: the word that calls and decorators go by; "" of what is no name."""
    return str(getattr(node, "attr", "") or getattr(node, "id", ""))


MOST_INPUTS: Final = 64
"""What is written into a value in a loop is not kept without end."""


class Origin:
    """The expression that made a value. The span is worked out when asked for: most values never are.

    inputs: the values that flowed in, in the order of the source.
    name: the variable that the value was first bound to, if any.
    what: a short word for the step where the text of the span says too little ("Flatten", "argument timesteps").
    """

    __slots__ = ("inputs", "name", "node", "path", "what")

    def __init__(
        self,
        path: str,
        node: ast.AST,
        inputs: tuple[Value, ...] = (),
        name: str | None = None,
        what: str | None = None,
    ) -> None:
        self.path = path
        self.node = node
        self.inputs = inputs
        self.name = name
        self.what = what

    def with_input(self, value: Value) -> Origin:
        """The same place, of a value into which another was written."""
        if len(self.inputs) >= MOST_INPUTS:
            return self
        return Origin(self.path, self.node, (*self.inputs, value), self.name, self.what)

    @property
    def span(self) -> Span:
        return span_of(self.path, self.node)


def part_of(whole: Value) -> Origin | None:
    """The origin of a piece that a library cuts off a value by itself (a batch, one timestep): the expression of the whole,
    with the whole as what it was made from."""
    known = whole.origin
    return None if known is None else Origin(known.path, known.node, (whole,), known.name, known.what)
