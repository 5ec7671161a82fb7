"""Matrix products and linear algebra."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, dmin
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Sequence, Value, as_int, as_str
from foreshape.faults.base import Fault
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.semantics.keras.later import raise_later
from foreshape.semantics.shared.matmul import einsum as einsum_formula
from foreshape.semantics.shared.result import ShapeError, SubscriptError
from foreshape.semantics.shared.structure import as_tuple
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.elementwise import mismatch, unary
from foreshape.semantics.tensorflow.support import (
    COMPLEX,
    FLOATS,
    broadcast,
    dtype_of,
    dtype_or,
    failed,
    flag,
    given,
    graph_mode,
    ints,
    joined,
    raises,
    shape_argument,
    shown,
    tensor,
    unknown_tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MATMUL = (
    "bfloat16",
    "float16",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "complex64",
    "complex128",
)


def matmul_core(cx: Context, a: Value, b: Value, flip_a: bool | None = False, flip_b: bool | None = False) -> Value:
    """``tf.matmul``: matrices, with batch axes that broadcast."""
    x = as_tensor(cx, a)
    y = as_tensor(cx, b, None if x is None else x.dtype)
    if x is None or y is None:
        return unknown_tensor(cx, a, b)
    if x.dtype is not None and y.dtype is not None and x.dtype != y.dtype:
        raise mismatch(cx, "MatMul", x, y, 1, "ab")
    if x.dtype in ("bool", "string"):
        raise wrong_dtype(cx, "MatMul", x, x.dtype, MATMUL, "a")
    if x.shape is None or y.shape is None or flip_a is None or flip_b is None:
        return tensor(None, x.dtype, x, y)
    left, right = list(x.shape), list(y.shape)
    if len(left) < 2 or len(right) < 2:
        raise _low_rank(cx, x, y)
    if flip_a:
        left[-1], left[-2] = left[-2], left[-1]
    if flip_b:
        right[-1], right[-2] = right[-2], right[-1]
    if joined(cx, left[-1], right[-2]) is None:
        message = f"Matrix size-incompatible: In[0]: {shown(x.shape)}, In[1]: {shown(y.shape)}"
        if graph_mode(cx, x, y):
            message = (
                f"Dimensions must be equal, but are {left[-1]} and {right[-2]} for 'MatMul' with input shapes: "
                f"{shown(x.shape)}, {shown(y.shape)}."
            )
        raise MatmulMismatch(
            raises(cx, message, x, y),
            values=(x, y),
            taker="matmul",
            left=x.shape,
            right=y.shape,
            left_axis=len(left) - (2 if flip_a else 1),
            right_axis=len(right) - (1 if flip_b else 2),
        )
    batch = broadcast(cx, "BatchMatMulV2", tensor(tuple(left[:-2]), None), tensor(tuple(right[:-2]), None))
    roles = None
    if x.roles is not None and len(left) == 2 and not flip_a:
        roles = (x.roles[0], None)
    return tensor((*(batch or ()), left[-2], right[-1]), x.dtype, x, y, roles=roles)


def _low_rank(cx: Context, x: Array, y: Array) -> Fault:
    assert x.shape is not None and y.shape is not None
    small = x if len(x.shape) < 2 else y
    if graph_mode(cx, x, y):
        message = (
            f"Shape must be rank 2 but is rank {len(small.shape or ())} for 'MatMul' with input "
            f"shapes: {shown(x.shape)}, {shown(y.shape)}."
        )
        if max(len(x.shape), len(y.shape)) > 2:
            message = f"Shape must be at least rank 2 but is rank {len(small.shape or ())}"
    elif len(x.shape) != len(y.shape):
        message = f"In[0] and In[1] has different ndims: {shown(x.shape)} vs. {shown(y.shape)}"
    else:
        message = "In[0] ndims must be >= 2"
    return MatmulMismatch(raises(cx, message, x, y), values=(small, x, y), taker="matmul", left=x.shape, right=y.shape)


@op("tensorflow.matmul", "tensorflow.linalg.matmul")
def matmul(
    cx: Context,
    a: Value,
    b: Value,
    transpose_a: Value | None = None,
    transpose_b: Value | None = None,
    adjoint_a: Value | None = None,
    adjoint_b: Value | None = None,
    a_is_sparse: Value | None = None,
    b_is_sparse: Value | None = None,
    output_type: Value | None = None,
    grad_a: Value | None = None,
    grad_b: Value | None = None,
    name: Value | None = None,
) -> Value:
    """The matrix product."""
    flip_a, flip_b = flag(transpose_a), flag(transpose_b)
    if flag(adjoint_a):
        flip_a = True
    if flag(adjoint_b):
        flip_b = True
    made = matmul_core(cx, a, b, flip_a, flip_b)
    wanted = dtype_of(output_type)
    return made.replace(dtype=wanted) if wanted is not None and isinstance(made, Array) else made


@op("tensorflow.linalg.matvec")
def matvec(
    cx: Context,
    a: Value,
    b: Value,
    transpose_a: Value | None = None,
    adjoint_a: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """A matrix and a vector."""
    y = as_tensor(cx, b)
    if y is None or y.shape is None:
        return unknown_tensor(cx, a, b)
    column = y.replace(shape=(*y.shape, 1))
    column.origin = y.origin
    made = matmul_core(cx, a, column, flag(transpose_a), False)
    return made.replace(shape=made.shape[:-1]) if isinstance(made, Array) and made.shape else made


@op("tensorflow.tensordot", "tensorflow.linalg.tensordot")
def tensordot(cx: Context, a: Value, b: Value, axes: Value, name: Value | None = None) -> Value:
    """Axes contracted: as matrices."""
    x = as_tensor(cx, a)
    y = as_tensor(cx, b, None if x is None else x.dtype)
    if x is None or y is None:
        return unknown_tensor(cx, a, b)
    if x.dtype is not None and y.dtype is not None and x.dtype != y.dtype:
        raise mismatch(cx, "MatMul", x, y, 1, "ab")
    if x.shape is None or y.shape is None:
        return tensor(None, x.dtype, x, y)
    pairs = _contracted(cx, x, y, axes)
    if pairs is None:
        return tensor(None, x.dtype, x, y)
    left, right = pairs
    inner = [joined(cx, x.shape[i], y.shape[j]) for i, j in zip(left, right)]
    if any(size is None for size in inner):
        number = next(i for i, size in enumerate(inner) if size is None)
        message = f"Matrix size-incompatible: In[0]: {shown(x.shape)}, In[1]: {shown(y.shape)}"
        if graph_mode(cx, x, y):
            message = f"Dimensions must be equal, but are {x.shape[left[number]]} and {y.shape[right[number]]}"
        # with a None among the sizes the matrices are cut when the graph runs
        free = any(undefined(dim) for dim in (*x.shape, *y.shape))
        raised = failed("InvalidArgumentError", message) if free else raises(cx, message, x, y)
        fault = MatmulMismatch(
            raised,
            values=(x, y),
            taker="tensordot",
            left=x.shape,
            right=y.shape,
            left_axis=left[number],
            right_axis=right[number],
        )
        if not free or not raise_later(cx, fault):
            raise fault
    rest = [dim for i, dim in enumerate(x.shape) if i not in left] + [
        dim for i, dim in enumerate(y.shape) if i not in right
    ]
    return tensor(tuple(rest), x.dtype, x, y)


def _contracted(cx: Context, x: Array, y: Array, axes: Value) -> tuple[list[int], list[int]] | None:
    assert x.shape is not None and y.shape is not None
    count = as_int(axes)
    if count is not None:
        if count > min(len(x.shape), len(y.shape)):
            message = (
                f"`axes` must not be larger than the number of dimensions of tensor {shown(x.shape)}.  Received {count}"
            )
            raise wrong_rank(cx, "tensordot", x, count, message, at_least=True, exception="ValueError")
        return list(range(len(x.shape) - count, len(x.shape))), list(range(count))
    items = axes.contents.items(limit=4) if isinstance(axes, Sequence) else None
    if items is None or len(items) != 2:
        return None
    left, right = ints(cx, items[0]), ints(cx, items[1])
    if left is None or right is None or len(left) != len(right):
        return None
    if any(not -len(x.shape) <= i < len(x.shape) for i in left) or any(
        not -len(y.shape) <= j < len(y.shape) for j in right
    ):
        return None
    return [i % len(x.shape) for i in left], [j % len(y.shape) for j in right]


@op("tensorflow.einsum", "tensorflow.linalg.einsum")
def einsum(cx: Context, equation: Value, *inputs: Value, **kwargs: Value) -> Value:
    """Sums of products by axis letters."""
    text = as_str(equation)
    arrays = [as_tensor(cx, value) for value in inputs]
    if text is None or not arrays or any(array is None or array.shape is None for array in arrays):
        return unknown_tensor(cx, *inputs)
    known = [array for array in arrays if array is not None]
    for number, array in enumerate(known[1:], 1):
        if array.dtype is not None and known[0].dtype is not None and array.dtype != known[0].dtype:
            raise mismatch(cx, "Einsum", known[0], array, number)
    shapes = [tuple(cx.resolve(dim) for dim in array.shape or ()) for array in known]
    if any(undefined(dim) for shape in shapes for dim in shape):
        shapes = _open_sizes(shapes, text)
    from foreshape.faults.einsum_mismatch import EinsumMismatch

    try:
        found = einsum_formula(text, shapes, cx.facts)
    except SubscriptError as error:
        exception = "ValueError"
        if error.reason in ("too-few-labels", "too-many-labels") and not graph_mode(cx, *known):
            exception = "InvalidArgumentError"
        message = f"Einsum equation {text!r} does not fit its operands ({error.reason})"
        raise EinsumMismatch(
            failed(exception, message),
            values=tuple(known),
            equation=text,
            shapes=tuple(shapes),
            label=error.label or None,
        ) from None
    except ShapeError:
        return unknown_tensor(cx, *inputs)
    if found.failed is not None:
        need = found.failed
        message = (
            f"Expected dimension {need.left} at axis 0 of the input shaped {shown(shapes[-1])} but "
            f"got dimension {need.right}"
        )
        raise EinsumMismatch(
            raises(cx, message, *known),
            values=tuple(known),
            equation=text,
            shapes=tuple(shapes),
            label=need.where if isinstance(need.where, str) else None,
        )
    for need in found.open:
        if need.kind == "equal" and not undefined(need.left) and not undefined(need.right):
            cx.equal(need.left, need.right)
    return tensor(found.shape, known[0].dtype, *known)


def _open_sizes(shapes: list[tuple[DimLike, ...]], text: str) -> list[tuple[DimLike, ...]]:
    """Sizes that are None take the size that the same letter has elsewhere."""
    if "." in text:
        return shapes
    names = [part.strip() for part in text.partition("->")[0].split(",")]
    known: dict[str, DimLike] = {}
    for letters, shape in zip(names, shapes):
        for letter, dim in zip(letters, shape):
            if letter not in known or undefined(known[letter]):
                known[letter] = dim
    made = []
    for letters, shape in zip(names, shapes):
        if len(letters) != len(shape):
            return shapes
        made.append(tuple(known[letter] if undefined(dim) else dim for letter, dim in zip(letters, shape)))
    return made


# -- linear algebra --------------------------------------------------------------------------------------------------


def _matrix(cx: Context, value: Value, taker: str, square: bool = False) -> Array | None:
    x = as_tensor(cx, value)
    if x is None or x.shape is None:
        return None
    if len(x.shape) < 2:
        message = f"Input must have rank >= 2, got {len(x.shape)}"
        if graph_mode(cx, x):
            message = f"Shape must be at least rank 2 but is rank {len(x.shape)}"
        raise wrong_rank(cx, taker, x, 2, message, at_least=True)
    if square and joined(cx, x.shape[-1], x.shape[-2]) is None:
        from foreshape.faults.square_matrix import SquareMatrix

        message = f"Input matrix must be square, got: {x.shape[-2]} != {x.shape[-1]}"
        if graph_mode(cx, x):
            message = f"Dimensions must be equal, but are {x.shape[-2]} and {x.shape[-1]}"
        raise SquareMatrix(raises(cx, message, x), values=(x,), taker=taker, shape=x.shape)
    return x


def _square(name: str, gives: str) -> None:
    def run(cx: Context, input: Value, name: Value | None = None, *args: Value, **kwargs: Value) -> Value:
        x = _matrix(cx, input, short, square=True)
        if x is None or x.shape is None:
            return unknown_tensor(cx, input)
        if x.dtype is not None and x.dtype not in (*FLOATS, *COMPLEX):
            raise wrong_dtype(cx, short, x, x.dtype, ("float64", "float32", "float16", *COMPLEX), "input")
        batch = x.shape[:-2]
        if gives == "same":
            return tensor(x.shape, x.dtype, x)
        if gives == "scalar":
            return tensor(batch, x.dtype, x)
        if gives == "vector":
            return tensor(x.shape[:-1], x.dtype, x)
        if gives == "sign":
            return as_tuple((tensor(batch, x.dtype, x), tensor(batch, x.dtype, x)))
        complex_dtype = {"float32": "complex64", "float64": "complex128"}.get(x.dtype or "", x.dtype)
        if gives == "eig":
            return as_tuple((tensor(x.shape[:-1], complex_dtype, x), tensor(x.shape, complex_dtype, x)))
        if gives == "lu":
            return as_tuple((tensor(x.shape, x.dtype, x), tensor(x.shape[:-1], "int32", x)))
        return as_tuple((tensor(x.shape[:-1], x.dtype, x), tensor(x.shape, x.dtype, x)))

    short = name
    op(f"tensorflow.linalg.{name}")(run)


for _name, _gives in (
    ("inv", "same"),
    ("det", "scalar"),
    ("cholesky", "same"),
    ("logdet", "scalar"),
    ("slogdet", "sign"),
    ("expm", "same"),
    ("sqrtm", "same"),
    ("logm", "same"),
    ("eigh", "pair"),
    ("eigvalsh", "vector"),
    ("eig", "eig"),
    ("lu", "lu"),
):
    _square(_name, _gives)


@op("tensorflow.linalg.diag_part")
def diag_part(cx: Context, input: Value, *args: Value, **kwargs: Value) -> Value:
    """The diagonal."""
    x = _matrix(cx, input, "diag_part")
    if x is None or x.shape is None or given(kwargs.get("k")):
        return unknown_tensor(cx, input)
    return tensor((*x.shape[:-2], dmin(x.shape[-1], x.shape[-2], cx.facts)), x.dtype, x)


@op("tensorflow.linalg.trace")
def trace(cx: Context, x: Value, name: Value | None = None) -> Value:
    """The sum of the diagonal."""
    found = diag_part(cx, x)
    return found.replace(shape=found.shape[:-1]) if isinstance(found, Array) and found.shape else found


@op("tensorflow.linalg.matrix_rank")
def matrix_rank(
    cx: Context, a: Value, tol: Value | None = None, validate_args: Value | None = None, name: Value | None = None
) -> Value:
    """int32."""
    x = _matrix(cx, a, "matrix_rank")
    return unknown_tensor(cx, a) if x is None or x.shape is None else tensor(x.shape[:-2], "int32", x)


@op("tensorflow.linalg.pinv")
def pinv(
    cx: Context, a: Value, rcond: Value | None = None, validate_args: Value | None = None, name: Value | None = None
) -> Value:
    """The pseudo-inverse."""
    x = _matrix(cx, a, "pinv")
    if x is None or x.shape is None:
        return unknown_tensor(cx, a)
    return tensor((*x.shape[:-2], x.shape[-1], x.shape[-2]), x.dtype, x)


@op("tensorflow.linalg.svd")
def svd(
    cx: Context,
    tensor: Value,
    full_matrices: Value | None = None,
    compute_uv: Value | None = None,
    name: Value | None = None,
) -> Value:
    """``s, u, v``."""
    from foreshape.semantics.tensorflow.support import tensor as made

    x = _matrix(cx, tensor, "svd")
    full, both = flag(full_matrices), flag(compute_uv, True)
    if x is None or x.shape is None or full is None or both is None:
        return unknown_tensor(cx, tensor)
    *batch, m, n = x.shape
    k = dmin(m, n, cx.facts)
    values = made((*batch, k), x.dtype, x)
    if not both:
        return values
    return as_tuple(
        (values, made((*batch, m, m if full else k), x.dtype, x), made((*batch, n, n if full else k), x.dtype, x))
    )


@op("tensorflow.linalg.qr")
def qr(cx: Context, input: Value, full_matrices: Value | None = None, name: Value | None = None) -> Value:
    """``q, r``."""
    x = _matrix(cx, input, "qr")
    full = flag(full_matrices)
    if x is None or x.shape is None or full is None:
        return unknown_tensor(cx, input)
    *batch, m, n = x.shape
    k = m if full else dmin(m, n, cx.facts)
    return as_tuple((tensor((*batch, m, k), x.dtype, x), tensor((*batch, k, n), x.dtype, x)))


@op("tensorflow.linalg.diag", "tensorflow.linalg.tensor_diag")
def diag(cx: Context, diagonal: Value, *args: Value, **kwargs: Value) -> Value:
    """A diagonal matrix."""
    x = as_tensor(cx, diagonal)
    if x is None or not x.shape or args or kwargs:
        return unknown_tensor(cx, diagonal)
    return tensor((*x.shape, x.shape[-1]), x.dtype, x)


@op("tensorflow.linalg.tensor_diag_part")
def tensor_diag_part(cx: Context, input: Value, name: Value | None = None) -> Value:
    """The first half of the axes."""
    x = as_tensor(cx, input)
    if x is None or x.shape is None or len(x.shape) % 2:
        return unknown_tensor(cx, input)
    return tensor(x.shape[: len(x.shape) // 2], x.dtype, x)


op_table("linalg.band_part", "input, num_lower, num_upper, name=None", lambda cx, **g: unary(cx, g["input"]))


def _set_diag(cx: Context, input: Value, diagonal: Value, **more: Value) -> Value:
    x, d = _matrix(cx, input, "set_diag"), as_tensor(cx, diagonal)
    if x is None or x.shape is None or d is None or d.shape is None or given(more.get("k")):
        return unknown_tensor(cx, input)
    wanted = (*x.shape[:-2], dmin(x.shape[-1], x.shape[-2], cx.facts))
    if len(d.shape) != len(wanted) or any(joined(cx, a, b) is None for a, b in zip(d.shape, wanted)):
        from foreshape.faults.assignment_shape import AssignmentShape

        message = f"must match diagonal shape: expected {shown(wanted)} but got {shown(d.shape)}"
        raise AssignmentShape(failed("InvalidArgumentError", message), values=(d, x), value=d.shape, target=wanted)
    return tensor(x.shape, x.dtype, x, d)


op_table("linalg.set_diag", "input, diagonal, name=None, k=None, align=None", _set_diag)


@op(
    "tensorflow.linalg.solve",
    "tensorflow.linalg.triangular_solve",
    "tensorflow.linalg.lstsq",
    "tensorflow.linalg.cholesky_solve",
)
def solve(cx: Context, matrix: Value, rhs: Value, *args: Value, **kwargs: Value) -> Value:
    """``matrix @ x = rhs``."""
    a, b = _matrix(cx, matrix, "solve"), _matrix(cx, rhs, "solve")
    if a is None or b is None or a.shape is None or b.shape is None:
        return unknown_tensor(cx, matrix, rhs)
    if joined(cx, a.shape[-2], b.shape[-2]) is None:
        message = "Input matrix and right-hand side must have the same number of rows"
        raise MatmulMismatch(
            raises(cx, message, a, b),
            values=(a, b),
            taker="solve",
            left=a.shape,
            right=b.shape,
            left_axis=len(a.shape) - 2,
            right_axis=len(b.shape) - 2,
        )
    return tensor((*b.shape[:-2], a.shape[-1], b.shape[-1]), b.dtype, a, b)


@op("tensorflow.linalg.cross")
def cross(cx: Context, a: Value, b: Value, name: Value | None = None) -> Value:
    """Vectors of three."""
    x = as_tensor(cx, a)
    return unknown_tensor(cx, a) if x is None else tensor(x.shape, x.dtype, x)


@op("tensorflow.eye", "tensorflow.linalg.eye")
def eye(
    cx: Context,
    num_rows: Value,
    num_columns: Value | None = None,
    batch_shape: Value | None = None,
    dtype: Value | None = None,
    name: Value | None = None,
) -> Value:
    """The identity matrix."""
    rows = cx.dim(num_rows)
    columns = cx.dim(num_columns) if given(num_columns) else rows
    batch = shape_argument(cx, batch_shape) if given(batch_shape) else ()
    kind = dtype_or(dtype, "float32")
    if rows is None or columns is None or batch is None:
        return tensor(None, kind)
    return tensor((*batch, rows, columns), kind, lo=0, hi=1)
