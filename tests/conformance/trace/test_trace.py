"""The shapes that we say for programs that run, against the shapes that they really had."""

from __future__ import annotations

import json
import os
import sys

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from tests.conformance.trace import compare, ours, record  # noqa: E402

CASES = [(name, target) for name, path in record.programs().items() for target in record.targets_of(path)]


@pytest.mark.parametrize(("name", "target"), CASES)
def test_no_shape_is_wrong(name: str, target: str) -> None:
    """Every shape that we state for the program was really there."""
    wrong = [v for v in compare.compare(name, record.programs()[name], target) if v.state == "wrong"]
    assert not wrong, "\n".join(f"line {v.line} {v.name}: truth {v.truth}, ours {v.ours} ({v.reason})" for v in wrong)


@pytest.mark.parametrize(("name", "target"), CASES)
def test_no_alarm_on_a_program_that_runs(name: str, target: str) -> None:
    """The program ran to its end: nothing may be called an error."""
    found = ours.check(record.programs()[name], target)["diagnostics"]
    alarms = [d for d in found if d["severity"] == "error" and not d["caught"]]
    assert not alarms, "\n".join(f"line {d['line']}: {d['rule']}: {d['message']}" for d in alarms)


def test_the_figures_are_no_worse_than_the_committed_ones() -> None:
    figures = compare.totals(compare.compare_all())
    print(json.dumps(figures, indent=1))
    with open(compare.FIGURES, encoding="utf-8") as handle:
        committed = json.load(handle)
    for target, row in committed.items():
        assert figures[target]["wrong"] == 0
        assert figures[target]["unknown_share"] <= row["unknown_share"] + 1e-9, target
        assert figures[target]["names"] >= row["names"], f"{target}: programs or names have gone"
