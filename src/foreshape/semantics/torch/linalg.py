"""Linear algebra on batches of matrices: norms, determinants, inverses, solvers. Decompositions are in ``factoring``."""

# ruff: noqa: N803 (parameters have the names that PyTorch gives them)

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.compare import ge
from foreshape.domain.dim import DimLike, product
from foreshape.domain.extremes import dmin
from foreshape.domain.values import Array, Const, Shape, Value, as_dim, as_int, as_str
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.products import mismatched, same_dtype
from foreshape.semantics.torch.reducing import no_elements, reduced
from foreshape.semantics.torch.results import named
from foreshape.semantics.torch.support import (
    as_tensor,
    axes_in,
    broadcast,
    dtype_argument,
    error,
    flag,
    given,
    ints,
    invalid,
    is_integral,
    not_implemented,
    real_dtype,
    scalar_name,
    tensor,
    unknown_tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- what matrices must be -------------------------------------------------------------------------------------------


def needs_floats(cx: Context, taker: str, *arrays: Array) -> None:
    """RuntimeError for integers and bools."""
    for array in arrays:
        if is_integral(array.dtype):
            message = f"{taker}: Expected a floating point or complex tensor as input. Got {scalar_name(array.dtype)}"
            raise wrong_dtype(cx, "RuntimeError", message, taker, array, wanted="float32")


def matrices(cx: Context, taker: str, x: Array, name: str = "A") -> tuple[Shape, DimLike, DimLike] | None:
    """(batch, rows, columns); None where the rank is not known. RuntimeError below two axes."""
    if x.shape is None:
        return None
    if len(x.shape) < 2:
        message = f"{taker}: The input tensor {name} must have at least 2 dimensions."
        raise wrong_rank(cx, "RuntimeError", message, taker, x, 2, at_least=True)
    return x.shape[:-2], cx.resolve(x.shape[-2]), cx.resolve(x.shape[-1])


def squares(cx: Context, taker: str, x: Array, name: str = "A") -> tuple[Shape, DimLike] | None:
    """(batch, size) of square matrices; RuntimeError for others."""
    found = matrices(cx, taker, x, name)
    if found is None:
        return None
    batch, rows, columns = found
    if not cx.equal(rows, columns):
        from foreshape.faults.square_matrix import SquareMatrix

        message = f"{taker}: {name} must be batches of square matrices, but they are {rows} by {columns} matrices"
        raise SquareMatrix(error(cx, "RuntimeError", message), values=(x,), taker=taker, shape=x.shape or ())
    return batch, cx.resolve(rows)


def floats_of(cx: Context, shape: Shape | None, dtype: str | None, *sources: Array) -> Array:
    """A result whose order in memory is not known: LAPACK writes columns."""
    strides = "contiguous" if shape is not None and len(shape) < 2 else None
    return tensor(cx, shape, dtype, *sources, strides=strides)


# -- norms -----------------------------------------------------------------------------------------------------------


def _norm_dtype(cx: Context, taker: str, x: Array, dtype: Value | None) -> str | None:
    needs_floats(cx, taker, x)
    return real_dtype(dtype_argument(cx, dtype, x.dtype, taker))


def vector_norm_of(
    cx: Context, x: Array, order: Value | None, dim: Value | None, keepdim: Value | None, dtype: Value | None
) -> Value:
    """A norm over axes, all of them where none is named."""
    wanted = _norm_dtype(cx, "linalg.vector_norm", x, dtype)
    left = reduced(cx, "linalg.vector_norm", x, dim, keepdim)
    number = order.value if isinstance(order, Const) else None
    if isinstance(number, (int, float)) and (number < 0 or number == float("inf")) and no_elements(cx, x):
        _no_norm(cx, x, left.axes, given(dim) and ints(cx, dim) != (), number)
    return tensor(cx, left.shape, wanted, x, roles=left.roles, strides=left.strides, lo=0, meta={"loose": True})


def _no_norm(cx: Context, x: Array, axes: tuple[int, ...] | None, by_axis: bool, number: float) -> None:
    word = f"{number:g}" if number != float("inf") else "inf"
    if not by_axis:
        message = (
            f"linalg.vector_norm cannot compute the {word} norm on an empty tensor because the operation does not have an "
            "identity"
        )
        raise invalid(cx, "RuntimeError", message, "ord", number, x)
    for axis in axes or ():
        if x.shape and cx.resolve(x.shape[axis]) == 0:
            message = (
                f"linalg.vector_norm cannot compute the {word} norm on the dimension {axis}because this dimension is empty "
                "and the operation does not have an identity"
            )
            raise invalid(cx, "RuntimeError", message, "ord", number, x)


@op("linalg.vector_norm")
def vector_norm(
    cx: Context, x: Array, ord: Value | None = None, dim: Value | None = None, keepdim: Value | None = None, *,
    dtype: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """Of all elements, or over axes."""
    return vector_norm_of(cx, x, ord, dim, keepdim, dtype)


def matrix_norm_of(
    cx: Context, x: Array, order: Value | None, dim: Value | None, keepdim: Value | None, dtype: Value | None
) -> Value:
    """A norm over two axes (the last)."""
    taker = "linalg.matrix_norm"
    found = matrices(cx, taker, x)
    wanted = _norm_dtype(cx, taker, x, dtype)
    word = as_str(order)
    if word is not None and word not in ("fro", "nuc"):
        raise invalid(cx, "RuntimeError", f"linalg.matrix_norm: Order {word} not supported.", "ord", repr(word), x)
    axes = ints(cx, dim) if given(dim) else (-2, -1)
    if found is None or axes is None:
        return tensor(cx, None, wanted, x)
    if len(axes) != 2:
        message = f"linalg.matrix_norm: dim must be a 2-tuple. Got {' '.join(map(str, axes))}"
        raise invalid(cx, "RuntimeError", message, "dim", axes, x)
    from foreshape.domain.contents import Contents
    from foreshape.domain.values import Sequence

    pair = Sequence("tuple", Contents(tuple(Const(axis) for axis in axes)))
    left = reduced(cx, taker, x, pair, keepdim)
    return tensor(cx, left.shape, wanted, x, roles=left.roles, strides=None, lo=0, meta={"loose": True})


@op("linalg.matrix_norm")
def matrix_norm(
    cx: Context, input: Array, ord: Value | None = None, dim: Value | None = None, keepdim: Value | None = None, *,
    dtype: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """Over two axes."""
    return matrix_norm_of(cx, input, ord, dim, keepdim, dtype)


@op("linalg.norm")
def norm(
    cx: Context, input: Array, ord: Value | None = None, dim: Value | None = None, keepdim: Value | None = None, *,
    out: Value | None = None, dtype: Value | None = None,
) -> Value:  # fmt: skip
    """A vector norm over one axis (or all), a matrix norm over two."""
    axes = ints(cx, dim) if given(dim) else None
    if given(dim) and axes is None:
        return vector_norm_of(cx, input, ord, dim, keepdim, dtype)
    if given(ord):
        rank = input.rank
        if axes is None and rank is not None and rank not in (1, 2):
            message = f"linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got {rank}D."
            raise wrong_rank(cx, "RuntimeError", message, "linalg.norm", input, 2)
        if axes is not None and len(axes) not in (1, 2):
            message = f"linalg.norm: If dim is specified, it must be of length 1 or 2. Got {list(axes)}"
            raise invalid(cx, "RuntimeError", message, "dim", axes, input)
        if (axes is not None and len(axes) == 2) or (axes is None and rank == 2) or as_str(ord) is not None:
            return matrix_norm_of(cx, input, ord, dim, keepdim, dtype)
    return vector_norm_of(cx, input, ord, dim, keepdim, dtype)


@op("norm")
def old_norm(
    cx: Context, input: Array, p: Value | None = None, dim: Value | None = None, keepdim: Value | None = None,
    out: Value | None = None, dtype: Value | None = None,
) -> Value:  # fmt: skip
    """``torch.norm``: p is a number, "fro" (over any axes) or "nuc" (over two)."""
    word = "fro" if p is None else as_str(p)
    if word == "nuc":
        return matrix_norm_of(cx, input, p, dim, keepdim, dtype)
    if word is not None and word != "fro":
        raise invalid(cx, "RuntimeError", f"linalg.matrix_norm: Order {word} not supported.", "p", repr(word), input)
    return vector_norm_of(cx, input, None if word else p, dim, keepdim, dtype)


@op("nuclear_norm", method=False)
def nuclear_norm(
    cx: Context, input: Array, dim: Value | None = None, keepdim: Value | None = None, *, out: Value | None = None
) -> Value:
    """Over two axes (the last)."""
    return matrix_norm_of(cx, input, Const("nuc"), dim, keepdim, None)


@op("linalg.cond")
def cond(cx: Context, input: Array, p: Value | None = None, *, out: Value | None = None) -> Value:
    """A number per matrix. Square matrices but for the norms 2 and -2."""
    found = matrices(cx, "linalg.cond", input)
    needs_floats(cx, "linalg.cond", input)
    number = p.value if isinstance(p, Const) else None
    if given(p) and number not in (2, -2, 2.0, -2.0):
        word = number if isinstance(number, str) else f"{number:g}" if isinstance(number, (int, float)) else "?"
        squares(cx, f"linalg.cond(ord={word})", input)
    return tensor(cx, None if found is None else found[0], real_dtype(input.dtype), input)


@op("linalg.matrix_rank")
def matrix_rank(
    cx: Context, A: Array, tol: Value | None = None, hermitian: Value | None = None, *, atol: Value | None = None,
    rtol: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """int64 per matrix."""
    found = matrices(cx, "torch.linalg.matrix_rank", A, "input")
    needs_floats(cx, "linalg.matrix_rank", A)
    batch = None if found is None else found[0]
    limit = as_tensor(cx, tol)
    if limit is not None and batch is not None and limit.shape:
        batch = broadcast(cx, "matrix_rank", tensor(cx, batch, "int64"), limit)
    for bound in (as_tensor(cx, atol), as_tensor(cx, rtol)):
        if bound is not None and batch is not None and bound.shape:
            batch = broadcast(cx, "matrix_rank", tensor(cx, batch, "int64"), bound)
    return tensor(cx, batch, "int64", A, lo=0, meta={"loose": True}, differentiable=False)


REMOVED: Final = {
    "matrix_rank": (
        "\nPlease use the `torch.linalg.matrix_rank` function instead. The parameter 'symmetric' was renamed in "
        "`torch.linalg.matrix_rank()` to 'hermitian'."
    ),
    "solve": (
        " `torch.solve` is deprecated in favor of `torch.linalg.solve`. `torch.linalg.solve` has its arguments reversed and "
        "does not return the LU factorization."
    ),
    "eig": (
        " `torch.linalg.eig` returns complex tensors of dtype `cfloat` or `cdouble` rather than real tensors mimicking "
        "complex tensors."
    ),
    "symeig": (
        " The default behavior has changed from using the upper triangular portion of the matrix by default to using the "
        "lower triangular portion."
    ),
    "lstsq": (
        " `torch.lstsq` is deprecated in favor of `torch.linalg.lstsq`.\n`torch.linalg.lstsq` has reversed arguments and "
        "does not return the QR decomposition in the returned tuple (although it returns other information about the "
        "problem)."
    ),
}
"""Functions that are gone since PyTorch 2, and what it says of them after the first sentence."""


def _declare_removed(name: str, text: str) -> None:
    def run(cx: Context, *args: Value, **kwargs: Value) -> Value:
        """RuntimeError."""
        message = f"This function was deprecated since version 1.9 and is now removed.{text}"
        raise invalid(cx, "RuntimeError", message, "function", f"torch.{name}", *args[:1])

    rule(f"torch.{name}", since="2")(run)
    if name != "matrix_rank":
        rule(f"torch.Tensor.{name}", since="2")(run)


for _name, _text in REMOVED.items():
    _declare_removed(_name, _text)


# -- determinants and inverses ---------------------------------------------------------------------------------------


@op("linalg.det")
def linalg_det(cx: Context, A: Array, *, out: Value | None = None) -> Value:
    """A number per matrix."""
    return _determinant(cx, A)


@op("det")
def det(cx: Context, input: Array) -> Value:
    """A number per matrix."""
    return _determinant(cx, input)


def _determinant(cx: Context, x: Array, taker: str = "linalg.det") -> Value:
    found = squares(cx, taker, x)
    needs_floats(cx, taker, x)
    return tensor(cx, None if found is None else found[0], x.dtype, x)


@op("logdet")
def logdet(cx: Context, input: Array) -> Value:
    """A number per matrix."""
    return _determinant(cx, input, "logdet")


@op("linalg.slogdet", "slogdet")
def slogdet(cx: Context, A: Array, *, out: Value | None = None) -> Value:
    """The sign and the logarithm of a determinant per matrix."""
    found = squares(cx, "linalg.slogdet", A)
    needs_floats(cx, "linalg.slogdet", A)
    batch = None if found is None else found[0]
    return named(
        "linalg_slogdet", sign=tensor(cx, batch, A.dtype, A), logabsdet=tensor(cx, batch, real_dtype(A.dtype), A)
    )


@op("linalg.inv", "inverse")
def inv(cx: Context, A: Array, *, out: Value | None = None) -> Value:
    """Matrices of the same size."""
    squares(cx, "linalg.inv", A)
    needs_floats(cx, "linalg.inv", A)
    return floats_of(cx, A.shape, A.dtype, A)


@op("linalg.inv_ex")
def inv_ex(cx: Context, A: Array, *, check_errors: Value | None = None, out: Value | None = None) -> Value:
    """The inverses, and an int32 per matrix."""
    found = squares(cx, "linalg.inv_ex", A)
    needs_floats(cx, "linalg.inv_ex", A)
    info = tensor(cx, None if found is None else found[0], "int32", A)
    return named("linalg_inv_ex", inverse=floats_of(cx, A.shape, A.dtype, A), info=info)


@op("linalg.pinv", "pinverse")
def pinv(
    cx: Context, A: Array, rcond: Value | None = None, hermitian: Value | None = None, *, atol: Value | None = None,
    rtol: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """``(..., m, n)`` gives ``(..., n, m)``."""
    if flag(hermitian):
        squares(cx, "linalg.pinv", A)
    found = matrices(cx, "linalg.pinv", A)
    needs_floats(cx, "linalg.pinv", A)
    shape = None if found is None else (*found[0], found[2], found[1])
    return floats_of(cx, shape, A.dtype, A)


@op("linalg.matrix_power", "matrix_power")
def matrix_power(cx: Context, A: Array, n: Value, *, out: Value | None = None) -> Value:
    """Matrices of the same size."""
    squares(cx, "linalg.matrix_power", A)
    count = as_int(n)
    if count is None or count < 0:
        needs_floats(cx, "linalg.inv", A)
    return floats_of(cx, A.shape, A.dtype, A)


@op("linalg.matrix_exp", "matrix_exp")
def matrix_exp(cx: Context, A: Array) -> Value:
    """Matrices of the same size."""
    squares(cx, "linalg.matrix_exp", A)
    needs_floats(cx, "linalg.matrix_exp", A)
    return floats_of(cx, A.shape, A.dtype, A)


@op("trace")
def trace(cx: Context, input: Array) -> Value:
    """The sum of the diagonal of one matrix; int64 of integers."""
    if input.rank is not None and input.rank != 2:
        message = f"trace: expected a matrix, but got tensor with dim {input.rank}"
        raise wrong_rank(cx, "RuntimeError", message, "trace", input, 2)
    if input.dtype == "bool":
        raise not_implemented(cx, "trace", input, "trace")
    return tensor(cx, (), "int64" if is_integral(input.dtype) else input.dtype, input)


# -- solvers ---------------------------------------------------------------------------------------------------------


def system(cx: Context, taker: str, a: Array, b: Array, left: bool = True) -> Shape | None:
    """The shape of the solution of ``AX = B`` (or ``XA = B``) for batches of matrices that are broadcast."""
    first, second = matrices(cx, taker, a), matrices(cx, taker, b, "B")
    if first is None or second is None:
        return None
    size = first[1]
    if not cx.equal(size, second[1] if left else second[2]):
        equation = "AX = B" if left else "XA = B"
        message = (
            f"{taker}: Incompatible shapes of A and B for the equation {equation} ({first[1]}x{first[2]} and "
            f"{second[1]}x{second[2]})"
        )
        raise mismatched(cx, message, taker, a, b, -1, -2 if left else -1)
    batch = broadcast(cx, taker, tensor(cx, first[0], a.dtype), tensor(cx, second[0], b.dtype))
    return None if batch is None else (*batch, second[1], second[2])


def solution(cx: Context, taker: str, a: Array, b: Array, left: bool = True) -> Shape | None:
    """As ``system``; ``b`` may be a batch of vectors."""
    squares(cx, taker, a)
    needs_floats(cx, taker, a)
    names = f"found A of type {scalar_name(a.dtype)} and B of type {scalar_name(b.dtype)} instead"
    same_dtype(cx, f"{taker}: Expected A and B to have the same dtype, but {names}", taker, a, b)
    if a.shape is None or b.shape is None:
        return None
    vector = len(b.shape) == 1 or (
        len(a.shape) == len(b.shape) + 1 and all(cx.equal(m, n) for m, n in zip(a.shape[:-1], b.shape))
    )
    if not vector:
        return system(cx, taker, a, b, left)
    found = system(cx, taker, a, b.replace(shape=(*b.shape, 1), meta={}), left)
    return None if found is None else found[:-1]


@op("linalg.solve")
def solve(cx: Context, A: Array, B: Array, *, left: Value | None = None, out: Value | None = None) -> Value:
    """``A X = B``, vectors or matrices."""
    shape = solution(cx, "linalg.solve", A, B, flag(left, True) is not False)
    return floats_of(cx, shape, A.dtype, A, B) if shape is None or len(shape) < 2 else _laid(cx, shape, A, B)


def _laid(cx: Context, shape: Shape, *arrays: Array) -> Array:
    return tensor(cx, shape, arrays[0].dtype, *arrays, strides=None)


@op("linalg.solve_ex")
def solve_ex(
    cx: Context, A: Array, B: Array, *, left: Value | None = None, check_errors: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """The solutions, and an int32 per matrix."""
    shape = solution(cx, "linalg.solve", A, B, flag(left, True) is not False)
    info = tensor(cx, None if A.shape is None else A.shape[:-2], "int32", A)
    return named("linalg_solve_ex", result=tensor(cx, shape, A.dtype, A, B, strides=None), info=info)


@op("linalg.solve_triangular")
def solve_triangular(
    cx: Context, input: Array, B: Array, *, upper: Value, left: Value | None = None, unitriangular: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """Batches of matrices."""
    squares(cx, "linalg.solve_triangular", input)
    shape = system(cx, "linalg.solve_triangular", input, B, flag(left, True) is not False)
    return tensor(cx, shape, input.dtype, input, B, strides=None)


@op("triangular_solve")
def triangular_solve(
    cx: Context, b: Array, A: Array, upper: Value | None = None, transpose: Value | None = None,
    unitriangular: Value | None = None, *, out: Value | None = None,
) -> Value:  # fmt: skip
    """The solution, and a copy of the coefficients."""
    squares(cx, "triangular_solve", A)
    shape = system(cx, "triangular_solve", A, b)
    batch = None if shape is None or A.shape is None else (*shape[:-2], *A.shape[-2:])
    return named(
        "triangular_solve", solution=tensor(cx, shape, b.dtype, b, A, strides=None),
        cloned_coefficient=tensor(cx, batch, A.dtype, A, strides=None),
    )  # fmt: skip


@op("cholesky_solve")
def cholesky_solve(cx: Context, B: Array, L: Array, upper: Value | None = None, *, out: Value | None = None) -> Value:
    """Batches of matrices."""
    for array, name in ((B, "b"), (L, "u")):
        if array.rank is not None and array.rank < 2:
            message = f"{name} should have at least 2 dimensions, but has {array.rank} dimensions instead"
            raise wrong_rank(cx, "RuntimeError", message, "cholesky_solve", array, 2, at_least=True)
    squares(cx, "cholesky_solve", L)
    return tensor(cx, system(cx, "cholesky_solve", L, B), B.dtype, B, L, strides=None)


@op("cholesky_inverse")
def cholesky_inverse(cx: Context, L: Array, upper: Value | None = None, *, out: Value | None = None) -> Value:
    """Matrices of the same size."""
    squares(cx, "cholesky_inverse", L)
    return tensor(cx, L.shape, L.dtype, L, strides=None)


@op("linalg.lstsq")
def lstsq(cx: Context, input: Array, b: Array, rcond: Value | None = None, *, driver: Value | None = None) -> Value:
    """The solutions; residuals, rank and singular values depend on the driver and the rank of the matrices."""
    if input.rank is not None and input.rank < 2:
        message = "torch.linalg.lstsq: input must have at least 2 dimensions."
        raise wrong_rank(cx, "RuntimeError", message, "linalg.lstsq", input, 2, at_least=True)
    if input.shape is None or b.shape is None:
        return unknown_tensor(cx, input, b)
    vector = len(input.shape) - 1 == len(b.shape) and all(cx.equal(m, n) for m, n in zip(input.shape[:-1], b.shape))
    other = (*b.shape, 1) if vector else b.shape
    if len(other) < 2:
        message = (
            "torch.linalg.lstsq: other must be at least 1 dimension smaller than input or have the same number of "
            "dimensions"
        )
        raise wrong_rank(cx, "RuntimeError", message, "linalg.lstsq", b, 2)
    if not cx.equal(input.shape[-2], other[-2]):
        message = "torch.linalg.lstsq: input.size(-2) should match other.size(-2)"
        raise mismatched(cx, message, "linalg.lstsq", input, b, -2, -2)
    batch = broadcast(cx, "linalg.lstsq", tensor(cx, input.shape[:-2], "float32"), tensor(cx, other[:-2], "float32"))
    if batch is None:
        return unknown_tensor(cx, input, b)
    rows, columns = cx.resolve(input.shape[-2]), cx.resolve(input.shape[-1])
    columns_out = () if vector else other[-1:]
    word = "gelsy" if not given(driver) else as_str(driver)
    tall = ge(columns, rows, cx.facts).is_no
    residuals: Value = tensor(cx, (0,), real_dtype(input.dtype), input)
    if word is None or (word != "gelsy" and (not ge(columns, rows, cx.facts).is_yes)):
        residuals = cx.unknown("it depends on the rank of the matrices")
        if word == "gels" and tall:
            residuals = tensor(cx, (*batch, *other[-1:]), real_dtype(input.dtype), input)
    rank: Shape | None = None if word is None else (0,) if word == "gels" else input.shape[:-2]
    values: Shape | None = None if word is None else (0,)
    if word in ("gelss", "gelsd"):
        values = (*input.shape[:-2], dmin(rows, columns, cx.facts))
    return named(
        "linalg_lstsq", solution=tensor(cx, (*batch, columns, *columns_out), input.dtype, input, b, strides=None),
        residuals=residuals, rank=tensor(cx, rank, "int64", input, differentiable=False),
        singular_values=tensor(cx, values, real_dtype(input.dtype), input),
    )  # fmt: skip


@op("linalg.tensorinv")
def tensorinv(cx: Context, input: Array, ind: Value | None = None, *, out: Value | None = None) -> Value:
    """The axes before ``ind`` (2) and those after it change places."""
    place = 2 if ind is None else as_int(ind)
    if place is not None and place <= 0:
        raise invalid(cx, "RuntimeError", "Expected a strictly positive integer for 'ind'", "ind", place, input)
    if input.shape is None or place is None:
        return tensor(cx, None, input.dtype, input)
    before, after = input.shape[:place], input.shape[place:]
    if not cx.equal(product(after), product(before)):
        message = (
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got "
            f"{product(after)} != {product(before)}"
        )
        raise invalid(cx, "RuntimeError", message, "ind", place, input)
    return tensor(cx, (*after, *before), input.dtype, input, strides=None)


@op("linalg.tensorsolve")
def tensorsolve(
    cx: Context, input: Array, other: Array, dims: Value | None = None, *, out: Value | None = None
) -> Value:
    """The axes of ``input`` that ``other`` does not have."""
    if input.shape is None or other.shape is None:
        return tensor(cx, None, input.dtype, input, other)
    sides = list(input.shape)
    if given(dims):
        places = ints(cx, dims)
        if places is None:
            return tensor(cx, None, input.dtype, input, other)
        axes = axes_in(cx, "tensorsolve", places, len(sides), input) if sides else ()
        moved = [sides[axis] for axis in axes]
        gone = {axis % len(sides) for axis in axes}
        sides = [side for i, side in enumerate(sides) if i not in gone] + moved
    return tensor(cx, tuple(sides[len(other.shape) :]), input.dtype, input, other, strides=None)


@op("vander", method=False)
def vander(
    cx: Context, x: Array, N: Value | None = None, increasing: Value | None = None, *, out: Value | None = None
) -> Value:
    """``(n,)`` gives ``(n, N)``."""
    if x.rank is not None and x.rank != 1:
        raise wrong_rank(cx, "RuntimeError", "x must be a one-dimensional tensor.", "vander", x, 1)
    return linalg_vander(cx, x, N)


@op("linalg.vander")
def linalg_vander(cx: Context, x: Array, N: Value | None = None, *, out: Value | None = None) -> Value:
    """``(..., n)`` gives ``(..., n, N)``."""
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    x = x if x.shape else x.replace(shape=(1,))
    assert x.shape is not None
    count = x.shape[-1] if not given(N) else as_dim(N)
    dtype = "int64" if is_integral(x.dtype) else x.dtype
    return tensor(cx, (*x.shape, cx.fresh() if count is None else count), dtype, x, strides=None)
