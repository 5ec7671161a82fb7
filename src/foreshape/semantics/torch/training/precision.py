"""Mixed precision: ``autocast`` and ``GradScaler``.

https://docs.pytorch.org/docs/stable/amp.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import (
    Array,
    Const,
    Function,
    Instance,
    LibraryRef,
    Typed,
    Value,
    as_bool,
    as_str,
)
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.support import dtype_of, given, invalid

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/amp.html"
AUTOCAST: Final = library_type("torch.autocast")
SCALER: Final = library_type("torch.amp.GradScaler")
for _name in ("torch.cuda.amp.GradScaler", "torch.amp.grad_scaler.GradScaler", "torch.cpu.amp.GradScaler"):
    library_type(_name, SCALER)
KEY: Final = "autocast"
DEVICES: Final = ("cuda", "cpu", "xpu", "mps", "hpu", "xla", "mtia", "ipu", "maia", "privateuseone")


def casting(cx: Context) -> tuple[str, str | None] | None:
    """The kind of device and the dtype (None: not known) that matrix products are made in now; None outside of
    ``autocast``."""
    found: tuple[str, str | None] | None = cx.state("torch").fields.get(KEY)
    return found


def _autocast(cx: Context, device: str | None, dtype: Value | None, enabled: Value | None) -> Instance:
    wanted = dtype_of(dtype) if given(dtype) else {"cuda": "float16", "cpu": "bfloat16"}.get(device or "")
    on = as_bool(enabled) if given(enabled) else True
    mode = None if on is False else (device or "?", wanted if on else None)
    return Instance(LibraryRef(AUTOCAST), {"~mode": mode})


@rule("torch.autocast", "torch.amp.autocast", "torch.amp.autocast_mode.autocast", doc=DOC)
def autocast(
    cx: Context,
    device_type: Value,
    dtype: Value | None = None,
    enabled: Value | None = None,
    cache_enabled: Value | None = None,
) -> Value:
    """A mode in which products are made in half precision. RuntimeError for a device that is none."""
    device = as_str(device_type)
    if device is not None and device.partition(":")[0] not in DEVICES:
        cx.call(LibraryRef("torch.device"), (device_type,))
        message = f"User specified an unsupported autocast device_type '{device}'"
        if device.partition(":")[0] in ("meta", "vulkan", "opengl"):
            raise invalid(cx, "RuntimeError", message, "device_type", device)
    if isinstance(device_type, (Const, Function)) and device is None:
        kind = type(device_type.value).__name__ if isinstance(device_type, Const) else "function"
        message = f"Expected `device_type` of type `str`, got: `<class '{kind}'>`"
        raise invalid(cx, "ValueError", message, "device_type", kind)
    return _autocast(cx, device, dtype, enabled)


@rule("torch.cuda.amp.autocast", "torch.cuda.amp.autocast_mode.autocast", doc=DOC)
def cuda_autocast(
    cx: Context, enabled: Value | None = None, dtype: Value | None = None, cache_enabled: Value | None = None
) -> Value:
    """For tensors on a GPU."""
    return _autocast(cx, "cuda", dtype, enabled)


@rule("torch.cpu.amp.autocast", doc=DOC)
def cpu_autocast(
    cx: Context, enabled: Value | None = None, dtype: Value | None = None, cache_enabled: Value | None = None
) -> Value:
    """For tensors on the CPU."""
    return _autocast(cx, "cpu", dtype, enabled)


@rule(f"{AUTOCAST}.__enter__")
def enter(cx: Context, self: Instance) -> Value:
    """The mode holds from here on."""
    cx.set(self, "~before", casting(cx))
    cx.set(cx.state("torch"), KEY, self.fields.get("~mode"))
    return self


@rule(f"{AUTOCAST}.__exit__")
def leave(cx: Context, self: Instance, *args: Value) -> Value:
    """What held before holds again."""
    cx.set(cx.state("torch"), KEY, self.fields.get("~before"))
    return Const(False)


@rule(f"{AUTOCAST}.__call__")
def decorate(cx: Context, self: Instance, func: Value) -> Value:
    """As a decorator."""
    if isinstance(func, Function):
        made = func.again()
        made.within = self
        return made
    return func


@rule("torch.is_autocast_enabled", "torch.is_autocast_cpu_enabled")
def is_autocast_enabled(cx: Context, device_type: Value | None = None) -> Value:
    """Whether the mode holds."""
    return Const(False) if casting(cx) is None else Typed("bool")


@rule("torch.amp.custom_fwd", "torch.amp.custom_bwd", "torch.cuda.amp.custom_fwd", "torch.cuda.amp.custom_bwd")
def custom(cx: Context, fwd: Value | None = None, **kwargs: Value) -> Value:
    """The function itself."""
    return fwd if fwd is not None else LibraryRef("torch.amp.custom_fwd")


# -- scaling -----------------------------------------------------------------------------------------------------------


@rule(f"{SCALER}.__init__", doc=DOC)
def scaler_init(
    cx: Context,
    self: Instance,
    device: Value | None = None,
    init_scale: Value | None = None,
    growth_factor: Value | None = None,
    backoff_factor: Value | None = None,
    growth_interval: Value | None = None,
    enabled: Value | None = None,
) -> Value:
    """Settings."""
    return Const(None)


@rule("torch.cuda.amp.GradScaler.__init__", "torch.cpu.amp.GradScaler.__init__", doc=DOC)
def cuda_scaler_init(
    cx: Context,
    self: Instance,
    init_scale: Value | None = None,
    growth_factor: Value | None = None,
    backoff_factor: Value | None = None,
    growth_interval: Value | None = None,
    enabled: Value | None = None,
) -> Value:
    """Settings."""
    return Const(None)


@rule(f"{SCALER}.scale", doc=DOC)
def scale(cx: Context, self: Instance, outputs: Value) -> Value:
    """The same tensors, larger."""
    if isinstance(outputs, Array):
        return outputs.replace(lo=None, hi=None, data=None, meta=outputs.meta)
    return outputs


@rule(f"{SCALER}.step", doc=DOC)
def scaler_step(cx: Context, self: Instance, optimizer: Value, *args: Value, **kwargs: Value) -> Value:
    """A step of the optimizer."""
    return cx.call_method(optimizer, "step", args, kwargs) if isinstance(optimizer, Instance) else Const(None)


@rule(f"{SCALER}.update", f"{SCALER}.unscale_", f"{SCALER}.load_state_dict", doc=DOC)
def scaler_update(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Changes no shape."""
    return Const(None)


@rule(f"{SCALER}.get_scale", doc=DOC)
def get_scale(cx: Context, self: Instance) -> Value:
    """A number."""
    return Typed("float")


@rule(f"{SCALER}.is_enabled", doc=DOC)
def is_enabled(cx: Context, self: Instance) -> Value:
    """A bool."""
    return Typed("bool")


@rule(f"{SCALER}.state_dict", doc=DOC)
def scaler_state(cx: Context, self: Instance) -> Value:
    """What it remembers."""
    return cx.unknown("what the scaler remembers")
