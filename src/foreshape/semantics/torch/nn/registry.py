"""What a module holds: registering, walking, looking up. Follows ``torch/nn/modules/module.py``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents, Run, Segment
from foreshape.domain.values import (
    Array,
    Const,
    DictValue,
    Instance,
    IteratorValue,
    Sequence,
    Unknown,
    Value,
    as_bool,
    as_str,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.registry import attribute, rule
from foreshape.semantics.torch.nn.base import (
    EMPTY,
    FALSE,
    MODULE,
    NONE,
    TRUE,
    add_buffer,
    class_name,
    complete,
    is_module,
    is_parameter,
    own_buffers,
    own_modules,
    own_parameters,
    walk,
)
from foreshape.semantics.torch.nn.module import typename
from foreshape.semantics.torch.support import error, invalid

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


# -- registering ------------------------------------------------------------------------------------------------------


def _checked_name(cx: Context, self: Instance, name: Value, what: str) -> str | None:
    """The name under which something is registered; None where it is not known."""
    key = as_str(name)
    if key is None:
        if isinstance(name, Const):
            message = f"{what} name should be a string. Got {typename(name)}"
            raise invalid(cx, "TypeError", message, "name", name, name)
        cx.set(self, "~more", True)
        return None
    if not self.fields.get("~initialised") and not self.fields.get("~open"):
        from foreshape.faults.missing_super_init import MissingSuperInit

        self.tainted = True
        message = f"cannot assign {what} before Module.__init__() call"
        if what == "module":
            message = f"'{class_name(self)}' object has no attribute '_modules'"
        raise MissingSuperInit(error(cx, "AttributeError", message), values=(self,), cls=class_name(self), base=MODULE)
    if key in self.fields and isinstance(self.fields[key], Value) and not _registered(self, key, what):
        raise invalid(cx, "KeyError", f"\"attribute '{key}' already exists\"", "name", name, name)
    if "." in key:
        text = (
            f"'module name can\\'t contain \".\", got: {key}'"
            if what == "module"
            else f"'{what} name can\\'t contain \".\"'"
        )
        raise invalid(cx, "KeyError", text, "name", name, name)
    if not key:
        raise invalid(cx, "KeyError", f"'{what} name can\\'t be empty string \"\"'", "name", name, name)
    return key


def _registered(self: Instance, key: str, what: str) -> bool:
    held = self.fields.get(key)
    if what == "buffer":
        return key in self.fields.get("~buffers", ())
    return is_none(held) or (is_module(held) if what == "module" else is_parameter(held))


@rule("torch.nn.Module.register_buffer")
def register_buffer(cx: Context, self: Instance, name: Value, tensor: Value, persistent: Value = TRUE) -> Value:
    """A tensor that is saved and moved with the module, and not trained."""
    key = _checked_name(cx, self, name, "buffer")
    if key is None:
        return NONE
    if (isinstance(tensor, (Const, Sequence, DictValue)) and not is_none(tensor)) or _numpy(tensor):
        message = f"cannot assign '{typename(tensor)}' object to buffer '{key}' (torch Tensor or None required)"
        raise invalid(cx, "TypeError", message, "tensor", tensor, tensor)
    add_buffer(cx, self, key, tensor, as_bool(persistent) is not False)
    return NONE


def _numpy(value: Value) -> bool:
    return isinstance(value, Array) and value.kind != "torch"


@rule("torch.nn.Module.register_parameter")
def register_parameter(cx: Context, self: Instance, name: Value, param: Value) -> Value:
    """``self.name = param``; None reserves the name."""
    key = _checked_name(cx, self, name, "parameter")
    if key is None:
        return NONE
    if isinstance(param, (Array, Const)) and not is_none(param) and not is_parameter(param):
        message = f"cannot assign '{typename(param)}' object to parameter '{key}' (torch.nn.Parameter or None required)"
        raise invalid(cx, "TypeError", message, "param", param, param)
    cx.set(self, key, param)
    return NONE


@rule("torch.nn.Module.add_module", "torch.nn.Module.register_module")
def add_module(cx: Context, self: Instance, name: Value, module: Value) -> Value:
    """``self.name = module``."""
    if isinstance(module, (Array, Const, Sequence, DictValue)) and not is_none(module):
        raise not_a_module(cx, module)
    key = _checked_name(cx, self, name, "module")
    if key is None:
        return NONE
    put_module(cx, self, key, module)
    return NONE


def put_module(cx: Context, self: Instance, key: str, module: Value) -> None:
    """Register a module under a name; containers remember the order."""
    if "~order" in self.fields and key not in self.fields["~order"]:
        cx.set(self, "~order", (*self.fields["~order"], key))
    cx.set(self, key, module)


def not_a_module(cx: Context, value: Value) -> Fault:
    """The TypeError for anything else where a module is needed."""
    return invalid(cx, "TypeError", f"{typename(value)} is not a Module subclass", "module", typename(value), value)


# -- walking ----------------------------------------------------------------------------------------------------------


def _generator(items: Iterable[Segment]) -> Value:
    return IteratorValue(Contents(tuple(items)), "generator")


def _pair(name: str, value: Value) -> Value:
    return Sequence("tuple", Contents((Const(name), value)))


def _named(cx: Context, pairs: list[tuple[str, Value]], whole: bool, some: Value, names: bool) -> Value:
    """A generator of values, or of (name, value); of unknown length where not everything is known."""
    if not whole:
        element = Sequence("tuple", Contents((Unknown("the name is not known"), some))) if names else some
        return _generator((Run(cx.fresh(lo=0), element),))
    return _generator(_pair(name, value) if names else value for name, value in pairs)


def _tensors(self: Instance, prefix: str, recurse: bool, duplicates: bool, buffers: bool) -> list[tuple[str, Value]]:
    seen: set[int] = set()
    found: list[tuple[str, Value]] = []
    for place, inner in walk(self, prefix) if recurse else ((prefix, self),):
        for name, value in own_buffers(inner) if buffers else own_parameters(inner):
            if is_none(value) or (id(value) in seen and not duplicates):
                continue
            seen.add(id(value))
            found.append((f"{place}.{name}" if place else name, value))
    return found


def some_parameter() -> Array:
    """A parameter that nothing is known about."""
    return Array("torch", None, None, meta={"parameter": True, "requires_grad": True})


@rule("torch.nn.Module.parameters")
def parameters(cx: Context, self: Instance, recurse: Value = TRUE) -> Value:
    """Every parameter of the module and of all inside it, each once."""
    deep = as_bool(recurse) is not False
    return _named(cx, _tensors(self, "", deep, False, False), complete(self), some_parameter(), False)


@rule("torch.nn.Module.named_parameters")
def named_parameters(
    cx: Context, self: Instance, prefix: Value = EMPTY, recurse: Value = TRUE, remove_duplicate: Value = TRUE
) -> Value:
    """(qualified name, parameter)."""
    deep, once = as_bool(recurse) is not False, as_bool(remove_duplicate) is not False
    whole = complete(self) and as_str(prefix) is not None
    return _named(cx, _tensors(self, as_str(prefix) or "", deep, not once, False), whole, some_parameter(), True)


@rule("torch.nn.Module.buffers")
def buffers(cx: Context, self: Instance, recurse: Value = TRUE) -> Value:
    """Every buffer of the module and of all inside it."""
    deep = as_bool(recurse) is not False
    return _named(cx, _tensors(self, "", deep, False, True), complete(self), Array("torch", None, None), False)


@rule("torch.nn.Module.named_buffers")
def named_buffers(
    cx: Context, self: Instance, prefix: Value = EMPTY, recurse: Value = TRUE, remove_duplicate: Value = TRUE
) -> Value:
    """(qualified name, buffer)."""
    deep, once = as_bool(recurse) is not False, as_bool(remove_duplicate) is not False
    whole = complete(self) and as_str(prefix) is not None
    some = Array("torch", None, None)
    return _named(cx, _tensors(self, as_str(prefix) or "", deep, not once, True), whole, some, True)


def _children(self: Instance) -> list[tuple[str, Value]]:
    seen: set[int] = set()
    found: list[tuple[str, Value]] = []
    for name, inner in own_modules(self):
        if id(inner) not in seen:
            seen.add(id(inner))
            found.append((name, inner))
    return found


def _some_module() -> Value:
    return Unknown("which modules there are is not known")


@rule("torch.nn.Module.children")
def children(cx: Context, self: Instance) -> Value:
    """The modules directly inside."""
    return _named(cx, _children(self), not holds_more(self), _some_module(), False)


@rule("torch.nn.Module.named_children")
def named_children(cx: Context, self: Instance) -> Value:
    """(name, module) of the modules directly inside."""
    return _named(cx, _children(self), not holds_more(self), _some_module(), True)


def holds_more(self: Instance) -> bool:
    """Whether the module may hold others than those that are seen."""
    from foreshape.semantics.torch.nn.base import is_open

    return is_open(self)


@rule("torch.nn.Module.modules")
def modules(cx: Context, self: Instance, remove_duplicate: Value = TRUE) -> Value:
    """The module and all inside it."""
    return _named(cx, [(name, inner) for name, inner in walk(self)], complete(self), _some_module(), False)


@rule("torch.nn.Module.named_modules")
def named_modules(
    cx: Context, self: Instance, memo: Value | None = None, prefix: Value = EMPTY, remove_duplicate: Value = TRUE
) -> Value:
    """(qualified name, module) of the module and all inside it."""
    pairs: list[tuple[str, Value]] = list(walk(self, as_str(prefix) or ""))
    return _named(cx, pairs, complete(self) and as_str(prefix) is not None, _some_module(), True)


# -- looking up -------------------------------------------------------------------------------------------------------


def _inner(cx: Context, self: Instance, target: str) -> Value:
    """The module at a path of names."""
    current: Value = self
    for atom in target.split(".") if target else ():
        if not isinstance(current, Instance) or current.fields.get("~open"):
            return cx.unknown("the module is not known")
        found = current.fields.get(atom)
        if not isinstance(found, Value):
            if not complete(current):
                return cx.unknown("the module is not known")
            raise _no_attribute(cx, f"{class_name(current)} has no attribute `{atom}`", current, atom)
        if isinstance(found, (Array, Const)):
            raise _no_attribute(cx, f"`{atom}` is not an nn.Module", current, atom)
        current = found
    return current


def _no_attribute(cx: Context, message: str, owner: Instance, name: str) -> Fault:
    from foreshape.faults.missing_attribute import MissingAttribute

    return MissingAttribute(
        error(cx, "AttributeError", message), values=(owner,), owner=class_name(owner), attribute=name
    )


@rule("torch.nn.Module.get_submodule")
def get_submodule(cx: Context, self: Instance, target: Value) -> Value:
    """The module at a path like ``"encoder.layers.0"``."""
    path = as_str(target)
    return cx.unknown("the path is not known") if path is None else _inner(cx, self, path)


@rule("torch.nn.Module.get_parameter", "torch.nn.Module.get_buffer")
def get_parameter(cx: Context, self: Instance, target: Value) -> Value:
    """The parameter at a path."""
    path = as_str(target)
    if path is None:
        return cx.unknown("the path is not known")
    place, _, name = path.rpartition(".")
    owner = _inner(cx, self, place)
    if not isinstance(owner, Instance):
        return cx.unknown("the module is not known")
    found = owner.fields.get(name)
    if isinstance(found, Value):
        return found
    if not complete(owner):
        return cx.unknown("the parameter is not known")
    raise _no_attribute(cx, f"{class_name(owner)} has no attribute `{name}`", owner, name)


@rule("torch.nn.Module.set_submodule")
def set_submodule(cx: Context, self: Instance, target: Value, module: Value, strict: Value = FALSE) -> Value:
    """Replaces the module at a path."""
    path = as_str(target)
    if path is None:
        cx.set(self, "~more", True)
        return NONE
    place, _, name = path.rpartition(".")
    owner = _inner(cx, self, place)
    if isinstance(owner, Instance):
        put_module(cx, owner, name, module)
    return NONE


@attribute("torch.nn.Module._modules")
def modules_dict(cx: Context, self: Instance) -> Value:
    """The modules directly inside by name; what is written there is written to the module."""
    rest = cx.unknown("which modules there are is not known") if holds_more(self) else None
    return _own(self, DictValue(dict(own_modules(self)), rest))


def _own(self: Instance, made: DictValue) -> DictValue:
    made.fields["~of"] = self
    return made


@attribute("torch.nn.Module._parameters")
def parameters_dict(cx: Context, self: Instance) -> Value:
    """The module's own parameters by name."""
    rest = cx.unknown("which parameters there are is not known") if holds_more(self) else None
    return _own(self, DictValue(dict(own_parameters(self)), rest))


@attribute("torch.nn.Module._buffers")
def buffers_dict(cx: Context, self: Instance) -> Value:
    """The module's own buffers by name."""
    rest = cx.unknown("which buffers there are is not known") if holds_more(self) else None
    return _own(self, DictValue(dict(own_buffers(self)), rest))


@rule("torch.nn.Module.requires_grad_")
def requires_grad_(cx: Context, self: Instance, requires_grad: Value = TRUE) -> Value:
    """Whether gradients are kept, for every parameter."""
    from foreshape.semantics.torch.nn.conversion import convert

    flag = as_bool(requires_grad)

    def changed(value: Array) -> Array:
        meta = {key: held for key, held in value.meta.items() if key != "requires_grad"}
        return value.replace(meta={**meta, "requires_grad": True} if flag is not False else meta)

    convert(cx, self, changed, parameters_only=True)
    return self
