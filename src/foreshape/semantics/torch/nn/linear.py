"""``Linear``, ``Bilinear``, ``Identity``, ``Flatten``, ``Unflatten`` and their functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.dim import DimLike, product
from foreshape.domain.values import Array, Const, Instance, Typed, Value, as_bool, as_dim, is_none
from foreshape.faults.base import Fault
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.casting import cast_meta, product_dtype
from foreshape.semantics.torch.final_state import note_read
from foreshape.semantics.torch.nn.base import (
    MODULE,
    NONE,
    ONE,
    TRUE,
    add_parameter,
    factory,
    forward_rule,
    init_module,
    kept,
)
from foreshape.semantics.torch.nn.common import (
    dtype_fault,
    feature_fault,
    parameter_sizes,
    rank_fault,
    written,
)
from foreshape.semantics.torch.support import (
    check_devices,
    error,
    invalid,
    is_complex,
    is_floating,
    python_type,
    required,
    scalar_name,
    shown,
    surely_no_tensor,
    tensor,
    unknown_tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("torch.nn.Linear", MODULE)
library_type("torch.nn.modules.linear.NonDynamicallyQuantizableLinear", "torch.nn.Linear")
library_type("torch.nn.Bilinear", MODULE)
library_type("torch.nn.Identity", MODULE)
library_type("torch.nn.Flatten", MODULE)
library_type("torch.nn.Unflatten", MODULE)


@rule("torch.nn.Linear.__init__")
def linear_init(
    cx: Context,
    self: Instance,
    in_features: Value,
    out_features: Value,
    bias: Value = TRUE,
    device: Value | None = None,
    dtype: Value | None = None,
) -> Value:
    """weight (out_features, in_features), bias (out_features,)."""
    init_module(cx, self)
    kept(cx, self, in_features=in_features, out_features=out_features)
    made = factory(cx, dtype, device)
    shape = parameter_sizes(cx, (out_features, in_features))
    check_floating(cx, made.dtype)
    add_parameter(cx, self, "weight", shape, made)
    add_bias(cx, self, bias, shape[:1], made)
    return NONE


def check_floating(cx: Context, dtype: str | None) -> None:
    """Parameters require gradients, so that they are floats."""
    if dtype is not None and not is_floating(dtype) and not is_complex(dtype):
        message = "Only Tensors of floating point and complex dtype can require gradients"
        raise invalid(cx, "RuntimeError", message, "dtype", f"torch.{dtype}")


def add_bias(cx: Context, self: Instance, wanted: Value, shape: tuple[DimLike, ...], made: object) -> None:
    """``bias`` as a parameter, or None where it is not wanted."""
    flag = as_bool(wanted)
    if flag is False:
        cx.set(self, "bias", Const(None))
    else:
        add_parameter(cx, self, "bias", shape, made)  # type: ignore[arg-type]
        if flag is None and not isinstance(wanted, (Const, Typed)):
            cx.set(self, "~more", True)


@forward_rule("torch.nn.Linear.forward")
def linear_forward(cx: Context, self: Instance, input: Value) -> Value:
    """(..., in_features) to (..., out_features)."""
    return linear(cx, input, self.fields.get("weight", NONE), self.fields.get("bias", NONE), "Linear")


@rule("torch.nn.functional.linear")
def linear_function(cx: Context, input: Value, weight: Value, bias: Value = NONE, *, out: Value | None = None) -> Value:
    """(..., in) with weight (out, in): (..., out). A weight of one axis gives (...)."""
    return written(cx, "linear", linear(cx, input, weight, bias, "linear"), out, input, weight, bias)


def linear(cx: Context, input: Value, weight: Value, bias: Value, taker: str) -> Value:
    """``x @ weight.T + bias``, with the errors of the kernels that it becomes: addmm, mm, addmv, matmul."""
    x = required(cx, input, "linear")
    w = required(cx, weight, "linear", "weight", 2)
    b = None if is_none(bias) else required(cx, bias, "linear", "bias", 3)
    if x is None or w is None or (b is None and not is_none(bias)):
        return unknown_tensor(cx, input, weight, bias)
    check_devices(cx, taker, *(array for array in (x, w, b) if array is not None))
    note_read(cx, x)
    if x.shape is None or w.shape is None:
        return tensor(cx, None, product_dtype(cx, w.dtype), x, w, b)
    if not x.shape or not w.shape:
        message = f"both arguments to linear need to be at least 1D, but they are {len(x.shape)}D and {len(w.shape)}D"
        raise rank_fault(cx, "RuntimeError", message, taker, x, 1, at_least=True)
    if len(w.shape) > 2:
        message = f"t() expects a tensor with <= 2 dimensions, but self is {len(w.shape)}D"
        raise rank_fault(cx, "RuntimeError", message, taker, w, 2)
    fused = b is not None and (len(x.shape) == 2 or b.shape is None or len(b.shape) == 1)
    if fused and len(w.shape) == 1 and b is not None and b.dtype == w.dtype:
        raise rank_fault(cx, "RuntimeError", "mat2 must be a matrix, got 1-D tensor", taker, w, 2)
    out = x.shape[:-1] if len(w.shape) == 1 else (*x.shape[:-1], w.shape[0])
    made = tensor(cx, out, product_dtype(cx, w.dtype), x, w, b, roles=_roles(x, len(out)), meta=cast_meta(cx, x, w, b))
    if fused:
        _dtypes(cx, taker, x, w, b, made)
    if not cx.equal(x.shape[-1], w.shape[-1]):
        fault = _features(cx, taker, x, w, b)
        fault.recover = made
        raise fault
    if not fused:
        _dtypes(cx, taker, x, w, None, made)
    if b is not None and b.shape is not None:
        _bias_fits(cx, taker, b, out, x)
    return made


def _roles(x: Array, rank: int) -> tuple[str | None, ...] | None:
    return None if x.roles is None or len(x.roles) != rank else (*x.roles[:-1], "feature")


def _features(cx: Context, taker: str, x: Array, w: Array, b: Array | None) -> Fault:
    assert x.shape is not None and w.shape is not None
    rank = len(x.shape)
    got, needs = x.shape[-1], w.shape[-1]
    rows = product(x.shape[:-1])
    if len(w.shape) == 1:
        message = f"size mismatch, got input ({rows}), mat ({rows}x{got}), vec ({needs})"
        if rank == 1:
            message = (
                f"inconsistent tensor size, expected tensor [{got}] and src [{needs}] to have the same number of elements, "
                f"but got {got} and {needs} elements respectively"
            )
    elif rank == 1 and b is None:
        message = f"size mismatch, got input ({w.shape[0]}), mat ({w.shape[0]}x{needs}), vec ({got})"
    else:
        message = f"mat1 and mat2 shapes cannot be multiplied ({rows}x{got} and {needs}x{w.shape[0]})"
    return feature_fault(cx, error(cx, "RuntimeError", message), taker, x, needs, got, -1)


def _dtypes(cx: Context, taker: str, x: Array, w: Array, b: Array | None, made: Array) -> None:
    """The products take one dtype only."""
    if x.dtype is None or w.dtype is None:
        return
    fault: Fault | None = None
    if b is not None and b.dtype is not None and b.dtype != w.dtype:
        message = f"self and mat2 must have the same dtype, but got {scalar_name(b.dtype)} and {scalar_name(w.dtype)}"
        fault = dtype_fault(cx, "RuntimeError", message, taker, b, w, wanted=w.dtype)
    elif x.dtype != w.dtype:
        message = f"mat1 and mat2 must have the same dtype, but got {scalar_name(x.dtype)} and {scalar_name(w.dtype)}"
        if b is None and len(w.shape or ()) == 2:
            first, second = (w, x) if len(x.shape or ()) == 1 else (x, w)
            message = (
                "expected m1 and m2 to have the same dtype, but got: "
                f"{type_word(first.dtype)} != {type_word(second.dtype)}"
            )
            if len(x.shape or ()) == 1:
                names = ", ".join((scalar_name(x.dtype), scalar_name(w.dtype), f"and {scalar_name(x.dtype)}"))
                message = f"addmv input tensors must have the same dtype, but got {names}"
        fault = dtype_fault(cx, "RuntimeError", message, taker, x, w, wanted=w.dtype)
    if fault is not None:
        fault.recover = made
        raise fault


def type_word(dtype: str | None) -> str:
    """A dtype as C++ spells it."""
    from foreshape.semantics.torch.nn.common import TYPE_NAMES

    return TYPE_NAMES.get(dtype or "", dtype or "?")


def _bias_fits(cx: Context, taker: str, b: Array, out: tuple[DimLike, ...], x: Array) -> None:
    """The bias is expanded to the result."""
    assert b.shape is not None
    if len(b.shape) > max(len(out), 1):
        message = (
            f"The number of sizes provided ({len(out)}) must be greater or equal to the number of dimensions in the "
            f"tensor ({len(b.shape)})"
        )
        raise rank_fault(cx, "RuntimeError", message, taker, b, 1)
    for place in range(1, len(b.shape) + 1):
        size, wanted = b.shape[-place], out[-place] if place <= len(out) else 1
        if isinstance(size, int) and size == 1:
            continue
        if not cx.equal(size, wanted):
            raise _no_expansion(cx, taker, b, out, place)


def _no_expansion(cx: Context, taker: str, b: Array, out: tuple[DimLike, ...], place: int) -> Fault:
    assert b.shape is not None
    rows = (product(out[:-1]), out[-1]) if out else (1,)
    needs = out[-place] if out else 1
    message = (
        f"The expanded size of the tensor ({needs}) must match the existing size ({b.shape[-place]}) at "
        f"non-singleton dimension {len(rows) - place}.  Target sizes: {shown(rows)}.  Tensor sizes: {shown(b.shape)}"
    )
    return feature_fault(cx, error(cx, "RuntimeError", message), taker, b, needs, b.shape[-place], -place)


# -- bilinear ---------------------------------------------------------------------------------------------------------


@rule("torch.nn.Bilinear.__init__")
def bilinear_init(
    cx: Context,
    self: Instance,
    in1_features: Value,
    in2_features: Value,
    out_features: Value,
    bias: Value = TRUE,
    device: Value | None = None,
    dtype: Value | None = None,
) -> Value:
    """weight (out, in1, in2), bias (out,)."""
    init_module(cx, self)
    first = as_dim(in1_features)
    if isinstance(first, int) and first == 0:
        raise invalid(cx, "ValueError", "in1_features must be > 0, but got (in1_features=0)", "in1_features", first)
    kept(cx, self, in1_features=in1_features, in2_features=in2_features, out_features=out_features)
    made = factory(cx, dtype, device)
    shape = parameter_sizes(cx, (out_features, in1_features, in2_features))
    add_parameter(cx, self, "weight", shape, made)
    add_bias(cx, self, bias, shape[:1], made)
    return NONE


@forward_rule("torch.nn.Bilinear.forward")
def bilinear_forward(cx: Context, self: Instance, input1: Value, input2: Value) -> Value:
    """(..., in1) and (..., in2) to (..., out)."""
    return bilinear(cx, input1, input2, self.fields.get("weight", NONE), self.fields.get("bias", NONE))


@rule("torch.nn.functional.bilinear", "torch.bilinear")
def bilinear(cx: Context, input1: Value, input2: Value, weight: Value, bias: Value = NONE) -> Value:
    """(..., in1) and (..., in2) to (..., out) with a weight of (out, in1, in2)."""
    a = required(cx, input1, "bilinear", "input1", 1)
    b = required(cx, input2, "bilinear", "input2", 2)
    w = required(cx, weight, "bilinear", "weight", 3)
    c = None if is_none(bias) else required(cx, bias, "bilinear", "bias", 4)
    if a is None or b is None or w is None:
        return unknown_tensor(cx, input1, input2, weight)
    if a.shape is None or b.shape is None or w.shape is None:
        return tensor(cx, None, w.dtype, a, b, w)
    if len(a.shape) != len(b.shape):
        message = f"bilinear(): input dimensions do not match: got {len(a.shape)} and {len(b.shape)}"
        raise rank_fault(cx, "RuntimeError", message, "Bilinear", b, len(a.shape))
    for axis, (x, y) in enumerate(zip(a.shape[:-1], b.shape[:-1])):
        if not cx.equal(x, y):
            message = f"bilinear(): input batch dimensions do not match at dim {axis}: got {x} and {y}"
            raise feature_fault(cx, error(cx, "RuntimeError", message), "Bilinear", b, x, y, axis - len(b.shape))
    if len(w.shape) != 3:
        message = "Dimension out of range (expected to be in range of [-2, 1], but got 2)"
        raise rank_fault(cx, "IndexError", message, "Bilinear", w, 3)
    for number, (one, size) in enumerate(((a, w.shape[1]), (b, w.shape[2])), 1):
        got = one.shape[-1] if one.shape else 1
        if not cx.equal(got, size):
            message = f"bilinear(): input{number} size does not match weight size: got {got} but expected {size}"
            raise feature_fault(cx, error(cx, "RuntimeError", message), "Bilinear", one, size, got, -1)
    if c is not None and c.shape is not None and c.shape and not cx.equal(c.shape[0], w.shape[0]):
        message = f"bilinear(): bias size does not match weight size: got {c.shape[0]} but expected {w.shape[0]}"
        raise feature_fault(cx, error(cx, "RuntimeError", message), "Bilinear", c, w.shape[0], c.shape[0], -1)
    if a.dtype is not None and b.dtype is not None and w.dtype is not None and len({a.dtype, b.dtype, w.dtype}) > 1:
        odd = a if a.dtype != w.dtype else b
        kinds = ", ".join(
            f"{name}: {type_word(value.dtype)}"
            for name, value in (("input1", a), ("input2", b), ("weight", w), ("bias", c))
            if value is not None
        )
        message = f"All tensors must have the same dtype, got {kinds}"
        raise dtype_fault(cx, "RuntimeError", message, "Bilinear", odd, w, wanted=w.dtype)
    return tensor(cx, (*a.shape[:-1], w.shape[0]), w.dtype, a, b, w)


# -- nothing, and shapes ----------------------------------------------------------------------------------------------


@rule("torch.nn.Identity.__init__")
def identity_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Takes anything."""
    init_module(cx, self)
    return NONE


@forward_rule("torch.nn.Identity.forward")
def identity_forward(cx: Context, self: Instance, input: Value) -> Value:
    """The input."""
    return input


@rule("torch.nn.Flatten.__init__")
def flatten_init(cx: Context, self: Instance, start_dim: Value = ONE, end_dim: Value = Const(-1)) -> Value:  # noqa: B008
    """From axis 1 on, unless told otherwise."""
    init_module(cx, self)
    kept(cx, self, start_dim=start_dim, end_dim=end_dim)
    return NONE


@forward_rule("torch.nn.Flatten.forward")
def flatten_forward(cx: Context, self: Instance, input: Value) -> Value:
    """``input.flatten(start_dim, end_dim)``."""
    if surely_no_tensor(input):
        raise _lacks(cx, input, "flatten")
    return cx.rule("torch.flatten", input, self.fields["start_dim"], self.fields["end_dim"])


@rule("torch.nn.Unflatten.__init__")
def unflatten_init(cx: Context, self: Instance, dim: Value, unflattened_size: Value) -> Value:
    """The sizes into which one axis is cut."""
    from foreshape.domain.values import DictValue, Sequence
    from foreshape.semantics.torch.nn.base import ints_of

    init_module(cx, self)
    items = ints_of(unflattened_size)
    if as_dim(dim) is not None and isinstance(unflattened_size, (Const, DictValue)):
        kind = python_type(unflattened_size)
        message = f"unflattened_size must be a tuple of ints, but found type {kind}"
        raise invalid(cx, "TypeError", message, "unflattened_size", kind, unflattened_size)
    for place, item in enumerate(items or ()):
        if isinstance(item, (Const, Typed, Sequence)) and python_type(item) not in ("int", "bool"):
            message = (
                f"unflattened_size must be tuple of ints, but found element of type {python_type(item)} at pos {place}"
            )
            raise invalid(cx, "TypeError", message, "unflattened_size", cx.text(item), item)
    kept(cx, self, dim=dim, unflattened_size=unflattened_size)
    return NONE


@forward_rule("torch.nn.Unflatten.forward")
def unflatten_forward(cx: Context, self: Instance, input: Value) -> Value:
    """``input.unflatten(dim, sizes)``."""
    if surely_no_tensor(input):
        raise _lacks(cx, input, "unflatten")
    return cx.rule("torch.unflatten", input, self.fields["dim"], self.fields["unflattened_size"])


def _lacks(cx: Context, value: Value, name: str) -> Fault:
    from foreshape.faults.missing_attribute import MissingAttribute

    kind = python_type(value)
    message = f"'{kind}' object has no attribute '{name}'"
    return MissingAttribute(error(cx, "AttributeError", message), values=(value,), owner=kind, attribute=name)
