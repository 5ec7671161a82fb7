"""The variables of layers and of what is inside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.values import Array, ClassValue, Const, DictValue, Instance, Sequence, Shape, Value, as_bool
from foreshape.faults.weights_shape import WeightsShape
from foreshape.semantics.keras.base import Weight, dims_text, error, is_keras3, layer_name, weights_of
from foreshape.semantics.keras.methods import is_layer, is_model

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def sublayers(self: Instance) -> Iterator[Instance]:
    """The layers that a layer holds, in the order in which they were put there."""
    if "~layers" in self.fields:
        yield from self.fields["~layers"]
        if "~graph" in self.fields or self.library_type == "keras.Sequential":
            return
    graph = self.fields.get("~graph")
    if graph is not None:
        from foreshape.semantics.keras.model import by_depth

        yield from by_depth(graph)
    for key, value in list(self.fields.items()):
        if isinstance(key, str) and key.startswith("~"):
            if key == "~sublayers":
                yield from value
            continue
        yield from _held(value)


def _held(value: object) -> Iterator[Instance]:
    if isinstance(value, Instance):
        if is_layer(value):
            yield value
    elif isinstance(value, Sequence):
        for item in value.contents.items(limit=200) or ():
            yield from _held(item)
    elif isinstance(value, DictValue):
        for entry in value.entries.values():
            yield from _held(entry)


def all_weights(cx: Context, self: Instance) -> list[Weight] | None:
    """Every variable, inner layers included, trainable ones first; None where some layer is not understood."""
    held: list[Weight] = []
    if not _collect(self, held, set(), not is_keras3(cx)):
        return None
    if is_model(self):
        return held  # layer after layer
    return [weight for weight in held if weight.trainable] + [weight for weight in held if not weight.trainable]


def trainable_of(self: Instance) -> list[Weight] | None:
    """The variables that training changes: not those of layers that are frozen. None where some layer is not understood."""
    held: list[Weight] = []
    frozen: list[Weight] = []
    if not _collect(self, held, set(), False) or not _frozen(self, frozen, False, set()):
        return None
    return [weight for weight in held if weight.trainable and not any(weight is other for other in frozen)]


def _frozen(self: Instance, held: list[Weight], within: bool, seen: set[int]) -> bool:
    """The variables below layers whose ``trainable`` is False; False where one is not known."""
    if id(self) in seen:
        return True
    seen.add(id(self))
    flag = self.fields.get("trainable")
    if isinstance(flag, Value) and as_bool(flag) is None:
        return False
    within = within or (isinstance(flag, Value) and as_bool(flag) is False)
    if within:
        held.extend(weights_of(self))
    return all(_frozen(layer, held, within, seen) for layer in sublayers(self))


def _collect(self: Instance, held: list[Weight], seen: set[int], plain: bool) -> bool:
    if id(self) in seen:
        return True
    seen.add(id(self))
    if self.tainted or self.fields.get("~closed") or as_bool(self.fields.get("built")) is None:
        return False
    own = list(weights_of(self))
    for key, value in self.fields.items():
        if not plain or not isinstance(self.cls, ClassValue) or not isinstance(value, Array):
            continue
        # in Keras 2 a tf.Variable that the program puts on the layer counts like one of add_weight
        if isinstance(key, str) and value.meta.get("variable") and not value.meta.get("weight"):
            own.append(Weight(key, value.shape, value.dtype or "float32", value.meta.get("trainable") is not False))
    inner: list[Weight] = []
    for layer in sublayers(self):
        if not _collect(layer, inner, seen, plain):
            return False
    held.extend(own)
    held.extend(inner)
    return True


def tensors_of(cx: Context, self: Instance, trainable: bool | None) -> Value:
    """``layer.weights`` and its relatives."""
    held = all_weights(cx, self)
    if held is None:
        return cx.unknown("the variables of the layer are not known")
    return Sequence(
        "list",
        Contents(
            Array("tensorflow", weight.shape, weight.dtype, meta={"variable": True, "of": weight})
            for weight in held
            if trainable is None or weight.trainable is trainable
        ),
    )


def set_weights(cx: Context, self: Instance, weights: Value) -> None:
    """``layer.set_weights``: the number of arrays and each shape must fit."""
    held = all_weights(cx, self)
    if held is None or not isinstance(weights, (Sequence, Array)):
        return
    if isinstance(weights, Array):
        return
    items = weights.contents.items(limit=500)
    if items is None:
        return
    name = layer_name(self)
    new = is_keras3(cx)
    if len(items) != len(held):
        if as_bool(self.fields.get("built")) is not True and not isinstance(self.fields.get("built"), Const):
            return
        message = (
            f"You called `set_weights(weights)` on layer '{name}' with a weight list of length {len(items)}, but the "
            f"layer was expecting {len(held)} weights."
            if new
            else f'You called `set_weights(weights)` on layer "{name}" with a  weight list of length {len(items)}, but '
            f"the layer was expecting {len(held)} weights. Provided weights: ..."
        )
        raise WeightsShape(
            error(cx, "ValueError", message), values=(weights,), layer=name, needs=len(held), got=len(items)
        )
    for weight, item in zip(held, items):
        if not isinstance(item, Array) or item.shape is None or weight.shape is None:
            continue
        fits = len(item.shape) == len(weight.shape) and all(cx.equal(a, b) for a, b in zip(item.shape, weight.shape))
        if not fits:
            message = (
                f"Layer {name} weight shape {dims_text(weight.shape)} is not compatible with provided weight shape "
                f"{dims_text(item.shape)}."
            )
            raise WeightsShape(
                error(cx, "ValueError", message), values=(item,), layer=name, needs=weight.shape, got=item.shape
            )


class Saved:
    """What a file of weights holds: the shapes of a model's variables. Immutable."""

    __slots__ = ("shapes",)

    def __init__(self, shapes: tuple[tuple[int, ...], ...]) -> None:
        self.shapes = shapes


def saved_weights(cx: Context, self: Instance) -> Saved | None:
    """The shapes that ``save_weights`` writes; None where they are not known."""
    held = all_weights(cx, self)
    shapes = [] if held is None else [whole(weight.shape) for weight in held]
    found = tuple(shape for shape in shapes if shape is not None)
    return Saved(found) if held and len(found) == len(held) else None


def whole(shape: Shape | None) -> tuple[int, ...] | None:
    """A shape of numbers; None where one is not known."""
    sizes = tuple(size for size in shape or () if isinstance(size, int))
    return None if shape is None or len(sizes) != len(shape) else sizes


def fits(cx: Context, self: Instance, saved: Saved) -> None:
    """``load_weights`` of a file that the program wrote: as many variables, of the same shapes. Which goes to which is the
    matter of names and order, so that only what fits in no order is told."""
    own = saved_weights(cx, self)
    if own is None or len(own.shapes) != len(saved.shapes) or sorted(own.shapes) == sorted(saved.shapes):
        return
    needs, got = next((a, b) for a, b in zip(own.shapes, saved.shapes) if a != b)
    name = layer_name(self)
    message = (
        "A total of 1 objects could not be loaded. Example error message for object: The shape of the target variable and "
        "the shape of the target value in `variable.assign(value)` must match. "
        f"variable.shape={dims_text(needs)}, Received: value.shape={dims_text(got)}."
        if is_keras3(cx)
        else f"Cannot assign value to variable: Shape mismatch.The variable shape {dims_text(needs)}, and the assigned value "
        f"shape {dims_text(got)} are incompatible."
    )
    raise WeightsShape(error(cx, "ValueError", message), values=(self,), layer=name, needs=needs, got=got)
