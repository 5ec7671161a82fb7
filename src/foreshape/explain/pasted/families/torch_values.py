"""What PyTorch says about turning data into tensors, tensors into numbers, and about gradients."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import RUNTIME, SIZES, TYPE, VALUE, N, T

A: Final = "import numpy as np\nimport torch\n"
G: Final = N + "x = torch.rand(3, requires_grad=True)\n"


def _ragged(groups: dict[str, Any]) -> dict[str, Any]:
    axis = groups["axis"]
    kind = "rows" if axis == 1 else "lists"
    return {
        "said": f"{groups['expected']} long like the first one, but one is {groups['found']} long"
        if groups["found"]
        else f"{groups['expected']} long, but one is empty",
        "kind": kind,
    }


def _not_tensor(groups: dict[str, Any]) -> dict[str, Any]:
    found = str(groups["found"])
    words: dict[str, Any] = {"change": "Make it a tensor: torch.as_tensor(x, dtype=torch.float32)."}
    words["often"] = "The data was never made a tensor."
    if found == "tuple":
        words["often"] = (
            "A recurrent layer returns (output, state) and MultiheadAttention (output, weights); the pair went on as it is."
        )
        words["change"] = (
            "Take the first of the two: out, _ = self.lstm(x). An LSTM inside nn.Sequential cannot be followed by Linear."
        )
    elif found == "NoneType":
        words["often"] = "A function or a forward without return gives None."
        words["change"] = "Write return at the end of that function."
    elif found == "list":
        words["often"] = "A list of numbers or of tensors was given, such as a batch that a collate_fn did not join."
        words["change"] = "torch.tensor(x) makes one of numbers, torch.stack(x) of tensors of one shape."
    elif found == "numpy.ndarray":
        words["change"] = "Write torch.from_numpy(x).float()."
    return words


FAMILIES: Final = [
    Family(
        "torch-ragged-list",
        library="torch",
        exceptions=VALUE,
        patterns=[r"expected sequence of length (?P<expected>\d+) at dim (?P<axis>\d+) \(got (?P<found>\d+)\)"],
        needles=("expected sequence of length",),
        headline="torch.tensor was given {kind} of different lengths: they must be {said}",
        means="A tensor has one size per axis.",
        causes=("Sentences, windows at the end of a series or rows of a file have different lengths.",),
        changes=("Pad them: torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], batch_first=True); or cut them to one "
                 "length.",),
        derive=_ragged,
        raised=[
            Raising("torch", T + "torch.tensor([[1, 2], [3]])\n", expected=2, axis=1, found=1),
            Raising("torch", A + "torch.tensor([np.zeros(2), np.zeros(3)])\n", expected=2, axis=1, found=3),
            Raising("torch", T + "torch.FloatTensor([[1, 2], [3]])\n", expected=2, axis=1, found=1),
        ],
    ),
    Family(
        "torch-mixed-nesting",
        library="torch",
        exceptions=TYPE,
        patterns=[r"^not a sequence$"],
        needles=("not a sequence",),
        headline="torch.tensor was given a list in which numbers and lists are mixed",
        means="All entries of one level must be of one kind.",
        causes=("A row of the data is a single number, or a list was appended where its elements were meant (append, extend).",),
        changes=("Make every row a list: [[1, 2], [3, 4]].",),
        raised=[Raising("torch", T + "torch.tensor([[1, 2], 3])\n")],
    ),
    Family(
        "torch-text-in-tensor",
        library="torch",
        exceptions=(*TYPE, "ValueError"),
        patterns=[
            r"too many dimensions '(?P<found>str)'",
            r"new\(\): invalid data type '(?P<found>\w+)'",
            r"Could not infer dtype of (?P<found>\w+)",
            r"could not determine the shape of object type '(?P<found>\w+)'",
        ],
        needles=("too many dimensions '", "invalid data type '", "Could not infer dtype", "could not determine the shape"),
        headline="{found} cannot be stored in a tensor",
        means="Tensors hold numbers and bools only.",
        causes=("Texts and names of classes, missing values (None), dicts or a whole DataFrame were given.",),
        changes=(
            "A DataFrame or Series: torch.tensor(df.to_numpy()). Names of classes: number them, ids[name]. Missing values: "
            "float('nan'), or fill "
            "them first.",
        ),
        raised=[
            Raising("torch", T + "torch.tensor(['a'])\n", found="str"),
            Raising("torch", T + "torch.tensor([1, None])\n", found="NoneType"),
            Raising("torch", T + "torch.tensor({'a': 1})\n", found="dict"),
            Raising("torch", "import pandas as pd\n" + T + "torch.tensor(pd.DataFrame({'a': [1, 2]}))\n", found="DataFrame"),
        ],
    ),
    Family(
        "torch-array-dtype",
        library="torch",
        exceptions=TYPE,
        patterns=[r"can't convert np\.ndarray of type numpy\.(?P<dtype>\w+)\. The only supported types are"],
        needles=("can't convert np.ndarray",),
        headline="A NumPy array of {dtype} cannot become a tensor",
        means="object_ is an array of Python objects, str_ one of texts; tensors hold numbers and bools only.",
        causes=("Rows of different lengths, or columns of text beside numbers, make NumPy and pandas fall back to objects.",),
        changes=(
            "Take number columns only, df.select_dtypes('number').to_numpy(); convert them with x.astype('float32'); pad rows of "
            "different lengths.",
        ),
        raised=[
            Raising("torch", A + "torch.from_numpy(np.array([1, None]))\n", dtype="object_"),
            Raising("torch", A + "torch.from_numpy(np.array(['a']))\n", dtype="str_"),
        ],
    ),
    Family(
        "torch-from-numpy-list",
        library="torch",
        exceptions=TYPE,
        patterns=[r"expected np\.ndarray \(got (?P<found>[\w.]+)\)"],
        needles=("expected np.ndarray (got",),
        headline="torch.from_numpy was given {found}, but it takes NumPy arrays only",
        means="It shares the memory of an array, which lists and tables do not have.",
        causes=("The data is still a list, a Series, a DataFrame, or a tensor already.",),
        changes=("Write torch.tensor(x) for lists, torch.from_numpy(x.to_numpy()) for pandas; leave tensors as they are.",),
        raised=[Raising("torch", T + "torch.from_numpy([1, 2])\n", found="list")],
    ),
    Family(
        "torch-negative-strides",
        library="torch",
        exceptions=VALUE,
        patterns=[
            r"At least one (?:stride|of the strides).*?negative",
            r"some of the strides of a given numpy array are negative",
        ],
        needles=("numpy array is negative", "numpy array are negative"),
        headline="This array was turned over with [::-1] or flip, and a tensor cannot walk backwards",
        means="NumPy turns an array over without copying; tensors have no negative steps.",
        causes=("x[::-1], np.flip, np.rot90, or BGR to RGB with image[..., ::-1].",),
        changes=("Copy it first: torch.from_numpy(x.copy()).",),
        raised=[
            Raising("torch", A + "torch.from_numpy(np.zeros((3, 3))[::-1])\n"),
            # PyTorch 0.4 to 1.1.
            Raising(
                "text",
                "ValueError: some of the strides of a given numpy array are negative. This is currently not supported, but will be "
                "added in future "
                "releases.",
            ),
        ],
    ),
    Family(
        "torch-not-a-tensor",
        library="torch",
        exceptions=TYPE,
        patterns=[
            r"(?P<function>\w+)\(\): argument '(?P<argument>\w+)' \(position (?P<position>\d+)\) must be Tensor, not (?P<found>[\w.]+)",
        ],
        needles=("must be Tensor, not",),
        headline="{function} was given {found} where it needs a tensor",
        means="Layers and functions of PyTorch compute with tensors only.",
        causes=("{often}",),
        changes=("{change}",),
        derive=_not_tensor,
        raised=[
            Raising(
                "torch", N + "nn.Sequential(nn.LSTM(3, 4), nn.Linear(4, 2))(torch.rand(2, 3, 3))\n",
                function="linear", argument="input", position=1, found="tuple",
            ),
            Raising("torch", A + "torch.nn.Linear(2, 2)(np.zeros((2, 2)))\n", function="linear", found="numpy.ndarray"),
            Raising("torch", N + "nn.Embedding(10, 3)([1, 2])\n", function="embedding", argument="indices", position=2, found="list"),
            Raising("torch", N + "nn.CrossEntropyLoss()(torch.rand(2, 3), None)\n", function="cross_entropy_loss", found="NoneType"),
        ],
    ),
    Family(
        "torch-array-into-layer",
        library="torch",
        exceptions=TYPE,
        patterns=[
            r"(?P<function>conv\w+)\(\) received an invalid combination of arguments - got \((?P<found>(?!Tensor|Parameter)[\w.]+), "
            r"Parameter"
        ],
        needles=("received an invalid combination of arguments",),
        headline="{function} was given {found} where it needs a tensor",
        means="Layers of PyTorch compute with tensors only.",
        causes=("The data was never made a tensor, or a list of tensors was not stacked.",),
        changes=("Write torch.as_tensor(x, dtype=torch.float32); torch.stack(x) for a list of tensors.",),
        raised=[Raising("torch", A + "torch.nn.Conv2d(3, 4, 3)(np.zeros((1, 3, 8, 8)))\n", function="conv2d", found="numpy.ndarray")],
    ),
    Family(
        "torch-many-to-one-number",
        library="torch",
        exceptions=(*VALUE, "TypeError"),
        patterns=[
            r"a Tensor with (?P<count>\d+) elements cannot be converted to Scalar",
            r"only one element tensors can be converted to Python scalars",
            r"only integer tensors of a single element can be converted to an index",
        ],
        needles=("cannot be converted to Scalar", "only one element tensors", "only integer tensors of a single"),
        headline="{said}",
        means="item(), float(), int() and range() need a tensor of exactly one number.",
        causes=(
            "The loss has reduction='none', accuracy was not summed up, or torch.tensor was given a list of tensors of several numbers.",
        ),
        changes=("Write loss.mean().item(), x.tolist() for all numbers, torch.stack(tensors) for a list of tensors.",),
        derive=lambda groups: {
            "said": f"A tensor of {groups['count']} numbers cannot become one Python number"
            if "count" in groups
            else "A tensor of several numbers cannot become one Python number"
        },
        raised=[
            Raising("torch", T + "torch.rand(3).item()\n", count=3),
            Raising("torch", T + "float(torch.rand(3))\n"),
            Raising("torch", T + "torch.tensor([torch.rand(2), torch.rand(2)])\n"),
            Raising("torch", T + "range(torch.rand(3))\n"),
        ],
    ),
    Family(
        "torch-many-to-one-truth",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Boolean value of Tensor with (?P<what>more than one value|no values) is ambiguous",
            r"bool value of Tensor with (?P<what>more than one value|no values) is ambiguous",
        ],
        needles=("value of Tensor with",),
        headline="A tensor with {what} stands where Python needs one True or False",
        means="if, while, and, or, not, max() and sorted() ask a tensor whether it is true, and it has one answer per number.",
        causes=(
            "nn.CrossEntropyLoss(output, target) builds a loss with the data as its settings; if x == y compares every number; "
            "optional arguments are tested with if mask.",
        ),
        changes=(
            "Build the loss first: nn.CrossEntropyLoss()(output, target). Elsewhere (x > 0).all() or .any(), & and | in place of and, "
            "or; "
            "if mask is not None.",
        ),
        raised=[
            Raising("torch", T + "if torch.rand(3) > 0:\n    pass\n", what="more than one value"),
            Raising("torch", N + "nn.MSELoss(torch.rand(4, 3), torch.rand(4, 3))\n", what="more than one value"),
            Raising("torch", T + "bool(torch.rand(0))\n", what="no values"),
            # PyTorch 0.4 to 1.4.
            Raising("text", "RuntimeError: bool value of Tensor with more than one value is ambiguous", what="more than one value"),
        ],
    ),
    Family(
        "torch-iterate-number",
        library="torch",
        exceptions=TYPE,
        patterns=[r"(?P<what>len\(\) of|iteration over) a 0-d tensor"],
        needles=("a 0-d tensor",),
        headline="A single number has no length and cannot be looped over",
        means="The tensor has no axes, its shape is ().",
        causes=("A mean, a sum, an index or squeeze() left one number, as squeeze() does with a batch of one.",),
        changes=("Keep the axis: x.squeeze(-1) in place of x.squeeze(), x[0:1] in place of x[0]; x.item() is the number.",),
        raised=[
            Raising("torch", T + "len(torch.tensor(1))\n", what="len() of"),
            Raising("torch", T + "for i in torch.tensor(1):\n    pass\n", what="iteration over"),
        ],
    ),
    Family(
        "torch-numpy-of-gradient",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"Can't call numpy\(\) on (?:Tensor|Variable) that requires grad"],
        needles=("Can't call numpy() on",),
        headline="This tensor belongs to a gradient computation, so it cannot become a NumPy array as it is",
        means="An array would lose track of the gradient, so PyTorch wants to be told that this is meant.",
        causes=("Predictions or losses are plotted or given to scikit-learn.",),
        changes=("Write x.detach().cpu().numpy(); predict under with torch.no_grad().",),
        raised=[Raising("torch", G + "x.numpy()\n"), Raising("torch", G + "import numpy as np\nnp.array(x)\n")],
    ),
    Family(
        "torch-numpy-of-device",
        library="torch",
        exceptions=TYPE,
        patterns=[
            r"can't convert (?P<device>[\w:]+) device type tensor to numpy",
            r"can't convert (?P<device>CUDA) tensor to numpy",
        ],
        needles=("tensor to numpy",),
        headline="A tensor on {device} cannot become a NumPy array: arrays live on the CPU",
        means="The numbers must be copied to the CPU first.",
        causes=("Predictions of a model on the GPU are plotted or given to scikit-learn; a list of losses holds tensors.",),
        changes=("Write x.detach().cpu().numpy(), and collect loss.item() in place of loss.",),
        raised=[
            Raising("torch", T + "torch.rand(3, device='meta').numpy()\n", device="meta"),
            # Any release where there is a GPU, then PyTorch 0.4.
            Raising(
                "text",
                "TypeError: can't convert cuda:0 device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.",
                device="cuda:0",
            ),
            Raising("text", "TypeError: can't convert CUDA tensor to numpy. Use tensor.cpu() to copy the tensor to host memory "
                            "first.", device="CUDA"),
        ],
    ),
    Family(
        "torch-no-gradient",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"element (?P<element>\d+) of (?:tensors|variables) does not require grad and does not have a grad_fn"],
        needles=("does not have a grad_fn",),
        headline="backward() has nothing to follow: the loss does not depend on anything that is trained",
        means="Every step from a parameter to the loss must be a PyTorch operation with gradients switched on.",
        causes=(
            "The loss was computed under no_grad, from argmax or rounded predictions, from .item(), .detach(), .numpy() or a new "
            "torch.tensor(...); "
            "or all parameters are frozen.",
        ),
        changes=("Compute the loss from the raw output of the model, and print output.requires_grad and loss.requires_grad to find the "
                 "break.",),
        raised=[
            Raising("torch", T + "torch.rand(3).sum().backward()\n", element=0),
            Raising(
                "torch", N + "with torch.no_grad():\n    y = nn.Linear(2, 1)(torch.rand(3, 2)).sum()\ny.backward()\n", element=0
            ),
        ],
    ),
    Family(
        "torch-backward-of-many",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"grad can be implicitly created only for scalar outputs"],
        needles=("grad can be implicitly created",),
        headline="backward() was called on a tensor of several numbers; it starts from one number, the loss",
        means="A gradient is that of one number.",
        causes=("The loss has reduction='none', or DataParallel gives one loss per GPU.",),
        changes=("Make one number of it: loss.mean().backward().",),
        raised=[Raising("torch", G + "(x * x).backward()\n")],
    ),
    Family(
        "torch-backward-twice",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"Trying to backward through the graph a second time"],
        needles=("Trying to backward through the graph",),
        headline="backward() came to a part of the computation that an earlier backward() has already used up",
        means="PyTorch throws the intermediate values of a computation away after backward().",
        causes=(
            "A hidden state, or another tensor of the step before, is used in the next step; or backward() is called twice on one loss.",
        ),
        changes=(
            "Cut the state off between steps: h = h.detach(), for an LSTM h, c = h.detach(), c.detach(); add losses before one "
            "backward(). "
            "retain_graph=True is seldom what is wanted.",
        ),
        raised=[
            Raising("torch", G + "y = (x * x).sum()\ny.backward()\ny.backward()\n"),
            Raising(
                "torch",
                N + "layer = nn.Linear(2, 2)\nh = torch.zeros(3, 2)\nfor step in range(2):\n    h = layer(torch.rand(3, 2) + h)\n    "
                "h.sum().backward()\n",
            ),
        ],
    ),
    Family(
        "torch-changed-in-place",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"one of the variables needed for gradient computation has been modified by an inplace operation"
            rf"(?:: \[(?P<tensor>[\w.]+) (?P<shape>{SIZES})\](?:, which is output (?P<output>\d+) of (?P<function>\w+))?,? is at version "
            r"(?P<version>\d+); expected version (?P<expected>\d+) instead)?",
        ],
        needles=("modified by an inplace operation",),
        headline="A tensor{which} that the gradient needs was changed in place after it was used",
        means="backward() needs the value that the tensor had then.",
        causes=("x += y, x[i] = y, x.relu_() or nn.ReLU(inplace=True) on it; or optimizer.step() between two backward() of one "
                "computation.",),
        changes=("Write x = x + y, x.relu(), or build the rows in a list and torch.stack them; call every backward() before step().",),
        derive=lambda groups: {
            "which": f" {groups['shape']}" + (f", the result of {groups['function'].removesuffix('0')}," if "function" in groups else "")
            if "shape" in groups
            else ""
        },
        raised=[
            Raising(
                "torch", G + "y = x.sigmoid()\ny += 1\ny.sum().backward()\n",
                tensor="torch.FloatTensor", shape=(3,), output=0, version=1, expected=0,
            ),
            # PyTorch 0.4 to 1.1.
            Raising("text", "RuntimeError: one of the variables needed for gradient computation has been modified by an inplace "
                            "operation"),
        ],
    ),
    Family(
        "torch-parameter-in-place",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"a (?P<view>view of a )?leaf Variable that requires grad (?:is being used|has been used) in an in-place operation"],
        needles=("leaf Variable that requires grad",),
        headline="A parameter, or a tensor with requires_grad=True, was changed in place",
        means="Its gradient would be that of another value, so PyTorch forbids it while gradients are recorded.",
        causes=("Weights are updated or initialised by hand, w -= rate * w.grad, or a part of a parameter is overwritten.",),
        changes=("Do it under with torch.no_grad():, or in new tensors: w = w * mask.",),
        raised=[
            Raising("torch", G + "x += 1\n"),
            Raising("torch", G + "x[0] = 1\n", view="view of a"),
            Raising("text", "RuntimeError: a leaf Variable that requires grad has been used in an in-place operation."),
        ],
    ),
    Family(
        "torch-gradient-of-integers",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"[Oo]nly Tensors of floating point (?:and complex )?dtype can require gradients"],
        needles=("can require gradients",),
        headline="A tensor of whole numbers cannot have a gradient",
        means="Gradients are fractions, so the tensor must be floating.",
        causes=("torch.tensor([1, 2]) and torch.arange make int64.",),
        changes=("Write torch.tensor([1.0, 2.0], requires_grad=True), or x.float().",),
        raised=[
            Raising("torch", T + "torch.tensor([1, 2], requires_grad=True)\n"),
            Raising("torch", T + "torch.rand(3).long().requires_grad_()\n"),
        ],
    ),
    Family(
        "torch-gradient-shape",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"Mismatch in shape: grad_output\[(?P<which>\d+)\] has a shape of (?:torch\.Size\()?(?P<gradient>{SIZES})\)? and "
            rf"output\[\d+\] has a shape of "
            rf"(?:torch\.Size\()?(?P<shape>{SIZES})",
            rf"attempting to assign a gradient of size '(?P<gradient>{SIZES})' to a tensor of size '(?P<shape>{SIZES})'",
        ],
        needles=("Mismatch in shape: grad_output", "attempting to assign a gradient"),
        headline="The gradient is {gradient} and the tensor is {shape}; both must have one shape",
        means="A gradient has one number for each number of its tensor.",
        causes=("The vector given to backward() comes from another tensor.",),
        changes=("Write y.backward(torch.ones_like(y)).",),
        raised=[
            Raising("torch", G + "y = x * 2\ny.backward(torch.rand(2))\n", which=0, gradient=(2,), shape=(3,)),
            Raising("torch", N + "m = nn.Linear(2, 2)\nm.weight.grad = torch.rand(3, 3)\n", gradient=(3, 3), shape=(2, 2)),
        ],
    ),
]  # fmt: skip
