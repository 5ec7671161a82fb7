"""Decoding of CTC, distances of sequences, lookups by sparse ids, statistics, and a few operations met less often.

https://www.tensorflow.org/api_docs/python/tf/nn
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Const, Instance, Typed, Value, as_bool, as_int
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import as_tuple
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op
from foreshape.semantics.tensorflow.ragged import sparse
from foreshape.semantics.tensorflow.support import given, graph_mode, open_size, raises, shape_argument, tensor

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context


# -- decoding ---------------------------------------------------------------------------------------------------------
def _decoded(cx: Context, taker: str, inputs: Value, count: int | None) -> Value:
    """(paths as sparse tensors, a score for each path of each sample). InvalidArgumentError unless inputs are (time,
    batch, classes)."""
    from foreshape.faults.rank_mismatch import RankMismatch

    x = as_tensor(cx, inputs)
    if x is None or x.shape is None or count is None:
        return cx.unknown("what is decoded is not known")
    if len(x.shape) != 3:
        text = "inputs is not a 3-Tensor"
        if graph_mode(cx, x):
            text = f"Shape must be rank 3 but is rank {len(x.shape)}"
        raise RankMismatch(
            raises(cx, text, x), values=(inputs,), taker=taker, needs=3, axes=("time", "batch", "classes"), got=x.shape
        )
    batch = x.shape[1]
    paths = [sparse((batch, open_size(cx)), "int64") for _ in range(count)]
    return as_tuple([as_tuple(tuple(paths), "list"), tensor((batch, count), x.dtype)])


@op("tensorflow.nn.ctc_greedy_decoder")
def ctc_greedy_decoder(
    cx: Context, inputs: Value, sequence_length: Value, merge_repeated: Value | None = None,
    blank_index: Value | None = None,
) -> Value:  # fmt: skip
    """One path, and a score (batch, 1)."""
    return _decoded(cx, "ctc_greedy_decoder", inputs, 1)


@op("tensorflow.nn.ctc_beam_search_decoder")
def ctc_beam_search_decoder(
    cx: Context, inputs: Value, sequence_length: Value, beam_width: Value | None = None, top_paths: Value | None = None
) -> Value:
    """The best paths, and a score for each (batch, top_paths)."""
    count = as_int(top_paths) if given(top_paths) else 1
    return _decoded(cx, "ctc_beam_search_decoder", inputs, count if count is None or 0 < count <= 64 else None)


@rule("tensorflow.edit_distance")
def edit_distance(
    cx: Context, hypothesis: Value, truth: Value, normalize: Value | None = None, name: Value | None = None
) -> Value:
    """Without the last axis, float32."""
    shape: Shape | None = hypothesis.fields.get("~shape") if isinstance(hypothesis, Instance) else None
    return cx.unknown("a sparse tensor") if not shape else tensor(shape[:-1], "float32")


@op("tensorflow.nn.collapse_repeated")
def collapse_repeated(cx: Context, labels: Value, seq_length: Value, name: Value | None = None) -> Value:
    """Labels without repetitions, padded to the longest, and the lengths that are left."""
    x = as_tensor(cx, labels)
    if x is None or x.shape is None or len(x.shape) != 2:
        return cx.unknown("the labels are not known")
    return as_tuple([tensor((x.shape[0], open_size(cx)), x.dtype, x), tensor((x.shape[0],), "int32")])


# -- lookups ----------------------------------------------------------------------------------------------------------
def _looked_up(cx: Context, params: Value, ids: Value) -> Value:
    """A row for each row of the ids: what they name is put together."""
    table = as_tensor(cx, params)
    shape: Shape | None = ids.fields.get("~shape") if isinstance(ids, Instance) else None
    if table is None or not table.shape or not shape:
        return cx.unknown("the ids are not known")
    return tensor((shape[0], *table.shape[1:]), table.dtype, table)


@rule("tensorflow.nn.embedding_lookup_sparse")
def embedding_lookup_sparse(
    cx: Context, params: Value, sp_ids: Value, sp_weights: Value, combiner: Value | None = None,
    max_norm: Value | None = None, name: Value | None = None, allow_fast_lookup: Value | None = None,
) -> Value:  # fmt: skip
    """(rows of the ids, width of the table)."""
    return _looked_up(cx, params, sp_ids)


@rule("tensorflow.nn.safe_embedding_lookup_sparse")
def safe_embedding_lookup_sparse(
    cx: Context, embedding_weights: Value, sparse_ids: Value, sparse_weights: Value | None = None,
    combiner: Value | None = None, default_id: Value | None = None, max_norm: Value | None = None,
    name: Value | None = None, allow_fast_lookup: Value | None = None,
) -> Value:  # fmt: skip
    """As ``embedding_lookup_sparse``, with zeros for rows without ids."""
    return _looked_up(cx, embedding_weights, sparse_ids)


# -- statistics -------------------------------------------------------------------------------------------------------
@op("tensorflow.nn.sufficient_statistics")
def sufficient_statistics(
    cx: Context, x: Value, axes: Value, shift: Value | None = None, keepdims: Value | None = None,
    name: Value | None = None,
) -> Value:  # fmt: skip
    """The count, the sum and the sum of squares over the axes, and the shift."""
    found = as_tensor(cx, x)
    keep = False if keepdims is None else as_bool(keepdims)
    if found is None or keep is None:
        return cx.unknown("the data is not known")
    total = cx.rule("tensorflow.reduce_sum", x, axes, Const(keep))
    return as_tuple([tensor((), found.dtype), total, total, Const(None) if shift is None else shift])


@op("tensorflow.nn.normalize_moments")
def normalize_moments(
    cx: Context, counts: Value, mean_ss: Value, variance_ss: Value, shift: Value, name: Value | None = None
) -> Value:
    """Mean and variance, like the sums."""
    first, second = as_tensor(cx, mean_ss), as_tensor(cx, variance_ss)
    if first is None or second is None:
        return cx.unknown("the sums are not known")
    return as_tuple([tensor(first.shape, first.dtype, first), tensor(second.shape, second.dtype, second)])


# -- what is met less often ---------------------------------------------------------------------------------------------
@op("tensorflow.linalg.eigh_tridiagonal")
def eigh_tridiagonal(
    cx: Context, alpha: Value, beta: Value, eigvals_only: Value | None = None, select: Value | None = None,
    select_range: Value | None = None, tol: Value | None = None, name: Value | None = None,
) -> Value:  # fmt: skip
    """The eigenvalues (n,); with ``eigvals_only=False`` their vectors (n, n) as well."""
    x = as_tensor(cx, alpha)
    only = True if eigvals_only is None else as_bool(eigvals_only)
    if x is None or not x.shape or only is None or select is not None:
        return cx.unknown("how many eigenvalues are asked for is not known")
    values = tensor(x.shape, x.dtype, x)
    return values if only else as_tuple([values, tensor((*x.shape, x.shape[-1]), x.dtype, x)])


@op("tensorflow.approx_top_k")
def approx_top_k(
    cx: Context, operand: Value, k: Value, reduction_dimension: Value | None = None, **kwargs: Value
) -> Value:
    """The values and places of about the k largest, along the last axis unless another is named."""
    x, count = as_tensor(cx, operand), as_int(k)
    axis = -1 if reduction_dimension is None else as_int(reduction_dimension)
    if x is None or not x.shape or count is None or axis is None or "aggregate_to_topk" in kwargs:
        return cx.unknown("what is asked for is not known")
    if not -len(x.shape) <= axis < len(x.shape):
        return cx.unknown("the axis is not there")
    place = axis % len(x.shape)
    shape = (*x.shape[:place], count, *x.shape[place + 1 :])
    return as_tuple([tensor(shape, x.dtype, x), tensor(shape, "int32")])


@op("tensorflow.random.stateless_parameterized_truncated_normal")
def truncated_normal(cx: Context, shape: Value, seed: Value, *args: Value, **kwargs: Value) -> Value:
    """A tensor of the shape, float32 where nothing else is given."""
    return tensor(shape_argument(cx, shape), None if args or kwargs else "float32")


@rule("tensorflow.random.create_rng_state")
def create_rng_state(cx: Context, seed: Value, alg: Value) -> Value:
    """The state of a generator: how long it is depends on the algorithm."""
    return tensor((open_size(cx),), "int64")


@rule("tensorflow.make_tensor_proto")
def make_tensor_proto(
    cx: Context, values: Value, dtype: Value | None = None, shape: Value | None = None,
    verify_shape: Value | None = None, allow_broadcast: Value | None = None,
) -> Value:  # fmt: skip
    """A message that holds the values."""
    return cx.unknown("a message that holds a tensor")


@rule("tensorflow.get_current_name_scope")
def get_current_name_scope(cx: Context) -> Value:
    """A text."""
    return Typed("str")


@rule("tensorflow.is_symbolic_tensor", "tensorflow.inside_function")
def question(cx: Context, *args: Value) -> Value:
    """A bool."""
    return Typed("bool")
