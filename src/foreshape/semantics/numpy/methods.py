"""Attributes and the remaining methods of arrays: shape, dtype, T, astype, item, tolist, copy, fill, view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run, objects_in
from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.values import (
    Array,
    ClassValue,
    Const,
    LibraryRef,
    Sequence,
    Typed,
    Unknown,
    Value,
    int_value,
)
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.conversion import cast, check_dtype
from foreshape.semantics.numpy.dtypes import SIZES, dtype_argument, dtype_value, kind_of, text_length
from foreshape.semantics.numpy.indexing import getitem
from foreshape.semantics.numpy.reshaping import permuted
from foreshape.semantics.numpy.support import (
    given,
    invalid,
    is_scalar,
    is_text,
    keeps,
    listed,
    made,
    resolved,
    total,
    type_fault,
)
from foreshape.semantics.registry import attribute, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("numpy.ndarray")
library_type("numpy.flatiter")
ARRAY_CLASSES: Final = ("chararray", "recarray", "matrix", "MaskedArray", "memmap", "ndarray")
"""A view as one of these has methods of its own."""


def _array(value: Value) -> Array:
    """The array; of an object whose class derives from it, only that it is one is known."""
    return value if isinstance(value, Array) else made(None, None)


# -- attributes -------------------------------------------------------------------------------------------------------
@attribute("numpy.ndarray.shape")
def shape(cx: Context, self: Value) -> Value:
    """A tuple of ints."""
    array = _array(self)
    if array.shape is None:
        return cx.unknown("the shape of this array is not known")
    return listed("tuple", [int_value(size) for size in resolved(cx, array.shape)])


@attribute("numpy.ndarray.ndim")
def ndim(cx: Context, self: Value) -> Value:
    array = _array(self)
    return Typed("int", lo=0) if array.shape is None else Const(len(array.shape))


@attribute("numpy.ndarray.size")
def size(cx: Context, self: Value) -> Value:
    array = _array(self)
    return Typed("int", lo=0) if array.shape is None else int_value(total(resolved(cx, array.shape)))


@attribute("numpy.ndarray.dtype")
def dtype(cx: Context, self: Value) -> Value:
    return dtype_value(_array(self).dtype)


@attribute("numpy.ndarray.itemsize")
def itemsize(cx: Context, self: Value) -> Value:
    width = item_width(_array(self).dtype)
    return Typed("int", lo=0) if width is None else Const(width)


def item_width(name: str | None) -> int | None:
    """The number of bytes of one element."""
    if name in SIZES:
        return SIZES[name or ""][1] // 8
    length = text_length(name or "")
    if length is not None:
        return length * 4 if kind_of(name) == "U" else length
    return {"O": 8, "M": 8, "m": 8}.get(kind_of(name))


@attribute("numpy.ndarray.nbytes")
def nbytes(cx: Context, self: Value) -> Value:
    array = _array(self)
    width = item_width(array.dtype)
    if array.shape is None or width is None:
        return Typed("int", lo=0)
    return int_value(total(resolved(cx, array.shape)) * width)


@attribute("numpy.ndarray.T")
def transposed(cx: Context, self: Value) -> Value:
    """The axes reversed."""
    array = _array(self)
    if array.shape is None:
        return made(None, array.dtype, array.lo, array.hi)
    return permuted(array, tuple(reversed(range(len(array.shape)))))


@attribute("numpy.ndarray.mT", since="2")
def matrix_transposed(cx: Context, self: Value) -> Value:
    return cx.rule("numpy.matrix_transpose", self)


@attribute("numpy.ndarray.real", "numpy.ndarray.imag")
def real(cx: Context, self: Value) -> Value:
    array = _array(self)
    name = {"complex64": "float32", "complex128": "float64"}.get(array.dtype or "", array.dtype)
    return made(array.shape, name, roles=array.roles)


FLAT: Final = {"flat": True}
"""``meta`` of what ``flat`` gives."""


@attribute("numpy.ndarray.flat")
def flat(cx: Context, self: Value) -> Value:
    """All elements in order. It is an iterator that is indexed like an array of one axis."""
    array = _array(self)
    if array.shape is None:
        return keeps(array, (cx.fresh(lo=0),), meta=FLAT)
    return keeps(array, (total(resolved(cx, array.shape)),), data=array.data, meta=FLAT)


@attribute("numpy.ndarray.strides")
def strides(cx: Context, self: Value) -> Value:
    array = _array(self)
    if array.shape is None:
        return cx.unknown("the strides are not known")
    return listed("tuple", [Typed("int") for _ in array.shape])


@attribute("numpy.ndarray.base", "numpy.ndarray.data", "numpy.ndarray.flags", "numpy.ndarray.ctypes",
           "numpy.ndarray.__array_interface__", "numpy.ndarray.device")  # fmt: skip
def opaque(cx: Context, self: Value) -> Value:
    return cx.unknown("this attribute of an array is not modelled")


@rule("numpy.ndarray.__setattr__")
def setattr_(cx: Context, self: Value, name: Value, value: Value) -> Value:
    """``x.shape = ...`` has to keep the number of elements; with another dtype there may be more or fewer."""
    if isinstance(name, Const) and name.value == "dtype" and isinstance(self, Array):
        cx.rebind(self, made(None, None))
    if isinstance(name, Const) and name.value == "shape" and isinstance(self, Array):
        found = cx.rule("numpy.reshape", self, value)
        if isinstance(found, Array):
            cx.rebind(self, found)
    return Const(None)


# -- casts and copies -------------------------------------------------------------------------------------------------
@rule("numpy.ndarray.astype", doc="https://numpy.org/doc/stable/reference/generated/numpy.ndarray.astype.html")
def astype(
    cx: Context, self: Value, dtype: Value, order: Value | None = None, casting: Value | None = None,
    subok: Value | None = None, copy: Value | None = None,
) -> Value:  # fmt: skip
    """The same shape. ValueError for text that is no number."""
    array = _array(self)
    check_dtype(cx, dtype)
    wanted = dtype_argument(cx, dtype, array.dtype)
    found = cast(cx, array, wanted, self)
    if kind_of(wanted) in ("i", "u") and kind_of(array.dtype) == "f":
        from foreshape.semantics.notes.cut_off import note_cut_off

        note_cut_off(cx, self, wanted or "int64", "astype")
    return (
        found if found is not array else keeps(array, array.shape, roles=array.roles, data=array.data, meta=array.meta)
    )


@rule("numpy.astype", since="2.1", doc="https://numpy.org/doc/stable/reference/generated/numpy.astype.html")
def astype_function(
    cx: Context, x: Value, dtype: Value, /, *, copy: Value | None = None, device: Value | None = None
) -> Value:
    array = as_array(cx, x)
    return array if isinstance(array, Unknown) else cast(cx, array, dtype_argument(cx, dtype, array.dtype), x)


@rule("numpy.ndarray.copy", "numpy.ndarray.__copy__", "numpy.ndarray.__deepcopy__")
def copy(cx: Context, self: Value, order: Value | None = None) -> Value:
    array = _array(self)
    return keeps(array, array.shape, roles=array.roles, data=array.data, meta=array.meta)


@rule("numpy.ndarray.view")
def view(cx: Context, self: Value, dtype: Value | None = None, type: Value | None = None) -> Value:
    """The same bytes: with another item size the last axis changes."""
    array = _array(self)
    named = dtype.name if isinstance(dtype, LibraryRef) else ""
    other = named.rpartition(".")[2] in ARRAY_CLASSES or not named.startswith(("numpy.", "builtins."))
    if given(type) or isinstance(dtype, ClassValue) or (named and other):
        return cx.unknown("a view as another class of arrays is not modelled")
    if not given(dtype):
        return copy(cx, self)
    name = dtype_argument(cx, dtype, array.dtype)
    before, after = item_width(array.dtype), item_width(name)
    if array.shape is None or before is None or after is None:
        return made(None, name)
    if before == after or not array.shape:
        return made(array.shape, name)
    last = array.shape[-1] * before
    if not cx.equal(last, after * (last // after)):
        text = (
            "When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis "
            "of the array."
        )
        raise invalid("dtype", name, text, self)
    return made((*array.shape[:-1], last // after), name)


@rule("numpy.ndarray.byteswap")
def byteswap(cx: Context, self: Value, inplace: Value | None = None) -> Value:
    return copy(cx, self)


@rule("numpy.ndarray.conj", "numpy.ndarray.conjugate")
def conj(cx: Context, self: Value, out: Value | None = None, /) -> Value:
    return copy(cx, self)


@rule("numpy.ndarray.fill")
def fill(cx: Context, self: Value, value: Value) -> Value:
    array = _array(self)
    changed = cast(cx, found, array.dtype, value) if isinstance(found := as_array(cx, value), Array) else made((), None)
    cx.rebind(array, made(array.shape, array.dtype, changed.lo, changed.hi, roles=array.roles))
    return Const(None)


@rule("numpy.ndarray.setflags")
def setflags(
    cx: Context, self: Value, write: Value | None = None, align: Value | None = None, uic: Value | None = None
) -> Value:
    return Const(None)


@rule("numpy.ndarray.tofile", "numpy.ndarray.dump")
def tofile(cx: Context, self: Value, fid: Value, sep: Value | None = None, format: Value | None = None) -> Value:
    return Const(None)


@rule("numpy.ndarray.tobytes", "numpy.ndarray.dumps")
def tobytes(cx: Context, self: Value, order: Value | None = None) -> Value:
    """As many bytes as its elements take."""
    array = _array(self)
    width = SIZES.get(array.dtype or "", ("", 0))[1] // 8
    if array.shape is None or not width:
        return Typed("bytes")
    size: DimLike = width
    for axis in array.shape:
        size = size * axis
    return Typed("bytes", length=size)


@rule("numpy.ndarray.tostring", until="2.3")
def tostring(cx: Context, self: Value, order: Value | None = None) -> Value:
    return Typed("bytes")


@rule("numpy.ndarray.getfield", "numpy.ndarray.setfield")
def getfield(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("fields of structured arrays are not modelled")


@rule("numpy.ndarray.__array__")
def array_method(cx: Context, self: Value, dtype: Value | None = None, *, copy: Value | None = None) -> Value:
    array = _array(self)
    return cast(cx, array, dtype_argument(cx, dtype, array.dtype), self) if given(dtype) else self


# -- Python values ----------------------------------------------------------------------------------------------------
def python_scalar(array: Array) -> Value:
    """The Python number (or text) that an array with one element holds."""
    if array.data is not None and len(array.data) == 1:
        item = array.data[0]
        return int_value(item) if isinstance(item, (Dim,)) else Const(item)
    kind = {"b": "bool", "i": "int", "u": "int", "f": "float", "c": "complex", "U": "str", "S": "bytes"}.get(
        kind_of(array.dtype)
    )
    if kind is None:
        return Unknown("its dtype is not known")
    if kind == "int" and array.lo is not None and array.lo == array.hi and isinstance(array.lo, (int, Dim)):
        return int_value(array.lo)
    if kind in ("int", "float"):
        return Typed(kind, lo=array.lo, hi=array.hi)
    return Typed(kind)


@rule("numpy.ndarray.item")
def item(cx: Context, self: Value, *args: Value) -> Value:
    """A Python number. ValueError where there is more than one element."""
    array = _array(self)
    if args:
        index = args[0] if len(args) == 1 else listed("tuple", args)
        base: Value = self
        if len(args) == 1 and not isinstance(index, Sequence) and array.shape is not None and len(array.shape) != 1:
            base = flat(cx, self)
        found = getitem(cx, base, index)
        return (
            python_scalar(found)
            if isinstance(found, Array) and found.shape == ()
            else Unknown("which item is not known")
        )
    if array.shape is not None:
        count = total(resolved(cx, array.shape))
        if not cx.equal(count, 1):
            from foreshape.faults.scalar_conversion import ScalarConversion

            text = "can only convert an array of size 1 to a Python scalar"
            raise ScalarConversion(
                Raises("ValueError", text, by="numpy"), values=(self,), recover=python_scalar(made((), array.dtype)),
                shape=array.shape, wanted="item",
            )  # fmt: skip
    return python_scalar(array)


@rule("numpy.ndarray.tolist")
def tolist(cx: Context, self: Value) -> Value:
    """Nested lists of Python numbers."""
    array = _array(self)
    if array.shape is None:
        return cx.unknown("the shape of this array is not known")
    if not array.shape:
        return python_scalar(array)
    held = objects_in(array)
    if held is not None:
        return Sequence("list", held)
    first, rest = cx.resolve(array.shape[0]), array.shape[1:]
    if isinstance(first, int) and array.data is not None and first <= 64:
        rows = []
        width = len(array.data) // first if first else 0
        for row in range(first):
            part = made(rest, array.dtype, data=array.data[row * width : (row + 1) * width])
            rows.append(tolist(cx, part))
        return listed("list", rows)
    return Sequence("list", Contents((Run(first, tolist(cx, made(rest, array.dtype, array.lo, array.hi))),)))


@rule("numpy.ndarray.__int__", "numpy.ndarray.__index__")
def int_(cx: Context, self: Value) -> Value:
    found = item(cx, self)
    return found if isinstance(found, Const) else Typed("int")


@rule("numpy.ndarray.__float__")
def float_(cx: Context, self: Value) -> Value:
    return Typed("float", lo=_array(self).lo, hi=_array(self).hi)


@rule("numpy.ndarray.__bool__")
def bool_(cx: Context, self: Value) -> Value:
    """ValueError (ambiguous-truth) for more than one element."""
    from foreshape.domain.dim import ge

    array = _array(self)
    if array.shape is None:
        return Typed("bool")
    count = total(resolved(cx, array.shape))
    if ge(count, 2, cx.facts).is_yes:
        from foreshape.faults.ambiguous_truth import AmbiguousTruth

        text = "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
        raise AmbiguousTruth(
            Raises("ValueError", text, by="numpy"), values=(self,), recover=Typed("bool"), shape=array.shape
        )
    if isinstance(count, int) and count == 0 and not cx.targets.at_least("numpy", "2.2"):
        return Const(False)
    if isinstance(count, int) and count == 0:
        text = (
            "The truth value of an empty array is ambiguous. Use `array.size > 0` to check that an array is not empty."
        )
        raise invalid("array", "empty", text, self, recover=Const(False))
    if array.data is not None and len(array.data) == 1 and not isinstance(array.data[0], Dim):
        return Const(bool(array.data[0]))
    if array.lo is not None and isinstance(array.lo, (int, float)) and isinstance(array.hi, (int, float)):
        if array.lo > 0 or array.hi < 0:
            return Const(True)
        if array.lo == array.hi == 0:
            return Const(False)
    return Typed("bool")


@rule("numpy.ndarray.__iter__")
def iterate(cx: Context, self: Value) -> Value:
    """Only what has no axes comes here: it cannot be iterated over."""
    array = _array(self)
    if is_text(array) or array.dtype is None:
        return cx.unknown("it is a text, or may be one")
    if array.shape == ():
        text = f"'numpy.{array.dtype}' object is not iterable" if is_scalar(array) else "iteration over a 0-d array"
        raise type_fault(text, "iteration", self, types=("numpy.ndarray",), recover=cx.unknown("it has no elements"))
    return cx.unknown("the shape of this array is not known")


ELSEWHERE: Final = (
    # of lists
    "append", "extend", "insert", "remove", "pop", "index", "count", "reverse", "len", "length", "add", "update",
    "keys", "values",
    "items", "get", "split", "join", "lower", "upper", "strip", "format",
    # of tensors
    "numpy", "detach", "cpu", "cuda", "to", "unsqueeze", "permute", "backward", "requires_grad", "requires_grad_",
    "float",
    "long", "int", "double", "half", "abs", "sqrt", "exp", "log", "pow", "mul", "matmul", "mm", "bmm", "expand",
    "get_shape", "eval",
    "set_shape", "norm", "contiguous", "grad", "cat", "concat", "concatenate", "stack", "expand_dims", "median",
    "unique", "pad",
    "tile", "flip", "roll", "where", "isnan", "floor", "ceil", "shuffle", "batch", "map", "dim",
    # of data frames
    "iloc", "loc", "columns", "head", "tail", "drop", "dropna", "fillna", "isnull", "isna", "notnull", "to_numpy",
    "apply",
    "groupby", "plot", "merge", "describe", "info", "value_counts", "to_csv", "iterrows", "sample", "sort_values",
    "reset_index",
    "to_list", "toarray", "todense", "nunique", "hist", "corr",
)  # fmt: skip
"""What lists, tensors and data frames have, but arrays do not: looking it up raises AttributeError."""


def _absent(name: str) -> None:
    def look_up(cx: Context, self: Value) -> Value:
        from foreshape.faults.missing_attribute import MissingAttribute

        array = _array(self)
        if "maybe_sparse" in array.meta or "flat" in array.meta or (array.shape is None and array.dtype is None):
            return cx.unknown("it may be a sparse matrix or an array of another class")
        if is_text(array):
            return cx.unknown("what strings can is not modelled here")
        owner = f"numpy.{array.dtype}" if is_scalar(array) and array.dtype in SIZES else "numpy.ndarray"
        raise MissingAttribute(
            Raises("AttributeError", f"'{owner}' object has no attribute '{name}'", by="numpy"), values=(self,),
            recover=cx.unknown(f"arrays have no {name}"), owner=owner, attribute=name,
        )  # fmt: skip

    attribute(f"numpy.ndarray.{name}")(look_up)


for _name in ELSEWHERE:
    _absent(_name)


@rule("numpy.ndarray.__contains__")
def contains(cx: Context, self: Value, key: Value) -> Value:
    array = _array(self)
    if array.data is not None and isinstance(key, Const) and not any(isinstance(x, Dim) for x in array.data):
        return Const(key.value in array.data)
    return Typed("bool")


@rule("numpy.ndarray.__round__")
def round_(cx: Context, self: Value, ndigits: Value | None = None) -> Value:
    return cx.rule("numpy.round", self, *([ndigits] if ndigits is not None else []))


@rule("numpy.ndarray.__format__", "numpy.ndarray.__str__", "numpy.ndarray.__repr__")
def text(cx: Context, self: Value, *args: Value) -> Value:
    return Typed("str")


@rule("numpy.ndarray.is_integer")
def is_integer(cx: Context, self: Value) -> Value:
    return Typed("bool")
