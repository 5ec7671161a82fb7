"""The share of errors with a verified fix never falls; what is mended runs on the real framework.

All programs are run by ``compare --run``; here a sample of them, the same one every time.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
LEAST_SHARE = 85.0
LEAST_RUN = 95.0


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fixes_compare", HERE / "compare.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def compare() -> ModuleType:
    return load()


@pytest.fixture(scope="module")
def rows(compare: ModuleType) -> list[Any]:
    return list(compare.compare_all())


@pytest.fixture(scope="module")
def before(compare: ModuleType) -> dict[str, Any]:
    return dict(json.loads(compare.FIGURES.read_text(encoding="utf-8")))


def test_the_share_of_errors_with_a_fix_holds(compare: ModuleType, rows: list[Any], before: dict[str, Any]) -> None:
    figures = compare.figures_of(rows)
    lost = {
        rule: (before["by_rule"][rule], found)
        for rule, found in figures["by_rule"].items()
        if rule in before["by_rule"] and int(found.split("/")[0]) < int(before["by_rule"][rule].split("/")[0])
    }
    assert figures["share"] >= max(before["share"] - 0.5, LEAST_SHARE), lost


def test_no_fix_edits_a_line_that_has_nothing_to_do_with_the_fault(compare: ModuleType, rows: list[Any]) -> None:
    assert not [(row.slug, title) for row in rows for title in compare.astray(row)]


def test_every_verified_fix_says_what_was_checked(rows: list[Any]) -> None:
    assert all(fix["checked"] for row in rows for fix in row.fixes if fix["verified"])


def test_the_figures_are_those_that_were_asked_for(before: dict[str, Any]) -> None:
    assert before["share"] >= LEAST_SHARE
    assert before["mended"]["share"] >= LEAST_RUN


def test_what_is_mended_runs(compare: ModuleType, rows: list[Any]) -> None:
    outcomes = compare.run(compare.sample(compare.mendable(rows)), twins=False)
    failing = [(each["slug"], each["made"], each.get("message")) for each in outcomes if not compare.runs(each)]
    assert len(failing) <= len(outcomes) * (100 - LEAST_RUN) / 100, failing
