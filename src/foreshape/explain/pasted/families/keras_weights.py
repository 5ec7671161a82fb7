"""What Keras and TensorFlow say about saved weights that do not fit the model they are put into."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import keras_2, keras_3, tensorflow, text

SHAPE: Final = r"[\[(][\d, ]*[\])]"
DENSE: Final = "m = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(4, name='d')])\n"
OTHER: Final = "n = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(5, name='d')])\n"
SAVED: Final = "Weights fit only a layer with the same sizes as the one they were saved from."


def _weights(groups: dict[str, Any]) -> dict[str, Any]:
    """What two shapes of one weight suggest. own: of the layer, saved: what is to be put into it."""
    own, saved = groups["own"], groups["saved"]
    words: dict[str, Any] = {
        "why": "The number of classes, units, words or input features differs from the model that was saved.",
        "mend": "Build the model with the sizes of the saved one, or give the layers that are meant to be new another name.",
    }
    if not (isinstance(own, tuple) and isinstance(saved, tuple)):
        return words
    if len(own) == len(saved) == 4 and sorted(own) == sorted(saved) and own != saved:
        words["why"] = (
            "The same sizes in another order: one convolution is (height, width, channels, filters), as TensorFlow has it, the other "
            "(filters, channels, height, width), as Theano and PyTorch do."
        )
        words["mend"] = (
            "Turn the kernel: np.transpose(w, (2, 3, 1, 0)) makes (height, width, channels, filters) of (filters, channels, "
            "height, width)."
        )
    elif len(own) == len(saved) == 2 and own == saved[::-1]:
        words["why"] = (
            "One of them is the other one transposed: PyTorch keeps (outputs, inputs), Keras (inputs, outputs)."
        )
        words["mend"] = "Transpose the weights: layer.set_weights([w.T, b])."
    elif len(own) == len(saved) == 2 and own[1] == saved[1]:
        words["why"] = (
            f"The table has {saved[0]} rows and the layer {own[0]}: input_dim of an Embedding is another vocabulary size than that of "
            "the matrix; or a Dense layer reads another number of features."
        )
        words["mend"] = (
            f"Take the size from the matrix: Embedding({saved[0]}, {own[1]}), or len(matrix); a word index that starts at 1 "
            f"needs one row more."
        )
    elif len(own) == len(saved) == 2 and own[0] == saved[0]:
        words["why"] = f"The layer has {own[1]} units, and the saved one had {saved[1]}: often the number of classes."
        words["mend"] = (
            f"Give the layer {saved[1]} units, load, then replace it by one with {own[1]}; or load all other layers only."
        )
    return words


FAMILIES: Final = [
    Family(
        "keras-saved-weight-shape",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"Shape mismatch in layer #(?P<index>\d+) \(named (?P<layer>[^)]+)\) ?for weight (?P<weight>\S+)\. Weight expects shape "
            rf"(?P<own>{SHAPE})\. Received saved weight with shape (?P<saved>{SHAPE})",
            rf"Layer #(?P<index>\d+) \(named \"?(?P<layer>[^\")]+)\"?\), weight <[^>]*> has shape (?P<own>{SHAPE}), but the saved weight "
            rf"has shape (?P<saved>{SHAPE})",
        ],
        needles=("Received saved weight with shape", "but the saved weight has shape"),
        headline="The layer {layer} has a weight of {own}, but the file holds {saved} for it",
        means=SAVED,
        causes=("{why}",),
        changes=("{mend}", "load_weights(path, by_name=True, skip_mismatch=True) leaves the layers that differ as they are."),
        derive=_weights,
        raised=[
            keras_2(
                DENSE + "m.save_weights('a.h5')\n" + OTHER + "n.load_weights('a.h5', by_name=True)\n",
                index=0, layer="d", weight="d/kernel:0", own=(3, 5), saved=(3, 4),
            ),
            keras_3(DENSE + "m.save('a.h5')\n" + OTHER + "n.load_weights('a.h5')\n", index=0, layer="d", own=(3, 5), saved=(3, 4)),
            # Keras 2.0 to 2.4.
            text(
                'ValueError: Layer #389 (named "mrcnn_bbox_fc"), weight <tf.Variable \'mrcnn_bbox_fc/kernel:0\' shape=(1024, 8) '
                "dtype=float32> has shape (1024, 8), but the saved weight has shape (1024, 324).",
                index=389, layer="mrcnn_bbox_fc", own=(1024, 8), saved=(1024, 324),
            ),
        ],
    ),
    Family(
        "keras-layer-weight-old",
        library="keras",
        exceptions=("ValueError", "Exception"),
        patterns=[
            rf"Layer weight shape (?P<own>{SHAPE}) not compatible with provided weight shape (?P<saved>{SHAPE})",
            rf"Layer shape (?P<own>{SHAPE}) not compatible with weight shape (?P<saved>{SHAPE})",
        ],
        needles=("not compatible with provided weight shape", "not compatible with weight shape"),
        headline="A layer has a weight of {own}, but {saved} is to be put into it",
        means=SAVED,
        causes=("{why}",),
        changes=("{mend}",),
        derive=_weights,
        raised=[
            # Keras 1 to 2.3 and TensorFlow 1 to 2.3.
            text(
                "ValueError: Layer weight shape (4583, 300) not compatible with provided weight shape (5804, 300)",
                own=(4583, 300), saved=(5804, 300),
            ),
            text(
                "ValueError: Layer weight shape (3, 3, 3, 64) not compatible with provided weight shape (64, 3, 3, 3)",
                own=(3, 3, 3, 64), saved=(64, 3, 3, 3),
            ),
            # Keras 0.3.
            text("Exception: Layer shape (4, 1, 16) not compatible with weight shape (5, 1, 16).", own=(4, 1, 16), saved=(5, 1, 16)),
        ],
    ),
    Family(
        "tf-restore-shape",
        library="tensorflow",
        exceptions=("ValueError", "InvalidArgumentError"),
        patterns=[
            rf"Received incompatible tensor with shape (?P<saved>{SHAPE}) when attempting to restore variable with shape "
            rf"(?P<own>{SHAPE}) "
            r"and name (?P<variable>[^\s]+?)\.?(?:\s|$)",
            rf"Shape in shape_and_slice spec (?:(?P<own>{SHAPE}) )?does not match the shape (?:stored )?in (?:the save file|checkpoint): "
            rf"(?P<saved>{SHAPE})",
            rf"(?:tensor_name = (?P<variable>[\w/]+); )?shape in shape_and_slice spec (?P<own>{SHAPE}) does not match the shape "
            rf"stored in "
            rf"checkpoint: (?P<saved>{SHAPE})",
        ],
        needles=("attempting to restore variable", "in shape_and_slice spec"),
        headline="The checkpoint holds {saved} for a variable that is {own} in this model",
        means=SAVED,
        causes=("{why}",),
        changes=("{mend}",),
        derive=_weights,
        raised=[
            tensorflow(
                "tf.train.Checkpoint(v=tf.Variable(tf.ones((3, 4)))).save('c')\n"
                "tf.train.Checkpoint(v=tf.Variable(tf.ones((3, 5)))).restore('c-1')\n",
                saved=(3, 4), own=(3, 5), variable="Variable:0",
            ),
            keras_2(DENSE + "m.save_weights('c')\n" + OTHER + "n.load_weights('c')\n", saved=(4,), own=(5,)),
            # TensorFlow 1, from 1.2 on.
            text(
                "InvalidArgumentError: tensor_name = output/weights; shape in shape_and_slice spec [10,5] does not match the shape "
                "stored in checkpoint: [12,5]",
                variable="output/weights", own=(10, 5), saved=(12, 5),
            ),
        ],
    ),
    Family(
        "tf-shapes-differ",
        library="tensorflow",
        exceptions=("ValueError",),
        patterns=[
            # Two known sizes in front that differ are no batches: those of labels and outputs are None or equal.
            r"^Shapes (?P<own>[\[(](?P<first>\d+)(?:,[\d, ]*)?[\])]) and (?P<saved>[\[(](?!(?P=first)\b)\d+(?:,[\d, ]*)?[\])]) "
            r"are (?:incompatible|"
            r"not compatible)"
        ],
        needles=("are incompatible", "are not compatible"),
        headline="Two shapes that must be equal are {own} and {saved}",
        means="A variable keeps its shape, and what is loaded or written into it has to have it; outputs and labels have the same rows.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_weights,
        raised=[
            tensorflow("tf.TensorShape((8334, 256)).assert_is_compatible_with((8335, "
                "256))\n", first=8334, own=(8334, 256), saved=(8335, 256)),
            tensorflow("tf.TensorShape((3, 4)).merge_with((5, 4))\n", first=3, own=(3, 4), saved=(5, 4)),
        ],
    ),
    Family(
        "tf-assign-shape",
        library="tensorflow",
        exceptions=("ValueError", "InvalidArgumentError"),
        patterns=[
            rf"Dimension (?P<axis>\d+) in both shapes must be equal, but are \d+ and \d+\. Shapes are {SHAPE} and {SHAPE}\.? for "
            rf"'[^']*?Assign.*with input shapes: (?P<own>{SHAPE}), (?P<saved>{SHAPE})",
            rf"Assign requires shapes of both tensors to match\. lhs shape= ?(?P<own>{SHAPE}) rhs shape= ?(?P<saved>{SHAPE})",
        ],
        needles=("in both shapes must be equal", "Assign requires shapes of both tensors"),
        headline="A variable is {own}, but {saved} is to be written into it",
        means="A variable keeps its shape; weights that are loaded have to have it.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_weights,
        raised=[
            tensorflow(
                "t = tf.compat.v1\nt.disable_resource_variables()\nwith tf.Graph().as_default():\n"
                "    v = t.get_variable('v', (10, 5), use_resource=False)\n    t.assign(v, tf.ones((12, 5)))\n",
                axis=0, own=(10, 5), saved=(12, 5),
            ),
            # TensorFlow 1.
            text(
                "InvalidArgumentError: Assign requires shapes of both tensors to match. lhs shape= [90] rhs shape= [60]\n"
                "\t [[Node: save/Assign_12 = Assign[T=DT_FLOAT]]]",
                own=(90,), saved=(60,),
            ),
            text(
                "ValueError: Dimension 0 in both shapes must be equal, but are 3 and 512. Shapes are [3,3,512,84] and [84,512,3,3]. for "
                "'Assign_33' (op: 'Assign') with input shapes: [3,3,512,84], [84,512,3,3].",
                axis=0, own=(3, 3, 512, 84), saved=(84, 512, 3, 3),
            ),
        ],
    ),
]  # fmt: skip
