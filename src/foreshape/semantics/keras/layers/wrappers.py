"""Layers around a layer: ``TimeDistributed``, ``Bidirectional``, ``Wrapper``.

Follows ``keras/src/layers/rnn/{time_distributed,bidirectional}.py`` and the ``tf_keras`` ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.origin import part_of
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_str,
    is_none,
)
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.semantics.keras.base import (
    InputSpec,
    build_layer,
    call_layer,
    dims_text,
    error,
    init_layer,
    input_spec,
    is_keras3,
    output,
    output_shape_of,
    set_input_spec,
    shape_of,
    undefined,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MERGE_MODES: Final = ("sum", "mul", "ave", "concat")

library_type("keras.layers.Wrapper", "keras.Layer")
library_type("keras.layers.TimeDistributed", "keras.layers.Wrapper")
library_type("keras.layers.Bidirectional", "keras.layers.Wrapper")


@rule("keras.layers.Wrapper.__init__")
def wrapper_init(cx: Context, self: Instance, layer: Value, **kwargs: Value) -> None:
    """Holds one layer."""
    init_layer(cx, self, kwargs)
    cx.set(self, "layer", layer)


@rule("keras.layers.Wrapper.build")
def wrapper_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Builds the inner layer for the same shape."""
    build_layer(cx, self.fields["layer"], shape_of(cx, input_shape))


# -- TimeDistributed --------------------------------------------------------------------------------------------------


@rule("keras.layers.TimeDistributed.__init__")
def time_distributed_init(cx: Context, self: Instance, layer: Value, **kwargs: Value) -> None:
    """``layer`` must be a layer: a function is not one."""
    plain = isinstance(layer, (Const, Array, Sequence, Typed)) or (
        not isinstance(layer, (Instance, Unknown)) and cx.is_instance(layer, "keras.Layer") is False
    )
    if plain:
        home = "keras" if is_keras3(cx) else "tf.keras"
        message = f"Please initialize `TimeDistributed` layer with a `{home}.layers.Layer` instance. Received: "
        raise invalid(cx, "ValueError", message + repr_value(layer), "layer", layer)
    init_layer(cx, self, kwargs)
    cx.set(self, "layer", layer)
    cx.set(self, "supports_masking", Const(True))


def _steps(cx: Context, self: Instance, shape: Shape) -> None:
    if len(shape) >= 3:
        return
    space = "" if is_keras3(cx) else " "
    message = (
        f"`TimeDistributed` Layer should be passed an `input_shape{space}` with at least 3 dimensions, received: "
        f"{dims_text(shape)}"
    )
    raise RankMismatch(
        error(cx, "ValueError", message), taker="TimeDistributed", needs=3, at_least=True, got=shape,
        axes=("batch", "timesteps", "features"),
    )  # fmt: skip


@rule("keras.layers.TimeDistributed.build")
def time_distributed_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Builds the inner layer for one timestep."""
    shape = shape_of(cx, input_shape)
    if shape is None:
        return
    _steps(cx, self, shape)
    build_layer(cx, self.fields["layer"], (shape[0], *shape[2:]))


@rule("keras.layers.TimeDistributed.call")
def time_distributed_call(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """(batch, timesteps, ...) -> (batch, timesteps, what the inner layer makes of (batch, ...))."""
    if not isinstance(inputs, Array) or inputs.shape is None:
        return output(cx, self, inputs, None)
    _steps(cx, self, inputs.shape)
    batch, time = inputs.shape[0], inputs.shape[1]
    step = Array("tensorflow", (batch, *inputs.shape[2:]), inputs.dtype, lo=inputs.lo, hi=inputs.hi)
    step.origin, step.tainted = part_of(inputs), inputs.tainted
    made = call_layer(cx, self.fields["layer"], step)
    return _with_time(cx, self, made, time)


def _with_time(cx: Context, self: Instance, made: Value, time: DimLike) -> Value:
    if isinstance(made, Sequence):
        items = [_with_time(cx, self, one, time) for one in made.contents.items() or ()]
        return Sequence(made.kind, Contents(items))
    if not isinstance(made, Array) or made.shape is None:
        return output(cx, self, made, None)
    roles = ("batch", "time", "feature") if len(made.shape) == 2 else None
    return output(cx, self, made, (made.shape[0], time, *made.shape[1:]), made.dtype, roles)


# -- Bidirectional ----------------------------------------------------------------------------------------------------


@rule("keras.layers.Bidirectional.__init__")
def bidirectional_init(
    cx: Context, self: Instance, layer: Value, merge_mode: Value | None = None, weights: Value | None = None,
    backward_layer: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """A recurrent layer and its mirror. ``merge_mode`` None gives both outputs."""
    mode: Value = merge_mode if merge_mode is not None else Const("concat")
    if isinstance(mode, Const) and mode.value is not None and mode.value not in MERGE_MODES:
        message = (
            f"Invalid merge mode. Received: {mode.value}. Merge mode should be one of "
            '{"sum", "mul", "ave", "concat", None}'
        )
        raise invalid(cx, "ValueError", message, "merge_mode", mode)
    recurrent = cx.is_instance(layer, "keras.layers.RNN")
    home = "keras" if is_keras3(cx) else "tf.keras"
    if isinstance(layer, (Const, Array, Sequence, Typed)) or cx.is_instance(layer, "keras.Layer") is False:
        message = f"Please initialize `Bidirectional` layer with a `{home}.layers.Layer` instance. Received: "
        raise invalid(cx, "ValueError", message + repr_value(layer), "layer", layer)
    if recurrent is False and isinstance(layer, Instance) and layer.library_type not in (None, "keras.Layer"):
        exception, message = ("KeyError", "'go_backwards'")
        if is_keras3(cx):
            exception, message = "TypeError", f"{repr_value(layer)} could not be deserialized properly."
        raise invalid(cx, exception, message, "layer", layer)
    init_layer(cx, self, kwargs)
    cx.set(self, "layer", layer)
    cx.set(self, "merge_mode", mode)
    backward = backward_layer if not is_none(backward_layer) and backward_layer is not None else _mirror(layer)
    cx.set(self, "forward_layer", layer)
    cx.set(self, "backward_layer", backward)
    for name in ("return_sequences", "return_state", "stateful"):
        cx.set(self, name, cx.get_attribute(layer, name, Const(False)))
    cx.set(self, "supports_masking", Const(True))
    if isinstance(layer, Instance):
        set_input_spec(cx, self, *input_spec(layer))


def _mirror(layer: Value) -> Value:
    """A layer with the same configuration and its own variables."""
    if not isinstance(layer, Instance):
        return Unknown("a copy of an unknown layer")
    fields = {key: value for key, value in layer.fields.items() if key not in ("~weights", "~batch")}
    cell = fields.get("cell")
    if isinstance(cell, Instance):
        own = {key: value for key, value in cell.fields.items() if key not in ("~weights", "~features")}
        fields["cell"] = Instance(cell.cls, {**own, "built": Const(False)}, cell.origin)
    return Instance(layer.cls, {**fields, "built": Const(False)}, layer.origin)


@rule("keras.layers.Bidirectional.build")
def bidirectional_build(
    cx: Context, self: Instance, sequences_shape: Value | None = None, initial_state_shape: Value | None = None,
    **kwargs: Value,
) -> None:  # fmt: skip
    """Builds both directions for the same shape."""
    shape = shape_of(cx, kwargs.get("input_shape", sequences_shape))
    for name in ("forward_layer", "backward_layer"):
        build_layer(cx, self.fields[name], shape)
    if not is_keras3(cx):
        set_input_spec(cx, self, InputSpec())


@rule("keras.layers.Bidirectional.compute_output_spec", since="3")
def bidirectional_output_spec(
    cx: Context, self: Instance, sequences: Value, initial_state: Value | None = None, mask: Value | None = None,
    training: Value | None = None,
) -> Value:  # fmt: skip
    """Keras 3, symbolically: from the sizes alone."""
    forward = self.fields["forward_layer"]
    shape = sequences.shape if isinstance(sequences, Array) else None
    if as_bool(self.fields.get("return_state")) is False:
        found = output_shape_of(cx, forward, shape)
        made: Value = output(cx, self, sequences, found)
        return _merged(cx, self, made, made, sequences)
    made = cx.rule(_rule_name(forward, "compute_output_spec"), forward, sequences)
    return _merged(cx, self, made, made, sequences)


def _rule_name(layer: Value, name: str) -> str:
    return f"keras.layers.RNN.{name}"


@rule("keras.layers.Bidirectional.call")
def bidirectional_call(
    cx: Context, self: Instance, sequences: Value, training: Value | None = None, mask: Value | None = None,
    initial_state: Value | None = None, constants: Value | None = None,
) -> Value:  # fmt: skip
    """Runs both directions and merges them. ``initial_state``: the first half for the forward layer."""
    forward_state: Value | None = None
    backward_state: Value | None = None
    if isinstance(initial_state, Sequence):
        items = initial_state.contents.items()
        if items is None:
            return cx.unknown("the initial states are not known")
        half = len(items) // 2
        forward_state = Sequence("list", Contents(items[:half]))
        backward_state = Sequence("list", Contents(items[half:]))
    first = _run(cx, self.fields["forward_layer"], sequences, forward_state)
    second = _run(cx, self.fields["backward_layer"], sequences, backward_state)
    return _merged(cx, self, first, second, sequences)


def _run(cx: Context, layer: Value, sequences: Value, state: Value | None) -> Value:
    if state is None:
        return call_layer(cx, layer, sequences)
    return call_layer(cx, layer, sequences, initial_state=state)


def _merged(cx: Context, self: Instance, first: Value, second: Value, like: Value) -> Value:
    states: tuple[Value, ...] = ()
    if isinstance(first, Sequence) and isinstance(second, Sequence):
        one, two = first.contents.items() or (), second.contents.items() or ()
        if not one or not two:
            return cx.unknown("what the inner layer gives is not known")
        first, second, states = one[0], two[0], (*one[1:], *two[1:])
    if not isinstance(first, Array):
        return cx.unknown("what the inner layer gives is not known")
    mode = self.fields.get("merge_mode")
    if is_none(mode):
        outputs: tuple[Value, ...] = (first, second)
    elif isinstance(mode, Const):
        outputs = (_combined(cx, self, first, as_str(mode), like),)
    else:
        return cx.unknown("the merge mode is not known")
    if len(outputs) == 1 and not states:
        return outputs[0]
    kind = "tuple" if is_keras3(cx) else "list"
    return Sequence(kind, Contents((*outputs, *states)))


def _combined(cx: Context, self: Instance, one: Array, mode: str | None, like: Value) -> Array:
    shape = one.shape
    if shape is not None and mode == "concat":
        last = shape[-1]
        shape = (*shape[:-1], last if undefined(last) else last * 2)
    return output(cx, self, like, shape, roles=one.roles)


@rule("keras.layers.Bidirectional.compute_mask")
def bidirectional_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """The mask goes on only with the sequences."""
    if not as_bool(self.fields.get("return_sequences")) or mask is None or as_bool(self.fields.get("return_state")):
        return Const(None)
    if is_none(self.fields.get("merge_mode")):
        return Sequence("list", Contents((mask, mask)))
    return mask
