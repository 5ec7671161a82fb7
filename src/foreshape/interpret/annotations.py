"""Shapes in annotations: ``Float[Tensor, "batch time 8"]``.

A number is a size, a name the same size wherever it stands, ``_`` any size, ``...`` and ``*name`` any number of axes,
``#name`` a size that may also be 1. https://docs.kidger.site/jaxtyping/api/array/
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike, var
from foreshape.domain.values import Array, LibraryRef, Shape

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from foreshape.interpret.core import Core

FLOATS: Final = ("float16", "bfloat16", "float32", "float64", "float8_e4m3fn", "float8_e5m2")
SIGNED: Final = ("int4", "int8", "int16", "int32", "int64")
UNSIGNED: Final = ("uint4", "uint8", "uint16", "uint32", "uint64")
COMPLEX: Final = ("complex64", "complex128")
KINDS: Final[dict[str, tuple[str, ...]]] = {
    "Float": FLOATS, "Int": SIGNED, "UInt": UNSIGNED, "Integer": (*SIGNED, *UNSIGNED), "Bool": ("bool",),
    "Complex": COMPLEX, "Inexact": (*FLOATS, *COMPLEX), "Real": (*FLOATS, *SIGNED, *UNSIGNED),
    "Num": (*FLOATS, *COMPLEX, *SIGNED, *UNSIGNED), "Shaped": (), "Float16": ("float16",), "BFloat16": ("bfloat16",),
    "Float32": ("float32",), "Float64": ("float64",), "Int8": ("int8",), "Int16": ("int16",), "Int32": ("int32",),
    "Int64": ("int64",), "UInt8": ("uint8",), "UInt16": ("uint16",), "UInt32": ("uint32",), "UInt64": ("uint64",),
    "Complex64": ("complex64",), "Complex128": ("complex128",),
}  # fmt: skip
"""Which dtypes each name allows; none: all."""
ARRAYS: Final = {"torch.Tensor": "torch", "numpy.ndarray": "numpy", "tensorflow.Tensor": "tensorflow"}


class DeclaredArray:
    """What an annotation says: the kind of array, the dtypes that it may have (none: any), a word per axis."""

    __slots__ = ("axes", "dtypes", "kind")

    def __init__(self, kind: str, dtypes: tuple[str, ...], axes: tuple[str, ...]) -> None:
        self.kind = kind
        self.dtypes = dtypes
        self.axes = axes

    @property
    def starred(self) -> int | None:
        """The place of what stands for any number of axes."""
        return next((place for place, axis in enumerate(self.axes) if axis == "..." or "*" in axis[:2]), None)

    def array(self, names: MutableMapping[str, DimLike]) -> Array:
        """An array of this shape; names are one size each."""
        shape: Shape | None = None
        if self.starred is None:
            shape = tuple(_size(axis, names) for axis in self.axes)
        return Array(self.kind, shape, self.dtypes[0] if len(self.dtypes) == 1 else None)

    def fits(self, core: Core, value: Array, names: MutableMapping[str, DimLike]) -> bool:
        """Whether an array may be what is declared; names that are new take its sizes."""
        if value.dtype is not None and self.dtypes and value.dtype not in self.dtypes:
            return False
        if value.shape is None:
            return True
        star = self.starred
        if star is None:
            if len(self.axes) != len(value.shape):
                return False
            pairs = list(zip(self.axes, value.shape))
        else:
            after = len(self.axes) - star - 1
            if len(value.shape) < star + after:
                return False
            pairs = list(zip(self.axes[:star], value.shape[:star]))
            pairs += list(zip(self.axes[star + 1 :], value.shape[len(value.shape) - after :]))
        return all(_fits_one(core, axis, size, names) for axis, size in pairs)


def _plain(axis: str) -> str:
    """The name or number itself, without what is written around it."""
    return axis.partition("=")[2] or axis.lstrip("?") if "=" in axis else axis.lstrip("?")


def _size(axis: str, names: MutableMapping[str, DimLike]) -> DimLike:
    word = _plain(axis)
    if word.isdecimal():
        return int(word)
    if word.startswith(("_", "#")) or not word.isidentifier():
        return var(None, 1)
    if word not in names:
        names[word] = var(word, 1)
    return names[word]


def _fits_one(core: Core, axis: str, size: DimLike, names: MutableMapping[str, DimLike]) -> bool:
    word = _plain(axis)
    broad = word.startswith("#")
    word = word.lstrip("#")
    if broad and size == 1:
        return True
    if word.isdecimal():
        return core.equal(size, int(word))
    if word.startswith("_") or not word.isidentifier():
        return True
    if word not in names:
        if not broad:
            names[word] = size
        return True
    return core.equal(size, names[word])


def declared_by(core: Core, node: ast.expr | None) -> DeclaredArray | None:
    """What an annotation declares; None for any other one."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value.strip(), mode="eval").body
        except SyntaxError:
            return None
    if not isinstance(node, ast.Subscript) or not isinstance(node.slice, ast.Tuple) or len(node.slice.elts) != 2:
        return None
    of, text = node.slice.elts
    if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
        return None
    if not isinstance(node.value, (ast.Name, ast.Attribute)) or not isinstance(of, (ast.Name, ast.Attribute)):
        return None
    with core.quiet():
        kind, array = core.eval(node.value), core.eval(of)
    if not isinstance(kind, LibraryRef) or not isinstance(array, LibraryRef):
        return None
    owner, _, name = kind.name.partition(".")
    if owner != "jaxtyping" or name not in KINDS or array.name not in ARRAYS:
        return None
    return DeclaredArray(ARRAYS[array.name], KINDS[name], tuple(text.value.split()))


def shape_words(declared: DeclaredArray) -> tuple[DimLike | None, ...]:
    """The declared shape for a report: numbers and names, None for what is left open."""
    found: list[DimLike | None] = []
    for axis in declared.axes:
        word = _plain(axis).lstrip("#")
        found.append(int(word) if word.isdecimal() else var(word, 1) if word.isidentifier() else None)
    return tuple(found)
