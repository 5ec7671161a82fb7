"""What wraps a module or function and gives the same shapes: compiling, scripting, tracing, several devices.

https://docs.pytorch.org/docs/stable/torch.compiler.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.values import (
    Array,
    BoundMethod,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    LibraryRef,
    Partial,
    Sequence,
    Value,
)
from foreshape.semantics.registry import library_type, rule
from foreshape.semantics.torch.nn.base import MODULE, init_module
from foreshape.semantics.torch.support import ANY_DEVICE

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

CALLABLE: Final = (Function, BoundMethod, Instance, LibraryRef, ClassValue, Partial)
library_type("torch.jit.ScriptModule", MODULE)


@rule("torch.compile", doc="https://docs.pytorch.org/docs/stable/generated/torch.compile.html")
def compile_(
    cx: Context,
    model: Value | None = None,
    *,
    fullgraph: Value | None = None,
    dynamic: Value | None = None,
    backend: Value | None = None,
    mode: Value | None = None,
    options: Value | None = None,
    disable: Value | None = None,
    recompile_limit: Value | None = None,
) -> Value:
    """The module or function itself; without one, what decorates it. A backend of the program's own is called later."""
    if backend is not None:
        cx.forget(backend)
    return model if isinstance(model, CALLABLE) else LibraryRef("torch.compile")


@rule(
    "torch.jit.script", "torch.jit.script_if_tracing", "torch.jit.export", "torch.jit.unused", "torch.jit.interface",
    "torch.jit.script_method", "torch.jit.optimize_for_inference", "torch.jit.freeze", "torch.compiler.disable",
    "torch.compiler.allow_in_graph", "torch.fx.wrap", "torch.fx.symbolic_trace", "torch.overrides.handle_torch_function",
    "torch.quantization.quantize_dynamic", "torch.ao.quantization.quantize_dynamic", "torch.quantization.prepare",
    "torch.quantization.convert", "torch.ao.quantization.prepare", "torch.ao.quantization.convert", "torch._dynamo.disable",
)  # fmt: skip
def same(cx: Context, obj: Value | None = None, *args: Value, **kwargs: Value) -> Value:
    """The module or function itself; a module may have attributes more than it had."""
    if isinstance(obj, Instance):
        cx.set(obj, "~more", True)
    return obj if isinstance(obj, CALLABLE) else LibraryRef("torch.jit.script")


@rule("torch.jit.ignore")
def ignore(cx: Context, drop: Value | None = None, **kwargs: Value) -> Value:
    """The function itself."""
    return drop if isinstance(drop, CALLABLE) else LibraryRef("torch.jit.ignore")


@rule("torch.jit.trace", doc="https://docs.pytorch.org/docs/stable/generated/torch.jit.trace.html")
def trace(
    cx: Context,
    func: Value,
    example_inputs: Value | None = None,
    optimize: Value | None = None,
    check_trace: Value | None = None,
    check_inputs: Value | None = None,
    check_tolerance: Value | None = None,
    strict: Value | None = None,
    _force_outplace: Value | None = None,
    _module_class: Value | None = None,
    _compilation_unit: Value | None = None,
    example_kwarg_inputs: Value | None = None,
    _store_inputs: Value | None = None,
) -> Value:
    """The module itself, which is called with the examples."""
    if isinstance(example_inputs, Array):
        cx.call(func, (example_inputs,))
    elif isinstance(example_inputs, Sequence):
        items = example_inputs.contents.items(limit=64)
        if items is not None:
            cx.call(func, items)
    elif isinstance(example_kwarg_inputs, DictValue):
        named = {key: value for key, value in example_kwarg_inputs.entries.items() if isinstance(key, str)}
        cx.call(func, (), named)
    return func


@rule("torch.jit.annotate")
def annotate(cx: Context, the_type: Value, the_value: Value) -> Value:
    """The value; a list that begins empty is filled by code that is compiled."""
    if isinstance(the_value, Sequence) and the_value.contents.length == 0:
        return cx.unknown("it is filled later")
    return the_value


@rule("torch.jit.is_scripting", "torch.jit.is_tracing", "torch.compiler.is_compiling", "torch.onnx.is_in_onnx_export")
def no(cx: Context) -> Value:
    """Not here."""
    return Const(False)


@rule("torch.onnx.export", doc="https://docs.pytorch.org/docs/stable/onnx.html")
def onnx_export(cx: Context, model: Value, args: Value | None = None, *more: Value, **kwargs: Value) -> Value:
    """The model is called with the examples."""
    if isinstance(args, Array):
        cx.call(model, (args,))
    elif isinstance(args, Sequence) and args.kind == "tuple":
        items = args.contents.items(limit=64)
        if items is not None and not any(isinstance(item, DictValue) for item in items):
            cx.call(model, items)
    return cx.unknown("an exported program")


# -- several devices ---------------------------------------------------------------------------------------------------

PARALLEL: Final = ("torch.nn.DataParallel", "torch.nn.parallel.DataParallel")
DISTRIBUTED: Final = ("torch.nn.parallel.DistributedDataParallel",)
library_type(PARALLEL[0], MODULE)
library_type(PARALLEL[1], PARALLEL[0])
library_type(DISTRIBUTED[0], PARALLEL[0])


@rule(f"{PARALLEL[0]}.__init__", doc="https://docs.pytorch.org/docs/stable/generated/torch.nn.DataParallel.html")
def parallel_init(
    cx: Context,
    self: Instance,
    module: Value,
    device_ids: Value | None = None,
    output_device: Value | None = None,
    dim: Value | None = None,
    **kwargs: Value,
) -> Value:
    """A module with another one under the name ``module``."""
    init_module(cx, self)
    cx.set(self, "module", module)
    return Const(None)


@rule(f"{PARALLEL[0]}.forward")
def parallel_forward(cx: Context, self: Instance, *inputs: Value, **kwargs: Value) -> Value:
    """What the module inside gives: a batch is cut, moved to where the module is, and put together again."""
    module = self.fields.get("module")
    if not isinstance(module, Value):
        return cx.unknown("the module is not known")
    return cx.call(module, tuple(map(_moved, inputs)), {name: _moved(value) for name, value in kwargs.items()})


def _moved(value: Value) -> Value:
    """The tensor on whatever GPU there is."""
    if not isinstance(value, Array) or value.kind != "torch":
        return value
    made = value.replace(meta={**value.meta, "device": ANY_DEVICE})
    made.origin = value.origin
    return made


@rule(f"{DISTRIBUTED[0]}.no_sync")
def no_sync(cx: Context, self: Instance) -> Value:
    """A scope."""
    return Instance(LibraryRef("torch.nn.parallel.no_sync"))
