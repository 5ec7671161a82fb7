"""What recurrent layers say about inputs, masks and states that do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Instance, Sequence, Shape, Unknown, Value, is_none
from foreshape.faults.index_range import IndexRange
from foreshape.faults.mask_shape import MaskShape
from foreshape.faults.state_shape import StateShape
from foreshape.faults.stateful_batch import StatefulBatch
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.semantics.keras.base import (
    bool_field,
    dims_text,
    error,
    is_keras3,
    undefined,
)
from foreshape.semantics.keras.config import repr_value
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.cells import (
    state_shapes,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

AXES: Final = ("batch", "timesteps", "features")


def needs_batch(cx: Context, shape: Shape, layer: str = "") -> StatefulBatch:
    """A stateful layer was not told the batch size."""
    if is_keras3(cx):
        message = (
            "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: "
            f"sequence.shape={dims_text(shape)}"
        )
    else:
        message = (
            "If a RNN is stateful, it needs to know its batch size. Specify the batch size of your input tensors: \n"
            "- If using a Sequential model, specify the batch size by passing a `batch_input_shape` argument to your "
            "first layer.\n- If using the functional API, specify the batch size by passing a `batch_shape` argument "
            "to your Input layer."
        )
    return StatefulBatch(error(cx, "ValueError", message), layer=layer, needs=None, got=None)


def called(self: Instance) -> str:
    return self.cls.name.rpartition(".")[2]


def check_rank_keras2(cx: Context, self: Instance, sequences: Array) -> None:
    """A second symbolic call, of which Keras 2 does not check the rank."""
    assert sequences.shape is not None
    rank = len(sequences.shape)
    cell = self.fields.get("cell")
    own = isinstance(cell, Instance) and cell.fields.get("~family") is not None
    if rank == 3 or (rank > 3 and not (own and kernels.in_graph(cx))):
        return
    if rank < 3:
        text = f"Shape {dims_text((*sequences.shape[1:], None))} must have rank at least 3"
        raise kernels.wrong_rank(cx, self, sequences, 3, text, exception="ValueError", axes=AXES)
    if self.library_type not in ("keras.layers.LSTM", "keras.layers.GRU"):
        text = f"Shapes must be equal rank, but are {rank - 1} and 2"
    else:
        text = f"Number of ways to split should evenly divide the split dimension {kernels.node_text(self, 'split')}"
    raise kernels.wrong_rank(cx, self, sequences, 3, text, axes=AXES)


def check_unroll(cx: Context, self: Instance, sequences: Array) -> None:
    """A loop that is written out needs to know how often."""
    assert sequences.shape is not None
    time = sequences.shape[1]
    new = is_keras3(cx)
    if not bool_field(self, "unroll") or not (undefined(time) or (not new and isinstance(time, int) and time == 0)):
        return
    message = "Unrolling requires a fixed number of timesteps."
    if new:
        message = (
            "Cannot unroll a RNN if the time dimension is undefined. \n- If using a Sequential model, specify the time "
            "dimension by passing an `Input()` as your first layer.\n- If using the functional API, specify the time "
            "dimension by passing a `shape` or `batch_shape` argument to your `Input()`."
        )
    raise UndefinedDimension(
        error(cx, "ValueError", message), values=(sequences,), taker=called(self), axis=1, shape=sequences.shape
    )


def check_length(cx: Context, self: Instance, sequences: Array) -> None:
    """No timesteps: there is no first one."""
    assert sequences.shape is not None
    if not isinstance(sequences.shape[1], int) or sequences.shape[1] != 0 or (kernels.in_graph(cx) and is_keras3(cx)):
        return
    name = self.fields.get("name")
    text = (
        f"slice index 0 of dimension 1 out of bounds. [Op:StridedSlice] name: {repr_value(name)[1:-1]}/strided_slice/"
    )
    raise IndexRange(kernels.shape_error(cx, text), values=(sequences,), taker=called(self), index=0, size=0, axis=1)


def check_mask(cx: Context, self: Instance, sequences: Array, mask: Value | None) -> None:
    """A mask has a value for each timestep of each sample."""
    shape = sequences.shape
    if isinstance(mask, Sequence):
        mask = mask.contents.at(0)
    if not isinstance(mask, Array) or mask.shape is None or shape is None or bool_field(self, "unroll") is not False:
        return
    if len(mask.shape) == 1:
        raises = error(cx, "IndexError", "list assignment index out of range")
    elif len(mask.shape) == 3 and kernels.in_graph(cx) and not is_keras3(cx) and called(self) in ("LSTM", "GRU"):
        raises = error(cx, "ValueError", f"Shape must be rank 1 but is rank 2 {kernels.node_text(self, 'CudnnRNNV3')}")
    elif len(mask.shape) != 2 or kernels.in_graph(cx):
        return
    else:
        (batch, time), (needs, length) = mask.shape, shape[:2]
        if not (undefined(batch) or undefined(needs) or batch == 1 or cx.equal(batch, needs)):
            text = (
                f"condition [{batch},1], then [{needs},...], and else [{needs},...] must be broadcastable "
                f"[Op:SelectV2] name: "
            )
            raises = error(cx, "InvalidArgumentError", text)
        elif undefined(time) or undefined(length) or cx.at_least(time, length):
            return
        else:
            raises = error(cx, "OutOfRangeError", f"Tried to read from index {time} but array size is: {time} ")
    raise MaskShape(raises, values=(mask,), mask=mask.shape, shape=shape, axis=1)


def check_more_states(cx: Context, self: Instance, initial_state: Value | None) -> None:
    """Keras 3 at once: states that the cell has no use for are noticed afterwards."""
    items = initial_state.contents.items() if isinstance(initial_state, Sequence) else None
    wanted = state_shapes(cx, self.fields["cell"], 1)
    if items is None or wanted is None or len(items) <= len(wanted) or bool_field(self, "unroll") is not False:
        return
    if self.library_type == "keras.layers.GRU":
        return
    text = f"Too few leaves for PyTreeSpec; expected: {len(items)}, got: {len(wanted)}."
    raise StateShape(
        error(cx, "ValueError", text),
        values=(initial_state,) if initial_state is not None else (),
        layer=called(self),
        needs=tuple(wanted),
        got=tuple(one.shape for one in items if isinstance(one, Array)),
    )


def check_stateful(cx: Context, self: Instance, sequences: Array) -> None:
    """Keras 3: a stateful layer takes batches of the size of the first one."""
    batch: DimLike | None = self.fields.get("~batch")
    if batch is None or not sequences.shape or not bool_field(self, "stateful"):
        return
    got = sequences.shape[0]
    if undefined(got) or cx.equal(got, batch):
        return
    message = (
        "If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the "
        f"initial state. \n- Expected batch size: {batch}\n- Received batch size: {got}"
    )
    raise StatefulBatch(error(cx, "ValueError", message), values=(sequences,), layer=called(self), needs=batch, got=got)


def check_states_keras2(cx: Context, self: Instance, initial_state: Value | None) -> None:
    if is_none(initial_state):
        return
    given = initial_state.contents.items() if isinstance(initial_state, Sequence) else (initial_state,)
    wanted = state_shapes(cx, self.fields["cell"], 1)
    if given is None or wanted is None or not all(isinstance(one, Array) and one.shape for one in given):
        return
    shapes = [one.shape for one in given if isinstance(one, Array) and one.shape]
    fits = len(shapes) == len(wanted) and all(
        w is None or (len(s) == len(w) and all(undefined(a) or cx.equal(a, b) for a, b in zip(s[1:], w[1:])))
        for s, w in zip(shapes, wanted)
    )
    if fits:
        return
    specs = ", ".join(f"InputSpec(shape={dims_text((None, *s[1:]))}, ndim={len(s)})" for s in shapes)
    sizes = ", ".join(str(w[-1]) for w in wanted if w)
    message = (
        "An `initial_state` was passed that is not compatible with `cell.state_size`. Received "
        f"`state_spec`=ListWrapper([{specs}]); however `cell.state_size` is [{sizes}]"
    )
    raise StateShape(
        error(cx, "ValueError", message), values=tuple(v for v in given if v is not None), layer=called(self),
        needs=tuple(wanted), got=tuple(shapes),
    )  # fmt: skip


def check_state_count(cx: Context, self: Instance, states: Sequence) -> None:
    """Keras 3 indexes the states: too few are an IndexError, too many are left alone."""
    items = states.contents.items()
    wanted = state_shapes(cx, self.fields["cell"], 1)
    if items is None or wanted is None or len(items) >= len(wanted) or self.library_type == "keras.layers.RNN":
        return
    message = "list index out of range"
    raise StateShape(
        error(cx, "IndexError", message), values=(states,), layer=called(self), needs=tuple(wanted),
        got=tuple(one.shape for one in items if isinstance(one, Array)),
    )  # fmt: skip


def check_state_count_keras2(cx: Context, self: Instance, initial_state: Value | None) -> None:
    """A layer that is built: only the number of states is looked at."""
    if initial_state is None or is_none(initial_state):
        return
    given = initial_state.contents.items() if isinstance(initial_state, Sequence) else (initial_state,)
    size = cx.get_attribute(self.fields["cell"], "state_size")
    sizes = size.contents.items() if isinstance(size, Sequence) else (size,)
    if given is None or sizes is None or len(given) == len(sizes) or isinstance(size, Unknown):
        return
    shapes = [one.shape for one in given if isinstance(one, Array)]
    message = f"Layer has {len(sizes)} states but was passed {len(given)} initial states. Received: initial_state="
    raise StateShape(
        error(cx, "ValueError", message + "[" + ", ".join(dims_text(shape) for shape in shapes) + "]"),
        values=(initial_state,),
        layer=called(self),
        needs=(),
        got=tuple(shapes),
    )
