"""Binding of names, attributes, items and patterns of them; decorators and class definitions."""

from __future__ import annotations

import ast
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
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
    LibraryRef,
    ModuleValue,
    Scope,
    Sequence,
    SliceValue,
    Typed,
    Unknown,
    Value,
)
from foreshape.faults.base import Raises
from foreshape.faults.unpack_mismatch import UnpackMismatch
from foreshape.interpret.classes import Classes
from foreshape.interpret.flow import Raised
from foreshape.interpret.nodes import keeps_as_given
from foreshape.semantics.python.positions import sliced

if TYPE_CHECKING:
    from foreshape.interpret.loops import Loop


class Assignment(Classes):
    """``assign`` for every form of target."""

    loops: list[Loop]
    handling: list[Raised]

    def declared(self, node: ast.Assign | ast.AnnAssign, value: Value) -> Value:
        """What a ``# shape:`` comment on the assignment says about its value."""
        source = self.sources.get(self.path)
        if source is None or not source.comments.declarations:
            return value
        declaration = source.comments.declared_shape(node)
        if declaration is None or not isinstance(value, (Unknown, Array, Instance)):
            return value
        from foreshape.interpret.declarations import declared_array

        return self.stamp(declared_array(self, declaration, value), node)

    def assign_recorded(self, target: ast.expr, value: Value, statement: ast.stmt) -> None:
        """Assign, remembering the shapes of the names that are bound."""
        self.recording = statement.lineno
        try:
            self.assign(target, value)
        finally:
            self.recording = 0

    def assign(self, target: ast.expr, value: Value) -> None:
        """``target = value``."""
        if isinstance(target, ast.Name):
            self._name(value, target.id)
            self.bind_name(target.id, value)
            if self.recording:
                self.remember(self.recording, target.id, value)
        elif isinstance(target, ast.Attribute):
            self._assign_attribute(target, value)
        elif isinstance(target, ast.Subscript):
            receiver = self.eval(target.value)
            index = self.eval(target.slice)
            self.node = target
            changed = self.set_item(receiver, index, value)
            if isinstance(changed, Array):
                if changed.origin is None and receiver.origin is not None:
                    changed.origin = receiver.origin.with_input(value)
                self._rebind(target.value, receiver, changed)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.unpack(target, value)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value)

    def _name(self, value: Value, name: str) -> None:
        if value.origin is not None and value.origin.name is None and not isinstance(value, (ClassValue, ModuleValue)):
            value.origin.name = name

    def _assign_attribute(self, target: ast.Attribute, value: Value) -> None:
        receiver = self.eval(target.value)
        if self.recording and isinstance(target.value, ast.Name):
            self.remember(self.recording, f"{target.value.id}.{target.attr}", value)
        self._name(value, target.attr)
        for option in receiver.values if isinstance(receiver, Choice) else (receiver,):
            self.set_attribute(option, target.attr, value)

    def set_attribute(self, receiver: Value, name: str, value: Value) -> None:
        """``receiver.name = value``."""
        if self.keeps_entry(receiver, name, value):
            return
        if isinstance(receiver, Instance):
            if name == "__dict__":
                self._replace_attributes(receiver, value)
                return
            setter = self._property_setter(receiver, name)
            if setter is not None:
                self.call(BoundMethod(setter, receiver), (value,))
                return
            descriptor = self._descriptor(receiver, name)
            if descriptor is not None:
                self.call(descriptor, (receiver, value))
                return
            kept = self.type_rule(receiver, "__setattr__", Const(name), value)
            if isinstance(kept, Unknown):
                value = kept  # what the object keeps is made of it
            elif self._makes_something(receiver):
                value = Unknown("its class makes something of what is set")
            if receiver.snapshot is None or isinstance(receiver.cls, ClassValue):
                self.set(receiver, name, value)
        elif isinstance(receiver, ClassValue):
            self.set(receiver, name, value)
        elif isinstance(receiver, ModuleValue):
            self.trail.set(receiver.scope.fields, name, value)
        elif isinstance(receiver, Array):
            self.type_rule(receiver, "__setattr__", Const(name), value)
        elif isinstance(receiver, LibraryRef):
            self.patch(receiver.name, name, value)
            self.escape((value,), {})

    def _makes_something(self, receiver: Instance) -> bool:
        """Whether the object has a ``__setattr__`` of the program's own that does not keep what it is given."""
        for base in receiver.cls.mro if isinstance(receiver.cls, ClassValue) else ():
            held = base.fields.get("__setattr__") if isinstance(base, ClassValue) else None
            if held is not None:
                return isinstance(held, Function) and not keeps_as_given(held.node)
        return False

    def _replace_attributes(self, receiver: Instance, value: Value) -> None:
        """``receiver.__dict__ = value``, which may be the object itself where its class derives from dict."""
        held = value.fields.get("~items") if isinstance(value, Instance) else value
        entries = held.entries if isinstance(held, DictValue) else {}
        for key in [key for key in receiver.fields if isinstance(key, str) and not key.startswith("~")]:
            if key not in entries:
                self.set(receiver, key, Unknown("its __dict__ was replaced"))
        self.written_through(receiver, "entries", entries)
        if held is not value or not isinstance(held, DictValue) or held.rest is not None:
            self.written_through(receiver, "rest", value)

    def _descriptor(self, receiver: Instance, name: str) -> Value | None:
        """The ``__set__`` of what a class of the program holds under the name."""
        for base in receiver.cls.mro if isinstance(receiver.cls, ClassValue) else ():
            held = base.fields.get(name) if isinstance(base, ClassValue) else None
            if isinstance(held, Value):
                return self.user_method(held, "__set__")
        return None

    def _property_setter(self, receiver: Instance, name: str) -> Value | None:
        if not isinstance(receiver.cls, ClassValue):
            return None
        for base in receiver.cls.mro:
            if isinstance(base, ClassValue):
                found: Value | None = base.fields.get(f"~set {name}")
                if found is not None:
                    return found
        return None

    def _rebind(self, target: ast.expr, before: Value, after: Array) -> None:
        """An array was written into: whatever holds it now holds the description with the new values."""
        if after.origin is None:
            after.origin = before.origin
        if isinstance(target, ast.Name):
            scope: Scope | None = self.scope()
            while scope is not None:
                if scope.fields.get(target.id) is before:
                    self.trail.set(scope.fields, target.id, after)
                    return
                scope = scope.parent
        elif isinstance(target, ast.Attribute):
            receiver = self.eval(target.value)
            if isinstance(receiver, Instance) and receiver.fields.get(target.attr) is before:
                self.set(receiver, target.attr, after)
        elif isinstance(target, ast.Subscript):
            # a part of an array was written into: the array holds it
            outer = self.eval(target.value)
            if isinstance(outer, Array):
                with self.quiet():
                    whole = self.set_item(outer, self.eval(target.slice), after)
                if isinstance(whole, Array):
                    self._rebind(target.value, outer, whole)

    # -- names ----------------------------------------------------------------------------------------------------
    def binding_scope(self, name: str) -> Scope:
        """The scope that an assignment to a name writes to."""
        scope = self.scope()
        declared = scope.fields.get("~declared", {}).get(name)
        if declared == "global":
            return self.module_scope()
        if declared == "nonlocal":
            outer = scope.parent
            while outer is not None and (name not in outer.fields or outer.kind == "class"):
                outer = outer.parent
            return outer if outer is not None else scope
        return scope

    def bind_name(self, name: str, value: Value) -> None:
        self.trail.set(self.binding_scope(name).fields, name, value)

    # -- unpacking --------------------------------------------------------------------------------------------------
    def counted_axes(self, target: ast.Tuple | ast.List, node: ast.expr, value: Unknown) -> Value:
        """``n, steps, features = x.shape`` goes on only where x has three axes. So an array whose rank is not known has as
        many from here on, named so; the value is the shape then. In a ``try`` it may be what is tried."""
        if not isinstance(node, ast.Attribute) or node.attr != "shape" or self.attempts or value.tainted:
            return value
        if any(isinstance(name, ast.Starred) for name in target.elts):
            return value
        with self.quiet():
            held = self.eval(node.value)
        if not isinstance(held, Array) or held.shape is not None or held.tainted:
            return value
        names = [name.id if isinstance(name, ast.Name) and name.id.strip("_") else None for name in target.elts]
        counted = held.replace(shape=tuple(self.fresh(name) for name in names), meta=held.meta)
        counted.origin = held.origin
        self._rebind(node.value, held, counted)
        with self.quiet():
            again = self.eval(node.value)
        return self.eval(node) if again is counted else value

    def unpack(self, target: ast.Tuple | ast.List, value: Value) -> None:
        """``a, b, *rest = value``."""
        names = target.elts
        if isinstance(value, Choice):
            value = self.narrowed(value)
        if isinstance(value, Choice):
            # what does not fit is said where no option fits: which one it is depends on more than is followed
            with nullcontext() if all(self._fits_not(names, option) for option in value.values) else self.quiet():
                parts = [self._parts(names, option) for option in value.values]
            from foreshape.domain.join import join

            conditions = [when for when, _ in value.options]
            for position, name in enumerate(names):
                joined: Value = parts[-1][position]
                for when, option in zip(reversed(conditions[:-1]), reversed(parts[:-1])):
                    joined = join(option[position], joined, when)
                self.assign(name, joined)
            return
        for name, part in zip(names, self._parts(names, value)):
            self.assign(name, part)

    def _fits_not(self, names: list[ast.expr], value: Value) -> bool:
        """Whether a value certainly has another number of parts."""
        contents = self.iterate(value)
        if contents is None:
            return isinstance(value, (Const, Int, Typed))
        if not isinstance(contents.length, int):
            return False
        starred = any(isinstance(name, ast.Starred) for name in names)
        return contents.length < len(names) - 1 if starred else contents.length != len(names)

    def _parts(self, names: list[ast.expr], value: Value) -> list[Value]:
        if isinstance(value, Array) and value.shape:
            refused = self.type_rule(value, "__unpack__", Const(len(names)))  # a tensor of a graph cannot be
            if refused is not None and refused.tainted:
                return [_follows() for _ in names]
        contents = self.iterate(value)
        if contents is None:
            reason = value.reason if isinstance(value, Unknown) else "it is unpacked from something not known"
            made: list[Value] = []
            for _ in names:
                part = Unknown(reason)
                part.tainted = value.tainted
                made.append(part)
            if isinstance(value, (Const, Int, Typed)):
                self._not_iterable(value)
            return made
        starred = next((k for k, name in enumerate(names) if isinstance(name, ast.Starred)), None)
        if not self._fits_count(names, contents, starred, value):
            return [_follows() for _ in names]
        if starred is None:
            return [self._part(contents, k, value) for k in range(len(names))]
        after = len(names) - starred - 1
        items = contents.items()
        before = [self._part(contents, k, value) for k in range(starred)]
        if items is not None and len(items) >= len(names) - 1:
            rest: Value = Sequence("list", Contents(items[starred : len(items) - after]))
            last = list(items[len(items) - after :]) if after else []
        else:
            none = Const(None)
            rest_slice = SliceValue(Const(starred), Const(-after) if after else none, none)
            rest = Sequence("list", sliced(self, contents, rest_slice))
            found = [contents.from_end(k) for k in range(after, 0, -1)]
            last = [part if part is not None else Unknown("part of an unknown list") for part in found]
        return [*before, rest, *last]

    def _part(self, contents: Contents, position: int, value: Value) -> Value:
        found = contents.at(position)
        if found is None:
            found = Unknown("which element this is cannot be told")
        found.tainted = found.tainted or value.tainted
        if isinstance(value, Instance) and isinstance(found, Array) and found.origin is None:
            made = value.origin  # a part of a named tuple comes from the call that gave the tuple
            found.origin = None if made is None else Origin(made.path, made.node, made.inputs, None, made.what)
        return found

    def _not_iterable(self, value: Value) -> None:
        from foreshape.faults.python_error import PythonError
        from foreshape.interpret.operators import kind_of

        if kind_of(value) == "str" or value.tainted:
            return
        message = f"cannot unpack non-iterable {kind_of(value)} object"
        self.report(PythonError(Raises("TypeError", message), problem=message))

    def _fits_count(self, names: list[ast.expr], contents: Contents, starred: int | None, value: Value) -> bool:
        count: DimLike = contents.length
        wanted = len(names) - (starred is not None)
        if value.tainted or isinstance(value, (DictValue, Typed)):
            return True
        fits = self.at_least(count, wanted) if starred is not None else self.equal(count, wanted)
        if fits:
            return True
        if isinstance(count, int) and count > wanted and starred is None:
            message = f"too many values to unpack (expected {wanted})"
            if sys.version_info >= (3, 14):
                message = f"too many values to unpack (expected {wanted}, got {count})"
        elif starred is not None:
            message = f"not enough values to unpack (expected at least {wanted}, got {count})"
        else:
            message = f"not enough values to unpack (expected {wanted}, got {count})"
        self.report(
            UnpackMismatch(
                Raises("ValueError", message),
                values=(value,),
                names=wanted,
                values_given=count,
                of_shape=value.origin is not None and isinstance(value.origin.node, ast.Attribute)
                and value.origin.node.attr == "shape",
                starred=starred is not None,
            )
        )  # fmt: skip
        return False


def _follows() -> Value:
    """A part of what could not be taken apart."""
    made = Unknown("it follows a fault")
    made.tainted = True
    return made
