"""What is behind a dot, between brackets and under a ``for``: attributes, items, elements, by rules of each type."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from collections.abc import Sequence as SequenceOf
from typing import Any, Final

from foreshape.domain.contents import Contents, Run, objects_in
from foreshape.domain.dim import Dim, DimLike, ceildiv, dmax, var
from foreshape.domain.join import one_for_all
from foreshape.domain.origin import Origin
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
    ModuleValue,
    RangeValue,
    Scope,
    Sequence,
    Typed,
    Unknown,
    UnknownTable,
    Value,
    const,
    int_value,
    text_length,
)
from foreshape.faults.base import Raises
from foreshape.interpret.contradictions import rests_on_a_test
from foreshape.interpret.findings import is_declared
from foreshape.interpret.lacking import counters, sets_attribute
from foreshape.interpret.patches import Patches
from foreshape.interpret.rules import type_name
from foreshape.semantics.complete import is_complete, never_has
from foreshape.semantics.dropped import DROPPED, Dropped
from foreshape.semantics.registry import REGISTRY, Rule

MOST_ROWS: Final = 256
WRITTEN_OUT: Final = 64
"""Ranges up to this length are written out element by element, longer ones stay one run."""
FUNCTION_ATTRIBUTES: Final = ("__name__", "__qualname__", "__doc__", "__module__")


class Access(Patches):
    """Attributes, items and iteration."""

    imports: dict[str, Origin]
    """Where each library is first imported."""

    # -- attributes -------------------------------------------------------------------------------------------------
    def get_attribute(self, receiver: Value, name: str, default: Value | None = None) -> Value:
        """``receiver.name``."""
        if isinstance(receiver, Choice):
            return self.distribute(receiver, lambda option: self.get_attribute(option, name, default))
        if isinstance(receiver, Unknown):
            return Unknown(receiver.reason) if default is None else default
        found = self.find_attribute(receiver, name)
        if found is not None:
            return found
        if default is not None:
            return default
        return self.missing_attribute(receiver, name)

    def find_attribute(self, receiver: Value, name: str) -> Value | None:
        """The attribute, or None where it is not there or not known."""
        if isinstance(receiver, LibraryRef):
            return self._library_attribute(receiver, name)
        if isinstance(receiver, ModuleValue):
            found: Value | None = receiver.scope.fields.get(name) or self.later(receiver.scope, name)
            if found is None and "~star" in receiver.scope.fields:
                return Unknown("it may come from an import of everything")
            return found
        if isinstance(receiver, Instance):
            return self._instance_attribute(receiver, name)
        if isinstance(receiver, ClassValue):
            return self._class_attribute(receiver, name)
        if isinstance(receiver, (Function, BoundMethod)) and name in FUNCTION_ATTRIBUTES:
            function = receiver.function if isinstance(receiver, BoundMethod) else receiver
            known = isinstance(function, Function) and "name" in name and function.name
            return const(function.name) if known and isinstance(function, Function) else Typed("str")
        if isinstance(receiver, BoundMethod) and name == "__self__":
            return receiver.receiver
        owner = type_name(receiver)
        return None if owner is None else self.member(owner, receiver, name)

    def later(self, scope: Scope, name: str) -> Value | None:
        """A name of a module whose import was put off."""
        raise NotImplementedError

    def member(self, owner: str, receiver: Value, name: str) -> Value | None:
        """An attribute or method of a library type, looked up on an object."""
        for base in REGISTRY.mro(owner):
            own = self.patched(base, name)
            if own is not None:
                return self.patched_member(own, receiver)
            found = self.find_rule(f"{base}.{name}", "attribute")
            if found is not None:
                return self.apply(found, (receiver,), {})
            method = self.find_rule(f"{base}.{name}")
            if method is not None:
                bound = receiver.cls if isinstance(receiver, Instance) and takes_class(method) else receiver
                return BoundMethod(LibraryRef(f"{base}.{name}"), bound)
            value = self.find_rule(f"{base}.{name}", "constant")
            if value is not None:
                return self.apply(value, (), {})
        return None

    def binary(self, op: str, left: Value, right: Value) -> Value:
        """``left op right``."""
        raise NotImplementedError

    def _library_attribute(self, receiver: LibraryRef, name: str) -> Value | None:
        """A name of a library, as far as the version has it, or as the program set it."""
        own = self.patched(receiver.name, name)
        if own is not None:
            return own
        if not receiver.spelled:
            return self.library_member(receiver.name, name)
        spelled = f"{receiver.spelled}.{name}"
        dropped = DROPPED.find(spelled, self.targets.at_least)
        if dropped is not None:
            message = dropped.message or f"module '{receiver.spelled}' has no attribute '{name}'"
            return self.dropped_name(dropped, Raises("AttributeError", message))
        found = self.library_member(receiver.name, name)
        return LibraryRef(found.name, found.origin, spelled) if isinstance(found, LibraryRef) else found

    def not_in_version(self, full: str) -> Dropped | None:
        """A name that a rule declares as gone, or as not there yet, in the version checked for."""
        for since, until, message, now in REGISTRY.removed.get(full, ()):
            if self.applies(full.partition(".")[0], since, until):
                return Dropped(full, since, now, message)
        return None

    def dropped_name(self, dropped: Dropped, raises: Raises) -> Value:
        """Report a name that a library does not have, where the program certainly comes to it. What it became stands in
        for it afterwards."""
        if self.entered:
            from foreshape.faults.missing_name import MissingName

            self.report(
                MissingName(
                    raises,
                    wanted=dropped.name,
                    library=dropped.library,
                    version=self.targets.get(dropped.library).short,
                    since=dropped.since,
                    now=dropped.now,
                    imported=self.imports.get(dropped.name.partition(".")[0]),
                )
            )
        now = REGISTRY.canonical(dropped.now) if dropped.now else ""
        if REGISTRY.is_known(now):
            return LibraryRef(now, spelled=dropped.now)
        made = Unknown(f"{dropped.name} is not there")
        made.tainted = True
        return made

    def library_member(self, owner: str, name: str) -> Value | None:
        """``numpy.random`` -> ``numpy.random.randint``."""
        full = REGISTRY.canonical(f"{owner}.{name}")
        found = self.find_rule(full, "constant")
        if found is not None:
            return self.apply(found, (), {})
        dropped = self.not_in_version(full)
        if dropped is not None:
            return self.dropped_name(dropped, Raises("AttributeError", dropped.message))
        for base in REGISTRY.mro(owner) if REGISTRY.type_of(owner) is not None else ():
            method = self.find_rule(f"{base}.{name}")
            if method is not None and takes_class(method):
                return BoundMethod(LibraryRef(f"{base}.{name}"), LibraryRef(owner))
        if name == "__name__":
            return const(owner.rpartition(".")[2])
        if REGISTRY.type_of(owner) is not None and not REGISTRY.is_known(full):
            for base in REGISTRY.mro(owner)[1:]:
                if REGISTRY.is_known(f"{base}.{name}"):
                    return LibraryRef(f"{base}.{name}")
        return LibraryRef(full)

    def _instance_attribute(self, receiver: Instance, name: str) -> Value | None:
        if not name.startswith("~") and name in receiver.fields:
            found = receiver.fields[name]
            if isinstance(found, Const) and found.value is None and name in receiver.fields.get("~handed", ()):
                return Unknown("a method that was handed out may have set it")
            if isinstance(found, Value):
                return found
        if name == "__class__":
            return receiver.cls
        if name == "__dict__":
            shown = {k: v for k, v in receiver.fields.items() if isinstance(v, Value)}
            made = DictValue(shown, Unknown("another attribute"))
            made.fields["~attributes of"] = receiver
            return made
        if isinstance(receiver.cls, LibraryRef):
            found = self.member(receiver.cls.name, receiver, name)
            return found if found is not None else self.type_rule(receiver, "__getattr__", const(name))
        if receiver.fields.get("~any") and name in receiver.cls.fields.get("~overridden", ()):
            return Unknown("a class that derives from this one has its own")
        return self.attribute_from(receiver.cls.mro, receiver, name)

    def attribute_from(self, mro: SequenceOf[ClassValue | LibraryRef], receiver: Value, name: str) -> Value | None:
        """Look a name up in the classes of an object, binding methods and running properties."""
        for base in mro:
            if isinstance(base, LibraryRef):
                brought = self.inherited(base, name)
                if isinstance(brought, Const):
                    continue  # a mixin: what it does not have, the next class may
                if isinstance(brought, LibraryRef):
                    return BoundMethod(brought, receiver)
                found = self.member(base.name, receiver, name)
                if found is not None:
                    return found
                if not (self.is_modelled(base.name) or "~items" in getattr(receiver, "fields", ())):
                    return Unknown(f"{base.name} is not modelled")
            elif name in base.fields:
                if (
                    isinstance(receiver, Instance)
                    and receiver.fields.get("~filled")
                    and not callable_of(base.fields[name])
                ):
                    return Unknown("it may have been set under a name that is not known")
                return self._bind_member(base, receiver, name)
        if isinstance(receiver, Instance) and name != "__getattr__":
            fallback = self.user_method(receiver, "__getattr__")
            if fallback is not None:
                return self.call(fallback, (const(name),))
        return None

    def is_modelled(self, name: str) -> bool:
        """Whether the members of a library class are known well enough to say that one is not there."""
        return is_complete(name)

    def _bind_member(self, owner: ClassValue, receiver: Value, name: str) -> Value:
        found: Value = owner.fields[name]
        if isinstance(found, Function):
            if found.wrapper == "staticmethod":
                return found
            cls = receiver.cls if isinstance(receiver, Instance) else receiver
            if found.wrapper == "classmethod":
                return BoundMethod(found, cls)
            if found.wrapper in ("property", "cached_property"):
                return self.call(BoundMethod(found, receiver))
            return BoundMethod(found, receiver)
        getter = self.user_method(found, "__get__")
        if getter is not None:
            inside = receiver if isinstance(receiver, Instance) else Const(None)
            return self.call(getter, (inside, receiver.cls if isinstance(receiver, Instance) else receiver))
        if isinstance(found, LibraryRef) and isinstance(receiver, Instance) and self._may_bind(found):
            return Unknown("whether a function of a library becomes a method of a class hangs on how it is written")
        if isinstance(found, BoundMethod) and isinstance(found.function, LibraryRef):
            return BoundMethod(found.function, receiver) if found.receiver is owner else found
        return found

    def _may_bind(self, found: LibraryRef) -> bool:
        """Whether it is a function of a library, of which those written in Python become methods."""
        name = found.name
        in_c = name.startswith(("builtins.", "math.", "operator.")) or name.count(".") == name.startswith("torch.")
        known = not in_c and "~" not in name and self.find_rule(name) is not None
        return known and REGISTRY.type_of(name) is None and not name.rpartition(".")[2][:1].isupper()

    def _class_attribute(self, receiver: ClassValue, name: str) -> Value | None:
        for base in receiver.mro:
            if isinstance(base, LibraryRef):
                if name == "__name__":
                    return const(receiver.name)
                if isinstance(self.inherited(base, name), Const):
                    continue
                found = self.library_member(base.name, name)
                if isinstance(found, BoundMethod):
                    return BoundMethod(found.function, receiver)
                if found is not None:
                    return found
            elif name in base.fields:
                value: Value = base.fields[name]
                if isinstance(value, Function) and value.wrapper == "classmethod":
                    return BoundMethod(value, receiver)
                return value
        return const(receiver.name) if name in ("__name__", "__qualname__") else None

    def user_method(self, receiver: Value, name: str) -> Value | None:
        """The method of that name if a class of the program defines it, bound to the object."""
        if isinstance(receiver, Instance) and isinstance(receiver.cls, ClassValue):
            for base in receiver.cls.mro:
                if isinstance(base, LibraryRef):
                    if not isinstance(self.inherited(base, name), Const):
                        return None
                elif name in base.fields:
                    return self._bind_member(base, receiver, name)
        return None

    def missing_attribute(self, receiver: Value, name: str) -> Value:
        """Nothing is known under that name: say so where Python certainly raises, else Unknown."""
        owner = type_name(receiver)
        if isinstance(receiver, Instance) and (dropped := self._dropped_member(receiver, name)) is not None:
            shown = receiver.cls.name.rpartition(".")[2]
            return self.dropped_name(dropped, Raises("AttributeError", f"'{shown}' object has no attribute '{name}'"))
        if not (is_declared(receiver) and not self.entered) and self.surely_lacks(receiver, owner, name):
            from foreshape.faults.missing_attribute import MissingAttribute

            shown = receiver.cls.name if isinstance(receiver, Instance) else owner or ""
            shown = shown.rpartition(".")[2]
            message = f"'{shown}' object has no attribute '{name}'"
            if owner == "numpy.ndarray":
                shown, message = owner, f"'{owner}' object has no attribute '{name}'"
            if isinstance(receiver, ClassValue):
                shown, message = receiver.name, f"type object '{receiver.name}' has no attribute '{name}'"
            held: tuple[Value, ...] = ()
            similar: tuple[str, ...] = ()
            near = self.lacks(owner, receiver, name) if isinstance(receiver, Array) and owner is not None else None
            if near is not None:
                held, similar = (receiver,), (near,)
            raised = Raises("AttributeError", message)
            self.report(MissingAttribute(raised, values=held, owner=shown, attribute=name, similar=similar))
            made = Unknown(f"there is no {name}")
            made.tainted = True
            return made
        if isinstance(receiver, ModuleValue):
            return Unknown(f"{receiver.name} does not define {name} on this path")
        if isinstance(receiver, Instance) and isinstance(receiver.cls, ClassValue):
            return Unknown(f"where {receiver.cls.name}.{name} is set is not seen")
        return Unknown(f"{owner or 'this object'}.{name} is not modelled")

    def _dropped_member(self, receiver: Instance, name: str) -> Dropped | None:
        """A method that the class of a library had, and that neither the program nor this version gives it."""
        own = receiver.cls.mro if isinstance(receiver.cls, ClassValue) else (receiver.cls,)
        if receiver.fields.get("~open") or sets_attribute(receiver, name):
            return None
        for library in [base for base in own if isinstance(base, LibraryRef)]:
            for base in REGISTRY.mro(library.name):
                found = DROPPED.find(f"{base}.{name}", self.targets.at_least)
                if found is not None:
                    return found
        return None

    def surely_lacks(self, receiver: Value, owner: str | None, name: str) -> bool:
        import builtins

        if (owner is not None and self.may_have_any(owner)) or rests_on_a_test(self, (receiver,)):
            return False
        if isinstance(receiver, Instance):
            if receiver.library_type == "argparse.Namespace":
                return not receiver.fields.get("~open") and not hasattr(object, name) and self.certain()
            if isinstance(receiver.fields.get("~items"), Sequence):
                bases = receiver.cls.mro if isinstance(receiver.cls, ClassValue) else (receiver.cls,)
                known = all(isinstance(b, ClassValue) or b.name == "typing.NamedTuple" for b in bases)
                return known and not hasattr(tuple, name) and not name.startswith("_") and self.certain()
            bases = receiver.cls.mro if isinstance(receiver.cls, ClassValue) else (receiver.cls,)
            plain = all(isinstance(b, ClassValue) for b in bases)
            if any(isinstance(b, ClassValue) and b.fields.get("~open") for b in bases):
                return False  # a name that is not known was set in the class
            if not plain and not receiver.fields.get("~more"):
                libraries = [b.name for b in bases if isinstance(b, LibraryRef) and b.name != "builtins.object"]
                plain = bool(libraries) and all(never_has(library, name) for library in libraries)
            return (
                plain
                and not hasattr(object, name)
                and not (receiver.fields.get("~open") or receiver.fields.get("~had"))
                and self.certain()
                and not sets_attribute(receiver, name)
            )
        if (
            isinstance(receiver, Array)
            and owner is not None
            and self.find_rule(f"{owner}.{name}", "lacking") is not None
        ):
            return True
        if isinstance(receiver, Array) and owner is not None and self.lacks(owner, receiver, name) is not None:
            return self.certain()
        if owner is None or not owner.startswith("builtins."):
            return False
        if isinstance(receiver, (Function, BoundMethod, IteratorValue)):
            return False
        found = type(None) if owner == "builtins.NoneType" else getattr(builtins, owner[9:], None)
        return isinstance(found, type) and not hasattr(found, name)

    # -- items ----------------------------------------------------------------------------------------------------
    def get_item(self, receiver: Value, index: Value) -> Value:
        """``receiver[index]``."""
        if isinstance(receiver, Choice):
            return self.distribute(receiver, lambda option: self.get_item(option, index))
        if isinstance(receiver, UnknownTable):
            return self.rule("pandas.~selected", receiver, index)
        if isinstance(receiver, Unknown):
            return Unknown(receiver.reason)
        method = self.user_method(receiver, "__getitem__")
        if method is not None:
            return self.call(method, (index,))
        if isinstance(receiver, (LibraryRef, ClassValue)):
            return receiver
        made = self.type_rule(receiver, "__getitem__", index)
        return made if made is not None else Unknown("indexing this is not modelled")

    def set_item(self, receiver: Value, index: Value, value: Value) -> Value | None:
        """``receiver[index] = value``. Returns the changed value where the receiver is an immutable description (an
        array), for the caller to bind again."""
        if isinstance(receiver, Choice):
            self.distribute(receiver, lambda option: self.set_item(option, index, value) or option)
            return None
        method = self.user_method(receiver, "__setitem__")
        if method is not None:
            self.call(method, (index, value))
            return None
        made = self.type_rule(receiver, "__setitem__", index, value)
        return made if isinstance(receiver, Array) and isinstance(made, Array) else None

    def dict_key(self, value: Value) -> tuple[Hashable] | None:
        """The key that a value is, in a tuple; None where it is not known."""
        if isinstance(value, Const):
            return (value.value,)
        if isinstance(value, Sequence) and value.kind in ("tuple", "frozenset"):
            items = value.contents.items(32)
            keys = [None] if items is None else [self.dict_key(item) for item in items]
            return None if any(key is None for key in keys) else (tuple(key[0] for key in keys if key is not None),)
        if isinstance(value, (LibraryRef, Instance, ClassValue, Function, Int)):
            return (value,) if not isinstance(value, Int) else (value.dim,)
        if isinstance(value, Array) and value.shape == () and value.data is not None:
            return (value.data[0],)
        if isinstance(value, Array) and value.kind == "tensorflow":
            return (value,)  # graph tensors are keys by identity, as in a feed_dict
        return None

    # -- elements ---------------------------------------------------------------------------------------------------
    def length(self, value: Value) -> DimLike | None:
        """``len(value)`` where it can be told."""
        if isinstance(value, Sequence):
            return value.contents.length
        if (size := text_length(value)) is not None:
            return size
        if isinstance(value, DictValue):
            size = value.fields.get("size")
            return size if size is not None else (len(value.entries) if value.rest is None else None)
        if isinstance(value, RangeValue):
            return range_length(value)
        if isinstance(value, Array) and value.has_elements:
            return value.shape[0] if value.shape else None
        method = self.user_method(value, "__len__")
        made = self.call(method) if method is not None else self.type_rule(value, "__len__")
        return None if made is None else self.dim(made)

    def iterate(self, value: Value) -> Contents | None:
        """The elements of an iterable; None where nothing is known about them."""
        if isinstance(value, Sequence):
            return value.contents
        if isinstance(value, IteratorValue):
            return self._rest_of(value)
        if isinstance(value, DictValue):
            return self._keys_of(value)
        if isinstance(value, RangeValue):
            return self._range_contents(value)
        if isinstance(value, Const) and isinstance(value.value, (str, bytes)):
            return Contents(tuple(Const(part) for part in value.value[:4096]))
        if isinstance(value, Typed) and value.kind == "str":
            return Contents((Run(var(None, 0) if value.length is None else value.length, Typed("str", length=1)),))
        if isinstance(value, Array) and value.shape and value.has_elements:
            return objects_in(value) or self._array_rows(value)
        if isinstance(value, Choice):
            return one_for_all([self.iterate(option) for option in value.values])
        return self._iterate_object(value)

    def _iterate_object(self, value: Value) -> Contents | None:
        method = self.user_method(value, "__iter__")
        if method is not None:
            made = self.call(method)
            return self._iterate_stepwise(made) if made is value else self.iterate(made)
        getter = self.user_method(value, "__getitem__")
        size = self.length(value) if getter is not None else None
        if getter is not None and size is not None:
            index = self.fresh("index", 0, size - 1, varying=True)
            element = self.call(getter, (int_value(index),))
            from foreshape.domain.dim import as_var

            return Contents((Run(size, element, as_var(index)),))
        made_iter = self.type_rule(value, "__iter__")
        return None if made_iter is None else self.iterate(made_iter)

    def _iterate_stepwise(self, value: Value) -> Contents | None:
        step = self.user_method(value, "__next__")
        if step is None:
            return None
        for name in counters(value, step):
            self.set(value, name, Int(var(None, 0)))  # type: ignore[arg-type]
        with self.quiet():
            element = self.call(step)
        return Contents((Run(var(None, 0), element),))

    def _rest_of(self, value: IteratorValue) -> Contents:
        contents: Contents = value.fields["contents"]
        if "~fault" in value.fields:
            self.report(value.fields["~fault"])  # a generator raises when it is asked for its first element
        taken: int = value.fields["taken"]
        if not taken:
            return contents
        items = contents.items()
        if items is not None:
            return Contents(items[taken:])
        segment = contents.segments[0]
        if len(contents.segments) == 1 and isinstance(segment, Run) and segment.index is not None:
            from foreshape.domain.contents import substitute_value
            from foreshape.domain.dim import of_atom

            moved = substitute_value(segment.element, {segment.index: of_atom(segment.index) + taken})
            return Contents((Run(dmax(segment.length - taken, 0), moved, segment.index),))
        return contents

    def _keys_of(self, value: DictValue) -> Contents:
        if value.fields.get("~unordered"):
            view = self.rule("builtins.dict.keys", value)
            return view.contents if isinstance(view, Sequence) else Contents()
        keys: list[Any] = [self.key_value(key) for key in value.entries]
        if value.rest is not None:
            size = value.fields.get("size")
            keys.append(Run(size if size is not None else var(None, 0), Unknown("its key is not known")))
        return Contents(keys)

    def key_value(self, key: Hashable) -> Value:
        """The value of a dictionary key."""
        if isinstance(key, Value):
            return key
        if isinstance(key, tuple):
            return Sequence("tuple", Contents(tuple(self.key_value(part) for part in key)))
        return Const(key)

    def _range_contents(self, value: RangeValue) -> Contents:
        size = range_length(value)
        if isinstance(size, int) and size <= WRITTEN_OUT:
            return Contents(tuple(int_value(value.start + value.step * k) for k in range(size)))
        index = var("i", 0, size - 1, varying=True)
        from foreshape.domain.dim import as_var

        return Contents((Run(size, int_value(value.start + index * value.step), as_var(index)),))

    def _array_rows(self, value: Array) -> Contents:
        assert value.shape
        size = value.shape[0]
        if isinstance(size, int) and size <= MOST_ROWS and value.data is not None:
            return Contents(tuple(self.get_item(value, const(k)) for k in range(size)))
        index = self.fresh("i", 0, size - 1, varying=True)
        from foreshape.domain.dim import as_var

        row = self.get_item(value, int_value(index))
        whole = row.dtype is not None and "int" in row.dtype if isinstance(row, Array) else False
        if isinstance(row, Array) and row.shape == () and row.data is None and whole:
            lo, hi = (bound if isinstance(bound, (int, Dim)) else None for bound in (row.lo, row.hi))
            drawn = isinstance(lo, int) and isinstance(hi, int) and not row.meta.get("loose")
            named = row.replace(data=(var(None, lo, hi, varying=True, chance=drawn),))
            return Contents((Run(size, named),))
        return Contents((Run(size, row, as_var(index)),))

    def is_instance(self, value: Value, type_name_wanted: str) -> bool | None:
        """Whether it is an instance of that type; None where not known."""
        wanted = REGISTRY.canonical(type_name_wanted)
        if isinstance(value, (Unknown, Choice)):
            return None
        if isinstance(value, Instance) and isinstance(value.cls, ClassValue):
            names = [base.name for base in value.cls.mro if isinstance(base, LibraryRef)]
            for name in names:
                if wanted in REGISTRY.mro(name):
                    return True
                if REGISTRY.type_of(name) is None and name != "builtins.object":
                    return None
            return wanted == "builtins.object"
        owner = type_name(value)
        if isinstance(value, LibraryRef) and not REGISTRY.is_known(value.name):
            return None  # it may be a value of the library
        if owner is None:
            return False if isinstance(value, (ClassValue, LibraryRef, ModuleValue)) else None
        if wanted in REGISTRY.mro(owner) or wanted == "builtins.object":
            return True
        return owner == "builtins.bool" and wanted == "builtins.int"

    # -- shared with the rest ---------------------------------------------------------------------------------------
    def call_method(
        self, receiver: Value, name: str, args: SequenceOf[Value] = (), kwargs: Mapping[str, Value] | None = None
    ) -> Value:
        return self.call(self.get_attribute(receiver, name), args, kwargs)


def callable_of(value: Value) -> bool:
    """Whether it is a method or property of a class."""
    return isinstance(value, (Function, BoundMethod, ClassValue))


def takes_class(rule: Rule) -> bool:
    """Whether a rule describes a class method: its first parameter is ``cls``."""
    return rule.signature().positional[:1] == ("cls",)


def range_length(value: RangeValue) -> DimLike:
    """``len(range(...))``; an empty range of unknown ends is not expected, but a known one is."""
    span = value.stop - value.start if value.step > 0 else value.start - value.stop
    size = ceildiv(span, abs(value.step)) if abs(value.step) != 1 else span
    return max(size, 0) if isinstance(size, int) else size
