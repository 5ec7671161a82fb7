"""Whole programs, run and analysed: no variable may come out wrong, and few may stay open."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import check_against_python

PROGRAMS = sorted(Path(__file__).with_name("programs").glob("*.py"))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_program(program: Path) -> None:
    results = check_against_python(program.read_text())
    unknown = [name for name, found in results.items() if found == "unknown"]
    assert len(unknown) <= 0.02 * len(results), unknown
    assert sum(found == "same" for found in results.values()) >= 0.4 * len(results)
