"""Methods of variables that change or read some of their rows, and ``tf.linalg.LinearOperator``.

https://www.tensorflow.org/api_docs/python/tf/linalg/LinearOperator
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Value
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.support import dtype_of, shape_argument, tensor, unknown_tensor

if TYPE_CHECKING:
    from foreshape.domain.values import Instance
    from foreshape.semantics.protocol import Context


# -- variables --------------------------------------------------------------------------------------------------------
T = "tensorflow.Tensor."


@rule(*(f"{T}scatter_{what}" for what in ("update", "add", "sub", "mul", "div", "max", "min", "nd_add", "nd_sub",
                                            "nd_update")), T + "batch_scatter_update", T + "initialized_value")  # fmt: skip
def scattered(cx: Context, self: Array, *args: Value, **kwargs: Value) -> Value:
    """The variable, some of its rows changed."""
    return self


@rule(T + "gather_nd")
def variable_gather_nd(cx: Context, self: Array, indices: Value, name: Value | None = None) -> Value:
    return cx.rule("tensorflow.gather_nd", self, indices)


@rule(T + "sparse_read")
def sparse_read(cx: Context, self: Array, indices: Value, name: Value | None = None) -> Value:
    return cx.rule("tensorflow.gather", self, indices)


# -- linear operators -------------------------------------------------------------------------------------------------
OPERATOR = library_type("tensorflow.linalg.LinearOperator")
MADE_OF = ("Diag", "FullMatrix", "LowerTriangular", "Identity", "ScaledIdentity", "Zeros")
for _name in (*MADE_OF, "Adjoint", "BlockDiag", "BlockLowerTriangular", "Circulant", "Circulant2D", "Circulant3D",
              "Composition", "Householder", "Inversion", "Kronecker", "LowRankUpdate", "Permutation", "Toeplitz",
              "Tridiag"):  # fmt: skip
    library_type(f"tensorflow.linalg.LinearOperator{_name}", OPERATOR)


@rule(f"{OPERATOR}.__init__")
def linear_operator(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A matrix that is not written out; of some its shape is known."""
    from foreshape.domain.values import Const

    kind = (self.library_type or "").rpartition("LinearOperator")[2]
    shape, dtype = None, None
    first = (
        args[0]
        if args
        else next((kwargs[name] for name in ("diag", "matrix", "tril", "num_rows") if name in kwargs), None)
    )
    if kind in ("Diag", "FullMatrix", "LowerTriangular") and first is not None:
        x = as_tensor(cx, first)
        if x is not None and x.shape is not None and x.shape:
            shape, dtype = ((*x.shape, x.shape[-1]) if kind == "Diag" else x.shape), x.dtype
    plain = not set(kwargs) - {"num_rows", "batch_shape", "dtype", "multiplier", "name"}
    if kind in ("Identity", "ScaledIdentity", "Zeros") and first is not None and plain:
        rows = cx.dim(first)
        before = kwargs.get("batch_shape")
        batch = () if before is None else shape_argument(cx, before)
        spare = 2 if kind == "ScaledIdentity" else 1
        if rows is not None and batch is not None and len(args) <= spare:
            shape, dtype = (*batch, rows, rows), dtype_of(kwargs.get("dtype")) or "float32"
    cx.set(self, "~shape", shape)
    cx.set(self, "~dtype", dtype)
    return Const(None)


def _matrix(cx: Context, self: Instance) -> Array:
    return Array("tensorflow", self.fields.get("~shape"), self.fields.get("~dtype"))


@rule(f"{OPERATOR}.to_dense")
def to_dense(cx: Context, self: Instance, name: Value | None = None) -> Value:
    return _matrix(cx, self)


@attribute(f"{OPERATOR}.shape")
def operator_shape(cx: Context, self: Instance) -> Value:
    from foreshape.semantics.tensorflow.types import shape_instance

    return shape_instance(self.fields.get("~shape"))


@rule(f"{OPERATOR}.trace", f"{OPERATOR}.determinant", f"{OPERATOR}.log_abs_determinant")
def operator_number(cx: Context, self: Instance, name: Value | None = None) -> Value:
    shape = self.fields.get("~shape")
    return Array("tensorflow", None if shape is None else shape[:-2], self.fields.get("~dtype"))


@rule(f"{OPERATOR}.diag_part")
def operator_diagonal(cx: Context, self: Instance, name: Value | None = None) -> Value:
    shape = self.fields.get("~shape")
    return Array("tensorflow", None if shape is None else shape[:-1], self.fields.get("~dtype"))


@rule(f"{OPERATOR}.matmul", f"{OPERATOR}.solve")
def operator_matmul(cx: Context, self: Instance, x: Value, *args: Value, **kwargs: Value) -> Value:
    """As the product of the matrices; a solution has the shape of one."""
    shape, other = self.fields.get("~shape"), as_tensor(cx, x)
    if shape is None or other is None or other.shape is None or args or kwargs or len(other.shape) < 2:
        return unknown_tensor(cx, x)
    return cx.rule("tensorflow.matmul", _matrix(cx, self), x) if len(shape) >= 2 else unknown_tensor(cx, x)


@rule(f"{OPERATOR}.matvec", f"{OPERATOR}.solvevec")
def operator_matvec(cx: Context, self: Instance, x: Value, *args: Value, **kwargs: Value) -> Value:
    shape, other = self.fields.get("~shape"), as_tensor(cx, x)
    if shape is None or other is None or other.shape is None or args or kwargs or len(other.shape) != 1:
        return unknown_tensor(cx, x)
    return tensor(shape[:-1], other.dtype, other)
