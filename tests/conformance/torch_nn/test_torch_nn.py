"""Every recorded call on modules and functions for sequences, and on losses: nothing wrong, and no figure gets worse."""

from __future__ import annotations

import json

import pytest

from tests.conformance.torch_nn.hold import FIGURES, hold, load


def _kept() -> dict[str, dict[str, int]]:
    with open(FIGURES, encoding="utf-8") as file:
        found: dict[str, dict[str, int]] = json.load(file)
    return found


@pytest.mark.parametrize("family", sorted(load()))
def test_family(family: str) -> None:
    counted = hold([family])[family]
    kept = _kept()[family]
    assert counted["wrong"] == 0
    assert counted["same"] >= kept.get("same", 0)
    for state in ("unknown", "missed", "text"):
        assert counted[state] <= kept.get(state, 0), state
