"""Whether conditions rule each other out: ``a is not b`` and, with one element in the row, ``a in row and b in row``.

Asked only before a conditional fault is told: what no run reaches is not said.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from foreshape.domain.truth import Condition
from foreshape.domain.values import Choice, Const, LibraryRef, Sequence
from foreshape.interpret.nodes import names_in

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from foreshape.domain.values import Scope, Value
    from foreshape.interpret.core import Core

SIGNS = {ast.Eq: True, ast.Is: True, ast.In: True, ast.NotEq: False, ast.IsNot: False, ast.NotIn: False}
MOST_MEMBERS = 16
UNSAID: Final = Condition("another path through the program is taken")
WAS = "~narrowed"
"""Where it is kept which value a narrowed one was: (the narrowed one, what it was) by identity."""


def rule_each_other_out(core: Core, conditions: tuple[Condition, ...]) -> bool:
    """Whether no run takes all these ways. The returns and raises that were passed before count, too."""
    if any(condition.negated() in conditions for condition in conditions):
        return True
    known = Known()
    for condition in (*conditions, *core.facts.assumed()):
        for text, bound, holds in _tests(condition, True):
            _read(core, known, text, bound, holds)
    return known.is_contradictory()


def rests_on_a_test(core: Core, values: Iterable[Value]) -> bool:
    """Whether one of these was one of several until a test told which: the way that it failed may have been left before."""
    was: dict[int, tuple[Value, Value]] = core.process.get(WAS, {})
    return any(id(value) in was and isinstance(was[id(value)][1], Choice) for value in values)


class Known:
    """What tests say of values: which are one of a few constants, and which two are not the same."""

    __slots__ = ("allowed", "apart", "excluded", "same")

    def __init__(self) -> None:
        self.allowed: dict[Hashable, frozenset[Hashable]] = {}
        self.excluded: dict[Hashable, set[Hashable]] = {}
        self.apart: list[tuple[Hashable, Hashable]] = []
        self.same: dict[Hashable, Hashable] = {}

    def is_among(self, value: Hashable, members: Iterable[Hashable]) -> None:
        found = frozenset(members)
        self.allowed[value] = self.allowed.get(value, found) & found

    def is_not_among(self, value: Hashable, members: Iterable[Hashable]) -> None:
        self.excluded.setdefault(value, set()).update(members)

    def is_contradictory(self) -> bool:
        left: dict[Hashable, frozenset[Hashable]] = {}
        for value, members in self.allowed.items():
            root = self._root(value)
            left[root] = left.get(root, members) & members
        for value, barred in self.excluded.items():
            root = self._root(value)
            if root in left:
                left[root] -= barred
        if not all(left.values()):
            return True
        for pair in self.apart:
            one, other = map(self._root, pair)
            if one == other or (left.get(one, frozenset()) == left.get(other) and len(left[one]) == 1):
                return True
        return False

    def _root(self, value: Hashable) -> Hashable:
        while value in self.same:
            value = self.same[value]
        return value

    def are_same(self, one: Hashable, other: Hashable) -> None:
        a, b = self._root(one), self._root(other)
        if a != b:
            self.same[a] = b


def _tests(condition: Condition, holds: bool) -> Iterator[tuple[str, tuple[int, ...], bool]]:
    """The tests of the program that a condition consists of: text, what its names were bound to, whether it came out true."""
    if condition.relation is None:
        return
    kind, what = condition.relation
    if kind == "and" and isinstance(what, tuple):
        for part in what:
            yield from _tests(part, holds)
    elif kind in ("==", "!=") and isinstance(what, tuple) and len(what) == 3 and what[0] == "test":
        yield what[1], what[2], (kind == "==") == holds


def _read(core: Core, known: Known, text: str, bound: tuple[int, ...], holds: bool) -> None:
    try:
        node = ast.parse(f"({text})", mode="eval").body
    except (SyntaxError, ValueError):
        return
    names = names_in(node)
    if len(names) != len(bound):
        return
    _learn(core, known, node, dict(zip(names, bound)), holds)


def _learn(core: Core, known: Known, test: ast.expr, bound: dict[str, int], holds: bool) -> None:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        _learn(core, known, test.operand, bound, not holds)
    elif isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) == holds:
            for part in test.values:
                _learn(core, known, part, bound, holds)
    elif isinstance(test, ast.Compare) and len(test.ops) == 1 and type(test.ops[0]) in SIGNS:
        _compare(core, known, test, bound, SIGNS[type(test.ops[0])] == holds)


def _compare(core: Core, known: Known, test: ast.Compare, bound: dict[str, int], positive: bool) -> None:
    left, right = test.left, test.comparators[0]
    if not isinstance(left, ast.Name):
        left, right = right, left
    if not isinstance(left, ast.Name):
        return
    value = _root(core, bound[left.id])
    members = _members(core, right, bound, isinstance(test.ops[0], (ast.In, ast.NotIn)))
    if isinstance(test.ops[0], (ast.In, ast.NotIn)) and left is not test.left:
        return
    if members is not None:
        (known.is_among if positive else known.is_not_among)(value, members)
    elif isinstance(right, ast.Name) and isinstance(test.ops[0], (ast.Is, ast.IsNot, ast.Eq, ast.NotEq)):
        other = _root(core, bound[right.id])
        if value == other:
            return
        if positive:
            known.are_same(value, other)
        else:
            known.apart.append((value, other))


def _root(core: Core, identity: int) -> int:
    """What a value was before tests narrowed it."""
    was: dict[int, tuple[Value, Value]] = core.process.get(WAS, {})
    for _ in range(MOST_MEMBERS):
        if identity not in was:
            break
        identity = id(was[identity][1])
    return identity


def _members(core: Core, node: ast.expr, bound: dict[str, int], several: bool) -> list[Hashable] | None:
    """The constants that an expression is, or holds; None where they are not all known."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)) and several:
        listed = [_members(core, each, bound, False) for each in node.elts]
        return None if None in listed else [member for members in listed for member in members or ()]
    if isinstance(node, ast.Constant):
        return None if several else [("constant", node.value)]
    held = _held(core, node, bound)
    if several:
        items = held.contents.items(MOST_MEMBERS) if isinstance(held, Sequence) else None
        keys = [_key(each) for each in items or (None,)]
        return None if None in keys else keys
    key = _key(held)
    return None if key is None else [key]


def _held(core: Core, node: ast.expr, bound: dict[str, int]) -> Value | None:
    """What a name still is, or a name of a library."""
    if isinstance(node, ast.Name):
        scope: Scope | None = core.scope()
        while scope is not None and node.id not in scope.fields:
            scope = scope.parent
        value = None if scope is None else scope.fields[node.id]
        return value if id(value) == bound[node.id] else None
    if isinstance(node, ast.Attribute):
        owner = _held(core, node.value, bound)
        if isinstance(owner, LibraryRef):
            return LibraryRef(f"{owner.name}.{node.attr}")
    return None


def _key(value: Value | None) -> Hashable:
    if isinstance(value, Const):
        try:
            hash(value.value)
        except TypeError:
            return None
        return ("constant", value.value)
    return ("name", value.name) if isinstance(value, LibraryRef) else None
