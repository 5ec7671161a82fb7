"""Lengths after convolution and pooling, and after transposed convolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import ceildiv, dmax, dmin, floordiv
from foreshape.semantics.shared.result import Need, Result, SizeError, need_at_least

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.domain.dim import DimLike
    from foreshape.domain.facts import Facts


def effective_kernel(kernel: DimLike, dilation: DimLike = 1) -> DimLike:
    """What a dilated kernel spans."""
    return (kernel - 1) * dilation + 1


def conv_length(
    length: DimLike,
    kernel: DimLike,
    stride: DimLike = 1,
    padding: str | int | tuple[int, int] = "valid",
    dilation: DimLike = 1,
    *,
    ceil_mode: bool = False,
    facts: Facts | None = None,
) -> tuple[DimLike, Need | None]:
    """The length after a convolution or pooling, and the need that the kernel fits ("at-least": padded length, kernel).

    padding: "valid", "same", "causal", "full", a number for both ends, or a pair. "same" and "causal" always fit.
    ceil_mode: a last window that starts within the input (or its left padding) counts although it runs past the end,
    even if it is the only one: the need is then at-least (padded length + stride - 1, kernel).
    The length is what the formula gives, also where the kernel does not fit. Raises SizeError("padding").
    """
    span = effective_kernel(kernel, dilation)
    before = after = 0
    if isinstance(padding, str):
        word = padding.lower()
        if word in ("same", "causal"):
            return ceildiv(length, stride), None
        if word == "full":
            return floordiv(length + span - 2, stride) + 1, None
        if word != "valid":
            raise SizeError("padding")
    elif isinstance(padding, int):
        before = after = padding
    else:
        before, after = padding
    padded = length + before + after
    if not ceil_mode:
        return floordiv(padded - span, stride) + 1, need_at_least(padded, span, facts)
    need = need_at_least(padded + stride - 1, span, facts)
    most = ceildiv(padded - span, stride) + 1
    return dmin(most, ceildiv(length + before, stride), facts), need


def conv_shape(
    lengths: Sequence[DimLike],
    kernels: Sequence[DimLike],
    strides: Sequence[DimLike],
    padding: str | Sequence[int | tuple[int, int]] = "valid",
    dilations: Sequence[DimLike] | None = None,
    *,
    ceil_mode: bool = False,
    facts: Facts | None = None,
) -> Result:
    """The spatial shape after a convolution or pooling: `conv_length` per axis, needs with `where` = spatial axis."""
    sizes: list[DimLike] = []
    needs: list[Need] = []
    for axis, length in enumerate(lengths):
        size, need = conv_length(
            length,
            kernels[axis],
            strides[axis],
            padding if isinstance(padding, str) else padding[axis],
            1 if dilations is None else dilations[axis],
            ceil_mode=ceil_mode,
            facts=facts,
        )
        sizes.append(size)
        if need is not None:
            needs.append(Need(need.kind, need.left, need.right, need.truth, axis))
    return Result(sizes, needs)


def transposed_length(
    length: DimLike,
    kernel: DimLike,
    stride: DimLike = 1,
    padding: int = 0,
    output_padding: int = 0,
    dilation: DimLike = 1,
) -> DimLike:
    """The length after a transposed convolution with padding given in numbers."""
    return (length - 1) * stride - 2 * padding + effective_kernel(kernel, dilation) + output_padding


def transposed_length_by_word(
    length: DimLike,
    kernel: DimLike,
    stride: DimLike = 1,
    padding: str = "valid",
    output_padding: int | None = None,
    dilation: DimLike = 1,
) -> DimLike:
    """The length after a transposed convolution with padding "valid", "same" or "full". Raises SizeError("padding").

    Without output_padding the length is that of which the convolution gives this one back.
    """
    span = effective_kernel(kernel, dilation)
    word = padding.lower()
    if word not in ("valid", "same", "full"):
        raise SizeError("padding")
    if output_padding is None:
        if word == "valid":
            return length * stride + dmax(span - stride, 0)
        if word == "full":
            return length * stride - (stride + span - 2)
        return length * stride
    cut = 0 if word == "valid" else floordiv(span, 2) if word == "same" else span - 1
    return (length - 1) * stride + span - 2 * cut + output_padding
