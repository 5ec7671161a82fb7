"""What libraries on top of PyTorch say about shapes: einops, torchvision, torchmetrics, Transformers."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import SIZES

E: Final = "import torch\nfrom einops import rearrange, reduce, repeat\n"
EINOPS: Final = ("EinopsError", "RuntimeError")
LEAD: Final = (
    rf"processing [\w-]+ pattern \"(?P<pattern>[^\"]+)\"\. Input (?:is list\. )?tensor shape: "
    rf"(?:torch\.Size\()?(?P<shape>{SIZES}|\([\d, ]*\))\)?\. "
    r"Additional info: \{(?P<given>[^}]*)\}\.\s+"
)


def _pattern(groups: dict[str, Any]) -> dict[str, Any]:
    """The left side of the pattern, without the brackets that a template cannot hold."""
    left, _, right = str(groups["pattern"]).partition("->")
    return {"left": left.strip(), "right": right.strip()}


def _transformed(groups: dict[str, Any]) -> dict[str, Any]:
    """Transforms in the wrong order, or something that is no picture at all."""
    found = str(groups.get("found", ""))
    if not found or found.endswith(("Tensor", "Image", "ndarray")):
        return {
            "told": f"A transform was given {found or 'something that is no tensor'}, which it does not take: transforms stand "
            f"in the wrong "
            "order",
            "why": "ToTensor is missing, stands after Normalize, or is applied twice.",
            "mend": "Order them: Resize, crops and flips, ToTensor(), Normalize(mean, std).",
        }
    return {
        "told": f"A transform takes one picture, and it was given {found}",
        "why": "A whole Dataset, a list of pictures, a path or None (a file that is not there) was given in place of one picture.",
        "mend": "Give the transform to the Dataset, CIFAR10(root, transform=transform), or call it on each picture: "
        "transform(Image.open(path)).",
    }


FAMILIES: Final = [
    Family(
        "einops-rank",
        library="einops",
        exceptions=EINOPS,
        patterns=[LEAD + r"Wrong shape: expected (?:>=)?(?P<expected>\d+) dims\. Received (?P<found>\d+)-dim tensor"],
        needles=("Wrong shape: expected",),
        headline="The pattern {left!r} names {expected} axes, but the tensor {shape} has {found}",
        means="Every axis of the tensor needs one name, or one group in brackets, on the left side of the arrow.",
        causes=("The tensor has a batch axis that the pattern does not name, or has lost one.",),
        changes=("Add or remove a name on both sides, or write ... for the axes that do not matter: '... h w -> ... (h w)'.",),
        derive=_pattern,
        raised=[
            Raising(
                "einops", E + "rearrange(torch.rand(2, 3, 4), 'b c h w -> b (c h w)')\n",
                pattern="b c h w -> b (c h w)", shape=(2, 3, 4), expected=4, found=3,
            )
        ],
    ),
    Family(
        "einops-size",
        library="einops",
        exceptions=EINOPS,
        patterns=[
            LEAD + r"Shape mismatch, can't divide axis of length (?P<length>\d+) in chunks of (?P<chunk>\d+)",
            LEAD + r"Shape mismatch, (?P<length>\d+) != (?P<chunk>\d+)",
        ],
        needles=("Shape mismatch,",),
        headline="In the pattern {left!r} an axis of {length} does not fit {chunk}",
        means="A group such as (h d) is split by the sizes that are given, whose product must divide the axis; an axis that is 1 or a "
        "number in the pattern must be that long. The tensor is {shape}.",
        causes=("The number of heads or patches does not divide the axis, or the axes stand in another order.",),
        changes=("Print x.shape, and give sizes that divide the axis.",),
        derive=_pattern,
        raised=[
            Raising(
                "einops", E + "rearrange(torch.rand(2, 10), 'b (h d) -> b h d', h=3)\n", shape=(2, 10), length=10, chunk=3, given="'h': 3"
            ),
            Raising("einops", E + "reduce(torch.rand(2, 10), 'b (h 3) -> b h', 'mean')\n", shape=(2, 10), length=10, chunk=3),
            Raising("einops", E + "rearrange(torch.rand(2, 2, 10), 'b 1 h -> b h')\n", shape=(2, 2, 10), length=2, chunk=1),
        ],
    ),
    Family(
        "einops-names",
        library="einops",
        exceptions=EINOPS,
        patterns=[
            LEAD + r"Identifiers only on one side of expression \(should be on both\): \{(?P<names>[^}]*)\}",
            LEAD + r"Could not infer sizes for \{(?P<names>[^}]*)\}",
            LEAD + r"Specify sizes for new axes in repeat: \{(?P<names>[^}]*)\}",
        ],
        needles=("Identifiers only on one side", "Could not infer sizes", "Specify sizes for new axes"),
        headline="In the pattern {pattern!r} the size of {names} is not known, or it stands on one side only",
        means="rearrange keeps every axis, so each name stands on both sides; of a group all sizes but one must be given.",
        causes=("A size was not given, h=8, or reduce or repeat was meant, which drop and add axes.",),
        changes=("Give the size as an argument; use reduce(x, pattern, 'mean') to drop an axis, repeat(x, pattern, r=2) to add one.",),
        derive=_pattern,
        raised=[
            Raising(
                "einops", E + "rearrange(torch.rand(2, 3, 4), 'b c h -> b c')\n", pattern="b c h -> b c", shape=(2, 3, 4), names="'h'"
            ),
            Raising("einops", E + "rearrange(torch.rand(2, 10), 'b (h d) -> b h d')\n", shape=(2, 10)),
            Raising("einops", E + "repeat(torch.rand(2, 10), 'b h -> b h r')\n", shape=(2, 10), names="'r'"),
        ],
    ),
    Family(
        "torchvision-not-a-picture",
        library="torchvision",
        exceptions=("TypeError",),
        patterns=[
            r"pic should be (?:PIL Image or ndarray|Tensor or ndarray)\. Got (?:<class ')?(?P<found>[\w.]+)",
            r"img should be (?:PIL Image|Tensor Image)\. Got <class '(?P<found>[\w.]+)'",
            r"tensor is not a torch image",
            r"(?:Input tensor|tensor) should be a torch tensor\. Got <class '(?P<found>[\w.]+)'",
        ],
        needles=("tensor is not a torch image", "pic should be", "img should be", "should be a torch tensor"),
        headline="{told}",
        means="ToTensor turns a picture into a tensor; Normalize and RandomErasing come after it, and some releases resize pictures "
              "only before it.",
        causes=("{why}",),
        changes=("{mend}",),
        derive=_transformed,
        raised=[
            # torchvision 0.2 to 0.2x; its sources say so.
            Raising("text", "TypeError: pic should be PIL Image or ndarray. Got <class 'torch.Tensor'>", found="torch.Tensor"),
            Raising("text", "TypeError: pic should be PIL Image or ndarray. Got <class 'list'>", found="list"),
            # torchvision 0.2 to 0.5.
            Raising("text", "TypeError: tensor is not a torch image."),
            Raising("text", "TypeError: img should be Tensor Image. Got <class 'PIL.Image.Image'>", found="PIL.Image.Image"),
            Raising("text", "TypeError: img should be PIL Image. Got <class 'torch.Tensor'>", found="torch.Tensor"),
        ],
    ),
    Family(
        "torchvision-picture-axes",
        library="torchvision",
        exceptions=("ValueError",),
        patterns=[
            r"pic should be 2/3 dimensional\. Got (?P<found>\d+) dimensions",
            r"pic should not have > 4 channels\. Got (?P<channels>\d+) channels",
            rf"Expected tensor to be a tensor image of size \(\.\.\., C, H, W\)\. Got tensor\.size\(\) = "
            rf"torch\.Size\((?P<shape>{SIZES})\)",
        ],
        needles=("pic should be 2/3", "pic should not have > 4", "to be a tensor image of size"),
        headline="This is not one picture: {said}",
        means="NumPy pictures are (height, width) or (height, width, channels), tensors are (channels, height, width).",
        causes=("A whole batch was given to a transform for one picture, or the channels stand first in an array.",),
        changes=("Apply the transform to one picture, x[i]; turn an array with x.transpose(1, 2, 0).",),
        derive=lambda groups: {
            "said": f"it has {groups['found']} axes"
            if "found" in groups
            else f"its last axis, which should be the channels, is {groups['channels']} long"
            if "channels" in groups
            else f"its shape is {groups['shape']}"
        },
        raised=[
            Raising("text", "ValueError: pic should be 2/3 dimensional. Got 4 dimensions.", found=4),
            Raising("text", "ValueError: pic should not have > 4 channels. Got 28 channels.", channels=28),
            Raising(
                "text",
                "ValueError: Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = torch.Size([28, 28])",
                shape=(28, 28),
            ),
        ],
    ),
    Family(
        "torchvision-crop-size",
        library="torchvision",
        exceptions=("ValueError",),
        patterns=[r"Required crop size (?P<crop>\([\d, ]+\)) is larger than input image size (?P<size>\([\d, ]+\))"],
        needles=("Required crop size",),
        headline="A crop of {crop} does not fit a picture of {size}",
        means="Both are (height, width).",
        causes=("Some pictures of the data set are smaller than the crop.",),
        changes=("Put Resize before it, or let it fill up: RandomCrop(size, pad_if_needed=True).",),
        raised=[
            Raising("text", "ValueError: Required crop size (224, 224) is larger than input image size (200, "
                            "300)", crop=(224, 224), size=(200, 300))
        ],
    ),
    Family(
        "torchmetrics-shapes",
        library="torchmetrics",
        exceptions=("RuntimeError", "ValueError"),
        patterns=[
            rf"Predictions and targets are expected to have the same shape, but got torch\.Size\((?P<output>{SIZES})\) and "
            rf"torch\.Size\((?P<target>{SIZES})\)",
            r"Predictions and targets are expected to have the same shape",
            r"The `preds` and `target` should have the same (?P<what>first dimension|shape)",
        ],
        needles=("Predictions and targets are expected", "The `preds` and `target` should"),
        headline="A metric was given predictions and targets that do not fit each other{said}",
        means="Metrics compare entry by entry: predictions are of the shape of the targets, or (batch, classes, ...) for class numbers "
              "(batch, ...).",
        causes=("The output is (batch, 1) and the target (batch,), or one of the two is one-hot.",),
        changes=("Bring them to one shape with squeeze(-1), or give class numbers on both sides: output.argmax(1).",),
        derive=lambda groups: {"said": f": {groups['output']} and {groups['target']}" if "output" in groups else ""},
        raised=[
            # torchmetrics 0.11 to 1.x, then 0.2 on.
            Raising(
                "text",
                "RuntimeError: Predictions and targets are expected to have the same shape, but got torch.Size([10, 1]) and "
                "torch.Size([10]).",
                output=(10, 1), target=(10,),
            ),
            Raising("text", "ValueError: The `preds` and `target` should have the same first dimension.", what="first dimension"),
        ],
    ),
    Family(
        "transformers-too-long",
        library="transformers",
        exceptions=(),
        patterns=[
            r"Token indices sequence length is longer than the specified maximum sequence length for this model \((?P<found>\d+) > "
            r"(?P<most>\d+)\)",
        ],
        needles=("Token indices sequence length is longer",),
        headline="A text has {found} tokens, and this model reads at most {most}",
        means="It is a warning: where the text goes into the model as it is, the position embeddings end and an index is out of range.",
        causes=("Words are cut into several tokens each, so a text has more tokens than words.",),
        changes=("Call tokenizer(text, truncation=True, max_length={most}), or cut long texts into parts.",),
        # transformers 2 to 4.
        raised=[
            Raising(
                "text",
                "Token indices sequence length is longer than the specified maximum sequence length for this model (548 > 512). "
                "Running this "
                "sequence through the model will result in indexing errors",
                found=548, most=512,
            ),
        ],
    ),
    Family(
        "transformers-no-loss",
        library="transformers",
        exceptions=("KeyError", "ValueError"),
        patterns=[r"^'loss'", r"The model did not return a loss from the inputs, only the following keys: (?P<keys>[\w,]+)"],
        needles=("'loss'", "did not return a loss"),
        within=("transformers",),
        headline="The model gave no loss, because it was given no labels",
        means="Models of transformers compute the loss themselves, and only where the batch holds labels.",
        causes=("The dataset has no column that is called labels, or the Trainer took it away because the model has no such argument.",),
        changes=("Rename the column: dataset.rename_column('label', 'labels'), or give label_names and a collator that adds labels.",),
        # transformers 3 and 4.
        raised=[
            Raising(
                "text",
                'Traceback (most recent call last):\n  File "train.py", line 88, in <module>\n    trainer.train()\n'
                '  File "/usr/lib/python3.7/site-packages/transformers/file_utils.py", line 1616, in __getitem__\n'
                "    return inner_dict[k]\nKeyError: 'loss'",
            ),
        ],
    ),
    Family(
        "transformers-padding",
        library="transformers",
        exceptions=("ValueError",),
        patterns=[r"Unable to create tensor, you should probably activate truncation and/or padding"],
        needles=("Unable to create tensor, you should",),
        headline="The texts of this batch have different numbers of tokens, so they do not make one tensor",
        means="A tensor has one size per axis, and a tokenizer pads only when it is told to.",
        causes=("padding is missing, or the labels or another column of the data set still have lengths of their own.",),
        changes=(
            "Write tokenizer(texts, padding=True, truncation=True, return_tensors='pt'); in a Trainer give "
            "DataCollatorWithPadding(tokenizer), and "
            "remove the columns of text.",
        ),
        raised=[
            # Transformers 3 to 4.
            Raising(
                "text",
                "ValueError: Unable to create tensor, you should probably activate truncation and/or padding with 'padding=True' "
                "'truncation=True' to "
                "have batched tensors with the same length.",
            )
        ],
    ),
    Family(
        "transformers-batch-without-token",
        library="transformers",
        exceptions=("ValueError",),
        patterns=[r"Cannot handle batch sizes > 1 if no padding token is defined"],
        needles=("if no padding token is defined",),
        headline="This model needs a padding token to read a batch of more than one text, and none is set",
        means="It finds the last word of each text by the padding after it.",
        causes=("GPT-like models come without a padding token.",),
        changes=("Write tokenizer.pad_token = tokenizer.eos_token and model.config.pad_token_id = tokenizer.pad_token_id.",),
        # Transformers 3 to 4.
        raised=[Raising("text", "ValueError: Cannot handle batch sizes > 1 if no padding token is defined.")],
    ),
]  # fmt: skip
