"""``nn.Embedding``, ``nn.EmbeddingBag`` and their functions.

Follows ``torch/nn/modules/sparse.py`` and ``torch/nn/functional.py``. Indices are int64 or int32 of any shape; an index
below 0 or from ``num_embeddings`` on raises IndexError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, LibraryRef, Shape, Value, as_dim, as_int, is_none
from foreshape.faults.embedding_range import EmbeddingRange
from foreshape.faults.weights_shape import WeightsShape
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.ranges import negative, reached
from foreshape.semantics.torch.nn.base import FALSE, MODULE, TRUE, factory, follows, init_module, kept, made_parameter
from foreshape.semantics.torch.nn.demands import MEAN, MINUS_ONE, TWO_F, asked_for, below, negative_size, no_float_size
from foreshape.semantics.torch.support import (
    check_devices,
    error,
    flag,
    invalid,
    required,
    scalar_name,
    tensor,
    wrong_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.nn."
library_type("torch.nn.Embedding", MODULE)
library_type("torch.nn.EmbeddingBag", MODULE)


# -- constructors -----------------------------------------------------------------------------------------------------


def check_padding(cx: Context, padding_idx: Value | None, rows: DimLike | None, name: str) -> Value:
    """The row that stays zero, counted from 0; AssertionError where there is no such row."""
    place = as_dim(padding_idx)
    if place is None or rows is None:
        return Const(None) if padding_idx is None else padding_idx
    outside = below(cx, padding_idx, 0) and not cx.at_least(place + rows, 0)
    if not outside and isinstance(place, int) and place > 0:
        outside = not cx.at_least(rows, place + 1)
    if outside:
        message = f"{name} must be within num_embeddings"
        raise invalid(cx, "AssertionError", message, "padding_idx", place)
    if isinstance(place, int) and place < 0:
        from foreshape.domain.values import int_value

        return int_value(rows + place)
    return padding_idx if padding_idx is not None else Const(None)


def _table(
    cx: Context, self: Instance, num_embeddings: Value, embedding_dim: Value, weight: Value | None, frozen: bool | None,
    device: Value | None, dtype: Value | None,
) -> None:  # fmt: skip
    rows, width = as_dim(num_embeddings), as_dim(embedding_dim)
    if isinstance(weight, Array) and weight.kind == "torch":
        shape = weight.shape
        if shape is not None and rows is not None and width is not None:
            fits = len(shape) == 2 and cx.equal(shape[0], rows) and cx.equal(shape[1], width)
            if not fits:
                message = "Shape of weight does not match num_embeddings and embedding_dim"
                raise WeightsShape(
                    error(cx, "AssertionError", message), values=(weight,), layer="Embedding", needs=(rows, width),
                    got=shape,
                )  # fmt: skip
        meta = {key: held for key, held in weight.meta.items() if key not in ("grad_fn", "requires_grad", "parameter")}
        kept_meta = {**meta, "parameter": True, **({} if frozen else {"requires_grad": True})}
        made = weight.replace(meta=kept_meta, roles=weight.roles)
        made.origin = weight.origin
        cx.set(self, "weight", made)
        return
    no_float_size(cx, num_embeddings, embedding_dim)
    asked = factory(cx, dtype, device)
    shape = None
    if rows is not None and width is not None:
        negative_size(cx, rows, width)
        shape = (rows, width)
    if weight is not None and not is_none(weight):
        asked.dtype = None
    cx.set(self, "weight", made_parameter(shape, asked.dtype, asked.device, not frozen))


@rule("torch.nn.Embedding.__init__", doc=f"{DOC}Embedding.html")
def embedding_init(
    cx: Context, self: Instance, num_embeddings: Value, embedding_dim: Value, padding_idx: Value | None = None,
    max_norm: Value | None = None, norm_type: Value = TWO_F, scale_grad_by_freq: Value = FALSE, sparse: Value = FALSE,
    _weight: Value | None = None, _freeze: Value = FALSE, device: Value | None = None, dtype: Value | None = None,
) -> None:  # fmt: skip
    """A table of ``num_embeddings`` rows of ``embedding_dim`` numbers."""
    init_module(cx, self)
    padding = check_padding(cx, padding_idx, as_dim(num_embeddings), "Padding_idx")
    kept(
        cx, self, num_embeddings=num_embeddings, embedding_dim=embedding_dim, padding_idx=padding, max_norm=max_norm,
        norm_type=norm_type, scale_grad_by_freq=scale_grad_by_freq, sparse=sparse,
    )  # fmt: skip
    _table(cx, self, num_embeddings, embedding_dim, _weight, flag(_freeze), device, dtype)


@rule("torch.nn.EmbeddingBag.__init__", doc=f"{DOC}EmbeddingBag.html")
def bag_init(
    cx: Context, self: Instance, num_embeddings: Value, embedding_dim: Value, max_norm: Value | None = None,
    norm_type: Value = TWO_F, scale_grad_by_freq: Value = FALSE, mode: Value = MEAN, sparse: Value = FALSE,
    _weight: Value | None = None, include_last_offset: Value = FALSE, padding_idx: Value | None = None,
    device: Value | None = None, dtype: Value | None = None,
) -> None:  # fmt: skip
    """The same table; bags of rows are reduced by ``mode``."""
    init_module(cx, self)
    padding = check_padding(cx, padding_idx, as_dim(num_embeddings), "padding_idx")
    kept(
        cx, self, num_embeddings=num_embeddings, embedding_dim=embedding_dim, max_norm=max_norm, norm_type=norm_type,
        scale_grad_by_freq=scale_grad_by_freq, mode=mode, sparse=sparse, include_last_offset=include_last_offset,
        padding_idx=padding,
    )  # fmt: skip
    _table(cx, self, num_embeddings, embedding_dim, _weight, False, device, dtype)


def _pretrained(name: str) -> None:
    @rule(f"torch.nn.{name}.from_pretrained", doc=f"{DOC}{name}.html")
    def from_pretrained(cx: Context, embeddings: Value, freeze: Value = TRUE, **kwargs: Value) -> Value:
        """A module with these rows, frozen unless ``freeze=False``."""
        found = asked_for(cx, embeddings, f"{name}.from_pretrained")
        if found is not None and found.shape is not None and len(found.shape) != 2:
            message = "Embeddings parameter is expected to be 2-dimensional"
            raise wrong_rank(cx, "AssertionError", message, f"{name}.from_pretrained", found, 2)
        shape: tuple[DimLike, ...] = (cx.fresh(), cx.fresh())
        if found is not None and found.shape is not None:
            shape = found.shape
        from foreshape.domain.values import int_value

        made = Instance(LibraryRef(f"torch.nn.{name}"), {})
        rows, width = (int_value(size) for size in shape)
        if name == "Embedding":
            kwargs["_freeze"] = freeze
        held: Value = found if found is not None else embeddings
        cx.rule(f"torch.nn.{name}.__init__", made, rows, width, _weight=held, **kwargs)
        if made.tainted:
            return made
        weight = made.fields.get("weight")
        if name == "EmbeddingBag" and flag(freeze) is not False and isinstance(weight, Array):
            meta = {key: one for key, one in weight.meta.items() if key != "requires_grad"}
            cx.set(made, "weight", weight.replace(meta=meta))
        return made


for _name in ("Embedding", "EmbeddingBag"):
    _pretrained(_name)


# -- looking up -------------------------------------------------------------------------------------------------------


def check_index_dtype(cx: Context, index: Array, function: str, number: int = 1, name: str = "indices") -> None:
    """Indices are Long or Int."""
    if index.dtype in (None, "int64", "int32"):
        return
    kind = f"torch.{scalar_name(index.dtype)}Tensor"
    if index.dtype == "bool":
        kind = "CPUBoolType"
    message = (
        f"Expected tensor for argument #{number} '{name}' to have one of the following scalar types: Long, Int; but got "
        f"{kind} instead (while checking arguments for {function})"
    )
    raise wrong_dtype(cx, "RuntimeError", message, "Embedding", index, wanted="int64")


def look_up(cx: Context, index: Array, weight: Array) -> Value:
    """``torch.embedding``: every index becomes a row of the table."""
    if weight.shape is not None and len(weight.shape) != 2:
        raise wrong_rank(cx, "RuntimeError", "'weight' must be 2-D", "embedding", weight, 2)
    check_index_dtype(cx, index, "embedding")
    check_devices(cx, "embedding", weight, index)
    rows, width = weight.shape if weight.shape is not None else (None, cx.fresh())
    shape: Shape | None = None
    roles: tuple[str | None, ...] | None = None
    if index.shape is not None:
        shape = (*index.shape, width)
        held = index.roles
        if held is None and len(index.shape) == 2:
            held = (None, None)
        roles = (*(held or (None,) * len(index.shape)), "feature")
    made = tensor(cx, shape, weight.dtype, weight, index, roles=roles)
    empty = index.shape is not None and any(isinstance(size, int) and size == 0 for size in index.shape)
    if rows is not None and not empty:
        if isinstance(rows, int) and rows == 0:
            message = "index_select(): self indexing axis dim should be positive"
            raise EmbeddingRange(
                error(cx, "RuntimeError", message), values=(index,), recover=made, index=0, size=0, layer="Embedding"
            )
        bad = reached(cx, index, rows)
        bad = negative(index) if bad is None else bad
        if bad is not None:
            raise EmbeddingRange(
                error(cx, "IndexError", "index out of range in self"), values=(index,), recover=made, index=bad,
                size=rows, layer="Embedding",
            )  # fmt: skip
    return made


@rule("torch.nn.Embedding.forward")
def embedding_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(...) becomes (..., embedding_dim)."""
    index = required(cx, input, "embedding", "indices", 2)
    weight = self.fields.get("weight")
    if index is None or not isinstance(weight, Array):
        return follows(cx, self, input)
    return look_up(cx, index, weight)


@rule("torch.nn.functional.embedding", doc=f"{DOC}functional.embedding.html")
def f_embedding(
    cx: Context, input: Value, weight: Value, padding_idx: Value | None = None, max_norm: Value | None = None,
    norm_type: Value = TWO_F, scale_grad_by_freq: Value = FALSE, sparse: Value = FALSE,
) -> Value:  # fmt: skip
    """``input`` holds the indices, ``weight`` the table."""
    table = weight if isinstance(weight, Array) and weight.kind == "torch" else None
    if table is not None and table.shape:
        check_padding(cx, padding_idx, table.shape[0], "Padding_idx")
    index = required(cx, input, "embedding", "indices", 2)
    table = required(cx, weight, "embedding", "weight", 1)
    if index is None or table is None:
        return follows(cx, input, weight)
    return look_up(cx, index, table)


@rule("torch.embedding")
def torch_embedding(
    cx: Context, weight: Value, indices: Value, padding_idx: Value | None = None, scale_grad_by_freq: Value = FALSE,
    sparse: Value = FALSE,
) -> Value:  # fmt: skip
    """What ``F.embedding`` calls."""
    table = required(cx, weight, "embedding", "weight", 1)
    index = required(cx, indices, "embedding", "indices", 2)
    if index is None or table is None:
        return follows(cx, indices, weight)
    return look_up(cx, index, table)


@rule("torch.nn.functional.one_hot", doc=f"{DOC}functional.one_hot.html")
def one_hot(cx: Context, tensor_: Value, num_classes: Value = MINUS_ONE) -> Value:
    """(...) of int64 becomes (..., num_classes); without it, as many as the largest class needs."""
    index = required(cx, tensor_, "one_hot", "self", 1)
    classes = as_dim(num_classes)
    if index is None:
        return follows(cx, tensor_)
    if index.dtype not in (None, "int64"):
        message = "one_hot is only applicable to index tensor of type LongTensor."
        raise wrong_dtype(cx, "RuntimeError", message, "one_hot", index, wanted="int64")
    empty = index.shape is not None and any(isinstance(size, int) and size == 0 for size in index.shape)
    if empty:
        if as_int(num_classes) is not None and as_int(num_classes) == -1:
            message = "Can not infer total number of classes from empty tensor."
            raise invalid(cx, "RuntimeError", message, "num_classes", -1, index)
    elif (least := negative(index)) is not None:
        raise _class_range(cx, "Class values must be non-negative.", index, least, classes)
    if classes is None or (isinstance(classes, int) and classes == -1):
        size: DimLike = cx.fresh()
        if index.data and all(isinstance(item, int) for item in index.data):
            size = max(index.data) + 1
        elif isinstance(index.lo, int) and index.lo == index.hi:
            size = index.lo + 1
        return tensor(cx, None if index.shape is None else (*index.shape, size), "int64", index, lo=0, hi=1)
    if isinstance(classes, int) and classes < 1:
        message = "num_classes should be positive" if empty else "Class values must be smaller than num_classes."
        raise invalid(cx, "RuntimeError", message, "num_classes", classes, index)
    if not empty and (bad := reached(cx, index, classes)) is not None:
        raise _class_range(cx, "Class values must be smaller than num_classes.", index, bad, classes)
    shape = None if index.shape is None else (*index.shape, classes)
    roles = None if index.roles is None or shape is None else (*index.roles, "class")
    return tensor(cx, shape, "int64", index, lo=0, hi=1, roles=roles)


def _class_range(
    cx: Context, message: str, index: Array, bad: DimLike | float, classes: DimLike | None
) -> EmbeddingRange:
    size = classes if classes is not None else 0
    return EmbeddingRange(error(cx, "RuntimeError", message), values=(index,), index=bad, size=size, layer="one_hot")
