"""Images of cv2 and PIL: (height, width, channels) of uint8; sizes in calls are (width, height).

https://docs.opencv.org/4.x/ and https://pillow.readthedocs.io/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dim import DimLike
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_dim,
    as_int,
    as_str,
    int_value,
)
from foreshape.semantics.numpy.array_from import as_array
from foreshape.semantics.numpy.support import given, listed, made, number
from foreshape.semantics.registry import attribute, constant, library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

READ: Final = {"IMREAD_UNCHANGED": -1, "IMREAD_GRAYSCALE": 0, "IMREAD_COLOR": 1}
GRAY: Final = ("COLOR_BGR2GRAY", "COLOR_RGB2GRAY", "COLOR_BGRA2GRAY", "COLOR_RGBA2GRAY")
FOUR: Final = (
    "COLOR_BGR2BGRA",
    "COLOR_RGB2RGBA",
    "COLOR_BGR2RGBA",
    "COLOR_RGB2BGRA",
    "COLOR_GRAY2BGRA",
    "COLOR_GRAY2RGBA",
)
THREE: Final = (
    "COLOR_BGR2RGB",
    "COLOR_RGB2BGR",
    "COLOR_BGR2HSV",
    "COLOR_RGB2HSV",
    "COLOR_HSV2BGR",
    "COLOR_HSV2RGB",
    "COLOR_BGR2LAB",
    "COLOR_RGB2LAB",
    "COLOR_LAB2BGR",
    "COLOR_LAB2RGB",
    "COLOR_BGR2YUV",
    "COLOR_RGB2YUV",
    "COLOR_BGR2YCrCb",
    "COLOR_RGB2YCrCb",
    "COLOR_GRAY2BGR",
    "COLOR_GRAY2RGB",
    "COLOR_BGRA2BGR",
    "COLOR_RGBA2RGB",
    "COLOR_BGRA2RGB",
    "COLOR_RGBA2BGR",
)


def _constants() -> None:
    for name, value in READ.items():

        def flag(cx: Context, value: int = value) -> Value:
            return Const(value)

        constant(f"cv2.{name}")(flag)
    for name in (*GRAY, *FOUR, *THREE):

        def code(cx: Context, name: str = name) -> Value:
            return Const(name)

        constant(f"cv2.{name}")(code)


_constants()


def image_name(source: Value, what: str) -> str:
    text = as_str(source)
    return what if text is None else f"{what} of {text.rpartition('/')[2]}"


@rule("cv2.imread", doc="https://docs.opencv.org/4.x/d4/da8/group__imgcodecs.html")
def imread(cx: Context, filename: Value, flags: Value | None = None) -> Value:
    """(height, width, 3) of uint8; (height, width) in grey."""
    height, width = cx.fresh(image_name(filename, "height")), cx.fresh(image_name(filename, "width"))
    mode = 1 if flags is None else as_int(flags)
    if mode == 0:
        return made((height, width), "uint8", 0, 255)
    return made((height, width, 3), "uint8", 0, 255) if mode == 1 else made(None, None)


def _pair(cx: Context, value: Value | None) -> tuple[DimLike, DimLike] | None:
    contents = None if value is None or not given(value) else cx.iterate(value)
    items = None if contents is None else contents.items(4)
    if items is None or len(items) != 2:
        return None
    sizes = [as_dim(item) for item in items]
    return tuple(cx.fresh() if size is None else size for size in sizes)  # type: ignore[return-value]


@rule("cv2.resize")
def resize(
    cx: Context,
    src: Value,
    dsize: Value,
    dst: Value | None = None,
    fx: Value | None = None,
    fy: Value | None = None,
    interpolation: Value | None = None,
) -> Value:
    """``dsize`` is (width, height); one channel loses its axis."""
    array = as_array(cx, src)
    if isinstance(array, Unknown) or array.shape is None:
        return made(None, array.dtype if isinstance(array, Array) else None)
    size = _pair(cx, dsize)
    rest = array.shape[2:]
    if rest and as_int(int_value(rest[0])) == 1:
        rest = ()
    if size is None:
        return made((cx.fresh("height"), cx.fresh("width"), *rest), array.dtype, array.lo, array.hi)
    lo, hi = (array.lo, array.hi) if array.dtype == "uint8" else (None, None)
    return made((size[1], size[0], *rest), array.dtype, lo, hi)


@rule("cv2.cvtColor")
def cvt_color(cx: Context, src: Value, code: Value, *args: Value, **kwargs: Value) -> Value:
    array = as_array(cx, src)
    name = as_str(code) or ""
    if isinstance(array, Unknown) or array.shape is None or len(array.shape) < 2:
        return made(None, array.dtype if isinstance(array, Array) else None)
    plane = array.shape[:2]
    if name in GRAY:
        return made(plane, array.dtype, array.lo, array.hi)
    if name in THREE or name in FOUR:
        return made(
            (*plane, 3 if name in THREE else 4),
            array.dtype,
            array.lo if array.dtype == "uint8" else None,
            array.hi if array.dtype == "uint8" else None,
        )
    return made(None, array.dtype)


@rule(
    "cv2.GaussianBlur",
    "cv2.medianBlur",
    "cv2.blur",
    "cv2.flip",
    "cv2.bilateralFilter",
    "cv2.equalizeHist",
    "cv2.erode",
    "cv2.dilate",
    "cv2.bitwise_not",
    "cv2.morphologyEx",
)
def filtered(cx: Context, src: Value, *args: Value, **kwargs: Value) -> Value:
    array = as_array(cx, src)
    return array if isinstance(array, Unknown) else made(array.shape, array.dtype, array.lo, array.hi)


@rule("cv2.Canny")
def canny(cx: Context, image: Value, *args: Value, **kwargs: Value) -> Value:
    array = as_array(cx, image)
    return made(None if isinstance(array, Unknown) or array.shape is None else array.shape[:2], "uint8", 0, 255)


@rule("cv2.imwrite", "cv2.imshow", "cv2.waitKey", "cv2.destroyAllWindows", "cv2.namedWindow")
def shown(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return Typed("bool")


@rule(
    "matplotlib.image.imread",
    "matplotlib.pyplot.imread",
    "imageio.imread",
    "imageio.v2.imread",
    "imageio.v3.imread",
    "skimage.io.imread",
)
def read_any(cx: Context, *args: Value, **kwargs: Value) -> Value:
    return made(None, None)


# -- PIL ----------
IMAGE: Final = library_type("PIL.Image.Image")
CHANNELS: Final = {
    "RGB": 3,
    "RGBA": 4,
    "L": 0,
    "1": 0,
    "P": 0,
    "CMYK": 4,
    "HSV": 3,
    "YCbCr": 3,
    "LAB": 3,
    "I": 0,
    "F": 0,
}
DTYPES: Final = {"1": "bool", "I": "int32", "F": "float32"}


def image(width: DimLike, height: DimLike, mode: str | None) -> Instance:
    return Instance(LibraryRef(IMAGE), {"~width": int_value(width), "~height": int_value(height), "~mode": Const(mode)})


def _sides(cx: Context, self: Instance) -> tuple[DimLike, DimLike]:
    found = [
        as_dim(self.fields.get(key)) if isinstance(self.fields.get(key), Value) else None
        for key in ("~width", "~height")
    ]
    return (
        found[0] if found[0] is not None else cx.fresh("width"),
        found[1] if found[1] is not None else cx.fresh("height"),
    )


def _mode(self: Instance) -> str | None:
    found = self.fields.get("~mode")
    return as_str(found) if isinstance(found, Value) else None


@rule("PIL.Image.open", doc="https://pillow.readthedocs.io/en/stable/reference/Image.html")
def open_image(cx: Context, fp: Value, *args: Value, **kwargs: Value) -> Value:
    return image(cx.fresh(image_name(fp, "width")), cx.fresh(image_name(fp, "height")), None)


@rule("PIL.Image.new")
def new_image(cx: Context, mode: Value, size: Value, color: Value | None = None) -> Value:
    sides = _pair(cx, size)
    width, height = sides if sides is not None else (cx.fresh("width"), cx.fresh("height"))
    return image(width, height, as_str(mode))


@rule("PIL.Image.fromarray")
def fromarray(cx: Context, obj: Value, mode: Value | None = None) -> Value:
    array = as_array(cx, obj)
    if isinstance(array, Unknown) or array.shape is None or len(array.shape) < 2:
        return image(cx.fresh("width"), cx.fresh("height"), None)
    channels = array.shape[2] if len(array.shape) > 2 else 0
    kind = {0: "L", 3: "RGB", 4: "RGBA"}.get(channels) if isinstance(channels, int) and array.dtype == "uint8" else None
    return image(array.shape[1], array.shape[0], as_str(mode) or kind)


@rule(f"{IMAGE}.resize")
def pil_resize(cx: Context, self: Instance, size: Value, *args: Value, **kwargs: Value) -> Value:
    sides = _pair(cx, size)
    return image(*(sides if sides is not None else (cx.fresh("width"), cx.fresh("height"))), _mode(self))


@rule(f"{IMAGE}.convert")
def convert(cx: Context, self: Instance, mode: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    return image(*_sides(cx, self), as_str(mode))


@rule(f"{IMAGE}.crop")
def crop(cx: Context, self: Instance, box: Value | None = None) -> Value:
    contents = None if box is None else cx.iterate(box)
    items = None if contents is None else contents.items(4)
    ends = [as_dim(item) for item in items or ()]
    if len(ends) == 4 and all(end is not None for end in ends):
        return image(ends[2] - ends[0], ends[3] - ends[1], _mode(self))  # type: ignore[operator]
    return image(cx.fresh("width"), cx.fresh("height"), _mode(self))


@rule(f"{IMAGE}.rotate")
def rotate(
    cx: Context,
    self: Instance,
    angle: Value,
    resample: Value | None = None,
    expand: Value | None = None,
    **kwargs: Value,
) -> Value:
    if expand is not None and as_bool(expand) is not False and number(expand) != 0:
        return image(cx.fresh("width"), cx.fresh("height"), _mode(self))
    return image(*_sides(cx, self), _mode(self))


@rule(f"{IMAGE}.copy", f"{IMAGE}.filter", f"{IMAGE}.__enter__")
def same(cx: Context, self: Instance, *args: Value) -> Value:
    return image(*_sides(cx, self), _mode(self))


@rule(f"{IMAGE}.transpose")
def flipped(cx: Context, self: Instance, method: Value) -> Value:
    return image(cx.fresh("width"), cx.fresh("height"), _mode(self))


@rule(f"{IMAGE}.thumbnail")
def thumbnail(cx: Context, self: Instance, size: Value, *args: Value, **kwargs: Value) -> Value:
    cx.set(self, "~width", int_value(cx.fresh("width")))
    cx.set(self, "~height", int_value(cx.fresh("height")))
    return Const(None)


@rule(f"{IMAGE}.save", f"{IMAGE}.show", f"{IMAGE}.close", f"{IMAGE}.load", f"{IMAGE}.verify")
def nothing(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    return Const(None)


@attribute(f"{IMAGE}.size")
def size(cx: Context, self: Instance) -> Value:
    """(width, height)."""
    return listed("tuple", [int_value(side) for side in _sides(cx, self)])


@attribute(f"{IMAGE}.width")
def width(cx: Context, self: Instance) -> Value:
    return int_value(_sides(cx, self)[0])


@attribute(f"{IMAGE}.height")
def height(cx: Context, self: Instance) -> Value:
    return int_value(_sides(cx, self)[1])


@attribute(f"{IMAGE}.mode")
def mode(cx: Context, self: Instance) -> Value:
    known = _mode(self)
    return Typed("str") if known is None else Const(known)


def pixels(cx: Context, self: Instance) -> Array:
    """The array of an image: (height, width) or (height, width, channels)."""
    known = _mode(self)
    channels = CHANNELS.get(known or "")
    if channels is None:
        return made(None, None)
    across, down = _sides(cx, self)
    dtype = DTYPES.get(known or "", "uint8")
    lo, hi = (0, 255) if dtype == "uint8" else (None, None)
    return made((down, across, channels) if channels else (down, across), dtype, lo, hi)


@rule(f"{IMAGE}.__array__")
def as_pixels(cx: Context, self: Instance, dtype: Value | None = None, copy: Value | None = None) -> Value:
    return pixels(cx, self)
