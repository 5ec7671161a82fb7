"""Recurrent layers: ``RNN``, ``LSTM``, ``GRU``, ``SimpleRNN``.

Follows ``keras/src/layers/rnn/rnn.py`` and ``tf_keras/src/layers/rnn/base_rnn.py``: (batch, timesteps, features)
becomes (batch, units), or (batch, timesteps, units) with ``return_sequences``; ``return_state`` adds the final states.
Keras 3 works a symbolic output out from the sizes alone (no check of features or states before real data comes); Keras
2 runs the layer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.origin import part_of
from foreshape.domain.values import Array, Const, Instance, Sequence, Shape, Value, as_bool, as_dim, is_none
from foreshape.faults.layer_input_count import LayerInputCount
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import (
    InputSpec,
    bool_field,
    build_layer,
    dim_field,
    dims_text,
    error,
    flatten_structure,
    init_layer,
    is_keras3,
    output,
    set_input_spec,
    shape_of,
    undefined,
)
from foreshape.semantics.keras.calling import call_layer_object
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.cells import (
    GATES,
    cell_output_size,
    check_step_dtype,
    init_cell,
    state_shapes,
    step,
    zero_states,
)
from foreshape.semantics.keras.layers.recurrent_checks import (
    AXES,
    called,
    check_length,
    check_mask,
    check_more_states,
    check_rank_keras2,
    check_state_count,
    check_state_count_keras2,
    check_stateful,
    check_states_keras2,
    check_unroll,
    needs_batch,
)
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.domain.values import LibraryRef
    from foreshape.semantics.protocol import Context

CELL_ARGUMENTS: Final = frozenset({
    "activation", "recurrent_activation", "use_bias", "kernel_initializer", "recurrent_initializer", "bias_initializer",
    "unit_forget_bias", "kernel_regularizer", "recurrent_regularizer", "bias_regularizer", "kernel_constraint",
    "recurrent_constraint", "bias_constraint", "dropout", "recurrent_dropout", "seed", "reset_after", "implementation",
})  # fmt: skip

library_type("keras.layers.RNN", "keras.Layer")
for _name in ("LSTM", "GRU", "SimpleRNN"):
    library_type(f"keras.layers.{_name}", "keras.layers.RNN")


# -- constructors -----------------------------------------------------------------------------------------------------


def rnn_init(
    cx: Context, layer: Instance, cell: Value, return_sequences: Value | None = None, return_state: Value | None = None,
    go_backwards: Value | None = None, stateful: Value | None = None, unroll: Value | None = None,
    time_major: Value | None = None, zero_output_for_mask: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``cell`` may be a list of cells, which are stacked."""
    if isinstance(cell, Sequence):
        cell = cx.call(_reference("keras.layers.StackedRNNCells"), (cell,))
    elif isinstance(cell, Instance) and not cell.tainted:
        missing = Const(None)
        if cx.get_attribute(cell, "state_size", missing) is missing:
            kind = "single integer or list" if is_keras3(cx) else "tuple"
            message = (
                f"The RNN cell should have a `state_size` attribute ({kind} of integers, one integer per RNN state). "
                f"Received: cell={repr_value(cell)}"
            )
            raise invalid(cx, "ValueError", message, "cell", cell)
    if time_major is not None and is_keras3(cx):
        kwargs["time_major"] = time_major
    init_layer(cx, layer, declared_input(cx, kwargs))
    cx.set(layer, "cell", cell)
    _flags(cx, layer, return_sequences, return_state, go_backwards, stateful, unroll)
    _set_state_size(cx, layer, cell)
    if time_major is not None:
        cx.set(layer, "time_major", time_major)
    cx.set(layer, "zero_output_for_mask", zero_output_for_mask or Const(False))


register("keras.layers.RNN.__init__", "cell return_sequences= return_state= go_backwards= stateful= unroll= "
         "zero_output_for_mask= **kwargs", rnn_init, since="3")  # fmt: skip
register("keras.layers.RNN.__init__", "cell return_sequences= return_state= go_backwards= stateful= unroll= "
         "time_major= **kwargs", rnn_init, until="3")  # fmt: skip


def _set_state_size(cx: Context, layer: Instance, cell: Value) -> None:
    """Keras 3: a recurrent layer has the states of its cell, in a list."""
    if not is_keras3(cx):
        return
    size = cx.get_attribute(cell, "state_size", Const(None))
    cx.set(layer, "state_size", size if isinstance(size, Sequence) else Sequence("list", Contents((size,))))


def _reference(name: str) -> LibraryRef:
    from foreshape.domain.values import LibraryRef

    return LibraryRef(name)


def _flags(
    cx: Context, self: Instance, return_sequences: Value | None, return_state: Value | None,
    go_backwards: Value | None, stateful: Value | None, unroll: Value | None,
) -> None:  # fmt: skip
    given = {
        "return_sequences": return_sequences, "return_state": return_state, "go_backwards": go_backwards,
        "stateful": stateful, "unroll": unroll,
    }  # fmt: skip
    for name, value in given.items():
        cx.set(self, name, value if value is not None else Const(False))
    cx.set(self, "supports_masking", Const(True))


# What stands between ``units`` and the flags; ``_REST`` is shared by all three.
_REST: Final = (
    "kernel_initializer= recurrent_initializer= bias_initializer= {forget}kernel_regularizer= recurrent_regularizer= "
    "bias_regularizer= activity_regularizer= kernel_constraint= recurrent_constraint= bias_constraint= dropout= "
    "recurrent_dropout= "
)
_GATED: Final = f"units activation= recurrent_activation= use_bias= {_REST}"
_FLAGS: Final = "return_sequences= return_state= go_backwards= stateful= "
SIGNATURES: Final = {
    ("LSTM", "3"): _GATED.format(forget="unit_forget_bias= ") + f"seed= {_FLAGS}unroll= use_cudnn= **kwargs",
    ("LSTM", "2"): _GATED.format(forget="unit_forget_bias= ") + f"{_FLAGS}time_major= unroll= **kwargs",
    ("GRU", "3"): _GATED.format(forget="") + f"seed= {_FLAGS}unroll= reset_after= use_cudnn= **kwargs",
    ("GRU", "2"): _GATED.format(forget="") + f"{_FLAGS}unroll= time_major= reset_after= **kwargs",
    ("SimpleRNN", "3"): f"units activation= use_bias= {_REST}".format(forget="") + f"{_FLAGS}unroll= seed= **kwargs",
    ("SimpleRNN", "2"): f"units activation= use_bias= {_REST}".format(forget="") + f"{_FLAGS}unroll= **kwargs",
}


def _init_with_cell(cx: Context, layer: Instance, **given: Value) -> None:
    """The cell first, then what every recurrent layer has."""
    name = (layer.library_type or "").rpartition(".")[2]
    units = given.pop("units")
    own = {key: given.pop(key) for key in list(given) if key in CELL_ARGUMENTS}
    if name == "SimpleRNN" and "implementation" in own:
        given["implementation"] = own.pop("implementation")
    own.pop("implementation", None)
    dtype = given.get("dtype")
    if dtype is not None:
        own["dtype"] = dtype
    # the constructor itself is called, so that what it raises is raised here
    cell = Instance(_reference(f"keras.layers.{name}Cell"), {})
    init_cell(cx, cell, units, name, own)
    flags = {
        key: given.pop(key, None) for key in ("return_sequences", "return_state", "go_backwards", "stateful", "unroll")
    }
    for key in ("use_cudnn", "zero_output_for_mask"):
        given.pop(key, None)
    time_major = given.pop("time_major", None) if not is_keras3(cx) else None
    init_layer(cx, layer, declared_input(cx, given))
    if is_keras3(cx) and name != "LSTM" and isinstance(units, Const) and isinstance(units.value, float):
        message = "state_size must be an integer, or a list/tuple of integers (one for each state tensor)."
        raise invalid(cx, "ValueError", message, "units", units)
    if not is_keras3(cx) and name == "LSTM" and isinstance(units, Const) and isinstance(units.value, float):
        message = (
            f"Dimension value must be integer or None or have an __index__ method, got value '{units.value}' with type "
            "'<class 'float'>'"
        )
        raise invalid(cx, "TypeError", message, "units", units)
    cx.set(layer, "cell", cell)
    _set_state_size(cx, layer, cell)
    cx.set(layer, "units", units)
    _flags(cx, layer, *flags.values())
    if time_major is not None:
        cx.set(layer, "time_major", time_major)
    set_input_spec(cx, layer, InputSpec(ndim=3, axis_names=AXES))


def declared_input(cx: Context, given: dict[str, Value]) -> dict[str, Value]:
    """Keras 2: ``input_dim`` and ``input_length`` of a recurrent layer say (timesteps, features)."""
    if is_keras3(cx) or "input_shape" in given or not ("input_dim" in given or "input_length" in given):
        return given
    length, dim = given.pop("input_length", Const(None)), given.pop("input_dim", Const(None))
    return {**given, "input_shape": Sequence("tuple", Contents((length, dim)))}


for (_name, _version), _signature in SIGNATURES.items():
    _since, _until = ("3", "") if _version == "3" else ("", "3")
    register(f"keras.layers.{_name}.__init__", _signature, _init_with_cell, since=_since, until=_until)


# -- build ------------------------------------------------------------------------------------------------------------


@rule("keras.layers.RNN.build")
def rnn_build(
    cx: Context, self: Instance, sequences_shape: Value | None = None, initial_state_shape: Value | None = None,
    **kwargs: Value,
) -> None:  # fmt: skip
    """Builds the cell for one step; a stateful layer makes its states for the batch size."""
    given = kwargs.get("input_shape", sequences_shape)
    shape = shape_of(cx, given)
    if shape is None and isinstance(given, Sequence):
        shape = _only_shape(cx, self, given)
    if shape is None or not shape:
        return
    if len(shape) == 1 and not is_keras3(cx):
        message = "list assignment index out of range"
        raise RankMismatch(error(cx, "IndexError", message), taker=called(self), needs=3, got=shape, axes=AXES)
    stateful = bool_field(self, "stateful")
    if not is_keras3(cx) and stateful and undefined(shape[0]):
        raise needs_batch(cx, shape, called(self))
    build_layer(cx, self.fields["cell"], (shape[0], *shape[2:]))
    if not is_keras3(cx):
        batch = shape[0] if stateful else None
        sizes = (batch, None, *(None if undefined(dim) else dim for dim in shape[2:]))
        set_input_spec(cx, self, InputSpec(shape=sizes, axis_names=AXES if len(shape) == 3 else ()))
    if stateful:
        if undefined(shape[0]):
            raise needs_batch(cx, shape, called(self))
        cx.set(self, "~batch", shape[0])


def _only_shape(cx: Context, self: Instance, given: Sequence) -> Shape | None:
    """Built for a list: Keras 2 takes the first shape, Keras 3 takes the shape for a size."""
    items = given.contents.items()
    shape = shape_of(cx, items[0]) if items else None
    if not is_keras3(cx) or shape is None or items is None or not all(isinstance(item, Sequence) for item in items):
        return shape
    cell = self.fields.get("cell")
    units = dim_field(cell, "units") if isinstance(cell, Instance) else None
    if units is None or not isinstance(cell, Instance):
        return None
    columns = units * GATES[cell.fields.get("~family", "LSTM")]
    text = dims_text(shape)
    message = (
        f"Cannot convert '({text}, {columns})' to a shape. Found invalid dimension '{text}' of type '<class 'tuple'>'. "
    )
    raise LayerInputCount(error(cx, "ValueError", message), values=(), taker=called(self), needs=1, got=len(items))


# -- call -------------------------------------------------------------------------------------------------------------


@rule("keras.layers.RNN.__call__", until="3")
def rnn_dunder_call(cx: Context, self: Instance, inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """Keras 2: states may stand in a list after the input; they must be tensors, symbolic or not."""
    states = kwargs.get("initial_state")
    if args:
        states, args = args[0], args[1:]
    items = inputs.contents.items() if isinstance(inputs, Sequence) and inputs.kind in ("list", "tuple") else None
    if items and len(items) > 1 and (states is None or is_none(states)):
        states = Sequence("list", Contents(items[1:]))
    if items:
        inputs = items[0]
    leaves = flatten_structure(states) if states is not None and not is_none(states) else []
    if leaves and isinstance(leaves[0], Array) and leaves[0].kind == "numpy":
        message = (
            "Unexpectedly found an instance of type `<class 'numpy.ndarray'>`. Expected a symbolic tensor instance."
        )
        raise UnsupportedData(
            error(cx, "ValueError", message), values=(leaves[0],), taker=f"initial_state of {called(self)}",
            given="<class 'numpy.ndarray'>",
        )  # fmt: skip
    if leaves and states is not None:
        kwargs["initial_state"] = states if isinstance(states, Sequence) else Sequence("list", Contents((states,)))
    return call_layer_object(cx, self, (inputs, *args), kwargs)


@rule("keras.layers.RNN.compute_output_spec", since="3")
def rnn_output_spec(
    cx: Context, self: Instance, sequences: Value, initial_state: Value | None = None, mask: Value | None = None,
    training: Value | None = None,
) -> Value:  # fmt: skip
    """Keras 3, symbolically: from the sizes of the cell, without running it."""
    return _outputs(cx, self, sequences, None)


@rule("keras.layers.RNN.call", since="3")
def rnn_call(
    cx: Context, self: Instance, sequences: Value, initial_state: Value | None = None, mask: Value | None = None,
    training: Value | None = None,
) -> Value:  # fmt: skip
    """Keras 3 on real values: every step is run."""
    if not isinstance(sequences, Array) or sequences.shape is None:
        return _outputs(cx, self, sequences, None)
    if len(sequences.shape) < 3:
        exception, text = "IndexError", "tuple index out of range"
        if len(sequences.shape) == 2:
            exception, text = "InvalidArgumentError", "Index out of range using input dim 2; input has only 2 dims"
        raise kernels.wrong_rank(cx, self, sequences, 3, text, exception=exception, axes=AXES)
    check_unroll(cx, self, sequences)
    check_stateful(cx, self, sequences)
    check_length(cx, self, sequences)
    check_mask(cx, self, sequences, mask)
    first = _run_step(cx, self, sequences, initial_state)
    check_more_states(cx, self, initial_state)
    return _outputs(cx, self, sequences, first)


@rule("keras.layers.RNN.call", until="3")
def rnn_call_keras2(
    cx: Context, self: Instance, inputs: Value, mask: Value | None = None, training: Value | None = None,
    initial_state: Value | None = None, constants: Value | None = None,
) -> Value:  # fmt: skip
    """Keras 2: states may stand in a list after the input; the layer runs symbolically too."""
    sequences = inputs
    if isinstance(inputs, Sequence):
        items = inputs.contents.items()
        if not items:
            return cx.unknown("the inputs are not known")
        sequences = items[0]
        if len(items) > 1:
            initial_state = Sequence("list", Contents(items[1:]))
    if not isinstance(sequences, Array) or sequences.shape is None:
        return _outputs(cx, self, sequences, None)
    check_rank_keras2(cx, self, sequences)
    if len(sequences.shape) < 3:
        return _outputs(cx, self, sequences, None)
    if not self.fields.get("~called"):
        check_states_keras2(cx, self, initial_state)  # a part of the build
        cx.set(self, "~called", True)
    else:
        check_state_count_keras2(cx, self, initial_state)
    turned = bool_field(self, "time_major")
    if turned is None:
        return cx.unknown("whether time comes first is not known")
    if turned:
        sequences = _batch_first(sequences)
    check_unroll(cx, self, sequences)
    check_length(cx, self, sequences)
    check_mask(cx, self, sequences, mask)
    first = _run_step(cx, self, sequences, initial_state)
    made = _outputs(cx, self, sequences, first)
    return _time_first(self, made) if turned else made


def _batch_first(sequences: Array) -> Array:
    """(time, batch, ...) as (batch, time, ...)."""
    assert sequences.shape is not None
    made = sequences.replace(
        shape=(sequences.shape[1], sequences.shape[0], *sequences.shape[2:]), roles=None, data=None
    )
    made.origin, made.tainted = sequences.origin, sequences.tainted
    return made


def _time_first(self: Instance, made: Value) -> Value:
    """The sequences of a layer with ``time_major`` have the time first, its states do not."""
    if as_bool(self.fields.get("return_sequences")) is not True:
        return made
    if isinstance(made, Sequence):
        items = made.contents.items() or ()
        return Sequence(made.kind, Contents((_time_first(self, items[0]), *items[1:]))) if items else made
    return _batch_first(made) if isinstance(made, Array) and made.shape is not None else made


def _run_step(cx: Context, self: Instance, sequences: Array, initial_state: Value | None) -> Value | None:
    """Call the cell for one step, so that what fails inside it is found; its output."""
    assert sequences.shape is not None
    cell: Value = self.fields["cell"]
    batch = sequences.shape[0]
    if is_none(initial_state) or initial_state is None:
        states = zero_states(cx, cell, batch)
        if not isinstance(states, Sequence):
            states = Sequence("list", Contents((states,)))
    else:
        states = initial_state if isinstance(initial_state, Sequence) else Sequence("list", Contents((initial_state,)))
        check_state_count(cx, self, states)
    inputs = Array("tensorflow", (batch, *sequences.shape[2:]), sequences.dtype, origin=part_of(sequences))
    inputs.tainted = sequences.tainted
    if not is_keras3(cx) and isinstance(cell, Instance) and cell.fields.get("~family") is not None:
        check_step_dtype(cx, cell, inputs)
    family = cell.fields.get("~family") if isinstance(cell, Instance) else None
    time = sequences.shape[1]
    if family == "GRU" and len(sequences.shape) > 3 and not kernels.in_graph(cx) and isinstance(time, int) and time > 1:
        # the first step gives a state with as many axes as the input, which the second one splits along the wrong one
        text = "Incompatible shapes [Op:AddV2] name: "
        raise kernels.wrong_rank(cx, self, sequences, 3, text, exception="InvalidArgumentError", axes=AXES)
    made, _ = step(cx, cell, inputs, states)
    return made


def _outputs(cx: Context, self: Instance, sequences: Value, made: Value | None) -> Value:
    """What the layer returns, by its flags."""
    cell: Value = self.fields["cell"]
    cells = cell.fields.get("cells") if isinstance(cell, Instance) else None
    if is_keras3(cx) and isinstance(cells, Sequence) and cells.contents.items() == ():
        raise invalid(cx, "IndexError", "list index out of range", "cell", cells)
    shape = sequences.shape if isinstance(sequences, Array) else None
    size = cell_output_size(cx, cell)
    units = as_dim(size)
    batch: DimLike = shape[0] if shape else cx.fresh("batch")
    if isinstance(made, Array):
        step_shape: Shape | None = None if made.shape is None else made.shape[1:]
    elif units is not None:
        step_shape = (units,)
    else:
        step_shape = None if size is None else shape_of(cx, size)
    full = as_bool(self.fields.get("return_sequences"))
    states = as_bool(self.fields.get("return_state"))
    if full is None or states is None:
        return cx.unknown("whether sequences or states are returned is not known")
    time: DimLike = shape[1] if shape is not None and len(shape) > 1 else cx.fresh("timesteps")
    result: Shape | None = None
    roles: tuple[str | None, ...] | None = None
    if step_shape is not None:
        result = (batch, time, *step_shape) if full else (batch, *step_shape)
        roles = ("batch", "time", "feature") if full else ("batch", "feature")
    whole = output(
        cx, self, sequences, result, roles=roles if result is not None and len(result) == len(roles or ()) else None
    )
    if not states:
        return whole
    shapes = state_shapes(cx, cell, batch)
    if shapes is not None and isinstance(made, Array) and made.shape is None:
        shapes = [None] * len(shapes)  # see cells._reshapes
    if shapes is not None and isinstance(made, Array) and isinstance(cell, Instance):
        if cell.fields.get("~family") == "SimpleRNN" and made.shape is not None and len(made.shape) != 2:
            shapes = [made.shape]
    if shapes is None:
        return cx.unknown("the sizes of the cell's states are not known")
    kept = _nested_states(cx, self, cx.get_attribute(cell, "state_size"), shapes, sequences)
    kind = "tuple" if is_keras3(cx) else "list"
    return Sequence(kind, Contents((whole, *kept)))


def _nested_states(cx: Context, self: Instance, size: Value, shapes: list[Shape | None], like: Value) -> list[Value]:
    """The final states in the structure of ``state_size``."""
    left = list(shapes)

    def visit(one: Value) -> Value:
        if isinstance(one, Sequence):
            return Sequence("list", Contents([visit(part) for part in one.contents.items() or ()]))
        return output(cx, self, like, left.pop(0))

    if isinstance(size, Sequence):
        found = [visit(one) for one in size.contents.items() or ()]
        cell = self.fields.get("cell")
        stacked = isinstance(cell, Instance) and cell.library_type == "keras.layers.StackedRNNCells"
        if stacked and is_keras3(cx) and not kernels.in_graph(cx):
            # the cells are run: each of them gives a list of states
            return [one if isinstance(one, Sequence) else Sequence("list", Contents((one,))) for one in found]
        return found
    return [visit(size)]


@rule("keras.layers.RNN.compute_mask")
def rnn_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """The mask goes on only with the sequences."""
    if isinstance(mask, Sequence):
        mask = mask.contents.at(0)
    kept = mask if mask is not None and as_bool(self.fields.get("return_sequences")) else Const(None)
    if not as_bool(self.fields.get("return_state")):
        return kept
    shapes = state_shapes(cx, self.fields["cell"], 1) or []
    return Sequence("list", Contents((kept, *(Const(None) for _ in shapes))))


@rule("keras.layers.RNN.get_initial_state")
def rnn_initial_state(cx: Context, self: Instance, batch_size: Value) -> Value:
    """Zeros for each state."""
    batch = as_dim(batch_size)
    states = zero_states(cx, self.fields["cell"], batch if batch is not None else cx.fresh("batch"))
    return states if isinstance(states, Sequence) else Sequence("list", Contents((states,)))


@rule("keras.layers.RNN.reset_states", "keras.layers.RNN.reset_state", "keras.layers.Bidirectional.reset_states",
      "keras.layers.Bidirectional.reset_state")  # fmt: skip
def rnn_reset(cx: Context, self: Instance, states: Value | None = None) -> Value:
    """No shapes change."""
    if not bool_field(self, "stateful") and not is_keras3(cx) and bool_field(self, "stateful") is False:
        message = "Layer must be stateful."
        raise invalid(cx, "AttributeError", message, "stateful", self.fields.get("stateful"))
    return Const(None)
