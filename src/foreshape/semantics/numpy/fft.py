"""``numpy.fft``: shapes and dtypes of Fourier transforms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, floordiv
from foreshape.domain.values import Array, Unknown, Value, as_int
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.support import (
    axes_argument,
    given,
    invalid,
    keeps,
    made,
    not_an_integer,
    resolved,
    shape_argument,
    size_argument,
)
from foreshape.semantics.registry import REGISTRY, Rule, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC = "https://numpy.org/doc/stable/reference/generated/numpy.fft."


def complex_dtype(cx: Context, dtype: str | None) -> str | None:
    """Single precision stays since NumPy 2."""
    if dtype is None:
        return None
    if cx.targets.at_least("numpy", "2"):
        if dtype in ("float32", "complex64", "float16"):
            return "complex64"
        if dtype in ("float128", "complex256"):
            return "complex256"
    return "complex128"


def real_dtype(cx: Context, dtype: str | None) -> str | None:
    found = complex_dtype(cx, dtype)
    return {"complex64": "float32", "complex128": "float64", "complex256": "float128"}.get(found or "")


def same(n: DimLike) -> DimLike:
    return n


def half(n: DimLike) -> DimLike:
    return floordiv(n, 2) + 1


def double(m: DimLike) -> DimLike:
    """What an inverse of the half transform gives where no length is given."""
    return 2 * (m - 1)


Length = Callable[[DimLike], DimLike]
KINDS: dict[str, tuple[Length, Length, bool]] = {
    "fft": (same, same, True), "ifft": (same, same, True), "rfft": (half, half, True), "irfft": (double, same, False),
    "hfft": (double, same, False), "ihfft": (half, half, True),
}  # fmt: skip
"""name: (length from the size of the axis, length from a given n, whether the result is complex)."""


def _one(cx: Context, name: str, a: Value, n: Value | None, axis: Value | None) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    from_size, from_n, is_complex = KINDS[name]
    dtype = complex_dtype(cx, array.dtype) if is_complex else real_dtype(cx, array.dtype)
    at = -1 if axis is None else as_int(axis)
    if array.shape is None or at is None:
        return made(None, dtype)
    shape = resolved(cx, array.shape)
    if not -len(shape) <= at < len(shape):
        raise invalid("axis", at, "tuple index out of range", a, exception="IndexError", recover=made(None, dtype))
    at %= len(shape)
    if n is not None and given(n):
        not_an_integer(n, name)
        points = size_argument(cx, n, name)
        length = from_n(points)
    else:
        points = shape[at] if from_size is not double else double(shape[at])
        length = from_size(shape[at])
    if not cx.at_least(points, 1):
        text = f"Invalid number of FFT data points ({points}) specified."
        raise invalid("n", points, text, a, recover=made(None, dtype))
    return made((*shape[:at], cx.resolve(length), *shape[at + 1 :]), dtype)


def _register(name: str) -> None:
    def function(
        cx: Context, a: Value, n: Value | None = None, axis: Value | None = None, norm: Value | None = None,
        out: Value | None = None,
    ) -> Value:  # fmt: skip
        return _one(cx, name, a, n, axis)

    full = f"numpy.fft.{name}"
    REGISTRY.rules.setdefault(full, []).append(Rule(full, "function", function, "", "", f"{DOC}{name}.html"))


for _name in KINDS:
    _register(_name)


def _several(cx: Context, name: str, a: Value, s: Value | None, axes: Value | None, two: bool) -> Value:
    array = as_array(cx, a)
    if isinstance(array, Unknown):
        return cx.unknown(array.reason)
    kind = name.rstrip("2n")
    from_size, _, is_complex = KINDS[kind]
    dtype = complex_dtype(cx, array.dtype) if is_complex else real_dtype(cx, array.dtype)
    sizes = shape_argument(cx, s, name) if s is not None and given(s) else None
    if array.shape is None or (given(s) and sizes is None):
        return made(None, dtype)
    rank = len(array.shape)
    chosen = axes_argument(cx, axes)
    if chosen is None:
        chosen = (-2, -1) if two else tuple(range(-len(sizes), 0)) if sizes is not None else tuple(range(rank))
    if not isinstance(chosen, tuple):
        return made(None, dtype)
    for at in chosen:
        if not -rank <= at < rank:
            text = (
                f"index {at} is out of bounds for axis 0 with size {rank}"
                if sizes is None
                else ("tuple index out of range")
            )
            raise invalid("axes", at, text, a, exception="IndexError", recover=made(None, dtype))
    shape = list(resolved(cx, array.shape))
    for place, at in enumerate(chosen):
        if sizes is not None:
            given_size = sizes[place]
            shape[at] = shape[at] if isinstance(given_size, int) and given_size == -1 else given_size
    if chosen:
        last = chosen[-1]
        if from_size is half:
            shape[last] = half(shape[last])
        elif from_size is double and sizes is None:
            shape[last] = double(shape[last])
    return made(resolved(cx, shape), dtype)


def _register_several(name: str, two: bool) -> None:
    def function(
        cx: Context, a: Value, s: Value | None = None, axes: Value | None = None, norm: Value | None = None,
        out: Value | None = None,
    ) -> Value:  # fmt: skip
        return _several(cx, name, a, s, axes, two)

    full = f"numpy.fft.{name}"
    REGISTRY.rules.setdefault(full, []).append(Rule(full, "function", function, "", "", f"{DOC}{name}.html"))


for _name in ("fft2", "ifft2", "rfft2", "irfft2"):
    _register_several(_name, True)
for _name in ("fftn", "ifftn", "rfftn", "irfftn"):
    _register_several(_name, False)


@rule("numpy.fft.fftfreq", doc=DOC + "fftfreq.html")
def fftfreq(cx: Context, n: Value, d: Value | None = None, device: Value | None = None) -> Value:
    return made((size_argument(cx, n, "fftfreq"),), "float64")


@rule("numpy.fft.rfftfreq", doc=DOC + "rfftfreq.html")
def rfftfreq(cx: Context, n: Value, d: Value | None = None, device: Value | None = None) -> Value:
    return made((half(size_argument(cx, n, "rfftfreq")),), "float64")


@rule("numpy.fft.fftshift", "numpy.fft.ifftshift", doc=DOC + "fftshift.html")
def fftshift(cx: Context, x: Value, axes: Value | None = None) -> Value:
    array = as_array(cx, x)
    return keeps(array, array.shape, roles=array.roles) if isinstance(array, Array) else cx.unknown(array.reason)
