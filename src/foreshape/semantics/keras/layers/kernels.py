"""What TensorFlow's own operations say of tensors that they cannot take, run at once or put into a graph.

Keras leaves some checks to them. At once they raise ``InvalidArgumentError``; in a graph (a symbolic call of Keras 2,
``fit``) the shapes are checked while it is built: ``ValueError``, and ``TypeError`` for dtypes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Instance, Shape, Value
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.dtype_mismatch import DtypeMismatch
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.faults.invalid_argument import InvalidArgument
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.faults.window_size import WindowSize
from foreshape.semantics.keras.base import class_name, error, layer_name, undefined
from foreshape.semantics.keras.methods import in_graph as in_graph

if TYPE_CHECKING:
    from foreshape.faults.base import Raises
    from foreshape.semantics.protocol import Context

FLOATS: Final = ("float16", "bfloat16", "float32", "float64")
NUMBERS: Final = (
    "bfloat16",
    "float16",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "complex64",
    "complex128",
)
KERNEL_NAMES: Final = {"float16": "half", "float32": "float", "float64": "double"}
"""Where the names of dtypes in operations differ from those in Python."""


def shape_error(cx: Context, text: str) -> Raises:
    """What is wrong with shapes that are known: ``InvalidArgumentError``, or ``ValueError`` in a graph."""
    return error(cx, "ValueError" if in_graph(cx) else "InvalidArgumentError", text)


def sizes_text(shape: Shape) -> str:
    """A shape as TensorFlow prints it: ``[?,8,8,4]``."""
    return "[" + ",".join("?" if undefined(dim) else str(dim) for dim in shape) + "]"


def node_text(self: Instance, op: str, *shapes: Shape) -> str:
    """Which node of the graph it is, and what goes into it."""
    shown = ", ".join(sizes_text(shape) for shape in shapes)
    return f"for '{{{{node {layer_name(self)}/{op}}}}} = {op}[...]' with input shapes: {shown}."


def check_dtype(
    cx: Context, self: Instance, inputs: Array, op: str, allowed: tuple[str, ...], *, weight: str | None = "float32",
    argument: str = "input", other: str = "filter", recover: Value | None = None,
) -> None:  # fmt: skip
    """Raise where ``op`` does not take the dtype, or where its weights have another one (``weight`` None: it has
    none).
    """
    got = inputs.dtype
    if got is None or (weight == got and got in allowed):
        return
    if got in allowed and (weight is None or got == weight):
        return
    taker = class_name(self)
    wanted = weight
    if got not in allowed:
        listed = ", ".join(allowed)
        wanted = None
        if in_graph(cx):
            text = f"Value passed to parameter '{argument}' has DataType {got} not in list of allowed values: {listed}"
        else:
            names = ", ".join(KERNEL_NAMES.get(name, name) for name in allowed)
            text = f"Value for attr 'T' of {KERNEL_NAMES.get(got, got)} is not in the list of allowed values: {names}"
    elif in_graph(cx):
        text = (
            f"Input '{other}' of '{op}' Op has type {weight} that does not match type {got} of argument '{argument}'."
        )
    else:
        text = (
            f"cannot compute {op} as input #1(zero-based) was expected to be a {KERNEL_NAMES.get(got, got)} "
            f"tensor but is a "
            f"{KERNEL_NAMES.get(weight or '', weight)} tensor [Op:{op}] name: "
        )
    raises = error(cx, "TypeError" if in_graph(cx) else "InvalidArgumentError", text)
    raise DtypeMismatch(raises, values=(inputs,), recover=recover, taker=taker, got=(got,), wanted=wanted)


def output_at_once(size: DimLike, span: DimLike, stride: DimLike) -> DimLike:
    """The length that the kernels work out when they are run: as in C++, the division cuts towards zero."""
    if isinstance(size, int) and isinstance(span, int) and isinstance(stride, int) and stride > 0:
        return int((size - span + stride) / stride)
    return -1


def check_window(
    cx: Context, self: Instance, inputs: Array, op: str, axis: int, span: DimLike, kernel: Shape, stride: DimLike = 1,
    node: str = "",
) -> bool:  # fmt: skip
    """Raise where a window that spans ``span`` does not fit into that axis; ``node``: how the message names the node.

    False where it runs and nothing comes out.
    """
    assert inputs.shape is not None
    size = inputs.shape[axis]
    if undefined(size) or cx.at_least(size, span):
        return True
    if in_graph(cx):
        text = (
            f"Negative dimension size caused by subtracting {span} from {size} "
            f"{node or node_text(self, op, inputs.shape, kernel)}"
        )
    else:
        out = output_at_once(size, span, stride)
        if out == 0:
            return False
        text = (
            f"Computed output size would be negative: {out} [input_size: {size}, effective_filter_size: {span}, "
            f"stride: {stride}] [Op:{op}] name: "
        )
    raise WindowSize(
        shape_error(cx, text), values=(inputs,), taker=class_name(self), window=span, size=size, axis=axis,
        shape=inputs.shape,
    )  # fmt: skip


def check_depth(
    cx: Context, self: Instance, inputs: Array, op: str, axis: int, depth: DimLike, kernel: Shape, dividing: bool,
    exception: str | None = None, node: str = "",
) -> None:  # fmt: skip
    """Raise where the channels of the input are not those of the filter (``dividing``: not a multiple of them)."""
    assert inputs.shape is not None
    got = inputs.shape[axis]
    if undefined(got) or undefined(depth):
        return
    if dividing and isinstance(got, int) and isinstance(depth, int) and depth and got % depth == 0:
        return
    if cx.equal(got, depth):
        return
    if not in_graph(cx):
        text = f"input depth must be evenly divisible by filter depth: {got} vs {depth} [Op:{op}] name: "
    elif dividing:
        text = (
            f"Depth of input ({got}) is not a multiple of input depth of filter ({depth}) "
            f"{node or node_text(self, op, inputs.shape, kernel)}"
        )
    else:
        text = (
            f"Dimensions must be equal, but are {got} and {depth} {node or node_text(self, op, inputs.shape, kernel)}"
        )
    raises = shape_error(cx, text)
    if exception is not None:
        raises.exception = exception
    raise FeatureMismatch(
        raises, values=(inputs,), taker=class_name(self), needs=depth, got=got,
        axis=axis if axis < 0 else axis - len(inputs.shape), shape=inputs.shape,
    )  # fmt: skip


def wrong_rank(
    cx: Context, self: Instance, inputs: Array, needs: int, text: str, *, exception: str | None = None,
    axes: tuple[str, ...] = (), recover: Value | None = None,
) -> RankMismatch:  # fmt: skip
    """An operation gets another number of axes than it takes."""
    raises = shape_error(cx, text)
    if exception is not None:
        raises.exception = exception
    return RankMismatch(
        raises,
        values=(inputs,),
        recover=recover,
        taker=class_name(self),
        needs=needs,
        at_least=False,
        got=inputs.shape or (),
        axes=axes,
    )


def refused(cx: Context, text: str, argument: str, given: Any, *, exception: str | None = None) -> InvalidArgument:
    """An operation does not take the value of an argument of the layer."""
    raises = shape_error(cx, text)
    if exception is not None:
        raises.exception = exception
    return InvalidArgument(raises, values=(), argument=argument, given=str(given))


def check_matmul(
    cx: Context, self: Instance, inputs: Array, rows: DimLike, columns: DimLike | None, *, taker: str = "",
    recover: Value | None = None,
) -> None:  # fmt: skip
    """Raise where the last axis of the input is not ``rows``, which the weights have."""
    if not inputs.shape or undefined(inputs.shape[-1]) or undefined(rows):
        return
    got = inputs.shape[-1]
    if cx.equal(got, rows):
        return
    first = inputs.shape[0]
    shape = f"[{'?' if undefined(first) else first},{got}], [{rows},{columns}]"
    if in_graph(cx):
        text = (
            f"Dimensions must be equal, but are {got} and {rows} for '{{{{node {layer_name(self)}/MatMul}}}} = "
            f"MatMul[...]' "
            f"with input shapes: {shape}."
        )
    else:
        text = f"Matrix size-incompatible: In[0]: [{first},{got}], In[1]: [{rows},{columns}] [Op:MatMul] name: "
    raise FeatureMismatch(
        shape_error(cx, text), values=(inputs,), recover=recover, taker=taker or class_name(self), needs=rows, got=got,
        shape=inputs.shape,
    )  # fmt: skip


def check_batch(cx: Context, self: Instance, inputs: Array, other: Array, columns: DimLike | None, taker: str) -> None:
    """Raise where two matrices that are added have different batch sizes, neither of them 1."""
    if not inputs.shape or not other.shape:
        return
    batch, size = inputs.shape[0], other.shape[0]
    if undefined(batch) or undefined(size) or batch == 1 or size == 1 or len(other.shape) != 2 or cx.equal(batch, size):
        return
    if in_graph(cx):
        text = (
            f"Dimensions must be equal, but are {batch} and {size} for '{{{{node {layer_name(self)}/add}}}} = "
            f"AddV2[...]' with "
            f"input shapes: [{batch},{columns}], [{size},{columns}]."
        )
    else:
        text = f"Incompatible shapes: [{batch},{columns}] vs. [{size},{columns}] [Op:AddV2] name: "
    raise BroadcastMismatch(
        shape_error(cx, text), values=(other,), taker=taker, shapes=(inputs.shape, other.shape), axis=0
    )
