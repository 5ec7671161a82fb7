"""The application of rules: which one holds for a name and the target versions, and what it gives."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from collections.abc import Sequence as SequenceOf
from typing import Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import var
from foreshape.domain.values import (
    Array,
    BoundMethod,
    Choice,
    ClassValue,
    Const,
    DictValue,
    Function,
    Instance,
    Int,
    IteratorValue,
    LibraryRef,
    Partial,
    RangeValue,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
    any_tainted,
    as_str,
    const,
)
from foreshape.faults.base import Fault, Raises
from foreshape.faults.call_arguments import CallArguments
from foreshape.interpret.core import Core
from foreshape.interpret.flow import Exit, OutOfBudget, Raised
from foreshape.semantics.registry import REGISTRY, BindError, Rule, arranged

ARRAY_TYPES: Final = {
    "numpy": "numpy.ndarray",
    "tensorflow": "tensorflow.Tensor",
    "keras": "keras.KerasTensor",
    "torch": "torch.Tensor",
}

DICTS: Final = frozenset({"dict", "OrderedDict", "defaultdict", "Counter", "ChainMap"})
CONTAINERS: Final = DICTS | {"list", "tuple", "set", "frozenset", "deque", "dict_keys", "dict_values", "dict_items"}


CHANGING: Final = frozenset({"__init__", "__call__", "add", "build"})
"""Members that set an object up: after a fault in one of them nothing more is said about the object."""


def fits_estimator(name: str) -> bool:
    """Whether a rule learns what an estimator needs afterwards."""
    return name.startswith("sklearn.") and name.endswith((".fit", ".fit_transform", ".partial_fit", ".fit_predict"))


def changes(name: str) -> bool:
    """Whether a rule sets its object up. A module of PyTorch is as it was after a call that failed."""
    owner, _, member = name.rpartition(".")
    return member in CHANGING and not (member == "__call__" and owner.startswith("torch."))


class Declined(Unknown):
    """What a rule that returns None gives: the operands are not its business (Python's ``NotImplemented``)."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("its rule does not cover these arguments")


def type_name(value: Value) -> str | None:
    """The qualified name of the library or built-in type of a value; None for instances of the program's classes that
    derive from nothing, and for what is not known."""
    if isinstance(value, Array):
        return ARRAY_TYPES.get(value.kind)
    if isinstance(value, Const):
        return f"builtins.{type(value.value).__name__}"
    if isinstance(value, Int):
        return "builtins.int"
    if isinstance(value, (Typed, Sequence)):
        return "collections.deque" if value.kind == "deque" else f"builtins.{value.kind}"
    if isinstance(value, DictValue):
        return "builtins.dict" if value.kind == "dict" else f"collections.{value.kind}"
    if isinstance(value, Instance):
        return value.library_type
    if isinstance(value, IteratorValue):
        return "builtins.iterator"
    if isinstance(value, RangeValue):
        return "builtins.range"
    if isinstance(value, SliceValue):
        return "builtins.slice"
    if isinstance(value, Partial):
        return "functools.partial"
    if isinstance(value, (Function, BoundMethod)):
        return "builtins.function"
    return None


class Rules(Core):
    """Finding and applying rules."""

    # -- rules ----------------------------------------------------------------------------------------------------
    def applies(self, library: str, since: str, until: str) -> bool:
        """Whether a rule with these version bounds holds for the target."""
        return (not since or self.targets.at_least(library, since)) and (
            not until or not self.targets.at_least(library, until)
        )

    def find_rule(self, name: str, kind: str = "function") -> Rule | None:
        return REGISTRY.lookup(name, kind, self.applies)

    def find_member(self, type_of: str, name: str, kind: str = "function") -> Rule | None:
        """The rule of a member of a library type, its bases included."""
        for base in REGISTRY.mro(type_of):
            found = self.find_rule(f"{base}.{name}", kind)
            if found is not None:
                return found
        return None

    def rule(self, name: str, /, *args: Value, **kwargs: Value) -> Value:
        found = self.find_rule(REGISTRY.canonical(name))
        if found is None:
            return Unknown(f"{name} is not modelled")
        return self.apply(found, args, kwargs)

    def inherited(self, base: LibraryRef, name: str) -> Value | None:
        """What the rules say that a class of the program gets of a mixin: None (a Const) where that has none of this name,
        a method, or nothing."""
        rule = self.find_rule(f"{base.name}.*", "inherited")
        return None if rule is None else self.apply(rule, (base, const(name)), {})

    def lacks(self, owner: str, receiver: Value, name: str) -> str | None:
        """The member that was meant where the rules of a type say that it has none of this name, "" where none is near it.
        None where it has it, or that is not known."""
        rule = self.find_rule(f"{owner}.*", "lacking")
        return None if rule is None else as_str(self.apply(rule, (receiver, const(name)), {}))

    def type_rule(self, receiver: Value, name: str, *args: Value) -> Value | None:
        """Apply a special rule (``__getitem__``, ``__binary__``, ...) of the type of a value, if it has one."""
        owner = type_name(receiver)
        found = None if owner is None else self.find_member(owner, name)
        made = None if found is None else self.apply(found, (receiver, *args), {})
        return None if isinstance(made, Declined) else made

    def apply(self, rule: Rule, args: SequenceOf[Value], kwargs: Mapping[str, Value]) -> Value:
        """Apply a rule to arguments. A choice among the arguments is followed option by option."""
        split = self.over_choices(args, kwargs, lambda some, named: self.apply(rule, some, named))
        if split is not None:
            return split
        if args and isinstance(args[0], Unknown) and rule.name.endswith(".__init__"):
            return Unknown("what it would initialise is not known")
        tainted = any_tainted(args) or any_tainted(kwargs.values())
        if tainted:
            with self.quiet():
                made = self._run_rule(rule, tuple(args), dict(kwargs))
            if made is not None and not isinstance(made, (Function, ClassValue)) and all(made is not v for v in args):
                made.tainted = True
            return made if made is not None else Declined()
        made = self._run_rule(rule, tuple(args), dict(kwargs))
        return made if made is not None else Declined()

    def over_choices(
        self,
        args: SequenceOf[Value],
        kwargs: Mapping[str, Value],
        apply: Callable[[tuple[Value, ...], dict[str, Value]], Value],
    ) -> Value | None:
        """Follow a call for each option of the first argument that is a choice; None where none is."""
        for position, value in enumerate(args):
            if isinstance(value, Choice):
                before, after = tuple(args[:position]), tuple(args[position + 1 :])
                named = dict(kwargs)
                return self.distribute(value, lambda option: apply((*before, option, *after), named))  # noqa: B023
        for key, value in kwargs.items():
            if isinstance(value, Choice):
                return self.distribute(value, lambda option: apply(tuple(args), {**kwargs, key: option}))  # noqa: B023
        return None

    def backing(self, value: Instance, owner: str) -> Value:
        """What an object of a class that derives from list, dict, ... holds, as a value of that type."""
        found = value.fields.get("~items")
        if isinstance(found, Value):
            return found
        reason = "it is in an object of a class that derives from it"
        if owner in DICTS:
            made: Value = DictValue({}, Unknown(reason), None, owner)
        elif owner in ("list", "tuple", "set", "frozenset", "deque"):
            made = Sequence(owner, Contents((Run(var(None, 0), Unknown(reason)),)))
        else:
            made = Typed(owner) if owner in ("int", "float", "str", "bytes", "bool") else Unknown(reason)
        self.set(value, "~items", made)
        return made

    def fits_owner(self, name: str, args: tuple[Value, ...]) -> bool:
        """Whether a method of Python's containers (``set.union``) got such a container first."""
        owner, _, method = name.partition(".")
        if method in ("fromkeys", "from_iterable") or owner not in CONTAINERS:
            return True
        wanted = DictValue if owner in DICTS else Sequence
        return bool(args) and isinstance(args[0], wanted)

    def _run_rule(self, rule: Rule, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value | None:
        self.step()
        module, _, rest = rule.name.partition(".")
        if module in ("builtins", "collections") and args and isinstance(args[0], Instance) and "." in rest:
            owner = rest.partition(".")[0]
            if owner != "object":
                held = self.backing(args[0], owner)
                if isinstance(held, Unknown):
                    return Unknown(held.reason)
                args = (held, *args[1:])
        if rest.startswith("Tensor.") and module == "torch" and args and isinstance(args[0], Instance):
            return Unknown("an object of a class that derives from Tensor")
        if module in ("builtins", "collections") and "." in rest and not self.fits_owner(rest, args):
            return Unknown(f"{rest} of something else")
        node = self.node
        try:
            positional, named = arranged(rule.signature(), args, kwargs)
            made: Value | None = rule.function(self, *positional, **named)
            return made
        except BindError as error:
            return self._unbound(rule, error)
        except Fault as fault:
            self.node = node
            recovered = fault.recover if fault.recover is not None else Unknown("it follows a fault")
            recovered.tainted = True
            half_done = changes(rule.name) or (fits_estimator(rule.name) and not self.attempts)
            if args and isinstance(args[0], Instance) and half_done:
                args[0].tainted = True  # it is left half done: what it does next follows from this
            self.report(fault)
            return recovered
        except (Raised, Exit, OutOfBudget, RecursionError):
            raise
        except Exception as error:
            if os.environ.get("FORESHAPE_TRACEBACK"):
                raise
            self.internal.append(f"{rule.name}: {type(error).__name__}: {error}")
            failed = Unknown(f"the rule of {rule.name} failed")
            failed.tainted = True
            return failed
        finally:
            self.node = node

    def _unbound(self, rule: Rule, error: BindError) -> Value:
        parts = rule.name.split(".")
        callee = parts[-2] if parts[-1] in ("__init__", "__call__", "call") else parts[-1]
        shown = f"{callee}.__init__" if parts[-1] == "__init__" else callee
        if parts[0] == "torch" and parts[-2][:1].isupper() and parts[-2] != "Tensor":
            shown = f"{parts[-2]}.{parts[-1]}"  # written in Python: it names the class, too
        message = f"{shown}() {error.text}"
        self.report(CallArguments(Raises("TypeError", message), callee=callee, problem=error.text))
        made = Unknown("its arguments do not fit")
        made.tainted = True
        return made

    def guarded(self, check: Callable[[], object]) -> None:
        """Make a check of the rules outside of a rule: report the fault that it raises, and go on."""
        try:
            check()
        except Fault as fault:
            self.report(fault)
