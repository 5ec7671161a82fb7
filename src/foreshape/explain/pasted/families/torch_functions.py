"""What single functions of PyTorch say about sizes, ranges, files and options; and releases before 1.0."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import ASSERTION, INDEX, RUNTIME, TYPE, VALUE, F, N, T


def _device(groups: dict[str, Any]) -> dict[str, Any]:
    return {"where": groups.get("device", "the GPU")}


def _functions(groups: dict[str, Any]) -> dict[str, Any]:
    return {"wants": groups.get("least", groups.get("wanted", "another number of"))}


FAMILIES: Final = [
    Family(
        "torch-lengths-device",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"'?lengths'? argument should be a 1D CPU int64 tensor(?:, but got (?P<axes>\d+)D (?P<device>[\w:]+) "
            r"(?P<dtype>\w+) tensor)?"],
        needles=("argument should be a 1D CPU int64 tensor",),
        headline="pack_padded_sequence needs the lengths on the CPU, as int64 with one axis",
        means="The lengths decide how the batch is cut, which happens on the CPU. PyTorch before 1.7 moved them by itself.",
        causes=("The whole batch was moved to the GPU, its lengths with it.",),
        changes=("pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False).",),
        derive=_device,
        raised=[
            Raising("text", "RuntimeError: 'lengths' argument should be a 1D CPU int64 tensor, but got 1D cuda:0 Long tensor",
                    axes=1, device="cuda:0", dtype="Long"),
        ],
    ),
    Family(
        "torch-index-old",
        library="torch",
        exceptions=INDEX,
        patterns=[
            r"^index (?P<index>-?\d+) is out of range for dimension (?P<axis>\d+) \(of size (?P<size>\d+)\)",
            r"^index out of range at \S*TH\S*",
        ],
        needles=("index",),
        headline="An index is past the end of the axis that it reads{which}",
        means="Entries are counted from 0.",
        causes=(
            "index_select, gather or an Embedding was given a number that was made for something larger (detections of another batch, a "
            "vocabulary that has grown).",
            "A class number is counted with the background, the scores without it.",
        ),
        changes=("Print the largest index, idx.max(), beside x.shape before this line.",),
        derive=lambda groups: {"which": f": {groups['index']}, and axis {groups['axis']} has "
            f"{groups['size']}" if "index" in groups else ""},
        raised=[
            # PyTorch 0.4.
            Raising("text", "RuntimeError: index out of range at /pytorch/aten/src/TH/generic/THTensorMath.c:343"),
            Raising("text", "IndexError: index 16 is out of range for dimension 1 (of size 16)", index=16, axis=1, size=16),
        ],
    ),
    Family(
        "torch-variable-attribute",
        library="torch",
        exceptions=("AttributeError",),
        patterns=[r"^(?P<name>shape|ndim|dtype|device|item|detach_|requires_grad_)$"],
        needles=("shape", "ndim", "dtype", "device", "item", "detach_", "requires_grad_"),
        within=("autograd/variable.py", "autograd\\variable.py", "__getattr__"),
        headline="This PyTorch is older than .{name}: a Variable does not have it",
        means="Before PyTorch 0.4 tensors of a computation were Variables, with fewer attributes.",
        causes=("The program was written for a newer PyTorch than the one that is installed.",),
        changes=("Install a newer PyTorch; in the old one x.size() is x.shape, and x.data[0] is x.item().",),
        raised=[
            Raising("text", 'Traceback (most recent call last):\n  File "train.py", line 3, in <module>\n    print(x.shape)\n  File '
                    '"/usr/lib/python3.5/site-packages/torch/autograd/variable.py", line 63, in __getattr__\n    raise '
                    "AttributeError(name)\nAttributeError: shape", name="shape"),
        ],
    ),
    Family(
        "torch-assign-parameter",
        library="torch",
        exceptions=TYPE,
        patterns=[r"cannot assign '(?P<kind>[\w.]+)'(?: object)? (?:as|to) (?P<what>parameter|buffer|child module) '(?P<name>\w+)'"],
        needles=("cannot assign '",),
        headline="{name} is a {what} of the module, and {kind} was assigned to it",
        means="A parameter stays an nn.Parameter, a buffer a tensor, and a layer a layer.",
        causes=("Weights are to be replaced by a plain tensor, or a name such as weight is used twice.",),
        changes=("m.weight = nn.Parameter(t); or write into it: with torch.no_grad(): m.weight.copy_(t).",),
        raised=[Raising("torch", N + "m = nn.Linear(2, 3)\nm.weight = torch.zeros(2)\n", name="weight", what="parameter")],
    ),
    Family(
        "torch-state-dict-kind",
        library="torch",
        exceptions=("TypeError", "AttributeError"),
        patterns=[
            r"Expected state_dict to be dict-like, got <class '(?P<kind>[\w.]+)'>",
            r"^'(?P<kind>\w+)' object has no attribute 'copy'$",
        ],
        needles=("Expected state_dict to be dict-like", "'copy'"),
        headline="load_state_dict wants a dict of weights, and it was given {kind}",
        means="A file holds either the weights (a state_dict) or the whole model, as it was saved.",
        causes=("torch.save(model, path) was written, and the whole model comes back.",),
        changes=("Use what torch.load gives as the model itself, or save the weights: torch.save(model.state_dict(), path).",),
        raised=[Raising("torch", N + "nn.Linear(2, 3).load_state_dict(nn.Linear(2, 3))\n")],
    ),
    Family(
        "torch-weights-only",
        library="torch",
        exceptions=("UnpicklingError", "RuntimeError"),
        patterns=[r"Weights only load failed"],
        needles=("Weights only load failed",),
        headline="The file holds more than weights, and torch.load reads weights only since PyTorch 2.6",
        means="A whole model or other objects can run code when they are read, so they are refused.",
        causes=("The model was saved as a whole, torch.save(model, path), or with objects of NumPy or of your own.",),
        changes=("For a file that you trust: torch.load(path, weights_only=False). Better save model.state_dict() only.",),
        raised=[Raising("torch", N + "torch.save(nn.Linear(2, 3), 'x.pt')\ntorch.load('x.pt')\n")],
    ),
    Family(
        "torch-batch-size",
        library="torch",
        exceptions=VALUE,
        patterns=[r"batch_size should be a positive integer value, but got batch_size=(?P<found>\S+)"],
        needles=("batch_size should be a positive",),
        headline="The batch size of the DataLoader is {found}, and must be a whole number above 0",
        means="A batch holds at least one sample.",
        causes=("It was computed with / (which gives a decimal number), or with // from something smaller.",),
        changes=("batch_size=max(1, n // 8).",),
        raised=[Raising("torch", "import torch\ntorch.utils.data.DataLoader([1, 2], batch_size=2.5)\n", found="2.5")],
    ),
    Family(
        "torch-module-index",
        library="torch",
        exceptions=("IndexError",),
        patterns=[r"^index (?P<index>-?\d+) is out of range$"],
        needles=("is out of range",),
        headline="There is no layer {index} in this Sequential or ModuleList",
        means="Layers are counted from 0, activations and dropout included.",
        causes=("The number is from another model, or layers were removed.",),
        changes=("print(model) shows the numbers.",),
        raised=[Raising("torch", N + "nn.Sequential(nn.Linear(2, 3))[5]\n", index=5)],
    ),
    Family(
        "torch-argument-kinds",
        library="torch",
        exceptions=TYPE,
        patterns=[
            r"(?P<function>\w+)\(\) received an invalid combination of arguments - got \((?P<kinds>[^()]*(?:\([^()]*\)[^()]*)*)\), "
            r"but expected"
        ],
        needles=("received an invalid combination of arguments",),
        headline="{function} was given ({kinds}), and takes other kinds of arguments",
        means="The message lists the ways in which it can be called; what does not fit stands between exclamation marks.",
        causes=(
            "A list, an array or None stands where a tensor is wanted, or a decimal number where a whole one is.",
            "In a convolution written for an older PyTorch: (bool, bool) for padding or dilation comes of padding=k > 1 or a wrong "
            "place of "
            "an argument.",
        ),
        changes=("Name the arguments, padding=1, bias=False, and make sizes whole numbers with int(...) or //.",),
        raised=[
            Raising("torch", T + "torch.max(3, 5)\n", function="max"),
            Raising("text", "TypeError: conv2d() received an invalid combination of arguments - got (Tensor, Parameter, Parameter, "
                "tuple, tuple, "
                    "tuple, int), but expected one of: * (Tensor input, Tensor weight)", function="conv2d"),
        ],
    ),
    Family(
        "torch-collate-storage",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"Trying to resize storage that is not resizable"],
        needles=("resize storage that is not resizable",),
        headline="A batch cannot be made in a worker of the DataLoader: the samples have different shapes",
        means="A worker puts the samples of a batch side by side in one memory, for which all need one shape.",
        causes=("Pictures, boxes or sequences have their own sizes. With num_workers=0 the message says which.",),
        changes=("Resize or pad in __getitem__, or pass a collate_fn that pads (pad_sequence) or keeps a list.",),
        raised=[Raising("text", "RuntimeError: Trying to resize storage that is not resizable")],
    ),
    Family(
        "graph-edge-index",
        library="torch_geometric",
        exceptions=("ValueError", "IndexError", "RuntimeError"),
        patterns=[
            r"Found indices in '?edge_index'? that are larger than (?P<most>\d+) \(got (?P<found>\d+)\)",
            r"`?MessagePassing\.propagate`? only supports .{0,20}(?:LongTensor|integer tensors).{0,12}of shape",
        ],
        needles=("'edge_index' that are larger", "MessagePassing.propagate"),
        headline="edge_index does not name edges between nodes of this graph{which}",
        means="It is a tensor (2, edges) of int64: in each column the numbers of two nodes, counted from 0.",
        causes=("Nodes are numbered from 1 or as in the file, x holds fewer nodes than there are, or the two rows are a list.",),
        changes=("Number the nodes anew, 0 to x.size(0) - 1; torch.stack([source, target]) makes one tensor of two rows.",),
        derive=lambda groups: {"which": f": node {groups['found']}, and the last is {groups['most']}" if "most" in groups else ""},
        raised=[
            # PyTorch Geometric 2 and 1; it may not be installed.
            Raising("text", "IndexError: Found indices in 'edge_index' that are larger than 0 (got 7). Please ensure that all indices in "
                    "'edge_index' point to valid indices in the interval [0, 1) in your node feature matrix and try "
                    "again.", most=0, found=7),
            Raising("text", "ValueError: `MessagePassing.propagate` only supports `torch.LongTensor` of shape `[2, num_messages]` or "
                    "`torch_sparse.SparseTensor` for argument `edge_index`."),
        ],
    ),
    Family(
        "torch-interpolate-axes",
        library="torch",
        exceptions=("NotImplementedError", "ValueError", "RuntimeError"),
        patterns=[r"Only 3D, 4D and 5D input Tensors supported \(got (?P<axes>\d+)D\) for the modes:.*\(got (?P<mode>[\w-]+)\)"],
        needles=("input Tensors supported",),
        headline="interpolate or Upsample was given {axes} axes with mode {mode!r}",
        means="The data is (batch, channels, ...): linear wants 3 axes, nearest 3 to 5, bilinear and bicubic 4, trilinear 5.",
        causes=("The batch or the channel axis is missing, or the mode is for another kind of data.",),
        changes=("Add the axes, F.interpolate(x[None, None], size=(64, 64)), and choose the mode for the axes that are left.",),
        raised=[Raising("torch", F + "F.interpolate(torch.zeros(3, 4), scale_factor=2)\n", axes=2, mode="nearest")],
    ),
    Family(
        "torch-interpolate-size",
        library="torch",
        exceptions=VALUE,
        patterns=[r"^(?:either size or scale_factor should be defined|only one of size or scale_factor should be defined)"],
        needles=("size or scale_factor",),
        headline="interpolate and Upsample take either size or scale_factor",
        means="One says how large the result is, the other how many times larger.",
        causes=("Both were given, or none.",),
        changes=("F.interpolate(x, scale_factor=2), or F.interpolate(x, size=(64, 64)).",),
        raised=[Raising("torch", N + "nn.Upsample()(torch.zeros(1, 1, 3, 3))\n")],
    ),
    Family(
        "torch-pixel-unshuffle",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"pixel_unshuffle expects (?P<side>height|width) to be divisible by downscale_factor, but "
            r"input\.size\(-\d\)=(?P<size>\d+) is not "
                  r"divisible by (?P<factor>\d+)", r"Halving dimension must be even, but dimension (?P<axis>\d+) is size (?P<size>\d+)"],
        needles=("to be divisible by downscale_factor", "Halving dimension must be even"),
        headline="An axis of {size} cannot be cut into {parts} equal parts",
        means="Both pixel_unshuffle and glu divide an axis evenly.",
        causes=("The picture was cropped or resized to another size, or a layer gives an odd number of features.",),
        changes=("Pad or crop to a multiple, or give the layer before it twice as many outputs as glu is to have.",),
        derive=lambda groups: {"parts": groups.get("factor", 2)},
        raised=[
            Raising("torch", N + "nn.PixelUnshuffle(2)(torch.zeros(1, 3, 3, 3))\n", size=3, factor=2),
            Raising("torch", F + "F.glu(torch.zeros(3))\n", size=3),
        ],
    ),
    Family(
        "torch-argument-axes",
        library="torch",
        exceptions=(*RUNTIME, "AssertionError"),
        patterns=[
            r"Expected (?P<wanted>1)-D argument \w+, but got (?P<found>\d+)-D", r"diag\(\): Supports (?P<wanted>1)D or 2D tensors\. "
            r"Got (?P<found>\d+)D",
            r"prob_dist must be (?P<wanted>1) or 2 dim", r"Expected 0D or (?P<wanted>1)D tensor in the tensor list",
            r"Embeddings parameter is expected to be (?P<wanted>2)-dimensional", r"'weight' must be (?P<wanted>2)-D",
            r"tril: input tensor must have at least (?P<least>2) dimensions", r"Input tensors must have (?P<wanted>2) or fewer "
            r"dimensions",
            r"expected a (?P<wanted>1)D or 2D tensor$", r"Only tensors with (?P<least>2) or more dimensions are supported",
            r"Fan in and fan out can not be computed for tensor with fewer than (?P<least>2) dimensions",
            r"(?:covariance_matrix|scale_tril|precision_matrix) must be at least (?:two|(?P<least>2))-dimensional",
        ],
        needles=("-D", "D tensor", "dim", "Dimension"),
        headline="A tensor with another number of axes was given than this function takes",
        means="It wants {wants} axes; the batch axis counts where the function works on batches.",
        causes=("A batch axis is left or missing, or a vector stands where a matrix is meant (a bias in weight initialisation).",),
        changes=("Print x.shape; flatten with x.flatten(), take one sample with x[0], or skip tensors with x.dim() < 2.",),
        derive=_functions,
        raised=[
            Raising("torch", T + "torch.outer(torch.zeros(2, 2), torch.zeros(2))\n"),
            Raising("torch", N + "nn.init.xavier_uniform_(torch.zeros(3))\n"),
            Raising("torch", T + "torch.multinomial(torch.ones(2, 2, 2), 1)\n"),
            Raising("torch", N + "nn.Embedding.from_pretrained(torch.zeros(3))\n"),
        ],
    ),
    Family(
        "torch-range-step",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"upper bound and (?:lower|larger) bound inconsistent with step sign", r"number of steps must be non-negative",
                  r"random_ expects 'from' to be less than 'to', but got from=(?P<low>-?\d+) >= to=(?P<high>-?\d+)"],
        needles=("inconsistent with step sign", "number of steps must be", "random_ expects"),
        headline="The range is empty, or its step leads away from its end",
        means="arange and randint count from the first bound to the second, which is left out.",
        causes=("The bounds are swapped, or the upper one is a length minus a window that is longer.",),
        changes=("Print both bounds; swap them, or skip data that is shorter than the window.",),
        raised=[
            Raising("torch", T + "torch.arange(0, 5, -1)\n"),
        ],
    ),
    Family(
        "torch-quantile",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"quantile\(\) input tensor must be either float or double dtype", r"quantile\(\) q must be in the range \[0, 1\] "
            r"but got (?P<q>\S+)"],
        needles=("quantile()",),
        headline="quantile takes float data and q between 0 and 1",
        means="The quantile 0.9 is what 90 of 100 values are below.",
        causes=("q is a percentage, or the data holds whole numbers.",),
        changes=("torch.quantile(x.float(), 0.9).",),
        raised=[Raising("torch", T + "torch.quantile(torch.zeros(3), 2.)\n")],
    ),
    Family(
        "torch-unused-input",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"One of the differentiated Tensors appears to not have been used", r"The differentiated Tensor at index \d+ "
            r"appears to not have been used"],
        needles=("appears to not have been used in the graph",),
        headline="A gradient is asked for something that the result does not depend on",
        means="autograd.grad follows the computation back from the result, and never meets this tensor.",
        causes=("A copy went into the computation (detach, .data, a new tensor), or the layer is not used in forward.",),
        changes=("Use this very tensor in the computation; allow_unused=True gives None for it.",),
        raised=[
            Raising("torch", T + "x = torch.zeros(3, requires_grad=True)\n"
                    "torch.autograd.grad(x.sum(), [torch.zeros(2, requires_grad=True)])\n"),
        ],
    ),
    Family(
        "torch-detection-targets",
        library="torchvision",
        exceptions=ASSERTION,
        patterns=[
            r"target (?P<field>labels|boxes|keypoints|masks) must (?:be )?of (?P<dtype>\w+) type",
            r"All bounding boxes should have positive height and width\.? ?(?:Found invalid box (?P<box>\[.*?\]))?",
            r"Expected target boxes to be (?:of type Tensor|a tensor of shape \[N, 4\], got (?P<shape>torch\.Size\(\[[\d, ]*\]\)))",
        ],
        needles=("target ", "All bounding boxes should", "Expected target boxes"),
        headline="The targets of this detection model are not in the form that it takes",
        means="Each picture needs a dict with boxes (objects, 4) as float32, x1 < x2 and y1 < y2, and labels (objects,) as int64.",
        causes=("Labels are float or int32, boxes are (x, y, width, height), or a picture has no object and boxes is (0,).",),
        changes=("torch.as_tensor(boxes, dtype=torch.float32).reshape(-1, 4), torch.as_tensor(labels, dtype=torch.int64).",),
        raised=[
            # torchvision 0.4 on; it may not be installed.
            Raising("text", "AssertionError: target labels must of int64 type", field="labels", dtype="int64"),
            Raising("text", "ValueError: All bounding boxes should have positive height and width. Found invalid box [3.0, 4.0, "
                "3.0, 9.0]"),
            Raising("text", "ValueError: Expected target boxes to be a tensor of shape [N, 4], got torch.Size([0]).", shape=(0,)),
        ],
    ),
    Family(
        "transformers-weight-shape",
        library="transformers",
        exceptions=("ValueError", "RuntimeError"),
        patterns=[
            r"Trying to load the pretrained weight for (?P<name>.+?) failed: checkpoint has shape (?P<saved>\([\d, ]*\)) which is "
            r"incompatible with the "
            r"model shape \(?(?P<own>\([\d, ]*\))"
        ],
        needles=("Trying to load the pretrained weight",),
        headline="{name} is {saved} in the pretrained model, and {own} in this one",
        means="Weights are loaded only into layers of their own size.",
        causes=("num_labels, the vocabulary or the hidden size differs from the model that was trained.",),
        changes=("from_pretrained(..., num_labels=n, ignore_mismatched_sizes=True) makes the differing layers anew, to be trained.",),
        raised=[
            Raising("text", "ValueError: Trying to load the pretrained weight for classifier.kernel failed: checkpoint has shape "
                "(768, 2) "
                    "which is incompatible with the model shape (768, 5). Using `ignore_mismatched_sizes=True`",
                    name="classifier.kernel", saved=(768, 2), own=(768, 5)),
        ],
    ),
    Family(
        "theano-axes",
        library="theano",
        exceptions=("ValueError",),
        patterns=[
            r"Shape mismatch: x has (?P<left>\d+) rows but z has (?P<right>\d+) rows",
            r"new_order\[\d+\] is (?P<axis>\d+), but the input only has (?P<axes>\d+) axes",
        ],
        needles=("rows but z has", "but the input only has"),
        headline="{told}",
        means="The message is of Theano, on which Keras 0 and 1 could run.",
        causes=("{why}",),
        changes=("Print model.layers[i].output_shape for each layer, and compare it with what the next layer reads.",),
        derive=lambda groups: {
            "told": f"A recurrent layer got {groups['right']} samples where it expected {groups['left']}" if "left" in groups
            else f"A layer that turns axes wants axis {groups['axis']}, and its input has {groups['axes']}",
            "why": "A Flatten or Reshape before the layer moved values into the batch axis." if "left" in groups
            else "A recurrent layer was put on data without a time axis, as after a Flatten, Dense or a layer without return_sequences.",
        },
        raised=[
            Raising("text", "ValueError: Shape mismatch: x has 4 rows but z has 48 rows", left=4, right=48),
            Raising("text", "ValueError: new_order[2] is 2, but the input only has 2 axes.", axis=2, axes=2),
        ],
    ),
]  # fmt: skip
