"""Images in a dict, with what belongs to them: boxes with their labels, masks, labels.

Follows ``call`` of ``keras/src/layers/preprocessing/image_preprocessing/base_image_preprocessing_layer.py``, and, for symbolic
inputs, each layer's ``compute_output_shape``: most give the shapes back, in the dtype in which they compute.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from foreshape.domain.values import Array, DictValue, Instance, Value, as_dim
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import compute_dtype, error, output
from foreshape.semantics.keras.layers.image_shapes import SIZED, class_name_of, sized, wrong_rank

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

CHANGED = "changed together with the images"
MIXED = ("MixUp", "CutMix")
"""These change the labels too."""


def eager(cx: Context, layer: Instance, data: DictValue, one: Callable[[Array], Value]) -> Value:
    """Each entry goes its own way."""
    kind = class_name_of(layer)
    entries = dict(data.entries)
    for name, held in data.entries.items():
        if name == "images" and isinstance(held, Array):
            entries[name] = one(held)
        elif name == "bounding_boxes" and isinstance(held, DictValue) and kind not in MIXED:
            entries[name] = _boxes(cx, layer, held)
        elif name == "segmentation_masks" and isinstance(held, Array) and held.shape is not None and kind not in MIXED:
            entries[name] = _masks(cx, layer, held)
        elif name != "labels" or kind in MIXED:
            entries[name] = cx.unknown(CHANGED)
    return DictValue(entries, rest=data.rest)


def _masks(cx: Context, layer: Instance, held: Array) -> Value:
    """Height and width follow those of the images."""
    assert held.shape is not None
    if len(held.shape) not in (3, 4):
        return cx.unknown(CHANGED)
    kind = class_name_of(layer)
    shape = sized(cx, layer, held.shape) if kind in SIZED else held.shape
    made = output(cx, layer, held, shape)
    if kind not in ("CenterCrop", "RandomCrop") and held.dtype != made.dtype:
        made.dtype = None  # some cast, some do not
    return made


def _boxes(cx: Context, layer: Instance, held: DictValue) -> Value:
    """Boxes become floats, their labels stay; only ``MaxNumBoundingBoxes`` changes how many there are."""
    boxes, labels = held.entries.get("boxes"), held.entries.get("labels")
    if not isinstance(boxes, Array) or not isinstance(labels, Array) or boxes.shape is None or labels.shape is None:
        return cx.unknown(CHANGED)
    shape, of_labels = boxes.shape, labels.shape
    if len(shape) not in (2, 3) or not of_labels:
        return cx.unknown(CHANGED)
    if class_name_of(layer) == "MaxNumBoundingBoxes":
        number = as_dim(layer.fields.get("max_number"))
        if number is None:
            return cx.unknown(CHANGED)
        shape, of_labels = (*shape[:-2], number, 4), (*of_labels[:-1], number)
    made = Array("tensorflow", shape, "float32")
    made_labels = Array("tensorflow", of_labels, labels.dtype, lo=labels.lo)
    return DictValue({**held.entries, "boxes": made, "labels": made_labels}, rest=held.rest)


def symbolic(cx: Context, layer: Instance, data: DictValue) -> Value | None:
    """What Keras 3 says of a symbolic dict; None where the images alone decide."""
    kind = class_name_of(layer)
    if kind in SIZED:
        return _names_for_a_shape(cx, layer, data)
    if data.rest is not None:
        return None
    entries: dict[object, Value] = {}
    for name, held in data.entries.items():
        if isinstance(held, Array):
            entries[name] = _same(layer, held)
        elif isinstance(held, DictValue) and held.rest is None:
            inner = {key: _same(layer, leaf) if isinstance(leaf, Array) else leaf for key, leaf in held.entries.items()}
            if kind == "MaxNumBoundingBoxes" and name == "bounding_boxes":
                inner = _numbered(cx, layer, inner)
            entries[name] = DictValue(inner)
        else:
            return None
    return DictValue(entries)


def _same(layer: Instance, held: Array) -> Array:
    made = held.replace(dtype=compute_dtype(layer), data=None, lo=None, hi=None, meta={})
    made.origin = held.origin
    return made


def _numbered(cx: Context, layer: Instance, inner: dict[object, Value]) -> dict[object, Value]:
    """``shape[1] = max_number``, also where the input has no batch axis."""
    number = as_dim(layer.fields.get("max_number"))
    made = dict(inner)
    for key, leaf in inner.items():
        if key not in ("boxes", "labels") or not isinstance(leaf, Array) or leaf.shape is None:
            continue
        if len(leaf.shape) < 2:
            raise wrong_rank(cx, layer, leaf, "IndexError", "list assignment index out of range")
        dim = cx.fresh("boxes") if number is None else number
        made[key] = leaf.replace(shape=(leaf.shape[0], dim, *leaf.shape[2:]), roles=None)
    return made


def _names_for_a_shape(cx: Context, layer: Instance, data: DictValue) -> Value:
    """They take the names in the dict for a shape; ``Resizing`` puts its sizes in place of the first two."""
    kind = class_name_of(layer)
    if data.rest is not None:
        return cx.unknown("a dict of images, called symbolically")
    if kind == "Resizing":
        sizes = as_dim(layer.fields.get("height")), as_dim(layer.fields.get("width"))
        if len(data.entries) == 2 and None not in sizes:
            from foreshape.semantics.keras.base import data_format

            if data_format(cx, layer.fields.get("data_format"), kind) == "channels_last":
                return Array("keras", tuple(size for size in sizes if size is not None), compute_dtype(layer))
        return cx.unknown("a dict of images, called symbolically")
    text = (
        "`input_shape` must be a non-nested tuple or list of rank-1 with size 3 (unbatched) or 4 (batched). "
        if kind == "CenterCrop"
        else "Cannot convert 'images' to a shape. Found invalid dimension 'i' of type '<class 'str'>'. "
    )  # fmt: skip
    few = kind == "RandomCrop" and len(data.entries) < 3
    raises = error(cx, "IndexError" if few else "ValueError", text)
    raise UnsupportedData(raises, values=(data,), taker=kind, given="<class 'dict'>")
