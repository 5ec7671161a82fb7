"""Dtypes by name: what a dtype argument means, how dtypes combine, what a dtype can hold.

A dtype is its NumPy name ("float32", "int64", "bool", "object"); text is "<U5" or, of unknown length, "str".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import Dim, lower, upper
from foreshape.domain.values import (
    Array,
    Bound,
    Const,
    DictValue,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    Typed,
    Value,
    is_none,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SIZES: Final = {
    "bool": ("b", 8), "int8": ("i", 8), "int16": ("i", 16), "int32": ("i", 32), "int64": ("i", 64),
    "uint8": ("u", 8), "uint16": ("u", 16), "uint32": ("u", 32), "uint64": ("u", 64),
    "float16": ("f", 16), "float32": ("f", 32), "float64": ("f", 64), "float128": ("f", 128),
    "complex64": ("c", 64), "complex128": ("c", 128), "complex256": ("c", 256),
}  # fmt: skip
"""Kind and number of bits of the numeric dtypes."""

NAMES: Final = {
    **{name: name for name in SIZES},
    "?": "bool", "b1": "bool", "bool_": "bool", "bool8": "bool",
    "b": "int8", "i1": "int8", "byte": "int8", "h": "int16", "i2": "int16", "short": "int16",
    "i": "int32", "i4": "int32", "intc": "int32", "l": "int64", "i8": "int64", "q": "int64", "p": "int64", "n": "int64",
    "int": "int64", "int_": "int64", "intp": "int64", "long": "int64", "longlong": "int64",
    "B": "uint8", "u1": "uint8", "ubyte": "uint8", "H": "uint16", "u2": "uint16", "ushort": "uint16",
    "I": "uint32", "u4": "uint32", "uintc": "uint32", "L": "uint64", "u8": "uint64", "Q": "uint64", "P": "uint64",
    "N": "uint64", "uint": "uint64", "uintp": "uint64", "ulong": "uint64", "ulonglong": "uint64",
    "e": "float16", "f2": "float16", "half": "float16", "f": "float32", "f4": "float32", "single": "float32",
    "d": "float64", "f8": "float64", "double": "float64", "float": "float64", "float_": "float64",
    "g": "float128", "f16": "float128", "longdouble": "float128", "longfloat": "float128",
    "F": "complex64", "c8": "complex64", "csingle": "complex64", "singlecomplex": "complex64",
    "D": "complex128", "c16": "complex128", "cdouble": "complex128", "complex": "complex128", "cfloat": "complex128",
    "complex_": "complex128", "G": "complex256", "c32": "complex256", "clongdouble": "complex256",
    "longcomplex": "complex256", "clongfloat": "complex256",
    "O": "object", "object": "object", "object_": "object", "object0": "object", "bfloat16": "bfloat16",
    "U": "str", "str": "str", "str_": "str", "unicode_": "str", "unicode": "str",
    "S": "bytes", "a": "bytes", "bytes": "bytes", "bytes_": "bytes", "string_": "bytes",
    "M": "datetime64", "M8": "datetime64", "datetime64": "datetime64",
    "m": "timedelta64", "m8": "timedelta64", "timedelta64": "timedelta64", "V": "void", "void": "void",
}  # fmt: skip
"""Every spelling of a dtype."""

CLASSES: Final = (
    "bool", "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32",
    "float64", "float128", "longdouble", "complex64", "complex128", "complex256", "clongdouble", "byte", "short",
    "intc",
    "int_", "intp", "long", "longlong", "ubyte", "ushort", "uintc", "uint", "uintp", "ulong", "ulonglong", "half",
    "single",
    "double", "csingle", "cdouble", "str_", "bytes_", "object_", "datetime64", "timedelta64", "void",
)  # fmt: skip
"""Names of scalar types under ``numpy``."""

TEXT_WIDTH: Final = {
    "bool": 5, "int8": 4, "int16": 6, "int32": 11, "int64": 21, "uint8": 3, "uint16": 5, "uint32": 10, "uint64": 20,
    "float16": 32, "float32": 32, "float64": 32, "float128": 48, "complex64": 64, "complex128": 64,
}  # fmt: skip
"""How many characters numbers take as text."""


def kind_of(dtype: str | None) -> str:
    """The kind as NumPy writes it: "b", "i", "u", "f", "c", "O", "U", "S", "M", "m", "V"; "" where not known."""
    if dtype is None:
        return ""
    found = SIZES.get(dtype)
    if found is not None:
        return found[0]
    if dtype.startswith("<U") or dtype == "str":
        return "U"
    if dtype.startswith("|S") or dtype == "bytes":
        return "S"
    if dtype.startswith("datetime64"):
        return "M"
    if dtype.startswith("timedelta64"):
        return "m"
    return {"object": "O", "bfloat16": "V", "void": "V"}.get(dtype, "V")


def is_number(dtype: str | None) -> bool:
    return dtype in SIZES


def is_integer(dtype: str | None) -> bool:
    return kind_of(dtype) in ("i", "u")


def text_dtype(length: int) -> str:
    return f"<U{max(length, 1)}"


def text_length(dtype: str) -> int | None:
    """The length of a text dtype."""
    return int(dtype[2:]) if dtype[:2] in ("<U", "|S") and dtype[2:].isdigit() else None


def parse_text(text: str) -> str | None:
    """The dtype that a string names, None where it names none that is known here."""
    found = NAMES.get(text)
    if found is not None:
        return found
    stripped = text.lstrip("<>=|")
    found = NAMES.get(stripped)
    if found is not None and stripped not in ("int", "float"):
        return found
    if stripped[:1] in ("U", "S") and stripped[1:].isdigit():
        if stripped[1:] == "0":
            return "str" if stripped[0] == "U" else "bytes"
        return f"<U{stripped[1:]}" if stripped[0] == "U" else f"|S{stripped[1:]}"
    if stripped[:1] == "V" and stripped[1:].isdigit():
        return "void"
    if stripped[:1] == "a" and stripped[1:].isdigit():
        return f"|S{stripped[1:]}"
    for prefix, name in (("datetime64[", "datetime64["), ("M8[", "datetime64["), ("timedelta64[", "timedelta64["),
                         ("m8[", "timedelta64[")):  # fmt: skip
        if stripped.startswith(prefix) and stripped.endswith("]"):
            return name + stripped[len(prefix) :]
    return None


PYTHON_TYPES: Final = {
    "builtins.float": "float64", "builtins.int": "int64", "builtins.bool": "bool", "builtins.complex": "complex128",
    "builtins.str": "str", "builtins.bytes": "bytes", "builtins.object": "object", "builtins.list": "object",
    "builtins.dict": "object", "builtins.tuple": "object",
}  # fmt: skip


def dtype_name(cx: Context, value: Value) -> str | None:
    """The dtype that a value names (a scalar type, a dtype object, a string, a Python type); None where not known."""
    if isinstance(value, LibraryRef):
        if value.name in PYTHON_TYPES:
            return PYTHON_TYPES[value.name]
        library, _, name = value.name.rpartition(".")
        return NAMES.get(name) if library == "numpy" else None
    if isinstance(value, Const) and isinstance(value.value, str):
        return "void" if "," in value.value else parse_text(value.value)
    if isinstance(value, (Sequence, DictValue)):
        return "void"
    if isinstance(value, Const) and value.value is None:
        return "float64"
    if isinstance(value, Instance):
        if value.library_type == "numpy.dtype":
            found = value.fields.get("~dtype")
            return found if isinstance(found, str) else None
        inner = value.fields.get("dtype")
        return dtype_name(cx, inner) if isinstance(inner, (LibraryRef, Instance)) else None
    return None


def dtype_argument(cx: Context, value: Value | None, default: str | None) -> str | None:
    """The dtype of a ``dtype=`` argument: the default where it is not given, None where it is not known. TypeError for
    a number (``np.zeros(2, 3)``), a list of numbers (``np.array([1, 2], [3, 4])``) and a name that is none."""
    if value is None or is_none(value):
        return default
    message = _no_dtype(value)
    if message:
        from foreshape.semantics.numpy.support import invalid

        raise invalid("dtype", cx.text(value), message, value, exception="TypeError")
    return dtype_name(cx, value)


_STEMS: Final = frozenset(name.rstrip("0123456789") for name in NAMES)


def _no_dtype(value: Value) -> str:
    """What NumPy says of something that certainly is no dtype; "" for all else."""
    if isinstance(value, Const) and isinstance(value.value, str):
        stem = value.value.rstrip("0123456789")
        plain = len(stem) > 2 and stem.isascii() and stem.isalpha() and stem.islower()
        return f"data type '{value.value}' not understood" if plain and stem not in _STEMS else ""
    first = value
    if isinstance(value, Sequence) and value.kind in ("list", "tuple"):
        items = value.contents.items()
        first = items[0] if items else value
    if not _is_number(first):
        return ""
    shown = first.value if isinstance(first, Const) else "a number"
    if isinstance(value, Sequence) and value.kind == "list":
        return f"Field elements must be 2- or 3-tuples, got '{shown}'"
    return f"Cannot interpret '{shown}' as a data type"


def _is_number(value: Value) -> bool:
    if isinstance(value, Const):
        return isinstance(value.value, (int, float))
    return isinstance(value, Int) or (isinstance(value, Typed) and value.kind in ("int", "float"))


def dtype_value(dtype: str | None) -> Instance:
    """The ``numpy.dtype`` object of a name (None: a dtype that is not known)."""
    return Instance(LibraryRef("numpy.dtype"), {"~dtype": dtype})


# Combining


def _integer_of(bits: int, signed: bool) -> str:
    return f"{'' if signed else 'u'}int{bits}"


def promote(a: str | None, b: str | None) -> str | None:
    """``np.promote_types``; None where one is not known or there is no common dtype."""
    if a is None or b is None:
        return None
    if a == b:
        return a
    if "object" in (a, b):
        return "object"
    found_a, found_b = SIZES.get(a), SIZES.get(b)
    if found_a is None or found_b is None:
        return _promote_text(a, b)
    (kind_a, bits_a), (kind_b, bits_b) = found_a, found_b
    if kind_a == "b":
        return b
    if kind_b == "b":
        return a
    if kind_a == kind_b:
        return a if bits_a >= bits_b else b
    if {kind_a, kind_b} == {"i", "u"}:
        signed, unsigned = (bits_a, bits_b) if kind_a == "i" else (bits_b, bits_a)
        if signed > unsigned:
            return _integer_of(signed, True)
        return _integer_of(unsigned * 2, True) if unsigned < 64 else "float64"
    need_a, need_b = _float_bits(kind_a, bits_a), _float_bits(kind_b, bits_b)
    bits = max(need_a, need_b)
    if "c" in (kind_a, kind_b):
        return f"complex{2 * max(bits, 32)}"
    return f"float{bits}"


def _float_bits(kind: str, bits: int) -> int:
    """How many bits a float needs to hold it."""
    if kind == "f":
        return bits
    if kind == "c":
        return bits // 2
    return {8: 16, 16: 32}.get(bits, 64)


def _promote_text(a: str, b: str) -> str | None:
    kinds = {kind_of(a), kind_of(b)}
    if not kinds <= {"U", "S", "b", "i", "u", "f", "c"} or not kinds & {"U", "S"}:
        return None
    widths = [text_length(d) if kind_of(d) in ("U", "S") else TEXT_WIDTH.get(d) for d in (a, b)]
    if "U" not in kinds:
        return "bytes" if None in widths else f"|S{max(w for w in widths if w is not None)}"
    return "str" if None in widths else f"<U{max(w for w in widths if w is not None)}"


def weak_kind(value: Value) -> str | None:
    """ "int", "float" or "complex" for a Python number, whose dtype gives way to that of an array; None otherwise."""
    if isinstance(value, Int):
        return "int"
    if isinstance(value, Typed):
        return value.kind if value.kind in ("int", "float", "complex") else None
    if isinstance(value, Const):
        kind = type(value.value)
        return {int: "int", float: "float", complex: "complex"}.get(kind)
    return None


WEAK_DEFAULT: Final = {"int": "int64", "float": "float64", "complex": "complex128"}


def with_weak(dtype: str | None, weak: str) -> str | None:
    """The common dtype of an array and a Python number."""
    kind = kind_of(dtype)
    if dtype is None:
        return None
    if weak == "int":
        return "int64" if kind == "b" else promote(dtype, "int64") if kind in ("U", "S") else dtype
    if weak == "float":
        if kind in ("U", "S"):
            return promote(dtype, "float64")
        return "float64" if kind in ("b", "i", "u") else dtype
    if kind in ("b", "i", "u"):
        return "complex128"
    return {"float16": "complex64", "float32": "complex64", "float64": "complex128", "float128": "complex256"}.get(
        dtype, dtype
    )


def common_dtype(cx: Context, operands: list[tuple[str | None, str | None, bool]]) -> str | None:
    """``np.result_type`` of operands given as (dtype, weak kind of a Python number or None, whether it has no axes)."""
    if not cx.targets.at_least("numpy", "2"):
        return _common_dtype_1(operands)
    strong = [dtype for dtype, weak, _ in operands if weak is None]
    weaks = [weak for _, weak, _ in operands if weak is not None]
    result: str | None = None
    for position, dtype in enumerate(strong):
        result = dtype if position == 0 else promote(result, dtype)
        if result is None:
            return None
    for weak in weaks:
        result = WEAK_DEFAULT[weak] if result is None else with_weak(result, weak)
        if result is None:
            return None
    return result


_ORDER: Final = {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}


def _common_dtype_1(operands: list[tuple[str | None, str | None, bool]]) -> str | None:
    """NumPy 1: what has no axes gives way to what has axes, unless it is of a higher kind."""
    full = [WEAK_DEFAULT[weak] if weak is not None else dtype for dtype, weak, _ in operands]
    scalars = [bool(weak) or flat for _, weak, flat in operands]
    if any(dtype is None or dtype not in SIZES for dtype in full) or all(scalars) or not any(scalars):
        result = full[0] if full else None
        for dtype in full[1:]:
            result = promote(result, dtype)
        return result
    arrays = [dtype for dtype, flat in zip(full, scalars) if not flat]
    result = arrays[0]
    for dtype in arrays[1:]:
        result = promote(result, dtype)
    for dtype, flat in zip(full, scalars):
        if flat and _ORDER[kind_of(dtype)] > _ORDER.get(kind_of(result), 9):
            # the smallest dtype of that kind would do; its size is then decided by the array
            smallest = {"f": "float16", "c": "complex64"}.get(kind_of(dtype), dtype)
            result = promote(result, smallest)
    return result


def operand(array: Array, value: Value | None = None) -> tuple[str | None, str | None, bool]:
    """An operand for :func:`common_dtype`; ``value`` is what the program wrote."""
    return array.dtype, None if value is None else weak_kind(value), array.shape == ()


def mean_dtype(dtype: str | None) -> str | None:
    """The dtype of a mean: integers give float64."""
    return "float64" if kind_of(dtype) in ("b", "i", "u") else dtype


# Ranges


def integer_range(dtype: str | None) -> tuple[int, int] | None:
    """The smallest and largest value of an integer dtype (or bool)."""
    found = SIZES.get(dtype or "")
    if found is None:
        return None
    kind, bits = found
    if kind == "b":
        return 0, 1
    if kind == "u":
        return 0, 2**bits - 1
    return (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if kind == "i" else None


def bound_low(bound: Bound) -> float | int | None:
    """A number that is certainly not above the bound."""
    return lower(bound) if isinstance(bound, Dim) else bound


def bound_high(bound: Bound) -> float | int | None:
    """A number that is certainly not below the bound."""
    return upper(bound) if isinstance(bound, Dim) else bound


def casts(source: str | None, target: str | None, rule: str) -> bool | None:
    """Whether a cast is allowed by "same_kind", "safe", "equiv", "no" or "unsafe"; None where not known."""
    if rule == "unsafe" or source == target:
        return True
    if source is None or target is None or source not in SIZES or target not in SIZES:
        return None
    if rule in ("no", "equiv"):
        return False
    if promote(source, target) == target:
        return True
    if rule == "safe":
        return False
    a, b = kind_of(source), kind_of(target)
    if a == "i" and b == "u":
        return False
    return _ORDER[a] <= _ORDER[b] and (a != "b" or b != "b")
