"""What calls a transform, and transforms between images and tensors.

https://docs.pytorch.org/vision/stable/transforms.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Unknown,
    Value,
    as_str,
)
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import MODULE, init_module
from foreshape.semantics.torchvision.pictures import as_image_tensor, channels_of, image, is_image, size_of

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

PLACES: Final = ("torchvision.transforms", "torchvision.transforms.v2")
DOC: Final = "https://docs.pytorch.org/vision/stable/transforms.html"


def declare(*names: str) -> tuple[str, ...]:
    """Declare classes of both generations of transforms."""
    return tuple(library_type(f"{place}.{name}", MODULE) for name in names for place in PLACES)


def methods(name: str, member: str) -> tuple[str, ...]:
    """A member of a class in both generations."""
    return tuple(f"{place}.{name}.{member}" for place in PLACES)


declare("Compose", "ToTensor", "PILToTensor", "ToPILImage", "ToImage", "ToDtype", "ConvertImageDtype", "Lambda", "Normalize",
        "RandomApply", "RandomChoice", "RandomOrder")  # fmt: skip


def wrong(exception: str, message: str, value: Value, taker: str, given: str) -> Fault:
    """The fault for what a transform does not take."""
    from foreshape.faults.unsupported_data import UnsupportedData

    return UnsupportedData(Raises(exception, message, by="torchvision"), values=(value,), taker=taker, given=given)


def follows(cx: Context, value: Value) -> Value:
    """What is made of something that is not known."""
    made = cx.unknown(value.reason if isinstance(value, Unknown) else "an image that is not known")
    made.tainted = value.tainted
    return made


# -- one after the other -----------------------------------------------------------------------------------------------


@rule(*methods("Compose", "__init__"), doc=DOC)
def compose_init(cx: Context, self: Instance, transforms: Value) -> Value:
    """A list of transforms."""
    init_module(cx, self)
    cx.set(self, "transforms", transforms)
    return Const(None)


@rule(*methods("Compose", "__call__"), *methods("Compose", "forward"), doc=DOC)
def compose_call(cx: Context, self: Instance, img: Value, *more: Value) -> Value:
    """Each transform of what the one before gives."""
    listed = self.fields.get("transforms")
    contents = cx.iterate(listed) if isinstance(listed, Value) else None
    items = None if contents is None else contents.items(limit=64)
    if items is None:
        return cx.unknown("the transforms are not known")
    for transform in items:
        img = cx.call(transform, (img,))
    return img


@rule(
    *methods("RandomApply", "__init__"),
    *methods("RandomChoice", "__init__"),
    *methods("RandomOrder", "__init__"),
    doc=DOC,
)
def some_init(cx: Context, self: Instance, transforms: Value, p: Value | None = None) -> Value:
    """Transforms of which some are applied."""
    init_module(cx, self)
    cx.set(self, "transforms", transforms)
    return Const(None)


@rule(
    *methods("RandomApply", "__call__"),
    *methods("RandomChoice", "__call__"),
    *methods("RandomOrder", "__call__"),
    doc=DOC,
)
def some_call(cx: Context, self: Instance, img: Value) -> Value:
    """The image, where none of them changes its shape."""
    from foreshape.domain.join import alike

    with cx.quiet():
        made = compose_call(cx, self, img)
    if isinstance(made, Array) and isinstance(img, Array) and alike(made, img):
        return made
    if isinstance(made, Instance) and is_image(made) and is_image(img) and size_of(cx, made) == size_of(cx, img):
        return made
    return cx.unknown("chance decides how the image is transformed")


@rule(*methods("Lambda", "__init__"), doc=DOC)
def lambda_init(cx: Context, self: Instance, lambd: Value, *types: Value) -> Value:
    """A function of the program. TypeError for what is none."""
    cx.set(self, "lambd", lambd)
    return Const(None)


@rule(*methods("Lambda", "__call__"), doc=DOC)
def lambda_call(cx: Context, self: Instance, img: Value) -> Value:
    """What the function gives."""
    function = self.fields.get("lambd")
    return cx.call(function, (img,)) if isinstance(function, Value) else cx.unknown("the function is not known")


# -- images and tensors ------------------------------------------------------------------------------------------------


@rule(*methods("ToTensor", "__init__"), *methods("PILToTensor", "__init__"), *methods("ToImage", "__init__"), doc=DOC)
def plain_init(cx: Context, self: Instance) -> Value:
    """No settings."""
    init_module(cx, self)
    return Const(None)


@rule(*methods("ToTensor", "__call__"), "torchvision.transforms.functional.to_tensor", doc=DOC)
def to_tensor(cx: Context, *args: Value) -> Value:
    """(channels, height, width) float32 of a PIL image or an array (height, width, channels). TypeError for a tensor,
    ValueError for an array of another rank."""
    pic = args[-1]
    if isinstance(pic, Array) and pic.kind == "torch":
        message = "pic should be PIL Image or ndarray. Got <class 'torch.Tensor'>"
        raise wrong("TypeError", message, pic, "ToTensor", "torch.Tensor")
    if isinstance(pic, Sequence):
        message = f"pic should be PIL Image or ndarray. Got <class '{pic.kind}'>"
        raise wrong("TypeError", message, pic, "ToTensor", pic.kind)
    if isinstance(pic, Array) and pic.kind == "numpy" and pic.shape is not None and len(pic.shape) not in (2, 3):
        from foreshape.faults.rank_mismatch import RankMismatch

        message = f"pic should be 2/3 dimensional. Got {len(pic.shape)} dimensions."
        raised = Raises("ValueError", message, by="torchvision")
        raise RankMismatch(raised, values=(pic,), taker="ToTensor", needs=3, got=pic.shape)
    return as_image_tensor(cx, pic)


@rule(
    *methods("PILToTensor", "__call__"),
    *methods("ToImage", "__call__"),
    "torchvision.transforms.functional.pil_to_tensor",
)
def pil_to_tensor(cx: Context, *args: Value) -> Value:
    """(channels, height, width) uint8."""
    if is_image(args[-1]):
        return as_image_tensor(cx, args[-1], scaled=False)
    return follows(cx, args[-1])


@rule(*methods("ToPILImage", "__init__"), doc=DOC)
def to_pil_init(cx: Context, self: Instance, mode: Value | None = None) -> Value:
    """The mode is guessed where it is not given."""
    cx.set(self, "mode", mode or Const(None))
    return Const(None)


@rule(*methods("ToPILImage", "__call__"), "torchvision.transforms.functional.to_pil_image", doc=DOC)
def to_pil(cx: Context, *args: Value, mode: Value | None = None) -> Value:
    """A PIL image of a tensor (channels, height, width) or an array (height, width, channels)."""
    pic = next((arg for arg in args if isinstance(arg, Array)), None)
    if pic is None or pic.shape is None:
        return follows(cx, args[-1])
    if len(pic.shape) not in (2, 3):
        from foreshape.faults.rank_mismatch import RankMismatch

        message = f"pic should be 2/3 dimensional. Got {len(pic.shape)} dimensions."
        raised = Raises("ValueError", message, by="torchvision")
        raise RankMismatch(raised, values=(pic,), taker="ToPILImage", needs=3, got=pic.shape)
    if len(pic.shape) == 2:
        return image(pic.shape[1], pic.shape[0], "L")
    channels = pic.shape[0] if pic.kind == "torch" else pic.shape[2]
    sides = pic.shape[1:] if pic.kind == "torch" else pic.shape[:2]
    if isinstance(channels, int) and channels > 4:
        message = f"pic should not have > 4 channels. Got {channels} channels."
        from foreshape.faults.invalid_argument import InvalidArgument

        raised = Raises("ValueError", message, by="torchvision")
        raise InvalidArgument(raised, values=(pic,), argument="pic", given=str(channels))
    usual = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}.get(channels) if isinstance(channels, int) else None
    return image(sides[1], sides[0], usual if mode is None else as_str(mode))


@rule(*methods("ConvertImageDtype", "__init__"), doc=DOC)
def convert_init(cx: Context, self: Instance, dtype: Value) -> Value:
    """The dtype."""
    cx.set(self, "dtype", dtype)
    return Const(None)


@rule(*methods("ToDtype", "__init__"), doc=DOC)
def to_dtype_init(cx: Context, self: Instance, dtype: Value, scale: Value | None = None) -> Value:
    """The dtype."""
    cx.set(self, "dtype", dtype)
    return Const(None)


@rule(*methods("ConvertImageDtype", "__call__"), *methods("ToDtype", "__call__"), doc=DOC)
def convert_call(cx: Context, self: Instance, img: Value) -> Value:
    """The same shape in this dtype."""
    from foreshape.semantics.torch.support import dtype_of

    dtype = self.fields.get("dtype")
    wanted = dtype_of(dtype) if isinstance(dtype, Value) else None
    if isinstance(img, Array):
        return Array("torch", img.shape, wanted, roles=img.roles)
    return img if is_image(img) else follows(cx, img)


# -- normalizing -------------------------------------------------------------------------------------------------------


@rule(*methods("Normalize", "__init__"), doc=DOC)
def normalize_init(
    cx: Context, self: Instance, mean: Value, std: Value, inplace: Value | None = None
) -> Value:  # fmt: skip
    """A mean and a deviation for each channel."""
    cx.set(self, "mean", mean)
    cx.set(self, "std", std)
    return Const(None)


@rule(*methods("Normalize", "__call__"), doc=DOC)
def normalize_call(cx: Context, self: Instance, tensor: Value) -> Value:
    """The same shape. TypeError for an image that is no tensor or no float, RuntimeError for channels that do not fit."""
    return _normalized(cx, tensor, self.fields.get("mean"))


@rule("torchvision.transforms.functional.normalize", doc=DOC)
def normalize(cx: Context, tensor: Value, mean: Value, std: Value, inplace: Value | None = None) -> Value:
    """As the transform."""
    return _normalized(cx, tensor, mean)


def _normalized(cx: Context, tensor: Value, mean: object) -> Value:
    if is_image(tensor):
        message = "img should be Tensor Image. Got <class 'PIL.Image.Image'>"
        raise wrong("TypeError", message, tensor, "Normalize", "PIL.Image.Image")
    if not isinstance(tensor, Array):
        return follows(cx, tensor)
    if tensor.kind == "numpy":
        message = "img should be Tensor Image. Got <class 'numpy.ndarray'>"
        raise wrong("TypeError", message, tensor, "Normalize", "numpy.ndarray")
    if tensor.dtype is not None and "float" not in tensor.dtype:
        message = f"Input tensor should be a float tensor. Got torch.{tensor.dtype}."
        raise wrong("TypeError", message, tensor, "Normalize", f"torch.{tensor.dtype}")
    many = cx.length(mean) if isinstance(mean, Sequence) else None
    channels = channels_of(tensor)
    shape = tensor.shape
    if isinstance(many, int) and isinstance(channels, int) and many not in (1, channels) and shape is not None:
        if channels != 1:
            from foreshape.faults.broadcast_mismatch import BroadcastMismatch

            message = (
                f"The size of tensor a ({channels}) must match the size of tensor b ({many}) at non-singleton "
                f"dimension {len(shape) - 3}"
            )
            raised = Raises("RuntimeError", message, by="torch 2")
            shapes = (shape, (many, 1, 1))
            raise BroadcastMismatch(raised, values=(tensor,), taker="Normalize", shapes=shapes, axis=-3, recover=tensor)
        from foreshape.faults.broadcast_mismatch import BroadcastMismatch

        message = (
            f"output with shape [{', '.join(map(str, shape))}] doesn't match the broadcast shape "
            f"[{', '.join(map(str, (many, *shape[-2:])))}]"
        )
        raised = Raises("RuntimeError", message, by="torch 2")
        shapes = (shape, (many, 1, 1))
        raise BroadcastMismatch(raised, values=(tensor,), taker="Normalize", shapes=shapes, axis=-3, recover=tensor)
    made = Array("torch", tensor.shape, tensor.dtype, roles=tensor.roles)
    made.tainted = tensor.tainted
    return made
