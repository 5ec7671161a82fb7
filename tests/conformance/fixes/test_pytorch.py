"""The share of PyTorch errors with a verified fix never falls. Whether they run is measured by ``pytorch --run``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.conformance.fixes import pytorch  # noqa: E402


def test_the_share_of_errors_with_a_fix_holds() -> None:
    figures = pytorch.figures_of(pytorch.compare_all())
    before = json.loads(pytorch.FIGURES.read_text(encoding="utf-8"))
    lost = {
        rule: (before["by_rule"][rule], found)
        for rule, found in figures["by_rule"].items()
        if rule in before["by_rule"] and int(found.split("/")[0]) < int(before["by_rule"][rule].split("/")[0])
    }
    assert figures["share"] >= before["share"] - 0.5, lost


def test_the_mended_programs_ran() -> None:
    run = json.loads(pytorch.FIGURES.read_text(encoding="utf-8"))["run"]
    assert run["share"] >= 95
