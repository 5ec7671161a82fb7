"""Max, average and power-average pooling as functions. Follows ``aten/src/ATen/native/Pool.h`` and ``Pooling.cpp``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike, floordiv
from foreshape.domain.values import Array, Const, Sequence, Shape, Typed, Value, as_bool, as_dim, is_none
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.conv import conv_length
from foreshape.semantics.torch.nn.base import FALSE, NONE, ONE, TRUE, ZERO, ints_of
from foreshape.semantics.torch.nn.common import certainly, per_axis, rank_fault, written
from foreshape.semantics.torch.support import (
    error,
    invalid,
    must_be,
    not_implemented,
    python_type,
    required,
    shown,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

LETTERS = {1: ("H", "W"), 2: ("H", "W"), 3: ("T", "H", "W")}


class Window:
    """The window of a pooling over n axes; None where a number is not known."""

    __slots__ = ("ceil", "dilation", "kernel", "n", "padding", "stride")

    def __init__(
        self,
        cx: Context,
        name: str,
        n: int,
        kernel: Value,
        stride: Value = NONE,
        padding: Value = ZERO,
        dilation: Value = ONE,
        ceil: Value = FALSE,
    ) -> None:
        self.n = n
        self.kernel = numbers(cx, name, "kernel_size", kernel, n)
        empty = is_none(stride) or ints_of(stride) == ()
        self.stride = self.kernel if empty else numbers(cx, name, "stride", stride, n)
        self.padding = numbers(cx, name, "padding", padding, n)
        self.dilation = numbers(cx, name, "dilation", dilation, n)
        self.ceil = as_bool(ceil)


def numbers(cx: Context, name: str, argument: str, value: Value, n: int) -> Shape | None:
    """An int or a list of n ints."""
    if isinstance(value, (Const, Typed)) and as_dim(value) is None and python_type(value) not in ("int", "bool"):
        raise must_be(cx, name, argument, 2, "tuple of ints", value)
    items = ints_of(value)
    if items is not None and len(items) not in (1, n):
        words = {1: "int", 2: "a single int, or a tuple of two ints", 3: "a single int, or a tuple of three ints"}
        base = name.replace("_with_indices", "")
        message = f"{base}: {argument} must either be {words[n]}"
        if n == 1:
            message = (
                f"{base}() {argument} must be an int, list of ints or tuple of ints of size 1 but got size {len(items)}"
            )
        raise invalid(cx, "RuntimeError", message, argument, len(items), value)
    return per_axis(cx, value, n)


def pooled(cx: Context, kind: str, taker: str, input: Value, window: Window, indices: bool = False) -> Array | None:
    """The result of ``max`` or ``avg`` pooling; None where the input is not known."""
    n = window.n
    name = f"{kind}_pool{n}d"
    x = required(cx, input, f"{name}_with_indices" if indices else name)
    if x is None:
        return None
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    _check_rank(cx, name, taker, x, n, indices or bool(x.meta.get("requires_grad")), kind)
    _check_numbers(cx, name, taker, x, window, kind)
    sizes = [_length(cx, window, x.shape[len(x.shape) - n + k], k) for k in range(n)]
    made = tensor(cx, (*x.shape[:-n], *sizes), x.dtype, x, roles=x.roles)
    _check_output(cx, name, taker, x, sizes, window)
    if kind == "max" and x.dtype == "bool":
        raise not_implemented(cx, name, x, taker, recover=made)
    if kind == "avg" and x.dtype == "bool":
        raise not_implemented(cx, f"avg_pool{max(n, 2)}d_out_frame", x, taker, recover=made)
    return made


def _check_rank(cx: Context, name: str, taker: str, x: Array, n: int, indices: bool, kind: str) -> None:
    assert x.shape is not None
    rank = len(x.shape)
    filled = [size for size in x.shape[rank - n - 1 :] if isinstance(size, int) and size == 0]
    exception, message = "RuntimeError", ""
    if rank not in (n + 1, n + 2):
        if n == 3:
            message = "non-empty 4D or 5D (batch mode) tensor expected for input"
        elif n == 2 and rank < 3 and kind == "avg":
            low = max(rank, 1)
            message = f"Dimension out of range (expected to be in range of [-{low}, {low - 1}], but got -3)"
            exception = "IndexError"
        elif n == 2 and kind == "max":
            message = "non-empty 3D or 4D (batch mode) tensor expected for input"
        elif n == 2:
            message = f"Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:{shown(x.shape)}"
        elif kind == "avg" or indices:
            message = (
                f"Expected 2 to 3 dimensions, but got {rank}-dimensional tensor for argument #1 'self' (while checking "
                f"arguments for {name})"
            )
        else:
            message = f"{name}: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:{shown(x.shape)}"
    elif filled:
        message = (
            f"Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:{shown(x.shape)}"
        )
        if n == 1:
            message = f"{name}: Expected 2D or 3D (batch mode) tensor with optional 0 dim batch size for input, but got:{shown(x.shape)}"
        elif n == 3:
            message = f"Expected input's non-batch dimensions to have positive length, but input has a shape of {shown(x.shape)}"
    if message:
        raise rank_fault(cx, exception, message, taker, x, n + 2)


def _check_numbers(cx: Context, name: str, taker: str, x: Array, window: Window, kind: str) -> None:
    kernel, stride, padding = window.kernel, window.stride, window.padding
    n = window.n
    if n == 1 and kind == "max":
        for word, sizes in (("kernel_size", kernel), ("stride", stride), ("dilation", window.dilation)):
            if sizes is not None and certainly(cx, sizes[0], 1):
                message = f"{name}() {word} must be greater than zero, but got {sizes[0]}"
                raise invalid(cx, "RuntimeError", message, word, sizes[0], x)
    if stride is not None and any(isinstance(size, int) and size == 0 for size in stride):
        raise invalid(cx, "RuntimeError", "stride should not be zero", "stride", shown(stride), x)
    for word, letter, sizes in (("kernel size", "k", kernel), ("stride", "d", stride)):
        if sizes is not None and any(certainly(cx, size, 1) for size in sizes):
            given = (1, *sizes) if n == 1 else sizes
            listed = " ".join(f"{letter}{axis}: {size}" for axis, size in zip(LETTERS[n], given))
            raise invalid(cx, "RuntimeError", f"{word} should be greater than zero, but got {listed}", word, listed, x)
    if kernel is None or padding is None:
        return
    for place, (pad, size) in enumerate(zip(padding, kernel)):
        if certainly(cx, pad, 0):
            raise invalid(cx, "RuntimeError", f"pad must be non-negative, but got pad: {pad}", "padding", pad, x)
        step = 1 if window.dilation is None else window.dilation[place]
        if isinstance(pad, int) and isinstance(size, int) and isinstance(step, int):
            if pad > ((size - 1) * step + 1) // 2:
                message = (
                    f"pad should be at most half of effective kernel size, but got pad={pad}, kernel_size={size} and "
                    f"dilation={step}"
                )
                if n == 1 and kind == "max":
                    message = f"{name}() padding should be at most half of kernel size, but got padding={pad} and kernel_size={size}"
                raise invalid(cx, "RuntimeError", message, "padding", pad, x)


def _length(cx: Context, window: Window, length: DimLike, k: int) -> DimLike:
    if window.kernel is None or window.stride is None or window.padding is None or window.dilation is None:
        return cx.fresh(lo=0)
    if window.ceil is None:
        return cx.fresh(lo=0)
    pad = window.padding[k]
    if isinstance(pad, int):
        size, _ = conv_length(
            length, window.kernel[k], window.stride[k], pad, window.dilation[k], ceil_mode=window.ceil, facts=cx.facts
        )
        return cx.resolve(size)
    span = (window.kernel[k] - 1) * window.dilation[k] + 1
    return cx.resolve(floordiv(length + 2 * pad - span, window.stride[k]) + 1)


def _check_output(cx: Context, name: str, taker: str, x: Array, sizes: list[DimLike], window: Window) -> None:
    """Something is left along every axis."""
    from foreshape.faults.window_size import WindowSize

    assert x.shape is not None
    n = window.n
    if name == "avg_pool3d" and window.kernel is not None:
        _check_image(cx, taker, x, window.kernel)
    for k, size in enumerate(sizes):
        if not certainly(cx, size, 1):
            continue
        before = x.shape[-n - 1 :] if n > 1 else (x.shape[-2], 1, x.shape[-1])
        after = (before[0], *(sizes if n > 1 else (1, sizes[0])))
        message = (
            f"Given input size: ({'x'.join(map(str, before))}). Calculated output size: ({'x'.join(map(str, after))}). "
            "Output size is too small"
        )
        if name == "max_pool1d":
            message = f"{name}() Invalid computed output size: {size}"
        span = (
            1 if window.kernel is None or window.dilation is None else (window.kernel[k] - 1) * window.dilation[k] + 1
        )
        raise WindowSize(
            error(cx, "RuntimeError", message), values=(x,), taker=taker, window=span, size=x.shape[len(x.shape) - n + k],
            axis=len(x.shape) - n + k, shape=x.shape,
        )  # fmt: skip


def _check_image(cx: Context, taker: str, x: Array, kernel: Shape) -> None:
    """Over three axes the window may not be larger than the input, padded or not."""
    from foreshape.domain.compare import ge
    from foreshape.faults.window_size import WindowSize

    assert x.shape is not None
    for k, span in enumerate(kernel):
        axis = len(x.shape) - 3 + k
        if ge(x.shape[axis], span, cx.facts).is_no:
            shape = " ".join(f"{letter}: {one}" for letter, one in zip(LETTERS[3], x.shape[-3:]))
            listed = " ".join(f"k{letter}: {one}" for letter, one in zip(LETTERS[3], kernel))
            message = f"input image ({shape}) smaller than kernel size ({listed})"
            raise WindowSize(
                error(cx, "RuntimeError", message), values=(x,), taker=taker, window=span, size=x.shape[axis], axis=axis,
                shape=x.shape,
            )  # fmt: skip


def with_indices(cx: Context, made: Array) -> Value:
    """The result, and where each maximum was."""
    places = tensor(cx, made.shape, "int64", made, lo=0, differentiable=False)
    return Sequence("tuple", Contents((made, places)))


def wanted(cx: Context, made: Array, indices: Value) -> Value:
    """The result, or the pair with the indices where they are asked for."""
    flag = as_bool(indices)
    if flag is None:
        return cx.unknown("whether indices are returned is not known")
    return with_indices(cx, made) if flag else made


# -- functions --------------------------------------------------------------------------------------------------------


def _max(n: int) -> None:
    @rule(f"torch.nn.functional.max_pool{n}d")
    def max_pool(
        cx: Context,
        input: Value,
        kernel_size: Value,
        stride: Value = NONE,
        padding: Value = ZERO,
        dilation: Value = ONE,
        ceil_mode: Value = FALSE,
        return_indices: Value = FALSE,
    ) -> Value:
        """(batch, channels, ...) to (batch, channels, ...); the batch axis may be missing."""
        return max_pooled(
            cx, n, f"max_pool{n}d", input, kernel_size, stride, padding, dilation, ceil_mode, return_indices
        )

    @rule(f"torch.max_pool{n}d")
    def torch_max_pool(
        cx: Context,
        input: Value,
        kernel_size: Value,
        stride: Value = NONE,
        padding: Value = ZERO,
        dilation: Value = ONE,
        ceil_mode: Value = FALSE,
    ) -> Value:
        """(batch, channels, ...) to (batch, channels, ...)."""
        return max_pooled(cx, n, f"max_pool{n}d", input, kernel_size, stride, padding, dilation, ceil_mode, FALSE)

    @rule(f"torch.nn.functional.max_pool{n}d_with_indices", f"torch.max_pool{n}d_with_indices")
    def max_pool_indices(
        cx: Context,
        input: Value,
        kernel_size: Value,
        stride: Value = NONE,
        padding: Value = ZERO,
        dilation: Value = ONE,
        ceil_mode: Value = FALSE,
        return_indices: Value = TRUE,
    ) -> Value:
        """The maxima and where they were."""
        return max_pooled(cx, n, f"max_pool{n}d", input, kernel_size, stride, padding, dilation, ceil_mode, TRUE)


def max_pooled(
    cx: Context,
    n: int,
    taker: str,
    input: Value,
    kernel_size: Value,
    stride: Value,
    padding: Value,
    dilation: Value,
    ceil_mode: Value,
    return_indices: Value,
) -> Value:
    """``max_pool``."""
    indices = as_bool(return_indices) is True
    required(cx, input, f"max_pool{n}d_with_indices" if indices else f"max_pool{n}d")
    name = f"max_pool{n}d_with_indices" if indices else f"max_pool{n}d"
    window = Window(cx, name, n, kernel_size, stride, padding, dilation, ceil_mode)
    made = pooled(cx, "max", taker, input, window, indices)
    return unknown_tensor(cx, input) if made is None else wanted(cx, made, return_indices)


def avg_pooled(
    cx: Context,
    n: int,
    taker: str,
    input: Value,
    kernel_size: Value,
    stride: Value,
    padding: Value,
    ceil_mode: Value,
    divisor_override: Value = NONE,
) -> Value:
    """``avg_pool``."""
    divisor = as_dim(divisor_override)
    if isinstance(divisor, int) and divisor == 0:
        raise invalid(cx, "RuntimeError", "divisor must be not zero", "divisor_override", 0, input)
    window = Window(cx, f"avg_pool{n}d", n, kernel_size, stride, padding, ONE, ceil_mode)
    made = pooled(cx, "avg", taker, input, window)
    return unknown_tensor(cx, input) if made is None else made


@rule("torch.nn.functional.avg_pool1d", "torch.avg_pool1d")
def avg_pool1d(
    cx: Context,
    input: Value,
    kernel_size: Value,
    stride: Value = NONE,
    padding: Value = ZERO,
    ceil_mode: Value = FALSE,
    count_include_pad: Value = TRUE,
) -> Value:
    """(batch, channels, length) to (batch, channels, length)."""
    return avg_pooled(cx, 1, "avg_pool1d", input, kernel_size, stride, padding, ceil_mode)


def _avg(n: int) -> None:
    @rule(f"torch.nn.functional.avg_pool{n}d")
    def avg_pool(
        cx: Context,
        input: Value,
        kernel_size: Value,
        stride: Value = NONE,
        padding: Value = ZERO,
        ceil_mode: Value = FALSE,
        count_include_pad: Value = TRUE,
        divisor_override: Value = NONE,
        *,
        out: Value | None = None,
    ) -> Value:
        """(batch, channels, ...) to (batch, channels, ...); the batch axis may be missing."""
        made = avg_pooled(cx, n, f"avg_pool{n}d", input, kernel_size, stride, padding, ceil_mode, divisor_override)
        return written(cx, f"avg_pool{n}d", made, out, input)


def _power(n: int) -> None:
    @rule(f"torch.nn.functional.lp_pool{n}d")
    def lp_pool(
        cx: Context,
        input: Value,
        norm_type: Value,
        kernel_size: Value,
        stride: Value = NONE,
        ceil_mode: Value = FALSE,
    ) -> Value:
        """As average pooling."""
        return lp_pooled(cx, n, f"lp_pool{n}d", input, kernel_size, stride, ceil_mode)


def lp_pooled(
    cx: Context, n: int, taker: str, input: Value, kernel_size: Value, stride: Value, ceil_mode: Value
) -> Value:
    """``lp_pool``: the n-th root of sums of powers."""
    return avg_pooled(cx, n, taker, input, kernel_size, stride, ZERO, ceil_mode)


for _n in (1, 2, 3):
    _max(_n)
    _power(_n)
for _n in (2, 3):
    _avg(_n)
