"""``interpolate``, ``upsample``, ``grid_sample``, ``affine_grid`` and the upsampling modules.

Follows ``torch/nn/functional.py`` and ``torch/nn/modules/upsampling.py``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike, floordiv
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Shape,
    Typed,
    Value,
    as_bool,
    as_dim,
    as_str,
    dim_or,
    int_value,
    is_none,
)
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.adaptive_pooling import adaptive
from foreshape.semantics.torch.nn.base import MODULE, NONE, forward_rule, init_module, ints_of, kept
from foreshape.semantics.torch.nn.common import certainly, dtype_fault, feature_fault, rank_fault
from foreshape.semantics.torch.support import (
    error,
    invalid,
    is_integral,
    not_implemented,
    python_type,
    scalar_name,
    shown,
    surely_no_tensor,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

NEAREST = Const("nearest")
BILINEAR = Const("bilinear")
RANKS = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5, "lanczos": 4}
PLAIN = ("nearest", "area", "nearest-exact")


def number(value: Value | None) -> float | None:
    """The known Python number that an argument is."""
    found = value.value if isinstance(value, Const) else None
    return found if isinstance(found, (int, float)) and not isinstance(found, bool) else None


def _text(value: Value, items: tuple[Value, ...]) -> str:
    sizes = [as_dim(item) for item in items]
    parts = ", ".join(
        repr(item.value) if isinstance(item, Const) else "?" if size is None else str(size)
        for item, size in zip(items, sizes)
    )
    kind = value.kind if isinstance(value, Sequence) else "torch.Size"
    if kind == "list":
        return f"[{parts}]"
    if kind == "torch.Size":
        return f"torch.Size([{parts}])"
    return f"({parts},)" if len(items) == 1 else f"({parts})"


def scaled(cx: Context, size: DimLike, factor: Value | None) -> DimLike:
    """``floor(size * factor)``."""
    found = number(factor)
    if found is None or not math.isfinite(found):
        return cx.fresh(lo=0)
    if isinstance(size, int):
        return math.floor(size * found)
    if found == int(found):
        return size * int(found)
    if found > 0 and 1 / found == int(1 / found):
        return floordiv(size, int(1 / found))
    return cx.fresh(lo=0)


@rule("torch.nn.functional.interpolate")
def interpolate(
    cx: Context,
    input: Value,
    size: Value = NONE,
    scale_factor: Value = NONE,
    mode: Value = NEAREST,
    align_corners: Value = NONE,
    recompute_scale_factor: Value = NONE,
    antialias: Value = Const(False),  # noqa: B008
) -> Value:
    """(batch, channels, ...) to (batch, channels, *size)."""
    word = as_str(mode)
    if word in PLAIN and isinstance(align_corners, Const) and not is_none(align_corners):
        message = (
            "align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear"
        )
        raise invalid(cx, "ValueError", message, "align_corners", align_corners.value, input)
    if surely_no_tensor(input):
        from foreshape.faults.missing_attribute import MissingAttribute

        kind = python_type(input)
        message = f"'{kind}' object has no attribute 'dim'"
        raise MissingAttribute(error(cx, "AttributeError", message), values=(input,), owner=kind, attribute="dim")
    if not isinstance(input, Array):
        return unknown_tensor(cx, input)
    x = input
    if x.shape is None:
        return tensor(cx, None, x.dtype, x)
    spatial = _wanted(cx, x, size, scale_factor)
    if as_bool(recompute_scale_factor) and not is_none(size):
        message = "recompute_scale_factor is not meaningful with an explicit size."
        raise invalid(cx, "ValueError", message, "recompute_scale_factor", True, x)
    rank = len(x.shape)
    if as_bool(antialias) and not (word in ("bilinear", "bicubic", "lanczos", None) and rank == 4):
        message = (
            "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and requires a 4-D tensor as input"
        )
        raise invalid(cx, "ValueError", message, "antialias", True, x)
    _check_mode(cx, x, word, as_bool(antialias), as_bool(align_corners))
    made = tensor(cx, (*x.shape[:2], *spatial), x.dtype, x, roles=x.roles)
    if word == "area":
        items = Sequence("tuple", _contents(spatial))
        adaptive(cx, "avg", rank - 2, "interpolate", x, items)
        return made
    _check_sizes(cx, x, spatial, word)
    _check_dtype(cx, x, word, rank, made)
    return made


def _contents(sizes: Shape) -> Contents:
    return Contents(int_value(size) for size in sizes)


def _wanted(cx: Context, x: Array, size: Value, factor: Value) -> Shape:
    """The spatial sizes that come out."""
    assert x.shape is not None
    n, before = len(x.shape) - 2, list(x.shape[2:])
    if not is_none(size) and not is_none(factor):
        message = "only one of size or scale_factor should be defined"
        raise invalid(cx, "ValueError", message, "scale_factor", cx.text(factor), x)
    if is_none(size) and is_none(factor):
        raise invalid(cx, "ValueError", "either size or scale_factor should be defined", "size", None, x)
    given = size if not is_none(size) else factor
    items = ints_of(given)
    if items is not None and len(items) != max(n, 0):
        text = _text(given, items)
        dims = f"[{', '.join(map(str, before))}]"
        if given is size:
            message = (
                f"Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of "
                f"{dims} and output size of {text}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and output "
                "size in (o1, o2, ...,oK) format."
            )
        else:
            message = (
                f"Input and scale_factor must have the same number of spatial dimensions, but got input with spatial "
                f"dimensions of {dims} and scale_factor of shape {text}. Please provide input tensor in (N, C, d1, d2, "
                "...,dK) format and scale_factor in (s1, s2, ...,sK) format."
            )
        raise rank_fault(cx, "ValueError", message, "interpolate", x, len(items) + 2)
    if given is factor:
        factors = items if items is not None else (factor,) * max(n, 0)
        return tuple(scaled(cx, one, f) for one, f in zip(before, factors))
    if items is not None and any(_no_size(item) for item in items):
        kinds = ", ".join(f"<class '{python_type(item)}'>" for item in items)
        message = (
            "expected size to be one of int or Tuple[int] or Tuple[int, int] or Tuple[int, int, int], but got size with "
            f"types [{kinds}]"
        )
        if all(python_type(item) in ("int", "float", "str", "NoneType") for item in items):
            raise invalid(cx, "TypeError", message, "size", cx.text(size), x)
    asked = items if items is not None else (size,) * max(n, 0)
    sizes = [as_dim(item) for item in asked]
    return tuple(cx.fresh(lo=0) if one is None else cx.resolve(one) for one in sizes)


def _no_size(item: Value) -> bool:
    """Whether it is certainly no whole number."""
    if isinstance(item, Typed):
        return item.kind not in ("int", "bool")
    return isinstance(item, Const) and as_dim(item) is None


def _check_mode(cx: Context, x: Array, word: str | None, antialias: bool | None, align: bool | None) -> None:
    assert x.shape is not None
    rank = len(x.shape)
    if word is None:
        return
    if rank in (3, 4, 5) and word in PLAIN:
        return
    if RANKS.get(word) == rank:
        if word == "lanczos" and align:
            raise invalid(cx, "ValueError", "Lanczos mode does not support align_corners=True", "mode", repr(word), x)
        if word == "lanczos" and antialias is False:
            raise invalid(cx, "ValueError", "Lanczos mode requires antialias=True", "mode", repr(word), x)
        return
    if rank in (3, 4, 5) and word in ("linear", "bilinear", "trilinear"):
        message = f"Got {rank}D input, but {word} mode needs {RANKS[word]}D input"
        raise rank_fault(cx, "NotImplementedError", message, "interpolate", x, RANKS[word])
    modes = "nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact"
    message = (
        f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {rank}D) for the modes: {modes} (got {word})"
    )
    if rank in (3, 4, 5) and word not in RANKS:
        raise invalid(cx, "NotImplementedError", message, "mode", repr(word), x)
    raise rank_fault(cx, "NotImplementedError", message, "interpolate", x, RANKS.get(word, 4))


def _check_sizes(cx: Context, x: Array, spatial: Shape, word: str | None) -> None:
    assert x.shape is not None
    letters = ("D", "H", "W")[3 - len(spatial) :]
    before = x.shape[2:]
    if any(certainly(cx, size, 1) for size in (*before, *spatial)):
        a = ", ".join(f"{letter}: {size}" for letter, size in zip(letters, before))
        b = ", ".join(f"{letter}: {size}" for letter, size in zip(letters, spatial))
        message = f"Input and output sizes should be greater than 0, but got input ({a}) output ({b})"
        raise invalid(cx, "RuntimeError", message, "size", shown(spatial), x)
    if len(x.shape) > 1 and isinstance(x.shape[1], int) and x.shape[1] == 0:
        message = f"Non-empty {len(x.shape)}D data tensor expected but got a tensor with sizes {shown(x.shape)}"
        raise rank_fault(cx, "RuntimeError", message, "interpolate", x, len(x.shape))


def _check_dtype(cx: Context, x: Array, word: str | None, rank: int, made: Array) -> None:
    if not is_integral(x.dtype) or x.dtype == "uint8" or word is None:
        return
    n = rank - 2
    kernel = {
        "nearest": f"compute_upsample_nearest{n}d" if n < 3 else "upsample_nearest3d",
        "nearest-exact": "nearest",
        "linear": "compute_linear", "bilinear": "compute_bilinear", "bicubic": "compute_bicubic",
        "trilinear": "compute_trilinear",
    }.get(word, word)  # fmt: skip
    if word.startswith("nearest"):
        kernel = f"compute_indices_weights_{word.replace('-exact', '')}"
    elif word in ("bilinear", "linear", "trilinear"):
        kernel = "compute_indices_weights_linear"
    elif word == "bicubic":
        kernel = "compute_indices_weights_cubic"
    raise not_implemented(cx, kernel, x, "interpolate", recover=made)


@rule("torch.nn.functional.upsample")
def upsample(
    cx: Context,
    input: Value,
    size: Value = NONE,
    scale_factor: Value = NONE,
    mode: Value = NEAREST,
    align_corners: Value = NONE,
) -> Value:
    """``interpolate``."""
    return interpolate(cx, input, size, scale_factor, mode, align_corners)


@rule("torch.nn.functional.upsample_nearest")
def upsample_nearest(cx: Context, input: Value, size: Value = NONE, scale_factor: Value = NONE) -> Value:
    """``interpolate`` with the nearest values."""
    return interpolate(cx, input, size, scale_factor, NEAREST)


@rule("torch.nn.functional.upsample_bilinear")
def upsample_bilinear(cx: Context, input: Value, size: Value = NONE, scale_factor: Value = NONE) -> Value:
    """``interpolate``, bilinear with aligned corners."""
    return interpolate(cx, input, size, scale_factor, BILINEAR, Const(True))


@rule(library_type("torch.nn.Upsample", MODULE) + ".__init__")
def upsample_init(
    cx: Context,
    self: Instance,
    size: Value = NONE,
    scale_factor: Value = NONE,
    mode: Value = NEAREST,
    align_corners: Value = NONE,
    recompute_scale_factor: Value = NONE,
) -> Value:
    """Keeps its arguments; factors are floats."""
    init_module(cx, self)
    factor = number(scale_factor)
    given = Const(float(factor)) if factor is not None else scale_factor
    if isinstance(scale_factor, Const) and isinstance(scale_factor.value, str):
        message = f"could not convert string to float: {scale_factor.value!r}"
        raise invalid(cx, "ValueError", message, "scale_factor", repr(scale_factor.value))
    kept(
        cx, self, size=size, scale_factor=given, mode=mode, align_corners=align_corners,
        recompute_scale_factor=recompute_scale_factor,
    )  # fmt: skip
    return NONE


@forward_rule("torch.nn.Upsample.forward")
def upsample_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(batch, channels, ...) to (batch, channels, *size)."""
    held = self.fields
    return interpolate(
        cx, input, held["size"], held["scale_factor"], held["mode"], held["align_corners"],
        held["recompute_scale_factor"],
    )  # fmt: skip


def _fixed(cls: str, mode: Const, align: Const) -> None:
    name = library_type(f"torch.nn.{cls}", "torch.nn.Upsample")

    @rule(f"{name}.__init__")
    def init(cx: Context, self: Instance, size: Value = NONE, scale_factor: Value = NONE) -> Value:
        """Keeps its arguments."""
        return upsample_init(cx, self, size, scale_factor, mode, align)


_fixed("UpsamplingNearest2d", NEAREST, Const(None))
_fixed("UpsamplingBilinear2d", BILINEAR, Const(True))


# -- grids ------------------------------------------------------------------------------------------------------------


@rule("torch.nn.functional.grid_sample")
def grid_sample(
    cx: Context,
    input: Value,
    grid: Value,
    mode: Value = BILINEAR,
    padding_mode: Value = Const("zeros"),  # noqa: B008
    align_corners: Value = NONE,
) -> Value:
    """(batch, channels, ...) read at a grid of (batch, ..., n): (batch, channels, ...)."""
    for name, value, words, text in (
        ("mode", mode, ("bilinear", "nearest", "bicubic"), "'bilinear', 'nearest' or 'bicubic'"),
        ("padding_mode", padding_mode, ("zeros", "border", "reflection"), "'zeros', 'border', or 'reflection'"),
    ):
        word = as_str(value)
        if word is not None and word not in words:
            message = f"nn.functional.grid_sample(): expected {name} to be {text}, but got: '{word}'"
            raise invalid(cx, "ValueError", message, name, repr(word), input)
    from foreshape.semantics.torch.support import required

    x, g = required(cx, input, "grid_sampler"), required(cx, grid, "grid_sampler", "grid", 2)
    if x is None or g is None:
        return unknown_tensor(cx, input, grid)
    if x.shape is None or g.shape is None:
        return tensor(cx, None, x.dtype, x, g)
    sizes = f"input with sizes {shown(x.shape)} and grid with sizes {shown(g.shape)}"
    if x.shape and g.shape and not cx.equal(x.shape[0], g.shape[0]):
        message = f"grid_sampler(): expected grid and input to have same batch size, but got {sizes}"
        raise feature_fault(
            cx, error(cx, "RuntimeError", message), "grid_sample", g, x.shape[0], g.shape[0], -len(g.shape)
        )
    n = len(x.shape) - 2
    if g.shape and not cx.equal(g.shape[-1], n):
        message = f"grid_sampler(): expected grid to have size {n} in last dimension, but got grid with sizes {shown(g.shape)}"
        raise feature_fault(cx, error(cx, "RuntimeError", message), "grid_sample", g, n, g.shape[-1], -1)
    if n not in (2, 3) or len(g.shape) != len(x.shape):
        wanted = "4D or 5D" if n not in (2, 3) else f"{len(x.shape)}D"
        message = f"grid_sampler(): expected {wanted} input and grid with same number of dimensions, but got {sizes}"
        odd, needs = (x, 4) if n not in (2, 3) else (g, len(x.shape))
        raise rank_fault(cx, "RuntimeError", message, "grid_sample", odd, needs)
    made = tensor(cx, (*x.shape[:2], *g.shape[1:-1]), x.dtype, x, g, roles=x.roles)
    if n == 3 and as_str(mode) == "bicubic":
        message = "grid_sampler(): bicubic interpolation only supports 4D input"
        raise rank_fault(cx, "RuntimeError", message, "grid_sample", x, 4)
    if is_integral(x.dtype):
        raise not_implemented(cx, f"grid_sampler_{n}d_cpu_kernel_impl", x, "grid_sample", recover=made)
    if x.dtype is not None and g.dtype is not None and x.dtype != g.dtype:
        message = f"expected scalar type {scalar_name(x.dtype)} but found {scalar_name(g.dtype)}"
        fault = dtype_fault(cx, "RuntimeError", message, "grid_sample", g, x, wanted=x.dtype)
        fault.recover = made
        raise fault
    return made


@rule("torch.nn.functional.affine_grid")
def affine_grid(cx: Context, theta: Value, size: Value, align_corners: Value = NONE) -> Value:
    """Matrices (batch, n, n + 1) and the size (batch, channels, ...): a grid (batch, ..., n)."""
    if not isinstance(theta, Array):
        return unknown_tensor(cx, theta)
    items = ints_of(size)
    if is_integral(theta.dtype):
        message = f"Expected theta to have floating point type, but got torch.{theta.dtype}"
        raise dtype_fault(cx, "ValueError", message, "affine_grid", theta, wanted="float32")
    if items is None or theta.shape is None:
        return tensor(cx, None, theta.dtype, theta)
    text = _text(size, items)
    n = len(items) - 2
    if n in (2, 3):
        fits = len(theta.shape) == 3 and cx.equal(theta.shape[1], n) and cx.equal(theta.shape[2], n + 1)
        if not fits:
            message = (
                f"Expected a batch of {n}D affine matrices of shape Nx{n}x{n + 1} for size {text}. Got "
                f"torch.Size({shown(theta.shape)})."
            )
            raise rank_fault(cx, "ValueError", message, "affine_grid", theta, 3)
    else:
        message = (
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size "
            f"{text}."
        )
        raise invalid(cx, "NotImplementedError", message, "size", text, theta)
    sizes = tuple(cx.resolve(dim_or(item, cx.fresh(lo=0))) for item in items)
    if any(certainly(cx, one, 1) for one in sizes):
        raise invalid(cx, "ValueError", f"Expected non-zero, positive output size. Got {text}", "size", text, theta)
    if not cx.equal(theta.shape[0], sizes[0]):
        message = (
            f"Expected size for first two dimensions of batch2 tensor to be: [{sizes[0]}, {n + 1}] but got: "
            f"[{theta.shape[0]}, {n + 1}]."
        )
        raise feature_fault(cx, error(cx, "RuntimeError", message), "affine_grid", theta, sizes[0], theta.shape[0], -3)
    return tensor(cx, (sizes[0], *sizes[2:], n), theta.dtype, theta)
