"""Scalar types, dtype objects and what is known about them; vectorize, poly1d, contexts, iterators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import product
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    IteratorValue,
    LibraryRef,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_str,
    int_value,
    is_none,
)
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.conversion import cast, check_dtype, from_value
from foreshape.semantics.numpy.dtypes import (
    CLASSES,
    NAMES,
    casts,
    common_dtype,
    dtype_name,
    dtype_value,
    integer_range,
    kind_of,
    operand,
    promote,
)
from foreshape.semantics.numpy.elementwise import broadcast
from foreshape.semantics.numpy.methods import item_width
from foreshape.semantics.numpy.support import given, listed, made, shape_argument
from foreshape.semantics.registry import REGISTRY, Rule, attribute, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

# -- scalar types -----------------------------------------------------------------------------------------------------
library_type("numpy.generic")
library_type("numpy.number", "numpy.generic")
library_type("numpy.integer", "numpy.number")
library_type("numpy.signedinteger", "numpy.integer")
library_type("numpy.unsignedinteger", "numpy.integer")
library_type("numpy.inexact", "numpy.number")
library_type("numpy.floating", "numpy.inexact")
library_type("numpy.complexfloating", "numpy.inexact")
library_type("numpy.flexible", "numpy.generic")
library_type("numpy.character", "numpy.flexible")
PARENTS: Final = {
    "b": "numpy.generic", "i": "numpy.signedinteger", "u": "numpy.unsignedinteger", "f": "numpy.floating",
    "c": "numpy.complexfloating", "U": "numpy.character", "S": "numpy.character", "O": "numpy.generic",
    "M": "numpy.generic", "m": "numpy.signedinteger", "V": "numpy.flexible",
}  # fmt: skip


def _scalar_type(name: str) -> None:
    dtype = NAMES.get(name, name)

    def construct(cx: Context, value: Value | None = None, *args: Value, **kwargs: Value) -> Value:
        if value is None:
            return made((), dtype, data=(0,) if kind_of(dtype) in ("i", "u") else None)
        if kind_of(dtype) in ("M", "m", "V"):
            return made((), dtype)
        if dtype == "object" and isinstance(value, Sequence):
            return made(None, dtype)  # its items may be of any shape
        array = as_array(cx, value)
        if isinstance(array, Unknown):
            return cx.unknown(array.reason)
        if dtype == "object":
            return made(array.shape, dtype) if array.shape else cx.unknown("it is the object that it is given")
        found = cast(cx, array, dtype, value, from_python=not isinstance(value, Array))
        return made(found.shape, found.dtype, found.lo, found.hi, found.data)

    full = f"numpy.{name}"
    library_type(full, PARENTS.get(kind_of(dtype), "numpy.generic"))
    REGISTRY.rules.setdefault(full, []).append(Rule(full, "function", construct, "2" if name == "bool" else "", "", ""))


for _name in CLASSES:
    _scalar_type(_name)


# -- dtype objects ----------------------------------------------------------------------------------------------------
library_type("numpy.dtype")


@rule("numpy.dtype", doc="https://numpy.org/doc/stable/reference/generated/numpy.dtype.html")
def dtype(cx: Context, dtype: Value, align: Value | None = None, copy: Value | None = None, **kwargs: Value) -> Value:
    """A dtype object."""
    check_dtype(cx, dtype)
    return dtype_value(dtype_name(cx, dtype))


def _name_of(value: Value) -> str | None:
    found = value.fields.get("~dtype") if isinstance(value, Instance) else None
    return found if isinstance(found, str) else None


@attribute("numpy.dtype.name")
def dtype_name_attribute(cx: Context, self: Value) -> Value:
    name = _name_of(self)
    if name is None:
        return Typed("str")
    kind = kind_of(name)
    if kind in ("U", "S"):
        width = item_width(name)
        return Typed("str") if width is None else Const(f"{'str' if kind == 'U' else 'bytes'}{width * 8}")
    return Const({"float128": "longdouble"}.get(name, name)) if name != "float128" else Typed("str")


@attribute("numpy.dtype.kind", "numpy.dtype.char", "numpy.dtype.str")
def dtype_kind(cx: Context, self: Value) -> Value:
    return Typed("str")


REGISTRY.rules["numpy.dtype.kind"].clear()


@attribute("numpy.dtype.kind")
def dtype_kind_letter(cx: Context, self: Value) -> Value:
    name = _name_of(self)
    return Typed("str") if name is None else Const(kind_of(name))


@attribute("numpy.dtype.itemsize", "numpy.dtype.alignment")
def dtype_itemsize(cx: Context, self: Value) -> Value:
    width = item_width(_name_of(self))
    return Typed("int", lo=0) if width is None else Const(width)


@attribute("numpy.dtype.type")
def dtype_type(cx: Context, self: Value) -> Value:
    name = _name_of(self)
    if name is None:
        return cx.unknown("the dtype is not known")
    short = {"U": "str_", "S": "bytes_", "O": "object_"}.get(kind_of(name), name)
    return LibraryRef(f"numpy.{short}")


@attribute("numpy.dtype.names", "numpy.dtype.fields", "numpy.dtype.subdtype", "numpy.dtype.byteorder",
"numpy.dtype.descr",
           "numpy.dtype.base", "numpy.dtype.shape", "numpy.dtype.isnative", "numpy.dtype.metadata",
           "numpy.dtype.num")  # fmt: skip
def dtype_other(cx: Context, self: Value) -> Value:
    return cx.unknown("this attribute of a dtype is not modelled")


@rule("numpy.dtype.newbyteorder")
def newbyteorder(cx: Context, self: Value, new_order: Value | None = None) -> Value:
    return self


@rule("numpy.dtype.__binary__")
def dtype_binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value:
    """``==`` and ``!=`` with anything that names a dtype."""
    symbol = as_str(operator)
    if symbol not in ("==", "!="):
        return Typed("bool")
    mine = _name_of(self)
    if is_none(other):
        theirs: str | None = "float64"
    else:
        theirs = dtype_name(cx, other)
        if (
            theirs is None
            and isinstance(other, LibraryRef)
            and other.name.rpartition(".")[0] in ("tensorflow", "torch")
        ):
            return Typed("bool")
    if mine is None or theirs is None or mine in ("str", "bytes") or theirs in ("str", "bytes"):
        return Typed("bool")
    return Const((mine == theirs) == (symbol == "=="))


@rule("numpy.result_type", "numpy.common_type")
def result_type(cx: Context, *arrays_and_dtypes: Value) -> Value:
    operands: list[tuple[str | None, str | None, bool]] = []
    for value in arrays_and_dtypes:
        if isinstance(value, (LibraryRef, Instance)) or as_str(value) is not None:
            operands.append((dtype_name(cx, value), None, False))
        else:
            array = as_array(cx, value)
            operands.append((None, None, False) if isinstance(array, Unknown) else operand(array, value))
    return dtype_value(common_dtype(cx, operands) if operands else None)


@rule("numpy.promote_types")
def promote_types(cx: Context, type1: Value, type2: Value) -> Value:
    return dtype_value(promote(dtype_name(cx, type1), dtype_name(cx, type2)))


@rule("numpy.can_cast")
def can_cast(cx: Context, from_: Value, to: Value, casting: Value | None = None) -> Value:
    source = from_
    before = source.dtype if isinstance(source, Array) else dtype_name(cx, source)
    found = casts(before, dtype_name(cx, to), "safe" if casting is None else as_str(casting) or "?")
    return Typed("bool") if found is None else Const(found)


@rule("numpy.min_scalar_type")
def min_scalar_type(cx: Context, a: Value) -> Value:
    return dtype_value(None)


@rule("numpy.issubdtype", "numpy.isdtype")
def issubdtype(cx: Context, arg1: Value, arg2: Value) -> Value:
    """Whether a dtype is of a kind: ``np.issubdtype(x.dtype, np.floating)``."""
    mine = dtype_name(cx, arg1)
    if mine is None:
        return Typed("bool")
    own = {"U": "str_", "S": "bytes_", "O": "object_"}.get(kind_of(mine), mine)
    if isinstance(arg2, LibraryRef) and REGISTRY.type_of(arg2.name) is not None and arg2.name.startswith("numpy."):
        wanted = dtype_name(cx, arg2)
        if wanted is not None and kind_of(wanted) not in ("U", "S"):
            return Const(wanted == mine)
        return Const(arg2.name in REGISTRY.mro(f"numpy.{own}"))
    theirs = dtype_name(cx, arg2)
    return Typed("bool") if theirs is None or kind_of(theirs) in ("U", "S") else Const(mine == theirs)


# -- results with named fields ----------------------------------------------------------------------------------------
library_type("numpy.NamedResult")
RESULTS: Final = ("EigResult", "EighResult", "QRResult", "SlogdetResult", "SVDResult", "UniqueAllResult",
                  "UniqueCountsResult", "UniqueInverseResult")  # fmt: skip
for _name in RESULTS:
    library_type(f"numpy.{_name}", "numpy.NamedResult")


@rule("numpy.NamedResult.__iter__")
def result_iter(cx: Context, self: Value) -> Value:
    """The fields in order, as the tuple that it is."""
    assert isinstance(self, Instance)
    return listed("tuple", [value for value in self.fields.values() if isinstance(value, Value)])


@rule("numpy.NamedResult.__getitem__")
def result_item(cx: Context, self: Value, index: Value) -> Value:
    return cx.get_item(result_iter(cx, self), index)


@rule("numpy.NamedResult.__len__")
def result_len(cx: Context, self: Value) -> Value:
    assert isinstance(self, Instance)
    return Const(len(self.fields))


# -- limits -----------------------------------------------------------------------------------------------------------
library_type("numpy.finfo")
library_type("numpy.iinfo")
FLOATS: Final = {
    "float16": (65504.0, 0.000977, 6.104e-05, 16, 3), "float32": (3.4028234663852886e38, 1.1920928955078125e-07,
    1.1754943508222875e-38, 32, 6),
    "float64": (1.7976931348623157e308, 2.220446049250313e-16, 2.2250738585072014e-308, 64, 15),
}  # fmt: skip


@rule("numpy.finfo.__init__", "numpy.iinfo.__init__")
def finfo_init(cx: Context, self: Value, dtype: Value) -> Value:
    name = dtype.dtype if isinstance(dtype, Array) else dtype_name(cx, dtype)
    if isinstance(dtype, Const) and isinstance(dtype.value, float):
        name = "float64"
    assert isinstance(self, Instance)
    cx.set(self, "~dtype", name)
    return Const(None)


def _limit(name: str, position: int, sign: int = 1) -> None:
    def get(cx: Context, self: Value) -> Value:
        dtype = {"complex64": "float32", "complex128": "float64"}.get(_name_of(self) or "", _name_of(self))
        if dtype not in FLOATS:
            return made((), dtype)
        value = FLOATS[dtype or ""][position] * sign
        return Const(int(value)) if position >= 3 else made((), dtype, data=(value,))

    attribute(f"numpy.finfo.{name}")(get)


_limit("max", 0)
_limit("min", 0, -1)
_limit("eps", 1)
_limit("resolution", 1)
_limit("tiny", 2)
_limit("smallest_normal", 2)
_limit("bits", 3)
_limit("precision", 4)
for _name in ("epsneg", "smallest_subnormal"):

    @attribute(f"numpy.finfo.{_name}")
    def finfo_other(cx: Context, self: Value) -> Value:
        return made((), _name_of(self))


@attribute("numpy.iinfo.max")
def iinfo_max(cx: Context, self: Value) -> Value:
    found = integer_range(_name_of(self))
    return Typed("int") if found is None else Const(found[1])


@attribute("numpy.iinfo.min")
def iinfo_min(cx: Context, self: Value) -> Value:
    found = integer_range(_name_of(self))
    return Typed("int") if found is None else Const(found[0])


@attribute("numpy.iinfo.bits")
def iinfo_bits(cx: Context, self: Value) -> Value:
    width = item_width(_name_of(self))
    return Typed("int") if width is None else Const(width * 8)


@attribute("numpy.iinfo.dtype", "numpy.finfo.dtype")
def info_dtype(cx: Context, self: Value) -> Value:
    return dtype_value(_name_of(self))


# -- functions of scalars over arrays ---------------------------------------------------------------------------------
library_type("numpy.vectorize")


@rule("numpy.vectorize.__init__")
def vectorize_init(
    cx: Context, self: Value, pyfunc: Value | None = None, otypes: Value | None = None, doc: Value | None = None,
    excluded: Value | None = None, cache: Value | None = None, signature: Value | None = None,
) -> Value:  # fmt: skip
    assert isinstance(self, Instance)
    cx.set(self, "~function", pyfunc)
    cx.set(self, "~plain", not given(signature) and not given(excluded))
    cx.set(self, "~otypes", otypes)
    return Const(None)


@rule("numpy.vectorize.__call__")
def vectorize_call(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """The broadcast shape of the arguments, the dtype of what the function gives for one element."""
    assert isinstance(self, Instance)
    function = self.fields.get("~function")
    if function is None and args:
        cx.set(self, "~function", args[0])  # a decorator that had settings first
        return self
    if not isinstance(function, Value) or not self.fields.get("~plain"):
        return cx.unknown("this vectorized function is not modelled")
    arrays = [as_array(cx, value) for value in (*args, *kwargs.values())]
    full = [array for array in arrays if isinstance(array, Array)]
    if len(full) != len(arrays):
        return cx.unknown("an argument is not known")
    shape = broadcast(cx, "vectorize", full, (*args, *kwargs.values()))
    text = ("U", "S")
    elements: list[Value] = [
        Typed("str") if kind_of(array.dtype) in text else made((), array.dtype, array.lo, array.hi) for array in full
    ]
    one = cx.call(function, elements[: len(args)], dict(zip(kwargs, elements[len(args) :])))
    part = as_array(cx, one)
    if isinstance(part, Unknown) or part.shape != () or isinstance(one, Sequence):
        return made(shape, None) if isinstance(part, Unknown) else cx.unknown("it gives several values")
    return made(shape, None if given(self.fields.get("~otypes")) else part.dtype)


@rule("numpy.frompyfunc")
def frompyfunc(cx: Context, func: Value, /, nin: Value, nout: Value, *, identity: Value | None = None) -> Value:
    return Instance(LibraryRef("numpy.PyUfunc"), {"~outputs": nout})


library_type("numpy.PyUfunc")


@rule("numpy.PyUfunc.__call__")
def pyufunc_call(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    assert isinstance(self, Instance)
    outputs = self.fields.get("~outputs")
    arrays = [as_array(cx, value) for value in args]
    full = [array for array in arrays if isinstance(array, Array)]
    if len(full) != len(arrays) or not (isinstance(outputs, Const) and outputs.value == 1):
        return cx.unknown("this function is not modelled")
    shape = broadcast(cx, "frompyfunc", full, args)
    return cx.unknown("an object") if shape == () else made(shape, "object")


library_type("numpy.poly1d")


@rule("numpy.poly1d.__init__")
def poly1d_init(
    cx: Context, self: Value, c_or_r: Value, r: Value | None = None, variable: Value | None = None
) -> Value:
    assert isinstance(self, Instance)
    cx.set(self, "~coefficients", c_or_r)
    return Const(None)


@rule("numpy.poly1d.__call__")
def poly1d_call(cx: Context, self: Value, val: Value) -> Value:
    found = as_array(cx, val)
    if isinstance(found, Unknown):
        return cx.unknown(found.reason)
    return made(found.shape, None)


@rule("numpy.poly1d.deriv", "numpy.poly1d.integ")
def poly1d_deriv(cx: Context, self: Value, m: Value | None = None, k: Value | None = None) -> Value:
    return Instance(LibraryRef("numpy.poly1d"), {})


# -- iterators and contexts -------------------------------------------------------------------------------------------
@rule("numpy.ndindex")
def ndindex(cx: Context, *shape: Value) -> Value:
    """Tuples of positions."""
    target = shape_argument(cx, shape[0] if len(shape) == 1 else listed("tuple", shape), "ndindex")
    if target is None:
        return cx.unknown("the shape is not known")
    places = listed("tuple", [int_value(cx.fresh(lo=0, hi=size - 1, varying=True)) for size in target])
    return IteratorValue(Contents((Run(product(target), places),)))


@rule("numpy.ndenumerate")
def ndenumerate(cx: Context, arr: Value) -> Value:
    array = as_array(cx, arr)
    if isinstance(array, Unknown) or array.shape is None:
        return cx.unknown("the array is not known")
    places = listed("tuple", [int_value(cx.fresh(lo=0, hi=size - 1, varying=True)) for size in array.shape])
    item = made((), array.dtype, array.lo, array.hi)
    return IteratorValue(Contents((Run(product(array.shape), listed("tuple", (places, item))),)))


@rule("numpy.nditer", "numpy.nested_iters", "numpy.broadcast")
def nditer(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("iterators over arrays are not modelled")


library_type("numpy.errstate")
library_type("numpy.printoptions", "numpy.errstate")


@rule("numpy.errstate.__init__")
def errstate_init(cx: Context, self: Value, **kwargs: Value) -> Value:
    return Const(None)


@rule("numpy.errstate.__enter__")
def errstate_enter(cx: Context, self: Value) -> Value:
    return Const(None)


@rule("numpy.printoptions.__enter__")
def printoptions_enter(cx: Context, self: Value) -> Value:
    return cx.unknown("the options for printing")


@rule("numpy.errstate.__exit__")
def errstate_exit(cx: Context, self: Value, *args: Value) -> Value:
    return Const(None)


# -- text -------------------------------------------------------------------------------------------------------------
SAME_SHAPE: Final = (
    "capitalize", "center", "decode", "encode", "expandtabs", "join", "ljust", "lower", "lstrip", "replace", "rjust",
    "rstrip", "strip", "swapcase", "title", "translate", "upper", "zfill", "add", "multiply", "mod",
)  # fmt: skip
ANSWERS: Final = (
    "isalnum", "isalpha", "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "istitle", "isupper", "startswith",
    "endswith", "equal", "not_equal", "greater", "greater_equal", "less", "less_equal",
)  # fmt: skip
COUNTS: Final = ("count", "find", "index", "rfind", "rindex", "str_len")


def _text_function(name: str, dtype: str | None) -> None:
    def apply(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
        arrays = [as_array(cx, value) for value in (a, *args)]
        full = [array for array in arrays if isinstance(array, Array)]
        if len(full) != len(arrays):
            return cx.unknown("an argument is not known")
        return made(broadcast(cx, name, full, (a, *args)), dtype)

    for module in ("char", "strings"):
        REGISTRY.rules.setdefault(f"numpy.{module}.{name}", []).append(
            Rule(f"numpy.{module}.{name}", "function", apply, "2" if module == "strings" else "", "", "")
        )


for _name in SAME_SHAPE:
    _text_function(_name, None)
for _name in ANSWERS:
    _text_function(_name, "bool")
for _name in COUNTS:
    _text_function(_name, "int64")


@rule("numpy.bmat")
def bmat(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("np.matrix is not modelled")


@rule("numpy.matrix")
def matrix(cx: Context, data: Value, dtype: Value | None = None, copy: Value | None = None) -> Value:
    return cx.unknown("np.matrix is not modelled")


@rule("numpy.ma.array", "numpy.ma.masked_array", "numpy.ma.masked_where", "numpy.ma.masked_invalid")
def masked(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("masked arrays are not modelled")


@rule("numpy.from_dlpack")
def from_dlpack(cx: Context, x: Value, /, *, device: Value | None = None, copy: Value | None = None) -> Value:
    return from_value(cx, x, None, "from_dlpack")


@rule("numpy.busday_count", "numpy.busday_offset", "numpy.is_busday", "numpy.datetime_as_string")
def dates(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("dates are not modelled")
