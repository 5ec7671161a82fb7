"""The methods of a layer: the program's own where it defines them, else the library's rules."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.values import BoundMethod, Function, Instance, Value
from foreshape.semantics.registry import REGISTRY, BindError, Rule, arranged

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

LAYER = "keras.Layer"
MODEL = "keras.Model"


def library_rule(cx: Context, type_name: str, method: str, kind: str = "function") -> Rule | None:
    """The rule of a method of a library class, its bases included."""

    def applies(library: str, since: str, until: str) -> bool:
        return (not since or cx.targets.at_least(library, since)) and (
            not until or not cx.targets.at_least(library, until)
        )

    for base in REGISTRY.mro(type_name):
        found = REGISTRY.lookup(f"{base}.{method}", kind, applies)
        if found is not None:
            return found
    return None


class Method:
    """A method as found on an object. ``owner`` is the library class that has it, "" where the program defines it."""

    __slots__ = ("name", "receiver", "rule", "user")

    def __init__(self, receiver: Instance, name: str, user: Value | None, rule: Rule | None) -> None:
        self.receiver = receiver
        self.name = name
        self.user = user
        self.rule = rule

    @property
    def is_user(self) -> bool:
        return self.user is not None

    @property
    def owner(self) -> str:
        return "" if self.rule is None else self.rule.name.rpartition(".")[0]

    def parameters(self) -> tuple[str, ...] | None:
        """The names of its parameters after ``self``; None where it takes any, or they are not known."""
        if self.rule is not None:
            spec = self.rule.signature()
            return tuple(name.rstrip("_") for name in (*spec.positional[1:], *spec.keyword_only))
        function = self.user
        if isinstance(function, BoundMethod):
            function = function.function
        if not isinstance(function, Function):
            return None
        found = function.node.args
        names = [argument.arg for argument in (*found.posonlyargs, *found.args)]
        return (*names[1:], *(argument.arg for argument in found.kwonlyargs))

    def positional(self) -> tuple[str, ...]:
        """The names of the parameters after ``self`` that can be given by position."""
        if self.rule is not None:
            return self.rule.signature().positional[1:]
        function = self.user
        if isinstance(function, BoundMethod):
            function = function.function
        if not isinstance(function, Function):
            return ()
        found = function.node.args
        return tuple(argument.arg for argument in (*found.posonlyargs, *found.args))[1:]

    def takes(self, name: str) -> bool:
        """Whether it certainly has a parameter of that name."""
        return name in (self.parameters() or ())

    def __call__(self, cx: Context, args: SequenceOf[Value] = (), kwargs: Mapping[str, Value] | None = None) -> Value:
        """Call it. Faults of library rules are raised; those in the program's own code are reported where they
        happen."""
        named = dict(kwargs or {})
        if self.user is not None:
            if self.name == "call" and not cx.targets.at_least("keras", "3") and in_graph(cx):
                with cx.opaque():  # Keras 2 runs what AutoGraph makes of it
                    return cx.call(self.user, args, named)
            return cx.call(self.user, args, named)
        assert self.rule is not None
        spec = self.rule.signature()
        try:
            positional, bound = arranged(spec, (self.receiver, *args), named)
        except BindError as problem:
            raise unbound(cx, self.receiver, self.name, problem.text) from None
        made: Value = self.rule.function(cx, *positional, **bound)
        return made


def in_graph(cx: Context) -> bool:
    """Whether a graph is traced: a symbolic call, a step of ``fit``, a ``tf.function``."""
    fields = cx.state("keras").fields
    return bool(fields.get("symbolic")) or isinstance(fields.get("tracing"), tuple)


def unbound(cx: Context, receiver: Instance, name: str, problem: str) -> Exception:
    """The TypeError of a call that does not fit the signature."""
    from foreshape.faults.base import Raises
    from foreshape.faults.call_arguments import CallArguments
    from foreshape.semantics.keras.names import class_name

    callee = f"{class_name(receiver)}.{name}"
    return CallArguments(Raises("TypeError", f"{callee}() {problem}"), callee=callee, problem=problem)


def find_method(cx: Context, receiver: Instance, name: str) -> Method | None:
    """The method of that name, as Python would find it."""
    user = cx.user_method(receiver, name)
    if user is not None:
        return Method(receiver, name, user, None)
    owner = receiver.library_type
    rule = None if owner is None else library_rule(cx, owner, name)
    return None if rule is None else Method(receiver, name, None, rule)


def is_layer(value: Value | None) -> bool:
    """Whether it is a Keras layer (a model is one)."""
    if not isinstance(value, Instance):
        return False
    owner = value.library_type
    return owner is not None and owner.startswith("keras.") and LAYER in REGISTRY.mro(owner)


def is_model(value: Value | None) -> bool:
    """Whether it is a Keras model."""
    return is_layer(value) and is_a(value, MODEL)


def is_a(value: Value | None, type_name: str) -> bool:
    """Whether it is an instance of this library class or of one derived from it."""
    if not isinstance(value, Instance):
        return False
    owner = value.library_type
    return owner is not None and type_name in REGISTRY.mro(owner)
