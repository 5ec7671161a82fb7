"""What TensorFlow says about dtypes of arguments, nested structures, signatures and stateful recurrent layers."""

from __future__ import annotations

import re
from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.layers import shape_words
from foreshape.explain.pasted.raisings import keras_3, tensorflow, text

SHAPE: Final = r"[\[(][\w, ?]*[\])]"
SIZES: Final = (
    "shape",
    "reduction_indices",
    "axis",
    "multiples",
    "begin",
    "size",
    "perm",
    "dim",
    "indices",
    "num",
    "paddings",
)


def _dtype(groups: dict[str, Any]) -> dict[str, Any]:
    """Sizes and axes have to be whole; data of layers has to be fractions."""
    parameter, found = str(groups["parameter"]), str(groups["found"])
    allowed = [each.strip() for each in str(groups["allowed"]).split(",")]
    words: dict[str, Any] = {"some": ", ".join(allowed[:4]) + (" and others" if len(allowed) > 4 else "")}
    if set(allowed) <= {"int32", "int64", "int16"} or (parameter in SIZES and found.startswith("float")):
        words["why"] = (
            f"{parameter} holds sizes, axes or positions, which are whole numbers; / makes a fraction even of 6 / 2."
        )
        words["mend"] = "Use // in place of /, or int(...); tf.cast(x, tf.int32) for a tensor."
    elif found == "string":
        words["why"] = "The data is text: a column of a file that was read as strings."
        words["mend"] = (
            "Turn it into numbers first, with tf.strings.to_number, a StringLookup layer or df.astype('float32')."
        )
    elif found == "bool":
        words["why"] = "A comparison or a mask gave True and False."
        words["mend"] = "Convert it: tf.cast(x, tf.float32)."
    else:
        words["why"] = (
            "Pictures are read as uint8 and ids are whole numbers, while this operation computes with fractions."
        )
        words["mend"] = "Convert the data once: tf.cast(x, tf.float32), or x.astype('float32') / 255 for pictures."
    return words


def _nested(groups: dict[str, Any]) -> dict[str, Any]:
    """How many parts the two structures have, where the message draws them with dots."""
    words: dict[str, Any] = {"told": "Two nested structures differ where they must be alike"}
    drawn = [re.sub(r"\s", "", str(groups[name])) for name in ("first", "second") if name in groups]
    if len(drawn) == 2 and all(each.startswith(("[", "(")) and len(each) < 40 for each in drawn):
        words["told"] = f"A structure of the form {drawn[0]} was expected to be like {drawn[1]}"
    return words


FAMILIES: Final = [
    Family(
        "tf-argument-dtype",
        library="tensorflow",
        exceptions=("TypeError", "ValueError", "InvalidArgumentError"),
        patterns=[
            r"Values? passed to parameter '(?P<parameter>\w+)' has (?:a )?DataType (?:of )?(?P<found>\w+) not in (?:the )?list "
            r"of allowed "
            r"values: (?P<allowed>[\w, ]+)",
            r"Value for attr '(?P<parameter>\w+)' of (?P<found>\w+) is not in the list of allowed values: (?P<allowed>[\w, ]+)",
        ],
        needles=("list of allowed values",),
        headline="An operation was given {found} numbers, and it takes {some}",
        means="TensorFlow converts no dtypes by itself: each operation says which ones it computes with.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_dtype,
        raised=[
            tensorflow(
                "@tf.function\ndef f(x):\n    return tf.nn.conv2d(x, tf.ones((3, 3, 1, 2)), 1, 'SAME')\nf(tf.ones((1, 8, 8, 1), "
                "tf.uint8))\n",
                parameter="input", found="uint8",
            ),
            tensorflow(
                "with tf.Graph().as_default():\n    tf.reshape(tf.ones(6), [2, 6 / 2])\n",
                parameter="shape", found="float32", allowed="int32, int64",
            ),
            tensorflow(
                "tf.nn.conv2d(tf.ones((1, 8, 8, 1), tf.uint8), tf.ones((3, 3, 1, 2)), 1, 'SAME')\n", parameter="T", found="uint8"
            ),
        ],
    ),
    Family(
        "tf-nested-structure",
        library="tensorflow",
        exceptions=("ValueError", "TypeError"),
        patterns=[
            r"The two structures don't have the same (?:nested structure|sequence length|sequence type|number of elements|set of keys).*?"
            r"Entire first structure: (?P<first>[^A-Za-z<]+?) ?Entire second structure: (?P<second>[^A-Za-z<]+?)(?:$| [A-Za-z])",
            r"The two structures don't have the same (?:nested structure|sequence length|sequence type|number of elements|set of keys)",
        ],
        needles=("The two structures don't have the same",),
        headline="{told}",
        means="TensorFlow walks through both at once, so lists, tuples and dicts must have the same keys and lengths in both; a "
            "dot stands "
        "for one tensor.",
        causes=(
            "A loop body, a step of an RNN cell or a function of map returns more or fewer values than it takes, a tuple where it took a "
            "list, or one tensor where it took several.",
            "y has another form than the outputs of the model: one array for a list of outputs, or a dict with other names.",
        ),
        changes=(
            "Return exactly the structure that comes in: while_loop(cond, body, [i, x]) wants a body that returns [i + 1, x]; print both "
            "with tf.nest.map_structure(lambda t: t.shape, x).",
        ),
        derive=_nested,
        raised=[
            tensorflow("tf.nest.assert_same_structure([1, 2], [1, 2, 3])\n", first="[., .]", second="[., ., .]"),
            tensorflow("tf.nest.map_structure(lambda a, b: a, [1, 2], [1, (2, 3)])\n", first="[., .]", second="[., (., .)]"),
            tensorflow(
                "tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1,), (tf.constant(0), tf.ones(2)))\n",
                first="[., .]", second="[.]",
            ),
            tensorflow(
                "@tf.function\ndef f():\n    return tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, (x, x)), "
                "(tf.constant(0), tf.ones(2)))\nf()\n"
            ),
        ],
    ),
    Family(
        "tf-map-gives-nothing",
        library="tensorflow",
        exceptions=("InvalidArgumentError",),
        patterns=[r"Length for attr 'output_(?:shapes|types)' of 0 must be at least minimum 1"],
        needles=("must be at least minimum 1",),
        headline="The function that is given to Dataset.map returns nothing",
        means="Each element of the new Dataset is what the function returns, and there is none.",
        causes=("return is missing, or the function returns None, an empty tuple or an empty list.",),
        changes=("End the function with return x, y.",),
        raised=[
            tensorflow("def f(x):\n    x + 1\ntf.data.Dataset.range(3).map(f)\n"),
            tensorflow("tf.data.Dataset.range(3).map(lambda x: ())\n"),
        ],
    ),
    Family(
        "tf-output-signature",
        library="tensorflow",
        exceptions=("TypeError",),
        patterns=[r"`output_signature` must contain objects that are subclass of `tf\.TypeSpec` but found <class '(?P<found>[\w.]+)'>"],
        needles=("`output_signature` must contain",),
        headline="output_signature holds a {kind}, where tf.TensorSpec is wanted",
        means="Every tensor that the generator yields is described by a tf.TensorSpec; several stand in a tuple, not in a list.",
        causes=("A list in place of a tuple, or a dtype in place of a TensorSpec.",),
        changes=("Write output_signature=(tf.TensorSpec((None, 3), tf.float32), tf.TensorSpec((), tf.int32)).",),
        derive=lambda groups: {"kind": str(groups["found"]).rpartition(".")[2]},
        raised=[
            tensorflow(
                "spec = tf.TensorSpec((), tf.int32)\ntf.data.Dataset.from_generator(lambda: [1], output_signature=([spec], spec))\n",
                found="list",
            ),
            tensorflow("tf.data.Dataset.from_generator(lambda: [1], output_signature=tf.int32)\n"),
        ],
    ),
    Family(
        "tf-unstack-count",
        library="tensorflow",
        exceptions=("InvalidArgumentError", "ValueError"),
        patterns=[rf"Input shape axis (?P<axis>\d+) must equal (?P<expected>\d+), got shape (?P<shape>{SHAPE})"],
        needles=("Input shape axis",),
        headline="Axis {axis} must have {expected} entries to be taken apart, and the shape is {shape}",
        means="unstack gives one tensor for each entry of an axis. Functions for pictures take the shape apart: 3 numbers for "
            "height, width "
        "and channels, 4 with the batch.",
        causes=("A picture has no channel axis (a grey one), or a single picture stands where a batch is wanted.",),
        changes=("Read pictures with channels=3, tf.io.decode_image(..., channels=3); add the batch with x[tf.newaxis].",),
        raised=[tensorflow("tf.unstack(tf.ones((3, 2)), num=4)\n", axis=0, expected=4, shape=(3, 2))],
    ),
    Family(
        "tf-no-tensor",
        library="tensorflow",
        exceptions=("TypeError", "ValueError"),
        patterns=[
            r"Failed to convert object of type <class '(?P<found>[\w.]+)'> to Tensor",
            r"Failed to convert elements of <?(?P<found>\w+)[ (\[].* to Tensor\. Consider casting elements",
        ],
        needles=("Failed to convert object of type", "Failed to convert elements of"),
        headline="A {kind} stands where a tensor is needed",
        means="Operations compute on tensors, arrays and numbers; this is something else.",
        causes=(
            "A Dataset was given to an operation: its elements are reached with map; dataset.apply takes a function of a Dataset.",
            "A list holds None, text or rows of several lengths.",
        ),
        changes=("Call dataset.map(function), or loop over the dataset; print type(x) and what is in it.",),
        derive=lambda groups: {"kind": str(groups["found"]).rpartition(".")[2].strip("_")},
        raised=[
            tensorflow(
                "@tf.function\ndef f(x):\n    return tf.expand_dims(tf.data.Dataset.range(3), 0)\nf(1)\n", found="_RangeDataset"
            ),
            # TensorFlow 1.4 to 2.0.
            text(
                "TypeError: Failed to convert object of type <class 'tensorflow.python.data.ops.dataset_ops._VariantDataset'> to Tensor. "
                "Contents: <_VariantDataset shapes: (2,), types: tf.int64>. Consider casting elements to a supported type.",
                found="tensorflow.python.data.ops.dataset_ops._VariantDataset",
            ),
        ],
    ),
    Family(
        "keras-tree-length",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"(?P<kind>list|tuple|dict) arity mismatch; expected: (?P<expected>\d+), got: (?P<found>\d+)"],
        needles=("arity mismatch; expected",),
        headline="A {kind} has {found} parts where {expected} are expected",
        means="Keras walks through two nested structures at once, so both must have the same lengths and keys.",
        causes=("A call() or a loss gets or gives another number of tensors than the model has inputs or outputs.",),
        changes=("Print both structures, and return as many parts as were taken.",),
        raised=[keras_3("keras.tree.map_structure(lambda a, b: a, [1, 2], [1, 2, 3])\n", kind="list", expected=2, found=3)],
    ),
    Family(
        "tf-list-shape",
        library="tensorflow",
        exceptions=("InvalidArgumentError",),
        patterns=[rf"Specified a list with shape (?P<expected>{SHAPE}) from a tensor with shape (?P<found>{SHAPE})"],
        needles=("Specified a list with shape",),
        headline="A recurrent layer was built for batches of {expected}, but this batch is {found}",
        means="The shape of one timestep was fixed when the layer was built: the first number is the batch size, the second the "
            "features.",
        causes=(
            "batch_input_shape or stateful=True fixes the batch size, and the last batch, or that of predict, is smaller.",
            "The features of the data differ from those of the declared input.",
        ),
        changes=(
            "Give a number of samples that the batch size divides: n = len(x) // batch_size * batch_size; x = x[:n], and the same "
            "batch_size to predict; or declare input_shape without the batch where the layer need not be stateful.",
        ),
        raised=[
            tensorflow("tf.raw_ops.TensorListFromTensor(tensor=tf.ones((24, 2)), element_shape=[25])\n", expected=(25,), found=(2,)),
            # TensorFlow 2.0 to 2.8, an LSTM with batch_input_shape.
            text(
                "InvalidArgumentError:  Specified a list with shape [25,2] from a tensor with shape [24,2]\n\t [[node "
                "sequential_9/lstm_23/TensorArrayUnstack/TensorListFromTensor (defined at training.py:1629) ]] "
                "[Op:__inference_predict_function_401589]\n\nFunction call stack:\npredict_function",
                expected=(25, 2), found=(24, 2),
            ),
        ],
    ),
    Family(
        "tf-signature",
        library="tensorflow",
        exceptions=("TypeError", "ValueError"),
        patterns=[
            rf"Can not cast TensorSpec\(shape=(?P<found>{SHAPE}), dtype=tf\.(?P<dtype>\w+), name=\S+\) to TensorSpec\(shape="
            rf"(?P<expected>{SHAPE}), dtype=tf\.(?P<wanted>\w+)",
            r"Python inputs incompatible with input_signature",
        ],
        needles=("Can not cast TensorSpec", "incompatible with input_signature"),
        headline="{told}",
        means="A tf.function with an input_signature, or a model that was loaded from a SavedModel, takes that shape and dtype only.",
        causes=("The data has another shape or dtype, or is a NumPy array of another kind.",),
        changes=("Convert the data: tf.convert_to_tensor(x, dtype), and add the axis that is missing: x[tf.newaxis].",),
        derive=lambda groups: {
            "told": f"The function takes {groups['expected']} {groups['wanted']}, but was given {groups['found']} {groups['dtype']}"
            if "found" in groups
            else "The function was given arrays that its input_signature does not allow"
        },
        raised=[
            tensorflow(
                "@tf.function(input_signature=[tf.TensorSpec((None, 3))])\ndef f(x):\n    return x\nf(tf.ones((2, 4)))\n",
                found=(2, 4), expected=(None, 3), dtype="float32", wanted="float32",
            ),
            # TensorFlow 2.0 to 2.11.
            text("ValueError: Python inputs incompatible with input_signature:\n  inputs: (\n    [[[39 38 37]]])\n  input_signature: ("),
        ],
    ),
    Family(
        "keras-called-with-shape",
        library="keras",
        exceptions=(),
        patterns=[
            rf"Model was constructed with shape (?P<expected>{SHAPE}) for input .*?but it was called on an input with incompatible shape "
            rf"(?P<found>{SHAPE})"
        ],
        needles=("Model was constructed with shape",),
        headline="The model was made for {want}, but it was called with {got}",
        means="It is a warning: a layer further on may still fail, or compute something that was not meant.",
        causes=("A single sample has no batch axis, or pictures were resized to another size than the model was made for.",),
        changes=("Bring the data to that shape: x[np.newaxis] for a single sample, target_size=... where pictures are loaded.",),
        derive=lambda groups: {"want": shape_words(groups["expected"]), "got": shape_words(groups["found"])},
        raised=[
            # TensorFlow 2.2 to 2.15, in the log.
            text(
                "WARNING:tensorflow:Model was constructed with shape (None, 96, 96, 3) for input Tensor(\"input_10:0\", "
                "shape=(None, 96, 96, "
                "3), dtype=float32), but it was called on an input with incompatible shape (None, 96, 3).",
                expected=(None, 96, 96, 3), found=(None, 96, 3),
            ),
        ],
    ),
    Family(
        "tf-prediction-range",
        library="tensorflow",
        exceptions=("InvalidArgumentError",),
        patterns=[r"predictions must be (?:[<>]= [01]|in \[0, 1\])"],
        needles=("predictions must be",),
        headline="A metric such as AUC or Precision needs outputs between 0 and 1, and some are not",
        means="These metrics compare outputs with thresholds between 0 and 1, so the model has to give probabilities.",
        causes=("The last layer has no sigmoid or softmax, or the outputs have become nan: training has diverged.",),
        changes=(
            "End with Dense(1, activation='sigmoid'); for nan lower the learning rate and look for nan in the data: np.isnan(x).any().",
        ),
        raised=[
            tensorflow(
                "t = tf.compat.v1\nwith tf.Graph().as_default(), t.Session() as s:\n"
                "    value, update = t.metrics.auc(np.ones(2), np.ones(2) * 3.0)\n    s.run(t.local_variables_initializer())\n"
                "    s.run(update)\n",
            ),
            # Keras of TensorFlow 2.0 to 2.15, within model.fit.
            text(
                "InvalidArgumentError: Graph execution error:\n\nassertion failed: [predictions must be <= 1] [Condition x <= y "
                "did not hold "
                "element-wise:] [x (model/dense/Sigmoid:0) = ] [[[nan][nan][nan]]...] [y (Cast_4/x:0) = ] [1]"
            ),
        ],
    ),
    Family(
        "tf-variable-shape",
        library="tensorflow",
        exceptions=("ValueError",),
        patterns=[
            rf"the initial value's shape \((?P<value>{SHAPE})\) is not compatible with the explicitly supplied `shape` argument "
            rf"\((?P<declared>{SHAPE})\)",
        ],
        needles=("the initial value's shape",),
        headline="A variable is declared as {declared}, but its first value is {value}",
        means="tf.Variable(value, shape=...) keeps the declared shape, so the value has to have it; None stands for any size.",
        causes=("The value was loaded or computed for another vocabulary, number of classes or of features than the one declared.",),
        changes=("Leave shape away, or take it from the value: shape=value.shape; for a layer, take the size from the matrix.",),
        raised=[
            tensorflow("tf.Variable(tf.ones((3, 4)), shape=(3, 5))\n", value=(3, 4), declared=(3, 5)),
            tensorflow("tf.Variable(np.ones((11, 4)), shape=tf.TensorShape([10, 4]))\n", value=(11, 4), declared=(10, 4)),
        ],
    ),
]  # fmt: skip
