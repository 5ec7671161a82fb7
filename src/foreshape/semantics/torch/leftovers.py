"""What tensors have besides: sparse layouts, storages, functions applied element by element; and what they lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Shape, Typed, Value, as_int, is_none
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.creation import made
from foreshape.semantics.torch.declare import method, op
from foreshape.semantics.torch.inplace import changed, check_writable
from foreshape.semantics.torch.parting import resized_axis
from foreshape.semantics.torch.support import (
    as_tensor,
    axis_in,
    default_dtype,
    device_of,
    dtype_argument,
    given,
    size_of,
    sizes,
    tensor,
    without_values,
    wrong_rank,
)
from foreshape.semantics.torch.types import device_value
from foreshape.semantics.torch.views import copied

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- changed by a function ------------------------------------------------------------------------------------------------


@method("apply_", "map_", "map2_")
def apply_(cx: Context, self: Array, *args: Value) -> Value:
    """A Python function of every element; not followed."""
    check_writable(cx, "apply_", self)
    return changed(cx, self, without_values(self))


@op("detach_", method=False)
def detach_(cx: Context, input: Array) -> Value:
    """The tensor without its history."""
    return cx.call_method(input, "detach_")


@op("as_strided_", method=False)
def as_strided_(cx: Context, input: Array, size: Value, stride: Value, storage_offset: Value | None = None) -> Value:
    """Another view of the memory."""
    return cx.call_method(input, "as_strided_", (size, stride))


def _in_place_function(name: str, operands: int) -> None:
    @rule(f"torch.{name}")
    def run(cx: Context, input: Value, *args: Value) -> Value:
        """As the method."""
        return cx.call_method(input, name, args[:operands])


for _name in ("xlogy_", "ldexp_", "gcd_", "lcm_"):
    _in_place_function(_name, 1)
for _name in ("abs_", "conj_physical_"):
    _in_place_function(_name, 0)


# -- views -----------------------------------------------------------------------------------------------------------------


@op("adjoint")
def adjoint(cx: Context, input: Array) -> Value:
    """The last two axes swapped. RuntimeError for fewer."""
    if input.shape is not None and len(input.shape) < 2:
        message = (
            f"tensor.adjoint() is only supported on matrices or batches of matrices. Got {len(input.shape)}-D tensor."
        )
        raise wrong_rank(cx, "RuntimeError", message, "adjoint", input, 2, at_least=True, recover=input)
    return cx.rule("torch.transpose", input, Const(-2), Const(-1))


@op("slice_copy", method=False)
def slice_copy(
    cx: Context, input: Array, dim: Value | None = None, start: Value | None = None, end: Value | None = None,
    step: Value | None = None, *, out: Value | None = None,
) -> Value:  # fmt: skip
    """A copy of a slice of an axis."""
    from foreshape.semantics.shared.index import slice_length

    axis = as_int(dim) if dim is not None else 0
    if input.shape is None or axis is None:
        return tensor(cx, None, input.dtype, input)
    if not input.shape:
        message = "slice() cannot be applied to a 0-dim tensor."
        raise wrong_rank(cx, "IndexError", message, "slice_copy", input, 1, at_least=True, recover=input)
    place = axis_in(cx, "slice", axis, len(input.shape), input)
    ends = [None if part is None or is_none(part) else size_of(cx, part) for part in (start, end, step)]
    length = slice_length(input.shape[place], ends[0], ends[1], ends[2], cx.facts)
    return copied(cx, resized_axis(cx, input, place, cx.fresh(lo=0) if length is None else length))


@op("split_copy", method=False)
def split_copy(
    cx: Context, input: Array, split_size: Value, dim: Value | None = None, *, out: Value | None = None
) -> Value:
    """As ``split``, copied."""
    return copied(cx, cx.rule("torch.split", input, split_size, *(() if dim is None else (dim,))))


@method("as_subclass", "storage", "untyped_storage", "to_mkldnn", "dim_order")
def not_followed(cx: Context, self: Array, *args: Value, **kwargs: Value) -> Value:
    """Not followed."""
    return cx.unknown("this is not followed")


# -- sparse ----------------------------------------------------------------------------------------------------------------


@method("to_dense", "coalesce")
def to_dense(cx: Context, self: Array, *args: Value, **kwargs: Value) -> Value:
    """The same shape and dtype."""
    meta = {key: value for key, value in self.meta.items() if key != "sparse"}
    return self.replace(meta=meta, lo=None, hi=None, data=None)


@method("to_sparse_csr", "to_sparse_csc", "to_sparse_bsr", "to_sparse_bsc")
def to_sparse(cx: Context, self: Array, *args: Value, **kwargs: Value) -> Value:
    """The same shape and dtype in another layout."""
    return self.replace(meta={**self.meta, "sparse": "sparse_csr"}, lo=None, hi=None, data=None)


def _sparse(cx: Context, layout: str, shape: Shape | None, values: Value, dtype: Value | None) -> Value:
    """A tensor of this shape in another layout."""
    held = as_tensor(cx, values)
    wanted = dtype_argument(cx, dtype, None if held is None else held.dtype, layout)
    whole = tensor(cx, shape, wanted, held)
    return whole.replace(meta={**whole.meta, "sparse": layout})


@rule("torch.sparse_coo_tensor")
def sparse_coo_tensor(
    cx: Context, indices: Value | None = None, values: Value | None = None, size: Value | None = None, *,
    dtype: Value | None = None, device: Value | None = None, pin_memory: Value | None = None,
    requires_grad: Value | None = None, check_invariants: Value | None = None, is_coalesced: Value | None = None,
) -> Value:  # fmt: skip
    """The size that is given; without one, an axis for each row of the indices. Of a size alone, one that holds nothing."""
    if indices is None or values is None:
        empty = size if given(size) else indices if values is None else None
        if empty is None:
            return cx.unknown("a sparse tensor that is made in another way")
        return _sparse(cx, "sparse_coo", sizes(cx, empty), Const(0.0), dtype)
    shape = sizes(cx, size) if size is not None and given(size) else None
    places = as_tensor(cx, indices)
    if not given(size) and places is not None and places.shape and isinstance(places.shape[0], int):
        held = as_tensor(cx, values)
        inner = None if held is None or held.shape is None else held.shape[1:]
        shape = None if inner is None else (*(cx.fresh(lo=0) for _ in range(places.shape[0])), *inner)
    return _sparse(cx, "sparse_coo", shape, values, dtype)


@rule("torch.sparse.FloatTensor", "torch.sparse.DoubleTensor", "torch.sparse.LongTensor")
def sparse_legacy(cx: Context, indices: Value, values: Value, size: Value | None = None) -> Value:
    """As ``sparse_coo_tensor``."""
    return sparse_coo_tensor(cx, indices, values, size)


@rule("torch.sparse_csr_tensor", "torch.sparse_csc_tensor", "torch.sparse_bsr_tensor", "torch.sparse_bsc_tensor")
def sparse_csr_tensor(
    cx: Context, compressed: Value, plain: Value, values: Value, size: Value | None = None, *,
    dtype: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """The size that is given; without one it is not known."""
    shape = sizes(cx, size) if size is not None and given(size) else None
    return _sparse(cx, "sparse_csr", shape, values, dtype)


@rule("torch.sparse_compressed_tensor")
def sparse_tensor(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Not followed."""
    return cx.unknown("a sparse tensor")


@method("indices", "values", "crow_indices", "col_indices", "is_coalesced", "sparse_dim", "dense_dim")
def sparse_part(cx: Context, self: Array) -> Value:
    """A part of a sparse tensor."""
    return cx.unknown("a part of a sparse tensor")


# -- made ------------------------------------------------------------------------------------------------------------------


@op("range", method=False)
def range_(
    cx: Context, start: Value, end: Value | None = None, step: Value | None = None, *, out: Value | None = None,
    dtype: Value | None = None, layout: Value | None = None, device: Value | None = None,
    requires_grad: Value | None = None,
) -> Value:  # fmt: skip
    """From start to end, both included, of the default float."""
    wanted = dtype_argument(cx, dtype, default_dtype(cx), "range")
    first, last = as_int(start), as_int(end) if end is not None else None
    by = 1 if step is None else as_int(step)
    size = cx.fresh(lo=1) if first is None or last is None or not by else (last - first) // by + 1
    return made(cx, "range", (size,), wanted, device=device, requires_grad=requires_grad)


@rule("torch.frombuffer")
def frombuffer(cx: Context, buffer: Value, *, dtype: Value, count: Value | None = None, offset: Value | None = None,
               requires_grad: Value | None = None) -> Value:  # fmt: skip
    """One axis."""
    size = as_int(count) if count is not None else None
    length = size if size is not None and size >= 0 else cx.fresh(lo=1)
    return made(cx, "frombuffer", (length,), dtype_argument(cx, dtype, None, "frombuffer"), requires_grad=requires_grad)


@rule("torch.from_dlpack", "torch.utils.dlpack.from_dlpack")
def from_dlpack(cx: Context, ext_tensor: Value) -> Value:
    """A tensor of another library."""
    if isinstance(ext_tensor, Array):
        return tensor(cx, ext_tensor.shape, ext_tensor.dtype, lo=ext_tensor.lo, hi=ext_tensor.hi)
    return cx.unknown("a tensor of another library")


@rule("torch.set_default_device")
def set_default_device(cx: Context, device: Value) -> Value:
    """Where tensors are made from now on."""
    from foreshape.semantics.torch.support import device_name

    found = device_name(device)
    cx.set(cx.state("torch"), "default_device", None if found == "cpu" else found)
    return Const(None)


@rule("torch.get_default_device")
def get_default_device(cx: Context) -> Value:
    """Where tensors are made."""
    found: str = cx.state("torch").fields.get("default_device") or "cpu"
    return device_value(found)


@rule("torch.is_same_size")
def is_same_size(cx: Context, input: Value, other: Value) -> Value:
    """A bool."""
    return cx.call_method(input, "is_same_size", (other,)) if isinstance(input, Array) else Typed("bool")


@rule("torch.get_device")
def get_device(cx: Context, input: Value) -> Value:
    """The number of the GPU, -1 on the CPU."""
    return Const(-1) if isinstance(input, Array) and device_of(input) == "cpu" else Typed("int")


@rule("torch.typename")
def typename(cx: Context, obj: Value) -> Value:
    """A text."""
    return Typed("str")


@rule("torch.sym_max", "torch.sym_min", "torch.sym_int", "torch.sym_float", "torch.sym_not")
def symbolic(cx: Context, *args: Value) -> Value:
    """As Python's own functions."""
    return cx.unknown("a symbolic size")


# -- what tensors lack -----------------------------------------------------------------------------------------------------

LACKING: Final = (
    "astype", "copy", "flat", "strides", "itemset", "tobytes", "tofile", "tostring", "searchsorted", "ptp", "partition", "compress",
    "byteswap", "getfield", "setflags", "get_shape", "set_shape", "as_list", "assign", "assign_add", "assign_sub", "expand_dims",
    "concat", "concatenate", "cat", "stack", "append", "to_numpy", "asnumpy", "toarray", "reduce_mean", "reduce_sum", "iloc",
    "loc", "columns", "fillna", "drop", "head", "items", "keys", "logits", "loss", "last_hidden_state",
    "pooler_output", "hidden_states", "size_average", "lengths_list", "nelements", "length", "len",
)  # fmt: skip
"""Names that people ask a tensor for, and that no version of it has."""


def _nothing(cx: Context, self: Array) -> Value:
    """AttributeError."""
    return cx.unknown("there is no such attribute")


rule(*(f"torch.Tensor.{name}" for name in LACKING), kind="lacking")(_nothing)
