"""Recurrent cells: ``LSTMCell``, ``GRUCell``, ``SimpleRNNCell``, ``StackedRNNCells``, and how any cell is asked for
its sizes.

Follows ``keras/src/layers/rnn/*_cell.py`` and the ``tf_keras`` ones. A cell maps (batch, features) and its states to
(batch, units) and new states.
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
from foreshape.faults.state_shape import StateShape
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import (
    add_weight,
    bool_field,
    call_layer,
    class_name,
    dim_field,
    error,
    flatten_structure,
    init_layer,
    is_keras3,
    layer_name,
    output,
    shape_of,
    undefined,
)
from foreshape.semantics.keras.calling import call_layer_object
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.checks import check_initializers, needs_defined
from foreshape.semantics.keras.layers.core import check_activation
from foreshape.semantics.keras.layers.signatures import register
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MATMUL: Final = ("bfloat16", "float16", "float32", "float64", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
                 "complex64", "complex128")  # fmt: skip
SMALL: Final = ("uint8", "uint16", "uint32", "uint64")
"""Dtypes for which a matrix product is declared, but exists on some devices only."""
GATES: Final = {"LSTM": 4, "GRU": 3, "SimpleRNN": 1}
"""How many kernels of ``units`` columns stand side by side."""

for _name in ("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells"):
    library_type(f"keras.layers.{_name}", "keras.Layer")


def check_units(cx: Context, units: Value | None) -> None:
    """``units`` must be a positive int; what else raises, and how."""
    if units is None or isinstance(units, (Int, Unknown, Typed)):
        return
    if is_none(units):
        raise invalid(cx, "TypeError", "'<=' not supported between instances of 'NoneType' and 'int'", "units", units)
    if isinstance(units, Const) and isinstance(units.value, (int, float)):
        if units.value <= 0:
            message = (
                f"Received an invalid value for argument `units`, expected a positive integer, got {repr_value(units)}."
            )
            raise invalid(cx, "ValueError", message, "units", units)
        return
    if isinstance(units, Const) and isinstance(units.value, str):
        raise invalid(cx, "TypeError", "'<=' not supported between instances of 'str' and 'int'", "units", units)


_REST: Final = (
    "kernel_initializer= recurrent_initializer= bias_initializer= {forget}kernel_regularizer= recurrent_regularizer= "
    "bias_regularizer= kernel_constraint= recurrent_constraint= bias_constraint= dropout= recurrent_dropout= "
)
_GATED: Final = f"units activation= recurrent_activation= use_bias= {_REST}"
SIGNATURES: Final = {
    ("LSTM", "3"): _GATED.format(forget="unit_forget_bias= ") + "seed= **kwargs",
    ("LSTM", "2"): _GATED.format(forget="unit_forget_bias= ") + "**kwargs",
    ("GRU", "3"): _GATED.format(forget="") + "reset_after= seed= **kwargs",
    ("GRU", "2"): _GATED.format(forget="") + "reset_after= **kwargs",
    ("SimpleRNN", "3"): f"units activation= use_bias= {_REST}".format(forget="") + "seed= **kwargs",
    ("SimpleRNN", "2"): f"units activation= use_bias= {_REST}".format(forget="") + "**kwargs",
}
OWN: Final = frozenset(
    word.rstrip("=") for text in SIGNATURES.values() for word in text.split() if not word.startswith("**")
)


def init_cell(cx: Context, self: Instance, units: Value, family: str, given: dict[str, Value]) -> None:
    """What the constructors of the built-in cells share."""
    check_units(cx, units)
    init_layer(cx, self, {key: value for key, value in given.items() if key not in OWN})
    for name in ("activation", "recurrent_activation"):
        check_activation(cx, given.get(name))
    check_initializers(cx, given)
    cx.set(self, "units", units)
    cx.set(self, "~family", family)
    cx.set(self, "use_bias", given.get("use_bias", Const(True)))
    cx.set(self, "reset_after", given.get("reset_after", Const(True)))
    size: Value = Sequence("list", Contents((units, units))) if family == "LSTM" else units
    cx.set(self, "state_size", size)
    cx.set(self, "output_size", units)


def _init(cx: Context, layer: Instance, units: Value, **given: Value) -> None:
    """``units``: size of the output and of each state."""
    family = (layer.library_type or "").rpartition(".")[2].removesuffix("Cell")
    if family != "SimpleRNN" or not is_keras3(cx):
        given.pop("implementation", None)
    init_cell(cx, layer, units, family, given)


for (_name, _version), _signature in SIGNATURES.items():
    _since, _until = ("3", "") if _version == "3" else ("", "3")
    register(f"keras.layers.{_name}Cell.__init__", _signature, _init, since=_since, until=_until)


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
    _whole_units(cx, self, features, family)
    if features is not None and undefined(features):
        needs_defined(cx, self, family, shape or (), (None, columns), "kernel")
    cx.set(self, "~features", features)
    add_weight(cx, self, "kernel", None if features is None else (features, columns))
    add_weight(cx, self, "recurrent_kernel", (units, columns))
    if bool_field(self, "use_bias", True) is not False:
        doubled = family == "GRU" and bool_field(self, "reset_after", True)
        add_weight(cx, self, "bias", (2, columns) if doubled else (columns,))


def _whole_units(cx: Context, self: Instance, features: DimLike | None, family: str) -> None:
    """``units=2.0`` is noticed when the weights are made."""
    units = self.fields.get("units")
    if not isinstance(units, Const) or not isinstance(units.value, float):
        return
    columns = units.value * GATES[family]
    if not is_keras3(cx):
        message = (
            f"Dimension value must be integer or None or have an __index__ method, got value '{columns}' with "
            f"type '<class "
            "'float'>'"
        )
        raise invalid(cx, "TypeError", message, "units", units)
    message = (
        f"Cannot convert '({features}, {columns})' to a shape. Found invalid dimension '{columns}' of type "
        "'<class 'float'>'. "
    )
    raise invalid(cx, "ValueError", message, "units", units)


@rule("keras.layers.LSTMCell.call", "keras.layers.GRUCell.call", "keras.layers.SimpleRNNCell.call")
def cell_call(
    cx: Context, self: Instance, inputs: Value, states: Value | None = None, training: Value | None = None
) -> Value:
    """(batch, features), states -> (batch, units), new states."""
    if states is None:
        from foreshape.faults.call_arguments import CallArguments

        text = "missing a required argument: 'states'"
        if not is_keras3(cx):
            text = f"{class_name(self)}.call() missing 1 required positional argument: 'states'"
        raise CallArguments(error(cx, "TypeError", text), callee=class_name(self), problem=text)
    units = dim_field(self, "units")
    if not isinstance(inputs, Array) or units is None:
        return Sequence("tuple", Contents((cx.unknown("the cell's input is not known"), cx.unknown("a cell's state"))))
    check_step(cx, self, inputs, states)
    shape = None if inputs.shape is None else (*inputs.shape[:-1], units)
    if shape is not None and _reshapes(self, states):
        shape = _laid_over(cx, shape, states)
    made = output(cx, self, inputs, shape)
    count = 2 if self.fields.get("~family") == "LSTM" else 1
    new = [output(cx, self, inputs, shape) for _ in range(count)]
    wrapped = count > 1 or isinstance(states, Sequence)
    held: Value = Sequence("list", Contents(new)) if wrapped else new[0]
    return Sequence("tuple", Contents((made, held)))


def _laid_over(cx: Context, made: Shape, states: Value) -> Shape | None:
    """What the input gives and what such a state gives are added; every further step gives the same shape again."""
    first = states.contents.at(0) if isinstance(states, Sequence) else states
    if not is_keras3(cx) or not isinstance(first, Array) or not first.shape or kernels.in_graph(cx):
        return None
    given = (*first.shape[:-1], made[-1])
    sizes: list[DimLike] = []
    for back in range(max(len(made), len(given)), 0, -1):
        one = made[-back] if back <= len(made) else 1
        other = given[-back] if back <= len(given) else 1
        if not isinstance(one, int) or not isinstance(other, int) or (one != other and 1 not in (one, other)):
            return None
        sizes.append(other if one == 1 else one)
    return tuple(sizes)


def _reshapes(self: Instance, states: Value) -> bool:
    """A state with another rank than 2 is added to the input all the same, and gives the output its rank."""
    first = states.contents.at(0) if isinstance(states, Sequence) else states
    return (
        self.fields.get("~family") == "SimpleRNN"
        and isinstance(first, Array)
        and first.shape is not None
        and len(first.shape) != 2
    )


@rule("keras.layers.LSTMCell.__call__", "keras.layers.GRUCell.__call__", "keras.layers.SimpleRNNCell.__call__",
      "keras.layers.StackedRNNCells.__call__", until="3")  # fmt: skip
def cell_dunder_call(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Keras 2 makes a tensor of the first argument only: states must be tensors."""
    states = args[1] if len(args) > 1 else kwargs.get("states")
    leaves = flatten_structure(states) if states is not None and not is_none(states) else []
    if leaves and isinstance(leaves[0], Array) and leaves[0].kind == "numpy":
        text = (
            f"Exception encountered when calling layer '{layer_name(self)}' (type {class_name(self)}).\n\n"
            "'tuple' object has no attribute 'rank'"
        )
        raise UnsupportedData(
            error(cx, "AttributeError", text), values=(leaves[0],), taker=f"states of {class_name(self)}",
            given="<class 'numpy.ndarray'>",
        )  # fmt: skip
    return call_layer_object(cx, self, args, kwargs)


def check_step(cx: Context, self: Instance, inputs: Array, states: Value | None) -> None:
    """What one step multiplies: the input with the kernel, the state with the recurrent kernel, and their sum."""
    features: DimLike | None = self.fields.get("~features")
    units = dim_field(self, "units")
    name = self.fields.get("~family", "LSTM")
    columns = None if units is None else units * GATES[name]
    if not is_keras3(cx):
        check_step_dtype(cx, self, inputs)
    if features is not None:
        kernels.check_matmul(cx, self, inputs, features, columns, taker=name)
    first = states
    if isinstance(states, Sequence):
        items = states.contents.items()
        if name == "LSTM" and items is not None and len(items) == 1:
            raise StateShape(
                error(cx, "IndexError", "list index out of range"), values=(states,), layer=name, needs=(),
                got=tuple(one.shape for one in items if isinstance(one, Array)),
            )  # fmt: skip
        first = states.contents.at(0)
    if not isinstance(first, Array) or first.shape is None or units is None or not inputs.shape:
        return
    if len(first.shape) != 2:
        _odd_state(cx, self, first, name, units, inputs)
        return
    kernels.check_matmul(cx, self, first, units, columns, taker=f"{name} state")
    if len(inputs.shape) == 2:
        kernels.check_batch(cx, self, inputs, first, columns, f"{name} state")
        _check_carry(cx, self, inputs, states, units)
        return
    more = inputs.shape[1]
    if name == "LSTM" and isinstance(more, int) and more % GATES[name]:
        text = f"Number of ways to split should evenly divide the split dimension, but got split_dim 1 (size = {more})"
        raise kernels.wrong_rank(cx, self, inputs, 2, text)
    # (batch, more, units) and (batch, units) are lined up at their last axes
    more, batch = inputs.shape[-2], first.shape[0]
    if undefined(more) or undefined(batch) or more == 1 or batch == 1 or cx.equal(more, batch):
        return
    shown = f"{kernels.sizes_text((*inputs.shape[:-1], units))} vs. {kernels.sizes_text((batch, units))}"
    raise BroadcastMismatch(
        kernels.shape_error(cx, f"Incompatible shapes: {shown} [Op:AddV2] name: "),
        values=(inputs,),
        taker=f"{name} state",
        shapes=(inputs.shape, first.shape),
        axis=-2,
    )


def _check_carry(cx: Context, self: Instance, inputs: Array, states: Value | None, units: DimLike) -> None:
    """The second state of an LSTM is multiplied by the forget gate, number by number."""
    carry = states.contents.at(1) if isinstance(states, Sequence) else None
    if self.fields.get("~family", "LSTM") != "LSTM" or not isinstance(carry, Array) or inputs.shape is None:
        return
    gate: Shape = (inputs.shape[0], units)
    if carry.shape is None or len(carry.shape) != 2:
        return
    if all(undefined(a) or undefined(b) or a == 1 or b == 1 or cx.equal(a, b) for a, b in zip(gate, carry.shape)):
        return
    text = f"Incompatible shapes: {kernels.sizes_text(gate)} vs. {kernels.sizes_text(carry.shape)} [Op:Mul] name: "
    raise StateShape(
        kernels.shape_error(cx, text), values=(carry,), layer="LSTM", needs=(gate, gate), got=(gate, carry.shape)
    )


def check_step_dtype(cx: Context, self: Instance, inputs: Array) -> None:
    """Keras 3 converts the input, Keras 2 multiplies it as it is."""
    weight = self.fields.get("~compute_dtype", "float32")
    if weight is None or inputs.dtype == weight:
        return
    if inputs.dtype in SMALL and not kernels.in_graph(cx):
        return  # what is said depends on the device
    kernels.check_dtype(cx, self, inputs, "MatMul", MATMUL, weight=weight, argument="a", other="b")


def _odd_state(cx: Context, self: Instance, state: Array, name: str, units: DimLike, inputs: Array) -> None:
    """A state with another number of axes than (batch, units)."""
    assert state.shape is not None and inputs.shape is not None
    rank = len(state.shape)
    if name == "GRU" and rank == 1:
        text = "Index out of range using input dim 1; input has only 1 dims [Op:StridedSlice] name: "
    elif rank < 2 or name == "SimpleRNN":
        return
    elif name == "LSTM":
        text = "Number of ways to split should evenly divide the split dimension [Op:Split] name: split"
    else:
        text = (
            f"Incompatible shapes: {kernels.sizes_text(inputs.shape)} vs. {kernels.sizes_text(state.shape)} "
            f"[Op:AddV2] name: "
        )
    needs: Shape = (inputs.shape[0], units)
    raise StateShape(kernels.shape_error(cx, text), values=(state,), layer=name, needs=(needs,), got=(state.shape,))


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
        # a cell of one state is given it in a list too
        wrapped = Sequence("list", Contents((own,))) if isinstance(own, Array) else own
        inputs, state = step(cx, cell, inputs, wrapped)
        if is_keras3(cx) and wrapped is not own and isinstance(state, Sequence):
            alone = state.contents.items()  # and Keras 3 takes the one state out of its list again
            state = alone[0] if alone is not None and len(alone) == 1 else state
        new.append(state)
    size = self.fields.get("state_size")
    if not is_keras3(cx) and isinstance(size, Sequence):
        new = _packed(size, new)
    return Sequence("tuple", Contents((inputs, Sequence("list", Contents(new)))))


def _packed(size: Sequence, states: list[Value]) -> list[Value]:
    """Keras 2 gives the states in the structure of ``state_size``, whatever the cells wrap them in."""
    sizes, leaves = size.contents.items(), [leaf for state in states for leaf in flatten_structure(state)]
    plain = sizes is not None and not any(isinstance(one, Sequence) for one in sizes)
    return leaves if plain and sizes is not None and len(sizes) == len(leaves) else states


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
