"""Residual networks and VGGs of torchvision, part by part: people replace parts, and take the first ones as features.

A stage of a residual network is one step from (batch, channels, height, width) to its own channels, with height and width
divided by its stride. Follows ``torchvision/models/resnet.py`` and ``vgg.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import floordiv
from foreshape.domain.values import Array, Const, Instance, LibraryRef, Sequence, Value
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import init_module
from foreshape.semantics.torch.support import tensor

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

STAGE: Final = library_type("torchvision.models.resnet.Sequential", "torch.nn.Sequential")
BLOCKS: Final = {
    "resnet18": (2, 2, 2, 2), "resnet34": (3, 4, 6, 3), "resnet50": (3, 4, 6, 3), "resnet101": (3, 4, 23, 3),
    "resnet152": (3, 8, 36, 3), "resnext50_32x4d": (3, 4, 6, 3), "resnext101_32x8d": (3, 4, 23, 3),
    "wide_resnet50_2": (3, 4, 6, 3), "wide_resnet101_2": (3, 4, 23, 3),
}  # fmt: skip
"""How many blocks each of the four stages has."""
WIDTHS: Final = {"resnext50_32x4d": 2, "resnext101_32x8d": 4, "wide_resnet50_2": 2, "wide_resnet101_2": 2}
"""How much wider than usual the inner convolutions are."""
STEPS: Final = ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4", "avgpool")
VGG: Final = {
    "vgg11": (64, 0, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0),
    "vgg13": (64, 64, 0, 128, 128, 0, 256, 256, 0, 512, 512, 0, 512, 512, 0),
    "vgg16": (64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0),
    "vgg19": (64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512, 512, 512, 512, 0, 512, 512, 512, 512, 0),
}  # fmt: skip
"""The channels of the convolutions; 0 is a pooling."""


def layer(cx: Context, name: str, *sizes: int, **named: Value) -> Value:
    """A layer of ``torch.nn``."""
    return cx.call(LibraryRef(f"torch.nn.{name}"), tuple(Const(size) for size in sizes), named)


def _square(size: int) -> Value:
    return Sequence("tuple", Contents((Const(size), Const(size))))


def build_resnet(cx: Context, made: Instance, name: str) -> None:
    """The parts before the last layer."""
    deep = name not in ("resnet18", "resnet34")
    cx.set(made, "conv1", layer(cx, "Conv2d", 3, 64, 7, 2, 3, bias=Const(False)))
    cx.set(made, "bn1", layer(cx, "BatchNorm2d", 64))
    cx.set(made, "relu", layer(cx, "ReLU", inplace=Const(True)))
    cx.set(made, "maxpool", layer(cx, "MaxPool2d", 3, 2, 1))
    into = 64
    for number, blocks in enumerate(BLOCKS[name]):
        inner = 64 * 2**number
        out = inner * 4 if deep else inner
        stage = Instance(LibraryRef(STAGE))
        init_module(cx, stage)
        cx.set(stage, "~more", True)
        first = (into, inner * WIDTHS.get(name, 1), 1) if deep else (into, inner, 3)
        cx.set(stage, "~first", layer(cx, "Conv2d", *first, bias=Const(False)))
        cx.set(stage, "~stage", (out, 1 if number == 0 else 2, blocks))
        cx.set(made, f"layer{number + 1}", stage)
        into = out
    cx.set(made, "avgpool", cx.call(LibraryRef("torch.nn.AdaptiveAvgPool2d"), (_square(1),)))


def build_vgg(cx: Context, made: Instance, name: str) -> None:
    """The convolutions, and the pooling to 7 x 7."""
    layers: list[Value] = []
    into = 3
    for channels in VGG[name.removesuffix("_bn")]:
        if not channels:
            layers.append(layer(cx, "MaxPool2d", 2, 2))
            continue
        layers.append(layer(cx, "Conv2d", into, channels, 3, padding=Const(1)))
        if name.endswith("_bn"):
            layers.append(layer(cx, "BatchNorm2d", channels))
        layers.append(layer(cx, "ReLU", inplace=Const(True)))
        into = channels
    cx.set(made, "features", cx.call(LibraryRef("torch.nn.Sequential"), tuple(layers)))
    cx.set(made, "avgpool", cx.call(LibraryRef("torch.nn.AdaptiveAvgPool2d"), (_square(7),)))


def _through(cx: Context, self: Instance, parts: tuple[str, ...], last: str, x: Value) -> Value:
    for name in parts:
        part = self.fields.get(name)
        if not isinstance(part, Value):
            return cx.unknown("what the model gives is not known")
        x = cx.call(part, (x,))
    flat = cx.call(LibraryRef("torch.flatten"), (x, Const(1)))
    head = self.fields.get(last)
    return cx.call(head, (flat,)) if isinstance(head, Value) else cx.unknown("what the model gives is not known")


@rule("torchvision.models.ResNet.forward")
def resnet_forward(cx: Context, self: Instance, x: Value) -> Value:
    """(batch, 3, height, width) to what the last layer gives. Each part raises what it raises."""
    return _through(cx, self, STEPS, "fc", x)


@rule("torchvision.models.VGG.forward")
def vgg_forward(cx: Context, self: Instance, x: Value) -> Value:
    """(batch, 3, height, width) to what the last layers give. Each part raises what it raises."""
    return _through(cx, self, ("features", "avgpool"), "classifier", x)


@rule(f"{STAGE}.forward")
def stage_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(batch, channels, height, width) to the channels of the stage, height and width divided by its stride."""
    stage, first = self.fields.get("~stage"), self.fields.get("~first")
    if not isinstance(first, Value) or not isinstance(stage, tuple) or self.fields.get("~changed"):
        return cx.unknown("a block of the stage may have been changed")
    checked = cx.call(first, (input,))
    if not isinstance(input, Array) or input.shape is None or not isinstance(checked, Array) or len(input.shape) != 4:
        return cx.unknown("what the stage gives is not known")
    out, stride, _ = stage
    height, width = (floordiv(size - 1, stride) + 1 for size in input.shape[2:])
    made = tensor(cx, (input.shape[0], out, height, width), checked.dtype, input)
    made.meta = {**made.meta, "requires_grad": None, "grad_fn": None}
    return made


@rule(f"{STAGE}.__len__")
def stage_length(cx: Context, self: Instance) -> Value:
    """How many blocks."""
    stage = self.fields.get("~stage")
    return Const(stage[2]) if isinstance(stage, tuple) else cx.unknown("the stage is not known")


@rule(f"{STAGE}.__getitem__")
def stage_item(cx: Context, self: Instance, idx: Value) -> Value:
    """A block: whoever takes one out may change it."""
    cx.set(self, "~changed", True)
    return cx.unknown("the blocks of a stage are not modelled one by one")


@rule(f"{STAGE}.__iter__", f"{STAGE}.children", f"{STAGE}.modules", f"{STAGE}.append", f"{STAGE}.insert",
      f"{STAGE}.__setitem__", f"{STAGE}.__delitem__", f"{STAGE}.extend")  # fmt: skip
def stage_blocks(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The blocks: whoever takes them out may change them."""
    return stage_item(cx, self, Const(0))
