"""Building layers: their variables exist once they have seen a shape."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    Sequence,
    Shape,
    Unknown,
    Value,
    as_bool,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.keras.base import compute_dtype, is_keras3, shape_value
from foreshape.semantics.keras.methods import MODEL, Method, find_method, is_a, is_layer
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import children, flatten, is_nested

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def is_built(self: Instance) -> bool:
    """Whether it has its variables."""
    return as_bool(self.fields.get("built")) is True


def shapes_of(cx: Context, value: Value) -> Value:
    """The shapes of a nested structure of tensors, as the program sees them: tuples, or TensorShapes in Keras 2."""
    if is_nested(value):
        if isinstance(value, DictValue):
            return DictValue({key: shapes_of(cx, entry) for key, entry in value.entries.items()})
        kind = value.kind if isinstance(value, Sequence) else "list"
        return Sequence(kind, Contents(shapes_of(cx, child) for child in children(value)))
    if isinstance(value, Array):
        if value.shape is None:
            return cx.unknown("a shape of unknown rank")
        return shape_value(value.shape) if is_keras3(cx) else tensor_shape(value.shape)
    return cx.unknown("the shape of something unknown")


def tensor_shape(shape: Shape | None) -> Instance:
    """A ``tf.TensorShape``."""
    from foreshape.domain.values import LibraryRef

    return Instance(LibraryRef("tensorflow.TensorShape"), {"~shape": shape})


def build_for_call(
    cx: Context,
    self: Instance,
    method: Method,
    first_name: str,
    args: SequenceOf[Value],
    kwargs: Mapping[str, Value],
) -> None:
    """``_maybe_build``: build from the shapes of the tensors that ``call`` is given, unless it is built."""
    if is_built(self):
        return
    build = find_method(cx, self, "build")
    if build is None or (not build.is_user and build.owner in ("keras.Layer", "keras.Model")):
        return  # the default does nothing; ``built`` is set after the call
    names = [name.rstrip("_") for name in method.positional()]
    given: dict[str, Value] = {first_name: args[0]} if args else {}
    given.update(zip(names[1:], args[1:]))
    given.update(kwargs)
    shapes = {
        f"{name}_shape": shapes_of(cx, value)
        for name, value in given.items()
        if name not in ("mask", "training")
        and not is_none(value)
        # what nothing is known about may be a tensor: its place is not taken by the next one
        and any(isinstance(x, (Array, Unknown)) for x in flatten(value))
    }
    if not shapes:
        if not args:
            return
        shapes = {f"{first_name}_shape": shapes_of(cx, args[0])}
    first_leaves = flatten(args[0] if args else None)
    if not build.is_user and any(isinstance(leaf, Array) and leaf.shape is None for leaf in first_leaves):
        return  # nothing to build from; the rule of the call copes with it
    first = next(iter(shapes.values()))
    expected = build.parameters()
    if not is_keras3(cx) or expected is None or len(expected) <= 1:
        _build(cx, self, build, (first,), {})
        return
    named = {name: shapes[name] for name in expected if name in shapes}
    if not named:
        _build(cx, self, build, (first,), {})
    else:
        _build(cx, self, build, (), named)


def build_once(cx: Context, self: Instance, shape: Value) -> None:
    """``layer.build(shape)`` unless it is built."""
    if is_built(self) or not is_layer(self):
        return
    build = find_method(cx, self, "build")
    if build is not None:
        _build(cx, self, build, (shape,), {})


def _build(cx: Context, self: Instance, build: Method, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> None:
    build(cx, args, kwargs)
    cx.set(self, "built", Const(True))
    initial = self.fields.get("~initial_weights")
    if isinstance(initial, Value) and not is_none(initial):
        from foreshape.semantics.keras.weights import set_weights

        cx.set(self, "~initial_weights", Const(None))
        set_weights(cx, self, initial)


def computed_shape(cx: Context, layer: Value, shape: Shape | None, dtype: str | None) -> Shape | None:
    """The shape of the output for an input of this shape; None where it is not known or not one tensor."""
    if not isinstance(layer, Instance) or layer.tainted:
        return None
    own = cx.user_method(layer, "compute_output_shape")
    if own is not None:
        from foreshape.semantics.keras.base import shape_of

        made = cx.call(own, (shape_value(shape) if is_keras3(cx) else tensor_shape(shape),), {})
        return shape_of(cx, made)
    result = computed_output(cx, layer, Array("tensorflow", shape, dtype or compute_dtype(layer)))
    return result.shape if isinstance(result, Array) else None


def computed_output(cx: Context, layer: Instance, value: Value) -> Value:
    """What the layer gives for tensors like these, by its ``call`` rule alone: not built, not checked, no graph."""
    method = find_method(cx, layer, "call")
    if method is None or (method.owner == "keras.Layer" and layer.library_type != "keras.Layer"):
        return cx.unknown("the layer is not modelled")
    try:
        return method(cx, (value,), {})
    except Fault:
        raise


@rule("keras.Layer.build", kind="called")
def built_by_hand(cx: Context, self: Instance) -> Value:
    """A layer that the program has built is not built again by its first call. Keras 2 knows it of its own layers only."""
    if is_layer(self) and not is_a(self, MODEL) and (is_keras3(cx) or cx.user_method(self, "build") is None):
        cx.set(self, "built", Const(True))
    return Const(None)
