"""The built-in functions.

Source: https://docs.python.org/3/library/functions.html
"""

from __future__ import annotations

import builtins
from typing import Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike, ceildiv
from foreshape.domain.join import join, scalar_kind
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
    Scope,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_str,
    const,
    int_value,
    is_none,
    none,
)
from foreshape.semantics.protocol import Context
from foreshape.semantics.python.errors import type_error, value_error
from foreshape.semantics.python.handles import opened, put
from foreshape.semantics.python.iterators import take_all, taken_or_unknown
from foreshape.semantics.python.lengths import counted
from foreshape.semantics.python.ordering import extreme, extreme_of, sorted_contents, total, truth_of_all
from foreshape.semantics.python.tools import (
    PLAIN_TYPES,
    any_element,
    elements_or_unknown,
    index_value,
    index_var,
    not_iterable,
    sequence,
    type_name,
    typed_list,
)
from foreshape.semantics.registry import REGISTRY, rule


@rule("builtins.len")
def len_(cx: Context, obj: Value, /) -> Value:
    """The number of elements. TypeError for what has no length."""
    method = cx.user_method(obj, "__len__")
    size = cx.length(obj) if method is None else counted(cx, obj, cx.call(method), method)
    if size is not None:
        return int_value(size)
    kind = scalar_kind(obj)
    text = isinstance(obj, Array) and obj.dtype is not None and obj.dtype.startswith(("<U", "|S", "str", "bytes"))
    if text or kind in ("str", "bytes") or isinstance(obj, (DictValue, Unknown)):
        return int_value(cx.fresh(None, lo=0))
    shown = type_name(obj)
    scalar_array = isinstance(obj, Array) and obj.shape == () and obj.kind in ("numpy", "torch")
    certain = kind is not None or (isinstance(obj, Const) and obj.value is None)
    certain = certain or isinstance(obj, (Function, IteratorValue)) or _has_no_length(cx, obj)
    if shown is not None and (certain or scalar_array):
        message = f"object of type '{shown}' has no len()"
        if scalar_array:
            message = "len() of unsized object" if shown == "numpy.ndarray" else "len() of a 0-d tensor"
        raise type_error(message, "len", obj, types=(shown,), recover=Typed("int"))
    return int_value(cx.fresh(None, lo=0))


@rule("builtins.super.__init__")
def super_init(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """``super.__init__()``: the parentheses behind ``super`` are left out. TypeError."""
    message = "descriptor '__init__' of 'super' object needs an argument"
    if args:
        message = f"descriptor '__init__' requires a 'super' object but received a '{type_name(args[0]) or 'object'}'"
    made = cx.scope().fields.get("self")
    if isinstance(made, Instance):
        with cx.quiet():
            done = cx.type_rule(made, "__init__")  # that it was not called is told already
        made.tainted = made.tainted or (done is not None and done.tainted)
    raise type_error(message, "super.__init__", *args)


def _has_no_length(cx: Context, obj: Value) -> bool:
    """Whether it is an object of a class of the program that defines no ``__len__``."""
    return isinstance(obj, Instance) and obj.is_plain and cx.user_method(obj, "__len__") is None


@rule("builtins.range")
def range_(cx: Context, start: Value, stop: Value | None = None, step: Value | None = None, /) -> Value:
    """Ints from start to before stop. TypeError for a float, ValueError for a step of 0."""
    ends: list[DimLike | None] = []
    for value in (start, stop, step):
        if value is not None:
            ends.append(_whole(cx, value))
    first: DimLike | None = 0
    by: DimLike | None = 1
    if stop is None:
        last = ends[0]
    else:
        first, last = ends[0], ends[1]
        by = ends[2] if step is not None else 1
    if first is None or last is None or by is None:
        return typed_list(cx, Typed("int"), "range")
    if isinstance(by, int):
        if by == 0:
            raise value_error("range() arg 3 must not be zero", "range", step or start, recover=RangeValue(0, 0))
        return RangeValue(first, last, by)
    length = ceildiv(last - first, by)
    if isinstance(length, int):
        length = max(length, 0)
    index = index_var(cx, length)
    return Sequence("range", Contents((Run(length, int_value(first + by * _dim(index_value(index))), index),)))


def _dim(value: Value) -> DimLike:
    found = as_dim(value)
    assert found is not None
    return found


def _whole(cx: Context, value: Value) -> DimLike | None:
    kind = scalar_kind(value)
    shown = type_name(value)
    nothing = isinstance(value, Const) and value.value is None
    if kind in ("float", "str", "complex", "bytes") or nothing or isinstance(value, (Sequence, DictValue)):
        message = f"'{shown}' object cannot be interpreted as an integer"
        raise type_error(message, "range", value, types=(shown or "",), recover=typed_list(cx, Typed("int"), "range"))
    if isinstance(value, Array) and value.kind == "numpy" and value.shape is not None:
        message = ""
        if value.shape != ():
            message = "only integer scalar arrays can be converted to a scalar index"
        elif (value.dtype or "int").startswith("float"):
            message = f"'numpy.{value.dtype}' object cannot be interpreted as an integer"
        if message:
            recover = typed_list(cx, Typed("int"), "range")
            raise type_error(message, "range", value, types=("numpy.ndarray",), recover=recover)
    found = cx.dim(value, lo=0)
    return None if found is None else cx.resolve(found)


# -- sequences


@rule("builtins.list")
def list_(cx: Context, iterable: Value | None = None, /) -> Value:
    """A new list of the elements."""
    return _sequence(cx, "list", iterable)


@rule("builtins.tuple")
def tuple_(cx: Context, iterable: Value | None = None, /) -> Value:
    """A tuple of the elements."""
    return _sequence(cx, "tuple", iterable)


def _sequence(cx: Context, kind: str, iterable: Value | None) -> Value:
    if iterable is None:
        return Sequence(kind, Contents())
    if isinstance(iterable, Unknown):
        return Sequence(kind, Contents((Run(cx.fresh(None, lo=0), cx.unknown(iterable.reason)),)))
    contents = take_all(cx, iterable, kind)
    if contents is None:
        return Sequence(kind, Contents((Run(cx.fresh(None, lo=0), cx.unknown("its elements are not known")),)))
    return Sequence(kind, contents)


@rule("builtins.sorted")
def sorted_(cx: Context, iterable: Value, /, *, key: Value | None = None, reverse: Value | None = None) -> Value:
    """A new list in order."""
    not_iterable(cx, iterable)
    contents = unordered(cx, iterable)
    return Sequence("list", sorted_contents(cx, contents, key, reverse, iterable))


def unordered(cx: Context, iterable: Value) -> Contents:
    """The elements where the order makes no difference (a set gives them one by one)."""
    if isinstance(iterable, Sequence):
        return iterable.contents
    return taken_or_unknown(cx, iterable, "iteration")


@rule("builtins.sum")
def sum_(cx: Context, iterable: Value, /, start: Value | None = None) -> Value:
    """The sum of the elements."""
    if isinstance(iterable, Array) and iterable.has_elements:
        return _array_sum(cx, iterable)
    not_iterable(cx, iterable)
    first = start if start is not None else const(0)
    if scalar_kind(first) == "str":
        raise type_error("sum() can't sum strings [use ''.join(seq) instead]", "sum", first, recover=Typed("str"))
    return total(cx, unordered(cx, iterable), first)


def _array_sum(cx: Context, array: Array) -> Value:
    """Over the first axis."""
    if array.shape and isinstance(array.shape[0], int) and array.shape[0] == 0:
        return const(0)
    if array.kind in ("numpy", "torch") and array.shape:
        return cx.rule(f"{array.kind}.sum", array, const(0))
    return cx.unknown("the sum of this array")


def _number_of(value: Value) -> int | float | None:
    """A number that is known, Python's or NumPy's."""
    held = value.data if isinstance(value, Array) and value.kind == "numpy" and value.shape == () else None
    item = held[0] if held else value.value if isinstance(value, Const) else None
    return item if isinstance(item, (int, float)) and item == item else None


def _smallest_or_largest(
    cx: Context, name: str, args: tuple[Value, ...], key: Value | None, default: Value | None
) -> Value:
    if not args:
        message = f"{name} expected at least 1 argument, got 0"
        raise type_error(message, name, recover=cx.unknown("nothing"))
    if len(args) > 1:
        if key is None or is_none(key):
            numbers = [_number_of(one) for one in args]
            if any(isinstance(one, Array) for one in args) and None not in numbers:
                chosen = min(numbers) if name == "min" else max(numbers)  # type: ignore[type-var]
                return args[numbers.index(chosen)]
            found = extreme_of(cx, name, args)
            if found is not None:
                return found
            if any(isinstance(one, Array) and one.shape for one in args[:2]):
                # the first two are compared, and the answer is asked whether it is true
                compared = cx.binary("<" if name == "min" else ">", args[1], args[0])
                if isinstance(compared, Array):
                    cx.truth(compared)
            if len(args) <= 4:
                result: Value = args[0]
                for other in args[1:]:
                    result = join(result, other)
                return result
        return extreme(cx, name, Contents(args), key, None, args[0])
    only = args[0]
    if isinstance(only, Array) and only.rank == 1 and (only.dtype or "").startswith(("<U", "str", "|S")):
        return Typed("str")  # Python compares the elements, which NumPy's own minimum does not
    if isinstance(only, Array) and only.kind in ("numpy", "torch") and only.rank == 1:
        return cx.rule(f"{only.kind}.{'amin' if name == 'min' else 'amax'}", only)
    not_iterable(cx, only)
    return extreme(cx, name, unordered(cx, only), key, default, only)


@rule("builtins.min")
def min_(cx: Context, *args: Value, key: Value | None = None, default: Value | None = None) -> Value:
    """The smallest. ValueError of nothing."""
    return _smallest_or_largest(cx, "min", args, key, default)


@rule("builtins.max")
def max_(cx: Context, *args: Value, key: Value | None = None, default: Value | None = None) -> Value:
    """The largest. ValueError of nothing."""
    return _smallest_or_largest(cx, "max", args, key, default)


@rule("builtins.any")
def any_(cx: Context, iterable: Value, /) -> Value:
    """Whether one element is true."""
    return truth_of_all(cx, elements_or_unknown(cx, iterable, "any"), True)


@rule("builtins.all")
def all_(cx: Context, iterable: Value, /) -> Value:
    """Whether all elements are true."""
    return truth_of_all(cx, elements_or_unknown(cx, iterable, "all"), False)


@rule("builtins.slice")
def slice_(cx: Context, start: Value, stop: Value | None = None, step: Value | None = None, /) -> Value:
    """A slice object."""
    if stop is None:
        return SliceValue(none(), start, none())
    return SliceValue(start, stop, step if step is not None else none())


# -- types and attributes


@rule("builtins.isinstance")
def isinstance_(cx: Context, obj: Value, classinfo: Value, /) -> Value:
    """Whether it is an instance of a class or of one of several."""
    found = _is_instance(cx, obj, classinfo)
    return Typed("bool") if found is None else const(found)


def _is_instance(cx: Context, obj: Value, classinfo: Value) -> bool | None:
    if isinstance(classinfo, Sequence):
        answers = [_is_instance(cx, obj, one) for one in classinfo.contents.items(64) or (Unknown(""),)]
        return True if True in answers else None if None in answers else False
    if isinstance(classinfo, ClassValue):
        if isinstance(obj, Instance):
            mro = obj.cls.mro if isinstance(obj.cls, ClassValue) else (obj.cls,)
            if classinfo in mro:
                return True
            loose = any(isinstance(base, LibraryRef) and base.name == "unknown.base" for base in mro)
            return None if loose else False
        return None if isinstance(obj, Unknown) else False
    if isinstance(classinfo, LibraryRef):
        name = classinfo.name.removeprefix("types.")
        if name in ABSTRACT:
            return _is_abstract(cx, obj, ABSTRACT[name])
        if name in FUNCTION_TYPES:
            return isinstance(obj, (Function, BoundMethod)) if not isinstance(obj, (Unknown, LibraryRef)) else None
        if name == "builtins.type":
            return isinstance(obj, (ClassValue,)) or (None if isinstance(obj, (Unknown, LibraryRef)) else False)
        if name in ("NoneType", "builtins.NoneType"):
            return None if isinstance(obj, Unknown) else isinstance(obj, Const) and obj.value is None
        return cx.is_instance(obj, classinfo.name)
    if isinstance(classinfo, Const) and classinfo.value is None:
        return None
    return None


ABSTRACT: Final[dict[str, str]] = {
    f"{module}.{name}": name
    for module in ("collections.abc", "typing", "collections", "numbers")
    for name in (
        "Iterable", "Sequence", "MutableSequence", "Mapping", "MutableMapping", "Callable", "Hashable", "Sized",
        "Iterator", "Generator", "Number", "Real", "Integral", "Collection", "Container", "Set", "List", "Dict",
        "Tuple",
    )
}  # fmt: skip
FUNCTION_TYPES: Final = frozenset({"FunctionType", "MethodType", "LambdaType", "builtins.function"})
_CONTAINERS: Final = frozenset({"Iterable", "Sized", "Collection", "Container"})


def _is_abstract(cx: Context, obj: Value, name: str) -> bool | None:
    """Membership in the abstract classes, for Python's own types."""
    if isinstance(obj, (Unknown, Instance, Array)):
        if isinstance(obj, Array) and name in ("Sequence", "Mapping", "List", "Tuple", "Dict"):
            return False
        return None
    kind = scalar_kind(obj)
    if name in ("Number", "Real", "Integral"):
        kinds = {"Integral": ("int", "bool"), "Real": ("int", "bool", "float")}
        return kind in kinds.get(name, ("int", "bool", "float", "complex"))
    if name == "Callable":
        return isinstance(obj, (Function, BoundMethod, ClassValue, Partial, LibraryRef))
    text = kind in ("str", "bytes")
    if isinstance(obj, Sequence):
        order = obj.kind in ("list", "tuple", "range")
        exact = {"List": "list", "Tuple": "tuple", "MutableSequence": "list"}
        if name in exact:
            return obj.kind == exact[name]
        return name in _CONTAINERS or (name == "Sequence" and order) or (name == "Set" and "set" in obj.kind)
    if isinstance(obj, DictValue):
        return name in _CONTAINERS or name in ("Mapping", "MutableMapping", "Dict")
    if isinstance(obj, IteratorValue):
        return name in ("Iterable", "Iterator") or (None if name == "Generator" else False)
    if isinstance(obj, RangeValue):
        return name in _CONTAINERS or name == "Sequence"
    if text:
        return name in _CONTAINERS or name in ("Sequence", "Hashable")
    if name == "Hashable":
        return True
    return False if isinstance(obj, (Const, Int, Typed)) else None


@rule("builtins.issubclass")
def issubclass_(cx: Context, cls: Value, classinfo: Value, /) -> Value:
    """Whether a class derives from another."""
    if isinstance(classinfo, Sequence):
        items = classinfo.contents.items(64) or ()
        truths = [cx.truth(issubclass_(cx, cls, one)) for one in items]
        if any(truth.is_yes for truth in truths):
            return const(True)
        return const(False) if all(truth.is_no for truth in truths) and items else Typed("bool")
    if isinstance(cls, ClassValue) and isinstance(classinfo, (ClassValue, LibraryRef)):
        if classinfo in cls.mro:
            return const(True)
        return const(False) if isinstance(classinfo, ClassValue) else Typed("bool")
    if isinstance(cls, LibraryRef) and isinstance(classinfo, LibraryRef):
        bases = REGISTRY.mro(cls.name)
        if cls == classinfo or classinfo.name in bases:
            return const(True)
        if "numpy.generic" in bases and classinfo.name.startswith("numpy."):
            return const(False)  # how the scalar types of NumPy derive from each other is known as a whole
    return Typed("bool")


@rule("builtins.callable")
def callable_(cx: Context, obj: Value, /) -> Value:
    """Whether it can be called."""
    if isinstance(obj, (Function, ClassValue, BoundMethod, Partial)):
        return const(True)
    if isinstance(obj, (Const, Int, Typed, Sequence, DictValue, Array, RangeValue, IteratorValue, ModuleValue)):
        return const(False)
    if isinstance(obj, Instance) and isinstance(obj.cls, ClassValue):
        return const(True) if cx.user_method(obj, "__call__") is not None else Typed("bool")
    if isinstance(obj, LibraryRef) and obj.name.startswith("builtins."):
        return const(callable(getattr(builtins, obj.name.partition(".")[2], None)))
    return Typed("bool")


@rule("builtins.type")
def type_(cx: Context, obj: Value, bases: Value | None = None, namespace: Value | None = None, /) -> Value:
    """The class of an object."""
    if bases is not None:
        return cx.unknown("a class made by type()")
    if isinstance(obj, Instance):
        return obj.cls
    shown = type_name(obj)
    if shown in PLAIN_TYPES:
        return LibraryRef(f"builtins.{shown}")
    if isinstance(obj, Array) and shown is not None:
        return LibraryRef({"Tensor": "torch.Tensor", "KerasTensor": "keras.KerasTensor"}.get(shown, shown))
    if isinstance(obj, (RangeValue, Function, SliceValue)):
        return LibraryRef(f"builtins.{shown}")
    return cx.unknown("the type of this")


@rule("builtins.id", "builtins.hash")
def id_(cx: Context, obj: Value, /) -> Value:
    """Some int."""
    return Typed("int")


@rule("builtins.vars")
def vars_(cx: Context, obj: Value | None = None, /) -> Value:
    """The attributes of an object as a dict."""
    if isinstance(obj, Instance):
        entries = {key: value for key, value in obj.fields.items() if _shown(key, value)}
        made = DictValue(entries, None if not obj.fields.get("~open") else cx.unknown("an attribute"))
        made.fields["~attributes of"] = obj
        return made
    return DictValue({}, cx.unknown("a variable"))


def _shown(key: object, value: object) -> bool:
    return isinstance(value, Value) and isinstance(key, str) and not key.startswith("~")


@rule("builtins.locals")
def locals_(cx: Context) -> Value:
    """The variables of a function by name; what a module or a class body holds may be changed through it."""
    scope: Scope | None = cx.scope()
    while scope is not None and scope.kind == "comprehension":
        scope = scope.parent
    if scope is None or scope.kind != "function":
        return globals_(cx)
    return DictValue({key: value for key, value in scope.fields.items() if _shown(key, value)})


@rule("builtins.globals")
def globals_(cx: Context) -> Value:
    """Some dict of variables."""
    return DictValue({}, cx.unknown("a variable"))


@rule("builtins.dir")
def dir_(cx: Context, obj: Value | None = None, /) -> Value:
    """Names."""
    return typed_list(cx, Typed("str"))


@rule("builtins.object.__init__", "builtins.object.__init_subclass__")
def object_init(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """Nothing happens."""
    return none()


@rule("builtins.object")
def object_(cx: Context) -> Value:
    """A plain object."""
    return Instance(LibraryRef("builtins.object"))


# -- input and output


@rule("builtins.print")
def print_(
    cx: Context,
    *args: Value,
    sep: Value | None = None,
    end: Value | None = None,
    file: Value | None = None,
    flush: Value | None = None,
) -> Value:
    """Nothing comes back. A file in memory then holds what is not known here."""
    if file is not None:
        put(cx, file, None)
    return none()


@rule("builtins.input")
def input_(cx: Context, prompt: Value | None = None, /) -> Value:
    """A line that somebody types."""
    return Typed("str")


@rule("builtins.open", "io.open", "codecs.open")
def open_(
    cx: Context,
    file: Value,
    mode: Value | None = None,
    buffering: Value | None = None,
    encoding: Value | None = None,
    errors: Value | None = None,
    newline: Value | None = None,
    closefd: Value | None = None,
    opener: Value | None = None,
) -> Value:
    """A file of text or bytes."""
    text = as_str(mode) if mode is not None else "r"
    binary = text is not None and "b" in text
    return opened(cx, "io.BufferedReader" if binary else "io.TextIOWrapper", file, text)


@rule("builtins.exec", "builtins.eval")
def exec_(
    cx: Context, source: Value, globals: Value | None = None, locals: Value | None = None, **kwargs: Value
) -> Value:
    """What it leaves in the dicts that it is given is not known."""
    for names in (globals, locals):
        if isinstance(names, DictValue):
            cx.set(names, "rest", cx.unknown("it was set by text that is run"))
    return cx.unknown("it is evaluated from text at run time")


@rule("builtins.compile", "builtins.__import__")
def eval_(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Code that is made at run time is not followed."""
    return cx.unknown("it is evaluated from text at run time")


@rule("builtins.breakpoint", "builtins.help")
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Nothing comes back."""
    return none()


@rule("builtins.property", "builtins.staticmethod", "builtins.classmethod")
def descriptor(cx: Context, function: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """Decorators that the interpreter knows; called by hand they are not followed."""
    return cx.unknown("a descriptor made by a call")


def one_of(cx: Context, value: Value) -> Value:
    """Some element."""
    return any_element(cx, elements_or_unknown(cx, value, "iteration"))


def pair(first: Value, second: Value) -> Value:
    """A tuple of two."""
    return sequence("tuple", (first, second))
