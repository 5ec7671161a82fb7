"""What we say about each example against what it really does on its targets."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from tests.conformance.examples.record import examples  # noqa: E402
from tests.conformance.trace import ours  # noqa: E402

with open(os.path.join(HERE, "truth.json"), encoding="utf-8") as _handle:
    TRUTH: dict[str, dict[str, Any]] = json.load(_handle)

CASES = [(name, target) for name, row in sorted(TRUTH.items()) for target in row]


def test_every_example_has_its_truth() -> None:
    assert set(examples()) == set(TRUTH)


@pytest.mark.parametrize(("name", "target"), CASES)
def test_example(name: str, target: str) -> None:
    real = TRUTH[name][target]
    errors = [d for d in ours.check(examples()[name], target)["diagnostics"] if d["severity"] == "error"]
    if real["verdict"] == "runs":
        assert errors == []
        return
    assert errors, f"nothing found; really {real['exception']} at line {real['line']}: {real['message']}"
    first = errors[0]
    assert (first.get("cell"), first["line"]) == (real["cell"], real["line"])
    assert first["raises"]["exception"] == real["exception"]
