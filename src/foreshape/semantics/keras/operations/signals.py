"""``keras.ops``: Fourier transforms and frames of signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, floordiv
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Shape, Value, as_dim, as_int, is_none
from foreshape.semantics.keras.operations.joining import together
from foreshape.semantics.keras.operations.support import (
    OpenShape,
    differ,
    flag,
    integer,
    known,
    like,
    needs_rank,
    refused,
    run,
    several,
    text_of,
    trouble,
    wrong_value,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.tensorflow.support import in_graph

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _both(cx: Context, values: tuple[Value, ...], rank: int) -> tuple[Array, Array, Shape]:
    """The real and the imaginary part, of one shape."""
    if len(values) != 2:
        raise OpenShape("not a real and an imaginary part")
    real, shape = known(cx, values[0])
    imaginary, other = known(cx, values[1])
    if len(shape) != len(other) or any(differ(cx, a, b) for a, b in zip(shape, other)):
        text = (
            "Input `x` should be a tuple of two tensors - real and imaginary. Both the real and imaginary parts should "
            f"have the same shape. Received: x[0].shape = {text_of(shape)}, x[1].shape = {text_of(other)}"
        )
        if len(shape) < rank and not in_graph(cx):
            raise OpenShape(text)
        raise wrong_value(trouble(cx, text, real, imaginary, eager="ValueError"), "x", text_of(other), real, imaginary)
    if len(shape) < rank:
        text = f"Input should have rank >= {rank}. Received: input.shape = {text_of(shape)}"
        if not in_graph(cx):
            raise OpenShape(text)
        raise needs_rank(refused(text), "fft", real, rank, True)
    return real, imaginary, shape


def _transform(name: str, rank: int) -> None:
    @rule(f"keras.ops.{name}")
    def plain(cx: Context, x: Value) -> Value:
        """The real and the imaginary part, each of the same shape."""

        def core(inner: Context, *values: Value) -> Value:
            real, imaginary, shape = _both(inner, values, rank)
            if in_graph(inner) and any(undefined(size) for size in shape[-rank:]):
                which = "last dimension" if rank == 1 else "(-2, -1) axes"
                text = f"Input should have its {which} fully-defined. Received: input.shape = {text_of(shape)}"
                raise wrong_value(refused(text), "x", text_of(shape), real)
            return several([like(real, shape), like(imaginary, shape)])

        return together(cx, name, core, x, many=True)


for _name, _rank in (("fft", 1), ("fft2", 2), ("ifft2", 2)):
    _transform(_name, _rank)


def _length(value: Value | None) -> int | None:
    if value is None or is_none(value):
        return None
    found = as_int(value)
    if found is None:
        raise OpenShape("the length of a transform is not known")
    return found


@rule("keras.ops.rfft")
def rfft(cx: Context, x: Value, fft_length: Value | None = None) -> Value:
    """The real and the imaginary part, half as long and one more."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        if not shape:
            text = f"Input should have rank >= 1. Received: input.shape = {text_of(shape)}"
            raise needs_rank(trouble(inner, text, found, eager="ValueError"), "rfft", found, 1, True)
        length = _length(fft_length)
        made = (*shape[:-1], floordiv(shape[-1] if length is None else length, 2) + 1)
        dtype = found.dtype if in_graph(inner) else "float32"
        return several([like(found, made, dtype), like(found, made, dtype)])

    return run(cx, "rfft", core, (x,), many=True)


@rule("keras.ops.irfft")
def irfft(cx: Context, x: Value, fft_length: Value | None = None) -> Value:
    """Back from what ``rfft`` gives."""

    def core(inner: Context, *values: Value) -> Value:
        real, _, shape = _both(inner, values, 1)
        length = _length(fft_length)
        return like(real, (*shape[:-1], 2 * (shape[-1] - 1) if length is None else length))

    return together(cx, "irfft", core, x)


@rule("keras.ops.stft")
def stft(
    cx: Context, x: Value, sequence_length: Value, sequence_stride: Value, fft_length: Value,
    window: Value | None = None, center: Value | None = None,
) -> Value:  # fmt: skip
    """(frames, frequencies): the real and the imaginary part."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        long, step = integer(fft_length), integer(sequence_stride)
        if not shape or step <= 0:
            raise OpenShape("a signal without an axis")
        padded = (long // 2) * 2 if flag(center, True) else 0
        frames = floordiv(shape[-1] + padded - long, step) + 1
        made = (*shape[:-1], frames, long // 2 + 1)
        return several([like(found, made), like(found, made)])

    return run(cx, "stft", core, (x,), many=True)


@rule("keras.ops.istft")
def istft(
    cx: Context, x: Value, sequence_length: Value, sequence_stride: Value, fft_length: Value,
    length: Value | None = None, window: Value | None = None, center: Value | None = None,
) -> Value:  # fmt: skip
    """The signal back from its frames."""

    def core(inner: Context, *values: Value) -> Value:
        real, _, shape = _both(inner, values, 2)
        long, step = integer(fft_length), integer(sequence_stride)
        wanted = None if length is None or is_none(length) else as_dim(length)
        size: DimLike
        if wanted is not None:
            size = wanted
        else:
            size = (shape[-2] - 1) * step + long
            if flag(center, True):
                size = size - (long // 2) * 2
        return like(real, (*shape[:-2], size))

    return together(cx, "istft", core, x)


@rule("keras.ops.extract_sequences")
def extract_sequences(cx: Context, x: Value, sequence_length: Value, sequence_stride: Value) -> Value:
    """Windows of a signal along a new axis."""

    def core(inner: Context, value: Value) -> Value:
        found, shape = known(inner, value)
        if not shape:
            text = f"Input should have rank >= 1. Received: input.shape = {text_of(shape)}"
            raise needs_rank(trouble(inner, text, found, eager="ValueError"), "extract_sequences", found, 1, True)
        long, step = integer(sequence_length), integer(sequence_stride)
        if step <= 0:
            raise OpenShape("a step that is not positive")
        return like(found, (*shape[:-1], floordiv(shape[-1] - long, step) + 1, long))

    return run(cx, "extract_sequences", core, (x,))
