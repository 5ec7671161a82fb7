"""``numpy.linalg``: shapes of inverses, decompositions, norms and solutions."""

# NumPy itself has parameters in capitals
# ruff: noqa: N803

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, dmin
from foreshape.domain.values import Array, Const, Shape, Unknown, Value, as_int, as_str
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.dtypes import kind_of, mean_dtype, promote
from foreshape.semantics.numpy.products import mismatched, not_aligned
from foreshape.semantics.numpy.reductions import Reduction, reduced
from foreshape.semantics.numpy.support import (
    flag,
    given,
    invalid,
    listed,
    made,
    named_tuple,
    resolved,
    unlike,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy.linalg."


def float_dtype(dtype: str | None) -> str | None:
    """Integers become float64."""
    return mean_dtype(dtype)


def real_dtype(dtype: str | None) -> str | None:
    return {"complex64": "float32", "complex128": "float64"}.get(dtype or "", mean_dtype(dtype))


def linalg_error(text: str, taker: str, array: Array, source: Value, recover: Value) -> Fault:
    from foreshape.faults.square_matrix import SquareMatrix

    return SquareMatrix(
        Raises("LinAlgError", text, by="numpy"), values=(source,), recover=recover, taker=taker, shape=array.shape or ()
    )


def matrix(cx: Context, a: Value, taker: str, square: bool) -> Array | Unknown:
    """A stack of matrices. LinAlgError for fewer axes, and where they have to be square and are not."""
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    if array.shape is None:
        return array
    shape = resolved(cx, array.shape)
    if len(shape) < 2:
        text = f"{len(shape)}-dimensional array given. Array must be at least two-dimensional"
        raise linalg_error(text, taker, array, a, made(None, float_dtype(array.dtype)))
    if array.dtype == "float16":
        text = "array type float16 is unsupported in linalg"
        raise invalid("a", "float16", text, a, exception="TypeError")
    if square and not cx.equal(shape[-1], shape[-2]):
        text = "Last 2 dimensions of the array must be square"
        raise linalg_error(text, taker, array, a, made(shape, float_dtype(array.dtype)))
    return array.replace(shape=resolved(cx, shape))


@rule("numpy.linalg.inv", doc=DOC + "inv.html")
def inv(cx: Context, a: Value) -> Value:
    """(..., n, n). LinAlgError where the last two axes differ."""
    found = matrix(cx, a, "inv", True)
    return made(found.shape, float_dtype(found.dtype)) if isinstance(found, Array) else found


@rule("numpy.linalg.cholesky", doc=DOC + "cholesky.html")
def cholesky(cx: Context, a: Value, /, *, upper: Value | None = None) -> Value:
    found = matrix(cx, a, "cholesky", True)
    return made(found.shape, float_dtype(found.dtype)) if isinstance(found, Array) else found


@rule("numpy.linalg.matrix_power", doc=DOC + "matrix_power.html")
def matrix_power(cx: Context, a: Value, n: Value) -> Value:
    found = matrix(cx, a, "matrix_power", True)
    if isinstance(n, Const) and isinstance(n.value, float):
        raise invalid("n", n.value, "exponent must be an integer", n, exception="TypeError")
    if isinstance(found, Unknown):
        return found
    power = as_int(n)
    return made(found.shape, found.dtype if power is not None and power >= 0 else float_dtype(found.dtype))


@rule("numpy.linalg.det", doc=DOC + "det.html")
def det(cx: Context, a: Value) -> Value:
    found = matrix(cx, a, "det", True)
    if isinstance(found, Unknown):
        return found
    return made(None if found.shape is None else found.shape[:-2], float_dtype(found.dtype))


@rule("numpy.linalg.slogdet", doc=DOC + "slogdet.html")
def slogdet(cx: Context, a: Value) -> Value:
    found = matrix(cx, a, "slogdet", True)
    if isinstance(found, Unknown):
        return found
    shape = None if found.shape is None else found.shape[:-2]
    sign, size = made(shape, float_dtype(found.dtype)), made(shape, real_dtype(found.dtype))
    return named_tuple("numpy.SlogdetResult", sign=sign, logabsdet=size)


@rule("numpy.linalg.eig", doc=DOC + "eig.html")
def eig(cx: Context, a: Value) -> Value:
    """(..., n) and (..., n, n); real or complex depends on the values."""
    found = matrix(cx, a, "eig", True)
    if isinstance(found, Unknown):
        return found
    dtype = found.dtype if kind_of(found.dtype) == "c" else None
    values = None if found.shape is None else found.shape[:-1]
    return named_tuple("numpy.EigResult", eigenvalues=made(values, dtype), eigenvectors=made(found.shape, dtype))


@rule("numpy.linalg.eigh", doc=DOC + "eigh.html")
def eigh(cx: Context, a: Value, UPLO: Value | None = None) -> Value:
    found = matrix(cx, a, "eigh", True)
    if isinstance(found, Unknown):
        return found
    values = None if found.shape is None else found.shape[:-1]
    return named_tuple(
        "numpy.EighResult", eigenvalues=made(values, real_dtype(found.dtype)),
        eigenvectors=made(found.shape, float_dtype(found.dtype)),
    )  # fmt: skip


@rule("numpy.linalg.eigvals", doc=DOC + "eigvals.html")
def eigvals(cx: Context, a: Value) -> Value:
    found = matrix(cx, a, "eigvals", True)
    if isinstance(found, Unknown):
        return found
    return made(None if found.shape is None else found.shape[:-1], found.dtype if kind_of(found.dtype) == "c" else None)


@rule("numpy.linalg.eigvalsh", doc=DOC + "eigvalsh.html")
def eigvalsh(cx: Context, a: Value, UPLO: Value | None = None) -> Value:
    found = matrix(cx, a, "eigvalsh", True)
    if isinstance(found, Unknown):
        return found
    return made(None if found.shape is None else found.shape[:-1], real_dtype(found.dtype))


@rule("numpy.linalg.svd", doc=DOC + "svd.html")
def svd(
    cx: Context, a: Value, full_matrices: Value | None = None, compute_uv: Value | None = None,
    hermitian: Value | None = None,
) -> Value:  # fmt: skip
    """(..., m, m), (..., k), (..., n, n); with ``full_matrices=False`` k in place of m and n."""
    found = matrix(cx, a, "svd", False)
    if isinstance(found, Unknown):
        return found
    whole, both = flag(full_matrices, True), flag(compute_uv, True)
    dtype, real = float_dtype(found.dtype), real_dtype(found.dtype)
    if found.shape is None or whole is None or both is None:
        if not both:
            return made(None, real)
        return named_tuple("numpy.SVDResult", U=made(None, dtype), S=made(None, real), Vh=made(None, dtype))
    *batch, m, n = found.shape
    k = dmin(m, n, cx.facts)
    values = made((*batch, k), real, 0)
    if not both:
        return values
    u = (*batch, m, m if whole else k)
    vh = (*batch, n if whole else k, n)
    return named_tuple("numpy.SVDResult", U=made(u, dtype), S=values, Vh=made(vh, dtype))


@rule("numpy.linalg.svdvals", since="2", doc=DOC + "svdvals.html")
def svdvals(cx: Context, x: Value, /) -> Value:
    return svd(cx, x, compute_uv=Const(False))


@rule("numpy.linalg.qr", doc=DOC + "qr.html")
def qr(cx: Context, a: Value, mode: Value | None = None) -> Value:
    """(..., m, k) and (..., k, n); "complete" has m in place of k."""
    found = matrix(cx, a, "qr", False)
    if isinstance(found, Unknown):
        return found
    how = "reduced" if mode is None else as_str(mode)
    dtype = float_dtype(found.dtype)
    if found.shape is None or how not in ("reduced", "complete", "r"):
        return cx.unknown("this mode of qr is not modelled")
    *batch, m, n = found.shape
    k: DimLike = m if how == "complete" else dmin(m, n, cx.facts)
    if how == "r":
        return made((*batch, k, n), dtype)
    return named_tuple("numpy.QRResult", Q=made((*batch, m, k), dtype), R=made((*batch, k, n), dtype))


@rule("numpy.linalg.pinv", doc=DOC + "pinv.html")
def pinv(
    cx: Context, a: Value, rcond: Value | None = None, hermitian: Value | None = None, *, rtol: Value | None = None
) -> Value:
    """(..., n, m)."""
    found = matrix(cx, a, "pinv", False)
    if isinstance(found, Unknown):
        return found
    shape = None if found.shape is None else (*found.shape[:-2], found.shape[-1], found.shape[-2])
    return made(shape, float_dtype(found.dtype))


@rule("numpy.linalg.matrix_rank", doc=DOC + "matrix_rank.html")
def matrix_rank(
    cx: Context,
    A: Value,
    tol: Value | None = None,
    hermitian: Value | None = None,
    *,
    rtol: Value | None = None,
) -> Value:
    array = as_array(cx, A)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    shape = None if array.shape is None else array.shape[:-2]
    return made(shape, "int64", 0)


@rule("numpy.linalg.cond", doc=DOC + "cond.html")
def cond(cx: Context, x: Value, p: Value | None = None) -> Value:
    found = matrix(cx, x, "cond", False)
    if isinstance(found, Unknown):
        return found
    return made(None if found.shape is None else found.shape[:-2], real_dtype(found.dtype))


@rule("numpy.linalg.solve", doc=DOC + "solve.html")
def solve(cx: Context, a: Value, b: Value) -> Value:
    """a is (..., n, n); b a vector of n (a matrix of n rows)."""
    left = matrix(cx, a, "solve", True)
    right = as_array(cx, b)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return cx.unknown("it is made from something that is not known")
    dtype = float_dtype(promote(left.dtype, right.dtype))
    if left.shape is None or right.shape is None or not right.shape:
        return made(right.shape, dtype)
    x, y = resolved(cx, left.shape), resolved(cx, right.shape)
    vector = len(y) == 1 if cx.targets.at_least("numpy", "2") else len(y) == len(x) - 1
    rows = y[-1] if vector else y[-2]
    if not cx.equal(x[-1], rows):
        name, signature = ("solve1", "(m,m),(m)->(m)") if vector else ("solve", "(m,m),(m,n)->(m,n)")
        text = (
            f"{name}: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature {signature} "
            f"(size {rows} is different from {x[-1]})"
        )
        raise mismatched("solve", text, x, y, (a, b), dtype)
    if vector:
        return made((*x[:-2], x[-1]), dtype)
    from foreshape.semantics.shared.broadcast import broadcast_shapes

    batch = broadcast_shapes(x[:-2], y[:-2], facts=cx.facts)
    return made((*batch.shape, *y[-2:]) if batch.failed is None else None, dtype)


@rule("numpy.linalg.lstsq", doc=DOC + "lstsq.html")
def lstsq(cx: Context, a: Value, b: Value, rcond: Value | None = None) -> Value:
    """a is (m, n), b (m,) or (m, k): the solution is (n,) or (n, k), with residuals, rank and singular values."""
    left, right = as_array(cx, a), as_array(cx, b)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return cx.unknown("it is made from something that is not known")
    dtype = float_dtype(promote(left.dtype, right.dtype))
    rank = made((), "int32", 0)
    if left.shape is None or right.shape is None or not right.shape:
        return listed(
            "tuple", (made(None, dtype), made((cx.fresh(lo=0),), dtype), rank, made((cx.fresh(lo=0),), dtype))
        )
    if len(left.shape) != 2:
        text = f"{len(left.shape)}-dimensional array given. Array must be two-dimensional"
        raise linalg_error(text, "lstsq", left, a, made(None, dtype))
    x, y = resolved(cx, left.shape), resolved(cx, right.shape)
    if not cx.equal(x[0], y[0]):
        raise linalg_error("Incompatible dimensions", "lstsq", left, a, made(None, dtype))
    singular = made((dmin(x[0], x[1], cx.facts),), real_dtype(dtype), 0)
    return listed("tuple", (made((x[1], *y[1:]), dtype), made((cx.fresh(lo=0),), real_dtype(dtype)), rank, singular))


@rule("numpy.linalg.norm", doc=DOC + "norm.html")
def norm(
    cx: Context, x: Value, ord: Value | None = None, axis: Value | None = None, keepdims: Value | None = None
) -> Value:
    """Over one axis or two; over all where none is given."""
    how = Reduction("norm", real_dtype, lambda array, count: (0, None), numbers=False)
    found = reduced(cx, how, x, axis, None, keepdims)
    if isinstance(found, Array) and given(ord) and kind_of(found.dtype) == "":
        return made(found.shape, None)
    return found


@rule("numpy.linalg.vector_norm", since="2", doc=DOC + "vector_norm.html")
def vector_norm(
    cx: Context, x: Value, /, *, axis: Value | None = None, keepdims: Value | None = None, ord: Value | None = None
) -> Value:
    return norm(cx, x, ord, axis, keepdims)


@rule("numpy.linalg.matrix_norm", since="2", doc=DOC + "matrix_norm.html")
def matrix_norm(cx: Context, x: Value, /, *, keepdims: Value | None = None, ord: Value | None = None) -> Value:
    return norm(cx, x, ord, listed("tuple", (Const(-2), Const(-1))), keepdims)


@rule("numpy.linalg.multi_dot", doc=DOC + "multi_dot.html")
def multi_dot(cx: Context, arrays: Value, *, out: Value | None = None) -> Value:
    contents = cx.iterate(arrays)
    items = None if contents is None else contents.items(32)
    if items is None or len(items) < 2:
        return cx.unknown("the matrices are not known")
    result = items[0]
    for item in items[1:]:
        left, right = as_array(cx, result), as_array(cx, item)
        if isinstance(left, Array) and isinstance(right, Array) and left.shape and right.shape:
            inner = right.shape[-2] if len(right.shape) > 1 else right.shape[0]
            if not cx.equal(left.shape[-1], inner):
                first = as_array(cx, items[0])
                x = (first.shape or ()) if isinstance(first, Array) and item is items[1] else left.shape
                raise mismatched("multi_dot", not_aligned(x, right.shape), x, right.shape, (arrays,), left.dtype)
        result = cx.rule("numpy.dot", result, item)
    return result


@rule("numpy.linalg.tensorinv", "numpy.linalg.tensorsolve", doc=DOC + "tensorsolve.html")
def tensorsolve(
    cx: Context, a: Value, b: Value | None = None, axes: Value | None = None, ind: Value | None = None
) -> Value:
    if b is not None:
        left, right = as_array(cx, a), as_array(cx, b)
        if isinstance(left, Array) and isinstance(right, Array) and left.shape is not None and right.shape is not None:
            dtype = float_dtype(promote(left.dtype, right.dtype))
            return made(left.shape[len(right.shape) :], dtype) if axes is None else made(None, dtype)
    array = as_array(cx, a)
    return made(None, float_dtype(array.dtype)) if isinstance(array, Array) else unlike(cx, array)


@rule("numpy.linalg.diagonal", since="2", doc=DOC + "diagonal.html")
def diagonal(cx: Context, x: Value, /, *, offset: Value | None = None) -> Value:
    return cx.rule("numpy.diagonal", x, offset or Const(0), Const(-2), Const(-1))


Shapes = tuple[Shape, ...]
