"""What Keras says about sizes, options and masks of single layers, and about metrics that want another form of labels."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import keras_3, text

VALUE: Final = ("ValueError",)
TYPE: Final = ("TypeError",)
SHAPE: Final = r"\([\w, ]*\)"


def _positive(groups: dict[str, Any]) -> dict[str, Any]:
    return {"found": groups["found"]}


def _groups(groups: dict[str, Any]) -> dict[str, Any]:
    count, channels = groups["groups"], groups["channels"]
    fitting = [n for n in range(min(count, channels), 0, -1) if channels % n == 0]
    return {"best": fitting[0] if fitting else 1}


def _metric(groups: dict[str, Any]) -> dict[str, Any]:
    labels = groups.get("labels")
    return {"said": f"labels of {_plain(labels)}" if labels is not None else "other shapes"}


def _plain(shape: Any) -> str:
    if not isinstance(shape, tuple):
        return str(shape)
    sizes = ["batch" if i == 0 and size is None else str(size) for i, size in enumerate(shape)]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def _option(groups: dict[str, Any]) -> dict[str, Any]:
    return {"name": groups.get("name", "merge_mode"), "words": str(groups["allowed"]).strip("{}()[]")}


FAMILIES: Final = [
    Family(
        "keras-positive-argument",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"Invalid value for argument `(?P<name>\w+)`\. Expected a strictly positive value\. Received "
            r"(?P<again>\w+)=(?P<found>-?[\w.]+?)\.?$",
            r"Received an invalid value for argument `(?P<name>\w+)`, expected a positive integer(?: or `None`)?[.,] (?:Received: "
            r"\w+=|got )"
            r"(?P<found>-?[\w.]+?)\.?$",
            r"The number of (?P<name>groups) must be a positive integer\. Received: groups=(?P<found>-?\d+)",
            r"`(?P<name>input_dim|output_dim)` must be a positive integer\. Received: \w+=(?P<found>-?\w+)",
        ],
        needles=("strictly positive value", "expected a positive integer", "must be a positive integer"),
        headline="{name} must be a whole number above 0, and it is {found}",
        means="A layer needs at least one unit, filter, head or row.",
        causes=("A number that was computed became 0 or negative (classes - 1, len(...) of something empty), or a vocabulary is empty.",),
        changes=("Print the number just before the layer, and see where the 0 comes from.",),
        derive=_positive,
        raised=[
            keras_3("keras.layers.Conv2D(0, 3)\n", name="filters", found=0),
            keras_3("keras.layers.LSTM(0)\n", name="units", found=0),
            keras_3("keras.layers.MultiHeadAttention(0, 4)\n", name="num_heads", found=0),
            keras_3("keras.layers.Conv2D(4, 3, groups=0)\n", name="groups", found=0),
            keras_3("keras.layers.Embedding(-5, 3)\n", name="input_dim", found=-5),
        ],
    ),
    Family(
        "keras-option-name",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"The `(?P<name>padding|data_format)` argument must be (?:a list/tuple or )?one of (?P<allowed>[{(].*?[)}])\. Received: "
            r"(?:\w+=)?(?P<found>\S+)",
            r"Invalid merge mode\. Received: (?P<found>\w+)\. Merge mode should be one of (?P<allowed>\{.*?\})",
            r"Unknown value for `(?P<name>\w+)` argument of \w+\. Allowed values are: (?P<allowed>\(.*?\))\. Received: "
            r"\w+=(?P<found>\w+)",
            r"Invalid value for argument `?(?P<name>\w+)`?\. Expected one of (?P<allowed>[{(\[].*?[)}\]])\. Received: \w+=(?P<found>\w+)",
        ],
        needles=("argument must be", "Invalid merge mode", "Allowed values are", "Expected one of"),
        headline="{name} cannot be {found}: it is one of {words}",
        means="Such options are fixed words.",
        causes=("The word is misspelt, or belongs to another layer: 'causal' is for Conv1D only.",),
        changes=("Write one of {words}.",),
        derive=_option,
        raised=[
            keras_3("keras.layers.Conv2D(4, 3, padding='causal')\n", name="padding", found="causal"),
            keras_3("keras.layers.Conv2D(4, 3, data_format='foo')\n", name="data_format", found="foo"),
            keras_3("keras.layers.Bidirectional(keras.layers.LSTM(3), merge_mode='foo')\n", found="foo"),
        ],
    ),
    Family(
        "keras-strides-dilation",
        library="keras",
        exceptions=VALUE,
        patterns=[r"`strides > 1` not supported in conjunction with `dilation_rate > 1`"],
        needles=("not supported in conjunction with",),
        headline="strides and dilation_rate are both above 1 in one convolution",
        means="Keras computes one of them at a time.",
        causes=("A dilated layer was made from one with strides.",),
        changes=("Leave strides at 1 and make the axis shorter with a pooling layer after it.",),
        raised=[keras_3("keras.layers.Conv2D(4, 3, strides=2, dilation_rate=2)\n")],
    ),
    Family(
        "keras-output-padding",
        library="keras",
        exceptions=VALUE,
        patterns=[r"`output_padding` must be strictly less than `strides`.*?`output_padding` is (?P<padding>\d+) but `strides` is "
            r"(?P<strides>\d+)"],
        needles=("`output_padding` must be strictly less",),
        headline="output_padding is {padding}, and it must be below strides, {strides}",
        means="output_padding chooses between the sizes that one stride can lead back to.",
        causes=("It was set to reach an output size.",),
        changes=("Use a value from 0 to strides - 1; for more, larger strides, or ZeroPadding2D after it.",),
        raised=[keras_3("keras.layers.Conv2DTranspose(4, 3, strides=2, output_padding=2)\n", padding=2, strides=2)],
    ),
    Family(
        "keras-group-norm",
        library="keras",
        exceptions=VALUE,
        patterns=[r"Number of groups \((?P<groups>\d+)\) (?:must be a multiple of|cannot be more than) the number of channels "
            r"\((?P<channels>\d+)\)"],
        needles=("Number of groups (",),
        headline="{channels} channels cannot be shared out among {groups} groups",
        means="GroupNormalization gives each group equally many channels. Keras says multiple where it means divisor.",
        causes=("groups is 32 where nothing is said, and the layer has fewer channels or another number.",),
        changes=("Choose a divisor of {channels}, such as groups={best}.",),
        derive=_groups,
        raised=[
            keras_3("keras.layers.GroupNormalization(2)(np.zeros((2, 3)))\n", groups=2, channels=3),
            keras_3("keras.layers.GroupNormalization(4)(np.zeros((2, 3)))\n", groups=4, channels=3),
        ],
    ),
    Family(
        "keras-axis-of-layer",
        library="keras",
        exceptions=("ValueError", "TypeError"),
        patterns=[
            r"All `axis` values must be in the range \[-ndim, ndim\)\. Received inputs with ndim=(?P<axes>\d+), while "
            r"axis=\(?(?P<axis>-?\d+)",
            r"[Aa]xis (?P<axis>-?\d+) is out of bounds for (?:array of dimension|an array with dimension|input shape) (?P<axes>\d+)",
        ],
        needles=("All `axis` values must be", "is out of bounds for an array with dimension"),
        headline="There is no axis {axis}: the data has {axes}, the batch axis included",
        means="Axes are counted from 0, so the last of {axes} is {last}, or -1.",
        causes=("The data lost an axis before, or the axis was counted without the batch or from 1.",),
        changes=("Use axis=-1 for features or channels.",),
        derive=lambda groups: {"last": groups["axes"] - 1},
        raised=[
            keras_3("keras.layers.Normalization(axis=5)(np.zeros((2, 3)))\n", axis=5, axes=2),
            keras_3("keras.ops.argmax(keras.Input((5,)), axis=5)\n", axis=5, axes=2),
        ],
    ),
    Family(
        "keras-broadcast",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"Cannot broadcast shape, the failure dim has value (?P<left>\d+), which cannot be broadcasted to (?P<right>\d+)\. "
            r"Input shapes are: (?P<first>\[[\w, ]*\]) and (?P<second>\[[\w, ]*\])",
        ],
        needles=("Cannot broadcast shape",),
        headline="Shapes {first_said} and {second_said} do not fit together: {left} meets {right}",
        means="Shapes are lined up from the last axis; on each axis both are equal, or one is 1.",
        causes=("Two branches of a model end with different sizes, or an axis was lost in one of them.",),
        changes=("Bring both to one size (Dense, pooling, padding), or keep the axis: keepdims=True, keras.ops.expand_dims(x, -1).",),
        derive=lambda groups: {"first_said": _plain(groups["first"]), "second_said": _plain(groups["second"])},
        raised=[keras_3("keras.Input((3,)) + keras.Input((4,))\n", left=3, right=4, first=(None, 3), second=(None, 4))],
    ),
    Family(
        "keras-symbolic-matmul",
        library="keras",
        exceptions=VALUE,
        patterns=[
            rf"Inner dimensions \(`x1\.shape\[-1\]` and `x2\.shape\[-2\]`\) must be equal, but received "
            rf"`x1\.shape=(?P<left>{SHAPE})` and "
            rf"`x2\.shape=(?P<right>{SHAPE})`",
            rf"Shape must match on the last axis of `x1` and second last axis of `x2`.*?`x1\.shape=(?P<left>{SHAPE})` and "
            rf"x2\.shape=`(?P<right>{SHAPE})`",
        ],
        needles=("Inner dimensions", "Shape must match on the last axis"),
        headline="{first} times {second}: the columns of the first must be the rows of the second",
        means="In a matrix product the last axis of the left meets the last but one of the right.",
        causes=("One of them has to be turned, as keys in attention.",),
        changes=("Turn it: keras.ops.matmul(q, keras.ops.swapaxes(k, -1, -2)).",),
        derive=lambda groups: {"first": _plain(groups["left"]), "second": _plain(groups["right"])},
        raised=[keras_3("keras.ops.matmul(keras.Input((2, 3)), keras.Input((2, 3)))\n", left=(None, 2, 3), right=(None, 2, 3))],
    ),
    Family(
        "keras-stack-shapes",
        library="keras",
        exceptions=VALUE,
        patterns=[
            rf"Every value in `x` must have the same shape\. But found element of shape (?P<other>{SHAPE}), which is different from "
            rf"the first "
            rf"element's shape (?P<first>{SHAPE})",
            r"Shape of sample (?P<other>\(.*?\)) of sequence at position (?P<place>\d+) is different from expected shape "
            r"(?P<first>\(.*?\))",
        ],
        needles=("must have the same shape. But found", "is different from expected shape"),
        headline="These cannot be stacked: the first is {one}, another is {two}",
        means="A stack of tensors, and a batch of padded sequences, needs one shape (pad_sequences pads the first axis of each "
            "sequence only).",
        causes=("Branches, or the feature vectors of the timesteps, have different sizes.",),
        changes=("Bring all to one size before it; concatenate along an axis joins tensors of different sizes.",),
        derive=lambda groups: {"one": _plain(groups["first"]), "two": _plain(groups["other"])},
        raised=[
            keras_3("keras.ops.stack([keras.Input((2,)), keras.Input((3,))])\n", other=(None, 3), first=(None, 2)),
            keras_3("keras.utils.pad_sequences([[[1, 2]], [[1, 2, 3]]])\n", other=(3,), first=(2,), place=1),
        ],
    ),
    Family(
        "keras-attention-lengths",
        library="keras",
        exceptions=VALUE,
        patterns=[
            rf"All dimensions of `value` and `key`, except the last one, must be equal\. Received: value_shape=(?P<value>{SHAPE}) and "
            rf"key_shape=(?P<key>{SHAPE})",
        ],
        needles=("All dimensions of `value` and `key`",),
        headline="Attention has keys of {keys} and values of {values}: it needs one value for each key",
        means="Key and value are (batch, timesteps, features) with the same timesteps.",
        causes=("The call is attention(query, value, key): value comes second, key third.",),
        changes=("Give the same sequence as value and key, attention(query, encoded), or name them: value=..., key=....",),
        derive=lambda groups: {"keys": _plain(groups["key"]), "values": _plain(groups["value"])},
        raised=[
            keras_3("keras.layers.MultiHeadAttention(2, 4)(np.zeros((2, 3, 4)), np.zeros((2, 3, 4)), np.zeros((2, 5, 4)))\n",
                    value=(2, 3, 4), key=(2, 5, 4)),
        ],
    ),
    Family(
        "keras-softmax-mask",
        library="keras",
        exceptions=VALUE,
        patterns=[
            rf"The `mask` must be broadcastable to `inputs`.*?inputs\.shape=(?P<inputs>{SHAPE}), mask\.shape=(?P<mask>{SHAPE})",
        ],
        needles=("The `mask` must be broadcastable",),
        headline="A mask of {masked} does not fit data of {data}",
        means="On each axis the mask has the size of the data, or 1.",
        causes=("The attention mask is (batch, timesteps) where (batch, queries, keys) is wanted.",),
        changes=("Add the axis: mask[:, None, :].",),
        derive=lambda groups: {"masked": _plain(groups["mask"]), "data": _plain(groups["inputs"])},
        raised=[keras_3("keras.layers.Softmax()(np.zeros((2, 3)), mask=np.ones((2, 4), bool))\n", inputs=(2, 3), mask=(2, 4))],
    ),
    Family(
        "keras-mask-timesteps",
        library="keras",
        exceptions=VALUE,
        patterns=[r"Cannot unstack (?P<mask>\d+) tensors into a TensorArray of static size (?P<steps>\d+)"],
        needles=("into a TensorArray of static size",),
        headline="The mask of a recurrent layer has {mask} timesteps, and the data has {steps}",
        means="A mask is (batch, timesteps) with the timesteps of the data.",
        causes=("The mask was made before the sequence was cut, padded or pooled.",),
        changes=("Compute the mask from the same tensor, or let Embedding(mask_zero=True) or Masking make it.",),
        raised=[keras_3("keras.layers.LSTM(3)(np.zeros((2, 3, 4)), mask=np.ones((2, 4), bool))\n", mask=4, steps=3)],
    ),
    Family(
        "keras-batch-sizes",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"Cannot merge tensors with different batch sizes\. Received tensors with shapes (?P<shapes>\[.*\])",
            r"Cannot do batch_dot on inputs with different batch sizes\. Received inputs with shapes (?P<shapes>\([\w, ]*\) and "
            r"\([\w, ]*\))",
        ],
        needles=("different batch sizes",),
        headline="The inputs of this layer have different batch sizes: {shapes}",
        means="Inputs are joined sample by sample, so all need the same number of samples.",
        causes=("batch_shape fixes different sizes, or a reshape moved part of the data into the batch axis.",),
        changes=("Leave the batch open, Input((timesteps, features)), and use Reshape, which keeps the batch axis.",),
        raised=[
            keras_3("keras.layers.Dot(1)([np.zeros((2, 3)), np.zeros((3, 3))])\n"),
            keras_3("keras.layers.Add()([keras.Input(batch_shape=(2, 3)), keras.Input(batch_shape=(4, 3))])\n"),
        ],
    ),
    Family(
        "keras-two-inputs",
        library="keras",
        exceptions=VALUE,
        patterns=[r"A `(?P<layer>Dot|Subtract)` layer should be called on (?:a list of|exactly) 2 inputs"],
        needles=("layer should be called on",),
        headline="{layer} takes a list of exactly two inputs",
        means="It combines one tensor with another.",
        causes=("The brackets of the list are missing, or a third input was added.",),
        changes=("Write {layer}(...)([a, b]).",),
        raised=[
            keras_3("keras.layers.Dot(1)(np.zeros((2, 3)))\n", layer="Dot"),
            keras_3("keras.layers.Subtract()([np.zeros((2, 3))] * 3)\n", layer="Subtract"),
        ],
    ),
    Family(
        "keras-dot-batch-axis",
        library="keras",
        exceptions=VALUE,
        patterns=[r"Cannot perform batch_dot over axis 0"],
        needles=("Cannot perform batch_dot over axis 0",),
        headline="Dot was told to multiply along axis 0, which is the batch",
        means="axes counts the batch axis as 0, so the first axis of the data is 1.",
        causes=("The axes were counted without the batch.",),
        changes=("Write Dot(axes=1) for (batch, features), Dot(axes=(2, 1)) for a matrix product, Dot(axes=-1) for the last axis.",),
        raised=[keras_3("keras.layers.Dot(0)([np.zeros((2, 3)), np.zeros((2, 3))])\n")],
    ),
    Family(
        "keras-cropping-size",
        library="keras",
        exceptions=VALUE,
        patterns=[rf"Values in `cropping` argument should be smaller than the corresponding spatial dimension of the input\. "
            rf"Received: inputs\.shape="
                  rf"(?P<shape>{SHAPE}), cropping=(?P<cropping>.+)$"],
        needles=("Values in `cropping` argument",),
        headline="Cropping takes more away than there is: {got}, cropping {cropping}",
        means="Something must be left of each axis: cropping is taken off at both ends.",
        causes=("The picture is smaller than the network was drawn for.",),
        changes=("Crop less, or feed larger pictures.",),
        derive=lambda groups: {"got": _plain(groups["shape"])},
        raised=[keras_3("keras.layers.Cropping2D(5)(np.zeros((1, 4, 4, 3)))\n", shape=(1, 4, 4, 3))],
    ),
    Family(
        "keras-picture-rank",
        library="keras",
        exceptions=VALUE,
        patterns=[
            rf"(?:Expected image tensor to have rank|Invalid images rank: expected rank) 3 \(single image\) or (?:rank )?4 \(batch "
            rf"of images\)\..*?"
            rf"shape[:=] ?(?:\w+\.shape=)?(?P<shape>{SHAPE})",
            rf"Unsupported image shape: (?P<shape>{SHAPE})",
            rf"Expected image array to have rank 3 \(single image\)\. Got array with shape: (?P<shape>{SHAPE})",
        ],
        needles=("Expected image", "Invalid images rank", "Unsupported image shape"),
        headline="This is no picture: its shape is {got}",
        means="A picture is (height, width, channels), a batch (batch, height, width, channels).",
        causes=("A grey picture has no channel axis, or a batch was given where one picture is wanted.",),
        changes=("Add the channels, x[..., None], or take one picture of the batch, x[0].",),
        derive=lambda groups: {"got": _plain(groups["shape"])},
        raised=[
            keras_3("keras.layers.CenterCrop(9, 9)(np.zeros((4, 4)))\n", shape=(4, 4)),
            keras_3("keras.ops.image.resize(np.zeros((4, 4)), (2, 2))\n", shape=(4, 4)),
            keras_3("keras.utils.img_to_array(np.zeros(5))\n", shape=(5,)),
        ],
    ),
    Family(
        "keras-shape-argument",
        library="keras",
        exceptions=("ValueError", "TypeError"),
        patterns=[r"Cannot convert '(?P<shape>.*?)' to a shape\.(?: Found invalid (?:dimension|entry) '(?P<entry>.*?)'| "
            r"(?P<negative>Negative) dimensions)?"],
        needles=("to a shape.",),
        headline="{shape} is no shape: {why}",
        means="Input takes the shape of one sample: whole numbers above 0, or None where the size is open.",
        causes=("A size was computed with / and is decimal, a number stands without its comma, or a whole array was given.",),
        changes=("Write Input((10,)) with the comma; compute sizes with //; for an array give x.shape[1:].",),
        derive=lambda groups: {
            "why": f"{groups['entry']} is not a whole number" if "entry" in groups
            else "a size is negative" if "negative" in groups else "a tuple is needed"
        },
        raised=[
            keras_3("keras.Input(5)\n", shape=5),
            keras_3("keras.Input((3, 2.5))\n", entry="2.5"),
            keras_3("keras.Input((3, -1))\n", shape=(3, -1)),
        ],
    ),
    Family(
        "keras-shape-twice",
        library="keras",
        exceptions=VALUE,
        patterns=[r"You cannot pass both `shape` and `batch_shape` at the same time",
                  r"has already been configured to use input shape (?P<shape>\(.*?\))\. You cannot (?:add a different Input "
                  r"layer|build it with input_shape)"],
        needles=("both `shape` and `batch_shape`", "already been configured to use input shape"),
        headline="The shape of the input is given twice",
        means="A model has one Input, with shape (one sample) or batch_shape (with the batch size).",
        causes=("A second Input stands in the list, or build was called with another shape.",),
        changes=("Keep the first Input only.",),
        raised=[
            keras_3("keras.Input(shape=(3,), batch_shape=(2, 3))\n"),
            keras_3("keras.Sequential([keras.Input((3,)), keras.Input((3,))])\n", shape=(None, 3)),
        ],
    ),
    Family(
        "keras-no-shape-yet",
        library="keras",
        exceptions=("AttributeError", "ValueError"),
        patterns=[r"has no defined (?:input|output)(?: shape)? yet", r"has never been called and thus has no defined (?:input|output)"],
        needles=("has no defined", "has never been called"),
        headline="The model does not know its input and output yet",
        means="A Sequential without Input learns the shape from the first data it is called with.",
        causes=("input_shape or Input is missing, and .input, .output or .input_shape is read before fit.",),
        changes=("Write keras.Input((features,)) as the first entry, or call model.build((None, features)).",),
        raised=[
            keras_3("keras.Sequential([keras.layers.Dense(3)]).input_shape\n"),
            keras_3("keras.Sequential([keras.layers.Dense(3)]).output\n"),
        ],
    ),
    Family(
        "keras-layer-number",
        library="keras",
        exceptions=VALUE,
        patterns=[r"Was asked to retrieve layer at index (?P<index>-?\d+) but model only has (?P<count>\d+) layers"],
        needles=("Was asked to retrieve layer",),
        headline="There is no layer {index}: the model has {count}, counted from 0",
        means="A Sequential does not count its Input as a layer, a functional model does.",
        causes=("The number is from a summary of another model, or a whole model stands as one layer in this one.",),
        changes=("Print [layer.name for layer in model.layers] and use get_layer('name').",),
        raised=[keras_3("keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]).get_layer(index=9)\n", index=9, count=1)],
    ),
    Family(
        "keras-layer-input-kind",
        library="keras",
        exceptions=VALUE,
        patterns=[
            r"Inputs to a layer should be tensors\. Got '?(?P<value>.*?)'? \(of type <class '(?P<kind>[\w.]+)'>\) as input for "
            r"layer '(?P<layer>.*?)'",
            r"Only input tensors may be passed as positional arguments\. The following argument value should be passed as a keyword "
            r"argument: "
            r"(?P<value>.*?) \(of type <class '(?P<kind>[\w.]+)'>\)",
        ],
        needles=("Inputs to a layer should be tensors", "Only input tensors may be passed"),
        headline="A layer was called with {value} ({kind}) in place of a tensor",
        means="A layer takes arrays and tensors; everything else goes by its name, as training=True.",
        causes=("The layer before it returns nothing (call without return), or a layer was given where its output is meant.",),
        changes=("Write return at the end of call; for layers: x = Dense(3)(x).",),
        raised=[
            keras_3("keras.layers.Dense(3)('a')\n", value="a", kind="str"),
            keras_3("class L(keras.layers.Layer):\n    def call(self, x): pass\n\n"
                    "keras.Sequential([keras.Input((3,)), L(), keras.layers.Dense(2)])\n", kind="NoneType", layer="dense"),
        ],
    ),
    Family(
        "keras-metric-rank",
        library="keras",
        exceptions=VALUE,
        patterns=[
            rf"(?P<metric>\w+Score) expects 2D inputs with shape \(batch_size, output_dim\).*?y_pred\.shape=(?P<outputs>{SHAPE}) and "
            rf"y_true\.shape=(?P<labels>{SHAPE})",
            rf"`y_pred` must have rank 2 when `multi_label=True`\. Found rank (?P<rank>\d+)\. Full shape received for `y_pred`: "
            rf"(?P<outputs>{SHAPE})",
        ],
        needles=("expects 2D inputs", "must have rank 2 when"),
        headline="This metric wants (batch, classes) for labels and outputs, and it was given {said}",
        means="F1Score, R2Score and AUC(multi_label=True) work column by column.",
        causes=("The labels are class numbers, (batch,), as the sparse loss takes them.",),
        changes=("Use one-hot labels, to_categorical(y), with categorical_crossentropy; for one output y.reshape(-1, 1).",),
        derive=_metric,
        raised=[
            keras_3("keras.metrics.F1Score().update_state(np.zeros(3), np.zeros((3, "
                "2)))\n", metric="FBetaScore", outputs=(3, 2), labels=(3,)),
            keras_3("keras.metrics.AUC(multi_label=True).update_state(np.zeros(3), np.zeros(3))\n", rank=1, outputs=(3,)),
        ],
    ),
    Family(
        "keras-auc-class-numbers",
        library="keras",
        exceptions=("InvalidArgumentError", "ValueError"),
        patterns=[r"data\.shape = \[(?P<labels>\d+)\] does not start with segment_ids\.shape = \[(?P<outputs>\d+)\]",
                  r"Argument `segment_ids` and `data` should have same leading dimension\. Got \((?P<outputs>\d+),\) v\.s\. "
                  r"\((?P<labels>\d+),\)"],
        needles=("does not start with segment_ids.shape", "Argument `segment_ids` and `data`"),
        headline="AUC compares {outputs} outputs with {labels} labels",
        means="AUC, Precision and Recall compare every output with a label of 0 or 1.",
        causes=("The model gives a value for each class and the labels are class numbers.",),
        changes=("One-hot labels for these metrics, or metrics=['sparse_categorical_accuracy'].",),
        raised=[
            keras_3("keras.metrics.AUC().update_state(np.zeros(4), np.zeros((4, 3)))\n", labels=4, outputs=12),
        ],
    ),
    Family(
        "keras-loss-weights-count",
        library="keras",
        exceptions=VALUE,
        patterns=[r"`loss_weights` must match the number of losses, got (?P<losses>\d+) losses and (?P<weights>\d+) weights"],
        needles=("`loss_weights` must match",),
        headline="There are {weights} loss_weights for {losses} losses",
        means="Each loss of the model takes one weight.",
        causes=("The weights of classes were meant, or the model has another number of outputs.",),
        changes=("Weights of classes go into fit: class_weight={{0: 1.0, 1: 5.0}}; loss_weights has one number per output.",),
        raised=[
            keras_3("m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])\nm.compile('adam', 'mse', loss_weights=[1, 2])\n"
                    "m.fit(np.zeros((4, 3)), np.zeros((4, 2)), verbose=0)\n", losses=1, weights=2),
        ],
    ),
    Family(
        "keras-table-empty",
        library="keras",
        exceptions=("FailedPreconditionError", "RuntimeError"),
        patterns=[r"Table not initialized"],
        needles=("Table not initialized",),
        headline="TextVectorization or StringLookup is used before it has a vocabulary",
        means="Such a layer learns its words with adapt, or is given them.",
        causes=("adapt was called on another layer, or the layer was loaded without its words.",),
        changes=("layer.adapt(texts) before the first call, or vocabulary=[...].",),
        raised=[keras_3("keras.layers.StringLookup()(np.array(['a']))\n")],
    ),
    Family(
        "keras-rate",
        library="keras",
        exceptions=VALUE,
        patterns=[r"Invalid value received for argument `rate`\. Expected a float value between 0 and 1\. Received: rate=(?P<rate>\S+)"],
        needles=("Invalid value received for argument `rate`",),
        headline="Dropout got the rate {rate}, which is not between 0 and 1",
        means="The rate is the share of values that is set to 0.",
        causes=("A percentage was given, 20 for 0.2.",),
        changes=("Write Dropout(0.2).",),
        raised=[keras_3("keras.layers.Dropout(2)\n", rate=2)],
    ),
    Family(
        "keras-pretrained-classes",
        library="keras",
        exceptions=VALUE,
        patterns=[r"If using `?weights.{1,14}with `?include_top.{1,10}`?classes`? should be 1000(?:\. Received "
            r"classes=(?P<classes>\d+))?"],
        needles=("should be 1000",),
        headline="The weights of ImageNet are for 1000 classes",
        means="include_top=True loads the last layer too, and that has 1000 outputs.",
        causes=("classes was set to the number of your own classes.",),
        changes=("include_top=False, pooling='avg', and a Dense(classes, activation='softmax') of your own after it.",),
        raised=[keras_3("keras.applications.ResNet50(weights='imagenet', classes=5)\n", classes=5)],
    ),
    Family(
        "keras-old-input-rank",
        library="keras",
        exceptions=("Exception", "ValueError"),
        patterns=[r"Invalid input shape - Layer expects input ndim=(?P<expected>\d+), was provided with input shape (?P<shape>\(.*?\))$"],
        needles=("Invalid input shape - Layer expects",),
        headline="The layer wants {expected} axes, the batch included, and is given {got}",
        means="Every layer reads a fixed number of axes. An Embedding reads (batch, timesteps) of whole numbers.",
        causes=("The data already has a feature axis, or the batch size was written into input_shape.",),
        changes=("Leave Embedding out where the data holds vectors already; input_shape leaves the batch size out.",),
        derive=lambda groups: {"got": _plain(groups["shape"])},
        raised=[
            # Keras 0.3.
            text("Exception: Invalid input shape - Layer expects input ndim=2, was provided with input shape (25, 200, 64)",
                 expected=2, shape=(25, 200, 64)),
        ],
    ),
]  # fmt: skip
