"""Every recorded call of TensorFlow, at once and in a graph, against the rules: nothing wrong, and no figure gets
worse.
"""

from __future__ import annotations

import json
import os

import pytest

from tests.conformance.tensorflow_ops.hold import HERE, hold, load

FIGURES = os.path.join(HERE, "figures.json")


def _kept() -> dict[str, dict[str, int]]:
    with open(FIGURES, encoding="utf-8") as file:
        found: dict[str, dict[str, int]] = json.load(file)
    return found


@pytest.mark.parametrize("graph", [False, True], ids=["eager", "graph"])
@pytest.mark.parametrize("family", sorted(load()))
def test_family(family: str, graph: bool) -> None:
    counted = hold([family], graph)[family]
    kept = _kept()[f"{family}-{'graph' if graph else 'eager'}"]
    assert counted["wrong"] == 0
    assert counted["same"] >= kept.get("same", 0)
    assert counted["unknown"] <= kept.get("unknown", 0)
    assert counted["missed"] <= kept.get("missed", 0)
