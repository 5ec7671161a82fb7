"""Questions about the form of a piece of the program whose answers never change: each is kept on the node itself."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from collections.abc import Sequence as SequenceOf
from typing import Final, TypeVar

from foreshape.domain.origin import span_of

Answer = TypeVar("Answer")
Tree = TypeVar("Tree", bound=ast.AST)

CHANGING: Final = frozenset({"append", "extend", "insert", "update", "setdefault", "add", "pop", "clear", "remove"})
LEAVES: Final = frozenset(
    {"ctx", "op", "ops", "id", "attr", "asname", "module", "level", "kind", "type_comment", "conversion"}
)
CHILDREN: Final = {
    kind: () if kind is ast.Constant else tuple(name for name in kind._fields if name not in LEAVES)
    for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)
}  # fmt: skip
"""The fields of each kind of node in which others stand."""
FILLING: Final = CHANGING | {"appendleft", "popleft", "popitem", "discard", "sort", "reverse", "__setitem__"}


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, level by level as ``ast.walk`` does, without operators and contexts."""
    found = [node]
    for part in found:  # grows as it is gone through
        yield part
        found += children(part)


def children(node: ast.AST) -> list[ast.AST]:
    """What stands directly below a node, operators and contexts aside."""
    found: list[ast.AST] = []
    for name in CHILDREN[type(node)]:
        child = getattr(node, name, None)
        if isinstance(child, list):
            found += [each for each in child if isinstance(each, ast.AST)]
        elif isinstance(child, ast.AST):
            found.append(child)
    return found


def kept(node: Tree, key: str, ask: Callable[[Tree], Answer]) -> Answer:
    """What is asked of a tree, and kept there for the next who asks."""
    known: Answer | None = getattr(node, key, None)
    if known is None:
        known = ask(node)
        setattr(node, key, known)
    return known


def names_in(node: ast.AST) -> tuple[str, ...]:
    """The names that an expression mentions, in their order."""
    return kept(node, "_foreshape_names", lambda asked: tuple(_names(asked)))


def _names(node: ast.AST) -> Iterator[str]:
    return (part.id for part in walk(node) if isinstance(part, ast.Name))


def different_names(node: ast.AST) -> tuple[str, ...]:
    """The names that a function mentions, each once."""
    return kept(node, "_foreshape_different", lambda asked: tuple(dict.fromkeys(names_in(asked))))


Asked = tuple[tuple[str, ...], frozenset[str], tuple[tuple[str, str], ...]]


def asks_for(node: ast.AST) -> Asked:
    """The names that a function declares nonlocal or global, those that it calls something of, and which methods of which."""
    return kept(node, "_foreshape_asks", _asks_for)


def _asks_for(node: ast.AST) -> Asked:
    declared: list[str] = []
    asked: set[str] = set()
    methods: dict[tuple[str, str], None] = {}
    for part in walk(node):
        if isinstance(part, (ast.Nonlocal, ast.Global)):
            declared += part.names
        elif isinstance(part, ast.Call):
            root = part.func.value if isinstance(part.func, ast.Attribute) else part.func
            if isinstance(root, ast.Name):
                asked.add(root.id)
                if isinstance(part.func, ast.Attribute):
                    methods[root.id, part.func.attr] = None
    return tuple(declared), frozenset(asked), tuple(methods)


def owners_in(node: ast.AST) -> tuple[ast.Name, ...]:
    """The names in an expression of which attributes are asked."""
    return kept(node, "_foreshape_owners", _owners)


def _owners(node: ast.AST) -> tuple[ast.Name, ...]:
    read = (part.value for part in walk(node) if isinstance(part, ast.Attribute))
    return tuple(owner for owner in read if isinstance(owner, ast.Name))


def calls_itself(node: ast.AST) -> bool:
    """Whether a function calls something under its own name."""
    return kept(node, "_foreshape_recursive", _calls_itself)


def _calls_itself(node: ast.AST) -> bool:
    own = getattr(node, "name", None)
    called = (part.func for part in walk(node) if isinstance(part, ast.Call))
    return own is not None and any(getattr(each, "attr", getattr(each, "id", None)) == own for each in called)


def keeps_as_given(node: ast.AST) -> bool:
    """Whether a ``__setattr__`` hands on the very value that it is given."""
    return kept(node, "_foreshape_handing_on", _keeps_as_given)


def _keeps_as_given(node: ast.AST) -> bool:
    spec = getattr(node, "args", None)
    if not isinstance(spec, ast.arguments) or len(spec.args) != 3:
        return False
    given, handed = spec.args[2].arg, False
    for part in walk(node):
        if isinstance(part, ast.Name) and part.id == given and isinstance(part.ctx, ast.Store):
            return False
        values = part.args[-1:] if isinstance(part, ast.Call) else [part.value] if isinstance(part, ast.Assign) else []
        handed = handed or any(isinstance(each, ast.Name) and each.id == given for each in values)
    return handed


def changed_names(node: ast.AST) -> frozenset[str]:
    """The names whose lists and dicts a function changes: ``seen[k] = v``, ``rows.append(x)``."""
    return kept(node, "_foreshape_changed", lambda asked: frozenset(_changed_names(asked)))


def _changed_names(node: ast.AST) -> Iterator[str]:
    for target in _changed(node, CHANGING):
        if isinstance(target, ast.Name):
            yield target.id


def changed_roots(node: ast.AST) -> frozenset[str]:
    """The names that a function changes something of, however deep: ``log["loss"].append(x)``, ``self.rows.clear()``."""
    return kept(node, "_foreshape_roots", lambda asked: frozenset(_changed_roots(asked)))


def _changed_roots(node: ast.AST) -> Iterator[str]:
    for target in _changed(node, FILLING):
        root = target
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            root = root.value
        if isinstance(root, ast.Name):
            yield root.id


def filled_attributes(node: ast.AST) -> frozenset[str]:
    """The attributes whose lists and dicts a function changes: ``self.rows.append(x)``, ``model.seen[k] = v``."""
    return kept(node, "_foreshape_filled", lambda asked: frozenset(_filled(asked)))


def _filled(node: ast.AST) -> Iterator[str]:
    for target in _changed(node, FILLING):
        if isinstance(target, ast.Attribute):
            yield target.attr


def _changed(node: ast.AST, methods: frozenset[str]) -> Iterator[ast.expr]:
    for part in walk(node):
        if isinstance(part, ast.Subscript) and not isinstance(part.ctx, ast.Load):
            yield part.value
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute) and part.func.attr in methods:
            yield part.func.value


def stored_attributes(node: ast.AST, own: bool = True) -> frozenset[str]:
    """The names of the attributes that a function assigns; ``own``: those of ``self`` too."""
    if own:
        return kept(node, "_foreshape_stored", lambda asked: frozenset(_stored(asked, True)))
    return kept(node, "_foreshape_stored_elsewhere", lambda asked: frozenset(_stored(asked, False)))


def _stored(node: ast.AST, own: bool) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
            if own or not isinstance(part.value, ast.Name):
                yield part.attr


def called_names(node: ast.AST) -> frozenset[str]:
    """The plain names that are called in a function."""
    return kept(node, "_foreshape_called", lambda asked: frozenset(_called(asked)))


def _called(node: ast.AST) -> Iterator[str]:
    for part in walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            yield part.func.id


def writes_attributes(node: ast.AST) -> frozenset[str] | None:
    """The attributes that a class assigns anywhere; None where it writes some under names that are not spelt."""
    return kept(node, "_foreshape_writes", _writes) or None


def mentions_constructor(node: ast.AST) -> bool:
    """Whether a class calls, or may call, the constructor of another."""
    return any(
        (isinstance(part, ast.Name) and part.id in ("super", "__class__"))
        or (isinstance(part, ast.Attribute) and part.attr in ("__init__", "__post_init__"))
        for part in walk(node)
    )


def _writes(node: ast.AST) -> frozenset[str]:
    """Never empty where it is known: "" is in it. Empty: not known."""
    found: set[str] = {""}
    for part in walk(node):
        if isinstance(part, ast.Attribute):
            if isinstance(part.ctx, ast.Store):
                found.add(part.attr)
            if part.attr in ("__dict__", "__setattr__"):
                return frozenset()
        elif isinstance(part, ast.Name) and part.id in ("setattr", "__dict__", "vars"):
            return frozenset()
    return frozenset(found)


def is_endless(node: ast.While) -> bool:
    """``while True``: only what its body does ends it."""
    return isinstance(node.test, ast.Constant) and bool(node.test.value)


def own_breaks(body: SequenceOf[ast.stmt]) -> int:
    """How many ``break`` statements end the loop that has this body."""
    count = 0
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Break):
            count += 1
        elif isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            pending += node.orelse
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.expr)):
            pending += children(node)
    return count


def text_at(lines: SequenceOf[str], node: ast.AST) -> str:
    """The source of a node, on one line and shortened."""
    span = span_of("", node)
    shown = lines[span.line - 1 : span.end_line]
    if not shown:
        return ""
    encoded = [text.encode() for text in shown]
    encoded[-1] = encoded[-1][: span.end_column]
    encoded[0] = encoded[0][span.column :]
    text = " ".join(part.decode(errors="replace").strip() for part in encoded)
    return text if len(text) <= 60 else text[:57] + "..."
