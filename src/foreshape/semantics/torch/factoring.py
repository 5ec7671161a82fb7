"""Decompositions of matrices: QR, SVD, LU, Cholesky, eigenvalues."""

# ruff: noqa: N803 (parameters have the names that PyTorch gives them)

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.extremes import dmin
from foreshape.domain.values import Array, Shape, Value, as_str
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.linalg import floats_of, matrices, needs_floats, squares, system
from foreshape.semantics.torch.results import named
from foreshape.semantics.torch.support import flag, invalid, real_dtype, tensor, wrong_rank

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _least(cx: Context, a: DimLike, b: DimLike) -> DimLike:
    return dmin(cx.resolve(a), cx.resolve(b), cx.facts)


def _complex(dtype: str | None) -> str | None:
    return {"float32": "complex64", "float64": "complex128", "float16": "complex32"}.get(dtype or "", dtype)


def _sides(cx: Context, found: tuple[Shape, DimLike, DimLike] | None) -> tuple[Shape, DimLike, DimLike, DimLike] | None:
    return None if found is None else (*found, _least(cx, found[1], found[2]))


# -- QR --------------------------------------------------------------------------------------------------------------


def _qr(cx: Context, x: Array, taker: str, mode: str, result: str) -> Value:
    sides = _sides(cx, matrices(cx, taker, x))
    needs_floats(cx, taker, x)
    if sides is None:
        return named(result, Q=tensor(cx, None, x.dtype, x), R=tensor(cx, None, x.dtype, x))
    batch, rows, columns, least = sides
    inner = rows if mode == "complete" else least
    first: Shape = (0,) if mode == "r" else (*batch, rows, inner)
    return named(
        result, Q=tensor(cx, first, x.dtype, x, strides=None if mode != "r" else "contiguous"),
        R=tensor(cx, (*batch, inner, columns), x.dtype, x, strides=None),
    )  # fmt: skip


@op("linalg.qr")
def qr(cx: Context, A: Array, mode: Value | None = None, *, out: Value | None = None) -> Value:
    """``(..., m, n)`` gives ``(..., m, k)`` and ``(..., k, n)``, k = min(m, n); "complete" has k = m."""
    word = "reduced" if mode is None else as_str(mode)
    if word is None:
        return cx.unknown("its mode is not known")
    if word not in ("reduced", "complete", "r"):
        message = f"qr received unrecognized mode '{word}' but expected one of 'reduced' (default), 'r', or 'complete'"
        raise invalid(cx, "RuntimeError", message, "mode", repr(word), A)
    return _qr(cx, A, "linalg.qr", word, "linalg_qr")


@op("qr")
def old_qr(cx: Context, input: Array, some: Value | None = None, *, out: Value | None = None) -> Value:
    """As ``torch.linalg.qr``."""
    reduced = flag(some, True)
    if reduced is None:
        return cx.unknown("its mode is not known")
    return _qr(cx, input, "linalg.qr", "reduced" if reduced else "complete", "qr")


@op("geqrf")
def geqrf(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """The packed factors, and the scalars of the reflectors."""
    if input.rank is not None and input.rank < 2:
        message = "torch.geqrf: input must have at least 2 dimensions."
        raise wrong_rank(cx, "RuntimeError", message, "geqrf", input, 2, at_least=True)
    sides = _sides(cx, matrices(cx, "geqrf", input))
    taus = None if sides is None else (*sides[0], sides[3])
    return named(
        "geqrf", a=tensor(cx, input.shape, input.dtype, input, strides=None), tau=tensor(cx, taus, input.dtype, input)
    )


@op("linalg.householder_product", "orgqr")
def householder_product(cx: Context, input: Array, tau: Array, *, out: Value | None = None) -> Value:
    """Matrices of the same size."""
    matrices(cx, "torch.linalg.householder_product", input)
    return tensor(cx, input.shape, input.dtype, input, tau, strides=None)


@op("ormqr")
def ormqr(
    cx: Context, input: Array, tau: Array, other: Array, left: Value | None = None, transpose: Value | None = None, *,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """As large as ``other``."""
    if input.rank is not None and input.rank < 2:
        message = "torch.ormqr: input must have at least 2 dimensions."
        raise wrong_rank(cx, "RuntimeError", message, "ormqr", input, 2, at_least=True)
    if input.shape is not None and tau.shape and other.shape is not None and len(other.shape) >= 2:
        size = other.shape[-2 if flag(left, True) else -1]
        if flag(left, True) is not None and not cx.equal(tau.shape[-1], _least(cx, size, input.shape[-1])):
            side = "-2" if flag(left, True) else "-1"
            message = f"torch.ormqr: tau.shape[-1] must be equal to min(other.shape[{side}], input.shape[-1])"
            raise invalid(cx, "RuntimeError", message, "tau", tau.shape, tau, input)
    return tensor(cx, other.shape, other.dtype, input, tau, other, strides=None)


# -- SVD -------------------------------------------------------------------------------------------------------------


@op("linalg.svd")
def svd(
    cx: Context, A: Array, full_matrices: Value | None = None, *, driver: Value | None = None, out: Value | None = None
) -> Value:
    """U ``(..., m, m)``, S ``(..., k)``, Vh ``(..., n, n)``; without full matrices U and Vh have k columns and rows."""
    sides = _sides(cx, matrices(cx, "linalg.svd", A))
    needs_floats(cx, "linalg.svd", A)
    full = flag(full_matrices, True)
    if sides is None or full is None:
        shapes: tuple[Shape | None, ...] = (None, None, None)
    else:
        batch, rows, columns, least = sides
        shapes = (
            (*batch, rows, rows if full else least),
            (*batch, least),
            (*batch, columns if full else least, columns),
        )
    return named(
        "linalg_svd", U=tensor(cx, shapes[0], A.dtype, A, strides=None),
        S=tensor(cx, shapes[1], real_dtype(A.dtype), A, lo=0, meta={"loose": True}),
        Vh=tensor(cx, shapes[2], A.dtype, A, strides=None),
    )  # fmt: skip


@op("svd")
def old_svd(
    cx: Context, input: Array, some: Value | None = None, compute_uv: Value | None = None, *, out: Value | None = None
) -> Value:
    """U, S and V (not its transpose)."""
    sides = _sides(cx, matrices(cx, "linalg.svd", input))
    needs_floats(cx, "linalg.svd", input)
    reduced, vectors = flag(some, True), flag(compute_uv, True)
    if sides is None or reduced is None or vectors is None:
        shapes: tuple[Shape | None, ...] = (None, None, None)
    else:
        batch, rows, columns, least = sides
        full = not reduced or not vectors
        shapes = (
            (*batch, rows, rows if full else least),
            (*batch, least),
            (*batch, columns, columns if full else least),
        )
    return named(
        "svd", U=tensor(cx, shapes[0], input.dtype, input, strides=None),
        S=tensor(cx, shapes[1], real_dtype(input.dtype), input), V=tensor(cx, shapes[2], input.dtype, input, strides=None),
    )  # fmt: skip


@op("linalg.svdvals")
def svdvals(cx: Context, A: Array, *, driver: Value | None = None, out: Value | None = None) -> Value:
    """min(m, n) numbers per matrix."""
    sides = _sides(cx, matrices(cx, "linalg.svdvals", A))
    needs_floats(cx, "linalg.svdvals", A)
    return tensor(cx, None if sides is None else (*sides[0], sides[3]), real_dtype(A.dtype), A, strides=None)


@op("svd_lowrank", method=False)
def svd_lowrank(
    cx: Context, A: Array, q: Value | None = None, niter: Value | None = None, M: Value | None = None
) -> Value:
    """U ``(..., m, q)``, S ``(..., q)``, V ``(..., n, q)``; q is 6."""
    from foreshape.domain.values import as_dim
    from foreshape.semantics.torch.results import listed

    sides = _sides(cx, matrices(cx, "svd_lowrank", A))
    count = 6 if q is None else as_dim(q)
    if sides is None or count is None:
        return listed(*(tensor(cx, None, A.dtype, A) for _ in range(3)))
    batch, rows, columns, least = sides
    size = _least(cx, count, least)
    shapes = ((*batch, rows, size), (*batch, size), (*batch, columns, size))
    return listed(*(tensor(cx, shape, A.dtype, A, strides=None) for shape in shapes))


@op("pca_lowrank", method=False)
def pca_lowrank(
    cx: Context, A: Array, q: Value | None = None, center: Value | None = None, niter: Value | None = None
) -> Value:
    """As ``svd_lowrank``; q is min(6, m, n)."""
    return svd_lowrank(cx, A, q)


# -- LU --------------------------------------------------------------------------------------------------------------


@op("linalg.lu")
def lu(cx: Context, A: Array, *, pivot: Value | None = None, out: Value | None = None) -> Value:
    """P ``(..., m, m)``, L ``(..., m, k)``, U ``(..., k, n)``."""
    sides = _sides(cx, matrices(cx, "linalg.lu", A))
    needs_floats(cx, "linalg.lu", A)
    pivots = flag(pivot, True)
    if sides is None:
        shapes: tuple[Shape | None, ...] = (None, None, None)
    else:
        batch, rows, columns, least = sides
        first: Shape | None = None if pivots is None else (*batch, rows, rows) if pivots else (0,)
        shapes = (first, (*batch, rows, least), (*batch, least, columns))
    parts = [tensor(cx, shape, A.dtype, A, strides=None) for shape in shapes]
    return named("linalg_lu", P=parts[0], L=parts[1], U=parts[2])


def _pivots(cx: Context, taker: str, x: Array) -> tuple[Array, Array, Array]:
    """The packed matrices, the pivots, and an int32 per matrix."""
    sides = _sides(cx, matrices(cx, taker, x))
    needs_floats(cx, taker, x)
    whole = tensor(cx, x.shape, x.dtype, x, strides=None)
    pivots = tensor(cx, None if sides is None else (*sides[0], sides[3]), "int32", x, differentiable=False)
    return whole, pivots, tensor(cx, None if sides is None else sides[0], "int32", x, differentiable=False)


@op("linalg.lu_factor")
def lu_factor(cx: Context, A: Array, *, pivot: Value | None = None, out: Value | None = None) -> Value:
    """The packed factors, and the pivots."""
    whole, pivots, _ = _pivots(cx, "torch.lu_factor", A)
    return named("linalg_lu_factor", LU=whole, pivots=pivots)


@op("linalg.lu_factor_ex")
def lu_factor_ex(
    cx: Context, A: Array, *, pivot: Value | None = None, check_errors: Value | None = None, out: Value | None = None
) -> Value:
    """The packed factors, the pivots, and an int32 per matrix."""
    whole, pivots, info = _pivots(cx, "torch.lu_factor", A)
    return named("linalg_lu_factor_ex", LU=whole, pivots=pivots, info=info)


@op("lu")
def old_lu(
    cx: Context, A: Array, pivot: Value | None = None, get_infos: Value | None = None, out: Value | None = None
) -> Value:
    """The packed factors, the pivots, and an int32 per matrix where asked for."""
    from foreshape.semantics.torch.results import listed

    whole, pivots, info = _pivots(cx, "torch.lu_factor", A)
    wanted = flag(get_infos)
    if wanted is None:
        return cx.unknown("get_infos is not known")
    return listed(whole, pivots, info) if wanted else listed(whole, pivots)


@op("lu_unpack", method=False)
def lu_unpack(
    cx: Context, LU_data: Array, LU_pivots: Array, unpack_data: Value | None = None, unpack_pivots: Value | None = None,
    *, out: Value | None = None,
) -> Value:  # fmt: skip
    """P, L and U; those that are not asked for are empty."""
    sides = _sides(cx, matrices(cx, "torch.lu_unpack", LU_data))
    data, pivots = flag(unpack_data, True), flag(unpack_pivots, True)
    if sides is None or data is None or pivots is None:
        shapes: tuple[Shape | None, ...] = (None, None, None)
    else:
        batch, rows, columns, least = sides
        shapes = (
            (*batch, rows, rows) if pivots else (0,),
            (*batch, rows, least) if data else (0,),
            (*batch, least, columns) if data else (0,),
        )
    parts = [tensor(cx, shape, LU_data.dtype, LU_data, strides=None) for shape in shapes]
    return named("lu_unpack", P=parts[0], L=parts[1], U=parts[2])


@op("lu_solve")
def old_lu_solve(cx: Context, b: Array, LU_data: Array, LU_pivots: Array, *, out: Value | None = None) -> Value:
    """The solutions of batches of matrices."""
    squares(cx, "torch.lu_solve", LU_data)
    return tensor(cx, system(cx, "linalg.lu_solve", LU_data, b), b.dtype, b, LU_data, strides=None)


@op("linalg.lu_solve")
def lu_solve(
    cx: Context, LU: Array, pivots: Array, B: Array, *, left: Value | None = None, adjoint: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """The solutions of batches of matrices."""
    squares(cx, "torch.linalg.lu_solve", LU)
    shape = system(cx, "linalg.lu_solve", LU, B, flag(left, True) is not False)
    return tensor(cx, shape, B.dtype, LU, B, strides=None)


@op("linalg.ldl_factor")
def ldl_factor(cx: Context, A: Array, *, hermitian: Value | None = None, out: Value | None = None) -> Value:
    """The packed factors, and the pivots."""
    squares(cx, "torch.linalg.ldl_factor_ex", A)
    whole, pivots, _ = _pivots(cx, "torch.linalg.ldl_factor", A)
    return named("linalg_ldl_factor", LD=whole, pivots=pivots)


@op("linalg.ldl_factor_ex")
def ldl_factor_ex(
    cx: Context,
    A: Array,
    *,
    hermitian: Value | None = None,
    check_errors: Value | None = None,
    out: Value | None = None,
) -> Value:
    """The packed factors, the pivots, and an int32 per matrix."""
    squares(cx, "torch.linalg.ldl_factor_ex", A)
    whole, pivots, info = _pivots(cx, "torch.linalg.ldl_factor_ex", A)
    return named("linalg_ldl_factor_ex", LD=whole, pivots=pivots, info=info)


@op("linalg.ldl_solve")
def ldl_solve(
    cx: Context, LD: Array, pivots: Array, B: Array, *, hermitian: Value | None = None, out: Value | None = None
) -> Value:
    """The solutions of batches of matrices."""
    squares(cx, "torch.linalg.ldl_solve", LD)
    return tensor(cx, system(cx, "linalg.ldl_solve", LD, B), B.dtype, LD, B, strides=None)


# -- Cholesky --------------------------------------------------------------------------------------------------------


@op("linalg.cholesky")
def cholesky(cx: Context, A: Array, *, upper: Value | None = None, out: Value | None = None) -> Value:
    """Matrices of the same size."""
    squares(cx, "linalg.cholesky", A)
    needs_floats(cx, "linalg.cholesky", A)
    return floats_of(cx, A.shape, A.dtype, A)


@op("cholesky")
def old_cholesky(cx: Context, input: Array, upper: Value | None = None, *, out: Value | None = None) -> Value:
    """Matrices of the same size."""
    squares(cx, "cholesky", input)
    return floats_of(cx, input.shape, input.dtype, input)


@op("linalg.cholesky_ex")
def cholesky_ex(
    cx: Context, A: Array, *, upper: Value | None = None, check_errors: Value | None = None, out: Value | None = None
) -> Value:
    """The factors, and an int32 per matrix."""
    found = squares(cx, "linalg.cholesky", A)
    needs_floats(cx, "linalg.cholesky", A)
    info = tensor(cx, None if found is None else found[0], "int32", A, differentiable=False)
    return named("linalg_cholesky_ex", L=floats_of(cx, A.shape, A.dtype, A), info=info)


# -- eigenvalues -----------------------------------------------------------------------------------------------------


def _values(cx: Context, taker: str, x: Array) -> Shape | None:
    found = squares(cx, taker, x)
    needs_floats(cx, taker, x)
    return None if found is None else (*found[0], found[1])


@op("linalg.eig")
def eig(cx: Context, A: Array, *, out: Value | None = None) -> Value:
    """Complex numbers ``(..., n)``, and complex vectors."""
    values = tensor(cx, _values(cx, "linalg.eig", A), _complex(A.dtype), A)
    return named("linalg_eig", eigenvalues=values, eigenvectors=floats_of(cx, A.shape, _complex(A.dtype), A))


@op("linalg.eigvals")
def eigvals(cx: Context, A: Array, *, out: Value | None = None) -> Value:
    """Complex numbers."""
    return tensor(cx, _values(cx, "linalg.eigvals", A), _complex(A.dtype), A, strides=None)


@op("linalg.eigh")
def eigh(cx: Context, A: Array, UPLO: Value | None = None, *, out: Value | None = None) -> Value:
    """Real numbers, and vectors."""
    values = tensor(cx, _values(cx, "linalg.eigh", A), real_dtype(A.dtype), A)
    return named("linalg_eigh", eigenvalues=values, eigenvectors=floats_of(cx, A.shape, A.dtype, A))


@op("linalg.eigvalsh")
def eigvalsh(cx: Context, A: Array, UPLO: Value | None = None, *, out: Value | None = None) -> Value:
    """Real numbers."""
    return tensor(cx, _values(cx, "linalg.eigvalsh", A), real_dtype(A.dtype), A, strides=None)
