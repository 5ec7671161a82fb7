"""What Keras says about arguments of layers and masks, and what older Keras said where branches are merged."""

from __future__ import annotations

import re
from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.layers import shape_words
from foreshape.explain.pasted.raisings import keras_2, keras_3, text

SHAPE: Final = r"\([\w, .]*\)"
GONE: Final = {
    "input_length": "Keras 3 has no input_length any more: leave it out, the length comes from the data.",
    "weights": "Keras 3 takes embeddings_initializer=keras.initializers.Constant(matrix) in place of weights=[matrix].",
    "lr": "Write learning_rate in place of lr.",
    "decay": "Write learning_rate=keras.optimizers.schedules.ExponentialDecay(...) in place of decay.",
    "nb_epoch": "Write epochs in place of nb_epoch.",
    "output_dim": "Dense and LSTM take units, the first argument, in place of output_dim.",
    "input_dim": "Declare the input with keras.Input((n,)) in front, or input_shape=(n,).",
    "init": "Write kernel_initializer in place of init.",
    "border_mode": "Write padding in place of border_mode.",
    "subsample": "Write strides in place of subsample.",
    "batch_shape": "The model was saved by Keras 3 and is loaded by Keras 2, or the other way round: load it with the version "
    "that saved it.",
    "batch_input_shape": "Keras 3 takes keras.Input(batch_shape=(...)) in front of the layer in place of batch_input_shape.",
    "time_major": "Keras 3 has no time_major any more: leave it out, the batch stands first.",
    "implementation": "Keras 3 has no implementation any more: leave it out.",
    "use_multiprocessing": "Keras 3 takes it from the dataset: PyDataset(workers=..., use_multiprocessing=True).",
    "workers": "Keras 3 takes it from the dataset: PyDataset(workers=...).",
}


def _named(groups: dict[str, Any]) -> dict[str, Any]:
    """Which arguments are not known, and what became of those that older releases had."""
    names = re.findall(r"['\"](\w+)['\"]\s*[:,\]})]|^['\"]?(\w+)['\"]?$", str(groups["names"]))
    found = [one or other for one, other in names] or [str(groups["names"])]
    return {
        "which": ", ".join(found),
        "who": str(groups.get("layer", "This layer")),
        "gone": next((GONE[name] for name in found if name in GONE), ""),
    }


FAMILIES: Final = [
    Family(
        "keras-argument-name",
        library="keras",
        exceptions=("ValueError", "TypeError"),
        patterns=[
            r"Unrecognized keyword arguments passed to (?P<layer>\w+): (?P<names>\{.*?\})",
            r"Unrecognized keyword arguments: (?P<names>\[[^\]]*\])",
            r"Argument\(s\) not recognized: (?P<names>\{.*?\})",
            r"\('Keyword argument not understood:', u?(?P<names>'\w+')\)",
            r"Keyword argument not understood: (?P<names>\w+)",
        ],
        needles=("Unrecognized keyword arguments", "Keyword argument not understood", "Argument(s) not recognized"),
        headline="{who} has no argument {which}",
        means="The name is spelt otherwise, or this release of Keras does not have it (any more).",
        causes=("A layer of one's own passes all **kwargs on to super().__init__, its own ones included.",),
        changes=(
            "{gone}",
            "Compare it with the signature of the layer in your release, help(keras.layers.Dense); take your own arguments out before "
            "super().__init__(**kwargs).",
        ),
        derive=_named,
        raised=[
            keras_3("keras.layers.Dense(3, depth=2)\n", layer="Dense", names="{'depth': 2}"),
            keras_3("keras.layers.Embedding(10, 3, weights=[np.ones((10, 3))], input_lenght=4)\n", layer="Embedding"),
            keras_2("keras.layers.Dense(3, depth=2)\n", names="'depth'"),
            # Keras of TensorFlow 2.4 to 2.15, loading a model that Keras 3 saved.
            text("TypeError: Error when deserializing class 'InputLayer' using config={'batch_shape': [None, 224, 224, 3]}.\n\n"
                "Exception encountered: Unrecognized keyword arguments: ['batch_shape']", names="['batch_shape']"),
        ],
    ),
    Family(
        "keras-mask-shape",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"`TimeDistributed` Layer should be passed a `mask` of shape (?P<wanted>{SHAPE}), received: mask\.shape=(?P<mask>{SHAPE})",
            rf"The `mask` passed to the `TimeDistributed` layer has a shape (?P<mask>{SHAPE}) that is incompatible with the input shape "
            rf"(?P<shape>{SHAPE})",
        ],
        needles=("`TimeDistributed` Layer should be passed a `mask`", "The `mask` passed to the `TimeDistributed`"),
        headline="{told}",
        means="A mask says for each timestep of each sample whether it counts, so it is (batch, timesteps), as the first two "
            "axes of the data.",
        causes=(
            "Masking or Embedding(mask_zero=True) stands before a layer that changes the timesteps, and the mask keeps the old ones; or "
            "Masking stands inside of TimeDistributed.",
        ),
        changes=("Put Masking in front of the recurrent layer, outside of TimeDistributed, or make the mask for the timesteps "
            "that reach it.",),
        derive=lambda groups: {
            "told": f"The mask is {shape_words(groups['mask'])}, but the data is {shape_words(groups['shape'])}"
            if "shape" in groups
            else f"The mask is {shape_words(groups['mask'])}, but {groups['wanted']} is needed"
        },
        raised=[
            keras_3(
                "keras.layers.TimeDistributed(keras.layers.Dense(5))(np.zeros((4, 5, 3)), mask=np.ones((4, 6), bool))\n",
                mask=(4, 6), shape=(4, 5, 3),
            ),
            # Keras 3.0 to 3.8.
            text(
                "ValueError: Exception encountered when calling TimeDistributed.call().\n\n`TimeDistributed` Layer should be passed a "
                "`mask` of shape (4, 5, ...), received: mask.shape=(4, 6)\n\nArguments received by TimeDistributed.call():\n  • "
                "mask=None",
                wanted="(4, 5, ...)", mask=(4, 6),
            ),
        ],
    ),
    Family(
        "keras-merge-old",
        library="keras",
        exceptions=("ValueError", "Exception"),
        patterns=[
            r"[\"']concat[\"'] mode can only merge layers with matching output shapes except for the concat axis(?:\. Layer shapes: "
            r"(?P<shapes>\[.*?\)\]))?",
            r"Only tensors of same shape can be merged by layer ?\S* Got input shapes: (?P<shapes>\[.*?\)\])",
            r"Only layers of same output shape can be merged using \w+ mode\. Layer shapes: (?P<shapes>\[.*?\)\])",
            r"Incompatible shapes for concatenation: (?P<shapes>\[.*?\)\])",
        ],
        needles=(
            "mode can only merge layers", "can be merged by layer", "Only layers of same output shape", "Incompatible shapes "
                "for concatenation",
        ),
        headline="These branches cannot be merged{which}",
        means="Branches that are joined differ on one axis only, that of the joining; those that are added or multiplied must be equal.",
        causes=(
            "One branch kept its timesteps, its height or its width, or the order of axes is another one than the code was written for "
            "(image_data_format).",
        ),
        changes=("Bring the branches to the same sizes with padding='same', Flatten or pooling, or give the axis that differs as axis.",),
        derive=lambda groups: {"which": f": {groups['shapes']}" if "shapes" in groups else ""},
        raised=[
            # Keras 1, then 2.0 to 2.2, then 0.3 and 1, then Keras 3.3 on TensorFlow for the Mac.
            text(
                'ValueError: "concat" mode can only merge layers with matching output shapes except for the concat axis. Layer shapes: '
                "[(None, 1, 80, 8), (None, 1, 80, 16)]",
                shapes="[(None, 1, 80, 8), (None, 1, 80, 16)]",
            ),
            text(
                "ValueError: Only tensors of same shape can be merged by layermultiply_1 Got input shapes: [(None, 96, 96, 64), "
                "(None, 1, "
                "1, 64)]",
                shapes="[(None, 96, 96, 64), (None, 1, 1, 64)]",
            ),
            text(
                "Exception: Only layers of same output shape can be merged using sum mode. Layer shapes: [(None, 20), (None, 30)]",
                shapes="[(None, 20), (None, 30)]",
            ),
            text(
                "ValueError: Incompatible shapes for concatenation: [(None, 1, 3), (None, 1, "
                "64)]", shapes="[(None, 1, 3), (None, 1, 64)]",
            ),
        ],
    ),
]  # fmt: skip
