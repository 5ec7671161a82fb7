"""A change is kept only if the program that it gives, analysed again, lacks the fault and has no other."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Instance, Unknown, Value
from foreshape.explain.build import explain_one
from foreshape.explain.places import Sources
from foreshape.fixes.edits import Overlap, Splice, old_row, spliced
from foreshape.fixes.moved import moved, put_in
from foreshape.fixes.outcome import told
from foreshape.interpret.analyze import Analysis, Interpreter, analyze_file

if TYPE_CHECKING:
    from foreshape.interpret.findings import Assigned, Finding
    from foreshape.source.files import SourceFile
    from foreshape.source.imports import ImportResolver
    from foreshape.source.targets import Targets

GRAVE: Final = 1000
SILENT: Final = GRAVE - 1
"""How much one error weighs in a count, and the most that faults weigh where nothing raises."""

STAGES: Final = {
    "unsupported-data": 0, "ragged-array": 0, "layer-input-count": 1, "cardinality": 1, "state-shape": 1, "rank-mismatch": 2,
    "declared-shape": 2, "feature-mismatch": 2, "window-size": 3, "undefined-dimension": 3, "label-shape": 4,
    "dtype-mismatch": 5, "label-range": 5, "embedding-range": 5,
}  # fmt: skip
"""The order in which one call finds such faults: one of a later stage cannot show before the earlier ones are gone."""

Key = tuple[str, str, int, str]
"""Rule, file, the line that it had in the program as it is, and the name of the layer that raises."""


class Proof:
    """What the changed program gives. known: the failing expression has a value of which something is known then.
    uncovers: a fault that this one has hidden shows further down. left: how grave the faults are that it still has."""

    __slots__ = ("known", "left", "text", "uncovers")

    def __init__(self, text: str, known: bool, left: int, uncovers: bool = False) -> None:
        self.text = text
        self.known = known
        self.left = left
        self.uncovers = uncovers


class Watching(Interpreter):
    """An interpreter that remembers what a few expressions gave."""

    def __init__(self, targets: Targets, resolver: ImportResolver | None = None) -> None:
        super().__init__(targets, resolver)
        self.seen: dict[int, list[Value]] = {}

    def watch(self, nodes: Sequence[ast.expr]) -> None:
        self.seen.update((id(node), []) for node in nodes)

    def eval(self, node: ast.expr) -> Value:
        value = super().eval(node)
        seen = self.seen.get(id(node))
        if seen is not None:
            seen.append(value)
        return value


class Program:
    """A file as it was analysed, with what is needed to analyse it again after a change."""

    __slots__ = ("before", "entry", "kept", "resolver", "targets")

    def __init__(self, entry: SourceFile, targets: Targets, resolver: ImportResolver, analysis: Analysis) -> None:
        self.entry = entry
        self.targets = targets
        self.resolver = resolver
        self.before = _counted(analysis.findings, ())
        self.kept = _known_names(analysis.assigned)

    def checked(
        self, target: Finding, node: ast.AST | None, splices: Sequence[Splice], here: int = 0, later: bool = False
    ) -> Proof | None:
        """What the changed program gives; None where the fault is still there, something else is wrong, or the change
        makes something that nothing is known about. ``node``: what fails, in the program as it is. ``here``: how
        grave a further fault may be that this one has hidden on the same line: 0, SILENT or GRAVE. ``later``: whether one
        may show below."""
        changed = self._changed(splices)
        if changed is None:
            return None
        resolver = self.resolver.with_sources(changed)
        interpreter = Watching(self.targets, resolver)
        path = target.span.path
        own = [each for each in splices if each.path == path]
        failing: ast.expr | None = None
        if isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
            source = next((each for each in changed if each.path == path), None)
            failing = node if source is None else moved(self._source(path), source, node, own)
        edited = [each for source in changed for each in put_in(source, splices)]
        interpreter.watch([*edited, *_parts(failing)])
        entry = next((each for each in changed if each.path == self.entry.path), self.entry)
        analysis = analyze_file(entry, self.targets, resolver, interpreter)
        after = _counted(analysis.findings, splices)
        aim = key_of(target, ())
        if analysis.internal or after.get(aim, 0) >= self.before.get(aim, 0):
            return None
        new = [key for key, grave in after.items() if grave > self.before.get(key, 0)]
        if not all(_was_hidden(key, aim, after[key], here, later) for key in new):
            return None
        if self._lost(analysis.assigned, splices):
            return None
        if any(_nothing_known(interpreter.seen[id(each)]) for each in edited):
            return None
        values = interpreter.seen[id(failing)] if failing is not None else []
        if (failing is not None and not values) or any(map(_is_empty, values)):
            return None  # it is never reached, or gives nothing
        left = sum(after.values())
        if new:
            hidden = next(each for each in analysis.findings if key_of(each, splices) in new)
            headline = explain_one(hidden, Sources(resolver.read)).message
            uncovers = any(key[2] > aim[2] or after[key] > max(here, SILENT) for key in new)
            return Proof(f"this fault is gone; it hid another: {headline}", False, left, uncovers)
        rest = "no fault is left" if not after else "no new fault"
        tree = next((each.tree for each in changed if each.path == path), self._source(path).tree)
        said = told(failing, tree, interpreter.seen)
        known = bool(said) or not values or not _nothing_known(values)
        text = f"{said}, {rest}" if said else "no fault is left" if not after else "this fault is gone"
        return Proof(text, known, left)

    def _changed(self, splices: Sequence[Splice]) -> list[SourceFile] | None:
        """The files after the change; None where that is no Python."""
        from foreshape.source.files import SourceFile
        from foreshape.source.syntax import ParseFailure, parse

        changed: list[SourceFile] = []
        for path in dict.fromkeys(each.path for each in splices):
            old = self._source(path)
            try:
                text = spliced(old.lines, [each for each in splices if each.path == path])
            except Overlap:
                return None
            tree = parse(text)
            if isinstance(tree, ParseFailure):
                return None
            changed.append(SourceFile(path, text, tree, old.status, old.reason, old.cells))
        return changed

    def _source(self, path: str) -> SourceFile:
        return self.entry if path == self.entry.path else self.resolver.read(path)

    def _lost(self, assigned: Sequence[Assigned], splices: Sequence[Splice]) -> bool:
        """Whether a name that had a shape has none any more, or holds nothing: then nothing was proven."""
        for each in assigned:
            key = each.path, old_row(each.line, [s for s in splices if s.path == each.path]), each.name
            if key in self.kept and any(isinstance(value, Unknown) or _is_empty(value) for value in each.values):
                return True
        return False


def _was_hidden(key: Key, aim: Key, grave: int, here: int, later: bool) -> bool:
    """Whether a fault of the changed program may be one that the first has kept from showing."""
    if key[1:3] == aim[1:3]:
        if later and STAGES.get(key[0], -1) > STAGES.get(aim[0], len(STAGES)):
            return True
        return grave <= here and key[0::3] != aim[0::3]
    return later and key[1] == aim[1] and key[2] > aim[2]


def _parts(node: ast.expr | None) -> list[ast.expr]:
    """A call, and the object whose method it is."""
    if node is None:
        return []
    if isinstance(node, ast.Call):
        function = node.func
        return [node, function.value] if isinstance(function, ast.Attribute) else [node, function]
    return [node]


def _nothing_known(values: Sequence[Value]) -> bool:
    return any(isinstance(value, Unknown) for value in values)


def _is_empty(value: Value) -> bool:
    return isinstance(value, Array) and value.shape is not None and 0 in value.shape


def key_of(finding: Finding, splices: Sequence[Splice]) -> Key:
    """What makes two findings the same before and after a change."""
    path, row = finding.stack[-1]
    name = next((_name_of(each) for each in finding.fault.layers if isinstance(each, Instance)), "")
    return finding.fault.name, path, old_row(row, [each for each in splices if each.path == path]), name


def _name_of(layer: Instance) -> str:
    held = layer.fields.get("name")
    return str(held.value) if isinstance(held, Const) else ""


def _counted(findings: Sequence[Finding], splices: Sequence[Splice]) -> dict[Key, int]:
    """How often each is found; one that happens in every run weighs more than one that depends on something."""
    found: dict[Key, int] = {}
    for finding in findings:
        if finding.severity == "note":
            continue
        key = key_of(finding, splices)
        found[key] = found.get(key, 0) + (GRAVE if finding.severity == "error" else 1)
    return found


def _known_names(assigned: Sequence[Assigned]) -> set[tuple[str, int, str]]:
    return {
        (each.path, each.line, each.name)
        for each in assigned
        if each.values
        and all(isinstance(value, Array) and value.shape is not None and 0 not in value.shape for value in each.values)
    }
