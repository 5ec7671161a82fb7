"""Library calls that say nothing about shapes: the type of what they give, from a table.

The words of a table: "float", "int", "int>=0", "str", "bytes", "bool", "none", "list[str]", "iter[str]",
"tuple[int,int]", "dict", "object:module.Class", "self", "arg" (the first argument) and "unknown:reason".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    Const,
    DictValue,
    Instance,
    Int,
    IteratorValue,
    LibraryRef,
    Typed,
    Unknown,
    Value,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.tools import sequence, typed_list
from foreshape.semantics.registry import rule

SCALARS: Final = frozenset({"float", "int", "str", "bytes", "bool", "complex"})


def result(cx: Context, word: str, args: tuple[Value, ...] = ()) -> Value:
    """A value for a word of a table."""
    if word in SCALARS:
        return Typed(word)
    if word == "none":
        return Const(None)
    if word in ("self", "arg"):
        return args[0] if args else Unknown("nothing was given")
    if word == "int>=0":
        return Int(cx.fresh(None, lo=0))
    if word.endswith(">=0"):
        return Typed(word[:-3], lo=0)
    if word == "dict":
        return DictValue({}, Unknown("its entries are not known"))
    head, _, rest = word.partition("[")
    inner = rest[:-1]
    if head == "tuple" and rest:
        return sequence("tuple", (result(cx, part) for part in inner.split(",")))
    if head in ("list", "set", "tuple"):
        return typed_list(cx, result(cx, inner) if inner else Unknown("an element"), head)
    if head == "iter":
        return IteratorValue(Contents((Run(cx.fresh(None, lo=0), result(cx, inner)),)))
    kind, _, name = word.partition(":")
    if kind == "object":
        return Instance(LibraryRef(name))
    return Unknown(name or "it is not modelled")


def results(module: str, table: Mapping[str, str]) -> None:
    """Register functions (or methods, where ``module`` is a class) by the type of their result."""
    for names, word in table.items():
        for name in names.split():
            _register(f"{module}.{name}", word)


def _register(name: str, word: str) -> None:
    @rule(name)
    def function(cx: Context, *args: Value, **kwargs: Value) -> Value:
        return result(cx, word, args)


def attributes(owner: str, table: Mapping[str, str]) -> None:
    """Register attributes of a class by their type."""
    for names, word in table.items():
        for name in names.split():
            _register_attribute(f"{owner}.{name}", word)


def _register_attribute(name: str, word: str) -> None:
    @rule(name, kind="attribute")
    def attribute(cx: Context, self: Value) -> Value:
        return result(cx, word, (self,))


def constants(module: str, table: Mapping[str, object]) -> None:
    """Register module-level names: a word of the table in a tuple, or a known scalar."""
    for name, value in table.items():
        _register_constant(f"{module}.{name}", value)


def _register_constant(name: str, value: object) -> None:
    @rule(name, kind="constant")
    def constant(cx: Context) -> Value:
        return result(cx, value[0]) if isinstance(value, tuple) else Const(value)
