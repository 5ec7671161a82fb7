"""``Attention``, ``AdditiveAttention``, ``MultiHeadAttention``, ``GroupQueryAttention``.

Follows ``keras/src/layers/attention`` and the ``tf_keras`` ones. Keras 3 works a symbolic output out from query and value alone; the sizes
are multiplied, and so checked, only when real data comes (``fit``). Keras 2 runs the layer symbolically too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Int, Sequence, Shape, Value, as_bool, is_none
from foreshape.faults.base import Raises
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.layer_input_count import LayerInputCount
from foreshape.faults.mask_shape import MaskShape
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.semantics.keras.base import (
    add_weight,
    bool_field,
    dim_field,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    same,
    shape_of,
    undefined,
)
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("keras.layers.Attention", "keras.Layer")
library_type("keras.layers.AdditiveAttention", "keras.layers.Attention")
library_type("keras.layers.MultiHeadAttention", "keras.Layer")
library_type("keras.layers.GroupQueryAttention", "keras.Layer")


def _kind(self: Instance) -> str:
    return self.cls.name.rpartition(".")[2]


# -- Attention, AdditiveAttention -------------------------------------------------------------------------------------


@rule("keras.layers.Attention.__init__")
def attention_init(
    cx: Context, self: Instance, use_scale: Value | None = None, score_mode: Value | None = None,
    dropout: Value | None = None, seed: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """Dot-product attention."""
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
    init_layer(cx, self, kwargs)
    cx.set(self, "use_scale", use_scale if use_scale is not None else Const(True))
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.Attention.build")
def attention_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """A scale, where asked for."""
    items = input_shape.contents.items() if isinstance(input_shape, Sequence) else None
    if items is None:
        return
    if any(isinstance(item, (Const, Int)) for item in items):
        _not_a_list(cx, self, f"inputs={dims_text(shape_of(cx, input_shape))}.")
    if len(items) not in (2, 3):
        _wrong_count(cx, self, len(items))
    if bool_field(self, "use_scale"):
        additive = _kind(self) == "AdditiveAttention"
        last = shape_of(cx, items[1])
        add_weight(cx, self, "scale", () if not additive else (None if not last else (last[-1],)))
    if isinstance(self.fields.get("score_mode"), Const) and self.fields["score_mode"].value == "concat":
        add_weight(cx, self, "concat_score_weight", ())


def _not_a_list(cx: Context, self: Instance, received: str) -> None:
    message = (
        f"{_kind(self)} layer must be called on a list of inputs, namely [query, value] or [query, value, key]. "
        f"Received: {received}"
    )
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
    if len(items) not in (2, 3):
        _wrong_count(cx, self, len(items))
    return list(items)


@rule("keras.layers.Attention.compute_output_spec", since="3")
def attention_spec(
    cx: Context, self: Instance, inputs: Value, mask: Value | None = None,
    return_attention_scores: Value | None = None, training: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """Keras 3, symbolically: query and value only."""
    items = _inputs(cx, self, inputs)
    return _attended(cx, self, items, return_attention_scores)


@rule("keras.layers.Attention.call")
def attention_call(
    cx: Context, self: Instance, inputs: Value, mask: Value | None = None, training: Value | None = None,
    return_attention_scores: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """[query (batch, Tq, dim), value (batch, Tv, dim_v), key (batch, Tv, dim)] -> (batch, Tq, dim_v)."""
    items = _inputs(cx, self, inputs)
    _check_attention(cx, self, items)
    return _attended(cx, self, items, return_attention_scores)


def _check_attention(cx: Context, self: Instance, items: list[Value]) -> None:
    arrays = [item for item in items if isinstance(item, Array) and item.shape is not None and len(item.shape) >= 3]
    if len(arrays) != len(items) or len(items) < 2:
        return
    query, value = arrays[0], arrays[1]
    key = arrays[2] if len(arrays) > 2 else value
    q, v, k = query.shape or (), value.shape or (), key.shape or ()
    if not same(cx, q[-1], k[-1]):
        if _kind(self) == "AdditiveAttention":
            text = f"Incompatible shapes: {_bracket(q[:-1], 1, q[-1])} vs. {_bracket(k[:1], 1, *k[1:])} [Op:AddV2] name: "
            raise BroadcastMismatch(
                _eager(cx, query, text, q[-1], k[-1]), values=(query, key), taker=_kind(self), shapes=(q, k), axis=-1
            )
        text = f"Matrix size-incompatible: In[0]: {_bracket(q)}, In[1]: {_bracket(k)} [Op:BatchMatMulV2] name: "
        raise MatmulMismatch(
            _eager(cx, query, text, q[-1], k[-1]), values=(query, key), taker=_kind(self), left=q, right=k,
            left_axis=-1, right_axis=-1,
        )  # fmt: skip
    if not same(cx, k[1], v[1]):
        scores = (*q[:-1], k[1])
        text = f"Matrix size-incompatible: In[0]: {_bracket(scores)}, In[1]: {_bracket(v)} [Op:BatchMatMulV2] name: "
        raise MatmulMismatch(
            _eager(cx, query, text, k[1], v[1]), values=(key, value), taker=_kind(self), left=scores, right=v,
            left_axis=-1, right_axis=1,
        )  # fmt: skip


def _eager(cx: Context, like: Array, text: str, one: DimLike, two: DimLike) -> Raises:
    """TensorFlow raises another class while a graph is made (the batch axis is open) than on real values."""
    open_batch = like.shape is not None and any(undefined(dim) for dim in like.shape)
    if open_batch:
        return error(cx, "ValueError", f"Dimensions must be equal, but are {one} and {two}")
    return error(cx, "InvalidArgumentError", text)


def _bracket(shape: Shape | tuple[DimLike, ...], *more: DimLike) -> str:
    return "[" + ",".join("?" if undefined(dim) else str(dim) for dim in (*shape, *more)) + "]"


def _attended(cx: Context, self: Instance, items: list[Value], with_scores: Value | None) -> Value:
    if len(items) < 2 or not all(isinstance(item, Array) for item in items):
        return output(cx, self, None, None)
    query, value = items[0], items[1]
    key = items[2] if len(items) > 2 else value
    assert isinstance(query, Array) and isinstance(value, Array) and isinstance(key, Array)
    shape = None if query.shape is None or not value.shape else (*query.shape[:-1], value.shape[-1])
    roles = ("batch", "time", "feature") if shape is not None and len(shape) == 3 else None
    made = output(cx, self, query, shape, roles=roles)
    wanted = as_bool(with_scores) if with_scores is not None else False
    if wanted is None:
        return cx.unknown("whether attention scores are returned is not known")
    if not wanted:
        return made
    scores = None
    if query.shape is not None and key.shape is not None and len(key.shape) > 1:
        scores = (*query.shape[:-1], key.shape[1])
    return Sequence("tuple", Contents((made, output(cx, self, query, scores))))


@rule("keras.layers.Attention.compute_mask")
def attention_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """The mask of the query."""
    first = mask.contents.at(0) if isinstance(mask, Sequence) else None
    return first if isinstance(first, Array) else Const(None)


# -- MultiHeadAttention -----------------------------------------------------------------------------------------------


@rule("keras.layers.MultiHeadAttention.__init__")
def mha_init(
    cx: Context, self: Instance, num_heads: Value, key_dim: Value, value_dim: Value | None = None,
    dropout: Value | None = None, use_bias: Value | None = None, output_shape: Value | None = None,
    attention_axes: Value | None = None, flash_attention: Value | None = None,
    kernel_initializer: Value | None = None, bias_initializer: Value | None = None,
    kernel_regularizer: Value | None = None, bias_regularizer: Value | None = None,
    activity_regularizer: Value | None = None, kernel_constraint: Value | None = None,
    bias_constraint: Value | None = None, seed: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``key_dim``: the size of each head."""
    for name in ("use_gate",):
        kwargs.pop(name, None)
    init_layer(cx, self, kwargs)
    for name, value in (("num_heads", num_heads), ("key_dim", key_dim)):
        cx.set(self, name, value)
    cx.set(self, "value_dim", value_dim if value_dim is not None and not is_none(value_dim) else key_dim)
    cx.set(self, "use_bias", use_bias if use_bias is not None else Const(True))
    cx.set(self, "~output_shape", output_shape)
    cx.set(self, "~axes", attention_axes)
    cx.set(self, "supports_masking", Const(True))


@rule("keras.layers.MultiHeadAttention.build", since="3")
def mha_build(
    cx: Context, self: Instance, query_shape: Value, value_shape: Value, key_shape: Value | None = None
) -> None:
    """The projections of query, key and value, and back."""
    query, value = shape_of(cx, query_shape), shape_of(cx, value_shape)
    key = value if key_shape is None or is_none(key_shape) else shape_of(cx, key_shape)
    _mha_weights(cx, self, query, value, key)


def _mha_weights(cx: Context, self: Instance, query: Shape | None, value: Shape | None, key: Shape | None) -> None:
    heads, size, wide = (dim_field(self, name) for name in ("num_heads", "key_dim", "value_dim"))
    if not query or not value or not key or heads is None or size is None or wide is None:
        return
    bias = bool_field(self, "use_bias", True)
    last = _out_sizes(cx, self, query)
    for name, shape, width in (("query", query, size), ("key", key, size), ("value", value, wide)):
        add_weight(cx, self, f"{name}/kernel", (shape[-1], heads, width))
        if bias:
            add_weight(cx, self, f"{name}/bias", (heads, width))
    add_weight(cx, self, "attention_output/kernel", (heads, wide, *last))
    if bias:
        add_weight(cx, self, "attention_output/bias", last)
    cx.set(self, "~features", tuple(None if undefined(s[-1]) else s[-1] for s in (query, value, key)))


def _out_sizes(cx: Context, self: Instance, query: Shape) -> tuple[DimLike, ...]:
    given = self.fields.get("~output_shape")
    if given is None or is_none(given):
        return (query[-1],)
    shape = shape_of(cx, given)
    if shape is not None:
        return shape
    size = cx.dim(given)
    return (size,) if size is not None else (cx.fresh(),)


@rule("keras.layers.MultiHeadAttention.compute_output_spec", since="3")
def mha_spec(
    cx: Context, self: Instance, query: Value, value: Value, key: Value | None = None, query_mask: Value | None = None,
    value_mask: Value | None = None, key_mask: Value | None = None, attention_mask: Value | None = None,
    return_attention_scores: Value | None = None, training: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """Keras 3, symbolically. Its scores have the length of the query twice, whatever the value is."""
    if isinstance(key, Array) and isinstance(value, Array) and key.shape and value.shape:
        v, k = value.shape, key.shape
        if len(v) != len(k) or not all(same(cx, a, b) for a, b in zip(v[1:-1], k[1:-1])):
            message = (
                "All dimensions of `value` and `key`, except the last one, must be equal. Received: "
                f"value_shape={dims_text(v)} and key_shape={dims_text(k)}"
            )
            raise MatmulMismatch(
                error(cx, "ValueError", message), values=(key, value), taker="MultiHeadAttention", left=k, right=v,
                left_axis=1, right_axis=1,
            )  # fmt: skip
    return _multi(cx, self, query, query, return_attention_scores)


@rule("keras.layers.MultiHeadAttention.call")
def mha_call(
    cx: Context, self: Instance, query: Value, value: Value, key: Value | None = None, query_mask: Value | None = None,
    value_mask: Value | None = None, key_mask: Value | None = None, attention_mask: Value | None = None,
    return_attention_scores: Value | None = None, training: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """query (batch, T, ...), value (batch, S, ...) -> (batch, T, features of the query or ``output_shape``)."""
    source = key if isinstance(key, Array) else value
    if isinstance(query, Array) and isinstance(value, Array) and isinstance(source, Array):
        if not is_keras3(cx) and "~features" not in self.fields:
            _mha_weights(cx, self, query.shape, value.shape, source.shape)
        _check_mha(cx, self, query, value, source)
        _check_mask(cx, query, source, attention_mask)
    return _multi(cx, self, query, source, return_attention_scores)


def _check_mha(cx: Context, self: Instance, query: Array, value: Array, key: Array) -> None:
    axes = self.fields.get("~axes")
    plain = axes is None or is_none(axes)
    if not query.shape or not value.shape or not key.shape:
        return
    if plain and len(query.shape) == 2:
        raise invalid(cx, "IndexError", "tuple index out of range", "query", query)
    features: tuple[DimLike | None, ...] = self.fields.get("~features", (None, None, None))
    for array, size in zip((query, value, key), features):
        got = (array.shape or (1,))[-1]
        if size is not None and not same(cx, got, size):
            text = f"Input to reshape is a tensor with values of {got} features, the kernel has {size} [Op:Reshape]"
            raise MatmulMismatch(
                error(cx, "InvalidArgumentError", text), values=(array,), taker="MultiHeadAttention",
                left=array.shape or (), right=(size,), left_axis=-1, right_axis=0,
            )  # fmt: skip
    if not plain or len(key.shape) != 3 or len(value.shape) != 3:
        return
    batch_q, batch_v = query.shape[0], value.shape[0]
    if not same(cx, key.shape[1], value.shape[1]) or not same(cx, batch_q, batch_v):
        text = "Expected dimension to be equal [Op:Einsum] name: "
        raise MatmulMismatch(
            _eager(cx, query, text, key.shape[1], value.shape[1]), values=(key, value), taker="MultiHeadAttention",
            left=key.shape, right=value.shape, left_axis=1, right_axis=1,
        )  # fmt: skip


def _check_mask(cx: Context, query: Array, key: Array, mask: Value | None) -> None:
    if not isinstance(mask, Array) or not mask.shape or len(mask.shape) < 2 or not query.shape or not key.shape:
        return
    if len(query.shape) != 3 or len(key.shape) != 3:
        return
    wanted = (query.shape[0], query.shape[1], key.shape[1])
    got = mask.shape
    for axis, (one, two) in enumerate(zip(reversed(got), reversed(wanted)), 1):
        if one == 1 or undefined(one) or undefined(two) or same(cx, one, two):
            continue
        text = f"Incompatible shapes: {_bracket(wanted)} vs. {_bracket(got)} [Op:LogicalAnd] name: "
        raise MaskShape(_eager(cx, query, text, two, one), values=(mask,), mask=got, shape=wanted, axis=-axis)


def _multi(cx: Context, self: Instance, query: Value, key: Value, with_scores: Value | None) -> Value:
    if not isinstance(query, Array) or not query.shape:
        made = output(cx, self, query, None)
    else:
        shape = (*query.shape[:-1], *_out_sizes(cx, self, query.shape))
        roles = ("batch", "time", "feature") if len(shape) == 3 else None
        made = output(cx, self, query, shape, roles=roles)
    wanted = as_bool(with_scores) if with_scores is not None else False
    if wanted is None:
        return cx.unknown("whether attention scores are returned is not known")
    if not wanted:
        return made
    heads = dim_field(self, "num_heads")
    scores: Shape | None = None
    if isinstance(query, Array) and isinstance(key, Array) and query.shape and key.shape and heads is not None:
        if len(query.shape) == 3 and len(key.shape) == 3:
            scores = (query.shape[0], heads, query.shape[1], key.shape[1])
    return Sequence("tuple", Contents((made, output(cx, self, query, scores))))


@rule("keras.layers.MultiHeadAttention.compute_mask")
def mha_mask(
    cx: Context, self: Instance, query: Value, value: Value | None = None, query_mask: Value | None = None,
    value_mask: Value | None = None, key_mask: Value | None = None, mask: Value | None = None, **kwargs: Value,
) -> Value:  # fmt: skip
    """The mask of the query."""
    return query_mask if isinstance(query_mask, Array) else Const(None)


# -- GroupQueryAttention ----------------------------------------------------------------------------------------------


@rule("keras.layers.GroupQueryAttention.__init__", since="3")
def gqa_init(
    cx: Context, self: Instance, head_dim: Value, num_query_heads: Value, num_key_value_heads: Value,
    dropout: Value | None = None, use_bias: Value | None = None, flash_attention: Value | None = None,
    kernel_initializer: Value | None = None, bias_initializer: Value | None = None,
    kernel_regularizer: Value | None = None, bias_regularizer: Value | None = None,
    activity_regularizer: Value | None = None, kernel_constraint: Value | None = None,
    bias_constraint: Value | None = None, seed: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """The query heads must be a multiple of the key and value heads."""
    kwargs.pop("use_gate", None)
    init_layer(cx, self, kwargs)
    cx.set(self, "num_heads", num_query_heads)
    cx.set(self, "supports_masking", Const(True))
    queries, pairs = cx.dim(num_query_heads), cx.dim(num_key_value_heads)
    if isinstance(queries, int) and isinstance(pairs, int) and pairs and queries % pairs:
        message = "`num_query_heads` must be divisible by `num_key_value_heads`."
        raise invalid(cx, "ValueError", message, "num_query_heads", num_query_heads)


@rule("keras.layers.GroupQueryAttention.compute_output_spec", "keras.layers.GroupQueryAttention.call", since="3")
def gqa_call(
    cx: Context, self: Instance, query: Value, value: Value, key: Value | None = None, query_mask: Value | None = None,
    value_mask: Value | None = None, key_mask: Value | None = None, attention_mask: Value | None = None,
    return_attention_scores: Value | None = None, training: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """query (batch, T, features) -> (batch, T, features)."""
    source = key if isinstance(key, Array) else value
    return _multi(cx, self, query, source, return_attention_scores)
