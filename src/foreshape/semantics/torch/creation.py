"""Tensors that are made: of Python values and arrays, filled, counted, like another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.compare import ge
from foreshape.domain.dim import Dim, DimLike, ceildiv, dmax
from foreshape.domain.values import (
    Array,
    Bound,
    Const,
    Int,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_dim,
)
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.convert import converted, from_array
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.support import (
    CPU,
    check_devices,
    default_dtype,
    device_name,
    device_of,
    dtype_argument,
    dtype_of,
    error,
    flag,
    given,
    invalid,
    is_complex,
    is_floating,
    is_integral,
    items_of,
    must_be,
    open_dtype,
    open_item,
    python_type,
    result_dtype,
    shown,
    size_of,
    surely_no_tensor,
    tensor,
    unknown_tensor,
    varargs,
    weak_dtype,
    wrong_rank,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

FACTORY: Final = "dtype layout device requires_grad pin_memory out names memory_format generator"


def size_argument(cx: Context, taker: str, value: Value | None) -> Shape | None:
    """A ``size``: ints, a list or tuple of them. TypeError for what is no int, RuntimeError for a negative one."""
    if value is None:
        return None
    one = size_of(cx, value)
    items = (value,) if one is not None else items_of(value)
    if items is None:
        if isinstance(value, (Const, Typed)) and not isinstance(value, Unknown):
            message = f"{taker}(): argument 'size' (position 1) must be tuple of ints, not {python_type(value)}"
            raise invalid(cx, "TypeError", message, "size", cx.text(value))
        return None
    made: list[DimLike] = []
    for place, item in enumerate(items):
        if weak_dtype(item) in ("weak float", "weak complex") or (isinstance(item, Const) and not _int_like(item)):
            message = (
                f"{taker}(): argument 'size' (position 1) must be tuple of ints, but found element of type "
                f"{python_type(item)} at pos {place}"
            )
            raise invalid(cx, "TypeError", message, "size", cx.text(item))
        made.append(open_item(cx, item))
    for size in made:
        if isinstance(size, int) and size < 0:
            message = f"Trying to create tensor with negative dimension {size}: {shown(made)}"
            raise invalid(cx, "RuntimeError", message, "size", size)
    return tuple(made)


def _int_like(item: Const) -> bool:
    return isinstance(item.value, int)


def made(
    cx: Context,
    taker: str,
    shape: Shape | None,
    dtype: str | None,
    *,
    device: Value | str | None = None,
    requires_grad: Value | None = None,
    lo: Bound = None,
    hi: Bound = None,
    data: tuple[Any, ...] | None = None,
    like: Array | None = None,
) -> Array:
    """A new tensor. RuntimeError for integers that should require gradients."""
    where: str | None
    if isinstance(device, Value):
        where = device_name(device)
    else:
        where = device
    if where is None:
        where = device_of(like) if like is not None else cx.state("torch").fields.get("default_device") or CPU
    meta: dict[str, Any] = {}
    wants = flag(requires_grad)
    found = tensor(cx, shape, dtype, lo=lo, hi=hi, data=data, device=where)
    if wants:
        if is_integral(dtype):
            message = "Only Tensors of floating point and complex dtype can require gradients"
            raise invalid(cx, "RuntimeError", message, "requires_grad", "True", recover=found)
        meta = {**found.meta, "requires_grad": True}
        found = found.replace(meta=meta, data=data if data is not None else found.data)
    if like is not None:
        found.tainted = found.tainted or like.tainted
    return found


def _filled(name: str, lo: Bound, hi: Bound) -> None:
    @op(name, method=False)
    def run(
        cx: Context, *args: Value, size: Value | None = None, out: Value | None = None, dtype: Value | None = None,
        layout: Value | None = None, device: Value | None = None, requires_grad: Value | None = None,
        pin_memory: Value | None = None, names: Value | None = None, memory_format: Value | None = None,
    ) -> Value:  # fmt: skip
        """A tensor of these sizes, of the default float unless a dtype is given."""
        wanted = dtype_argument(cx, dtype, default_dtype(cx), name)
        shape = size_argument(cx, name, varargs(args, size))
        least, most = (0, 1) if lo == 1 and wanted == "bool" else (lo, hi)
        return made(cx, name, shape, wanted, device=device, requires_grad=requires_grad, lo=least, hi=most)

    @op(f"{name}_like", method=False)
    def like(
        cx: Context, input: Array, *, dtype: Value | None = None, layout: Value | None = None,
        device: Value | None = None, requires_grad: Value | None = None, memory_format: Value | None = None,
        pin_memory: Value | None = None,
    ) -> Value:  # fmt: skip
        """A tensor of the shape, dtype and device of another one."""
        wanted = dtype_argument(cx, dtype, input.dtype, f"{name}_like")
        found = made(
            cx, name, input.shape, wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi, like=input
        )
        return with_strides_of(found, input)

    @op(f"new_{name}", function=False)
    def new(
        cx: Context, input: Array, *args: Value, size: Value | None = None, dtype: Value | None = None,
        device: Value | None = None, requires_grad: Value | None = None, layout: Value | None = None,
        pin_memory: Value | None = None,
    ) -> Value:  # fmt: skip
        """A tensor of these sizes, of the dtype and device of another one."""
        wanted = dtype_argument(cx, dtype, input.dtype, f"new_{name}")
        shape = size_argument(cx, f"new_{name}", varargs(args, size))
        return made(cx, name, shape, wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi, like=input)


def with_strides_of(found: Array, like: Array) -> Array:
    """``preserve_format``: as dense as the other, in the same order of axes."""
    from foreshape.semantics.torch.strides import is_permuted_dense

    if "strides" not in like.meta:
        return found
    strides = like.meta["strides"] if is_permuted_dense(like) else None
    return found.replace(meta={**found.meta, "strides": strides}, lo=found.lo, hi=found.hi)


for _name, _lo, _hi in (("zeros", 0, 0), ("ones", 1, 1), ("empty", None, None)):
    _filled(_name, _lo, _hi)


def _fill_bounds(value: Value | None) -> tuple[Bound, Bound]:
    if isinstance(value, Const) and isinstance(value.value, (bool, int, float)) and value.value == value.value:
        number = int(value.value) if isinstance(value.value, bool) else value.value
        return number, number
    if isinstance(value, Int):
        return value.dim, value.dim
    if isinstance(value, (Typed, Array)):
        return value.lo, value.hi
    return None, None


def fill_dtype(cx: Context, value: Value | None) -> str | None:
    """The dtype that ``torch.full`` infers."""
    if isinstance(value, Array):
        return value.dtype
    weak = weak_dtype(value)
    if weak is None:
        return None
    from foreshape.domain.dtype import default_torch

    return default_torch(weak, default_dtype(cx))


@op("full", method=False)
def full(
    cx: Context, size: Value, fill_value: Value, *, out: Value | None = None, dtype: Value | None = None,
    layout: Value | None = None, device: Value | None = None, requires_grad: Value | None = None,
    pin_memory: Value | None = None, names: Value | None = None,
) -> Value:  # fmt: skip
    """The dtype is that of the value: int64, the default float, bool."""
    wanted = dtype_argument(cx, dtype, fill_dtype(cx, fill_value), "full")
    if size_of(cx, size) is not None:
        raise must_be(cx, "full", "size", 1, "tuple of ints", size)
    shape = size_argument(cx, "full", size)
    lo, hi = _fill_bounds(fill_value)
    return made(cx, "full", shape, wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi)


@op("full_like", method=False)
def full_like(
    cx: Context, input: Array, fill_value: Value, *, dtype: Value | None = None, layout: Value | None = None,
    device: Value | None = None, requires_grad: Value | None = None, memory_format: Value | None = None,
    pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """The shape, dtype and device of another one."""
    wanted = dtype_argument(cx, dtype, input.dtype, "full_like")
    lo, hi = _fill_bounds(fill_value) if wanted == fill_dtype(cx, fill_value) else (None, None)
    found = made(
        cx, "full_like", input.shape, wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi, like=input
    )
    return with_strides_of(found, input)


@op("new_full", function=False)
def new_full(
    cx: Context, input: Array, size: Value, fill_value: Value, *, dtype: Value | None = None,
    device: Value | None = None, requires_grad: Value | None = None, layout: Value | None = None,
    pin_memory: Value | None = None, names: Value | None = None,
) -> Value:  # fmt: skip
    """Of the dtype and device of another one."""
    wanted = dtype_argument(cx, dtype, input.dtype, "new_full")
    shape = size_argument(cx, "new_full", size)
    lo, hi = _fill_bounds(fill_value)
    return made(cx, "new_full", shape, wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi, like=input)


# -- of Python values and arrays ---------------------------------------------------------------------------------------


@rule("torch.tensor", doc="https://docs.pytorch.org/docs/stable/generated/torch.tensor.html")
def tensor_rule(
    cx: Context, data: Value, *, dtype: Value | None = None, device: Value | None = None,
    requires_grad: Value | None = None, pin_memory: Value | None = None, names: Value | None = None,
) -> Value:  # fmt: skip
    """A copy. ValueError for lists of unequal lengths and for tensors of several elements in a list, TypeError for
    text, RuntimeError for None and other objects."""
    wanted = dtype_argument(cx, dtype, None, "tensor")
    x = converted(cx, data, wanted, "tensor")
    if x is None:
        return _like_unknown(cx, data, dtype, wanted)
    where: Value | str | None = device
    if not given(device) and isinstance(data, Array) and data.kind == "torch":
        where = device_of(data)
    found_dtype = None if open_dtype(dtype) else wanted or x.dtype
    found = made(
        cx, "tensor", x.shape, found_dtype, device=where, requires_grad=requires_grad, lo=x.lo, hi=x.hi, data=x.data
    )
    if x.roles is not None:
        found = found.replace(roles=x.roles)
    found.tainted = found.tainted or x.tainted or data.tainted
    return found


def _like_unknown(cx: Context, data: Value, dtype: Value | None, wanted: str | None) -> Value:
    """Data that nothing is known about still gives a tensor; only its dtype may be known."""
    if isinstance(data, Unknown) and wanted is not None:
        found = tensor(cx, None, wanted)
        found.tainted = data.tainted
        return found
    return unknown_tensor(cx, data)


@rule("torch.as_tensor", "torch.asarray")
def as_tensor_rule(
    cx: Context, data: Value, dtype: Value | None = None, device: Value | None = None, *,
    copy: Value | None = None, requires_grad: Value | None = None,
) -> Value:  # fmt: skip
    """As ``torch.tensor``, but a tensor that fits is returned itself."""
    wanted = dtype_argument(cx, dtype, None, "as_tensor")
    if isinstance(data, Array) and data.kind == "torch":
        if (wanted in (None, data.dtype)) and not open_dtype(dtype) and not given(device):
            return data
        return cx.rule("torch.Tensor.to", data, **{k: v for k, v in (("dtype", dtype), ("device", device)) if v})
    return tensor_rule(cx, data, dtype=dtype, device=device, requires_grad=requires_grad)


@rule("torch.from_numpy", doc="https://docs.pytorch.org/docs/stable/generated/torch.from_numpy.html")
def from_numpy(cx: Context, ndarray: Value, /) -> Value:
    """The same memory and dtype. TypeError for what is no array, and for dtypes that PyTorch does not have."""
    if isinstance(ndarray, Array) and ndarray.kind == "numpy":
        return from_array(cx, ndarray)
    if surely_no_tensor(ndarray) or isinstance(ndarray, Array):
        message = f"expected np.ndarray (got {python_type(ndarray)})"
        from foreshape.faults.unsupported_data import UnsupportedData

        given_type = python_type(ndarray)
        raise UnsupportedData(error(cx, "TypeError", message), values=(ndarray,), taker="from_numpy", given=given_type)
    return unknown_tensor(cx, ndarray)


LEGACY: Final = {
    "FloatTensor": "float32", "DoubleTensor": "float64", "HalfTensor": "float16", "BFloat16Tensor": "bfloat16",
    "LongTensor": "int64", "IntTensor": "int32", "ShortTensor": "int16", "CharTensor": "int8", "ByteTensor": "uint8",
    "BoolTensor": "bool",
}  # fmt: skip


def _legacy(name: str, dtype: str) -> None:
    @rule(f"torch.{name}")
    def run(cx: Context, *args: Value, device: Value | None = None) -> Value:
        """Of sizes (with nothing in it), or of the values of a list, cast."""
        first = args[0] if args else None
        if first is None:
            return made(cx, name, (0,), dtype)
        if size_of(cx, first) is not None and not isinstance(first, Array):
            return made(cx, name, size_argument(cx, name, varargs(args)), dtype)
        x = converted(cx, first, dtype, name)
        if x is None:
            return _like_unknown(cx, first, None, dtype)
        kept = is_integral(x.dtype) or is_floating(dtype)
        return made(
            cx, name, x.shape, dtype, lo=x.lo if kept else None, hi=x.hi if kept else None,
            data=x.data if x.dtype == dtype else None,
        )  # fmt: skip


for _name, _dtype in LEGACY.items():
    _legacy(_name, _dtype)


@rule("torch.Tensor")
def tensor_class(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """The class called as a constructor: ``torch.Tensor(2, 3)`` and ``torch.Tensor([1, 2])``."""
    return cx.rule("torch.FloatTensor", *args)


# -- counted ------------------------------------------------------------------------------------------------------------


@op("arange", method=False)
def arange(
    cx: Context, start: Value | None = None, end: Value | None = None, step: Value | None = None, *,
    out: Value | None = None, dtype: Value | None = None, layout: Value | None = None, device: Value | None = None,
    requires_grad: Value | None = None, pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """int64 where all are ints, else the default float. RuntimeError where the step has the wrong sign."""
    if end is None:
        start, end = Const(0), start
    elif start is None:
        start = Const(0)
    step = Const(1) if step is None else step
    values = [value for value in (start, end, step) if value is not None]
    for value in values:
        if isinstance(value, Unknown):
            wanted = dtype_argument(cx, dtype, None, "arange")
            return made(cx, "arange", (cx.fresh(lo=0),), wanted, device=device, requires_grad=requires_grad)
    kinds = {weak_dtype(value) or getattr(value, "dtype", None) for value in values}
    integral = all(kind == "weak int" or kind == "bool" or is_integral(kind) for kind in kinds)
    inferred = "int64" if integral else default_dtype(cx)
    wanted = dtype_argument(cx, dtype, inferred, "arange")
    size, lo, hi, data = _counted(cx, values)
    if wanted is not None and not is_integral(wanted) and data is not None:
        data = tuple(float(item) if isinstance(item, int) else item for item in data)
        data = None if any(isinstance(item, Dim) for item in data) else data
    return made(cx, "arange", (size,), wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi, data=data)


def _counted(cx: Context, values: list[Value]) -> tuple[DimLike, Bound, Bound, tuple[Any, ...] | None]:
    ends = [as_dim(value) for value in values]
    if any(end is None for end in ends):
        known = [value.value if isinstance(value, Const) else None for value in values]
        if all(isinstance(one, (int, float)) for one in known):
            first, last, step = (float(one) for one in known if isinstance(one, (int, float)))
            import math

            if not math.isfinite(first) or not math.isfinite(last):
                message = f"unsupported range: {first:g} -> {last:g}"
                raise invalid(cx, "RuntimeError", message, "end", last)
            _check_step(cx, first, last, step)
            size = max(math.ceil((last - first) / step), 0)
            least, most = (first, last) if step > 0 else (last, first)
            data = tuple(first + place * step for place in range(size)) if size <= 64 else None
            return size, least, most, data
        return cx.fresh(lo=0), None, None, None
    start, stop, step_ = (cx.resolve(end) for end in ends if end is not None)
    if isinstance(start, int) and isinstance(stop, int) and isinstance(step_, int):
        _check_step(cx, start, stop, step_)
        found = range(start, stop, step_)
        data = tuple(found) if len(found) <= 64 else None
        if not found:
            return 0, None, None, ()
        return len(found), min(found[0], found[-1]), max(found[0], found[-1]), data
    if isinstance(step_, int) and step_ > 0:
        length = ceildiv(stop - start, step_)
        if ge(stop, start, cx.facts).is_unknown:
            cx.at_least(stop, start)
        size = dmax(length, 0, cx.facts)
        high = stop - 1
        return size, start, high, None
    return cx.fresh(lo=0), None, None, None


def _check_step(cx: Context, start: float, stop: float, step: float) -> None:
    if step == 0:
        raise invalid(cx, "RuntimeError", "step must be nonzero", "step", step)
    if (step > 0 and stop < start) or (step < 0 and stop > start):
        message = "upper bound and lower bound inconsistent with step sign"
        raise invalid(cx, "RuntimeError", message, "step", step)


def _spaced(name: str) -> None:
    @op(name, method=False)
    def run(
        cx: Context, start: Value, end: Value, steps: Value | None = None, base: Value | None = None, *,
        out: Value | None = None, dtype: Value | None = None, layout: Value | None = None,
        device: Value | None = None, requires_grad: Value | None = None, pin_memory: Value | None = None,
    ) -> Value:  # fmt: skip
        """``steps`` numbers from start to end, both included. RuntimeError for fewer than 0."""
        wanted = dtype_argument(cx, dtype, None, name)
        if wanted is None and not open_dtype(dtype):
            complex_end = any(is_complex(value.dtype) for value in (start, end) if isinstance(value, Array))
            complex_end = complex_end or "weak complex" in (weak_dtype(start), weak_dtype(end))
            wanted = default_dtype(cx)
            if complex_end:
                wanted = "complex128" if wanted == "float64" else "complex64"
        for argument, value in (("start", start), ("end", end)):
            if isinstance(value, Array) and value.shape:
                message = (
                    f"{name} only supports 0-dimensional start and end tensors, but got {argument} with "
                    f"{len(value.shape)} dimension(s)."
                )
                raise wrong_rank(cx, "RuntimeError", message, name, value, 0)
        size = size_of(cx, steps)
        if isinstance(size, int) and size < 0:
            raise invalid(cx, "RuntimeError", "number of steps must be non-negative", "steps", size)
        if weak_dtype(steps) == "weak float":
            assert steps is not None
            raise must_be(cx, name, "steps", 3, "int", steps)
        size = cx.fresh(lo=0) if size is None else size
        lo, hi = (None, None) if name == "logspace" else _between(start, end)
        return made(cx, name, (size,), wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi)


def _between(start: Value, end: Value) -> tuple[Bound, Bound]:
    ends = [value.value for value in (start, end) if isinstance(value, Const) and isinstance(value.value, (int, float))]
    return (min(ends), max(ends)) if len(ends) == 2 else (None, None)


for _name in ("linspace", "logspace"):
    _spaced(_name)


@op("eye", method=False)
def eye(
    cx: Context, n: Value, m: Value | None = None, *, out: Value | None = None, dtype: Value | None = None,
    layout: Value | None = None, device: Value | None = None, requires_grad: Value | None = None,
    pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """Ones on the diagonal. RuntimeError for negative sizes."""
    wanted = dtype_argument(cx, dtype, default_dtype(cx), "eye")
    found: list[DimLike] = []
    for argument, value in (("n", n), ("m", m if given(m) else n)):
        size = size_of(cx, value)
        if isinstance(size, int) and size < 0:
            message = f"{argument} must be greater or equal to 0, got {size}"
            raise invalid(cx, "RuntimeError", message, argument, size)
        found.append(cx.fresh(lo=0) if size is None else size)
    return made(cx, "eye", tuple(found), wanted, device=device, requires_grad=requires_grad, lo=0, hi=1)


__all__ = ["Sequence", "check_devices", "dtype_of", "is_floating", "made", "result_dtype", "size_argument"]
