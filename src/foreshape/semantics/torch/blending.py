"""Several tensors element by element: where, clamp, lerp, addcmul, addcdiv."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Const, Value
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.elementwise import is_scalar_operand, operand, refused_by, result_of
from foreshape.semantics.torch.strides import result_strides
from foreshape.semantics.torch.support import (
    broadcast,
    check_devices,
    given,
    invalid,
    is_complex,
    is_floating,
    is_integral,
    is_number,
    not_implemented,
    scalar_name,
    tensor,
    unknown_tensor,
    wrong_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def several(cx: Context, taker: str, dtype: str | None, *operands: Array) -> Array:
    """The result of an elementwise function of several operands."""
    check_devices(cx, taker, *(one for one in operands if not is_scalar_operand(one)))
    shape = broadcast(cx, taker, *operands, recover=tensor(cx, None, dtype, *operands))
    wider = next((one for one in operands if one.shape == shape and one.roles is not None), None)
    return tensor(
        cx, shape, dtype, *operands, roles=None if wider is None else wider.roles,
        strides=result_strides(cx, shape, operands),
    )  # fmt: skip


# -- where ---------------------------------------------------------------------------------------------------------------


@op("where", method=False)
def where(
    cx: Context, condition: Value, input: Value | None = None, other: Value | None = None, *, out: Value | None = None
) -> Value:
    """Elements of one or the other, promoted; of a condition alone the indices where it holds."""
    mask = operand(cx, "where", condition, "condition", 1, number=False)
    if mask is None:
        return unknown_tensor(cx, condition)
    if input is None or other is None:
        return cx.rule("torch.nonzero", mask, as_tuple=Const(True))
    return chosen(cx, mask, input, other)


@op("where", function=False)
def where_method(cx: Context, self: Array, condition: Array, other: Value) -> Value:
    """``x.where(condition, y)``: x where it holds."""
    return chosen(cx, condition, self, other)


def chosen(cx: Context, mask: Array, a: Value, b: Value) -> Value:
    """``torch.where(mask, a, b)``."""
    x, y = operand(cx, "where", a, "input", 2), operand(cx, "where", b, "other", 3)
    if x is None or y is None:
        shape = (
            mask.shape if mask.shape is not None and all(is_number(one) for one in (a, b) if one is not None) else None
        )
        return unknown_tensor(cx, a, b) if shape is None else tensor(cx, shape, None, mask)
    dtype = result_of(cx, x, y)
    if mask.dtype is not None and mask.dtype not in ("bool", "uint8"):
        message = (
            f"where expected condition to be a boolean tensor, but got a tensor with dtype {scalar_name(mask.dtype)}"
        )
        raise wrong_dtype(
            cx, "RuntimeError", message, "where", mask, wanted="bool", recover=several(cx, "where", dtype, mask, x, y)
        )
    made = several(cx, "where", dtype, mask, x, y)
    lo = None if x.lo is None or y.lo is None else x.lo if x.lo == y.lo else _extreme(x.lo, y.lo, min)
    hi = None if x.hi is None or y.hi is None else x.hi if x.hi == y.hi else _extreme(x.hi, y.hi, max)
    return limited(made, lo, hi)


def limited(made: Array, lo: object, hi: object) -> Array:
    """The tensor with bounds that no element need reach."""
    if lo is None and hi is None:
        return made
    return made.replace(lo=lo, hi=hi, meta={**made.meta, "loose": True})


def _extreme(a: object, b: object, pick: object) -> object:
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        return min(a, b) if pick is min else max(a, b)
    return None


# -- clamp ---------------------------------------------------------------------------------------------------------------


@op("clamp", "clip", inplace=True, inplace_function=True)
def clamp(
    cx: Context, input: Array, min: Value | None = None, max: Value | None = None, *, out: Value | None = None
) -> Value:
    """Between two bounds: numbers or tensors, promoted."""
    if not given(min) and not given(max):
        message = "torch.clamp: At least one of 'min' or 'max' must not be None"
        raise invalid(cx, "RuntimeError", message, "min", "None", input, recover=input)
    bounds: list[Array] = []
    for name, value in (("min", min), ("max", max)):
        if value is None or not given(value):
            continue
        bound = operand(cx, "clamp", value, name, 2 if name == "min" else 3)
        if bound is None:
            return unknown_tensor(cx, value)
        bounds.append(bound)
    if len({is_scalar_operand(bound) for bound in bounds}) > 1:
        message = "clamp() received an invalid combination of arguments"
        raise invalid(cx, "TypeError", message, "max", cx.text(max), input, recover=input)
    dtype = result_of(cx, input, *bounds)
    if is_complex(dtype):
        message = "clamp is not supported for complex types"
        raise wrong_dtype(cx, "NotImplementedError", message, "clamp", input, recover=input)
    made = several(cx, "clamp", dtype, input, *bounds)
    lo, hi = input.lo, input.hi
    if given(min) and bounds[0].lo is not None:
        lo = bounds[0].lo if lo is None or not _above(lo, bounds[0].lo) else lo
        hi = None if hi is None or not _above(hi, bounds[0].hi) else hi
    if given(max) and bounds[-1].hi is not None:
        hi = bounds[-1].hi if hi is None or not _above(bounds[-1].hi, hi) else hi
        lo = None if lo is None or not _above(bounds[-1].lo, lo) else lo
    met = lo is not None and hi is not None and input.lo is not None and input.hi is not None
    if met and not input.meta.get("loose") and all(is_scalar_operand(bound) for bound in bounds):
        return made.replace(lo=lo, hi=hi)  # the ends of what it is given stay its ends
    return limited(made, lo, hi)


def _above(a: object, b: object) -> bool:
    return isinstance(a, (int, float)) and isinstance(b, (int, float)) and a >= b


def _one_bound(name: str, kernel: str) -> None:
    @op(name, inplace=True, inplace_function=True)
    def run(cx: Context, input: Array, bound: Value, *, out: Value | None = None) -> Value:
        """One bound: a number or a tensor."""
        from foreshape.semantics.torch.elementwise import combined

        found = operand(cx, name, bound, name[-3:])
        return unknown_tensor(cx, bound) if found is None else combined(cx, name, input, found)


for _name in ("clamp_min", "clamp_max"):
    _one_bound(_name, _name)


# -- three operands ------------------------------------------------------------------------------------------------------


@op("lerp", inplace=True)
def lerp(cx: Context, input: Array, end: Array, weight: Value, *, out: Value | None = None) -> Value:
    """Between two tensors of one dtype; the weight is a number or a tensor. Floats only."""
    found = operand(cx, "lerp", weight, "weight", 3)
    if found is None:
        return unknown_tensor(cx, weight)
    for name, one in (("end", end), ("weight", found)):
        if is_scalar_operand(one) or one.dtype is None or input.dtype is None or one.dtype == input.dtype:
            continue
        if name == "weight" and one.shape == () and is_floating(one.dtype):
            continue
        message = f"expected dtype {c_name(input.dtype)} for `{name}` but got dtype {c_name(one.dtype)}"
        raise wrong_dtype(cx, "RuntimeError", message, "lerp", one, input, wanted=input.dtype)
    if refused_by("bih", input, input.dtype):
        kernel = "lerp_kernel_scalar" if is_scalar_operand(found) else "lerp_kernel_tensor"
        raise not_implemented(cx, kernel, input, "lerp")
    return several(cx, "lerp", input.dtype or end.dtype, input, end, found)


C_NAMES = {
    "float32": "float", "float64": "double", "float16": "c10::Half", "bfloat16": "c10::BFloat16", "int64": "long int",
    "int32": "int", "int16": "short int", "int8": "signed char", "uint8": "unsigned char", "bool": "bool",
    "complex64": "c10::complex<float>", "complex128": "c10::complex<double>",
}  # fmt: skip


def c_name(dtype: str) -> str:
    """A dtype as C++ spells it."""
    return C_NAMES.get(dtype, dtype)


def _check_value(cx: Context, taker: str, value: Value | None, dtype: str | None) -> None:
    if isinstance(value, Const) and isinstance(value.value, float) and is_integral(dtype):
        message = "For integral input tensors, argument value must not be a floating point number."
        raise invalid(cx, "RuntimeError", message, "value", value.value)


@op("addcmul", inplace=True)
def addcmul(
    cx: Context, input: Array, tensor1: Array, tensor2: Array, *, value: Value | None = None, out: Value | None = None
) -> Value:
    """``input + value * tensor1 * tensor2``."""
    dtype = result_of(cx, input, tensor1, tensor2)
    if refused_by("b", input, dtype):
        raise not_implemented(cx, "addcmul_cpu_out", input, "addcmul")
    return several(cx, "addcmul", dtype, input, tensor1, tensor2)


@op("addcdiv", inplace=True)
def addcdiv(
    cx: Context, input: Array, tensor1: Array, tensor2: Array, *, value: Value | None = None, out: Value | None = None
) -> Value:
    """``input + value * tensor1 / tensor2``. RuntimeError for two integer tensors."""
    dtype = result_of(cx, input, tensor1, tensor2)
    if is_integral(tensor1.dtype) and is_integral(tensor2.dtype):
        message = (
            "Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true "
            "division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as (input + value * "
            "torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / tensor2) "
            "for float inputs. The future addcdiv behavior is just the latter implementation: (input + value * tensor1 / "
            "tensor2), for all dtypes."
        )
        raise wrong_dtype(cx, "RuntimeError", message, "addcdiv", tensor1, tensor2)
    return several(cx, "addcdiv", dtype, input, tensor1, tensor2)
