"""Recurrent cells: ``LSTMCell``, ``GRUCell``, ``SimpleRNNCell``, ``StackedRNNCells``, and how any cell is asked for its sizes.

Follows ``keras/src/layers/rnn/*_cell.py`` and the ``tf_keras`` ones. A cell maps (batch, features) and its states to (batch, units)
and new states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Int,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_dim,
    is_none,
)
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.feature_mismatch import FeatureMismatch
from foreshape.semantics.keras.base import (
    add_weight,
    bool_field,
    call_layer,
    dim_field,
    error,
    init_layer,
    is_keras3,
    output,
    shape_of,
    undefined,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers.checks import needs_defined
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

GATES: Final = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
"""How many kernels of ``units`` columns stand side by side."""

for _name in ("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells"):
    library_type(f"keras.layers.{_name}", "keras.Layer")


def check_units(cx: Context, units: Value | None) -> None:
    """``units`` must be a positive int; what else raises, and how."""
    if units is None or isinstance(units, (Int, Unknown, Typed)):
        return
    if isinstance(units, Const) and isinstance(units.value, (int, float)):
        if units.value <= 0:
            message = (
                f"Received an invalid value for argument `units`, expected a positive integer, got {repr_value(units)}."
            )
            raise invalid(cx, "ValueError", message, "units", units)
        return
    if isinstance(units, Const) and isinstance(units.value, str):
        raise invalid(cx, "TypeError", "'<=' not supported between instances of 'str' and 'int'", "units", units)


def init_cell(cx: Context, self: Instance, units: Value, family: str, given: dict[str, Value]) -> None:
    """What the constructors of the built-in cells share."""
    check_units(cx, units)
    own = {key: value for key, value in given.items() if key != "implementation"}
    init_layer(cx, self, own)
    cx.set(self, "units", units)
    cx.set(self, "~family", family)
    size: Value = Sequence("list", Contents((units, units))) if family == "LSTM" else units
    cx.set(self, "state_size", size)
    cx.set(self, "output_size", units)


@rule("keras.layers.LSTMCell.__init__")
def lstm_cell_init(
    cx: Context, self: Instance, units: Value, activation: Value | None = None,
    recurrent_activation: Value | None = None, use_bias: Value | None = None,
    kernel_initializer: Value | None = None, recurrent_initializer: Value | None = None,
    bias_initializer: Value | None = None, unit_forget_bias: Value | None = None,
    kernel_regularizer: Value | None = None, recurrent_regularizer: Value | None = None,
    bias_regularizer: Value | None = None, kernel_constraint: Value | None = None,
    recurrent_constraint: Value | None = None, bias_constraint: Value | None = None, dropout: Value | None = None,
    recurrent_dropout: Value | None = None, seed: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``units``: size of the output and of both states."""
    init_cell(cx, self, units, "LSTM", kwargs)
    cx.set(self, "use_bias", use_bias if use_bias is not None else Const(True))


@rule("keras.layers.GRUCell.__init__")
def gru_cell_init(
    cx: Context, self: Instance, units: Value, activation: Value | None = None,
    recurrent_activation: Value | None = None, use_bias: Value | None = None,
    kernel_initializer: Value | None = None, recurrent_initializer: Value | None = None,
    bias_initializer: Value | None = None, kernel_regularizer: Value | None = None,
    recurrent_regularizer: Value | None = None, bias_regularizer: Value | None = None,
    kernel_constraint: Value | None = None, recurrent_constraint: Value | None = None,
    bias_constraint: Value | None = None, dropout: Value | None = None, recurrent_dropout: Value | None = None,
    reset_after: Value | None = None, seed: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``units``: size of the output and of the state. ``reset_after`` doubles the bias."""
    init_cell(cx, self, units, "GRU", kwargs)
    cx.set(self, "use_bias", use_bias if use_bias is not None else Const(True))
    cx.set(self, "reset_after", reset_after if reset_after is not None else Const(True))


@rule("keras.layers.SimpleRNNCell.__init__")
def simple_cell_init(
    cx: Context, self: Instance, units: Value, activation: Value | None = None, use_bias: Value | None = None,
    kernel_initializer: Value | None = None, recurrent_initializer: Value | None = None,
    bias_initializer: Value | None = None, kernel_regularizer: Value | None = None,
    recurrent_regularizer: Value | None = None, bias_regularizer: Value | None = None,
    kernel_constraint: Value | None = None, recurrent_constraint: Value | None = None,
    bias_constraint: Value | None = None, dropout: Value | None = None, recurrent_dropout: Value | None = None,
    seed: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """``units``: size of the output and of the state."""
    init_cell(cx, self, units, "SimpleRNN", kwargs)
    cx.set(self, "use_bias", use_bias if use_bias is not None else Const(True))


@rule("keras.layers.LSTMCell.build", "keras.layers.GRUCell.build", "keras.layers.SimpleRNNCell.build")
def cell_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Kernel (features, gates x units), recurrent kernel (units, gates x units), bias."""
    shape = shape_of(cx, input_shape)
    units = dim_field(self, "units")
    family: str = self.fields.get("~family", "LSTM")
    if units is None:
        units = cx.fresh("units")
    columns = units * GATES[family]
    features = None if not shape else shape[-1]
    if features is not None and undefined(features):
        needs_defined(cx, self, family, shape or (), (None, columns), "kernel")
    cx.set(self, "~features", features)
    add_weight(cx, self, "kernel", None if features is None else (features, columns))
    add_weight(cx, self, "recurrent_kernel", (units, columns))
    if bool_field(self, "use_bias", True) is not False:
        doubled = family == "GRU" and bool_field(self, "reset_after", True)
        add_weight(cx, self, "bias", (2, columns) if doubled else (columns,))


@rule("keras.layers.LSTMCell.call", "keras.layers.GRUCell.call", "keras.layers.SimpleRNNCell.call")
def cell_call(
    cx: Context, self: Instance, inputs: Value, states: Value | None = None, training: Value | None = None
) -> Value:
    """(batch, features), states -> (batch, units), new states."""
    units = dim_field(self, "units")
    if not isinstance(inputs, Array) or units is None:
        return Sequence("tuple", Contents((cx.unknown("the cell's input is not known"), cx.unknown("a cell's state"))))
    check_step(cx, self, inputs, states)
    shape = None if inputs.shape is None else (*inputs.shape[:-1], units)
    made = output(cx, self, inputs, shape)
    count = 2 if self.fields.get("~family") == "LSTM" else 1
    new = [output(cx, self, inputs, shape) for _ in range(count)]
    wrapped = count > 1 or isinstance(states, Sequence)
    held: Value = Sequence("list", Contents(new)) if wrapped else new[0]
    return Sequence("tuple", Contents((made, held)))


def check_step(cx: Context, self: Instance, inputs: Array, states: Value | None) -> None:
    """What one step multiplies: the input with the kernel, the state with the recurrent kernel, and their sum."""
    features: DimLike | None = self.fields.get("~features")
    units = dim_field(self, "units")
    name = self.fields.get("~family", "LSTM")
    columns = None if units is None else units * GATES[name]
    if inputs.shape and features is not None and not undefined(inputs.shape[-1]):
        got = inputs.shape[-1]
        if not cx.equal(got, features):
            raise FeatureMismatch(
                error(cx, "InvalidArgumentError", f"Matrix size-incompatible: In[0]: [{inputs.shape[0]},{got}], "
                      f"In[1]: [{features},{columns}] [Op:MatMul] name: "),
                values=(inputs,), taker=name, needs=features, got=got, shape=inputs.shape,
            )  # fmt: skip
    first = states
    if isinstance(states, Sequence):
        first = states.contents.at(0)
    if not isinstance(first, Array) or not first.shape or units is None or not inputs.shape:
        return
    if not undefined(first.shape[-1]) and not cx.equal(first.shape[-1], units):
        got = first.shape[-1]
        raise FeatureMismatch(
            error(cx, "InvalidArgumentError", f"Matrix size-incompatible: In[0]: [{first.shape[0]},{got}], "
                  f"In[1]: [{units},{columns}] [Op:MatMul] name: "),
            values=(first,), taker=f"{name} state", needs=units, got=got, shape=first.shape,
        )  # fmt: skip
    batch, other = inputs.shape[0], first.shape[0]
    if undefined(batch) or undefined(other) or len(first.shape) != 2 or other == 1 or batch == 1:
        return
    if not cx.equal(batch, other):
        raise BroadcastMismatch(
            error(cx, "InvalidArgumentError", f"Incompatible shapes: [{batch},{columns}] vs. [{other},{columns}] "
                  "[Op:AddV2] name: "),
            values=(first,), taker=f"{name} state", shapes=(inputs.shape, first.shape), axis=0,
        )  # fmt: skip


@rule("keras.layers.LSTMCell.get_initial_state", "keras.layers.GRUCell.get_initial_state",
      "keras.layers.SimpleRNNCell.get_initial_state", "keras.layers.StackedRNNCells.get_initial_state")  # fmt: skip
def cell_initial_state(
    cx: Context, self: Instance, inputs: Value | None = None, batch_size: Value | None = None,
    dtype: Value | None = None,
) -> Value:  # fmt: skip
    """Zeros of (batch_size, units) for each state."""
    batch = as_dim(batch_size)
    if batch is None:
        batch = cx.fresh("batch")
    return zero_states(cx, self, batch)


def zero_states(cx: Context, cell: Value, batch: DimLike) -> Value:
    """The states that a cell starts from."""
    return _zeros(cx, cx.get_attribute(cell, "state_size"), batch)


def _zeros(cx: Context, size: Value, batch: DimLike) -> Value:
    if isinstance(size, Sequence):
        return Sequence("list", Contents([_zeros(cx, one, batch) for one in size.contents.items() or ()]))
    dim = as_dim(size)
    if dim is not None:
        return Array("tensorflow", (batch, dim), "float32", lo=0, hi=0)
    shape = shape_of(cx, size)
    return Array("tensorflow", None if shape is None else (batch, *shape), "float32")


# -- several cells as one ---------------------------------------------------------------------------------------------


@rule("keras.layers.StackedRNNCells.__init__")
def stacked_init(cx: Context, self: Instance, cells: Value, **kwargs: Value) -> None:
    """``cells``: a list of cells, the first one reads the input."""
    init_layer(cx, self, kwargs)
    cx.set(self, "cells", cells)
    held = cells.contents.items() if isinstance(cells, Sequence) else None
    if held is None:
        cx.set(self, "state_size", cx.unknown("the cells are not known"))
        return
    for cell in held:
        _needs_state_size(cx, cell)
    sizes = [cx.get_attribute(cell, "state_size") for cell in held]
    order = sizes if is_keras3(cx) or not as_bool(kwargs.get("reverse_state_order")) else sizes[::-1]
    cx.set(self, "state_size", Sequence("list", Contents(order)))
    if held:
        cx.set(self, "output_size", cell_output_size(cx, held[-1]) or cx.unknown("the output size of the cell"))


def _needs_state_size(cx: Context, cell: Value) -> None:
    missing = Const(None)
    found = cx.get_attribute(cell, "state_size", missing)
    if found is missing and isinstance(cell, Instance) and not cell.tainted:
        message = f"All cells must have a `state_size` attribute. received cells: {repr_value(cell)}"
        raise invalid(cx, "ValueError", message, "cells", cell)


@rule("keras.layers.StackedRNNCells.build")
def stacked_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Each cell is built for what the one before gives."""
    from foreshape.semantics.keras.base import build_layer

    shape = shape_of(cx, input_shape)
    cells = self.fields.get("cells")
    for cell in (cells.contents.items() if isinstance(cells, Sequence) else None) or ():
        build_layer(cx, cell, shape)
        size = as_dim(cell_output_size(cx, cell))
        shape = None if shape is None or size is None else (shape[0], size)


@rule("keras.layers.StackedRNNCells.call")
def stacked_call(
    cx: Context, self: Instance, inputs: Value, states: Value, training: Value | None = None, **kwargs: Value
) -> Value:
    """Output of the last cell, the new states of all."""
    cells = self.fields.get("cells")
    new: list[Value] = []
    given = states.contents.items() if isinstance(states, Sequence) else None
    held = (cells.contents.items() if isinstance(cells, Sequence) else None) or ()
    for number, cell in enumerate(held):
        own = given[number] if given is not None and number < len(given) else cx.unknown("a state")
        inputs, state = step(cx, cell, inputs, own)
        new.append(state)
    return Sequence("tuple", Contents((inputs, Sequence("list", Contents(new)))))


# -- any cell ---------------------------------------------------------------------------------------------------------


def cell_output_size(cx: Context, cell: Value) -> Value | None:
    """``cell.output_size``, or its first state's size."""
    missing = Const(None)
    found = cx.get_attribute(cell, "output_size", missing)
    if not is_none(found):
        return found
    size = cx.get_attribute(cell, "state_size", missing)
    if isinstance(size, Sequence):
        return size.contents.at(0)
    return None if is_none(size) else size


def step(cx: Context, cell: Value, inputs: Value, states: Value) -> tuple[Value, Value]:
    """One step of a cell: (output, new states)."""
    made = call_layer(cx, cell, inputs, states)
    if isinstance(made, Sequence):
        items = made.contents.items()
        if items is not None and len(items) == 2:
            return items[0], items[1]
    return cx.unknown("what the cell gives is not known"), cx.unknown("what the cell gives is not known")


def state_shapes(cx: Context, cell: Value, batch: DimLike) -> list[Shape | None] | None:
    """The shape of each state of a cell (nested ones flattened); None where its ``state_size`` is not known."""
    size = cx.get_attribute(cell, "state_size", cx.unknown("no state_size"))
    found: list[Shape | None] = []

    def visit(value: Value) -> bool:
        if isinstance(value, Sequence):
            return all(visit(one) for one in value.contents.items() or ())
        dim = as_dim(value)
        if dim is None:
            shape = shape_of(cx, value)
            if shape is None:
                return False
            found.append((batch, *shape))
            return True
        found.append((batch, dim))
        return True

    return found if visit(size) else None
