"""Batches and windows of a ``tf.data.Dataset``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from foreshape.domain.dim import DimLike, as_var, ceildiv, floordiv
from foreshape.domain.dim import is_none as undefined
from foreshape.domain.values import Array, Const, DictValue, Instance, Sequence, Value, as_bool, as_dim, as_int
from foreshape.semantics.registry import rule
from foreshape.semantics.shared.structure import as_tuple, children, flatten, mapped
from foreshape.semantics.tensorflow.data import changed, dataset, element_of
from foreshape.semantics.tensorflow.support import failed, given, invalid, shape_argument, tensor, tuple_text

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def _positive(cx: Context, self: Instance, value: Value, name: str) -> DimLike | None:
    """A size that is an int above 0."""
    if isinstance(value, Const) and isinstance(value.value, float):
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        message = f"Cannot convert {value.value} to EagerTensor of dtype int64"
        raise DtypeMismatch(failed("TypeError", message), values=(value,), taker=name, got=("float",), wanted="int64")
    size = as_dim(value)
    if isinstance(size, int) and size <= 0:
        message = "Batch size must be greater than zero."
        raise invalid(failed("InvalidArgumentError", message), name, size, self)
    return None if size is None else cx.resolve(size)


@rule("tensorflow.data.Dataset.batch")
def batch(
    cx: Context,
    self: Instance,
    batch_size: Value,
    drop_remainder: Value | None = None,
    num_parallel_calls: Value | None = None,
    deterministic: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Elements stacked; the last batch is shorter unless it is dropped."""
    return _batched(cx, self, batch_size, drop_remainder, lambda leaf, size: _stacked(cx, leaf, size), pads=False)


@rule("tensorflow.data.Dataset.padded_batch")
def padded_batch(
    cx: Context,
    self: Instance,
    batch_size: Value,
    padded_shapes: Value | None = None,
    padding_values: Value | None = None,
    drop_remainder: Value | None = None,
    name: Value | None = None,
) -> Value:
    """As ``batch``, shorter elements padded: axes without a size become None."""
    element = element_of(self)
    if element is not None and given(padded_shapes):
        padded(cx, element, 1, padded_shapes)

    def one(whole: Value, size: DimLike) -> Value:
        return padded(cx, whole, size, padded_shapes)

    return _batched(cx, self, batch_size, drop_remainder, one, pads=True, whole=True)


@rule("tensorflow.data.Dataset.ragged_batch")
def ragged_batch(
    cx: Context, self: Instance, batch_size: Value, drop_remainder: Value | None = None, *args: Value, **kwargs: Value
) -> Value:
    """Scalars are stacked; longer elements become ragged tensors, which are not followed."""
    element = element_of(self)
    if isinstance(element, Array) and element.shape == ():
        return batch(cx, self, batch_size, drop_remainder)
    return dataset(None)


def _ends_mixed(self: Instance, size: DimLike | None) -> bool:
    """Whether windows of different lengths at the end certainly come into one batch."""
    tails = self.fields.get("~tails")
    if (
        not self.fields.get("~varies")
        or "~window" in self.fields
        or tails is None
        or not isinstance(size, int)
        or size < 2
    ):
        return False
    full, shorter = tails
    return bool(shorter > 1 or (shorter == 1 and isinstance(full, int) and full % size != 0))


def _batched(
    cx: Context,
    self: Instance,
    batch_size: Value,
    drop_remainder: Value | None,
    stack: Any,
    pads: bool,
    whole: bool = False,
) -> Value:
    element = element_of(self)
    size = _positive(cx, self, batch_size, "batch_size")
    drop = False if drop_remainder is None else as_bool(drop_remainder)
    count: DimLike | None = self.fields.get("~count")
    if count is not None:
        count = cx.resolve(count)
    if drop is None:
        return dataset(None)
    fixed = dict(self.fields.get("~fixed", ()))
    inner: tuple[DimLike, ...] = self.fields.get("~sizes", ())
    variable = self.fields.get("~batch")
    if variable is not None and len(inner) == 1:
        fixed[variable] = inner[0]
    differs = variable is not None and len(inner) > 1 and not pads

    def made_of(dim: DimLike) -> Value | None:
        if element is None:
            return None
        return stack(element, dim) if whole else mapped(lambda leaf: stack(leaf, dim), element)

    uneven = None if pads or not isinstance(size, int) or size < 2 else self.fields.get("~uneven")
    if drop and size is not None:
        full = None if count is None else floordiv(count, size)
        samples = None if full is None else full * size
        return changed(
            self,
            **{
                "~element": made_of(size),
                "~count": full,
                "~batch": None,
                "~sizes": (size,),
                "~samples": samples,
                "~fixed": tuple(fixed.items()),
                "~times": 1,
                "~unequal": uneven or self.fields.get("~unequal"),
            },
        )
    fresh = cx.fresh("batch", keras_none=True, varying=True)
    sizes: tuple[DimLike, ...] = ()
    batches: DimLike | None = None
    if count is not None and size is not None:
        batches = ceildiv(count, size)
        if isinstance(count, int) and isinstance(size, int):
            many, rest = divmod(count, size)
            sizes = ((size,) if many else ()) + ((rest,) if rest else ())
    elif size is not None and self.fields.get("~length") == "infinite":
        sizes = (size,)
    unequal = (_ends_mixed(self, size) and not pads) or (differs and size != 1)
    if uneven:
        unequal = uneven
    return changed(
        self,
        **{
            "~element": made_of(fresh),
            "~count": batches,
            "~batch": as_var(fresh),
            "~sizes": sizes,
            "~samples": count,
            "~unequal": unequal,
            "~fixed": tuple(fixed.items()),
            "~times": 1,
        },
    )


def _stacked(cx: Context, leaf: Value, size: DimLike, shape: Any = None) -> Value:
    if not isinstance(leaf, Array):
        return cx.unknown("elements of a dataset that are not tensors")
    inner = leaf.shape if shape is None else shape
    if inner is None:
        return tensor(None, leaf.dtype, leaf)
    roles = leaf.roles if leaf.roles is not None and len(leaf.roles) == len(inner) else (None,) * len(inner)
    meta = {"loose": True} if leaf.meta.get("loose") else {}
    made = tensor((size, *inner), leaf.dtype, leaf, lo=leaf.lo, hi=leaf.hi, roles=("batch", *roles), meta=meta)
    made.origin = leaf.origin
    return made


def padded(cx: Context, element: Value, size: DimLike, shapes: Value | None) -> Value:
    if isinstance(element, Sequence):
        parts = children(element)
        wanted = shapes.contents.items(limit=64) if isinstance(shapes, Sequence) else None
        if wanted is not None and len(wanted) != len(parts):
            wanted = None
        return as_tuple(
            [padded(cx, part, size, wanted[i] if wanted is not None else None) for i, part in enumerate(parts)]
        )
    if isinstance(element, DictValue):
        inner = shapes.entries if isinstance(shapes, DictValue) else {}
        return DictValue({key: padded(cx, part, size, inner.get(key)) for key, part in element.entries.items()})
    if not isinstance(element, Array) or element.shape is None:
        return cx.unknown("elements of a dataset that are not known")
    if not given(shapes):
        shape = tuple(cx.fresh(keras_none=True) if undefined(dim) else dim for dim in element.shape)
        return _stacked(cx, element, size, shape)
    asked = shape_argument(cx, shapes)
    if asked is None:
        return tensor(None, element.dtype, element)
    asked = tuple(cx.fresh(keras_none=True) if isinstance(dim, int) and dim == -1 else dim for dim in asked)
    if len(asked) != len(element.shape):
        message = (
            f"The padded shape {tuple_text(asked)} is not compatible with the shape {tuple_text(element.shape)} of the "
            "corresponding input component."
        )
        raise invalid(failed("ValueError", message), "padded_shapes", tuple_text(asked), element)
    return _stacked(cx, element, size, asked)


@rule("tensorflow.data.Dataset.unbatch")
def unbatch(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """Elements without their first axis."""
    element = element_of(self)
    if element is None:
        return dataset(None)
    leaves = [leaf for leaf in flatten(element) if isinstance(leaf, Array)]
    if any(leaf.shape == () for leaf in leaves):
        message = "Cannot unbatch an input with scalar components."
        raise invalid(failed("ValueError", message), "dataset", "scalars", self)

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array) and leaf.shape:
            roles = None if leaf.roles is None else leaf.roles[1:]
            return tensor(leaf.shape[1:], leaf.dtype, leaf, lo=leaf.lo, hi=leaf.hi, roles=roles)
        return cx.unknown("not a batch")

    count: DimLike | None = self.fields.get("~count")
    first = leaves[0].shape[0] if leaves and leaves[0].shape else None
    static = first is not None and not undefined(first)
    samples = self.fields.get("~samples")
    if static and count is not None and first is not None:
        samples = count * first
    kind = self.fields.get("~length") or (None if static else "unknown")
    return dataset(
        mapped(one, element),
        **{"~count": samples, "~samples": samples, "~length": kind, "~fixed": self.fields.get("~fixed", ())},
    )


@rule("tensorflow.data.Dataset.rebatch")
def rebatch(
    cx: Context, self: Instance, batch_size: Value, drop_remainder: Value | None = None, name: Value | None = None
) -> Value:
    """Batches of another size."""
    element = element_of(self)
    if any(isinstance(leaf, Array) and leaf.shape == () for leaf in flatten(element)):
        message = "Invalid `batch_sizes`. Expected dataset with rank of >= 1 but found a dataset with scalar elements."
        raise invalid(failed("ValueError", message), "dataset", "scalars", self)
    rows = unbatch(cx, self)
    return batch(cx, rows, batch_size, drop_remainder) if isinstance(rows, Instance) else dataset(None)


def _tails(
    count: DimLike | None, width: DimLike, step: DimLike | None, gap: int | None
) -> tuple[int | None, int] | None:
    """How many windows are full, None where that is not known, and how many shorter ones follow; None where the latter are
    not known."""
    if not isinstance(width, int) or not isinstance(step, int) or gap is None:
        return None
    span = (width - 1) * gap + 1
    if isinstance(count, int):
        full = max((count - span) // step + 1, 0)
        return full, -(-count // step) - full
    return (None, span - 1) if step == 1 and gap == 1 else None


@rule("tensorflow.data.Dataset.window")
def window(
    cx: Context,
    self: Instance,
    size: Value,
    shift: Value | None = None,
    stride: Value | None = None,
    drop_remainder: Value | None = None,
    name: Value | None = None,
) -> Value:
    """Datasets of neighbouring elements."""
    element = element_of(self)
    width = as_dim(size)
    step = width if not given(shift) else as_dim(shift)
    gap = 1 if not given(stride) else as_int(stride)
    drop = False if drop_remainder is None else as_bool(drop_remainder)
    count: DimLike | None = self.fields.get("~count")
    if element is None or width is None:
        return dataset(None)
    inner_count: DimLike | None = width if drop else None
    varies = drop is False
    even = isinstance(count, int) and isinstance(width, int) and step == width and gap == 1 and count % width == 0
    if drop is False and even:
        # consecutive windows that divide the elements evenly are all full
        inner_count, varies = width, False

    tails = _tails(count, width, step, gap) if varies else None

    def one(leaf: Value) -> Value:
        return dataset(
            leaf,
            **{
                "~tails": tails,
                "~count": inner_count,
                "~samples": inner_count,
                "~window": width,
                "~varies": varies,
                "~fixed": self.fields.get("~fixed", ()),
            },
        )

    windows: DimLike | None = None
    if count is not None and step is not None and gap is not None:
        count = cx.resolve(count)
        span = (width - 1) * gap + 1
        windows = floordiv(count - span, step) + 1 if drop else ceildiv(count, step)
        if isinstance(windows, int):
            windows = max(windows, 0)
    return dataset(
        mapped(one, element), **{"~count": windows, "~samples": windows, "~length": self.fields.get("~length")}
    )
