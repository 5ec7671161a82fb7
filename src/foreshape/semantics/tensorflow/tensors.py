"""``tf.Tensor``, ``tf.TensorShape`` and ``tf.DType`` as the program sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import Dim, DimLike, is_none as undefined, lower, product
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    SliceValue,
    Unknown,
    Value,
    as_bool,
    as_dim,
    as_int,
    as_str,
    int_value,
    is_none,
)
from foreshape.semantics.registry import attribute, constant, library_type, rule
from foreshape.semantics.shared.index import index_shape, slice_length
from foreshape.semantics.tensorflow.joins import unknown_tensor
from foreshape.semantics.tensorflow.maths import binary_core, unary_core
from foreshape.semantics.tensorflow.core import (
    DTYPES,
    as_tensor,
    dtype_of,
    dtype_value,
    failed,
    graph_mode,
    raises,
    shape_argument,
    tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("tensorflow.Tensor")
library_type("tensorflow.TensorShape")
library_type("tensorflow.DType")
library_type("tensorflow.TensorSpec")
library_type("tensorflow.RaggedTensor")

for _name in DTYPES:

    def _dtype(cx: Context, name: str = _name) -> Value:
        return dtype_value(name)

    constant(f"tensorflow.{_name}", f"tensorflow.dtypes.{_name}")(_dtype)
constant("tensorflow.double")(lambda cx: dtype_value("float64"))
constant("tensorflow.half")(lambda cx: dtype_value("float16"))


@constant("tensorflow.newaxis")
def newaxis(cx: Context) -> Value:
    """None."""
    return Const(None)


# -- TensorShape ----------------------------------------------------------------------------------------------------------


def shape_instance(shape: Shape | None) -> Instance:
    """A ``tf.TensorShape``."""
    return Instance(LibraryRef("tensorflow.TensorShape"), {"~shape": shape})


def _dims(self: Instance) -> Shape | None:
    found: Shape | None = self.fields.get("~shape")
    return found


def size_value(dim: DimLike) -> Value:
    """A static size: an int, or None."""
    return Const(None) if undefined(dim) else int_value(dim)


@rule("tensorflow.TensorShape.__init__")
def tensor_shape_init(cx: Context, self: Instance, dims: Value) -> Value:
    """From a list of sizes."""
    cx.set(self, "~shape", shape_argument(cx, dims))
    return Const(None)


@rule("tensorflow.TensorShape.__getitem__")
def tensor_shape_getitem(cx: Context, self: Instance, index: Value) -> Value:
    """A size (an int or None), or a part of the shape."""
    dims = _dims(self)
    if dims is None:
        return cx.unknown("the rank is not known")
    place = as_int(index)
    if place is not None:
        if not -len(dims) <= place < len(dims):
            from foreshape.faults.index_range import IndexRange

            raise IndexRange(
                failed("IndexError", "list index out of range"), values=(self,), taker="shape", index=place, size=len(dims)
            )
        return size_value(dims[place])
    if isinstance(index, SliceValue):
        parts = [None if is_none(part) else as_int(part) for part in (index.start, index.stop, index.step)]
        ends = (index.start, index.stop, index.step)
        if any(part is None and not is_none(end) for part, end in zip(parts, ends)):
            return cx.unknown("the part of a shape is not known")
        return shape_instance(dims[slice(*parts)])
    return cx.unknown("the index of a shape is not known")


@rule("tensorflow.TensorShape.as_list")
def tensor_shape_as_list(cx: Context, self: Instance) -> Value:
    """A list of ints and None."""
    dims = _dims(self)
    return cx.unknown("the rank is not known") if dims is None else Sequence("list", Contents(map(size_value, dims)))


@rule("tensorflow.TensorShape.__iter__")
def tensor_shape_iter(cx: Context, self: Instance) -> Value:
    """The sizes."""
    return tensor_shape_as_list(cx, self)


@rule("tensorflow.TensorShape.__len__")
def tensor_shape_len(cx: Context, self: Instance) -> Value:
    """The rank."""
    dims = _dims(self)
    return cx.unknown("the rank is not known") if dims is None else Const(len(dims))


@attribute("tensorflow.TensorShape.rank", "tensorflow.TensorShape.ndims")
def tensor_shape_rank(cx: Context, self: Instance) -> Value:
    """The rank."""
    dims = _dims(self)
    return Const(None) if dims is None else Const(len(dims))


@attribute("tensorflow.TensorShape.dims")
def tensor_shape_dims(cx: Context, self: Instance) -> Value:
    """The sizes."""
    return tensor_shape_as_list(cx, self)


@rule("tensorflow.TensorShape.num_elements")
def tensor_shape_num_elements(cx: Context, self: Instance) -> Value:
    """The number of elements, None where a size is."""
    dims = _dims(self)
    if dims is None:
        return Const(None)
    return size_value(product(dims))


@rule("tensorflow.TensorShape.is_compatible_with", "tensorflow.TensorShape.is_fully_defined")
def tensor_shape_question(cx: Context, self: Instance, *args: Value) -> Value:
    """A bool."""
    from foreshape.domain.values import Typed

    return Typed("bool")


@rule("tensorflow.TensorShape.__binary__")
def tensor_shape_binary(cx: Context, self: Instance, operator: Value, other: Value, reflected: Value) -> Value:
    """``shape + [3]``, ``shape == (2, 3)``."""
    word = as_str(operator)
    dims = _dims(self)
    more = shape_argument(cx, other)
    if dims is None or more is None:
        return cx.unknown("a shape is not known")
    if word == "+":
        return shape_instance((*more, *dims) if as_bool(reflected) else (*dims, *more))
    if word in ("==", "!="):
        left = Sequence("tuple", Contents(map(size_value, dims)))
        return cx.binary(word, left, Sequence("tuple", Contents(map(size_value, more))))
    return cx.unknown("an operation on shapes")


@attribute("tensorflow.DType.name")
def dtype_name(cx: Context, self: Instance) -> Value:
    """The name."""
    found = self.fields.get("name")
    return found if isinstance(found, Value) else cx.unknown("a dtype")


@rule("tensorflow.DType.__binary__")
def dtype_binary(cx: Context, self: Instance, operator: Value, other: Value, reflected: Value) -> Value:
    """Comparison of dtypes."""
    a, b = dtype_of(self), dtype_of(other)
    word = as_str(operator)
    if a is None or b is None or word not in ("==", "!="):
        return cx.unknown("a comparison of dtypes")
    return Const((a == b) is (word == "=="))


# -- Tensor ---------------------------------------------------------------------------------------------------------------


@attribute("tensorflow.Tensor.shape")
def shape_attribute(cx: Context, self: Array) -> Value:
    """The static shape: a TensorShape."""
    return shape_instance(self.shape)


@rule("tensorflow.Tensor.get_shape")
def get_shape(cx: Context, self: Array) -> Value:
    """The static shape."""
    return shape_instance(self.shape)


@attribute("tensorflow.Tensor.dtype")
def dtype_attribute(cx: Context, self: Array) -> Value:
    """The dtype."""
    return cx.unknown("the dtype is not known") if self.dtype is None else dtype_value(self.dtype)


@attribute("tensorflow.Tensor.ndim", "tensorflow.Tensor.rank")
def ndim(cx: Context, self: Array) -> Value:
    """The rank."""
    return cx.unknown("the rank is not known") if self.shape is None else Const(len(self.shape))


@attribute("tensorflow.Tensor.name", "tensorflow.Tensor.device", "tensorflow.Tensor.op", "tensorflow.Tensor.graph",
           "tensorflow.Tensor.path")  # fmt: skip
def text_attribute(cx: Context, self: Array) -> Value:
    """Names are not followed."""
    return cx.unknown("a name")


@rule("tensorflow.Tensor.numpy")
def numpy(cx: Context, self: Array) -> Value:
    """The same values as a NumPy array."""
    made = self.replace(kind="numpy", meta={})
    made.tainted = self.tainted
    return made


@rule("tensorflow.Tensor.set_shape")
def set_shape(cx: Context, self: Array, shape: Value) -> Value:
    """Says what the static shape is: cannot change the tensor here."""
    return Const(None)


@rule("tensorflow.Tensor.value", "tensorflow.Tensor.read_value", "tensorflow.Tensor.to_tensor")
def value_of(cx: Context, self: Array, *args: Value, **kwargs: Value) -> Value:
    """The tensor."""
    return self.replace(meta={}) if "variable" in self.meta else self


@rule("tensorflow.Tensor.assign", "tensorflow.Tensor.assign_add", "tensorflow.Tensor.assign_sub")
def assign(cx: Context, self: Array, value: Value, *args: Value, **kwargs: Value) -> Value:
    """A variable keeps its shape: another one is a ValueError."""
    other = as_tensor(cx, value, self.dtype)
    if "variable" in self.meta and other is not None and other.shape is not None and self.shape is not None:
        fits = len(other.shape) == len(self.shape) and all(
            undefined(a) or undefined(b) or cx.equal(a, b) for a, b in zip(other.shape, self.shape)
        )
        if not fits:
            from foreshape.faults.weights_shape import WeightsShape
            from foreshape.semantics.keras.base import dims_text

            message = (
                f"Cannot assign value to variable: Shape mismatch.The variable shape {dims_text(self.shape)}, and the "
                f"assigned value shape {dims_text(other.shape)} are incompatible."
            )
            raise WeightsShape(
                failed("ValueError", message), values=(value, self), layer="Variable", needs=self.shape, got=other.shape
            )
    return self


@rule("tensorflow.Tensor.__binary__")
def binary(cx: Context, self: Value, operator: Value, other: Value, reflected: Value) -> Value:
    """Broadcast element by element; ``@`` is a matrix product; ``==`` of shapes that do not fit raises, too."""
    word = as_str(operator)
    if word is None or word in ("in", "not in", "is", "is not"):
        return cx.unknown("a comparison")
    if isinstance(other, Unknown):
        return unknown_tensor(cx, self, other)
    if is_none(other):
        return Const(False) if word == "==" else Const(True) if word == "!=" else cx.unknown("an operation with None")
    if isinstance(other, Array) and other.kind == "keras":
        return cx.rule("keras.KerasTensor.__binary__", other, operator, self, Const(not as_bool(reflected)))
    if as_bool(reflected):
        return binary_core(cx, other, self, word)
    return binary_core(cx, self, other, word)


@rule("tensorflow.Tensor.__unary__")
def unary(cx: Context, self: Value, operator: Value) -> Value:
    """The same shape."""
    return unary_core(cx, self, "bool" if as_str(operator) == "not" else None)


@rule("tensorflow.Tensor.__len__")
def length(cx: Context, self: Array) -> Value:
    """The size of the first axis."""
    if self.shape is None:
        return cx.unknown("the rank is not known")
    if not self.shape:
        from foreshape.faults.python_error import PythonError

        raise PythonError(failed("TypeError", "Scalar tensor has no `len()`"), values=(self,), problem="a scalar has no len()")
    return int_value(self.shape[0])


@rule("tensorflow.Tensor.__iter__")
def iterate(cx: Context, self: Array) -> Value:
    """The tensors along the first axis."""
    if not self.shape:
        return cx.unknown("a tensor of unknown rank")
    part = tensor(self.shape[1:], self.dtype, self, lo=self.lo, hi=self.hi)
    size = self.shape[0]
    if isinstance(size, int) and size <= 64:
        return Sequence("list", Contents(part for _ in range(size)))
    return Sequence("list", Contents((Run(size, part),)))


@rule("tensorflow.Tensor.__bool__")
def truth(cx: Context, self: Array) -> Value:
    """Not known."""
    from foreshape.domain.values import Typed

    if self.data is not None and len(self.data) == 1 and isinstance(self.data[0], (bool, int, float)):
        return Const(bool(self.data[0]))
    return Typed("bool")


@rule("tensorflow.Tensor.__getitem__")
def getitem(cx: Context, self: Array, index: Value) -> Value:
    """Integers, slices, ``...``, new axes and scalar tensors."""
    return index_core(cx, self, index)


def index_core(cx: Context, self: Value, index: Value) -> Value:
    """``x[index]``."""
    x = as_tensor(cx, self)
    if x is None:
        return unknown_tensor(cx, self)
    given = list(index.contents.items(limit=64) or ()) if isinstance(index, Sequence) else [index]
    if x.shape is None:
        return tensor(None, x.dtype, x)
    items: list[object] = []
    for item in given:
        found = _item(cx, item)
        if found is None:
            return unknown_tensor(cx, self)
        items.append(found[0])
    used = sum(1 for item in items if item is not None and item is not Ellipsis)
    if used > len(x.shape):
        from foreshape.faults.too_many_indices import TooManyIndices

        message = f"Index out of range using input dim {len(x.shape)}; input has only {len(x.shape)} dims"
        raise TooManyIndices(raises(cx, message, x), values=(x,), given=used, shape=x.shape)
    fresh = [cx.fresh(lo=0) for _ in items]
    shape = _sliced(cx, x, items, fresh)
    if isinstance(shape, Value):
        return shape
    data = _picked(x, items)
    roles = _roles(x, items, shape)
    return tensor(shape, x.dtype, x, lo=x.lo, hi=x.hi, data=data, roles=roles)


def _sliced(cx: Context, x: Array, items: list[object], fresh: list[Dim]) -> Shape | Value:
    assert x.shape is not None
    made: list[DimLike] = []
    axis = 0
    used = sum(1 for item in items if item is not None and item is not Ellipsis)
    for item in items:
        if item is None:
            made.append(1)
        elif item is Ellipsis:
            skip = len(x.shape) - used
            made.extend(x.shape[axis : axis + skip])
            axis += skip
        elif isinstance(item, slice):
            made.append(_slice_size(cx, x.shape[axis], item, fresh))
            axis += 1
        elif isinstance(item, (int, Dim)):
            size = cx.resolve(x.shape[axis])
            if not undefined(size) and not (isinstance(item, Dim) and undefined(item)):
                found = index_shape((size,), (item,), cx.facts)
                if found is not None and found.failed is not None:
                    _out_of_range(cx, x, item, size, axis)
            axis += 1
        else:
            axis += 1
    return (*made, *x.shape[axis:])


def _slice_size(cx: Context, size: DimLike, item: slice, fresh: list[Dim]) -> DimLike:
    if item.start is None and item.stop is None and item.step in (None, 1, -1):
        return size
    if undefined(size):
        # None stays None, unless the ends say how many there are at most: even then Keras only knows None
        stop, start = item.stop, item.start or 0
        fixed = isinstance(stop, int) and isinstance(start, int) and (stop < 0) == (start < 0) and item.step in (None, 1)
        del fixed
        return cx.fresh(keras_none=True, lo=0)
    found = slice_length(cx.resolve(size), item.start, item.stop, item.step, cx.facts)
    return fresh.pop() if found is None else found


def _out_of_range(cx: Context, x: Array, item: DimLike, size: DimLike, axis: int) -> None:
    from foreshape.faults.index_range import IndexRange

    exception = "ValueError" if graph_mode(cx, x) else "InvalidArgumentError"
    message = f"slice index {item} of dimension {axis} out of bounds."
    raise IndexRange(failed(exception, message), values=(x,), taker="tensor", index=item, size=size, axis=axis)


def _item(cx: Context, value: Value) -> tuple[object] | None:
    if is_none(value):
        return (None,)
    if isinstance(value, Const) and value.value is Ellipsis:
        return (Ellipsis,)
    dim = as_dim(value)
    if dim is not None:
        return (dim,)
    if isinstance(value, SliceValue):
        ends: list[DimLike | None] = []
        for end in (value.start, value.stop, value.step):
            if is_none(end):
                ends.append(None)
                continue
            found = as_dim(end)
            if found is None and isinstance(end, Array) and end.data is not None and len(end.data) == 1:
                first = end.data[0]
                found = first if isinstance(first, (int, Dim)) else None
            if found is None:
                found = cx.fresh(lo=0)
            ends.append(found)
        if ends[2] is not None and not isinstance(ends[2], int):
            return None
        return (slice(*ends),)
    if isinstance(value, Array) and value.shape == ():
        return (cx.fresh(lo=0, keras_none=True),)
    return None


def _picked(x: Array, items: list[object]) -> tuple[object, ...] | None:
    """Elements of a small vector: ``tf.shape(x)[0]``."""
    if x.data is None or x.shape is None or len(x.shape) != 1 or len(items) != 1 or len(x.data) != x.shape[0]:
        return None
    item = items[0]
    if isinstance(item, int) and -len(x.data) <= item < len(x.data):
        return (x.data[item],)
    if isinstance(item, slice) and all(part is None or isinstance(part, int) for part in (item.start, item.stop, item.step)):
        return tuple(x.data[item])
    return None


def _roles(x: Array, items: list[object], shape: Shape) -> tuple[str | None, ...] | None:
    if x.roles is None or x.shape is None:
        return None
    made: list[str | None] = []
    axis = 0
    used = sum(1 for item in items if item is not None and item is not Ellipsis)
    for item in items:
        if item is None:
            made.append(None)
        elif item is Ellipsis:
            skip = len(x.shape) - used
            made.extend(x.roles[axis : axis + skip])
            axis += skip
        else:
            if isinstance(item, slice):
                made.append(x.roles[axis])
            axis += 1
    made.extend(x.roles[axis:])
    return tuple(made) if len(made) == len(shape) else None


@rule("tensorflow.TensorSpec.__init__")
def spec_init(
    cx: Context, self: Instance, shape: Value | None = None, dtype: Value | None = None, name: Value | None = None
) -> Value:
    """A shape and a dtype."""
    cx.set(self, "~shape", shape_argument(cx, shape) if shape is not None else ())
    cx.set(self, "dtype", dtype_value(dtype_of(dtype) or "float32"))
    return Const(None)


@attribute("tensorflow.TensorSpec.shape")
def spec_shape(cx: Context, self: Instance) -> Value:
    """The shape."""
    return shape_instance(self.fields.get("~shape"))


def positive(dim: DimLike) -> bool:
    """Whether a size is certainly at least 1."""
    low = lower(dim)
    return low is not None and low > 0
