"""``tf.TensorShape``, ``tf.DType`` and ``tf.TensorSpec`` as the program sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike, product
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    SliceValue,
    Value,
    as_bool,
    as_int,
    as_str,
    int_value,
    is_none,
)
from foreshape.semantics.registry import attribute, constant, library_type, rule
from foreshape.semantics.tensorflow.support import DTYPES, dtype_of, dtype_value, failed, shape_argument

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("tensorflow.TensorShape")
library_type("tensorflow.DType")
library_type("tensorflow.TensorSpec")

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


# -- TensorShape -----------------------------------------------------------------------------------------------------


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
                failed("IndexError", "tuple index out of range"),
                values=(self,),
                taker="shape",
                index=place,
                size=len(dims),
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
    return cx.unknown("the rank is not known") if dims is None else Const(len(dims))


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


# -- TensorSpec ------------------------------------------------------------------------------------------------------


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
