"""What the rules of Python's own types share: names of types, known values as real Python objects and back."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any, Final

from foreshape.domain.contents import Contents, Run, one_of_many, substitute_value
from foreshape.domain.dim import Dim, DimLike, Var, as_var, ge
from foreshape.domain.join import scalar_kind, widen
from foreshape.domain.values import (
    Array,
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    IteratorValue,
    LibraryRef,
    ModuleValue,
    Partial,
    RangeValue,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_dim,
    int_value,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import from_exception, type_error

MOST_ITEMS: Final = 10_000
"""Longer sequences are not written out."""
MOST_TEXT: Final = 1_000_000


class NotKnown(Exception):  # noqa: N818, RUF100
    """The value cannot be made a real Python object."""


def to_python(value: Value | None, limit: int = MOST_ITEMS) -> Any:
    """The real object for a value that is known throughout. Raises NotKnown."""
    if isinstance(value, Const):
        return value.value
    if isinstance(value, Sequence) and value.kind in CONTAINERS:
        items = value.contents.items(limit)
        if items is not None:
            try:
                return CONTAINERS[value.kind](to_python(item, limit) for item in items)
            except TypeError:
                raise NotKnown from None
    if isinstance(value, DictValue) and value.rest is None and value.kind == "dict":
        return {key: to_python(entry, limit) for key, entry in value.entries.items() if _plain_key(key)}
    if isinstance(value, RangeValue) and isinstance(value.start, int) and isinstance(value.stop, int):
        return range(value.start, value.stop, value.step)
    if isinstance(value, SliceValue):
        return slice(to_python(value.start), to_python(value.stop), to_python(value.step))
    raise NotKnown


CONTAINERS: Final[dict[str, Callable[[Iterable[Any]], Any]]] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "dict_keys": list,
    "dict_values": list,
    "dict_items": list,
}


def _plain_key(key: object) -> bool:
    if isinstance(key, (Value, Dim)) or (isinstance(key, tuple) and not all(_plain_key(part) for part in key)):
        raise NotKnown
    return True


def known(*values: Value | None) -> tuple[Any, ...] | None:
    """All of them as real objects, or None where one is not known."""
    try:
        return tuple(to_python(value) for value in values)
    except NotKnown:
        return None


def lift(found: Any) -> Value:
    """The value for a real Python object."""
    if found is None or isinstance(found, (bool, int, float, complex, str, bytes)) or found is Ellipsis:
        return Const(found)
    if isinstance(found, (list, tuple, set, frozenset)):
        kind = type(found).__name__ if type(found) in (list, tuple, set, frozenset) else "tuple"
        return Sequence(kind, Contents(tuple(lift(item) for item in found)))
    if isinstance(found, dict):
        return DictValue({key: lift(entry) for key, entry in found.items()})
    if isinstance(found, range):
        return RangeValue(found.start, found.stop, found.step)
    if isinstance(found, slice):
        return SliceValue(lift(found.start), lift(found.stop), lift(found.step))
    return Unknown(f"a {type(found).__name__}")


def evaluate(cx: Context, operation: str, function: Callable[..., Any], *values: Value, recover: Value) -> Value | None:
    """Really compute with known values. None where one is not known; what Python raises is a fault of the program."""
    real = known(*values)
    if real is None:
        return None
    try:
        return lift(function(*real))
    except (MemoryError, RecursionError):
        return recover
    except Exception as error:
        fault = from_exception(error, operation, *values, recover=recover)
        if fault is None:
            return recover
        raise fault from None


def typed_list(cx: Context, element: Value, kind: str = "list", lo: int = 0, name: str | None = None) -> Sequence:
    """A sequence of unknown length."""
    return Sequence(kind, Contents((Run(cx.fresh(name, lo=lo), element),)))


def sequence(kind: str, items: Iterable[Value]) -> Sequence:
    """A sequence of these elements."""
    return Sequence(kind, Contents(tuple(items)))


def type_name(value: Value) -> str | None:
    """The type as Python's messages name it ("NoneType", "list", "numpy.ndarray"); None where not known."""
    if isinstance(value, Const):
        return type(value.value).__name__
    if isinstance(value, (Int, Typed)):
        return scalar_kind(value)
    if isinstance(value, (Sequence, DictValue)):
        return "collections." + value.kind if value.kind in COLLECTIONS else value.kind
    if isinstance(value, Array):
        return ARRAY_TYPES.get(value.kind)
    if isinstance(value, BoundMethod) and isinstance(value.function, LibraryRef):
        return "builtin_function_or_method" if value.function.name.startswith("builtins.") else "method"
    simple = SIMPLE_TYPES.get(type(value))
    if simple is not None:
        return simple
    if isinstance(value, Instance):
        return value.cls.name if isinstance(value.cls, ClassValue) else value.cls.name.rpartition(".")[2]
    if isinstance(value, IteratorValue):
        return ITERATOR_TYPES.get(value.kind)
    return None


PLAIN_TYPES: Final[dict[str, type]] = {
    "int": int, "float": float, "str": str, "bytes": bytes, "bool": bool, "list": list, "tuple": tuple, "dict": dict,
    "set": set, "frozenset": frozenset, "complex": complex, "NoneType": type(None),
}  # fmt: skip
COLLECTIONS: Final = frozenset({"deque", "defaultdict", "OrderedDict"})
ARRAY_TYPES: Final = {"numpy": "numpy.ndarray", "torch": "Tensor", "keras": "KerasTensor"}
SIMPLE_TYPES: Final[dict[type[Value], str]] = {
    SliceValue: "slice",
    RangeValue: "range",
    Function: "function",
    ClassValue: "type",
    ModuleValue: "module",
    Partial: "functools.partial",
    BoundMethod: "method",
}
ITERATOR_TYPES: Final = {
    "generator": "generator", "zip": "zip", "map": "map", "filter": "filter", "enumerate": "enumerate",
    "reversed": "reversed", "list_iterator": "list_iterator",
}  # fmt: skip


def index_var(cx: Context, length: DimLike) -> Var:
    """An index variable for a run of this length."""
    made = as_var(cx.fresh("index", lo=0, hi=length - 1, varying=True))
    assert made is not None
    return made


def index_value(index: Var, offset: DimLike = 0) -> Value:
    """The int that an index variable is."""
    from foreshape.domain.polynomial import of_atom

    return int_value(of_atom(index) + offset)


def any_element(cx: Context, contents: Contents) -> Value:
    """One value that stands for every element, indices left out."""
    elements = [generic(cx, segment) for segment in contents.segments]
    if not elements:
        return Unknown("it is empty")
    return elements[0] if len(elements) == 1 else widen(elements)


def generic(cx: Context, segment: Value | Run) -> Value:
    """A segment as one value: the element at some position of a run."""
    if not isinstance(segment, Run):
        return segment
    if segment.index is None:
        return one_of_many(segment.element, segment.element)
    somewhere = cx.fresh(segment.index.name, lo=0, hi=segment.length - 1, varying=True)
    return one_of_many(substitute_value(segment.element, {segment.index: somewhere}), segment.element)


def shuffled(cx: Context, contents: Contents) -> Contents:
    """The same elements in an order that is not known."""
    if len(contents.segments) == 1 and not isinstance(contents.segments[0], Run):
        return contents
    if not contents.segments or contents.pool is not None:
        return contents
    return unordered(cx, contents)


def unordered(cx: Context, contents: Contents) -> Contents:
    """Elements of which the order is not known, although each of them may be."""
    plain = not any(isinstance(segment, Run) for segment in contents.segments)
    pool = contents.items() if plain and all(_immutable(item) for item in contents.distinct()) else None
    return Contents((Run(contents.length, any_element(cx, contents), None, pool),))


def _immutable(value: Value) -> bool:
    if isinstance(value, Sequence) and value.kind == "tuple":
        return all(_immutable(item) for item in value.contents.distinct())
    return isinstance(value, (Const, Int))


def unknown_contents(cx: Context, reason: str, length: DimLike | None = None) -> Contents:
    """Elements that nothing is known about."""
    return Contents((Run(cx.fresh(lo=0) if length is None else length, Unknown(reason)),))


def is_negative(cx: Context, dim: DimLike) -> bool | None:
    """Whether a size is negative; None where it can be either."""
    if isinstance(dim, int):
        return dim < 0
    truth = ge(dim, 0, cx.facts)
    return False if truth.is_yes else True if truth.is_no else None


def elements_of(cx: Context, value: Value, operation: str = "iteration") -> Contents | None:
    """The elements of an iterable in order. A value that is certainly not iterable is a fault."""
    not_iterable(cx, value)
    if isinstance(value, Sequence) and value.kind in ("set", "frozenset"):
        return set_order(cx, value.contents)
    return cx.iterate(value)


def not_iterable(cx: Context, value: Value) -> None:
    """Raise what Python raises for ``iter`` of a scalar, a function or an object without ``__iter__``."""
    kind = scalar_kind(value)
    nothing = isinstance(value, Const) and value.value is None
    if nothing or kind in ("int", "float", "bool", "complex") or isinstance(value, (Function, ModuleValue)):
        shown = type_name(value)
        message = f"'{shown}' object is not iterable"
        raise type_error(message, "iteration", value, types=(shown or "",), recover=Unknown("it is not iterable"))


def set_order(cx: Context, contents: Contents) -> Contents:
    """The elements of a set as a loop sees them: for ints as Python does, for others in an order that is not known."""
    items = contents.items()
    if items is not None and all(isinstance(item, Const) and type(item.value) is int for item in items):
        return Contents(tuple(Const(item) for item in {item.value for item in items}))  # type: ignore[attr-defined]
    return shuffled(cx, contents)


def elements_or_unknown(cx: Context, value: Value, operation: str) -> Contents:
    """The elements, or a run of unknown ones."""
    found = elements_of(cx, value, operation)
    if found is not None:
        return found
    reason = value.reason if isinstance(value, Unknown) else "its elements are not known"
    return unknown_contents(cx, reason)


def bounded(value: Value) -> Typed:
    """A float with the bounds of a number."""
    if isinstance(value, (Typed, Array)):
        return Typed("float", lo=value.lo, hi=value.hi)
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return Typed("float", lo=value.value, hi=value.value)
    if isinstance(value, Int):
        return Typed("float", lo=value.dim, hi=value.dim)
    return Typed("float")


def as_float(value: Value | None) -> float | None:
    """The known number that a value is."""
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return float(value.value)
    return None


def whole(value: Value) -> DimLike | None:
    """The size that a value is, where it is a plain int (not an array)."""
    return None if isinstance(value, Array) else as_dim(value)


def is_stub(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Whether a method only waits for a subclass: ``pass``, ``...``, a docstring, ``raise NotImplementedError``."""
    if isinstance(node, ast.Lambda):
        return False
    for statement in node.body:
        text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not text and not isinstance(statement, (ast.Pass, ast.Raise)):
            return False
    return True
