"""``keras.ops.linalg``: matrices in the last two axes, batches before them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import dmin
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Const, Shape, Value, as_str, is_none
from foreshape.semantics.keras.operations.reductions import reduced
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    axes_argument,
    differ,
    flag,
    known,
    like,
    needs_rank,
    operand,
    place,
    promote,
    refused,
    run,
    several,
    text_of,
    trouble,
    wrong_value,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.support import in_graph, tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def matrices(cx: Context, taker: str, value: Value) -> tuple[Array, Shape]:
    """A tensor of matrices. Raises rank-mismatch."""
    x, shape = known(cx, value)
    if len(shape) < 2:
        text = f"Expected input to have rank >= 2. Received input with shape {text_of(shape)}."
        raise needs_rank(refused(text), taker, x, 2, True)
    return x, shape


def square(cx: Context, taker: str, value: Value) -> tuple[Array, Shape]:
    """A tensor of square matrices. Raises rank-mismatch, square-matrix."""
    x, shape = matrices(cx, taker, value)
    if undefined(shape[-1]) != undefined(shape[-2]) or differ(cx, shape[-1], shape[-2]):
        from foreshape.faults.square_matrix import SquareMatrix

        text = f"Expected a square matrix. Received non-square input with shape {text_of(shape)}"
        raise SquareMatrix(refused(text), values=(x,), taker=taker, shape=shape)
    return x, shape


def floating(dtype: str | None) -> str | None:
    """The dtype that linear algebra computes in."""
    if dtype is None:
        return None
    return promote(dtype, "float32") if "int" in dtype or dtype == "bool" else dtype


@rule("keras.ops.cholesky", "keras.ops.linalg.cholesky", "keras.ops.cholesky_inverse",
      "keras.ops.linalg.cholesky_inverse")  # fmt: skip
def cholesky(cx: Context, x: Value, upper: Value | None = None) -> Value:
    """The same shape."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = square(inner, "cholesky", value)
        return like(found, shape)

    return run(cx, "cholesky", core, (x,))


@rule("keras.ops.inv", "keras.ops.linalg.inv")
def inv(cx: Context, x: Value) -> Value:
    """The same shape."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = square(inner, "inv", value)
        return like(found, shape)

    return run(cx, "inv", core, (x,))


@rule("keras.ops.det", "keras.ops.linalg.det")
def det(cx: Context, x: Value) -> Value:
    """One number per matrix."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = square(inner, "det", value)
        return like(found, shape[:-2])

    return run(cx, "det", core, (x,))


@rule("keras.ops.logdet")
def logdet(cx: Context, x: Value) -> Value:
    """One number per matrix."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        if len(shape) < 2:
            raise OpenShape("not a matrix")
        return like(found, shape[:-2])

    return run(cx, "logdet", core, (x,))


@rule("keras.ops.slogdet")
def slogdet(cx: Context, x: Value) -> Value:
    """The sign and the logarithm of each determinant."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        if len(shape) < 2 and not in_graph(inner):
            raise OpenShape("not a matrix")
        sign = () if in_graph(inner) else shape[:-2]
        return several([like(found, sign), like(found, shape[:-2])])

    return run(cx, "slogdet", core, (x,), many=True)


@rule("keras.ops.eig", "keras.ops.linalg.eig")
def eig(cx: Context, x: Value) -> Value:
    """Eigenvalues and eigenvectors; complex for data."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = square(inner, "eig", value)
        dtype = found.dtype
        if not in_graph(inner):
            dtype = {"float32": "complex64", "float64": "complex128"}.get(dtype or "", dtype)
        return several([like(found, shape[:-1], dtype), like(found, shape, dtype)])

    return run(cx, "eig", core, (x,), many=True)


@rule("keras.ops.eigh", "keras.ops.linalg.eigh")
def eigh(cx: Context, x: Value) -> Value:
    """Eigenvalues and eigenvectors."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = square(inner, "eigh", value)
        return several([like(found, shape[:-1]), like(found, shape)])

    return run(cx, "eigh", core, (x,), many=True)


@rule("keras.ops.lu_factor", "keras.ops.linalg.lu_factor")
def lu_factor(cx: Context, x: Value) -> Value:
    """The factors in one matrix, and the pivots."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = matrices(inner, "lu_factor", value)
        dtype = found.dtype if in_graph(inner) else "int32"
        return several([like(found, shape), like(found, (*shape[:-2], dmin(shape[-2], shape[-1])), dtype)])

    return run(cx, "lu_factor", core, (x,), many=True)


@rule("keras.ops.qr", "keras.ops.linalg.qr")
def qr(cx: Context, x: Value, mode: Value | None = None) -> Value:
    """An orthogonal and a triangular factor."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        if len(shape) < 2:
            text = f"Input should have rank >= 2. Received: input.shape = {text_of(shape)}"
            if not in_graph(inner):
                raise OpenShape(text)
            raise needs_rank(refused(text), "qr", found, 2, True)
        way = "reduced" if mode is None else as_str(mode)
        rows, columns = shape[-2:]
        if way is None:
            raise OpenShape("the mode is not known")
        if way not in ("reduced", "complete"):
            text = "`mode` argument value not supported. Expected one of {'reduced', 'complete'}. "
            text += f"Received: mode={way}"
            raise wrong_value(refused(text), "mode", way, found)
        if in_graph(inner) and (undefined(rows) or undefined(columns)):
            text = "Input should have its last 2 dimensions fully-defined. Received: input.shape = "
            raise wrong_value(refused(text + text_of(shape)), "x", text_of(shape), found)
        less = dmin(rows, columns)
        sizes = ((rows, less), (less, columns)) if way == "reduced" else ((rows, rows), (rows, columns))
        return several([like(found, (*shape[:-2], *size)) for size in sizes])

    return run(cx, "qr", core, (x,), many=True)


@rule("keras.ops.svd", "keras.ops.linalg.svd")
def svd(cx: Context, x: Value, full_matrices: Value | None = None, compute_uv: Value | None = None) -> Value:
    """Left vectors, singular values, right vectors."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = matrices(inner, "svd", value)
        rows, columns = shape[-2:]
        less, batch = dmin(rows, columns), shape[:-2]
        values = like(found, (*batch, less))
        if not flag(compute_uv, True):
            return values
        full = flag(full_matrices, True)
        left = (*batch, rows, rows if full else less)
        right = (*batch, columns if full else less, columns)
        return several([like(found, left), values, like(found, right)])

    return run(cx, "svd", core, (x,), many=True)


@rule("keras.ops.pinv", "keras.ops.linalg.pinv")
def pinv(cx: Context, x: Value, rcond: Value | None = None) -> Value:
    """Rows and columns exchanged."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = matrices(inner, "pinv", value)
        return like(found, (*shape[:-2], shape[-1], shape[-2]))

    return run(cx, "pinv", core, (x,))


@rule("keras.ops.matrix_rank", "keras.ops.linalg.matrix_rank")
def matrix_rank(cx: Context, x: Value, tol: Value | None = None) -> Value:
    """One number per matrix."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = matrices(inner, "matrix_rank", value)
        return like(found, shape[:-2], "int32")

    return run(cx, "matrix_rank", core, (x,))


def _solved(cx: Context, name: str, a: Value, b: Value) -> Value:
    def core(inner: Context, left: Value, right: Value) -> Value:
        x, shape = square(inner, name, left)
        y, wanted = known(inner, right)
        if not wanted:
            text = "Expected input to have rank >= 1. Received scalar input."
            raise needs_rank(refused(text), name, y, 1, True)
        axis = -1 if len(wanted) == len(shape) - 1 else -2
        if len(wanted) < -axis:
            raise OpenShape("a right side of another rank")
        if (in_graph(inner) and len(wanted) < len(shape) - 1) or (len(wanted) == 1 and in_graph(inner)):
            return tensor(wanted, y.dtype, x, y)
        open_sides = in_graph(inner) and undefined(shape[-2]) != undefined(wanted[axis])
        if open_sides or differ(inner, shape[-2], wanted[axis]):
            from foreshape.faults.matmul_mismatch import MatmulMismatch

            text = (
                f"Incompatible shapes between `a` {text_of(shape)} and `b` {text_of(wanted)}. Expected "
                "`a.shape[-1] == b.shape[-1]`."
            )
            raise MatmulMismatch(
                trouble(inner, text, x, y), values=(x, y), taker=name, left=shape, right=wanted, left_axis=len(shape) - 2,
                right_axis=len(wanted) + axis,
            )  # fmt: skip
        return tensor(wanted, y.dtype, x, y)

    return run(cx, name, core, (a, b))


@rule("keras.ops.solve", "keras.ops.linalg.solve")
def solve(cx: Context, a: Value, b: Value) -> Value:
    """As the right side."""
    return _solved(cx, "solve", a, b)


@rule("keras.ops.solve_triangular", "keras.ops.linalg.solve_triangular")
def solve_triangular(cx: Context, a: Value, b: Value, lower: Value | None = None) -> Value:
    """As the right side."""
    return _solved(cx, "solve_triangular", a, b)


@rule("keras.ops.lstsq", "keras.ops.linalg.lstsq")
def lstsq(cx: Context, a: Value, b: Value, rcond: Value | None = None) -> Value:
    """(columns,) or (columns, right sides)."""

    def core(inner: Context, left: Value, right: Value) -> Value:
        x, shape = known(inner, left)
        y, wanted = known(inner, right)
        if len(shape) != 2 or len(wanted) not in (1, 2) or differ(inner, shape[0], wanted[0]):
            raise OpenShape("sides that do not fit")
        return tensor((shape[1], *wanted[1:]), x.dtype, x, y)

    return run(cx, "lstsq", core, (a, b))


@rule("keras.ops.norm", "keras.ops.linalg.norm")
def norm(
    cx: Context, x: Value, ord: Value | None = None, axis: Value | None = None, keepdims: Value | None = None
) -> Value:
    """The axes go, or stay with size 1."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        axes = axes_argument(inner, axis)
        count = len(known(inner, found)[1]) if axes is None else len(axes)
        kind = as_str(ord)
        if axes is None and not in_graph(inner) and (ord is None or is_none(ord)):
            count = 0
        number = ord.value if isinstance(ord, Const) and isinstance(ord.value, (int, float)) else None
        matrix = number is None or number in (1, -1, 2, -2) or abs(number) == float("inf")
        if (count == 1 and kind is not None) or (count == 2 and not (matrix and kind in (None, "fro", "nuc"))):
            for one in axes or ():
                place(inner, "norm", one, len(found.shape or ()), found)
            text = f"Invalid `ord` argument for {'vector' if count == 1 else 'matrix'} norm. Received: ord="
            text += f"{kind if kind is not None else number}"
            raise wrong_value(refused(text), "ord", kind if kind is not None else number, found)
        return reduced(inner, "norm", found, axes, flag(keepdims), floating(found.dtype))

    return run(cx, "norm", core, (x,))


@rule("keras.ops.jvp", "keras.ops.linalg.jvp")
def jvp(cx: Context, fun: Value, primals: Value, tangents: Value, has_aux: Value | None = None) -> Value:
    """What a function gives, and its derivative in a direction, which has the same shape."""
    from foreshape.semantics.keras.operations.support import items_of

    try:
        given = items_of(cx, primals)
        if flag(has_aux):
            return cx.unknown("a function that gives more than its result")
    except OpenShape as open_shape:
        return cx.unknown(open_shape.why)
    made = cx.call(fun, given)
    return several([made, made])
