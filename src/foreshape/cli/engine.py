"""The seam between the command line and the rest: what is asked of the interpreter, the explainer and the renderers.

Imports are made where they are used, so that a command that finds nothing to do, or to explain, does not pay for it.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.cli.session import Outcome
    from foreshape.explain.report import Report
    from foreshape.explain.shapes import NamedShape
    from foreshape.interpret.analyze import Analysis
    from foreshape.interpret.findings import Finding
    from foreshape.source.files import SourceFile
    from foreshape.source.imports import ImportResolver
    from foreshape.source.targets import Targets


def analyze(source: SourceFile, targets: Targets, resolver: ImportResolver) -> Analysis:
    """Run the interpreter over one file."""
    from foreshape.interpret.analyze import analyze_file

    return analyze_file(source, targets, resolver)


def explain(findings: Sequence[Finding], resolver: ImportResolver) -> list[Report]:
    """The reports of the findings of a file, in order."""
    if not findings:
        return []
    from foreshape.explain.build import explain as told

    return told(findings, resolver.read)


def explain_and_mend(
    findings: Sequence[Finding],
    source: SourceFile,
    targets: Targets,
    resolver: ImportResolver,
    analysis: Analysis | None,
    seconds: float | None,
) -> list[Report]:
    """As ``explain``, with fixes. ``seconds`` None: as long as a check may take; 0: none. No report is ever lost for a
    fix."""
    if not findings:
        return []
    from foreshape.explain.build import explain_one, folded
    from foreshape.explain.places import Sources

    sources = Sources(resolver.read)
    made = [explain_one(finding, sources) for finding in findings]
    reports = folded(made)
    if analysis is None or seconds == 0:
        return reports
    try:
        from foreshape.fixes.propose import SECONDS, propose

        by_report = {id(report): finding for finding, report in zip(findings, made, strict=True)}
        told = [(by_report[id(report)], report) for report in reports]
        propose(told, source, targets, resolver, analysis, SECONDS if seconds is None else seconds)
    except Exception:
        if os.environ.get("FORESHAPE_TRACEBACK"):
            raise
    return reports


def shapes(analysis: Analysis, source: SourceFile) -> list[NamedShape]:
    """What is known of every assigned name."""
    from foreshape.explain.shapes import named_shapes

    return named_shapes(analysis.assigned, source)


def render(outcome: Outcome, form: str) -> str:
    """What `foreshape check` prints for an outcome."""
    if form == "json":
        from foreshape import __version__
        from foreshape.render import json

        files = [{"path": file.path, "status": file.status, "reason": file.reason} for file in outcome.files]
        return json.render(outcome.reports, files, __version__, outcome.targets.as_dict())
    if not outcome.reports:
        return ""
    if form == "concise":
        from foreshape.render import concise

        return concise.render(outcome.reports)
    from foreshape.render import terminal

    width, colour = _screen()
    shown = terminal.render_coloured(outcome.reports, width) if colour else terminal.render(outcome.reports, width)
    return shown + "\n"


def _screen() -> tuple[int, bool]:
    """The width to write for, and whether colour is wanted there."""
    if not sys.stdout.isatty():
        return 100, False
    try:
        columns = os.get_terminal_size(sys.stdout.fileno()).columns
    except OSError:
        columns = 100
    plain = "NO_COLOR" in os.environ or os.environ.get("TERM") == "dumb"
    return min(max(columns, 60), 140), not plain
