"""Tensors that are made: of Python values and arrays, filled, counted, like another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.compare import ge
from foreshape.domain.dim import Dim, DimLike, ceildiv, dmax, dmin
from foreshape.domain.values import (
    Array,
    Bound,
    Const,
    Int,
    Shape,
    Typed,
    Unknown,
    Value,
    as_dim,
)
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.recorded import with_trues
from foreshape.semantics.torch.support import (
    CPU,
    default_dtype,
    device_name,
    device_of,
    dtype_argument,
    flag,
    given,
    invalid,
    is_complex,
    is_integral,
    items_of,
    must_be,
    open_dtype,
    open_item,
    python_type,
    shown,
    size_of,
    surely_no_tensor,
    tensor,
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
        if isinstance(value, (Const, Typed)) or (isinstance(value, Array) and value.shape):
            message = f"{taker}(): argument 'size' (position 1) must be tuple of ints, not {python_type(value)}"
            raise invalid(cx, "TypeError", message, "size", cx.text(value))
        return None
    made: list[DimLike] = []
    for place, item in enumerate(items):
        if weak_dtype(item) in ("weak float", "weak complex") or (isinstance(item, Const) and not _int_like(item)):
            message = (
                f"{taker}(): argument 'size' failed to unpack the object at pos {place + 1} with error \"type must be tuple "
                f'of ints,but got {python_type(item)}"'
            )
            raise invalid(cx, "TypeError", message, "size", cx.text(item))
        made.append(open_item(cx, item))
    for size in made:
        if isinstance(size, int) and size < 0:
            message = f"Trying to create tensor with negative dimension {size}: {shown(made)}"
            if taker == "zeros":
                message = "zeros: Dimension size must be non-negative."
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
    loose: bool = False,
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
    found = tensor(cx, shape, dtype, lo=lo, hi=hi, data=data, device=where, loose=loose)
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
        shape = size_argument(cx, name, varargs(cx, name, args, size))
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
        return with_strides_of(cx, found, input, memory_format)

    @op(f"new_{name}", function=False)
    def new(
        cx: Context, input: Array, *args: Value, size: Value | None = None, dtype: Value | None = None,
        device: Value | None = None, requires_grad: Value | None = None, layout: Value | None = None,
        pin_memory: Value | None = None,
    ) -> Value:  # fmt: skip
        """A tensor of these sizes, of the dtype and device of another one."""
        wanted = dtype_argument(cx, dtype, input.dtype, f"new_{name}")
        shape = size_argument(cx, f"new_{name}", varargs(cx, f"new_{name}", args, size))
        return made(cx, name, shape, wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi, like=input)


def with_strides_of(cx: Context, found: Array, like: Array, memory_format: Value | None = None) -> Array:
    """``preserve_format``: dense, in the order of axes of the other; or as asked for."""
    from foreshape.semantics.torch.strides import formatted, result_strides, with_strides

    if "strides" in like.meta and not given(memory_format):
        return with_strides(found, result_strides(cx, like.shape, (like,)))
    return formatted(cx, found, memory_format)


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
    if size_of(cx, size) is not None:
        raise must_be(cx, "full", "size", 1, "tuple of ints", size)
    _check_number(cx, "full", "fill_value", 2, fill_value)
    wanted = dtype_argument(cx, dtype, fill_dtype(cx, fill_value), "full")
    shape = size_argument(cx, "full", size)
    lo, hi = _fill_bounds(fill_value)
    return made(cx, "full", shape, wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi)


def _check_number(cx: Context, taker: str, argument: str, position: int, value: Value) -> None:
    """TypeError for what is neither a number nor a tensor without axes."""
    if isinstance(value, Array) and value.shape and value.kind == "torch":
        raise must_be(cx, taker, argument, position, "Number", value)
    if surely_no_tensor(value) and not isinstance(value, Array) and weak_dtype(value) is None:
        raise must_be(cx, taker, argument, position, "Number", value)


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
    return with_strides_of(cx, found, input, memory_format)


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


# -- with given strides ------------------------------------------------------------------------------------------------


def strided(
    cx: Context, taker: str, size: Value, stride: Value, dtype: str | None, like: Array | None, device: Value | None
) -> Array:
    """An empty tensor with these strides."""
    from foreshape.semantics.torch.strides import with_strides
    from foreshape.semantics.torch.support import sizes

    shape, steps = size_argument(cx, taker, size), sizes(cx, stride)
    found = made(cx, taker, shape, dtype, device=device, like=like)
    return found if steps is None else with_strides(found, steps)


@op("empty_strided", method=False)
def empty_strided(
    cx: Context, size: Value, stride: Value, *, dtype: Value | None = None, layout: Value | None = None,
    device: Value | None = None, requires_grad: Value | None = None, pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """With these strides."""
    wanted = dtype_argument(cx, dtype, default_dtype(cx), "empty_strided")
    return strided(cx, "empty_strided", size, stride, wanted, None, device)


@op("new_empty_strided", function=False)
def new_empty_strided(
    cx: Context, input: Array, size: Value, stride: Value, dtype: Value | None = None, layout: Value | None = None,
    device: Value | None = None, requires_grad: Value | None = None, pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """With these strides, like another one."""
    wanted = dtype_argument(cx, dtype, input.dtype, "new_empty_strided")
    return strided(cx, "new_empty_strided", size, stride, wanted, input, device)


@op("empty_permuted", method=False)
def empty_permuted(
    cx: Context, size: Value, physical_layout: Value, *, dtype: Value | None = None, layout: Value | None = None,
    device: Value | None = None, requires_grad: Value | None = None, pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """Dense in the given order of axes."""
    from foreshape.semantics.torch.strides import with_strides
    from foreshape.semantics.torch.support import dense_strides, ints

    wanted = dtype_argument(cx, dtype, default_dtype(cx), "empty_permuted")
    shape, order = size_argument(cx, "empty_permuted", size), ints(cx, physical_layout)
    found = made(cx, "empty_permuted", shape, wanted, device=device, requires_grad=requires_grad)
    if shape is None or order is None:
        return found
    if len(shape) != len(order):
        message = (
            f"Number of dimensions in size does not match the length of the physical_layout; i.e. len(size) = {len(shape)} "
            f"is not equal to len(physical_layout) = {len(order)}"
        )
        raise invalid(cx, "RuntimeError", message, "physical_layout", order, recover=found)
    for axis in order:
        if not 0 <= axis < len(shape):
            message = f"Dimension out of range (expected to be between 0 and {len(shape) - 1}, but got {axis} at index "
            raise invalid(cx, "RuntimeError", message, "physical_layout", order, recover=found)
        if order.count(axis) > 1:
            raise invalid(cx, "RuntimeError", "Duplicate dim not allowed", "physical_layout", order, recover=found)
    steps = dense_strides(tuple(shape[axis] for axis in order))
    strides: list[DimLike] = [0] * len(shape)
    for axis, step in zip(order, steps):
        strides[axis] = step
    return with_strides(found, tuple(strides))


@op("scalar_tensor", method=False)
def scalar_tensor(
    cx: Context, s: Value, *, dtype: Value | None = None, layout: Value | None = None, device: Value | None = None,
    requires_grad: Value | None = None, pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """One number: of the default float unless a dtype is given."""
    wanted = dtype_argument(cx, dtype, default_dtype(cx), "scalar_tensor")
    lo, hi = _fill_bounds(s)
    if is_integral(wanted):
        lo, hi = _cut(lo), _cut(hi)
    return made(cx, "scalar_tensor", (), wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi)


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
    for place, value in enumerate(values):
        _check_number(cx, "arange", ("start", "end", "step")[place], place + 1, value)
        if isinstance(value, Unknown):
            wanted = dtype_argument(cx, dtype, None, "arange")
            return made(cx, "arange", (cx.fresh(lo=0),), wanted, device=device, requires_grad=requires_grad)
    kinds = {weak_dtype(value) or getattr(value, "dtype", None) for value in values}
    integral = all(kind == "weak int" or kind == "bool" or is_integral(kind) for kind in kinds)
    inferred = "int64" if integral else default_dtype(cx)
    wanted = dtype_argument(cx, dtype, inferred, "arange")
    if wanted is not None and (wanted == "bool" or is_complex(wanted)):
        from foreshape.semantics.torch.support import not_implemented

        raise not_implemented(cx, "arange_cpu", tensor(cx, (), wanted), "arange")
    if wanted == "int64":
        # counted in whole numbers, not in fractions that are cut afterwards
        values = [_whole(value) for value in values]
    if len(values) != 3:
        message = "arange() received an invalid combination of arguments - got ()"
        raise invalid(cx, "TypeError", message, "end", "nothing")
    size, lo, hi, data = _counted(cx, values)
    if is_integral(wanted) and wanted != "int64" and any(weak_dtype(value) == "weak float" for value in values):
        lo = hi = data = None  # counted in fractions, filled in whole numbers
    if wanted is not None and is_integral(wanted):
        lo, hi = (None if bound is None else _cut(bound) for bound in (lo, hi))
        data = None if data is None else tuple(_cut(item) for item in data)
    if wanted is not None and not is_integral(wanted) and data is not None:
        data = tuple(float(item) if isinstance(item, int) else item for item in data)
        data = None if any(isinstance(item, Dim) for item in data) else data
    return made(cx, "arange", (size,), wanted, device=device, requires_grad=requires_grad, lo=lo, hi=hi, data=data)


def _whole(value: Value) -> Value:
    """A number as an int64."""
    return Const(_cut(value.value)) if isinstance(value, Const) else value


def _cut(number: Any) -> Any:
    import math

    return math.trunc(number) if isinstance(number, float) and math.isfinite(number) else number


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
            count = max(math.ceil((last - first) / step), 0)
            data = tuple(first + place * step for place in range(count)) if count <= 64 else None
            if not count:
                return 0, None, None, ()
            final = first + (count - 1) * step
            return count, min(first, final), max(first, final), data
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
        return size, start, start + (length - 1) * step_, None
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
        if is_integral(wanted):
            lo, hi = _cut(lo), _cut(hi)
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
        if weak_dtype(value) == "weak float" and value is not None:
            raise must_be(cx, "eye", argument, 1 if argument == "n" else 2, "int", value)
        if isinstance(size, int) and size < 0:
            message = f"{argument} must be greater or equal to 0, got {size}"
            raise invalid(cx, "RuntimeError", message, argument, size)
        found.append(cx.fresh(lo=0) if size is None else size)
    whole = made(cx, "eye", tuple(found), wanted, device=device, requires_grad=requires_grad, lo=0, hi=1)
    return with_trues(cx, whole, dmin(found[0], found[1]))
