"""What TensorFlow says about datasets, generators, dtypes, ragged tensors and functions; and what older Keras said of labels."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.layers import shape_words
from foreshape.explain.pasted.raisings import tensorflow, text
from foreshape.explain.pasted.sizes import counted, product

SHAPE: Final = r"[\[(][\w, ?]*[\])]"
GENERATOR: Final = (
    "def rows():\n    yield {value}\nspec = tf.TensorSpec({shape}, tf.float32)\n"
    "list(tf.data.Dataset.from_generator(rows, output_signature=spec))\n"
)


def _labels(groups: dict[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {"labels": groups["target"]}
    words["why"] = "The labels are class numbers, one per sample, and not one-hot."
    if "output" in groups:
        words["why"] = f"The model gives {shape_words(groups['output'])}."
    words["mend"] = (
        "Use loss='sparse_categorical_crossentropy' for class numbers, or make them one-hot with to_categorical(y)."
        if "categorical" in groups["loss"]
        else "Give the last layer as many units as y has columns, or y as many columns as the last layer has units."
    )
    return words


def _fed(groups: dict[str, Any]) -> dict[str, Any]:
    """What differs between a placeholder and the array that is given to it."""
    found, expected = groups["found"], groups["expected"]
    words = {"mend": "Bring the data to that shape before feed_dict, or declare the placeholder for what the data is."}
    if not (isinstance(found, tuple) and isinstance(expected, tuple)):
        return words
    if len(found) == len(expected):
        axes = [axis for axis, (a, b) in enumerate(zip(found, expected)) if b is not None and a != b]
        words["why"] = (
            "They differ on " + " and ".join(f"axis {a} ({found[a]} in place of {expected[a]})" for a in axes) + "."
        )
        if axes == [0]:
            words["why"] += " That is the batch: the last batch is often shorter."
            words["mend"] = (
                "Declare the first axis as None, which takes any batch, or leave the last, shorter batch out."
            )
        return words
    rest = [size for size in expected[1:] if size is not None]
    if len(rest) == len(expected) - 1 and found and product(found[1:]) == product(rest):
        words["why"] = f"Both hold {product(rest)} values per sample, on other axes."
        words["mend"] = f"Reshape it before feed_dict: x.reshape({', '.join(str(size) for size in (-1, *rest))})."
    else:
        words["why"] = f"The data has {counted(len(found), 'axis', 'axes')}, the placeholder {len(expected)}."
    return words


FAMILIES: Final = [
    Family(
        "tf-batch-shapes",
        library="tensorflow",
        exceptions=("InvalidArgumentError",),
        patterns=[
            rf"Cannot (?:batch|add) tensors? (?:with different shapes in component (?P<component>\d+)|to the batch: .*?)\. First "
            rf"element had shape (?P<left>{SHAPE}) "
            rf"and element (?P<other>\d+) had shape (?P<right>{SHAPE})",
            rf"Cannot add tensor to the batch: number of elements does not match\. Shapes are: \[tensor\]: (?P<right>{SHAPE}), "
            rf"\[batch\]: (?P<left>{SHAPE})",
        ],
        needles=("Cannot batch tensors", "Cannot add tensor to the batch"),
        headline="Samples of {left} and {right} cannot stand in one batch",
        means="A batch is one tensor, so all of its samples have one shape.",
        causes=("Images of several sizes, or some with an alpha channel; sequences of several lengths.",),
        changes=("Resize images (tf.image.resize, decode with channels=3) before .batch(), and pad sequences with .padded_batch(32).",
            ),
        raised=[
            tensorflow(
                "def rows():\n    yield np.ones(3)\n    yield np.ones(4)\n"
                "data = tf.data.Dataset.from_generator(rows, output_signature=tf.TensorSpec((None,), "
                "tf.float32))\nlist(data.batch(2))\n",
                component=0, left=(3,), other=1, right=(4,),
            ),
            # TensorFlow 2.0 to 2.4.
            text(
                "InvalidArgumentError: Cannot add tensor to the batch: number of elements does not match. Shapes are: [tensor]: "
                "[200,200,4], "
                "[batch]: [200,200,3] [Op:IteratorGetNext]",
                left=(200, 200, 3), right=(200, 200, 4),
            ),
        ],
    ),
    Family(
        "tf-dataset-lengths",
        library="tensorflow",
        exceptions=("ValueError",),
        patterns=[r"^Dimensions (?P<first>\d+) and (?P<second>\d+) are not compatible"],
        needles=("are not compatible",),
        headline="The parts of a Dataset have different numbers of samples: {first} and {second}",
        means="from_tensor_slices cuts all parts along the first axis, so x and y need the same size there.",
        causes=("Windows were cut from x but y kept all its rows; or a list of two arrays is given where a tuple is meant.",),
        changes=("Print x.shape and y.shape, cut both the same way, and write from_tensor_slices((x, y)) with a tuple.",),
        raised=[tensorflow("tf.data.Dataset.from_tensor_slices((np.ones((3, 2)), np.ones(4)))\n", first=3, second=4)],
    ),
    Family(
        "tf-generator-shape",
        library="tensorflow",
        exceptions=("TypeError", "InvalidArgumentError"),
        patterns=[rf"`generator` yielded an element of shape (?P<found>{SHAPE}) where an element of shape (?P<expected>{SHAPE}) was "
            rf"expected"],
        needles=("`generator` yielded an element of shape",),
        headline="The generator gives {found}, but the Dataset was declared for {expected}",
        means="Every element has the shape that output_signature or output_shapes says; None allows any size there.",
        causes=("The shape was declared with a batch axis while the generator gives single samples, or the other way round.",),
        changes=("Declare what the generator gives: tf.TensorSpec({found}, tf.float32), with None where sizes differ.",),
        raised=[tensorflow(GENERATOR.format(value="np.ones((3, 2))", shape="(None, 3)"), found=(3, 2), expected=(None, 3))],
    ),
    Family(
        "tf-generator-type",
        library="tensorflow",
        exceptions=("TypeError", "InvalidArgumentError"),
        patterns=[r"`generator` yielded an element that (?:could not be converted to the expected type\. The expected type was "
            r"(?P<expected>\w+)|did not match the expected structure)"],
        needles=("`generator` yielded an element that",),
        headline="The generator gives something else than the Dataset was declared for",
        means="output_signature says how many parts an element has, and the dtype and shape of each.",
        causes=("A pair (x, y) where one part was declared, text where numbers were, or rows of several lengths.",),
        changes=("Declare a tuple for a pair: output_signature=(tf.TensorSpec(...), tf.TensorSpec(...)).",),
        raised=[
            tensorflow(GENERATOR.format(value="(np.ones((3, 3)), 1)", shape="(None, 3)"), expected="float32"),
            tensorflow(GENERATOR.format(value="'a'", shape="()"), expected="float32"),
        ],
    ),
    Family(
        "tf-dtypes",
        library="tensorflow",
        exceptions=("InvalidArgumentError", "TypeError", "ValueError"),
        patterns=[
            r"cannot compute (?P<operation>\w+) as input #(?P<input>\d+)\(zero-based\) was expected to be an? (?P<expected>\w+) "
            r"tensor but is an? (?P<found>\w+) tensor",
            r"Tensor conversion requested dtype (?P<expected>\w+) for Tensor with dtype (?P<found>\w+)",
            r"Input '\w+' of '(?P<operation>\w+)' Op has type (?P<found>\w+) that does not match type (?P<expected>\w+) of argument",
        ],
        needles=("was expected to be a", "Tensor conversion requested dtype", "that does not match type"),
        headline="A tensor of {found} meets one of {expected}",
        means="TensorFlow does not convert tensors by itself: both sides of an operation need one dtype.",
        causes=("NumPy makes float64, labels and token numbers are whole numbers, and layers compute in float32.",),
        changes=("Convert one of them: tf.cast(x, tf.float32), or x.astype('float32') for arrays before they become tensors.",),
        raised=[
            tensorflow("tf.ones((2, 3)) + tf.ones((2, 3), tf.int32)\n", operation="AddV2", input=1, expected="float", found="int32"),
            tensorflow("tf.ones((2, 3), tf.float64) @ tf.ones((3, 3))\n", operation="MatMul", input=1, expected="double",
                found="float"),
            tensorflow("tf.convert_to_tensor(tf.ones(2), dtype=tf.int64)\n", expected="int64", found="float32"),
            tensorflow("tf.function(lambda a, b: a @ b)(tf.ones((2, 3)), tf.ones((3, 3), tf.int32))\n", operation="MatMul",
                found="int32", expected="float32"),
        ],
    ),
    Family(
        "tf-number-dtype",
        library="tensorflow",
        exceptions=("TypeError", "ValueError"),
        patterns=[r"Cannot convert (?P<value>\S+) to EagerTensor of dtype (?P<dtype>\w+)"],
        needles=("to EagerTensor of dtype",),
        headline="{value} cannot become {dtype}, the dtype of the tensor that it meets",
        means="A Python number takes the dtype of the tensor beside it, and whole numbers have no place for decimals.",
        changes=("Convert the tensor first: tf.cast(x, tf.float32) * {value}.",),
        raised=[tensorflow("tf.constant([1, 2, 3]) * 1.5\n", value="1.5", dtype="int32")],
    ),
    Family(
        "tf-cast-text",
        library="tensorflow",
        exceptions=("UnimplementedError", "InvalidArgumentError"),
        patterns=[r"Cast string to (?P<dtype>\w+) is not supported",
            r"StringToNumberOp could not correctly convert string: (?P<value>.*)"],
        needles=("Cast string to", "StringToNumberOp"),
        headline="Text stands where numbers are needed",
        means="Text has to be turned into numbers before a model can compute with it.",
        causes=("Labels or columns of text were given to fit, or a file was read without a dtype.",),
        changes=("Number labels with LabelEncoder or keras.layers.StringLookup; read numbers with tf.strings.to_number, words with "
            "TextVectorization.",),
        raised=[
            tensorflow("tf.cast('a', tf.float32)\n", dtype="float"),
            tensorflow("tf.strings.to_number('a')\n", value="a"),
        ],
    ),
    Family(
        "tf-unknown-rank",
        library="tensorflow",
        exceptions=("ValueError",),
        patterns=[r"as_list\(\) is not defined on an unknown TensorShape", r"Cannot take the length of [Ss]hape with unknown rank",
            r"Input has undefined rank"],
        needles=("unknown TensorShape", "hape with unknown rank", "Input has undefined rank"),
        headline="The number of axes of this tensor is not known, and it is needed here",
        means="py_function, numpy_function and generators without a declared shape give tensors whose shape TensorFlow cannot see.",
        changes=("Say the shape after it: x.set_shape((224, 224, 3)) in the map function, or output_signature in from_generator.",),
        raised=[
            tensorflow(
                "d = tf.data.Dataset.range(2).map(lambda i: tf.numpy_function(lambda k: np.ones(3), [i], tf.double))\n"
                "d.map(lambda x: tf.ones(x.shape.as_list()))\n"
            ),
            tensorflow(
                "d = tf.data.Dataset.range(2).map(lambda i: tf.numpy_function(lambda k: np.ones(3), [i], tf.double))\n"
                "d.map(lambda x: tf.ones(len(x.shape)))\n"
            ),
        ],
    ),
    Family(
        "tf-item-assignment",
        library="tensorflow",
        exceptions=("TypeError",),
        patterns=[r"'(?P<kind>[\w.]*(?:EagerTensor|SymbolicTensor|Tensor|KerasTensor|ResourceVariable))' object does not support "
            r"item assignment"],
        needles=("does not support item assignment",),
        headline="A tensor cannot be changed in place",
        means="x[0] = 1 is for arrays; a tensor stays as it is, and operations give new ones.",
        changes=("Use tf.tensor_scatter_nd_update, tf.where or tf.concat; or fill a NumPy array first and convert it at the end.",),
        raised=[tensorflow("tf.ones(3)[0] = 1\n")],
    ),
    Family(
        "tf-loop-shape",
        library="tensorflow",
        exceptions=("ValueError",),
        patterns=[rf"'(?P<name>\w+)' has shape (?P<before>{SHAPE}) before the loop, but shape (?P<after>{SHAPE}) after one iteration"],
        needles=("before the loop, but shape",),
        headline="{name} is {before} before the loop and {after} after one round",
        means="In tf.function a loop over tensors keeps the shape of its variables.",
        changes=("Collect in a tf.TensorArray and stack at the end; or allow it with "
            "tf.autograph.experimental.set_loop_options(shape_invariants=...).",),
        raised=[
            tensorflow(
                "@tf.function\ndef f(x):\n    i = tf.constant(0)\n    while i < 3:\n        x = tf.concat([x, x], 0)\n        i += "
                "1\n    return x\n"
                "f(tf.ones(2))\n",
                name="x", before=(2,), after=(4,),
            )
        ],
    ),
    Family(
        "tf-symbolic-values",
        library="tensorflow",
        exceptions=("NotImplementedError", "AttributeError", "OperatorNotAllowedInGraphError", "TypeError"),
        patterns=[
            r"Cannot convert a symbolic (?:tf\.)?(?:Keras|Tensor)\b.* to a numpy array",
            r"'(?:SymbolicTensor|Tensor|KerasTensor)' object has no attribute 'numpy'",
            r"[Uu]sing a (?:symbolic )?`tf\.Tensor` as a Python `bool` is not allowed",
            r"Cannot iterate over a scalar tensor",
        ],
        needles=("to a numpy array", "has no attribute 'numpy'", "as a Python `bool`", "over a scalar tensor"),
        headline="Numbers are asked of a tensor that has none yet, or only one",
        means="Inside tf.function, Dataset.map and a model tensors stand for data that comes later.",
        causes=("NumPy, .numpy(), if or a Python loop on a tensor inside of such a function.",),
        changes=("Use tf functions in place of NumPy, tf.cond or tf.where in place of if, or tf.py_function around NumPy code in a "
            "Dataset.",),
        raised=[
            tensorflow("@tf.function\ndef f(x):\n    return np.array(x)\nf(tf.ones(2))\n"),
            tensorflow("@tf.function\ndef f(x):\n    return x.numpy()\nf(tf.ones(2))\n"),
            tensorflow("@tf.function(autograph=False)\ndef f(x):\n    if x > 0:\n        return x\nf(tf.ones(()))\n"),
            tensorflow("for a in tf.constant(1):\n    pass\n"),
        ],
    ),
    Family(
        "tf-array-element",
        library="tensorflow",
        exceptions=("ValueError", "OutOfRangeError", "InvalidArgumentError"),
        patterns=[
            rf"Incompatible shape for value \((?P<found>{SHAPE})\), expected \((?P<expected>{SHAPE})\)",
            r"Tried to write to index (?P<index>\d+) but array is not resizeable and size is: (?P<size>\d+)",
        ],
        needles=("Incompatible shape for value", "Tried to write to index"),
        headline="{told}",
        means="A TensorArray has a fixed number of places, and all elements have the shape of the first.",
        changes=("Make it with tf.TensorArray(dtype, size=n, dynamic_size=True, infer_shape=False), or pad the elements to one shape.",),
        derive=lambda groups: {
            "told": f"An element of {groups['found']} does not fit into a TensorArray of {groups['expected']}"
            if "found" in groups
            else f"Index {groups['index']} lies beyond the {groups['size']} places of this TensorArray"
        },
        raised=[
            tensorflow("a = tf.TensorArray(tf.float32, 2)\na = a.write(0, tf.ones(2))\na.write(1, tf.ones(3))\n", found=(3,),
                expected=(2,)),
            tensorflow("tf.TensorArray(tf.float32, 2).write(2, tf.ones(2))\n", index=2, size=2),
        ],
    ),
    Family(
        "tf-ragged-lengths",
        library="tensorflow",
        exceptions=("InvalidArgumentError",),
        patterns=[r"Condition x == y did not hold\."],
        needles=("Condition x == y did not hold",),
        headline="Two ragged tensors have rows of different lengths, or an assertion that two values are equal failed",
        means="Ragged tensors combine row by row, and each pair of rows must be equally long.",
        changes=("Print row_lengths() of both; pad with to_tensor(shape=...) where they may differ.",),
        raised=[tensorflow("tf.ragged.constant([[1], [2, 3]]) + tf.ragged.constant([[1, 2], [2, 3]])\n")],
    ),
    Family(
        "tf-set-shape",
        library="tensorflow",
        exceptions=("ValueError", "InvalidArgumentError"),
        patterns=[
            rf"Tensor's shape (?P<found>{SHAPE}) is not compatible with supplied shape (?P<expected>{SHAPE})",
            rf"Shape of tensor \S+ (?P<found>{SHAPE}) is not compatible with expected shape (?P<expected>{SHAPE})",
        ],
        needles=("is not compatible with supplied shape", "is not compatible with expected shape"),
        headline="The tensor is {found}, but the program says that it is {expected}",
        means="set_shape and ensure_shape say what a shape is; they do not change it. Loading a checkpoint into another model says "
            "this too.",
        changes=("Correct the declared shape, or change the data with tf.reshape or tf.image.resize.",),
        raised=[
            tensorflow("tf.ones((3, 2)).set_shape((3, 3))\n", found=(3, 2), expected=(3, 3)),
            tensorflow("tf.ensure_shape(tf.ones((3, 2)), (3, 3))\n", found=(3, 2), expected=(3, 3)),
        ],
    ),
    Family(
        "tf-first-version",
        library="tensorflow",
        exceptions=("AttributeError",),
        patterns=[r"module 'tensorflow' has no attribute "
            r"'(?P<name>placeholder|Session|get_variable|global_variables_initializer|layers|contrib|log|to_float|set_random_seed|app|flags|reset_default_graph|variable_scope|get_default_graph|ConfigProto)'"],
        needles=("module 'tensorflow' has no attribute",),
        headline="tf.{name} belongs to TensorFlow 1 and is not in this version",
        means="TensorFlow 2 runs line by line and has no sessions or placeholders; tf.contrib is gone.",
        changes=("Port the code to Keras or tf.function; much of it still runs with `import tensorflow.compat.v1 as tf` and "
            "tf.disable_v2_behavior().",),
        raised=[tensorflow("tf.placeholder(tf.float32)\n", name="placeholder"), tensorflow("tf.Session()\n", name="Session")],
    ),
    Family(
        "tf-feed-shape",
        library="tensorflow",
        exceptions=("ValueError",),
        patterns=[rf"Cannot feed value of shape (?P<found>{SHAPE}) for Tensor u?'?(?P<name>[^',]+)'?, which has shape "
            rf"'?(?P<expected>{SHAPE})'?"],
        needles=("Cannot feed value of shape",),
        headline="{name} takes {expected}, but it was fed {found}",
        means="A placeholder says which shape its data has; None allows any size.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_fed,
        raised=[
            tensorflow(
                "t = tf.compat.v1\nwith tf.Graph().as_default(), t.Session() as s:\n    p = t.placeholder(tf.float32, (None, 784))\n"
                "    s.run(p + 1, {p: np.ones((64, 28, 28))})\n",
                found=(64, 28, 28), name="Placeholder:0", expected=(None, 784),
            ),
        ],
    ),
    Family(
        "keras-target-array",
        library="keras",
        exceptions=("ValueError",),
        patterns=[
            rf"You are passing a target array of shape (?P<target>{SHAPE}) while using as loss `(?P<loss>\w+)`",
            rf"A target array with shape (?P<target>{SHAPE}) was passed for an output of shape (?P<output>{SHAPE}) while using as "
            rf"loss `(?P<loss>\w+)`",
        ],
        needles=("target array",),
        headline="The labels are {labels}, which does not fit the loss {loss}",
        means="The loss compares every value of the output with a label, so both need the same shape.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_labels,
        # Keras 2.0 to 2.3, TensorFlow 1 and 2.0 to 2.1.
        raised=[
            text(
                "ValueError: You are passing a target array of shape (1500, 1) while using as loss `categorical_crossentropy`. "
                "`categorical_crossentropy` expects targets to be binary matrices (1s and 0s) of shape (samples, classes).",
                target=(1500, 1), loss="categorical_crossentropy",
            ),
            text(
                "ValueError: A target array with shape (60, 3) was passed for an output of shape (None, 2) while using as loss "
                "`mse`. This loss "
                "expects targets to have the same shape as the output.",
                target=(60, 3), output=(None, 2), loss="mse",
            ),
        ],
    ),
    Family(
        "keras-stateful-samples",
        library="keras",
        exceptions=("ValueError",),
        patterns=[r"In a stateful network, you should only pass inputs with a number of samples that can be divided by the batch "
            r"size\. Found: (?P<samples>\d+) samples(?:\. Batch size: (?P<batch>\d+))?"],
        needles=("In a stateful network",),
        headline="{samples} samples cannot be cut into whole batches, which a stateful network needs",
        means="It keeps one state for each sample of a batch, so every batch has the same size.",
        changes=("Drop the rest, x[: len(x) // batch_size * batch_size], the same for y, and give fit that batch_size.",),
        # Keras 2.0 to 2.3, TensorFlow 1 and 2.0 to 2.1.
        raised=[
            text(
                "ValueError: In a stateful network, you should only pass inputs with a number of samples that can be divided by the "
                "batch size. "
                "Found: 330 samples. Batch size: 32.",
                samples=330, batch=32,
            )
        ],
    ),
    Family(
        "array-attribute",
        library="python",
        exceptions=("AttributeError",),
        patterns=[
            r"'(?P<kind>numpy\.ndarray|[\w.]*EagerTensor|Tensor|KerasTensor)' object has no attribute "
            r"'(?P<name>append|extend|iloc|loc|columns|values|head|"
            r"reshape|astype|numpy|to|cuda|unsqueeze|view|size|permute|index|lower|fit|predict|assign)'",
        ],
        needles=("object has no attribute",),
        headline="A {short} has no .{name}",
        means="It is another kind of object than the line expects: list, DataFrame, NumPy array and the tensors of each library "
            "have methods of their own.",
        causes=("A scaler, .values or train_test_split gives arrays where a DataFrame was; or code for another library is used.",),
        changes=("{mend}",),
        derive=lambda groups: {
            "short": {"numpy.ndarray": "NumPy array"}.get(groups["kind"], "tensor"),
            "mend": {
                "append": "Collect in a list and make the array once at the end; np.append(x, value) gives a new array.",
                "extend": "Collect in a list, and make the array once at the end.",
                "reshape": "Write tf.reshape(x, shape) or keras.ops.reshape.",
                "astype": "Write tf.cast(x, tf.float32), or x.float() in PyTorch.",
                "numpy": "It is a NumPy array already: leave .numpy() out.",
                "assign": "Only tf.Variable can be assigned: v = tf.Variable(x).",
                "to": "Make it a tensor first: torch.from_numpy(x).to(device).",
                "cuda": "Make it a tensor first: torch.from_numpy(x).cuda().",
                "unsqueeze": "For an array write x[np.newaxis], or torch.from_numpy(x).unsqueeze(0).",
            }.get(groups["name"], "Print type(x) before this line; pd.DataFrame(x) makes a table of an array, np.asarray(x) an "
                "array of a table."),
        },
        raised=[
            tensorflow("np.array([1, 2, 3]).append(4)\n", kind="numpy.ndarray", name="append"),
            tensorflow("np.ones((2, 2)).iloc[0]\n", kind="numpy.ndarray", name="iloc"),
            tensorflow("tf.ones(3).assign(1)\n", kind="tensorflow.python.framework.ops.EagerTensor", name="assign"),
        ],
    ),
]  # fmt: skip
