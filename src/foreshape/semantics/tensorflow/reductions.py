"""``tf.reduce_*``, norms, ``argmax`` and what else makes axes go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Instance, Sequence, Shape, Value, as_int, as_str
from foreshape.semantics.notes.compared import note_added_up
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op, op_table
from foreshape.semantics.tensorflow.elementwise import NUMBERS, REALS, not_bool
from foreshape.semantics.tensorflow.support import (
    COMPLEX,
    FLOATS,
    axis_in,
    dtype_or,
    failed,
    flag,
    given,
    graph_mode,
    ints,
    invalid,
    tensor,
    unknown_tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


ADDING: Final = frozenset({"sum", "mean", "reduce_sum", "reduce_mean"})


def reduced(
    cx: Context, x: Array, axis: Value | None, keepdims: Value | None, taker: str
) -> tuple[Shape | None, set[int] | None]:
    """The shape without the axes, and which they are (None: not known)."""
    keep = flag(keepdims)
    if taker in ADDING:
        note_added_up(cx, x)
    if not given(axis):
        if keep:
            return (None if x.shape is None else tuple(1 for _ in x.shape)), None
        return (None if keep is None else ()), None
    axes = ints(cx, axis)
    if x.shape is None or axes is None or keep is None:
        return None, None
    rank = len(x.shape)
    gone: set[int] = set()
    for one in axes:
        message = f"Invalid reduction dimension ({one} for input with {rank} dimension(s)"
        place = axis_in(cx, taker, one, rank, message, x)
        if place in gone:
            text = f"Invalid reduction arguments: Axes contains duplicate dimension: {place}"
            raise invalid(failed("InvalidArgumentError", text), "axis", list(axes), x)
        gone.add(place)
    if keep:
        return tuple(1 if i in gone else dim for i, dim in enumerate(x.shape)), gone
    return tuple(dim for i, dim in enumerate(x.shape) if i not in gone), gone


def reduce_core(cx: Context, value: Value, axis: Value | None, keepdims: Value | None, name: str) -> Value:
    """``tf.reduce_<name>``."""
    if isinstance(value, Instance) and value.library_type == "tensorflow.RaggedTensor":
        from foreshape.semantics.tensorflow.ragged import reduced as of_rows

        return of_rows(cx, value, axis)
    x = as_tensor(cx, value)
    if x is None:
        return unknown_tensor(cx, value)
    if name == "logsumexp":
        reduced(cx, x, axis, keepdims, f"reduce_{name}")
    _check(cx, x, name, axis)
    shape, gone = reduced(cx, x, axis, keepdims, f"reduce_{name}")
    dtype = "bool" if name in ("all", "any") else x.dtype
    lo, hi = (x.lo, x.hi) if name in ("max", "min") or (name == "mean" and x.dtype in FLOATS) else (None, None)
    if name in ("std", "variance", "euclidean_norm"):
        lo = 0
    roles = None
    if x.roles is not None and gone is not None and shape is not None and x.shape is not None:
        keep = len(shape) == len(x.roles)
        roles = x.roles if keep else tuple(role for i, role in enumerate(x.roles) if i not in gone)
    return tensor(
        shape,
        dtype,
        x,
        lo=lo,
        hi=hi,
        roles=roles,
        meta={"loose": True} if lo is not None else {},
        data=_folded(x, name, shape),
    )


def _folded(x: Array, name: str, shape: Shape | None) -> tuple[Any, ...] | None:
    """The product of sizes, the largest length."""
    if shape != () or x.data is None or not x.data or not all(isinstance(item, int) for item in x.data):
        return None
    if x.dtype not in ("int32", "int64"):
        return None
    if name == "max":
        return (max(x.data),)
    if name == "min":
        return (min(x.data),)
    if name == "sum":
        return (sum(x.data),)
    if name == "prod":
        product = 1
        for item in x.data:
            product *= item
        return (product,)
    return None


def _check(cx: Context, x: Array, name: str, axis: Value | None) -> None:
    if x.dtype is None:
        return
    if name in ("all", "any"):
        if x.dtype != "bool" and isinstance(axis, Sequence) and not graph_mode(cx, x):
            from foreshape.faults.dtype_mismatch import DtypeMismatch

            message = f"Tensor conversion requested dtype bool for Tensor with dtype {x.dtype}"
            raise DtypeMismatch(
                failed("ValueError", message), values=(x,), taker=f"reduce_{name}", got=(x.dtype,), wanted="bool"
            )
        if x.dtype != "bool":
            raise not_bool(cx, name.capitalize(), x, 0)
        return
    if name in ("std", "variance"):
        if x.dtype not in (*FLOATS, *COMPLEX):
            from foreshape.faults.dtype_mismatch import DtypeMismatch

            raise DtypeMismatch(
                failed(
                    "TypeError", f"Input must be either real or complex. Received integer type <dtype: '{x.dtype}'>."
                ),
                values=(x,),
                taker=f"reduce_{name}",
                got=(x.dtype,),
                wanted="float32",
            )
        return
    allowed: tuple[str, ...] = REALS if name in ("max", "min") else NUMBERS
    if name == "logsumexp":
        allowed = (*FLOATS, *COMPLEX)
    if name != "count" and x.dtype not in allowed:
        kernel = {
            "sum": "Sum",
            "mean": "Mean",
            "max": "Max",
            "min": "Min",
            "prod": "Prod",
            "logsumexp": "IsFinite",
        }.get(name, "Sum")
        raise wrong_dtype(cx, kernel, x, x.dtype, allowed, "input")


def _reduction(name: str) -> None:
    op_table(
        f"reduce_{name} math.reduce_{name}"
        if name not in ("std", "variance", "euclidean_norm")
        else f"math.reduce_{name}",
        "input_tensor, axis=None, keepdims=None, name=None",
        lambda cx, **g: reduce_core(cx, g["input_tensor"], g.get("axis"), g.get("keepdims"), name),
    )


for _name in ("sum", "mean", "max", "min", "prod", "all", "any", "std", "variance", "logsumexp", "euclidean_norm"):
    _reduction(_name)


@op("tensorflow.nn.moments")
def moments(
    cx: Context,
    x: Value,
    axes: Value,
    shift: Value | None = None,
    keepdims: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Mean and variance."""
    from foreshape.semantics.shared.structure import as_tuple

    found = reduce_core(cx, x, axes, keepdims, "mean")
    return as_tuple((found, found))


@op("tensorflow.nn.weighted_moments")
def weighted_moments(
    cx: Context,
    x: Value,
    axes: Value,
    frequency_weights: Value,
    keepdims: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Mean and variance."""
    return moments(cx, x, axes, None, keepdims)


def tensor_of(shape: Shape | None, x: Array) -> Array:
    """A tensor of the same dtype."""
    return tensor(shape, x.dtype, x)


@op("tensorflow.norm", "tensorflow.linalg.norm")
def norm(
    cx: Context,
    tensor: Value,
    ord: Value | None = None,
    axis: Value | None = None,
    keepdims: Value | None = None,
    name: Value | None = None,
) -> Value:
    """A norm over all axes, one, or two."""
    x = as_tensor(cx, tensor)
    if x is None:
        return unknown_tensor(cx, tensor)
    if x.dtype is not None and x.dtype not in (*FLOATS, *COMPLEX):
        reduced(cx, x, axis, keepdims, "norm")
        if given(ord) and as_str(ord) != "euclidean" and as_int(ord) != 2:
            return tensor_of(reduced(cx, x, axis, keepdims, "norm")[0], x)
        raise wrong_dtype(cx, "Sqrt", x, x.dtype, (*FLOATS, *COMPLEX))
    shape, _ = reduced(cx, x, axis, keepdims, "norm")
    return Array("tensorflow", shape, x.dtype, lo=0) if not x.tainted else unknown_tensor(cx, x)


@op("tensorflow.linalg.normalize")
def normalize(
    cx: Context, tensor: Value, ord: Value | None = None, axis: Value | None = None, name: Value | None = None
) -> Value:
    """The normalized tensor and its norm."""
    from foreshape.domain.values import Const
    from foreshape.semantics.shared.structure import as_tuple

    x = as_tensor(cx, tensor)
    if x is None:
        return unknown_tensor(cx, tensor)
    return as_tuple((x, norm(cx, tensor, ord, axis, Const(True))))


ARGMAX_ERROR = "InvalidArgumentError"
"""Of vectors and scalars, the graph does not look at the axis before it runs."""


@op("tensorflow.argmax", "tensorflow.argmin", "tensorflow.math.argmax", "tensorflow.math.argmin")
def argmax(
    cx: Context, input: Value, axis: Value | None = None, output_type: Value | None = None, name: Value | None = None
) -> Value:
    """Positions along an axis (the first, where none is given): int64."""
    x = as_tensor(cx, input)
    place = 0 if not given(axis) else as_int(axis)
    dtype = dtype_or(output_type, "int64")
    if x is None:
        return unknown_tensor(cx, input)
    if x.shape is None or place is None:
        return tensor(None, dtype, x)
    rank = len(x.shape)
    message = f"Expected dimension in the range [{-rank}, {rank}), but got {place}"
    at = axis_in(cx, "argmax", place, rank, message, x, exception=ARGMAX_ERROR if rank < 2 else "")
    size = x.shape[at]
    return tensor(
        tuple(dim for i, dim in enumerate(x.shape) if i != at),
        dtype,
        x,
        lo=0,
        hi=None if undefined(size) else size - 1,
        meta={"loose": True},
        roles=None if x.roles is None else tuple(role for i, role in enumerate(x.roles) if i != at),
    )
