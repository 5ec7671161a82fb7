"""The same elements in another order or frame: flip, roll, rot90, triangles, atleast_*d, grids, copies of views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Const, Sequence, Value, as_int, as_str, int_value
from foreshape.semantics.torch.declare import method, op
from foreshape.semantics.torch.recorded import with_trues
from foreshape.semantics.torch.strides import Strides, is_permuted_dense
from foreshape.semantics.torch.support import (
    axes_in,
    axis_in,
    error,
    given,
    ints,
    invalid,
    is_complex,
    items_of,
    must_be,
    real_dtype,
    scalar_name,
    shown,
    size_of,
    sizes,
    strides_of,
    surely_no_tensor,
    tensor,
    unknown_tensor,
    varargs,
    wrong_dtype,
    wrong_rank,
)
from foreshape.semantics.torch.views import (
    copied,
    permute_to,
    permuted,
    squeeze,
    t,
    transpose,
    unsqueeze,
    view,
    view_as_dtype,
    viewed,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def same_elements(cx: Context, x: Array, *, keep: bool = True) -> Array:
    """A copy of the same shape whose elements stand elsewhere."""
    strides: Strides | str | None = "contiguous"
    if keep and "strides" in x.meta:
        strides = strides_of(x) if is_permuted_dense(x) else None
    return tensor(cx, x.shape, x.dtype, x, lo=x.lo, hi=x.hi, roles=x.roles, strides=strides)


# -- flips and rolls -----------------------------------------------------------------------------------------------------


@op("flip", function=False)
def flip_method(cx: Context, self: Array, *args: Value, dims: Value | None = None) -> Value:
    """Axes in reverse."""
    return flipped(cx, self, varargs(cx, "flip", args, dims, "dims"))


@op("flip", method=False)
def flip(cx: Context, input: Array, dims: Value) -> Value:
    """Axes in reverse."""
    return flipped(cx, input, dims)


def flipped(cx: Context, x: Array, dims: Value | None) -> Value:
    """Shared by both."""
    axes = None if dims is None else ints(cx, dims)
    if x.shape is not None and axes is not None:
        axes_in(cx, "flip", axes, len(x.shape), x, recover=x)
    return same_elements(cx, x)


def _flip_of(name: str, least: int) -> None:
    @op(name)
    def run(cx: Context, input: Array) -> Value:
        """One axis in reverse. RuntimeError for too few axes."""
        if input.shape is not None and len(input.shape) < least:
            message = f"Input must be >= {least}-d."
            raise wrong_rank(cx, "RuntimeError", message, name, input, least, at_least=True, recover=input)
        return same_elements(cx, input)


_flip_of("fliplr", 2)
_flip_of("flipud", 1)


@op("roll")
def roll(cx: Context, input: Array, shifts: Value, dims: Value | None = None) -> Value:
    """Elements moved round. RuntimeError for another number of shifts than axes."""
    moves, axes = ints(cx, shifts), () if not given(dims) else ints(cx, dims)
    if moves is not None and axes is not None and input.shape is not None:
        if not moves:
            raise invalid(cx, "RuntimeError", "`shifts` required", "shifts", "()", input, recover=input)
        if len(moves) != len(axes) and not (not axes and len(moves) == 1):
            message = f"shifts and dimensions must align. shifts: {len(moves)}, dims:{len(axes)}"
            raise invalid(cx, "RuntimeError", message, "dims", axes, input, recover=input)
        if axes and not input.shape:
            from foreshape.faults.axis_range import AxisRange

            message = f"Dimension specified as {axes[0]} but tensor has no dimensions"
            raise AxisRange(
                error(cx, "IndexError", message), values=(input,), recover=input, taker="roll", axis=axes[0], rank=0
            )
        for axis in axes:
            axis_in(cx, "roll", axis, len(input.shape), input, recover=input)
    return same_elements(cx, input, keep=False)


@op("rot90")
def rot90(cx: Context, input: Array, k: Value | None = None, dims: Value | None = None) -> Value:
    """Turned in the plane of two axes."""
    axes = (0, 1) if dims is None else ints(cx, dims)
    turns = 1 if k is None else as_int(k)
    if input.shape is None or axes is None:
        return tensor(
            cx, None if input.shape is None else tuple(cx.fresh(lo=0) for _ in input.shape), input.dtype, input
        )
    rank = len(input.shape)
    if len(axes) != 2:
        message = f"expected total rotation dims == 2, but got dims = {len(axes)}"
        raise invalid(cx, "RuntimeError", message, "dims", axes, input, recover=input)
    if rank < 2:
        message = f"expected total dims >= 2, but got total dims = {rank}"
        raise wrong_rank(cx, "RuntimeError", message, "rot90", input, 2, at_least=True, recover=input)
    for place, axis in enumerate(axes):
        if not -rank <= axis < rank:
            from foreshape.faults.axis_range import AxisRange

            message = f"Rotation dim{place} out of range, dim{place} = {axis}"
            if cx.targets.at_least("torch", "2"):
                axis_in(cx, "rot90", axis, rank, input, recover=input)
            raise AxisRange(error(cx, "RuntimeError", message), values=(input,), taker="rot90", axis=axis, rank=rank)
    a, b = axes[0] % rank, axes[1] % rank
    if a == b:
        message = f"expected rotation dims to be different, but got dim0 = {axes[0]} and dim1 = {axes[1]}"
        raise invalid(cx, "RuntimeError", message, "dims", axes, input, recover=input)
    if turns is None:
        return tensor(cx, tuple(cx.fresh(lo=0) for _ in input.shape), input.dtype, input)
    made = same_elements(cx, input)
    if turns % 2 == 0:
        return made
    order = list(range(rank))
    order[a], order[b] = order[b], order[a]
    return permuted(cx, made, order)


# -- triangles -----------------------------------------------------------------------------------------------------------


def _triangle(name: str) -> None:
    @op(name, inplace=True)
    def run(cx: Context, input: Array, diagonal: Value | None = None, *, out: Value | None = None) -> Value:
        """A matrix with zeros on one side of a diagonal. RuntimeError for fewer than two axes."""
        if input.shape is not None and len(input.shape) < 2:
            message = f"{name}: input tensor must have at least 2 dimensions"
            raise wrong_rank(cx, "RuntimeError", message, name, input, 2, at_least=True, recover=input)
        lo = min(input.lo, 0) if isinstance(input.lo, (int, float)) else None
        hi = max(input.hi, 0) if isinstance(input.hi, (int, float)) else None
        made = tensor(cx, input.shape, input.dtype, input, lo=lo, hi=hi, roles=input.roles)
        if input.lo is not None and input.lo == input.hi == 1 and input.shape is not None and len(input.shape) == 2:
            rows, columns = (int_value(cx.resolve(size)) for size in input.shape)
            with_trues(cx, made, _triangle_count(cx, name, rows, columns, diagonal))
        return made


for _name in ("tril", "triu"):
    _triangle(_name)


def _triangle_indices(name: str) -> None:
    @op(name, method=False)
    def run(
        cx: Context, row: Value, col: Value, offset: Value | None = None, *, dtype: Value | None = None,
        device: Value | None = None, layout: Value | None = None,
    ) -> Value:  # fmt: skip
        """The places of the elements of a triangle: (2, how many)."""
        from foreshape.semantics.torch.creation import made
        from foreshape.semantics.torch.support import dtype_argument

        rows, columns, shift = as_int(row), as_int(col), as_int(offset) if offset is not None else 0
        wanted = dtype_argument(cx, dtype, "int64", name)
        for word, size in (("row", rows), ("col", columns)):
            if size is not None and size < 0:
                raise invalid(cx, "RuntimeError", f"{word} must be non-negative, got{size}", word, size)
        if rows is None or columns is None or shift is None or rows > 10_000:
            return made(cx, name, (2, _triangle_count(cx, name, row, col, offset)), wanted, device=device)
        if name == "tril_indices":
            count = sum(min(max(i + shift + 1, 0), columns) for i in range(rows))
        else:
            count = sum(max(columns - max(i + shift, 0), 0) for i in range(rows))
        return made(cx, name, (2, count), wanted, device=device, lo=0, hi=max(rows, columns))


def _triangle_count(cx: Context, name: str, row: Value, col: Value, offset: Value | None) -> DimLike:
    """For a square: n(n+1)/2, with an offset of one n(n-1)/2."""
    rows, columns, shift = size_of(cx, row), size_of(cx, col), as_int(offset) if offset is not None else 0
    if rows is None or columns is None or rows != columns or shift not in (-1, 0, 1):
        return cx.fresh(lo=0)
    more = shift if name in ("tril", "tril_indices") else -(shift or 0)
    if more == 0:
        return rows * (rows + 1) // 2
    return rows * (rows - 1) // 2 if more == -1 else cx.fresh(lo=0)


for _name in ("tril_indices", "triu_indices"):
    _triangle_indices(_name)


# -- more axes -----------------------------------------------------------------------------------------------------------


def _at_least(rank: int) -> None:
    name = f"atleast_{rank}d"

    @op(name, method=False)
    def run(cx: Context, *tensors: Value) -> Value:
        """At least so many axes; for several tensors a tuple."""
        if len(tensors) == 1 and items_of(tensors[0]) is None:
            return one(cx, tensors[0], 1)
        values = items_of(tensors[0]) if len(tensors) == 1 else tensors
        return Sequence("tuple", Contents(tuple(one(cx, value, i + 1) for i, value in enumerate(values or ()))))

    def one(cx: Context, x: Value, position: int) -> Value:
        if not isinstance(x, Array) or x.kind != "torch":
            if surely_no_tensor(x):
                raise must_be(cx, name, "tensors", position, "Tensor", x)
            return unknown_tensor(cx, x)
        if x.shape is None:
            return tensor(cx, None, x.dtype, x)
        made: Value = x
        if rank > len(x.shape):
            if not x.shape:
                made = viewed(cx, name, x, (1,) * rank, copies=False)
            elif rank == 2:
                made = unsqueeze(cx, x, Const(0))
            elif rank == 3:
                made = unsqueeze(cx, x, Const(-1))
                if len(x.shape) == 1 and isinstance(made, Array):
                    made = unsqueeze(cx, made, Const(0))
        return made


for _rank in (1, 2, 3):
    _at_least(_rank)


# -- grids ---------------------------------------------------------------------------------------------------------------


@op("meshgrid", method=False)
def meshgrid(cx: Context, *tensors: Value, indexing: Value | None = None) -> Value:
    """A tensor for each vector, all of the shape that their lengths make."""
    values = tensors
    if len(tensors) == 1 and isinstance(tensors[0], Sequence):
        items = items_of(tensors[0])
        if items is None:
            return cx.unknown("how many tensors there are is not known")
        values = items
    arrays: list[Array] = []
    for place, value in enumerate(values):
        if not isinstance(value, Array) or value.kind != "torch":
            if surely_no_tensor(value):
                raise must_be(cx, "meshgrid", "tensors", place + 1, "Tensor", value)
            return unknown_tensor(cx, value)
        if value.shape is not None and len(value.shape) > 1:
            message = "torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: "
            raise wrong_rank(cx, "RuntimeError", message, "meshgrid", value, 1)
        arrays.append(value)
    if not arrays:
        message = "meshgrid expects a non-empty TensorList"
        raise invalid(cx, "RuntimeError", message, "tensors", "()")
    kinds = {array.dtype for array in arrays}
    if len(kinds) > 1 and None not in kinds:
        message = "meshgrid expects all tensors to have the same dtype"
        raise wrong_dtype(cx, "RuntimeError", message, "meshgrid", *arrays)
    word = "ij" if not given(indexing) else as_str(indexing)
    if word not in ("ij", "xy", None):
        message = f'torch.meshgrid: indexing must be one of "xy" or "ij", but received: {word}'
        raise invalid(cx, "RuntimeError", message, "indexing", word)
    shape: list[DimLike] = []
    for array in arrays:
        shape.append(cx.fresh(lo=0) if array.shape is None else array.shape[0] if array.shape else 1)
    if word is None:
        shape = [cx.fresh(lo=0) for _ in shape]
    places = list(range(len(arrays)))
    if word == "xy" and len(arrays) > 1:
        shape[0], shape[1] = shape[1], shape[0]
        places[0], places[1] = places[1], places[0]
    made = []
    for array, place in zip(arrays, places):
        strides = tuple(1 if axis == place else 0 for axis in range(len(shape)))
        made.append(view(cx, array, tuple(shape), strides if len(shape) > 1 else "contiguous"))
    return Sequence("tuple", Contents(tuple(made)))


@op("cartesian_prod", method=False)
def cartesian_prod(cx: Context, *tensors: Value) -> Value:
    """All combinations of elements of vectors, a row each."""
    total: DimLike = 1
    arrays: list[Array] = []
    for place, value in enumerate(tensors):
        if not isinstance(value, Array) or value.kind != "torch":
            if surely_no_tensor(value):
                raise must_be(cx, "cartesian_prod", "tensors", place + 1, "Tensor", value)
            return unknown_tensor(cx, value)
        if value.shape is not None and len(value.shape) != 1:
            message = f"Expect a 1D vector, but got shape {shown(value.shape)}"
            raise wrong_rank(cx, "RuntimeError", message, "cartesian_prod", value, 1)
        total = total * (cx.fresh(lo=0) if value.shape is None else value.shape[0])
        arrays.append(value)
    if len(arrays) == 1:
        return arrays[0]
    return tensor(cx, (total, len(arrays)), arrays[0].dtype if arrays else None, *arrays)


@op("combinations", method=False)
def combinations(cx: Context, input: Array, r: Value | None = None, with_replacement: Value | None = None) -> Value:
    """The subsets of a vector, a row each."""
    size = 2 if r is None else as_int(r)
    if input.shape is not None and len(input.shape) != 1:
        message = f"Expect a 1D vector, but got shape {shown(input.shape)}"
        raise wrong_rank(cx, "RuntimeError", message, "combinations", input, 1)
    if size is not None and size < 0:
        raise invalid(cx, "RuntimeError", f"Expect a non-negative number, but got {size}", "r", size)
    if size == 0:
        return tensor(cx, (0,), input.dtype, input)
    repeated = bool(getattr(with_replacement, "value", False)) if with_replacement is not None else False
    length = None if input.shape is None else cx.resolve(input.shape[0])
    columns: DimLike = cx.fresh(lo=0) if size is None else size
    if not isinstance(length, int) or size is None:
        return tensor(cx, (cx.fresh(lo=0), columns), input.dtype, input)
    from math import comb

    rows = comb(length + size - 1, size) if repeated and length else comb(length, size)
    return tensor(cx, (rows, columns), input.dtype, input, lo=input.lo, hi=input.hi)


# -- views of others -----------------------------------------------------------------------------------------------------


@method("view_as", devices=False)
def view_as(cx: Context, self: Array, other: Array) -> Value:
    """A view with the shape of another tensor."""
    return viewed(cx, "view_as", self, other.shape, copies=False)


@method("reshape_as", devices=False)
def reshape_as(cx: Context, self: Array, other: Array) -> Value:
    """The shape of another tensor."""
    return viewed(cx, "reshape_as", self, other.shape, copies=True)


@op("view_as_real", "view_as_real_copy", method=False)
def view_as_real(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """A complex tensor as pairs of numbers, in a new last axis."""
    if input.dtype is not None and not is_complex(input.dtype):
        message = "view_as_real is only supported for complex tensors"
        raise wrong_dtype(cx, "RuntimeError", message, "view_as_real", input)
    old = strides_of(input)
    strides: Strides | str | None = "contiguous"
    if "strides" in input.meta:
        strides = None if old is None else (*(2 * one for one in old), 1)
    shape = None if input.shape is None else (*input.shape, 2)
    return tensor(cx, shape, real_dtype(input.dtype), input, strides=strides)


@op("view_as_complex", "view_as_complex_copy", method=False)
def view_as_complex(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """Pairs of numbers in the last axis as complex numbers."""
    made = {"float16": "complex32", "float32": "complex64", "float64": "complex128"}.get(input.dtype or "")
    if input.dtype is not None and made is None:
        message = (
            "view_as_complex is only supported for half, float and double tensors, but got a tensor of scalar type: "
            f"{scalar_name(input.dtype)}"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "view_as_complex", input)
    if input.shape is None:
        return tensor(cx, None, made, input)
    if not input.shape:
        message = "Input tensor must have one or more dimensions"
        raise wrong_rank(cx, "RuntimeError", message, "view_as_complex", input, 1, at_least=True)
    if not cx.equal(input.shape[-1], 2):
        message = "Tensor must have a last dimension of size 2"
        raise invalid(cx, "RuntimeError", message, "input", shown(input.shape), input)
    return tensor(cx, input.shape[:-1], made, input, strides="contiguous" if "strides" not in input.meta else None)


@op("alias_copy", "detach_copy", method=False)
def alias_copy(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """A copy."""
    return tensor(cx, input.shape, input.dtype, input, lo=input.lo, hi=input.hi, data=input.data, roles=input.roles)


@op("view_copy", method=False)
def view_copy(
    cx: Context, input: Array, size: Value | None = None, *, dtype: Value | None = None, out: Value | None = None
) -> Value:
    """As the method ``view``, copied."""
    from foreshape.domain.values import LibraryRef
    from foreshape.semantics.torch.support import dtype_of
    from foreshape.semantics.torch.views import target_of

    asked = dtype if dtype is not None else size
    if isinstance(asked, LibraryRef):
        return view_as_dtype(cx, input, dtype_of(asked))
    return copied(cx, viewed(cx, "view", input, target_of(cx, "view", size), copies=False))


@op("permute_copy", method=False)
def permute_copy(cx: Context, input: Array, dims: Value, *, out: Value | None = None) -> Value:
    """As ``permute``, copied."""
    return copied(cx, permute_to(cx, input, dims))


@op("transpose_copy", method=False)
def transpose_copy(cx: Context, input: Array, dim0: Value, dim1: Value, *, out: Value | None = None) -> Value:
    """As ``transpose``, copied."""
    return copied(cx, transpose(cx, input, dim0, dim1))


@op("t_copy", method=False)
def t_copy(cx: Context, input: Array, *, out: Value | None = None) -> Value:
    """As ``t``, copied."""
    return copied(cx, t(cx, input))


@op("squeeze_copy", method=False)
def squeeze_copy(cx: Context, input: Array, dim: Value | None = None, *, out: Value | None = None) -> Value:
    """As ``squeeze``, copied."""
    return copied(cx, squeeze(cx, input, dim))


@op("unsqueeze_copy", method=False)
def unsqueeze_copy(cx: Context, input: Array, dim: Value, *, out: Value | None = None) -> Value:
    """As ``unsqueeze``, copied."""
    return copied(cx, unsqueeze(cx, input, dim))


@op("unravel_index", method=False)
def unravel_index(cx: Context, indices: Array, shape: Value) -> Value:
    """The places of flat indices: a tensor for each axis."""
    from foreshape.semantics.torch.support import is_integral

    if indices.dtype is not None and not is_integral(indices.dtype, with_bool=False):
        message = f"expected 'indices' to be integer dtype, but got torch.{indices.dtype}"
        raise wrong_dtype(cx, "TypeError", message, "unravel_index", indices, wanted="int64")
    found = sizes(cx, shape)
    if found is None:
        return cx.unknown("the shape is not known")
    parts = tuple(tensor(cx, indices.shape, "int64", indices, lo=0, hi=size - 1, strides=None) for size in found)
    return Sequence("tuple", Contents(parts))


PLAIN: Final = product
