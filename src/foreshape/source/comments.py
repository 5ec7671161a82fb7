"""Comments that speak to Foreshape: `# foreshape: ignore[rule]` and `# shape: (n, 10, 3) float32`."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import EllipsisType

    from foreshape.source.files import SourceFile

    # An int is a known size, a name a symbolic one, None an unknown one, `...` any number of axes.
    DeclaredDim = int | str | EllipsisType | None


class Declaration:
    """`# shape: (n, 10, 3) float32`: what the source cannot show about the name assigned on that statement."""

    __slots__ = ("column", "dims", "dtype", "line")

    def __init__(self, line: int, column: int, dims: tuple[DeclaredDim, ...], dtype: str | None) -> None:
        self.line = line
        self.column = column
        self.dims = dims
        self.dtype = dtype

    def __repr__(self) -> str:
        return f"Declaration(line {self.line}, {self.dims!r}, {self.dtype})"


class Suppression:
    """`# foreshape: ignore[rule, rule]` on one line; no rules means all of them."""

    __slots__ = ("_used", "column", "end_column", "line", "rules")

    def __init__(self, line: int, column: int, end_column: int, rules: tuple[str, ...]) -> None:
        self.line = line
        self.column = column
        self.end_column = end_column
        self.rules = rules
        self._used: set[str] = set()

    def __repr__(self) -> str:
        return f"Suppression(line {self.line}, {', '.join(self.rules) or 'all rules'})"

    def covers(self, rule: str) -> bool:
        """Whether this comment silences `rule`; remembers that it did."""
        if self.rules and rule not in self.rules:
            return False
        self._used.add(rule)
        return True

    def unused(self) -> tuple[str, ...] | None:
        """None where everything in the comment was of use, else the rules that were not (empty: the whole comment)."""
        if not self.rules:
            return None if self._used else ()
        return tuple(rule for rule in self.rules if rule not in self._used) or None


class Comments:
    """What the comments of one file ask for."""

    __slots__ = ("_spans", "_tree", "declarations", "suppressions")

    def __init__(
        self, tree: ast.Module | None, suppressions: Iterable[Suppression], declarations: Iterable[Declaration]
    ) -> None:
        self._tree = tree
        self._spans: list[tuple[int, int]] | None = None
        self.suppressions = tuple(suppressions)
        self.declarations = {declaration.line: declaration for declaration in declarations}

    def declared_shape(self, statement: ast.stmt) -> Declaration | None:
        """The declaration on any line of an assignment."""
        if not self.declarations:
            return None
        end = statement.lineno if statement.end_lineno is None else statement.end_lineno
        for line in range(statement.lineno, end + 1):
            if line in self.declarations:
                return self.declarations[line]
        return None

    def ignores(self, rule: str, lines: Iterable[int]) -> bool:
        """Whether a report of `rule` that points at `lines` is silenced, by a comment on any line of those statements.

        Every comment that applies is marked as used.
        """
        if not self.suppressions:
            return False
        spans = [self._statement_around(line) for line in lines]
        hits = [
            suppression.covers(rule)
            for suppression in self.suppressions
            if any(first <= suppression.line <= last for first, last in spans)
        ]
        return any(hits)

    def unused(self) -> Iterator[tuple[Suppression, tuple[str, ...]]]:
        """The comments (or the rules in them) that silenced nothing. Ask only after every `ignores`."""
        for suppression in self.suppressions:
            rules = suppression.unused()
            if rules is not None:
                yield suppression, rules

    def _statement_around(self, line: int) -> tuple[int, int]:
        """First and last line of the innermost statement on `line`: of its header, where the statement has a body."""
        if self._spans is None:
            self._spans = sorted(_statement_spans(self._tree), key=lambda span: span[1] - span[0])
        return next((span for span in self._spans if span[0] <= line <= span[1]), (line, line))


def _statement_spans(tree: ast.Module | None) -> Iterator[tuple[int, int]]:
    for node in () if tree is None else ast.walk(tree):
        if not isinstance(node, ast.stmt):
            continue
        body = getattr(node, "body", None) or getattr(node, "cases", None)
        if body:
            inner = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
            decorators = getattr(node, "decorator_list", ())
            first_of_body = min([inner.lineno, *(item.lineno for item in getattr(inner, "decorator_list", ()))])
            start = min([node.lineno, *(item.lineno for item in decorators)])
            yield start, max(node.lineno, first_of_body - 1)
        else:
            yield node.lineno, node.lineno if node.end_lineno is None else node.end_lineno


def read_comments(source: SourceFile) -> Comments:
    """Read the comments of a file; free where none can be for us."""
    text = source.text
    if source.tree is None or ("foreshape:" not in text and "shape:" not in text):
        return Comments(source.tree, (), ())
    suppressions: list[Suppression] = []
    declarations: list[Declaration] = []
    for line, column, comment in _comments(text):
        for offset, words in _parts(comment):
            if words.startswith("foreshape:"):
                rules = _ignored_rules(words[len("foreshape:") :])
                if rules is not None:
                    start = column + offset
                    suppressions.append(Suppression(line, start + 1, start + len(words) + 1, rules))
            elif words.startswith("shape:"):
                declared = parse_shape(words[len("shape:") :])
                if declared is not None:
                    declarations.append(Declaration(line, column + offset + 1, *declared))
    return Comments(source.tree, suppressions, declarations)


def _comments(text: str) -> Iterator[tuple[int, int, str]]:
    """`(line, column from 0, text)` of every comment."""
    import tokenize

    # Not `splitlines`, which also splits where Python does not (form feeds, U+2028).
    readline = iter([line + "\n" for line in text.split("\n")]).__next__
    try:
        for token in tokenize.generate_tokens(readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.start[1], token.string
    except (tokenize.TokenError, SyntaxError):  # what the parser took, the tokenizer may still refuse at the end
        return


def _parts(comment: str) -> Iterator[tuple[int, str]]:
    """The comments within a comment (`# noqa  # foreshape: ignore`), with their offsets."""
    offset = 0
    for part in comment.split("#"):
        words = part.strip()
        if words:
            yield offset + len(part) - len(part.lstrip()), words
        offset += len(part) + 1


def _ignored_rules(words: str) -> tuple[str, ...] | None:
    """The rules of `ignore[...]`; empty for all; None where it is not an ignore comment."""
    words = words.strip()
    if not words.startswith("ignore"):
        return None
    rest = words[len("ignore") :]
    if rest and (rest[0].isalnum() or rest[0] in "-_"):
        return None  # another word
    rest = rest.lstrip()
    if not rest.startswith("["):
        return ()
    inside, bracket, _ = rest[1:].partition("]")
    if not bracket:
        return None
    return tuple(dict.fromkeys(rule.strip() for rule in inside.split(",") if rule.strip()))


def parse_shape(words: str) -> tuple[tuple[DeclaredDim, ...], str | None] | None:
    """`(n, 10, ?, ...) float32` as dims and dtype; None where it is prose, not a shape."""
    words = words.strip()
    if not words or words[0] not in "([":
        return None
    closing = ")" if words[0] == "(" else "]"
    inside, found, rest = words[1:].partition(closing)
    if not found:
        return None
    after = rest.replace(",", " ").split()
    dtype = after[0] if after else None
    if dtype is not None and not dtype.isidentifier():
        return None
    dims: list[DeclaredDim] = []
    for item in inside.split(",") if inside.strip() else ():
        word = item.strip()
        if not word:
            continue  # the comma after the last axis
        dim = _declared_dim(word)
        if dim is False:
            return None
        dims.append(dim)
    if dims.count(...) > 1:
        return None
    return tuple(dims), dtype


def _declared_dim(word: str) -> DeclaredDim:
    """One axis; False where it is none."""
    if word.isdecimal():
        return int(word)
    if word in {"?", "None", "_"}:
        return None
    if word == "...":
        return ...
    return word if word.isidentifier() and word not in {"True", "False"} else False
