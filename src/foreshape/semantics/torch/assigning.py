"""``x[...] = value``: what is written into a part of a tensor, and what does not fit."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Unknown, Value
from foreshape.faults.base import Fault
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.index import ArrayIndex, BoolIndex
from foreshape.semantics.torch.casting import uncast
from foreshape.semantics.torch.indexing import Flag, Item, Opaque, checked, parts_of, shape_of
from foreshape.semantics.torch.inplace import changed
from foreshape.semantics.torch.support import (
    dense_strides,
    error,
    grad_enabled,
    is_integral,
    is_leaf,
    is_number,
    python_type,
    requires_grad,
    scalar_name,
    shown,
    type_text,
    without_values,
    wrong_dtype,
    wrong_gradient,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MOST_DATA: Final = 64


@rule("torch.Tensor.__setitem__")
def setitem(cx: Context, self: Array, index: Value, value: Value) -> Value:
    """The value is broadcast to the part and cast; with tensors as indices it must have the same dtype."""
    if requires_grad(self) and is_leaf(self) and grad_enabled(cx):
        message = "a view of a leaf Variable that requires grad is being used in an in-place operation."
        raise wrong_gradient(cx, message, "an assignment to its elements", "leaf", self, recover=self)
    value = uncast(cx, value) if isinstance(value, Array) else value
    after = _written(cx, self, value)
    if self.shape is None:
        return changed(cx, self, after)
    try:
        parts = parts_of(cx, self, index)
        if any(isinstance(part.what, Flag) for part in parts):
            return changed(cx, self, after)
    except Opaque:
        return changed(cx, self, after)
    found = shape_of(cx, self, parts)
    checked(cx, self, parts, found, after)
    _fits(cx, self, parts, tuple(cx.resolve(size) for size in found.shape), value)
    data = _placed(self, parts, value)
    if data is not None and not _has_view(cx, self):
        meta = {key: held for key, held in after.meta.items() if key != "loose"}
        tainted = after.tainted
        after = after.replace(lo=min(data), hi=max(data), data=data, meta=meta)
        after.tainted = tainted
    return changed(cx, self, after)


def _has_view(cx: Context, x: Array) -> bool:
    """Whether a variable is a view of it, which may be written to later."""
    return any(isinstance(held, Array) and held.meta.get("base") is x for held in cx.scope().fields.values())


def _placed(x: Array, parts: SequenceOf[Item], value: Value) -> tuple[int, ...] | None:
    """All elements of a small table of integers, after known ones were written to known places."""
    shape = tuple(size for size in x.shape or () if isinstance(size, int))
    count = prod(shape)
    if len(shape) != len(x.shape or ()) or not 0 < count <= MOST_DATA or not is_integral(x.dtype) or x.dtype == "bool":
        return None
    if "base" in x.meta:
        return None
    held = x.data
    if held is None and isinstance(x.lo, int) and x.lo == x.hi and not x.meta.get("loose"):
        held = (x.lo,) * count
    if held is None or len(held) != count or not all(isinstance(each, int) for each in held):
        return None
    axes: list[list[int]] = []
    for part in parts:
        if len(axes) == len(shape) or isinstance(part.what, bool) or not isinstance(part.what, (int, slice)):
            return None
        places = range(shape[len(axes)])
        if isinstance(part.what, slice):
            if not all(
                end is None or isinstance(end, int) for end in (part.what.start, part.what.stop, part.what.step)
            ):
                return None
            axes.append(list(places[part.what]))
        elif -len(places) <= part.what < len(places):
            axes.append([places[part.what]])
        else:
            return None
    axes += [list(range(size)) for size in shape[len(axes) :]]
    steps = dense_strides(shape)
    chosen = [sum(a * int(b) for a, b in zip(place, steps) if isinstance(b, int)) for place in product(*axes)]
    written = _written_values(value, len(chosen))
    if written is None:
        return None
    made = list(held)
    for place, number in zip(chosen, written):
        made[place] = number
    return tuple(made)


def _written_values(value: Value, count: int) -> tuple[int, ...] | None:
    """What is written, where it is one number or a row of as many as there are places."""
    if isinstance(value, Const) and isinstance(value.value, int):
        return (int(value.value),) * count
    if not isinstance(value, Array) or value.kind != "torch" or value.shape is None or not is_integral(value.dtype):
        return None
    data = value.data
    if data is None or not all(isinstance(each, int) for each in data):
        return None
    if len(data) == 1:
        return tuple(data) * count
    return tuple(data) if len(value.shape) == 1 and len(data) == count else None


def _written(cx: Context, x: Array, value: Value) -> Array:
    """The tensor after something was written into it: bounds that hold for both."""
    from foreshape.semantics.torch.elementwise import operand

    lo, hi = None, None
    if (isinstance(value, Array) and value.kind == "torch") or is_number(value):
        found = operand(cx, "[]", value)
        if found is not None:
            if isinstance(x.lo, (int, float)) and isinstance(found.lo, (int, float)):
                lo = min(x.lo, found.lo)
            if isinstance(x.hi, (int, float)) and isinstance(found.hi, (int, float)):
                hi = max(x.hi, found.hi)
            if is_integral(x.dtype) and (isinstance(lo, float) or isinstance(hi, float)):
                lo = hi = None
    meta = dict(x.meta)
    if requires_grad(value) and not requires_grad(x) and grad_enabled(cx):
        meta["requires_grad"] = meta["grad_fn"] = True
    if (lo is not None or hi is not None) and lo != hi:
        meta["loose"] = True
    made = x.replace(lo=lo, hi=hi, data=None, meta=meta)
    made.tainted = x.tainted or value.tainted
    return made


def _fits(cx: Context, x: Array, parts: SequenceOf[Item], target: tuple[DimLike, ...], value: Value) -> None:
    advanced = any(isinstance(part.what, (ArrayIndex, BoolIndex)) for part in parts)
    if not isinstance(value, Array):
        if is_number(value) or isinstance(value, Unknown):
            return
        from foreshape.semantics.torch.support import surely_no_tensor

        if surely_no_tensor(value):
            raise _cannot_assign(cx, x, value)
        return
    if value.kind != "torch":
        if value.shape == () and value.kind == "numpy":
            return
        raise _cannot_assign(cx, x, value)
    if advanced and value.dtype is not None and x.dtype is not None and value.dtype != x.dtype and value.shape:
        message = (
            f"Index put requires the source and destination dtypes match, got {scalar_name(x.dtype)} for the destination and "
            f"{scalar_name(value.dtype)} for the source."
        )
        raise wrong_dtype(cx, "RuntimeError", message, "[]=", value, x, wanted=x.dtype, recover=without_values(x))
    if value.shape is None:
        return
    given = list(value.shape)
    while len(given) > len(target) and isinstance(given[0], int) and given[0] == 1:
        given.pop(0)
    fits = len(given) <= len(target)
    for a, b in zip(reversed(given), reversed(target)):
        if fits and not (isinstance(a, int) and a == 1) and not _may_fit(cx, a, b):
            fits = False
    if fits:
        return
    from foreshape.faults.assignment_shape import AssignmentShape

    raise AssignmentShape(
        error(cx, "RuntimeError", _misfit(value, given, target, advanced)), values=(value, x), recover=without_values(x),
        value=value.shape, target=target,
    )  # fmt: skip


def _may_fit(cx: Context, a: DimLike, b: DimLike) -> bool:
    from foreshape.domain.compare import eq

    if eq(a, 1, cx.facts).is_no:
        return cx.equal(a, b)
    return True


def _misfit(value: Array, given: SequenceOf[DimLike], target: SequenceOf[DimLike], advanced: bool) -> str:
    if advanced:
        return (
            f"shape mismatch: value tensor of shape {shown(value.shape)} cannot be broadcast to indexing result of shape "
            f"{shown(target)}"
        )
    if len(given) > len(target):
        return (
            f"expand({type_text(value)}, size={shown(target)}): the number of sizes provided ({len(target)}) must be greater or "
            f"equal to the number of dimensions in the tensor ({len(given)})"
        )
    for back in range(1, len(given) + 1):
        a, b = given[-back], target[-back]
        if a != b and a != 1:
            return (
                f"The expanded size of the tensor ({b}) must match the existing size ({a}) at non-singleton dimension "
                f"{len(target) - back}.  Target sizes: {shown(target)}.  Tensor sizes: {shown(given)}"
            )
    return "shape mismatch"


def _cannot_assign(cx: Context, x: Array, value: Value) -> Fault:
    from foreshape.faults.unsupported_data import UnsupportedData

    message = f"can't assign a {python_type(value)} to a torch.{scalar_name(x.dtype)}Tensor"
    return UnsupportedData(
        error(cx, "TypeError", message),
        values=(value,),
        recover=without_values(x),
        taker="[]=",
        given=python_type(value),
    )
