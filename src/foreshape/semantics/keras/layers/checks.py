"""Checks that layer families share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import Const, Instance, Sequence, Shape, Value
from foreshape.faults.layer_input_count import LayerInputCount
from foreshape.faults.undefined_dimension import UndefinedDimension
from foreshape.semantics.keras.base import class_name, dims_text, error, is_keras3, layer_name, shape_of, undefined
from foreshape.semantics.keras.config import invalid

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


_CLASSES: Final = (
    "Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity Initializer LecunNormal LecunUniform Ones "
    "Orthogonal "
    "RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros"
)
_FUNCTIONS: Final = (
    "constant glorot_normal glorot_uniform he_normal he_uniform identity initializer lecun_normal lecun_uniform "
    "normal one ones "
    "orthogonal random_normal random_uniform truncated_normal uniform variance_scaling zero zeros"
)
INITIALIZERS: Final = frozenset(f"{_CLASSES} {_FUNCTIONS}".split())
ONLY_KERAS3: Final = frozenset({"IdentityInitializer", "OrthogonalInitializer", "STFT", "STFTInitializer", "stft"})


def check_initializers(cx: Context, given: Mapping[str, Value]) -> None:
    """An initializer by a name that Keras does not have raises at once."""
    for key, value in given.items():
        if not key.endswith("_initializer") or not isinstance(value, Const) or not isinstance(value.value, str):
            continue
        name = value.value
        if name in INITIALIZERS:
            continue
        if is_keras3(cx):
            if name not in ONLY_KERAS3:
                message = f"Could not interpret initializer identifier: {name}"
                raise invalid(cx, "ValueError", message, key, value)
        elif not name.endswith("V2"):
            message = (
                f"Unknown initializer: '{name}'. Please ensure you are using a `keras.utils.custom_object_scope` "
                f"and that "
                "this object is included in the scope."
            )
            raise invalid(cx, "ValueError", message, key, value)


def needs_defined(
    cx: Context, self: Instance, taker: str, shape: Shape, weight: tuple[DimLike | None, ...], name: str, axis: int = -1
) -> None:
    """A weight cannot be made because a size is None."""
    if is_keras3(cx):
        message = (
            "Shapes used to initialize variables must be fully-defined (no `None` dimensions). "
            f"Received: shape={dims_text(weight)} for variable path='{layer_name(self)}/{name}'"
        )
        raise UndefinedDimension(error(cx, "ValueError", message), taker=taker, axis=axis, shape=shape)
    message = "int() argument must be a string, a bytes-like object or a real number, not 'NoneType'"
    raise UndefinedDimension(error(cx, "TypeError", message), taker=taker, axis=axis, shape=shape)


def only_one_input(cx: Context, self: Instance, input_shape: Value | None, units: DimLike | None) -> None:
    """A layer for one tensor is built for a list of one: its shape is taken for a size."""
    items = input_shape.contents.items() if isinstance(input_shape, Sequence) else None
    if not items or not all(isinstance(item, (Sequence, Instance)) for item in items):
        return
    shape = shape_of(cx, items[0])
    if shape is None:
        return
    exception, text = "ValueError", dims_text(shape)
    message = (
        f"Cannot convert '({text}, {units})' to a shape. Found invalid dimension '{text}' of type '<class 'tuple'>'. "
    )
    if not is_keras3(cx):
        exception = "TypeError"
        shown = ", ".join("None" if undefined(dim) else str(dim) for dim in shape)
        message = (
            "Dimension value must be integer or None or have an __index__ method, got value "
            f"'TensorShape([{shown}])' with type '<class 'tensorflow.python.framework.tensor_shape.TensorShape'>'"
        )
    raise LayerInputCount(error(cx, exception, message), values=(), taker=class_name(self), needs=1, got=len(items))
