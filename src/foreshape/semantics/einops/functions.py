"""``rearrange``, ``reduce``, ``repeat`` and ``parse_shape``.

https://einops.rocks/api/rearrange/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Int,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_str,
    int_value,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.einops.pattern import REDUCTIONS, Expression, PatternError, Recipe, recipe
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://einops.rocks/api"
library_type("einops.EinopsError", "builtins.RuntimeError")


def lengths_of(cx: Context, given: Mapping[str, Value]) -> dict[str, DimLike | None]:
    """The sizes that are given by name; None where one is not known."""
    return {name: as_dim(value) for name, value in given.items()}


def shape_text(x: Array) -> str:
    """A shape as the backend prints it."""
    inside = ", ".join(map(str, x.shape or ()))
    if x.kind == "torch":
        return f"torch.Size([{inside}])"
    return f"({inside},)" if x.shape is not None and len(x.shape) == 1 else f"({inside})"


def lengths_text(given: Mapping[str, Value]) -> str:
    """``{'h': 3}``."""
    parts = []
    for name, value in given.items():
        dim = as_dim(value)
        parts.append(f"{name!r}: {dim if dim is not None else value.value if isinstance(value, Const) else '?'}")
    return "{" + ", ".join(parts) + "}"


def fault_of(problem: PatternError, message: str, pattern: str, x: Value, taker: str) -> Fault:
    """The fault for a pattern that is wrong or does not fit."""
    raised = Raises(problem.kind, message if problem.kind == "EinopsError" else problem.text, by="einops")
    if problem.rank is not None and isinstance(x, Array):
        from foreshape.faults.rank_mismatch import RankMismatch

        return RankMismatch(
            raised, values=(x,), taker=taker, needs=problem.rank, at_least=">=" in problem.text, got=x.shape or ()
        )
    if problem.target is not None and isinstance(x, Array):
        from foreshape.faults.reshape_size import ReshapeSize

        return ReshapeSize(raised, values=(x,), shape=x.shape or (), target=problem.target, taker=taker)
    from foreshape.faults.invalid_argument import InvalidArgument

    return InvalidArgument(raised, values=(x,), argument="pattern", given=repr(pattern))


def operand(cx: Context, tensor: Value) -> Array | None:
    """The tensor; a list of tensors is stacked. RuntimeError for what einops does not know, None where nothing is
    known."""
    if isinstance(tensor, Array):
        return tensor
    if isinstance(tensor, Sequence) and tensor.kind == "list":
        contents = tensor.contents
        if contents.length == 0:
            raise _wrong(cx, "TypeError", "Rearrange/Reduce/Repeat can't be applied to an empty list", tensor, "list")
        first = contents.at(0)
        if isinstance(first, Array) and first.kind in ("torch", "numpy"):
            made = cx.rule(f"{first.kind}.stack", tensor)
            return made if isinstance(made, Array) else None
        if isinstance(first, Sequence):
            raise _wrong(cx, "RuntimeError", f"Tensor type unknown to einops <class '{first.kind}'>", tensor, "list")
        return None
    kind = None
    if isinstance(tensor, Const):
        kind = type(tensor.value).__name__
    elif isinstance(tensor, Int):
        kind = "int"
    elif isinstance(tensor, (Typed, Sequence)):
        kind = tensor.kind
    elif isinstance(tensor, DictValue):
        kind = "dict"
    if kind is not None:
        raise _wrong(cx, "RuntimeError", f"Tensor type unknown to einops <class '{kind}'>", tensor, kind)
    return None


def _wrong(cx: Context, exception: str, message: str, value: Value, given: str) -> Fault:
    from foreshape.faults.unsupported_data import UnsupportedData

    return UnsupportedData(Raises(exception, message, by="einops"), values=(value,), taker="einops", given=given)


def transform(
    cx: Context, tensor: Value, pattern: Value, operation: str, reduction: Value | None, given: Mapping[str, Value]
) -> Value:
    """A pattern applied to a tensor."""
    x = operand(cx, tensor)
    text = as_str(pattern)
    if x is None or text is None:
        made = cx.unknown(tensor.reason if isinstance(tensor, Unknown) else "the tensor or the pattern is not known")
        made.tainted = tensor.tainted
        return made
    if x.shape is None:
        result = Array(x.kind, _rank_only(cx, text), _dtype(cx, x, operation), meta=_meta(x))
        result.tainted = x.tainted
        return result
    try:
        found = recipe(cx, text, operation, x.shape, lengths_of(cx, given))
    except PatternError as problem:
        where = "list" if isinstance(tensor, Sequence) else f"Input tensor shape: {shape_text(x)}"
        shown = where if isinstance(tensor, Sequence) else f"{where}"
        head = f' Error while processing {operation}-reduction pattern "{text}".\n '
        middle = f"Input is {shown}. " if isinstance(tensor, Sequence) else f"{shown}. "
        message = f"{head}{middle}Additional info: {lengths_text(given)}.\n {problem.text}"
        raise fault_of(problem, message, text, x, _taker(operation)) from None
    return apply(cx, x, found, operation, reduction)


def _taker(operation: str) -> str:
    return operation if operation in ("rearrange", "repeat") else "reduce"


def _rank_only(cx: Context, text: str) -> tuple[DimLike, ...] | None:
    """The sizes of the result where only its rank is known."""
    try:
        right = Expression(text.split("->")[-1])
    except PatternError:
        return None
    if right.ellipsis:
        return None
    return tuple(
        1 if not group else cx.fresh(str(group[0]) if len(group) == 1 else None, lo=0) for group in right.groups
    )


def _meta(x: Array) -> dict[str, Any]:
    return {key: value for key, value in x.meta.items() if key in ("device", "requires_grad", "grad_fn")}


def _dtype(cx: Context, x: Array, operation: str) -> str | None:
    if operation in ("any", "all"):
        return "bool"
    whole = x.dtype is not None and ("int" in x.dtype or x.dtype == "bool")
    if operation in ("sum", "prod") and whole and x.kind in ("torch", "numpy"):
        return "uint64" if x.kind == "numpy" and x.dtype is not None and x.dtype.startswith("uint") else "int64"
    if operation == "" and x.kind != "numpy":
        return None
    return x.dtype


def apply(cx: Context, x: Array, found: Recipe, operation: str, reduction: Value | None) -> Value:
    """The tensor opened, put in order, reduced, repeated and closed again."""
    if operation == "mean" and found.reduced and x.dtype is not None and ("int" in x.dtype or x.dtype == "bool"):
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        message = "reduce_mean is not available for non-floating tensors"
        raised = Raises("NotImplementedError", message, by="einops")
        raise DtypeMismatch(raised, values=(x,), taker="reduce", got=(x.dtype,), wanted="float32")
    shape = tuple(cx.resolve(size) for size in found.shape)
    if operation == "" and reduction is not None and found.reduced:
        return _called(cx, x, found, reduction, shape)
    if x.kind == "torch" and not found.reduced:
        made = _as_torch(cx, x, found)
        if isinstance(made, Array) and made.shape is not None:
            result = made.replace(shape=shape, meta=made.meta, lo=x.lo, hi=x.hi)
            result.tainted = x.tainted
            return result
    keeps = not found.reduced or operation in ("min", "max", "mean")
    dtype = _dtype(cx, x, operation) if found.reduced else x.dtype
    meta = _meta(x)
    if "requires_grad" in meta:
        meta["grad_fn"] = meta["requires_grad"]
    if x.kind == "torch" and found.reduced and found.order != sorted(found.order):
        meta["strides"] = None
    result = Array(x.kind, shape, dtype, lo=x.lo if keeps else None, hi=x.hi if keeps else None, meta=meta)
    if operation in ("any", "all"):
        result = Array(x.kind, shape, dtype, meta={key: value for key, value in meta.items() if key == "device"})
    result.tainted = x.tainted
    return result


def _sizes(shape: tuple[DimLike, ...]) -> Sequence:
    return Sequence("tuple", Contents(tuple(int_value(size) for size in shape)))


def _as_torch(cx: Context, x: Array, found: Recipe) -> Value:
    """The steps that einops takes, so that it is known whether the result is contiguous."""
    made: Value = x
    if any(len(group) != 1 for group in found.left):
        made = cx.rule("torch.reshape", made, _sizes(found.opened))
    order = found.order
    if order != sorted(order):
        made = cx.rule("torch.permute", made, Sequence("tuple", Contents(tuple(Const(place) for place in order))))
    for place, _ in found.added:
        made = cx.rule("torch.unsqueeze", made, Const(place))
    if found.added and isinstance(made, Array) and made.shape is not None:
        sizes = list(made.shape)
        for place, size in found.added:
            sizes[place] = size
        made = cx.rule("torch.Tensor.expand", made, _sizes(tuple(sizes)))
    if any(len(group) != 1 for group in found.right):
        made = cx.rule("torch.reshape", made, _sizes(found.shape))
    return made


def _called(cx: Context, x: Array, found: Recipe, reduction: Value, shape: tuple[DimLike, ...]) -> Value:
    """A reduction by a function of the program: it is given the tensor and a tuple of axes."""
    opened = found.opened
    order = found.order
    inner = Array(x.kind, tuple(opened[place] for place in order), x.dtype, lo=x.lo, hi=x.hi, meta=_meta(x))
    inner.origin = x.origin
    first = len(order) - len(found.reduced)
    axes = Sequence("tuple", Contents(tuple(Const(place) for place in range(first, len(order)))))
    made = cx.call(reduction, (inner, axes))
    if isinstance(made, Array):
        return made.replace(shape=shape, meta=made.meta)
    return Array(x.kind, shape, None, meta=_meta(x))


@rule("einops.rearrange", doc=f"{DOC}/rearrange/")
def rearrange(cx: Context, tensor: Value, pattern: Value, **axes_lengths: Value) -> Value:
    """Axes opened, closed and put in another order. EinopsError where the pattern does not fit."""
    return transform(cx, tensor, pattern, "rearrange", None, axes_lengths)


@rule("einops.repeat", doc=f"{DOC}/repeat/")
def repeat(cx: Context, tensor: Value, pattern: Value, **axes_lengths: Value) -> Value:
    """As ``rearrange``, with new axes along which the tensor is repeated."""
    return transform(cx, tensor, pattern, "repeat", None, axes_lengths)


@rule("einops.reduce", doc=f"{DOC}/reduce/")
def reduce(cx: Context, tensor: Value, pattern: Value, reduction: Value, **axes_lengths: Value) -> Value:
    """As ``rearrange``; axes that are not on the right are reduced. Mean of integers: NotImplementedError."""
    word = as_str(reduction)
    if word is None and isinstance(reduction, (Unknown, Typed)):
        word = REDUCTIONS[0]
        made = transform(cx, tensor, pattern, word, None, axes_lengths)
        return made.replace(dtype=None, meta=made.meta) if isinstance(made, Array) else made
    return transform(cx, tensor, pattern, "" if word is None else word, reduction, axes_lengths)


@rule("einops.parse_shape", doc=f"{DOC}/parse_shape/")
def parse_shape(cx: Context, x: Value, pattern: Value) -> Value:
    """The sizes by name; ``_`` leaves one out. RuntimeError where the number of axes is another."""
    text = as_str(pattern)
    if not isinstance(x, Array) or x.shape is None or text is None:
        return cx.unknown("the tensor or the pattern is not known")
    try:
        side = Expression(text, underscore=True)
    except PatternError as problem:
        raise fault_of(problem, problem.text, text, x, "parse_shape") from None
    shape = shape_text(x)
    if any(not isinstance(group, str) and len(group) > 1 for group in side.groups):
        message = f"Can't parse shape with composite axes: {text} {shape}"
        raise fault_of(PatternError(message, kind="RuntimeError"), message, text, x, "parse_shape")
    groups: list[Any] = list(side.groups)
    count = len(groups) - (1 if side.ellipsis else 0)
    if (side.ellipsis and len(x.shape) < count) or (not side.ellipsis and len(x.shape) != count):
        more = " (at least)" if side.ellipsis else ""
        message = f"Can't parse shape with different number of dimensions: {text} {shape}"
        if side.ellipsis:
            message = f"Can't parse shape with this number of dimensions: {text} {shape}"
        raise fault_of(PatternError(message, kind="RuntimeError", rank=count), message + more, text, x, "parse_shape")
    if side.ellipsis:
        at = groups.index("…")
        groups[at : at + 1] = [["_"]] * (len(x.shape) - count)
    made: dict[Any, Value] = {}
    for group, size in zip(groups, x.shape):
        if not group:
            if not cx.equal(size, 1):
                message = f"Length of anonymous axis does not match: {text} {shape}"
                raise fault_of(PatternError(message, kind="RuntimeError"), message, text, x, "parse_shape")
        elif isinstance(group[0], str) and group[0] != "_":
            made[group[0]] = int_value(size)
    return DictValue(made)


@rule("einops.asnumpy")
def asnumpy(cx: Context, tensor: Value) -> Value:
    """A NumPy array of the same shape."""
    if isinstance(tensor, Array):
        return tensor if tensor.kind == "numpy" else cx.call_method(cx.call_method(tensor, "detach"), "numpy")
    return cx.unknown("the tensor is not known")
