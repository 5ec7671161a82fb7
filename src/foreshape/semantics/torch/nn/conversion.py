"""``to``, ``cuda``, ``half`` and the like: the parameters and buffers of a module on another device, of another dtype."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Instance, Value, as_str, is_none
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import own_buffers, own_parameters, walk
from foreshape.semantics.torch.support import CPU, device_name, device_of, dtype_of, error
from foreshape.semantics.torch.types import check_device

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

REAL = ("float16", "bfloat16", "float32", "float64", "complex64", "complex128", "complex32")


def convert(cx: Context, self: Instance, change: Callable[[Array], Array], parameters_only: bool = False) -> None:
    """Replace every parameter and buffer; one that is shared stays shared."""
    made: dict[int, Array] = {}
    for _, inner in walk(self):
        held: list[tuple[str, Value]] = list(own_parameters(inner))
        if not parameters_only:
            held.extend(own_buffers(inner))
        for name, value in held:
            if not isinstance(value, Array):
                continue
            after = made.get(id(value))
            if after is None:
                after = made[id(value)] = change(value)
                after.origin = value.origin
            cx.set(inner, name, after)


def moved(value: Array, dtype: str | None, device: str | None, cast: bool, move: bool) -> Array:
    """A float tensor takes the dtype, any tensor the device."""
    meta = dict(value.meta)
    if move:
        meta.pop("device", None)
        if device not in (None, CPU):
            meta["device"] = device
    kept = value.dtype if not cast or (value.dtype is not None and value.dtype not in REAL) else dtype
    return value.replace(dtype=kept, meta=meta)


@rule("torch.nn.Module.to")
def module_to(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """``to(device)``, ``to(dtype)``, ``to(device, dtype)``, ``to(tensor)``: in place. Integers keep their dtype."""
    dtype: str | None = None
    device: str | None = None
    cast = move = False
    for value in (*args[:2], kwargs.get("device"), kwargs.get("dtype"), kwargs.get("tensor")):
        if value is None or is_none(value):
            continue
        if isinstance(value, Array):
            dtype, device, cast, move = value.dtype, device_of(value), True, True
            continue
        named = dtype_of(value)
        if named is not None:
            dtype, cast = named, True
        else:
            check_device(cx, as_str(value))
            device, move = device_name(value), True
    if cast and dtype is not None and dtype not in REAL:
        from foreshape.faults.dtype_mismatch import DtypeMismatch

        message = f"nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.{dtype}"
        raise DtypeMismatch(
            error(cx, "TypeError", message), values=(self,), recover=self, taker="Module.to", got=(dtype,), wanted=None
        )
    if cast or move:
        convert(cx, self, lambda value: moved(value, dtype, device, cast, move))
    return self


def _casting(name: str, dtype: str) -> None:
    @rule(f"torch.nn.Module.{name}")
    def cast(cx: Context, self: Instance) -> Value:
        """Every float parameter and buffer takes this dtype, in place."""
        convert(cx, self, lambda value: moved(value, dtype, None, True, False))
        return self


for _name, _dtype in (("half", "float16"), ("float", "float32"), ("double", "float64"), ("bfloat16", "bfloat16")):
    _casting(_name, _dtype)


@rule("torch.nn.Module.type")
def module_type(cx: Context, self: Instance, dst_type: Value) -> Value:
    """Every parameter and buffer, integers too, takes this dtype."""
    dtype = dtype_of(dst_type)
    convert(cx, self, lambda value: value.replace(dtype=dtype))
    return self


@rule("torch.nn.Module.cuda")
def module_cuda(cx: Context, self: Instance, device: Value | None = None) -> Value:
    """On the GPU."""
    convert(cx, self, lambda value: moved(value, None, "cuda", False, True))
    return self


@rule("torch.nn.Module.cpu")
def module_cpu(cx: Context, self: Instance) -> Value:
    """On the CPU."""
    convert(cx, self, lambda value: moved(value, None, None, False, True))
    return self


@rule("torch.nn.Module.to_empty")
def module_to_empty(cx: Context, self: Instance, *, device: Value, recurse: Value | None = None) -> Value:
    """On a device, with values that mean nothing."""
    where = device_name(device)
    convert(cx, self, lambda value: moved(value, None, where, False, True))
    return self
