"""Imports: modules of the project are interpreted, libraries become references to their rules."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents, Run
from foreshape.domain.dim import var
from foreshape.domain.origin import Origin
from foreshape.domain.trail import Trail
from foreshape.domain.values import (
    DictValue,
    LibraryRef,
    ModuleValue,
    Scope,
    Sequence,
    Unknown,
    Value,
    const,
)
from foreshape.faults.base import Raises
from foreshape.interpret.bindings import names_of
from foreshape.interpret.flow import Exit, Flow, Frame, OutOfBudget, Raised
from foreshape.interpret.loops import Loops
from foreshape.semantics.dropped import DROPPED
from foreshape.semantics.registry import REGISTRY

if TYPE_CHECKING:
    from foreshape.source.files import SourceFile
    from foreshape.source.imports import ImportResolver, LocalModule

LEGACY_KERAS: Final = "TF_USE_LEGACY_KERAS"
MOST_IMPORTED: Final = 24_000
"""How many steps the bodies of all modules that a file imports may take."""
SHARE: Final = 0.75
"""Of what is left, how much a module may use: the one that imports it has something left to go on."""
MOST_COLLECTED: Final = 8


class Imports(Loops):
    """``import`` and ``from ... import``."""

    lazy: bool = False
    """Whether an import was put off."""
    imported: int = 0
    """The steps that imported modules have taken."""
    import_limit: int = MOST_IMPORTED
    resolver: ImportResolver | None = None
    modules: dict[str, ModuleValue]

    def exec_import(self, node: ast.Import) -> Flow | None:
        for alias in node.names:
            self.note_library(alias.name)
            whole = self._import_module(alias.name, 0, node)
            if alias.asname is not None:
                self.bind_name(alias.asname, whole)
                continue
            top = alias.name.partition(".")[0]
            first = whole if "." not in alias.name else self.module(top, 0)
            if isinstance(first, ModuleValue) and "." in alias.name:
                self._attach(first, alias.name, whole)
            self.bind_name(top, first)
        return None

    def _attach(self, first: ModuleValue, name: str, last: Value) -> None:
        """``import a.b.c`` makes ``a.b.c`` reachable from ``a``."""
        current = first
        parts = name.split(".")[1:]
        for number, part in enumerate(parts):
            inner = last if number == len(parts) - 1 else self.module(".".join(name.split(".")[: number + 2]), 0)
            current.scope.fields.setdefault(part, inner)
            if not isinstance(inner, ModuleValue):
                return
            current = inner

    def exec_import_from(self, node: ast.ImportFrom) -> Flow | None:
        if node.module == "__future__":
            return None
        name = node.module or ""
        if not node.level:
            self.note_library(name)
        if node.level and self._is_lazy():
            for alias in node.names:
                self._put_off(alias, name, node.level)
            return None
        source = self._import_module(name, node.level, node)
        for alias in node.names:
            if alias.name == "*":
                self._import_all(source)
                continue
            value = self._member(source, alias.name, name, node.level)
            self.bind_name(alias.asname or alias.name, value)
        return None

    def _import_module(self, name: str, level: int, node: ast.stmt) -> Value:
        """A module as an import statement gets it: one that the library has dropped ends the program here."""
        source = self.module(name, level)
        if not isinstance(source, LibraryRef):
            return source
        self.imports.setdefault(name.partition(".")[0], Origin(self.scope().path, node))
        gone = DROPPED.first(name, self.targets.at_least)
        if gone is None:
            return source
        made = self.dropped_name(gone, Raises("ModuleNotFoundError", f"No module named '{gone.name}'"))
        return LibraryRef(source.name, spelled=gone.now) if isinstance(made, Unknown) and gone.now else made

    def _member(self, source: Value, name: str, module: str, level: int) -> Value:
        if isinstance(source, ModuleValue):
            found: Value | None = source.scope.fields.get(name) or self.later(source.scope, name)
            if found is not None:
                return found
            inner = self.local(f"{module}.{name}" if module else name, level)
            if inner is not None:
                return inner
            return Unknown(f"{source.name} does not define {name} on this path")
        if isinstance(source, LibraryRef):
            self.note_library(f"{source.name}.{name}")
            full = f"{source.spelled or source.name}.{name}"
            dropped = DROPPED.find(full, self.targets.at_least)
            if dropped is None:
                dropped = self.not_in_version(REGISTRY.canonical(f"{source.name}.{name}"))
            if dropped is not None:
                return self.dropped_name(dropped, Raises("ImportError", f"cannot import name '{name}' from '{module}'"))
            return self.get_attribute(source, name)
        return Unknown(f"{module} cannot be read")

    def _import_all(self, source: Value) -> None:
        scope = self.scope()
        if isinstance(source, ModuleValue):
            for key in list(source.scope.fields.get("~later", ())):
                self.later(source.scope, key)
            if "~stars" in source.scope.fields:
                scope.fields["~star"] = ()
            for key, value in source.scope.fields.items():
                if isinstance(key, str) and not key.startswith(("_", "~")):
                    self.bind_name(key, value)
            if "~star" in source.scope.fields:
                scope.fields["~star"] = source.scope.fields["~star"]
        elif isinstance(source, LibraryRef):
            scope.fields["~star"] = (*scope.fields.get("~star", ()), source.name)
        else:
            scope.fields["~star"] = scope.fields.get("~star", ())

    def undefined(self, name: str, local: bool = False) -> Value:
        """A name that nothing binds may come from ``from library import *``."""
        if local:
            return super().undefined(name, local)
        put_off = self.later(self.module_scope(), name)
        if put_off is not None:
            return put_off
        stars: tuple[str, ...] = self.module_scope().fields.get("~star", ())
        for library in stars:
            full = REGISTRY.canonical(f"{library}.{name}")
            if REGISTRY.is_known(full):
                return self.get_attribute(LibraryRef(library), name)
        return super().undefined(name)

    def note_library(self, name: str) -> None:
        """Importing ``tf_keras``, or TensorFlow with the legacy flag set, makes it a Keras 2 program."""
        top = name.partition(".")[0]
        legacy = top == "tf_keras" or (top == "tensorflow" and self.environment(LEGACY_KERAS) in ("1", "True", "true"))
        if legacy and self.targets.at_least("keras", "3"):
            self.targets = self.targets.with_versions(keras="2")

    def environment(self, name: str) -> str | None:
        """What the program itself has put into ``os.environ``."""
        found = self.process.get(("~environ", name))
        return found if isinstance(found, str) else None

    # -- modules --------------------------------------------------------------------------------------------------
    def module(self, name: str, level: int) -> Value:
        """The value of an imported module."""
        found = self.local(name, level)
        if found is not None:
            return found
        if level:
            return Unknown(f"{'.' * level}{name} is not part of the project")
        return LibraryRef(REGISTRY.canonical(name), spelled=name)

    def local(self, name: str, level: int) -> Value | None:
        """A module of the project; None where it is a library's."""
        if self.resolver is None:
            return None
        found = self.resolver.resolve(name, level, self.path)
        return None if found is None else self._load(found)

    def _load(self, found: LocalModule) -> Value:
        known = self.modules.get(found.path)
        if known is not None:
            return known
        scope = Scope("module", found.path)
        value = ModuleValue(found.name, scope)
        self.modules[found.path] = value
        if found.source is None:
            scope.fields["~star"] = ()
            return value
        if found.source.tree is None:
            return Unknown(f"{found.path} cannot be read")
        left = int((self.import_limit - self.imported) * SHARE)
        if left < 1:
            scope.fields["~star"] = ()
            return value
        self._run_imported(found.source, scope, found.name, left)
        return value

    def _run_imported(self, source: SourceFile, scope: Scope, name: str, left: int) -> None:
        """Run the body of a module that is imported, once and for all: an import in a branch is not taken back with it.
        It may take so many steps, the imports in it included; what it has not come to then is not known.
        """
        trail, facts = self.trail, self.facts
        began, limit, most = self.steps, self.step_limit, self.import_limit
        before = self.imported
        self.step_limit, self.import_limit = min(limit, began + left), before + left
        if trail.is_open:
            self.trail = Trail()
        try:
            self.run_module(source, scope, name)
        except OutOfBudget:
            if self.steps > limit or self.out_of_time():
                raise
            scope.fields["~star"] = ()
        finally:
            self.step_limit, self.import_limit = limit, most
            self.imported = before + self.steps - began
            if trail.is_open:
                self.trail = trail
                self.knowledge["facts"] = facts
        if self.lazy:
            for key, member in scope.fields.items():
                if isinstance(member, (Sequence, DictValue)) and is_empty(member):
                    scope.fields[key] = of_any_length(member)

    # -- packages that only collect ---------------------------------------------------------------------------------
    def _is_lazy(self) -> bool:
        """Whether this is the body of a package that imports from so many of its modules that only those are read whose
        names are asked for."""
        scope = self.scope()
        return scope.kind == "module" and bool(scope.fields.get("~collects")) and not self.attempts

    def _put_off(self, alias: ast.alias, module: str, level: int) -> None:
        self.lazy = True
        fields = self.scope().fields
        if alias.name == "*":
            fields["~stars"] = (*fields.get("~stars", ()), (module, level))
            return
        name = alias.asname or alias.name
        fields.pop(name, None)
        fields.setdefault("~later", {})[name] = (module, level, alias.name)

    def later(self, scope: Scope, name: str) -> Value | None:
        """A name of a package whose import was put off: it is made now."""
        put_off = scope.fields.get("~later")
        where = put_off.pop(name, None) if put_off else None
        if where is not None:
            module, level, original = where
            return self._now(scope, name, lambda: self._member(self.module(module, level), original, module, level))
        if name.startswith("_"):
            return None
        for module, level in scope.fields.get("~stars", ()):
            found = self._now(scope, name, lambda: self._if_defined(module, level, name))  # noqa: B023
            if found is not None:
                return found
        return None

    def _now(self, scope: Scope, name: str, make: Callable[[], Value | None]) -> Value | None:
        """Do in the module's own place what was put off there."""
        self.frames.append(Frame(scope.path, scope, self.node, self.path))
        try:
            value = make()
        finally:
            self.frames.pop()
        if value is not None:
            scope.fields[name] = value
        return value

    def _if_defined(self, module: str, level: int, name: str) -> Value | None:
        """The member of a module; None where its text does not even mention the name."""
        found = None if self.resolver is None else self.resolver.resolve(module, level, self.path)
        if found is None or found.source is None or not any(name in line for line in found.source.lines):
            return None
        value = self._load(found)
        if not isinstance(value, ModuleValue):
            return None
        member: Value | None = value.scope.fields.get(name) or self.later(value.scope, name)
        return member

    def run_module(self, source: SourceFile, scope: Scope, name: str) -> None:
        """Interpret the body of a module in its own scope."""
        assert source.tree is not None
        path = scope.path
        self.sources[path] = source
        scope.fields["~name"] = name
        scope.fields["__name__"] = const(name)
        scope.fields["~bound"] = names_of(source.tree)
        scope.fields["~collects"] = name != "__main__" and collects(path, source.tree)
        node = self.node
        frame = Frame(path, scope, node if self.frames else None, self.path if self.frames else None)
        depth = len(self.frames)
        self.frames.append(frame)
        try:
            self.exec_block(source.tree.body)
        except (Raised, Exit):
            if depth == 0:
                raise
            if self.attempts:
                raise
        finally:
            del self.frames[depth:]
            self.node = node


def collects(path: str, tree: ast.Module) -> bool:
    """Whether it is a package that imports names from many of its modules."""
    if not path.endswith("__init__.py"):
        return False
    own = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.level]
    return len(own) > MOST_COLLECTED


def is_empty(value: Value) -> bool:
    """An empty list or dict."""
    if isinstance(value, DictValue):
        return not value.entries
    return isinstance(value, Sequence) and value.contents.items() == ()


def of_any_length(value: Value) -> Value:
    """A list or dict that others fill; anything else as it is."""
    some = Unknown("it may have been filled since")
    if isinstance(value, DictValue):
        return DictValue({}, some, None, value.kind)
    if isinstance(value, Sequence) and value.kind not in ("tuple", "frozenset"):
        return Sequence(value.kind, Contents((Run(var(None, 0), some),)))
    return value
