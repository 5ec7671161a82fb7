"""Layers that run something else (``JaxLayer``, ``TFSMLayer``, ``DenseFeatures``, ...), and layers by name.

What they compute is written in another library or in a file, so their output is not known, and why is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Const, DictValue, Instance, Value
from foreshape.semantics.keras.base import init_layer
from foreshape.semantics.registry import library_type, removed, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

WRAPPERS: Final = ("JaxLayer", "FlaxLayer", "TorchModuleWrapper", "TFSMLayer", "DenseFeatures")

NEW: Final = """
AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D AdaptiveMaxPooling2D
AdaptiveMaxPooling3D AugMix AutoContrast ContrastLimitedAdaptiveHistogramEqualization CutMix Equalization FlaxLayer
GroupQueryAttention JaxLayer MaxNumBoundingBoxes MelSpectrogram MixUp Pipeline RMSNormalization RandAugment
RandomColorDegeneration RandomColorJitter RandomElasticTransform RandomErasing RandomGaussianBlur RandomGrayscale
RandomHue RandomInvert RandomPerspective RandomPosterization RandomSaturation RandomSharpness RandomShear
ReversibleEmbedding STFTSpectrogram Solarization TFSMLayer TorchModuleWrapper
"""
"""Layers that Keras 2 does not have."""
OLD: Final = ("AbstractRNNCell", "DenseFeatures", "experimental")
"""What Keras 3 no longer has."""

for _name in NEW.split():
    removed(f"keras.layers.{_name}", "2", until="3", message=f"module 'tf_keras.layers' has no attribute '{_name}'")
for _name in OLD:
    removed(f"keras.layers.{_name}", "3", message=f"module 'keras.layers' has no attribute '{_name}'")

for _wrapper in WRAPPERS:
    library_type(f"keras.layers.{_wrapper}", "keras.Layer")
library_type("keras.layers.AbstractRNNCell", "keras.Layer")


@rule("keras.layers.JaxLayer.__init__", "keras.layers.FlaxLayer.__init__", "keras.layers.TorchModuleWrapper.__init__",
      "keras.layers.TFSMLayer.__init__", since="3")  # fmt: skip
@rule("keras.layers.DenseFeatures.__init__", until="3")
def foreign_init(
    cx: Context, self: Instance, *args: Value, name: Value | None = None, dtype: Value | None = None,
    trainable: Value | None = None, **kwargs: Value,
) -> None:  # fmt: skip
    """The other arguments belong to what is wrapped."""
    given = {"name": name, "dtype": dtype, "trainable": trainable}
    init_layer(cx, self, {key: value for key, value in given.items() if value is not None})


@rule(*(f"keras.layers.{name}.call" for name in WRAPPERS))
def foreign_call(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Not known here."""
    return cx.unknown("computed by what the layer wraps")


@rule("keras.layers.deserialize")
def deserialize(
    cx: Context, config: Value, custom_objects: Value | None = None, use_legacy_format: Value | None = None
) -> Value:
    """A layer made anew from its configuration."""
    return cx.unknown("a layer made from a configuration")


@rule("keras.layers.serialize")
def serialize(cx: Context, layer: Value) -> Value:
    """The class and its configuration."""
    return DictValue({"class_name": Const(None)}, rest=cx.unknown("the configuration of a layer"))
