"""``torch.nn.Module``: construction, attributes, calling, hooks, modes. Follows ``torch/nn/modules/module.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.values import (
    Array,
    BoundMethod,
    ClassValue,
    Const,
    Function,
    Instance,
    LibraryRef,
    Typed,
    Unknown,
    Value,
    as_bool,
    as_str,
    is_none,
)
from foreshape.semantics.registry import attribute, library_type, rule
from foreshape.semantics.torch.nn.base import (
    BUFFER,
    FALSE,
    MODULE,
    NONE,
    TRUE,
    add_buffer,
    class_name,
    init_module,
    is_module,
    is_parameter,
    own_modules,
    walk,
)
from foreshape.semantics.torch.nn.calling import call, uninitialised
from foreshape.semantics.torch.recorded import GRADED
from foreshape.semantics.torch.support import error, invalid

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

library_type(MODULE)
library_type("torch.utils.hooks.RemovableHandle")

TENSOR_NAMES = {
    "float32": "torch.FloatTensor", "float64": "torch.DoubleTensor", "float16": "torch.HalfTensor",
    "bfloat16": "torch.BFloat16Tensor", "int64": "torch.LongTensor", "int32": "torch.IntTensor",
    "int16": "torch.ShortTensor", "int8": "torch.CharTensor", "uint8": "torch.ByteTensor",
    "bool": "torch.BoolTensor", "complex64": "torch.ComplexFloatTensor", "complex128": "torch.ComplexDoubleTensor",
}  # fmt: skip


def typename(value: Value) -> str:
    """``torch.typename(value)``."""
    if is_parameter(value):
        return "torch.nn.parameter.Parameter"
    if isinstance(value, Array):
        if value.kind == "torch":
            name = TENSOR_NAMES.get(value.dtype or "", "torch.Tensor")
            return name.replace("torch.", "torch.cuda.") if value.meta.get("device") == "cuda" else name
        return "numpy.ndarray"
    if isinstance(value, Const):
        return type(value.value).__name__
    if isinstance(value, Instance) and isinstance(value.cls, ClassValue):
        return f"__main__.{value.cls.name}"
    if isinstance(value, (Instance, LibraryRef)):
        from foreshape.semantics.torch.nn.members import full_name

        return full_name(value.cls.name if isinstance(value, Instance) else value.name)
    if isinstance(value, (ClassValue, Function)):
        return f"__main__.{value.name}"
    return str(getattr(value, "kind", "object"))


@rule("torch.nn.Module.__init__")
def module_init(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """The base class, as the program's own modules call it: it takes no arguments."""
    init_module(cx, self)
    if isinstance(self.cls, LibraryRef) and self.cls.name != MODULE:
        cx.set(self, "~open", True)  # a module of the library that is not described
        return NONE
    problem = ""
    if kwargs:
        problem = f"got an unexpected keyword argument '{next(iter(kwargs))}'"
    elif args:
        problem = f"takes 1 positional argument but {len(args) + 1} were given"
    if problem and not _mixed(self):
        from foreshape.faults.call_arguments import CallArguments

        name = f"{class_name(self)}.__init__"
        raise CallArguments(error(cx, "TypeError", f"{name}() {problem}"), callee=name, problem=problem)
    return NONE


def _mixed(self: Instance) -> bool:
    """Whether something else stands behind the module in the order of its classes, and may take the arguments."""
    return isinstance(self.cls, ClassValue) and any(
        isinstance(base, LibraryRef) and base.name not in (MODULE, "builtins.object") for base in self.cls.mro
    )


@rule("torch.nn.Module.__call__", "torch.nn.Module._call_impl")
def module_call(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Hooks and ``forward``."""
    return call(cx, self, args, kwargs)


@rule("torch.nn.Module.forward")
def module_forward(cx: Context, self: Instance, *input: Value, **kwargs: Value) -> Value:
    """Nobody has said what the module does: NotImplementedError."""
    if self.library_type != MODULE or self.fields.get("~open"):
        return cx.unknown(f"{class_name(self)} is not modelled")
    message = f'Module [{class_name(self)}] is missing the required "forward" function'
    raise invalid(cx, "NotImplementedError", message, "forward", "missing", self)


# -- attributes -------------------------------------------------------------------------------------------------------


@rule("torch.nn.Module.__setattr__")
def module_setattr(cx: Context, self: Instance, name: Value, value: Value) -> Value:
    """Parameters, modules and buffers are registered; what stands under their names cannot become anything else."""
    key = as_str(name) or ""
    before = self.fields.get(key)
    if not self.fields.get("~initialised") and not self.fields.get("~open"):
        what = "parameters" if is_parameter(value) else "module" if is_module(value) else ""
        if what and not self.tainted:
            from foreshape.faults.missing_super_init import MissingSuperInit

            self.tainted = True
            message = f"cannot assign {what} before Module.__init__() call"
            raise MissingSuperInit(
                error(cx, "AttributeError", message), values=(self,), cls=class_name(self), base="Module"
            )
        return NONE
    if isinstance(value, Array) and BUFFER in value.meta:
        add_buffer(cx, self, key, value, value.meta[BUFFER])
    if is_none(value) or isinstance(value, Unknown) or not isinstance(before, Value):
        return NONE
    if is_parameter(before) and not is_parameter(value):
        expected = "as parameter", "torch.nn.Parameter or None expected"
    elif is_module(before) and not is_module(value) and not is_parameter(value):
        expected = "as child module", "torch.nn.Module or None expected"
    elif key in self.fields.get("~buffers", ()) and not isinstance(value, Array) and not is_module(value):
        expected = "as buffer", "torch.nn.Buffer, torch.Tensor or None expected"
        if not cx.targets.at_least("torch", "2.5"):
            expected = "as buffer", "torch.Tensor or None expected"
    else:
        return NONE
    if not isinstance(value, (Array, Const, Typed, Instance)):
        return NONE
    what, wanted = expected
    message = f"cannot assign '{typename(value)}' {what} '{key}' ({wanted})"
    raise invalid(cx, "TypeError", message, "self", typename(value), value)


@rule("torch.nn.Module.train")
def module_train(cx: Context, self: Instance, mode: Value = TRUE) -> Value:
    """Sets the mode of the module and of all inside it."""
    flag = as_bool(mode)
    if isinstance(mode, Const) and not isinstance(mode.value, bool):
        raise invalid(cx, "ValueError", "training mode is expected to be boolean", "mode", mode, mode)
    uninitialised(cx, self)
    for _, inner in walk(self):
        cx.set(inner, "training", mode if flag is None else Const(flag))
    return self


@rule("torch.nn.Module.eval")
def module_eval(cx: Context, self: Instance) -> Value:
    """``train(False)``."""
    return module_train(cx, self, Const(False))


@rule("torch.nn.Module.zero_grad")
def module_zero_grad(cx: Context, self: Instance, set_to_none: Value = TRUE) -> Value:
    """Changes no shape."""
    cx.set(cx.state("torch"), GRADED, None)
    return NONE


@attribute("torch.nn.Module.__getattr__")
def module_getattr(cx: Context, self: Instance) -> Value:
    """For a class of the program that calls it; what a module has is told as of every object."""
    return BoundMethod(LibraryRef("torch.nn.Module.~named"), self)


@rule("torch.nn.Module.~named")
def module_named(cx: Context, self: Instance, name: Value) -> Value:
    """A parameter, buffer or module by its name; AttributeError where there is none."""
    word = as_str(name)
    found = self.fields.get(word) if word is not None else None
    if isinstance(found, Value):
        return found
    if word is None or self.fields.get("~open"):
        return cx.unknown("which attribute it is is not known")
    from foreshape.faults.missing_attribute import MissingAttribute

    owner = class_name(self)
    message = f"'{owner}' object has no attribute '{word}'"
    fault = MissingAttribute(error(cx, "AttributeError", message), values=(self,), owner=owner, attribute=word)
    with cx.quiet():  # a class that looks further where nothing is found is no news
        cx.report(fault)
    raise fault


@rule("torch.nn.Module.compile", "torch.nn.Module.share_memory")
def module_nothing(cx: Context, self: Instance, *args: Value, **kwargs: Value) -> Value:
    """Changes no shape."""
    return NONE


@rule("torch.nn.Module.apply")
def module_apply(cx: Context, self: Instance, fn: Value) -> Value:
    """Calls ``fn`` with every module inside, and with the module itself last."""
    for _, inner in own_modules(self):
        module_apply(cx, inner, fn)
    cx.call(fn, (self,))
    return self


@rule("torch.nn.Module.extra_repr", "torch.nn.Module.__repr__", "torch.nn.Module.__str__")
def module_text(cx: Context, self: Instance) -> Value:
    """How it is printed."""
    return Typed("str")


@rule("torch.nn.Module._get_name")
def module_name(cx: Context, self: Instance) -> Value:
    """The name of the class."""
    return Const(class_name(self))


# -- hooks ------------------------------------------------------------------------------------------------------------


def _hooked(cx: Context, self: Instance, where: str, hook: Value, with_kwargs: Value, prepend: Value) -> Value:
    handle = Instance(LibraryRef("torch.utils.hooks.RemovableHandle"), {"~module": self, "~where": where})
    held = dict(self.fields.get(where, {}))
    entry = {handle: (hook, as_bool(with_kwargs) is True)}
    cx.set(self, where, {**entry, **held} if as_bool(prepend) else {**held, **entry})
    return handle


@rule("torch.nn.Module.register_forward_hook")
def register_forward_hook(
    cx: Context,
    self: Instance,
    hook: Value,
    *,
    prepend: Value = FALSE,
    with_kwargs: Value = FALSE,
    always_call: Value = FALSE,
) -> Value:
    """``hook(module, args, output)`` after every forward; what it returns replaces the output."""
    return _hooked(cx, self, "~hooks", hook, with_kwargs, prepend)


@rule("torch.nn.Module.register_forward_pre_hook")
def register_forward_pre_hook(
    cx: Context, self: Instance, hook: Value, *, prepend: Value = FALSE, with_kwargs: Value = FALSE
) -> Value:
    """``hook(module, args)`` before every forward; what it returns replaces the arguments."""
    return _hooked(cx, self, "~pre_hooks", hook, with_kwargs, prepend)


@rule("torch.nn.Module.register_backward_hook", "torch.nn.Module.register_full_backward_hook")
def register_backward_hook(cx: Context, self: Instance, hook: Value, prepend: Value = FALSE) -> Value:
    """``hook(module, gradients of the arguments, gradients of the output)`` in the backward pass."""
    return _hooked(cx, self, "~backward_hooks", hook, FALSE, prepend)


@rule("torch.nn.Module.register_full_backward_pre_hook")
def register_backward_pre_hook(cx: Context, self: Instance, hook: Value, prepend: Value = FALSE) -> Value:
    """``hook(module, gradients of the output)`` in the backward pass."""
    return _hooked(cx, self, "~backward_pre_hooks", hook, FALSE, prepend)


@rule("torch.nn.Module.register_state_dict_post_hook",
      "torch.nn.Module.register_state_dict_pre_hook", "torch.nn.Module._register_state_dict_hook",
      "torch.nn.Module.register_load_state_dict_pre_hook", "torch.nn.Module._register_load_state_dict_pre_hook",
      "torch.nn.Module.register_load_state_dict_post_hook")  # fmt: skip
def register_other_hook(cx: Context, self: Instance, hook: Value, *args: Value, **kwargs: Value) -> Value:
    """Hooks of saving."""
    return Instance(LibraryRef("torch.utils.hooks.RemovableHandle"))


@rule("torch.utils.hooks.RemovableHandle.remove")
def handle_remove(cx: Context, self: Instance) -> Value:
    """The hook is not called any more."""
    module, where = self.fields.get("~module"), self.fields.get("~where")
    if isinstance(module, Instance) and isinstance(where, str):
        cx.set(module, where, {key: value for key, value in module.fields.get(where, {}).items() if key is not self})
    return NONE


@rule("torch.utils.hooks.RemovableHandle.__enter__")
def handle_enter(cx: Context, self: Instance) -> Value:
    """The handle itself."""
    return self
