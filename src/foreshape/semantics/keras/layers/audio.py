"""``STFTSpectrogram`` and ``MelSpectrogram``: sound as pictures.

Follows ``keras/src/layers/preprocessing/{stft,mel}_spectrogram.py``; Keras 2 has neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Shape, Value, as_bool, as_dim, as_int, as_str, is_none
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.faults.window_size import WindowSize
from foreshape.semantics.keras.base import (
    InputSpec,
    add_weight,
    anonymous,
    compute_dtype,
    data_format,
    dims_text,
    error,
    init_layer,
    output,
    set_input_spec,
    undefined,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers.kernels import output_at_once
from foreshape.semantics.keras.methods import in_graph
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MODES: Final = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")
WINDOWS: Final = (
    "barthann", "bartlett", "blackman", "blackmanharris", "bohman", "boxcar", "cosine", "exponential", "flattop",
    "hamming",
    "hann", "lanczos", "nuttall", "parzen", "taylor", "triang", "tukey", "brthan", "bth", "bart", "brt", "black", "blk",
    "blackharr", "bkh", "bman", "bmn", "box", "ones", "rect", "rectangular", "halfcosine", "poisson", "flat", "flt",
    "hamm",
    "ham", "hanning", "han", "sinc", "nutl", "nut", "parz", "par", "taylorwin", "triangle", "tri", "tuk",
)  # fmt: skip
"""What ``scipy.signal.get_window`` knows by name alone."""

library_type("keras.layers.STFTSpectrogram", "keras.Layer")
library_type("keras.layers.MelSpectrogram", "keras.Layer")


def _int(value: Value | None, default: int) -> DimLike | None:
    """The number of an argument; its default where it was left out or is None or 0, None where it is not known."""
    if value is None or is_none(value):
        return default
    found = as_dim(value)
    return default if found == 0 else found


# -- STFTSpectrogram --------------------------------------------------------------------------------------------------


@rule("keras.layers.STFTSpectrogram.__init__", since="3")
def stft_init(
    cx: Context, self: Instance, mode: Value | None = None, frame_length: Value | None = None,
    frame_step: Value | None = None, fft_length: Value | None = None, window: Value | None = None,
    periodic: Value | None = None, scaling: Value | None = None, padding: Value | None = None,
    expand_dims: Value | None = None, data_format: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """Frames of ``frame_length``, one every ``frame_step``."""
    length = 256 if frame_length is None else as_dim(frame_length)
    step = None if frame_step is None or is_none(frame_step) else as_dim(frame_step)
    size = None if fft_length is None or is_none(fft_length) else as_dim(fft_length)
    if isinstance(step, int) and (step < 1 or (isinstance(length, int) and step > length)):
        message = (
            "`frame_step` should be a positive integer not greater than `frame_length`. "
            f"Received frame_step={step}, frame_length={length}"
        )
        raise invalid(cx, "ValueError", message, "frame_step", frame_step)
    if isinstance(size, int) and isinstance(length, int) and size < length:
        message = (
            f"`fft_length` should be not less than `frame_length`. Received fft_length={size}, frame_length={length}"
        )
        raise invalid(cx, "ValueError", message, "fft_length", fft_length)
    _check_words(cx, mode, scaling, padding, window)
    init_layer(cx, self, kwargs)
    if isinstance(length, int) and length <= 0 and size is None:
        raise invalid(cx, "ValueError", "math domain error", "frame_length", frame_length)
    cx.set(self, "mode", mode if mode is not None else Const("log"))
    cx.set(self, "padding", padding if padding is not None else Const("valid"))
    cx.set(self, "expand_dims", expand_dims if expand_dims is not None else Const(False))
    cx.set(self, "data_format", Const(_layout(cx, data_format)))
    halves: DimLike | None = length // 2 if length is not None else None
    power: DimLike | None = 1 << (length - 1).bit_length() if isinstance(length, int) else None
    known_step = halves if frame_step is None or is_none(frame_step) else step
    known_size = power if fft_length is None or is_none(fft_length) else size
    for name, dim in (("length", length), ("step", known_step), ("size", known_size)):
        cx.set(self, f"~{name}", cx.fresh(f"frame_{name}") if dim is None else dim)
    set_input_spec(cx, self, InputSpec(ndim=3, axis_names=("batch", "samples", "channels")))


def _layout(cx: Context, value: Value | None) -> str | None:
    return data_format(cx, value, "STFTSpectrogram")


def _check_words(
    cx: Context, mode: Value | None, scaling: Value | None, padding: Value | None, window: Value | None
) -> None:
    if isinstance(mode, Const) and mode.value not in MODES:
        message = f"Output mode is invalid, it must be one of {', '.join(MODES)}. Received: mode={mode.value}"
        raise invalid(cx, "ValueError", message, "mode", mode)
    if isinstance(scaling, Const) and scaling.value not in (None, "density", "spectrum"):
        message = f"Scaling is invalid, it must be `None`, 'density' or 'spectrum'. Received scaling={scaling.value}"
        raise invalid(cx, "ValueError", message, "scaling", scaling)
    if isinstance(padding, Const) and padding.value not in ("valid", "same"):
        message = f"Padding is invalid, it should be 'valid', 'same'. Received: padding={padding.value}"
        raise invalid(cx, "ValueError", message, "padding", padding)
    if isinstance(window, Const) and isinstance(window.value, str) and window.value not in WINDOWS:
        if window.value in (
            "kaiser",
            "gaussian",
            "general_gaussian",
            "general_hamming",
            "dpss",
            "chebwin",
            "general_cosine",
        ):
            return
        message = f"Invalid window name '{window.value}' in parameter window={repr_value(window)}!"
        raise invalid(cx, "ValueError", message, "window", window)


@rule("keras.layers.STFTSpectrogram.build", since="3")
def stft_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """The waves as kernels."""
    mode = as_str(self.fields["mode"])
    shape = (self.fields["~length"], 1, self.fields["~size"] // 2 + 1)
    if mode != "imag":
        add_weight(cx, self, "real_kernel", shape)
    if mode != "real":
        add_weight(cx, self, "imag_kernel", shape)


def _frames(cx: Context, layer: Instance, sound: Array, symbolic: bool) -> Value:
    assert sound.shape is not None
    layout = as_str(layer.fields["data_format"])
    mode, padding = as_str(layer.fields["mode"]), as_str(layer.fields["padding"])
    expand = as_bool(layer.fields["expand_dims"])
    if layout is None or mode is None or padding is None or expand is None or len(sound.shape) != 3:
        return output(cx, layer, sound, None)
    first = layout == "channels_first"
    batch, channels, samples = sound.shape[0], sound.shape[1 if first else 2], sound.shape[2 if first else 1]
    waves: DimLike = layer.fields["~size"] // 2 + 1
    if mode == "stft":
        waves = waves * 2
    if undefined(channels) and symbolic:
        text = "unsupported operand type(s) for *: 'int' and 'NoneType'"
        raise UndefinedDimension(
            error(cx, "TypeError", text),
            values=(sound,),
            taker="STFTSpectrogram",
            axis=1 if first else 2,
            shape=sound.shape,
        )
    frames = _count(cx, layer, sound, samples, padding, symbolic)
    if isinstance(frames, int) and frames == 0:
        # a sound just shorter than a frame comes back as it was: TensorFlow's convolution gives its input
        frames, waves = samples, 2 if mode == "stft" else 1
    shape: Shape
    if expand:
        shape = (batch, channels, frames, waves) if first else (batch, frames, waves, channels)
    else:
        rows = anonymous(cx) if undefined(channels) else channels * waves
        shape = (batch, rows, frames) if first else (batch, frames, rows)
    return output(cx, layer, sound, shape)


def _count(cx: Context, layer: Instance, sound: Array, samples: DimLike, padding: str, symbolic: bool) -> DimLike:
    length, step = layer.fields["~length"], layer.fields["~step"]
    if undefined(samples):
        return anonymous(cx)
    if padding == "same":
        return -(-samples // step) if isinstance(step, int) else cx.fresh()
    if not cx.at_least(samples, length):
        shape = sound.shape or ()
        if symbolic:
            text = f"Computed output size would be zero or negative. Received `inputs shape={dims_text(shape)}`"
            kind = "ValueError"
        else:
            made = output_at_once(samples, length, step)
            if made == 0 and not in_graph(cx):
                return 0
            text = (
                f"Computed output size would be negative: {made} [input_size: {samples}, effective_filter_size: "
                f"{length}]"
            )
            kind = "ValueError" if in_graph(cx) else "InvalidArgumentError"
        axis = 2 if as_str(layer.fields["data_format"]) == "channels_first" else 1
        raise WindowSize(
            error(cx, kind, text),
            values=(sound,),
            taker="STFTSpectrogram",
            window=length,
            size=samples,
            axis=axis,
            shape=shape,
        )
    return (samples - length) // step + 1 if isinstance(step, int) else cx.fresh()


@rule("keras.layers.STFTSpectrogram.compute_output_spec", since="3")
def stft_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Symbolically: shapes only."""
    if not isinstance(inputs, Array) or inputs.shape is None:
        return output(cx, self, inputs, None)
    return _frames(cx, self, inputs, True)


@rule("keras.layers.STFTSpectrogram.call", since="3")
def stft_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """(batch, samples, channels) -> (batch, frames, channels x frequencies)."""
    if not isinstance(inputs, Array) or inputs.shape is None:
        return output(cx, self, inputs, None)
    if inputs.dtype is not None and inputs.dtype not in ("float16", "float32", "float64"):
        text = f"Invalid input type. Expected `float16`, `float32` or `float64`. Received: input type={inputs.dtype}"
        raise DtypeMismatch(
            error(cx, "TypeError", text),
            values=(inputs,),
            taker="STFTSpectrogram",
            got=(inputs.dtype,),
            wanted="float32",
        )
    return _frames(cx, self, inputs, False)


# -- MelSpectrogram ---------------------------------------------------------------------------------------------------


@rule("keras.layers.MelSpectrogram.__init__", since="3")
def mel_init(
    cx: Context, self: Instance, fft_length: Value | None = None, sequence_stride: Value | None = None,
    sequence_length: Value | None = None, window: Value | None = None, sampling_rate: Value | None = None,
    num_mel_bins: Value | None = None, min_freq: Value | None = None, max_freq: Value | None = None,
    power_to_db: Value | None = None, top_db: Value | None = None, mag_exp: Value | None = None,
    min_power: Value | None = None, ref_power: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """One column every ``sequence_stride`` samples, ``num_mel_bins`` rows."""
    size, length = _int(fft_length, 2048), as_int(sequence_length)
    if isinstance(size, int) and length is not None and size < length:
        message = (
            "`fft_length` must be greater than or equal to   `sequence_length`. Received: "
            f"`sequence_length`={length}, `fft_length`={size}."
        )
        raise invalid(cx, "ValueError", message, "fft_length", fft_length)
    init_layer(cx, self, kwargs)
    for name, value, default in (
        ("fft_length", fft_length, 2048), ("sequence_stride", sequence_stride, 512),
        ("num_mel_bins", num_mel_bins, 128),
    ):  # fmt: skip
        dim = _int(value, default)
        cx.set(self, f"~{name}", cx.fresh(name) if dim is None else dim)
    cx.set(self, "power_to_db", power_to_db if power_to_db is not None else Const(True))


@rule("keras.layers.MelSpectrogram.compute_output_spec", since="3")
def mel_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Symbolically: of (batch, samples), whatever follows."""
    if not isinstance(inputs, Array) or not inputs.shape:
        return output(cx, self, inputs, None)
    stride, bins = self.fields["~sequence_stride"], self.fields["~num_mel_bins"]
    shape = inputs.shape
    samples = shape[0] if len(shape) == 1 else shape[1]
    columns = anonymous(cx) if undefined(samples) or not isinstance(stride, int) else (samples + stride + 1) // stride
    return output(cx, self, inputs, (bins, columns) if len(shape) == 1 else (shape[0], bins, columns))


@rule("keras.layers.MelSpectrogram.call", since="3")
def mel_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """(..., samples) -> (..., mel bins, time). The ends are mirrored, so a sound must be longer than half a window."""
    if not isinstance(inputs, Array) or not inputs.shape:
        return output(cx, self, inputs, None)
    stride, bins, size = (self.fields[f"~{name}"] for name in ("sequence_stride", "num_mel_bins", "fft_length"))
    shape = inputs.shape
    if len(shape) > 5:
        text = f"inputs rank not in [0,5]: {len(shape)} [Op:MirrorPad]"
        raise RankMismatch(
            error(cx, "UnimplementedError", text),
            values=(inputs,),
            taker="MelSpectrogram",
            needs=2,
            at_least=False,
            got=shape,
        )
    samples = shape[-1]
    if not undefined(samples) and isinstance(size, int) and not cx.at_least(samples, size // 2 + 1):
        text = (
            f"paddings must be less than the dimension size: {size // 2}, {size // 2} not less than {samples} "
            "[Op:MirrorPad]"
        )
        kind = "ValueError" if in_graph(cx) else "InvalidArgumentError"
        raise WindowSize(
            error(cx, kind, text),
            values=(inputs,),
            taker="MelSpectrogram",
            window=size,
            size=samples,
            axis=-1,
            shape=shape,
        )
    if compute_dtype(self) == "float64" and as_bool(self.fields["power_to_db"]) is True:
        text = (
            "cannot compute Sub as input #1(zero-based) was expected to be a double tensor but is a float tensor "
            "[Op:Sub] name: "
        )
        raise DtypeMismatch(
            error(cx, "InvalidArgumentError", text),
            values=(inputs,),
            taker="MelSpectrogram",
            got=("float64",),
            wanted="float32",
        )
    columns = anonymous(cx) if undefined(samples) or not isinstance(stride, int) else samples // stride + 1
    return output(cx, self, inputs, (*shape[:-1], bins, columns))
