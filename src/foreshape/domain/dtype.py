"""Element types, as plain strings ("float32"), and what becomes of two of them together.

Every library has its own promotion: NumPy 1 looks at values of scalars, NumPy 2 (NEP 50) and torch know Python numbers
as weak, Keras follows a lattice. A promotion gives None where the library refuses or where it is not known.

Python numbers are written "weak int", "weak float" and "weak complex"; a Python bool is "bool".
Where a result would be weak (only Python numbers went in), it is returned weak: `default_*` makes it an array's dtype.
"""

from __future__ import annotations

WEAK_INT, WEAK_FLOAT, WEAK_COMPLEX = "weak int", "weak float", "weak complex"

KINDS: dict[str, tuple[str, int]] = {
    "bool": ("b", 1),
    "int8": ("i", 1),
    "int16": ("i", 2),
    "int32": ("i", 4),
    "int64": ("i", 8),
    "uint8": ("u", 1),
    "uint16": ("u", 2),
    "uint32": ("u", 4),
    "uint64": ("u", 8),
    "float8_e4m3fn": ("f", 1),
    "float8_e5m2": ("f", 1),
    "float16": ("f", 2),
    "bfloat16": ("f", 2),
    "float32": ("f", 4),
    "float64": ("f", 8),
    "longdouble": ("f", 16),
    "complex32": ("c", 4),
    "complex64": ("c", 8),
    "complex128": ("c", 16),
    "clongdouble": ("c", 32),
    "datetime64": ("M", 8),
    "timedelta64": ("m", 8),
    "bytes": ("S", 0),
    "str": ("U", 0),
    "object": ("O", 8),
    WEAK_INT: ("i", 8),
    WEAK_FLOAT: ("f", 8),
    WEAK_COMPLEX: ("c", 16),
}
"""Kind (as NumPy's letters) and bytes of each."""

_ALIASES: dict[str, str] = {
    "bool_": "bool", "bool8": "bool", "?": "bool",
    "int": "int64", "int_": "int64", "intp": "int64", "long": "int64", "longlong": "int64",
    "intc": "int32", "short": "int16", "byte": "int8", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64",
    "uint": "uint64", "uintp": "uint64", "ulonglong": "uint64", "ulong": "uint64", "uintc": "uint32",
    "ushort": "uint16", "ubyte": "uint8", "u1": "uint8", "u2": "uint16", "u4": "uint32", "u8": "uint64",
    "float": "float64", "float_": "float64", "double": "float64", "single": "float32", "half": "float16",
    "f2": "float16", "f4": "float32", "f8": "float64", "f": "float32", "d": "float64", "e": "float16",
    "b": "int8", "B": "uint8", "h": "int16", "H": "uint16", "i": "int32", "I": "uint32", "l": "int64", "L": "uint64",
    "q": "int64", "Q": "uint64", "p": "int64", "g": "longdouble", "float128": "longdouble", "longfloat": "longdouble",
    "complex": "complex128", "complex_": "complex128", "cdouble": "complex128", "csingle": "complex64",
    "cfloat": "complex128", "c8": "complex64", "c16": "complex128", "F": "complex64", "D": "complex128",
    "complex256": "clongdouble", "G": "clongdouble",
    "object_": "object", "O": "object", "str_": "str", "string": "str", "unicode_": "str", "unicode": "str", "U": "str",
    "bytes_": "bytes", "S": "bytes", "a": "bytes", "string_": "bytes", "M8": "datetime64", "m8": "timedelta64",
}  # fmt: skip

_TORCH_ALIASES: dict[str, str] = {
    "float": "float32", "double": "float64", "half": "float16", "int": "int32", "long": "int64", "short": "int16",
    "cfloat": "complex64", "cdouble": "complex128", "chalf": "complex32",
}  # fmt: skip

_TF_ALIASES: dict[str, str] = {"half": "float16", "double": "float64", "string": "str"}


def canonical(name: str, library: str = "numpy") -> str | None:
    """The one name for a dtype as a library writes it ("<f4", "torch.long", "double"); None if there is none.

    library: "numpy" (also pandas), "torch", "tensorflow", "keras".
    """
    text = name.rsplit(".", 1)[-1] if name.startswith(("torch.", "tf.", "np.", "numpy.", "tensorflow.")) else name
    if library == "torch":
        return _TORCH_ALIASES.get(text) or (text if text in KINDS and " " not in text else None)
    if library in ("tensorflow", "keras") and text in _TF_ALIASES:
        return _TF_ALIASES[text]
    if text in KINDS:
        return text if " " not in text else None
    if text and text[0] in "<>=|":
        text = text[1:]
    if text in _ALIASES:
        return _ALIASES[text]
    if text[:1] in ("U", "S", "a") and text[1:].isdigit():
        return "str" if text[0] == "U" else "bytes"
    head = text.partition("[")[0]
    if head in ("datetime64", "M8"):
        return "datetime64"
    if head in ("timedelta64", "m8"):
        return "timedelta64"
    return None


def kind(dtype: str) -> str:
    """NumPy's letter: b bool, i signed, u unsigned, f float, c complex, O object, U str, S bytes, M, m; or "?"."""
    return KINDS.get(dtype, ("?", 0))[0]


def width(dtype: str) -> int:
    """Bytes of one element; 0 where that is not fixed."""
    return KINDS.get(dtype, ("?", 0))[1]


def is_weak(dtype: str) -> bool:
    return dtype.startswith("weak ")


def is_bool(dtype: str) -> bool:
    return kind(dtype) == "b"


def is_integer(dtype: str) -> bool:
    """Signed or unsigned, not bool."""
    return kind(dtype) in ("i", "u")


def is_floating(dtype: str) -> bool:
    return kind(dtype) == "f"


def is_complex(dtype: str) -> bool:
    return kind(dtype) == "c"


def is_number(dtype: str) -> bool:
    """bool, integer, floating or complex."""
    return kind(dtype) in ("b", "i", "u", "f", "c")


def integer_range(dtype: str) -> tuple[int, int] | None:
    """The smallest and largest value of an integer or bool dtype."""
    letter, size = KINDS.get(dtype, ("?", 0))
    if letter == "b":
        return 0, 1
    if letter == "u":
        return 0, 2 ** (8 * size) - 1
    if letter == "i":
        return -(2 ** (8 * size - 1)), 2 ** (8 * size - 1) - 1
    return None


def real_part(dtype: str) -> str:
    """The dtype of the real part of a complex one; others unchanged."""
    parts = {"complex32": "float16", "complex64": "float32", "complex128": "float64", "clongdouble": "longdouble"}
    return parts.get(dtype, dtype)


def of_python(value: object) -> str | None:
    """The dtype of a Python scalar: weak for int, float and complex."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return WEAK_INT
    if isinstance(value, float):
        return WEAK_FLOAT
    if isinstance(value, complex):
        return WEAK_COMPLEX
    if isinstance(value, str):
        return "str"
    return "bytes" if isinstance(value, bytes) else None


# NumPy


def default_numpy(dtype: str) -> str:
    """What an array made of Python numbers has: int64, float64, complex128. Others unchanged."""
    return {WEAK_INT: "int64", WEAK_FLOAT: "float64", WEAK_COMPLEX: "complex128"}.get(dtype, dtype)


_FLOATS = {2: "float16", 4: "float32", 8: "float64", 16: "longdouble"}
_COMPLEXES = {4: "complex64", 8: "complex128", 16: "clongdouble"}
_NUMBER_RANK = {"b": 0, "u": 1, "i": 1, "f": 2, "c": 3}


def promote_types(a: str, b: str) -> str | None:
    """NumPy's `promote_types`, for arrays on both sides. Weak ones count as their defaults.

    Numbers with str give str (as `np.array` and `concatenate` do; arithmetic refuses it).
    """
    a, b = default_numpy(a), default_numpy(b)
    if a == b:
        return a
    ka, kb = kind(a), kind(b)
    if "?" in (ka, kb):
        return None
    if "O" in (ka, kb):
        return "object"
    if "U" in (ka, kb) or "S" in (ka, kb):
        if ka in ("M", "m") or kb in ("M", "m"):
            return None
        return "str" if "U" in (ka, kb) else "bytes"
    if "M" in (ka, kb):
        return "datetime64" if {ka, kb} <= {"M", "m"} else None
    if "m" in (ka, kb):
        return "timedelta64" if {ka, kb} <= {"m", "i", "u", "b"} and "uint64" not in (a, b) else None
    if "bfloat16" in (a, b) or "float8" in a or "float8" in b or "complex32" in (a, b):
        return _promote_small_floats(a, b)
    if _NUMBER_RANK[ka] > _NUMBER_RANK[kb]:
        a, b, ka, kb = b, a, kb, ka
    if ka == "b":
        return b
    if kb in ("i", "u"):
        return _promote_integers(a, b)
    # a float or complex holds an integer exactly up to half its width
    real_size = width(b) // 2 if kb == "c" else width(b)
    if ka in ("i", "u"):
        needed = min(2 * width(a), 8)
    elif ka == "c":
        needed = width(a) // 2
    else:
        needed = width(a)
    size = max(real_size, needed)
    return _COMPLEXES[max(size, 4)] if kb == "c" else _FLOATS[size]


def _promote_integers(a: str, b: str) -> str:
    if kind(a) == kind(b):
        return a if width(a) >= width(b) else b
    unsigned, signed = (a, b) if kind(a) == "u" else (b, a)
    size = max(2 * width(unsigned), width(signed))
    return f"int{8 * size}" if size <= 8 else "float64"


def _promote_small_floats(a: str, b: str) -> str | None:
    """bfloat16 as the ml_dtypes package registers it."""
    if "bfloat16" not in (a, b):
        return None
    other = b if a == "bfloat16" else a
    if kind(other) == "b" or other in ("int8", "uint8"):
        return "bfloat16"
    if kind(other) == "f":
        return "float32" if other == "float16" else other if width(other) >= 4 else None
    return other if kind(other) == "c" else None


def promote_numpy2(a: str, b: str) -> str | None:
    """The dtype of a NumPy 2 operation on both: a Python number takes the array's dtype where its kind can hold it."""
    if is_weak(a) and is_weak(b):
        return a if _NUMBER_RANK[kind(a)] >= _NUMBER_RANK[kind(b)] else b
    if is_weak(b):
        a, b = b, a
    if not is_weak(a):
        return promote_types(a, b)
    kb = kind(b)
    if kb not in _NUMBER_RANK:
        return promote_types(a, b)
    if _NUMBER_RANK[kind(a)] <= _NUMBER_RANK[kb] and not (kind(a) == "i" and kb == "b"):
        return b
    if a == WEAK_COMPLEX and kb == "f":
        return {2: "complex64", 4: "complex64", 8: "complex128", 16: "clongdouble"}.get(width(b))
    return promote_types(a, b)


def promote_numpy1(
    a: str,
    b: str,
    *,
    a_scalar: bool = False,
    b_scalar: bool = False,
    a_value: complex | None = None,
    b_value: complex | None = None,
) -> str | None:
    """The dtype of a NumPy 1 operation on both.

    `*_scalar`: the operand has rank 0 (a NumPy scalar as well as a Python number; weak ones always are). A scalar
    counts only by its kind, and by its value if that is given, unless its kind is above that of the array.
    Two Python numbers stay weak.
    """
    if is_weak(a) and is_weak(b):
        return promote_numpy2(a, b)
    a_scalar, b_scalar = a_scalar or is_weak(a), b_scalar or is_weak(b)
    if a_scalar == b_scalar or kind(a) not in _NUMBER_RANK or kind(b) not in _NUMBER_RANK:
        return promote_types(a, b)
    scalar, array, value = (a, b, a_value) if a_scalar else (b, a, b_value)
    # float and complex are of one kind here
    if min(_NUMBER_RANK[kind(scalar)], 2) > _NUMBER_RANK[kind(array)]:
        return promote_types(scalar, array)
    return promote_types(array, _smallest(scalar, array, value))


def _smallest(scalar: str, array: str, value: complex | None) -> str:
    """NumPy's `min_scalar_type`; without a value, one that the array's dtype can hold."""
    letter = kind(scalar)
    if letter == "b":
        return "bool"
    if value is None:
        return array if kind(array) == letter or letter in ("i", "u") else "float16" if letter == "f" else "complex64"
    if letter in ("i", "u") and isinstance(value, (int, float)):
        number = int(value)
        if number >= 0:
            # an unsigned dtype of that size, which also fits the signed one if one bit is to spare
            signed = next((n for n in (1, 2, 4, 8) if number < 2 ** (8 * n - 1)), 16)
            plain = next((n for n in (1, 2, 4, 8) if number < 2 ** (8 * n)), 8)
            return f"int{8 * signed}" if kind(array) == "i" and signed <= 8 else f"uint{8 * plain}"
        return next((f"int{8 * n}" for n in (1, 2, 4, 8) if number >= -(2 ** (8 * n - 1))), "int64")
    largest = max(abs(value.real), abs(value.imag)) if isinstance(value, complex) else abs(value)
    if largest == float("inf") or largest < 65000:
        size = 2
    else:
        size = 4 if largest < 3.4e38 else 8
    return _FLOATS[size] if letter == "f" else _COMPLEXES[max(size, 4)]


_CAST_RANK = {"b": 0, "u": 1, "i": 2, "f": 3, "c": 4, "S": 5, "U": 6, "O": 7}


def can_cast(source: str, target: str, casting: str = "safe") -> bool:
    """NumPy's `can_cast` for casting "no" (and "equiv"), "safe", "same_kind", "unsafe". Weak ones count as defaults."""
    source, target = default_numpy(source), default_numpy(target)
    if casting == "unsafe" or source == target:
        return True
    if casting in ("no", "equiv"):
        return False
    ks, kt = kind(source), kind(target)
    if casting == "safe":
        if ks in _NUMBER_RANK and kt == "m":
            return ks in ("b", "i", "u") and source != "uint64"
        if ks in ("M", "m") and kt in ("M", "m"):
            return ks == kt
        if kt == "O":
            return True
        if kt in ("U", "S"):
            return ks in _NUMBER_RANK or (ks, kt) == ("S", "U")
        return promote_types(source, target) == target
    if ks == "m" or kt == "m":
        return kt == "O" or (ks in ("b", "i", "u", "m") and kt == "m")
    if ks == "M" or kt == "M":
        return kt == "O"
    return _CAST_RANK.get(ks, 9) <= _CAST_RANK.get(kt, -1)


# torch


def default_torch(dtype: str, default: str = "float32") -> str:
    """What a tensor made of Python numbers has."""
    complex_default = {"float64": "complex128", "float16": "complex32"}.get(default, "complex64")
    return {WEAK_INT: "int64", WEAK_FLOAT: default, WEAK_COMPLEX: complex_default}.get(dtype, dtype)


def promote_torch_types(a: str, b: str) -> str | None:
    """`torch.promote_types`; None where torch refuses."""
    if a == b:
        return a
    ka, kb = kind(a), kind(b)
    if ka not in _NUMBER_RANK or kb not in _NUMBER_RANK or "float8" in a or "float8" in b:
        return None
    if _NUMBER_RANK[ka] > _NUMBER_RANK[kb]:
        a, b, ka, kb = b, a, kb, ka
    if kb != "f" and ("u" in (ka, kb)) and not {"uint16", "uint32", "uint64"}.isdisjoint((a, b)):
        return None  # these are barely supported: only together with a float
    if ka == "b":
        return b
    if kb in ("i", "u"):
        return _promote_torch_integers(a, b)
    if ka in ("i", "u"):
        return b
    if kb == "c":
        if ka == "c":
            return a if width(a) >= width(b) else b
        if a == "bfloat16":
            return "complex64" if width(b) < 8 else b
        return {4: "complex64", 8: "complex128"}.get(width(a), b) if 2 * width(a) > width(b) else b
    if {a, b} == {"float16", "bfloat16"}:
        return "float32"
    return a if width(a) >= width(b) else b


def _promote_torch_integers(a: str, b: str) -> str:
    if kind(a) == kind(b):
        return a if width(a) >= width(b) else b
    # uint8 with a signed one
    signed = a if kind(a) == "i" else b
    return signed if width(signed) > 1 else "int16"


def promote_torch(*operands: tuple[str, int] | str, default: str = "float32") -> str | None:
    """`torch.result_type` over operands `(dtype, priority)`; None where torch refuses.

    priority: 2 for a tensor with axes, 1 for a tensor of rank 0, 0 for a Python number; a plain str is a tensor with
    axes, or a Python number if it is weak. A lower priority counts only where its kind is above.
    """
    groups: list[str | None] = [None, None, None]
    for operand in operands:
        if isinstance(operand, tuple):
            dtype, priority = operand
        else:
            dtype, priority = operand, 0 if is_weak(operand) else 2
        dtype = default_torch(dtype, default)
        held = groups[priority]
        together = dtype if held is None else promote_torch_types(held, dtype)
        if together is None:
            return None
        groups[priority] = together
    result = groups[0]
    for higher in groups[1:]:
        if higher is None:
            continue
        if result is None:
            result = higher
            continue
        result = _torch_over(higher, result)
        if result is None:
            return None
    return result


def _torch_over(higher: str, lower: str) -> str | None:
    kh, kl = kind(higher), kind(lower)
    if kh == "c":
        return higher
    if kh == "f":
        if kl != "c":
            return higher
        if width(higher) < 2:
            return None
        return {"float16": "complex32", "float64": "complex128"}.get(higher, "complex64")
    if kl == "c" and kh in ("i", "u"):
        return lower
    if kh == "b" or kl in ("f", "c"):
        return promote_torch_types(higher, lower)
    return higher


# Keras


_KERAS_LATTICE: dict[str, tuple[str, ...]] = {
    "bool": (WEAK_INT,),
    "uint8": ("int16", "uint16"),
    "uint16": ("int32", "uint32"),
    "uint32": ("int64", "uint64"),
    "uint64": (WEAK_FLOAT,),
    WEAK_INT: ("uint8", "int8", "complex64"),
    "int8": ("int16",),
    "int16": ("int32",),
    "int32": ("int64",),
    "int64": (WEAK_FLOAT,),
    WEAK_FLOAT: ("bfloat16", "float16"),
    "bfloat16": ("float32",),
    "float16": ("float32",),
    "float32": ("float64", "complex64"),
    "float64": ("complex128",),
    "complex64": ("complex128",),
    "complex128": (),
}
"""Each dtype with those just above it (keras/src/backend/common/dtypes.py)."""


def _keras_above(dtype: str) -> frozenset[str]:
    found = {dtype}
    pending = [dtype]
    while pending:
        for above in _KERAS_LATTICE[pending.pop()]:
            if above not in found:
                found.add(above)
                pending.append(above)
    return frozenset(found)


def promote_keras(*dtypes: str, floatx: str = "float32", backend: str = "tensorflow") -> str | None:
    """`keras.backend.result_type` of Keras 3; None where Keras refuses. The result is never weak.

    backend: on "tensorflow" int64 and float64 stay as they are, elsewhere they become 32 bit wide.
    """
    if not dtypes:
        return floatx
    if any("float8" in dtype for dtype in dtypes):
        return None
    strong = [dtype for dtype in dtypes if not is_weak(dtype)]
    if not strong:
        result = WEAK_FLOAT if WEAK_FLOAT in dtypes else WEAK_INT
    elif len(set(dtypes)) == 1:
        result = dtypes[0]
    else:
        if any(dtype not in _KERAS_LATTICE for dtype in dtypes):
            return None
        common = frozenset.intersection(*(_keras_above(dtype) for dtype in dtypes))
        least = common & set(dtypes) or {d for d in common if common <= _keras_above(d)}
        if len(least) != 1:
            return None
        (result,) = least
    if is_weak(result):
        # the result takes the precision of floatx
        bits = floatx[-2:]
        result = f"int{bits}" if result == WEAK_INT else f"float{bits}"
    shorter = {"uint64": "uint32", "complex128": "complex64"}
    if backend != "tensorflow":
        shorter |= {"int64": "int32", "float64": "float32"}
    return shorter.get(result, result)
