"""The same elements in other axes: reshape, ravel, transpose, moveaxis, squeeze, expand_dims, broadcast_to, resize."""

from __future__ import annotations

import math
from collections.abc import Sequence as SequenceOf
from itertools import product as cartesian
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike, divides, floordiv, product
from foreshape.domain.truth import Condition
from foreshape.domain.values import Array, Const, Instance, Shape, Unknown, Value, as_int, is_none
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.support import (
    OPEN,
    axes_argument,
    axes_of,
    axis_of,
    invalid,
    keeps,
    known,
    listed,
    made,
    python_shape,
    resolved,
    shape_argument,
    shape_text,
    total,
    type_fault,
    unlike,
    view_of,
    zero_d,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared import reshape as formulas

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy."


# -- reshape ----------------------------------------------------------------------------------------------------------
def target_text(target: Shape) -> str:
    """A target as NumPy's message writes it: leading sizes to be worked out are left out, later ones are
    ``newaxis``."""
    sizes = list(target)
    while sizes and isinstance(sizes[0], int) and sizes[0] < 0:
        sizes = sizes[1:]
    parts = ["newaxis" if isinstance(size, int) and size < 0 else str(size) for size in sizes]
    return f"({','.join(parts)},)" if len(target) == 1 else f"({','.join(parts)})"


def _note_rows(
    cx: Context, array: Array, shape: Shape, given: SequenceOf[DimLike], target: Shape, source: Value
) -> None:
    """Rows of a known size cut into pieces that neither hold whole rows nor are parts of one: it goes together only for
    certain numbers of rows."""
    row, piece = product(shape[1:]), product(given)
    if len(shape) < 2 or isinstance(shape[0], int) or not isinstance(row, int) or not isinstance(piece, int):
        return
    if len(given) == len(target) or min(row, piece) < 2 or row % piece == 0 or piece % row == 0:
        return
    if not divides(piece, product(shape), cx.facts).is_unknown:
        return
    from foreshape.faults.reshape_size import ReshapeSize

    text = f"cannot reshape array of size {total(shape)} into shape {target_text(target)}"
    condition = Condition(f"the number of rows is no multiple of {piece // math.gcd(row, piece)}")
    raised = Raises("ValueError", text, by="numpy")
    cx.report(ReshapeSize(raised, values=(source,), condition=condition, shape=shape, target=target))


def reshaped(cx: Context, array: Array, target: Shape, source: Value, order: Value | None = None) -> Array:
    """``array.reshape(target)``. ValueError (reshape-size) where the number of elements differs."""
    if array.shape is None:
        return Array("numpy", _open_target(cx, target), array.dtype, lo=array.lo, hi=array.hi)
    shape = resolved(cx, array.shape)
    wanted = [_whole_minus(size) for size in resolved(cx, target)]
    unknown = [i for i, size in enumerate(wanted) if size is None]
    if len(unknown) > 1:
        raise invalid(
            "shape", target, "can only specify one unknown dimension", source, recover=made(None, array.dtype)
        )
    found = _sized(cx, shape, [-1 if size is None else size for size in wanted])
    if found is None:
        from foreshape.faults.reshape_size import ReshapeSize

        text = f"cannot reshape array of size {total(shape)} into shape {target_text(target)}"
        raise ReshapeSize(
            Raises("ValueError", text, by="numpy"), values=(source,),
            recover=Array("numpy", _open_target(cx, target), array.dtype, lo=array.lo, hi=array.hi), shape=shape,
            target=target,
        )  # fmt: skip
    _note_rows(cx, array, shape, [size for size in wanted if size is not None], target, source)
    data = array.data if order is None or is_none(order) or _is_c(order) else None
    if array.kind == "numpy" and (order is None or is_none(order) or _is_c(order)) and not _freshly_cut(source):
        from foreshape.semantics.shared.silent import note_reshape

        note_reshape(cx, array, found)
    result = keeps(array, found, data=data, roles=_surviving_roles(shape, found, array.roles))
    return view_of(array, zero_d(result))


def _freshly_cut(source: Value) -> bool:
    """Whether the array was itself made by a reshape, so that its rows may not mean anything."""
    function = getattr(source.origin.node, "func", None) if source.origin is not None else None
    return getattr(function, "attr", "") in ("reshape", "arange", "view")


def _is_c(order: Value) -> bool:
    return isinstance(order, Const) and order.value == "C"


def _whole_minus(size: DimLike) -> DimLike | None:
    """None for a size that is to be worked out."""
    return None if isinstance(size, int) and size < 0 else size


def _open_target(cx: Context, target: Shape) -> Shape:
    return tuple(cx.fresh(lo=0) if isinstance(size, int) and size < 0 else size for size in target)


def _sized(cx: Context, shape: Shape, wanted: list[DimLike]) -> Shape | None:
    """The target with its -1 worked out; None where it certainly does not fit."""
    found = formulas.reshape(shape, wanted, cx.facts)
    if found.failed is not None:
        return None
    for need in found.open:
        if need.kind == "equal":
            cx.equal(need.left, need.right)
        elif need.kind == "multiple":
            # the program works: the division has no rest
            cx.equal(need.left, need.right * floordiv(need.left, need.right))
    return resolved(cx, found.shape)


def _surviving_roles(old: Shape, new: Shape, roles: tuple[str | None, ...] | None) -> tuple[str | None, ...] | None:
    """Axes that keep their size and what is before or behind them keep their role."""
    if roles is None:
        return None
    found: list[str | None] = [None] * len(new)
    front = 0
    while front < min(len(old), len(new)) and old[front] == new[front]:
        found[front] = roles[front]
        front += 1
    back = 1
    while back <= min(len(old), len(new)) - front and old[-back] == new[-back]:
        found[-back] = roles[-back]
        back += 1
    return tuple(found)


@rule("numpy.reshape", doc=DOC + "reshape.html")
def reshape(
    cx: Context, a: Value, /, shape: Value | None = None, order: Value | None = None, *, newshape: Value | None = None,
    copy: Value | None = None,
) -> Value:  # fmt: skip
    """The same elements in C order; one size may be -1."""
    array = as_array(cx, a)
    wanted = shape if shape is not None else newshape
    if wanted is None:
        raise type_fault("reshape() missing 1 required positional argument: 'shape'", "reshape", a)
    if isinstance(array, Unknown):
        target = shape_argument(cx, wanted, "reshape")
        return made(None if target is None else _open_target(cx, target), None)
    if is_none(wanted):
        return array
    target = shape_argument(cx, wanted, "reshape")
    return made(None, array.dtype) if target is None else reshaped(cx, array, target, a, order)


@rule("numpy.ndarray.reshape")
def reshape_method(
    cx: Context, self: Value, *shape: Value, order: Value | None = None, copy: Value | None = None
) -> Value:
    """``x.reshape(2, -1)`` or ``x.reshape((2, -1))``."""
    if not shape:
        raise type_fault("reshape() takes exactly 1 argument (0 given)", "reshape", self)
    return reshape(cx, self, shape[0] if len(shape) == 1 else listed("tuple", shape), order)


@rule("numpy.ravel", doc=DOC + "ravel.html")
def ravel(cx: Context, a: Value, order: Value | None = None) -> Value:
    """One axis with all elements."""
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return made((cx.fresh(lo=0),), None)
    if array.shape is None:
        return Array("numpy", (cx.fresh(lo=0),), array.dtype, lo=array.lo, hi=array.hi)
    data = array.data if order is None or is_none(order) or _is_c(order) else None
    roles = array.roles if len(array.shape) == 1 else None
    return keeps(array, (product(resolved(cx, array.shape)),), data=data, roles=roles)


@rule("numpy.ndarray.ravel", "numpy.ndarray.flatten")
def ravel_method(cx: Context, self: Value, order: Value | None = None) -> Value:
    return ravel(cx, self, order)


@rule("numpy.resize", doc=DOC + "resize.html")
def resize(cx: Context, a: Value, new_shape: Value) -> Value:
    """Repeated or cut to the shape."""
    array = as_array(cx, a)
    target = shape_argument(cx, new_shape, "resize")
    return unlike(cx, array) if isinstance(array, Unknown) else made(target, array.dtype, array.lo, array.hi)


# -- orders of axes ---------------------------------------------------------------------------------------------------
def permuted(array: Array, order: tuple[int, ...]) -> Array:
    """The axes in another order, with their roles; known elements move along."""
    assert array.shape is not None
    shape = tuple(array.shape[axis] for axis in order)
    roles = None if array.roles is None else tuple(array.roles[axis] for axis in order)
    return view_of(array, keeps(array, shape, roles=roles, data=_moved_data(array, order)))


def _moved_data(array: Array, order: tuple[int, ...]) -> tuple[Any, ...] | None:
    plain = known(array.shape)
    if array.data is None or plain is None:
        return None
    steps = [math.prod(plain[axis + 1 :]) for axis in range(len(plain))]
    return tuple(
        array.data[sum(at * steps[axis] for at, axis in zip(place, order))]
        for place in cartesian(*(range(plain[axis]) for axis in order))
    )


def _bad_order(text: str, axes: tuple[int, ...], rank: int, array: Value, recover: Value, taker: str) -> Fault:
    from foreshape.faults.transpose_axes import TransposeAxes

    return TransposeAxes(
        Raises("ValueError", text, by="numpy"), values=(array,), recover=recover, taker=taker, axes=axes, rank=rank
    )


def transposed(cx: Context, array: Array, axes: Value | None, source: Value) -> Value:
    """``array.transpose(axes)``: reversed by default."""
    if array.shape is None:
        return made(None, array.dtype, array.lo, array.hi)
    rank = len(array.shape)
    chosen = axes_argument(cx, axes)
    if chosen is None:
        return permuted(array, tuple(reversed(range(rank))))
    recover = made(tuple(cx.fresh(lo=0) for _ in range(rank)), array.dtype)
    if not isinstance(chosen, tuple):
        return recover
    if len(chosen) != rank:
        raise _bad_order("axes don't match array", chosen, rank, source, recover, "transpose")
    order = tuple(axis_of(axis, rank, "transpose", (source,), recover) for axis in chosen)
    if len(set(order)) != rank:
        raise _bad_order("repeated axis in transpose", chosen, rank, source, recover, "transpose")
    return permuted(array, order)


@rule("numpy.transpose", "numpy.permute_dims", doc=DOC + "transpose.html")
def transpose(cx: Context, a: Value, axes: Value | None = None) -> Value:
    """The axes in another order, reversed by default."""
    if isinstance(a, Instance) and a.snapshot is not None:
        return cx.call_method(a, "transpose")
    array = as_array(cx, a)
    return array if isinstance(array, Unknown) else transposed(cx, array, axes, a)


@rule("numpy.ndarray.transpose")
def transpose_method(cx: Context, self: Value, *axes: Value) -> Value:
    if not axes or (len(axes) == 1 and is_none(axes[0])):
        return transpose(cx, self)
    return transpose(cx, self, axes[0] if len(axes) == 1 else listed("tuple", axes))


@rule("numpy.matrix_transpose", "numpy.linalg.matrix_transpose", since="2", doc=DOC + "matrix_transpose.html")
def matrix_transpose(cx: Context, x: Value, /) -> Value:
    """The last two axes swapped."""
    array = as_array(cx, x)
    if isinstance(array, Unknown):
        return array
    if array.shape is None:
        return made(None, array.dtype)
    rank = len(array.shape)
    if rank < 2:
        text = f"Input array must be at least 2-dimensional, but it is {rank}"
        raise invalid("x", f"{rank} axes", text, x)
    return permuted(array, (*range(rank - 2), rank - 1, rank - 2))


@rule("numpy.swapaxes", doc=DOC + "swapaxes.html")
def swapaxes(cx: Context, a: Value, axis1: Value, axis2: Value) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return array
    first, second = as_int(axis1), as_int(axis2)
    if array.shape is None or first is None or second is None:
        return made(None if array.shape is None else tuple(cx.fresh(lo=0) for _ in array.shape), array.dtype)
    rank = len(array.shape)
    i = axis_of(first, rank, "swapaxes", (a,), name="axis1")
    j = axis_of(second, rank, "swapaxes", (a,), name="axis2")
    order = list(range(rank))
    order[i], order[j] = j, i
    return permuted(array, tuple(order))


@rule("numpy.ndarray.swapaxes")
def swapaxes_method(cx: Context, self: Value, axis1: Value, axis2: Value) -> Value:
    return swapaxes(cx, self, axis1, axis2)


@rule("numpy.moveaxis", doc=DOC + "moveaxis.html")
def moveaxis(cx: Context, a: Value, source: Value, destination: Value) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return array
    sources, places = axes_argument(cx, source), axes_argument(cx, destination)
    if array.shape is None or not isinstance(sources, tuple) or not isinstance(places, tuple):
        return made(None if array.shape is None else tuple(cx.fresh(lo=0) for _ in array.shape), array.dtype)
    rank = len(array.shape)
    from_axes = axes_of(sources, rank, "moveaxis", (a,), name="source")
    to_axes = axes_of(places, rank, "moveaxis", (a,), name="destination")
    if len(from_axes) != len(to_axes):
        text = "`source` and `destination` arguments must have the same number of elements"
        raise invalid("destination", places, text, a)
    return permuted(array, formulas.moved_order(rank, from_axes, to_axes))


@rule("numpy.rollaxis", doc=DOC + "rollaxis.html")
def rollaxis(cx: Context, a: Value, axis: Value, start: Value | None = None) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return array
    moved, before = as_int(axis), 0 if start is None else as_int(start)
    if array.shape is None or moved is None or before is None:
        return made(None, array.dtype)
    rank = len(array.shape)
    at = axis_of(moved, rank, "rollaxis", (a,))
    if before < 0:
        before += rank
    order = [k for k in range(rank) if k != at]
    order.insert(before - 1 if before > at else before, at)
    return permuted(array, tuple(order))


# -- axes of one ------------------------------------------------------------------------------------------------------
@rule("numpy.expand_dims", doc=DOC + "expand_dims.html")
def expand_dims(cx: Context, a: Value, axis: Value) -> Value:
    """New axes of size 1 at these places of the result."""
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return array
    places = axes_argument(cx, axis)
    if array.shape is None or not isinstance(places, tuple):
        return made(None, array.dtype, array.lo, array.hi)
    rank = len(array.shape) + len(places)
    recover = made(None, array.dtype)
    found = tuple(axis_of(place, rank, "expand_dims", (a,), recover) for place in places)
    if len(set(found)) != len(found):
        raise _bad_order("repeated axis", places, rank, a, recover, "expand_dims")
    old = iter(array.shape)
    old_roles = iter(array.roles or ())
    shape = tuple(1 if k in found else next(old) for k in range(rank))
    roles = None if array.roles is None else tuple(None if k in found else next(old_roles) for k in range(rank))
    return view_of(array, keeps(array, shape, data=array.data, roles=roles))


@rule("numpy.squeeze", doc=DOC + "squeeze.html")
def squeeze(cx: Context, a: Value, axis: Value | None = None) -> Value:
    """Without the axes of size 1, or without the given ones, which have to be 1."""
    if isinstance(a, Instance) and a.snapshot is not None:
        return cx.call_method(a, "squeeze")
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return array
    places = axes_argument(cx, axis)
    if array.shape is None or places is OPEN:
        return made(None, array.dtype, array.lo, array.hi)
    shape = resolved(cx, array.shape)
    if isinstance(places, tuple) and shape:
        gone = set(axes_of(places, len(shape), "squeeze", (a,), made(None, array.dtype)))
        for at in sorted(gone):
            if not cx.equal(shape[at], 1):
                from foreshape.faults.squeeze_size import SqueezeSize

                text = "cannot select an axis to squeeze out which has size not equal to one"
                recover = keeps(array, tuple(s for k, s in enumerate(shape) if k not in gone))
                raise SqueezeSize(
                    Raises("ValueError", text, by="numpy"), values=(a,), recover=recover, shape=shape, axis=at
                )
    else:
        from foreshape.domain.dim import eq

        if isinstance(places, tuple):
            axes_of(places, 0, "squeeze", (a,))
        truths = [eq(size, 1, cx.facts) for size in shape]
        gone = {k for k, truth in enumerate(truths) if truth.is_yes}
    kept = [k for k in range(len(shape)) if k not in gone]
    roles = None if array.roles is None else tuple(array.roles[k] for k in kept)
    return zero_d(keeps(array, tuple(shape[k] for k in kept), data=array.data, roles=roles))


@rule("numpy.ndarray.squeeze")
def squeeze_method(cx: Context, self: Value, axis: Value | None = None) -> Value:
    return squeeze(cx, self, axis)


def _at_least(cx: Context, values: tuple[Value, ...], rank: int) -> Value:
    results = [_one_at_least(cx, value, rank) for value in values]
    if len(results) == 1:
        return results[0]
    return listed("tuple" if cx.targets.at_least("numpy", "2") else "list", results)


def _one_at_least(cx: Context, value: Value, rank: int) -> Value:
    array = as_array(cx, value)
    if isinstance(array, Unknown):
        return array
    if array.shape is None:
        return made(None, array.dtype, array.lo, array.hi)
    shape = array.shape
    if len(shape) >= rank:
        return array
    if rank == 3:
        shape = (1, 1, 1) if not shape else (1, shape[0], 1) if len(shape) == 1 else (*shape, 1)
    else:
        shape = (1,) * (rank - len(shape)) + shape
    return keeps(array, shape, data=array.data)


@rule("numpy.atleast_1d", doc=DOC + "atleast_1d.html")
def atleast_1d(cx: Context, *arys: Value) -> Value:
    return _at_least(cx, arys, 1)


@rule("numpy.atleast_2d", doc=DOC + "atleast_2d.html")
def atleast_2d(cx: Context, *arys: Value) -> Value:
    return _at_least(cx, arys, 2)


@rule("numpy.atleast_3d", doc=DOC + "atleast_3d.html")
def atleast_3d(cx: Context, *arys: Value) -> Value:
    return _at_least(cx, arys, 3)


# -- broadcasting -----------------------------------------------------------------------------------------------------
@rule("numpy.broadcast_to", doc=DOC + "broadcast_to.html")
def broadcast_to(cx: Context, array: Value, shape: Value, subok: Value | None = None) -> Value:
    """Stretched to the shape: only sizes of 1 and missing axes stretch."""
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch
    from foreshape.semantics.shared.broadcast import broadcast_to as stretched

    source = as_array(cx, array)
    target = shape_argument(cx, shape, "broadcast_to")
    if isinstance(source, Unknown) or target is None:
        return made(target, None if isinstance(source, Unknown) else source.dtype)
    if source.shape is not None:
        old = resolved(cx, source.shape)
        found = stretched(old, resolved(cx, target), cx.facts)
        if found.failed is not None:
            if found.failed.where == "rank":
                text = "input operand has more dimensions than allowed by the axis remapping"
            else:
                text = (
                    "operands could not be broadcast together with remapped shapes [original->remapped]: "
                    f"{shape_text(old)}  and requested shape {shape_text(target)}"
                )
            raise BroadcastMismatch(
                Raises("ValueError", text, by="numpy"), values=(array,), recover=made(target, source.dtype),
                taker="broadcast_to", shapes=(old, target),
            )  # fmt: skip
    return made(target, source.dtype, source.lo, source.hi)


def common_shape(cx: Context, taker: str, shapes: list[Shape], values: tuple[Value, ...]) -> Shape:
    """The broadcast shape, with the message of ``np.broadcast``."""
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch
    from foreshape.semantics.shared.broadcast import broadcast_shapes as combined

    found = combined(*shapes, facts=cx.facts)
    if found.failed is not None:
        first, second = found.failed.operands or (0, 1)
        text = (
            "shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg "
            f"{first} with shape {python_shape(shapes[first])} and arg {second} with shape "
            f"{python_shape(shapes[second])}."
        )
        raise BroadcastMismatch(
            Raises("ValueError", text, by="numpy"), values=values, taker=taker, shapes=tuple(shapes),
            axis=found.failed.where if isinstance(found.failed.where, int) else None,
        )  # fmt: skip
    for need in found.open:
        if need.kind == "equal":
            cx.equal(need.left, need.right)
    return resolved(cx, found.shape)


@rule("numpy.broadcast_arrays", doc=DOC + "broadcast_arrays.html")
def broadcast_arrays(cx: Context, *args: Value, subok: Value | None = None) -> Value:
    arrays = [as_array(cx, value) for value in args]
    kind = "tuple" if cx.targets.at_least("numpy", "2") else "list"
    whole = [array for array in arrays if isinstance(array, Array) and array.shape is not None]
    if len(whole) != len(arrays):
        return listed(kind, [made(None, array.dtype if isinstance(array, Array) else None) for array in arrays])
    shape = common_shape(cx, "broadcast_arrays", [resolved(cx, array.shape or ()) for array in whole], args)
    return listed(kind, [made(shape, array.dtype, array.lo, array.hi) for array in whole])


@rule("numpy.broadcast_shapes", doc=DOC + "broadcast_shapes.html")
def broadcast_shapes(cx: Context, *args: Value) -> Value:
    from foreshape.domain.values import int_value

    shapes = [shape_argument(cx, value, "broadcast_shapes") for value in args]
    if any(shape is None for shape in shapes):
        return cx.unknown("a shape is not known")
    found = common_shape(cx, "broadcast_shapes", [shape for shape in shapes if shape is not None], args)
    return listed("tuple", [int_value(size) for size in found])


@rule("numpy.ndarray.resize")
def resize_method(cx: Context, self: Value, *new_shape: Value, refcheck: Value | None = None) -> Value:
    if not new_shape or (len(new_shape) == 1 and is_none(new_shape[0])):
        return Const(None)
    target = shape_argument(cx, new_shape[0] if len(new_shape) == 1 else listed("tuple", new_shape), "resize")
    if isinstance(self, Array):
        cx.rebind(self, made(target, self.dtype))
    return Const(None)
