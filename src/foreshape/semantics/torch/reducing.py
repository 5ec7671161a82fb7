"""Which axes a reduction takes away, and what it leaves."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Int, Sequence, Shape, Typed, Value, as_int
from foreshape.semantics.torch.errors import no_signature
from foreshape.semantics.torch.support import axes_in, axis_in, error, flag, given, ints, invalid, must_be

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

Roles = tuple[str | None, ...]
LOOSE: Final = {"loose": True}
"""In ``meta``: the bounds of the values are limits that may not be reached."""


class Left:
    """What a reduction leaves. shape: None where the rank is not known; axes: those that went, None where not known;
    roles: of the axes that are left; strides: "contiguous", or None where they are not known."""

    __slots__ = ("axes", "roles", "shape", "strides")

    def __init__(
        self, shape: Shape | None, axes: tuple[int, ...] | None, roles: Roles | None = None, strides: str | None = None
    ) -> None:
        self.shape = shape
        self.axes = axes
        self.roles = roles
        self.strides = strides


def layout(*tensors: Array) -> str | None:
    """The strides of what is computed from these: contiguous if they all are, else not known."""
    return None if any("strides" in x.meta for x in tensors) else "contiguous"


def without(x: Array, axes: SequenceOf[int], keep: bool) -> Left:
    """The tensor without these axes (counted from the left)."""
    assert x.shape is not None
    gone = set(axes)
    if keep:
        return Left(tuple(1 if i in gone else size for i, size in enumerate(x.shape)), tuple(axes), x.roles, layout(x))
    kept = [i for i in range(len(x.shape)) if i not in gone]
    roles = None if x.roles is None else tuple(x.roles[i] for i in kept)
    return Left(tuple(x.shape[i] for i in kept), tuple(axes), roles, layout(x))


def check_arguments(cx: Context, taker: str, dim: Value | None, keepdim: Value | None) -> None:
    """TypeError for an axis that is no int, and for ``keepdim`` that is no bool (``x.sum(0, 1)``)."""
    if isinstance(dim, Const) and isinstance(dim.value, (str, float, complex)):
        raise no_signature(cx, taker, "dim", dim)
    if isinstance(keepdim, Const) and keepdim.value is not None and not isinstance(keepdim.value, bool):
        raise must_be(cx, taker, "keepdim", 3, "bool", keepdim)


def reduced(
    cx: Context, taker: str, x: Array, dim: Value | None, keepdim: Value | None = None, *, none_of_none: bool = False
) -> Left:
    """The tensor without the axes that ``dim`` names: an int or several; all of them for None.

    none_of_none: an empty list takes no axis away (else it takes all). IndexError for an axis that there is not,
    RuntimeError for one that is named twice and for more than 64 axes.
    """
    keep = flag(keepdim)
    check_arguments(cx, taker, dim, keepdim)
    if x.shape is None or keep is None:
        whole = not given(dim) and keep is False
        return Left(() if whole else None, None)
    rank = len(x.shape)
    if rank > 64:
        raise invalid(cx, "RuntimeError", "only tensors with up to 64 dims are supported", "dim", f"{rank} axes", x)
    if not given(dim):
        return without(x, range(rank), keep)
    axes = ints(cx, dim)
    if axes is None:
        return _some(cx, x, dim, keep)
    if not axes and not none_of_none:
        return without(x, range(rank), keep)
    found = axes_in(cx, taker, axes, rank, x)
    return without(x, found if rank else (), keep)


def _some(cx: Context, x: Array, dim: Value | None, keep: bool) -> Left:
    """One axis, or a known number of them, without knowing which."""
    assert x.shape is not None
    count = None
    if isinstance(dim, (Int, Typed)):
        count = 1
    elif isinstance(dim, Sequence):
        length = dim.contents.length
        count = length if isinstance(length, int) and length else None
    if keep:
        return Left(tuple(cx.fresh() for _ in x.shape), None)
    if count is None or count > len(x.shape):
        return Left(None, None)
    return Left(tuple(cx.fresh() for _ in range(len(x.shape) - count)), None)


def axis_of(cx: Context, taker: str, x: Array, dim: Value | None, default: int = -1) -> int | None:
    """The one axis that ``dim`` names, counted from the left; None where it is not known."""
    if x.shape is None:
        return None
    place = default if not given(dim) else as_int(dim)
    return None if place is None else axis_in(cx, taker, place, len(x.shape), x)


def is_zero(size: DimLike) -> bool:
    return isinstance(size, int) and size == 0


def no_elements(cx: Context, x: Array) -> bool:
    """Whether the tensor certainly has no elements."""
    return x.shape is not None and any(is_zero(cx.resolve(size)) for size in x.shape)


def needs_elements(cx: Context, taker: str, x: Array, left: Left, dim: Value | None, text: str = "") -> None:
    """Errors of reductions that have no result for nothing (``amax``): IndexError where an axis of size 0 is reduced."""
    from foreshape.faults.invalid_argument import InvalidArgument

    if x.shape is None or not no_elements(cx, x):
        return
    listed = ints(cx, dim) if given(dim) else ()
    if listed == ():
        message = text or (
            f"{taker}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with "
            "the 'dim' argument."
        )
        raise InvalidArgument(error(cx, "RuntimeError", message), values=(x,), argument="dim", given="None")
    for axis in left.axes or ():
        if x.shape and is_zero(cx.resolve(x.shape[axis])):
            message = f"{taker}(): Expected reduction dim {axis} to have non-zero size."
            raise InvalidArgument(error(cx, "IndexError", message), values=(x,), argument="dim", given=str(axis))


def limits(x: Array) -> dict[str, Any]:
    """Of values that are taken from a tensor: its bounds, as limits."""
    if x.lo is None and x.hi is None:
        return {}
    return {"lo": x.lo, "hi": x.hi, "meta": LOOSE}
