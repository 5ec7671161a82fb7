"""What the layers of Keras say about their input."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.layers import axes_of, layer_kind, shape_words

LAYER: Final = r"[Ll]ayer [\"']?(?P<layer>[\w./]+?)[\"']?"


def _rank(groups: dict[str, Any]) -> dict[str, Any]:
    """The axes that the layer wants, and what brings the data there."""
    kind = layer_kind(groups["layer"])
    expected = groups.get("expected", groups.get("least"))
    found = groups["found"]
    words: dict[str, Any] = {
        "start": kind[0].upper() + kind[1:],
        "axes": axes_of(kind, expected),
        "got": shape_words(groups.get("shape"), found),
    }
    if kind in ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional") and found == 2:
        words["lost"] = (
            "A recurrent layer before it returns its last step only, a Flatten or a pooling layer took the time axis away, or "
            "the data is (samples, features) and never had one."
        )
        words["mend"] = (
            "Give return_sequences=True to the recurrent layer before it, or reshape the data to (samples, timesteps, "
            "features): x[..., np.newaxis] makes every column a timestep."
        )
    elif expected == 3 and found == 2:
        words["lost"] = (
            "Each sample is a row of numbers here, while the model reads sequences: the time axis, or the feature axis, is missing."
        )
        words["mend"] = (
            "Add it: x[..., np.newaxis] makes (samples, timesteps, 1) of (samples, timesteps), x[np.newaxis] a batch of one sample."
        )
    elif isinstance(expected, int) and found == expected - 1:
        words["lost"] = "One axis is missing: often the channel axis, or the batch axis of a single sample."
        words["mend"] = "Add it: x[..., np.newaxis] for channels at the end, x[np.newaxis] for a single sample."
    elif isinstance(expected, int) and found > expected:
        words["lost"] = (
            "There is an axis too many: input_shape holds the batch size although it leaves it out, or data is nested."
        )
        words["mend"] = "Leave the batch size out of input_shape, or remove the axis with Flatten, Reshape or squeeze."
    else:
        words["lost"] = "Several axes are missing: the data was flattened, or holds single numbers."
        words["mend"] = f"Bring the data to {words['axes']}, with reshape or a Reshape layer before it."
    return words


def _kernel(groups: dict[str, Any]) -> dict[str, Any]:
    """A convolution by the axes of its kernel."""
    kernel, shape = groups["kernel"], groups["shape"]
    kind = {3: "Conv1D", 4: "Conv2D", 5: "Conv3D"}.get(len(kernel), "A convolution")
    words: dict[str, Any] = {"start": kind, "axes": axes_of(kind, len(kernel)), "got": shape_words(shape)}
    if len(shape) < len(kernel):
        words["lost"] = (
            "The channel axis is missing: grey pictures are often (samples, height, width). Inside of TimeDistributed the time axis is "
            "already taken off."
        )
        words["mend"] = (
            "Add it: x[..., np.newaxis], and declare it: Input((28, 28, 1)), Input((10, 28, 28, 1)) for pictures in time."
        )
    else:
        words["lost"] = "The data has an axis more: pictures in time, or a batch axis that was added twice."
        words["mend"] = (
            f"Wrap the layer, TimeDistributed({kind}(...)), where the axis is time; else remove it with squeeze."
        )
    return words


FAMILIES: Final = [
    Family(
        "layer-rank",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"Input (?P<index>\d+)(?: with name '[^']*')? (?:of|is incompatible with) {LAYER}(?: is incompatible with the "
            rf"layer)?: (?:: )?"
            rf"expected "
            r"(?:min_ndim=(?P<least>\d+)|max_ndim=(?P<most>\d+)|ndim=(?P<expected>\d+)), found ndim=(?P<found>\d+)"
            r"(?:\. Full shape received: (?P<shape>[\[(][^\])]*[\])]))?",
        ],
        needles=("is incompatible with",),
        headline="{start} needs {axes}, but it was given {got}",
        means="Every layer reads a fixed number of axes, the batch axis included, and this one does not have that many.",
        causes=("{lost}",),
        changes=("{mend}",),
        derive=_rank,
        raised=[
            Raising(
                "keras=3",
                "import keras\nkeras.Sequential([keras.Input((10,)), keras.layers.LSTM(4)])\n",
                index=0, expected=3, found=2, shape=(None, 10),
            ),
            Raising(
                "keras=2",
                "from tensorflow import keras\nkeras.Sequential([keras.layers.Dense(3, input_shape=(10,)), keras.layers.LSTM(4)])\n",
                index=0, expected=3, found=2, shape=(None, 3),
            ),
            # Keras 2.0 to 2.3 and TensorFlow 1; TensorFlow 2.2 to 2.4.
            Raising(
                "text", "ValueError: Input 0 is incompatible with layer lstm_1: expected ndim=3, found ndim=2",
                index=0, layer="lstm_1", expected=3, found=2,
            ),
            Raising(
                "text",
                "ValueError: Input 0 of layer sequential is incompatible with the layer: expected ndim=3, found ndim=2. Full shape "
                "received: [None, 20]",
                index=0, layer="sequential", expected=3, found=2, shape=(None, 20),
            ),
            # TensorFlow 2.4 and 2.5.
            Raising(
                "text",
                "ValueError: Input 0 of layer stem_conv is incompatible with the layer: : expected min_ndim=4, found ndim=3. Full shape "
                "received: (32, 834, 3)",
                index=0, layer="stem_conv", least=4, found=3, shape=(32, 834, 3),
            ),
        ],
    ),
    Family(
        "keras-kernel-rank",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            r"Kernel shape must have the same length as input, but received kernel of shape (?P<kernel>\([\d, ]+\)) and input of shape "
            r"(?P<shape>\([\w, ]+\))"
        ],
        needles=("Kernel shape must have the same length as input",),
        headline="{start} needs {axes}, but it was given {got}",
        means="Its kernel is (window..., channels, filters), so the data needs as many axes as the kernel: batch, window axes "
            "and channels.",
        causes=("{lost}",),
        changes=("{mend}",),
        derive=_kernel,
        raised=[
            Raising(
                "keras=3",
                "import keras\nkeras.layers.TimeDistributed(keras.layers.Conv2D(4, 3))(keras.Input((10, 28, 28)))\n",
                kernel=(3, 3, 28, 4), shape=(None, 28, 28),
            ),
            Raising(
                "keras=3", "import keras\nkeras.layers.Conv3D(4, 3).compute_output_shape((None, 28, 28, 1))\n",
                kernel=(3, 3, 3, 1, 4), shape=(None, 28, 28, 1),
            ),
        ],
    ),
]  # fmt: skip
