"""librosa: signals are (samples,), features are (bins, frames).

https://librosa.org/doc/latest/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike, floordiv
from foreshape.domain.values import Array, Typed, Unknown, Value, as_bool, as_dim
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.support import given, listed, made
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

F: Final = "librosa.feature."


@rule("librosa.load", doc="https://librosa.org/doc/latest/generated/librosa.load.html")
def load(cx: Context, path: Value, *, sr: Value | None = None, mono: Value | None = None, **kwargs: Value) -> Value:
    """(signal, rate)."""
    if mono is not None and as_bool(mono) is not True:
        return listed("tuple", [made(None, "float32"), Typed("int", lo=1)])
    rate: Value = sr if sr is not None and given(sr) else Typed("int", lo=1)
    return listed("tuple", [made((cx.fresh("samples of the recording"),), "float32"), rate])


def _frames(cx: Context, y: Value | None, kwargs: dict[str, Value]) -> DimLike:
    hop = 512 if "hop_length" not in kwargs else as_dim(kwargs["hop_length"])
    array = as_array(cx, y) if y is not None else None
    centred = "center" not in kwargs or as_bool(kwargs["center"]) is True
    if isinstance(array, Array) and array.shape is not None and len(array.shape) == 1 and hop is not None and centred:
        return floordiv(array.shape[0], hop) + 1
    return cx.fresh("frames")


def _feature(name: str, argument: str, default: int) -> None:
    @rule(F + name)
    def feature(
        cx: Context, *, y: Value | None = None, sr: Value | None = None, S: Value | None = None, **kwargs: Value
    ) -> Value:
        """(bins, frames)."""
        bins = default if argument not in kwargs else as_dim(kwargs[argument])
        if given(S):
            found = as_array(cx, S) if S is not None else cx.unknown("a spectrogram")
            if isinstance(found, Unknown) or found.shape is None or len(found.shape) != 2:
                return cx.unknown("the spectrogram is not known")
            return made((cx.fresh("bins") if bins is None else bins, found.shape[1]), None)
        return made((cx.fresh("bins") if bins is None else bins, _frames(cx, y, kwargs)), None)


for _name, _argument, _default in (
    ("mfcc", "n_mfcc", 20),
    ("melspectrogram", "n_mels", 128),
    ("chroma_stft", "n_chroma", 12),
    ("spectral_centroid", "~", 1),
    ("zero_crossing_rate", "~", 1),
    ("rms", "~", 1),
    ("spectral_rolloff", "~", 1),
    ("spectral_bandwidth", "~", 1),
    ("tonnetz", "~", 6),
):
    _feature(_name, _argument, _default)


@rule("librosa.stft")
def stft(
    cx: Context, y: Value, *, n_fft: Value | None = None, hop_length: Value | None = None, **kwargs: Value
) -> Value:
    """(1 + n_fft / 2, frames) of complex64."""
    size = 2048 if n_fft is None else as_dim(n_fft)
    if size is None or "center" in kwargs:
        return cx.unknown("the size of the transform is not known")
    hop = floordiv(size, 4) if not given(hop_length) else as_dim(hop_length)
    array = as_array(cx, y)
    if hop is None or isinstance(array, Unknown) or array.shape is None or len(array.shape) != 1:
        return cx.unknown("the signal is not known")
    dtype = {"float32": "complex64", "float64": "complex128"}.get(array.dtype or "")
    return made((floordiv(size, 2) + 1, floordiv(array.shape[0], hop) + 1), dtype)


@rule(
    "librosa.amplitude_to_db",
    "librosa.power_to_db",
    "librosa.util.normalize",
    "librosa.feature.delta",
    "librosa.effects.pitch_shift",
    "librosa.effects.harmonic",
    "librosa.effects.percussive",
)
def same(cx: Context, S: Value, *args: Value, **kwargs: Value) -> Value:
    array = as_array(cx, S)
    return array if isinstance(array, Unknown) else made(array.shape, array.dtype)


@rule("librosa.util.fix_length")
def fix_length(cx: Context, data: Value, *, size: Value, axis: Value | None = None, **kwargs: Value) -> Value:
    array, count = as_array(cx, data), as_dim(size)
    if isinstance(array, Unknown) or array.shape is None or axis is not None:
        return cx.unknown("the signal is not known")
    return made((*array.shape[:-1], cx.fresh("samples") if count is None else count), array.dtype)


@rule("soundfile.read")
def read(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return listed("tuple", [made(None, None), Typed("int", lo=1)])
