"""``F.embedding_bag`` and ``nn.EmbeddingBag``: rows of a table, reduced per bag.

A 2-D input is a batch of bags of the same size; a 1-D input is cut by ``offsets``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Shape, Value, as_str
from foreshape.faults.embedding_range import EmbeddingRange
from foreshape.faults.label_shape import LabelShape
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.ranges import negative, reached
from foreshape.semantics.torch.nn.base import FALSE, follows
from foreshape.semantics.torch.nn.demands import MEAN, TWO, asked_for, size_text
from foreshape.semantics.torch.nn.embedding import check_index_dtype
from foreshape.semantics.torch.support import (
    error,
    flag,
    given,
    invalid,
    is_floating,
    numbers,
    python_type,
    scalar_name,
    tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.embedding_bag.html"
MODES: Final = ("sum", "mean", "max")


@rule("torch.nn.EmbeddingBag.forward")
def bag_forward(
    cx: Context, self: Instance, input: Value, offsets: Value | None = None, per_sample_weights: Value | None = None
) -> Value:
    """(batch, n) or (n,) with offsets becomes (bags, embedding_dim)."""
    fields = self.fields
    if "weight" not in fields:
        return follows(cx, self, input)
    return embedding_bag(
        cx, input, fields["weight"], offsets, fields.get("max_norm"), fields.get("norm_type", FALSE),
        fields.get("scale_grad_by_freq", FALSE), fields.get("mode", Const("mean")), fields.get("sparse", FALSE),
        per_sample_weights, fields.get("include_last_offset", FALSE), fields.get("padding_idx"),
    )  # fmt: skip


@rule("torch.nn.functional.embedding_bag", doc=DOC)
def embedding_bag(
    cx: Context, input: Value, weight: Value, offsets: Value | None = None, max_norm: Value | None = None,
    norm_type: Value = TWO, scale_grad_by_freq: Value = FALSE, mode: Value = MEAN, sparse: Value = FALSE,
    per_sample_weights: Value | None = None, include_last_offset: Value = FALSE, padding_idx: Value | None = None,
) -> Value:  # fmt: skip
    """One row per bag. The old order of the arguments (weight, input) is still taken, with a warning."""
    if isinstance(weight, Array) and weight.dtype == "int64" and isinstance(input, Array) and is_floating(input.dtype):
        input, weight = weight, input
    index = asked_for(cx, input, "embedding_bag")
    if index is None and input is not None and isinstance(input, Const):
        raise invalid(cx, "AttributeError", "the input is no tensor", "input", cx.text(input))
    table = weight if isinstance(weight, Array) and weight.kind == "torch" else None
    if index is None or table is None or index.shape is None or table.shape is None:
        return follows(cx, input, weight)
    shares = per_sample_weights if isinstance(per_sample_weights, Array) else None
    if shares is not None and shares.shape is not None:
        _check_shares(cx, index, shares)
    if len(table.shape) != 2:
        message = f"weight has to be a 2D Tensor, but got Tensor of dimension {len(table.shape)}"
        raise RankMismatch(
            error(cx, "ValueError", message), values=(table,), taker="embedding_bag", needs=2, got=table.shape
        )
    bags = _bags(cx, index, offsets, flag(include_last_offset))
    how = as_str(mode)
    if how is not None:
        _check_mode(cx, how, scale_grad_by_freq, sparse, given(per_sample_weights))
    check_index_dtype(cx, index, "embedding_bag")
    if isinstance(offsets, Array) and len(index.shape) == 1:
        check_index_dtype(cx, offsets, "embedding_bag")
        _check_offsets(cx, index, offsets)
    _check_range(cx, index, table.shape[0])
    if shares is not None and None not in (shares.dtype, table.dtype) and shares.dtype != table.dtype:
        message = (
            "Expected tensor for argument #1 'weight' to have the same type as tensor for argument #1 "
            f"'per_sample_weights'; but type torch.{scalar_name(table.dtype)}Tensor does not equal "
            f"torch.{scalar_name(shares.dtype)}Tensor (while checking arguments for embedding_bag)"
        )
        raise wrong_dtype(cx, "RuntimeError", message, "per_sample_weights", shares, wanted=table.dtype)
    front = index.roles[0] if index.roles is not None and len(index.shape) == 2 else "batch"
    return tensor(cx, (bags, table.shape[1]), table.dtype, table, index, shares, roles=(front or "batch", "feature"))


def _check_shares(cx: Context, index: Array, shares: Array) -> None:
    assert index.shape is not None and shares.shape is not None
    same = len(index.shape) == len(shares.shape) and all(map(cx.equal, index.shape, shares.shape))
    if not same:
        message = (
            f"embedding_bag: If per_sample_weights ({size_text(shares.shape)}) is not None, then it must have the same "
            f"shape as the input ({size_text(index.shape)})"
        )
        raise LabelShape(
            error(cx, "ValueError", message), values=(shares, index), loss="embedding_bag", labels=shares.shape,
            predictions=index.shape,
        )  # fmt: skip


def _bags(cx: Context, index: Array, offsets: Value | None, last: bool | None) -> DimLike:
    """How many bags there are; what is said of ``offsets`` that do not fit."""
    shape: Shape = index.shape or ()
    if len(shape) == 2:
        if given(offsets):
            kind = "torch.Tensor" if isinstance(offsets, Array) else python_type(offsets) if offsets else "None"
            message = (
                "if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length "
                f"sequences. However, found offsets of type <class '{kind}'>"
            )
            raise invalid(cx, "ValueError", message, "offsets", "given")
        if index.dtype == "bool":
            message = "\"arange_cpu\" not implemented for 'Bool'"
            raise wrong_dtype(cx, "NotImplementedError", message, "embedding_bag", index, wanted="int64")
        return shape[0]
    if len(shape) != 1:
        message = f"input has to be 1D or 2D Tensor, but got Tensor of dimension {len(shape)}"
        raise RankMismatch(error(cx, "ValueError", message), values=(index,), taker="embedding_bag", needs=2, got=shape)
    if not given(offsets):
        raise invalid(cx, "ValueError", "offsets has to be a 1D Tensor but got None", "offsets", "None", index)
    starts = asked_for(cx, offsets, "embedding_bag")
    if starts is None or starts.shape is None:
        return cx.fresh(lo=0)
    if len(starts.shape) != 1:
        message = "offsets has to be a 1D Tensor"
        raise RankMismatch(
            error(cx, "ValueError", message), values=(starts,), taker="embedding_bag", needs=1, got=starts.shape
        )
    return cx.fresh(lo=0) if last is None else starts.shape[0] - (1 if last else 0)


def _check_mode(cx: Context, how: str, by_frequency: Value, sparse: Value, shares: bool) -> None:
    if how not in MODES:
        raise invalid(cx, "ValueError", "mode has to be one of sum, mean or max", "mode", repr(how))
    if how == "max" and flag(by_frequency):
        message = "max mode does not support scaling the gradient by the frequency"
        raise invalid(cx, "ValueError", message, "scale_grad_by_freq", True)
    if how == "max" and flag(sparse):
        raise invalid(cx, "ValueError", "max mode does not support sparse weights", "sparse", True)
    if shares and how != "sum":
        message = (
            "embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got "
            f"mode='{how}'). Please open a feature request on GitHub."
        )
        raise invalid(cx, "NotImplementedError", message, "mode", repr(how))


def _check_offsets(cx: Context, index: Array, offsets: Array) -> None:
    assert index.shape is not None
    data = offsets.data
    if data is None or not numbers(data) or not data or not all(isinstance(item, int) for item in data):
        return
    if data[0] != 0:
        kind = {"int32": "Int"}.get(offsets.dtype or "", "Long")
        message = (
            "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, "
            f"got {data[0]}\n[ torch.{kind}Tensor{{}} ]"
        )
        raise invalid(cx, "RuntimeError", message, "offsets", data[0], offsets)
    length = index.shape[0]
    if not cx.at_least(length, data[-1]):
        message = f"offsets[-1] can not be greater than input's length {length} but got offsets[-1] of {data[-1]}"
        raise invalid(cx, "RuntimeError", message, "offsets", data[-1], offsets)


def _check_range(cx: Context, index: Array, rows: DimLike) -> None:
    assert index.shape is not None
    if any(isinstance(size, int) and size == 0 for size in index.shape):
        return
    bad = reached(cx, index, rows)
    bad = negative(index) if bad is None else bad
    if bad is None:
        return
    place = 0
    if index.data is not None and bad in index.data:
        place = index.data.index(bad)
    message = f"Index {place} of input takes value {bad} which is not in the valid range [0, {rows})"
    raise EmbeddingRange(
        error(cx, "RuntimeError", message), values=(index,), index=bad, size=rows, layer="EmbeddingBag"
    )
