"""The seam between the command line and the rest: what is asked of the interpreter, the explainer and the renderers.

Imports are made where they are used, so that a command that finds nothing to do, or to explain, does not pay for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foreshape.cli.session import Outcome
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


def explain(findings: Sequence[Finding], targets: Targets, resolver: ImportResolver) -> list[Any]:
    """A report for every finding, in order."""
    if not findings:
        return []
    from foreshape.cli.plain import PlainReport

    return [PlainReport(finding, resolver.read(finding.span.path)) for finding in findings]


def shapes(analysis: Analysis, source: SourceFile) -> list[NamedShape]:
    """What is known of every assigned name."""
    from foreshape.explain.shapes import named_shapes

    return named_shapes(analysis.assigned, source)


def render(outcome: Outcome, form: str) -> str:
    """What `foreshape check` prints for an outcome."""
    from foreshape.cli import plain

    return plain.as_json(outcome) if form == "json" else plain.as_text(outcome)
