"""Fourier transforms: ``torch.fft``, stft and istft.

Real tensors (integers too) give complex ones of the same width, the c2r transforms real ones. ``n`` and ``s`` pad or cut.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.division import floordiv
from foreshape.domain.values import Array, Shape, Value, as_dim, as_int, as_str
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.support import (
    CPU,
    as_tensor,
    axis_in,
    default_dtype,
    device_of,
    dtype_argument,
    error,
    flag,
    float_result,
    given,
    ints,
    invalid,
    is_complex,
    is_integral,
    items_of,
    open_item,
    scalar_name,
    shown,
    tensor,
    unknown_tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _same(size: DimLike) -> DimLike:
    return size


def _half(size: DimLike) -> DimLike:
    return floordiv(size, 2) + 1


def _double(size: DimLike) -> DimLike:
    return 2 * (size - 1)


Length = Callable[["DimLike"], "DimLike"]
KINDS: Final[dict[str, tuple[Length, Length, str]]] = {
    "fft": (_same, _same, "c2c"), "ifft": (_same, _same, "c2c"), "rfft": (_half, _half, "r2c"),
    "irfft": (_double, _same, "c2r"), "hfft": (_double, _same, "c2r"), "ihfft": (_half, _half, "r2c"),
}  # fmt: skip
"""name: (length of the transformed axis from its size, from a given n, what becomes what)."""


def complex_of(dtype: str | None) -> str | None:
    """The complex dtype of the same width."""
    return {"float16": "complex32", "float32": "complex64", "float64": "complex128"}.get(dtype or "", dtype)


def _real_of(dtype: str | None) -> str | None:
    return {"complex32": "float16", "complex64": "float32", "complex128": "float64"}.get(dtype or "", dtype)


def _result_dtype(cx: Context, name: str, x: Array, kind: str) -> str | None:
    base = float_result(cx, x.dtype)
    if base in ("float16", "bfloat16") and device_is_cpu(x):
        raise wrong_dtype(cx, "RuntimeError", f"Unsupported dtype {scalar_name(base)}", name, x, wanted="float32")
    if kind == "r2c" and is_complex(x.dtype):
        real = "real" if name in ("rfft", "ihfft") else "real-valued"
        message = f"{name} expects a {real} input tensor, but got {scalar_name(x.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", message, name, x, wanted="float32")
    return _real_of(base) if kind == "c2r" else complex_of(base)


def device_is_cpu(x: Array) -> bool:
    """Whether it is certainly on the CPU."""
    return device_of(x) == CPU


def _check_norm(cx: Context, norm: Value | None) -> None:
    word = as_str(norm) if given(norm) else None
    if word is not None and word not in ("forward", "backward", "ortho"):
        raise invalid(cx, "RuntimeError", f'Invalid normalization mode: "{word}"', "norm", repr(word))


def _points(cx: Context, size: DimLike, x: Array) -> DimLike:
    """A number of data points must be positive."""
    size = cx.resolve(size)
    if not cx.at_least(size, 1):
        message = f"Invalid number of data points ({size}) specified"
        raise invalid(cx, "RuntimeError", message, "n", size, x)
    return size


def _no_axes(cx: Context, x: Array, axis: int) -> None:
    from foreshape.faults.axis_range import AxisRange

    if x.shape == ():
        message = f"Dimension specified as {axis} but tensor has no dimensions"
        raise AxisRange(error(cx, "IndexError", message), values=(x,), taker="fft", axis=axis, rank=0)


# -- along one axis --------------------------------------------------------------------------------------------------


def _declare_one(name: str) -> None:
    from_size, from_n, kind = KINDS[name]

    @op(f"fft.{name}")
    def run(
        cx: Context, input: Array, n: Value | None = None, dim: Value | None = None, norm: Value | None = None, *,
        out: Value | None = None,
    ) -> Value:  # fmt: skip
        """Along an axis (the last)."""
        dtype = _result_dtype(cx, name, input, kind)
        _check_norm(cx, norm)
        place = -1 if dim is None else as_int(dim)
        if input.shape is None or place is None:
            return tensor(cx, None, dtype, input)
        _no_axes(cx, input, place)
        axis = axis_in(cx, name, place, len(input.shape), input)
        if given(n):
            count = as_dim(n)
            size = cx.fresh() if count is None else _points(cx, count, input)
            size = from_n(size)
        else:
            size = from_size(_points(cx, input.shape[axis], input))
            if kind == "c2r":
                size = _points(cx, size, input)
        shape = tuple(size if i == axis else side for i, side in enumerate(input.shape))
        return tensor(cx, shape, dtype, input, strides=None)


for _name in KINDS:
    _declare_one(_name)


# -- along several axes ----------------------------------------------------------------------------------------------


def _axes(
    cx: Context, name: str, x: Array, s: Value | None, dim: Value | None, last_two: bool
) -> tuple[list[int], list[DimLike | None]] | None:
    """The axes, and the sizes that are given for them (None: its own); None where they are not known."""
    assert x.shape is not None
    rank = len(x.shape)
    sizes: list[DimLike | None] | None = None
    if given(s):
        items = items_of(s)
        if items is None:
            one = as_dim(s)
            if one is None:
                return None
            sizes = [one]
        else:
            sizes = [None if as_int(item) == -1 else open_item(cx, item) for item in items]
    places: tuple[int, ...] | None
    if given(dim):
        places = ints(cx, dim)
        if places is None:
            return None
    elif last_two:
        places = (-2, -1)
    elif sizes is not None:
        if len(sizes) > rank:
            message = f"Got shape with {len(sizes)} values but input tensor only has {rank} dimensions."
            raise invalid(cx, "RuntimeError", message, "s", len(sizes), x)
        places = tuple(range(-len(sizes), 0))
    else:
        places = tuple(range(rank))
    if places:
        _no_axes(cx, x, places[0])
    if sizes is not None and len(sizes) != len(places):
        message = "When given, dim and shape arguments must have the same length"
        raise invalid(cx, "RuntimeError", message, "s", len(sizes), x)
    axes = [axis_in(cx, name, place, rank, x) for place in places]
    if len(set(axes)) != len(axes):
        raise invalid(cx, "RuntimeError", "FFT dims must be unique", "dim", places, x)
    return axes, sizes if sizes is not None else [None] * len(axes)


def _declare_several(name: str, last_two: bool) -> None:
    short = name[:-1]
    from_size, from_n, kind = KINDS[short]

    @op(f"fft.{name}")
    def run(
        cx: Context, input: Array, s: Value | None = None, dim: Value | None = None, norm: Value | None = None, *,
        out: Value | None = None,
    ) -> Value:  # fmt: skip
        """Along several axes; the last of them is halved or doubled where one side is real."""
        dtype = _result_dtype(cx, name if not last_two else f"{short}n", input, kind)
        _check_norm(cx, norm)
        if input.shape is None:
            return tensor(cx, None, dtype, input)
        found = _axes(cx, name, input, s, dim, last_two)
        if found is None:
            return tensor(cx, tuple(cx.fresh() for _ in input.shape), dtype, input, strides=None)
        shape: list[DimLike] = list(input.shape)
        axes, sizes = found
        for place, (axis, size) in enumerate(zip(axes, sizes)):
            last = place == len(axes) - 1
            if size is None:
                whole = _points(cx, shape[axis], input)
                shape[axis] = from_size(whole) if last else whole
                if last and kind == "c2r":
                    _points(cx, shape[axis], input)
            else:
                whole = _points(cx, size, input)
                shape[axis] = from_n(whole) if last else whole
        if not axes and kind == "c2r":
            message = f"{short}n must transform at least one axis"
            raise invalid(cx, "RuntimeError", message, "dim", "()", input)
        return tensor(cx, tuple(shape), dtype, input, strides=None)


for _name in KINDS:
    _declare_several(f"{_name}n", False)
    _declare_several(f"{_name}2", True)


def _declare_shift(name: str) -> None:
    @op(f"fft.{name}")
    def run(cx: Context, input: Array, dim: Value | None = None) -> Value:
        """The same shape."""
        axes = ints(cx, dim) if given(dim) else ()
        if input.shape is not None:
            for axis in axes or ():
                axis_in(cx, name, axis, len(input.shape), input)
        return tensor(cx, input.shape, input.dtype, input, roles=input.roles, strides=None)


def _declare_frequencies(name: str, length: Length) -> None:
    @op(f"fft.{name}")
    def run(
        cx: Context, n: Value, d: Value | None = None, *, out: Value | None = None, dtype: Value | None = None,
        layout: Value | None = None, device: Value | None = None, requires_grad: Value | None = None,
    ) -> Value:  # fmt: skip
        """The frequencies of the bins."""
        from foreshape.semantics.torch.creation import made

        count = as_dim(n)
        size = cx.fresh(lo=0) if count is None else length(count)
        wanted = dtype_argument(cx, dtype, default_dtype(cx), name)
        return made(cx, name, (size,), wanted, device=device, requires_grad=requires_grad)


_declare_shift("fftshift")
_declare_shift("ifftshift")
_declare_frequencies("fftfreq", _same)
_declare_frequencies("rfftfreq", _half)


# -- short-time ------------------------------------------------------------------------------------------------------


@op("stft")
def stft(
    cx: Context, input: Array, n_fft: Value, hop_length: Value | None = None, win_length: Value | None = None,
    window: Value | None = None, center: Value | None = None, pad_mode: Value | None = None,
    normalized: Value | None = None, onesided: Value | None = None, return_complex: Value | None = None,
    align_to_window: Value | None = None,
) -> Value:  # fmt: skip
    """``(batch, n_fft // 2 + 1, frames)``; all frequencies of complex tensors. ``return_complex`` is needed for real ones."""
    count, wide = as_dim(n_fft), flag(center, True)
    frame = as_tensor(cx, window)
    if given(window) and frame is None:
        return unknown_tensor(cx, window)
    complex_in = is_complex(input.dtype) or (frame is not None and is_complex(frame.dtype))
    whole = flag(return_complex, complex_in) if given(return_complex) else None
    if not given(return_complex):
        if not complex_in and input.dtype is not None:
            message = (
                "stft requires the return_complex parameter be given for real inputs, and will further require that "
                "return_complex=True in a future PyTorch release."
            )
            raise invalid(cx, "RuntimeError", message, "return_complex", "None", input)
        whole = True
    half = flag(onesided, not complex_in)
    hop = as_dim(hop_length) if given(hop_length) else None if count is None else floordiv(count, 4)
    if input.shape is None or count is None or wide is None or half is None or whole is None or hop is None:
        return unknown_tensor(cx, input)
    if half and complex_in:
        message = "Cannot have onesided output if window or input is complex"
        raise invalid(cx, "RuntimeError", message, "onesided", "True", input)
    length = as_dim(win_length) if given(win_length) else count
    _check_stft(cx, input, count, hop, length, frame, wide)
    samples: DimLike = input.shape[-1]
    if wide:
        pad = floordiv(count, 2)
        if not cx.at_least(samples, pad + 1):
            shape = (
                shown((1,) * (3 - len(input.shape) - 1) + (*input.shape[:-1], samples)) if len(input.shape) < 3 else ""
            )
            message = (
                "Argument #4: Padding size should be less than the corresponding input dimension, but got: padding "
                f"({pad}, {pad}) at dimension 2 of input {shape}"
            )
            raise invalid(cx, "RuntimeError", message, "n_fft", count, input)
        samples = samples + 2 * pad
    frames = floordiv(samples - count, hop) + 1 if not isinstance(hop, Dim) else cx.fresh()
    bins = floordiv(count, 2) + 1 if half else count
    base = float_result(cx, input.dtype)
    shape_out: Shape = (*input.shape[:-1], bins, frames)
    if not whole:
        return tensor(cx, (*shape_out, 2), _real_of(base), input, strides=None)
    return tensor(cx, shape_out, complex_of(base), input, strides=None)


def _check_stft(
    cx: Context, x: Array, count: DimLike, hop: DimLike, length: DimLike | None, frame: Array | None, wide: bool
) -> None:
    assert x.shape is not None
    padded: Shape = x.shape
    if wide and x.shape:
        padded = (*x.shape[:-1], x.shape[-1] + 2 * floordiv(count, 2))
    window = "None" if frame is None else f"torch.{scalar_name(frame.dtype)}Tensor{{{shown(frame.shape)}}}"
    call = (
        f"stft(torch.{scalar_name(x.dtype)}Tensor{shown(padded)}, n_fft={count}, hop_length={hop}, win_length={length}, "
        f"window={window}, normalized=0, onesided=None, return_complex=1, align_to_window=None) : "
    )
    if is_integral(x.dtype):
        message = call + "expected a tensor of floating point or complex values"
        raise wrong_dtype(cx, "RuntimeError", message, "stft", x, wanted="float32")
    if len(x.shape) not in (1, 2):
        raise wrong_rank(cx, "RuntimeError", call + "expected a 1D or 2D tensor", "stft", x, 2)
    if not cx.at_least(hop, 1):
        raise invalid(
            cx, "RuntimeError", call + f"expected hop_length > 0, but got hop_length={hop}", "hop_length", hop, x
        )
    samples = padded[-1]
    if not wide and not (cx.at_least(count, 1) and cx.at_least(samples, count)):
        message = call + f"expected 0 < n_fft < {samples}, but got n_fft={count}"
        raise invalid(cx, "RuntimeError", message, "n_fft", count, x)
    if length is None:
        return
    if not (cx.at_least(length, 1) and cx.at_least(count, length)):
        message = call + f"expected 0 < win_length <= n_fft, but got win_length={length}"
        raise invalid(cx, "RuntimeError", message, "win_length", length, x)
    if (
        frame is not None
        and frame.shape is not None
        and (len(frame.shape) != 1 or not cx.equal(frame.shape[0], length))
    ):
        message = call + f"expected a 1D window tensor of size equal to win_length={length}, but got window with size "
        raise invalid(cx, "RuntimeError", message + shown(frame.shape), "window", shown(frame.shape), frame, x)


@op("istft")
def istft(
    cx: Context, input: Array, n_fft: Value, hop_length: Value | None = None, win_length: Value | None = None,
    window: Value | None = None, center: Value | None = None, normalized: Value | None = None,
    onesided: Value | None = None, length: Value | None = None, return_complex: Value | None = None,
) -> Value:  # fmt: skip
    """The samples that a complex spectrogram ``(batch, bins, frames)`` was made of."""
    if input.dtype is not None and not is_complex(input.dtype):
        message = "istft requires a complex-valued input tensor matching the output from stft with return_complex=True."
        raise wrong_dtype(cx, "RuntimeError", message, "istft", input, wanted="complex64")
    count, wide, whole = as_dim(n_fft), flag(center, True), flag(return_complex)
    hop = as_dim(hop_length) if given(hop_length) else None if count is None else floordiv(count, 4)
    frame = as_tensor(cx, window)
    if input.shape is None or count is None or wide is None or whole is None or hop is None:
        return unknown_tensor(cx, input)
    if given(window) and frame is None:
        return unknown_tensor(cx, window)
    if len(input.shape) < 2:
        message = f"Dimension out of range (expected to be in range of [-2, 1], but got {-3})"
        raise wrong_rank(cx, "IndexError", message, "istft", input, 3)
    span = as_dim(win_length) if given(win_length) else count
    half = flag(onesided, _one_sided(cx, input, count))
    bins = floordiv(count, 2) + 1 if half else count
    call = (
        f"istft(CPU{scalar_name(input.dtype)}Type{shown(input.shape)}, n_fft={count}, hop_length={hop}, win_length={span}, "
        f"window={'None' if frame is None else f'torch.{scalar_name(frame.dtype)}Tensor{{{shown(frame.shape)}}}'}, "
        "center=1, normalized=0, onesided=None, length=None, return_complex=0) : "
    )
    if half is not None and not cx.equal(input.shape[-2], bins):
        message = call + (
            "expected the frequency dimension (3rd to the last) of the input tensor to match n_fft / 2 + 1 when "
            f"onesided=True, but got {input.shape[-2]}"
        )
        raise invalid(cx, "RuntimeError", message, "n_fft", count, input)
    if frame is not None and frame.shape is not None and span is not None:
        if len(frame.shape) != 1 or not cx.equal(frame.shape[0], span):
            message = call + "Invalid window shape. window has to be 1D and length of `win_length`"
            raise invalid(cx, "RuntimeError", message, "window", shown(frame.shape), frame, input)
    if given(length):
        samples = as_dim(length)
        size: DimLike = cx.fresh(lo=0) if samples is None else samples
    else:
        size = count + hop * (input.shape[-1] - 1)
        if wide:
            size = size - 2 * floordiv(count, 2)
    dtype = input.dtype if whole else _real_of(input.dtype)
    return tensor(cx, (*input.shape[:-2], size), dtype, input, strides=None)


def _one_sided(cx: Context, x: Array, count: DimLike) -> bool:
    """Half of the frequencies, unless there are as many as points."""
    assert x.shape is not None
    bins = cx.resolve(x.shape[-2])
    return not (isinstance(bins, int) and isinstance(count, int) and bins == count and count != count // 2 + 1)
