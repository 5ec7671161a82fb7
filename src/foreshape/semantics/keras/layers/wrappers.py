"""Layers around a layer: ``TimeDistributed``, ``Bidirectional``, ``Wrapper``.

Follows ``keras/src/layers/rnn/{time_distributed,bidirectional}.py`` and the ``tf_keras`` ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
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
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.declared_shape import DeclaredShape
from foreshape.faults.mask_shape import MaskShape
from foreshape.faults.rank_mismatch import RankMismatch
from foreshape.semantics.keras.base import (
    InputSpec,
    build_layer,
    call_layer,
    class_name,
    compute_dtype,
    dims_text,
    error,
    flatten_structure,
    init_layer,
    input_spec,
    is_keras3,
    map_structure,
    output,
    output_shape_of,
    same,
    set_input_spec,
    shape_of,
    undefined,
    weights_of,
)
from foreshape.semantics.keras.config import invalid, repr_value
from foreshape.semantics.keras.layers import kernels
from foreshape.semantics.keras.layers.recurrent import rnn_dunder_call
from foreshape.semantics.keras.methods import find_method
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
    if isinstance(layer, (Const, Array, Sequence, Typed)):
        shown = repr_value(layer).strip("'")
        message = (
            (
                f"Layer {shown} supplied to Wrapper isn't a supported layer type. Please ensure wrapped layer is a "
                f"valid Keras layer."
            )
            if is_keras3(cx)
            else f"Layer {shown} supplied to wrapper is not a supported layer type. Please ensure wrapped layer "
            f"is a valid "
            "TF-Keras layer."
        )
        raise invalid(cx, "ValueError", message, "layer", layer)
    init_layer(cx, self, kwargs)
    cx.set(self, "layer", layer)


@rule("keras.layers.Wrapper.build")
def wrapper_build(cx: Context, self: Instance, input_shape: Value | None = None) -> None:
    """Builds the inner layer for the same shape; a layer that was built by hand before needs none."""
    if input_shape is not None and not is_none(input_shape):
        build_layer(cx, self.fields["layer"], shape_of(cx, input_shape))


@rule("keras.layers.Wrapper.call", until="3")
def wrapper_call(cx: Context, self: Instance, inputs: Value) -> Value:
    """Keras 2 gives the input back; a wrapper has a ``call`` of its own."""
    return inputs


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


def _steps(cx: Context, self: Instance, shape: Shape, inputs: Array | None = None) -> None:
    if len(shape) >= 3:
        return
    raise _too_few(cx, dims_text(shape), shape, inputs)


def _too_few(cx: Context, shown: str, shape: Shape, inputs: Array | None = None) -> RankMismatch:
    space = "" if is_keras3(cx) else " "
    message = (
        f"`TimeDistributed` Layer should be passed an `input_shape{space}` with at least 3 dimensions, "
        f"received: {shown}"
    )
    return RankMismatch(
        error(cx, "ValueError", message), values=() if inputs is None else (inputs,), taker="TimeDistributed", needs=3,
        at_least=True, got=shape, axes=("batch", "timesteps", "features"),
    )  # fmt: skip


@rule("keras.layers.TimeDistributed.build")
def time_distributed_build(cx: Context, self: Instance, input_shape: Value) -> None:
    """Builds the inner layer for one timestep."""
    shape = shape_of(cx, input_shape)
    if shape is None and isinstance(input_shape, Sequence):
        shapes = [shape_of(cx, item) for item in input_shape.contents.items() or ()]
        if is_keras3(cx) and len(shapes) < 3 and all(one is not None for one in shapes):
            shown = "[" + ", ".join(dims_text(one) for one in shapes) + "]"
            raise _too_few(cx, shown, shapes[0] or () if shapes else ())
        return
    if shape is None:
        return
    _steps(cx, self, shape)
    build_layer(cx, self.fields["layer"], (shape[0], *shape[2:]))
    if not is_keras3(cx):
        sizes = (None, None, *(None if undefined(dim) else dim for dim in shape[2:]))
        set_input_spec(cx, self, InputSpec(shape=sizes))


@rule("keras.layers.TimeDistributed.compute_output_spec", since="3")
def time_distributed_spec(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """Keras 3, symbolically: from the sizes alone."""
    if not isinstance(inputs, Array) or inputs.shape is None:
        return output(cx, self, inputs, None)
    _steps(cx, self, inputs.shape, inputs)
    made = made_of_shape(cx, self.fields["layer"], _one_step(inputs))
    if isinstance(made, Sequence):
        message = f"Cannot convert '{inputs.shape[1]}' to a shape."
        raise invalid(cx, "ValueError", message, "layer", self.fields["layer"])
    found = _with_time(cx, self, made, inputs.shape[1])
    return found.replace(dtype=compute_dtype(self)) if isinstance(found, Array) else found


def made_of_shape(cx: Context, layer: Value, inputs: Array) -> Value:
    """``layer.compute_output_shape`` of Keras 3: what comes out for an input of this shape, nothing checked."""
    if not isinstance(layer, Instance) or layer.tainted:
        return cx.unknown("the layer is not known")
    spec = find_method(cx, layer, "compute_output_spec")
    named = spec is not None and not spec.is_user and spec.owner != "keras.Layer"
    if layer.library_type in ("keras.Layer", "keras.Model") and cx.user_method(layer, "call") is not None:
        _needs_output_shape(cx, layer)
    try:
        if named and spec is not None:
            return spec(cx, (inputs,), {})
        found = output_shape_of(cx, layer, inputs.shape, inputs.dtype)
    except DeclaredShape:
        return output(cx, layer, inputs, None)  # a model inside goes from shape to shape, its inputs are not looked at
    return output(cx, layer, inputs, found)


def _needs_output_shape(cx: Context, layer: Instance) -> None:
    """A layer of the program must say what its output shape is: nobody runs its ``call`` here."""
    if (
        cx.user_method(layer, "compute_output_shape") is not None
        or cx.user_method(layer, "compute_output_spec") is not None
    ):
        return
    message = (
        f"Layer {class_name(layer)} does not have a `compute_output_shape` method implemented. Should implement `def "
        "compute_output_shape(self, input_shape)`."
    )
    raise invalid(cx, "NotImplementedError", message, "layer", layer)


def _one_step(inputs: Array, merged: bool = False) -> Array:
    """One timestep of the input; ``merged``: all of them, as samples of a larger batch."""
    assert inputs.shape is not None
    batch: DimLike = inputs.shape[0]
    if merged and not undefined(batch):
        time = inputs.shape[1]
        batch = time if undefined(time) else batch * time
    step = inputs.replace(shape=(batch, *inputs.shape[2:]), roles=None, data=None, meta={})
    step.origin, step.tainted = inputs.origin, inputs.tainted
    return step


@rule("keras.layers.TimeDistributed.call", since="3")
def time_distributed_call(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """(batch, timesteps, ...) -> (batch, timesteps, what the inner layer makes of (batch, ...)): its ``call`` alone
    is run.
    """
    if not isinstance(inputs, Array) or inputs.shape is None:
        return output(cx, self, inputs, None)
    _check_mask(cx, inputs, mask)
    if len(inputs.shape) < 2:
        return output(cx, self, inputs, None)
    layer = self.fields["layer"]
    method = find_method(cx, layer, "call") if isinstance(layer, Instance) and not layer.tainted else None
    if method is None:
        made = call_layer(cx, layer, _one_step(inputs))
    else:
        given = {"training": training} if training is not None and method.takes("training") else {}
        made = method(cx, (_inner_input(self, layer, inputs),), given)
    if isinstance(made, Sequence):
        return _stacked(cx, self, made, inputs)
    found = _with_time(cx, self, made, inputs.shape[1], inputs.shape[0])
    if isinstance(found, Array) and found.dtype in kernels.FLOATS:
        found.dtype = _mixed(self, layer, found.dtype)
    return found


def _stacked(cx: Context, self: Instance, made: Sequence, inputs: Array) -> Value:
    """Several outputs of one size are stacked into one, of which the axes of time and of the outputs change places."""
    assert inputs.shape is not None
    items = made.contents.items() or ()
    shapes = [item.shape for item in items if isinstance(item, Array)]
    if not items or len(shapes) != len(items) or shapes[0] is None or any(one != shapes[0] for one in shapes):
        return output(cx, self, inputs, None)
    return output(cx, self, inputs, (len(items), inputs.shape[1], *shapes[0]))


def _inner_input(self: Instance, layer: Value, inputs: Array) -> Array:
    """One timestep. With a mixed policy the variables inside are cast to what comes in: nothing then clashes."""
    step = _one_step(inputs)
    own = compute_dtype(self)
    if isinstance(layer, Instance) and own != self.fields.get("~variable_dtype", "float32") and step.dtype == own:
        step.dtype = compute_dtype(layer)
    return step


def _mixed(self: Instance, layer: Value, dtype: str) -> str | None:
    """The dtype of the output, from those of the outer layer's input and of the inner layer's variables."""
    own = compute_dtype(self)
    if isinstance(layer, Instance) and isinstance(layer.fields.get("cell"), Instance):
        return dtype  # a recurrent layer casts what it gives
    if own != self.fields.get("~variable_dtype", "float32") or not isinstance(layer, Instance):
        return own
    if not weights_of(layer) or own is None:
        return own
    return own if dtype in ("float16", "bfloat16") or own == "float64" else dtype


def _check_mask(cx: Context, inputs: Array, mask: Value | None) -> None:
    """The first two axes of a mask are those of the input."""
    if not isinstance(mask, Array) or mask.shape is None or inputs.shape is None:
        return
    given, shape = mask.shape, inputs.shape
    if len(given) < 2:
        message = (
            "The `mask` passed to the `TimeDistributed` layer must be at least 2D (e.g., `(batch_size, "
            "timesteps)`), but it "
            f"has {len(given)} dimension(s) with shape {dims_text(given)}."
        )
        axis = 0
    else:
        axes = [axis for axis in (0, 1) if not same(cx, given[axis], shape[axis])]
        if not axes:
            return
        axis = axes[0]
        message = (
            f"The `mask` passed to the `TimeDistributed` layer has a shape {dims_text(given)} that is "
            f"incompatible with the "
            f"input shape {dims_text(shape)}. The first two dimensions of the mask (batch size and timesteps) "
            f"must match "
            f"the input's first two dimensions. Expected mask shape prefix: {dims_text(shape[:2])}."
        )
    raise MaskShape(error(cx, "ValueError", message), values=(mask,), mask=given, shape=shape, axis=axis)


def _check_mask_keras2(cx: Context, self: Instance, inputs: Array, mask: Value | None) -> None:
    """Keras 2 gives the mask to an inner layer that supports masking, and cuts what it gives into (batch, timesteps)."""
    layer, shape = self.fields.get("layer"), inputs.shape or ()
    if not isinstance(mask, Array) or mask.shape is None or len(mask.shape) != 2 or not isinstance(layer, Instance):
        return
    sizes = (*mask.shape, *shape[:2])
    numbers = [size for size in sizes if isinstance(size, int)]
    if len(numbers) != 4 or as_bool(layer.fields.get("supports_masking")) is not True:
        return
    if cx.user_method(layer, "compute_mask") is not None or "cell" in layer.fields:
        return
    have, wanted = numbers[0] * numbers[1], numbers[2] * numbers[3]
    if have == wanted:
        return
    text = f"Input to reshape is a tensor with {have} values, but the requested shape has {wanted} [Op:Reshape]"
    axis = 0 if numbers[0] != numbers[2] else 1
    raise MaskShape(kernels.shape_error(cx, text), values=(mask,), mask=mask.shape, shape=shape, axis=axis)


@rule("keras.layers.TimeDistributed.call", until="3")
def time_distributed_call_keras2(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None
) -> Value:
    """Keras 2 calls the inner layer, on all timesteps at once."""
    leaves = flatten_structure(inputs)
    arrays = [leaf for leaf in leaves if isinstance(leaf, Array) and leaf.shape is not None and len(leaf.shape) > 1]
    if not arrays or len(arrays) != len(leaves):
        return output(cx, self, inputs if isinstance(inputs, Array) else None, None)
    first = arrays[0]
    assert first.shape is not None

    def one(leaf: Value) -> Value:
        assert isinstance(leaf, Array)
        return _one_step(leaf, True)

    made = call_layer(cx, self.fields["layer"], map_structure(cx, one, inputs))
    _check_mask_keras2(cx, self, first, mask)
    if isinstance(made, Sequence) and made.kind == "list":
        message = "'list' object has no attribute 'shape'"
        raise invalid(cx, "AttributeError", message, "layer", self.fields["layer"])
    return _with_time(cx, self, made, first.shape[1], first.shape[0])


def _with_time(cx: Context, self: Instance, made: Value, time: DimLike, batch: DimLike | None = None) -> Value:
    if isinstance(made, Sequence):
        items = [_with_time(cx, self, one, time, batch) for one in made.contents.items() or ()]
        return Sequence(made.kind, Contents(items))
    if not isinstance(made, Array) or made.shape is None:
        return output(cx, self, made, None)
    if not made.shape:
        return output(cx, self, made, None)
    roles = ("batch", "time", "feature") if len(made.shape) == 2 else None
    first = made.shape[0] if batch is None else batch
    found = output(cx, self, made, (first, time, *made.shape[1:]), made.dtype, roles)
    found.dtype = made.dtype
    return found


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
    home = "keras" if is_keras3(cx) else "tf.keras"
    if _no_layer(cx, layer):
        message = f"Please initialize `Bidirectional` layer with a `{home}.layers.Layer` instance. Received: "
        raise invalid(cx, "ValueError", message + repr_value(layer), "layer", layer)
    given = backward_layer if backward_layer is not None and not is_none(backward_layer) else None
    if given is not None and _no_layer(cx, given):
        message = f"`backward_layer` need to be a `{home}.layers.Layer` instance. Received: {repr_value(given)}"
        raise invalid(cx, "ValueError", message, "backward_layer", given)
    _check_recurrent(cx, layer)
    init_layer(cx, self, kwargs)
    cx.set(self, "layer", layer)
    cx.set(self, "merge_mode", mode)
    backward = _mirror(cx, layer) if given is None else given
    cx.set(self, "forward_layer", layer)
    cx.set(self, "backward_layer", backward)
    _verify(cx, layer, backward)
    for name in ("return_sequences", "return_state", "stateful"):
        cx.set(self, name, cx.get_attribute(layer, name, Const(False)))
    cx.set(self, "supports_masking", Const(True))
    if isinstance(layer, Instance):
        set_input_spec(cx, self, *input_spec(layer))


def _no_layer(cx: Context, value: Value) -> bool:
    """Whether it is certainly not a layer."""
    return isinstance(value, (Const, Array, Sequence, Typed)) or cx.is_instance(value, "keras.Layer") is False


def _check_recurrent(cx: Context, layer: Value) -> None:
    """A layer that cannot go backwards cannot be made again for the other direction."""
    if not isinstance(layer, Instance) or layer.library_type in (None, "keras.Layer"):
        return
    if cx.is_instance(layer, "keras.layers.RNN") is not False:
        return
    exception, message = "KeyError", "'go_backwards'"
    if is_keras3(cx):
        exception, message = "TypeError", f"{repr_value(layer)} could not be deserialized properly."
        if cx.is_instance(layer, "keras.layers.Wrapper"):
            name = (layer.library_type or "").rpartition(".")[2]
            exception, message = (
                "ValueError",
                f"Unrecognized keyword arguments passed to {name}: {{'go_backwards': True}}",
            )
    raise invalid(cx, exception, message, "layer", layer)


def _verify(cx: Context, forward: Value, backward: Value) -> None:
    """Both directions must be of the same make, and one of them must go backwards."""
    for layer in (forward, backward):
        if isinstance(layer, Instance) and cx.is_instance(layer, "keras.layers.RNN") is False:
            if layer.library_type in (None, "keras.Layer"):
                return
            name = (layer.library_type or "").rpartition(".")[2]
            raise invalid(
                cx, "AttributeError", f"'{name}' object has no attribute 'go_backwards'", "backward_layer", layer
            )
    values = {}
    for name in ("go_backwards", "stateful", "return_sequences", "return_state"):
        pair = [as_bool(cx.get_attribute(layer, name, cx.unknown("a flag"))) for layer in (forward, backward)]
        if None in pair:
            return
        values[name] = pair
    one, two = values.pop("go_backwards")
    if one == two:
        space = ". Received: " if is_keras3(cx) else "."
        message = (
            f"Forward layer and backward layer should have different `go_backwards` "
            f"value{space}forward_layer.go_backwards "
            f"{'' if is_keras3(cx) else '= '}{one},{' ' if is_keras3(cx) else ''}backward_layer.go_backwards"
            f"{'=' if is_keras3(cx) else ' = '}{two}"
        )
        raise invalid(cx, "ValueError", message, "backward_layer", backward)
    for name, (one, two) in values.items():
        if one != two:
            message = (
                f'Forward layer and backward layer are expected to have the same value for attribute "{name}", got '
                f'"{one}" for forward layer and "{two}" for backward layer'
            )
            raise invalid(cx, "ValueError", message, "backward_layer", backward)


def _mirror(cx: Context, layer: Value) -> Value:
    """A layer with the same configuration and its own variables. Keras 2 turns the direction, Keras 3 sets it."""
    if not isinstance(layer, Instance):
        return Unknown("a copy of an unknown layer")
    fields = {key: value for key, value in layer.fields.items() if key not in ("~weights", "~batch")}
    cell = fields.get("cell")
    if isinstance(cell, Instance):
        own = {key: value for key, value in cell.fields.items() if key not in ("~weights", "~features")}
        fields["cell"] = Instance(cell.cls, {**own, "built": Const(False)}, cell.origin)
    back = as_bool(fields.get("go_backwards"))
    fields["go_backwards"] = Const(is_keras3(cx) or not back) if back is not None else Unknown("the direction")
    return Instance(layer.cls, {**fields, "built": Const(False)}, layer.origin)


@rule("keras.layers.Bidirectional.build")
def bidirectional_build(
    cx: Context, self: Instance, sequences_shape: Value | None = None, initial_state_shape: Value | None = None,
    **kwargs: Value,
) -> None:  # fmt: skip
    """Builds both directions for the same shape."""
    shape = shape_of(cx, kwargs.get("input_shape", sequences_shape))
    given = kwargs.get("input_shape", sequences_shape)
    if shape is None and isinstance(given, Sequence):
        shape = shape_of(cx, given.contents.at(0))
    for name in ("forward_layer", "backward_layer"):
        part = self.fields.get(name)
        if part is not None:  # not set where __init__ was given something that is not known
            build_layer(cx, part, shape)


@rule("keras.layers.Bidirectional.compute_output_spec", since="3")
def bidirectional_output_spec(
    cx: Context, self: Instance, sequences: Value, initial_state: Value | None = None, mask: Value | None = None,
    training: Value | None = None,
) -> Value:  # fmt: skip
    """Keras 3, symbolically: from the sizes alone."""
    made = made_of_shape(cx, self.fields["forward_layer"], sequences) if isinstance(sequences, Array) else None
    if made is None:
        return output(cx, self, sequences, None)
    return _merged(cx, self, made, made, sequences)


@rule("keras.layers.Bidirectional.__call__", until="3")
def bidirectional_dunder_call(cx: Context, self: Instance, inputs: Value, *args: Value, **kwargs: Value) -> Value:
    """Keras 2: states may stand in a list after the input."""
    return rnn_dunder_call(cx, self, inputs, *args, **kwargs)


@rule("keras.layers.Bidirectional.call", since="3")
def bidirectional_call(
    cx: Context, self: Instance, sequences: Value, initial_state: Value | None = None, mask: Value | None = None,
    training: Value | None = None,
) -> Value:  # fmt: skip
    """Runs both directions and merges them. ``initial_state``: the first half for the forward layer."""
    return _both(cx, self, sequences, initial_state, mask)


@rule("keras.layers.Bidirectional.call", until="3")
def bidirectional_call_keras2(
    cx: Context, self: Instance, inputs: Value, training: Value | None = None, mask: Value | None = None,
    initial_state: Value | None = None, constants: Value | None = None,
) -> Value:  # fmt: skip
    """Keras 2."""
    return _both(cx, self, inputs, initial_state, mask)


def _both(cx: Context, self: Instance, sequences: Value, initial_state: Value | None, mask: Value | None) -> Value:
    states: list[Value | None] = [None, None]
    if isinstance(initial_state, Sequence):
        items = initial_state.contents.items()
        if items is None:
            return cx.unknown("the initial states are not known")
        half = len(items) // 2
        states = [Sequence("list", Contents(items[:half])), Sequence("list", Contents(items[half:]))]
    first = _run(cx, self.fields["forward_layer"], sequences, states[0], mask)
    second = _run(cx, self.fields["backward_layer"], sequences, states[1], mask)
    return _merged(cx, self, first, second, sequences)


def _run(cx: Context, layer: Value, sequences: Value, state: Value | None, mask: Value | None) -> Value:
    given = {} if mask is None or is_none(mask) else {"mask": mask}
    if state is not None:
        given["initial_state"] = state
    return call_layer(cx, layer, sequences, **given)


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
        outputs = (_combined(cx, self, first, second, as_str(mode), like),)
    else:
        return cx.unknown("the merge mode is not known")
    if len(outputs) == 1 and not states:
        return outputs[0]
    kind = "tuple" if is_keras3(cx) else "list"
    return Sequence(kind, Contents((*outputs, *states)))


def _combined(cx: Context, self: Instance, one: Array, other: Value, mode: str | None, like: Value) -> Array:
    shape = one.shape
    second = other.shape if isinstance(other, Array) and other.shape else shape
    if shape and second:
        if mode == "concat":
            last = shape[-1]
            shape = (*shape[:-1], last if undefined(last) else last + second[-1])
        elif not (undefined(shape[-1]) or undefined(second[-1]) or 1 in (shape[-1], second[-1])):
            _check_merge(cx, self, one, shape, second)
    made = output(cx, self, like, shape, roles=one.roles)
    if not is_keras3(cx):
        made.dtype = one.dtype  # Keras 3 casts, Keras 2 leaves what the inner layers give
    return made


def _check_merge(cx: Context, self: Instance, one: Array, shape: Shape, second: Shape) -> None:
    """Outputs that are added or multiplied have the same size."""
    if cx.equal(shape[-1], second[-1]):
        return
    shown = f"{kernels.sizes_text(shape)} vs. {kernels.sizes_text(second)}"
    raise BroadcastMismatch(
        kernels.shape_error(cx, f"Incompatible shapes: {shown} [Op:AddV2] name: "),
        values=(one,),
        taker="Bidirectional",
        shapes=(shape, second),
        axis=-1,
    )


@rule("keras.layers.Bidirectional.compute_mask")
def bidirectional_mask(cx: Context, self: Instance, inputs: Value, mask: Value | None = None) -> Value:
    """The mask goes on only with the sequences."""
    if not as_bool(self.fields.get("return_sequences")) or mask is None or as_bool(self.fields.get("return_state")):
        return Const(None)
    if is_none(self.fields.get("merge_mode")):
        return Sequence("list", Contents((mask, mask)))
    return mask
