"""Reports with the bare facts of a finding, until `foreshape.explain` and `foreshape.render` say more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from foreshape import __version__

if TYPE_CHECKING:
    from foreshape.cli.session import Outcome
    from foreshape.interpret.findings import Finding
    from foreshape.source.files import SourceFile


class PlainReport:
    """A finding in the places and words of its file."""

    __slots__ = ("_finding", "_source", "caught", "line", "path", "rule", "severity")

    def __init__(self, finding: Finding, source: SourceFile) -> None:
        self._finding = finding
        self._source = source
        self.rule = finding.fault.name
        self.severity = finding.severity
        self.caught = finding.caught
        self.path, line = finding.stack[-1]
        self.line = source.place(line)[1]

    @property
    def message(self) -> str:
        raises = self._finding.fault.raises
        return (raises.message if raises is not None and raises.message else "") or self._finding.fault.summary

    def as_dict(self) -> dict[str, Any]:
        """The JSON object."""
        finding, source = self._finding, self._source
        span, raises = finding.span, finding.fault.raises
        conditions = [str(condition) for condition in finding.conditions]
        entry: dict[str, Any] = {
            "rule": self.rule,
            "severity": self.severity,
            "condition": " and ".join(conditions) or None,
            "caught": self.caught,
            "path": self.path,
            "line": self.line,
            "column": source.column(span.line, span.column),
            "end_line": source.place(span.end_line)[1],
            "end_column": source.column(span.end_line, span.end_column),
            "stack": [{"path": path, "line": line} for path, line in finding.stack],
            "cause": None,
            "message": self.message,
            "raises": None
            if raises is None
            else {"exception": raises.exception, "message": raises.message, "by": raises.by},
            "why": "",
            "chain": [],
            "fixes": [],
        }
        cell = source.place(finding.stack[-1][1])[0]
        if cell is not None:
            entry["cell"] = cell
        return entry


def as_text(outcome: Outcome) -> str:
    """One line a report."""
    return "".join(f"{r.path}:{r.line}: {r.severity}[{r.rule}] {r.message}\n" for r in outcome.reports)


def as_json(outcome: Outcome) -> str:
    """The JSON of the design."""
    files = [{"path": file.path, "status": file.status, "reason": file.reason} for file in outcome.files]
    document = {
        "schema": 1,
        "version": __version__,
        "target": outcome.targets.as_dict(),
        "files": files,
        "diagnostics": [report.as_dict() for report in outcome.reports],
    }
    return json.dumps(document, indent=1) + "\n"
