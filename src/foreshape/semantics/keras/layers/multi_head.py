"""``MultiHeadAttention`` and ``GroupQueryAttention``.

Follows ``keras/src/layers/attention/{multi_head,grouped_query}_attention.py`` and the ``tf_keras`` one. Query, key
and value are projected into heads, the scores are a product over all axes that are attended to. Keras 3 works a
symbolic output out from the shape of the query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_bool, as_int, is_none
from foreshape.faults.mask_shape import MaskShape
from foreshape.faults.matmul_mismatch import MatmulMismatch
from foreshape.faults.rank_mismatch import RankMismatch
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
    shape_value,
    undefined,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers.kernels import shape_error, sizes_text
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("keras.layers.MultiHeadAttention", "keras.Layer")
library_type("keras.layers.GroupQueryAttention", "keras.Layer")

MHA = "MultiHeadAttention"


def _positive(cx: Context, name: str, value: Value | None) -> None:
    """Keras 3: a whole number above 0."""
    if isinstance(value, Const) and (not isinstance(value.value, int) or value.value <= 0):
        message = (
            f"Received an invalid value for argument `{name}`, expected a positive integer. "
            f"Received: {name}={repr_value(value)}"
        )
        raise invalid(cx, "ValueError", message, name, value)


@rule("keras.layers.MultiHeadAttention.__init__", since="3")
def mha_init(
    cx: Context, self: Instance, num_heads: Value, key_dim: Value, value_dim: Value | None = None,
    dropout: Value | None = None, use_bias: Value | None = None, output_shape: Value | None = None,
    attention_axes: Value | None = None, *rest: Value, sliding_window: Value | None = None,
    flash_attention: Value | None = None, kernel_initializer: Value | None = None,
    bias_initializer: Value | None = None, kernel_regularizer: Value | None = None,
    bias_regularizer: Value | None = None, activity_regularizer: Value | None = None,
    kernel_constraint: Value | None = None, bias_constraint: Value | None = None, use_gate: Value | None = None,
    seed: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``key_dim``: the size of each head."""
    _positive(cx, "num_heads", num_heads)
    _positive(cx, "key_dim", key_dim)
    if value_dim is not None and not is_none(value_dim):
        _positive(cx, "value_dim", value_dim)
    if isinstance(output_shape, Const) and output_shape.value and not isinstance(output_shape.value, int):
        message = (
            f"Invalid `output_shape`: {repr_value(output_shape)}. When specified, the `output_shape` should be of type "
            "tuple, list, or int."
        )
        raise invalid(cx, "ValueError", message, "output_shape", output_shape)
    if sliding_window is not None and not is_none(sliding_window):
        _positive(cx, "sliding_window", sliding_window)
    _mha(cx, self, num_heads, key_dim, value_dim, use_bias, output_shape, attention_axes, kwargs)


@rule("keras.layers.MultiHeadAttention.__init__", until="3")
def mha_init_keras2(
    cx: Context, self: Instance, num_heads: Value, key_dim: Value, value_dim: Value | None = None,
    dropout: Value | None = None, use_bias: Value | None = None, output_shape: Value | None = None,
    attention_axes: Value | None = None, kernel_initializer: Value | None = None,
    bias_initializer: Value | None = None, kernel_regularizer: Value | None = None,
    bias_regularizer: Value | None = None, activity_regularizer: Value | None = None,
    kernel_constraint: Value | None = None, bias_constraint: Value | None = None,
    softmax_robust_masking: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``key_dim``: the size of each head. Nothing is checked before the first call."""
    _mha(cx, self, num_heads, key_dim, value_dim, use_bias, output_shape, attention_axes, kwargs)


def _mha(
    cx: Context, self: Instance, num_heads: Value, key_dim: Value, value_dim: Value | None, use_bias: Value | None,
    output_shape: Value | None, axes: Value | None, kwargs: dict[str, Value],
) -> None:  # fmt: skip
    init_layer(cx, self, kwargs)
    cx.set(self, "num_heads", num_heads)
    cx.set(self, "key_dim", key_dim)
    cx.set(self, "value_dim", value_dim if value_dim is not None and not is_none(value_dim) else key_dim)
    cx.set(self, "use_bias", use_bias if use_bias is not None else Const(True))
    cx.set(self, "~output_shape", output_shape)
    cx.set(self, "~axes", axes)
    cx.set(self, "supports_masking", Const(True))


# -- building ---------------------------------------------------------------------------------------------------------


@rule("keras.layers.MultiHeadAttention.build", since="3")
def mha_build(
    cx: Context, self: Instance, query_shape: Value, value_shape: Value, key_shape: Value | None = None
) -> None:
    """The projections of query, key and value, and back."""
    query, value = shape_of(cx, query_shape), shape_of(cx, value_shape)
    key = value if key_shape is None or is_none(key_shape) else shape_of(cx, key_shape)
    _check_lengths(cx, MHA, value, key)
    _weights(cx, self, query, value, key)


def _check_lengths(cx: Context, taker: str, value: Shape | None, key: Shape | None) -> None:
    """Keras 3 compares the shapes of value and key as tuples: None equals None only."""
    if value is None or key is None or value is key:
        return
    one, two = value[1:-1], key[1:-1]
    fits = len(one) == len(two)
    for a, b in zip(one, two):
        if undefined(a) != undefined(b) or (not undefined(a) and not cx.equal(a, b)):
            fits = False
    if fits:
        return
    message = (
        "All dimensions of `value` and `key`, except the last one, must be equal. Received: "
        f"value_shape={dims_text(value)} and key_shape={dims_text(key)}"
    )
    raise MatmulMismatch(
        error(cx, "ValueError", message), taker=taker, left=key, right=value, left_axis=1, right_axis=1
    )


def _weights(cx: Context, self: Instance, query: Shape | None, value: Shape | None, key: Shape | None) -> None:
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
    cx.set(self, "~features", tuple(None if undefined(shape[-1]) else shape[-1] for shape in (query, value, key)))


def _out_sizes(cx: Context, self: Instance, query: Shape) -> tuple[DimLike, ...]:
    given = self.fields.get("~output_shape")
    if given is None or is_none(given):
        return (query[-1],)
    shape = shape_of(cx, given)
    if shape is not None:
        return shape
    size = cx.dim(given)
    return (size,) if size is not None else (cx.fresh(),)


# -- calls ------------------------------------------------------------------------------------------------------------


@rule("keras.layers.MultiHeadAttention.compute_output_spec", since="3")
def mha_spec(
    cx: Context, self: Instance, query: Value, value: Value, key: Value | None = None, query_mask: Value | None = None,
    value_mask: Value | None = None, key_mask: Value | None = None, attention_mask: Value | None = None,
    return_attention_scores: Value | None = None, training: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """Keras 3, symbolically. Its scores have the length of the query twice, whatever the value is."""
    if isinstance(key, Array) and isinstance(value, Array):
        _check_lengths(cx, MHA, value.shape, key.shape)
    if not isinstance(query, Array) or not query.shape:
        return output(cx, self, query, None)
    q = query.shape
    scores = (q[0], _heads(cx, self), q[1], q[1]) if len(q) > 1 else None
    return _result(cx, self, query, (*q[:-1], *_out_sizes(cx, self, q)), scores, return_attention_scores)


@rule("keras.layers.MultiHeadAttention.compute_output_shape", since="3")
def mha_output_shape(
    cx: Context, self: Instance, query_shape: Value, value_shape: Value, key_shape: Value | None = None
) -> Value:
    """The shape of the query, with the features of the output."""
    query = shape_of(cx, query_shape)
    if not query:
        return cx.unknown("the output shape of the layer is not known")
    return shape_value((*query[:-1], *_out_sizes(cx, self, query)))


def _heads(cx: Context, self: Instance) -> DimLike:
    found = dim_field(self, "num_heads")
    return cx.fresh("num_heads") if found is None else found


@rule("keras.layers.MultiHeadAttention.call", since="3")
def mha_call(
    cx: Context, self: Instance, query: Value, value: Value, key: Value | None = None, query_mask: Value | None = None,
    value_mask: Value | None = None, key_mask: Value | None = None, attention_mask: Value | None = None,
    return_attention_scores: Value | None = None, training: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """query (batch, T, ...), value (batch, S, ...) -> (batch, T, features of the query or ``output_shape``)."""
    masks = {"query_mask": query_mask, "value_mask": value_mask, "key_mask": key_mask, "attention_mask": attention_mask}
    return _attend(cx, self, query, value, key, masks, return_attention_scores)


@rule("keras.layers.MultiHeadAttention.call", until="3")
def mha_call_keras2(
    cx: Context, self: Instance, query: Value, value: Value, key: Value | None = None,
    attention_mask: Value | None = None, return_attention_scores: Value | None = None, training: Value | None = None,
    use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """As in Keras 3; the weights are made here."""
    source = key if isinstance(key, Array) else value
    if isinstance(query, Array) and isinstance(value, Array) and isinstance(source, Array):
        _check_sizes(cx, self)
        if "~features" not in self.fields:
            _weights(cx, self, query.shape, value.shape, source.shape)
    return _attend(cx, self, query, value, key, {"attention_mask": attention_mask}, return_attention_scores)


def _check_sizes(cx: Context, self: Instance) -> None:
    heads, size = self.fields["num_heads"], self.fields["key_dim"]
    if is_none(size):
        raise invalid(cx, "TypeError", "unsupported operand type(s) for *: 'NoneType' and 'int'", "key_dim", size)
    if as_int(heads) is not None and (as_int(heads) or 0) < 0:
        raise invalid(cx, "ValueError", f"Dimension {as_int(heads)} must be >= 0", "num_heads", heads)
    if as_int(size) == 0:
        raise invalid(cx, "ZeroDivisionError", "float division by zero", "key_dim", size)


def _attend(
    cx: Context, self: Instance, query: Value, value: Value, key: Value | None, masks: dict[str, Value | None],
    with_scores: Value | None,
) -> Value:  # fmt: skip
    source = key if isinstance(key, Array) else value
    if not (isinstance(query, Array) and isinstance(value, Array) and isinstance(source, Array)):
        return output(cx, self, query if isinstance(query, Array) else None, None)
    if not query.shape or not value.shape or not source.shape:
        return output(cx, self, query, None)
    _check_features(cx, self, query, value, source)
    scores = _scores(cx, self, query, value, source)
    if scores is not None and len(query.shape) == 3:
        _check_masks(cx, masks, scores)
    made = (*query.shape[:-1], *_out_sizes(cx, self, query.shape))
    return _result(cx, self, query, made, scores, with_scores)


def _check_features(cx: Context, self: Instance, query: Array, value: Array, key: Array) -> None:
    features: tuple[DimLike | None, ...] = self.fields.get("~features", (None, None, None))
    for array, size in zip((query, value, key), features):
        got = (array.shape or (1,))[-1]
        if size is not None and not same(cx, got, size):
            text = (
                f"Matrix size-incompatible: the input has {got} features, the kernel {size} [Op:BatchMatMulV2] name: "
            )
            raise MatmulMismatch(
                shape_error(cx, text), values=(array,), taker=MHA, left=array.shape or (), right=(size,), left_axis=-1,
                right_axis=0,
            )  # fmt: skip


def _attended(self: Instance, rank: int, new: bool) -> list[int] | None:
    """The axes that are attended to, for values of this rank; None where they are not known.

    Keras 2 takes negative ones as they are."""
    axes = self.fields.get("~axes")
    if axes is None or is_none(axes):
        return list(range(1, rank - 1))
    one = as_int(axes)
    items = axes.contents.items() if isinstance(axes, Sequence) else None
    found = [one] if one is not None else [as_int(item) for item in items] if items is not None else [None]
    known = [axis for axis in found if axis is not None]
    if len(known) < len(found):
        return None
    return known if not new else [axis if axis >= 0 else rank + axis for axis in known]


def _scores(cx: Context, self: Instance, query: Array, value: Array, key: Array) -> Shape | None:
    """Batch axes, heads, the attended axes of the query, those of the key; raises where the product does not fit."""
    q, v, k = query.shape or (), value.shape or (), key.shape or ()
    rank = len(v)
    if len(q) == 2 and rank == 2:
        raise RankMismatch(
            error(cx, "IndexError", "tuple index out of range"),
            values=(query,),
            taker=MHA,
            needs=3,
            at_least=True,
            got=q,
        )
    if len(q) != rank or len(k) != rank:
        text = f"Expected input 1 to have rank {rank + 1} but got: {len(q) + 1} [Op:Einsum] name: "
        raise RankMismatch(shape_error(cx, text), values=(value,), taker=MHA, needs=len(q), at_least=False, got=v)
    attended = _attended(self, rank, is_keras3(cx))
    odd = attended is None or any(not 0 < axis < rank - 1 for axis in attended)
    if attended is None or (odd and is_keras3(cx)):
        return None
    for axis in range(rank - 1):
        if axis not in attended:
            _equal(cx, query, key, axis)
        _equal(cx, key, value, axis)
    if odd:
        return None
    batch = [q[axis] for axis in range(rank - 1) if axis not in attended]
    return (*batch, _heads(cx, self), *(q[axis] for axis in attended), *(k[axis] for axis in attended))


def _equal(cx: Context, one: Array, two: Array, axis: int) -> None:
    a, b = (one.shape or ())[axis], (two.shape or ())[axis]
    if same(cx, a, b):
        return
    text = (
        f"Expected dimension {a} at axis {axis} of the input shaped {sizes_text(two.shape or ())} but got dimension "
        f"{b} [Op:Einsum]"
    )
    raise MatmulMismatch(
        shape_error(cx, text), values=(one, two), taker=MHA, left=one.shape or (), right=two.shape or (),
        left_axis=axis,
        right_axis=axis,
    )  # fmt: skip


def _check_masks(cx: Context, masks: dict[str, Value | None], scores: Shape) -> None:
    """Each mask is laid over the scores (batch, heads, T, S)."""
    for name, mask in masks.items():
        if not isinstance(mask, Array) or mask.shape is None:
            continue
        got = mask.shape
        spread: tuple[DimLike, ...]
        if name == "query_mask" and len(got) == 2:
            spread = (got[0], 1, got[1], 1)
        elif name in ("value_mask", "key_mask") and len(got) == 2:
            spread = (got[0], 1, 1, got[1])
        elif name == "attention_mask" and len(got) in (2, 3, 4):
            spread = got if len(got) == 4 else (got[0], 1, *got[1:]) if len(got) == 3 else (1, 1, *got)
        else:
            continue
        for axis in range(-4, 0):
            one, two = spread[axis], scores[axis]
            if one == 1 or two == 1 or same(cx, one, two):
                continue
            text = f"Incompatible shapes: {sizes_text(scores)} vs. {sizes_text(spread)} [Op:LogicalAnd] name: "
            raise MaskShape(shape_error(cx, text), values=(mask,), mask=got, shape=scores, axis=axis)


def _result(
    cx: Context, self: Instance, query: Array, made: Shape, scores: Shape | None, with_scores: Value | None
) -> Value:
    roles = ("batch", "time", "feature") if len(made) == 3 else None
    first = output(cx, self, query, made, roles=roles)
    wanted = False if with_scores is None or is_none(with_scores) else as_bool(with_scores)
    if wanted is None:
        return cx.unknown("whether attention scores are returned is not known")
    return Sequence("tuple", Contents((first, output(cx, self, query, scores)))) if wanted else first


@rule("keras.layers.MultiHeadAttention.compute_mask", "keras.layers.GroupQueryAttention.compute_mask")
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
    dropout: Value | None = None, use_bias: Value | None = None, *rest: Value, sliding_window: Value | None = None,
    flash_attention: Value | None = None, kernel_initializer: Value | None = None,
    bias_initializer: Value | None = None, kernel_regularizer: Value | None = None,
    bias_regularizer: Value | None = None, activity_regularizer: Value | None = None,
    kernel_constraint: Value | None = None, bias_constraint: Value | None = None, use_gate: Value | None = None,
    seed: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """The query heads must be a multiple of the key and value heads."""
    init_layer(cx, self, kwargs)
    if sliding_window is not None and not is_none(sliding_window):
        _positive(cx, "sliding_window", sliding_window)
    cx.set(self, "num_heads", num_query_heads)
    cx.set(self, "supports_masking", Const(True))
    queries, pairs = cx.dim(num_query_heads), cx.dim(num_key_value_heads)
    if isinstance(queries, int) and isinstance(pairs, int):
        if pairs == 0:
            raise invalid(cx, "ZeroDivisionError", "integer modulo by zero", "num_key_value_heads", num_key_value_heads)
        if queries % pairs:
            message = "`num_query_heads` must be divisible by `num_key_value_heads`."
            raise invalid(cx, "ValueError", message, "num_query_heads", num_query_heads)


@rule("keras.layers.GroupQueryAttention.build", since="3")
def gqa_build(
    cx: Context, self: Instance, query_shape: Value, value_shape: Value, key_shape: Value | None = None
) -> None:
    """Three axes each."""
    for value in (query_shape, value_shape, key_shape):
        shape = None if value is None or is_none(value) else shape_of(cx, value)
        if shape is not None and len(shape) < 3:
            raise RankMismatch(
                error(cx, "IndexError", "tuple index out of range"), taker="GroupQueryAttention", needs=3,
                at_least=False, got=shape,
            )  # fmt: skip


@rule("keras.layers.GroupQueryAttention.compute_output_spec", since="3")
def gqa_spec(
    cx: Context, self: Instance, query: Value, value: Value, key: Value | None = None, query_mask: Value | None = None,
    value_mask: Value | None = None, key_mask: Value | None = None, attention_mask: Value | None = None,
    return_attention_scores: Value | None = None, training: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """Symbolically: query and value must have the same number of features, which they need not when data arrives."""
    source = key if isinstance(key, Array) else value
    if not (isinstance(query, Array) and isinstance(value, Array) and isinstance(source, Array)):
        return output(cx, self, None, None)
    if not query.shape or not value.shape or not source.shape or len(source.shape) < 2 or len(query.shape) < 2:
        return output(cx, self, query, None)
    q, v = query.shape, value.shape
    if undefined(q[-1]) != undefined(v[-1]) or (not undefined(q[-1]) and not cx.equal(q[-1], v[-1])):
        message = (
            f"The last dimension of `query_shape` and `value_shape` must be equal, but are {q[-1]}, {v[-1]}. Received: "
            f"query_shape={dims_text(q)}, value_shape={dims_text(v)}"
        )
        raise MatmulMismatch(
            error(cx, "ValueError", message), values=(query, value), taker="GroupQueryAttention", left=q, right=v,
            left_axis=-1, right_axis=-1,
        )  # fmt: skip
    _check_lengths(cx, "GroupQueryAttention", v, source.shape)
    scores = (q[0], _heads(cx, self), q[1], source.shape[1])
    return _result(cx, self, query, q, scores, return_attention_scores)


@rule("keras.layers.GroupQueryAttention.call", since="3")
def gqa_call(
    cx: Context, self: Instance, query: Value, value: Value, key: Value | None = None, query_mask: Value | None = None,
    value_mask: Value | None = None, key_mask: Value | None = None, attention_mask: Value | None = None,
    return_attention_scores: Value | None = None, training: Value | None = None, use_causal_mask: Value | None = None,
) -> Value:  # fmt: skip
    """query (batch, T, features) -> (batch, T, features)."""
    source = key if isinstance(key, Array) else value
    if not (isinstance(query, Array) and isinstance(value, Array) and isinstance(source, Array)):
        return output(cx, self, None, None)
    if not query.shape or not value.shape or not source.shape:
        return output(cx, self, query, None)
    for array in (query, value, source):
        if len(array.shape or ()) != 3:
            raise RankMismatch(
                error(cx, "ValueError", "too many values to unpack (expected 3)"), values=(array,),
                taker="GroupQueryAttention", needs=3, at_least=False, got=array.shape or (),
            )  # fmt: skip
    _equal(cx, query, source, 0)
    _equal(cx, source, value, 0)
    _equal(cx, source, value, 1)
    q = query.shape
    scores = (q[0], _heads(cx, self), q[1], source.shape[1])
    masks = {"query_mask": query_mask, "value_mask": value_mask, "key_mask": key_mask, "attention_mask": attention_mask}
    _check_masks(cx, masks, scores)
    return _result(cx, self, query, q, scores, return_attention_scores)
