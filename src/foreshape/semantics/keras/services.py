"""What layers are made of and saved with: versions, dtype policies, configurations of initializers, nested structures.

https://keras.io/api/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, DictValue, Instance, LibraryRef, Typed, Value
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("keras.version")
def version(cx: Context) -> Value:
    """A text."""
    return Typed("str")


@rule("keras.saving.get_custom_objects", "keras.utils.get_custom_objects")
def custom_objects(cx: Context) -> Value:
    """A dict of the program's own classes by their names."""
    return DictValue({}, cx.unknown("an object that was registered"))


@rule("keras.utils.legacy.deserialize_keras_object", "keras.utils.legacy.serialize_keras_object")
def legacy_object(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """An object and its configuration."""
    return cx.unknown("a configuration of an object")


@rule("keras.initializers.Initializer.get_config")
def initializer_config(cx: Context, self: Instance) -> Value:
    """A dict of the arguments."""
    return DictValue({}, cx.unknown("the configuration of an initializer"))


@rule("keras.initializers.Initializer.from_config")
def initializer_again(cx: Context, cls: Value, config: Value) -> Value:
    """An initializer of the same class."""
    return Instance(cls) if isinstance(cls, LibraryRef) else cx.unknown("an initializer")


@rule(
    "keras.dtype_policies.get", "keras.dtype_policies.deserialize", "keras.dtype_policies.serialize",
    "keras.dtype_policies.DTypePolicyMap", "keras.config.dtype_policy",
)  # fmt: skip
def dtype_policy(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A policy that says in which dtype a layer computes."""
    return cx.unknown("a dtype policy")


@rule("keras.tree.flatten", since="3")
def tree_flatten(cx: Context, structure: Value) -> Value:
    """The leaves of a nested structure."""
    return cx.rule("tensorflow.nest.flatten", structure)


@rule("keras.tree.map_structure", since="3")
def tree_map(cx: Context, func: Value, *structures: Value, **kwargs: Value) -> Value:
    """A function of every leaf."""
    return cx.rule("tensorflow.nest.map_structure", func, *structures)


@rule("keras.backend.get_keras_mask")
def keras_mask(cx: Context, x: Value) -> Value:
    """The mask of a tensor, or None."""
    return cx.unknown("the mask of a tensor")


@rule("keras.utils.bounding_boxes.convert_format", since="3")
def convert_format(
    cx: Context, boxes: Value, source: Value, target: Value, height: Value | None = None, width: Value | None = None,
    dtype: Value | None = None,
) -> Value:  # fmt: skip
    """Boxes written another way: as many, with four numbers each."""
    if not isinstance(boxes, Array) or boxes.kind == "keras":
        return cx.unknown("boxes")
    return boxes.replace(lo=None, hi=None, data=None, dtype=None, meta={})


@rule("keras.utils.bounding_boxes.compute_iou", "keras.utils.bounding_boxes.compute_ciou", since="3")
def overlap(cx: Context, boxes1: Value, boxes2: Value, *args: Value, **kwargs: Value) -> Value:
    """How far boxes overlap."""
    return cx.unknown("the overlap of boxes")
