"""A tensor where a layer takes its settings: ``Flatten(x)`` for ``Flatten()(x)``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, LibraryRef, Value
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.keras.base import error, is_keras3
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

SETTING: Final = "a tensor where its settings go"
LAYERS: Final = "keras.layers."

FORMAT: Final = (("ValueError", "data_format"), ("AttributeError", "'KerasTensor' object has no attribute 'lower'"))
PAIR: Final = (("NotImplementedError", "iter"), ("ValueError", "must be a tuple of integers"))
FLAG: Final = (("TypeError", "bool"), None)
LENGTH: Final = (("TypeError", "bool"), ("TypeError", "Keras symbolic inputs/outputs do not implement `__len__`."))
AXIS: Final = (("TypeError", "axis"), ("TypeError", "Expected an int or a list/tuple of ints for the argument 'axis'"))
SHAPE: Final = (
    ("NotImplementedError", "iter"),
    ("TypeError", "Cannot iterate over a Tensor with unknown first dimension."),
)
BORDER: Final = (("ValueError", "padding"), ("TypeError", "Keras symbolic inputs/outputs do not implement `__len__`."))
NUMBER: Final = (("TypeError", "number"), ("TypeError", "Expected an integer value"))

WORDS: Final = {
    "data_format": "The `data_format` argument must be one of {'channels_first', 'channels_last'}. Received: "
    "data_format=<kerastensor>",
    "iter": "Iterating over a symbolic KerasTensor is not supported.",
    "bool": "A symbolic KerasTensor cannot be used as a boolean.",
    "axis": "Expected an int or a list/tuple of ints for the argument 'axis', but received: <KerasTensor>",
    "padding": "`padding` should be either an int, a tuple of 2 ints, or a tuple of 2 tuples of 2 ints. Received: <KerasTensor>",
    "number": "Expected an integer value, got <class 'keras.src.backend.common.keras_tensor.KerasTensor'>.",
    "units": "Received an invalid value for `units`, expected a positive integer. Received: units=<KerasTensor>",
    "placeholder": "A KerasTensor is symbolic: it's a placeholder for a shape an a dtype. It doesn't have any actual "
    "numerical value.",
    "activation": "Could not interpret activation function identifier: <KerasTensor>",
}

REFUSED: Final = {
    **dict.fromkeys(("Flatten", "GlobalAveragePooling1D", "GlobalMaxPooling1D", "GlobalAveragePooling2D",
                     "GlobalMaxPooling2D", "GlobalAveragePooling3D", "GlobalMaxPooling3D"), FORMAT),
    **dict.fromkeys(("MaxPooling1D", "AveragePooling1D", "MaxPooling2D", "AveragePooling2D", "MaxPooling3D",
                     "AveragePooling3D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D", "Cropping1D"), PAIR),
    **dict.fromkeys(("Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianNoise", "GaussianDropout", "LeakyReLU"),
                    FLAG),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "ReLU"), LENGTH),
    **dict.fromkeys(("ZeroPadding2D", "Cropping2D"), BORDER),
    **dict.fromkeys(("LayerNormalization", "UnitNormalization"), AXIS),
    **dict.fromkeys(("Reshape", "Permute", "Normalization"), SHAPE),
    **dict.fromkeys(("RepeatVector", "UpSampling1D", "Dot"), NUMBER),
    "Dense": (("ValueError", "units"), ("TypeError", "int() argument must be a string, a bytes-like object or a real "
                                        "number, not 'KerasTensor'")),
    "BatchNormalization": (("ValueError", "placeholder"), AXIS[1]),
    "Activation": (("ValueError", "activation"), ("TypeError", "Exception encountered when calling layer "
                                                  "\"tf.keras.activations.get\" (type TFOpLambda).")),
}  # fmt: skip
"""What Keras 3 and Keras 2 raise, by layer; None where a layer is made all the same. Found by running each."""


@rule("keras.Layer.__new__")
def settings(cx: Context, cls: Value, *args: Value, **kwargs: Value) -> Value:
    """Raises what the first setting of a layer raises where it is a symbolic tensor."""
    first = args[0] if len(args) == 1 else None
    if not isinstance(first, Array) or first.kind != "keras" or not isinstance(cls, LibraryRef):
        return cls
    name = cls.name.removeprefix(LAYERS)
    found = REFUSED.get(name)
    raised = None if found is None else found[0 if is_keras3(cx) else 1]
    if raised is None:
        return cls
    exception, message = raised
    raise UnsupportedData(error(cx, exception, WORDS.get(message, message)), values=(first,), taker=name, given=SETTING)
