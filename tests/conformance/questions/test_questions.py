"""The blocks of five well-known questions: what we say against what each block really does, on both Kerases."""

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

from tests.conformance.trace import ours  # noqa: E402

with open(os.path.join(HERE, "truth.json"), encoding="utf-8") as _handle:
    TRUTH: dict[str, dict[str, Any]] = json.load(_handle)

CASES = [(block, target) for block in sorted(TRUTH) for target in ("keras=3", "keras=2")]


def verdict(path: str, target: str) -> dict[str, Any]:
    """The first fault that would be raised, in the words of ``truth.json``."""
    errors = [d for d in ours.check(path, target)["diagnostics"] if d["severity"] == "error"]
    if not errors:
        return {"verdict": "runs", "line": None, "exception": None, "caught": False}
    first = errors[0]
    return {
        "verdict": "raises",
        "line": first["line"],
        "exception": first["raises"]["exception"],
        "caught": first["caught"],
    }


@pytest.mark.parametrize(("block", "target"), CASES)
def test_block(block: str, target: str) -> None:
    real = TRUTH[block][target]
    said = verdict(os.path.join(HERE, "blocks", f"{block}.py"), target)
    assert said == {key: real[key] for key in said}


def test_a_caught_fault_does_not_set_the_exit_status() -> None:
    """Block 004_3 raises inside a ``try`` that handles it: reported, but the run does not fail."""
    found = ours.check(os.path.join(HERE, "blocks", "004_3.py"), "keras=3")
    assert [d["caught"] for d in found["diagnostics"] if d["severity"] == "error"] == [True]
