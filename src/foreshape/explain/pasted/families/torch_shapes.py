"""What PyTorch says about shapes and axes: broadcasting, view, permute, expand, repeat, axes that do not exist."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import INDEX, RUNTIME, SIZES, F, N, T, product

VIEW: Final = r"['\"]?shape '(?P<asked>\[[-\d, ]*\])' is invalid for input of size (?P<count>\d+)"


def _view(groups: dict[str, Any]) -> dict[str, Any]:
    """What the sizes that were asked for make together, and how far the numbers go."""
    asked, count = groups["asked"], groups["count"]
    known = [size for size in asked if size != -1]
    wanted = product(known)
    if -1 in asked:
        said = f"{count} numbers cannot be divided by {wanted}"
    else:
        said = f"{' x '.join(str(size) for size in asked) or 'nothing'} is {wanted} numbers, but there are {count}"
    words: dict[str, Any] = {"said": said}
    if asked and asked[0] not in (-1, 0) and product(known[1:]) and -1 not in asked and count % product(known[1:]) == 0:
        rows = count // product(known[1:])
        words["often"] = (
            f"There are {rows} samples in this batch and not {asked[0]}: the last batch is often shorter, or a size was fixed."
        )
        words["change"] = f"Write -1 for the batch: x.view(-1, {', '.join(str(size) for size in asked[1:])})."
    else:
        words["often"] = (
            "The size was counted for other data: another image size, sequence length or batch size, or another layer before it."
        )
        words["change"] = "Keep the batch axis and let the rest be counted: x.flatten(1), or x.view(x.size(0), -1)."
    return words


def _expanded(groups: dict[str, Any]) -> dict[str, Any]:
    """What an expand, an assignment or an addmm wants, where its own sizes are known."""
    words: dict[str, Any] = {"into": "the wanted shape", "shape": "tensor"}
    if "asked" in groups:
        words = {"into": groups["asked"], "shape": f"tensor {groups['shape']}"}
    return words


def _no_axis(groups: dict[str, Any]) -> dict[str, Any]:
    low, high, asked = groups["low"], groups["high"], groups["asked"]
    axes = -low
    rank = "1 axis" if axes == 1 else f"{axes} axes"
    words: dict[str, Any] = {"rank": rank, "axes": axes, "said": f"{low} to {high}"}
    if axes == 1 and asked == 1:
        words["often"] = (
            "The tensor has one axis where two were thought: squeeze() took the batch or the last axis away, or labels are (batch,)."
        )
    elif isinstance(asked, int) and asked == axes:
        words["often"] = (
            "Axes are counted from 0, so the last one is number " + f"{axes - 1}, or an axis was lost on the way."
        )
    else:
        words["often"] = "The tensor has fewer axes than was thought: a squeeze(), a mean or an index took one away."
    return words


FAMILIES: Final = [
    Family(
        "torchvision-normalize-channels",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"The size of tensor a \((?P<channels>\d+)\) must match the size of tensor b \((?P<means>\d+)\) at non-singleton dimension 0",
        ],
        needles=("must match the size of tensor b",),
        within=("normalize", "Normalize("),
        headline="Normalize has {means} means, and this picture has {channels} channels",
        means="Normalize takes one mean and one deviation for each channel of a picture (channels, height, width).",
        causes=("Pictures with transparency have 4 channels, grey ones 1.",),
        changes=("Load all of them as colour: Image.open(path).convert('RGB'); for grey pictures Normalize((0.5,), (0.5,)).",),
        raised=[
            Raising(
                "text",
                'Traceback (most recent call last):\n  File "test.py", line 30, in <module>\n    x = transform(Image.open(path))\n'
                '  File "/usr/lib/python3.7/site-packages/torchvision/transforms/functional.py", line 217, in normalize\n'
                "    tensor.sub_(mean[:, None, None]).div_(std[:, None, None])\n"
                "RuntimeError: The size of tensor a (4) must match the size of tensor b (3) at non-singleton dimension 0",
                channels=4, means=3,
            ),
        ],
    ),
    Family(
        "torch-optimizer-state",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"The size of tensor a \((?P<state>\d+)\) must match the size of tensor b \((?P<own>\d+)\) at non-singleton dimension "
            r"(?P<axis>\d+)",
        ],
        needles=("must match the size of tensor b",),
        within=("/torch/optim/", "\\torch\\optim\\"),
        headline="The optimizer remembers a weight with {state} on axis {axis}, and its gradient has {own}",
        means="Adam and others keep averages in the shape of each weight, in the order of the weights.",
        causes=(
            "optimizer.load_state_dict read the state of another model, or of one whose layers stood in another order; or a layer was "
            "replaced after the optimizer was made.",
        ),
        changes=(
            "Make the optimizer after all layers are in place, torch.optim.Adam(model.parameters()), and load only the state that was "
            "saved with this very model.",
        ),
        raised=[
            Raising(
                "torch",
                N + "net = nn.Linear(3, 4)\nopt = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)\n"
                "opt.state[net.weight]['momentum_buffer'] = torch.zeros(4, 5)\nnet(torch.rand(2, 3)).sum().backward()\nopt.step()\n",
                state=5, own=3, axis=1,
            ),
        ],
    ),
    Family(
        "torch-broadcast",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"The size of tensor a \((?P<left>\d+)\) must match the size of tensor b \((?P<right>\d+)\) at non-singleton dimension "
            r"(?P<axis>-?\d+)",
            r"Attempting to broadcast a dimension of length (?P<right>\d+) at (?P<axis>-?\d+)! Mismatching argument at index "
            r"(?P<argument>\d+) had "
            rf"(?:torch\.Size\()?(?P<shape>{SIZES}|\([\d, ]*\))\)?; but expected shape should be broadcastable to (?P<expected>{SIZES})",
            r"inconsistent tensor size, expected tensor (?P<shape>\[[\dx ]+\]) and src (?P<other>\[[\dx ]+\]) to have the same number "
            r"of elements",
        ],
        needles=("must match the size of tensor b", "Attempting to broadcast a dimension", "inconsistent tensor size, expected tensor"),
        headline="{said}",
        means="Shapes are compared from the last axis; two sizes meet where they are equal or one of them is 1. Here they are not.",
        causes=(
            "{empty}",
            "A loss or a sum joins an output and a target of different shapes; a skip connection adds a layer that changed the size; or "
            "(batch,) meets (batch, n), which must be (batch, 1).",
        ),
        changes=(
            "Print both shapes at that line; add an axis of size 1 where it is missing, y.unsqueeze(-1), or correct the layer before "
            "it. Under "
            "pad_sequence or a DataLoader the data itself has different sizes.",
        ),
        derive=lambda groups: {
            "said": f"On axis {groups['axis']} one tensor has {groups['left']} and the other {groups['right']}: these shapes do not "
                    f"broadcast"
            if "left" in groups
            else f"{groups['shape']} does not broadcast to {groups['expected']}"
            if "expected" in groups
            else f"{groups['shape']} and {groups['other']} do not hold the same count of numbers",
            **(
                {"empty": "A size of 0 is an empty tensor: a picture without boxes, a filter that kept nothing, or weights that "
                    "DeepSpeed "
                          "keeps on another GPU."}
                if 0 in (groups.get("left"), groups.get("right"))
                else {}
            ),
        },
        raised=[
            Raising("torch", T + "torch.rand(3, 4) + torch.rand(3)\n", left=4, right=3, axis=1),
            Raising("torch", F + "F.mse_loss(torch.rand(8, 3), torch.rand(8, 2))\n", left=3, right=2, axis=1),
            Raising(
                "torch", T + "torch.broadcast_shapes((3,), (4,))\n", right=4, axis=-1, argument=1, shape=(4,), expected=(3,)
            ),
            Raising(
                "torch", T + "torch.compile(lambda a, b: a + b, backend='eager')(torch.rand(2, 3), torch.rand(2, 4))\n",
                right=4, axis=-1, shape=(2, 4), expected=(2, 3),
            ),
        ],
    ),
    Family(
        "torch-broadcast-in-place",
        library="torch",
        exceptions=RUNTIME,
        patterns=[rf"output with shape (?P<shape>{SIZES}) doesn't match the broadcast shape (?P<result>{SIZES})"],
        needles=("doesn't match the broadcast shape",),
        headline="The result would be {result}, which cannot be stored in the tensor {shape} that is changed in place",
        means="x += y, x.add_(y) and out= keep the shape of x, so y may be repeated to fit x, but x not to fit y.",
        causes=("Grey pictures, (1, height, width), are normalised with three means; or the smaller one of two tensors is changed in "
                "place.",),
        changes=("Write x = x + y in place of x += y when the larger shape is right; for grey pictures Normalize((0.5,), (0.5,)).",),
        raised=[
            Raising("torch", T + "x = torch.rand(3, 1)\nx += torch.rand(3, 4)\n", shape=(3, 1), result=(3, 4)),
            Raising("torch", T + "torch.rand(1, 28, 28).sub_(torch.rand(3, 1, 1))\n", shape=(1, 28, 28), result=(3, 28, 28)),
        ],
    ),
    Family(
        "torch-view-size",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            VIEW,
            r"size '\[(?P<asked>[-\dx ]+)\]' is invalid for input (?:with|of with) (?P<count>\d+) elements",
        ],
        needles=("is invalid for input of size", "is invalid for input"),
        headline="This view or reshape cannot work: {said}",
        means="The sizes {asked} must make as many numbers together as the tensor holds; -1 stands for what is left.",
        causes=("{often}", "In MultiheadAttention and transformers: query and key have different batch sizes, often for a missing "
                           "batch_first."),
        changes=("{change}", "Print x.shape just before this line."),
        derive=_view,
        raised=[
            Raising("torch", T + "torch.rand(3, 4).view(5, 2)\n", asked=(5, 2), count=12),
            # PyTorch 0.2 to 0.4.
            Raising(
                "text",
                "RuntimeError: invalid argument 2: size '[-1 x 3 x 96 x 96]' is invalid for input with 6291456 elements at "
                "/pytorch/aten/src/TH/THStorage.c:41",
                asked=(-1, 3, 96, 96), count=6291456,
            ),
            Raising("torch", T + "torch.rand(10, 3, 32, 32).view(-1, 28 * 28)\n", asked=(-1, 784), count=30720),
            Raising("torch", T + "torch.rand(20, 16, 5, 5).view(32, 400)\n", asked=(32, 400), count=8000),
            Raising(
                "torch", N + "nn.MultiheadAttention(8, 2)(torch.rand(2, 5, 8), torch.rand(3, 4, 8), torch.rand(3, 4, 8))\n",
                asked=(3, 10, 4), count=96,
            ),
            Raising("torch", T + "torch.compile(lambda a: a.view(5), backend='eager')(torch.rand(2, 3))\n", asked=(5,), count=6),
            # PyTorch 1.0 to 1.4.
            Raising(
                "text",
                "RuntimeError: shape '[-1, 400]' is invalid for input of size 46656 at /pytorch/aten/src/TH/THStorage.cpp:84",
                asked=(-1, 400), count=46656,
            ),
        ],
    ),
    Family(
        "torch-view-strides",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"view size is not compatible with input tensor's size and stride",
            r"invalid argument 2: view size is not compatible with input tensor's",
            r"input is not contiguous",
        ],
        needles=("view size is not compatible", "input is not contiguous"),
        headline="view() needs a tensor whose numbers lie in order, but this one was transposed, permuted or sliced",
        means="view() never copies; transpose, permute, expand and steps in a slice only change how the same numbers are walked through.",
        causes=("x.transpose(1, 2).view(...) or x.permute(...).view(...).",),
        changes=(
            "Write reshape in place of view: it copies where it must; and see that the order of the axes is the one that you mean.",
        ),
        raised=[
            Raising("torch", T + "torch.rand(3, 4).t().view(12)\n"),
            # PyTorch 0.4 to 1.4.
            Raising(
                "text",
                "RuntimeError: invalid argument 2: view size is not compatible with input tensor's size and stride (at least one "
                "dimension spans "
                "across two contiguous subspaces). Call .contiguous() before .view(). at /pytorch/aten/src/TH/generic/THTensor.cpp:213",
            ),
        ],
    ),
    Family(
        "torch-view-two-unknown",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"only one dimension can be inferred",
            r"cannot reshape tensor of 0 elements into shape (?P<asked>\[[-\d, ]*\]) because the unspecified dimension size -1 can be "
            r"any value",
        ],
        needles=("only one dimension can be inferred", "cannot reshape tensor of 0 elements"),
        headline="The size that -1 stands for cannot be computed in this view or reshape",
        means="-1 is what is left over, so there can be only one of it, and the tensor must not be empty beside a 0.",
        causes=("Two sizes are written as -1, or the tensor is empty because a filter or a slice took all rows.",),
        changes=("Write all sizes but one as numbers: x.view(x.size(0), -1).",),
        raised=[
            Raising("torch", T + "torch.rand(3, 4).view(-1, -1)\n"),
            Raising("torch", T + "torch.rand(0, 4).view(-1, 0)\n", asked=(-1, 0)),
        ],
    ),
    Family(
        "torch-negative-size",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"invalid shape dimension (?P<size>-\d+) at index (?P<axis>\d+) of shape (?P<asked>\[[-\d, ]*\])",
            r"Trying to create tensor with negative dimension (?P<size>-\d+): (?P<asked>\[[-\d, ]*\])",
            r"(?P<function>zeros|ones|empty|rand|randn|full): Dimension size must be non-negative",
        ],
        needles=("invalid shape dimension", "with negative dimension", "Dimension size must be non-negative"),
        headline="A size of this shape is below 0",
        means="Sizes are 0 or more; -1 for what is left exists in view and reshape only.",
        causes=("A size is computed, as length - window + 1, and the data is shorter than the window; or -1 was given to torch.zeros.",),
        changes=("Print the numbers that go into the shape.",),
        raised=[
            Raising("torch", T + "torch.rand(3, 4).view(-2, 6)\n", size=-2, axis=0, asked=(-2, 6)),
            Raising("torch", T + "torch.zeros(2, -1)\n", function="zeros"),
            Raising("text", "RuntimeError: Trying to create tensor with negative dimension -1: [2, -1]", size=-1, asked=(2, -1)),
        ],
    ),
    Family(
        "torch-unflatten",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"unflatten: Provided sizes (?P<asked>\[[-\d, ]*\]) don't multiply up to the size of dim (?P<axis>-?\d+) "
            r"\((?P<count>\d+)\) in the input tensor"
        ],
        needles=("unflatten: Provided sizes",),
        headline="unflatten cannot split axis {axis}, which has {count}, into {asked}",
        means="The new sizes must make {count} together; one of them may be -1.",
        causes=("The layer before it gives another number of features.",),
        changes=("Let the Linear layer before it give the product of the sizes, or write other sizes that make {count}.",),
        raised=[Raising("torch", N + "nn.Unflatten(1, (2, 3))(torch.rand(3, 4))\n", asked=(2, 3), axis=1, count=4)],
    ),
    Family(
        "torch-permute-count",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i\.e\. "
            r"input\.dim\(\) = "
            r"(?P<found>\d+) is not equal to len\(dims\) = (?P<asked>\d+)",
            r"number of dims don't match in permute",
        ],
        needles=("desired ordering of dimensions", "number of dims don't match in permute"),
        headline="permute names {asked} axes, but the tensor has {found}",
        means="permute wants every axis exactly once, in the new order.",
        causes=("A single picture has no batch axis, or grey pictures have no channel axis; the order was written for a batch.",),
        changes=(
            "For one picture (height, width, channels) write x.permute(2, 0, 1), for a batch x.permute(0, 3, 1, 2); add a missing axis "
            "with "
            "unsqueeze first.",
        ),
        derive=lambda groups: {"asked": groups.get("asked", "other"), "found": groups.get("found", "another number")},
        raised=[
            Raising("torch", T + "torch.rand(3, 4).permute(0, 2, 1)\n", found=2, asked=3),
            Raising("torch", T + "torch.rand(3, 4, 5).permute(0, 1)\n", found=3, asked=2),
            # PyTorch 0.4 to 1.8.
            Raising("text", "RuntimeError: number of dims don't match in permute"),
        ],
    ),
    Family(
        "torch-repeated-axis",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"permute\(\): duplicate dims are not allowed",
            r"repeated dim in permute",
            r"dim (?P<axis>\d+) appears multiple times in the list of dims",
            r"diagonal dimensions cannot be identical (?P<axis>-?\d+)",
        ],
        needles=("duplicate dims are not", "repeated dim in permute", "appears multiple times in the list", "diagonal dimensions cannot"),
        headline="An axis is named twice",
        means="Each axis can be named once; -1 and the number of the last axis are the same axis.",
        causes=("A typing error, or a negative and a positive number that mean the same axis.",),
        changes=("Name each axis once.",),
        raised=[
            Raising("torch", T + "torch.rand(3, 4, 5).permute(0, 1, 1)\n"),
            Raising("torch", T + "torch.rand(3, 4).sum((0, 0))\n", axis=0),
        ],
    ),
    Family(
        "torch-transpose-matrix",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"t\(\) expects a (?:tensor with <= 2 dimensions|2D tensor), but self is (?P<found>\d+)D",
        ],
        needles=("t() expects",),
        headline="t() turns a matrix of 2 axes, but this tensor has {found}",
        means="For more axes PyTorch must know which two change places.",
        causes=("The tensor has a batch axis.",),
        changes=("Write x.transpose(-2, -1), or x.mT, which turn the last two axes.",),
        raised=[Raising("torch", T + "torch.rand(2, 3, 4).t()\n", found=3)],
    ),
    Family(
        "torch-expand-size",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"The expanded size of the tensor \((?P<wanted>-?\d+)\) must match the existing size \((?P<found>\d+)\) at non-singleton "
            r"dimension "
            rf"(?P<axis>\d+)(?:\.\s+Target sizes: (?P<asked>{SIZES})\.\s+Tensor sizes: (?P<shape>{SIZES}))?",
        ],
        needles=("The expanded size of the tensor",),
        headline="A {shape} cannot be repeated to {into}: {wanted} and {found} meet on axis {axis}",
        means="Expanding repeats axes of size 1 only; every other size must be equal already. x[i] = y, expand and addmm all do this.",
        causes=(
            "A row, window or batch that is written into a tensor has another length than the place for it; or axes are missing in "
            "front.",
        ),
        changes=(
            "Print both shapes; write to a slice of the right length, x[i, :len(y)] = y, or add the axis of size 1 that is to be "
            "repeated.",
        ),
        derive=_expanded,
        raised=[
            Raising("torch", T + "torch.rand(3, 4).expand(3, 5)\n", wanted=5, found=4, axis=1, asked=(3, 5), shape=(3, 4)),
            Raising("torch", T + "x = torch.rand(3, 4)\nx[0] = torch.rand(3)\n", wanted=4, found=3, axis=0, asked=(4,), shape=(3,)),
            Raising("torch", T + "torch.addmm(torch.rand(3), torch.rand(2, 3), torch.rand(3, 4))\n", wanted=4, found=3, axis=1),
            Raising("torch", T + "torch.rand(3).broadcast_to(4, 2)\n", asked=(4, 2), shape=(3,)),
            # PyTorch 0.4.
            Raising(
                "text",
                "RuntimeError: The expanded size of the tensor (1) must match the existing size (64) at non-singleton dimension 0",
                wanted=1, found=64, axis=0,
            ),
        ],
    ),
    Family(
        "torch-expand-axes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"expand\((?P<kind>[\w.]+)\{{(?P<shape>{SIZES})\}}, size=(?P<asked>{SIZES})\): the number of sizes provided "
            rf"\((?P<sizes>\d+)\) must be greater "
            r"or equal to the number of dimensions in the tensor \((?P<axes>\d+)\)",
        ],
        needles=("the number of sizes provided",),
        headline="A tensor {shape} has more axes than the place or shape {asked} that it is to fill",
        means="Expanding, and writing x[i] = y, add axes in front and take none away.",
        causes=("x[i, j] = y writes a whole row into one number, or a batch of one is written where a single sample belongs.",),
        changes=("Take the extra axes off: y.squeeze(0), y[0]; or write to a larger place, x[i] = y.",),
        raised=[
            Raising("torch", T + "torch.rand(3, 4).expand(4)\n", shape=(3, 4), asked=(4,), sizes=1, axes=2),
            Raising("torch", T + "x = torch.rand(3, 4)\nx[0, 0] = torch.rand(2)\n", shape=(2,), asked=(), sizes=0, axes=1),
        ],
    ),
    Family(
        "torch-expand-leading",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"The expanded size of the tensor \(-1\) isn't allowed in a leading, non-existing dimension (?P<axis>\d+)"],
        needles=("isn't allowed in a leading",),
        headline="expand was given -1 for axis {axis}, which the tensor does not have yet",
        means="-1 keeps the size of an axis; a new axis in front needs a number.",
        causes=("The tensor has an axis less than was thought.",),
        changes=("Write the size, or add the axis first with unsqueeze(0).",),
        raised=[Raising("torch", T + "torch.rand(3, 4).expand(-1, 2, 3, 4)\n", axis=0)],
    ),
    Family(
        "torch-repeat-axes",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor"],
        needles=("Number of dimensions of repeat dims",),
        headline="repeat was given fewer numbers than the tensor has axes",
        means="x.repeat(2, 1) says for every axis how often it is repeated; it is not NumPy's repeat.",
        causes=("The tensor has a batch axis, or numpy.repeat or numpy.tile was meant.",),
        changes=("Give one number per axis, 1 for those that stay; x.repeat_interleave(n, dim) is NumPy's repeat, torch.tile its tile.",),
        raised=[Raising("torch", T + "torch.rand(3, 4).repeat(2)\n")],
    ),
    Family(
        "torch-no-such-axis",
        library="torch",
        exceptions=INDEX,
        patterns=[
            r"Dimension out of range \(expected to be in range of \[(?P<low>-?\d+), (?P<high>-?\d+)\], but got (?P<asked>-?\d+)\)",
            r"dimension out of range \(expected to be in range of \[(?P<low>-?\d+), (?P<high>-?\d+)\], but got (?P<asked>-?\d+)\)",
        ],
        needles=("imension out of range (expected",),
        headline="Axis {asked} does not exist here: the axes are {said}",
        means="That is a tensor of {rank}, or of one less where an axis is added (unsqueeze, stack). Axes are numbered from 0, and "
              "from -1 backwards.",
        causes=("{often}", "In a loss: the output has no class axis, because it was squeezed or argmax was taken of it."),
        changes=("Print x.shape before this line; use dim=-1 where the last axis is meant, and keep the batch axis in squeeze: "
                 "x.squeeze(-1).",),
        derive=_no_axis,
        raised=[
            Raising("torch", T + "torch.rand(3).sum(1)\n", low=-1, high=0, asked=1),
            Raising("torch", T + "torch.rand(3, 4).transpose(1, 2)\n", low=-2, high=1, asked=2),
            Raising("torch", T + "torch.rand(3, 4).unsqueeze(4)\n", low=-3, high=2, asked=4),
            Raising("torch", T + "torch.rand(2, 3).size(5)\n", low=-2, high=1, asked=5),
            # PyTorch 0.3.
            Raising(
                "text", "RuntimeError: dimension out of range (expected to be in range of [-1, 0], but got 1)", low=-1, high=0, asked=1
            ),
        ],
    ),
    Family(
        "torch-empty-reduction",
        library="torch",
        exceptions=INDEX,
        patterns=[
            r"(?P<function>\w+)\(\): Expected reduction dim to be specified for input\.numel\(\) == 0",
            r"(?P<function>\w+)\(\): Expected reduction dim (?P<axis>-?\d+) to have non-zero size",
            r"cannot perform reduction function (?P<function>\w+) on tensor with no elements",
        ],
        needles=("Expected reduction dim", "on tensor with no elements"),
        headline="{function} of an empty tensor: there is no number to choose from",
        means="max, min, argmax and their like need at least one number.",
        causes=("A mask, a filter or a slice kept nothing, or the data set is empty.",),
        changes=("Print x.shape, and look first: if x.numel() > 0.",),
        raised=[
            Raising("torch", T + "torch.rand(0).max()\n", function="max"),
            Raising("torch", T + "torch.rand(0, 3).max(0)\n", function="max", axis=0),
            Raising(
                "text",
                "RuntimeError: cannot perform reduction function max on tensor with no elements because the operation does not have an "
                "identity",
                function="max",
            ),
        ],
    ),
    Family(
        "torch-top-k",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"selected (?:index|number) k out of range(?: for dimension (?P<axis>-?\d+))?",
            r"k not in range for dimension",
        ],
        needles=("selected index k", "selected number k", "k not in range for dimension"),
        headline="topk or kthvalue asks for more values than the axis is long",
        means="k may be 1 to the size of the axis, the last one unless dim says another.",
        causes=("There are fewer classes or boxes than k (top-5 accuracy with 3 classes), or the classes stand on another axis.",),
        changes=("Write k=min(k, x.size(dim)), or name the axis of the classes with dim.",),
        raised=[
            Raising("torch", T + "torch.rand(3, 4).topk(5)\n"),
            Raising("torch", T + "torch.rand(3, 4).kthvalue(5)\n", axis=1),
        ],
    ),
    Family(
        "torch-column-count",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"X1 and X2 must have the same number of columns\. X1: (?P<left>\d+) X2: (?P<right>\d+)"],
        needles=("X1 and X2 must have the same",),
        headline="cdist compares points of {left} numbers with points of {right}; both must have equally many",
        means="Each row is a point, so the last axis must agree.",
        causes=("One of the two is transposed, or was made from other columns.",),
        changes=("Turn the one whose points stand in columns: x.T.",),
        raised=[Raising("torch", T + "torch.cdist(torch.rand(3, 4), torch.rand(3, 5))\n", left=4, right=5)],
    ),
]  # fmt: skip
