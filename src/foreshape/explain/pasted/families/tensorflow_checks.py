"""What TensorFlow says about dtypes of constants, pictures, records, scattered values, CTC and its own assertions."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import tensorflow, text

INVALID: Final = ("InvalidArgumentError", "ValueError")
TYPE: Final = ("TypeError", "ValueError")
GRAPH: Final = "tf.compat.v1.disable_eager_execution()\n"


def _constant(groups: dict[str, Any]) -> dict[str, Any]:
    value = str(groups["value"])
    if "list containing Tensors" in value:
        return {"shown": "A list of tensors", "mend": "Join the tensors of a list first, tf.stack([...]); for tf.concat the list "
                "comes first and the axis second."}  # fmt: skip
    return {
        "shown": value,
        "mend": "Make the tensor float where it is made, tf.cast(x, tf.float32); an option such as momentum is written 0.0, not 0.",
    }


def _picture(groups: dict[str, Any]) -> dict[str, Any]:
    return {"got": f", and this one is {groups['shape']}" if "shape" in groups else ""}


def _lengths(groups: dict[str, Any]) -> dict[str, Any]:
    if "required" in groups:
        return {"told": f"A label needs {groups['required']} timesteps, and the network gives {groups['steps']}"}
    return {"told": f"An input length is larger than the {groups['steps']} timesteps that the network gives"}


FAMILIES: Final = [
    Family(
        "tf-constant-dtype",
        library="tensorflow",
        exceptions=TYPE,
        patterns=[
            r"Expected (?P<dtype>\w+)(?: passed to parameter '\w+' of op '\w+')?, got (?P<value>.+?) of type '(?P<kind>\w+)' instead",
            r"Cannot convert (?P<value>.+?) to EagerTensor of dtype (?P<dtype>\w+)",
        ],
        needles=("instead", "to EagerTensor of dtype"),
        headline="{shown} meets a tensor of {dtype} and cannot become one",
        means="A plain number takes the dtype of the tensor that it meets, and {dtype} cannot hold this one.",
        causes=(
            "Labels or images are whole numbers, and a loss or a metric adds 1e-07 to them or divides them.",
            "A shape or a size was computed with / and is decimal.",
        ),
        changes=("{mend}",),
        derive=_constant,
        raised=[
            tensorflow("tf.constant([1.5, 2], dtype=tf.int32)\n", value="[1.5, 2]", dtype="int32"),
            # TensorFlow 1 and 2.0 to 2.3.
            text("TypeError: Expected int32, got 1e-07 of type 'float' instead.", value="1e-07", dtype="int32", kind="float"),
            text("TypeError: Expected int32, got list containing Tensors of type '_Message' instead.", dtype="int32"),
        ],
    ),
    Family(
        "tf-operand-dtypes",
        library="tensorflow",
        exceptions=TYPE,
        patterns=[
            r"Input '(?P<name>\w+)' of '(?P<op>\w+)' Op has type (?P<found>\w+) that does not match expected type of (?P<expected>\w+)",
            r"x and y must have the same dtype, got tf\.(?P<found>\w+) != tf\.(?P<expected>\w+)",
        ],
        needles=("that does not match expected type", "x and y must have the same dtype"),
        headline="A tensor of {found} was given where {expected} is wanted",
        means="TensorFlow converts no tensor by itself.",
        causes=("Labels and predictions were given in the wrong order, or data of whole numbers was not converted.",),
        changes=("tf.cast(x, tf.{expected}) for the one that differs; predictions are float32, class numbers int32 or int64.",),
        raised=[
            tensorflow(GRAPH + "tf.nn.in_top_k(tf.constant([1]), tf.constant([[1]]), 1)\n", found="int32", expected="float32"),
            # TensorFlow 1.
            text("TypeError: x and y must have the same dtype, got tf.float32 != tf.int32", found="float32", expected="int32"),
        ],
    ),
    Family(
        "tf-operation-rank",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[
            r"Shape must be rank (?P<expected>\d+) but is rank (?P<found>\d+)(?: for '(?:\{\{node )?(?P<node>[^'} ]+))?",
            r"must have rank (?P<expected>\d+)\. +Received rank (?P<found>\d+)",
            r"rank of shape must be at least (?P<expected>\d+) not: (?P<found>\d+)",
            r"Expected input \d+ to have rank (?P<expected>\d+) but got: (?P<found>\d+)",
        ],
        needles=("rank",),
        headline="{axes} given where {expected} {are} needed{where}",
        means="rank is the number of axes, the batch axis included.",
        causes=("The data has an axis more or less than the operation reads: channels, timesteps, or a batch axis that was lost.",),
        changes=("Print x.shape before this line; add an axis with x[..., tf.newaxis], remove one of size 1 with tf.squeeze(x, -1).",),
        derive=lambda groups: {
            "where": f" ({groups['node']})" if "node" in groups else "",
            "axes": "1 axis was" if groups["found"] == 1 else f"{groups['found']} axes were",
            "are": "is" if groups["expected"] == 1 else "are",
        },
        raised=[
            tensorflow(GRAPH + "tf.tile(tf.compat.v1.placeholder(tf.float32, (None, 22, 1)), [1, "
                "2])\n", expected=3, found=2, node="Tile"),
            tensorflow("tf.debugging.assert_rank(tf.zeros((2, 3)), 3)\n", expected=3, found=2),
            tensorflow("tf.einsum('ijk', tf.zeros((2, 3)))\n", expected=3, found=2),
        ],
    ),
    Family(
        "tf-scatter-range",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[
            r"indices(?:\[[\d, ]*\])? = (?P<index>\[[-\d, ]+\]) does not index into (?:param )?shape (?P<shape>\[[\d, ]+\])",
            r"indices = (?P<single>-?\d+) is not in \[0, (?P<size>\d+)\)",
        ],
        needles=("does not index into", "indices = "),
        headline="Index {which} lies outside of {place}",
        means="On each axis the index must be from 0 to the size less one.",
        causes=("Positions were counted for a larger picture or another layer (pooling halves them), or from 1.",),
        changes=("Print the largest index on each axis, tf.reduce_max(indices, axis=0), and compare it with the shape.",),
        derive=lambda groups: {
            "which": groups.get("index", groups.get("single")),
            "place": f"a tensor of {groups['shape']}" if "shape" in groups else f"an axis of {groups['size']}",
        },
        raised=[
            tensorflow("tf.scatter_nd([[5]], [1.], [3])\n", index=(5,), shape=(3,)),
            tensorflow("tf.gather(tf.zeros(3), 5)\n", single=5, size=3),
        ],
    ),
    Family(
        "tf-scatter-updates",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[
            r"must match dimensions \[\d+,\d+\) of updates\[shape=(?P<updates>\[[\d,]*\])\]",
            r"index innermost dimension length must be <= params rank; saw: (?P<index>\d+) vs\. (?P<rank>\d+)",
        ],
        needles=("of updates[shape=", "index innermost dimension length"),
        headline="The indices do not fit the values, or have more numbers than the tensor has axes",
        means="Each row of indices is one place, (axis 0, axis 1, ...), and takes one value.",
        causes=("The indices are one row where a column is meant, or one was forgotten.",),
        changes=("Indices are (places, axes): tf.constant([[0], [4]]) for two places of a vector; print both shapes.",),
        raised=[
            tensorflow("tf.scatter_nd([[1]], [1., 2.], [3])\n", updates=(2,)),
            tensorflow("tf.gather_nd(tf.zeros((3, 2)), [[0, 0, 0]])\n", index=3, rank=2),
        ],
    ),
    Family(
        "tf-queue-shape",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[r"Shape mismatch in tuple component (?P<part>\d+)\. Expected (?P<expected>\[[\d,]*\]), got (?P<found>\[[\d,]*\])"],
        needles=("Shape mismatch in tuple component",),
        headline="A sample is {found} where the queue was made for {expected}",
        means="Samples that are queued into batches must have one shape.",
        causes=("A picture has other channels (grey, or with transparency) or another size than the first.",),
        changes=("Decode with a fixed number, tf.image.decode_jpeg(data, channels=3), and resize before batching.",),
        raised=[
            # TensorFlow 1.
            text("InvalidArgumentError: Shape mismatch in tuple component 0. Expected [64,64,3], got [64,64,1]",
                 part=0, expected=(64, 64, 3), found=(64, 64, 1)),
        ],
    ),
    Family(
        "tf-ctc-lengths",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[
            r"sequence_length\(\d+\) <= (?P<steps>\d+)",
            r"Not enough time for target transition sequence \(required: (?P<required>\d+), available: (?P<steps>\d+)\)",
        ],
        needles=("sequence_length(", "Not enough time for target"),
        headline="{told}",
        means="CTC gives at most one letter per timestep, and needs one more between two equal letters.",
        causes=("Pooling and strides made the sequence shorter than the lengths that were given, or the picture is too narrow.",),
        changes=("Compute input_length from the output, y_pred.shape[1], after all pooling; pool less along the width.",),
        derive=_lengths,
        raised=[
            tensorflow("tf.compat.v1.nn.ctc_loss(tf.sparse.from_dense([[1, 2]]), tf.zeros((5, 1, 3)), [9])\n", steps=5),
            tensorflow("tf.compat.v1.nn.ctc_loss(tf.sparse.from_dense([[1, 2, 1, 2, 1, 2]]), tf.zeros((5, 1, 4)), [5])\n",
                       required=6, steps=5),
        ],
    ),
    Family(
        "tf-assertion",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[
            r"(?P<said>(?:assertion failed: )?\[?[^\[\]]{0,90}?\]?) ?\[?Condition x (?P<sign>==|<|<=|>|>=) y did not hold",
        ],
        needles=("y did not hold",),
        headline="A check of the program or of a library failed: x {sign} y was expected",
        means="tf.debugging.assert_... compares two tensors while the model runs; their values stand in the message after x and y.",
        causes=("Two lists that belong together (boxes and labels, predictions and classes) have different lengths, or a class number is "
                "not below the number of classes.",),
        changes=("Look at the two values in the message, and print the shapes of both where the data is read.",),
        raised=[
            # TensorFlow 1.
            text(
                "InvalidArgumentError: assertion failed: [Groundtruth boxes and labels have incompatible shapes!] [Condition x == y "
                "did not hold element-wise:] [x (assert_equal/x:0) = ] [3] [y (assert_equal/y:0) = ] [2]", sign="==",
            ),
            tensorflow("tf.math.confusion_matrix([0, 5], [0, 1], num_classes=2)\n", sign="<"),
        ],
    ),
    Family(
        "tf-picture-axes",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[
            r"'images?' (?:\(shape (?P<shape>\([\d, ]*\))\) )?must (?:have either 3 or 4 dimensions|be at least "
            r"three-dimensional|contain (?:either )?3)",
            r"Last dimension of a grayscale image should be size 1",
        ],
        needles=("'image", "grayscale image"),
        headline="tf.image takes pictures with channels{got}",
        means="A picture is (height, width, channels), a batch (batch, height, width, channels); grey ones have 1 channel.",
        causes=("A grey picture has no channel axis, or rows of pixels were not reshaped to a picture.",),
        changes=("Add the axis, x[..., tf.newaxis], or reshape rows first: tf.reshape(x, (-1, 28, 28, 1)).",),
        derive=_picture,
        raised=[
            tensorflow("tf.image.resize(tf.zeros((4, 4)), (2, 2))\n"),
            tensorflow("tf.image.flip_left_right(tf.zeros((4, 4)))\n", shape=(4, 4)),
            tensorflow("tf.image.grayscale_to_rgb(tf.zeros((4, 4, 3)))\n"),
        ],
    ),
    Family(
        "tf-picture-size",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[r"'size' must be a 1-D (?:int32 )?Tensor", r"(?:width|height) must be >= target \+ offset", r"Need value\.shape "
            r">= size, got"],
        needles=("'size' must be", "must be >= target", "Need value.shape >= size"),
        headline="The new size of the picture is no pair of whole numbers, or larger than the picture",
        means="resize takes (height, width); crops must fit into the picture.",
        causes=("One number was given for both, a size was computed with /, or pictures are smaller than believed.",),
        changes=("tf.image.resize(x, (224, 224)); resize before you crop; compute sizes with //.",),
        raised=[
            tensorflow("tf.image.resize(tf.zeros((4, 4, 3)), 2)\n"),
            tensorflow("tf.image.crop_to_bounding_box(tf.zeros((4, 4, 3)), 0, 0, 9, 9)\n"),
        ],
    ),
    Family(
        "tf-record-fields",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[
            r"Feature: (?P<key>\S+) \(data type: \w+\) is required but could not be found",
            r"Key: (?P<key>\S+?)\. +(?:Can't parse serialized Example|Data types don't match)",
        ],
        needles=("is required but could not be found", "Can't parse serialized", "Data types don't match"),
        headline="The records do not hold the field {key} as it was declared",
        means="FixedLenFeature says name, shape and dtype of a field, and all must be those that were written.",
        causes=("The name is spelt otherwise, the field has another number of values, or it was written as int64 and read as float.",),
        changes=("Print tf.train.Example.FromString(next(iter(dataset)).numpy()); use VarLenFeature for fields of several lengths.",),
        raised=[
            tensorflow("tf.io.parse_single_example(b'', {'a': tf.io.FixedLenFeature([], tf.float32)})\n", key="a"),
        ],
    ),
    Family(
        "tf-vector-length",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[
            r"Expected multiples argument to be a vector of length (?P<axes>\d+) but got length (?P<given>\d+)",
            r"The first dimension of paddings must be the rank of inputs ?\[(?P<given>\d+),2\]",
        ],
        needles=("Expected multiples argument", "The first dimension of paddings"),
        headline="tile and pad need one entry for each axis, and {given} {were} given",
        means="The entries are for the axes in their order, the batch axis first.",
        causes=("The batch axis was forgotten, or the tensor has an axis more than believed.",),
        changes=("Write 1 (tile) or [0, 0] (pad) for axes that stay: tf.tile(x, [1, 5, 1]), tf.pad(x, [[0, 0], [1, 1]]).",),
        derive=lambda groups: {"were": "was" if groups["given"] == 1 else "were"},
        raised=[
            tensorflow("tf.tile(tf.zeros((2, 3)), [2])\n", axes=2, given=1),
            tensorflow("tf.pad(tf.zeros((2, 3)), [[1, 1]])\n", given=1),
        ],
    ),
    Family(
        "tf-padded-shape",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[r"The padded shape (?P<padded>\([\w, ]*\)) is not compatible with the shape (?P<shape>\([\w, ]*\))"],
        needles=("The padded shape",),
        headline="padded_batch is to pad to {padded}, and the samples are {shape}",
        means="Padding makes axes longer; it adds none and takes nothing away.",
        causes=("The samples have another number of axes, or are longer than the padded shape.",),
        changes=("Use None for axes that are padded to the longest of the batch: padded_shapes=([None], []).",),
        raised=[
            tensorflow("list(tf.data.Dataset.from_tensor_slices(np.zeros((2, 5))).padded_batch(2, padded_shapes=[3]))\n",
                       padded=(3,), shape=(5,)),
        ],
    ),
    Family(
        "tf-scalar-data",
        library="tensorflow",
        exceptions=("ValueError", "TypeError", "InvalidArgumentError"),
        patterns=[r"Unbatching a tensor is only supported for rank >= 1", r"Can't concatenate scalars", r"Scalar tensor has no `len\(\)`",
                  r"all scalar values must have the same nesting depth"],
        needles=("Unbatching a tensor", "concatenate scalars", "Scalar tensor has no", "same nesting depth"),
        headline="Single numbers stand where a list or an array is needed",
        means="A number has no axis that it could be cut, joined or counted along.",
        causes=("One sample was given for many, or numbers and lists are mixed on one level.",),
        changes=("Put single numbers into a list, [5]; join them with tf.stack; make every row a list.",),
        raised=[
            tensorflow("tf.data.Dataset.from_tensor_slices(5)\n"),
            tensorflow("tf.concat([1, 2], 0)\n"),
            tensorflow("tf.ragged.constant([[1, 2], 3])\n"),
        ],
    ),
    Family(
        "tf-bare-dimension",
        library="tensorflow",
        exceptions=INVALID,
        patterns=[r"^Dimension (?P<axis>\d+) in both shapes must be equal$"],
        needles=("in both shapes must be equal",),
        headline="Two tensors that must be alike on axis {axis} are not",
        means="The sizes and the two shapes stand after this sentence in the whole message.",
        causes=("Weights were saved for another number of classes or channels, or branches that are joined differ in size.",),
        changes=("Look at the shapes in the whole message; build the model with the sizes of the saved one.",),
        raised=[text("ValueError: Dimension 0 in both shapes must be equal", axis=0)],
    ),
]  # fmt: skip
