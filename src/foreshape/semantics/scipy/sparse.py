"""Sparse matrices: their shape, and the dense arrays that they become. ``~shape`` and ``~dtype`` describe one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Instance, LibraryRef, Sequence, Typed, Unknown, Value, int_value
from foreshape.semantics.numpy.dtypes import dtype_argument, dtype_value
from foreshape.semantics.numpy.support import listed, made
from foreshape.semantics.registry import attribute, library_type, rule

if TYPE_CHECKING:
    from foreshape.domain.dim import DimLike
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context

P: Final = "scipy.sparse."
BASE: Final = library_type(P + "spmatrix")
KINDS: Final = (
    "csr_matrix",
    "csc_matrix",
    "coo_matrix",
    "lil_matrix",
    "csr_array",
    "csc_array",
    "coo_array",
    "dok_matrix",
)
for _name in KINDS:
    library_type(P + _name, BASE)


def sparse_matrix(shape: Shape | None, dtype: str | None, kind: str = P + "csr_matrix") -> Instance:
    return Instance(LibraryRef(kind), {"~shape": shape, "~dtype": dtype})


def _dense(self: Instance) -> Array:
    return made(self.fields.get("~shape"), self.fields.get("~dtype"))


@rule(*(P + name for name in KINDS))
def make(
    cx: Context, arg1: Value, shape: Value | None = None, dtype: Value | None = None, copy: Value | None = None
) -> Value:
    """From a dense array, another sparse matrix or a shape."""
    from foreshape.semantics.numpy.array_from import as_array

    if isinstance(arg1, Instance) and "~shape" in arg1.fields:
        return sparse_matrix(arg1.fields["~shape"], dtype_argument(cx, dtype, arg1.fields.get("~dtype")))
    if isinstance(arg1, Array) and arg1.shape is not None and len(arg1.shape) == 2:
        array = as_array(cx, arg1)
        if not isinstance(array, Unknown):
            return sparse_matrix(array.shape, dtype_argument(cx, dtype, array.dtype))
    if shape is not None:
        from foreshape.semantics.numpy.support import shape_argument

        return sparse_matrix(shape_argument(cx, shape), dtype_argument(cx, dtype, None))
    return cx.unknown("how a sparse matrix is put together is not modelled")


@rule(f"{BASE}.toarray")
def toarray(cx: Context, self: Instance, order: Value | None = None, out: Value | None = None) -> Value:
    """The dense array."""
    return _dense(self)


@rule(f"{BASE}.todense")
def todense(cx: Context, self: Instance, order: Value | None = None, out: Value | None = None) -> Value:
    return _dense(self)


@attribute(f"{BASE}.A")
def as_dense(cx: Context, self: Instance) -> Value:
    return _dense(self)


@attribute(f"{BASE}.shape")
def shape(cx: Context, self: Instance) -> Value:
    found = self.fields.get("~shape")
    if found is None:
        return cx.unknown("the shape of this sparse matrix is not known")
    return listed("tuple", [int_value(cx.resolve(size)) for size in found])


@attribute(f"{BASE}.dtype")
def dtype(cx: Context, self: Instance) -> Value:
    return dtype_value(self.fields.get("~dtype"))


@attribute(f"{BASE}.nnz")
def nnz(cx: Context, self: Instance) -> Value:
    return Typed("int", lo=0)


@attribute(f"{BASE}.T")
def transposed(cx: Context, self: Instance) -> Value:
    found = self.fields.get("~shape")
    return sparse_matrix(None if found is None else tuple(reversed(found)), self.fields.get("~dtype"))


@rule(f"{BASE}.tocsr", f"{BASE}.tocsc", f"{BASE}.tocoo", f"{BASE}.copy", f"{BASE}.tolil")
def converted(cx: Context, self: Instance, copy: Value | None = None) -> Value:
    return sparse_matrix(self.fields.get("~shape"), self.fields.get("~dtype"))


@rule(f"{BASE}.astype")
def astype(cx: Context, self: Instance, dtype: Value, *args: Value, **kwargs: Value) -> Value:
    return sparse_matrix(self.fields.get("~shape"), dtype_argument(cx, dtype, None))


@rule(f"{BASE}.__getitem__")
def getitem(cx: Context, self: Instance, index: Value) -> Value:
    """Two axes stay two axes."""
    from foreshape.semantics.numpy.indexing import getitem as dense_item

    found = dense_item(cx, _dense(self), index)
    if isinstance(found, Array) and found.shape is not None and self.fields.get("~shape") is not None:
        if len(found.shape) == 2:
            return sparse_matrix(found.shape, found.dtype)
        columns = self.fields["~shape"][1]
        if len(found.shape) == 1 and cx.resolve(found.shape[0]) == cx.resolve(columns):
            return sparse_matrix((1, columns), found.dtype)
    return cx.unknown("this part of a sparse matrix is not modelled")


@rule(f"{BASE}.__len__")
def length(cx: Context, self: Instance) -> Value:
    return cx.unknown("a sparse matrix has no length")


@rule(f"{BASE}.sum", f"{BASE}.mean")
def total(cx: Context, self: Instance, axis: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    return cx.unknown("the sum of a sparse matrix is not modelled") if axis is not None else Typed("float")


def _stack(name: str, axis: int) -> None:
    @rule(P + name)
    def stack(cx: Context, blocks: Value, format: Value | None = None, dtype: Value | None = None) -> Value:
        """Matrices below each other or side by side: their sizes along the axis add up. How other sizes have to fit is
        left to SciPy."""
        parts = blocks.contents.items(64) if isinstance(blocks, Sequence) else None
        shapes = [_shape_of(part) for part in parts or ()]
        known = [shape for shape in shapes if shape is not None and len(shape) == 2]
        if not known or len(known) != len(shapes):
            return sparse_matrix(None, dtype_argument(cx, dtype, None))
        total: DimLike = 0
        for shape in known:
            total = total + shape[axis]
        other = known[0][1 - axis]
        return sparse_matrix((total, other) if axis == 0 else (other, total), dtype_argument(cx, dtype, None))


def _shape_of(value: Value) -> Shape | None:
    found = value.fields.get("~shape") if isinstance(value, Instance) else None
    if isinstance(value, Array):
        found = value.shape
    return found if isinstance(found, tuple) else None


_stack("vstack", 0)
_stack("hstack", 1)


@rule(P + "issparse", P + "isspmatrix")
def issparse(cx: Context, x: Value) -> Value:
    if isinstance(x, Unknown):
        return Typed("bool")
    return Const(isinstance(x, Instance) and (x.library_type or "").startswith(P))
