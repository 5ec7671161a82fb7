"""``keras.ops``: the same elements in another arrangement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, dmax, dmin, floordiv, product
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Const, Value, as_dim, as_int, is_none
from foreshape.semantics.keras.graph import any_symbolic
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    axes_argument,
    integer,
    items_of,
    known,
    like,
    needs_rank,
    one_axis,
    operand,
    place,
    refused,
    run,
    several,
    text_of,
    trouble,
    wrong_value,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.reshape import moved_order
from foreshape.semantics.tensorflow.support import in_graph, ints, shape_argument, tensor

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context


def permuted(x: Array, order: tuple[int, ...]) -> Array:
    """The axes in another order, with their roles."""
    assert x.shape is not None
    roles = None if x.roles is None else tuple(x.roles[axis] for axis in order)
    return like(x, tuple(x.shape[axis] for axis in order), roles=roles)


@rule("keras.ops.reshape")
def reshape(cx: Context, x: Value, newshape: Value) -> Value:
    """The same elements in another shape."""

    def core(inner: Context, value: Value, *symbolic: Value) -> Value:
        if symbolic:
            return _open_rank(inner, value, symbolic[0])
        target = shape_argument(inner, newshape)
        if target is not None and sum(size == -1 for size in target if isinstance(size, int)) > 1:
            text = f"There must be at most one unknown dimension (-1) in `newshape`. Received: newshape={target}."
            raise wrong_value(refused(text), "newshape", target, operand(inner, value))
        if target is not None and any(isinstance(size, int) and size < -1 for size in target):
            text = (
                "Each dimension in `newshape` must be a non-negative integer, or `-1` for a single unknown dimension. "
            )
            text += f"Received: newshape={target}."
            raise wrong_value(refused(text), "newshape", target, operand(inner, value))
        if in_graph(inner) and target is not None:
            found, shape = known(inner, value)
            if any(undefined(size) for size in (*shape, *target)):
                return like(found, _filled(inner, shape, target))
        return inner.rule("tensorflow.reshape", value, newshape)

    return run(cx, "reshape", core, (x, newshape) if any_symbolic((newshape,)) else (x,))


def _filled(cx: Context, shape: Shape, target: Shape) -> Shape:
    """A symbolic reshape where a size is None: what is given is believed, -1 is None."""
    given = [size for size in target if not (isinstance(size, int) and size == -1)]
    if any(undefined(size) for size in given) or not all(isinstance(size, int) and size > 0 for size in given):
        rest: DimLike = cx.fresh(keras_none=True)
    else:
        rest = floordiv(product(shape), product(given))
    if not undefined(rest):
        rest = cx.fresh(keras_none=True)
    return tuple(rest if isinstance(size, int) and size == -1 else size for size in target)


def _open_rank(cx: Context, value: Value, newshape: Value) -> Value:
    """A reshape to a shape that is a symbolic tensor, or holds one."""
    found = operand(cx, value)
    if isinstance(newshape, Array):
        rank = newshape.shape[0] if newshape.shape is not None and len(newshape.shape) == 1 else None
        count = rank if isinstance(rank, int) else 1
        return like(found, tuple(cx.fresh(keras_none=True) for _ in range(count)))
    sizes: list[DimLike] = []
    for item in items_of(cx, newshape):
        size = as_dim(item)
        sizes.append(size if isinstance(size, int) and size != -1 else cx.fresh(keras_none=True))
    return like(found, tuple(sizes))


@rule("keras.ops.ravel")
def ravel(cx: Context, x: Value) -> Value:
    """One axis."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        return found.replace(shape=(product(shape),), data=found.data, meta={})

    return run(cx, "ravel", core, (x,))


@rule("keras.ops.expand_dims")
def expand_dims(cx: Context, x: Value, axis: Value) -> Value:
    """New axes of size 1."""

    def core(inner: Context, value: Value) -> Value:
        axes = axes_argument(inner, axis)
        if axes is None:
            raise OpenShape("which axis is meant is not known")
        found, shape = known(inner, value)
        if len(axes) == 1:
            place(inner, "expand_dims", axes[0], len(shape) + 1, found)
            return inner.rule("tensorflow.expand_dims", value, Const(axes[0]))
        rank = len(shape) + len(axes)
        places = {place(inner, "expand_dims", one, rank, found) for one in axes}
        old = iter(shape)
        return like(found, tuple(1 if at in places else next(old) for at in range(rank)))

    return run(cx, "expand_dims", core, (x,))


@rule("keras.ops.squeeze")
def squeeze(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """Without axes of size 1."""

    def core(inner: Context, value: Value) -> Value:
        axes = axes_argument(inner, axis)
        if axes is not None:
            found, shape = known(inner, value)
            places = [place(inner, "squeeze", one, len(shape), found) for one in axes]
            for one in places:
                if (undefined(shape[one]) and in_graph(inner)) or (isinstance(shape[one], int) and shape[one] != 1):
                    from foreshape.faults.squeeze_size import SqueezeSize

                    text = f"Cannot squeeze axis={one}, because the dimension is not 1."
                    raise SqueezeSize(refused(text), values=(found,), shape=shape, axis=one)
        if axes is None and in_graph(inner):
            found, shape = known(inner, value)
            return like(found, tuple(size for size in shape if not (isinstance(size, int) and size == 1)))
        given = () if axes is None else (Const(axes[0]) if len(axes) == 1 else axis,)
        return inner.rule("tensorflow.squeeze", value, *(one for one in given if one is not None))

    return run(cx, "squeeze", core, (x,))


@rule("keras.ops.transpose")
def transpose(cx: Context, x: Value, axes: Value | None = None) -> Value:
    """Axes in another order, reversed where none is given."""

    def core(inner: Context, value: Value) -> Value:
        order = None if axes is None or is_none(axes) else ints(inner, axes)
        if order is not None and len(set(order)) < len(order):
            from foreshape.faults.transpose_axes import TransposeAxes

            found, shape = known(inner, value)
            text = "`axes` must be a valid permutation of the input dimensions (no duplicates). Received: "
            text += f"axes={list(order)} for input of rank {len(shape)}."
            raise TransposeAxes(refused(text), values=(found,), taker="transpose", axes=order, rank=len(shape))
        return inner.rule("tensorflow.transpose", value, Const(None) if axes is None else axes)

    return run(cx, "transpose", core, (x,))


@rule("keras.ops.swapaxes")
def swapaxes(cx: Context, x: Value, axis1: Value, axis2: Value) -> Value:
    """Two axes change places."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        order = list(range(len(shape)))
        i = place(inner, "swapaxes", integer(axis1), len(shape), found)
        j = place(inner, "swapaxes", integer(axis2), len(shape), found)
        order[i], order[j] = order[j], order[i]
        return permuted(found, tuple(order))

    return run(cx, "swapaxes", core, (x,))


@rule("keras.ops.moveaxis")
def moveaxis(cx: Context, x: Value, source: Value, destination: Value) -> Value:
    """Axes moved to other places."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        sources, places = axes_argument(inner, source), axes_argument(inner, destination)
        if sources is None or places is None:
            raise OpenShape("which axes are moved is not known")
        if len(sources) != len(places):
            text = "`source` and `destination` arguments must have the same number of elements, but received "
            text += f"`source={sources}` and `destination={places}`."
            raise wrong_value(refused(text), "destination", places, found)
        for axis in (*sources, *places):
            place(inner, "moveaxis", axis, len(shape), found)
        return permuted(found, moved_order(len(shape), sources, places))

    return run(cx, "moveaxis", core, (x,))


@rule("keras.ops.rot90")
def rot90(cx: Context, array: Value, k: Value | None = None, axes: Value | None = None) -> Value:
    """Turned by quarters; a symbolic one always shows the two axes exchanged."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        both = (0, 1) if axes is None else ints(inner, axes)
        times = 1 if k is None else as_int(k)
        if both is None or times is None:
            raise OpenShape("how it is turned is not known")
        if len(shape) < 2:
            text = f"Input array must have at least 2 dimensions. Received: array.shape={list(shape)}"
            raise needs_rank(refused(text), "rot90", found, 2, True)
        if len(both) != 2 or both[0] == both[1]:
            text = f"Invalid axes: {both}. Axes must be a tuple of two different dimensions."
            raise wrong_value(refused(text), "axes", both, found)
        first, second = (place(inner, "rot90", axis, len(shape), found) for axis in both)
        order = list(range(len(shape)))
        if times % 2 or in_graph(inner):
            order[first], order[second] = order[second], order[first]
        return permuted(found, tuple(order))

    return run(cx, "rot90", core, (array,))


@rule("keras.ops.flip")
def flip(cx: Context, x: Value, axis: Value | None = None) -> Value:
    """The same shape."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        axes = axes_argument(inner, axis)
        if found.shape is not None:
            for one in axes or ():
                place(inner, "flip", one, len(found.shape), found)
        return like(found, found.shape, roles=found.roles)

    return run(cx, "flip", core, (x,))


def _at_least(name: str, rank: int) -> None:
    @rule(f"keras.ops.{name}")
    def plain(cx: Context, x: Value) -> Value:
        """The same shape."""

        def core(inner: Context, value: Value) -> Value:
            found, shape = known(inner, value)
            if len(shape) < rank:
                text = f"`{name}` requires input with {rank} or more dimensions. Received: x.shape={text_of(shape)}"
                raise needs_rank(trouble(inner, text, found), name, found, rank, True)
            return like(found, shape, roles=found.roles)

        return run(cx, name, core, (x,))


_at_least("fliplr", 2)
_at_least("flipud", 1)


@rule("keras.ops.roll")
def roll(cx: Context, x: Value, shift: Value, axis: Value | None = None) -> Value:
    """The same shape."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        axes = axes_argument(inner, axis)
        if found.shape is not None:
            for one in axes or ():
                place(inner, "roll", one, len(found.shape), found)
        return like(found, found.shape, roles=found.roles)

    return run(cx, "roll", core, (x,))


@rule("keras.ops.view")
def view(cx: Context, x: Value, dtype: Value | None = None) -> Value:
    """The same bytes as another dtype: the last axis grows or shrinks with the size of an element."""
    from foreshape.semantics.keras.operations.support import dtype_argument

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        wanted = dtype_argument(dtype, found.dtype)
        old, new = _bytes(found.dtype), _bytes(wanted)
        if old is None or new is None:
            raise OpenShape("the size of an element is not known")
        if old == new:
            return like(found, shape, wanted)
        if not shape:
            text = "Cannot view a scalar as a different dtype if item sizes are different."
            raise wrong_value(refused(text), "dtype", wanted, found)
        last = shape[-1]
        if isinstance(last, int) and last * old % new:
            text = (
                f"Cannot view array of shape {text_of(shape)} and dtype {found.dtype} as dtype {wanted} because the "
                "total number of bytes is not divisible by the new itemsize."
            )
            raise wrong_value(refused(text), "dtype", wanted, found)
        return like(found, (*shape[:-1], floordiv(last * old, new)), wanted)

    return run(cx, "view", core, (x,))


def _bytes(dtype: str | None) -> int | None:
    if dtype is None:
        return None
    if dtype == "bool":
        return 1
    digits = "".join(letter for letter in dtype if letter.isdigit())
    return int(digits) // 8 if digits and "float8" not in dtype else 1 if "float8" in dtype else None


# -- grown ------------------------------------------------------------------------------------------------------------


@rule("keras.ops.broadcast_to")
def broadcast_to(cx: Context, x: Value, shape: Value) -> Value:
    """The shape that is asked for."""

    def core(inner: Context, value: Value) -> Value:
        found = operand(inner, value)
        target = shape_argument(inner, shape)
        if in_graph(inner) and target is not None and found.shape is not None and len(target) < len(found.shape):
            return like(found, target)
        made = inner.rule("tensorflow.broadcast_to", value, shape)
        return made.replace(dtype=found.dtype) if isinstance(made, Array) else made

    return run(cx, "broadcast_to", core, (x,))


@rule("keras.ops.tile")
def tile(cx: Context, x: Value, repeats: Value) -> Value:
    """Repeated along axes; missing ones on either side count as 1."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        times = shape_argument(inner, repeats)
        if times is None:
            raise OpenShape("how often it is repeated is not known")
        rank = max(len(times), len(shape))
        sizes = (1,) * (rank - len(shape)) + shape
        counts = (1,) * (rank - len(times)) + times
        return like(found, tuple(size * count for size, count in zip(sizes, counts)))

    return run(cx, "tile", core, (x,))


@rule("keras.ops.repeat")
def repeat(cx: Context, x: Value, repeats: Value, axis: Value | None = None) -> Value:
    """Each element repeated, all the same number of times or each its own."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        at = one_axis(inner, axis, None)
        flat = shape if at is not None else (product(shape),)
        where = 0 if at is None else place(inner, "repeat", at, len(shape), found)
        size = flat[where]
        count = as_dim(repeats)
        each = ints(inner, repeats)
        made: DimLike
        if count is not None:
            made = size * count
        elif each is not None and len(each) == 1:
            made = size * each[0]
        elif each is not None:
            if not undefined(size) and not inner.equal(size, len(each)):
                text = (
                    f"Size of `repeats` and dimensions of `axis {where} of x` should be compatible. "
                    f"Received: {len(each)} and {list(shape)}"
                )
                raise wrong_value(refused(text), "repeats", list(each), found)
            made = size if undefined(size) else sum(each)
        else:
            made = inner.fresh(lo=0)
        return like(found, (*flat[:where], made, *flat[where + 1 :]))

    return run(cx, "repeat", core, (x,))


@rule("keras.ops.pad")
def pad(
    cx: Context, x: Value, pad_width: Value, mode: Value | None = None, constant_values: Value | None = None
) -> Value:
    """Longer by what is added before and after each axis."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        pairs = _pairs(inner, pad_width)
        if pairs is None:
            raise OpenShape("how much is added is not known")
        if len(pairs) == 1:
            pairs = pairs * len(shape)
        if len(pairs) != len(shape):
            text = (
                f"`pad_width` must have the same length as `x.shape`. Received: pad_width={pairs} (of length "
                f"{len(pairs)}) and x.shape={text_of(shape)} (of length {len(shape)})"
            )
            raise wrong_value(refused(text), "pad_width", pairs, found)
        sizes = tuple(before + size + after for size, (before, after) in zip(shape, pairs))
        return like(found, sizes, roles=found.roles)

    return run(cx, "pad", core, (x,))


def _pairs(cx: Context, value: Value) -> list[tuple[DimLike, DimLike]] | None:
    one = as_dim(value)
    if one is not None:
        return [(one, one)]
    flat = ints(cx, value)
    if flat is not None and not (isinstance(value, Array) and value.shape is not None and len(value.shape) == 2):
        if len(flat) == 2:
            return [(flat[0], flat[1])]
        return [(flat[0], flat[0])] if len(flat) == 1 else None
    made: list[tuple[DimLike, DimLike]] = []
    if isinstance(value, Array) and flat is not None:
        return [(flat[at], flat[at + 1]) for at in range(0, len(flat), 2)]
    for item in items_of(cx, value):
        sizes = shape_argument(cx, item)
        if sizes is None or len(sizes) not in (1, 2):
            return None
        made.append((sizes[0], sizes[-1]))
    return made


# -- diagonals --------------------------------------------------------------------------------------------------------


def _diagonal(rows: DimLike, columns: DimLike, offset: int) -> DimLike:
    """How long the diagonal of a matrix is."""
    if offset > 0:
        columns = columns - offset
    else:
        rows = rows + offset
    return dmax(dmin(rows, columns), 0)


@rule("keras.ops.diag")
def diag(cx: Context, x: Value, k: Value | None = None) -> Value:
    """A vector as the diagonal of a matrix, or the diagonal of a matrix."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        offset = integer(k, 0)
        if len(shape) == 1:
            return like(found, (shape[0] + abs(offset),) * 2)
        if len(shape) == 2 and any(undefined(size) for size in shape):
            return like(found, (inner.fresh(lo=0, keras_none=True),))
        if len(shape) == 2:
            return like(found, (_diagonal(shape[0], shape[1], offset),))
        text = f"`x` must be 1-D or 2-D, but received shape {text_of(shape)}."
        raise needs_rank(refused(text), "diag", found, 2)

    return run(cx, "diag", core, (x,))


@rule("keras.ops.diagflat")
def diagflat(cx: Context, x: Value, k: Value | None = None) -> Value:
    """All elements as the diagonal of a matrix."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        return like(found, (product(shape) + abs(integer(k, 0)),) * 2)

    return run(cx, "diagflat", core, (x,))


def _two_axes(
    cx: Context, name: str, x: Array, shape: Shape, axis1: Value | None, axis2: Value | None
) -> tuple[int, int]:
    if len(shape) < 2:
        text = f"`{name}` requires an array of at least two dimensions, but `x` is of shape {text_of(shape)}."
        raise needs_rank(refused(text), name, x, 2, True)
    first = place(cx, name, integer(axis1, 0), len(shape), x)
    second = place(cx, name, integer(axis2, 1), len(shape), x)
    if first == second:
        if name == "diagonal":
            raise OpenShape("one axis was named twice")
        text = f"`axis1` and `axis2` must be different. Received: axis1={first}, axis2={second}"
        raise wrong_value(refused(text), "axis2", second, x)
    return first, second


@rule("keras.ops.diagonal")
def diagonal(
    cx: Context, x: Value, offset: Value | None = None, axis1: Value | None = None, axis2: Value | None = None
) -> Value:
    """The diagonal of two axes, as a new last axis."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        first, second = _two_axes(inner, "diagonal", found, shape, axis1, axis2)
        kept = tuple(size for axis, size in enumerate(shape) if axis not in (first, second))
        return like(found, (*kept, _diagonal(shape[first], shape[second], integer(offset, 0))))

    return run(cx, "diagonal", core, (x,))


@rule("keras.ops.trace")
def trace(
    cx: Context, x: Value, offset: Value | None = None, axis1: Value | None = None, axis2: Value | None = None
) -> Value:
    """The sum of the diagonal of two axes."""
    from foreshape.semantics.keras.operations.support import accumulated

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        first, second = _two_axes(inner, "trace", found, shape, axis1, axis2)
        kept = tuple(size for axis, size in enumerate(shape) if axis not in (first, second))
        return like(found, kept, accumulated(found.dtype))

    return run(cx, "trace", core, (x,))


@rule("keras.ops.unstack")
def unstack(cx: Context, x: Value, num: Value | None = None, axis: Value | None = None) -> Value:
    """The parts along an axis, one by one."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        at = place(inner, "unstack", one_axis(inner, axis, 0) or 0, len(shape), found)
        size = shape[at] if num is None or is_none(num) else as_dim(num)
        if size is not None and undefined(size) and in_graph(inner):
            text = f"Cannot infer argument `num` from shape {text_of(shape)}. Either provide a tensor with a concrete "
            text += "shape in the `axis` dimension or explicitly pass the `num` argument."
            raise wrong_value(refused(text), "num", "None", found)
        if not isinstance(size, int):
            raise OpenShape("how many parts there are is not known")
        return several([like(found, (*shape[:at], *shape[at + 1 :])) for _ in range(size)], "list")

    return run(cx, "unstack", core, (x,), many=True)


@rule("keras.ops.nonzero")
def nonzero(cx: Context, x: Value) -> Value:
    """Where it is not 0: one tensor of positions per axis."""

    def core(inner: Context, value: Value) -> Value:
        from foreshape.semantics.tensorflow.support import open_size

        found, shape = known(inner, value)
        count = open_size(inner)
        return several([tensor((count,), "int32", found) for _ in shape])

    return run(cx, "nonzero", core, (x,), many=True)
