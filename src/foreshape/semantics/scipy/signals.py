"""``scipy.signal``: resampling, filters, spectra.

https://docs.scipy.org/doc/scipy/reference/signal.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain import compare
from foreshape.domain.dim import DimLike, ceildiv, dmin, floordiv
from foreshape.domain.values import Array, DictValue, Sequence, Unknown, Value, as_dim, as_int, as_str
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.support import given, listed, made, number
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context

P: Final = "scipy.signal."
DOC: Final = "https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal."


def signal(cx: Context, value: Value) -> Array | Unknown:
    """The argument as an array whose rank is known."""
    array = as_array(cx, value)
    return (
        cx.unknown("the rank of a signal is not known") if isinstance(array, Array) and array.shape is None else array
    )


def real(dtype: str | None) -> str | None:
    """Floats stay, ints become float64."""
    if dtype is None:
        return None
    return dtype if dtype in ("float32", "float64", "complex64", "complex128") else "float64"


def shaped(array: Array | Unknown) -> Value:
    """Real numbers of the same shape."""
    return array if isinstance(array, Unknown) else made(array.shape, real(array.dtype), roles=array.roles)


def place(array: Array, axis: Value | None, default: int = -1) -> int | None:
    number = default if axis is None else as_int(axis)
    rank = len(array.shape or ())
    return None if number is None or not -rank <= number < rank else number % rank


def along(array: Array, axis: int, size: DimLike) -> Shape:
    shape = array.shape or ()
    return (*shape[:axis], size, *shape[axis + 1 :])


@rule(P + "resample", doc=DOC + "resample.html")
def resample(
    cx: Context,
    x: Value,
    num: Value,
    t: Value | None = None,
    axis: Value | None = None,
    window: Value | None = None,
    domain: Value | None = None,
) -> Value:
    """``num`` samples along the first axis (or ``axis``)."""
    array, size = signal(cx, x), as_dim(num)
    if isinstance(array, Unknown) or given(t):
        return cx.unknown("the signal is not known")
    where = place(array, axis, 0)
    if where is None:
        return cx.unknown("the axis is not known")
    return made(along(array, where, cx.fresh("samples") if size is None else size), real(array.dtype))


@rule(P + "decimate", doc=DOC + "decimate.html")
def decimate(
    cx: Context,
    x: Value,
    q: Value,
    n: Value | None = None,
    ftype: Value | None = None,
    axis: Value | None = None,
    zero_phase: Value | None = None,
) -> Value:
    array, factor = signal(cx, x), as_dim(q)
    where = None if isinstance(array, Unknown) else place(array, axis)
    if isinstance(array, Unknown) or factor is None or where is None or array.shape is None:
        return cx.unknown("the signal is not known")
    return made(along(array, where, ceildiv(array.shape[where], factor)), real(array.dtype))


@rule(P + "resample_poly", doc=DOC + "resample_poly.html")
def resample_poly(
    cx: Context, x: Value, up: Value, down: Value, axis: Value | None = None, window: Value | None = None,
    padtype: Value | None = None, cval: Value | None = None,
) -> Value:  # fmt: skip
    """The axis up times as long and down times as short, rounded up."""
    array, by, over = signal(cx, x), as_dim(up), as_dim(down)
    where = None if isinstance(array, Unknown) else place(array, axis, 0)
    if isinstance(array, Unknown) or by is None or over is None or where is None or array.shape is None:
        return cx.unknown("the signal is not known")
    return made(along(array, where, ceildiv(array.shape[where] * by, over)), real(array.dtype))


# -- filters ----------
def _filter(name: str, place: int) -> None:
    @rule(P + name, doc=f"{DOC}{name}.html")
    def designed(cx: Context, N: Value, *args: Value, **kwargs: Value) -> Value:
        """Coefficients (b, a), or sections. ValueError for a cut-off beyond half the sampling rate."""
        if len(args) <= place + 2:  # whether it is analog is not given by its place
            _frequencies(args[place] if place < len(args) else kwargs.get("Wn"), kwargs)
        return _designed(cx, N, args, kwargs)


for _name, _place in (("butter", 0), ("bessel", 0), ("cheby1", 1), ("cheby2", 1), ("ellip", 2)):
    _filter(_name, _place)


def _designed(cx: Context, N: Value, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """Coefficients (b, a), or sections (n, 6) with ``output="sos"``; a band has twice the order."""
    order = as_dim(N)
    kind = kwargs.get("btype")
    kind_text = (
        as_str(kind) if kind is not None else next((as_str(one) for one in args if as_str(one) is not None), None)
    )
    form = as_str(kwargs.get("output")) or next((as_str(one) for one in args if as_str(one) in ("zpk", "sos")), None)
    if order is None or (kind is not None and kind_text is None) or (given(kwargs.get("output")) and form is None):
        return cx.unknown("the order of the filter is not known")
    band = kind_text in ("band", "bandpass", "bandstop", "stop", "bs", "bp") or (
        kind_text is None and any(isinstance(one, Sequence) for one in (*args, *kwargs.values()))
    )
    size = order * 2 if band else order
    if form == "sos":
        return made((ceildiv(size, 2), 6), "float64")
    if form == "zpk":
        return cx.unknown("zeros and poles of a filter")
    return listed("tuple", [made((size + 1,), "float64"), made((size + 1,), "float64")])


def _frequencies(wanted: Value | None, named: dict[str, Value]) -> None:
    """ValueError for a cut-off beyond half the sampling rate; without ``fs`` frequencies are shares of that half."""
    if wanted is None or given(named.get("analog")):
        return
    fs = number(named.get("fs"))
    if given(named.get("fs")) and fs is None:
        return
    items = wanted.contents.items(2) if isinstance(wanted, Sequence) else [wanted]
    most = 1 if fs is None else fs / 2
    for item in items or ():
        value = number(item)
        if value is not None and value >= most:
            text = "Digital filter critical frequencies must be 0 < Wn < 1"
            if fs is not None:
                text = f"Digital filter critical frequencies must be 0 < Wn < fs/2 (fs={float(fs)} -> fs/2={fs / 2})"
            raise _refused("Wn", f"{value:g}", text, wanted)


def _refused(argument: str, shown: str, text: str, *values: Value) -> Fault:
    from foreshape.faults.invalid_argument import InvalidArgument

    return InvalidArgument(Raises("ValueError", text, by="scipy"), values=values, argument=argument, given=shown)


@rule(P + "iirnotch", P + "iirpeak")
def notch(
    cx: Context, w0: Value, Q: Value, fs: Value | None = None, *, xp: Value | None = None, device: Value | None = None
) -> Value:
    return listed("tuple", [made((3,), "float64"), made((3,), "float64")])


@rule(P + "firwin")
def firwin(cx: Context, numtaps: Value, *args: Value, **kwargs: Value) -> Value:
    size = as_dim(numtaps)
    return made((cx.fresh("taps") if size is None else size,), "float64")


def _same(cx: Context, value: Value) -> Value:
    return shaped(signal(cx, value))


@rule(P + "filtfilt", doc=DOC + "filtfilt.html")
def filtfilt(
    cx: Context,
    b: Value,
    a: Value,
    x: Value,
    axis: Value | None = None,
    padtype: Value | None = None,
    padlen: Value | None = None,
    method: Value | None = None,
    irlen: Value | None = None,
) -> Value:
    """The shape of x. ValueError for a signal that is not longer than three times the filter."""
    array = signal(cx, x)
    found = _same(cx, x)
    if isinstance(array, Array) and array.shape is not None and padlen is None and padtype is None and method is None:
        where = place(array, axis)
        lengths = [as_array(cx, one) for one in (b, a)]
        sizes = [
            one.shape[0] if isinstance(one, Array) and one.shape is not None and len(one.shape) == 1 else None
            for one in lengths
        ]
        if where is not None and all(isinstance(size, int) for size in sizes):
            pad = 3 * max(size for size in sizes if isinstance(size, int))
            if compare.le(array.shape[where], pad, cx.facts).is_yes:
                from foreshape.semantics.numpy.support import invalid

                text = f"The length of the input vector x must be greater than padlen, which is {pad}."
                raise invalid("x", f"{array.shape[where]} samples", text, x, recover=found)
    return _float64(found)


def _float64(found: Value) -> Value:
    return (
        found.replace(dtype="float64", data=None)
        if isinstance(found, Array) and found.dtype == "float64"
        else (found.replace(dtype=None, data=None) if isinstance(found, Array) else found)
    )


@rule(P + "lfilter")
def lfilter(cx: Context, b: Value, a: Value, x: Value, axis: Value | None = None, zi: Value | None = None) -> Value:
    if given(zi):
        return listed("tuple", [_float64(_same(cx, x)), cx.unknown("the state of a filter")])
    return _float64(_same(cx, x))


@rule(P + "sosfilt")
def sosfilt(cx: Context, sos: Value, x: Value, axis: Value | None = None, zi: Value | None = None) -> Value:
    """The shape of x; with ``zi`` the state after it as well."""
    if given(zi):
        return listed("tuple", [_float64(_same(cx, x)), cx.unknown("the state of a filter")])
    return _float64(_same(cx, x))


@rule(P + "sosfiltfilt")
def sosfiltfilt(
    cx: Context, sos: Value, x: Value, axis: Value | None = None, padtype: Value | None = None,
    padlen: Value | None = None,
) -> Value:  # fmt: skip
    """The shape of x."""
    return _float64(_same(cx, x))


@rule(P + "savgol_filter", doc=DOC + "savgol_filter.html")
def savgol_filter(
    cx: Context, x: Value, window_length: Value, polyorder: Value, deriv: Value | None = None, delta: Value | None = None,
    axis: Value | None = None, mode: Value | None = None, cval: Value | None = None,
) -> Value:  # fmt: skip
    """The shape of x. ValueError for a window longer than the axis, or a polynomial of too high an order."""
    found = _float64(_same(cx, x))
    window, order, along = as_int(window_length), as_int(polyorder), -1 if axis is None else as_int(axis)
    if window is not None and order is not None and order >= window:
        raise _refused("polyorder", str(order), "polyorder must be less than window_length.", polyorder)
    if not isinstance(found, Array) or not found.shape or window is None or along is None:
        return found
    if not -len(found.shape) <= along < len(found.shape):
        return cx.unknown("there is no such axis")
    if mode is None or as_str(mode) == "interp":
        size = found.shape[along]
        if compare.lt(size, window, cx.facts).is_yes:
            text = "If mode is 'interp', window_length must be less than or equal to the size of x."
            raise _refused("window_length", f"{window} on an axis of {size}", text, x)
    return found


@rule(P + "medfilt", P + "detrend", P + "wiener", P + "medfilt2d")
def smoothed(cx: Context, x: Value, *args: Value, **kwargs: Value) -> Value:
    """The shape of x."""
    return _float64(_same(cx, x))


@rule(P + "hilbert")
def hilbert(cx: Context, x: Value, N: Value | None = None, axis: Value | None = None) -> Value:
    found = _same(cx, x)
    if isinstance(found, Array) and not given(N):
        return found.replace(dtype={"float64": "complex128", "float32": "complex64"}.get(found.dtype or ""), data=None)
    return cx.unknown("an analytic signal of another length")


@rule(P + "find_peaks")
def find_peaks(cx: Context, x: Value, *args: Value, **kwargs: Value) -> Value:
    """(positions, properties). ValueError for what is not of one axis."""
    size = cx.length(x)
    count = cx.fresh("peaks", 0, size)
    given = signal(cx, x)
    if isinstance(given, Array) and given.shape is not None and len(given.shape) != 1:
        from foreshape.faults.rank_mismatch import RankMismatch

        raise RankMismatch(
            Raises("ValueError", "`x` must be a 1-D array", by="scipy"), values=(x,), taker="find_peaks", needs=1,
            axes=("samples",), got=given.shape,
        )  # fmt: skip
    positions = made((count,), "int64", 0, None if size is None else size - 1)
    return listed("tuple", [positions, DictValue({}, cx.unknown("a property of peaks"))])


@rule(P + "convolve", P + "fftconvolve", P + "correlate", P + "oaconvolve", doc=DOC + "convolve.html")
def convolve(cx: Context, in1: Value, in2: Value, mode: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """Full: n + m - 1 along each axis; same: n; valid: what overlaps whole."""
    a, b = signal(cx, in1), signal(cx, in2)
    kind = "full" if mode is None else as_str(mode)
    if (
        isinstance(a, Unknown)
        or isinstance(b, Unknown)
        or a.shape is None
        or b.shape is None
        or len(a.shape) != len(b.shape)
    ):
        return cx.unknown("the signals are not known")
    dtype = a.dtype if a.dtype == b.dtype and a.dtype in ("float64", "float32") else None
    if kind == "same":
        return made(a.shape, dtype)
    if kind == "full":
        return made(tuple(x + y - 1 for x, y in zip(a.shape, b.shape)), dtype)
    if kind == "valid" and all(compare.ge(x, y, cx.facts).is_yes for x, y in zip(a.shape, b.shape)):
        return made(tuple(x - y + 1 for x, y in zip(a.shape, b.shape)), dtype)
    return cx.unknown("which of the signals is longer is not known")


@rule(P + "get_window")
def get_window(cx: Context, window: Value, Nx: Value, *args: Value, **kwargs: Value) -> Value:
    size = as_dim(Nx)
    return made((cx.fresh("samples") if size is None else size,), "float64")


@rule(
    *(
        f"{P}windows.{name}"
        for name in ("hann", "hamming", "blackman", "gaussian", "kaiser", "boxcar", "tukey", "bartlett")
    )
)
def window(cx: Context, M: Value, *args: Value, **kwargs: Value) -> Value:
    size = as_dim(M)
    return made((cx.fresh("samples") if size is None else size,), "float64")


# -- spectra ----------
def _segment(cx: Context, array: Array, nperseg: Value | None, where: int) -> DimLike | None:
    assert array.shape is not None
    wanted = 256 if not given(nperseg) else as_dim(nperseg)
    return None if wanted is None else dmin(wanted, array.shape[where])


@rule(P + "spectrogram", doc=DOC + "spectrogram.html")
def spectrogram(
    cx: Context,
    x: Value,
    fs: Value | None = None,
    window: Value | None = None,
    nperseg: Value | None = None,
    noverlap: Value | None = None,
    nfft: Value | None = None,
    detrend: Value | None = None,
    return_onesided: Value | None = None,
    scaling: Value | None = None,
    axis: Value | None = None,
    mode: Value | None = None,
) -> Value:
    """(frequencies, times, (..., frequencies, times))."""
    array = signal(cx, x)
    where = None if isinstance(array, Unknown) else place(array, axis)
    plain = not any(map(given, (nfft, return_onesided, mode))) and (not given(window) or as_str(window) is not None)
    if isinstance(array, Unknown) or where is None or not plain or where != len(array.shape or ()) - 1:
        return listed("tuple", [cx.unknown("a spectrum of options that are not modelled")] * 3)
    size = _segment(cx, array, nperseg, where)
    if size is None:
        return listed("tuple", [cx.unknown("the length of a segment is not known")] * 3)
    overlap = floordiv(size, 8) if not given(noverlap) else as_dim(noverlap)
    if overlap is None:
        return listed("tuple", [cx.unknown("the overlap is not known")] * 3)
    shape = array.shape or ()
    bins, times = floordiv(size, 2) + 1, floordiv(shape[where] - overlap, size - overlap)
    power = made((*shape[:-1], bins, times), "float64" if array.dtype == "float64" else None)
    return listed("tuple", [made((bins,), "float64"), made((times,), "float64"), power])


@rule(P + "stft", doc=DOC + "stft.html")
def stft(
    cx: Context,
    x: Value,
    fs: Value | None = None,
    window: Value | None = None,
    nperseg: Value | None = None,
    noverlap: Value | None = None,
    nfft: Value | None = None,
    detrend: Value | None = None,
    return_onesided: Value | None = None,
    boundary: Value | None = None,
    padded: Value | None = None,
    axis: Value | None = None,
    scaling: Value | None = None,
) -> Value:
    """(frequencies, times, (..., frequencies, times)) of complex numbers; the signal is padded at both ends."""
    array = signal(cx, x)
    others = (nfft, detrend, return_onesided, boundary, padded, axis, scaling)
    if isinstance(array, Unknown) or not array.shape or any(one is not None for one in others):
        return listed("tuple", [cx.unknown("a spectrum of options that are not modelled")] * 3)
    size = _segment(cx, array, nperseg, len(array.shape) - 1)
    overlap = None if size is None else floordiv(size, 2) if not given(noverlap) else as_dim(noverlap)
    if size is None or overlap is None or not isinstance(size, int):
        return listed("tuple", [cx.unknown("the length of a segment is not known")] * 3)
    hop = size - overlap
    extended = array.shape[-1] + 2 * (size // 2)
    bins, times = size // 2 + 1, ceildiv(extended - size, hop) + 1
    dtype = {"float64": "complex128", "float32": "complex64"}.get(array.dtype or "")
    return listed(
        "tuple", [made((bins,), "float64"), made((times,), "float64"), made((*array.shape[:-1], bins, times), dtype)]
    )


@rule(P + "welch", doc=DOC + "welch.html")
def welch(cx: Context, x: Value, *args: Value, **kwargs: Value) -> Value:
    """(frequencies, density): half of the segment, and one."""
    array = signal(cx, x)
    if (
        isinstance(array, Unknown)
        or not array.shape
        or (args and len(args) > 1)
        or given(kwargs.get("nfft"))
        or given(kwargs.get("axis"))
    ):
        return listed("tuple", [cx.unknown("a spectrum of options that are not modelled")] * 2)
    size = _segment(cx, array, kwargs.get("nperseg"), len(array.shape) - 1)
    if size is None:
        return listed("tuple", [cx.unknown("the length of a segment is not known")] * 2)
    bins = floordiv(size, 2) + 1
    dtype = "float64" if array.dtype in ("float64", "int64") else None
    return listed("tuple", [made((bins,), "float64"), made((*array.shape[:-1], bins), dtype)])


@rule(P + "periodogram")
def periodogram(cx: Context, x: Value, fs: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    array = signal(cx, x)
    if isinstance(array, Unknown) or not array.shape or args or given(kwargs.get("nfft")) or given(kwargs.get("axis")):
        return listed("tuple", [cx.unknown("a spectrum of options that are not modelled")] * 2)
    bins = floordiv(array.shape[-1], 2) + 1
    return listed(
        "tuple",
        [made((bins,), "float64"), made((*array.shape[:-1], bins), "float64" if array.dtype == "float64" else None)],
    )
