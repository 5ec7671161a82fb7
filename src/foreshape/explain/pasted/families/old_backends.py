"""What Theano said under Keras 1 and 2, and what cuDNN says under PyTorch and TensorFlow.

Theano cannot be installed beside the other frameworks, and cuDNN needs a GPU; the texts are those of their sources.
"""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family
from foreshape.explain.pasted.raisings import text
from foreshape.explain.pasted.sizes import counted

ANY: Final = ("ValueError", "TypeError", "AssertionError", "Exception")


def _axis(groups: dict[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {}
    if groups["axis"] == 1 and groups["left"] != groups["right"] and 1 not in (groups["left"], groups["right"]):
        words["why"] = (
            "Outputs and labels have another number of columns, or channels stand on another axis: Theano's pictures are (batch, "
            "channels, height, width)."
        )
    elif 1 in (groups["left"], groups["right"]):
        words["why"] = (
            "One side has 1 here, and Theano repeats an axis of 1 only where it was declared as such: the labels are (batch, 1) and "
            "the outputs (batch, n), or the other way round."
        )
    else:
        words["why"] = "Layers that are added or multiplied, or outputs and labels, have different sizes."
    return words


def _cudnn(groups: dict[str, Any]) -> dict[str, Any]:
    status = str(groups["status"])
    words = {"said": status}
    if status == "BAD_PARAM":
        words["why"] = (
            "An argument does not fit: dtypes that differ, sizes that do not belong together, or an empty batch."
        )
        words["mend"] = (
            "Run the same batch on the CPU, model.cpu()(x.cpu()), which names what does not fit; print x.shape and x.dtype."
        )
    elif status == "NOT_SUPPORTED":
        words["why"] = (
            "The tensor is not contiguous, has a dtype that this function does not know, or is too large for it."
        )
        words["mend"] = "Give x.contiguous(), convert it with x.float(), or make the batch smaller."
    elif status == "ALLOC_FAILED":
        words["why"] = "The memory of the GPU is full."
        words["mend"] = "Make the batch smaller, and end other programs that use the GPU."
    elif status == "NOT_INITIALIZED":
        words["why"] = "The memory of the GPU is full, or cuDNN, CUDA and the driver do not belong together."
        words["mend"] = (
            "End other programs on the GPU and restart; make the batch smaller; install a build for your CUDA."
        )
    else:
        words["why"] = (
            "The memory of the GPU is full, an earlier index was out of range (a label or an id), or the build does not fit the GPU."
        )
        words["mend"] = (
            "Run one batch on the CPU: a fault of shapes or indices shows itself there; set CUDA_LAUNCH_BLOCKING=1; make the batch "
            "smaller, or install a build for your CUDA."
        )
    return words


FAMILIES: Final = [
    Family(
        "theano-dimensions",
        library="theano",
        exceptions=ANY,
        patterns=[
            r"Input dimension mis-match\. \(input\[(?P<first>\d+)\]\.shape\[(?P<axis>\d+)\] = (?P<left>\d+), ?input\[(?P<second>\d+)\]"
            r"\.shape\[\d+\] = (?P<right>\d+)\)",
            r"Input dimension mis-match\. Input (?P<second>\d+) \(indices start at 0\) has shape\[(?P<axis>\d+)\] == (?P<right>\d+), but "
            r"the output's size on that axis is (?P<left>\d+)",
        ],
        needles=("Input dimension mis-match",),
        headline="Arrays that are computed number by number have {left} and {right} on axis {axis}",
        means="Theano lines both up axis by axis; sizes have to be equal, and an axis of 1 is repeated only where it was declared so.",
        causes=("{why}", "The weights of a pretrained model were made for another order of axes than keras.json says."),
        changes=(
            "Print the shapes of x, y and model.output_shape, and make them agree; look at image_data_format (image_dim_ordering) in "
            "keras.json.",
        ),
        derive=_axis,
        raised=[
            # Theano 0.7 to 1.0, on the CPU.
            text(
                "ValueError: Input dimension mis-match. (input[0].shape[1] = 1, input[1].shape[1] = 16)\nApply node that caused "
                "the error: "
                "Elemwise{eq,no_inplace}(training/ctc_target, Elemwise{round_half_to_even,no_inplace}.0)\nToposort index: 762",
                first=0, axis=1, left=1, second=1, right=16,
            ),
            # On the GPU.
            text(
                "ValueError: GpuElemwise. Input dimension mis-match. Input 1 (indices start at 0) has shape[1] == 64, but the "
                "output's size "
                "on that axis is 128.",
                second=1, axis=1, left=128, right=64,
            ),
        ],
    ),
    Family(
        "theano-rank",
        library="theano",
        exceptions=ANY,
        patterns=[
            r"Wrong number of dimensions: expected (?P<expected>\d+), got (?P<found>\d+) with shape (?P<shape>\([\dL, ]*\))",
        ],
        needles=("Wrong number of dimensions: expected",),
        headline="The model takes arrays with {axes}, but was given {shape}",
        means="The batch axis is counted: a recurrent layer reads (samples, timesteps, features), a convolution (samples, "
            "channels, height, "
        "width).",
        causes=("An axis is missing or too many: the feature axis, the channel axis, or the batch axis of a single sample.",),
        changes=("Add it with x[..., np.newaxis] or x[np.newaxis], or reshape: x.reshape(len(x), timesteps, features).",),
        derive=lambda groups: {
            "axes": counted(groups["expected"], "axis", "axes"), "shape": str(groups["shape"]).replace("L", "")
        },
        raised=[
            text(
                "TypeError: ('Bad input argument to theano function with name \"...\"  at index 0(0-based)', 'Wrong number of "
                "dimensions: "
                "expected 3, got 2 with shape (32L, 60L).')",
                expected=3, found=2, shape="(32L, 60L)",
            ),
            text(
                "TypeError: ('Wrong number of dimensions: expected 4, got 2 with shape (16, 784).')",
                expected=4, found=2, shape=(16, 784),
            ),
        ],
    ),
    Family(
        "theano-product",
        library="theano",
        exceptions=ANY,
        patterns=[
            r"Shape mismatch: x has (?P<columns>\d+) cols \(and \d+ rows\) but y has (?P<rows>\d+) rows \(and \d+ cols\)",
            r"dimension mismatch in args to gemm \(\d+,(?P<columns>\d+)\)x\((?P<rows>\d+),\d+\)",
        ],
        needles=("Shape mismatch: x has", "dimension mismatch in args to gemm"),
        headline="A matrix product has {columns} columns on the left and {rows} rows on the right",
        means="The left side is the data of a layer, the right side its weights: the layer was built for {rows} features.",
        causes=("The data has {columns} features, and input_dim or input_shape says {rows}.",),
        changes=("Make both the same: input_dim={columns}, or give the data {rows} columns.",),
        raised=[
            text(
                "ValueError: Shape mismatch: x has 20 cols (and 128 rows) but y has 10 rows (and 64 cols)\nApply node that "
                "caused the error: "
                "Dot22(x, W)",
                columns=20, rows=10,
            ),
            text("ValueError: dimension mismatch in args to gemm (32,100)x(64,10)->(32,10)", columns=100, rows=64),
        ],
    ),
    Family(
        "theano-positive-size",
        library="theano",
        exceptions=ANY,
        patterns=[r"The specified size contains a dimension with value <= 0',? \((?P<size>-?\d+),?"],
        needles=("contains a dimension with value <= 0",),
        headline="A layer would have {size} weights on one axis: nothing is left of the data there",
        means="Every convolution and pooling makes the data smaller; here an axis has become 0 or negative.",
        causes=("The pictures are too small for so many layers, or channels stand first where they are read as last.",),
        changes=("Use border_mode='same' or fewer poolings, and look at image_data_format in keras.json; model.summary() shows where.",),
        raised=[text("ValueError: ('The specified size contains a dimension with value <= 0', (-11520,))", size=-11520)],
    ),
    Family(
        "cudnn-status",
        library="cuDNN",
        exceptions=(),
        patterns=[
            r"CUDNN_STATUS_(?P<status>BAD_PARAM|NOT_SUPPORTED|INTERNAL_ERROR|EXECUTION_FAILED|MAPPING_ERROR|ALLOC_FAILED|"
            r"NOT_INITIALIZED)(?![A-Z])",
        ],
        needles=("CUDNN_STATUS_",),
        headline="The GPU library cuDNN gave up ({said}); it does not say which shape or dtype it did not like",
        means="The message comes from the GPU and has no numbers in it; the same batch on the CPU says more.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_cudnn,
        # Every release, but only where there is a GPU.
        raised=[
            text("RuntimeError: cuDNN error: CUDNN_STATUS_BAD_PARAM", status="BAD_PARAM"),
            text("RuntimeError: cuDNN error: CUDNN_STATUS_EXECUTION_FAILED", status="EXECUTION_FAILED"),
            text(
                "RuntimeError: cuDNN error: CUDNN_STATUS_NOT_SUPPORTED. This error may appear if you passed in a non-contiguous input.",
                status="NOT_SUPPORTED",
            ),
        ],
    ),
    Family(
        "cudnn-recurrent",
        library="tensorflow",
        exceptions=(),
        patterns=[
            r"Failed to call (?:ThenRnn|Do\w*Rnn)\w+ with model config: .*?\[num_layers, input_size, num_units, dir_count, "
            r"(?:max_seq_length, )?"
            r"batch_size, cell_num_units\]: \[(?P<layers>\d+), (?P<features>\d+), (?P<units>\d+), \d+, (?P<steps>\d+), "
            r"(?P<batch>\d+), \d+\]",
        ],
        needles=("with model config:",),
        headline="A recurrent layer failed on the GPU: batch {batch}, {steps} timesteps, {features} features, {units} units",
        means="cuDNN does not say why; the shapes above are those that it was given.",
        causes=(
            "The memory of the GPU is full; or a mask is not one that cuDNN takes: padding must stand at the end, and no sample may be "
            "all padding.",
        ),
        changes=(
            "Make the batch or the sequences smaller; pad with padding='post', leave out empty samples; or keep the layer off cuDNN with "
            "recurrent_dropout=1e-9 or activation='relu'.",
        ),
        # TensorFlow 2.0 to 2.15 on a GPU.
        raised=[
            text(
                "InternalError: Failed to call ThenRnnForward with model config: [rnn_mode, rnn_input_mode, "
                "rnn_direction_mode]: 2, 0, 0 , "
                "[num_layers, input_size, num_units, dir_count, max_seq_length, batch_size, cell_num_units]: [1, 64, 64, 1, "
                "1850, 64, 64] "
                "\n\t [[{{node CudnnRNN}}]]",
                layers=1, features=64, units=64, steps=1850, batch=64,
            ),
        ],
    ),
]  # fmt: skip
