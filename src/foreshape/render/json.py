"""The JSON that other programs read; its form is fixed by ``schema``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from foreshape.explain.report import Report

SCHEMA: Final = 1


def render(
    reports: Iterable[Report], files: Iterable[Mapping[str, Any]], version: str, target: Mapping[str, str]
) -> str:
    """One object: what was checked, for which versions, and what was found, in execution order within a file."""
    document = {
        "schema": SCHEMA,
        "version": version,
        "target": dict(target),
        "files": [dict(file) for file in files],
        "diagnostics": [report.as_dict() for report in reports],
    }
    return json.dumps(document, indent=1) + "\n"
