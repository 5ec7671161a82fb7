"""Matrix products: matmul with its batch rules, mm, bmm, dot, addmm and friends, outer products.

Which error a product of unequal sizes raises follows the way that ATen takes: ``matmul`` becomes dot, mv, mm or bmm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Shape, Value
from foreshape.faults.base import Fault
from foreshape.semantics.registry import REGISTRY
from foreshape.semantics.torch.casting import cast_meta, product_dtype
from foreshape.semantics.torch.declare import RuleFunction, op
from foreshape.semantics.torch.support import (
    broadcast,
    error,
    is_number,
    not_implemented,
    requires_grad,
    result_dtype,
    scalar_name,
    shown,
    strides_of,
    tensor,
    type_text,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

LONG: Final = {
    "float32": "float", "float64": "double", "float16": "c10::Half", "bfloat16": "c10::BFloat16", "int64": "long int",
    "int32": "int", "int16": "short int", "int8": "signed char", "uint8": "unsigned char", "bool": "bool",
    "complex64": "c10::complex<float>", "complex128": "c10::complex<double>",
}  # fmt: skip
"""How C++ spells dtypes."""


# -- faults ----------------------------------------------------------------------------------------------------------


def mismatched(
    cx: Context, message: str, taker: str, a: Array, b: Array, left: int, right: int, recover: Value | None = None
) -> Fault:
    """Two axes of a product that have to be equal and are not."""
    from foreshape.faults.matmul_mismatch import MatmulMismatch

    a_shape, b_shape = a.shape or (), b.shape or ()
    return MatmulMismatch(
        error(cx, "RuntimeError", message), values=(a, b), recover=recover, taker=taker, left=a_shape, right=b_shape,
        left_axis=left % max(len(a_shape), 1), right_axis=right % max(len(b_shape), 1),
    )  # fmt: skip


def cannot_multiply(rows: DimLike, inner: DimLike, other: DimLike, columns: DimLike) -> str:
    """What ``mm`` and ``linear`` say."""
    return f"mat1 and mat2 shapes cannot be multiplied ({rows}x{inner} and {other}x{columns})"


def same_dtype(cx: Context, message: str, taker: str, *arrays: Array, recover: Value | None = None) -> None:
    """RuntimeError where dtypes certainly differ."""
    names = [array.dtype for array in arrays if array.dtype is not None]
    if any(name != names[0] for name in names[1:]):
        raise wrong_dtype(cx, "RuntimeError", message, taker, *arrays, wanted=names[0], recover=recover)


def no_bools(cx: Context, kernel: str, taker: str, *arrays: Array) -> None:
    """There are no products of bools."""
    for array in arrays:
        if array.dtype == "bool":
            raise not_implemented(cx, kernel, array, taker)


def _ranks(x: Array, needs: int) -> bool:
    return x.shape is not None and len(x.shape) != needs


def like(cx: Context, shape: Shape | None, *arrays: Array) -> Array:
    """The result, of the dtype that they have in common."""
    dtype = next((array.dtype for array in arrays if array.dtype is not None), None)
    meta = cast_meta(cx, *arrays) if shape is not None and len(shape) > 1 else None
    return tensor(cx, shape, product_dtype(cx, dtype), *arrays, meta=meta)


# -- the four products that all others become ------------------------------------------------------------------------


def dot_of(cx: Context, taker: str, a: Array, b: Array) -> Array:
    """Two vectors of one length."""
    made = like(cx, (), a, b)
    if a.shape is None or b.shape is None:
        return made
    if len(a.shape) != 1 or len(b.shape) != 1:
        message = f"1D tensors expected, but got {len(a.shape)}D and {len(b.shape)}D tensors"
        raise wrong_rank(cx, "RuntimeError", message, taker, a if len(a.shape) != 1 else b, 1, recover=made)
    names = f"{scalar_name(a.dtype)} and {scalar_name(b.dtype)}"
    same_dtype(cx, f"dot : expected both vectors to have same dtype, but found {names}", taker, a, b, recover=made)
    if not cx.equal(a.shape[0], b.shape[0]):
        m, n = a.shape[0], b.shape[0]
        message = (
            f"inconsistent tensor size, expected tensor [{m}] and src [{n}] to have the same number of elements, but got "
            f"{m} and {n} elements respectively"
        )
        raise mismatched(cx, message, taker, a, b, 0, 0, made)
    no_bools(cx, "dot", taker, a, b)
    return made


def mv_of(cx: Context, taker: str, a: Array, b: Array, rows: DimLike, inner: DimLike, shape: Shape) -> Array:
    """A matrix (``rows`` x ``inner``) and a vector."""
    made = like(cx, shape, a, b)
    assert b.shape is not None
    if not cx.equal(inner, b.shape[0]):
        message = f"size mismatch, got input ({rows}), mat ({rows}x{inner}), vec ({b.shape[0]})"
        raise mismatched(cx, message, taker, a, b, -1, 0, made)
    names = f"{scalar_name(b.dtype)}, {scalar_name(a.dtype)}, and {scalar_name(b.dtype)}"
    same_dtype(cx, f"addmv input tensors must have the same dtype, but got {names}", taker, a, b, recover=made)
    no_bools(cx, "addmv_impl_cpu", taker, a, b)
    return made


def mm_of(
    cx: Context, taker: str, a: Array, b: Array, first: tuple[DimLike, DimLike], second: tuple[DimLike, DimLike],
    shape: Shape, axes: tuple[int, int] = (-1, -2),
) -> Array:  # fmt: skip
    """Two matrices."""
    made = like(cx, shape, a, b)
    if not cx.equal(first[1], second[0]):
        raise mismatched(cx, cannot_multiply(*first, *second), taker, a, b, *axes, made)
    spelt = f"{LONG.get(a.dtype or '', '?')} != {LONG.get(b.dtype or '', '?')}"
    same_dtype(cx, f"expected m1 and m2 to have the same dtype, but got: {spelt}", taker, a, b, recover=made)
    no_bools(cx, "addmm_impl_cpu_", taker, a, b)
    return made


def bmm_of(
    cx: Context, taker: str, a: Array, b: Array, first: tuple[DimLike, DimLike], second: tuple[DimLike, DimLike],
    shape: Shape,
) -> Array:  # fmt: skip
    """Batches of matrices; ``first`` is (batch, inner) of the left one, ``second`` of the right one."""
    made = like(cx, shape, a, b)
    if not (cx.equal(first[0], second[0]) and cx.equal(first[1], second[1])):
        message = (
            f"Expected size for first two dimensions of batch2 tensor to be: [{first[0]}, {first[1]}] but got: "
            f"[{second[0]}, {second[1]}]."
        )
        raise mismatched(cx, message, taker, a, b, -1, -2, made)
    names = f"{scalar_name(a.dtype)} but found {scalar_name(b.dtype)}"
    same_dtype(cx, f"expected scalar type {names}", taker, a, b, recover=made)
    no_bools(cx, "bmm", taker, a, b)
    return made


# -- matmul ----------------------------------------------------------------------------------------------------------


@op("matmul", "linalg.matmul")
def matmul(cx: Context, input: Array, other: Array, *, out: Value | None = None) -> Value:
    """``@``: vectors, matrices, and batches of them that are broadcast."""
    return matmul_of(cx, "matmul", input, other)


def matmul_of(cx: Context, taker: str, a: Array, b: Array) -> Value:
    """The product of two tensors, by their ranks."""
    if a.shape is None or b.shape is None:
        return tensor(cx, None, a.dtype if a.dtype == b.dtype else None, a, b)
    if not a.shape or not b.shape:
        message = f"both arguments to matmul need to be at least 1D, but they are {len(a.shape)}D and {len(b.shape)}D"
        raise wrong_rank(cx, "RuntimeError", message, taker, a if not a.shape else b, 1, at_least=True)
    left, right = tuple(map(cx.resolve, a.shape)), tuple(map(cx.resolve, b.shape))
    if len(left) == 1 and len(right) == 1:
        return dot_of(cx, taker, a, b)
    if len(left) == 2 and len(right) == 1:
        return mv_of(cx, taker, a, b, left[0], left[1], (left[0],))
    if len(left) == 1 and len(right) == 2:
        return mm_of(cx, taker, a, b, (1, left[0]), (right[0], right[1]), (right[1],), (-1, 0))
    if len(left) == 2 and len(right) == 2:
        return mm_of(cx, taker, a, b, (left[0], left[1]), (right[0], right[1]), (left[0], right[1]))
    return _batched(cx, taker, a, b, left, right)


def _batched(cx: Context, taker: str, a: Array, b: Array, left: Shape, right: Shape) -> Value:
    """At least one of three axes: folded into one matrix, or a bmm of broadcast batches."""
    whole_left = left if len(left) > 1 else (1, *left)
    whole_right = right if len(right) > 1 else (*right, 1)
    rows = () if len(left) == 1 else (left[-2],)
    columns = () if len(right) == 1 else (right[-1],)
    if folds(cx, a, b):
        if len(left) >= len(right):
            height, inner = product(left[:-1]), left[-1]
            if len(right) == 1:
                return mv_of(cx, taker, a, b, height, inner, left[:-1])
            return mm_of(cx, taker, a, b, (height, inner), (right[0], right[1]), (*left[:-1], right[1]))
        # the transposed right one is folded, and multiplied with the transposed left one
        height, inner = product((*right[:-2], right[-1])), right[-2]
        other = (left[-1], left[-2]) if len(left) == 2 else (left[0], 1)
        shape = (*right[:-2], *rows, *columns)
        made = like(cx, shape, a, b)
        if not cx.equal(inner, other[0]):
            message = cannot_multiply(height, inner, *other)
            if len(left) == 1:
                message = f"size mismatch, got input ({height}), mat ({height}x{inner}), vec ({other[0]})"
            raise mismatched(cx, message, taker, a, b, -1, -2, made)
        no_bools(cx, "addmm_impl_cpu_", taker, a, b)
        return made
    batch_a = a.replace(shape=whole_left[:-2], meta={})
    batch_b = b.replace(shape=whole_right[:-2], meta={})
    batch = broadcast(cx, taker, batch_a, batch_b)
    assert batch is not None
    shape = (*batch, *rows, *columns)
    whole = product(batch)
    return bmm_of(cx, taker, a, b, (whole, whole_left[-1]), (whole, whole_right[-2]), shape)


def folds(cx: Context, a: Array, b: Array) -> bool:
    """Whether ``matmul`` makes one matrix of the batch (``should_fold`` of ATen), as far as known."""
    assert a.shape is not None and b.shape is not None
    a_larger = len(a.shape) >= len(b.shape)
    large, small = (a, b) if a_larger else (b, a)
    assert large.shape is not None and small.shape is not None
    if not (len(large.shape) >= 3 and len(small.shape) <= 2):
        return False
    if requires_grad(small):
        return True
    if len(a.shape) == 2:
        return False
    if any(isinstance(size, int) and size == 0 for size in large.shape):
        return True
    strides = strides_of(large)
    if strides is None:
        return False
    shape = large.shape
    if not a_larger:
        strides, shape = (*strides[:-2], strides[-1], strides[-2]), (*shape[:-2], shape[-1], shape[-2])
    return all(strides[i] == strides[i + 1] * shape[i + 1] for i in range(len(shape) - 2))


# -- the products by name --------------------------------------------------------------------------------------------


@op("mm")
def mm(cx: Context, input: Array, mat2: Array, *, out_dtype: Value | None = None, out: Value | None = None) -> Value:
    """Two matrices, nothing broadcast."""
    made = like(cx, None, input, mat2)
    for array, name in ((input, "self"), (mat2, "mat2")):
        if _ranks(array, 2):
            raise wrong_rank(cx, "RuntimeError", f"{name} must be a matrix", "mm", array, 2, recover=made)
    if input.shape is None or mat2.shape is None:
        return like(cx, (cx.fresh(lo=0), cx.fresh(lo=0)), input, mat2)
    (rows, inner), (other, columns) = input.shape, mat2.shape
    return mm_of(cx, "mm", input, mat2, (rows, inner), (other, columns), (rows, columns))


@op("bmm")
def bmm(cx: Context, input: Array, mat2: Array, *, out_dtype: Value | None = None, out: Value | None = None) -> Value:
    """Two batches of matrices, nothing broadcast."""
    made = like(cx, None, input, mat2)
    for array, name in ((input, "batch1"), (mat2, "batch2")):
        if _ranks(array, 3):
            raise wrong_rank(cx, "RuntimeError", f"{name} must be a 3D tensor", "bmm", array, 3, recover=made)
    if input.shape is None or mat2.shape is None:
        return like(cx, tuple(cx.fresh(lo=0) for _ in range(3)), input, mat2)
    (batch, rows, inner), (others, other, columns) = input.shape, mat2.shape
    return bmm_of(cx, "bmm", input, mat2, (batch, inner), (others, other), (batch, rows, columns))


@op("mv")
def mv(cx: Context, input: Array, vec: Array, *, out: Value | None = None) -> Value:
    """A matrix and a vector."""
    if input.shape is None or vec.shape is None:
        return like(cx, (cx.fresh(lo=0),), input, vec)
    if len(input.shape) != 2 or len(vec.shape) != 1:
        ranks = f"{len(vec.shape)}, {len(input.shape)}, {len(vec.shape)}"
        if len(input.shape) == 2:
            ranks = f"1, 2, {len(vec.shape)}"
        elif len(vec.shape) == 1:
            ranks = f"1, {len(input.shape)}, 1"
        odd, needs = (input, 2) if len(input.shape) != 2 else (vec, 1)
        raise wrong_rank(cx, "RuntimeError", f"vector + matrix @ vector expected, got {ranks}", "mv", odd, needs)
    return mv_of(cx, "mv", input, vec, input.shape[0], input.shape[1], (input.shape[0],))


@op("dot", "vdot")
def dot(cx: Context, input: Array, tensor: Array, *, out: Value | None = None) -> Value:
    """Two vectors."""
    return dot_of(cx, "dot", input, tensor)


# -- sums with a product ---------------------------------------------------------------------------------------------


def fits_expanded(cx: Context, taker: str, x: Array, target: Shape, made: Value) -> None:
    """RuntimeError where a tensor cannot be expanded to the shape."""
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    if x.shape is None:
        return
    message = ""
    if len(x.shape) > len(target):
        message = (
            f"expand({type_text(x)}, size={shown(target)}): the number of sizes provided ({len(target)}) must be greater "
            f"or equal to the number of dimensions in the tensor ({len(x.shape)})"
        )
    for axis in range(-1, -len(x.shape) - 1, -1):
        size = cx.resolve(x.shape[axis])
        if message or (isinstance(size, int) and size == 1):
            continue
        if isinstance(size, int) or isinstance(target[axis], int):
            if not isinstance(size, int) or cx.equal(size, target[axis]):
                continue
            message = (
                f"The expanded size of the tensor ({target[axis]}) must match the existing size ({size}) at non-singleton "
                f"dimension {len(target) + axis}.  Target sizes: {shown(target)}.  Tensor sizes: {shown(x.shape)}"
            )
    if message:
        raise BroadcastMismatch(
            error(cx, "RuntimeError", message),
            values=(x,),
            recover=made,
            taker=taker,
            shapes=(x.shape, target),
            axis=-1,
        )


@op("addmm", inplace=True)
def addmm(
    cx: Context, input: Array, mat1: Array, mat2: Array, *, beta: Value | None = None, alpha: Value | None = None,
    out_dtype: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """``input + mat1 @ mat2``, the first expanded."""
    made = like(cx, None, mat1, mat2)
    for array, name in ((mat1, "mat1"), (mat2, "mat2")):
        if _ranks(array, 2):
            message = f"{name} must be a matrix, got {array.rank}-D tensor"
            raise wrong_rank(cx, "RuntimeError", message, "addmm", array, 2, recover=made)
    if mat1.shape is None or mat2.shape is None:
        return like(cx, (cx.fresh(lo=0), cx.fresh(lo=0)), mat1, mat2)
    (rows, inner), (other, columns) = mat1.shape, mat2.shape
    made = like(cx, (rows, columns), input, mat1, mat2)
    if not cx.equal(inner, other):
        raise mismatched(cx, cannot_multiply(rows, inner, other, columns), "addmm", mat1, mat2, -1, -2, made)
    names = f"{scalar_name(input.dtype)} and {scalar_name(mat2.dtype)}"
    same_dtype(cx, f"self and mat2 must have the same dtype, but got {names}", "addmm", input, mat1, mat2, recover=made)
    fits_expanded(cx, "addmm", input, (rows, columns), made)
    no_bools(cx, "addmm_impl_cpu_", "addmm", mat1)
    return made


@op("addmv", inplace=True)
def addmv(
    cx: Context, input: Array, mat: Array, vec: Array, *, beta: Value | None = None, alpha: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """``input + mat @ vec``, the first expanded."""
    if mat.shape is None or vec.shape is None:
        return like(cx, (cx.fresh(lo=0),), mat, vec)
    first = 1 if input.shape is None else len(input.shape)
    if len(mat.shape) != 2 or len(vec.shape) != 1 or first > 1:
        ranks = f"{first}, {len(mat.shape)}, {len(vec.shape)}"
        odd, needs = (mat, 2) if len(mat.shape) != 2 else (vec, 1) if len(vec.shape) != 1 else (input, 1)
        raise wrong_rank(cx, "RuntimeError", f"vector + matrix @ vector expected, got {ranks}", "addmv", odd, needs)
    rows, inner = mat.shape
    made = like(cx, (rows,), input, mat, vec)
    held = input.shape[0] if input.shape else 1
    open_ = isinstance(held, int) and held == 1
    if not cx.equal(inner, vec.shape[0]) or not (open_ or cx.equal(held, rows)):
        message = f"size mismatch, got input ({held}), mat ({rows}x{inner}), vec ({vec.shape[0]})"
        raise mismatched(cx, message, "addmv", mat, vec, -1, 0, made)
    names = f"{scalar_name(input.dtype)}, {scalar_name(mat.dtype)}, and {scalar_name(vec.dtype)}"
    same_dtype(
        cx, f"addmv input tensors must have the same dtype, but got {names}", "addmv", input, mat, vec, recover=made
    )
    no_bools(cx, "addmv_impl_cpu", "addmv", mat)
    return made


@op("baddbmm", inplace=True)
def baddbmm(
    cx: Context, input: Array, batch1: Array, batch2: Array, *, beta: Value | None = None, alpha: Value | None = None,
    out_dtype: Value | None = None, out: Value | None = None,
) -> Value:  # fmt: skip
    """``input + batch1 @ batch2`` per batch, the first expanded."""
    if batch1.shape is None or batch2.shape is None:
        return like(cx, tuple(cx.fresh(lo=0) for _ in range(3)), batch1, batch2)
    for array, name in ((batch1, "batch1"), (batch2, "batch2")):
        if _ranks(array, 3):
            message = f"{name} must be a 3D tensor"
            exception = "RuntimeError"
            if name == "batch2" and array.rank is not None and array.rank < 3:
                exception = "IndexError"
                message = (
                    f"Dimension out of range (expected to be in range of [-{array.rank}, {array.rank - 1}], but got 2)"
                )
            raise wrong_rank(cx, exception, message, "baddbmm", array, 3)
    (batch, rows, inner), (others, other, columns) = batch1.shape, batch2.shape
    made = like(cx, (batch, rows, columns), input, batch1, batch2)
    fits_expanded(cx, "baddbmm", input, (batch, rows, columns), made)
    names = ", ".join(
        f"{word} {LONG.get(array.dtype or '', '?')}"
        for word, array in (("input", input), ("batch1:", batch1), ("batch2:", batch2))
    )
    same_dtype(cx, f"Input dtypes must be the same, got: {names}", "baddbmm", input, batch1, batch2, recover=made)
    bmm_of(cx, "baddbmm", batch1, batch2, (batch, inner), (others, other), (batch, rows, columns))
    return made


@op("addbmm")
def addbmm(
    cx: Context, input: Array, batch1: Array, batch2: Array, *, beta: Value | None = None, alpha: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """``input`` + the sum of ``batch1 @ batch2`` over the batch."""
    for array, name in ((batch1, "batch1"), (batch2, "batch2")):
        if _ranks(array, 3):
            raise wrong_rank(cx, "RuntimeError", f"{name} must be a 3D tensor", "addbmm", array, 3)
    if batch1.shape is None or batch2.shape is None:
        return like(cx, (cx.fresh(lo=0), cx.fresh(lo=0)), batch1, batch2)
    (batch, rows, inner), (others, other, columns) = batch1.shape, batch2.shape
    made = like(cx, (rows, columns), input, batch1, batch2)
    fits_expanded(cx, "addbmm", input, (rows, columns), made)
    if not cx.equal(batch, others):
        message = f"batch1 and batch2 must have same number of batches, got {batch} and {others}"
        raise mismatched(cx, message, "addbmm", batch1, batch2, 0, 0, made)
    if not cx.equal(inner, other):
        message = f"Incompatible matrix sizes for bmm ({rows}x{inner} and {other}x{columns})"
        raise mismatched(cx, message, "addbmm", batch1, batch2, -1, -2, made)
    return made


@op("addbmm_", function=False)
def addbmm_(
    cx: Context, input: Array, batch1: Array, batch2: Array, *, beta: Value | None = None, alpha: Value | None = None
) -> Value:
    """In place; unlike other operations it takes another shape where ``input`` was expanded."""
    from foreshape.semantics.torch.inplace import changed, check_writable

    check_writable(cx, "addbmm_", input)
    made = addbmm(cx, input, batch1, batch2)
    return changed(cx, input, made) if isinstance(made, Array) else made


def _vector(cx: Context, taker: str, x: Array, name: str) -> DimLike:
    if x.shape is None:
        return cx.fresh(lo=0)
    if len(x.shape) != 1:
        message = f"{taker}: Expected 1-D argument {name}, but got {len(x.shape)}-D"
        raise wrong_rank(cx, "RuntimeError", message, taker, x, 1)
    return x.shape[0]


@op("addr", inplace=True)
def addr(
    cx: Context, input: Array, vec1: Array, vec2: Array, *, beta: Value | None = None, alpha: Value | None = None,
    out: Value | None = None,
) -> Value:  # fmt: skip
    """``input`` + the outer product."""
    shape = (_vector(cx, "addr", vec1, "vec1"), _vector(cx, "addr", vec2, "vec2"))
    made = tensor(cx, shape, result_dtype(cx, input, vec1, vec2), input, vec1, vec2)
    fits_expanded(cx, "addr", input, shape, made)
    return made


def _take_numbers(name: str) -> None:
    """The older ``torch.addmm(beta, input, alpha, mat1, mat2)`` is still taken: numbers among the first arguments."""
    for full in (f"torch.{name}", f"torch.Tensor.{name}", f"torch.Tensor.{name}_"):
        for declared in REGISTRY.rules.get(full, ()):
            inner = declared.function

            def run(cx: Context, *args: Value, _inner: RuleFunction = inner, **kwargs: Any) -> Value:
                kept = tuple(value for value in args if not is_number(value)) if len(args) > 3 else args
                return _inner(cx, *kept, **kwargs)

            declared.function = run
            declared.signature().star = "more"


for _name in ("addmm", "addmv", "addr", "addbmm", "baddbmm"):
    _take_numbers(_name)


# -- outer products --------------------------------------------------------------------------------------------------


@op("outer", "ger")
def outer(cx: Context, input: Array, vec2: Array, *, out: Value | None = None) -> Value:
    """All products of two vectors."""
    shape = (_vector(cx, "outer", input, "self"), _vector(cx, "outer", vec2, "vec2"))
    return tensor(cx, shape, result_dtype(cx, input, vec2), input, vec2)


@op("inner")
def inner(cx: Context, input: Array, other: Array, *, out: Value | None = None) -> Value:
    """The last axes contracted; tensors without axes multiply."""
    if input.shape is None or other.shape is None:
        return tensor(cx, None, None, input, other)
    if not input.shape or not other.shape:
        return tensor(cx, (*input.shape, *other.shape), result_dtype(cx, input, other), input, other)
    made = like(cx, (*input.shape[:-1], *other.shape[:-1]), input, other)
    if not cx.equal(input.shape[-1], other.shape[-1]):
        message = (
            "inner() the last dimension must match on both input tensors but got shapes "
            f"{shown(input.shape)} and {shown(other.shape)}"
        )
        raise mismatched(cx, message, "inner", input, other, -1, -1, made)
    if len(input.shape) == 1 and len(other.shape) == 1:
        return dot_of(cx, "inner", input, other)
    same_dtype(cx, "both inputs should have same dtype", "inner", input, other, recover=made)
    return made


@op("kron")
def kron(cx: Context, input: Array, other: Array, *, out: Value | None = None) -> Value:
    """Every element of the first times the second: sizes multiply."""
    dtype = result_dtype(cx, input, other)
    if input.shape is None or other.shape is None:
        return tensor(cx, None, dtype, input, other)
    rank = max(len(input.shape), len(other.shape))
    a = (*(1,) * (rank - len(input.shape)), *input.shape)
    b = (*(1,) * (rank - len(other.shape)), *other.shape)
    return tensor(cx, tuple(m * n for m, n in zip(a, b)), dtype, input, other)
