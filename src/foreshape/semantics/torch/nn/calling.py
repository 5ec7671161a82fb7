"""What happens when a module is called: hooks, ``forward``, and where the output comes from."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.origin import Origin
from foreshape.domain.values import (
    Array,
    ClassValue,
    DictValue,
    Instance,
    Sequence,
    Unknown,
    Value,
    is_none,
)
from foreshape.faults.base import Fault
from foreshape.semantics.registry import REGISTRY, BindError, Rule, arranged
from foreshape.semantics.torch.nn.base import class_name, follows, is_module
from foreshape.semantics.torch.recorded import HOOKS, gradient_like
from foreshape.semantics.torch.support import error

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context


def library_rule(cx: Context, type_name: str, method: str) -> Rule | None:
    """The rule of a method of a library class, its bases included."""

    def applies(library: str, since: str, until: str) -> bool:
        return (not since or cx.targets.at_least(library, since)) and (
            not until or not cx.targets.at_least(library, until)
        )

    for base in REGISTRY.mro(type_name):
        found = REGISTRY.lookup(f"{base}.{method}", "function", applies)
        if found is not None:
            return found
    return None


def call_module(cx: Context, self: Value, *args: Value, **kwargs: Value) -> Value:
    """``module(*args)`` for a module of a list: its output is shown as a step of its own, at the line that makes it."""
    made = cx.call(self, args, kwargs)
    if isinstance(self, Instance) and self.origin is not None and is_module(self):
        origin = Origin(self.origin.path, self.origin.node, tuple(args), what=class_name(self))
        for leaf in (made, *_parts(made)):
            if isinstance(leaf, Array) and leaf.origin is None:
                leaf.origin = origin
    return made


def _parts(made: Value) -> SequenceOf[Value]:
    return (made.contents.items(8) or ()) if isinstance(made, Sequence) else ()


def call(cx: Context, self: Instance, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
    """``Module.__call__``: forward pre-hooks, ``forward``, forward hooks."""
    if self.tainted:
        return follows(cx, self)
    uninitialised(cx, self)
    for hook, with_kwargs in self.fields.get("~pre_hooks", {}).values():
        args, kwargs = _before(cx, self, hook, with_kwargs, args, kwargs)
    made = run_forward(cx, self, args, kwargs)
    for hook, with_kwargs in self.fields.get("~hooks", {}).values():
        given: tuple[Value, ...] = (self, Sequence("tuple", Contents(args)))
        given += (_named(kwargs), made) if with_kwargs else (made,)
        changed = cx.call(hook, given)
        if not is_none(changed):
            made = changed
    if "~backward_hooks" in self.fields or "~backward_pre_hooks" in self.fields:
        _await_gradients(cx, self, args, made)
    return made


def _await_gradients(cx: Context, self: Instance, args: tuple[Value, ...], made: Value) -> None:
    """The hooks of the backward pass are called when it comes: with the gradients of the arguments and of the output."""
    came = Sequence("tuple", Contents(tuple(gradient_like(cx, one) for one in args)))
    parts = (made,) if isinstance(made, Array) else _parts(made)
    went = Sequence("tuple", Contents(tuple(gradient_like(cx, one) for one in parts)))
    state = cx.state("torch")
    waiting = list(state.fields.get(HOOKS, ()))
    waiting += [(hook, (self, went)) for hook, _ in self.fields.get("~backward_pre_hooks", {}).values()]
    waiting += [(hook, (self, came, went)) for hook, _ in self.fields.get("~backward_hooks", {}).values()]
    cx.set(state, HOOKS, tuple(waiting))


def _named(kwargs: Mapping[str, Value]) -> DictValue:
    entries: dict[Hashable, Value] = {}
    entries.update(kwargs)
    return DictValue(entries)


def _before(
    cx: Context, self: Instance, hook: Value, with_kwargs: bool, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> tuple[tuple[Value, ...], dict[str, Value]]:
    given: tuple[Value, ...] = (self, Sequence("tuple", Contents(args)))
    changed = cx.call(hook, (*given, _named(kwargs)) if with_kwargs else given)
    if is_none(changed):
        return args, kwargs
    items = changed.contents.items() if isinstance(changed, Sequence) and changed.kind == "tuple" else None
    if with_kwargs:
        first = items[0].contents.items() if items and isinstance(items[0], Sequence) else None
        named = items[1] if items and len(items) == 2 else None
        if first is not None and isinstance(named, DictValue):
            return tuple(first), {str(key): value for key, value in named.entries.items()}
        return tuple(Unknown("a hook may have changed it") for _ in args), kwargs
    return (tuple(items) if items is not None else (changed,)), kwargs


def uninitialised(cx: Context, self: Instance) -> None:
    """The program's own class must have called the constructor of the library."""
    if self.fields.get("~initialised") or not isinstance(self.cls, ClassValue) or self.fields.get("~open"):
        return
    if cx.user_method(self, "__init__") is None:
        return
    from foreshape.faults.missing_super_init import MissingSuperInit

    name = class_name(self)
    self.tainted = True
    message = f"'{name}' object has no attribute '_backward_hooks'"
    raise MissingSuperInit(error(cx, "AttributeError", message), values=(self,), cls=name, base="Module")


def run_forward(cx: Context, self: Instance, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
    """``self.forward(*args, **kwargs)``. A fault of a module of the library remembers the module."""
    own = cx.user_method(self, "forward")
    if own is None:
        held = self.fields.get("forward")  # the program may have put a function of its own there
        own = held if isinstance(held, Value) else None
    if own is not None:
        return cx.call(own, args, kwargs)
    rule = library_rule(cx, self.library_type or "", "forward")
    if rule is None:
        return cx.unknown(f"{class_name(self)} is not modelled")
    try:
        positional, named = arranged(rule.signature(), (self, *args), dict(kwargs))
    except BindError as problem:
        from foreshape.faults.call_arguments import CallArguments

        callee = f"{rule.name.split('.')[-2]}.forward"
        raise CallArguments(
            error(cx, "TypeError", f"{callee}() {problem.text}"), callee=callee, problem=problem.text
        ) from None
    try:
        result: Value = rule.function(cx, *positional, **named)
    except Fault as fault:
        if not fault.values:
            fault.values = tuple(value for value in args if isinstance(value, Array))
        if not fault.layers:
            fault.layers = (self,)
        raise
    if any(value.tainted for value in args) and isinstance(result, (Array, Unknown)):
        result.tainted = True
    return result
