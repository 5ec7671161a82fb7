"""One line a report, as compilers print: ``path:line:column: severity[rule] headline``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foreshape.explain.report import Report


def render(reports: Iterable[Report]) -> str:
    """Every report on a line of its own."""
    return "".join(_line(report) + "\n" for report in reports)


def _line(report: Report) -> str:
    place = report.place
    where = place.path if place.cell is None else f"{place.path}:cell {place.cell}"
    condition = "" if report.condition is None else f" (only if {report.condition})"
    caught = " (caught)" if report.caught else ""
    return f"{where}:{place.line}:{place.column}: {report.severity}[{report.rule}] {report.message}{condition}{caught}"
