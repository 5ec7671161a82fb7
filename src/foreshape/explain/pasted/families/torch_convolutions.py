"""What PyTorch says about images and signals: convolutions, pooling, padding, resizing."""

from __future__ import annotations

from typing import Any, Final

from foreshape.explain.pasted.catalogue import Family, Raising
from foreshape.explain.pasted.torch_words import RUNTIME, SIZES, VALUE, F, N, images, without_batch

SPACED: Final = r"[\dx ]+"


def _channels(groups: dict[str, Any]) -> dict[str, Any]:
    """Where the channels stand, or how the picture becomes one of as many."""
    expected, found, shape = groups["expected"], groups["found"], groups["shape"]
    words: dict[str, Any] = {"axes": images(len(shape))}
    rank = len(shape)
    last = tuple(range(1, rank))
    if shape[-1] == expected and rank > 2:
        order = (0, last[-1], *last[:-1])
        words["often"] = f"The channels stand last, as NumPy, PIL and Keras have them; PyTorch wants {images(rank)}."
        words["change"] = (
            f"Move them: x.permute{order} gives {tuple(shape[i] for i in order)}."
            if rank > 3
            else f"Move them: x.transpose(1, 2) gives {(shape[0], shape[2], shape[1])}."
        )
    elif shape[0] == expected and shape[0] != 1:
        words["often"] = (
            f"The axes may be swapped, or the sample has no batch axis and {expected} channels stand first."
        )
        words["change"] = "Add the batch axis with x.unsqueeze(0), or move the channels to axis 1 with permute."
    elif (expected, found) == (3, 1) and rank == 4:
        words["often"] = "The pictures are grey, and the network was made for red, green and blue."
        words["change"] = (
            "Repeat the one channel, x.expand(-1, 3, -1, -1), or load them with Image.open(path).convert('RGB')."
        )
    elif (expected, found) in ((3, 4), (1, 3), (1, 4)) and rank == 4:
        kind = "RGB" if expected == 3 else "L"
        words["often"] = (
            f"The pictures have {found} channels (4 is with transparency) and the network was made for {expected}."
        )
        words["change"] = (
            f"Load them with Image.open(path).convert('{kind}'), or give {found} to the first convolution."
        )
    else:
        words["often"] = (
            "in_channels is not the out_channels of the layer before, or a concatenation made more channels."
        )
    words["own"] = f"Give {found} as in_channels, the first argument of the convolution, when the data is right."
    return words


def _rank(groups: dict[str, Any]) -> dict[str, Any]:
    shape = groups["shape"]
    batched = groups["batched"]
    layer = str(groups.get("layer") or f"conv{batched - 2}d")
    words: dict[str, Any] = {"axes": images(batched), "single": without_batch(batched), "name": layer}
    if len(shape) == batched - 1:
        words["change"] = "Add the batch axis, x.unsqueeze(0), or the channel axis, x.unsqueeze(1)."
    elif len(shape) < batched:
        words["change"] = f"Add the axes that are missing: x[None, None] makes {(1, 1, *shape)}."
    else:
        words["change"] = (
            "Fold the axis that is too many into the batch, x.flatten(0, 1), or remove it with x.squeeze(dim)."
        )
    return words


def _smaller(groups: dict[str, Any]) -> dict[str, Any]:
    """Sizes that may be one number, as tuples."""
    size, kernel = (value if isinstance(value, tuple) else (value,) for value in (groups["size"], groups["kernel"]))
    said = (" x ".join(str(each) for each in sizes) for sizes in (size, kernel))
    return dict(zip(("small", "large"), said))


def _pooled(groups: dict[str, Any]) -> dict[str, Any]:
    size, output = groups["size"], groups["output"]
    axes = ("depth", "height", "width")[4 - len(size) :] if len(size) <= 4 else ()
    gone = [f"{name} {before}" for name, before, after in zip(axes, size[1:], output[1:]) if after < 1]
    return {"gone": " and ".join(gone) or "its size", "channels": size[0]}


FAMILIES: Final = [
    Family(
        "torch-conv-channels",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"Given (?P<kind>groups|transposed)=(?P<groups>\d+), weight of size (?P<weight>{SIZES}|[\d ]+), expected "
            rf"input(?P<shape>{SIZES}) "
            r"to have (?P<expected>\d+) channels, but got (?P<found>\d+) channels instead",
            rf"Given (?P<kind>groups|transposed)=(?P<groups>\d+), weight(?P<weight>{SIZES}), so expected input(?P<shape>{SIZES}) to have "
            r"(?P<expected>\d+) channels, but got (?P<found>\d+) channels instead",
        ],
        needles=("channels, but got",),
        headline="This convolution takes {expected} channels, but its input {shape} has {found}",
        means="The input is read as {axes}, so the channels are axis 1, and there must be as many as in_channels says.",
        causes=("{often}",),
        changes=("{change}", "{own}"),
        derive=_channels,
        raised=[
            Raising(
                "torch", N + "nn.Conv2d(3, 16, 3)(torch.rand(8, 28, 28, 3))\n",
                kind="groups", groups=1, weight=(16, 3, 3, 3), shape=(8, 28, 28, 3), expected=3, found=28,
            ),
            Raising("torch", N + "nn.Conv2d(3, 16, 3)(torch.rand(8, 1, 28, 28))\n", shape=(8, 1, 28, 28), expected=3, found=1),
            Raising("torch", N + "nn.Conv1d(6, 16, 3)(torch.rand(8, 50, 6))\n", shape=(8, 50, 6), expected=6, found=50),
            Raising("torch", N + "nn.Conv2d(4, 4, 3, groups=2)(torch.rand(2, 3, 8, 8))\n", groups=2, expected=4, found=3),
            Raising(
                "torch", N + "nn.ConvTranspose2d(8, 4, 2)(torch.rand(1, 4, 8, 8))\n",
                kind="transposed", groups=1, weight=(8, 4, 2, 2), expected=8, found=4,
            ),
            Raising("torch", N + "torch.jit.script(nn.Conv2d(2, 2, 3))(torch.rand(2, 3, 8, 8))\n", expected=2, found=3),
            Raising("torch", N + "torch.compile(nn.Conv2d(2, 2, 3), backend='eager')(torch.rand(2, 3, 8, 8))\n", expected=2, found=3),
            # PyTorch 0.3 and 0.4, then 1.5.
            Raising(
                "text",
                "RuntimeError: Given groups=1, weight[64, 3, 3, 3], so expected input[1, 64, 32, 32] to have 3 channels, but got 64 "
                "channels "
                "instead",
                weight=(64, 3, 3, 3), shape=(1, 64, 32, 32), expected=3, found=64,
            ),
            Raising(
                "text",
                "RuntimeError: Given groups=1, weight of size 64 3 7 7, expected input[16, 1, 224, 224] to have 3 channels, but got 1 "
                "channels "
                "instead",
                shape=(16, 1, 224, 224), expected=3, found=1,
            ),
        ],
    ),
    Family(
        "torch-conv-rank",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Expected (?P<unbatched>\d+)D \(unbatched\) or (?P<batched>\d+)D \(batched\) input to (?P<layer>\w+), but got input of "
            r"size: "
            rf"(?:torch\.Size\()?(?P<shape>{SIZES})",
            rf"Expected (?P<batched>\d+)-dimensional input for \d+-dimensional weight (?P<weight>{SIZES}|[\d ]+?), but got "
            rf"\d+-dimensional "
            rf"input of size (?P<shape>{SIZES}) instead",
        ],
        needles=("(unbatched) or", "-dimensional input for"),
        headline="{name} reads {axes}, {batched} axes, but its input is {shape}",
        means="A convolution reads {axes}, or a single sample as {single} since PyTorch 1.11.",
        causes=("A single picture or signal was given without its batch axis, grey pictures have no channel axis, or data was "
                "flattened.",),
        changes=("{change}",),
        derive=_rank,
        raised=[
            Raising("torch", N + "nn.Conv2d(1, 4, 3)(torch.rand(28, 28))\n", unbatched=3, batched=4, layer="conv2d", shape=(28, 28)),
            Raising("torch", N + "nn.Conv1d(1, 4, 3)(torch.rand(10))\n", unbatched=2, batched=3, layer="conv1d", shape=(10,)),
            Raising("torch", N + "nn.Conv2d(1, 4, 3)(torch.rand(2, 5, 1, 28, 28))\n", batched=4, shape=(2, 5, 1, 28, 28)),
            Raising("torch", N + "nn.ConvTranspose2d(8, 4, 2)(torch.rand(8, 64))\n", layer="conv_transpose2d", shape=(8, 64)),
            # PyTorch 1.0 to 1.10.
            Raising(
                "text",
                "RuntimeError: Expected 4-dimensional input for 4-dimensional weight [64, 3, 7, 7], but got 3-dimensional input of size "
                "[3, 224, 224] instead",
                batched=4, shape=(3, 224, 224), weight=(64, 3, 7, 7),
            ),
            Raising(
                "text",
                "RuntimeError: Expected 3-dimensional input for 3-dimensional weight 32 1 5, but got 2-dimensional input of size [16, "
                "100] instead",
                batched=3, shape=(16, 100),
            ),
        ],
    ),
    Family(
        "torch-kernel-too-large",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"Calculated padded input size per channel: \((?P<size>{SPACED})\)\. Kernel size: \((?P<kernel>{SPACED})\)\. Kernel size "
            rf"can't be "
            r"greater than actual input size"
        ],
        needles=("Kernel size can't be greater",),
        headline="The kernel ({large}) is larger than what is left of the picture or signal ({small}, padding included)",
        means="A convolution without padding makes its input smaller, and pooling halves it; here too little is left for another one.",
        causes=(
            "The data is smaller than the one that the network was made for (28 x 28 in place of 224 x 224), or its axes are in "
            "another order, "
            "so that a channel axis is taken for the height or the length.",
        ),
        changes=(
            "Print x.shape before each layer; then resize the data, remove a pooling layer, make the kernel smaller, or add "
            "padding='same'.",
        ),
        derive=_smaller,
        raised=[
            Raising("torch", N + "nn.Conv2d(3, 4, 5)(torch.rand(1, 3, 3, 8))\n", size=(3, 8), kernel=(5, 5)),
            Raising("torch", N + "nn.Conv1d(3, 4, 5)(torch.rand(1, 3, 3))\n", size=3, kernel=5),
        ],
    ),
    Family(
        "torch-conv-bias",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"(?:Given weight of size (?P<weight>{SIZES}), expected bias to be 1-dimensional with (?P<expected>\d+) elements, but got "
            rf"bias of size "
            rf"(?P<shape>{SIZES}))",
        ],
        needles=("expected bias to be 1-dimensional",),
        headline="The bias of this convolution must hold {expected} numbers, one per output channel, but it is {shape}",
        means="The weight is (out_channels, in_channels, kernel ...), so {expected} is its first size; with conv_transpose it is the "
              "second.",
        causes=("Weights and biases were cut, exchanged or loaded by hand, and one of the two was forgotten.",),
        changes=("Make the bias with torch.zeros({expected}).",),
        raised=[
            Raising(
                "torch", F + "F.conv2d(torch.rand(1, 3, 8, 8), torch.rand(4, 3, 3, 3), bias=torch.rand(3))\n",
                weight=(4, 3, 3, 3), expected=4, shape=(3,),
            )
        ],
    ),
    Family(
        "torch-conv-groups",
        library="torch",
        exceptions=VALUE,
        patterns=[r"(?P<which>in_channels|out_channels) must be divisible by groups"],
        needles=("must be divisible by groups",),
        headline="{which} of this convolution cannot be divided by groups",
        means="Groups share the channels out evenly, so in_channels and out_channels must both be multiples of groups.",
        causes=("groups was kept while the channels were changed; a depthwise convolution has groups equal to in_channels.",),
        changes=("Choose groups so that it divides both, or 1, which is the default.",),
        raised=[
            Raising("torch", N + "nn.Conv1d(3, 4, 5, groups=2)\n", which="in_channels"),
            Raising("torch", N + "nn.Conv1d(4, 3, 5, groups=2)\n", which="out_channels"),
        ],
    ),
    Family(
        "torch-same-with-stride",
        library="torch",
        exceptions=VALUE,
        patterns=[r"padding='same' is not supported for strided convolutions"],
        needles=("padding='same' is not supported",),
        headline="padding='same' works with stride 1 only, and this convolution has another stride",
        means="PyTorch keeps the size with padding='same'; with a stride the size shrinks, and it does not choose the padding then.",
        causes=("The layer was translated from Keras, which takes both together.",),
        changes=("Give a number: padding=kernel_size // 2 makes the size the ceiling of size / stride for odd kernels.",),
        raised=[Raising("torch", N + "nn.Conv2d(3, 4, 3, padding='same', stride=2)\n")],
    ),
    Family(
        "torch-transposed-output-size",
        library="torch",
        exceptions=VALUE,
        patterns=[
            rf"requested an output size of (?:torch\.Size\()?(?P<asked>{SIZES})\)?, but valid sizes range from (?P<least>{SIZES}) to "
            rf"(?P<most>{SIZES}) \(for an input of torch\.Size\((?P<shape>{SIZES})\)\)"
        ],
        needles=("requested an output size of",),
        headline="This transposed convolution cannot make {asked} out of {shape}: it gives {least} to {most}",
        means="Kernel, stride and padding fix the size up to stride - 1; output_size only chooses within that.",
        causes=("Sizes that were rounded down on the way in cannot be reached with another stride on the way out.",),
        changes=("Ask for a size from {least} to {most}, or finish with nn.functional.interpolate(x, size={asked}).",),
        raised=[
            Raising(
                "torch", N + "nn.ConvTranspose2d(8, 4, 2, stride=2)(torch.rand(1, 8, 4, 4), output_size=[11, 11])\n",
                asked=(11, 11), least=(8, 8), most=(9, 9), shape=(4, 4),
            )
        ],
    ),
    Family(
        "torch-output-padding",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"output padding must be smaller than either stride or dilation, but got (?P<sizes>output_padding_\w+: "
                  r"(?P<padding>\d+).*)"],
        needles=("output padding must be smaller",),
        headline="output_padding {padding} of this transposed convolution is not smaller than its stride or dilation",
        means="output_padding only chooses between the sizes that one stride can have come from.",
        causes=("output_padding=1 was copied from a layer with stride 2 to one with stride 1.",),
        changes=("Leave output_padding out where stride is 1; with stride 2 it is 0 or 1.",),
        raised=[Raising("torch", N + "nn.ConvTranspose2d(8, 4, 2, output_padding=1)(torch.rand(1, 8, 8, 8))\n", padding=1)],
    ),
    Family(
        "torch-pool-too-small",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Given input size: \((?P<size>\d+(?:x\d+)+)\)\. Calculated output size: \((?P<output>-?\d+(?:x-?\d+)+)\)\. Output size is "
            r"too small"
        ],
        needles=("Output size is too small",),
        headline="Nothing is left to pool: {gone} of the input is smaller than the window",
        means="The input is {channels} channels of the rest of {size}, and pooling would leave {output}.",
        causes=(
            "The pictures are smaller than those that the network was made for; every pooling layer halves them.",
            "Or the axes are in another order: PyTorch wants (batch, channels, height, width).",
        ),
        changes=("Remove a pooling layer, make the pictures larger, or end with nn.AdaptiveAvgPool2d(1), which takes any size.",),
        derive=_pooled,
        raised=[
            Raising("torch", N + "nn.MaxPool2d(2)(torch.rand(1, 3, 1, 8))\n", size=(3, 1, 8), output=(3, 0, 4)),
            Raising("torch", N + "nn.AvgPool2d(4)(torch.rand(1, 3, 2, 2))\n", size=(3, 2, 2), output=(3, 0, 0)),
            Raising("torch", N + "nn.MaxPool3d(2)(torch.rand(1, 4, 1, 8, 8))\n", size=(4, 1, 8, 8), output=(4, 0, 4, 4)),
            Raising("torch", N + "nn.AvgPool1d(4)(torch.rand(1, 3, 2))\n", size=(3, 1, 2), output=(3, 1, 0)),
        ],
    ),
    Family(
        "torch-pool-1d-too-small",
        library="torch",
        exceptions=RUNTIME,
        patterns=[r"(?P<layer>max_pool1d)\(\) Invalid computed output size: (?P<output>-?\d+)"],
        needles=("Invalid computed output size",),
        headline="{layer} would give {output} steps: its window is longer than the sequence that is left",
        means="Every pooling layer divides the length; a window needs as many steps as kernel_size.",
        causes=("The sequences are short, or they are (batch, length, channels), while pooling runs over the last axis.",),
        changes=("Use fewer or smaller windows, or x.transpose(1, 2) where the length is axis 1.",),
        raised=[Raising("torch", N + "nn.MaxPool1d(4)(torch.rand(1, 3, 2))\n", layer="max_pool1d", output=0)],
    ),
    Family(
        "torch-pool-rank",
        library="torch",
        exceptions=(*RUNTIME, "AssertionError"),
        patterns=[
            r"non-empty (?P<needs>\d)D or \dD \(batch mode\) tensor expected for input",
            rf"(?P<layer>\w*pool\w*)(?:\(\))?: Expected (?P<needs>\d)D or \dD (?:\(batch mode\) )?tensor.*?but got:? ?(?P<shape>{SIZES})",
            r"Expected (?P<needs>\d) to \d dimensions, but got (?P<found>\d)-dimensional tensor for argument #1 'self' \(while "
            r"checking arguments "
            r"for (?P<layer>(?:adaptive_|avg_)\w+)\)",
            rf"Expected (?P<needs>\d)D or \dD \(batch mode\) tensor with optional 0 dim batch size for input, but got:(?P<shape>{SIZES})",
        ],
        needles=("tensor expected for input", "Expected 2D or 3D", "Expected 3D or 4D", "Expected 4D or 5D", "dimensional tensor for "
            "argument #1"),
        headline="This pooling layer needs (batch and) channels before the axes that it pools: {needs} axes or one more",
        means="Pooling in 1, 2 or 3 axes reads (batch, channels, length), (batch, channels, height, width) and one axis more.",
        causes=("The channel axis of grey pictures is missing, or the data was flattened before the pooling layer; an empty batch does "
                "it too.",),
        changes=("Add the axis that is missing: x.unsqueeze(1) for channels, x.unsqueeze(0) for a single sample.",),
        raised=[
            Raising("torch", N + "nn.MaxPool2d(2)(torch.rand(4, 8))\n", needs=3),
            Raising("torch", N + "nn.MaxPool1d(2)(torch.rand(8))\n", needs=2, layer="max_pool1d", shape=(8,)),
            Raising("torch", N + "nn.AdaptiveMaxPool2d(1)(torch.rand(4, 8))\n", needs=3, shape=(4, 8)),
            Raising("torch", N + "nn.AdaptiveAvgPool1d(1)(torch.rand(8))\n", needs=2, found=1),
        ],
    ),
    Family(
        "torch-pool-padding",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"pad should be at most half of effective kernel size, but got pad=(?P<pad>\d+), kernel_size=(?P<kernel>\d+) and "
            r"dilation=(?P<dilation>\d+)",
            r"pad should be smaller than or equal to half of kernel size, but got (?:pad|padW) = (?P<pad>\d+), .*?(?:kernel_size|kW) = "
            r"(?P<kernel>\d+)",
        ],
        needles=("pad should be",),
        headline="Padding {pad} of this pooling layer is more than half of its window of {kernel}",
        means="A window must hold at least one real number, so padding may be kernel_size // 2 at most.",
        causes=("The arguments are MaxPool2d(kernel_size, stride, padding); the third one is easily taken for another.",),
        changes=("Name the arguments and keep padding at kernel_size // 2 or below.",),
        raised=[Raising("torch", N + "nn.MaxPool2d(2, padding=2)(torch.rand(1, 1, 4, 8))\n", pad=2, kernel=2, dilation=1)],
    ),
    Family(
        "torch-unpool-indices",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"Expected shape of indices to be same as that of the input tensor \((?P<shape>{SIZES})\) but got indices tensor with "
            rf"shape: "
            rf"(?P<indices>{SIZES})"
        ],
        needles=("Expected shape of indices to be same",),
        headline="Unpooling needs one index per number: the input is {shape}, the indices are {indices}",
        means="MaxUnpool puts every number back to the place that the index of the same position names.",
        causes=("The indices are those of another pooling layer, or the data changed its size between the two.",),
        changes=("Keep the indices of each pooling layer, and use them in reverse order on tensors of the size that it gave.",),
        raised=[
            Raising(
                "torch", N + "nn.MaxUnpool2d(2)(torch.rand(1, 1, 2, 2), torch.zeros(1, 1, 3, 3, dtype=torch.long))\n",
                shape=(1, 1, 2, 2), indices=(1, 1, 3, 3),
            )
        ],
    ),
    Family(
        "torch-reflect-padding",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Argument #4: Padding size should be less than the corresponding input dimension, but got: padding (?P<padding>\(\d+, "
            r"\d+\)) at "
            rf"dimension (?P<axis>\d+) of input (?P<shape>{SIZES})"
        ],
        needles=("Padding size should be less than",),
        headline="Reflection padding of {padding} does not fit axis {axis} of {shape}",
        means="Reflecting takes the numbers inside the border, so there must be more of them than the padding is wide.",
        causes=("The data is too small here; torch.stft does this padding too, by n_fft // 2 on a signal that is shorter.",),
        changes=("Use a smaller padding, mode='replicate' or 'constant'; for torch.stft a smaller n_fft, or center=False.",),
        raised=[
            Raising("torch", N + "nn.ReflectionPad2d(5)(torch.rand(1, 3, 4, 4))\n", padding=(5, 5), axis=3, shape=(1, 3, 4, 4)),
            Raising(
                "torch", F + "F.pad(torch.rand(1, 1, 3, 3), (4, 4, 0, 0), mode='reflect')\n", padding=(4, 4), axis=3, shape=(1, 1, 3, 3)
            ),
        ],
    ),
    Family(
        "torch-pad-length",
        library="torch",
        exceptions=(*RUNTIME, "NotImplementedError"),
        patterns=[
            r"Padding length must be divisible by 2",
            r"Padding length (?:should be less than or equal to|too large).*?(?:padding length (?P<length>\d+) and input of dimension "
            r"(?P<axes>\d+))",
            r"Padding size (?P<length>\d+) is not supported for (?P<axes>\d+)D input tensor",
            r"Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now",
        ],
        needles=("Padding length", "Padding size", "with non-constant padding"),
        headline="F.pad takes two numbers for each axis that it pads, from the last axis on, and these do not fit the tensor",
        means="(1, 2) pads the last axis by 1 before and 2 after; (1, 2, 3, 4) also pads the axis before it by 3 and 4. Modes other than "
        "'constant' pad the axes after (batch, channels) only.",
        causes=("The numbers stand in the order of the axes, as numpy.pad has them, or the tensor has fewer axes than was thought.",),
        changes=("Write two numbers per axis, last axis first; for mode='reflect' give a tensor with its batch and channel axes.",),
        raised=[
            Raising("torch", F + "F.pad(torch.rand(3, 4), (1, 2, 3))\n"),
            Raising("torch", F + "F.pad(torch.rand(3, 4), (1, 1, 1, 1, 1, 1))\n", length=6, axes=2),
            Raising("torch", F + "F.pad(torch.rand(3, 3), (1, 1, 1, 1), mode='reflect')\n", length=4, axes=2),
        ],
    ),
    Family(
        "torch-interpolate-rank",
        library="torch",
        exceptions=(*VALUE, "NotImplementedError"),
        patterns=[
            rf"Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of "
            rf"(?P<shape>{SIZES}) and output "
            r"size of (?P<asked>[\[(][-\d, ]*[\])])",
            r"Got (?P<found>\d)D input, but (?P<mode>\w+) mode needs (?P<needs>\d)D input",
        ],
        needles=("Input and output must have the same number", "mode needs"),
        headline="interpolate resizes the axes after batch and channels, and this tensor has another number of them",
        means="The tensor is read as (batch, channels, ...): linear needs (batch, channels, length), bilinear and bicubic (batch, "
              "channels, height, "
        "width), trilinear one axis more.",
        causes=("A single picture (channels, height, width) was given without its batch axis.",),
        changes=("Add the axis and take it off again: F.interpolate(x[None], size=size)[0].",),
        raised=[
            Raising("torch", F + "F.interpolate(torch.rand(3, 8, 8), size=(16, 16))\n", shape=(8,), asked=(16, 16)),
            Raising("torch", F + "F.interpolate(torch.rand(1, 3, 8, 8), size=(16, 16), "
                                 "mode='linear')\n", found=4, mode="linear", needs=3),
        ],
    ),
    Family(
        "torch-pixel-shuffle",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but "
            r"input\.size\(-3\)="
            r"(?P<found>\d+) is not divisible by (?P<needs>\d+)"
        ],
        needles=("pixel_shuffle expects",),
        headline="PixelShuffle needs a multiple of {needs} channels, upscale_factor squared, but there are {found}",
        means="It turns upscale_factor x upscale_factor channels into pixels, so (batch, c x r x r, h, w) becomes (batch, c, h x r, w "
              "x r).",
        causes=("The convolution before it gives the channels of the picture, not r x r times as many.",),
        changes=("Let the convolution before it give out_channels = {found} x {needs}.",),
        raised=[Raising("torch", N + "nn.PixelShuffle(2)(torch.rand(1, 3, 8, 8))\n", found=3, needs=4)],
    ),
    Family(
        "torch-grid-sample",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            rf"grid_sampler\(\): expected grid to have size (?P<needs>\d) in last dimension, but got grid with sizes (?P<grid>{SIZES})",
            rf"grid_sampler\(\): expected grid and input to have same batch size, but got input with sizes (?P<shape>{SIZES}) and grid "
            rf"with sizes "
            rf"(?P<grid>{SIZES})",
        ],
        needles=("grid_sampler(): expected grid",),
        headline="The grid {grid} of grid_sample must be (batch, height, width, 2), with the batch of the input",
        means="A grid holds for every pixel of the result the place (x, y) to read from; for volumes it is (batch, depth, height, "
              "width, 3).",
        causes=("The coordinates stand on axis 1, or one grid is used for a whole batch.",),
        changes=("Move them to the end with grid.permute(0, 2, 3, 1), or repeat one grid: grid.expand(len(x), -1, -1, -1).",),
        raised=[
            Raising("torch", F + "F.grid_sample(torch.rand(1, 3, 8, 8), torch.rand(1, 4, 4, 3))\n", needs=2, grid=(1, 4, 4, 3)),
            Raising(
                "torch", F + "F.grid_sample(torch.rand(1, 3, 8, 8), torch.rand(2, 4, 4, 2))\n", shape=(1, 3, 8, 8), grid=(2, 4, 4, 2)
            ),
        ],
    ),
    Family(
        "torch-unfold-too-small",
        library="torch",
        exceptions=RUNTIME,
        patterns=[
            r"Given input with spatial size (?P<size>\([\d, ]+\)), kernel_size=(?P<kernel>\([\d, ]+\)).*calculated shape of the array "
            r"of sliding "
            r"blocks as (?P<blocks>\([-\d, ]+\))",
            r"maximum size for tensor at dimension (?P<axis>\d+) is (?P<size>\d+) but size is (?P<kernel>\d+)",
        ],
        needles=("array of sliding blocks", "maximum size for tensor at dimension"),
        headline="No window of {kernel} fits into {size}",
        means="Sliding windows need an axis that is at least as long as one window.",
        causes=("The sequence or picture is shorter than the window, or the window slides over another axis than the one meant.",),
        changes=("Pad the data, use a smaller window, or name the axis: x.unfold(dimension, size, step).",),
        raised=[
            Raising("torch", F + "F.unfold(torch.rand(1, 3, 2, 2), 3)\n", size=(2, 2), kernel=(3, 3), blocks=(0, 0)),
            Raising("torch", N + "torch.rand(3, 4).unfold(1, 5, 1)\n", axis=1, size=4, kernel=5),
        ],
    ),
]  # fmt: skip
