"""Methods that change a tensor in place and are no variants of a function: fill_, copy_, resize_, transpose_."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.values import Array, Const, Value
from foreshape.semantics.torch.declare import method, op
from foreshape.semantics.torch.elementwise import is_scalar_operand, operand
from foreshape.semantics.torch.inplace import changed, check_writable, write_back
from foreshape.semantics.torch.support import (
    broadcast,
    error,
    invalid,
    is_integral,
    requires_grad,
    shown,
    sizes,
    tensor,
    unknown_tensor,
    varargs,
    without_values,
    wrong_rank,
)
from foreshape.semantics.torch.views import squeeze, t, transpose, unsqueeze

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def filled(cx: Context, x: Array, value: Value) -> Array:
    """The tensor with every element the same."""
    found = operand(cx, "fill_", value, "value", 1)
    if found is None:
        return without_values(x)
    if found.shape is not None and found.shape and not is_scalar_operand(found):
        message = f"fill_ only supports 0-dimension value tensor but got tensor with {len(found.shape)} dimensions."
        raise wrong_rank(cx, "RuntimeError", message, "fill_", found, 0, recover=x)
    fits = not is_integral(x.dtype) or isinstance(found.lo, int)
    meta = {key: value for key, value in x.meta.items() if key != "loose"}
    return x.replace(lo=found.lo if fits else None, hi=found.hi if fits else None, data=None, meta=meta)


@op("fill", inplace=False)
def fill(cx: Context, input: Array, value: Value) -> Value:
    """A copy with every element the same."""
    made = filled(cx, input, value)
    return tensor(cx, input.shape, input.dtype, input, lo=made.lo, hi=made.hi, roles=input.roles)


@op("fill_")
def fill_(cx: Context, input: Array, value: Value) -> Value:
    """Every element the same."""
    check_writable(cx, "fill_", input)
    return changed(cx, input, filled(cx, input, value))


@op("zero_")
def zero_(cx: Context, input: Array) -> Value:
    """Zeros."""
    check_writable(cx, "zero_", input)
    return changed(cx, input, filled(cx, input, Const(0)))


@method("fill_diagonal_")
def fill_diagonal_(cx: Context, self: Array, fill_value: Value, wrap: Value | None = None) -> Value:
    """The diagonal the same. RuntimeError for fewer than two axes."""
    check_writable(cx, "fill_diagonal_", self)
    if self.shape is not None and len(self.shape) < 2:
        message = "dimensions must larger than 1"
        raise wrong_rank(cx, "RuntimeError", message, "fill_diagonal_", self, 2, at_least=True, recover=self)
    return changed(cx, self, without_values(self))


@method("copy_", devices=False)
def copy_(cx: Context, self: Array, src: Value, non_blocking: Value | None = None) -> Value:
    """The values of another tensor, broadcast and cast."""
    check_writable(cx, "copy_", self)
    found = operand(cx, "copy_", src, "other", 1)
    if found is None:
        return changed(cx, self, without_values(self))
    if self.shape is not None and found.shape is not None:
        shape = broadcast(cx, "copy_", self, found, recover=self)
        if shape is not None and len(shape) != len(self.shape):
            from foreshape.faults.broadcast_mismatch import BroadcastMismatch

            message = f"output with shape {shown(self.shape)} doesn't match the broadcast shape {shown(shape)}"
            raise BroadcastMismatch(
                error(cx, "RuntimeError", message), values=(self, found), recover=self, taker="copy_",
                shapes=(self.shape, found.shape),
            )  # fmt: skip
    kept = found.dtype == self.dtype
    result = self.replace(
        lo=found.lo if kept else None,
        hi=found.hi if kept else None,
        data=found.data if kept and found.shape == self.shape else None,
    )
    if requires_grad(found):
        result = result.replace(meta={**self.meta, "requires_grad": True, "grad_fn": True})
    return write_back(cx, "copy_", self, result, (found,))


# -- another shape in place ----------------------------------------------------------------------------------------------


@op("resize_")
def resize_(
    cx: Context, input: Array, *args: Value, size: Value | None = None, memory_format: Value | None = None
) -> Value:
    """Another shape, with whatever is in memory. RuntimeError where gradients are required."""
    _no_grad(cx, input, "resize_")
    shape = sizes(cx, varargs(cx, "resize_", args, size))
    for one in shape or ():
        if isinstance(one, int) and one < 0:
            message = f"Trying to create tensor with negative dimension {one}: {shown(shape)}"
            raise invalid(cx, "RuntimeError", message, "size", one, input, recover=input)
    return _reshaped(cx, input, tensor(cx, shape, input.dtype, input))


@op("resize_as_")
def resize_as_(cx: Context, input: Array, the_template: Array, *, memory_format: Value | None = None) -> Value:
    """The shape of another tensor."""
    _no_grad(cx, input, "resize_as_")
    return _reshaped(cx, input, tensor(cx, the_template.shape, input.dtype, input))


def _no_grad(cx: Context, x: Array, taker: str) -> None:
    if requires_grad(x):
        message = "cannot resize variables that require grad"
        raise invalid(cx, "RuntimeError", message, "requires_grad", "True", x, recover=x)


def _reshaped(cx: Context, before: Array, after: Array) -> Array:
    meta: dict[str, Any] = {key: value for key, value in before.meta.items() if key not in ("strides", "base")}
    if "strides" in after.meta:
        meta["strides"] = after.meta["strides"]
    made = after.replace(meta=meta, shape=after.shape, roles=after.roles, data=after.data)
    return changed(cx, before, made)


@method("t_")
def t_(cx: Context, self: Array) -> Value:
    """A matrix transposed."""
    made = t(cx, self)
    return _reshaped(cx, self, made) if isinstance(made, Array) else unknown_tensor(cx, made)


@method("transpose_", "swapaxes_", "swapdims_")
def transpose_(cx: Context, self: Array, dim0: Value, dim1: Value) -> Value:
    """Two axes swapped."""
    made = transpose(cx, self, dim0, dim1)
    return _reshaped(cx, self, made) if isinstance(made, Array) else unknown_tensor(cx, made)


@method("squeeze_")
def squeeze_(cx: Context, self: Array, dim: Value | None = None) -> Value:
    """Without axes of size 1."""
    made = squeeze(cx, self, dim)
    return _reshaped(cx, self, made) if isinstance(made, Array) else unknown_tensor(cx, made)


@method("unsqueeze_")
def unsqueeze_(cx: Context, self: Array, dim: Value) -> Value:
    """A new axis of size 1."""
    made = unsqueeze(cx, self, dim)
    return _reshaped(cx, self, made) if isinstance(made, Array) else unknown_tensor(cx, made)


@method("as_strided_")
def as_strided_(cx: Context, self: Array, size: Value, stride: Value, storage_offset: Value | None = None) -> Value:
    """Another view of the memory."""
    made = cx.rule("torch.as_strided", self, size, stride)
    return _reshaped(cx, self, made) if isinstance(made, Array) else unknown_tensor(cx, made)


@method("set_", devices=False)
def set_(
    cx: Context, self: Array, source: Value | None = None, storage_offset: Value | None = None,
    size: Value | None = None, stride: Value | None = None,
) -> Value:  # fmt: skip
    """The memory of another tensor."""
    if isinstance(source, Array) and source.kind == "torch":
        return _reshaped(cx, self, source)
    return changed(cx, self, tensor(cx, None, self.dtype, self))


@method("share_memory_", "pin_memory", "rename", "refine_names", "align_as", "squeeze_names")
def same(cx: Context, self: Array, *args: Value, **kwargs: Value) -> Value:
    """The tensor."""
    return self
