"""Adaptive and fractional pooling, and unpooling, as functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Shape, Typed, Value, as_dim, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import FALSE, NONE, ZERO, ints_of
from foreshape.semantics.torch.nn.common import certainly, check_sizes, dtype_fault, per_axis, rank_fault
from foreshape.semantics.torch.nn.pooling import wanted, with_indices
from foreshape.semantics.torch.support import (
    error,
    invalid,
    is_integral,
    must_be,
    not_implemented,
    python_type,
    required,
    scalar_name,
    shown,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _target(cx: Context, name: str, x: Array, value: Value, n: int) -> Shape | None:
    """The sizes asked for; None in a list keeps the size. Raises what Python and the parser raise."""
    assert x.shape is not None
    items = ints_of(value)
    if n == 1:
        if items is None and isinstance(value, (Const, Typed)) and as_dim(value) is None:
            raise must_be(cx, name, "output_size", 2, "tuple of ints", value)
        for place, item in enumerate(items or ()):
            if is_none(item):
                message = (
                    f"{name}(): argument 'output_size' (position 2) must be tuple of ints, but found element of type "
                    f"NoneType at pos {place}"
                )
                raise invalid(cx, "TypeError", message, "output_size", None, value)
        return per_axis(cx, value, 1) if items is None else tuple(_item(cx, item) for item in items)
    if items is None:
        if isinstance(value, Const) and as_dim(value) is None:
            message = f"object of type '{python_type(value)}' has no len()"
            raise invalid(cx, "TypeError", message, "output_size", cx.text(value), value)
        return per_axis(cx, value, n)
    if len(x.shape) <= len(items):
        message = f"Input dimension should be at least {len(items) + 1}"
        raise rank_fault(cx, "ValueError", message, name, x, len(items) + 1, at_least=True)
    before = x.shape[len(x.shape) - len(items) :]
    return tuple(size if is_none(item) else _item(cx, item) for item, size in zip(items, before))


def _item(cx: Context, item: Value) -> DimLike:
    found = as_dim(item)
    return cx.fresh(lo=0) if found is None else found


def adaptive(cx: Context, kind: str, n: int, taker: str, input: Value, output_size: Value) -> Array | None:
    """The result of adaptive pooling; None where the input is not known."""
    name = f"adaptive_{kind}_pool{n}d"
    x = required(cx, input, name)
    if x is None:
        return None
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    target = _target(cx, name, x, output_size, n)
    rank = len(x.shape)
    if n == 1:
        if rank not in (2, 3):
            message = (
                f"Expected 2 to 3 dimensions, but got {rank}-dimensional tensor for argument #1 'self' (while checking "
                f"arguments for {name})"
            )
            raise rank_fault(cx, "RuntimeError", message, taker, x, 3)
        if target is not None and len(target) != 1:
            message = f"{name}() argument 'output_size' should contain one int (got {len(target)})"
            raise invalid(cx, "RuntimeError", message, "output_size", shown(target), x)
    if target is not None and len(target) != n:
        inner = (
            f"{name}: output_size must be {n}"
            if kind == "avg"
            else (f"{name}(): internal error: output_size.size() must be {n}")
        )
        raise invalid(cx, "RuntimeError", inner, "output_size", shown(target), x)
    sizes = target if target is not None else tuple(cx.fresh(lo=0) for _ in range(n))
    averaging = kind == "avg" and all(isinstance(size, int) and size == 1 for size in sizes)
    if kind == "avg" and not averaging:
        _not_negative(cx, name, sizes, n, x)
    if kind == "max" and rank in (n + 1, n + 2):
        check_sizes(cx, (*x.shape[: rank - n], *sizes))
    if rank not in (n + 1, n + 2) and not averaging:
        message = (
            f"{name}(): Expected {n + 1}D or {n + 2}D tensor, but got{'' if kind == 'avg' else ':'} {shown(x.shape)}"
        )
        raise rank_fault(cx, "RuntimeError", message, taker, x, n + 2)
    if not averaging:
        _filled(cx, name, taker, x, n, kind)
    if rank < n:
        message = (
            f"Dimension out of range (expected to be in range of [-{max(rank, 1)}, {max(rank, 1) - 1}], but got -{n})"
        )
        raise rank_fault(cx, "IndexError", message, taker, x, n + 2)
    made = tensor(cx, (*x.shape[: rank - n], *sizes), x.dtype, x, roles=x.roles)
    _dtype(cx, name, taker, x, sizes, averaging, n, made)
    return made


def _not_negative(cx: Context, name: str, sizes: Shape, n: int, x: Array) -> None:
    if any(certainly(cx, size, 0) for size in sizes):
        given = (1, *sizes) if n == 1 else sizes
        listed = ", ".join(map(str, given))
        inner = "adaptive_avg_pool2d" if n < 3 else name
        message = f"{inner}: elements of output_size must be greater than or equal to 0 but received {{{listed}}}"
        raise invalid(cx, "RuntimeError", message, "output_size", shown(sizes), x)


def _filled(cx: Context, name: str, taker: str, x: Array, n: int, kind: str) -> None:
    assert x.shape is not None
    for axis, size in enumerate(x.shape):
        if axis >= len(x.shape) - n and isinstance(size, int) and size == 0:
            given, place, inner = x.shape, axis, name
            if n == 1 and kind == "avg":
                given, place, inner = (*x.shape[:-1], 1, x.shape[-1]), axis + 1, "adaptive_avg_pool2d"
            message = (
                f"{inner}(): Expected input to have non-zero size for non-batch dimensions, but input has sizes "
                f"{shown(given)} with dimension {place} being empty"
            )
            raise rank_fault(cx, "RuntimeError", message, taker, x, n + 2)


def _dtype(cx: Context, name: str, taker: str, x: Array, sizes: Shape, averaging: bool, n: int, made: Array) -> None:
    if not is_integral(x.dtype) or any(isinstance(size, int) and size == 0 for size in made.shape or ()):
        return
    if averaging:
        message = (
            "mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: "
            f"{scalar_name(x.dtype)}"
        )
        fault = dtype_fault(cx, "RuntimeError", message, taker, x)
        fault.recover = made
        raise fault
    raise not_implemented(cx, name if n > 1 else name.replace("1d", "2d"), x, taker, recover=made)


def _avg(n: int) -> None:
    names = [f"torch.nn.functional.adaptive_avg_pool{n}d"]
    if n == 1:
        names.append("torch.adaptive_avg_pool1d")

    @rule(*names)
    def adaptive_avg_pool(cx: Context, input: Value, output_size: Value) -> Value:
        """(batch, channels, ...) to (batch, channels, *output_size)."""
        made = adaptive(cx, "avg", n, f"adaptive_avg_pool{n}d", input, output_size)
        return unknown_tensor(cx, input) if made is None else made


def _max(n: int) -> None:
    @rule(f"torch.nn.functional.adaptive_max_pool{n}d")
    def adaptive_max_pool(cx: Context, input: Value, output_size: Value, return_indices: Value = FALSE) -> Value:
        """(batch, channels, ...) to (batch, channels, *output_size), with the indices where they are asked for."""
        made = adaptive(cx, "max", n, f"adaptive_max_pool{n}d", input, output_size)
        return unknown_tensor(cx, input) if made is None else wanted(cx, made, return_indices)


def _max_indices(n: int) -> None:
    @rule(f"torch.nn.functional.adaptive_max_pool{n}d_with_indices")
    def adaptive_max_pool_indices(
        cx: Context, input: Value, output_size: Value, return_indices: Value = FALSE
    ) -> Value:
        """(batch, channels, ...) to (batch, channels, *output_size), and where the maxima were."""
        made = adaptive(cx, "max", n, f"adaptive_max_pool{n}d", input, output_size)
        return unknown_tensor(cx, input) if made is None else with_indices(cx, made)


# -- fractional -------------------------------------------------------------------------------------------------------


def _float(value: Value | None) -> float | None:
    found = value.value if isinstance(value, Const) else None
    return found if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def fractional(
    cx: Context,
    n: int,
    taker: str,
    input: Value,
    kernel_size: Value,
    output_size: Value,
    output_ratio: Value,
    samples: Value = NONE,
) -> Array | None:
    """The result of fractional max pooling: of ``output_size``, or ``int(size * ratio)``."""
    name = f"fractional_max_pool{n}d"
    x = required(cx, input, name)
    if is_none(output_size) and is_none(output_ratio):
        message = f"{name} requires specifying either an output_size or an output_ratio"
        raise invalid(cx, "ValueError", message, "output_size", None, input)
    if x is None:
        return None
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    ratios = ints_of(output_ratio)
    if is_none(output_size) and ratios is None and isinstance(output_ratio, Const):
        message = f"object of type '{python_type(output_ratio)}' has no len()"
        raise invalid(cx, "TypeError", message, "output_ratio", cx.text(output_ratio), input)
    rank = len(x.shape)
    if rank not in (n + 1, n + 2):
        low = max(rank, 1)
        if is_none(output_size) and rank < n:
            message = f"Dimension out of range (expected to be in range of [-{low}, {low - 1}], but got -{n})"
            raise rank_fault(cx, "IndexError", message, taker, x, n + 2)
        message = f"Dimension out of range (expected to be in range of [-{low}, {low - 1}], but got -{n + 1})"
        exception = "IndexError"
        if rank > n + 2:
            exception, message = (
                "RuntimeError",
                f"{name}: Expected {n + 1}D or {n + 2}D tensor, but got: {shown(x.shape)}",
            )
        raise rank_fault(cx, exception, message, taker, x, n + 2)
    sizes: list[DimLike]
    if not is_none(output_size):
        sizes = list(per_axis(cx, output_size, n) or tuple(cx.fresh(lo=0) for _ in range(n)))
    else:
        sizes = []
        for place in range(n):
            before, ratio = x.shape[rank - n + place], _float((ratios or ())[place] if ratios else None)
            sizes.append(int(before * ratio) if isinstance(before, int) and ratio is not None else cx.fresh(lo=0))
    kernel = per_axis(cx, kernel_size, n)
    axes = ("time", "height", "width")[3 - n :]
    for place in range(n if rank >= n else 0):
        size, span, out = x.shape[rank - n + place], None if kernel is None else kernel[place], sizes[place]
        if isinstance(size, int) and isinstance(span, int) and isinstance(out, int) and out + span - 1 > size:
            message = f"{name}(): pool {axes[place]} {span} too large relative to input {axes[place]} {size}"
            if n == 3:
                message = f"{name}_out(): pool {axes[place]} {span} too large relative to input {axes[place]} {size}"
            from foreshape.faults.window_size import WindowSize

            raise WindowSize(
                error(cx, "RuntimeError", message), values=(x,), taker=taker, window=out + span - 1, size=size,
                axis=rank - n + place, shape=x.shape,
            )  # fmt: skip
    if isinstance(samples, Array) and samples.dtype is not None and x.dtype is not None and samples.dtype != x.dtype:
        message = "Expect _random_samples to have the same dtype as input"
        raise dtype_fault(cx, "RuntimeError", message, taker, samples, x, wanted=x.dtype)
    return tensor(cx, (*x.shape[: rank - n], *sizes), x.dtype, x)


def _fractional(n: int) -> None:
    @rule(f"torch.nn.functional.fractional_max_pool{n}d_with_indices")
    def fractional_max_pool_indices(
        cx: Context,
        input: Value,
        kernel_size: Value,
        output_size: Value = NONE,
        output_ratio: Value = NONE,
        return_indices: Value = FALSE,
        _random_samples: Value = NONE,
    ) -> Value:
        """(batch, channels, ...) to (batch, channels, *output_size), and where the maxima were."""
        made = fractional(
            cx, n, f"fractional_max_pool{n}d", input, kernel_size, output_size, output_ratio, _random_samples
        )
        return unknown_tensor(cx, input) if made is None else with_indices(cx, made)

    @rule(f"torch.nn.functional.fractional_max_pool{n}d")
    def fractional_max_pool(
        cx: Context,
        input: Value,
        kernel_size: Value,
        output_size: Value = NONE,
        output_ratio: Value = NONE,
        return_indices: Value = FALSE,
        _random_samples: Value = NONE,
    ) -> Value:
        """(batch, channels, ...) to (batch, channels, *output_size)."""
        made = fractional(
            cx, n, f"fractional_max_pool{n}d", input, kernel_size, output_size, output_ratio, _random_samples
        )
        return unknown_tensor(cx, input) if made is None else wanted(cx, made, return_indices)


# -- unpooling --------------------------------------------------------------------------------------------------------


def unpooled(
    cx: Context,
    n: int,
    taker: str,
    input: Value,
    indices: Value,
    kernel_size: Value,
    stride: Value,
    padding: Value,
    output_size: Value,
) -> Value:
    """The maxima back in their places."""
    name = f"max_unpool{n}d"
    x, places = required(cx, input, name), required(cx, indices, name, "indices", 2)
    if x is None or places is None:
        return unknown_tensor(cx, input, indices)
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    kernel, steps = per_axis(cx, kernel_size, n), per_axis(cx, stride if not is_none(stride) else kernel_size, n)
    pads = per_axis(cx, padding, n)
    rank = len(x.shape)
    if rank < n or kernel is None or steps is None or pads is None:
        return tensor(cx, None, x.dtype, x)
    default = [(x.shape[rank - n + k] - 1) * steps[k] + kernel[k] - 2 * pads[k] for k in range(n)]
    sizes = default if is_none(output_size) else _asked(cx, output_size, default, steps, n, x)
    if places.dtype is not None and places.dtype != "int64":
        message = f"elements in indices should be type int64 but got: {scalar_name(places.dtype)}"
        raise dtype_fault(cx, "RuntimeError", message, taker, places, wanted="int64")
    if rank not in (n + 1, n + 2):
        shape = (*x.shape, 1) if n == 1 else x.shape
        wide = max(n, 2)
        message = f"Input to max_unpooling{wide}d should be a {wide + 1}d or {wide + 2}d Tensor, but got {len(shape)} dimensions."
        raise rank_fault(cx, "RuntimeError", message, taker, x, n + 2)
    fits = places.shape is None or (
        len(places.shape) == rank and all(cx.equal(a, b) for a, b in zip(places.shape, x.shape))
    )
    if not fits:
        raise _indices(cx, taker, x, places, n)
    return tensor(cx, (*x.shape[: rank - n], *sizes), x.dtype, x)


def _asked(cx: Context, value: Value, default: list[DimLike], steps: Shape, n: int, x: Array) -> list[DimLike]:
    items = ints_of(value)
    if items is None:
        return [cx.fresh(lo=0) for _ in default]
    if len(items) == n + 2:
        items = items[2:]
    if len(items) != n:
        message = f"output_size should be a sequence containing {n} or {n + 2} elements, but it has a length of '{len(items)}'"
        raise invalid(cx, "ValueError", message, "output_size", len(items), x)
    sizes = [_item(cx, item) for item in items]
    for place, size in enumerate(sizes):
        least, most = default[place] - steps[place], default[place] + steps[place]
        if all(isinstance(one, int) for one in (size, least, most)) and not least < size < most:  # type: ignore[operator]
            listed = ", ".join(map(str, sizes))
            kind = getattr(value, "kind", "tuple")
            text = f"[{listed}]" if kind == "list" else f"({listed}{',' if n == 1 else ''})"
            message = f'invalid output_size "{text}" (dim {place} must be between {least} and {most})'
            raise invalid(cx, "ValueError", message, "output_size", text, x)
    return sizes


def _indices(cx: Context, taker: str, x: Array, places: Array, n: int) -> Fault:
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    a, b = x.shape or (), places.shape or ()
    more = (1,) if n == 1 else ()
    message = (
        f"Expected shape of indices to be same as that of the input tensor ({shown((*a, *more))}) but got indices tensor "
        f"with shape: {shown((*b, *more))}"
    )
    return BroadcastMismatch(
        error(cx, "RuntimeError", message), values=(places, x), taker=taker, shapes=(a, b), axis=None
    )


def _unpool(n: int) -> None:
    @rule(f"torch.nn.functional.max_unpool{n}d")
    def max_unpool(
        cx: Context,
        input: Value,
        indices: Value,
        kernel_size: Value,
        stride: Value = NONE,
        padding: Value = ZERO,
        output_size: Value = NONE,
    ) -> Value:
        """(batch, channels, ...) to (batch, channels, *output_size)."""
        return unpooled(cx, n, f"max_unpool{n}d", input, indices, kernel_size, stride, padding, output_size)


for _n in (1, 2, 3):
    _avg(_n)
    _max(_n)
    _max_indices(_n)
    _unpool(_n)
for _n in (2, 3):
    _fractional(_n)
