"""Predictions that are certainly fractions: what a network gives for a sigmoid, a softmax or no activation at its end.

A metric of classes takes class numbers. Whether an array of floats holds whole numbers only is in general not known; what
comes from ``predict`` of a model with such an end does not.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Instance, LibraryRef, Value, as_str, is_none
from foreshape.semantics.numpy.dtypes import kind_of

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SMOOTH: Final = ("sigmoid", "softmax", "linear", "tanh")
KEEPS: Final = frozenset(
    ("flatten", "ravel", "reshape", "squeeze", "numpy", "detach", "cpu", "copy", "asarray", "array")
)
MOST_STEPS: Final = 8


def is_fractional(cx: Context, value: Value) -> bool:
    """Whether some of the numbers are certainly no whole numbers."""
    for _ in range(MOST_STEPS):
        if not isinstance(value, Array) or kind_of(value.dtype) != "f" or value.data is not None or value.tainted:
            return False
        made = value.origin
        if made is None:
            return False
        node = made.node
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("predict", "predict_on_batch"):
                return any(_smooth(one) for one in made.inputs)
            if name == "sigmoid":
                return True
            if name not in KEEPS:
                return False
        elif not isinstance(node, ast.Subscript):
            return False
        arrays = [one for one in made.inputs if isinstance(one, Array)]
        if not arrays:
            return False
        value = arrays[0]
    return False


def _smooth(model: Value) -> bool:
    """A Keras model whose one output ends in an activation that gives no whole numbers."""
    if not isinstance(model, Instance) or not (model.library_type or "").startswith("keras."):
        return False
    from foreshape.semantics.keras.base import activation_of
    from foreshape.semantics.keras.compiling import last_layer

    layer = last_layer(model, 0)
    if layer is None:
        return False
    held = activation_of(layer)
    if held is None or is_none(held):
        return layer.library_type == "keras.layers.Dense"
    name = held.name.rpartition(".")[2] if isinstance(held, LibraryRef) else as_str(held)
    return name in SMOOTH
