"""Data sets of torchvision: how many samples each has, and what one of them is.

https://docs.pytorch.org/vision/stable/datasets.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    Sequence,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_dim,
    as_str,
    int_value,
    is_none,
)
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.torchvision.pictures import image

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/vision/stable/datasets.html"
BASE: Final = library_type("torchvision.datasets.VisionDataset", "torch.utils.data.Dataset")


class Known:
    """A data set: its samples in the training and the test part, (height, width, mode) of an image, and the classes."""

    __slots__ = ("classes", "image", "test", "train")

    def __init__(self, train: int, test: int, image: tuple[int, int, str], classes: int) -> None:
        self.train = train
        self.test = test
        self.image = image
        self.classes = classes


BY_TRAIN: Final = {
    "MNIST": Known(60000, 10000, (28, 28, "L"), 10),
    "FashionMNIST": Known(60000, 10000, (28, 28, "L"), 10),
    "KMNIST": Known(60000, 10000, (28, 28, "L"), 10),
    "QMNIST": Known(60000, 60000, (28, 28, "L"), 10),
    "CIFAR10": Known(50000, 10000, (32, 32, "RGB"), 10),
    "CIFAR100": Known(50000, 10000, (32, 32, "RGB"), 100),
    "USPS": Known(7291, 2007, (16, 16, "L"), 10),
}
"""Data sets whose part is chosen by ``train=``."""
SPLITS: Final = {
    "SVHN": {"train": 73257, "test": 26032, "extra": 531131},
    "STL10": {"train": 5000, "test": 8000, "unlabeled": 100000},
}
SPLIT_IMAGES: Final = {"SVHN": (32, 32, "RGB"), "STL10": (96, 96, "RGB")}
FOLDERS: Final = ("ImageFolder", "DatasetFolder", "ImageNet")
for _name in (*BY_TRAIN, *SPLITS, *FOLDERS, "EMNIST", "FakeData", "CocoDetection", "VOCDetection", "CelebA"):
    library_type(f"torchvision.datasets.{_name}", BASE)


def _keep(cx: Context, self: Instance, transform: Value | None, target: Value | None) -> None:
    cx.set(self, "transform", transform or Const(None))
    cx.set(self, "target_transform", target or Const(None))


@rule(*(f"torchvision.datasets.{name}.__init__" for name in BY_TRAIN), doc=DOC)
def by_train_init(
    cx: Context,
    self: Instance,
    root: Value,
    train: Value | None = None,
    transform: Value | None = None,
    target_transform: Value | None = None,
    download: Value | None = None,
) -> Value:
    """The training part unless told otherwise."""
    _keep(cx, self, transform, target_transform)
    known = BY_TRAIN.get((self.library_type or "").rpartition(".")[2])
    part = True if train is None else as_bool(train)
    cx.set(self, "train", train or Const(True))
    if known is not None:
        cx.set(self, "~count", None if part is None else known.train if part else known.test)
        cx.set(self, "~image", known.image)
        cx.set(self, "~classes", known.classes)
    return Const(None)


@rule(*(f"torchvision.datasets.{name}.__init__" for name in SPLITS), doc=DOC)
def by_split_init(
    cx: Context,
    self: Instance,
    root: Value,
    split: Value | None = None,
    transform: Value | None = None,
    target_transform: Value | None = None,
    download: Value | None = None,
    folds: Value | None = None,
) -> Value:
    """The part that ``split`` names."""
    _keep(cx, self, transform, target_transform)
    name = (self.library_type or "").rpartition(".")[2]
    word = "train" if split is None else as_str(split)
    cx.set(self, "~count", SPLITS.get(name, {}).get(word or ""))
    cx.set(self, "~image", SPLIT_IMAGES.get(name))
    cx.set(self, "~classes", 10 if word != "unlabeled" else None)
    return Const(None)


@rule("torchvision.datasets.ImageFolder.__init__", "torchvision.datasets.DatasetFolder.__init__", doc=DOC)
def folder_init(
    cx: Context, self: Instance, root: Value, transform: Value | None = None, target_transform: Value | None = None,
    loader: Value | None = None, is_valid_file: Value | None = None, allow_empty: Value | None = None,
    **kwargs: Value,
) -> Value:  # fmt: skip
    """As many samples as there are files; images of any size, in RGB."""
    _keep(cx, self, transform, target_transform)
    cx.set(self, "~count", cx.fresh("images"))
    own = loader is not None and not is_none(loader)
    cx.set(self, "~image", None if own else (cx.fresh("height", varying=True), cx.fresh("width", varying=True), "RGB"))
    cx.set(self, "~classes", None)
    return Const(None)


@rule("torchvision.datasets.FakeData.__init__", doc=DOC)
def fake_init(
    cx: Context, self: Instance, size: Value | None = None, image_size: Value | None = None,
    num_classes: Value | None = None, transform: Value | None = None, target_transform: Value | None = None,
    random_offset: Value | None = None,
) -> Value:  # fmt: skip
    """Images of random numbers."""
    _keep(cx, self, transform, target_transform)
    cx.set(self, "~count", 1000 if size is None else as_dim(size))
    sides: tuple[DimLike, DimLike, str | None] | None = (224, 224, "RGB")
    if image_size is not None:
        items = image_size.contents.items(limit=4) if isinstance(image_size, Sequence) else None
        dims = [as_dim(item) for item in items or ()]
        sides = None
        if len(dims) == 3 and dims[1] is not None and dims[2] is not None:
            sides = (dims[1], dims[2], {1: "L", 3: "RGB"}.get(dims[0]) if isinstance(dims[0], int) else None)
    cx.set(self, "~image", sides)
    classes = 10 if num_classes is None else as_dim(num_classes)
    cx.set(self, "~classes", classes if isinstance(classes, int) else None)
    return Const(None)


@rule(f"{BASE}.__getitem__")
def item(cx: Context, self: Instance, index: Value) -> Value:
    """(image, class), each through its transform."""
    sides = self.fields.get("~image")
    if sides is None:
        return cx.unknown("what a sample of the data set is like is not known")
    picture: Value = image(sides[1], sides[0], sides[2])
    classes = self.fields.get("~classes")
    label: Value = Typed("int", lo=0, hi=None if classes is None else classes - 1)
    transform, target = self.fields.get("transform"), self.fields.get("target_transform")
    if isinstance(transform, Value) and not is_none(transform):
        picture = cx.call(transform, (picture,))
    if isinstance(target, Value) and not is_none(target):
        label = cx.call(target, (label,))
    return Sequence("tuple", Contents((picture, label)))


@rule(f"{BASE}.__len__")
def length(cx: Context, self: Instance) -> Value:
    """How many samples."""
    count = self.fields.get("~count")
    return cx.unknown("how many samples there are is not known") if count is None else int_value(count)


@attribute(f"{BASE}.classes")
def classes_of(cx: Context, self: Instance) -> Value:
    """The names of the classes."""
    count = self.fields.get("~classes")
    return Sequence("list", Contents((Run(count if count is not None else cx.fresh("classes"), Typed("str")),)))


@attribute(f"{BASE}.class_to_idx", f"{BASE}.samples", f"{BASE}.imgs", f"{BASE}.root")
def others(cx: Context, self: Instance) -> Value:
    """Depends on the files."""
    return Unknown("it depends on the files")


@attribute(*(f"torchvision.datasets.{name}.data" for name in BY_TRAIN))
def data(cx: Context, self: Instance) -> Value:
    """All images: a tensor for the MNIST family, a NumPy array (n, height, width, channels) for CIFAR."""
    count, sides = self.fields.get("~count"), self.fields.get("~image")
    if count is None or sides is None:
        return cx.unknown("the images are not known")
    if sides[2] == "RGB":
        return Array("numpy", (count, sides[0], sides[1], 3), "uint8", lo=0, hi=255)
    kind = "numpy" if (self.library_type or "").endswith("USPS") else "torch"
    return Array(kind, (count, sides[0], sides[1]), "uint8", lo=0, hi=255)


@attribute(*(f"torchvision.datasets.{name}.targets" for name in BY_TRAIN))
def targets(cx: Context, self: Instance) -> Value:
    """All classes: a tensor for the MNIST family, a list for CIFAR."""
    count, sides, classes = self.fields.get("~count"), self.fields.get("~image"), self.fields.get("~classes")
    if count is None or sides is None or classes is None:
        return cx.unknown("the classes are not known")
    name = (self.library_type or "").rpartition(".")[2]
    if sides[2] == "RGB" or name == "USPS":
        return Sequence("list", Contents((Run(count, Typed("int", lo=0, hi=classes - 1)),)))
    if name == "QMNIST":
        return cx.unknown("its labels have several columns")
    return Array("torch", (count,), "int64", lo=0, hi=classes - 1)


@attribute("torchvision.datasets.ImageFolder.targets", "torchvision.datasets.DatasetFolder.targets")
def folder_targets(cx: Context, self: Instance) -> Value:
    """A class for each image."""
    count = self.fields.get("~count")
    return Sequence("list", Contents((Run(count if count is not None else cx.fresh("images"), Typed("int", lo=0)),)))
