"""``CategoryEncoding``, ``Discretization``, ``Hashing``, ``HashedCrossing``: categories and bins.

Follows ``keras/src/layers/preprocessing`` and the ``tf_keras`` ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_bool, as_dim, as_str, is_none
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.layer_input_count import LayerInputCount
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.faults.unfitted_estimator import UnfittedEstimator
from foreshape.semantics.keras.base import (
    compute_dtype,
    dims_text,
    error,
    init_layer,
    is_keras3,
    output,
    same,
    undefined,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers.encoding import (
    as_array,
    check_bincount,
    check_mode,
    check_range,
    check_sparse,
    encoded,
    mode_of,
)
from foreshape.semantics.keras.methods import in_graph
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

for _name in ("CategoryEncoding", "Discretization", "Hashing", "HashedCrossing"):
    library_type(f"keras.layers.{_name}", "keras.Layer")


def _keep(cx: Context, self: Instance, **given: Value | None) -> None:
    for name, value in given.items():
        cx.set(self, name, value if value is not None else Const(None))


def _is_sparse(self: Instance) -> bool:
    return as_bool(self.fields.get("sparse")) is not False


def made_of(cx: Context, self: Instance, ids: Array, shape: Shape | None, dtype: str | None) -> Value:
    """The output; nothing is said of sparse tensors."""
    if _is_sparse(self) and mode_of(self) != "int":
        return cx.unknown("a sparse tensor")
    return output(cx, self, ids, shape, dtype)


# -- CategoryEncoding -------------------------------------------------------------------------------------------------


@rule("keras.layers.CategoryEncoding.__init__")
def category_init(
    cx: Context, self: Instance, num_tokens: Value | None = None, output_mode: Value | None = None,
    sparse: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``num_tokens``: how many categories there are."""
    init_layer(cx, self, kwargs)
    mode = output_mode if output_mode is not None else Const("multi_hot")
    check_mode(cx, mode, ("count", "one_hot", "multi_hot"), "CategoryEncoding")
    if num_tokens is None or is_none(num_tokens):
        message = (
            "num_tokens must be set to use this layer. If the number of tokens is not known beforehand, use the "
            "IntegerLookup layer instead."
        )
        raise invalid(cx, "ValueError", message, "num_tokens", num_tokens)
    size = as_dim(num_tokens)
    if isinstance(size, int) and size < 1:
        message = f"`num_tokens` must be >= 1. Received: num_tokens={size}."
        raise invalid(cx, "ValueError", message, "num_tokens", num_tokens)
    _keep(cx, self, num_tokens=num_tokens, output_mode=mode, sparse=sparse if sparse is not None else Const(False))
    cx.set(self, "~any_argument", True)
    if is_keras3(cx):
        cx.set(self, "autocast", Const(False))


def _depth(cx: Context, self: Instance, name: str) -> DimLike:
    size = as_dim(self.fields.get(name))
    return cx.fresh(name) if size is None else size


@rule("keras.layers.CategoryEncoding.compute_output_spec", since="3")
def category_spec(cx: Context, self: Instance, inputs: Value, count_weights: Value | None = None) -> Value:
    """Keras 3, symbolically."""
    inputs = as_array(cx, inputs)
    mode, depth = mode_of(self), _depth(cx, self, "num_tokens")
    if not isinstance(inputs, Array) or inputs.shape is None or mode is None:
        return output(cx, self, inputs, None)
    shape = inputs.shape
    if not shape:
        return output(cx, self, inputs, (depth,))
    whole = mode == "one_hot" and (undefined(shape[-1]) or shape[-1] != 1 or len(shape) == 1)
    return output(cx, self, inputs, (*(shape if whole else shape[:-1]), depth))


@rule("keras.layers.CategoryEncoding.call")
def category_call(cx: Context, self: Instance, inputs: Value, count_weights: Value | None = None) -> Value:
    """Ids below ``num_tokens`` become vectors of that length."""
    inputs = as_array(cx, inputs)
    mode, depth = mode_of(self), _depth(cx, self, "num_tokens")
    if not isinstance(inputs, Array) or mode is None:
        return output(cx, self, inputs, None)
    weighted = count_weights is not None and not is_none(count_weights)
    if weighted and mode != "count":
        shown = repr_value(count_weights)
        message = f"`count_weights` is not used when `output_mode` is not `'count'`. Received `count_weights={shown}`."
        raise invalid(cx, "ValueError", message, "count_weights", count_weights)
    new = is_keras3(cx)
    dtype = self.fields.get("~variable_dtype", "float32") if new else compute_dtype(self)
    few = inputs.shape is not None and len(inputs.shape) <= 2
    if not new and inputs.dtype == "bool":
        _no_bool(cx, inputs, "CategoryEncoding")
    if not in_graph(cx) and (not new or (mode != "one_hot" and few)):
        check_range(cx, self, inputs, depth, above=not new)
    shape = encoded(cx, self, inputs, mode, depth)
    if not new or mode != "one_hot":
        check_bincount(cx, self, inputs, dtype)
    if weighted and isinstance(count_weights, Array) and inputs.shape is not None and len(inputs.shape) <= 2:
        _check_weights(cx, inputs, count_weights)
    return made_of(cx, self, inputs, shape, dtype)


def _no_bool(cx: Context, inputs: Array, taker: str) -> None:
    graph = in_graph(cx)
    text = (
        "Value passed to parameter 'input' has DataType bool not in list of allowed values" if graph
        else "Value for attr 'T' of bool is not in the list of allowed values: float, double, int32"
    )  # fmt: skip
    raises = error(cx, "TypeError" if graph else "InvalidArgumentError", text)
    raise DtypeMismatch(raises, values=(inputs,), taker=taker, got=("bool",), wanted=None)


def _check_weights(cx: Context, inputs: Array, weights: Array) -> None:
    one, two = inputs.shape, weights.shape
    if in_graph(cx) or one is None or two is None or _agree(cx, one, two):
        return
    text = (
        "`weights` must be the same shape as `arr` or a length-0 `Tensor`, in which case it acts as all weights "
        "equal to "
        f"1. Received {dims_text(two)} [Op:DenseBincount] name: "
    )
    raise BroadcastMismatch(
        error(cx, "InvalidArgumentError", text), values=(weights,), taker="CategoryEncoding", shapes=(one, two), axis=-1
    )


def _agree(cx: Context, one: Shape, two: Shape) -> bool:
    return len(one) == len(two) and all(same(cx, a, b) for a, b in zip(one, two))


# -- Discretization ---------------------------------------------------------------------------------------------------


@rule("keras.layers.Discretization.__init__")
def discretization_init(
    cx: Context, self: Instance, bin_boundaries: Value | None = None, num_bins: Value | None = None,
    epsilon: Value | None = None, output_mode: Value | None = None, sparse: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """Bins by their boundaries, or a number of bins that ``adapt`` finds."""
    dtype = as_str(kwargs.get("dtype"))
    if not is_keras3(cx) and dtype is not None and dtype.startswith("mixed_"):
        message = f"Cannot convert the argument `type_value`: '{dtype}' to a TensorFlow DType."
        raise invalid(cx, "TypeError", message, "dtype", kwargs["dtype"])
    init_layer(cx, self, kwargs)
    mode = output_mode if output_mode is not None else Const("int")
    check_sparse(cx, sparse, as_str(mode))
    check_mode(cx, mode, ("int", "one_hot", "multi_hot", "count"), "Discretization")
    boundaries = None if bin_boundaries is None or is_none(bin_boundaries) else bin_boundaries
    bins = None if num_bins is None or is_none(num_bins) else num_bins
    count = as_dim(bins)
    if isinstance(count, int) and count < 0:
        message = f"`num_bins` must be greater than or equal to 0. Received: `num_bins={count}`"
        raise invalid(cx, "ValueError", message, "num_bins", bins)
    if boundaries is not None and bins is not None:
        message = (
            f"Both `num_bins` and `bin_boundaries` should not be set. Received: `num_bins={repr_value(bins)}` and "
            f"`bin_boundaries={repr_value(boundaries)}`"
        )
        raise invalid(cx, "ValueError", message, "num_bins", bins)
    if boundaries is None and bins is None and is_keras3(cx):
        raise invalid(cx, "ValueError", "You need to set either `num_bins` or `bin_boundaries`.", "num_bins", None)
    _keep(cx, self, bin_boundaries=boundaries, num_bins=bins, output_mode=mode,
          sparse=sparse if sparse is not None else Const(False))  # fmt: skip
    cx.set(self, "autocast", Const(False))


def _bins(cx: Context, self: Instance) -> DimLike:
    boundaries = self.fields.get("bin_boundaries")
    if isinstance(boundaries, Value) and not is_none(boundaries):
        length = cx.length(boundaries)
        return cx.fresh("bins") if length is None else length + 1
    return _depth(cx, self, "num_bins")


@rule("keras.layers.Discretization.adapt")
def discretization_adapt(
    cx: Context, self: Instance, data: Value, batch_size: Value | None = None, steps: Value | None = None
) -> Value:
    """Finds the boundaries in the data."""
    cx.set(self, "~adapted", True)
    return Const(None)


@rule("keras.layers.Discretization.compute_output_spec", since="3")
def discretization_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically."""
    mode = mode_of(self)
    if not isinstance(inputs, Array) or inputs.shape is None or mode is None:
        return output(cx, self, inputs, None)
    return output(cx, self, inputs, _binned(cx, self, inputs, mode), "int32" if mode == "int" else None)


def _binned(cx: Context, self: Instance, inputs: Array, mode: str) -> Shape | None:
    return encoded(cx, self, inputs, mode, _bins(cx, self))


@rule("keras.layers.Discretization.call")
def discretization_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """The number of the bin that each value falls into, or a vector for it."""
    mode = mode_of(self)
    if not isinstance(inputs, Array) or mode is None:
        return output(cx, self, inputs, None)
    new = is_keras3(cx)
    boundaries = self.fields.get("bin_boundaries")
    if new and is_none(boundaries) and not self.fields.get("~adapted"):
        message = (
            "You need to either pass the `bin_boundaries` argument at construction time or call `adapt(dataset)` "
            "before you "
            "can start using the `Discretization` layer."
        )
        raise UnfittedEstimator(error(cx, "ValueError", message), values=(self,), estimator="Discretization")
    if not new and inputs.dtype in ("bool", "float16", "uint8"):
        graph = in_graph(cx)
        text = f"Value for attr 'T' of {inputs.dtype} is not in the list of allowed values: int32, int64, float, double"
        raises = error(cx, "TypeError" if graph else "InvalidArgumentError", text)
        raise DtypeMismatch(raises, values=(inputs,), taker="Discretization", got=(inputs.dtype,), wanted=None)
    if isinstance(boundaries, Sequence) and not in_graph(cx):
        items = boundaries.contents.items()
        known = [item.value for item in items or () if isinstance(item, Const) and isinstance(item.value, (int, float))]
        if items is not None and len(known) == len(items) and known != sorted(known):
            raise invalid(cx, "InvalidArgumentError", "Expected sorted boundaries [Op:Bucketize] name: ",
                          "bin_boundaries", boundaries)  # fmt: skip
    dtype = ("int32" if new else "int64") if mode == "int" else None
    return made_of(cx, self, inputs, _binned(cx, self, inputs, mode), dtype)


# -- Hashing ----------------------------------------------------------------------------------------------------------


@rule("keras.layers.Hashing.__init__")
def hashing_init(
    cx: Context, self: Instance, num_bins: Value, mask_value: Value | None = None, salt: Value | None = None,
    output_mode: Value | None = None, sparse: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``num_bins``: the ids run from 0 to num_bins - 1."""
    mode = output_mode if output_mode is not None else Const("int")
    own = kwargs.get("dtype")
    if own is None or is_none(own):
        kwargs["dtype"] = Const("int64") if as_str(mode) == "int" else Const("float32")
    init_layer(cx, self, kwargs)
    size = as_dim(num_bins)
    if is_none(num_bins) or (isinstance(size, int) and size <= 0):
        message = (
            "The `num_bins` for `Hashing` cannot be `None` or non-positive values. Received: "
            f"num_bins={repr_value(num_bins)}."
        )
        raise invalid(cx, "ValueError", message, "num_bins", num_bins)
    given = as_str(own)
    if as_str(mode) == "int" and given is not None and given not in ("int32", "int64"):
        message = (
            f"When `output_mode=\"int\"`, `dtype` should be an integer type, 'int32' or 'in64'. Received: dtype={given}"
        )
        raise invalid(cx, "ValueError", message, "dtype", own)
    check_mode(cx, mode, ("int", "one_hot", "multi_hot", "count"), "Hashing")
    check_sparse(cx, sparse, as_str(mode))
    if salt is not None and not is_none(salt):
        items = salt.contents.items() if isinstance(salt, Sequence) else None
        if (isinstance(salt, Const) and not isinstance(salt.value, int)) or (items is not None and len(items) != 2):
            message = (
                "The `salt` argument for `Hashing` can only be a tuple of size 2 integers, or a single integer. "
                f"Received: salt={repr_value(salt)}."
            )
            raise invalid(cx, "ValueError", message, "salt", salt)
    _keep(cx, self, num_bins=num_bins, mask_value=mask_value, output_mode=mode,
          sparse=sparse if sparse is not None else Const(False))  # fmt: skip
    cx.set(self, "~any_argument", True)
    if is_keras3(cx):
        cx.set(self, "autocast", Const(False))


@rule("keras.layers.Hashing.compute_output_spec", since="3")
def hashing_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: vectors take the place of the last axis, whatever its size."""
    inputs = as_array(cx, inputs)
    mode = mode_of(self)
    if not isinstance(inputs, Array) or inputs.shape is None or mode is None:
        return output(cx, self, inputs, None)
    shape = inputs.shape if mode == "int" else (*inputs.shape[:-1], _depth(cx, self, "num_bins"))
    return output(cx, self, inputs, shape)


@rule("keras.layers.Hashing.call")
def hashing_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """A bin for each value, or a vector for it."""
    inputs = as_array(cx, inputs)
    mode = mode_of(self)
    if not isinstance(inputs, Array) or inputs.shape is None or mode is None:
        return output(cx, self, inputs, None)
    mask = self.fields.get("mask_value")
    floats = inputs.dtype is not None and inputs.dtype.startswith("float")
    text_mask = isinstance(mask, Const) and isinstance(mask.value, str)
    if text_mask and (floats or inputs.dtype in ("int32", "int64")):
        text = f"Cannot convert {repr_value(mask)} to EagerTensor of dtype {inputs.dtype}"
        raise DtypeMismatch(
            error(cx, "TypeError", text), values=(inputs,), taker="Hashing", got=(inputs.dtype or "",), wanted="string"
        )
    if floats and not is_keras3(cx):
        text = "cannot compute StringToHashBucketFast as input #0(zero-based) was expected to be a string tensor"
        raises = error(cx, "TypeError" if in_graph(cx) else "InvalidArgumentError", text)
        raise DtypeMismatch(raises, values=(inputs,), taker="Hashing", got=(inputs.dtype or "",), wanted="string")
    depth = _depth(cx, self, "num_bins")
    shape = inputs.shape
    if is_keras3(cx) and mode == "one_hot" and shape and shape[-1] == 1:
        shape = shape[:-1]
    made = encoded(cx, self, inputs.replace(shape=shape), mode, depth)
    result = made_of(cx, self, inputs, made, None)
    if mode == "int" and isinstance(result, Array):
        last = depth - 1
        return result.replace(lo=0, hi=last)
    return result


# -- HashedCrossing ---------------------------------------------------------------------------------------------------


@rule("keras.layers.HashedCrossing.__init__")
def crossing_init(
    cx: Context, self: Instance, num_bins: Value, output_mode: Value | None = None, sparse: Value | None = None,
    **kwargs: Value,
) -> None:  # fmt: skip
    """Combinations of several categories, hashed together."""
    mode = output_mode if output_mode is not None else Const("int")
    own = kwargs.get("dtype")
    if as_str(mode) == "int" and (own is None or is_none(own)):
        kwargs["dtype"] = Const("int64")
    init_layer(cx, self, kwargs)
    check_mode(cx, mode, ("int", "one_hot"), "HashedCrossing")
    _keep(cx, self, num_bins=num_bins, output_mode=mode, sparse=sparse if sparse is not None else Const(False))
    cx.set(self, "~any_argument", True)
    cx.set(self, "autocast", Const(False))


def _crossed(inputs: Value) -> list[Array] | None:
    items = inputs.contents.items() if isinstance(inputs, Sequence) else None
    if items is None or not all(isinstance(item, Array) and item.shape is not None for item in items):
        return None
    return [item for item in items if isinstance(item, Array)]


@rule("keras.layers.HashedCrossing.compute_output_spec", since="3")
def crossing_spec(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 3, symbolically: two inputs exactly."""
    arrays, mode = _crossed(inputs), mode_of(self)
    if arrays is None and isinstance(inputs, Array):
        message = f"Expected as input a list/tuple of 2 tensors. Received input_shape={dims_text(inputs.shape)}"
        raise LayerInputCount(
            error(cx, "ValueError", message), values=(inputs,), taker="HashedCrossing", needs=2, got=1
        )
    if arrays is None or mode is None:
        return output(cx, self, None, None)
    if len(arrays) != 2:
        shown = "[" + ", ".join(dims_text(array.shape) for array in arrays) + "]"
        message = f"Expected as input a list/tuple of 2 tensors. Received input_shape={shown}"
        raise LayerInputCount(
            error(cx, "ValueError", message), values=tuple(arrays), taker="HashedCrossing", needs=2, got=len(arrays)
        )
    one, two = arrays[0].shape or (), arrays[1].shape or ()
    if not one or not two:
        raise _crossing_rank(cx, arrays[0], "IndexError", "tuple index out of range")
    depth = _depth(cx, self, "num_bins")
    if mode == "int":
        return output(cx, self, arrays[0], one)
    whole = undefined(one[-1]) or one[-1] != 1
    return output(cx, self, arrays[0], (*(one if whole else one[:-1]), depth))


def _crossing_rank(cx: Context, array: Array, kind: str, text: str) -> RankMismatch:
    return RankMismatch(
        error(cx, kind, text), values=(array,), taker="HashedCrossing", needs=1, at_least=False, got=array.shape or ()
    )


@rule("keras.layers.HashedCrossing.call")
def crossing_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """(batch,) or (batch, 1) each."""
    arrays, mode = _crossed(inputs), mode_of(self)
    if arrays is None and isinstance(inputs, Array):
        message = "`HashedCrossing` should be called on a list or tuple of inputs."
        raise LayerInputCount(
            error(cx, "ValueError", message), values=(inputs,), taker="HashedCrossing", needs=2, got=1
        )
    if arrays is None or mode is None:
        return output(cx, self, None, None)
    if len(arrays) < 2:
        message = "`HashedCrossing` should be called on at least two inputs."
        raise LayerInputCount(
            error(cx, "ValueError", message), values=tuple(arrays), taker="HashedCrossing", needs=2, got=len(arrays)
        )
    first = arrays[0].shape or ()
    for array in arrays[1:]:
        shape = array.shape or ()
        if not _agree(cx, first, shape):
            message = "All `HashedCrossing` inputs should have equal shape."
            raise BroadcastMismatch(
                error(cx, "ValueError", message),
                values=(array,),
                taker="HashedCrossing",
                shapes=(first, shape),
                axis=-1,
            )
    if len(first) > 2 or (len(first) == 2 and (undefined(first[1]) or not cx.equal(first[1], 1))):
        message = "All `HashedCrossing` inputs should have shape `()`, `(batch_size)` or `(batch_size, 1)`."
        raise _crossing_rank(cx, arrays[0], "ValueError", message)
    for array in arrays:
        if array.dtype is not None and array.dtype.startswith(("float", "bool", "complex")):
            message = "All `HashedCrossing` inputs should have an integer or string dtype."
            raise DtypeMismatch(
                error(cx, "ValueError", message),
                values=(array,),
                taker="HashedCrossing",
                got=(array.dtype,),
                wanted="int64",
            )
    made = encoded(cx, self, arrays[0], mode, _depth(cx, self, "num_bins"))
    return made_of(cx, self, arrays[0], made, None)
