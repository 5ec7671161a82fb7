"""What several families of layers share: sizes per axis, the batch that may be missing, sizes of parameters."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_dim,
    is_none,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.torch.nn.base import ints_of
from foreshape.semantics.torch.support import (
    error,
    invalid,
    is_integral,
    python_type,
    shown,
    surely_no_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

TYPE_NAMES = {
    "float32": "float", "float64": "double", "float16": "c10::Half", "bfloat16": "c10::BFloat16", "int64": "long int",
    "int32": "int", "int16": "short int", "int8": "signed char", "uint8": "unsigned char", "bool": "bool",
    "complex64": "c10::complex<float>", "complex128": "c10::complex<double>",
}  # fmt: skip
"""How C++ spells dtypes."""
COUNTS = {1: "1", 2: "2", 3: "3"}


def ntuple(value: Value, n: int) -> Value:
    """``_pair``: an iterable as a tuple, anything else repeated."""
    items = ints_of(value)
    if items is not None:
        return Sequence("tuple", Contents(items))
    if isinstance(value, (Sequence, Unknown)):
        return value
    return Sequence("tuple", Contents((value,) * n))


def per_axis(cx: Context, value: Value | None, n: int, default: SequenceOf[DimLike] | None = None) -> Shape | None:
    """An int, or a list of them, as n sizes: one is repeated. None where they are not known one by one."""
    if value is None or is_none(value):
        return None if default is None else tuple(default)
    one = as_dim(value)
    if one is not None:
        return (one,) * n
    if isinstance(value, Typed) and value.kind == "int":
        return (cx.fresh(lo=0),) * n
    items = ints_of(value)
    if items is None:
        return None
    found = tuple(_dim(cx, item) for item in items)
    return found * n if len(found) == 1 else found


def _dim(cx: Context, item: Value) -> DimLike:
    found = as_dim(item)
    return cx.fresh(lo=0) if found is None else cx.resolve(found)


def certainly(cx: Context, size: DimLike, below: int) -> bool:
    """Whether a size is certainly below a number."""
    from foreshape.domain.compare import ge

    return ge(size, below, cx.facts).is_no


def combination(cx: Context, taker: str, *values: Value) -> Fault:
    """``conv2d() received an invalid combination of arguments``."""
    from foreshape.faults.unsupported_data import UnsupportedData

    kinds = ", ".join(parser_type(value) for value in values)
    message = f"{taker}() received an invalid combination of arguments - got ({kinds})"
    odd = next((value for value in values if surely_no_tensor(value)), values[0])
    return UnsupportedData(error(cx, "TypeError", message), values=(odd,), taker=taker, given=parser_type(odd))


def parser_type(value: Value) -> str:
    """The type of an argument as the parser prints it."""
    return "Parameter" if isinstance(value, Array) and value.meta.get("parameter") else python_type(value)


def rank_fault(
    cx: Context,
    exception: str,
    message: str,
    taker: str,
    x: Array,
    needs: int,
    axes: tuple[str, ...] = (),
    at_least: bool = False,
) -> Fault:
    """The fault for a tensor with another number of axes than a layer takes."""
    from foreshape.faults.rank_mismatch import RankMismatch

    return RankMismatch(
        error(cx, exception, message), values=(x,), taker=taker, needs=needs, at_least=at_least, axes=axes,
        got=x.shape or (),
    )  # fmt: skip


def feature_fault(cx: Context, raised: Raises, taker: str, x: Array, needs: DimLike, got: DimLike, axis: int) -> Fault:
    """The fault for another number of features than a layer was made for. axis: from the end."""
    from foreshape.faults.feature_mismatch import FeatureMismatch

    return FeatureMismatch(raised, values=(x,), taker=taker, needs=needs, got=got, axis=axis, shape=x.shape)


def dtype_fault(
    cx: Context, exception: str, message: str, taker: str, *values: Array, wanted: str | None = None
) -> Fault:
    """The fault for dtypes that do not go together."""
    from foreshape.faults.dtype_mismatch import DtypeMismatch

    got = tuple(value.dtype or "?" for value in values)
    return DtypeMismatch(error(cx, exception, message), values=values, taker=taker, got=got, wanted=wanted)


def parameter_sizes(cx: Context, sizes: SequenceOf[Value], name: str = "size", packed: bool = True) -> Shape:
    """The shape of a parameter made of arguments of the constructor; what is no size raises as ``torch.empty`` does."""
    found: list[DimLike] = []
    for place, value in enumerate(sizes):
        size = as_dim(value)
        if size is None and isinstance(value, (Const, Typed, Sequence, Array)) and not _open_int(value):
            if isinstance(value, Array) and not _no_index(value):
                found.append(cx.fresh(lo=0))
                continue
            kind = python_type(value)
            message = f"empty(): argument 'size' (position 1) must be tuple of ints, but found element of type {kind} at pos 0"
            if place:
                message = (
                    f"empty(): argument 'size' failed to unpack the object at pos {place + 1} with error "
                    f'"type must be tuple of ints,but got {kind}"'
                )
            raise invalid(cx, "TypeError", message, "size", cx.text(value), value)
        found.append(cx.fresh(lo=0) if size is None else cx.resolve(size))
    check_sizes(cx, found)
    return tuple(found)


def _no_index(value: Array) -> bool:
    """Whether an array is certainly no number that ``__index__`` reads: axes, or a dtype that is no int."""
    return bool(value.shape) or (value.shape == () and value.dtype is not None and not is_integral(value.dtype))


def _open_int(value: Value) -> bool:
    return isinstance(value, Typed) and value.kind in ("int", "bool")


def check_sizes(cx: Context, sizes: SequenceOf[DimLike]) -> None:
    """A tensor has no negative sizes."""
    for size in sizes:
        if isinstance(size, int) and size < 0:
            message = f"Trying to create tensor with negative dimension {size}: {shown(sizes)}"
            raise invalid(cx, "RuntimeError", message, "size", size)


def written(cx: Context, taker: str, made: Value, out: Value | None, *sources: Value) -> Value:
    """The result, written to ``out`` where that is given."""
    if out is None or is_none(out):
        return made
    from foreshape.semantics.torch.inplace import write_out

    return write_out(cx, taker, made, out, [source for source in sources if isinstance(source, Array)])


def batched(x: Array, n: int) -> bool:
    """Whether an input of a layer over n axes has a batch axis."""
    return x.shape is not None and len(x.shape) == n + 2
