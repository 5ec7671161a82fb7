"""What the rules of PyTorch share: errors, arguments, dtypes, devices, and tensors as results.

A tensor is ``Array("torch", ...)``. Its ``meta`` holds, only where it differs from the default:
``strides`` (a tuple; None where not known; absent is contiguous), ``device`` ("cuda", "cuda:1", "meta"; "?" where not known;
absent is the CPU), ``requires_grad`` (True), ``grad_fn`` (True: it was computed from one that requires gradients, so it is
no leaf), ``parameter`` (True), ``sparse`` (the name of its layout), ``loose`` (True: its bounds are limits that no element
need reach), ``base`` (what it is a view of, where that matters).
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain import dtype as dtypes
from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.join import ACCELERATOR
from foreshape.domain.values import (
    Array,
    Bound,
    Const,
    Instance,
    Int,
    LibraryRef,
    Sequence,
    Shape,
    Typed,
    Unknown,
    Value,
    as_dim,
    as_int,
    as_str,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.faults.base import Raises as Raises
from foreshape.semantics.shared.broadcast import broadcast_shapes, misaligned
from foreshape.semantics.torch.casting import CAST, uncast
from foreshape.semantics.torch.errors import SCALAR_NAMES as SCALAR_NAMES
from foreshape.semantics.torch.errors import error as error
from foreshape.semantics.torch.errors import invalid as invalid
from foreshape.semantics.torch.errors import must_be as must_be
from foreshape.semantics.torch.errors import no_fractions as no_fractions
from foreshape.semantics.torch.errors import not_implemented as not_implemented
from foreshape.semantics.torch.errors import python_type as python_type
from foreshape.semantics.torch.errors import scalar_name as scalar_name
from foreshape.semantics.torch.errors import surely_no_tensor as surely_no_tensor
from foreshape.semantics.torch.errors import wrong_dtype as wrong_dtype
from foreshape.semantics.torch.errors import wrong_gradient as wrong_gradient
from foreshape.semantics.torch.errors import wrong_rank as wrong_rank
from foreshape.semantics.torch.wrapping import wraps

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

FLOATS: Final = ("float16", "bfloat16", "float32", "float64")
INTEGERS: Final = ("uint8", "int8", "int16", "int32", "int64")
UNSIGNED: Final = ("uint16", "uint32", "uint64")
COMPLEX: Final = ("complex32", "complex64", "complex128")
DTYPES: Final = (*FLOATS, *INTEGERS, *UNSIGNED, *COMPLEX, "bool", "float8_e4m3fn", "float8_e5m2")
CPU: Final = "cpu"
ANY_DEVICE: Final = "?"
AUTO: Final = "auto"
"""The device ``"cuda" if torch.cuda.is_available() else "cpu"``."""
MOST_DATA: Final = 64
"""Constant tensors up to this many elements keep them."""


def as_tensor(cx: Context, value: Value | None) -> Array | None:
    """The tensor that a value is; None where that is not known (or it is none). Nothing is converted."""
    return uncast(cx, value) if isinstance(value, Array) and value.kind == "torch" else None


def required(cx: Context, value: Value, taker: str, argument: str = "input", position: int = 1) -> Array | None:
    """The tensor that an argument must be: TypeError for what is certainly none, None where that is not known."""
    if isinstance(value, Array) and value.kind == "torch":
        return uncast(cx, value)
    if surely_no_tensor(value):
        raise must_be(cx, taker, argument, position, "Tensor", value)
    return None


def unknown_tensor(cx: Context, *sources: Value | None) -> Value:
    """What a function of something unknown gives."""
    reason = next((source.reason for source in sources if isinstance(source, Unknown)), None)
    made = cx.unknown(reason or "it is made from something that is not known")
    made.tainted = any(source.tainted for source in sources if source is not None)
    return made


# -- dtypes ----------------------------------------------------------------------------------------------------------


def is_floating(dtype: str | None) -> bool:
    return dtype is not None and dtypes.is_floating(dtype)


def is_integral(dtype: str | None, *, with_bool: bool = True) -> bool:
    return dtype is not None and (dtypes.is_integer(dtype) or (with_bool and dtype == "bool"))


def is_complex(dtype: str | None) -> bool:
    return dtype is not None and dtypes.is_complex(dtype)


def default_dtype(cx: Context) -> str:
    """What Python floats become: ``torch.set_default_dtype``."""
    found: str = cx.state("torch").fields.get("default_dtype") or "float32"
    return found


def dtype_value(name: str | None) -> Value:
    """``torch.float32``."""
    return Unknown("the dtype is not known") if name is None else LibraryRef(f"torch.{name}")


PYTHON_DTYPES: Final = {
    "builtins.float": "float",
    "builtins.int": "int64",
    "builtins.bool": "bool",
    "builtins.complex": "c",
}


def dtype_of(value: Value | None, cx: Context | None = None) -> str | None:
    """The dtype that an argument names ("float32"); None where it names none, or is not known."""
    if not isinstance(value, LibraryRef):
        return None
    if value.name in PYTHON_DTYPES:
        found = PYTHON_DTYPES[value.name]
        # Python's float is the widest one here, whatever the default
        return {"float": "float64", "c": "complex128"}.get(found, found)
    owner, _, name = value.name.rpartition(".")
    return dtypes.canonical(name, "torch") if owner == "torch" else None


def open_dtype(value: Value | None) -> bool:
    """Whether a dtype was asked for that is not known."""
    return given(value) and dtype_of(value) is None


def dtype_argument(cx: Context, value: Value | None, default: str | None, taker: str) -> str | None:
    """The dtype asked for, else the default; None where it is not known. TypeError for what is no dtype."""
    if not given(value):
        return default
    found = dtype_of(value)
    if found is None and value is not None:
        text = isinstance(value, (Const, Int, Typed, Sequence, Array))
        if text or (isinstance(value, LibraryRef) and value.name.startswith("numpy.")):
            wanted = "type" if isinstance(value, LibraryRef) else python_type(value)
            message = f"{taker}(): argument 'dtype' must be torch.dtype, not {wanted}"
            raise invalid(cx, "TypeError", message, "dtype", cx.text(value))
    return found


def can_cast(source: str | None, target: str | None) -> bool:
    """``torch.can_cast``: True where a dtype is not known."""
    if source is None or target is None:
        return True
    if is_complex(source) and not is_complex(target):
        return False
    if is_floating(source) and is_integral(target):
        return False
    return source == "bool" or target != "bool"


def weak_dtype(value: Value | None) -> str | None:
    """The weak dtype of a Python number; None for anything else."""
    if isinstance(value, Const):
        return dtypes.of_python(value.value) if isinstance(value.value, (bool, int, float, complex)) else None
    if isinstance(value, Int):
        return dtypes.WEAK_INT
    if isinstance(value, Typed):
        return {"bool": "bool", "int": "weak int", "float": "weak float", "complex": "weak complex"}.get(value.kind)
    return None


def result_dtype(cx: Context, *operands: Value) -> str | None:
    """``torch.result_type`` of tensors and Python numbers; None where it is not known (or torch refuses)."""
    parts: list[tuple[str, int]] = []
    for operand in operands:
        if isinstance(operand, Array):
            if operand.dtype is None or operand.shape is None:
                others = {one.dtype for one in operands if isinstance(one, Array)}
                return others.pop() if len(others) == 1 and len(operands) > 1 and _no_numbers(operands) else (
                    operand.dtype if len(operands) == 1 else None
                )  # fmt: skip
            parts.append((operand.dtype, 1 if not operand.shape else 2))
            continue
        weak = weak_dtype(operand)
        if weak is None:
            return None
        parts.append((weak, 0))
    return dtypes.promote_torch(*parts, default=default_dtype(cx))


def _no_numbers(operands: SequenceOf[Value]) -> bool:
    return all(isinstance(operand, Array) for operand in operands)


def float_result(cx: Context, dtype: str | None) -> str | None:
    """What functions with fractional results give: the default float for integers and bools."""
    return default_dtype(cx) if is_integral(dtype) else dtype


def real_dtype(dtype: str | None) -> str | None:
    """The dtype of the real part."""
    return None if dtype is None else dtypes.real_part(dtype)


# -- arguments -------------------------------------------------------------------------------------------------------


def given(value: Value | None) -> bool:
    """Whether an argument was given and is not None."""
    return value is not None and not is_none(value)


def flag(value: Value | None, default: bool = False) -> bool | None:
    """A flag; None where it is not known."""
    if not given(value):
        return default
    if isinstance(value, Const) and isinstance(value.value, (bool, int)):
        return bool(value.value)
    return None


def is_number(value: Value | None) -> bool:
    """Whether it is a Python number (a bool included)."""
    return weak_dtype(value) is not None


def items_of(value: Value | None, limit: int = 1024) -> tuple[Value, ...] | None:
    """The elements of a list or tuple; None where they are not known one by one (or it is none)."""
    if isinstance(value, Sequence) and value.kind in ("list", "tuple"):
        return value.contents.items(limit)
    return None


def ints(cx: Context, value: Value | None) -> tuple[int, ...] | None:
    """The known ints of an int, a list or tuple; None where they are not all known."""
    one = as_int(value)
    if one is not None:
        return (one,)
    items = items_of(value)
    found = None if items is None else [as_int(item) for item in items]
    if found is None or any(item is None for item in found):
        return None
    return tuple(item for item in found if item is not None)


def size_of(cx: Context, value: Value | None) -> DimLike | None:
    """A size: an int, known or symbolic, a fresh one for an int of unknown value; None for what is no int."""
    found = as_dim(value)
    if found is not None:
        return cx.resolve(found)
    if isinstance(value, Typed) and value.kind == "int":
        return cx.fresh(value.origin.name if value.origin is not None else None, lo=0)
    if isinstance(value, Array) and value.shape == () and is_integral(value.dtype):
        return cx.fresh(value.origin.name if value.origin is not None else None, lo=0)
    return None


def sizes(cx: Context, value: Value | None) -> Shape | None:
    """The sizes in a list or tuple (or of a single int); None where their number is not known."""
    one = size_of(cx, value)
    if one is not None:
        return (one,)
    items = items_of(value)
    if items is None:
        return None
    return tuple(open_item(cx, item) for item in items)


def open_item(cx: Context, item: Value) -> DimLike:
    """One size among several; one that is not known is a fresh one."""
    found = size_of(cx, item)
    return cx.fresh(item.origin.name if item.origin is not None else None, lo=0) if found is None else found


def varargs(
    cx: Context, taker: str, args: SequenceOf[Value], named: Value | None = None, argument: str = "size"
) -> Value | None:
    """``f(2, 3)``, ``f((2, 3))`` and ``f(size=(2, 3))``: the one list of sizes that was given; None for none. TypeError
    for a list or tuple among several sizes."""
    from foreshape.domain.contents import Contents

    if named is not None:
        return named
    for item in args if taker in ("repeat", "tile", "expand", "permute", "flip") else ():
        no_fractions(cx, taker, argument, item)
    if len(args) == 1 and (isinstance(args[0], (Sequence, Unknown)) or as_dim(args[0]) is None):
        return args[0]
    for place, item in enumerate(args):
        if not isinstance(item, Sequence) and not (isinstance(item, Array) and item.shape):
            continue
        kind = python_type(item)
        if place:
            message = (
                f"{taker}(): argument '{argument}' failed to unpack the object at pos {place + 1} with error \"type "
            )
            message += f'must be tuple of ints,but got {kind}"'
        elif taker in ("view", "rand", "randn"):
            kinds = ", ".join(python_type(each) for each in args)
            message = f"{taker}() received an invalid combination of arguments - got ({kinds})"
        else:
            message = f"{taker}() takes 1 positional argument but {len(args)} were given"
        raise invalid(cx, "TypeError", message, argument, cx.text(item), item)
    return Sequence("tuple", Contents(args)) if args else None


def axis_in(cx: Context, taker: str, axis: int, rank: int, *values: Value, recover: Value | None = None) -> int:
    """The axis counted from the left; raises axis-range (IndexError). Rank 0 takes 0 and -1."""
    most = max(rank, 1)
    if -most <= axis < most:
        return axis % most
    from foreshape.faults.axis_range import AxisRange

    message = f"Dimension out of range (expected to be in range of [{-most}, {most - 1}], but got {axis})"
    raise AxisRange(
        error(cx, "IndexError", message), values=tuple(values), recover=recover, taker=taker, axis=axis, rank=rank
    )


def axes_in(
    cx: Context, taker: str, axes: SequenceOf[int], rank: int, *values: Value, recover: Value | None = None
) -> tuple[int, ...]:
    """Axes counted from the left; one that is named twice is a RuntimeError."""
    found = tuple(axis_in(cx, taker, axis, rank, *values, recover=recover) for axis in axes)
    for place, axis in enumerate(found):
        if axis in found[:place]:
            message = f"dim {axis} appears multiple times in the list of dims"
            raise invalid(cx, "RuntimeError", message, "dim", tuple(axes), *values, recover=recover)
    return found


# -- devices and gradients -------------------------------------------------------------------------------------------


def device_of(x: Value | None) -> str:
    """ "cpu", "cuda", "cuda:1", "meta", ... or "?"."""
    found: str = x.meta.get("device", CPU) if isinstance(x, Array) else CPU
    return found


def device_name(value: Value | None) -> str | None:
    """The device that an argument names; "?" where it is not known, None where none is given."""
    if value is None or is_none(value):
        return None
    text = as_str(value)
    if text is None and isinstance(value, Instance) and value.library_type == "torch.device":
        text = as_str(value.fields.get("type"))
        index = as_int(value.fields.get("index"))
        if text is not None and index is not None:
            text = f"{text}:{index}"
    index = as_int(value)
    if index is not None:
        text = f"cuda:{index}"
    if text is None:
        kind = value.fields.get("type") if isinstance(value, Instance) else value
        return AUTO if isinstance(kind, Typed) and kind.condition == ACCELERATOR else ANY_DEVICE
    return text.removesuffix(":0")


def same_device(a: str, b: str) -> bool:
    """Whether two devices may be one."""
    return a == b or ANY_DEVICE in (a, b) or AUTO in (a, b)


def check_devices(cx: Context, taker: str, *values: Value) -> None:
    """Tensors on different devices do not meet, but for one without axes on the CPU."""
    arrays = [value for value in values if isinstance(value, Array) and value.kind == "torch" and value.shape != ()]
    for other in arrays[1:]:
        if not same_device(device_of(arrays[0]), device_of(other)):
            raise device_mismatch(cx, taker, arrays[0], other)
        known = arrays[0].shape is not None and other.shape is not None
        if known and {device_of(arrays[0]), device_of(other)} == {CPU, AUTO}:
            fault = device_mismatch(cx, taker, arrays[0], other)
            fault.condition = ACCELERATOR
            cx.report(fault)
            return


def device_mismatch(cx: Context, taker: str, a: Array, b: Array) -> Fault:
    """A tensor on the CPU meets one on a GPU."""
    from foreshape.faults.device_mismatch import DeviceMismatch

    held = ("cuda" if name == AUTO else name for name in (device_of(a), device_of(b)))
    names = tuple(name if ":" in name or name in (CPU, "meta") else f"{name}:0" for name in held)
    message = (
        f"Expected all tensors to be on the same device, but found at least two devices, {names[0]} and {names[1]}!"
    )
    odd = (b, a) if device_of(b) == CPU else (a, b)
    if "meta" in names:
        message = f"Tensor on device {device_of(b)} is not on the expected device {device_of(a)}!"
    return DeviceMismatch(error(cx, "RuntimeError", message), values=odd, taker=taker, devices=names)


def requires_grad(x: Value | None) -> bool:
    """Whether gradients are computed for a tensor."""
    return isinstance(x, Array) and bool(x.meta.get("requires_grad"))


def may_require_grad(x: Value | None) -> bool:
    """Whether gradients are computed for a tensor, or that is not known."""
    return isinstance(x, Array) and x.meta.get("requires_grad", False) is not False


def is_leaf(x: Array) -> bool:
    """Whether a tensor was made by the program, not computed from one that requires gradients."""
    return not x.meta.get("grad_fn")


def grad_enabled(cx: Context) -> bool | None:
    """Whether operations are recorded (``torch.no_grad``); None where that is not known."""
    found = cx.state("torch").fields.get("grad_enabled", True)
    return found if found is None or isinstance(found, bool) else None


# -- tensors as results ----------------------------------------------------------------------------------------------


def tensor(
    cx: Context,
    shape: Shape | None,
    dtype: str | None,
    *sources: Value | None,
    lo: Bound = None,
    hi: Bound = None,
    data: tuple[Any, ...] | None = None,
    roles: tuple[str | None, ...] | None = None,
    strides: tuple[DimLike, ...] | str | None = "contiguous",
    device: str | None = None,
    differentiable: bool = True,
    loose: bool = False,
    meta: Mapping[str, Any] | None = None,
) -> Array:
    """A tensor that was computed from these: their device, and gradients where one of them requires them.

    loose: the bounds are limits that no element need reach (``sigmoid``); otherwise they stand for values that it holds.

    strides: those of the result, None where they are not known; contiguous unless given. device: another one than that of
    the sources. differentiable: False where no gradient flows through (``argmax``, ``detach``).
    """
    found: dict[str, Any] = dict(meta or {})
    arrays = [source for source in sources if isinstance(source, Array) and source.kind == "torch"]
    where = device if device is not None else common_device(arrays)
    if where != CPU:
        found["device"] = where
    if strides is None:
        found["strides"] = None
    elif isinstance(strides, tuple) and shape is not None and not is_dense(strides, shape):
        found["strides"] = strides
    if differentiable and (dtype is None or is_floating(dtype) or is_complex(dtype)):
        recorded = grad_enabled(cx)
        if recorded is not False:
            needs = True if any(map(requires_grad, arrays)) else None if any(map(may_require_grad, arrays)) else False
            if needs is not False:
                found["requires_grad"] = found["grad_fn"] = True if recorded and needs and dtype is not None else None
    if dtype is None and len(arrays) == 1 and CAST in arrays[0].meta:
        found[CAST] = arrays[0].meta[CAST]
    if data is not None and len(data) > MOST_DATA:
        data = None
    if wraps(dtype, lo, hi, *(data or ())):
        lo = hi = data = None
    if (lo is not None or hi is not None) and (loose or any(array.meta.get("loose") for array in arrays)):
        found["loose"] = True
    made = Array("torch", shape, dtype, lo=lo, hi=hi, data=data, roles=roles, meta=found)
    made.tainted = any(source is not None and source.tainted for source in sources)
    return made


def common_device(arrays: SequenceOf[Array]) -> str:
    """Where the result of these is: tensors without axes go where the others are."""
    placed = [device_of(array) for array in arrays if array.shape != ()] or [device_of(array) for array in arrays]
    if AUTO in placed:
        return AUTO
    elsewhere = [name for name in placed if name != ANY_DEVICE]
    if ANY_DEVICE in placed and (not elsewhere or CPU in elsewhere):
        return ANY_DEVICE
    return elsewhere[0] if elsewhere else CPU


def without_values(x: Array) -> Array:
    """The same tensor with nothing known of its values."""
    return x.replace(lo=None, hi=None, data=None)


# -- strides ---------------------------------------------------------------------------------------------------------


def dense_strides(shape: SequenceOf[DimLike]) -> tuple[DimLike, ...]:
    """The strides of a contiguous tensor."""
    found: list[DimLike] = []
    step: DimLike = 1
    for size in reversed(shape):
        found.append(step)
        step = step * (size if not isinstance(size, int) or size > 1 else 1)
    return tuple(reversed(found))


def is_dense(strides: SequenceOf[DimLike], shape: SequenceOf[DimLike]) -> bool:
    """Whether these are the strides of a contiguous tensor, whatever those of axes of size 1 are."""
    if any(isinstance(size, int) and size == 0 for size in shape):
        return True
    return all(a == b or (isinstance(size, int) and size == 1)
               for a, b, size in zip(strides, dense_strides(shape), shape))  # fmt: skip


def strides_of(x: Array) -> tuple[DimLike, ...] | None:
    """The strides, in elements; None where they are not known."""
    if "strides" in x.meta:
        found: tuple[DimLike, ...] | None = x.meta["strides"]
        return found
    return None if x.shape is None else dense_strides(x.shape)


def is_contiguous(cx: Context, x: Array) -> bool | None:
    """Whether a tensor is contiguous; None where that is not known."""
    from foreshape.domain.compare import eq

    if "strides" not in x.meta:
        return True
    strides = strides_of(x)
    if strides is None or x.shape is None:
        return None
    expected: DimLike = 1
    for size, stride in zip(reversed(x.shape), reversed(strides)):
        size = cx.resolve(size)
        one = eq(size, 1, cx.facts)
        if one.is_yes:
            continue
        fits = eq(stride, expected, cx.facts)
        if not fits.is_yes:
            return False if fits.is_no and one.is_no else None
        expected = expected * size
    return True


# -- shapes ----------------------------------------------------------------------------------------------------------


def shown(shape: SequenceOf[DimLike] | None) -> str:
    """A shape as PyTorch prints it: ``[2, 3]``."""
    return "[?]" if shape is None else "[" + ", ".join(str(dim) for dim in shape) + "]"


def type_text(x: Array) -> str:
    """``torch.FloatTensor{[2, 3]}``."""
    where = "" if device_of(x) == CPU else f"{device_of(x).partition(':')[0]}."
    return f"torch.{where}{scalar_name(x.dtype)}Tensor{{{shown(x.shape)}}}"


def broadcast(cx: Context, taker: str, *arrays: Array, recover: Value | None = None) -> Shape | None:
    """The shape of tensors combined element by element; raises broadcast-mismatch. None where a rank is not known."""
    shapes: list[Shape] = []
    for array in arrays:
        if array.shape is None:
            return None
        shapes.append(array.shape)
    found = broadcast_shapes(*shapes, facts=cx.facts)
    # the kernel walks from the last axis to the first
    broken = next((need for need in reversed(found.needs) if need.truth.is_no), None)
    if broken is not None:
        if recover is not None and isinstance(recover, Array):
            recover = recover.replace(shape=found.shape)
        raise _mismatch(cx, taker, arrays, shapes, broken.where, recover, found.shape)
    for need in found.open:
        condition = misaligned(shapes, need, cx.facts)
        if condition is not None:
            cx.report(_mismatch(cx, taker, arrays, shapes, need.where, recover, found.shape, condition))
        elif need.kind == "equal":
            cx.equal(need.left, need.right)
    return tuple(cx.resolve(size) for size in found.shape)


def _mismatch(
    cx: Context, taker: str, arrays: SequenceOf[Array], shapes: SequenceOf[Shape], where: object,
    recover: Value | None, together: Shape, condition: Any = None,
) -> Fault:  # fmt: skip
    from foreshape.faults.broadcast_mismatch import BroadcastMismatch

    axis = where if isinstance(where, int) else -1
    held = [shape[axis] for shape in shapes if -axis <= len(shape) and shape[axis] != 1]
    a, b = (held[0], next((size for size in held if size != held[0]), held[-1])) if held else (1, 1)
    message = (
        f"The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension "
        f"{len(together) + axis}"
    )
    return BroadcastMismatch(
        error(cx, "RuntimeError", message), values=tuple(arrays), recover=recover, taker=taker, shapes=tuple(shapes),
        axis=axis, condition=condition,
    )  # fmt: skip


def numbers(values: SequenceOf[Any] | None) -> bool:
    """Whether these are known numbers or sizes."""
    return values is not None and all(isinstance(item, (bool, int, float, Dim)) for item in values)
