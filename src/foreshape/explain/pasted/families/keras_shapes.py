"""What layers of Keras say about sizes: inputs that do not fit, joins, reshapes, windows larger than the data."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.layers import layer_kind, shape_words
from foreshape.explain.pasted.raisings import both_keras, keras_2, keras_3, keras_torch, text
from foreshape.explain.pasted.sizes import counted, product

SHAPE: Final = r"(?:torch\.Size\()?[\[(][\w, ?]*[\])]\)?"
LAYER: Final = r"[Ll]ayer [\"']?(?P<layer>[\w./]+?)[\"']?"
INPUT: Final = rf"Input (?P<index>\d+)(?: with name '[^']*')? (?:of|is incompatible with) {LAYER}(?: is incompatible with the layer)?: "
DENSE: Final = "model = keras.Sequential([keras.layers.Input((10,)), keras.layers.Dense(4)])\n"


def _axis(groups: dict[str, Any]) -> dict[str, Any]:
    """The layer was built for another size of one axis."""
    kind = layer_kind(groups["layer"])
    shape = groups["shape"]
    words: dict[str, Any] = {"start": kind[0].upper() + kind[1:], "got": shape_words(shape)}
    axis = groups["axis"]
    words["found"] = shape[axis] if isinstance(shape, tuple) and -len(shape) <= axis < len(shape) else "another size"
    if kind.startswith(("Conv", "Depthwise", "Separable")) and isinstance(shape, tuple):
        words["what"] = "channels"
        if groups["expected"] in shape[1:-1] or (len(shape) == 4 and shape[1] in (1, 3) and shape[3] not in (1, 3)):
            words["mend"] = "The channels stand on another axis: move them to the end with np.moveaxis(x, 1, -1)."
        elif groups["expected"] == 1:
            words["mend"] = (
                "Read the images as grey (color_mode='grayscale'), or give the model the channels that the images have."
            )
        elif groups["expected"] == 3:
            words["mend"] = (
                "Repeat grey images into three channels with np.repeat(x, 3, axis=-1), or read them with color_mode='rgb'."
            )
    elif isinstance(shape, tuple) and axis not in (-1, len(shape) - 1):
        words["what"] = f"on axis {axis}"
        if len(shape) == 4 and groups["expected"] in (1, 3, 4) and shape[-1] == groups["expected"]:
            words["mend"] = (
                "The model has its channels first, (batch, channels, height, width), and the data has them last: move them with "
                "np.moveaxis(x, -1, 1)."
            )
    else:
        words["what"] = counted(groups["expected"], "feature").partition(" ")[2]
    words.setdefault(
        "mend",
        "Give it the columns or the image size that the model was made for; or build the model for this data: Input(x.shape[1:]).",
    )
    return words


def _declared(groups: dict[str, Any]) -> dict[str, Any]:
    expected, found = groups["expected"], groups["shape"]
    words: dict[str, Any] = {"want": shape_words(expected), "got": shape_words(found)}
    if not (isinstance(expected, tuple) and isinstance(found, tuple)):
        return words
    fits = not any(a and b and a != b for a, b in zip(expected[1:], found)) or not any(
        a and b and a != b for a, b in zip(expected, found)
    )
    if len(found) == len(expected) - 1 and not fits:
        words["why"] = (
            "An axis is missing, and the sizes differ as well: the data was flattened, or cut in another way."
        )
        words["mend"] = f"Bring each sample to {tuple(expected[1:])}; print x.shape where it is made."
        if None not in found[1:] and product(found[1:]) == product(expected[1:]):
            words["mend"] = f"Each sample holds as many values: x.reshape((-1, *{tuple(expected[1:])}))."
    elif len(found) == len(expected) - 1:
        words["why"] = (
            "One axis is missing: often the batch axis of a single sample, or the feature or channel axis at the end."
        )
        words["mend"] = (
            "Add it: x[np.newaxis] for a single sample, x[..., np.newaxis] at the end; a Dataset wants .batch(32)."
        )
    elif len(found) == len(expected):
        axes = [axis for axis, (a, b) in enumerate(zip(expected, found)) if a is not None and b is not None and a != b]
        if axes:
            which = " and ".join(f"axis {axis} ({found[axis]} in place of {expected[axis]})" for axis in axes)
            words["why"] = f"They differ on {which}."
            words["mend"] = (
                "Make the data as the model was declared, or declare Input(shape=x.shape[1:]); None takes any length there."
            )
    elif len(found) > len(expected):
        words["why"] = "The data has an axis too many, often a batch axis that was added twice."
        words["mend"] = "Remove it with x[0] or np.squeeze, or declare Input(shape=x.shape[1:])."
    else:
        words["why"] = "Several axes are missing: the data was flattened, or holds single numbers."
        words["mend"] = f"Bring each sample to {expected[1:]}: x.reshape((-1, *{expected[1:]}))."
        if None in expected[1:]:
            words["mend"] = "Bring the data to these axes with reshape, or declare Input(shape=x.shape[1:])."
    return words


def _inputs(groups: dict[str, Any]) -> dict[str, Any]:
    return {
        "many": counted(groups["expected"], "input"),
        "mend": f"Give the model a list of {groups['expected']} arrays, in the order of keras.Model(inputs=[...])."
        if groups["expected"] > 1
        else "Give it one array; a list is read as one array for each input, so turn lists of samples into np.array(x).",
    }


def _reshape(groups: dict[str, Any]) -> dict[str, Any]:
    shape, target = groups["shape"], groups["wanted"]
    if not (isinstance(shape, tuple) and isinstance(target, tuple)):
        return {}
    have, want = product(shape), product(target)
    if -1 in target or have % want == 0:
        rest = (
            f"{have} = {have // want} * {want} + {have % want}"
            if have % want
            else f"{have} is {have // want} times {want}"
        )
        return {"have": have, "want": want, "rest": rest + "."}
    return {"have": have, "want": want, "rest": f"{have} values cannot become {want}."}


def _window(groups: dict[str, Any]) -> dict[str, Any]:
    if "window" in groups:
        return {"told": f"A window of {groups['window']} is laid over an axis of {groups['size']}"}
    what = f"this {layer_kind(groups['layer'])}" if "layer" in groups else "the layer"
    kernel, shape = groups.get("kernel"), groups["shape"]
    if isinstance(kernel, tuple):  # of a convolution: its window, channels and filters
        what = " x ".join(str(size) for size in kernel[:-2])
    elif kernel is not None:
        what = " x ".join(str(kernel).strip("[]() ").replace(",", " ").split())
    sizes = str(shape).strip("[]()").split()
    read = shape if isinstance(shape, tuple) else tuple(int(size) if size.isdigit() else None for size in sizes)
    return {"told": f"The window of {what} does not fit into an input of {shape_words(read)}"}


FAMILIES: Final = [
    Family(
        "layer-axis-size",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            INPUT + rf"expected axis (?P<axis>-?\d+) of input shape to have value (?P<expected>\d+),? but received input with shape "
            rf"(?P<shape>{SHAPE})",
        ],
        needles=("of input shape to have value",),
        headline="{start} was built for {expected} {what}, but its input {got} has {found}",
        means="The weights of a layer are made for one size of this axis, when it first sees data or its input shape is declared.",
        causes=(
            "The data has another number of columns, channels or words than the data the model was made for.",
            "A Flatten before it turns images of another height or width into another number of features.",
        ),
        changes=("{mend}",),
        derive=_axis,
        raised=[
            keras_2(
                "model = keras.Sequential([keras.layers.Conv2D(4, 3, input_shape=(28, 28, 3)), keras.layers.GlobalMaxPooling2D()])\n"
                "model.predict(np.ones((2, 28, 28, 1)), verbose=0)\n",
                index=0, layer="conv2d", axis=-1, expected=3, shape=(None, 28, 28, 1),
            ),
            keras_3(
                "layer = keras.layers.Conv2D(4, 3)\nlayer(keras.layers.Input((28, 28, 3)))\nlayer(keras.layers.Input((28, 28, 1)))\n",
                index=0, layer="conv2d", axis=-1, expected=3, shape=(None, 28, 28, 1),
            ),
            keras_3(DENSE + "model.predict(np.ones((2, 7)), verbose=0)\n", index=0, layer="dense", axis=-1, expected=10, shape=(2, 7)),
            keras_torch(
                DENSE + "model.predict(np.ones((2, 7)), verbose=0)\n", index=0, layer="dense", axis=-1, expected=10, shape=(2, 7)
            ),
            # TensorFlow 2.4 to 2.6, without quotes and with a list.
            text(
                "ValueError: Input 0 of layer dense is incompatible with the layer: expected axis -1 of input shape to have value "
                "784 but "
                "received input with shape [None, 28]",
                index=0, layer="dense", axis=-1, expected=784, shape=(None, 28),
            ),
        ],
    ),
    Family(
        "model-input-shape",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            INPUT + rf"expected shape=(?P<expected>{SHAPE}), found shape=(?P<shape>{SHAPE})",
            rf"^expected shape=(?P<expected>{SHAPE}), found shape=(?P<shape>{SHAPE})",
            rf"Invalid input shape for input .*Expected shape (?P<expected>{SHAPE}), but input has incompatible shape "
            rf"(?P<shape>{SHAPE})",
        ],
        needles=("expected shape=", "but input has incompatible shape"),
        headline="The model was made for {want}, but it was given {got}",
        means="The input shape that the model was declared with and the data have to agree on every axis but the first.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_declared,
        raised=[
            keras_2(
                DENSE + "model.predict(np.ones((2, 7)), verbose=0)\n",
                index=0, layer="sequential", expected=(None, 10), shape=(None, 7),
            ),
            keras_3(
                "model = keras.Sequential([keras.layers.Input((10, 3)), keras.layers.LSTM(4)])\n"
                "model.predict(np.ones((2, 10)), verbose=0)\n",
                expected=(None, 10, 3), shape=(2, 10),
            ),
            keras_torch(
                "model = keras.Sequential([keras.layers.Input((10, 3)), keras.layers.LSTM(4)])\n"
                "model.predict(np.ones((2, 10)), verbose=0)\n",
                expected=(None, 10, 3), shape=(2, 10),
            ),
            keras_3(
                "i, j = keras.Input((10,)), keras.Input((3,))\nmodel = keras.Model([i, j], keras.layers.Concatenate()([i, j]))\n"
                "model.predict([np.ones((2, 3)), np.ones((2, 10))], verbose=0)\n",
                index=0, layer="functional", expected=(None, 10), shape=(2, 3),
            ),
            # TensorFlow 2.3 to 2.6.
            text(
                "ValueError: Input 0 is incompatible with layer model: expected shape=(None, 224, 224, 3), found shape=(32, 224, 3)",
                index=0, layer="model", expected=(None, 224, 224, 3), shape=(32, 224, 3),
            ),
        ],
    ),
    Family(
        "model-input-count",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"{LAYER} expects (?P<expected>\d+) (?:named )?inputs?(?:\(s\))?(?: with keys (?P<keys>\[[^\]]*\]))?, but it received "
            rf"(?P<found>\d+) input tensors",
            rf"{LAYER} expected (?P<expected>\d+) input\(s\)\. Received (?P<found>\d+) instead",
            r"Error when checking model input: the list of Numpy arrays that you are passing to your model is not the size the "
            r"model expected\. "
            r"Expected to see (?P<expected>\d+) array\(s\),.*?but instead got the following list of (?P<found>\d+) arrays",
            r"The model expects (?P<expected>\d+) (?:input )?arrays, but only received one array",
        ],
        needles=("input tensors", "input(s). Received", "the list of Numpy arrays", "but only received one array"),
        headline="This takes {many}, but it was given {found}",
        means="Every input of a model or layer gets one array, and an array that stands in a list counts as one input.",
        causes=("Samples were given as a Python list, or inputs of a model with several of them were joined into one array.",),
        changes=("{mend}",),
        derive=_inputs,
        raised=[
            keras_2(
                "i, j = keras.Input((10,)), keras.Input((3,))\nmodel = keras.Model([i, j], keras.layers.Concatenate()([i, j]))\n"
                "model.predict(np.ones((2, 10)), verbose=0)\n",
                layer="model", expected=2, found=1,
            ),
            # Keras 3.0 and 3.1, where a saved model with a pretrained part is loaded.
            text("ValueError: Layer 'dense' expected 1 input(s). Received 2 instead.", layer="dense", expected=1, found=2),
            keras_3(
                "i, j = keras.Input((10,)), keras.Input((3,))\nmodel = keras.Model([i, j], keras.layers.Concatenate()([i, j]))\n"
                "model.predict([np.ones((2, 10)), np.ones((2, 3)), np.ones((2, 3))], verbose=0)\n",
                layer="functional", expected=2, found=3,
            ),
            # Keras 2.0 to 2.3.
            text(
                "ValueError: Error when checking model input: the list of Numpy arrays that you are passing to your model is not "
                "the size the "
                "model expected. Expected to see 1 array(s), but instead got the following list of 60 arrays: [array([[1, 2]])...",
                expected=1, found=60,
            ),
        ],
    ),
    Family(
        "keras-concatenate-shapes",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            r"A `Concatenate` layer requires inputs with matching shapes except for the concat(?:enation)? axis\. (?:Received: "
            r"input_shape="
            r"|Got inputs shapes: )(?P<shapes>\[.*?\)\])",
        ],
        needles=("A `Concatenate` layer requires inputs with matching shapes",),
        headline="Concatenate cannot join inputs of the shapes {shapes}",
        means="Inputs that are joined have the same number of axes and the same sizes everywhere but on the axis of the joining, "
            "the last one by default.",
        causes=("One branch still has its timesteps, or its height and width, while the other was flattened or pooled.",),
        changes=("Bring both branches to the same axes first (Flatten, GlobalAveragePooling, RepeatVector), or give Concatenate the "
            "axis that differs: axis=1.",),
        raised=[
            *both_keras(
                "keras.layers.Concatenate()([keras.Input((10, 5)), keras.Input((3, 5))])\n", shapes="[(None, 10, 5), (None, 3, 5)]"
            ),
            # Keras 2.3 and before.
            text(
                "ValueError: A `Concatenate` layer requires inputs with matching shapes except for the concat axis. Got inputs "
                "shapes: "
                "[(None, 10, 5), (None, 3, 5)]",
                shapes="[(None, 10, 5), (None, 3, 5)]",
            ),
        ],
    ),
    Family(
        "keras-concatenate-list",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"A (?:`?Concatenate`?|merge) layer should be called on a list of (?:at least (?P<least>\d+) )?inputs?"],
        needles=("should be called on a list of",),
        headline="A layer that joins inputs was given one tensor instead of a list of them",
        means="Concatenate, Add, Multiply and the like take a list of tensors as their first argument.",
        causes=("The list brackets are missing, or the loop that fills the list ran only once or not at all.",),
        changes=("Call it as Concatenate()([a, b]).",),
        raised=[
            *both_keras("keras.layers.Concatenate()(keras.Input((10, 5)))\n", least=1),
            *both_keras("keras.layers.Add()(keras.Input((10, 5)))\n"),
        ],
    ),
    Family(
        "keras-merge-shapes",
        library="keras",
        exceptions=("ValueError",),
        patterns=[rf"(?:Inputs have incompatible shapes\. Received shapes|Operands could not be broadcast together with shapes) "
            rf"(?P<left>{SHAPE}) (?:and )?(?P<right>{SHAPE})"],
        needles=("Inputs have incompatible shapes", "Operands could not be broadcast together"),
        headline="Add, Multiply and the like cannot combine inputs of {left} and {right} (batch left out)",
        means="These layers work number by number, so both inputs need the same sizes, or 1, on every axis.",
        causes=("In a residual block the main path changed the channels or, by strides or padding='valid', the height and width.",),
        changes=("Give the shortcut a Conv of kernel size 1 with the same filters and strides, or a Dense with the same units; use "
            "padding='same'.",),
        raised=[
            *both_keras("keras.layers.Add()([keras.Input((10, 5)), keras.Input((3, 5))])\n", left=(10, 5), right=(3, 5)),
            # Keras 2.3 and before.
            text("ValueError: Operands could not be broadcast together with shapes (28, 28, 64) (28, 28, 32)", left=(28, 28, 64),
                right=(28, 28, 32)),
        ],
    ),
    Family(
        "keras-dot-shapes",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            r"Incompatible input shapes: axis values (?P<left>\d+) \(at axis (?P<left_axis>\d+)\) != (?P<right>\d+) \(at axis "
            r"(?P<right_axis>\d+)\)",
        ],
        needles=("Incompatible input shapes: axis values",),
        headline="Dot multiplies axis {left_axis} of {left} numbers with axis {right_axis} of {right}",
        means="The axes along which Dot multiplies and sums must be equally long.",
        causes=("The two embeddings have different sizes, or axes names another axis than the one meant.",),
        changes=("Give both branches the same size there, or set axes to the pair that agrees, as Dot(axes=(2, 1)).",),
        raised=[
            *both_keras("keras.layers.Dot(axes=1)([keras.Input((10,)), keras.Input((3,))])\n", left=10, left_axis=1, right=3,
                right_axis=1)
        ],
    ),
    Family(
        "keras-reshape-size",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"total size of (?:new array|the tensor) must be unchanged, input_shape = (?P<shape>{SHAPE}), output_shape = "
            rf"(?P<wanted>\[[-\d, ]*\])",
            rf"The total size of the tensor must be unchanged(?:, however.*?)?\. Received: input_shape=(?P<shape>{SHAPE}), "
            rf"target_shape=(?P<wanted>\([-\d, ]*\))",
        ],
        needles=("must be unchanged",),
        headline="Reshape: {have} values per sample, {shape}, do not fill {wanted}",
        means="A reshape neither adds nor drops numbers: the sizes of both shapes, without the batch, must multiply to the same "
            "number.",
        causes=("{rest}", "The size was counted for another input, padding or number of filters."),
        changes=("Compute the sizes from model.output_shape, or leave one of them to Keras as -1.",),
        derive=_reshape,
        raised=[
            keras_2("keras.layers.Reshape((3, 4))(keras.Input((10,)))\n", shape=(10,), wanted=(3, 4)),
            keras_3("keras.layers.Reshape((3, 4))(keras.Input((10,)))\n", shape=(10,), wanted=(3, 4)),
            keras_3("keras.layers.Reshape((-1, 4))(keras.Input((10,)))\n", shape=(10,), wanted=(-1, 4)),
        ],
    ),
    Family(
        "keras-permute-dims",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"Invalid permutation (?:argument )?`dims` for Permute Layer.*?(?:Received dims=|: )(?P<dims>\([\d, ]+\))"],
        needles=("for Permute Layer",),
        headline="Permute got the axes {dims}, which are not 1, 2, ... in another order",
        means="Permute counts axes from 1, since the batch axis 0 stays where it is, and each axis appears once.",
        causes=("The axes were counted from 0, or one is missing.",),
        changes=("To swap timesteps and features write Permute((2, 1)).",),
        raised=[*both_keras("keras.layers.Permute((1, 3))(keras.Input((10, 5)))\n", dims=(1, 3))],
    ),
    Family(
        "keras-window-too-large",
        library="keras",
        exceptions=("ValueError", "InvalidArgumentError"),
        patterns=[
            r"Negative dimension size caused by subtracting (?P<window>\d+) from (?P<size>\d+)",
            r"Computed output size would be (?:zero or )?negative\.?.*?Received:? `inputs[ .]shape=(?P<shape>[\[(].*?[\])])`, "
            r"`(?:kernel shape|pool_size)=(?P<kernel>[\[(].*?[\])])`",
            rf"One of the dimensions in the output is <= 0 due to downsampling in (?P<layer>\w+)\..*?Received input shape "
            rf"(?P<shape>{SHAPE})",
        ],
        needles=("Negative dimension size", "Computed output size would be", "due to downsampling in"),
        headline="{told}",
        means="A convolution or pooling without padding needs at least as many rows, columns or steps as its window has.",
        causes=(
            "Every convolution takes kernel_size - 1 away, and every pooling divides by its pool_size, until nothing is left.",
            "The data has its channels first, so that a small number of channels is taken for the height.",
        ),
        changes=("Use padding='same', fewer or smaller pooling layers, or larger inputs; model.summary() up to this layer shows the "
            "sizes.",),
        derive=_window,
        raised=[
            keras_2("keras.layers.Conv1D(4, 5)(keras.Input((4, 3)))\n", window=5, size=4),
            keras_3("keras.layers.Conv1D(4, 5)(keras.Input((4, 3)))\n", shape=(None, 4, 3), kernel=(5, 3, 4)),
            keras_2("keras.layers.MaxPooling2D(4)(keras.Input((2, 2, 3)))\n", window=4, size=2),
            keras_3("keras.layers.MaxPooling2D(4)(keras.Input((2, 2, 3)))\n", shape="[None 2 2 3]", kernel="[4 4]"),
            keras_2("keras.layers.Conv2D(4, 5)(keras.Input((2, 2, 3)))\n", layer="conv2d", shape=(None, 2, 2, 3)),
            # TensorFlow 1 and Keras 2.0 to 2.3.
            text(
                "ValueError: Negative dimension size caused by subtracting 3 from 1 for 'conv2d_2/convolution' (op: 'Conv2D') with "
                "input shapes: "
                "[?,1,28,28], [3,3,28,32].",
                window=3, size=1,
            ),
        ],
    ),
    Family(
        "keras-conv-groups",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            r"The number of (?P<what>input channels|filters) must be evenly divisible by the number of groups\. Received:? "
            r"groups=(?P<groups>\d+), "
            r"(?:but the input has (?P<channels>\d+) channels|filters=(?P<filters>\d+))",
        ],
        needles=("must be evenly divisible by the number of groups",),
        headline="{many} {what} cannot be divided into {groups} groups",
        means="With groups, channels and filters are cut into so many equal parts.",
        causes=("groups was meant for another layer, or the number of channels before it changed.",),
        changes=("Choose groups so that it divides the input channels and filters; 1 is an ordinary convolution.",),
        derive=lambda groups: {"many": groups.get("channels", groups.get("filters"))},
        raised=[
            *both_keras("keras.layers.Conv2D(4, 3, groups=2)(keras.Input((20, 20, 3)))\n", groups=2, channels=3),
            *both_keras("keras.layers.Conv2D(3, 3, groups=2)\n", groups=2, filters=3),
        ],
    ),
    Family(
        "keras-argument-sizes",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"The `(?P<argument>\w+)` argument must be a tuple of (?P<count>\d+) integers\. Received:?(?: \w+=| "
            r")(?P<value>.+?)(?:,? including.*)?$"],
        needles=("argument must be a tuple of",),
        headline="{argument} takes {count} whole numbers, but it was given {value}",
        means="A 1D layer slides along one axis, a 2D layer along two and a 3D layer along three, and {argument} has one number for "
            "each.",
        changes=("Give one number for all axes, or exactly {count} of them; or use the layer for the data's axes (Conv1D, Conv2D, "
            "Conv3D).",),
        raised=[*both_keras("keras.layers.Conv2D(4, (3, 3, 3))\n", argument="kernel_size", count=2, value=(3, 3, 3))],
    ),
    Family(
        "keras-positive-size",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"Received an invalid value for `(?P<argument>\w+)`, expected a positive integer\. Received: \w+=(?P<value>.+)"],
        needles=("expected a positive integer",),
        headline="{argument} should be a whole number above 0, but it is {value}",
        means="It says how many values the layer gives, so it has to be counted.",
        causes=("It was computed with / , which gives a fraction, or it is the array of classes and not their number.",),
        changes=("Use // or int() where it is computed.",),
        raised=[
            *both_keras("keras.layers.Dense(-1)\n", argument="units", value=-1),
            keras_3("keras.layers.Dense(64 / 2)\n", argument="units", value="32.0"),
        ],
    ),
    Family(
        "keras-time-distributed-rank",
        library="keras",
        exceptions=("ValueError", "AssertionError"),
        patterns=[rf"`TimeDistributed` Layer should be passed an `input_shape ?` with at least (?P<least>\d+) dimensions, received: "
            rf"(?P<shape>{SHAPE})"],
        needles=("`TimeDistributed` Layer should be passed",),
        headline="TimeDistributed needs at least 3 axes, (batch, timesteps, ...), but it was given {got}",
        means="It applies a layer to every timestep, so there must be a time axis and something behind it.",
        causes=("The recurrent layer before it returns its last step only.",),
        changes=("Give the recurrent layer return_sequences=True, or leave TimeDistributed out.",),
        derive=lambda groups: {"got": shape_words(groups["shape"])},
        raised=[
            *both_keras("keras.layers.TimeDistributed(keras.layers.Dense(3))(keras.Input((4,)))\n", least=3, shape=(None, 4)),
        ],
    ),
    Family(
        "keras-last-axis-unknown",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"The last dimension of the inputs to (?:a Dense layer|`?Dense`?) should be defined\. Found `?None`?\.(?: Full input "
            rf"shape received: (?P<shape>{SHAPE}))?",
            rf"Shapes used to initialize variables must be fully-defined \(no `None` dimensions\)\. Received: "
            rf"shape=(?P<weights>{SHAPE}) for variable path='(?P<layer>[^'/]+)[^']*'",
            r"The (?:channel dimension|last dimension) of (?:the )?inputs? (?:to `?\w+`? )?should be defined\. Found `?None`?",
        ],
        needles=("should be defined", "must be fully-defined"),
        headline="A layer with weights must know the size of its last axis, and here it is None",
        means="The number of weights follows from the size of the last axis, so it cannot stay open as the batch or the timesteps "
            "can.",
        causes=("Flatten of a sequence or image of open length, Input(shape=(None,)) before a Dense, or a Lambda that hides the size.",),
        changes=("Declare the size in Input, pool in place of flattening (GlobalAveragePooling1D or 2D), or add a Reshape with the "
            "size.",),
        raised=[
            keras_2("keras.layers.Dense(3)(keras.Input((None,)))\n", shape=(None, None)),
            keras_3("keras.layers.Dense(3)(keras.Input((None,)))\n", weights=(None, 3), layer="dense"),
        ],
    ),
    Family(
        "keras-stateful-batch",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            r"If a RNN is stateful, it needs to know its batch size",
            rf"When using `stateful=True` in a RNN, the batch size must be static\. Found dynamic batch size: "
            rf"sequence\.shape=(?P<shape>{SHAPE})",
        ],
        needles=("stateful",),
        headline="A stateful recurrent layer must know the batch size, and it is open here",
        means="It keeps one state for each sample of a batch from batch to batch, so every batch has the same size.",
        changes=("Declare it: Input(batch_shape=(32, timesteps, features)), batch_input_shape in Keras 2; and give fit batches of "
            "exactly that size.",),
        raised=[
            keras_2("keras.layers.LSTM(3, stateful=True)(keras.Input((4, 5)))\n"),
            keras_3("keras.layers.LSTM(3, stateful=True)(keras.Input((4, 5)))\n", shape=(None, 4, 5)),
        ],
    ),
    Family(
        "keras-attention-inputs",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"(?P<layer>\w*Attention) layer must be called on a list of inputs, namely \[query, value\] or \[query, value, "
            r"key\]"],
        needles=("layer must be called on a list of inputs",),
        headline="{layer} was given one tensor, but it takes a list: [query, value] or [query, value, key]",
        means="Attention compares a query with keys and mixes the values; for self-attention all of them are the same tensor.",
        changes=("Write {layer}()([x, x]) for self-attention.",),
        raised=[*both_keras("keras.layers.Attention()(keras.Input((4, 5)))\n", layer="Attention")],
    ),
    Family(
        "keras-application-size",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"Input size must be at least (?P<least>\d+)x\d+[;,].*?`?input_shape=(?P<shape>{SHAPE})",
            rf"When setting `?include_top=True`? and loading `?imagenet`? weights, `input_shape` should be (?P<wanted>{SHAPE})\. "
            rf"+Received: input_shape=(?P<shape>{SHAPE})",
            rf"The input must have 3 channels; (?:got|Received) `input_shape=(?P<shape>{SHAPE})`",
        ],
        needles=("Input size must be at least", "`input_shape` should be", "must have 3 channels"),
        headline="{told}",
        means="Networks of keras.applications shrink the image many times, and the weights of imagenet were trained on colour images.",
        changes=("Resize the images to 224 x 224 with three channels, and use include_top=False for classes of one's own.",),
        derive=lambda groups: {
            "told": f"This network needs images of at least {groups['least']} x {groups['least']}, not {groups['shape']}"
            if "least" in groups
            else f"With its trained top this network takes images of {groups['wanted']}, not {groups['shape']}"
            if "wanted" in groups
            else f"The trained weights take images with 3 channels, not {groups['shape']}"
        },
        raised=[
            *both_keras("keras.applications.VGG16(weights=None, input_shape=(20, 20, 3), include_top=False)\n", least=32,
                shape=(20, 20, 3)),
            *both_keras("keras.applications.VGG16(input_shape=(224, 224, 1))\n", wanted=(224, 224, 3), shape=(224, 224, 1)),
            *both_keras("keras.applications.VGG16(input_shape=(64, 64, 1), include_top=False)\n", shape=(64, 64, 1)),
        ],
    ),
]  # fmt: skip
