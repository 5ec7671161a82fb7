"""Tensors of Python values and arrays: ``torch.tensor``, ``as_tensor``, ``from_numpy`` and the old constructors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.dtype import integer_range
from foreshape.domain.values import Array, Sequence, Unknown, Value
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.convert import converted, from_array
from foreshape.semantics.torch.creation import made, size_argument
from foreshape.semantics.torch.declare import op
from foreshape.semantics.torch.support import (
    default_dtype,
    device_of,
    dtype_argument,
    error,
    given,
    is_complex,
    is_floating,
    is_integral,
    open_dtype,
    python_type,
    size_of,
    surely_no_tensor,
    tensor,
    unknown_tensor,
    varargs,
    weak_dtype,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


@rule("torch.tensor", doc="https://docs.pytorch.org/docs/stable/generated/torch.tensor.html")
def tensor_rule(
    cx: Context, data: Value, *, dtype: Value | None = None, device: Value | None = None,
    requires_grad: Value | None = None, pin_memory: Value | None = None, names: Value | None = None,
) -> Value:  # fmt: skip
    """A copy. ValueError for lists of unequal lengths and for tensors of several elements in a list, TypeError for
    text, RuntimeError for None and other objects."""
    wanted = dtype_argument(cx, dtype, None, "tensor")
    x = converted(cx, data, wanted, "tensor")
    if (
        x is not None
        and is_complex(x.dtype)
        and wanted is not None
        and not is_complex(wanted)
        and not isinstance(data, Array)
    ):
        raise must_be_real(cx, data)
    if x is None:
        return _like_unknown(cx, data, dtype, wanted)
    where: Value | str | None = device
    if not given(device) and isinstance(data, Array) and data.kind == "torch":
        where = device_of(data)
    found_dtype = None if open_dtype(dtype) else wanted or x.dtype
    x = stored(cx, x, found_dtype, isinstance(data, Array))
    found = made(
        cx, "tensor", x.shape, found_dtype, device=where, requires_grad=requires_grad, lo=x.lo, hi=x.hi, data=x.data
    )
    if x.roles is not None:
        found = found.replace(roles=x.roles)
    found.tainted = found.tainted or x.tainted or data.tainted
    return found


def stored(cx: Context, x: Array, dtype: str | None, cast: bool) -> Array:
    """The values as the dtype holds them. RuntimeError for Python ints that it does not hold."""
    if dtype is None or dtype == x.dtype:
        return x
    limits = integer_range(dtype) if dtype != "bool" else None
    if limits is not None and is_integral(x.dtype) and not cast:
        for item in x.data or ():
            if isinstance(item, int) and not limits[0] <= item <= limits[1]:
                from foreshape.faults.value_conversion import ValueConversion

                message = f"value cannot be converted to type {dtype} without overflow"
                raise ValueConversion(error(cx, "RuntimeError", message), values=(x,), value=str(item), wanted=dtype)
    from foreshape.semantics.torch.views import cast as cast_to

    return cast_to(cx, x, dtype)


def must_be_real(cx: Context, data: Value) -> Exception:
    """Complex numbers in a real dtype."""
    from foreshape.faults.unsupported_data import UnsupportedData

    message = "must be real number, not complex"
    return UnsupportedData(error(cx, "TypeError", message), values=(data,), taker="tensor", given="complex")


def _like_unknown(cx: Context, data: Value, dtype: Value | None, wanted: str | None) -> Value:
    """Data that nothing is known about still gives a tensor; only its dtype may be known."""
    if isinstance(data, Unknown) and wanted is not None:
        found = tensor(cx, None, wanted)
        found.tainted = data.tainted
        return found
    return unknown_tensor(cx, data)


@rule("torch.asarray")
def asarray(
    cx: Context, obj: Value, *, dtype: Value | None = None, device: Value | None = None, copy: Value | None = None,
    requires_grad: Value | None = None,
) -> Value:  # fmt: skip
    """As ``torch.as_tensor``, without the history of a tensor."""
    from foreshape.semantics.torch.attributes import detached

    found = as_tensor_rule(cx, obj, dtype, device)
    if isinstance(found, Array) and found.kind == "torch":
        found = detached(cx, found)
        if given(requires_grad) and getattr(requires_grad, "value", False):
            return cx.call_method(found, "requires_grad_")
    return found


@rule("torch.as_tensor")
def as_tensor_rule(cx: Context, data: Value, dtype: Value | None = None, device: Value | None = None) -> Value:
    """As ``torch.tensor``, but a tensor that fits is returned itself."""
    wanted = dtype_argument(cx, dtype, None, "as_tensor")
    if isinstance(data, Array) and data.kind == "torch":
        if (wanted in (None, data.dtype)) and not open_dtype(dtype) and not given(device):
            return data
        return cx.rule("torch.Tensor.to", data, **{k: v for k, v in (("dtype", dtype), ("device", device)) if v})
    return tensor_rule(cx, data, dtype=dtype, device=device)


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
        return legacy(cx, name, dtype, args)


for _name, _dtype in LEGACY.items():
    _legacy(_name, _dtype)


@rule("torch.Tensor")
def tensor_class(cx: Context, *args: Value, device: Value | None = None) -> Value:
    """The class called as a constructor: ``torch.Tensor(2, 3)`` and ``torch.Tensor([1, 2])``."""
    if args and isinstance(args[0], Array) and args[0].kind == "torch":
        return args[0].replace(meta=dict(args[0].meta))
    return legacy(cx, "Tensor", default_dtype(cx), args)


def _written_out(value: Value) -> bool:
    """Whether a tuple is one that the program writes as such."""
    return value.origin is not None and type(value.origin.node).__name__ == "Tuple"


def legacy(cx: Context, name: str, dtype: str, args: tuple[Value, ...]) -> Value:
    """What the old constructors make."""
    first = args[0] if args else None
    if first is None:
        return made(cx, name, (0,), dtype)
    if size_of(cx, first) is not None and not isinstance(first, Array):
        return made(cx, name, size_argument(cx, name, varargs(cx, name, args)), dtype)
    if weak_dtype(first) is not None:
        from foreshape.faults.unsupported_data import UnsupportedData

        message = f"new(): data must be a sequence (got {python_type(first)})"
        raise UnsupportedData(error(cx, "TypeError", message), values=(first,), taker=name, given=python_type(first))
    if isinstance(first, Sequence) and first.kind == "tuple" and not _written_out(first):
        return made(cx, name, None, dtype)  # a torch.Size is a shape here, any other tuple is data
    x = converted(cx, first, dtype, name)
    if x is None:
        return _like_unknown(cx, first, None, dtype)
    if isinstance(first, Array) and first.kind == "torch" and first.dtype is not None and first.dtype != dtype:
        from foreshape.semantics.torch.support import wrong_dtype

        message = f"expected a tensor of {dtype} (got {first.dtype})"
        raise wrong_dtype(cx, "TypeError", message, name, first, wanted=dtype)
    kept = is_integral(x.dtype) or is_floating(dtype)
    return made(
        cx, name, x.shape, dtype, lo=x.lo if kept else None, hi=x.hi if kept else None,
        data=x.data if x.dtype == dtype else None,
    )  # fmt: skip


@op("new_tensor", function=False)
def new_tensor(
    cx: Context, input: Array, data: Value, *, dtype: Value | None = None, device: Value | None = None,
    requires_grad: Value | None = None, layout: Value | None = None, pin_memory: Value | None = None,
) -> Value:  # fmt: skip
    """Of these values, of the dtype and device of another tensor."""
    wanted = dtype_argument(cx, dtype, input.dtype, "new_tensor")
    x = converted(cx, data, wanted, "new_tensor")
    if x is None:
        return _like_unknown(cx, data, dtype, wanted)
    kept = is_integral(x.dtype) or is_floating(wanted)
    return made(
        cx, "new_tensor", x.shape, wanted, device=device, requires_grad=requires_grad, lo=x.lo if kept else None,
        hi=x.hi if kept else None, like=input,
    )  # fmt: skip


@rule("torch.Tensor.new")
def new(cx: Context, self: Array, *args: Value, device: Value | None = None) -> Value:
    """What the constructor of its own type makes: of sizes, with nothing in it, or of values."""
    return legacy(cx, "new", self.dtype or default_dtype(cx), args)
