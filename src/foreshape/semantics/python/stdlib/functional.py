"""``functools`` and ``operator``.

Source: https://docs.python.org/3/library/functools.html
"""

from __future__ import annotations

from typing import Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.values import (
    BoundMethod,
    ClassValue,
    Const,
    Function,
    Instance,
    LibraryRef,
    Partial,
    Sequence,
    Typed,
    Value,
    as_str,
    const,
    is_none,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import type_error
from foreshape.semantics.python.iterators import taken_or_unknown
from foreshape.semantics.python.stdlib.plain import results
from foreshape.semantics.python.tools import any_element, generic, sequence
from foreshape.semantics.registry import library_types, rule

library_types((
    ("functools.partial", ("builtins.object",)),
    ("functools.partialmethod", ("builtins.object",)),
    ("operator.itemgetter", ("builtins.object",)),
    ("operator.attrgetter", ("builtins.object",)),
    ("operator.methodcaller", ("builtins.object",)),
))  # fmt: skip


@rule("functools.partial")
def partial(cx: Context, func: Value, /, *args: Value, **keywords: Value) -> Value:
    """A function with some arguments given."""
    return Partial(func, args, keywords)


@rule("functools.partial.func", kind="attribute")
def partial_func(cx: Context, self: Value) -> Value:
    """The function inside."""
    return self.function if isinstance(self, Partial) else cx.unknown("a function")


@rule("functools.reduce")
def reduce(cx: Context, function: Value, iterable: Value, initial: Value | None = None, /) -> Value:
    """One value of all elements, two by two. TypeError of nothing without an initial value."""
    contents = taken_or_unknown(cx, iterable, "reduce")
    items = contents.items(512)
    if items is None:
        return _reduce_run(cx, function, contents, initial)
    if not items and initial is None:
        message = "reduce() of empty iterable with no initial value"
        raise type_error(message, "functools.reduce", iterable, recover=cx.unknown("nothing to reduce"))
    result = initial if initial is not None else items[0]
    for item in items if initial is not None else items[1:]:
        result = cx.call(function, (result, item))
    return result


def _reduce_run(cx: Context, function: Value, contents: Contents, initial: Value | None) -> Value:
    """After two steps it is what it stays, if it is the same as after one."""
    from foreshape.domain.join import alike, join

    elements = [generic(cx, segment) for segment in contents.segments]
    if not elements:
        return initial if initial is not None else cx.unknown("nothing to reduce")
    once = cx.call(function, (initial if initial is not None else elements[0], elements[0]))
    twice = cx.call(function, (once, elements[-1]))
    if isinstance(once, Const):
        return Typed(type(once.value).__name__) if type(once.value) in (int, float, str) else cx.unknown("a reduction")
    joined: Value = once if alike(once, twice) else join(once, twice)
    return joined


IDENTITY: Final = LibraryRef("functools.~same")


@rule("functools.~same")
def same(cx: Context, function: Value, wrapper: Value | None = None, /) -> Value:
    """A decorator that does not change what a function gives. With a second function: that one, named like the first."""
    return function if wrapper is None else named_like(function, wrapper)


@rule("functools.wraps", "functools.update_wrapper")
def wraps(cx: Context, wrapped: Value, *args: Value, **kwargs: Value) -> Value:
    """A decorator that only copies names; ``update_wrapper`` gets the wrapper first."""
    if args:
        return named_like(args[0], wrapped)
    return Partial(IDENTITY, (wrapped,), {})


def named_like(wrapped: Value, function: Value) -> Value:
    """The function, under the name of the one that it wraps."""
    inner = wrapped.function if isinstance(wrapped, BoundMethod) else wrapped
    if isinstance(function, Function):
        known = inner.name if isinstance(inner, (Function, ClassValue, LibraryRef)) else ""
        function.name = known.rpartition(".")[2]
    return function


@rule("functools.singledispatch", "functools.singledispatchmethod")
def dispatched(cx: Context, func: Value) -> Value:
    """Which function is called hangs on the type of its first argument, and on what other modules have registered."""
    return LibraryRef("functools.~dispatched")


@rule("functools.~dispatched")
def of_dispatched(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("which function is called hangs on the type of its argument")


@rule("functools.lru_cache")
def lru_cache(cx: Context, maxsize: Value | None = None, typed: Value | None = None) -> Value:
    """A decorator that remembers results."""
    plain = maxsize is None or isinstance(maxsize, (Const, Typed))
    return LibraryRef(IDENTITY.name) if plain or maxsize is None else maxsize


@rule("functools.cmp_to_key")
def cmp_to_key(cx: Context, mycmp: Value) -> Value:
    """What takes one element and gives an object that compares as the function says."""
    return cx.unknown("a key made of a comparison")


@rule("functools.cache", "functools.total_ordering", "functools.cached_property")
def unchanged(cx: Context, function: Value, /) -> Value:
    """Decorators that do not change what a function gives for plain arguments."""
    return function


# -- operator

BINARY: Final = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "matmul": "@",
    "and_": "&", "or_": "|", "xor": "^", "lshift": "<<", "rshift": ">>", "eq": "==", "ne": "!=", "lt": "<", "le": "<=",
    "gt": ">", "ge": ">=", "is_": "is", "is_not": "is not", "concat": "+", "iadd": "+", "isub": "-", "imul": "*",
}  # fmt: skip


def _binary(name: str, text: str) -> None:
    @rule(f"operator.{name}")
    def function(cx: Context, a: Value, b: Value, /) -> Value:
        return cx.binary(text, a, b)


for _name, _text in BINARY.items():
    _binary(_name, _text)


@rule("operator.contains")
def contains(cx: Context, a: Value, b: Value, /) -> Value:
    """``b in a``."""
    return cx.binary("in", b, a)


@rule("operator.getitem")
def getitem(cx: Context, a: Value, b: Value, /) -> Value:
    """``a[b]``."""
    return cx.get_item(a, b)


@rule("operator.not_")
def not_(cx: Context, a: Value, /) -> Value:
    """``not a``."""
    truth = cx.truth(a)
    return Typed("bool") if truth.is_unknown else const(truth.is_no)


@rule("operator.truth")
def truth(cx: Context, a: Value, /) -> Value:
    """``bool(a)``."""
    return cx.rule("builtins.bool", a)


@rule("operator.neg")
def neg(cx: Context, a: Value, /) -> Value:
    """``-a``."""
    return cx.binary("-", const(0), a)


@rule("operator.abs")
def abs_(cx: Context, a: Value, /) -> Value:
    """``abs(a)``."""
    return cx.rule("builtins.abs", a)


@rule("operator.index")
def index(cx: Context, a: Value, /) -> Value:
    """The int that it is."""
    return cx.rule("builtins.int", a)


def _getter(name: str) -> None:
    @rule(f"operator.{name}.__init__")
    def initial(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
        assert isinstance(self, Instance)
        cx.set(self, "~args", Sequence("tuple", Contents(args)))
        return none()


for _name in ("itemgetter", "attrgetter", "methodcaller"):
    _getter(_name)


def _given(self: Value) -> tuple[Value, ...]:
    assert isinstance(self, Instance)
    args = self.fields.get("~args")
    return (args.contents.items() or ()) if isinstance(args, Sequence) else ()


@rule("operator.itemgetter.__call__")
def get_items(cx: Context, self: Value, obj: Value, /) -> Value:
    """``obj[item]``, a tuple for several items."""
    found = [cx.get_item(obj, item) for item in _given(self)]
    return found[0] if len(found) == 1 else sequence("tuple", found)


@rule("operator.attrgetter.__call__")
def get_attributes(cx: Context, self: Value, obj: Value, /) -> Value:
    """``obj.name``, a tuple for several names."""
    found: list[Value] = []
    for name in _given(self):
        text = as_str(name)
        value = obj
        for part in (text or "").split("."):
            value = cx.get_attribute(value, part) if text else cx.unknown("an attribute")
        found.append(value)
    return found[0] if len(found) == 1 else sequence("tuple", found)


@rule("operator.methodcaller.__call__")
def call_method(cx: Context, self: Value, obj: Value, /) -> Value:
    """``obj.name(...)``."""
    given = _given(self)
    name = as_str(given[0]) if given else None
    return cx.unknown("a method") if name is None else cx.call_method(obj, name, given[1:])


results("operator", {"length_hint": "int>=0", "countOf": "int>=0", "indexOf": "int>=0", "setitem delitem": "none"})


# -- heapq and bisect


@rule("heapq.heapify")
def heapify(cx: Context, x: Value, /) -> Value:
    """Another order, in place."""
    _reorder(cx, x)
    return none()


def _reorder(cx: Context, heap: Value, change: int = 0, new: Value | None = None) -> Value:
    if not isinstance(heap, Sequence):
        return cx.unknown("an element of a heap")
    contents = heap.contents if new is None else heap.contents.with_item(new)
    element = any_element(cx, contents)
    length = heap.contents.length + change
    cx.set(heap, "contents", Contents((Run(length, element),)) if length != 0 else Contents())
    return element


@rule("heapq.heappush")
def heappush(cx: Context, heap: Value, item: Value, /) -> Value:
    """One more element."""
    _reorder(cx, heap, 1, item)
    return none()


@rule("heapq.heappop")
def heappop(cx: Context, heap: Value, /) -> Value:
    """The smallest element, taken out."""
    if isinstance(heap, Sequence) and not cx.at_least(heap.contents.length, 1):
        from foreshape.semantics.python.errors import index_error

        raise index_error("index out of range", "heap", 0, 0, heap, recover=cx.unknown("it is empty"))
    return _reorder(cx, heap, -1)


@rule("heapq.heappushpop", "heapq.heapreplace")
def heappushpop(cx: Context, heap: Value, item: Value, /) -> Value:
    """The smallest element, another put in."""
    return _reorder(cx, heap, 0, item)


@rule("heapq.nlargest", "heapq.nsmallest")
def nlargest(cx: Context, n: Value, iterable: Value, key: Value | None = None) -> Value:
    """At most n elements."""
    from foreshape.domain.dim import dmin

    contents = taken_or_unknown(cx, iterable, "heapq")
    size = cx.dim(n, lo=0)
    length = cx.fresh(None, lo=0) if size is None else dmin(size, contents.length)
    if key is not None and not is_none(key):
        cx.call(key, (any_element(cx, contents),))
    return Sequence("list", Contents((Run(length, any_element(cx, contents)),)))


results("bisect", {"bisect bisect_left bisect_right": "int>=0"})


@rule("bisect.insort", "bisect.insort_left", "bisect.insort_right")
def insort(cx: Context, a: Value, x: Value, *args: Value, **kwargs: Value) -> Value:
    """One more element, in order."""
    _reorder(cx, a, 1, x)
    return none()
