"""``tf.RaggedTensor``: rows of different lengths, as far as shapes are known. Its fields: ``~shape`` (ragged axes
are None to
Keras), ``~dtype``, ``~ragged`` (how many ragged axes) and ``~lengths`` (those of the rows, where known)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import (
    Array,
    Const,
    Instance,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Value,
    as_bool,
    as_int,
    int_value,
)
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.tensorflow.convert import as_tensor
from foreshape.semantics.tensorflow.declare import op
from foreshape.semantics.tensorflow.support import (
    dtype_of,
    dtype_value,
    given,
    ints,
    open_size,
    shape_argument,
    tensor,
    unknown_tensor,
)
from foreshape.semantics.tensorflow.types import shape_instance

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

RAGGED = library_type("tensorflow.RaggedTensor")
library_type("tensorflow.SparseTensor")
library_type("tensorflow.RaggedTensorSpec")


def ragged(shape: Shape | None, dtype: str | None, lengths: tuple[int, ...] | None = None, axes: int = 1) -> Instance:
    """A ragged tensor."""
    fields: dict[Any, Any] = {"~shape": shape, "~dtype": dtype, "~lengths": lengths, "~ragged": axes}
    return Instance(LibraryRef(RAGGED), fields)


def is_ragged(value: Value | None) -> bool:
    """Whether it is a ragged tensor."""
    return isinstance(value, Instance) and value.library_type == RAGGED


def _lengths(value: Sequence) -> tuple[int, ...] | None:
    rows = value.contents.items(limit=256)
    if rows is None:
        return None
    found = [row.contents.length if isinstance(row, Sequence) else None for row in rows]
    return (
        tuple(size for size in found if isinstance(size, int)) if all(isinstance(size, int) for size in found) else None
    )


def _leaf_dtype(cx: Context, value: Value) -> tuple[str | None, int]:
    """The dtype of the numbers in nested lists, and how deep they are."""
    depth = 0
    while isinstance(value, Sequence):
        parts = value.contents.distinct()
        inner = next((part for part in parts if not (isinstance(part, Sequence) and not part.contents.segments)), None)
        depth += 1
        if inner is None:
            return "float32", depth
        value = inner
    x = as_tensor(cx, value)
    if x is None or x.shape is None:
        return None, depth
    return x.dtype, depth + len(x.shape)


@rule("tensorflow.ragged.constant")
def constant(
    cx: Context,
    pylist: Value,
    dtype: Value | None = None,
    ragged_rank: Value | None = None,
    inner_shape: Value | None = None,
    name: Value | None = None,
    row_splits_dtype: Value | None = None,
) -> Value:
    """Nested lists whose rows differ."""
    if not isinstance(pylist, Sequence) or given(inner_shape) or given(ragged_rank):
        return cx.unknown("a ragged tensor")
    kind, depth = _leaf_dtype(cx, pylist)
    rows: DimLike = cx.resolve(pylist.contents.length)
    if depth < 2:
        return tensor((rows,), dtype_of(dtype) or kind)
    return ragged(
        (rows, *[cx.fresh(lo=0, keras_none=True) for _ in range(depth - 1)]),
        dtype_of(dtype) or kind,
        _lengths(pylist),
        depth - 1,
    )


@rule("tensorflow.ragged.stack")
def stack(cx: Context, values: Value, axis: Value | None = None, name: Value | None = None) -> Value:
    """Tensors of one rank as rows."""
    from foreshape.semantics.tensorflow.joining import parts_of

    parts = parts_of(cx, values)
    arrays = None if parts is None else [as_tensor(cx, part) for part in parts]
    if (
        not arrays
        or any(array is None or array.shape is None for array in arrays)
        or (given(axis) and as_int(axis) != 0)
    ):
        return cx.unknown("a ragged tensor")
    known = [array for array in arrays if array is not None]
    first = known[0]
    rest = [cx.fresh(lo=0, keras_none=True) for _ in first.shape or ()]
    sizes = tuple(array.shape[0] for array in known if array.shape and isinstance(array.shape[0], int))
    return ragged((len(known), *rest), first.dtype, sizes if len(sizes) == len(known) else None, max(len(rest), 1))


@rule(
    "tensorflow.RaggedTensor.from_row_splits",
    "tensorflow.RaggedTensor.from_row_lengths",
    "tensorflow.RaggedTensor.from_row_starts",
    "tensorflow.RaggedTensor.from_row_limits",
    "tensorflow.RaggedTensor.from_value_rowids",
)
def from_rows(cx: Context, values: Value, row_splits: Value | None = None, **kwargs: Value) -> Value:
    """Values and where the rows begin."""
    x = as_tensor(cx, values)
    if x is None or not x.shape:
        return cx.unknown("a ragged tensor")
    return ragged((open_size(cx), cx.fresh(lo=0, keras_none=True), *x.shape[1:]), x.dtype)


@rule("tensorflow.RaggedTensor.from_tensor")
def from_tensor(
    cx: Context,
    tensor: Value,
    lengths: Value | None = None,
    padding: Value | None = None,
    *args: Value,
    **kwargs: Value,
) -> Value:
    """A tensor whose second axis may now differ."""
    x = as_tensor(cx, tensor)
    if x is None or x.shape is None or len(x.shape) < 2:
        return cx.unknown("a ragged tensor")
    return ragged((x.shape[0], cx.fresh(lo=0, keras_none=True), *x.shape[2:]), x.dtype)


def _shape(self: Instance) -> Shape | None:
    found: Shape | None = self.fields.get("~shape")
    return found


@rule("tensorflow.RaggedTensor.to_tensor")
def to_tensor(
    cx: Context,
    self: Instance,
    default_value: Value | None = None,
    name: Value | None = None,
    shape: Value | None = None,
) -> Value:
    """Rows padded to the longest."""
    dims, dtype = _shape(self), self.fields.get("~dtype")
    if dims is None:
        return Array("tensorflow", None, dtype)
    wanted = shape_argument(cx, shape) if given(shape) else None
    lengths = self.fields.get("~lengths")
    made: list[DimLike] = []
    for axis, dim in enumerate(dims):
        if wanted is not None and axis < len(wanted) and not undefined(wanted[axis]):
            made.append(wanted[axis])
        elif not undefined(dim):
            made.append(dim)
        elif axis == 1 and lengths:
            made.append(max(lengths))
        else:
            made.append(open_size(cx))
    return tensor(tuple(made), dtype)


@attribute("tensorflow.RaggedTensor.shape")
def shape_attribute(cx: Context, self: Instance) -> Value:
    """With None for ragged axes."""
    return shape_instance(_shape(self))


@rule("tensorflow.RaggedTensor.get_shape")
def get_shape(cx: Context, self: Instance) -> Value:
    """With None for ragged axes."""
    return shape_instance(_shape(self))


@attribute("tensorflow.RaggedTensor.dtype")
def dtype_attribute(cx: Context, self: Instance) -> Value:
    """The dtype of the values."""
    return dtype_value(self.fields.get("~dtype"))


@attribute("tensorflow.RaggedTensor.values", "tensorflow.RaggedTensor.flat_values")
def values(cx: Context, self: Instance) -> Value:
    """All rows one after the other."""
    dims, lengths = _shape(self), self.fields.get("~lengths")
    if dims is None or self.fields.get("~ragged") != 1:
        return cx.unknown("the values of a ragged tensor")
    count: DimLike = sum(lengths) if lengths else open_size(cx)
    return tensor((count, *dims[2:]), self.fields.get("~dtype"))


@attribute("tensorflow.RaggedTensor.row_splits")
def row_splits(cx: Context, self: Instance) -> Value:
    """Where the rows begin, and the end."""
    dims = _shape(self)
    return cx.unknown("a ragged tensor") if not dims else tensor((dims[0] + 1,), "int64", lo=0)


@attribute("tensorflow.RaggedTensor.ragged_rank")
def ragged_rank(cx: Context, self: Instance) -> Value:
    """How many ragged axes."""
    return int_value(self.fields.get("~ragged", 1))


@rule("tensorflow.RaggedTensor.row_lengths")
def row_lengths(cx: Context, self: Instance, axis: Value | None = None, name: Value | None = None) -> Value:
    """The lengths of the rows."""
    dims, lengths = _shape(self), self.fields.get("~lengths")
    return cx.unknown("a ragged tensor") if not dims else tensor((dims[0],), "int64", lo=0, data=lengths)


@rule("tensorflow.RaggedTensor.nrows")
def nrows(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """How many rows."""
    return tensor((), "int64", lo=0)


@rule("tensorflow.RaggedTensor.bounding_shape")
def bounding_shape(cx: Context, self: Instance, axis: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """The shape that ``to_tensor`` has."""
    dims = _shape(self)
    if dims is None:
        return cx.unknown("a ragged tensor")
    return tensor((), "int64") if given(axis) else tensor((len(dims),), "int64")


@rule("tensorflow.RaggedTensor.to_list", "tensorflow.RaggedTensor.numpy")
def to_list(cx: Context, self: Instance) -> Value:
    """Lists."""
    return cx.unknown("the rows of a ragged tensor")


@rule("tensorflow.RaggedTensor.__len__")
def length(cx: Context, self: Instance) -> Value:
    """How many rows."""
    dims = _shape(self)
    return cx.unknown("a ragged tensor") if not dims else int_value(dims[0])


@rule("tensorflow.RaggedTensor.__getitem__")
def getitem(cx: Context, self: Instance, index: Value) -> Value:
    """A row is a tensor."""
    dims, place, lengths = _shape(self), as_int(index), self.fields.get("~lengths")
    if dims is None or place is None or self.fields.get("~ragged") != 1 or isinstance(index, Sequence):
        return cx.unknown("a part of a ragged tensor")
    known = lengths[place] if lengths and -len(lengths) <= place < len(lengths) else open_size(cx)
    return tensor((known, *dims[2:]), self.fields.get("~dtype"))


@rule("tensorflow.RaggedTensor.__iter__")
def iterate(cx: Context, self: Instance) -> Value:
    """The rows."""
    from foreshape.domain.contents import Contents, Run

    dims = _shape(self)
    if not dims or self.fields.get("~ragged") != 1:
        return cx.unknown("the rows of a ragged tensor")
    row = tensor((cx.fresh(lo=0, varying=True), *dims[2:]), self.fields.get("~dtype"))
    return Sequence("list", Contents((Run(dims[0], row),)))


@rule("tensorflow.RaggedTensor.__binary__")
def binary(cx: Context, self: Instance, operator: Value, other: Value, reflected: Value) -> Value:
    """With a number: the same rows."""
    comparison = isinstance(operator, Const) and operator.value in ("<", "<=", ">", ">=", "==", "!=")
    scalar = isinstance(other, (Const, Typed)) or (isinstance(other, Array) and other.shape == ())
    if not scalar or as_bool(reflected) is None:
        return cx.unknown("an operation on ragged tensors")
    return ragged(
        _shape(self),
        "bool" if comparison else self.fields.get("~dtype"),
        self.fields.get("~lengths"),
        self.fields.get("~ragged", 1),
    )


# -- what gives ragged tensors ---------------------------------------------------------------------------------------


@op("tensorflow.strings.split")
def split(
    cx: Context,
    input: Value | None = None,
    sep: Value | None = None,
    maxsplit: Value | None = None,
    name: Value | None = None,
    **kwargs: Value,
) -> Value:
    """Of one text a vector, of several ragged rows."""
    if input is None or kwargs:
        return cx.unknown("texts split as TensorFlow 1 does")
    x = as_tensor(cx, input)
    if x is None or x.shape is None:
        return unknown_tensor(cx, input)
    if not x.shape:
        return tensor((open_size(cx),), "string", x)
    return ragged((*x.shape, cx.fresh(lo=0, keras_none=True)), "string", None, len(x.shape))


@op("tensorflow.strings.bytes_split", "tensorflow.strings.unicode_split", "tensorflow.strings.unicode_decode")
def bytes_split(cx: Context, input: Value, *args: Value, **kwargs: Value) -> Value:
    """Letters."""
    return split(cx, input)


def reduced(cx: Context, self: Instance, axis: Value | None) -> Value:
    """``tf.reduce_*`` of a ragged tensor."""
    dims, places = _shape(self), ints(cx, axis) if given(axis) else ()
    if dims is None or places is None or self.fields.get("~ragged") != 1 or len(dims) != 2 or len(places) > 1:
        return cx.unknown("a reduction of a ragged tensor")
    if not places:
        return tensor((), self.fields.get("~dtype"))
    lengths = self.fields.get("~lengths")
    longest: DimLike = max(lengths) if lengths else open_size(cx)
    return tensor((dims[0],) if places[0] in (1, -1) else (longest,), self.fields.get("~dtype"))


def concatenated(cx: Context, parts: list[Instance], axis: int | None) -> Value:
    """``tf.concat`` of ragged tensors."""
    shapes = [_shape(part) for part in parts]
    if axis is None or any(shape is None for shape in shapes):
        return cx.unknown("ragged tensors joined")
    first = shapes[0] or ()
    at = axis % len(first) if first else 0
    if at == 0:
        rows: DimLike = 0
        for shape in shapes:
            rows = rows + (shape or (0,))[0]
        made: Shape = (rows, *first[1:])
    else:
        made = first
    return ragged(made, parts[0].fields.get("~dtype"), None, parts[0].fields.get("~ragged", 1))


# -- sparse ----------------------------------------------------------------------------------------------------------


def sparse(shape: Shape | None, dtype: str | None) -> Instance:
    """A sparse tensor."""
    return Instance(LibraryRef("tensorflow.SparseTensor"), {"~shape": shape, "~dtype": dtype})


@rule("tensorflow.sparse.from_dense")
def from_dense(cx: Context, tensor: Value, name: Value | None = None) -> Value:
    """The same shape."""
    x = as_tensor(cx, tensor)
    return cx.unknown("a sparse tensor") if x is None else sparse(x.shape, x.dtype)


@rule("tensorflow.sparse.SparseTensor", "tensorflow.SparseTensor")
def sparse_tensor(cx: Context, indices: Value, values: Value, dense_shape: Value) -> Value:
    """Positions and values."""
    x = as_tensor(cx, values)
    return sparse(shape_argument(cx, dense_shape), None if x is None else x.dtype)


@rule("tensorflow.sparse.to_dense")
def to_dense(cx: Context, sp_input: Value, default_value: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """A tensor of the same shape."""
    if isinstance(sp_input, Instance) and "~shape" in sp_input.fields:
        return Array("tensorflow", sp_input.fields["~shape"], sp_input.fields.get("~dtype"))
    return cx.unknown("a sparse tensor")


@attribute("tensorflow.SparseTensor.dense_shape")
def dense_shape(cx: Context, self: Instance) -> Value:
    """The sizes as a tensor, int64."""
    dims: Shape | None = self.fields.get("~shape")
    return cx.unknown("a sparse tensor") if dims is None else tensor((len(dims),), "int64", data=dims)


@attribute("tensorflow.SparseTensor.values")
def sparse_values(cx: Context, self: Instance) -> Value:
    """The values that are not zero."""
    return tensor((open_size(cx),), self.fields.get("~dtype"))


@attribute("tensorflow.SparseTensor.shape")
def sparse_shape(cx: Context, self: Instance) -> Value:
    """The shape."""
    return shape_instance(self.fields.get("~shape"))
