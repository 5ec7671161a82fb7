"""Recurrent cells of TensorFlow 1 and what runs them: ``dynamic_rnn``, ``static_rnn``, both directions, decoders.

A cell keeps the weights of its first call, and its state is what the next call must be given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Const, Instance, Sequence, Value, as_bool
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.shared.structure import as_tuple, children, flatten
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.selecting import fields
from foreshape.semantics.tensorflow.support import (
    dtype_of,
    failed,
    flag,
    given,
    joined,
    tensor,
    tuple_text,
    unknown_tensor,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

# -- cells -----------------------------------------------------------------------------------------------------------

CELLS = ("BasicLSTMCell", "LSTMCell", "GRUCell", "BasicRNNCell", "LayerNormBasicLSTMCell", "LSTMBlockCell", "RNNCell")
for _home in ("tensorflow.nn.rnn_cell", "tensorflow.contrib.rnn"):
    for _name in (*CELLS, "MultiRNNCell", "DropoutWrapper"):
        library_type(f"{_home}.{_name}", f"tensorflow.~cells.{_name}")
for _name in CELLS:
    library_type(f"tensorflow.~cells.{_name}", "tensorflow.~cells.Cell")
library_type("tensorflow.~cells.MultiRNNCell", "tensorflow.~cells.Cell")
library_type("tensorflow.~cells.DropoutWrapper", "tensorflow.~cells.Cell")
library_type("tensorflow.~cells.Cell")


@rule("tensorflow.~cells.Cell.__init__")
def cell_init(cx: Context, self: Instance, num_units: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """How wide it is."""
    cx.set(self, "~units", cx.dim(num_units))
    parts = kwargs.get("state_is_tuple")
    cx.set(self, "~joined", parts is not None and as_bool(parts) is not True)
    return Const(None)


@rule("tensorflow.~cells.MultiRNNCell.__init__")
def multi_init(cx: Context, self: Instance, cells: Value, state_is_tuple: Value | None = None) -> Value:
    """Cells on top of each other."""
    contents = cx.iterate(cells)
    items = None if contents is None else contents.items(limit=64)
    cx.set(self, "~cells", None if items is None else tuple(items))
    return Const(None)


@rule("tensorflow.~cells.DropoutWrapper.__init__")
def wrapper_init(cx: Context, self: Instance, cell: Value, *args: Value, **kwargs: Value) -> Value:
    """A cell inside."""
    cx.set(self, "~cell", cell)
    return Const(None)


def run_cell(cx: Context, cell: Value, x: Array, depth: DimLike) -> tuple[DimLike, Value] | None:
    """The width of what a cell gives for inputs of this depth, and its state. A cell keeps the weights of its first
    call:
    one that is used twice must get the same depth again."""
    if not isinstance(cell, Instance):
        return None
    if "~cell" in cell.fields:
        return run_cell(cx, cell.fields["~cell"], x, depth)
    batch = x.shape[0] if x.shape else cx.fresh()
    if "~cells" in cell.fields:
        cells: tuple[Value, ...] | None = cell.fields["~cells"]
        states: list[Value] = []
        for inner in cells or ():
            found = run_cell(cx, inner, x, depth)
            if found is None:
                return None
            depth, state = found
            states.append(state)
        return (depth, as_tuple(states)) if cells else None
    units: DimLike | None = cell.fields.get("~units")
    if units is None:
        return None
    built: DimLike | None = cell.fields.get("~depth")
    if built is None:
        cx.set(cell, "~depth", depth)
    elif not undefined(depth) and joined(cx, built, depth) is None:
        from foreshape.faults.feature_mismatch import FeatureMismatch

        message = f"Dimensions must be equal, but are {depth + units} and {built + units} for 'MatMul'"
        raise FeatureMismatch(
            failed("ValueError", message),
            values=(cell, x),
            taker=(cell.library_type or "cell").rpartition(".")[2],
            needs=built,
            got=depth,
            axis=-1,
            shape=x.shape,
        )
    held = tensor((batch, units), x.dtype, x)
    if "LSTM" in (cell.library_type or ""):
        if cell.fields.get("~joined"):
            return units, tensor((batch, 2 * units), x.dtype, x)
        return units, fields(("c", held), ("h", tensor((batch, units), x.dtype, x)))
    return units, held


@rule("tensorflow.~cells.Cell.zero_state")
def zero_state(cx: Context, self: Instance, batch_size: Value, dtype: Value) -> Value:
    """Zeros for the state: (batch, units) for each cell, of an LSTM twice."""
    rows = cx.dim(batch_size)
    found = _state(self, cx.fresh() if rows is None else rows, dtype_of(dtype) or "float32")
    return cx.unknown("the state of a cell") if found is None else found


def _state(cell: Value, rows: DimLike, dtype: str) -> Value | None:
    if not isinstance(cell, Instance):
        return None
    if "~cell" in cell.fields:
        return _state(cell.fields["~cell"], rows, dtype)
    if "~cells" in cell.fields:
        states = [_state(inner, rows, dtype) for inner in cell.fields["~cells"] or ()]
        known = [state for state in states if state is not None]
        return as_tuple(known) if known and len(known) == len(states) else None
    units: DimLike | None = cell.fields.get("~units")
    if units is None:
        return None
    if "LSTM" not in (cell.library_type or ""):
        return tensor((rows, units), dtype)
    if cell.fields.get("~joined"):
        return tensor((rows, 2 * units), dtype)
    return fields(("c", tensor((rows, units), dtype)), ("h", tensor((rows, units), dtype)))


@rule("tensorflow.nn.rnn_cell.LSTMStateTuple", "tensorflow.contrib.rnn.LSTMStateTuple")
def state_tuple(cx: Context, c: Value, h: Value) -> Value:
    """The two parts of the state of an LSTM."""
    return fields(("c", c), ("h", h))


@rule("tensorflow.~cells.Cell.__call__")
def cell_call(cx: Context, self: Instance, inputs: Value, state: Value, *args: Value, **kwargs: Value) -> Value:
    """(output, state) of one step; inputs are (batch, depth)."""
    x = as_tensor(cx, inputs)
    unknown = as_tuple((unknown_tensor(cx, inputs), cx.unknown("the state of a cell")))
    if x is None or x.shape is None or len(x.shape) != 2:
        return unknown
    found = run_cell(cx, self, x, x.shape[1])
    return unknown if found is None else as_tuple((tensor((x.shape[0], found[0]), x.dtype, x), found[1]))


@rule("tensorflow.nn.dynamic_rnn")
def dynamic_rnn(
    cx: Context,
    cell: Value,
    inputs: Value,
    sequence_length: Value | None = None,
    initial_state: Value | None = None,
    dtype: Value | None = None,
    parallel_iterations: Value | None = None,
    swap_memory: Value | None = None,
    time_major: Value | None = None,
    scope: Value | None = None,
) -> Value:
    """(outputs, state): inputs are (batch, time, depth), or (time, batch, depth); of several tensors in a list each is."""
    several = isinstance(inputs, Sequence) and inputs.kind in ("list", "tuple")
    x = next(iter(flatten(inputs)), None) if several else as_tensor(cx, inputs)
    major = flag(time_major)
    unknown = as_tuple((unknown_tensor(cx, inputs), cx.unknown("the state of a cell")))
    if not isinstance(x, Array) or x.shape is None or major is None:
        return unknown
    if len(x.shape) < 3 or several:
        if len(x.shape) < 3 and x.kind == "tensorflow":
            message = f"Shape {tuple_text(x.shape[1::-1] + x.shape[2:])} must have rank at least 3"
            raise wrong_rank(cx, "dynamic_rnn", x, 3, message, at_least=True, exception="ValueError")
        return unknown
    if len(x.shape) != 3:
        return unknown
    lengths = as_tensor(cx, sequence_length) if sequence_length is not None and given(sequence_length) else None
    if lengths is not None and lengths.shape is not None and len(lengths.shape) != 1:
        message = (
            "Argument sequence_length must be a vector of length batch_size. Received sequence_length of shape: "
            f"{tuple_text(lengths.shape)}"
        )
        raise wrong_rank(cx, "dynamic_rnn", lengths, 1, message, exception="ValueError")
    batch = x.shape[1] if major else x.shape[0]
    one = tensor((batch, x.shape[2]), x.dtype, x)
    found = run_cell(cx, cell, one, x.shape[2])
    if found is None:
        return as_tuple((tensor((x.shape[0], x.shape[1], cx.fresh()), x.dtype, x), cx.unknown("the state of a cell")))
    return as_tuple((tensor((x.shape[0], x.shape[1], found[0]), x.dtype, x), found[1]))


@rule("tensorflow.nn.static_rnn", "tensorflow.contrib.rnn.static_rnn", "tensorflow.nn.rnn")
def static_rnn(
    cx: Context,
    cell: Value,
    inputs: Value,
    initial_state: Value | None = None,
    dtype: Value | None = None,
    sequence_length: Value | None = None,
    scope: Value | None = None,
) -> Value:
    """(a list of outputs, state): inputs are a list of (batch, depth)."""
    if isinstance(inputs, Array):
        from foreshape.faults.unsupported_data import UnsupportedData

        raise UnsupportedData(
            failed("TypeError", "inputs must be a sequence"), values=(inputs,), taker="static_rnn", given="a tensor"
        )
    contents = cx.iterate(inputs)
    items = None if contents is None else contents.items(limit=1024)
    unknown = as_tuple((cx.unknown("the outputs of a cell"), cx.unknown("the state of a cell")))
    if not items:
        return unknown
    made: list[Value] = []
    state: Value = cx.unknown("the state of a cell")
    for item in items:
        x = as_tensor(cx, item)
        if x is None or x.shape is None or len(x.shape) != 2:
            return unknown
        found = run_cell(cx, cell, x, x.shape[1])
        if found is None:
            return unknown
        made.append(tensor((x.shape[0], found[0]), x.dtype, x))
        state = found[1]
    return as_tuple((Sequence("list", Contents(made)), state))


@rule("tensorflow.nn.bidirectional_dynamic_rnn")
def bidirectional_dynamic_rnn(
    cx: Context,
    cell_fw: Value,
    cell_bw: Value,
    inputs: Value,
    sequence_length: Value | None = None,
    initial_state_fw: Value | None = None,
    initial_state_bw: Value | None = None,
    dtype: Value | None = None,
    parallel_iterations: Value | None = None,
    swap_memory: Value | None = None,
    time_major: Value | None = None,
    scope: Value | None = None,
) -> Value:
    """((outputs forwards, outputs backwards), (state, state)): the two are not joined."""
    (first, state), (second, other) = (
        children(dynamic_rnn(cx, cell, inputs, sequence_length, None, dtype, None, None, time_major))
        for cell in (cell_fw, cell_bw)
    )
    return as_tuple((as_tuple((first, second)), as_tuple((state, other))))


@rule("tensorflow.nn.static_bidirectional_rnn", "tensorflow.contrib.rnn.static_bidirectional_rnn",
      "tensorflow.nn.bidirectional_rnn")  # fmt: skip
def static_bidirectional_rnn(
    cx: Context,
    cell_fw: Value,
    cell_bw: Value,
    inputs: Value,
    initial_state_fw: Value | None = None,
    initial_state_bw: Value | None = None,
    dtype: Value | None = None,
    sequence_length: Value | None = None,
    scope: Value | None = None,
) -> Value:
    """(outputs of both directions side by side, state forwards, state backwards)."""
    (first, state), (second, other) = (children(static_rnn(cx, cell, inputs)) for cell in (cell_fw, cell_bw))
    outputs: Value = cx.unknown("the outputs of a cell")
    if isinstance(first, Sequence) and isinstance(second, Sequence):
        made: list[Value] = []
        for a, b in zip(children(first), children(second)):
            if isinstance(a, Array) and isinstance(b, Array) and a.shape and b.shape:
                made.append(tensor((a.shape[0], a.shape[1] + b.shape[1]), a.dtype, a))
        outputs = Sequence("list", Contents(made))
    return as_tuple((outputs, state, other))


@rule("tensorflow.contrib.legacy_seq2seq.rnn_decoder", "tensorflow.nn.seq2seq.rnn_decoder")
def rnn_decoder(
    cx: Context,
    decoder_inputs: Value,
    initial_state: Value,
    cell: Value,
    loop_function: Value | None = None,
    scope: Value | None = None,
) -> Value:
    """(a list of outputs, state), as ``static_rnn``; the loop function gives inputs of the same shape."""
    return static_rnn(cx, cell, decoder_inputs)


@rule("tensorflow.contrib.legacy_seq2seq.sequence_loss_by_example", "tensorflow.nn.seq2seq.sequence_loss_by_example")
def sequence_loss_by_example(
    cx: Context, logits: Value, targets: Value, weights: Value, *args: Value, **kwargs: Value
) -> Value:
    """A loss for each row of the targets."""
    contents = cx.iterate(targets)
    first = None if contents is None else as_tensor(cx, contents.at(0))
    return tensor((cx.fresh(keras_none=True),) if first is None or not first.shape else first.shape[:1], "float32")


@rule("tensorflow.contrib.legacy_seq2seq.sequence_loss", "tensorflow.nn.seq2seq.sequence_loss")
def legacy_sequence_loss(
    cx: Context, logits: Value, targets: Value, weights: Value, *args: Value, **kwargs: Value
) -> Value:
    """One number."""
    return tensor((), "float32")


@rule("tensorflow.contrib.seq2seq.sequence_loss")
def sequence_loss(
    cx: Context,
    logits: Value,
    targets: Value,
    weights: Value,
    average_across_timesteps: Value | None = None,
    average_across_batch: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """Logits (batch, time, classes) against targets and weights (batch, time): one number, or one along each axis that is
    not averaged."""
    x = as_tensor(cx, logits)
    time, batch = flag(average_across_timesteps, True), flag(average_across_batch, True)
    if time is None or batch is None:
        return unknown_tensor(cx, logits)
    if time and batch:
        return tensor((), "float32")
    if x is None or x.shape is None or len(x.shape) != 3:
        return unknown_tensor(cx, logits)
    kept = tuple(size for size, averaged in zip(x.shape[:2], (batch, time)) if not averaged)
    return tensor(kept, "float32")
