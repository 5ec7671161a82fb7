"""What the layers of Keras read, by the words of people."""

from __future__ import annotations

import re
from typing import Any, Final

AXES: Final = {
    ("LSTM", 3): "(batch, timesteps, features)",
    ("Conv1D", 3): "(batch, steps, channels)",
    ("Conv2D", 4): "(batch, height, width, channels)",
    ("Conv3D", 5): "(batch, depth, height, width, channels)",
    ("ConvLSTM2D", 5): "(batch, timesteps, height, width, channels)",
    ("Dense", 2): "(batch, features)",
    ("Embedding", 2): "(batch, timesteps)",
}
ALIKE: Final = {
    "GRU": "LSTM", "SimpleRNN": "LSTM", "RNN": "LSTM", "Bidirectional": "LSTM", "LSTMV1": "LSTM", "GRUV1": "LSTM",
    "MaxPooling1D": "Conv1D", "AveragePooling1D": "Conv1D", "GlobalMaxPooling1D": "Conv1D", "UpSampling1D": "Conv1D",
    "GlobalAveragePooling1D": "Conv1D", "SeparableConv1D": "Conv1D", "Conv1DTranspose": "Conv1D", "ZeroPadding1D": "Conv1D",
    "MaxPooling2D": "Conv2D", "AveragePooling2D": "Conv2D", "GlobalMaxPooling2D": "Conv2D", "Cropping1D": "Conv1D",
    "GlobalAveragePooling2D": "Conv2D", "SeparableConv2D": "Conv2D", "DepthwiseConv2D": "Conv2D", "Conv2DTranspose": "Conv2D",
    "UpSampling2D": "Conv2D", "ZeroPadding2D": "Conv2D", "Cropping2D": "Conv2D", "MaxPooling3D": "Conv3D",
    "AveragePooling3D": "Conv3D", "GlobalMaxPooling3D": "Conv3D", "GlobalAveragePooling3D": "Conv3D",
}  # fmt: skip
KINDS: Final = {
    kind.lower(): kind for kind in {*ALIKE, *(name for name, _ in AXES), "TimeDistributed", "Flatten", "RepeatVector"}
}


def layer_kind(name: str) -> str:
    """The class of a layer by the name that Keras gave it: "lstm_3" is LSTM; a name of the person's own stays."""
    bare = re.sub(r"_\d+$", "", name.rpartition("/")[2])
    if bare in ("sequential", "model", "functional"):
        return "the model"
    return KINDS.get(bare.replace("_", "").lower(), f"the layer {name}")


def axes_of(kind: str, count: Any) -> str:
    """ "3 axes, (batch, timesteps, features)"."""
    words = AXES.get((ALIKE.get(kind, kind), count))
    return f"{count} axes" + (f", {words}" if words else "")


def shape_words(shape: Any, count: Any = None) -> str:
    """A shape as people write it, its unknown first axis as batch: "(batch, 10)"; "2 axes" where it is not said."""
    if isinstance(shape, tuple):
        sizes = ["batch" if i == 0 and size is None else str(size) for i, size in enumerate(shape)]
        return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"
    return f"{count} axes" if count is not None else str(shape)
