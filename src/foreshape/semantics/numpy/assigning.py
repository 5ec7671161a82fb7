"""Writing parts of arrays: ``x[...] = value``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import Dim
from foreshape.domain.join import join_bound
from foreshape.domain.values import (
    Array,
    Const,
    Shape,
    SliceValue,
    Unknown,
    Value,
)
from foreshape.faults.base import Raises
from foreshape.semantics.numpy.array_from import array_of, converted
from foreshape.semantics.numpy.dtypes import kind_of
from foreshape.semantics.numpy.objects import object_written
from foreshape.semantics.numpy.support import (
    is_scalar,
    made,
    resolved,
    seen_elsewhere,
    shape_text,
    type_fault,
)
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context
from foreshape.semantics.numpy.indexing import Mask, OpenIndexError, Selection, check_positions, positions, select


# -- writing ----------------------------------------------------------------------------------------------------------
@rule("numpy.ndarray.__setitem__")
def setitem(cx: Context, self: Value, index: Value, value: Value) -> Value:
    """``self[index] = value``: gives the array with the values widened. ValueError: assignment-shape."""
    if not isinstance(self, Array):
        return Const(None)
    loose = Array("numpy", self.shape, self.dtype, roles=self.roles, meta=self.meta)
    loose.origin = self.origin
    if self.dtype == "object":
        loose = object_written(self, Const(None), value, loose)
    if self.shape is None or kind_of(self.dtype) in ("V", ""):
        return loose
    if "flat" in self.meta and not isinstance(index, (Const, SliceValue)):
        return loose
    if is_scalar(self):
        text = f"'numpy.{self.dtype}' object does not support item assignment"
        raise type_fault(text, "item assignment", self, types=(f"numpy.{self.dtype}",), recover=loose)
    try:
        chosen = select(cx, self, index, writes=True)
    except OpenIndexError:
        seen_elsewhere(cx, self)
        return loose
    except Exception as fault:
        if hasattr(fault, "recover"):
            fault.recover = loose
        raise
    if self.dtype == "object":
        return object_written(self, index, value, loose)
    if isinstance(value, Unknown):
        seen_elsewhere(cx, self)
        return loose
    source = _assigned(cx, self, value, chosen)
    if source is None:
        return loose
    _check_assigned(cx, self, chosen, source, value, loose)
    check_positions(cx, self, chosen.later, index)
    return _written(cx, self, chosen, source)


def _assigned(cx: Context, owner: Array, value: Value, chosen: Selection) -> Array | None:
    if owner.dtype == "object":
        return None
    if isinstance(value, Const) and isinstance(value.value, float) and kind_of(owner.dtype) in ("i", "u"):
        _refuse_infinite(value.value, value, owner)
    source = array_of(cx, value, owner.dtype, "assignment")
    if isinstance(source, Unknown) or source.shape is None:
        return None
    if kind_of(source.dtype) == "U" and kind_of(owner.dtype) in ("i", "u", "f"):
        from foreshape.semantics.numpy.conversion import cast

        return cast(cx, source, owner.dtype, value, from_python=True)
    return source


def _refuse_infinite(number: float, value: Value, owner: Array) -> None:
    """ValueError for NaN, OverflowError for infinity: integers have neither."""
    from foreshape.faults.value_conversion import ValueConversion

    if math.isfinite(number):
        return
    word, exception = ("NaN", "ValueError") if math.isnan(number) else ("infinity", "OverflowError")
    raise ValueConversion(
        Raises(exception, f"cannot convert float {word} to integer", by="numpy"), values=(owner, value),
        recover=owner, value=word, wanted=owner.dtype or "int64",
    )  # fmt: skip


def _check_assigned(cx: Context, owner: Array, chosen: Selection, source: Array, value: Value, recover: Array) -> None:
    """Raise where the value cannot be stretched to the part."""
    from foreshape.faults.assignment_shape import AssignmentShape
    from foreshape.semantics.shared.broadcast import broadcast_to

    target = chosen.result.shape
    shape = resolved(cx, source.shape or ())
    if chosen.mask is not None and len(shape) > 1 and len(chosen.mask.shape or ()) == len(owner.shape or ()):
        text = (
            "NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input has "
            f"{len(shape)} dimensions"
        )
        raise AssignmentShape(
            Raises("TypeError", text, by="numpy"), values=(value, owner), recover=recover, value=shape, target=target
        )
    if chosen.mask is not None and len(shape) <= 1 and len(chosen.mask.shape or ()) == len(owner.shape or ()):
        _check_mask_values(cx, chosen, shape, value, recover)
        return
    if not target and shape and chosen.items and not any(item is Ellipsis for item in chosen.items):
        if cx.targets.at_least("numpy", "2.4") or any(isinstance(size, int) and size != 1 for size in shape):
            raise AssignmentShape(
                Raises("ValueError", "setting an array element with a sequence.", by="numpy"), values=(value, owner),
                recover=recover, value=shape, target=target,
            )  # fmt: skip
        return
    trimmed = shape
    while len(trimmed) > len(target) and isinstance(trimmed[0], int) and trimmed[0] == 1:
        trimmed = trimmed[1:]
    found = broadcast_to(trimmed, target, cx.facts)
    if found.failed is None:
        for need in found.open:
            if isinstance(need.left, Dim) and not isinstance(need.right, int):
                from foreshape.domain.dim import eq

                if eq(need.left, 1, cx.facts).is_no:
                    cx.equal(need.left, need.right)
        return
    arrays = any(isinstance(item, (Array, Mask)) for item in chosen.items)
    if arrays:
        text = (
            f"shape mismatch: value array of shape {shape_text(shape)} could not be broadcast to indexing result of "
            f"shape {shape_text(target)}"
        )
    else:
        text = f"could not broadcast input array from shape {shape_text(shape)} into shape {shape_text(target)}"
    raise AssignmentShape(
        Raises("ValueError", text, by="numpy"), values=(value, owner), recover=recover, value=shape, target=target
    )


def _check_mask_values(cx: Context, chosen: Selection, shape: Shape, value: Value, recover: Array) -> None:
    from foreshape.domain.dim import eq
    from foreshape.faults.assignment_shape import AssignmentShape

    count = chosen.result.shape[0]
    if not shape or (isinstance(shape[0], int) and shape[0] == 1):
        return
    if not eq(shape[0], count, cx.facts).is_no:
        return
    text = (
        f"NumPy boolean array indexing assignment cannot assign {shape[0]} input values to the {count} output "
        "values where the mask is true"
    )
    raise AssignmentShape(
        Raises("ValueError", text, by="numpy"),
        values=(value,),
        recover=recover,
        value=shape,
        target=chosen.result.shape,
    )


def _written(cx: Context, owner: Array, chosen: Selection, source: Array) -> Array:
    """The array after the assignment: bounds of both, elements where all are known."""
    from foreshape.semantics.numpy.conversion import cast

    stored = cast(cx, source, owner.dtype) if source.dtype != owner.dtype else source
    data = _new_data(cx, owner, chosen, stored)
    roles = owner.roles
    if data is not None:
        changed = made(owner.shape, owner.dtype, data=data, roles=roles)
    else:
        whole = _covers(cx, owner, chosen)
        lo = stored.lo if whole else join_bound(owner.lo, stored.lo, False)
        hi = stored.hi if whole else join_bound(owner.hi, stored.hi, True)
        if chosen.mask is not None and (owner.lo != owner.hi or stored.lo != stored.hi):
            # a mask often is what takes the ends of the range away
            lo = hi = None
        changed = made(owner.shape, owner.dtype, lo, hi, roles=roles)
    seen_elsewhere(cx, owner)
    changed = changed.replace(meta={key: value for key, value in owner.meta.items() if key != "base"})
    changed.origin = owner.origin
    changed.tainted = owner.tainted or source.tainted
    return changed


def _covers(cx: Context, owner: Array, chosen: Selection) -> bool:
    """Whether the whole array is written."""
    return all(
        item is Ellipsis or (isinstance(item, slice) and item.start is None and item.stop is None and item.step is None)
        for item in chosen.items
    )


def _new_data(cx: Context, owner: Array, chosen: Selection, stored: Array) -> tuple[Any, ...] | None:
    """All elements after the assignment; those of which only the place is known become numbers that are not known."""
    if owner.data is None:
        return None
    at = positions(owner, chosen.items)
    values = converted(stored.data, owner.dtype)
    if at is None:
        return None
    if values is None:
        if stored.shape != () or len(at) != 1 or kind_of(owner.dtype) not in ("i", "u"):
            return None
        lo, hi = (bound if isinstance(bound, (int, Dim)) else None for bound in (stored.lo, stored.hi))
        values = (cx.fresh(lo=lo, hi=hi),)
    if len(values) == 1:
        values = values * len(at)
    if len(values) != len(at):
        return None
    data = list(owner.data)
    for place, value in zip(at, values):
        data[place] = value
    return tuple(data)
