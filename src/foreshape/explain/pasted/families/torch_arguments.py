"""What PyTorch says about arguments that have a wrong type or value, and about things that are used as something else."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import INDEX, RUNTIME, SIZES, TYPE, VALUE, F, N, T

TORCH_METHODS: Final = "unsqueeze|dim|to|cuda|cpu|detach|view|permute|item|backward|relu|long|float|contiguous|softmax"


def _size(groups: dict[str, Any]) -> dict[str, Any]:
    found = str(groups["found"])
    words = {"often": "A number is a text or None, as it comes out of a file or of argparse without type=int."}
    if found == "float":
        words["often"] = "It was computed with /, which gives a float in Python: 128 / 2 is 64.0."
    elif found in ("list", "tuple", "Tensor"):
        words["often"] = "A list or a tensor was given where single numbers are wanted."
    return words


FAMILIES: Final = [
    Family(
        "torch-size-type",
        library="torch",
        exceptions=TYPE,
        patterns=[
            r"(?P<function>\w+)\(\): argument '(?P<argument>\w+)' \(position (?P<position>\d+)\) must be (?:tuple of ints|int|tuple of "
            r"SymInts), (?:not|but found "
            r"element of type) (?P<found>\w+)",
            r"(?P<function>\w+)\(\): argument '(?P<argument>\w+)' failed to unpack the object at pos (?P<position>\d+) with error "
            r"\"type must be tuple of ints,"
            r"but got (?P<found>\w+)\"",
            r"(?P<argument>input_size|hidden_size|num_layers) should be of type int, got: (?P<found>\w+)",
        ],
        needles=("must be tuple of ints", "must be int,", "type must be tuple of", "should be of type int"),
        headline="A size is {found} where it must be a whole number",
        means="Sizes of layers and shapes are whole numbers (int); empty() is what layers use to make their weights.",
        causes=("{often}",),
        changes=("Divide with //, or write int(n).",),
        derive=_size,
        raised=[
            Raising("torch", N + "nn.Linear(3, 4 / 2)\n", function="empty", argument="size", found="float"),
            Raising("torch", T + "torch.zeros(3 / 1)\n", function="zeros", found="float"),
            Raising("torch", N + "nn.LSTM(3, 4.0)\n", argument="hidden_size", found="float"),
        ],
    ),
    Family(
        "torch-view-arguments",
        library="torch",
        exceptions=TYPE,
        patterns=[r"(?P<function>view|reshape|zeros|ones|rand|randn|expand|repeat)\(\) received an invalid combination of arguments - "
                  r"got \((?P<given>[^)]*)\)"],
        needles=("received an invalid combination of arguments",),
        headline="{function} was given ({given}), but sizes must be whole numbers",
        means="A float, a text or a tensor among the sizes is not taken, even where it is 2.0.",
        causes=("A size was computed with /, or stands in quotation marks.",),
        changes=("Divide with //: x.view(len(x) // 2, 2).",),
        raised=[Raising("torch", T + "torch.rand(2, 3).view(6 / 2, 2)\n", function="view", given="float, int")],
    ),
    Family(
        "torch-positive-size",
        library="torch",
        exceptions=VALUE,
        patterns=[
            r"(?P<argument>input_size|hidden_size|num_layers) must be greater than zero",
            r"(?P<sign>non-positive|negative) (?P<argument>groups|stride|padding|kernel_size|dilation) is not supported",
            r"(?P<argument>stride|kernel size|dilation|pad|divisor|num groups)(?: of \w+)? (?:should be greater than zero|should not "
            r"be zero|must be greater than "
            r"zero|must be non-negative|must be not zero)",
            r"Expected (?P<argument>num groups) to be greater than 0",
        ],
        needles=(
            "greater than zero", "is not supported", "should not be zero", "must be non-negative", "must be not zero", "num groups to be",
        ),
        headline="{argument} of this layer is 0 or negative",
        means="Strides, kernels and sizes are at least 1, padding at least 0.",
        causes=("It is computed from another size, such as size // 8 of a small one, and became 0.",),
        changes=("Print the arguments of the layer; keep them at 1 or more with max(1, n).",),
        raised=[
            Raising("torch", N + "nn.LSTM(0, 4)\n", argument="input_size"),
            Raising("torch", N + "nn.Conv2d(3, 4, 3, stride=0)(torch.rand(1, 3, 8, 8))\n", argument="stride"),
            Raising("torch", N + "nn.Conv2d(3, 4, 0)(torch.rand(1, 3, 8, 8))\n", argument="kernel size"),
        ],
    ),
    Family(
        "torch-dropout-rate",
        library="torch",
        exceptions=VALUE,
        patterns=[
            r"dropout probability has to be between 0 and 1, but got (?P<found>-?[\d.]+)",
            r"(?P<which>dropout) should be a number in range \[0, 1\]",
        ],
        needles=("dropout probability has to", "dropout should be a number"),
        headline="The dropout probability must be between 0 and 1",
        means="It is the share of numbers that are set to 0 in training.",
        causes=("It was given in percent, or another argument stands in its place.",),
        changes=("Write 0.2 for 20 percent, and name it: dropout=0.2.",),
        raised=[Raising("torch", N + "nn.Dropout(20)\n", found=20), Raising("torch", N + "nn.LSTM(3, 4, dropout=2)\n", which="dropout")],
    ),
    Family(
        "torch-reduction-name",
        library="torch",
        exceptions=VALUE,
        patterns=[r"(?P<found>\S+) is not a valid value for reduction"],
        needles=("is not a valid value for reduction",),
        headline="{found} is not a reduction: there are 'mean', 'sum' and 'none'",
        means="reduction says what becomes of the losses of the samples of a batch.",
        causes=("Keras' names were used, or a misspelt one.",),
        changes=("Write reduction='none' for one loss per sample, 'mean' for their mean, 'sum' for their sum.",),
        raised=[Raising("torch", F + "nn.MSELoss(reduction='sum_over_batch_size')(torch.rand(2), "
                                     "torch.rand(2))\n", found="sum_over_batch_size")],
    ),
    Family(
        "torch-conv-weight-rank",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"expected (?P<argument>stride|padding|dilation|output_padding) to be a single integer value or a list of (?P<needs>\d+) "
            r"values to match the "
            r"convolution dimensions, but got \w+=(?P<found>\[[-\d, ]*\])",
            rf"Given groups=(?P<groups>\d+), expected weight to be (?P<what>divisible by \d+|at least \d+) at dimension 0, but got "
            rf"weight of size \[?(?P<weight>{SIZES})",
            r"(?P<weight>weight) should have at least three dimensions",
        ],
        needles=("to match the convolution dimensions", "expected weight to be", "weight should have at least three"),
        headline="The weight of this convolution has the wrong shape, or {told}",
        means="The weight is (out_channels, in_channels / groups, kernel ...), with one kernel size per axis that the convolution runs "
              "over.",
        causes=("A weight that was made by hand lacks an axis, or F.conv1d, conv2d and conv3d were exchanged.",),
        changes=("Print weight.shape; a single kernel (k, k) becomes weight[None, None], which is (1, 1, k, k).",),
        derive=lambda groups: {
            "told": f"{groups['argument']} {list(groups['found'])} does not have {groups['needs']} "
                    f"numbers" if "needs" in groups else "its groups do not divide it"
        },
        raised=[
            Raising(
                "torch", F + "F.conv2d(torch.rand(1, 3, 8, 8), torch.rand(4, 3, 3))\n", argument="stride", needs=1, found=(1, 1)
            ),
            Raising("torch", F + "F.conv2d(torch.rand(1, 4, 8, 8), torch.rand(3, 2, 3, 3), groups=2)\n", groups=2, weight=(3, 2, 3, 3)),
        ],
    ),
    Family(
        "torch-no-axes",
        library="torch",
        exceptions=INDEX,
        patterns=[
            r"Dimension specified as (?P<asked>-?\d+) but (?:the )?tensor has no dimensions",
            r"(?P<function>\w+)\(\) cannot be applied to a 0-dim tensor",
        ],
        needles=("has no dimensions", "cannot be applied to a 0-dim"),
        headline="An axis is named, but this tensor is a single number and has no axes",
        means="Its shape is ().",
        causes=("A mean, a sum, an index or squeeze() left one number; squeeze() also takes the axis of a batch of one.",),
        changes=("Keep the axis: x.sum(dim, keepdim=True), x.squeeze(-1); or drop the dim argument.",),
        raised=[
            Raising("torch", T + "torch.tensor(1.0).size(0)\n", asked=0),
            Raising("torch", T + "torch.tensor(1.0).narrow(0, 0, 1)\n", function="narrow"),
        ],
    ),
    Family(
        "torch-narrow-range",
        library="torch",
        exceptions=INDEX,
        patterns=[
            r"start \((?P<start>-?\d+)\) \+ length \((?P<length>-?\d+)\) exceeds dimension size \((?P<size>\d+)\)",
            r"narrow\(\): length must be non-negative",
        ],
        needles=("exceeds dimension size", "narrow(): length"),
        headline="{told}",
        means="narrow, packing and unpacking cut a piece out of an axis, which must lie within it.",
        causes=("Lengths given to pack_padded_sequence are longer than the padded data, or the padding of a layer is negative and "
                "takes everything.",),
        changes=("Count the lengths after cutting and padding: lengths.clamp(max=x.size(1)).",),
        derive=lambda groups: {
            "told": f"A piece from {groups['start']} on, {groups['length']} long, does not fit into an axis of {groups['size']}"
            if "size" in groups
            else "A piece of negative length was asked for"
        },
        raised=[
            Raising("torch", T + "torch.rand(3, 4).narrow(1, 2, 3)\n", start=2, length=3, size=4),
        ],
    ),
    Family(
        "torch-einsum-operands",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"einsum\(\): (?P<count>fewer|more) operands were provided than specified in the equation",
            r"einsum\(\): output subscript (?P<letter>\w) does not appear in the equation for any input operand",
        ],
        needles=("operands were provided than", "einsum(): output subscript"),
        headline="{told}",
        means="Before the arrow stands one group of letters per tensor, parted by commas; after it only letters that occur before.",
        causes=("A tensor or a letter was added on one side only.",),
        changes=("Write one group per tensor, as in torch.einsum('bij,bjk->bik', a, b).",),
        derive=lambda groups: {
            "told": f"The letter {groups['letter']} stands after the arrow of this einsum only"
            if "letter" in groups
            else f"This einsum was given {groups['count']} tensors than its equation has"
        },
        raised=[
            Raising("torch", T + "torch.einsum('bij->bd', torch.rand(2, 3, 4))\n", letter="d"),
            Raising("torch", T + "torch.einsum('bij,bjk', torch.rand(2, 3, 4))\n", count="fewer"),
        ],
    ),
    Family(
        "torch-optimizer-argument",
        library="torch",
        exceptions=TYPE,
        patterns=[
            r"optimizer can only optimize Tensors, but one of the params is (?P<found>[\w.]+)",
            r"params argument given to the optimizer should be an iterable of Tensors or dicts, but got (?P<found>[\w.]+)",
        ],
        needles=("optimizer can only optimize", "params argument given to the optimizer"),
        headline="The optimizer was given {found}, but it takes the parameters of a model",
        means="It changes tensors, and model.parameters() lists those of a model.",
        causes=("The model itself, or a list of layers, was given.",),
        changes=("Write torch.optim.Adam(model.parameters()), for several models list(a.parameters()) + list(b.parameters()).",),
        raised=[
            Raising("torch", N + "torch.optim.SGD([nn.Linear(2, 2)], lr=0.1)\n", found="torch.nn.modules.linear.Linear"),
            Raising("torch", T + "torch.optim.Adam(torch.rand(3, requires_grad=True))\n", found="torch.FloatTensor"),
        ],
    ),
    Family(
        "torch-array-has-no-method",
        library="torch",
        exceptions=("AttributeError",),
        patterns=[
            rf"'(?P<kind>numpy\.ndarray|tuple|list|PIL\.\w+|Image|DataFrame|Series|float|int)' object has no attribute "
            rf"'(?P<name>{TORCH_METHODS})'",
        ],
        needles=("object has no attribute",),
        headline="{kind} has no .{name}: this is not a tensor",
        means="unsqueeze, to, detach and their like are methods of PyTorch's tensors.",
        causes=("{often}",),
        changes=("{change}",),
        derive=lambda groups: {
            "often": "A recurrent layer returns (output, state), and a batch of a DataLoader is a list [inputs, targets]."
            if groups["kind"] in ("tuple", "list")
            else "The data was never made a tensor, or came back as an array or a number.",
            "change": "Take it apart: out, state = self.lstm(x); for inputs, targets in loader."
            if groups["kind"] in ("tuple", "list")
            else "Write torch.as_tensor(x) first.",
        },
        raised=[
            Raising("torch", "import numpy as np\nimport torch\nnp.zeros(3).dim()\n", kind="numpy.ndarray", name="dim"),
            Raising("torch", N + "nn.LSTM(3, 4)(torch.rand(2, 3, 3)).relu()\n", kind="tuple", name="relu"),
        ],
    ),
    Family(
        "torch-sampling-weights",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"invalid multinomial distribution \((?P<what>[^)]*)\)",
            r"probability tensor contains either `inf`, `nan` or element < 0",
            r"cannot sample n_sample (?P<more>> prob_dist\.size\(-1\)|<= 0) samples",
        ],
        needles=("invalid multinomial distribution", "probability tensor contains", "cannot sample n_sample"),
        headline="Numbers cannot be drawn with these weights: they are negative, NaN, all 0, or fewer than are to be drawn",
        means="torch.multinomial needs weights of 0 or more, not all 0; without replacement=True each can be drawn once.",
        causes=("Raw outputs of a model were given as weights, or they are NaN since training has diverged.",),
        changes=("Write torch.multinomial(logits.softmax(-1), n); give replacement=True to draw more than there are.",),
        raised=[
            Raising("torch", T + "torch.multinomial(torch.zeros(3), 1)\n"),
            Raising("torch", T + "torch.multinomial(torch.tensor([-1.0, 2.0]), 1)\n"),
            Raising("torch", T + "torch.multinomial(torch.rand(3), 5)\n"),
        ],
    ),
    Family(
        "torch-distribution-values",
        library="torch",
        exceptions=VALUE,
        patterns=[
            r"Expected parameter (?P<argument>\w+) \(Tensor of shape (?P<shape>\([\d, ]*\))\) of distribution (?P<kind>\w+)\(",
            r"Value is not broadcastable with batch_shape\+event_shape: torch\.Size\((?P<shape>\[[\d, ]*\])\) vs "
            r"torch\.Size\((?P<expected>\[[\d, ]*\])\)",
        ],
        needles=("Expected parameter", "Value is not broadcastable with"),
        headline="{told}",
        means="Scales must be above 0, probabilities 0 to 1 with a sum of 1, and nothing may be NaN; values must fit the shape of the "
              "parameters.",
        causes=("The output of a layer is taken for a scale as it is, or the model gives NaN.",),
        changes=("Make scales positive: F.softplus(x) + 1e-5; give logits= in place of probs= for raw outputs; look for NaN.",),
        derive=lambda groups: {
            "told": f"{groups['argument']} {groups['shape']} of {groups['kind']} holds values that it cannot have"
            if "kind" in groups
            else f"Values {groups['shape']} do not fit a distribution of {groups['expected']}"
        },
        raised=[
            Raising(
                "torch", T + "torch.distributions.Normal(torch.rand(3), -torch.rand(3))\n", argument="scale", shape=(3,), kind="Normal"
            ),
            Raising(
                "torch", T + "torch.distributions.Normal(torch.rand(3), torch.rand(3)).log_prob(torch.rand(4))\n",
                shape=(4,), expected=(3,),
            ),
        ],
    ),
]  # fmt: skip
