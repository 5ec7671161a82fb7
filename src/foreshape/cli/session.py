"""One run of `foreshape check`: which files, for which versions, what was found, and what of it is to be told."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from foreshape.cli import engine
from foreshape.cli.status import CLEAN, FAULTS, INTERNAL, USAGE
from foreshape.source.config import Config, ConfigFinder, check_rules
from foreshape.source.discover import discover
from foreshape.source.imports import ImportResolver, SourceCache
from foreshape.source.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from foreshape.explain.report import Report
    from foreshape.explain.shapes import NamedShape
    from foreshape.interpret.analyze import Analysis
    from foreshape.interpret.findings import Finding
    from foreshape.source.files import SourceFile, Status
    from foreshape.source.versions import Version

STDIN: Final = "-"
_STDIN_SHOWN: Final = "<stdin>"
_UNUSED_IGNORE: Final = "unused-ignore"


class CheckedFile:
    """One file and how far it got. `internal` is set where Foreshape itself failed on it."""

    __slots__ = ("analysis", "findings", "internal", "path", "reason", "shapes", "status")

    def __init__(self, path: str, status: Status, reason: str | None = None) -> None:
        self.path = path
        self.status: Status = status
        self.reason = reason
        self.internal = False
        self.analysis: Analysis | None = None
        self.findings: list[Finding] = []
        self.shapes: list[NamedShape] = []


class Outcome:
    """What a run found. `reports` are in execution order within a file, files in the order they were given."""

    __slots__ = ("files", "reports", "targets")

    def __init__(self, files: Sequence[CheckedFile], reports: Sequence[Report], targets: Targets) -> None:
        self.files = files
        self.reports = reports
        self.targets = targets

    @property
    def status(self) -> int:
        """The exit status; the worst of all files counts."""
        if any(file.internal for file in self.files):
            return INTERNAL
        if any(file.status == "unreadable" for file in self.files):
            return USAGE
        return FAULTS if any(report.counts for report in self.reports) else CLEAN


class CheckSession:
    """Holds what several files share: configurations, parsed sources, targets of a folder."""

    __slots__ = (
        "_configs", "_exclude", "_fix_seconds", "_ignore", "_options", "_roots", "_select", "_stdin_name", "_targets",
        "cache",
    )  # fmt: skip

    def __init__(
        self,
        options: Mapping[str, Version] | None = None,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        exclude: Sequence[str] = (),
        stdin_name: str | None = None,
        fix_seconds: float | None = None,
    ) -> None:
        """``fix_seconds``: what looking for fixes may cost per file. Raises ConfigError for a rule that is none."""
        from foreshape.faults.catalog import fault_names

        rules = fault_names()
        check_rules(select, "--select", rules)
        check_rules(ignore, "--ignore", rules)
        self._configs = ConfigFinder(rules)
        self._options = dict(options or {})
        self._select = tuple(select)
        self._ignore = tuple(ignore)
        self._exclude = tuple(exclude)
        self._stdin_name = stdin_name
        self._fix_seconds = fix_seconds
        self._roots: list[str] = []
        self._targets: dict[str, Targets] = {}
        self.cache = SourceCache()

    def check(self, paths: Sequence[str]) -> Outcome:
        """Check everything that `paths` stand for. Raises ConfigError before the first file is looked at."""
        self._roots = [path for path in paths if os.path.isdir(path)]
        files: list[CheckedFile] = []
        checked: list[tuple[CheckedFile, SourceFile, ImportResolver, Config]] = []
        found = discover(paths, [*self._exclude, *self._excluded_by(paths)])
        configs = [self.config_of(_folder_of(path)) for path in found.files]
        for path, config in zip(found.files, configs, strict=True):
            source = self.read(path)
            resolver = ImportResolver(source.path, self._roots, self.cache)
            file = self._check_file(source, resolver)
            files.append(file)
            checked.append((file, source, resolver, config))
        files.extend(CheckedFile(path, "unreadable", reason) for path, reason in found.problems)
        return Outcome(
            files, self._reports(checked), self.targets_of(_folder_of(found.files[0]) if found.files else ".")
        )

    def shapes(self, path: str) -> CheckedFile:
        """The shape of every assigned name of one file. Raises ConfigError."""
        source = self.read(path)
        return self._check_file(source, ImportResolver(source.path, (), self.cache), keep_shapes=True)

    def read(self, path: str) -> SourceFile:
        """A source file; `-` is standard input."""
        if path != STDIN:
            return self.cache.read(path)
        from foreshape.source.files import source_from_bytes

        source = source_from_bytes(self._stdin_name or _STDIN_SHOWN, sys.stdin.buffer.read())
        self.cache.add(source)
        return source

    def config_of(self, folder: str) -> Config:
        """Raises ConfigError."""
        return self._configs.of(folder).with_options(self._select, self._ignore)

    def targets_of(self, folder: str) -> Targets:
        """The target versions for files in `folder`."""
        key = os.path.abspath(folder)
        found = self._targets.get(key)
        if found is None:
            found = self._targets[key] = Targets(self._options, self.config_of(key).target, key)
        return found

    def _excluded_by(self, paths: Iterable[str]) -> list[str]:
        patterns: dict[str, None] = {}
        for path in paths:
            if os.path.isdir(path):
                patterns.update(dict.fromkeys(self.config_of(path).exclude))
        return list(patterns)

    def _check_file(self, source: SourceFile, resolver: ImportResolver, keep_shapes: bool = False) -> CheckedFile:
        file = CheckedFile(source.path, source.status, source.reason)
        if source.tree is None:
            return file
        try:
            analysis = engine.analyze(source, self.targets_of(_folder_of(source.path)), resolver)
            file.analysis = analysis
            file.findings.extend(analysis.findings)
            if keep_shapes:
                file.shapes = engine.shapes(analysis, source)
        except Exception as error:
            if os.environ.get("FORESHAPE_TRACEBACK"):
                raise
            file.status, file.internal = "partial", True
            file.reason = f"internal error: {_in_one_line(error)}"
            return file
        if analysis.internal:
            file.status, file.internal = "partial", True
            file.reason = f"internal error: {analysis.internal[0]}"
            return file
        if analysis.status == "partial":
            file.status = "partial"
            reasons = dict.fromkeys(reason for reason in (file.reason, analysis.reason) if reason)
            file.reason = "; ".join(reasons) or None
        return file

    def _reports(self, checked: Sequence[tuple[CheckedFile, SourceFile, ImportResolver, Config]]) -> list[Report]:
        """What is to be told: each finding once, without what is deselected or ignored, and the ignores left over."""
        told: set[tuple[object, ...]] = set()
        kept: list[list[Finding]] = []
        for file, _, _, config in checked:
            kept.append([])
            for finding in file.findings:
                key = (finding.fault.name, finding.span, finding.stack[-1], finding.caught)
                if key not in told and self._is_wanted(finding, config):
                    told.add(key)
                    kept[-1].append(finding)
        reports: list[Report] = []
        for (file, source, resolver, config), findings in zip(checked, kept, strict=True):
            if not file.internal and config.wants(_UNUSED_IGNORE, source.path):
                findings.extend(_unused_ignores(source, config))
            try:
                targets = self.targets_of(_folder_of(source.path))
                reports.extend(
                    engine.explain_and_mend(findings, source, targets, resolver, file.analysis, self._fix_seconds)
                )
            except Exception as error:
                if os.environ.get("FORESHAPE_TRACEBACK"):
                    raise
                file.internal, file.reason = True, f"internal error: {_in_one_line(error)}"
        return reports

    def _is_wanted(self, finding: Finding, config: Config) -> bool:
        """Whether configuration asks for it and no comment, where it happens, silences it."""
        path = finding.span.path
        if not config.wants(finding.fault.name, path):
            return False
        lines = range(finding.span.line, finding.span.end_line + 1)
        return not self.cache.read(path).comments.ignores(finding.fault.name, (lines[0], lines[-1]))


def _unused_ignores(source: SourceFile, config: Config) -> list[Finding]:
    """Ignore comments that silenced nothing. One that names only deselected rules is left alone."""
    if not source.comments.suppressions:
        return []
    from foreshape.domain.origin import Span
    from foreshape.faults.unused_ignore import UnusedIgnore
    from foreshape.interpret.findings import Finding

    found: list[Finding] = []
    for comment, rules in source.comments.unused():
        if rules and not any(config.wants(rule, source.path) or rule not in _known() for rule in rules):
            continue
        span = Span(source.path, comment.line, comment.column - 1, comment.line, comment.end_column - 1)
        found.append(Finding(UnusedIgnore(None, rules=rules), span, ((source.path, comment.line),), (), False))
    return found


def _known() -> list[str]:
    from foreshape.faults.catalog import fault_names

    return fault_names()


def _folder_of(path: str) -> str:
    return "." if path in {STDIN, _STDIN_SHOWN} else os.path.dirname(path) or "."


def _in_one_line(error: Exception) -> str:
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
