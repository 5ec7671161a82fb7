"""Models of torchvision: what the last layer is given, and what it gives. The layers before it are one step.

https://docs.pytorch.org/vision/stable/models.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.compare import eq
from foreshape.domain.values import Array, Const, Instance, LibraryRef, Value, as_int, is_none
from foreshape.faults.base import Raises
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import MODULE, init_module
from foreshape.semantics.torch.support import tensor
from foreshape.semantics.torchvision.resnet import build_resnet, build_vgg

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/vision/stable/models.html"

HEADS: Final = {
    "resnet18": ("ResNet", "fc", 512), "resnet34": ("ResNet", "fc", 512), "resnet50": ("ResNet", "fc", 2048),
    "resnet101": ("ResNet", "fc", 2048), "resnet152": ("ResNet", "fc", 2048), "resnext50_32x4d": ("ResNet", "fc", 2048),
    "resnext101_32x8d": ("ResNet", "fc", 2048), "wide_resnet50_2": ("ResNet", "fc", 2048),
    "wide_resnet101_2": ("ResNet", "fc", 2048), "shufflenet_v2_x1_0": ("ShuffleNetV2", "fc", 1024),
    "densenet121": ("DenseNet", "classifier", 1024), "densenet169": ("DenseNet", "classifier", 1664),
    "densenet201": ("DenseNet", "classifier", 1920), "densenet161": ("DenseNet", "classifier", 2208),
    "mobilenet_v2": ("MobileNetV2", "classifier", (None, 1280)),
    "efficientnet_b0": ("EfficientNet", "classifier", (None, 1280)),
    "efficientnet_b1": ("EfficientNet", "classifier", (None, 1280)),
    "efficientnet_b2": ("EfficientNet", "classifier", (None, 1408)),
    "efficientnet_b3": ("EfficientNet", "classifier", (None, 1536)),
    "efficientnet_b4": ("EfficientNet", "classifier", (None, 1792)),
    "mobilenet_v3_large": ("MobileNetV3", "classifier", (960, 1280)),
    "mobilenet_v3_small": ("MobileNetV3", "classifier", (576, 1024)),
    "vgg11": ("VGG", "classifier", (25088, 4096, 4096)), "vgg13": ("VGG", "classifier", (25088, 4096, 4096)),
    "vgg16": ("VGG", "classifier", (25088, 4096, 4096)), "vgg19": ("VGG", "classifier", (25088, 4096, 4096)),
    "vgg11_bn": ("VGG", "classifier", (25088, 4096, 4096)), "vgg13_bn": ("VGG", "classifier", (25088, 4096, 4096)),
    "vgg16_bn": ("VGG", "classifier", (25088, 4096, 4096)), "vgg19_bn": ("VGG", "classifier", (25088, 4096, 4096)),
    "alexnet": ("AlexNet", "classifier", (9216, 4096, 4096)),
    "googlenet": ("GoogLeNet", "", 1024), "inception_v3": ("Inception3", "", 2048),
    "vit_b_16": ("VisionTransformer", "heads", 768), "vit_b_32": ("VisionTransformer", "heads", 768),
    "vit_l_16": ("VisionTransformer", "heads", 1024),
}  # fmt: skip
"""The class of each model, the attribute that holds its last layers, and the sizes that these are given."""
for _class in dict.fromkeys(head[0] for head in HEADS.values()):
    library_type(f"torchvision.models.{_class}", MODULE)


def _linear(cx: Context, into: int, out: Value) -> Value:
    return cx.call(LibraryRef("torch.nn.Linear"), (Const(into), out))


def _layer(cx: Context, name: str, *args: Value) -> Value:
    return cx.call(LibraryRef(f"torch.nn.{name}"), args)


def _sequential(cx: Context, *layers: Value) -> Value:
    return cx.call(LibraryRef("torch.nn.Sequential"), layers)


def _head(cx: Context, name: str, sizes: object, classes: Value) -> Value:
    kind = HEADS[name][0]
    if isinstance(sizes, int):
        made = _linear(cx, sizes, classes)
        if kind == "VisionTransformer":
            made = _sequential(cx, made)
        return made
    assert isinstance(sizes, tuple)
    if kind in ("MobileNetV2", "EfficientNet"):
        return _sequential(cx, _layer(cx, "Dropout"), _linear(cx, sizes[1], classes))
    if kind == "MobileNetV3":
        first = _linear(cx, sizes[0], Const(sizes[1]))
        return _sequential(cx, first, _layer(cx, "Hardswish"), _layer(cx, "Dropout"), _linear(cx, sizes[1], classes))
    one, two = _linear(cx, sizes[0], Const(sizes[1])), _linear(cx, sizes[1], Const(sizes[2]))
    last = _linear(cx, sizes[2], classes)
    relu, drop = _layer(cx, "ReLU"), _layer(cx, "Dropout")
    if kind == "AlexNet":
        return _sequential(cx, drop, one, relu, _layer(cx, "Dropout"), two, _layer(cx, "ReLU"), last)
    return _sequential(cx, one, relu, drop, two, _layer(cx, "ReLU"), _layer(cx, "Dropout"), last)


def _make(cx: Context, name: str, kwargs: dict[str, Value], weights: Value | None) -> Value:
    kind, attribute, sizes = HEADS[name]
    classes = kwargs.get("num_classes") or Const(1000)
    trained = (
        weights is not None and not is_none(weights) and not (isinstance(weights, Const) and weights.value is False)
    )
    many = as_int(classes)
    if trained and many is not None and many != 1000:
        from foreshape.faults.invalid_argument import InvalidArgument

        message = f"The parameter 'num_classes' expected value 1000 but got {many} instead."
        raised = Raises("ValueError", message, by="torchvision")
        raise InvalidArgument(raised, values=(classes,), argument="num_classes", given=str(many))
    made = Instance(LibraryRef(f"torchvision.models.{kind}"))
    init_module(cx, made)
    parted = not any(key in kwargs for key in ("replace_stride_with_dilation", "dropout"))
    if kind == "ResNet" and parted:
        build_resnet(cx, made, name)
    elif kind == "VGG" and parted:
        build_vgg(cx, made, name)
    else:
        cx.set(made, "~more", True)
    cx.set(made, "~name", name)
    if attribute:
        cx.set(made, attribute, _head(cx, name, sizes, classes))
    return made


def _register() -> None:
    for name in HEADS:

        def build(
            cx: Context, weights: Value | None = None, progress: Value | None = None, _name: str = name, **kwargs: Value
        ) -> Value:
            """The model; ValueError for trained weights with another number of classes."""
            pretrained = kwargs.pop("pretrained", None)
            return _make(cx, _name, kwargs, weights if weights is not None else pretrained)

        build.__defaults__ = (None, None, name)
        rule(f"torchvision.models.{name}", doc=DOC)(build)


_register()


@rule(*(f"torchvision.models.{kind}.forward" for kind in dict.fromkeys(head[0] for head in HEADS.values())
        if kind not in ("ResNet", "VGG")))  # fmt: skip
def forward(cx: Context, self: Instance, x: Value) -> Value:
    """(batch, 3, height, width) to what the last layers give. RuntimeError for another rank or other channels."""
    name = self.fields.get("~name")
    if not isinstance(name, str) or not isinstance(x, Array) or x.shape is None or self.fields.get("~changed"):
        return cx.unknown("what the model gives is not known")
    kind, attribute, sizes = HEADS[name]
    if len(x.shape) not in (3, 4):
        from foreshape.faults.rank_mismatch import RankMismatch

        shown = ", ".join(map(str, x.shape))
        message = f"Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [{shown}]"
        raised = Raises("RuntimeError", message, by="torch 2")
        raise RankMismatch(raised, values=(x,), taker=kind, needs=4, got=x.shape)
    if not attribute or len(x.shape) != 4 or "conv1" in self.fields or "features" in self.fields:
        return cx.unknown("what the model gives is not known")
    if eq(x.shape[1], 3, cx.facts).is_no:
        return _wrong_channels(cx, x, kind)
    head = self.fields.get(attribute)
    known = sizes if isinstance(sizes, tuple) else (sizes,)
    first = next(size for size in known if isinstance(size, int))
    features = tensor(cx, (x.shape[0], first), x.dtype if x.dtype != "float64" else None, x)
    features.meta = {**features.meta, "requires_grad": None, "grad_fn": None}
    return cx.call(head, (features,)) if isinstance(head, Value) else cx.unknown("what the model gives is not known")


def _wrong_channels(cx: Context, x: Array, kind: str) -> Value:
    """The first convolution takes three channels. Its kernel is in the message, which differs by model."""
    kernels = {"ResNet": "64, 3, 7, 7", "VGG": "64, 3, 3, 3", "AlexNet": "64, 3, 11, 11", "DenseNet": "64, 3, 7, 7",
               "MobileNetV2": "32, 3, 3, 3", "MobileNetV3": "16, 3, 3, 3", "ShuffleNetV2": "24, 3, 3, 3"}  # fmt: skip
    kernel = kernels.get(kind)
    if kernel is None or x.shape is None:
        return cx.unknown("what the model gives is not known")
    shown = ", ".join(map(str, x.shape))
    message = (
        f"Given groups=1, weight of size [{kernel}], expected input[{shown}] to have 3 channels, but got {x.shape[1]} "
        "channels instead"
    )
    from foreshape.faults.invalid_argument import InvalidArgument

    raise InvalidArgument(Raises("RuntimeError", message, by="torch 2"), values=(x,), argument="input", given=shown)


@rule("torchvision.models.get_model", doc=DOC)
def get_model(cx: Context, name: Value, weights: Value | None = None, **config: Value) -> Value:
    """A model by name."""
    text = name.value if isinstance(name, Const) else None
    if isinstance(text, str) and text.lower() in HEADS:
        return _make(cx, text.lower(), config, weights)
    return cx.unknown("which model this is is not known")
