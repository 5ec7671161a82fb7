"""Numbers of categories as vectors.

What ``one_hot``, ``multi_hot`` and ``count`` make of a shape, at once and symbolically.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_bool, as_str
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.embedding_range import EmbeddingRange
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.semantics.keras.base import class_name, dims_text, error, is_keras3, undefined
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.layers.kernels import KERNEL_NAMES
from foreshape.semantics.keras.methods import in_graph
from foreshape.semantics.keras.ranges import negative, reached

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def mode_of(layer: Instance) -> str | None:
    """The output mode under its present name; None where it is not known."""
    mode = as_str(layer.fields.get("output_mode"))
    return {"binary": "multi_hot", "tf-idf": "tf_idf"}.get(mode, mode) if mode is not None else None


def check_mode(cx: Context, value: Value, allowed: tuple[str, ...], name: str, argument: str = "output_mode") -> None:
    """Raise where the mode is none of these."""
    if not isinstance(value, Const) or value.value in allowed or value.value in ("binary", "tf-idf"):
        return
    word = "Unknown" if is_keras3(cx) else "Unkown"
    message = (
        f"{word} value for `{argument}` argument of {'' if is_keras3(cx) else 'layer '}{name}. Allowed values are: "
        f"{allowed}. "
        f"Received: {argument}={value.value}"
    )
    raise invalid(cx, "ValueError", message, argument, value)


def check_sparse(cx: Context, sparse: Value | None, mode: str | None) -> None:
    """``sparse=True`` makes no sense for whole numbers."""
    if sparse is not None and mode == "int" and as_bool(sparse) is True:
        message = (
            "`sparse` may only be true if `output_mode` is `'one_hot'`, `'multi_hot'`, `'count'` or `'tf_idf'`. "
            "Received: sparse=True and output_mode=int"
        )
        raise invalid(cx, "ValueError", message, "sparse", sparse)


def as_array(cx: Context, value: Value) -> Value:
    """Lists of words or numbers are made one tensor; anything else is given back."""
    if not isinstance(value, Sequence):
        return value
    made = cx.rule("numpy.array", value)
    if not isinstance(made, Array):
        return made
    dtype = {"float64": "float32", "int64": "int32"}.get(made.dtype or "", made.dtype)
    return made.replace(kind="tensorflow", dtype=dtype, meta={})


def encoded(cx: Context, layer: Instance, ids: Array, mode: str, depth: DimLike) -> Shape | None:
    """The shape that comes out, or what raises. Keras 2 knows vectors for two axes at most."""
    shape = ids.shape
    if shape is None or mode == "int":
        return shape
    if not shape:
        shape = (1,)
    if not is_keras3(cx):
        rank = len(shape) + (1 if mode == "one_hot" and (undefined(shape[-1]) or shape[-1] != 1) else 0)
        if rank > 2:
            raise too_many_axes(cx, layer, ids, mode, rank)
        return (depth,) if rank == 1 else (shape[0], depth)
    if mode == "one_hot":
        if len(shape) > 1 and not undefined(shape[-1]) and shape[-1] == 1:
            shape = shape[:-1]
        return (*shape, depth)
    if len(shape) == 1:
        return (depth,)
    if len(shape) == 2:
        return (shape[0], depth)
    return (shape[0], *shape[2:], depth)


def too_many_axes(cx: Context, layer: Instance, ids: Array, mode: str, rank: int) -> RankMismatch:
    """Keras 2: more than two axes would come out."""
    text = (
        f"When output_mode is not `'int'`, maximum supported output rank is 2. Received output_mode {mode} and input "
        "shape "
        f"{dims_text(ids.shape)}, which would result in output rank {rank}."
    )
    return RankMismatch(
        error(cx, "ValueError", text), values=(ids,), taker=class_name(layer), needs=2 if mode != "one_hot" else 1,
        at_least=False, got=ids.shape or (),
    )  # fmt: skip


def check_bincount(cx: Context, layer: Instance, ids: Array, dtype: str | None) -> None:
    """What TensorFlow's counting of two axes at most does not take: other integers, half precision."""
    if ids.shape is None or len(ids.shape) > 2:
        return
    refused = "uint8" if ids.dtype == "uint8" else "float16" if dtype in ("float16", "bfloat16") else None
    if refused is None:
        return
    graph = in_graph(cx)
    if graph:
        text = f"Value passed to parameter 'input' has DataType {refused} not in list of allowed values: int32, int64"
    else:
        text = (
            f"Value for attr 'Tidx' of {KERNEL_NAMES.get(refused, refused)} is not in the list of allowed values: "
            "int32, int64"
        )
    raises = error(cx, "TypeError" if graph else "InvalidArgumentError", text)
    raise DtypeMismatch(raises, values=(ids,), taker=class_name(layer), got=(refused,), wanted=None)


def check_range(cx: Context, layer: Instance, ids: Array, depth: DimLike, above: bool) -> None:
    """An id below 0, or (``above``) past the last."""
    bad = negative(ids)
    if bad is None and above:
        bad = reached(cx, ids, depth)
    if bad is None:
        return
    text = (
        "Expected 'tf.Tensor(False, shape=(), dtype=bool)' to be true. Summarized data: b'Input values must be in "
        "the range "
        f"0 <= values < num_tokens with num_tokens={depth}'"
        if above
        else f"Input 'in' must be non-negative! Negative input value found: {bad} [Op:DenseBincount] name: "
    )
    raise EmbeddingRange(
        error(cx, "InvalidArgumentError", text), values=(ids,), index=bad, size=depth, layer=class_name(layer)
    )
