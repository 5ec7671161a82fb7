"""``tf.signal``, ``tf.strings``, ``tf.io``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike, ceildiv, dmax, floordiv
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Value, as_int
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.elementwise import unary
from foreshape.semantics.tensorflow.support import (
    dtype_of,
    dtype_or,
    failed,
    flag,
    given,
    ints,
    open_dtype,
    open_size,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

COMPLEX_OF = {"float32": "complex64", "float64": "complex128", "complex64": "complex64", "complex128": "complex128"}
REAL_OF = {"complex64": "float32", "complex128": "float64"}

op_table(
    "signal.fft signal.ifft signal.fft2d signal.ifft2d signal.fft3d signal.ifft3d",
    "input, name=None",
    lambda cx, **g: unary(cx, g["input"], ("complex64", "complex128"), "FFT", None, "input"),
)
op_table("signal.fftshift signal.ifftshift", "x, axes=None, name=None", lambda cx, **g: unary(cx, g["x"]))


def _rfft(cx: Context, value: Value, length: Value | None, axes: int) -> Value:
    x = as_tensor(cx, value)
    if x is None or x.shape is None or len(x.shape) < axes:
        return unknown_tensor(cx, value)
    if x.dtype not in (None, "float32", "float64"):
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        message = f"RFFT requires tf.float32 or tf.float64 inputs, got: {x.dtype}"
        raise DtypeMismatch(
            failed("ValueError", message), values=(x,), taker="rfft", got=(x.dtype or "?",), wanted="float32"
        )
    sizes = ints(cx, length) if given(length) else tuple(x.shape[-axes:])
    if sizes is None or len(sizes) != axes:
        return tensor((*x.shape[:-axes], *[open_size(cx) for _ in range(axes)]), COMPLEX_OF.get(x.dtype or ""), x)
    last = sizes[-1]
    half = open_size(cx) if undefined(last) else floordiv(last, 2) + 1
    return tensor((*x.shape[:-axes], *sizes[:-1], half), COMPLEX_OF.get(x.dtype or ""), x)


op_table(
    "signal.rfft",
    "input_tensor, fft_length=None, name=None",
    lambda cx, **g: _rfft(cx, g["input_tensor"], g.get("fft_length"), 1),
)
op_table(
    "signal.rfft2d",
    "input_tensor, fft_length=None, name=None",
    lambda cx, **g: _rfft(cx, g["input_tensor"], g.get("fft_length"), 2),
)


@op("tensorflow.signal.irfft")
def irfft(cx: Context, input_tensor: Value, fft_length: Value | None = None, name: Value | None = None) -> Value:
    """Twice the length less two."""
    x = as_tensor(cx, input_tensor)
    sizes = ints(cx, fft_length) if given(fft_length) else None
    if x is None or not x.shape or (given(fft_length) and sizes is None):
        return unknown_tensor(cx, input_tensor)
    last: DimLike = sizes[0] if sizes else (x.shape[-1] - 1) * 2
    return tensor((*x.shape[:-1], last), REAL_OF.get(x.dtype or ""), x)


@op("tensorflow.signal.frame")
def frame(
    cx: Context,
    signal: Value,
    frame_length: Value,
    frame_step: Value,
    pad_end: Value | None = None,
    pad_value: Value | None = None,
    axis: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Windows along an axis."""
    x, length, step = as_tensor(cx, signal), cx.dim(frame_length), as_int(frame_step)
    place, pad = -1 if not given(axis) else as_int(axis), flag(pad_end)
    if x is None or not x.shape or length is None or not step or place is None or pad is None:
        return unknown_tensor(cx, signal)
    at = place % len(x.shape)
    return tensor((*x.shape[:at], frames(cx, x.shape[at], length, step, pad), length, *x.shape[at + 1 :]), x.dtype, x)


def frames(cx: Context, size: DimLike, length: DimLike, step: int, pad: bool) -> DimLike:
    """How many windows there are."""
    if undefined(size):
        return open_size(cx)
    if pad:
        return ceildiv(size, step)
    return dmax(floordiv(size - length, step) + 1, 0, cx.facts)


@op("tensorflow.signal.stft")
def stft(
    cx: Context,
    signals: Value,
    frame_length: Value,
    frame_step: Value,
    fft_length: Value | None = None,
    window_fn: Value | None = None,
    pad_end: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Frames, and half of the transform's length."""
    x, length, step = as_tensor(cx, signals), as_int(frame_length), as_int(frame_step)
    whole, pad = (as_int(fft_length) if given(fft_length) else None), flag(pad_end)
    if x is None or not x.shape or length is None or not step or pad is None or (given(fft_length) and whole is None):
        return unknown_tensor(cx, signals)
    if whole is None:
        whole = 1
        while whole < length:
            whole *= 2
    count = frames(cx, cx.resolve(x.shape[-1]), length, step, pad)
    return tensor((*x.shape[:-1], count, whole // 2 + 1), COMPLEX_OF.get(x.dtype or ""), x)


@op("tensorflow.signal.inverse_stft")
def inverse_stft(
    cx: Context, stfts: Value, frame_length: Value, frame_step: Value, *args: Value, **kwargs: Value
) -> Value:
    """The signal again."""
    x, length, step = as_tensor(cx, stfts), as_int(frame_length), as_int(frame_step)
    if x is None or x.shape is None or len(x.shape) < 2 or length is None or step is None:
        return unknown_tensor(cx, stfts)
    return tensor((*x.shape[:-2], (x.shape[-2] - 1) * step + length), REAL_OF.get(x.dtype or ""), x)


@op("tensorflow.signal.overlap_and_add")
def overlap_and_add(cx: Context, signal: Value, frame_step: Value, name: Value | None = None) -> Value:
    """Frames put together."""
    x, step = as_tensor(cx, signal), as_int(frame_step)
    if x is None or x.shape is None or len(x.shape) < 2 or step is None:
        return unknown_tensor(cx, signal)
    return tensor((*x.shape[:-2], (x.shape[-2] - 1) * step + x.shape[-1]), x.dtype, x)


def _window(cx: Context, **g: Any) -> Value:
    size = cx.dim(g["window_length"])
    return tensor((open_size(cx) if size is None else size,), dtype_or(g.get("dtype"), "float32"))


op_table("signal.hann_window signal.hamming_window", "window_length, periodic=None, dtype=None, name=None", _window)
op_table("signal.kaiser_window", "window_length, beta=None, dtype=None, name=None", _window)
op_table("signal.vorbis_window signal.kaiser_bessel_derived_window", "window_length, dtype=None, name=None", _window)


@op("tensorflow.signal.linear_to_mel_weight_matrix")
def mel_matrix(
    cx: Context,
    num_mel_bins: Value | None = None,
    num_spectrogram_bins: Value | None = None,
    sample_rate: Value | None = None,
    lower_edge_hertz: Value | None = None,
    upper_edge_hertz: Value | None = None,
    dtype: Value | None = None,
    name: Value | None = None,
) -> Value:
    """(spectrogram bins, mel bins)."""
    bins = 20 if not given(num_mel_bins) else cx.dim(num_mel_bins)
    lines = 129 if not given(num_spectrogram_bins) else cx.dim(num_spectrogram_bins)
    if bins is None or lines is None:
        return cx.unknown("the numbers of bins are not known")
    return tensor((lines, bins), dtype_or(dtype, "float32"))


op_table(
    "signal.mfccs_from_log_mel_spectrograms",
    "log_mel_spectrograms, name=None",
    lambda cx, **g: unary(cx, g["log_mel_spectrograms"]),
)
op_table(
    "signal.dct signal.idct",
    "input, type=None, n=None, axis=None, norm=None, name=None",
    lambda cx, **g: unary(cx, g["input"]) if not given(g.get("n")) else cx.unknown("a shortened transform"),
)


# -- strings and files -----------------------------------------------------------------------------------------------


def _text(dtype: str = "string") -> Any:
    def run(cx: Context, **g: Any) -> Value:
        x = as_tensor(cx, next(iter(g.values())))
        wanted = dtype_of(g.get("out_type")) or dtype
        return unknown_tensor(cx, *g.values()) if x is None else tensor(x.shape, wanted, x)

    return run


op_table("strings.lower strings.upper", "input, encoding=None, name=None", _text())
op_table("strings.strip", "input, name=None", _text())
op_table("strings.length", "input, unit=None, name=None", _text("int32"))
op_table("strings.substr", "input, pos, len, unit=None, name=None", _text())
op_table("strings.regex_replace", "input, pattern, rewrite, replace_global=None, name=None", _text())
op_table("strings.regex_full_match", "input, pattern, name=None", _text("bool"))
op_table("strings.to_number", "input, out_type=None, name=None", _text("float32"))
op_table(
    "strings.as_string",
    "input, precision=None, scientific=None, shortest=None, width=None, fill=None, name=None",
    _text(),
)
op_table("strings.to_hash_bucket strings.to_hash_bucket_fast", "input, num_buckets, name=None", _text("int64"))
op_table(
    "strings.format",
    "template, inputs, placeholder=None, summarize=None, name=None",
    lambda cx, **g: tensor((), "string"),
)
op_table("io.read_file", "filename, name=None", lambda cx, **g: tensor((), "string"), lift=False)
op_table("io.serialize_tensor", "tensor, name=None", lambda cx, **g: tensor((), "string"))
op_table(
    "io.parse_tensor",
    "serialized, out_type, name=None",
    lambda cx, **g: Array("tensorflow", None, dtype_of(g["out_type"])),
)


@op("tensorflow.strings.join")
def join(cx: Context, inputs: Value, separator: Value | None = None, name: Value | None = None) -> Value:
    """Element by element."""
    from foreshape.semantics.tensorflow.joining import parts_of
    from foreshape.semantics.tensorflow.support import broadcast

    parts = [as_tensor(cx, part) for part in parts_of(cx, inputs) or ()]
    known = [part for part in parts if part is not None]
    return (
        tensor(broadcast(cx, "StringJoin", *known), "string", *known)
        if known and len(known) == len(parts)
        else unknown_tensor(cx, inputs)
    )


@op("tensorflow.strings.reduce_join")
def reduce_join(
    cx: Context,
    inputs: Value,
    axis: Value | None = None,
    keepdims: Value | None = None,
    separator: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Joined along axes."""
    from foreshape.semantics.tensorflow.reductions import reduced

    x = as_tensor(cx, inputs)
    return (
        unknown_tensor(cx, inputs)
        if x is None
        else tensor(reduced(cx, x, axis, keepdims, "reduce_join")[0], "string", x)
    )


@op("tensorflow.io.decode_raw")
def decode_raw(cx: Context, input_bytes: Value, out_type: Value, *args: Value, **kwargs: Value) -> Value:
    """One more axis."""
    x = as_tensor(cx, input_bytes)
    wanted = dtype_of(out_type)
    if x is None or x.shape is None:
        return unknown_tensor(cx, input_bytes)
    return tensor((*x.shape, open_size(cx)), None if open_dtype(out_type, wanted) else wanted, x)


@op("tensorflow.audio.decode_wav")
def decode_wav(
    cx: Context,
    contents: Value,
    desired_channels: Value | None = None,
    desired_samples: Value | None = None,
    name: Value | None = None,
) -> Value:
    """(samples, channels) and the rate."""
    from foreshape.semantics.tensorflow.selecting import fields

    channels, samples = as_int(desired_channels), as_int(desired_samples)
    count: DimLike = samples if samples and samples > 0 else open_size(cx)
    depth: DimLike = channels if channels and channels > 0 else open_size(cx, 1)
    return fields(("audio", tensor((count, depth), "float32", lo=-1.0, hi=1.0)), ("sample_rate", tensor((), "int32")))
