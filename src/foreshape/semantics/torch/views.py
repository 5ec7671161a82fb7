"""Other shapes of the same elements: view, reshape, permute, squeeze, expand, casts and moves."""

from __future__ import annotations

import math
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any

from foreshape.domain import dtype as dtypes
from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import Dim, DimLike, product
from foreshape.domain.values import Array, Const, Instance, LibraryRef, Sequence, Shape, Unknown, Value, as_int, as_str
from foreshape.faults.base import Fault
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.reshape import reshape as reshape_formula
from foreshape.semantics.shared.result import SizeError
from foreshape.semantics.torch.declare import method, op
from foreshape.semantics.torch.recorded import trues_of, with_trues
from foreshape.semantics.torch.strides import NoViewError, Strides, formatted, result_strides, view_strides
from foreshape.semantics.torch.support import (
    axes_in,
    axis_in,
    device_name,
    dtype_of,
    error,
    given,
    ints,
    invalid,
    is_contiguous,
    must_be,
    requires_grad,
    shown,
    sizes,
    strides_of,
    surely_no_tensor,
    tensor,
    unknown_tensor,
    varargs,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def view(
    cx: Context, x: Array, shape: Shape | None, strides: Strides | str | None, *,
    roles: tuple[str | None, ...] | None = None, data: tuple[Any, ...] | None = None, dtype: str | None = None,
) -> Array:  # fmt: skip
    """Another view of the elements of ``x``."""
    meta: dict[str, Any] = {key: x.meta[key] for key in ("sparse",) if key in x.meta}
    base = x.meta.get("base", x)
    if x.lo is not None or x.hi is not None or x.data is not None or requires_grad(base):
        meta["base"] = base  # whose values change with those of the view
    return tensor(cx, shape, dtype or x.dtype, x, lo=x.lo, hi=x.hi, roles=roles, data=data, strides=strides, meta=meta)


def copied(cx: Context, made: Value) -> Value:
    """A contiguous copy of a view, or of several."""
    if isinstance(made, Sequence):
        return Sequence(made.kind, Contents(tuple(
            Run(one.length, copied(cx, one.element), one.index) if isinstance(one, Run) else copied(cx, one)
            for one in made.contents.segments
        )))  # fmt: skip
    if not isinstance(made, Array):
        return made
    return tensor(cx, made.shape, made.dtype, made, lo=made.lo, hi=made.hi, data=made.data, roles=made.roles)


# -- view and reshape ----------------------------------------------------------------------------------------------------


def resized(cx: Context, taker: str, x: Array, target: Shape) -> Shape:
    """The target with its -1 worked out; raises reshape-size."""
    assert x.shape is not None
    try:
        found = reshape_formula(x.shape, target, cx.facts)
    except SizeError as problem:
        message = "only one dimension can be inferred"
        if problem.reason == "negative":
            message = f"invalid shape dimension {problem.value}"
        raise invalid(cx, "RuntimeError", message, "shape", shown(target), x) from None
    if found.failed is not None:
        raise _not_so_many(cx, taker, x, target, found.shape)
    for need in found.open:
        if need.kind == "equal":
            cx.equal(need.left, need.right)
    return tuple(cx.resolve(size) for size in found.shape)


def _not_so_many(cx: Context, taker: str, x: Array, target: Shape, made: Shape) -> Fault:
    from foreshape.faults.reshape_size import ReshapeSize

    assert x.shape is not None
    message = f"shape '{shown(target)}' is invalid for input of size {product(x.shape)}"
    if any(isinstance(size, int) and size == 0 for size in x.shape) and -1 in target:
        message = (
            f"cannot reshape tensor of 0 elements into shape {shown(target)} because the unspecified dimension size -1 "
            "can be any value and is ambiguous"
        )
    recover = tensor(cx, made, x.dtype, x)
    return ReshapeSize(
        error(cx, "RuntimeError", message), values=(x,), recover=recover, shape=x.shape, target=target, taker=taker
    )


def viewed(cx: Context, taker: str, x: Array, target: Shape | None, *, copies: bool) -> Array:
    """``x.view(target)``, or ``x.reshape(target)`` where it may copy."""
    if target is None or x.shape is None:
        if target is not None and all(not isinstance(size, int) or size != -1 for size in target):
            return tensor(cx, target, x.dtype, x, lo=x.lo, hi=x.hi, strides=None)
        made: Shape | None = None
        if target is not None:
            made = tuple(cx.fresh(lo=0) if isinstance(size, int) and size == -1 else size for size in target)
        return tensor(cx, made, x.dtype, x, lo=x.lo, hi=x.hi, strides=None)
    shape = resized(cx, taker, x, target)
    if taker != "flatten" and len(shape) > 1 and len(x.shape) > 2:
        from foreshape.semantics.torch.silent import note_reshape

        note_reshape(cx, x, shape)
    strides = strides_of(x)
    if is_contiguous(cx, x) or strides is None:
        new: Strides | str | None = "contiguous" if strides is not None or copies else None
    else:
        try:
            new = view_strides(cx, x.shape, strides, shape)
        except NoViewError:
            if not copies:
                raise _no_view(cx, taker, x, shape) from None
            new = "contiguous"
        else:
            if new is None and copies:
                new = None
    return view(cx, x, shape, new, roles=_kept_roles(x, shape), data=x.data)


def _no_view(cx: Context, taker: str, x: Array, shape: Shape) -> Fault:
    from foreshape.faults.reshape_size import ReshapeSize

    assert x.shape is not None
    message = (
        "view size is not compatible with input tensor's size and stride (at least one dimension spans across two "
        "contiguous subspaces). Use .reshape(...) instead."
    )
    recover = tensor(cx, shape, x.dtype, x)
    return ReshapeSize(
        error(cx, "RuntimeError", message), values=(x,), recover=recover, shape=x.shape, target=shape, taker=taker
    )


def _kept_roles(x: Array, shape: Shape) -> tuple[str | None, ...] | None:
    """Roles of axes that keep their place from the left or the right."""
    if x.roles is None or x.shape is None:
        return None
    made: list[str | None] = [None] * len(shape)
    for place in range(min(len(shape), len(x.shape))):
        if x.shape[place] != shape[place]:
            break
        made[place] = x.roles[place]
    for place in range(1, min(len(shape), len(x.shape)) + 1):
        if x.shape[-place] != shape[-place]:
            break
        made[-place] = x.roles[-place]
    return tuple(made)


@method("view")
def view_rule(cx: Context, self: Array, *args: Value, size: Value | None = None, dtype: Value | None = None) -> Value:
    """The same elements in another shape. RuntimeError for another number of elements, and where the strides do not allow it."""
    first = args[0] if args else dtype
    if isinstance(first, LibraryRef):
        return view_as_dtype(cx, self, dtype_of(first))
    return viewed(cx, "view", self, target_of(cx, "view", varargs(cx, "view", args, size)), copies=False)


def target_of(cx: Context, taker: str, value: Value | None) -> Shape | None:
    """The sizes of a new shape. TypeError for what is no int."""
    from foreshape.semantics.torch.support import weak_dtype

    if value is None or isinstance(value, Unknown):
        return None
    from foreshape.semantics.torch.support import items_of

    for place, item in enumerate(items_of(value) or ()):
        if weak_dtype(item) in ("weak float", "weak complex") or isinstance(
            getattr(item, "value", 0), (str, type(None))
        ):
            message = f"{taker}(): argument 'shape' (position 1) must be tuple of ints, but found element of type "
            from foreshape.semantics.torch.support import python_type

            raise invalid(cx, "TypeError", f"{message}{python_type(item)} at pos {place}", "shape", cx.text(item))
    return sizes(cx, value)


def view_as_dtype(cx: Context, x: Array, dtype: str | None) -> Value:
    """The same bytes as elements of another dtype: the last axis changes where the widths differ."""
    from foreshape.domain.dtype import width

    if dtype is None or x.dtype is None or x.shape is None:
        return tensor(cx, None, dtype, x)
    before, after = width(x.dtype), width(dtype)
    if before == after:
        return view(cx, x, x.shape, strides_of(x), dtype=dtype, roles=x.roles).replace(lo=None, hi=None)
    if not x.shape:
        message = f"self.dim() cannot be 0 to view {_scalar(x.dtype)} as {_scalar(dtype)} (different element sizes)"
        raise invalid(cx, "RuntimeError", message, "dtype", dtype, x)
    last = cx.resolve(x.shape[-1])
    if before > after:
        size: DimLike = last * (before // after)
    else:
        times = after // before
        if isinstance(last, int) and last % times:
            message = (
                f"self.size(-1) must be divisible by {times} to view {_scalar(x.dtype)} as {_scalar(dtype)} (different "
                f"element sizes), but got {last}"
            )
            raise invalid(cx, "RuntimeError", message, "dtype", dtype, x)
        size = last // times
    return tensor(cx, (*x.shape[:-1], size), dtype, x, strides="contiguous" if "strides" not in x.meta else None)


def _scalar(dtype: str) -> str:
    from foreshape.semantics.torch.support import scalar_name

    return scalar_name(dtype)


@op("reshape", function=False)
def reshape_method(cx: Context, self: Array, *args: Value, shape: Value | None = None) -> Value:
    """The same elements in another shape, copied where need be."""
    return viewed(
        cx, "reshape", self, target_of(cx, "reshape", varargs(cx, "reshape", args, shape, "shape")), copies=True
    )


@op("reshape", method=False)
def reshape(cx: Context, input: Array, shape: Value) -> Value:
    """The same elements in another shape, copied where need be."""
    return viewed(cx, "reshape", input, target_of(cx, "reshape", shape), copies=True)


@op("flatten")
def flatten(cx: Context, input: Array, start_dim: Value | None = None, end_dim: Value | None = None) -> Value:
    """The axes from start to end as one; a scalar becomes one element."""
    if input.shape is None:
        rank_one = start_dim is None and end_dim is None
        return tensor(cx, (cx.fresh(lo=0),) if rank_one else None, input.dtype, input)
    first = as_int(start_dim) if start_dim is not None else 0
    last = as_int(end_dim) if end_dim is not None else -1
    if first is None or last is None:
        return tensor(cx, None, input.dtype, input, lo=input.lo, hi=input.hi)
    rank = len(input.shape)
    start, end = axis_in(cx, "flatten", first, rank, input), axis_in(cx, "flatten", last, rank, input)
    if not rank:
        return view(cx, input, (1,), "contiguous", data=input.data)
    if start > end:
        message = "flatten() has invalid args: start_dim cannot come after end_dim"
        raise invalid(cx, "RuntimeError", message, "start_dim", first, input)
    if start == end:
        return input
    merged = product(input.shape[start : end + 1])
    return viewed(cx, "flatten", input, (*input.shape[:start], merged, *input.shape[end + 1 :]), copies=True)


@op("ravel")
def ravel(cx: Context, input: Array) -> Value:
    """One axis."""
    size: DimLike = cx.fresh(lo=0) if input.shape is None else product(input.shape)
    return tensor(cx, (size,), input.dtype, input, lo=input.lo, hi=input.hi, data=input.data)


# -- order of axes -------------------------------------------------------------------------------------------------------


def permuted(cx: Context, x: Array, order: SequenceOf[int]) -> Array:
    """The axes in another order."""
    assert x.shape is not None
    strides = strides_of(x)
    data = x.data
    if data is not None and list(order) != list(range(len(order))):
        data = _moved(x.shape, data, order)
    return view(
        cx, x, tuple(x.shape[axis] for axis in order),
        None if strides is None else tuple(strides[axis] for axis in order),
        roles=None if x.roles is None else tuple(x.roles[axis] for axis in order), data=data,
    )  # fmt: skip


def _moved(shape: Shape, data: tuple[Any, ...], order: SequenceOf[int]) -> tuple[Any, ...] | None:
    if not all(isinstance(size, int) for size in shape) or len(shape) != 2:
        return None
    rows, columns = (size for size in shape if isinstance(size, int))
    if len(data) != rows * columns:
        return None
    return tuple(data[row * columns + column] for column in range(columns) for row in range(rows))


@method("permute")
def permute_method(cx: Context, self: Array, *args: Value, dims: Value | None = None) -> Value:
    """The axes in another order. RuntimeError for another number of axes, IndexError for one that is not there."""
    return permute_to(cx, self, varargs(cx, "permute", args, dims, "dims"))


@op("permute", method=False)
def permute(cx: Context, input: Array, dims: Value) -> Value:
    """The axes in another order."""
    return permute_to(cx, input, dims)


def permute_to(cx: Context, x: Array, dims: Value | None) -> Value:
    """Shared by function and method."""
    order = () if dims is None else ints(cx, dims)
    if order is None:
        if x.shape is None or not isinstance(dims, Value):
            return tensor(cx, None, x.dtype, x, lo=x.lo, hi=x.hi)
        return tensor(cx, tuple(cx.fresh(lo=0) for _ in x.shape), x.dtype, x, lo=x.lo, hi=x.hi, strides=None)
    if x.shape is None:
        return tensor(cx, tuple(cx.fresh(lo=0) for _ in order), x.dtype, x, lo=x.lo, hi=x.hi, strides=None)
    if len(order) != len(x.shape):
        from foreshape.faults.transpose_axes import TransposeAxes

        message = (
            "permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired "
            f"ordering of dimensions i.e. input.dim() = {len(x.shape)} is not equal to len(dims) = {len(order)}"
        )
        raise TransposeAxes(
            error(cx, "RuntimeError", message), values=(x,), taker="permute", axes=tuple(order), rank=len(x.shape)
        )
    found = tuple(axis_in(cx, "permute", axis, len(x.shape), x) for axis in order)
    if len(set(found)) != len(found):
        from foreshape.faults.transpose_axes import TransposeAxes

        message = "permute(): duplicate dims are not allowed."
        raise TransposeAxes(
            error(cx, "RuntimeError", message), values=(x,), taker="permute", axes=tuple(order), rank=len(x.shape)
        )
    return permuted(cx, x, found)


@op("swapaxes")
def swapaxes(cx: Context, input: Array, axis0: Value, axis1: Value) -> Value:
    """``transpose`` with the names of NumPy."""
    return transpose(cx, input, axis0, axis1)


@op("transpose", "swapdims", inplace=False)
def transpose(cx: Context, input: Array, dim0: Value, dim1: Value) -> Value:
    """Two axes swapped. IndexError for one that is not there."""
    first, second = as_int(dim0), as_int(dim1)
    if input.shape is None or first is None or second is None:
        shape = None if input.shape is None else tuple(cx.fresh(lo=0) for _ in input.shape)
        return tensor(cx, shape, input.dtype, input, lo=input.lo, hi=input.hi, strides=None)
    rank = len(input.shape)
    a, b = axis_in(cx, "transpose", first, rank, input), axis_in(cx, "transpose", second, rank, input)
    if not rank:
        return input
    order = list(range(rank))
    order[a], order[b] = order[b], order[a]
    return permuted(cx, input, order)


@op("t")
def t(cx: Context, input: Array) -> Value:
    """A matrix transposed. RuntimeError for more than two axes."""
    if input.shape is None or len(input.shape) < 2:
        return input
    if len(input.shape) > 2:
        from foreshape.semantics.torch.support import wrong_rank

        message = f"t() expects a tensor with <= 2 dimensions, but self is {len(input.shape)}D"
        raise wrong_rank(cx, "RuntimeError", message, "t", input, 2, recover=input)
    return permuted(cx, input, (1, 0))


# -- axes of size 1 ------------------------------------------------------------------------------------------------------


@op("unsqueeze")
def unsqueeze(cx: Context, input: Array, dim: Value) -> Value:
    """A new axis of size 1. IndexError for a place that is not there."""
    axis = as_int(dim)
    if input.shape is None or axis is None:
        shape = None if input.shape is None else tuple(cx.fresh(lo=0) for _ in range(len(input.shape) + 1))
        return tensor(cx, shape, input.dtype, input, lo=input.lo, hi=input.hi, strides=None)
    rank = len(input.shape)
    place = axis_in(cx, "unsqueeze", axis, rank + 1, input)
    strides = strides_of(input)
    if strides is not None and "strides" in input.meta:
        step: DimLike = 1 if place >= rank else input.shape[place] * strides[place]
        strides = (*strides[:place], step, *strides[place:])
    made: Strides | str | None = strides if "strides" in input.meta else "contiguous"
    roles = None if input.roles is None else (*input.roles[:place], None, *input.roles[place:])
    return view(cx, input, (*input.shape[:place], 1, *input.shape[place:]), made, roles=roles, data=input.data)


@op("squeeze")
def squeeze(cx: Context, input: Array, dim: Value | None = None) -> Value:
    """Without axes of size 1; an axis of another size stays."""
    if input.shape is None:
        return tensor(cx, None, input.dtype, input, lo=input.lo, hi=input.hi, strides=None)
    rank = len(input.shape)
    if given(dim):
        found = ints(cx, dim)
        if found is None:
            return tensor(cx, None, input.dtype, input, lo=input.lo, hi=input.hi, strides=None)
        places = axes_in(cx, "squeeze", found, rank, input)
    else:
        places = tuple(range(rank))
    keep = [i for i in range(rank) if i not in places or not _surely_one(cx, input.shape[i], asked=given(dim))]
    strides = strides_of(input)
    made: Strides | str | None = "contiguous"
    if "strides" in input.meta:
        made = None if strides is None else tuple(strides[i] for i in keep)
    roles = None if input.roles is None else tuple(input.roles[i] for i in keep)
    return view(cx, input, tuple(input.shape[i] for i in keep), made, roles=roles, data=input.data)


def _surely_one(cx: Context, size: DimLike, asked: bool) -> bool:
    size = cx.resolve(size)
    return isinstance(size, int) and size == 1


# -- copies, casts and moves ---------------------------------------------------------------------------------------------


@method("contiguous")
def contiguous(cx: Context, self: Array, *, memory_format: Value | None = None) -> Value:
    """The same elements, one after the other in memory."""
    if given(memory_format):
        return formatted(cx, tensor(cx, self.shape, self.dtype, self, lo=self.lo, hi=self.hi, roles=self.roles,
                                    data=self.data), memory_format)  # fmt: skip
    if "strides" not in self.meta:
        return self
    return tensor(cx, self.shape, self.dtype, self, lo=self.lo, hi=self.hi, roles=self.roles, data=self.data)


@op("clone")
def clone(cx: Context, input: Array, *, memory_format: Value | None = None) -> Value:
    """A copy."""
    strides: Strides | str | None = "contiguous"
    if "strides" in input.meta:
        strides = result_strides(cx, input.shape, (input,))
    made = tensor(
        cx,
        input.shape,
        input.dtype,
        input,
        lo=input.lo,
        hi=input.hi,
        roles=input.roles,
        data=input.data,
        strides=strides,
    )
    return formatted(cx, made, memory_format)


def cast(cx: Context, x: Array, dtype: str | None, device: str | None = None) -> Array:
    """The same values in another dtype, perhaps elsewhere."""

    moved = device is not None and device != x.meta.get("device", "cpu")
    if dtype == x.dtype and dtype is not None and not moved:
        return x
    lo, hi, data = cast_values(x, dtype)
    strides: Strides | str | None = "contiguous"
    if "strides" in x.meta:
        strides = result_strides(cx, x.shape, (x,))
    made = tensor(
        cx, x.shape, dtype, x, lo=lo, hi=hi, data=data, roles=x.roles, strides=strides, device=device,
        loose=dtype == "bool" and lo != hi,
    )  # fmt: skip
    count = trues_of(cx, x) if x.dtype == "bool" or (x.lo == 0 and x.hi == 1) else None
    return made if count is None else with_trues(cx, made, count)


def cast_values(x: Array, dtype: str | None) -> tuple[Any, Any, tuple[Any, ...] | None]:
    """Bounds and elements of the same values in another dtype."""
    from foreshape.domain.dtype import integer_range

    if dtype is None or x.dtype is None or dtypes.is_complex(x.dtype):
        return None, None, None
    values: list[Any] = [x.lo, x.hi, *(x.data or ())]
    limits = integer_range(dtype)
    made: list[Any] = []
    for item in values:
        if dtype == "bool":
            made.append(None if item is None or isinstance(item, Dim) else bool(item))
        elif limits is None:
            made.append(float(item) if isinstance(item, (bool, int)) and dtypes.is_floating(dtype) else item)
        elif isinstance(item, (bool, int, float)):
            cut = math.trunc(item) if isinstance(item, int) or math.isfinite(item) else None
            made.append(cut if cut is not None and limits[0] <= cut <= limits[1] else None)
        else:
            made.append(item)
    data = tuple(made[2:]) if x.data is not None and None not in made[2:] else None
    if data is not None and limits is None and any(isinstance(item, Dim) for item in data):
        data = None
    if dtype == "bool":
        same = x.lo is not None and not isinstance(x.lo, Dim) and (x.lo == x.hi or x.lo > 0)
        bound = int(made[0]) if same else None
        return (bound, bound, data) if same else (0, 1, data)
    if limits is not None and (made[0] is None) != (made[1] is None) and x.lo is not None and x.hi is not None:
        return None, None, data
    return made[0], made[1], data


CASTS = {
    "float": "float32", "double": "float64", "half": "float16", "bfloat16": "bfloat16", "long": "int64", "int": "int32",
    "short": "int16", "char": "int8", "byte": "uint8", "bool": "bool", "cfloat": "complex64", "cdouble": "complex128",
    "chalf": "complex32",
}  # fmt: skip


def _cast_method(name: str, dtype: str) -> None:
    @method(name)
    def run(cx: Context, self: Array, memory_format: Value | None = None) -> Value:
        """The same values in this dtype."""
        return formatted(cx, cast(cx, self, dtype), memory_format)


for _name, _dtype in CASTS.items():
    _cast_method(_name, _dtype)


@rule("torch.Tensor.type")
def type_(cx: Context, self: Array, dtype: Value | None = None, non_blocking: Value | None = None) -> Value:
    """The name of the tensor's type, or a cast."""
    if not given(dtype):
        from foreshape.domain.values import Typed
        from foreshape.semantics.torch.support import scalar_name

        return Typed("str") if self.dtype is None else Const(f"torch.{scalar_name(self.dtype)}Tensor")
    wanted = dtype_of(dtype)
    text = as_str(dtype) or (dtype.name if isinstance(dtype, LibraryRef) else "")
    if wanted is None and text.endswith("Tensor"):
        name = text.rpartition(".")[2].removesuffix("Tensor")
        from foreshape.semantics.torch.support import SCALAR_NAMES

        wanted = next((key for key, spelt in SCALAR_NAMES.items() if spelt == name), None)
    return cast(cx, self, wanted, "cuda" if ".cuda." in text else None)


@rule("torch.Tensor.type_as")
def type_as(cx: Context, self: Array, other: Value) -> Value:
    """The dtype and device of another tensor."""
    if not isinstance(other, Array) or other.kind != "torch":
        if surely_no_tensor(other):
            raise must_be(cx, "type_as", "other", 1, "Tensor", other)
        return unknown_tensor(cx, other)
    from foreshape.semantics.torch.support import device_of

    return cast(cx, self, other.dtype, device_of(other))


@rule("torch.Tensor.to")
def to(cx: Context, self: Array, *args: Value, **kwargs: Value) -> Value:
    """Another dtype, another device, or both; or those of another tensor."""
    from foreshape.semantics.torch.support import device_of
    from foreshape.semantics.torch.types import check_device

    dtype, device = self.dtype, None
    for value in (*args[:2], *(kwargs[key] for key in ("device", "dtype", "other") if key in kwargs)):
        if isinstance(value, Array) and value.kind == "torch":
            dtype, device = value.dtype, device_of(value)
        elif isinstance(value, Const) and isinstance(value.value, float):
            dtype = "float64"  # a number counts as another tensor
        elif isinstance(value, LibraryRef):
            dtype = dtype_of(value)
        elif isinstance(value, Instance) or as_str(value) is not None or as_int(value) is not None:
            if not isinstance(value, Const) or not isinstance(value.value, bool):
                check_device(cx, as_str(value))
                device = device_name(value)
        elif isinstance(value, Unknown):
            # a device more often than a dtype, but nobody knows
            device = "?"
            if "device" not in kwargs or kwargs["device"] is not value:
                dtype = None if "dtype" in kwargs and kwargs["dtype"] is value else dtype
        elif given(value):
            device = device_name(value)
    return formatted(cx, cast(cx, self, dtype, device), kwargs.get("memory_format"))


@rule("torch.Tensor.cpu")
def cpu(cx: Context, self: Array, memory_format: Value | None = None) -> Value:
    """On the CPU."""
    return formatted(cx, cast(cx, self, self.dtype, "cpu"), memory_format)


@rule("torch.Tensor.cuda")
def cuda(
    cx: Context, self: Array, device: Value | None = None, non_blocking: Value | None = None,
    memory_format: Value | None = None,
) -> Value:  # fmt: skip
    """On a GPU."""
    return formatted(cx, cast(cx, self, self.dtype, device_name(device) or "cuda"), memory_format)
