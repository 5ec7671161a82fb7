"""``tf.function``, ``tf.GradientTape``, ``tf.Module``, and what only configures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Const,
    Function,
    Instance,
    LibraryRef,
    Partial,
    Sequence,
    Value,
    is_none,
)
from foreshape.semantics.keras.structure import mapped
from foreshape.semantics.registry import library_type, rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type("tensorflow.GradientTape")
library_type("tensorflow.Module")
library_type("tensorflow.summary.SummaryWriter")


@rule("tensorflow.function")
def function(cx: Context, func: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """The function, run as a graph. With settings only, a decorator."""
    if isinstance(func, Function):
        made = Function(func.node, func.scope, func.defaults, func.kw_defaults, func.owner)
        made.wrapper = "graph" if func.wrapper is None else func.wrapper
        return made
    if isinstance(func, (BoundMethod, Partial, Instance)):
        return func
    if func is None:
        return LibraryRef("tensorflow.function")
    return cx.unknown("a function that is run by TensorFlow")


@rule("tensorflow.function.__call__")
def run_function(cx: Context, func: Value, *args: Value, **kwargs: Value) -> Value:
    """Traces a function: what shapes forbid is a ValueError, at the line of the call."""
    state = cx.state("keras")
    outer = state.fields.get("symbolic")
    cx.set(state, "symbolic", True)
    try:
        with cx.opaque():
            return cx.call(func, args, kwargs)
    finally:
        cx.set(state, "symbolic", outer)


@rule("tensorflow.py_function", "tensorflow.numpy_function", "tensorflow.autograph.experimental.do_not_convert")
def outside(cx: Context, func: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """Python code inside of a graph."""
    if isinstance(func, (Function, BoundMethod)) and not args:
        return func
    return cx.unknown("a function that is run by TensorFlow")


@rule("tensorflow.GradientTape.__init__")
def tape_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Settings."""
    return Const(None)


@rule("tensorflow.GradientTape.__enter__")
def tape_enter(cx: Context, self: Instance) -> Value:
    """The tape."""
    return self


@rule("tensorflow.GradientTape.__exit__", "tensorflow.GradientTape.watch", "tensorflow.GradientTape.reset",
      "tensorflow.GradientTape.stop_recording")  # fmt: skip
def tape_nothing(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """What changes no shape."""
    return Const(None)


@rule("tensorflow.GradientTape.gradient")
def gradient(cx: Context, self: Instance, target: Value, sources: Value, *args: Value, **kwargs: Value) -> Value:
    """One gradient per source, of its shape."""

    def one(leaf: Value) -> Value:
        if isinstance(leaf, Array):
            return Array("tensorflow", leaf.shape, leaf.dtype)
        return cx.unknown("the gradient of something that is not a tensor")

    return mapped(one, sources)


@rule("tensorflow.Module.__init__")
def module_init(cx: Context, self: Instance, name: Value | None = None) -> Value:
    """A container of variables."""
    return Const(None)


@rule("tensorflow.config.list_physical_devices", "tensorflow.config.experimental.list_physical_devices",
      "tensorflow.config.list_logical_devices")  # fmt: skip
def devices(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """A list whose length depends on the machine."""
    from foreshape.domain.contents import Run

    return Sequence("list", Contents((Run(cx.fresh(lo=0), cx.unknown("a device")),)))


@rule("tensorflow.test.is_gpu_available", "tensorflow.executing_eagerly", "tensorflow.test.is_built_with_cuda")
def question(cx: Context, *args: Value, **kwargs: Value) -> Value:
    """Depends on the machine."""
    from foreshape.domain.values import Typed

    return Typed("bool")


library_type("tensorflow.device")
library_type("tensorflow.name_scope")


@rule("tensorflow.device.__init__", "tensorflow.name_scope.__init__")
def scope_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A scope."""
    return Const(None)


@rule("tensorflow.device.__enter__", "tensorflow.name_scope.__enter__")
def scope_enter(cx: Context, self: Instance) -> Value:
    """A scope."""
    return self


@rule("tensorflow.device.__exit__", "tensorflow.name_scope.__exit__")
def scope_exit(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """A scope ends."""
    return Const(None)


__all__ = ["is_none"]
