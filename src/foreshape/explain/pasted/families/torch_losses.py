"""What PyTorch's losses say about outputs, targets and weights."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import INDEX, RUNTIME, SIZES, VALUE, F, product

L: Final = F + "ce, bce = nn.CrossEntropyLoss(), nn.BCELoss()\n"
SIZE: Final = rf"(?:torch\.Size\()?(?P<{{}}>{SIZES})\)?"


def _same_size(groups: dict[str, Any]) -> dict[str, Any]:
    """Which of the two changes, where they hold equally many numbers or one has an axis of size 1 too many."""
    target, output = groups["target"], groups["output"]
    if output == (*target, 1):
        change = "Take the last axis off the output, loss_fn(output.squeeze(-1), target), or add it to the target, target.unsqueeze(-1)."
        often = "A model with one output gives (batch, 1), while labels are (batch,)."
    elif target == (*output, 1):
        change = "Take the last axis off the target, target.squeeze(-1), or add it to the output, output.unsqueeze(-1)."
        often = "Labels out of a table with one column are (batch, 1), while the output lost that axis."
    elif len(target) == 1 and len(output) == 2 and target[0] == output[0]:
        change = (
            f"For one class of {output[1]} use CrossEntropyLoss; for several at once give one-hot rows, F.one_hot(target, "
            f"{output[1]}).float()."
        )
        often = f"The output has {output[1]} numbers per sample, and the target is one class number per sample."
    elif product(target) == product(output):
        change = "Bring the target to the same axes with transpose or view, so that each number meets its own."
        often = "Both hold equally many numbers, in other axes."
    elif target and output and target[0] != output[0] and target[1:] == output[1:]:
        change = "Take output and target from the same batch, and keep the batch axis in every reshape of the model."
        often = "The batch sizes differ: the target is that of another batch, or a view in the model folds axes into the batch."
    else:
        change = "Change the last layer of the model so that its output has the shape of the target, or the target."
        often = "The last layer has another number of outputs than the target has columns."
    return {"change": change, "often": often}


def _batch(groups: dict[str, Any]) -> dict[str, Any]:
    rows, targets = groups["output"], groups["target"]
    if rows and targets % rows == 0 and rows != targets:
        times = targets // rows
        often = (
            f"There are {times} targets per row of the output: the output has lost an axis that the targets still have."
        )
        change = "When the target has an axis per timestep, flatten both: loss(output.reshape(-1, classes), target.reshape(-1))."
    elif targets and rows % targets == 0:
        times = rows // targets
        often = (
            f"There are {times} rows per sample: a view(-1, n) in the model counted n for pictures of another size, or takes axes "
            f"into the batch."
        )
        change = (
            "Flatten with x.flatten(1), which keeps the batch, and correct in_features of the Linear layer after it."
        )
    else:
        often = "The output and the target come from different batches, or a view(-1, n) in the model mixes samples."
        change = "Flatten with x.flatten(1), which keeps the batch, and take both from the same batch."
    return {"often": often, "change": change}


def _classes(groups: dict[str, Any]) -> dict[str, Any]:
    index = groups["index"]
    if index < 0:
        return {
            "often": f"{index} stands for unknown or padding; only -100 is left out by itself.",
            "change": f"Name it: nn.CrossEntropyLoss(ignore_index={index}), or number the classes from 0.",
            "said": "is below 0",
        }
    return {
        "often": f"The labels start at 1, so that the last one is too large, or the last layer has {index} outputs or fewer.",
        "change": f"Subtract 1 when the labels start at 1; else give the last layer more outputs, at least {index + 1} for this label.",
        "said": f"needs at least {index + 1} outputs, and the model gives fewer",
    }


FAMILIES: Final = [
    Family(
        "torch-class-range",
        library="torch",
        exceptions=(*INDEX, "AssertionError"),
        patterns=[
            r"Target (?P<index>-?\d+) is out of bounds",
        ],
        needles=("is out of bounds",),
        headline="Class number {index} {said}",
        means="Cross entropy and NLLLoss take class numbers from 0 to classes - 1, where classes is axis 1 of the output.",
        causes=("{often}",),
        changes=("{change}", "Print y.min(), y.max() and output.shape to see which one is off."),
        derive=_classes,
        raised=[
            Raising("torch", L + "ce(torch.rand(4, 3), torch.tensor([0, 1, 2, 3]))\n", index=3),
            Raising("torch", L + "ce(torch.rand(4, 3), torch.tensor([0, 1, 2, -1]))\n", index=-1),
        ],
    ),
    Family(
        "torch-class-range-unsaid",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Assertion `?cur_target >= 0 && cur_target < n_classes'? failed",
            r"(?P<said>(?:multi_margin_loss: )?target out of range)",
        ],
        needles=("cur_target >= 0", "target out of range"),
        headline="A class number is below 0, or not below the number of outputs of the model",
        means="This loss takes class numbers from 0 to classes - 1, where classes is axis 1 of the output.",
        causes=("The labels start at 1, or the last layer has fewer outputs than there are classes.",),
        changes=("Print y.min(), y.max() and output.shape; subtract 1 from labels that start at 1.",),
        raised=[
            Raising("torch", F + "nn.MultiMarginLoss()(torch.rand(4, 3), torch.zeros(4).long() + 5)\n"),
            # PyTorch 0.4 to 1.5 on the CPU.
            Raising(
                "text",
                "RuntimeError: Assertion `cur_target >= 0 && cur_target < n_classes' failed. at "
                "/pytorch/aten/src/THNN/generic/ClassNLLCriterion.c:93",
            ),
        ],
    ),
    Family(
        "torch-one-target-per-sample",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"(?:0D or )?1D target tensor expected, multi-target not supported",
            r"multi-target not supported at ",
            r"multi-target not supported$",
        ],
        needles=("multi-target not supported",),
        headline="The target has more than one axis, but this loss takes one class number per sample: (batch,)",
        means="For an output (batch, classes) the target is (batch,), whole numbers from 0 to classes - 1.",
        causes=(
            "Labels out of a table with one column are (batch, 1); one-hot rows are (batch, classes); labels of several columns are "
            "several "
            "questions.",
        ),
        changes=(
            "(batch, 1) becomes (batch,) with y.squeeze(1); one-hot rows become class numbers with y.argmax(1); for several classes at "
            "once use "
            "BCEWithLogitsLoss with floats.",
        ),
        raised=[
            Raising("torch", L + "ce(torch.rand(4, 3), torch.zeros(4, 1).long())\n"),
            Raising("torch", F + "F.nll_loss(torch.rand(4, 3), torch.zeros(4, 3).long())\n"),
            # PyTorch 1.5 to 1.8, then 0.4 to 1.4.
            Raising("text", "RuntimeError: 1D target tensor expected, multi-target not supported"),
            Raising("text", "RuntimeError: multi-target not supported at /pytorch/aten/src/THNN/generic/ClassNLLCriterion.c:22"),
        ],
    ),
    Family(
        "torch-loss-batch-unsaid",
        library="torch",
        exceptions=(*RUNTIME, "AssertionError"),
        patterns=[r"THIndexTensor_\(size\)\(target, 0\) == batch_size' failed", r"THCIndexTensor_\(size\)\(state, target, 0\) "
            r"== batch_size"],
        needles=("== batch_size",),
        headline="The output of the model and the targets have different numbers of rows",
        means="A loss compares row by row, so the first axis of both must be the batch.",
        causes=("A view(-1, n) in the model counted n for pictures of another size and takes axes into the batch.",),
        changes=("Flatten with x.view(x.size(0), -1), which keeps the batch, and correct in_features of the Linear layer after it.",),
        # PyTorch 0.2 to 0.4.
        raised=[
            Raising(
                "text",
                "RuntimeError: Assertion `THIndexTensor_(size)(target, 0) == batch_size' failed. at "
                "d:\\projects\\pytorch\\torch\\lib\\thnn\\generic/ClassNLLCriterion.c:54",
            ),
        ],
    ),
    Family(
        "torch-loss-batch",
        library="torch",
        exceptions=VALUE,
        patterns=[
            r"Expected input batch_size \((?P<output>\d+)\) to match target batch_size \((?P<target>\d+)\)",
        ],
        needles=("to match target batch_size",),
        headline="The output of the model has {output} rows, but there are {target} targets",
        means="A loss compares row by row, so the first axis of both must be the batch.",
        causes=("{often}",),
        changes=("{change}",),
        derive=_batch,
        raised=[
            Raising("torch", L + "ce(torch.rand(4, 3), torch.zeros(5).long())\n", output=4, target=5),
            Raising("torch", L + "ce(torch.rand(8, 10), torch.zeros(32).long())\n", output=8, target=32),
            Raising("torch", L + "ce(torch.rand(128, 10), torch.zeros(64).long())\n", output=128, target=64),
        ],
    ),
    Family(
        "torch-probabilities-dtype",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"Expected floating point type for target with class probabilities, got (?P<found>\w+)"],
        needles=("target with class probabilities",),
        headline="The target has the shape of the output, so it is read as probabilities, but it holds whole numbers",
        means="Cross entropy reads a target of class numbers where it has one axis less than the output, and one of probabilities, as "
        "floats, where both shapes are equal.",
        causes=(
            "One-hot rows were made as integers; or the output has no class axis: argmax was taken of it, or squeeze() took the batch "
            "axis away.",
        ),
        changes=(
            "One-hot rows: y.float(), or better the class numbers, y.argmax(1). Give the loss the raw output (batch, classes), before "
            "argmax.",
        ),
        raised=[
            Raising("torch", L + "ce(torch.rand(4, 3), torch.zeros(4, 3).long())\n", found="Long"),
            Raising("torch", L + "ce(torch.rand(4, 3).argmax(1).float(), torch.zeros(4).long())\n", found="Long"),
        ],
    ),
    Family(
        "torch-segmentation-target",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"only batches of spatial targets supported \((?:non-empty )?3D tensors\) but got targets of (?:dimension|size): ?: "
            r"?(?P<shape>\[[\d, ]+\])",
            r"only batches of spatial targets supported \((?:non-empty )?3D tensors\) but got targets of dimension: (?P<found>\d+)",
            rf"size mismatch \(got input: ?(?P<output>{SIZES}) ?,? ?target: ?(?P<target>{SIZES})",
            r"input and target batch or spatial sizes don't match: target (?P<target>\[[\dx ]+\]), input (?P<output>\[[\dx ]+\])",
        ],
        needles=("only batches of spatial targets", "size mismatch (got input", "batch or spatial sizes don't match"),
        headline="For an output (batch, classes, height, width) the target must be (batch, height, width){said}",
        means="Every pixel has one class number, so the target has no channel axis, and the height and width of the output.",
        causes=(
            "Masks were loaded with a channel axis, (batch, 1, height, width), as colours, or one-hot; or the model gives pictures of "
            "another "
            "size than the masks.",
        ),
        changes=(
            "mask.squeeze(1).long() takes the channel axis off, mask.argmax(1) undoes one-hot; bring the output to the size of the "
            "mask with "
            "F.interpolate(output, size=mask.shape[-2:]).",
        ),
        derive=lambda groups: {
            "said": f", but it has {groups['found']} axes"
            if "found" in groups
            else f": it is {groups['target']}"
            if isinstance(groups.get("target"), tuple)
            else ""
        },
        raised=[
            Raising("torch", L + "ce(torch.rand(4, 3, 8, 8), torch.zeros(4, 1, 8, 8).long())\n", found=4),
            Raising("torch", L + "ce(torch.rand(4, 3, 8, 8), torch.zeros(4, 8).long())\n", found=2),
            Raising(
                "torch", L + "ce(torch.rand(4, 3, 8, 8), torch.zeros(4, 8, 9).long())\n", output=(4, 3, 8, 8), target=(4, 8, 9)
            ),
            # PyTorch 1.4 to 1.7.
            Raising(
                "text",
                "RuntimeError: 1only batches of spatial targets supported (3D tensors) but got targets of size: : [4, 3, 8, 8]",
                shape=(4, 3, 8, 8),
            ),
        ],
    ),
    Family(
        "torch-sequence-target",
        library="torch",
        exceptions=VALUE,
        patterns=[rf"Expected target size (?P<expected>{SIZES}|\([\d, ]+\)), got (?:torch\.Size\()?(?P<found>{SIZES})(?!.*Input has "
                  rf"shape)"],
        needles=("Expected target size",),
        headline="The target is {found}, but for this output it must be {expected}: the classes must stand on axis 1",
        means="With more than two axes cross entropy reads (batch, classes, time), and the target is (batch, time).",
        causes=("{often}",),
        changes=("{change}",),
        derive=lambda groups: {
            "often": "A sequence model gives (batch, time, classes): the classes stand last, and the timesteps are taken for classes."
            if groups["expected"][:1] == groups["found"][:1]
            else "Output and target have different batch sizes, or their axes stand in different orders.",
            "change": "Turn the output, loss(output.transpose(1, 2), target), or flatten both: loss(output.flatten(0, 1), "
                      "target.flatten()).",
        },
        raised=[
            Raising("torch", L + "ce(torch.rand(4, 5, 3), torch.zeros(4, 5).long())\n", expected=(4, 3), found=(4, 5)),
            Raising("torch", F + "F.nll_loss(torch.rand(4, 3, 5), torch.zeros(4, 6).long())\n", expected=(4, 5), found=(4, 6)),
            # PyTorch 1.0 to 1.10.
            Raising("text", "ValueError: Expected target size (4, 3), got torch.Size([4, 5])", expected=(4, 3), found=(4, 5)),
        ],
    ),
    Family(
        "torch-nll-without-batch",
        library="torch",
        exceptions=VALUE,
        patterns=[r"For 1D input, 1D target must have size 1, but got target size: (?P<found>\d+)"],
        needles=("For 1D input, 1D target",),
        headline="The output has one axis, so it is read as one sample, but there are {found} targets",
        means="This loss reads (classes,) as one sample and (batch, classes) as a batch.",
        causes=("squeeze() took an axis of size 1 away, or the model gives one number per sample, which is regression or BCE.",),
        changes=("Keep the classes: an output of (batch, classes); with one output per sample use BCEWithLogitsLoss.",),
        raised=[Raising("torch", F + "F.nll_loss(torch.rand(4), torch.zeros(4).long())\n", found=4)],
    ),
    Family(
        "torch-class-weights",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"weight tensor should be defined either for all (?P<classes>\d+) classes or no classes but got weight tensor of shape: "
            rf"(?P<shape>{SIZES})",
            r"weight tensor should be defined either for all (?:(?P<classes>\d+) )?or no classes",
        ],
        needles=("weight tensor should be defined",),
        headline="The class weights are {shape}, but the output has {classes} classes",
        means="weight holds one number per class, in the order of the class numbers.",
        causes=("Weights were counted from labels in which a class is missing, or from another data set; or classes are not on axis 1.",),
        changes=("Count them for all classes: torch.bincount(y, minlength={classes}).",),
        derive=lambda groups: {"classes": groups.get("classes", "other"), "shape": groups.get("shape", "of another length")},
        raised=[
            Raising(
                "torch", F + "F.cross_entropy(torch.rand(4, 3), torch.zeros(4).long(), weight=torch.rand(2))\n", classes=3, shape=(2,)
            ),
        ],
    ),
    Family(
        "torch-loss-size",
        library="torch",
        exceptions=VALUE,
        patterns=[
            rf"Using a target size \({SIZE.format('target')}\) that is different to the input size \({SIZE.format('output')}\) is "
            rf"deprecated",
            rf"Target size \({SIZE.format('target')}\) must be the same as input size \({SIZE.format('output')}\)",
            r"Target and input must have the same number of elements\. target nelement \((?P<target_count>\d+)\) != input nelement "
            r"\((?P<output_count>\d+)\)",
        ],
        needles=("Using a target size", "must be the same as input size", "must have the same number of elements. target"),
        headline="The target is {target} and the output is {output}: this loss needs equal shapes",
        means="Binary cross entropy compares number by number; it does not repeat one of the two to fit the other.",
        causes=("{often}",),
        changes=("{change}",),
        derive=lambda groups: _same_size(groups)
        if "target" in groups
        else {
            "target": f"{groups['target_count']} numbers",
            "output": f"{groups['output_count']} numbers",
            "often": "The last layer has another number of outputs than the target has columns.",
            "change": "Bring both to one shape: print output.shape and target.shape before the loss.",
        },
        raised=[
            Raising("torch", L + "bce(torch.rand(4, 1), torch.zeros(4))\n", target=(4,), output=(4, 1)),
            Raising("torch", F + "nn.BCEWithLogitsLoss()(torch.rand(4, 3), torch.zeros(4))\n", target=(4,), output=(4, 3)),
            Raising("torch", L + "bce(torch.rand(4), torch.zeros(4, 1))\n", target=(4, 1), output=(4,)),
            # PyTorch 0.4 to 1.4.
            Raising(
                "text",
                "ValueError: Target and input must have the same number of elements. target nelement (64) != input nelement (128)",
                target_count=64, output_count=128,
            ),
        ],
    ),
    Family(
        "torch-probability-range",
        library="torch",
        exceptions=(*RUNTIME, "AssertionError"),
        patterns=[
            r"all elements of (?P<which>input|target) should be between 0 and 1",
            r"Assertion `x >= 0\. && x <= 1\.'? failed\. (?P<which>input) value should be between 0~1",
            r"Assertion `(?P<which>input|target)_val >= zero && \w+_val <= one` failed",
        ],
        needles=("between 0 and 1", "between 0~1", "_val >= zero"),
        headline="BCELoss was given {numbers} outside 0 to 1, or NaN",
        means="BCELoss takes probabilities as its first argument and labels 0 or 1 as its second.",
        causes=("{often}",),
        changes=("{change}",),
        derive=lambda groups: {
            "numbers": "an output" if groups["which"] == "input" else "labels",
            "often": "The model has no sigmoid at its end, or it gave NaN because the learning rate is too high or the data holds NaN."
            if groups["which"] == "input"
            else "The labels are 1 and 2, -1 and 1, or class numbers of more than two classes.",
            "change": "Use BCEWithLogitsLoss without a sigmoid; when it is NaN, look for NaN with torch.isnan(x).any()."
            if groups["which"] == "input"
            else "Make them 0 and 1: y = (y == positive).float(); for more than two classes use CrossEntropyLoss.",
        },
        raised=[
            Raising("torch", L + "bce(torch.rand(4, 1) + 1, torch.zeros(4, 1))\n", which="input"),
            Raising("torch", L + "bce(torch.rand(4, 1), torch.zeros(4, 1) + 2)\n", which="target"),
            # PyTorch 1.0 to 1.4, then any release on a GPU.
            Raising(
                "text",
                "RuntimeError: Assertion `x >= 0. && x <= 1.' failed. input value should be between 0~1, but got -0.218524 at "
                "/pytorch/aten/src/THNN/generic/BCECriterion.c:62",
                which="input",
            ),
            Raising(
                "text",
                "../aten/src/ATen/native/cuda/Loss.cu:115: operator(): block: [0,0,0], thread: [0,0,0] Assertion `input_val >= zero && "
                "input_val "
                "<= one` failed.",
                which="input",
            ),
        ],
    ),
    Family(
        "torch-margin-target",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"inconsistent target size: (?P<target>{SIZES}) for input of size: (?P<output>{SIZES})",
            rf"target tensor should be 1-D with size equal to the number of input samples \(batch size\)\. Expected target size "
            rf"(?P<expected>{SIZES}), "
            rf"but got (?P<target>{SIZES})\. Input has shape (?P<output>{SIZES})",
        ],
        needles=("inconsistent target size", "target tensor should be 1-D with size"),
        headline="The target {target} does not fit the output {output} of this margin loss",
        means="MultiMarginLoss takes one class number per sample, (batch,); MultiLabelMarginLoss takes class numbers in the shape of "
              "the output, "
        "filled up with -1.",
        causes=("The two losses were confused, or output and target are from different batches.",),
        changes=("For one class per sample give (batch,); for several use BCEWithLogitsLoss with rows of 0. and 1.",),
        raised=[
            Raising(
                "torch", F + "nn.MultiLabelMarginLoss()(torch.rand(4, 3), torch.rand(4, 2).long())\n", target=(4, 2), output=(4, 3)
            ),
            Raising(
                "torch", F + "nn.MultiMarginLoss()(torch.rand(4, 3), torch.zeros(5).long())\n", expected=(4,), target=(5,), output=(4, 3)
            ),
        ],
    ),
    Family(
        "torch-pair-loss-axes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: {SIZE.format('first')}, input2: "
            rf"{SIZE.format('second')}, target: {SIZE.format('third')}",
            r"The anchor, positive, and negative tensors are expected to have the same number of dimensions, but got: anchor "
            r"(?P<first>\d)D, positive "
            r"(?P<second>\d)D, and negative (?P<third>\d)D",
        ],
        needles=("margin_ranking_loss :", "The anchor, positive, and negative"),
        headline="The three tensors of this loss have different numbers of axes: {first}, {second} and {third}",
        means="All three must have the same number of axes, so that row meets row.",
        causes=("One of them is (batch, 1) where the others are (batch,), or a single sample has lost its batch axis.",),
        changes=("Bring them to one form with squeeze(-1) or unsqueeze(0).",),
        raised=[
            Raising(
                "torch", F + "nn.MarginRankingLoss()(torch.rand(4), torch.rand(4), torch.rand(4, 1))\n",
                first=(4,), second=(4,), third=(4, 1),
            ),
            Raising(
                "torch", F + "nn.TripletMarginLoss()(torch.rand(4, 3), torch.rand(4, 3), torch.rand(3))\n", first=2, second=2, third=1
            ),
        ],
    ),
    Family(
        "torch-ctc-lengths",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"(?P<which>input|target)_lengths must be of size batch_size",
            r"Expected (?P<which>input|target)_lengths to have value at most (?P<most>\d+), but got value (?P<found>\d+)",
            r"Expected tensor to have size (?:at least )?(?P<most>\d+) at dimension (?P<axis>\d), but got size (?P<found>\d+) ?for "
            r"argument #2 "
            r"'(?P<which>target)s' \(while checking arguments for (?:_cudnn_)?ctc",
            r"(?P<which>blank) must be in label range",
        ],
        needles=("_lengths must be of size", "_lengths to have value", "checking arguments for ctc", "blank must be in"),
        headline="The lengths or the shape of {what} given to CTCLoss do not fit the rest{said}",
        means="CTCLoss takes log_probs (time, batch, classes), targets (batch, length), and one input length and one target length per "
        "sample, none longer than its axis; blank is a class number.",
        causes=("The log_probs are (batch, time, classes), or the network made the time axis shorter than the lengths that were "
                "counted before it.",),
        changes=("Turn them with log_probs.transpose(0, 1), and compute input_lengths from the output: torch.full((batch,), "
                 "log_probs.size(0)).",),
        derive=lambda groups: {
            "what": "the blank" if groups["which"] == "blank" else f"the {groups['which']}s",
            "said": f": {groups['most']} against {groups['found']}" if "most" in groups else "",
        },
        raised=[
            Raising(
                "torch", F + "nn.CTCLoss()(torch.rand(10, 2, 5), torch.ones(2, 3).long(), torch.tensor([10]), torch.tensor([3, 3]))\n",
                which="input",
            ),
            Raising(
                "torch", F + "nn.CTCLoss()(torch.rand(10, 2, 5), torch.ones(2, 3).long(), torch.tensor([11, 10]), torch.tensor([3, "
                             "3]))\n",
                which="input", most=10, found=11,
            ),
            Raising(
                "torch", F + "nn.CTCLoss()(torch.rand(10, 2, 5), torch.ones(2, 3).long(), torch.tensor([10, 10]), torch.tensor([3, "
                             "4]))\n",
                which="target", most=4, axis=1, found=3,
            ),
        ],
    ),
    Family(
        "torch-variance-size",
        library="torch",
        exceptions=VALUE,
        patterns=[r"var is of incorrect size", r"var has negative entry/entries"],
        needles=("var is of incorrect size", "var has negative"),
        headline="The variance given to GaussianNLLLoss is of another shape than the output, or below 0",
        means="var must have the shape of the output, that shape without its last axis, or with 1 there, and no number below 0.",
        causes=("The model gives its own mean and variance, and they were split on the wrong axis, or the variance is raw output.",),
        changes=("Split on the last axis, mean, var = output.chunk(2, dim=-1), and make it positive: var = F.softplus(var).",),
        raised=[
            Raising("torch", F + "nn.GaussianNLLLoss()(torch.rand(4, 3), torch.rand(4, 3), torch.rand(2))\n"),
            Raising("torch", F + "nn.GaussianNLLLoss()(torch.rand(4, 3), torch.rand(4, 3), -torch.rand(4))\n"),
        ],
    ),
]  # fmt: skip
