"""What a rule may ask of whoever evaluates it. Semantics never imports the interpreter: it is handed a Context."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from foreshape.domain.contents import Contents
    from foreshape.domain.dim import Dim, DimLike
    from foreshape.domain.facts import Facts
    from foreshape.domain.truth import Condition, Truth
    from foreshape.domain.values import Array, Mutable, Scope, Unknown, Value
    from foreshape.faults.base import Fault, Raises


class VersionQuery(Protocol):
    """The target versions."""

    def at_least(self, library: str, version: str) -> bool:
        """Whether the target version of the library is at least this."""
        ...


class Context(Protocol):
    """The evaluator, as seen by a rule."""

    @property
    def targets(self) -> VersionQuery:
        """The versions that the program will run on."""
        ...

    @property
    def facts(self) -> Facts:
        """What is known about dimensions on this path."""
        ...

    @property
    def process(self) -> dict[Hashable, Any]:
        """State of the checked process as a whole (counters of layer names, environment variables)."""
        ...

    @property
    def entered(self) -> bool:
        """Whether what runs now is reached from the module itself (not a function that nobody calls)."""
        ...

    # -- values ---------------------------------------------------------------------------------------------------
    def unknown(self, reason: str) -> Unknown:
        """A value that nothing is known about; the reason is read by people ("read from a file")."""
        ...

    def fresh(self, name: str | None = None, lo: DimLike | None = 1, hi: DimLike | None = None, **flags: bool) -> Dim:
        """A new dimension variable whose origin is the current expression. ``name=None`` is anonymous ("?")."""
        ...

    def dim(self, value: Value | None, name: str | None = None, lo: int = 0) -> DimLike | None:
        """The int that a value is; a fresh variable where it may be an int of unknown value; None where it is
        certainly not an int."""
        ...

    def text(self, value: Value | None) -> str:
        """A short text for a value: the name or source text that it came from ("len(data)", "X_train")."""
        ...

    # -- knowledge ------------------------------------------------------------------------------------------------
    def equal(self, a: DimLike, b: DimLike) -> bool:
        """Whether the two dims may be equal. Where that depends on unknowns, it is assumed from here on (learnt), since
        the program is taken to work on its own data. False means: certainly different."""
        ...

    def at_least(self, a: DimLike, b: DimLike) -> bool:
        """Whether a >= b is possible; assumed from here on where it depends. False means: certainly smaller."""
        ...

    def truth(self, value: Value) -> Truth:
        """The truth value of a Python object."""
        ...

    def resolve(self, dim: DimLike) -> DimLike:
        """The dim with everything that is known by now put in."""
        ...

    # -- calling back -----------------------------------------------------------------------------------------------
    def call(self, function: Value, args: Sequence[Value] = (), kwargs: Mapping[str, Value] | None = None) -> Value:
        """Call any callable value, the person's own functions included."""
        ...

    def call_method(
        self, receiver: Value, name: str, args: Sequence[Value] = (), kwargs: Mapping[str, Value] | None = None
    ) -> Value:
        """``receiver.name(*args, **kwargs)``."""
        ...

    def rule(self, name: str, /, *args: Value, **kwargs: Value) -> Value:
        """Apply the rule of a library function by qualified name (``cx.rule("numpy.reshape", a, shape)``)."""
        ...

    def type_rule(self, receiver: Value, name: str, *args: Value) -> Value | None:
        """Apply a special rule (``__array__``, ``__len__``, ...) of the type of a value, its bases included; None where it
        has none."""
        ...

    def get_attribute(self, receiver: Value, name: str, default: Value | None = None) -> Value:
        """``receiver.name``; ``default`` where given and there is no such attribute."""
        ...

    def user_method(self, receiver: Value, name: str) -> Value | None:
        """The method of that name if a class of the *program* (not a library) defines it, bound; else None."""
        ...

    def get_item(self, receiver: Value, index: Value) -> Value:
        """``receiver[index]``."""
        ...

    def binary(self, operator: str, left: Value, right: Value) -> Value:
        """``left operator right`` ("+", "@", "<", "==", "in", ...)."""
        ...

    def is_instance(self, value: Value, type_name: str) -> bool | None:
        """Whether it is an instance of that type ("list", "keras.layers.Layer"); None where not known."""
        ...

    def iterate(self, value: Value) -> Contents | None:
        """The elements of an iterable, None where nothing is known about them."""
        ...

    def scope(self) -> Scope:
        """The variables of the function, class body or module that is being run."""
        ...

    def for_each(self, items: Contents, action: Callable[[Value], object]) -> None:
        """Do what a library does with each element in turn, as a ``for`` loop is followed: state that grows is summarised."""
        ...

    def length(self, value: Value) -> DimLike | None:
        """``len(value)`` where it can be told."""
        ...

    # -- state ----------------------------------------------------------------------------------------------------
    def set(self, target: Mutable, key: Hashable, value: Any) -> None:
        """Write a field of a mutable value. The only way to change state: branches take it back."""
        ...

    def state(self, library: str) -> Mutable:
        """What a library remembers for the whole run (the name counters of Keras, models that were saved): the same
        object at every call. Written with ``set``, as any other."""
        ...

    def patch(self, owner: str, name: str | None, value: Value | None) -> None:
        """``owner.name = value`` for a module or class of a library; None for a name that is not known."""
        ...

    def may_have_any(self, owner: str, derived: bool = False) -> bool:
        """Whether the program may have given the objects of a class of a library attributes that are not known."""
        ...

    def rebind(self, before: Array, after: Array, callers_only: bool = False) -> None:
        """An array was changed in place: whatever holds its description now holds the other. callers_only: only the
        variables of the functions that called this one."""
        ...

    def forget(self, value: Value) -> None:
        """Something unknown may have changed this mutable value: forget its contents."""
        ...

    # -- faults ---------------------------------------------------------------------------------------------------
    def note(self, fault: Fault) -> None:
        """Report a fault that does not raise (``raises`` None), and go on."""
        ...

    def report(self, fault: Fault) -> None:
        """Report a fault that raises at the current call, and go on with whatever the rule returns (which should be
        built from ``recover``). ``raise fault`` does the same and gives ``fault.recover`` as the result."""
        ...

    def visible(self) -> Any:
        """A context manager: inside of what is opaque, the program's frames are seen again."""
        ...

    def opaque(self, instead: Raises | None = None, only: str | None = None) -> Any:
        """A context manager: what raises inside shows at the current call, the program's frames inside are hidden (code
        that AutoGraph has rewritten). ``instead``: the library catches it and raises this. ``only``: of this exception."""
        ...

    def quiet(self) -> Any:
        """A context manager: nothing is reported inside (the framework itself catches what is raised there)."""
        ...

    def certain(self) -> bool:
        """Whether the current point is reached in every run (no unknown branch is open)."""
        ...

    def under(self, condition: Condition) -> Any:
        """A context manager: what is reported inside is conditional on this."""
        ...
