"""What operations of TensorFlow say, eagerly, in tf.function and while a graph runs."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import both_keras, keras_2, keras_3, tensorflow, text
from foreshape.explain.pasted.sizes import aligned, clash, counted, product

SHAPE: Final = r"[\[(][\d, ?]*[\])]"
BOTH: Final = ("InvalidArgumentError", "ValueError")
PRODUCT: Final = r"(?:Batch)?MatMul\w*"


def _product(groups: dict[str, Any]) -> dict[str, Any]:
    left, right = groups.get("left"), groups.get("right")
    if not (isinstance(left, tuple) and isinstance(right, tuple) and left and right):
        return {}
    columns, rows = left[-1], right[-2] if len(right) > 1 else right[0]
    words = {
        "columns": columns,
        "rows": rows,
        "mend": "Transpose the one that lies the wrong way (tf.transpose, transpose_b=True), or use the same size.",
    }
    if len(right) > 1 and right[-1] == columns:
        words["mend"] = "The last axis of both is equally long, so tf.matmul(a, b, transpose_b=True) is probably meant."
    elif len(left) == 2 and len(right) == 2:
        words["mend"] = (
            f"Where the second one holds the weights of a layer, that layer was built for {rows} features: give it {rows}, "
            f"or build it for {columns}; else transpose the one that lies the wrong way."
        )
    return words


def _broadcast(groups: dict[str, Any]) -> dict[str, Any]:
    left, right = groups.get("left"), groups.get("right")
    if not (isinstance(left, tuple) and isinstance(right, tuple)):
        return {"clash": "an axis differs"}
    why = ""
    if len(left) == len(right) == 1 and max(left[0] or 0, right[0] or 0):
        why = "In training, often the last batch is smaller than the others and something was made for the full batch size."
    return {"clash": clash(left, right) or "an axis differs", "hint": aligned(left, right) or why}


def _reshape(groups: dict[str, Any]) -> dict[str, Any]:
    size, wanted = groups["size"], groups["wanted"]
    room = product(wanted) if isinstance(wanted, tuple) else wanted
    told = (
        f"{size} values cannot be reshaped to {wanted if isinstance(wanted, tuple) else f'a shape that holds {wanted}'}"
    )
    if "multiple" in groups:
        told = f"{size} values cannot be cut into parts of {wanted}"
    rest = (
        f"{size} = {size // room} * {room} + {size % room}"
        if room and size % room
        else f"{size} is {size // room if room else 0} times {room}"
    )
    return {"told": told, "rest": rest + "."}


FAMILIES: Final = [
    Family(
        "tf-matmul-sizes",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            rf"Matrix size-incompatible: In\[0\]: (?P<left>{SHAPE}), In\[1\]: (?P<right>{SHAPE})",
            rf"Dimensions must be equal, but are (?P<one>\d+) and (?P<other>\d+) for '[^']*{PRODUCT}.*with input shapes: "
            rf"(?P<left>{SHAPE}), (?P<right>{SHAPE})",
            r"Matrix size-incompatible: In\[0\]: mismatch",
        ],
        needles=("Matrix size-incompatible", "MatMul"),
        headline="{left} times {right}: the first has {columns} columns, the second {rows} rows",
        means="A matrix product needs as many columns on the left (the last axis) as rows on the right (the last axis but one).",
        causes=("One of them is transposed, or weights were made for another number of features than the data has.",),
        changes=("{mend}",),
        derive=_product,
        raised=[
            tensorflow("tf.matmul(tf.ones((2, 3)), tf.ones((4, 5)))\n", left=(2, 3), right=(4, 5)),
            tensorflow("tf.function(lambda a, b: a @ b)(tf.ones((2, 3)), tf.ones((4, 5)))\n", one=3, other=4, left=(2, 3),
                right=(4, 5)),
            keras_3(
                "model = keras.Sequential([keras.layers.Input((10, 3)), keras.layers.LSTM(4)])\nmodel.predict(np.ones((2, 10, 4)), "
                "verbose=0)\n",
                one=4, other=3, left=(2, 4), right=(3, 16),
            ),
            keras_2(
                "keras.layers.Attention()([keras.Input((4, 5)), keras.Input((4, 6))])\n",
                one=5, other=6, left=(None, 4, 5), right=(None, 4, 6),
            ),
            # TensorFlow 1 and 2.0 to 2.3.
            text(
                "tensorflow.python.framework.errors_impl.InvalidArgumentError: Matrix size-incompatible: In[0]: [32,20], In[1]: "
                "[10,1]\n"
                "\t [[node sequential/dense/MatMul (defined at train.py:12) ]] [Op:__inference_train_function_635]",
                left=(32, 20), right=(10, 1),
            ),
        ],
    ),
    Family(
        "tf-matmul-batches",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[rf"In\[0\] and In\[1\] must have compatible batch dimensions: (?P<left>{SHAPE}) vs\. (?P<right>{SHAPE})"],
        needles=("must have compatible batch dimensions",),
        headline="Stacks of matrices of {left} and {right} cannot be multiplied pair by pair",
        means="All axes but the last two count the matrices, so they must be equal, or 1, on both sides.",
        causes=("Batch and time axis changed places in one of them, or one comes from another batch.",),
        changes=("Print both shapes, and transpose or slice one of them so that everything before the last two axes agrees.",),
        raised=[tensorflow("tf.matmul(tf.ones((2, 2, 3)), tf.ones((3, 3, 5)))\n", left=(2, 2, 3), right=(3, 3, 5))],
    ),
    Family(
        "tf-matmul-rank",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            r"In\[[01]\] (?:ndims must be >= 2|is not a matrix)",
            r"In\[0\] and In\[1\] has different ndims",  # where oneDNN is switched off
            r"Shape must be (?:at least )?rank 2 but is rank (?P<found>\d) for '[^']*MatMul",
        ],
        needles=("In[", "Shape must be"),
        headline="tf.matmul takes matrices, and one of its arguments has fewer than 2 axes",
        means="A single vector has one axis; TensorFlow does not add the other one.",
        changes=("Give the vector its second axis: v[:, tf.newaxis] for a column, v[tf.newaxis, :] for a row; or use "
            "tf.linalg.matvec(m, v).",),
        raised=[
            tensorflow("tf.matmul(tf.ones((3,)), tf.ones((3, 5)))\n"),
            tensorflow("tf.function(lambda a, b: tf.matmul(a, b))(tf.ones((3,)), tf.ones((3, 5)))\n", found=1),
        ],
    ),
    Family(
        "tf-incompatible-shapes",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            rf"Incompatible shapes: (?P<left>{SHAPE}) vs\. (?P<right>{SHAPE})",
            r"Dimensions must be equal, but are (?P<one>\d+) and (?P<other>\d+) for "
            r"'[^']*(?:Add|Sub|Mul|sub|mul|add|Squared|Div|Maximum|Minimum|Equal|Pow)\w*"
            rf".*with input shapes: (?P<left>{SHAPE}), (?P<right>{SHAPE})",
            r"(?P<what>required broadcastable shapes)",
        ],
        needles=("Incompatible shapes:", "Dimensions must be equal", "required broadcastable shapes"),
        headline="{told}",
        means="Number by number, shapes are lined up from the last axis; sizes on one axis must be equal, or one of them 1.",
        causes=("{hint}", "Labels and outputs of a loss have different shapes, or one tensor kept an axis that the other lost."),
        changes=("Print both shapes before this line; add an axis with x[:, tf.newaxis], remove one of size 1 with tf.squeeze(x, "
            "axis=-1), or cut both to one length.",),
        derive=lambda groups: {
            **_broadcast(groups),
            "told": f"Tensors of {groups['left']} and {groups['right']} do not fit together: {_broadcast(groups)['clash']}"
            if "left" in groups
            else "Two tensors do not fit together: their shapes differ on an axis where neither is 1",
        },
        raised=[
            tensorflow("tf.ones((2, 3)) + tf.ones((4, 3))\n", left=(2, 3), right=(4, 3)),
            tensorflow("tf.function(lambda a, b: a + b)(tf.ones((2, 3)), tf.ones((4, 3)))\n", one=2, other=4, left=(2, 3),
                right=(4, 3)),
            tensorflow("tf.broadcast_to(tf.ones((3, 2)), (3, 4))\n", left=(3, 2), right=(3, 4)),
            # While a graph runs; TensorFlow 2.0 to 2.6 and later.
            text(
                "tensorflow.python.framework.errors_impl.InvalidArgumentError:  Incompatible shapes: [32,1] vs. [16,1]\n"
                "\t [[node gradient_tape/mean_squared_error/BroadcastGradientArgs (defined at train.py:20) ]] "
                "[Op:__inference_train_function_1]",
                left=(32, 1), right=(16, 1),
            ),
            text("tensorflow.python.framework.errors_impl.InvalidArgumentError: required broadcastable shapes [Op:AddV2]"),
        ],
    ),
    Family(
        "tf-concat-sizes",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            rf"ConcatOp : Dimensions? (?P<axis>\d+) in both shapes must be equal: shape\[0\] = (?P<left>{SHAPE}) vs\. "
            rf"shape\[(?P<other>\d+)\] = (?P<right>{SHAPE})",
            rf"ConcatOp : Dimensions of inputs should match: shape\[0\] = (?P<left>{SHAPE}) vs\. shape\[(?P<other>\d+)\] = "
            rf"(?P<right>{SHAPE})",
            rf"Dimension \d+ in both shapes must be equal, but are (?P<one>\d+) and (?P<two>\d+)\. .* for '[^']*[cC]oncat.*"
            rf"with input shapes: (?P<left>{SHAPE}), (?P<right>{SHAPE}), \[\]",
            r"Dimension \d+ in both shapes must be equal, but are (?P<one>\d+) and (?P<two>\d+)\. .* for '[^']*[cC]oncat",
        ],
        needles=("ConcatOp", "in both shapes must be equal"),
        headline="tf.concat cannot join {what}: they differ on more than the axis of joining",
        means="Tensors that are joined may differ on the axis along which they are joined and nowhere else.",
        causes=("axis is not the one meant, or a slice, convolution or batch made one of them shorter.",),
        changes=("Give axis the one axis that differs; where two differ, cut, pad or pool one tensor first.",),
        derive=lambda groups: {
            "what": f"{groups['left']} and {groups['right']}"
            if "left" in groups
            else f"tensors with {groups['one']} and {groups['two']} on one axis"
        },
        raised=[
            tensorflow("tf.concat([tf.ones((2, 3)), tf.ones((4, 5))], axis=0)\n", axis=1, other=1, left=(2, 3), right=(4, 5)),
            tensorflow("tf.function(lambda a, b: tf.concat([a, b], 1))(tf.ones((3, 3)), tf.ones((2, 3)))\n", one=3, two=2,
                left=(3, 3), right=(2, 3)),
            # TensorFlow 1 and 2.0 to 2.6.
            text(
                "InvalidArgumentError: ConcatOp : Dimensions of inputs should match: shape[0] = [1,30,30,64] vs. shape[1] = "
                "[1,29,29,64] "
                "[Op:ConcatV2] name: concat",
                left=(1, 30, 30, 64), other=1, right=(1, 29, 29, 64),
            ),
        ],
    ),
    Family(
        "tf-concat-rank",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            rf"ConcatOp : Ranks of all input tensors should match: shape\[0\] = (?P<left>{SHAPE}) vs\. shape\[(?P<other>\d+)\] = "
            rf"(?P<right>{SHAPE})",
            r"Shape must be rank (?P<expected>\d+) but is rank (?P<found>\d+) for '[^']*concat",
        ],
        needles=("ConcatOp", "concat"),
        headline="tf.concat cannot join tensors with different numbers of axes",
        means="All tensors that are joined need the same number of axes.",
        causes=("One of them lost an axis: a single row, an index, or a recurrent layer that returns its last step only.",),
        changes=("Add the axis that is missing with tf.expand_dims(x, axis) or x[tf.newaxis].",),
        raised=[
            tensorflow("tf.concat([tf.ones((2, 3)), tf.ones((4,))], axis=0)\n", left=(2, 3), other=1, right=(4,)),
            tensorflow("tf.function(lambda a, b: tf.concat([a, b], 0))(tf.ones((3, 3)), tf.ones((2,)))\n", expected=2, found=1),
        ],
    ),
    Family(
        "tf-axis-range",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            r"Expected (?:concatenating )?dimensions? in the range \[-(?P<rank>\d+), \d+\),? but got (?P<axis>-?\d+)",
            r"Invalid reduction dimension \(?(?P<axis>-?\d+) for input with (?P<rank>\d+) dimension",
            r"Tried to expand dim index (?P<axis>-?\d+) for tensor with (?P<rank>\d+) dimensions",
        ],
        needles=("in the range [", "Invalid reduction dimension", "Tried to expand dim index"),
        headline="There is no axis {axis}: the tensor has {axes}",
        means="Axes are counted from 0, and -1 is the last one.",
        causes=("The tensor lost an axis before (an index, a mean, squeeze), or has no batch axis here.",),
        changes=("Use axis=-1 for the last axis, or add the axis that is missing with tf.expand_dims.",),
        derive=lambda groups: {"axes": counted(groups["rank"], "axis", "axes")},
        raised=[
            tensorflow("tf.concat([tf.ones((2, 3)), tf.ones((4, 3))], axis=2)\n", rank=2, axis=2),
            tensorflow("tf.argmax(tf.ones((2, 3)), axis=2)\n", rank=2, axis=2),
            tensorflow("tf.reduce_mean(tf.ones((2, 3)), axis=2)\n", rank=2, axis=2),
            tensorflow("tf.expand_dims(tf.ones((2, 3)), 5)\n", rank=2, axis=5),
        ],
    ),
    Family(
        "tf-stack-shapes",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[rf"Shapes of all inputs must match: values\[0\]\.shape = (?P<left>{SHAPE}) != values\[(?P<other>\d+)\]\.shape = "
            rf"(?P<right>{SHAPE})"],
        needles=("Shapes of all inputs must match",),
        headline="tf.stack needs tensors of one shape: the first is {left}, number {other} (from 0) is {right}",
        means="Stacking puts tensors on top of each other along a new axis, so all of them need exactly one shape.",
        causes=("Sequences or images of several lengths or sizes.",),
        changes=("Pad or resize them first, or keep them ragged with tf.ragged.stack; to join along an axis that is there use "
            "tf.concat.",),
        raised=[tensorflow("tf.stack([tf.ones((2, 3)), tf.ones((4, 3))])\n", left=(2, 3), other=1, right=(4, 3))],
    ),
    Family(
        "tf-reshape-size",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            r"Input to reshape is a tensor with (?P<size>\d+) values, but the requested shape has (?P<wanted>\d+)",
            r"Input to reshape is a tensor with (?P<size>\d+) values, but the requested shape requires a (?P<multiple>multiple) of "
            r"(?P<wanted>\d+)",
            r"Cannot reshape a tensor with (?P<size>\d+) elements to shape (?P<wanted>\[[-\d,]*\]) \((?P<room>\d+) elements\)",
        ],
        needles=("Input to reshape is a tensor with", "Cannot reshape a tensor with"),
        headline="{told}",
        means="A reshape neither adds nor drops values: the sizes of the new shape must multiply to the number of values.",
        causes=("{rest}", "A batch size was written into the shape, and the last batch is smaller; or the sizes are those of "
            "another input."),
        changes=("Write -1 for the batch, as tf.reshape(x, (-1, timesteps, features)), and take sizes from tf.shape(x).",),
        derive=_reshape,
        raised=[
            tensorflow("tf.reshape(tf.ones((2, 3)), (4, 2))\n", size=6, wanted=8),
            tensorflow("tf.reshape(tf.ones((2, 3)), (-1, 4))\n", size=6, wanted=4),
            tensorflow("tf.function(lambda a: tf.reshape(a, (4, 2)))(tf.ones((2, 3)))\n", size=6, wanted=(4, 2), room=8),
        ],
    ),
    Family(
        "tf-index-range",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            r"indices\[(?P<place>[\d,]*)\] = (?P<index>-?\d+) is not in \[0, (?P<size>\d+)\)",
            rf"indices\[(?P<place>[\d,]*)\] = (?P<index>{SHAPE}) does not index into param shape (?P<shape>{SHAPE})",
        ],
        needles=("indices[",),
        headline="{told}",
        means="An Embedding and tf.gather take numbers from 0 to one less than their size.",
        causes=(
            "Word or class numbers start at 1 (Tokenizer does), so that the largest is as large as their count.",
            "The vocabulary was counted from the training text only, or input_dim is the sequence length by mistake.",
        ),
        changes=("{mend}",),
        derive=lambda groups: {
            "told": f"Index {groups['index']} at place {groups['place']} is not below {groups['size']}, the number of entries",
            "mend": f"Make input_dim at least {groups['index'] + 1}, the largest number + 1 (Embedding(int(x.max()) + 1, ...)), or "
                f"map rare words "
            "to one number below it; negative numbers have no row."
            if groups["index"] >= 0
            else "Remove negative numbers before this line: they have no row.",
        }
        if "size" in groups
        else {
            "told": f"Index {groups['index']} lies outside of a tensor of {groups['shape']}",
            "mend": "Print the largest index on each axis, and compare it with the shape.",
        },
        raised=[
            tensorflow("tf.gather(tf.ones((3, 2)), [5])\n", place=0, index=5, size=3),
            tensorflow("tf.gather_nd(tf.ones((3, 2)), [[5, 0]])\n", place=0, index=(5, 0), shape=(3, 2)),
            *both_keras("keras.layers.Embedding(10, 4)(np.array([[1, 11]]))\n", place="0,1", index=11, size=10),
            *both_keras(
                "keras.Sequential([keras.layers.Embedding(10, 4), keras.layers.Dense(3)]).predict(np.array([[1, 12]]), verbose=0)\n",
                place="0,1", index=12, size=10,
            ),
            # TensorFlow 2.0 to 2.6.
            text(
                "InvalidArgumentError:  indices[28,0] = 11292 is not in [0, 11292)\n\t [[node model/embedding/embedding_lookup "
                "(defined at "
                "<ipython-input-5>:3) ]] [Op:__inference_train_function_8352]\n\nErrors may have originated from an input "
                "operation.\n"
                "Input Source operations connected to node model/embedding/embedding_lookup:",
                place="28,0", index=11292, size=11292,
            ),
        ],
    ),
    Family(
        "tf-label-range",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[r"Received a label value of (?P<label>-?\d+) which is outside the valid range of \[0, (?P<classes>\d+)\)"],
        needles=("Received a label value of",),
        headline="A label is {label}, but the model gives {classes} classes, numbered 0 to {last}",
        means="A sparse loss takes class numbers from 0 to one less than the number of units of the last layer.",
        causes=("Labels that start at 1, a last layer with too few units, or labels that are values and not classes.",),
        changes=("{mend}",),
        derive=lambda groups: {
            "last": groups["classes"] - 1,
            "mend": f"Give the last layer {groups['label'] + 1} units or more, or number the classes from 0 (y - y.min(), "
                f"LabelEncoder); "
            "for values that are no classes use Dense(1) and loss='mse'."
            if groups["label"] >= 0
            else "Number the classes from 0: y = LabelEncoder().fit_transform(y).",
        },
        raised=[
            tensorflow("tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 7], logits=tf.ones((2, 3)))\n", label=7, classes=3),
            *both_keras(
                "model = keras.Sequential([keras.layers.Input((10,)), keras.layers.Dense(4)])\n"
                "model.compile('sgd', 'sparse_categorical_crossentropy')\nmodel.fit(np.ones((2, 10)), np.array([0, 4]), verbose=0)\n",
                label=4, classes=4,
            ),
        ],
    ),
    Family(
        "tf-sparse-labels-shape",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            rf"`?labels\.shape`? must equal `?logits\.shape`? except for the last dimension\. Received: "
            rf"labels\.shape=(?P<labels>{SHAPE}) and "
            rf"logits\.shape=(?P<logits>{SHAPE})",
            r"`labels\.shape\.rank` must equal `logits\.shape\.rank - 1`\. Received: labels\.shape="
            rf"(?P<labels>{SHAPE}) of rank \d+ and logits\.shape=(?P<logits>{SHAPE})",
            r"Rank mismatch: Rank of labels \(received (?P<label_rank>\d+)\) should equal rank of logits minus 1 \(received "
            r"(?P<logit_rank>\d+)\)",
        ],
        needles=("except for the last dimension", "`labels.shape.rank`", "Rank mismatch: Rank of labels"),
        headline="{told}",
        means="Sparse cross-entropy takes one class number where the logits have a row of values, so labels have the shape without "
            "the last axis.",
        causes=("The labels are one-hot, or kept an axis of size 1, (batch, 1).",),
        changes=("Use tf.argmax(labels, -1) or the loss without sparse for one-hot labels, and tf.squeeze(labels, -1) for an axis "
            "of size 1.",),
        derive=lambda groups: {
            "told": f"Labels of {groups['labels']} do not fit logits of {groups['logits']}"
            if "labels" in groups
            else f"The labels have {counted(groups['label_rank'], 'axis', 'axes')} and the logits {groups['logit_rank']}; they "
                f"should have one less"
        },
        raised=[
            tensorflow(
                "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 1, 2], logits=tf.ones((2, 3)))\n", labels=(3,),
                logits=(2, 3)
            ),
            tensorflow(
                "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[[0, 1]], logits=tf.ones((2, 3)))\n", labels=(1, 2),
                logits=(2, 3)
            ),
            # TensorFlow 1 and 2.0.
            text("ValueError: Rank mismatch: Rank of labels (received 2) should equal rank of logits minus 1 (received 2).",
                label_rank=2, logit_rank=2),
        ],
    ),
    Family(
        "tf-logits-labels",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            rf"logits and labels must be (?:broadcastable|(?:the )?same size): logits_size=(?P<logits>{SHAPE}) "
            rf"labels_size=(?P<labels>{SHAPE})",
        ],
        needles=("logits and labels must be",),
        headline="Labels of {labels} do not fit outputs of {logits}",
        means="Cross-entropy with one-hot labels needs one column in the labels for each value that the model gives.",
        causes=("The last layer has another number of units than there are classes, or a Flatten is missing before it.",),
        changes=("Make the last layer Dense(number of classes), and the labels with to_categorical(y, number of classes).",),
        raised=[
            tensorflow("tf.nn.softmax_cross_entropy_with_logits(labels=tf.ones((2, 4)), logits=tf.ones((2, 3)))\n", logits=(2, 3),
                labels=(2, 4)),
            # TensorFlow 1.
            text("InvalidArgumentError: logits and labels must be same size: logits_size=[32,10] labels_size=[32,2]", logits=(32, 10),
                labels=(32, 2)),
        ],
    ),
    Family(
        "tf-conv-channels",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[
            r"input depth must be evenly divisible by filter depth: (?P<channels>\d+) vs (?P<filters>\d+)",
            r"[Dd]epth of input \((?P<channels>\d+)\) is not a multiple of input depth of filter \((?P<filters>\d+)\)",
            r"number of input channels does not match corresponding dimension of filter, (?P<channels>\d+) != (?P<filters>\d+)",
        ],
        needles=("filter depth", "input depth of filter", "corresponding dimension of filter"),
        headline="The convolution was made for {filters} input channels, but its input has {channels}",
        means="A filter has one slice for each channel of its input, and the channels stand on the last axis.",
        causes=("Grey images where colour ones are expected, images with an alpha channel, or channels first; or one layer used on "
            "two inputs.",),
        changes=("Read the images with the channels that the model expects (color_mode='rgb' or 'grayscale'), or move them to the "
            "end: tf.transpose(x, (0, 2, 3, 1)).",),
        raised=[
            tensorflow("tf.nn.conv2d(tf.ones((1, 8, 8, 3)), tf.ones((3, 3, 4, 2)), 1, 'SAME')\n", channels=3, filters=4),
            keras_2(
                "layer = keras.layers.Conv2D(4, 3)\nlayer(keras.Input((28, 28, 3)))\nlayer(keras.Input((28, 28, 1)))\n", channels=1,
                filters=3
            ),
            # Keras 2.3 and before.
            text("ValueError: number of input channels does not match corresponding dimension of filter, 1 != 3", channels=1,
                filters=3),
        ],
    ),
    Family(
        "tf-bias-size",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[rf"Must provide as many biases as the (?:last|channel) dimension of the input tensor: (?P<bias>{SHAPE}) vs\. "
            rf"(?P<shape>{SHAPE})"],
        needles=("Must provide as many biases",),
        headline="A bias of {bias} is added to a tensor of {shape}, which needs one for each of its last axis",
        means="bias_add gives every value of the last axis a number of its own.",
        changes=("Make the bias as long as the last axis of the tensor.",),
        raised=[tensorflow("tf.nn.bias_add(tf.ones((2, 3)), tf.ones((4,)))\n", bias=(4,), shape=(2, 3))],
    ),
    Family(
        "tf-transpose-axes",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[r"transpose expects a vector of size (?P<rank>\d+)\. But input\(1\) is a vector of size (?P<given>\d+)"],
        needles=("transpose expects a vector",),
        headline="tf.transpose got an order of {given} axes for a tensor with {rank}",
        means="perm names every axis of the tensor once.",
        causes=("The tensor has a batch axis that perm leaves out, or has lost one.",),
        changes=("Name all {rank} axes, the batch axis 0 first.",),
        raised=[tensorflow("tf.transpose(tf.ones((2, 3)), [0, 1, 2])\n", rank=2, given=3)],
    ),
    Family(
        "tf-squeeze-axis",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[r"Can ?not squeeze dim\[(?P<axis>-?\d+)\], expected a dimension of 1, got (?P<size>\d+)"],
        needles=("squeeze dim[",),
        headline="Axis {axis} cannot be removed: it has {size} values, and squeeze removes axes of 1 only",
        means="squeeze drops an axis without dropping numbers.",
        causes=("The last layer has more than one unit, so that labels or outputs have a longer last axis than expected; or axis is "
            "not the one meant.",),
        changes=("Take one of them with x[..., 0], or choose the axis whose size is 1.",),
        raised=[tensorflow("tf.squeeze(tf.ones((2, 3)), axis=0)\n", axis=0, size=2)],
    ),
    Family(
        "tf-slice-range",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[r"slice index (?P<index>-?\d+) of dimension (?P<axis>\d+) out of bounds"],
        needles=("slice index",),
        headline="Index {index} lies beyond axis {axis} of this tensor",
        means="Entries are counted from 0, so the last index is the size of the axis less one.",
        causes=("A loop runs over the batch size, and the last batch is smaller; or the axis is another one than meant.",),
        changes=("Take the count from tf.shape(x)[{axis}], or x.shape[{axis}] outside of a graph.",),
        raised=[tensorflow("tf.ones((2, 3))[5]\n", index=5, axis=0)],
    ),
    Family(
        "tf-slice-rank",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[r"Index out of range using input dim (?P<axis>\d+); input has only (?P<rank>\d+) dims"],
        needles=("Index out of range using input dim",),
        headline="Too many indexes: the tensor has only {axes}",
        means="Every index between the brackets takes one axis.",
        causes=("A layer returned its last step only, or the batch axis is missing.",),
        changes=("Print the shape before this line and take an index away, or keep the axis with return_sequences=True.",),
        derive=lambda groups: {"axes": counted(groups["rank"], "axis", "axes")},
        raised=[tensorflow("tf.ones((2, 3))[0, 0, 0]\n", axis=2, rank=2)],
    ),
    Family(
        "tf-split-size",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[r"Number of ways to split should evenly divide the split dimension, but got split_dim (?P<axis>\d+) \(size = "
            r"(?P<size>\d+)\) and num_split (?P<parts>\d+)"],
        needles=("Number of ways to split",),
        headline="Axis {axis} has {size} values, which cannot be split into {parts} equal parts",
        means="tf.split with a number makes parts of one size.",
        changes=("Give it a list of sizes that add up to {size}, or cut the tensor first.",),
        raised=[tensorflow("tf.split(tf.ones((2, 5)), 2, axis=1)\n", axis=1, size=5, parts=2)],
    ),
    Family(
        "tf-einsum-sizes",
        library="tensorflow",
        exceptions=BOTH,
        patterns=[rf"Expected dimension (?P<expected>\d+) at axis (?P<axis>\d+) of the input shaped (?P<shape>{SHAPE}) but got "
            rf"dimension (?P<found>\d+)"],
        needles=("of the input shaped",),
        headline="einsum: axis {axis} of {shape} is {found}, but its letter stands for {expected} in another tensor",
        means="A letter stands for one size, so every axis that it names must be equally long.",
        changes=("Compare the letters with the shapes axis by axis; give axes that may differ letters of their own.",),
        raised=[
            tensorflow("tf.einsum('ij,jk->ik', tf.ones((2, 3)), tf.ones((4, 5)))\n", expected=3, axis=0, shape=(4, 5), found=4),
        ],
    ),
]  # fmt: skip
