"""``keras.backend``, ``keras.config``, ``keras.utils``, ``keras.mixed_precision``, and what only configures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Instance, LibraryRef, Typed, Value, as_str
from foreshape.semantics.keras.names import process, reset_names
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("keras.backend.clear_session", "keras.utils.clear_session", "keras.backend.reset_uids")
def clear_session(cx: Context, free_memory: Value | None = None) -> Value:
    """Names start from the beginning again."""
    reset_names(cx)
    return Const(None)


@rule("keras.backend.set_floatx", "keras.config.set_floatx")
def set_floatx(cx: Context, value: Value) -> Value:
    """The dtype of layers that are not told one."""
    found = as_str(value)
    if found in ("float16", "float32", "float64"):
        cx.set(process(cx), "policy", found)
    return Const(None)


@rule("keras.mixed_precision.set_global_policy", "keras.mixed_precision.set_dtype_policy",
      "keras.config.set_dtype_policy", "keras.mixed_precision.experimental.set_policy")  # fmt: skip
def set_policy(cx: Context, policy: Value) -> Value:
    """The dtype policy of layers that are not told one."""
    name = as_str(policy) or (as_str(policy.fields.get("name")) if isinstance(policy, Instance) else None)
    cx.set(process(cx), "policy", name)
    return Const(None)


library_type("keras.DTypePolicy")


@rule("keras.mixed_precision.Policy", "keras.mixed_precision.DTypePolicy", "keras.DTypePolicy",
      "keras.dtype_policies.DTypePolicy", "keras.mixed_precision.experimental.Policy")  # fmt: skip
def policy(cx: Context, name: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """A dtype policy."""
    return Instance(LibraryRef("keras.DTypePolicy"), {"name": Const(None) if name is None else name})


@rule("keras.backend.floatx", "keras.config.floatx")
def floatx(cx: Context) -> Value:
    """The default dtype."""
    return Const(process(cx).fields.get("policy", "float32"))


@rule("keras.backend.epsilon", "keras.config.epsilon")
def epsilon(cx: Context) -> Value:
    """A small number."""
    return Const(1e-07)


@rule("keras.backend.image_data_format", "keras.config.image_data_format")
def image_data_format(cx: Context) -> Value:
    """Where the channels are."""
    found = process(cx).fields.get("image_data_format", "channels_last")
    return Const(found) if found is not None else cx.unknown("the data format of images was set to something unknown")


@rule("keras.backend.set_image_data_format", "keras.config.set_image_data_format")
def set_image_data_format(cx: Context, data_format: Value) -> Value:
    """Where the channels are, for all layers that are not told."""
    cx.set(process(cx), "image_data_format", as_str(data_format))
    return Const(None)


@rule("keras.backend.backend", "keras.config.backend")
def backend(cx: Context) -> Value:
    """The backend."""
    return Const("tensorflow")


@rule("keras.utils.set_random_seed", "keras.utils.plot_model", "keras.utils.disable_interactive_logging",
      "keras.utils.enable_interactive_logging", "keras.config.disable_traceback_filtering",
      "keras.config.enable_traceback_filtering", "keras.config.enable_unsafe_deserialization",
      "keras.config.disable_interactive_logging", "keras.config.enable_interactive_logging",
      "keras.backend.set_learning_phase", "keras.backend.set_epsilon",
      "keras.utils.get_source_inputs", "keras.utils.model_to_dot", "keras.backend.set_session",
      "keras.config.set_backend",
      "keras.config.set_epsilon", "keras.utils.save_img", "keras.preprocessing.image.save_img",
)  # fmt: skip
def nothing(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """What changes no shape."""
    return Const(None)


@rule("keras.utils.register_keras_serializable", "keras.saving.register_keras_serializable")
def register(cx: Context, package: Value | None = None, name: Value | None = None) -> Value:
    """A decorator that changes nothing."""
    return LibraryRef("keras.utils.unchanged")


@rule("keras.utils.unchanged")
def unchanged(cx: Context, target: Value) -> Value:
    """The class itself."""
    return target


@rule("keras.backend.int_shape")
def int_shape(cx: Context, x: Value) -> Value:
    """The static shape as a tuple."""
    from foreshape.semantics.keras.base import shape_value

    if isinstance(x, Array) and x.shape is not None:
        return shape_value(x.shape)
    return cx.unknown("the shape is not known")


@rule("keras.backend.ndim")
def ndim(cx: Context, x: Value) -> Value:
    """The rank."""
    return Const(len(x.shape)) if isinstance(x, Array) and x.shape is not None else cx.unknown("the rank is not known")


@rule("keras.utils.get_file")
def get_file(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A path."""
    return Typed("str")


@rule("keras.utils.custom_object_scope", "keras.saving.custom_object_scope", "keras.utils.CustomObjectScope")
def custom_object_scope(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A scope."""
    return Instance(LibraryRef("tensorflow.name_scope"))


@rule("keras.utils.get_registered_object", "keras.saving.get_registered_object", "keras.utils.get_registered_name",
      "keras.saving.get_registered_name")  # fmt: skip
def registered(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A class, or its name, by what it was registered under."""
    return cx.unknown("a registered object")


library_type("keras.utils.Progbar")


@rule("keras.utils.Progbar.__init__", "keras.utils.Progbar.update", "keras.utils.Progbar.add",
      "keras.utils.Progbar.finalize")  # fmt: skip
def progress(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A bar on the screen."""
    return Const(None)


@rule("keras.utils.is_interactive_logging_enabled")
def is_interactive(cx: Context) -> Value:
    """A flag."""
    return Typed("bool")


@rule("keras.utils.is_keras_tensor", "keras.backend.is_keras_tensor")
def is_keras_tensor(cx: Context, x: Value) -> Value:
    """Whether it is a symbolic tensor."""
    return Const(x.kind == "keras") if isinstance(x, Array) else cx.unknown("what it is")


@rule("keras.utils.standardize_dtype", "keras.backend.standardize_dtype")
def standardize_dtype(cx: Context, dtype: Value) -> Value:
    """The name of a dtype."""
    from foreshape.semantics.keras.operations.support import dtype_argument

    found = dtype_argument(dtype, "float32")
    return cx.unknown("the dtype is not known") if found is None else Const(found)


@rule("keras.utils.pack_x_y_sample_weight")
def pack(cx: Context, x: Value, y: Value | None = None, sample_weight: Value | None = None) -> Value:
    """A tuple of what is given; one tensor alone stays alone."""
    from foreshape.domain.values import is_none
    from foreshape.semantics.shared.structure import as_tuple

    if y is None or is_none(y):
        return x if isinstance(x, Array) else as_tuple((x,))
    if sample_weight is None or is_none(sample_weight):
        return as_tuple((x, y))
    return as_tuple((x, y, sample_weight))


@rule("keras.utils.unpack_x_y_sample_weight")
def unpack(cx: Context, data: Value) -> Value:
    """Always three: inputs, labels, weights."""
    from foreshape.domain.values import Sequence
    from foreshape.semantics.shared.structure import as_tuple

    if isinstance(data, Sequence) and data.kind == "tuple":
        items = data.contents.items(limit=8)
        if items is not None and 1 <= len(items) <= 3:
            return as_tuple((*items, *(Const(None) for _ in range(3 - len(items)))))
        return cx.unknown("what a batch holds is not known")
    if isinstance(data, Array):
        return as_tuple((data, Const(None), Const(None)))
    return cx.unknown("what a batch holds is not known")


@rule("keras.utils.array_to_img", "keras.preprocessing.image.array_to_img")
def array_to_img(
    cx: Context, x: Value, data_format: Value | None = None, scale: Value | None = None, dtype: Value | None = None
) -> Value:
    """An image of the size of the array, which has three axes."""
    from foreshape.faults.rank_mismatch import RankMismatch
    from foreshape.semantics.keras.base import dims_text, error

    made = Instance(LibraryRef("keras.Image"))
    if isinstance(x, Array) and x.shape is not None:
        if len(x.shape) != 3:
            text = "Expected image array to have rank 3 (single image). Got array with shape: " + dims_text(x.shape)
            raise RankMismatch(
                error(cx, "ValueError", text), values=(x,), taker="array_to_img", needs=3,
                axes=("height", "width", "channels"), got=x.shape,
            )  # fmt: skip
        cx.set(made, "~shape", x.shape)
    return made


@rule("keras.preprocessing.image.smart_resize")
def smart_resize(
    cx: Context, x: Value, size: Value, interpolation: Value | None = None, data_format: Value | None = None,
    **kwargs: Value,
) -> Value:  # fmt: skip
    """Another height and width: an array stays an array."""
    from foreshape.semantics.keras.base import shape_of

    wanted = shape_of(cx, size)
    if not isinstance(x, Array) or x.shape is None or wanted is None or len(wanted) != 2 or len(x.shape) not in (3, 4):
        return cx.unknown("an image of another size")
    return Array(x.kind, (*x.shape[:-3], *wanted, x.shape[-1]), "float32", roles=x.roles)


@rule("keras.utils.img_to_array", "keras.preprocessing.image.img_to_array")
def img_to_array(cx: Context, img: Value, data_format: Value | None = None, dtype: Value | None = None) -> Value:
    """(height, width, channels)."""
    shape = img.fields.get("~shape") if isinstance(img, Instance) else None
    if shape is None and isinstance(img, Array):
        shape = img.shape
    if shape is None:
        return Array("numpy", (cx.fresh("height"), cx.fresh("width"), cx.fresh("channels")), "float32")
    return Array("numpy", shape, "float32")


library_type("keras.Image")


@rule("keras.utils.load_img", "keras.preprocessing.image.load_img")
def load_img(
    cx: Context, path: Value, color_mode: Value | None = None, target_size: Value | None = None,
    interpolation: Value | None = None, keep_aspect_ratio: Value | None = None, grayscale: Value | None = None,
) -> Value:  # fmt: skip
    """An image of the target size."""
    from foreshape.semantics.keras.base import shape_of

    made = Instance(LibraryRef("keras.Image"))
    size = None if target_size is None else shape_of(cx, target_size)
    channels = {"grayscale": 1, "rgba": 4}.get(as_str(color_mode) or "rgb", 3)
    if size is not None and len(size) == 2:
        cx.set(made, "~shape", (*size, channels))
    else:
        cx.set(made, "~shape", (cx.fresh("height"), cx.fresh("width"), channels))
    return made


library_type("keras.preprocessing.image.ImageDataGenerator")


@rule("keras.preprocessing.image.ImageDataGenerator.__init__")
def image_generator_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Settings."""
    return Const(None)


@rule("keras.preprocessing.image.ImageDataGenerator.fit")
def image_generator_fit(cx: Context, self: Instance, x: Value, *args: Value, **kwargs: Value) -> Value:
    """Statistics: the images must have four axes."""
    _four_axes(cx, x, "Input to `.fit()` should have rank 4. Got array with shape: ")
    return Const(None)


def _four_axes(cx: Context, x: Value, text: str) -> None:
    from foreshape.faults.rank_mismatch import RankMismatch
    from foreshape.semantics.keras.base import dims_text, error

    if isinstance(x, Array) and x.shape is not None and len(x.shape) != 4:
        raise RankMismatch(
            error(cx, "ValueError", text + dims_text(x.shape)), values=(x,), taker="ImageDataGenerator", needs=4,
            axes=("batch", "height", "width", "channels"), got=x.shape,
        )  # fmt: skip


@rule("keras.preprocessing.image.ImageDataGenerator.flow")
def image_flow(
    cx: Context, self: Instance, x: Value, y: Value | None = None, batch_size: Value | None = None, *args: Value,
    **kwargs: Value,
) -> Value:  # fmt: skip
    """Batches of images: float32."""
    from foreshape.domain.dim import dmin
    from foreshape.domain.values import as_dim, is_none
    from foreshape.faults.cardinality import Cardinality
    from foreshape.semantics.keras.base import error
    from foreshape.semantics.shared.structure import as_tuple

    made = Instance(LibraryRef("keras.ImageIterator"))
    if not isinstance(x, Array) or x.shape is None:
        return made
    _four_axes(cx, x, "('Input data in `NumpyArrayIterator` should have rank 4. You passed an array with shape', ")
    rows = x.shape[0]
    if isinstance(y, Array) and y.shape and not cx.equal(rows, y.shape[0]):
        message = (
            f"`x` (images tensor) and `y` (labels) should have the same length. Found: x.shape = {x.shape}, "
            f"y.shape = {y.shape}"
        )
        raise Cardinality(error(cx, "ValueError", message), values=(x, y), sizes=(("x", rows), ("y", y.shape[0])))
    size = 32 if batch_size is None else as_dim(batch_size)
    if size is None:
        return made
    first = dmin(size, cx.resolve(rows))
    images: Value = Array("numpy", (first, *x.shape[1:]), "float32", roles=x.roles)
    if y is not None and not is_none(y):
        if not isinstance(y, Array) or not y.shape:
            return made
        images = as_tuple((images, Array("numpy", (first, *y.shape[1:]), y.dtype, lo=y.lo, hi=y.hi, roles=y.roles)))
    cx.set(made, "~batches", images)
    return made


library_type("keras.ImageIterator", "keras.utils.Sequence")


@rule("keras.ImageIterator.__next__", "keras.ImageIterator.next")
def image_next(cx: Context, self: Instance) -> Value:
    """One batch."""
    found = self.fields.get("~batches")
    return found if isinstance(found, Value) else cx.unknown("a batch of images")


@rule("keras.ImageIterator.__getitem__")
def image_item(cx: Context, self: Instance, index: Value) -> Value:
    """One batch."""
    found = self.fields.get("~batches")
    return found if isinstance(found, Value) else cx.unknown("a batch of images")


@rule("keras.preprocessing.image.ImageDataGenerator.flow_from_directory",
      "keras.preprocessing.image.ImageDataGenerator.flow_from_dataframe")  # fmt: skip
def image_directory(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Images from a folder."""
    return cx.unknown("images from a folder")
