"""``keras.applications``: what each model accepts and gives, by ``include_top``, ``pooling`` and ``input_shape``.

The layers inside are not followed: a model is one step whose spatial sizes come from its own strides and paddings
(``STEPS``), so that ``output_shape``, a head on top of it and a call on images are known; ``layers`` and ``get_layer``
are not. Errors of the arguments follow ``keras/src/applications/imagenet_utils.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike, ceildiv, floordiv
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Typed,
    Value,
    as_bool,
    as_dim,
    as_int,
    as_str,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.keras.base import error, shape_of, shape_value
from foreshape.semantics.keras.config import invalid
from foreshape.semantics.keras.graph import is_symbolic, operation
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.semantics.protocol import Context

# what happens to a height or width, step by step: "h" halved and rounded down, "c" rounded up, "p" padded for the size that
# the model was built for: rounded up, or down where that was not known, (window, stride) without padding, a number: that
# many less
STEPS: dict[str, tuple[Any, ...]] = {
    "vgg": ("h",) * 5,
    "resnet": ("c",) * 5,
    "densenet": ("c", "c", "h", "h", "h"),
    "mobilenet": ("c", "h", "h", "h", "h"),
    "same": ("c",) * 5,
    "efficient": ("p",) * 5,
    "mobile": ("c", "p", "p", "p", "p"),
    "inception": ((3, 2), 2, (3, 2), 2, (3, 2), (3, 2), (3, 2)),
    "xception": ((3, 2), 2, "c", "c", "c", "c"),
    "nasnet": ((3, 2), "p", "p", "p", "p"),
    "convnext": ((4, 4), (2, 2), (2, 2), (2, 2)),
}
SPECS: dict[str, tuple[str, str, int, int, int]] = {
    # name: module, steps, default size, least size, channels without the top
    "VGG16": ("vgg16", "vgg", 224, 32, 512),
    "VGG19": ("vgg19", "vgg", 224, 32, 512),
    **{f"ResNet{n}": ("resnet resnet50", "resnet", 224, 32, 2048) for n in (50, 101, 152)},
    **{f"ResNet{n}V2": ("resnet_v2", "resnet", 224, 32, 2048) for n in (50, 101, 152)},
    "DenseNet121": ("densenet", "densenet", 224, 32, 1024),
    "DenseNet169": ("densenet", "densenet", 224, 32, 1664),
    "DenseNet201": ("densenet", "densenet", 224, 32, 1920),
    "MobileNet": ("mobilenet", "mobilenet", 224, 32, 1024),
    "MobileNetV2": ("mobilenet_v2", "mobile", 224, 32, 1280),
    "MobileNetV3Small": ("mobilenet_v3", "mobile", 224, 32, 576),
    "MobileNetV3Large": ("mobilenet_v3", "mobile", 224, 32, 960),
    "InceptionV3": ("inception_v3", "inception", 299, 75, 2048),
    "InceptionResNetV2": ("inception_resnet_v2", "inception", 299, 75, 1536),
    "Xception": ("xception", "xception", 299, 71, 2048),
    "NASNetMobile": ("nasnet", "nasnet", 224, 32, 1056),
    "NASNetLarge": ("nasnet", "nasnet", 331, 32, 4032),
    **{
        f"EfficientNetB{n}": ("efficientnet", "efficient", size, 32, channels)
        for n, (size, channels) in enumerate(
            ((224, 1280), (240, 1280), (260, 1408), (300, 1536), (380, 1792), (456, 2048), (528, 2304), (600, 2560))
        )
    },
    **{
        f"EfficientNetV2{n}": ("efficientnet_v2", "same", size, 32, channels)
        for n, size, channels in (
            ("B0", 224, 1280), ("B1", 240, 1280), ("B2", 260, 1408), ("B3", 300, 1536), ("S", 384, 1280),
            ("M", 480, 1280), ("L", 480, 1280),
        )
    },
    **{
        f"ConvNeXt{n}": ("convnext", "convnext", 224, 32, channels)
        for n, channels in (("Tiny", 768), ("Small", 768), ("Base", 1024), ("Large", 1536), ("XLarge", 2048))
    },
    **{
        f"RegNet{n}": ("regnet", "same", 224, 32, channels)
        for n, channels in (
            ("X002", 368), ("X004", 384), ("X006", 528), ("X008", 672), ("X016", 912), ("X032", 1008), ("X040", 1360),
            ("X064", 1624), ("X080", 1920), ("X120", 2240), ("X160", 2048), ("X320", 2520),
            ("Y002", 368), ("Y004", 440), ("Y006", 608), ("Y008", 768), ("Y016", 888), ("Y032", 1512), ("Y040", 1088),
            ("Y064", 1296), ("Y080", 2016), ("Y120", 2240), ("Y160", 3024), ("Y320", 3712),
        )
    },
    **{f"ResNetRS{n}": ("resnet_rs", "same", 224, 32, 2048) for n in (50, 101, 152, 200, 270, 350, 420)},
}  # fmt: skip
MODULES = sorted({module for spec in SPECS.values() for module in spec[0].split()})
FIRST_SHAPE = ("MobileNet", "MobileNetV2", "MobileNetV3Small", "MobileNetV3Large", "NASNetMobile", "NASNetLarge")
"""Models whose first parameter is ``input_shape``; the others start with ``include_top``."""
ONLY_2 = ("RegNet", "ResNetRS")
"""Families that Keras 3 has no more."""


def spatial(size: DimLike, steps: SequenceOf[Any], fixed: bool) -> DimLike:
    """What is left of a height or width. fixed: the model was built for a known size."""
    for step in steps:
        if step == "h" or (step == "p" and not fixed):
            size = floordiv(size, 2)
        elif step in ("c", "p"):
            size = ceildiv(size, 2)
        elif isinstance(step, int):
            size = size - step
        else:
            window, stride = step
            size = floordiv(size - window, stride) + 1
    return size


class Settings:
    """The arguments of one model, read."""

    __slots__ = ("channels", "classes", "default", "include_top", "least", "pooling", "shape", "steps", "weights")

    def __init__(self, cx: Context, name: str, given: Mapping[str, Value]) -> None:
        _, steps, self.default, self.least, self.channels = SPECS[name]
        self.steps = STEPS[steps]
        self.include_top = True if "include_top" not in given else as_bool(given["include_top"])
        weights = given.get("weights", Const("imagenet"))
        self.weights: str | None = None if is_none(weights) else as_str(weights) or "?"
        pooling = given.get("pooling")
        self.pooling = None if pooling is None or is_none(pooling) else as_str(pooling) or "?"
        classes = given.get("classes", Const(1000))
        self.classes = as_dim(classes)
        wanted = given.get("input_shape")
        self.shape: Shape | None = None
        if wanted is not None and not is_none(wanted):
            self.shape = shape_of(cx, wanted)


def _refused(cx: Context, text: str, argument: str, value: Value | None) -> Fault:
    return invalid(cx, "ValueError", text, argument, value)


def _dims(shape: Shape) -> str:
    return "(" + ", ".join("None" if undefined(size) else str(size) for size in shape) + ")"


def input_sizes(cx: Context, name: str, settings: Settings, given: Mapping[str, Value]) -> Shape:
    """``obtain_input_shape``: (height, width, channels). Raises invalid-argument."""
    value = given.get("input_shape")
    shape = settings.shape
    imagenet = settings.weights == "imagenet"
    size = settings.default
    if name.startswith("MobileNet") and shape is not None and len(shape) == 3 and imagenet:
        # trained in several sizes
        if shape[0] == shape[1] and isinstance(shape[0], int) and shape[0] in (96, 128, 160, 192, 224):
            size = shape[0]
    default = (size, size, 3)
    if imagenet and settings.include_top:
        if shape is not None and any(not isinstance(a, int) or a != b for a, b in zip(shape, default)):
            if all(isinstance(a, int) or undefined(a) for a in shape) and not name.startswith("MobileNetV3"):
                text = (
                    "When setting `include_top=True` and loading `imagenet` weights, `input_shape` should be "
                    f"{default}.  Received: input_shape={_dims(shape)}"
                )
                raise _refused(cx, text, "input_shape", value)
        return default if shape is None or len(shape) != 3 else shape
    if shape is None:
        none = cx.fresh(keras_none=True)
        return default if settings.include_top else (none, cx.fresh(keras_none=True), 3)
    if len(shape) != 3:
        raise _refused(cx, "`input_shape` must be a tuple of three integers.", "input_shape", value)
    if imagenet and isinstance(shape[-1], int) and shape[-1] != 3:
        text = f"The input must have 3 channels; Received `input_shape={_dims(shape)}`"
        raise _refused(cx, text, "input_shape", value)
    if any(isinstance(side, int) and side < settings.least for side in shape[:2]):
        text = f"Input size must be at least {settings.least}x{settings.least}; Received: input_shape={_dims(shape)}"
        raise _refused(cx, text, "input_shape", value)
    if settings.include_top and any(undefined(side) for side in shape) and not name.startswith("MobileNetV3"):
        text = (
            f"If `include_top` is True, you should specify a static `input_shape`. Received: input_shape={_dims(shape)}"
        )
        raise _refused(cx, text, "input_shape", value)
    return shape


def build(cx: Context, name: str, given: Mapping[str, Value]) -> Value:
    """The model. Raises invalid-argument where Keras refuses the arguments."""
    settings = Settings(cx, name, given)
    if settings.include_top is None or settings.weights == "?":
        return cx.unknown("whether the model has its top is not known")
    if settings.weights == "imagenet" and settings.include_top:
        if isinstance(settings.classes, int) and settings.classes != 1000:
            text = (
                "If using `weights='imagenet'` with `include_top=True`, `classes` should be 1000.  Received "
                f"classes={settings.classes}"
            )
            raise _refused(cx, text, "classes", given.get("classes"))
    wanted = given.get("input_shape")
    if wanted is not None and not is_none(wanted) and settings.shape is None:
        return cx.unknown("the shape of the images is not known")
    alpha = given.get("alpha")
    factor = 1.0 if alpha is None else getattr(alpha, "value", None)
    if not isinstance(factor, (int, float)):
        return cx.unknown("the width of the model is not known")
    tensor = given.get("input_tensor")
    own = tensor is not None and not is_none(tensor)
    if own and (not isinstance(tensor, Array) or not is_symbolic(tensor)):
        return cx.unknown("the tensor that the model starts from is not known")
    sizes = input_sizes(cx, name, settings, given) if not own or settings.shape is not None else None
    start = tensor if own and tensor is not None else cx.rule("keras.Input", shape=shape_value(sizes))
    channels = _channels(name, settings.channels, factor)
    if channels is None:
        return cx.unknown("the width of the model is not known")

    def apply(inner: Context, args: SequenceOf[Value], _: Mapping[str, Value]) -> Value:
        x = args[0]
        if not isinstance(x, Array) or x.shape is None or len(x.shape) != 4:
            return inner.unknown("what the model is given is not a batch of images")
        if settings.include_top:
            count = settings.classes if settings.classes is not None else inner.fresh()
            return x.replace(shape=(x.shape[0], count), dtype="float32")
        if settings.pooling in ("avg", "max"):
            return x.replace(shape=(x.shape[0], channels), dtype="float32")
        if not fixed and name.startswith("NASNet"):
            return inner.unknown("what the cells leave of images of any size")
        rows, columns = (spatial(side, settings.steps, fixed) for side in x.shape[1:3])
        return x.replace(shape=(x.shape[0], rows, columns, channels), dtype="float32")

    height = start.shape[1] if isinstance(start, Array) and start.shape is not None and len(start.shape) == 4 else None
    fixed = isinstance(height, int)
    output = operation(cx, name, apply, (start,))
    made = Instance(LibraryRef("keras.Functional"))
    named = given.get("name")
    if named is None or is_none(named):
        side = None if sizes is None else sizes[0]
        named = Const(_own_name(name, factor, side if isinstance(side, int) else None))
    cx.rule("keras.Functional.__init__", made, start, output, named)
    cx.set(made, "~closed", True)
    return made


def _channels(name: str, channels: int, factor: float) -> int | None:
    """The channels for another width than 1."""
    if factor == 1:
        return channels
    if name == "MobileNet":
        return int(channels * factor)
    if name == "MobileNetV2":
        return _divisible(channels * factor) if factor > 1 else channels
    return None


def _divisible(value: float, divisor: int = 8) -> int:
    made = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return made + divisor if made < 0.9 * value else made


def _own_name(name: str, factor: float, rows: int | None) -> str:
    """What Keras calls the model."""
    if name in ("MobileNet", "MobileNetV2"):
        return f"{name.lower()}_{factor:.2f}_{rows}"
    if name.startswith("MobileNetV3"):
        return name
    for start, word in (
        ("ConvNeXt", "convnext_"), ("EfficientNetV2", "efficientnetv2-"), ("NASNet", "nasnet_"),
        ("ResNetRS", "resnet-rs-"),
    ):  # fmt: skip
        if name.startswith(start):
            return word + name[len(start) :].lower()
    return {"InceptionV3": "inception_v3", "InceptionResNetV2": "inception_resnet_v2"}.get(name, name.lower())


def _named(name: str) -> tuple[str, ...]:
    modules = SPECS[name][0].split()
    return (f"keras.applications.{name}", *(f"keras.applications.{module}.{name}" for module in modules))


def _model(name: str) -> None:
    if name in FIRST_SHAPE:

        @rule(*_named(name))
        def shape_first(cx: Context, input_shape: Value | None = None, *args: Value, **kwargs: Value) -> Value:
            """A model of images; its first parameter is the shape of one."""
            if args:
                return cx.unknown("arguments of the model by place")
            given = dict(kwargs)
            if input_shape is not None:
                given["input_shape"] = input_shape
            return build(cx, name, given)

        return
    if name.startswith(ONLY_2):

        @rule(*_named(name), until="3")
        def only_2(cx: Context, *args: Value, **kwargs: Value) -> Value:
            """A model of images that Keras 3 has no more."""
            if args:
                return cx.unknown("arguments of the model by place")
            named = {"name" if key == "model_name" else key: value for key, value in kwargs.items()}
            return build(cx, name, named)

        return
    more = ("include_preprocessing",) if name.startswith("ConvNeXt") else ()
    order = ("include_top", *more, "weights", "input_tensor", "input_shape", "pooling", "classes",
             "classifier_activation")  # fmt: skip

    @rule(*_named(name))
    def top_first(cx: Context, *args: Value, **kwargs: Value) -> Value:
        """A model of images; its first parameter is whether it has its classifier."""
        return build(cx, name, {**dict(zip(order, args)), **kwargs})


for _name in SPECS:
    _model(_name)


@rule(*(f"keras.applications.{module}.preprocess_input" for module in (*MODULES, "imagenet_utils")))
def preprocess_input(cx: Context, x: Value, data_format: Value | None = None, mode: Value | None = None) -> Value:
    """The same shape, float32 where the images were integers."""
    if isinstance(x, Array) and x.kind in ("numpy", "tensorflow"):
        dtype = x.dtype
        if dtype is not None and "float" not in dtype:
            dtype = "float32"
        return x.replace(dtype=dtype, lo=None, hi=None, data=None)
    if isinstance(x, Array):

        def apply(inner: Context, args: SequenceOf[Value], _: Mapping[str, Value]) -> Value:
            found = args[0]
            return found.replace(lo=None, hi=None, data=None) if isinstance(found, Array) else found

        return operation(cx, "preprocess_input", apply, (x,))
    return cx.unknown("the images are not known")


@rule(*(f"keras.applications.{module}.decode_predictions" for module in (*MODULES, "imagenet_utils")))
def decode_predictions(cx: Context, preds: Value, top: Value | None = None) -> Value:
    """Per sample the best classes: (identifier, name, score)."""
    from foreshape.domain.contents import Contents
    from foreshape.domain.values import Sequence

    if not isinstance(preds, Array) or preds.shape is None:
        return cx.unknown("the predictions are not known")
    if len(preds.shape) != 2 or (isinstance(preds.shape[1], int) and preds.shape[1] != 1000):
        from foreshape.faults.label_shape import LabelShape

        text = (
            "`decode_predictions` expects a batch of predictions (i.e. a 2D array of shape (samples, 1000)). Received "
            f"array with shape: {_dims(preds.shape)}"
        )
        if len(preds.shape) != 2:
            from foreshape.faults.rank_mismatch import RankMismatch

            raise RankMismatch(
                error(cx, "ValueError", text), values=(preds,), taker="decode_predictions", needs=2, got=preds.shape
            )
        raise LabelShape(
            error(cx, "ValueError", text), values=(preds,), loss="decode_predictions", labels=(preds.shape[0], 1000),
            predictions=preds.shape,
        )  # fmt: skip
    count, rows = 5 if top is None else as_int(top), preds.shape[0]
    if count is None or not isinstance(rows, int) or rows * count > 64:
        return cx.unknown("how many predictions there are is not known")

    def best() -> Value:
        return Sequence("tuple", Contents([Typed("str"), Typed("str"), Array("numpy", (), preds.dtype)]))

    return Sequence("list", Contents(Sequence("list", Contents(best() for _ in range(count))) for _ in range(rows)))
