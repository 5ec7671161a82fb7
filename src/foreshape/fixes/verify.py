"""A change is kept only if the program that it gives, analysed again, lacks the fault and has no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from foreshape.domain.values import Array, Unknown
from foreshape.fixes.edits import Overlap, Splice, old_row, spliced
from foreshape.interpret.analyze import Analysis, analyze_file

if TYPE_CHECKING:
    from foreshape.interpret.findings import Assigned, Finding
    from foreshape.source.files import SourceFile
    from foreshape.source.imports import ImportResolver
    from foreshape.source.targets import Targets

Key = tuple[str, str, int]
"""Rule, file and the line that it had in the program as it is."""


class Program:
    """A file as it was analysed, with what is needed to analyse it again after a change."""

    __slots__ = ("before", "entry", "kept", "resolver", "targets")

    def __init__(self, entry: SourceFile, targets: Targets, resolver: ImportResolver, analysis: Analysis) -> None:
        self.entry = entry
        self.targets = targets
        self.resolver = resolver
        self.before = _counted(analysis.findings, ())
        self.kept = _known_names(analysis.assigned)

    def checked(self, target: Finding, splices: Sequence[Splice]) -> str | None:
        """What the changed program gives; None where the fault is still there, or something else is wrong."""
        analysis = self._analysed(splices)
        if analysis is None or analysis.internal:
            return None
        after = _counted(analysis.findings, splices)
        aim = key_of(target, ())
        if after.get(aim, 0) >= self.before.get(aim, 0):
            return None
        for key, grave in after.items():
            if grave > self.before.get(key, 0):
                return None
        if self._lost(analysis.assigned, splices):
            return None
        return "no fault is left" if not after else "this fault is gone and none is new"

    def _analysed(self, splices: Sequence[Splice]) -> Analysis | None:
        from foreshape.source.files import SourceFile
        from foreshape.source.syntax import ParseFailure, parse

        changed: list[SourceFile] = []
        for path in dict.fromkeys(each.path for each in splices):
            old = self.entry if path == self.entry.path else self.resolver.read(path)
            try:
                text = spliced(old.lines, [each for each in splices if each.path == path])
            except Overlap:
                return None
            tree = parse(text)
            if isinstance(tree, ParseFailure):
                return None
            changed.append(SourceFile(path, text, tree, old.status, old.reason, old.cells))
        entry = next((each for each in changed if each.path == self.entry.path), self.entry)
        return analyze_file(entry, self.targets, self.resolver.with_sources(changed))

    def _lost(self, assigned: Sequence[Assigned], splices: Sequence[Splice]) -> bool:
        """Whether a name that had a shape has none any more: then nothing was proven."""
        for each in assigned:
            key = each.path, old_row(each.line, [s for s in splices if s.path == each.path]), each.name
            if key in self.kept and any(isinstance(value, Unknown) for value in each.values):
                return True
        return False


def key_of(finding: Finding, splices: Sequence[Splice]) -> Key:
    """What makes two findings the same before and after a change."""
    path, row = finding.stack[-1]
    return finding.fault.name, path, old_row(row, [each for each in splices if each.path == path])


def _counted(findings: Sequence[Finding], splices: Sequence[Splice]) -> dict[Key, int]:
    """How often each is found; one that happens in every run weighs more than one that depends on something."""
    found: dict[Key, int] = {}
    for finding in findings:
        key = key_of(finding, splices)
        found[key] = found.get(key, 0) + (1000 if finding.severity == "error" else 1)
    return found


def _known_names(assigned: Sequence[Assigned]) -> set[tuple[str, int, str]]:
    return {
        (each.path, each.line, each.name)
        for each in assigned
        if each.values and all(isinstance(value, Array) and value.shape is not None for value in each.values)
    }


Clock = Callable[[], float]
