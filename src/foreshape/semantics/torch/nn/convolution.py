"""Convolutions, plain and transposed, as functions. Follows ``aten/src/ATen/native/Convolution.cpp``."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Shape, Value, as_dim, as_str, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.conv import conv_length, transposed_length
from foreshape.semantics.torch.casting import cast_meta, product_dtype
from foreshape.semantics.torch.errors import no_fractions
from foreshape.semantics.torch.nn.base import NONE, ONE, ZERO
from foreshape.semantics.torch.nn.common import (
    TYPE_NAMES,
    certainly,
    combination,
    dtype_fault,
    feature_fault,
    per_axis,
    rank_fault,
)
from foreshape.semantics.torch.support import (
    check_devices,
    error,
    invalid,
    scalar_name,
    shown,
    surely_no_tensor,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

AXES = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
SPATIAL = {1: ("time",), 2: ("height", "width"), 3: ("depth", "height", "width")}


class Settings:
    """The numbers of a convolution over n axes; None where they are not known. ``padding`` may be a word."""

    __slots__ = ("dilation", "groups", "n", "output_padding", "padding", "stride", "transposed")

    def __init__(
        self,
        n: int,
        stride: Shape | None,
        padding: Shape | str | None,
        dilation: Shape | None,
        groups: DimLike | None,
        output_padding: Shape | None = None,
        transposed: bool = False,
    ) -> None:
        self.n = n
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.groups = groups
        self.output_padding = output_padding
        self.transposed = transposed


def convolution(cx: Context, name: str, taker: str, values: tuple[Value, Value, Value], given: Settings) -> Value:
    """The result for (input, weight, bias). name: the function ("conv2d"); taker: as people call it ("Conv2d")."""
    if any(surely_no_tensor(value) and not (place == 2 and is_none(value)) for place, value in enumerate(values)):
        raise combination(cx, name, *values)
    arrays = [value if isinstance(value, Array) else None for value in values]
    x, w, b = arrays
    if x is None or w is None or (b is None and not is_none(values[2])):
        return unknown_tensor(cx, *values)
    check_devices(cx, taker, *(array for array in arrays if array is not None))
    if x.shape is None:
        return tensor(cx, None, product_dtype(cx, x.dtype), x, w, b)
    n = given.n
    ranked = len(x.shape) in (n + 1, n + 2)
    if b is not None and b.dtype is not None and x.dtype is not None and b.dtype != x.dtype:
        fault = _bias_dtype(cx, taker, x, b, given.transposed)
        if ranked:
            fault.recover = _result(cx, x, w, b, given)
        raise fault
    if not ranked:
        message = (
            f"Expected {n + 1}D (unbatched) or {n + 2}D (batched) input to {name}, but got input of size: "
            f"{shown(x.shape)}"
        )
        raise rank_fault(cx, "RuntimeError", message, taker, x, n + 2, ("batch", "channels", *AXES[n]))
    if w.shape is None:
        return tensor(cx, tuple(cx.fresh(lo=0) for _ in x.shape), product_dtype(cx, x.dtype), x, w, b)
    _check(cx, taker, x, w, b, given)
    made = _result(cx, x, w, b, given)
    if w.dtype is not None and x.dtype is not None and w.dtype != x.dtype:
        message = f"expected scalar type {scalar_name(x.dtype)} but found {scalar_name(w.dtype)}"
        fault = dtype_fault(cx, "RuntimeError", message, taker, x, w, wanted=w.dtype)
        fault.recover = made
        raise fault
    return made


def _bias_dtype(cx: Context, taker: str, x: Array, b: Array, transposed: bool) -> Fault:
    names = (TYPE_NAMES.get(x.dtype or "", "?"), TYPE_NAMES.get(b.dtype or "", "?"))
    message = f"Input type ({names[0]}) and bias type ({names[1]}) should be the same"
    if transposed or not cx.targets.at_least("torch", "1.11"):
        message = f"expected scalar type {scalar_name(x.dtype)} but found {scalar_name(b.dtype)}"
    return dtype_fault(cx, "RuntimeError", message, taker, x, b, wanted=b.dtype)


def _counts(cx: Context, given: Settings, dim: int) -> None:
    """The lists of settings have as many numbers as the weight has axes."""
    for name in ("stride", "padding", "dilation", "output_padding"):
        found = getattr(given, name)
        if isinstance(found, tuple) and len(found) not in (1, dim):
            if isinstance(given.padding, str) and name == "padding":
                continue
            message = (
                f"expected {name} to be a single integer value or a list of {dim} values to match the convolution "
                f"dimensions, but got {name}={shown(found)}"
            )
            raise invalid(cx, "RuntimeError", message, name, shown(found))


def _check(cx: Context, taker: str, x: Array, w: Array, b: Array | None, given: Settings) -> None:
    """What the kernel checks, in its order."""
    assert x.shape is not None and w.shape is not None
    n, batch = given.n, x.shape if len(x.shape) == given.n + 2 else (1, *x.shape)
    word = given.padding if isinstance(given.padding, str) else None
    if word is not None and word not in ("same", "valid"):
        raise invalid(cx, "RuntimeError", f"Invalid padding string: '{word}'", "padding", repr(word))
    dim = len(w.shape) - 2
    if word == "same":
        _check_same(cx, taker, x, batch, w, given)
    if dim <= 0:
        raise rank_fault(cx, "RuntimeError", "weight should have at least three dimensions", taker, w, n + 2)
    if given.groups is not None and certainly(cx, given.groups, 1):
        raise invalid(cx, "RuntimeError", "non-positive groups is not supported", "groups", given.groups)
    _counts(cx, given, dim)
    for name, least, text in (
        ("padding", 0, "negative padding is not supported"),
        ("output_padding", 0, "negative output_padding is not supported"),
        ("stride", 1, "non-positive stride is not supported"),
        ("dilation", 1, "non-positive dilation is not supported"),
    ):
        found = getattr(given, name)
        sizes = () if found is None or isinstance(found, str) else found if isinstance(found, tuple) else (found,)
        if any(certainly(cx, size, least) for size in sizes):
            raise invalid(cx, "RuntimeError", text, name, shown(sizes))
    if len(w.shape) != len(batch):
        message = (
            f"Expected {len(w.shape)}-dimensional input for {len(w.shape)}-dimensional weight {shown(w.shape)}, but got "
            f"{len(batch)}-dimensional input of size {shown(batch)} instead"
        )
        raise rank_fault(cx, "RuntimeError", message, taker, x, len(w.shape))
    _channels(cx, taker, x, batch, w, b, given)
    if not given.transposed:
        _window(cx, taker, x, batch, w, given)


def _check_same(cx: Context, taker: str, x: Array, batch: Shape, w: Array, given: Settings) -> None:
    assert w.shape is not None
    if len(w.shape) != len(batch):
        message = (
            f"Expected {len(w.shape)}-dimensional input for {len(w.shape)}-dimensional weight{shown(w.shape)}, but got "
            f"{len(batch)}-dimensional input of size {shown(batch)} instead"
        )
        raise rank_fault(cx, "RuntimeError", message, taker, x, len(w.shape))
    if any(isinstance(size, int) and size != 1 for size in given.stride or ()):
        message = "padding='same' is not supported for strided convolutions"
        raise invalid(cx, "RuntimeError", message, "padding", "'same'")


def _channels(cx: Context, taker: str, x: Array, batch: Shape, w: Array, b: Array | None, given: Settings) -> None:
    """Channels of the input against the weight's, then the bias."""
    assert w.shape is not None
    groups = given.groups
    if groups is None:
        return
    first, second = w.shape[0], w.shape[1]
    if given.transposed:
        if not cx.equal(batch[1], first):
            message = (
                f"Given transposed=1, weight of size {shown(w.shape)}, expected input{shown(batch)} to have {first} "
                f"channels, but got {batch[1]} channels instead"
            )
            raise feature_fault(cx, error(cx, "RuntimeError", message), taker, x, first, batch[1], 1 - len(batch))
        wanted, prefix = second * groups, f"Given transposed=1, weight of size {shown(w.shape)}"
    else:
        if isinstance(first, int) and isinstance(groups, int):
            text = ""
            if first < groups:
                text = (
                    f"Given groups={groups}, expected weight to be at least {groups} at dimension 0, but got weight of "
                    f"size {shown(w.shape)} instead"
                )
            elif first % groups:
                text = (
                    f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight "
                    f"of size [{shown(w.shape)}] instead"
                )
            if text:
                raise invalid(cx, "RuntimeError", text, "groups", groups, x)
        needs = second * groups
        if not cx.equal(batch[1], needs):
            message = (
                f"Given groups={groups}, weight of size {shown(w.shape)}, expected input{shown(batch)} to have {needs} "
                f"channels, but got {batch[1]} channels instead"
            )
            raise feature_fault(cx, error(cx, "RuntimeError", message), taker, x, needs, batch[1], 1 - len(batch))
        wanted, prefix = first, f"Given weight of size {shown(w.shape)}"
    if b is not None and b.shape is not None and (len(b.shape) != 1 or not cx.equal(b.shape[0], wanted)):
        message = (
            f"{prefix}, expected bias to be 1-dimensional with {wanted} elements, but got bias of size "
            f"{shown(b.shape)} instead"
        )
        if len(b.shape) != 1:
            raise rank_fault(cx, "RuntimeError", message, taker, b, 1)
        raise feature_fault(cx, error(cx, "RuntimeError", message), taker, b, wanted, b.shape[0], -1)


def _window(cx: Context, taker: str, x: Array, batch: Shape, w: Array, given: Settings) -> None:
    """The kernel fits into the padded input."""
    from foreshape.domain.compare import ge
    from foreshape.faults.window_size import WindowSize

    assert w.shape is not None and x.shape is not None
    if given.dilation is None or given.padding is None or given.padding == "same":
        return
    n = len(w.shape) - 2
    pads = (0,) * n if isinstance(given.padding, str) else _spread(given.padding, n)
    dilation = _spread(given.dilation, n)
    padded = [size + 2 * pad for size, pad in zip(batch[2:], pads)]
    spans = [(size - 1) * step + 1 for size, step in zip(w.shape[2:], dilation)]
    for place, (size, span) in enumerate(zip(padded, spans)):
        if isinstance(span, int) and span <= 0:
            raise invalid(cx, "RuntimeError", "weight size should be greater than zero", "kernel_size", span, x)
        if ge(size, span, cx.facts).is_no:
            message = (
                f"Calculated padded input size per channel: ({' x '.join(map(str, padded))}). Kernel size: "
                f"({' x '.join(map(str, spans))}). Kernel size can't be greater than actual input size"
            )
            axis = place + len(x.shape) - n
            raise WindowSize(
                error(cx, "RuntimeError", message), values=(x,), taker=taker, window=span, size=size, axis=axis,
                shape=x.shape,
            )  # fmt: skip
        cx.at_least(size, span)


def _spread(sizes: Shape, n: int) -> Shape:
    return sizes * n if len(sizes) == 1 else sizes


def _result(cx: Context, x: Array, w: Array, b: Array | None, given: Settings) -> Array:
    """The output; sizes that settings of unknown value decide are open."""
    assert x.shape is not None
    n = given.n
    spatial: SequenceOf[DimLike]
    lengths = x.shape[-n:]
    if w.shape is None or len(w.shape) != n + 2:
        return tensor(
            cx,
            (*x.shape[: -n - 1], cx.fresh(lo=0), *(cx.fresh(lo=0) for _ in lengths)),
            product_dtype(cx, x.dtype),
            x,
            w,
            b,
        )
    if given.transposed:
        channels = cx.fresh(lo=0) if given.groups is None else w.shape[1] * given.groups
        spatial = transposed(cx, lengths, w.shape[2:], given)
    else:
        channels = w.shape[0]
        spatial = [_length(cx, given, lengths[k], w.shape[2 + k], k) for k in range(n)]
    roles = None
    if x.roles is not None and len(x.roles) == len(x.shape):
        roles = (*x.roles[: -n - 1], "channel", *x.roles[-n:])
    return tensor(
        cx,
        (*x.shape[: -n - 1], channels, *spatial),
        product_dtype(cx, x.dtype),
        x,
        w,
        b,
        roles=roles,
        meta=cast_meta(cx, x, w, b),
    )


def _length(cx: Context, given: Settings, length: DimLike, kernel: DimLike, k: int) -> DimLike:
    if given.stride is None or given.padding is None or given.dilation is None:
        return cx.fresh(lo=0)
    if given.padding == "same":
        return length
    pads = (0,) * given.n if isinstance(given.padding, str) else _spread(given.padding, given.n)
    pad = pads[k]
    stride, dilation = _spread(given.stride, given.n)[k], _spread(given.dilation, given.n)[k]
    size, _ = conv_length(length + 2 * pad, kernel, stride, 0, dilation, facts=cx.facts)
    return cx.resolve(size)


def transposed(cx: Context, lengths: Shape, kernels: Shape, given: Settings) -> list[DimLike]:
    """The lengths after a transposed convolution."""
    n = given.n
    if given.stride is None or not isinstance(given.padding, tuple) or given.dilation is None:
        return [cx.fresh(lo=0) for _ in lengths]
    stride, padding, dilation = (_spread(sizes, n) for sizes in (given.stride, given.padding, given.dilation))
    if given.output_padding is None:
        return [cx.fresh(lo=0) for _ in lengths]
    more = _spread(given.output_padding, n)
    return [
        transposed_length(lengths[k], kernels[k], stride[k], 0, 0, dilation[k]) - 2 * padding[k] + more[k]
        for k in range(n)
    ]


def check_transposed(cx: Context, x: Array, given: Settings) -> None:
    """Output padding below stride or dilation; something is left."""
    stride, dilation, more = given.stride, given.dilation, given.output_padding
    if stride is None or dilation is None or more is None or not isinstance(given.padding, tuple):
        return
    n = given.n
    stride, dilation, more = _spread(stride, n), _spread(dilation, n), _spread(more, n)
    numbers = (*stride, *dilation, *more)
    if not all(isinstance(item, int) for item in numbers):
        return
    if any(a >= b and a >= c for a, b, c in zip(more, stride, dilation)):  # type: ignore[operator]
        names = ("depth", "height", "width")[3 - max(n, 2) :]
        padded = {name: tuple((1,) * (len(names) - n)) + tuple(found) for name, found in
                  (("output_padding", more), ("stride", stride), ("dilation", dilation))}  # fmt: skip
        if n == 1:
            padded["output_padding"] = (0, *more)
        listed = " ".join(
            f"{what}_{name}: {padded[what][place]}"
            for what in ("output_padding", "stride", "dilation")
            for place, name in enumerate(names)
        )
        message = f"output padding must be smaller than either stride or dilation, but got {listed}"
        raise invalid(cx, "RuntimeError", message, "output_padding", shown(more), x)


# -- functions --------------------------------------------------------------------------------------------------------


def settings(
    cx: Context,
    n: int,
    stride: Value,
    padding: Value,
    dilation: Value,
    groups: Value,
    output_padding: Value | None = None,
    is_transposed: bool = False,
) -> Settings:
    """The settings that arguments say."""
    word = as_str(padding)
    taker = f"conv_transpose{n}d" if is_transposed else f"conv{n}d"
    for name, value in (("stride", stride), ("padding", padding), ("dilation", dilation)):
        no_fractions(cx, taker, name, value)
    return Settings(
        n,
        per_axis(cx, stride, n),
        word if word is not None else per_axis(cx, padding, n),
        per_axis(cx, dilation, n),
        as_dim(groups),
        per_axis(cx, output_padding, n) if is_transposed else None,
        is_transposed,
    )


def _plain(n: int) -> None:
    @rule(f"torch.nn.functional.conv{n}d", f"torch.conv{n}d")
    def conv(
        cx: Context,
        input: Value,
        weight: Value,
        bias: Value = NONE,
        stride: Value = ONE,
        padding: Value = ZERO,
        dilation: Value = ONE,
        groups: Value = ONE,
    ) -> Value:
        """(batch, in, ...) with weight (out, in / groups, ...): (batch, out, ...); the batch axis may be missing."""
        given = settings(cx, n, stride, padding, dilation, groups)
        return convolution(cx, f"conv{n}d", f"conv{n}d", (input, weight, bias), given)


def _transposed(n: int) -> None:
    @rule(f"torch.nn.functional.conv_transpose{n}d", f"torch.conv_transpose{n}d")
    def conv_transpose(
        cx: Context,
        input: Value,
        weight: Value,
        bias: Value = NONE,
        stride: Value = ONE,
        padding: Value = ZERO,
        output_padding: Value = ZERO,
        groups: Value = ONE,
        dilation: Value = ONE,
    ) -> Value:
        """(batch, in, ...) with weight (in, out / groups, ...): (batch, out, ...); the batch axis may be missing."""
        given = settings(cx, n, stride, padding, dilation, groups, output_padding, True)
        return transposed_convolution(cx, f"conv_transpose{n}d", f"conv_transpose{n}d", (input, weight, bias), given)


def transposed_convolution(
    cx: Context, name: str, taker: str, values: tuple[Value, Value, Value], given: Settings
) -> Value:
    """The result of a transposed convolution."""
    made = convolution(cx, name, taker, values, given)
    if isinstance(made, Array) and made.shape is not None and isinstance(values[0], Array):
        check_transposed(cx, values[0], given)
        for size in made.shape[-given.n :]:
            if certainly(cx, size, 0):
                _too_small(cx, taker, values[0], made, given)
    return made


def _too_small(cx: Context, taker: str, x: Array, made: Array, given: Settings) -> None:
    assert made.shape is not None and x.shape is not None
    if any(isinstance(size, int) and size == 0 for size in x.shape):
        return
    spatial = " x ".join(str(size) for size in made.shape[-given.n :])
    before = " x ".join(str(size) for size in x.shape[-given.n :])
    message = f"Given input size per channel: ({before}). Calculated output size per channel: ({spatial}). Output size is too small"
    raise invalid(cx, "RuntimeError", message, "padding", spatial, x)


for _n in (1, 2, 3):
    _plain(_n)
    _transposed(_n)
