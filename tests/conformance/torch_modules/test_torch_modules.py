"""Every sample and error input of PyTorch's own ``module_db`` against the rules: nothing wrong, and no figure gets worse."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.conformance.torch_modules.hold import FIGURES, hold, load


def _kept() -> dict[str, dict[str, dict[str, int]]]:
    with open(FIGURES, encoding="utf-8") as file:
        found: dict[str, dict[str, dict[str, int]]] = json.load(file)
    return found


@pytest.mark.parametrize("name", sorted(load()))
def test_module(name: str) -> None:
    for part, counted in hold([name])[name].items():
        kept = Counter(_kept()[name][part])
        assert counted["wrong"] == 0
        for state in ("same", "text"):
            assert counted[state] >= kept[state], state
        for state in ("partial", "unknown", "missed"):
            assert counted[state] <= kept[state], state
