"""What PyTorch says about joining, splitting and indexing tensors."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import INDEX, RUNTIME, SIZES, TYPE, VALUE, N, T

BATCH: Final = N + "from torch.utils.data import DataLoader\n"


def _stacked(groups: dict[str, Any]) -> dict[str, Any]:
    first, other = groups["first"], groups["other"]
    words: dict[str, Any] = {}
    if len(first) == 3 and len(other) == 3 and first[1:] == other[1:] and {first[0], other[0]} <= {1, 3, 4}:
        words["often"] = (
            f"Some pictures have {first[0]} channels and others {other[0]}: colour, grey and transparent pictures are mixed."
        )
        words["change"] = "Load all of them as colour: Image.open(path).convert('RGB')."
    elif len(first) == 3 and len(other) == 3 and first[0] == other[0]:
        words["often"] = (
            "The pictures have different heights or widths; transforms.Resize(256) fixes only the shorter side."
        )
        words["change"] = "Bring them to one size: transforms.Resize((256, 256)), or Resize followed by CenterCrop."
    elif len(first) == len(other) and first[1:] == other[1:]:
        words["often"] = "The sequences have different lengths."
        words["change"] = "Pad them in a collate_fn: torch.nn.utils.rnn.pad_sequence(sequences, batch_first=True)."
    else:
        words["often"] = "The samples of a DataLoader, or the tensors of a list, have different shapes."
        words["change"] = "Print the shapes, and bring them to one in __getitem__ or in a collate_fn."
    return words


def _joined(groups: dict[str, Any]) -> dict[str, Any]:
    axis = groups["axis"]
    words: dict[str, Any] = {"numbers": f"{groups['expected']} and {groups['found']}", "which": "another axis"}
    if "other" in groups:
        words["which"] = f"axis {groups['other']}"
    words["rest"] = f"all axes but axis {axis}"
    if axis == 0 and "tensor" not in groups:
        words["samples"] = (
            "Up to PyTorch 1.4 a DataLoader says this, too, where the samples of a batch differ in shape, their axes counted from 1: "
            "resize or pad them in the Dataset, or in a collate_fn."
        )
    return words


def _batched(groups: dict[str, Any]) -> dict[str, Any]:
    """What an old DataLoader says of samples: the axis of the batch is counted, too."""
    return {
        "said": f"axis {groups['other'] - 1} is {groups['expected']} in one and {groups['found']} in another"
        if isinstance(groups.get("other"), int) and groups["other"] > 0
        else "their shapes differ"
    }


FAMILIES: Final = [
    Family(
        "torch-samples-differ",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"invalid argument 0: Sizes of tensors must match except in dimension 0\. Got (?P<expected>\d+) and (?P<found>\d+) "
            r"in dimension "
            r"(?P<other>\d+)",
            r"inconsistent tensor sizes at ",
        ],
        needles=("Sizes of tensors must match except in dimension 0", "inconsistent tensor sizes at"),
        within=("collate", "torch.stack"),
        headline="A batch cannot be made of these samples: {said}",
        means="The DataLoader puts samples on top of each other, which needs one shape.",
        causes=(
            "Pictures have different heights, widths or channels, or sequences different lengths; transforms.Resize(256) fixes only the "
            "shorter side.",
        ),
        changes=(
            "Bring pictures to one size with transforms.Resize((256, 256)) and .convert('RGB'); pad sequences in a collate_fn: "
            "pad_sequence(x, batch_first=True).",
        ),
        derive=_batched,
        # PyTorch 0.4 to 1.4, then 0.2 and 0.3.
        raised=[
            Raising(
                "text",
                'Traceback (most recent call last):\n  File "train.py", line 9, in <module>\n    for x in loader:\n'
                '  File "/usr/lib/python3.6/site-packages/torch/utils/data/_utils/collate.py", line 55, in default_collate\n'
                "    return torch.stack(batch, 0, out=out)\n"
                "RuntimeError: invalid argument 0: Sizes of tensors must match except in dimension 0. Got 50 and 64 in dimension 2 at "
                "/pytorch/aten/src/TH/generic/THTensor.cpp:612",
                expected=50, found=64, other=2,
            ),
            Raising(
                "text",
                'Traceback (most recent call last):\n  File "train.py", line 9, in <module>\n    for x in loader:\n'
                '  File "/usr/lib/python2.7/site-packages/torch/functional.py", line 66, in stack\n    return torch.stack(batch)\n'
                "RuntimeError: inconsistent tensor sizes at /pytorch/torch/lib/TH/generic/THTensorMath.c:2709",
            ),
        ],
    ),
    Family(
        "torch-cat-sizes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Sizes of tensors must match except in dimension (?P<axis>\d+)\. Expected size (?P<expected>\d+) but got size "
            r"(?P<found>\d+) for tensor "
            r"number (?P<tensor>\d+) in the list",
            r"Sizes of tensors must match except in dimension (?P<axis>\d+)\. Expected (?P<expected>\d+) in dimension (?P<other>\d+) "
            r"but got "
            r"(?P<found>\d+) for tensor number (?P<tensor>\d+) in the list",
            r"Sizes of tensors must match except in dimension (?P<axis>\d+)\. Got (?P<expected>\d+) and (?P<found>\d+)(?: in dimension "
            r"(?P<other>\d+))?",
        ],
        needles=("Sizes of tensors must match except",),
        headline="cat along axis {axis}: the tensors differ on {which} as well, {numbers}",
        means="Only the axis along which tensors are joined may differ; {rest} must be equal.",
        causes=(
            "{samples}",
            "Another axis was meant (without dim it is 0, the batch); or a skip connection joins layers of different size: odd sizes "
            "that were "
            "halved do not come back when doubled.",
        ),
        changes=(
            "Give the axis that differs as dim, often dim=1 for channels and dim=-1 for features; crop, pad or F.interpolate the other "
            "axes to one "
            "size.",
        ),
        derive=_joined,
        raised=[
            Raising("torch", T + "torch.cat([torch.rand(2, 3), torch.rand(2, 4)])\n", axis=0, expected=3, found=4, tensor=1),
            Raising(
                "torch", T + "torch.cat([torch.rand(1, 64, 56, 56), torch.rand(1, 64, 57, 57)], 1)\n",
                axis=1, expected=56, found=57, tensor=1,
            ),
            Raising(
                "torch", T + "torch.compile(lambda a, b: torch.cat([a, b]), backend='eager')(torch.rand(2, 3), torch.rand(2, 4))\n",
                axis=0, expected=3, other=1, found=4, tensor=1,
            ),
            # PyTorch 1.5 to 1.8, then 0.4 to 1.4.
            Raising(
                "text",
                "RuntimeError: Sizes of tensors must match except in dimension 1. Got 26 and 25 in dimension 2 (The offending index is "
                "1)",
                axis=1, expected=26, found=25, other=2,
            ),
            Raising(
                "text",
                "RuntimeError: invalid argument 0: Sizes of tensors must match except in dimension 0. Got 3 and 4 in dimension 1 at "
                "/pytorch/aten/src/TH/generic/THTensorMoreMath.cpp:1333",
                axis=0, expected=3, found=4, other=1,
            ),
        ],
    ),
    Family(
        "torch-cat-rank",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Tensors must have same number of dimensions: got (?P<first>\d+) and (?P<second>\d+)",
            r"zero-dimensional tensor \(at position (?P<position>\d+)\) cannot be concatenated",
        ],
        needles=("Tensors must have same number of dimensions", "cannot be concatenated"),
        headline="{said}",
        means="cat joins along an axis that all tensors have, and adds none.",
        causes=("Single numbers (loss.item() kept as tensors, one prediction per step) are collected, or one tensor lacks its batch "
                "axis.",),
        changes=("torch.stack makes a new axis for tensors of one shape, single numbers too; else add the axis with unsqueeze.",),
        derive=lambda groups: {
            "said": f"cat joins tensors of {groups['first']} and {groups['second']} axes; all must have the same number"
            if "first" in groups
            else f"cat was given a single number (at position {groups['position']}), which has no axis to be joined along"
        },
        raised=[
            Raising("torch", T + "torch.cat([torch.rand(2, 3), torch.rand(3)], 1)\n", first=2, second=1),
            Raising("torch", T + "torch.cat([torch.tensor(1.0), torch.tensor(2.0)])\n", position=0),
        ],
    ),
    Family(
        "torch-nothing-to-join",
        library="torch",
        exceptions=(*VALUE, "NotImplementedError"),
        patterns=[
            r"(?P<function>torch\.cat)\(\): expected a non-empty list of Tensors",
            r"(?P<function>stack) expects a non-empty TensorList",
            r"received an empty list of sequences",
        ],
        needles=("expected a non-empty list", "expects a non-empty", "received an empty list"),
        headline="The list of tensors to join is empty",
        means="cat, stack and pad_sequence need at least one tensor.",
        causes=("The loop that fills the list never ran: the DataLoader is empty, often by drop_last=True, or a filter kept nothing.",),
        changes=("Print len(list) before, and len(dataset) against batch_size.",),
        raised=[
            Raising("torch", T + "torch.cat([])\n", function="torch.cat"),
            Raising("torch", T + "torch.stack([])\n", function="stack"),
            Raising("torch", T + "torch.nn.utils.rnn.pad_sequence([])\n"),
        ],
    ),
    Family(
        "torch-join-not-a-list",
        library="torch",
        exceptions=TYPE,
        patterns=[
            r"(?P<function>\w+)\(\): argument 'tensors' \(position 1\) must be tuple of Tensors, not (?P<found>\w+)",
            r"expected Tensor as element (?P<element>\d+) in argument (?P<argument>\d+), but got (?P<found>[\w.]+)",
        ],
        needles=("must be tuple of Tensors", "expected Tensor as element"),
        headline="{said}",
        means="torch.cat([a, b]), torch.stack and pad_sequence take one list of tensors.",
        causes=("The brackets around the tensors are missing, or lists and arrays were collected in place of tensors.",),
        changes=("Write torch.cat([a, b], dim=0); make each element a tensor first, torch.as_tensor(element).",),
        derive=lambda groups: {
            "said": f"{groups['function']} takes a list of tensors, but was given {groups['found']}"
            if "function" in groups
            else f"Element {groups['element']} of the list to join is {groups['found']}, not a tensor"
        },
        raised=[
            Raising("torch", T + "torch.cat(torch.rand(2, 3), torch.rand(2, 3))\n", function="cat", found="Tensor"),
            Raising("torch", T + "torch.cat([torch.rand(2), [1, 2]])\n", element=1, argument=0, found="list"),
        ],
    ),
    Family(
        "torch-stack-sizes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"stack expects each tensor to be equal size, but got (?P<first>{SIZES}) at entry 0 and (?P<other>{SIZES}) at entry "
            rf"(?P<entry>\d+)",
            r"each element in list of batch should be of equal size",
        ],
        needles=("stack expects each tensor", "each element in list of batch"),
        headline="A batch cannot be made of {first} and {other}{where}: all samples must have one shape",
        means="stack, and the DataLoader that uses it, puts samples on top of each other, which needs one shape.",
        causes=("{often}",),
        changes=("{change}",),
        derive=lambda groups: {**_stacked(groups), "where": f" (sample {groups['entry']})"}
        if "first" in groups
        else {
            "first": "lists",
            "other": "lists of another length",
            "where": "",
            "often": "Dataset.__getitem__ gives plain lists of different lengths, such as token ids.",
            "change": "Pad them in a collate_fn, with torch.nn.utils.rnn.pad_sequence on tensors.",
        },
        raised=[
            Raising("torch", T + "torch.stack([torch.rand(2, 3), torch.rand(2, 4)])\n", first=(2, 3), other=(2, 4), entry=1),
            Raising(
                "torch", BATCH + "list(DataLoader([torch.rand(3, 8, 8), torch.rand(1, 8, 8)], batch_size=2))\n",
                first=(3, 8, 8), other=(1, 8, 8), entry=1,
            ),
            Raising(
                "torch", BATCH + "list(DataLoader([torch.rand(3), torch.rand(4)], batch_size=2, num_workers=1))\n",
                first=(3,), other=(4,), entry=1,
            ),
            Raising("torch", BATCH + "list(DataLoader([[1, 2], [1]], batch_size=2))\n"),
        ],
    ),
    Family(
        "torch-split-sizes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"split_with_sizes expects split_sizes to sum exactly to (?P<total>\d+) \(input tensor's size at dimension "
            r"(?P<axis>-?\d+)\), but got "
            rf"split_sizes=(?P<sizes>{SIZES})",
            r"split_size can only be 0 if dimension size is 0, but got dimension size of (?P<total>\d+)",
            r"chunk expects `chunks` to be greater than 0, got: (?P<sizes>\d+)",
            r"torch\.[hvd]split attempted to split along dimension (?P<axis>\d+), but the size of the dimension (?P<total>\d+) is not "
            r"divisible by the "
            r"split_size (?P<sizes>\d+)",
        ],
        needles=("split_with_sizes expects", "split_size can only be", "chunk expects", "split attempted to split"),
        headline="The parts do not make up the whole: {said}",
        means="A list of sizes must add up to the axis; hsplit and vsplit want a count that divides it.",
        causes=("The sizes were counted for another axis or other data; split(3) is parts of 3, chunk(3) is 3 parts.",),
        changes=("Correct the sizes or the dim; torch.tensor_split(x, n) also makes unequal parts.",),
        derive=lambda groups: {
            "said": f"{groups.get('sizes', 0)} of an axis of {groups['total']}" if "total" in groups else f"{groups['sizes']} parts"
        },
        raised=[
            Raising("torch", T + "torch.rand(10, 3).split([3, 3])\n", total=10, axis=0, sizes=(3, 3)),
            Raising("torch", T + "torch.rand(5, 3).hsplit(2)\n", axis=1, total=3, sizes=2),
            Raising("torch", T + "torch.rand(10, 3).split(0)\n", total=10),
        ],
    ),
    Family(
        "torch-index-range",
        library="torch",
        exceptions=(*INDEX, "AcceleratorError"),
        patterns=[
            r"index (?P<index>-?\d+) is out of bounds for dimension (?P<axis>\d+) with size (?P<size>\d+)",
            r"INDICES element is out of DATA bounds, id=(?P<index>-?\d+) axis_dim=(?P<size>\d+)",
            r"out of range: tried to access index (?P<index>-?\d+) on a tensor of (?P<size>\d+) elements",
        ],
        needles=("is out of bounds for dimension", "out of DATA bounds", "out of range: tried to access"),
        headline="Index {index} is past an axis of {size}",
        means="The positions of an axis of {size} are 0 to {last}, or -{size} to -1.",
        causes=(
            "A loop runs to the length and reads i + 1; labels start at 1; the batch is the shorter last one; or the axes are in "
            "another order. "
            "An LSTM that was given h alone, not (h, c), says this too.",
        ),
        changes=("Print x.shape and the index; stop the loop one earlier, or subtract 1 from numbers that start at 1.",),
        derive=lambda groups: {"last": groups["size"] - 1 if groups["size"] else "none"},
        raised=[
            Raising("torch", T + "torch.rand(3, 4)[3]\n", index=3, axis=0, size=3),
            Raising("torch", T + "torch.rand(3, 4)[torch.tensor([0, 3])]\n", index=3, axis=0, size=3),
            Raising("torch", T + "torch.gather(torch.rand(2, 3), 1, torch.full((2, 1), 3))\n", index=3, axis=1, size=3),
            Raising("torch", T + "torch.index_select(torch.rand(3, 4), 1, torch.tensor([4]))\n", index=4, size=4),
            Raising("torch", T + "torch.take(torch.rand(3), torch.tensor([5]))\n", index=5, size=3),
        ],
    ),
    Family(
        "torch-gather-range-unsaid",
        library="torch",
        exceptions=INDEX,
        patterns=[r"Invalid index in (?P<function>gather|scatter)"],
        needles=("Invalid index in",),
        headline="An index of gather, scatter or index_select is past the axis that it reads",
        means="Each index must be 0 to the size of the axis minus 1.",
        causes=("Labels start at 1, or hold -1 or -100 for what is unknown.",),
        changes=("Print index.min(), index.max() and x.size(dim).",),
        # PyTorch 0.4 to 1.4.
        raised=[
            Raising(
                "text", "RuntimeError: Invalid index in gather at "
                        "/pytorch/aten/src/TH/generic/THTensorEvenMoreMath.cpp:472", function="gather"
            ),
        ],
    ),
    Family(
        "torch-too-many-indices",
        library="torch",
        exceptions=INDEX,
        patterns=[
            r"too many indices for tensor of dimension (?P<axes>\d+)",
            r"invalid index of a (?P<axes>0)-dim tensor",
        ],
        needles=("too many indices for tensor", "invalid index of a 0-dim"),
        headline="{said}",
        means="x[i, j] needs two axes, x[:, :, -1] three.",
        causes=("{often}",),
        changes=("{change}",),
        derive=lambda groups: {
            "said": "A single number was indexed: this tensor has no axes"
            if groups["axes"] == 0
            else f"There are more indices than the tensor has axes, {groups['axes']}",
            "often": "Code for PyTorch before 0.4 reads loss.data[0]."
            if groups["axes"] == 0
            else "An axis was lost: squeeze(), an LSTM's last step, or one sample in place of a batch.",
            "change": "Write loss.item()." if groups["axes"] == 0 else "Print x.shape; drop an index, or add the axis with unsqueeze.",
        },
        raised=[
            Raising("torch", T + "torch.rand(3, 4)[:, :, 0]\n", axes=2),
            Raising("torch", T + "torch.tensor(1.0)[0]\n", axes=0),
        ],
    ),
    Family(
        "torch-index-shapes",
        library="torch",
        exceptions=INDEX,
        patterns=[
            rf"shape mismatch: indexing tensors could not be broadcast together with shapes (?P<shapes>{SIZES}(?:, {SIZES})*)",
        ],
        needles=("indexing tensors could not be broadcast",),
        headline="The index tensors have the shapes {shapes}, which do not fit each other",
        means="x[a, b] takes the pairs (a[0], b[0]), (a[1], b[1]) and so on, so a and b must have one shape.",
        causes=("All rows of a crossed with all columns of b were meant.",),
        changes=("For every row with every column write x[a[:, None], b].",),
        raised=[
            Raising("torch", T + "torch.rand(3, 4)[torch.tensor([0, 1]), torch.tensor([0, 1, 2])]\n", shapes="[2], [3]"),
        ],
    ),
    Family(
        "torch-mask-shape",
        library="torch",
        exceptions=INDEX,
        patterns=[
            rf"The shape of the mask (?P<mask>{SIZES}) at index (?P<mask_axis>\d+) does not match the shape of the indexed tensor "
            rf"(?P<shape>{SIZES}) at "
            r"index (?P<axis>\d+)",
        ],
        needles=("The shape of the mask",),
        headline="A mask {mask} does not fit the tensor {shape}: axis {axis} differs",
        means="A mask of True and False must have the shape of the first axes of the tensor.",
        causes=("The mask comes from other data, or is for axis 1 while it is put on axis 0.",),
        changes=("For the columns write x[:, mask]; for rows the mask must have {rows} entries.",),
        derive=lambda groups: {"rows": groups["shape"][0] if groups["shape"] else 0},
        raised=[
            Raising("torch", T + "torch.rand(3, 4)[torch.tensor([True, False])]\n", mask=(2,), shape=(3, 4), axis=0),
            Raising("torch", T + "torch.rand(3, 4)[torch.ones(3, 3).bool()]\n", mask=(3, 3), shape=(3, 4), axis=1),
        ],
    ),
    Family(
        "torch-index-kind",
        library="torch",
        exceptions=(*INDEX, "TypeError"),
        patterns=[
            r"only integers, slices \(`:`\), ellipsis \(`\.\.\.`\), None and long or byte Variables are valid indices \(got "
            r"(?P<found>\w+)\)",
        ],
        needles=("are valid indices (got",),
        headline="A tensor was indexed with {found}",
        means="Positions are whole numbers: n / 2 is a float in Python, n // 2 is not.",
        causes=("The index was computed with /.",),
        changes=("Write // for division, or int(i).",),
        raised=[Raising("torch", T + "torch.rand(3)[1.0]\n", found="float")],
    ),
    Family(
        "torch-negative-step",
        library="torch",
        exceptions=VALUE,
        patterns=[r"step must be greater than zero"],
        needles=("step must be greater than zero",),
        headline="x[::-1] does not work on a tensor: PyTorch has no negative steps",
        means="NumPy and lists walk backwards, tensors do not.",
        causes=("Code was carried over from NumPy.",),
        changes=("Write x.flip(0), with the axis to turn over.",),
        raised=[Raising("torch", T + "torch.rand(3)[::-1]\n")],
    ),
    Family(
        "torch-write-shapes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"shape mismatch: value tensor of shape (?P<value>{SIZES}) cannot be broadcast to indexing result of shape "
            rf"(?P<place>{SIZES})",
        ],
        needles=("cannot be broadcast to indexing result",),
        headline="{value} values were written to places of shape {place}",
        means="x[index] = y needs a y of the shape that x[index] has, or one that can be repeated to it.",
        causes=("The mask or the index chooses another number of rows than there are values.",),
        changes=("Choose the values with the same index: x[mask] = y[mask].",),
        raised=[
            Raising("torch", T + "x = torch.rand(3, 4)\nx[torch.tensor([0, 1])] = torch.rand(3, 4)\n", value=(3, 4), place=(2, 4)),
            Raising("torch", T + "x = torch.rand(3, 4)\nx[x > -1] = torch.rand(3)\n", value=(3,), place=(12,)),
        ],
    ),
    Family(
        "torch-gather-rank",
        library="torch",
        exceptions=INDEX,
        patterns=[
            r"Index tensor must have the same number of dimensions as (?P<which>input|self|src) tensor",
            r"(?P<which>index_select)\(\): Index is supposed to be a vector",
        ],
        needles=("Index tensor must have the same", "Index is supposed to be a vector"),
        headline="The index tensor has the wrong number of axes for {which}",
        means="gather and scatter take an index with as many axes as the tensor; index_select takes one axis.",
        causes=("Labels or actions are (batch,), while the values are (batch, n).",),
        changes=("Add the axis: values.gather(1, action.unsqueeze(1)).squeeze(1).",),
        raised=[
            Raising("torch", T + "torch.gather(torch.rand(2, 3), 1, torch.zeros(2).long())\n", which="input"),
            Raising("torch", T + "torch.zeros(2, 3).scatter_(1, torch.zeros(2).long(), 1.0)\n", which="self"),
            Raising("torch", T + "torch.index_select(torch.rand(3, 4), 1, torch.tensor([[1]]))\n", which="index_select"),
        ],
    ),
    Family(
        "torch-gather-sizes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"Size does not match at dimension (?P<axis>\d+) expected index (?P<index>{SIZES}) to be no larger than (?:self|src) "
            rf"(?P<shape>{SIZES}) apart from "
            r"dimension (?P<along>\d+)",
            rf"Expected index (?P<index>{SIZES}) to be (?:no larger|smaller) than self (?P<shape>{SIZES}) apart from dimension "
            rf"(?P<along>\d+)(?: and to be "
            rf"(?:no larger|smaller) size than src (?P<source>{SIZES}))?",
        ],
        needles=("to be no larger than", "to be smaller than self"),
        headline="The index {index} of gather or scatter is larger than the tensor {shape} beside axis {along}{said}",
        means="The index says where to read or write along axis {along}; on every other axis it may not be longer than the tensor, and "
              "for scatter not "
        "longer than the values.",
        causes=("The batch of the index is another one, or axes are swapped.",),
        changes=("Make the index from the same batch, (batch, 1) for one choice per sample.",),
        derive=lambda groups: {"said": f" or than the values {groups['source']}" if "source" in groups else ""},
        raised=[
            Raising(
                "torch", T + "torch.gather(torch.rand(2, 3), 1, torch.zeros(3, 1).long())\n", axis=0, index=(3, 1), shape=(2, 3), along=1
            ),
            Raising(
                "torch", T + "torch.zeros(2, 3).scatter_(1, torch.zeros(2, 2).long(), torch.rand(2, 1))\n",
                index=(2, 2), shape=(2, 3), along=1, source=(2, 1),
            ),
        ],
    ),
    Family(
        "torch-index-count",
        library="torch",
        exceptions=INDEX,
        patterns=[
            r"(?P<function>index_\w+)\(\): Number of indices \((?P<indices>\d+)\) should be equal to source\.size\(dim\):? "
            r"\((?P<rows>\d+)\)",
        ],
        needles=("Number of indices (",),
        headline="{function} has {indices} indices for {rows} rows of values; it needs one for each",
        means="Row i of the values goes to the place that index i names.",
        causes=("The values were not filtered as the index was.",),
        changes=("Filter both with the same mask.",),
        raised=[
            Raising(
                "torch", T + "torch.zeros(3, 4).index_add_(0, torch.tensor([0, 1]), torch.rand(3, 4))\n",
                function="index_add_", indices=2, rows=3,
            )
        ],
    ),
    Family(
        "torch-assign-list",
        library="torch",
        exceptions=TYPE,
        patterns=[r"can't assign a (?P<found>[\w.]+) to a (?P<tensor>torch\.[\w.]+)"],
        needles=("can't assign a",),
        headline="A {found} cannot be written into a tensor",
        means="Values that are written with x[i] = must be a number or a tensor.",
        causes=("A list, a string or an array was assigned as it is.",),
        changes=("Write x[i] = torch.as_tensor(values).",),
        raised=[Raising("torch", T + "x = torch.rand(3, 4)\nx[0] = [1, 2]\n", found="list", tensor="torch.FloatTensor")],
    ),
    Family(
        "torch-count-integers",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"bincount only supports 1-d non-negative integral inputs",
            r"(?P<which>weights) should be 1-d and have the same length as input",
        ],
        needles=("bincount only supports", "weights should be 1-d"),
        headline="bincount counts whole numbers from 0 on, in a tensor of one axis, with one weight each",
        means="Entry i of the result says how often i occurs, so i cannot be below 0 or a fraction.",
        causes=("The labels are (batch, height, width) or (batch, 1), hold -1 or 255 for unknown, or weights are of another length.",),
        changes=("Flatten and filter: torch.bincount(y[y >= 0].flatten(), minlength=classes).",),
        raised=[
            Raising("torch", T + "torch.bincount(torch.tensor([-1]))\n"),
            Raising("torch", T + "torch.bincount(torch.tensor([1, 2]), torch.rand(3))\n", which="weights"),
        ],
    ),
]  # fmt: skip
