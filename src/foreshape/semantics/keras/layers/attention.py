"""``Attention`` and ``AdditiveAttention``.

Follows ``keras/src/layers/attention`` and the ``tf_keras`` ones. Keras 3 works a symbolic output out from query and
value alone; the sizes are multiplied, and so checked, only when real data comes (``fit``). Keras 2 runs the layer
symbolically too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Int, Sequence, Shape, Value, as_bool, is_none
from foreshape.faults.ambiguous_truth import AmbiguousTruth
from foreshape.faults.layer_input_count import LayerInputCount
from foreshape.faults.mask_shape import MaskShape
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import (
    add_weight,
    bool_field,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    same,
    shape_of,
    weights_of,
)
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.layers.kernels import shape_error, sizes_text
from foreshape.semantics.keras.layers.numbers import fitted
from foreshape.semantics.keras.methods import in_graph
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("keras.layers.Attention", "keras.Layer")
library_type("keras.layers.AdditiveAttention", "keras.layers.Attention")


def _kind(self: Instance) -> str:
    return self.cls.name.rpartition(".")[2]


# -- Attention, AdditiveAttention -------------------------------------------------------------------------------------


@rule("keras.layers.Attention.__init__")
def attention_init(
    cx: Context, self: Instance, use_scale: Value | None = None, score_mode: Value | None = None,
    dropout: Value | None = None, seed: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """Dot-product attention."""
    if not is_keras3(cx):
        kwargs.pop("causal", None)
    init_layer(cx, self, kwargs)
    if isinstance(score_mode, Const) and score_mode.value not in ("dot", "concat"):
        tail = f"Received: score_mode={score_mode.value}" if is_keras3(cx) else f"Received: {score_mode.value}"
        message = f"Invalid value for argument score_mode. Expected one of {{'dot', 'concat'}}. {tail}"
        raise invalid(cx, "ValueError", message, "score_mode", score_mode)
    cx.set(self, "use_scale", use_scale if use_scale is not None else Const(False))
    cx.set(self, "score_mode", score_mode if score_mode is not None else Const("dot"))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.AdditiveAttention.__init__")
def additive_init(
    cx: Context, self: Instance, use_scale: Value | None = None, dropout: Value | None = None, **kwargs: Value
) -> None:
    """Additive (Bahdanau) attention."""
    if not is_keras3(cx):
        kwargs.pop("causal", None)
    init_layer(cx, self, kwargs)
    cx.set(self, "use_scale", use_scale if use_scale is not None else Const(True))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Attention.build")
def attention_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """A scale, where asked for."""
    if not isinstance(input_shape, Sequence):
        return
    items = input_shape.contents.items()
    if items is None:
        return
    single = any(isinstance(item, (Const, Int)) for item in items)
    if single or (input_shape.kind != "list" and is_keras3(cx)):
        shown = dims_text(shape_of(cx, input_shape)) if single else "(...)"
        _not_a_list(cx, self, f"inputs={shown}.", is_tuple=not single)
    if len(items) == 1 and not is_keras3(cx) and _kind(self) == "AdditiveAttention":
        raise LayerInputCount(error(cx, "IndexError", "list index out of range"), taker=_kind(self), needs=2, got=1)
    if len(items) not in (2, 3):
        _wrong_count(cx, self, len(items))
    if bool_field(self, "use_scale"):
        additive = _kind(self) == "AdditiveAttention"
        last = shape_of(cx, items[0 if is_keras3(cx) else 1])
        add_weight(cx, self, "scale", () if not additive else (None if not last else (last[-1],)))
    if isinstance(self.fields.get("score_mode"), Const) and self.fields["score_mode"].value == "concat":
        add_weight(cx, self, "concat_score_weight", ())


def _not_a_list(cx: Context, self: Instance, received: str, is_tuple: bool = False) -> None:
    message = (
        f"{_kind(self)} layer must be called on a list of inputs, namely [query, value] or [query, value, key]. "
        f"Received: {received}"
    )
    if is_tuple:
        raise UnsupportedData(error(cx, "ValueError", message), taker=_kind(self), given="<class 'tuple'>")
    raise LayerInputCount(error(cx, "ValueError", message), taker=_kind(self), needs=2, got=1)


def _wrong_count(cx: Context, self: Instance, got: int) -> None:
    message = (
        f"{_kind(self)} layer accepts inputs list of length 2 or 3, namely [query, value] or [query, value, key]. "
        f"Received length: {got}."
    )
    raise LayerInputCount(error(cx, "ValueError", message), taker=_kind(self), needs=2, got=got)


def _inputs(cx: Context, self: Instance, inputs: Value) -> list[Value]:
    if isinstance(inputs, Array):
        _not_a_list(cx, self, dims_text(inputs.shape))
    items = inputs.contents.items() if isinstance(inputs, Sequence) else None
    if items is None:
        return []
    if isinstance(inputs, Sequence) and inputs.kind == "tuple":
        _not_a_list(cx, self, "(...)", is_tuple=True)
    if len(items) not in (2, 3):
        _wrong_count(cx, self, len(items))
    return list(items)


def _check_mask_list(cx: Context, self: Instance, mask: Value | None) -> None:
    """A mask is a list: one for the query, one for the value."""
    if isinstance(mask, Array):
        if is_keras3(cx):
            text = f"{_kind(self)} layer mask must be a list, namely [query_mask, value_mask]."
            raise LayerInputCount(error(cx, "ValueError", text), values=(mask,), taker=_kind(self), needs=2, got=1)
        if in_graph(cx):
            text = "Using a symbolic `tf.Tensor` as a Python `bool` is not allowed."
            raise AmbiguousTruth(error(cx, "OperatorNotAllowedInGraphError", text), values=(mask,), shape=mask.shape)
        text = "The truth value of an array with more than one element is ambiguous. Use a.any() or a.all()"
        raise AmbiguousTruth(error(cx, "ValueError", text), values=(mask,), shape=mask.shape)
    items = mask.contents.items() if isinstance(mask, Sequence) else None
    if items is not None and len(items) not in (2, 3):
        text = f"{_kind(self)} layer accepts mask list of length 2 or 3. Received length: {len(items)}"
        raise LayerInputCount(error(cx, "ValueError", text), taker=_kind(self), needs=2, got=len(items))


@rule("keras.layers.Attention.compute_output_spec", since="3")
def attention_spec(
    cx: Context, self: Instance, inputs: Value, mask: Value | None = None,
    return_attention_scores: Value | None = None, training: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """Keras 3, symbolically: query and value only."""
    items = _inputs(cx, self, inputs)
    _check_mask_list(cx, self, mask)
    arrays = _known(items)
    if arrays is None:
        return output(cx, self, None, None)
    query, value, key = arrays
    q, v, k = query.shape or (), value.shape or (), key.shape or ()
    if not q or not v or len(k) < 2:
        return output(cx, self, query, None)
    return _result(cx, self, query, (*q[:-1], v[-1]), (*q[:-1], k[-2]), return_attention_scores)


def _known(items: list[Value]) -> tuple[Array, Array, Array] | None:
    """Query, value and key, where their ranks are known."""
    arrays = [item for item in items if isinstance(item, Array) and item.shape is not None]
    if len(arrays) < 2 or len(arrays) != len(items):
        return None
    return arrays[0], arrays[1], arrays[2] if len(arrays) > 2 else arrays[1]


@rule("keras.layers.Attention.call")
def attention_call(
    cx: Context, self: Instance, inputs: Value, mask: Value | None = None, training: Value | None = None,
    return_attention_scores: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """[query (batch, Tq, dim), value (batch, Tv, dim_v), key (batch, Tv, dim)] -> (batch, Tq, dim_v)."""
    items = _inputs(cx, self, inputs)
    _check_mask_list(cx, self, mask)
    arrays = _known(items)
    if arrays is None or any(not array.shape or len(array.shape) < 2 for array in arrays):
        return output(cx, self, items[0] if items and isinstance(items[0], Array) else None, None)
    query, value, key = arrays
    score_mode = self.fields.get("score_mode")
    summed = _kind(self) == "AdditiveAttention" or (isinstance(score_mode, Const) and score_mode.value == "concat")
    scores = _added(cx, self, query, key) if summed else _multiplied(cx, self, query, key)
    _check_masks(cx, mask, scores)
    made = _product(cx, self, value, scores, value.shape or ())
    return _result(cx, self, query, made, scores, return_attention_scores)


def _multiplied(cx: Context, self: Instance, query: Array, key: Array) -> Shape:
    """The scores of a dot product."""
    q, k = query.shape or (), key.shape or ()
    if not same(cx, q[-1], k[-1]):
        text = f"Matrix size-incompatible: In[0]: {sizes_text(q)}, In[1]: {sizes_text(k)} [Op:BatchMatMulV2] name: "
        raise MatmulMismatch(
            shape_error(cx, text), values=(query, key), taker=_kind(self), left=q, right=k, left_axis=-1, right_axis=-1
        )
    return (*fitted(cx, self, key, q[:-2], k[:-2], "BatchMatMulV2"), q[-2], k[-2])


def _added(cx: Context, self: Instance, query: Array, key: Array) -> Shape:
    """The scores of a sum over all pairs of query and key."""
    q, k = query.shape or (), key.shape or ()
    pairs = fitted(cx, self, key, (*q[:-1], 1, q[-1]), (*k[:-2], 1, k[-2], k[-1]), "AddV2")
    scale = next((weight.shape for weight in weights_of(self) if weight.name == "scale"), None)
    if scale:
        pairs = fitted(cx, self, query, pairs, scale, "Mul")
    return pairs[:-1]


def _product(cx: Context, self: Instance, value: Array, scores: Shape, v: Shape) -> Shape:
    """Scores times values."""
    if not same(cx, scores[-1], v[-2]):
        text = (
            f"Matrix size-incompatible: In[0]: {sizes_text(scores)}, In[1]: {sizes_text(v)} [Op:BatchMatMulV2] name: "
        )
        raise MatmulMismatch(
            shape_error(cx, text), values=(value,), taker=_kind(self), left=scores, right=v, left_axis=-1, right_axis=-2
        )
    return (*fitted(cx, self, value, scores[:-2], v[:-2], "BatchMatMulV2"), scores[-2], v[-1])


def _check_masks(cx: Context, mask: Value | None, scores: Shape) -> None:
    """The mask of the value is laid over the scores."""
    items = mask.contents.items() if isinstance(mask, Sequence) else None
    second = items[1] if items is not None and len(items) > 1 else None
    if not isinstance(second, Array) or second.shape is None:
        return
    got = second.shape
    spread: tuple[DimLike, ...] = (got[0], 1, got[1]) if len(got) == 2 else got
    for axis in range(-min(len(spread), len(scores)), 0):
        one, two = spread[axis], scores[axis]
        if one == 1 or two == 1 or same(cx, one, two):
            continue
        text = f"condition {sizes_text(spread)}, then {sizes_text(scores)} must be broadcastable [Op:SelectV2] name: "
        raise MaskShape(shape_error(cx, text), values=(second,), mask=got, shape=scores, axis=axis)


def _result(cx: Context, self: Instance, query: Array, made: Shape, scores: Shape, with_scores: Value | None) -> Value:
    roles = ("batch", "time", "feature") if len(made) == 3 else None
    first = output(cx, self, query, made, roles=roles)
    wanted = False if with_scores is None or is_none(with_scores) else as_bool(with_scores)
    if wanted is None:
        return cx.unknown("whether attention scores are returned is not known")
    return Sequence("tuple", Contents((first, output(cx, self, query, scores)))) if wanted else first


@rule("keras.layers.Attention.compute_mask")
def attention_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """The mask of the query."""
    first = mask.contents.at(0) if isinstance(mask, Sequence) else None
    return first if isinstance(first, Array) else Const(None)
