"""Whether operations are recorded for gradients: ``no_grad`` and its kin, as context managers, decorators and calls.

https://docs.pytorch.org/docs/stable/autograd.html#locally-disabling-gradient-computation
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import (
    ClassValue,
    Const,
    Function,
    Instance,
    LibraryRef,
    Typed,
    Value,
    as_bool,
)
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

KEY: Final = "grad_enabled"
NO_GRAD: Final = ("torch.no_grad", "torch.autograd.no_grad", "torch.autograd.grad_mode.no_grad")
ENABLE: Final = ("torch.enable_grad", "torch.autograd.enable_grad", "torch.autograd.grad_mode.enable_grad")
INFERENCE: Final = ("torch.inference_mode", "torch.autograd.inference_mode", "torch.autograd.grad_mode.inference_mode")
SET: Final = (
    "torch.set_grad_enabled",
    "torch.autograd.set_grad_enabled",
    "torch.autograd.grad_mode.set_grad_enabled",
)
ALL: Final = (*NO_GRAD, *ENABLE, *INFERENCE, *SET)
for _name in ALL:
    library_type(_name)


def recording(cx: Context) -> bool | None:
    """Whether operations are recorded now; None where that is not known."""
    found: bool | None = cx.state("torch").fields.get(KEY, True)
    return found


def _wrap(self: Instance, function: Value) -> Value:
    """The same function, in this mode whenever it is called."""
    if isinstance(function, Function):
        made = function.again()
        made.within = self
        return made
    return function


def _made(name: str, wanted: bool | None, function: Value | None) -> Value:
    """A mode, or the function that it decorates (``@torch.no_grad`` is as good as ``@torch.no_grad()``)."""
    mode = Instance(LibraryRef(name), {"~mode": wanted})
    return _wrap(mode, function) if isinstance(function, Function) else mode


@rule(*NO_GRAD)
def no_grad(cx: Context, orig_func: Value | None = None) -> Value:
    """Nothing is recorded."""
    return _made(NO_GRAD[0], False, orig_func)


@rule(*ENABLE)
def enable_grad(cx: Context, orig_func: Value | None = None) -> Value:
    """Operations are recorded."""
    return _made(ENABLE[0], True, orig_func)


@rule(*INFERENCE)
def inference_mode(cx: Context, mode: Value | None = None) -> Value:
    """Nothing is recorded; ``inference_mode(False)`` leaves things as they are."""
    if mode is None or isinstance(mode, Function):
        return _made(NO_GRAD[0], False, mode)
    wanted = as_bool(mode)
    return Instance(LibraryRef(INFERENCE[0]), {"~mode": False if wanted else None, "~keep": wanted is False})


@rule(*(f"{name}.__init__" for name in SET))
def set_init(cx: Context, self: Instance, mode: Value) -> Value:
    """Takes effect at once."""
    wanted = as_bool(mode)
    cx.set(self, "~mode", wanted)
    cx.set(self, "~before", recording(cx))
    cx.set(cx.state("torch"), KEY, wanted)
    return Const(None)


@rule(*(f"{name}.__enter__" for name in ALL))
def enter(cx: Context, self: Instance) -> Value:
    """The mode holds from here on."""
    if not self.cls.name.endswith("set_grad_enabled") or "~entered" in self.fields:
        cx.set(self, "~before", recording(cx))
    cx.set(self, "~entered", True)
    if not self.fields.get("~keep"):
        cx.set(cx.state("torch"), KEY, self.fields.get("~mode"))
    return Const(None)


@rule(*(f"{name}.__exit__" for name in ALL))
def leave(cx: Context, self: Instance, *args: Value) -> Value:
    """What held before holds again."""
    cx.set(cx.state("torch"), KEY, self.fields.get("~before", True))
    return Const(False)


@rule(*(f"{name}.__call__" for name in ALL))
def decorate(cx: Context, self: Instance, func: Value) -> Value:
    """As a decorator: the mode holds in every call."""
    if self.cls.name.endswith("set_grad_enabled"):  # made to decorate, it takes no effect before
        cx.set(cx.state("torch"), KEY, self.fields.get("~before", True))
    if isinstance(func, ClassValue):
        return func
    return _wrap(self, func)


@rule("torch.is_grad_enabled")
def is_grad_enabled(cx: Context) -> Value:
    """Whether operations are recorded."""
    found = recording(cx)
    return Typed("bool") if found is None else Const(found)


@rule("torch.is_inference_mode_enabled")
def is_inference(cx: Context) -> Value:
    """Whether ``inference_mode`` holds."""
    return Typed("bool") if recording(cx) is not True else Const(False)


# -- detecting ---------------------------------------------------------------------------------------------------------

DETECTING: Final = (
    "torch.autograd.detect_anomaly",
    "torch.autograd.set_detect_anomaly",
    "torch.autograd.anomaly_mode.detect_anomaly",
    "torch.autograd.anomaly_mode.set_detect_anomaly",
    "torch.autograd.graph.save_on_cpu",
    "torch.autograd.graph.saved_tensors_hooks",
    "torch.autograd.profiler.profile",
    "torch.autograd.profiler.record_function",
    "torch.autograd.profiler.emit_nvtx",
    "torch.autograd.set_multithreading_enabled",
    "torch.nn.parallel.no_sync",
)
for _name in DETECTING:
    library_type(_name)


@rule(*(f"{name}.__init__" for name in DETECTING))
def detecting_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Changes no shape."""
    return Const(None)


@rule(*(f"{name}.__enter__" for name in DETECTING))
def detecting_enter(cx: Context, self: Instance) -> Value:
    """Itself."""
    return self


@rule(*(f"{name}.__exit__" for name in DETECTING))
def detecting_leave(cx: Context, self: Instance, *args: Value) -> Value:
    """Changes no shape."""
    return Const(False)
