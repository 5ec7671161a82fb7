"""Factors and solutions of ``scipy.linalg``. What it says of matrices that do not fit is not told.

https://docs.scipy.org/doc/scipy/reference/linalg.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, dmin
from foreshape.domain.values import Array, Typed, Unknown, Value, as_str
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.support import flag, given, listed, made
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context

REAL = {"complex64": "float32", "complex128": "float64"}


def _dtype(array: Array) -> str | None:
    """Of what is made of a matrix: ints become float64; None for what LAPACK does not know."""
    if array.dtype in ("float32", "complex64", "complex128"):
        return array.dtype
    return "float64" if array.dtype in ("float64", "int64", "int32", "bool") else None


def _matrices(cx: Context, a: Value) -> tuple[Shape, str | None] | None:
    """The shape of a matrix, or of several, and the dtype of what is made of it; None where it is not known."""
    array = as_array(cx, a)
    if isinstance(array, Unknown) or array.shape is None or len(array.shape) < 2:
        return None
    return array.shape, _dtype(array)


def _matrix(cx: Context, a: Value) -> tuple[DimLike, DimLike, str | None] | None:
    """Rows, columns and dtype of a single matrix."""
    found = _matrices(cx, a)
    return None if found is None or len(found[0]) != 2 else (*found[0], found[1])


@rule("scipy.linalg.cholesky", "scipy.linalg.inv", "scipy.linalg.expm")
def same(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
    """A matrix of the same shape."""
    found = _matrices(cx, a)
    return cx.unknown("the matrix is not known") if found is None else made(*found)


@rule("scipy.linalg.sqrtm", "scipy.linalg.logm")
def root(cx: Context, A: Value, *args: Value, **kwargs: Value) -> Value:
    """The same shape; complex where it has to be. With ``disp=False`` an estimate of the error as well."""
    found = None if args or kwargs else _matrices(cx, A)
    return cx.unknown("the matrix is not known") if found is None else made(found[0], None)


@rule("scipy.linalg.eigvalsh")
def eigvalsh(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
    """One number for each row."""
    found = None if args or kwargs else _matrix(cx, a)
    if found is None:
        return cx.unknown("how many values there are is not known")
    return made((found[0],), REAL.get(found[2] or "", found[2]))


@rule("scipy.linalg.eigh")
def eigh(cx: Context, a: Value, b: Value | None = None, **kwargs: Value) -> Value:
    """(values, vectors)."""
    found = None if kwargs else _matrix(cx, a)
    if found is None:
        return cx.unknown("the eigenvalues are not known")
    rows, columns, dtype = found
    return listed("tuple", [made((rows,), REAL.get(dtype or "", dtype)), made((rows, columns), dtype)])


@rule("scipy.linalg.eig")
def eig(
    cx: Context, a: Value, b: Value | None = None, left: Value | None = None, right: Value | None = None,
    overwrite_a: Value | None = None, overwrite_b: Value | None = None, check_finite: Value | None = None,
    homogeneous_eigvals: Value | None = None,
) -> Value:  # fmt: skip
    """(values, vectors): complex values; vectors that are complex where they have to be."""
    found = None if given(left) or given(homogeneous_eigvals) else _matrix(cx, a)
    vectors = flag(right, True)
    if found is None or vectors is None:
        return cx.unknown("the eigenvalues are not known")
    rows, columns, dtype = found
    values = made((rows,), {"float32": "complex64", "float64": "complex128"}.get(dtype or "", dtype))
    return listed("tuple", [values, made((rows, columns), None)]) if vectors else values


@rule("scipy.linalg.svdvals")
def svdvals(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
    """As many as the shorter side is long."""
    found = _matrix(cx, a)
    if found is None:
        return cx.unknown("how many values there are is not known")
    rows, columns, dtype = found
    return made((dmin(rows, columns, cx.facts),), REAL.get(dtype or "", dtype))


@rule("scipy.linalg.svd")
def svd(
    cx: Context, a: Value, full_matrices: Value | None = None, compute_uv: Value | None = None, **kwargs: Value
) -> Value:
    """(m, m), (k,), (n, n); with ``full_matrices=False`` k in place of m and n."""
    found, whole, both = _matrix(cx, a), flag(full_matrices, True), flag(compute_uv, True)
    if found is None or whole is None or both is None:
        return cx.unknown("the factors of the matrix are not known")
    rows, columns, dtype = found
    short = dmin(rows, columns, cx.facts)
    values = made((short,), REAL.get(dtype or "", dtype))
    if not both:
        return values
    left, right = (rows, columns) if whole else (short, short)
    return listed("tuple", [made((rows, left), dtype), values, made((right, columns), dtype)])


@rule("scipy.linalg.qr")
def qr(
    cx: Context, a: Value, overwrite_a: Value | None = None, lwork: Value | None = None, mode: Value | None = None,
    pivoting: Value | None = None, check_finite: Value | None = None,
) -> Value:  # fmt: skip
    """(m, m) and (m, n), ``economic`` with k in place of m; the order of the columns where they are sorted."""
    found, order = _matrix(cx, a), flag(pivoting)
    how = "full" if mode is None else as_str(mode)
    if found is None or order is None or how not in ("full", "r", "economic"):
        return cx.unknown("the factors of the matrix are not known")
    rows, columns, dtype = found
    inner = dmin(rows, columns, cx.facts) if how == "economic" else rows
    parts = (
        [made((inner, columns), dtype)] if how == "r" else [made((rows, inner), dtype), made((inner, columns), dtype)]
    )
    return listed("tuple", [*parts, made((columns,), "int32")] if order else parts)


@rule("scipy.linalg.lu")
def lu(
    cx: Context, a: Value, permute_l: Value | None = None, overwrite_a: Value | None = None,
    check_finite: Value | None = None, p_indices: Value | None = None,
) -> Value:  # fmt: skip
    """(m, m), (m, k), (k, n); without the first where the rows are put in order at once."""
    found, short, numbers = _matrix(cx, a), flag(permute_l), flag(p_indices)
    if found is None or short is None or numbers is None:
        return cx.unknown("the factors of the matrix are not known")
    rows, columns, dtype = found
    inner = dmin(rows, columns, cx.facts)
    parts = [made((rows, inner), dtype), made((inner, columns), dtype)]
    order = made((rows,), None) if numbers else made((rows, rows), REAL.get(dtype or "", dtype))
    return listed("tuple", parts if short else [order, *parts])


@rule("scipy.linalg.lu_factor")
def lu_factor(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
    """Both factors in one matrix, and the order of the rows."""
    found = _matrix(cx, a)
    if found is None:
        return cx.unknown("the factors of the matrix are not known")
    rows, columns, dtype = found
    return listed("tuple", [made((rows, columns), dtype), made((dmin(rows, columns, cx.facts),), "int32")])


@rule("scipy.linalg.cho_factor")
def cho_factor(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
    """The factor, and whether it is the lower one."""
    found = _matrices(cx, a)
    factor = cx.unknown("the matrix is not known") if found is None else made(*found)
    return listed("tuple", [factor, Typed("bool")])


@rule("scipy.linalg.schur")
def schur(cx: Context, a: Value, *args: Value, **kwargs: Value) -> Value:
    """Two matrices of the same shape."""
    found = None if args or kwargs else _matrix(cx, a)
    if found is None:
        return cx.unknown("the factors of the matrix are not known")
    rows, columns, dtype = found
    return listed("tuple", [made((rows, columns), dtype), made((rows, columns), dtype)])


@rule("scipy.linalg.det")
def det(cx: Context, a: Value, **kwargs: Value) -> Value:
    found = _matrices(cx, a)
    if found is None:
        return cx.unknown("the matrix is not known")
    return made(found[0][:-2], "float64" if found[1] == "float64" else None)


@rule("scipy.linalg.pinv")
def pinv(cx: Context, a: Value, **kwargs: Value) -> Value:
    """(n, m)."""
    found = None if given(kwargs.get("return_rank")) else _matrices(cx, a)
    if found is None:
        return cx.unknown("the matrix is not known")
    *batch, rows, columns = found[0]
    return made((*batch, columns, rows), found[1])


@rule("scipy.linalg.norm")
def norm(
    cx: Context, a: Value, ord: Value | None = None, axis: Value | None = None, keepdims: Value | None = None,
    check_finite: Value | None = None,
) -> Value:  # fmt: skip
    """As NumPy's."""
    options = {"ord": ord, "axis": axis, "keepdims": keepdims}
    return cx.rule("numpy.linalg.norm", a, **{key: value for key, value in options.items() if value is not None})


@rule("scipy.linalg.solve", "scipy.linalg.solve_triangular", "scipy.linalg.cho_solve")
def solve(cx: Context, a: Value, b: Value, *args: Value, **kwargs: Value) -> Value:
    """The shape of the right side."""
    right = as_array(cx, b)
    if isinstance(right, Unknown) or right.shape is None or len(right.shape) > 2:
        return cx.unknown("the right side is not known")
    return made(right.shape, "float64" if right.dtype == "float64" else None)


@rule("scipy.linalg.lstsq")
def lstsq(cx: Context, a: Value, b: Value, **kwargs: Value) -> Value:
    """(solution, residuals, rank, singular values): for m equations of n unknowns the solution has n rows."""
    found, right = _matrix(cx, a), as_array(cx, b)
    if found is None or isinstance(right, Unknown) or not right.shape:
        return cx.unknown("the equations are not known")
    rows, columns, dtype = found
    dtype = dtype if right.dtype == "float64" == dtype else None
    parts = [made((columns, *right.shape[1:]), dtype), cx.unknown("the residuals"), Typed("int", lo=0)]
    return listed("tuple", [*parts, made((dmin(rows, columns, cx.facts),), dtype)])


@rule("scipy.linalg.toeplitz")
def toeplitz(cx: Context, c: Value, r: Value | None = None) -> Value:
    """A row for each of c, a column for each of r."""
    down = as_array(cx, c)
    across = as_array(cx, r) if r is not None and given(r) else down
    if isinstance(down, Unknown) or isinstance(across, Unknown) or down.shape is None or across.shape is None:
        return cx.unknown("the first row and column are not known")
    if len(down.shape) != 1 or len(across.shape) != 1:
        return cx.unknown("the first row and column are not vectors")
    return made((*down.shape, *across.shape), down.dtype if down.dtype == across.dtype else None)


@rule("scipy.linalg.block_diag")
def block_diag(cx: Context, *arrs: Value) -> Value:
    """As many rows and columns as all together; a vector is one row."""
    blocks = [as_array(cx, one) for one in arrs]
    shapes = [
        one.shape for one in blocks if isinstance(one, Array) and one.shape is not None and 1 <= len(one.shape) <= 2
    ]
    if len(shapes) != len(blocks) or not shapes:
        return cx.unknown("the blocks are not known")
    rows: DimLike = sum((shape[0] if len(shape) == 2 else 1 for shape in shapes), 0)
    columns: DimLike = sum((shape[-1] for shape in shapes), 0)
    dtypes = {one.dtype for one in blocks if isinstance(one, Array)}
    return made((rows, columns), dtypes.pop() if len(dtypes) == 1 else None)
