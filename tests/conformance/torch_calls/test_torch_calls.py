"""Calls as people write them against the installed PyTorch: nothing wrong, and no figure gets worse."""

from __future__ import annotations

from collections import Counter

from tests.conformance.torch_calls.hold import held, load

LEAST = {"same": 630, "found": 309}
MOST = {"missed": 29, "unknown": 1, "open": 22, "kind": 1, "WRONG": 0}


def test_calls() -> None:
    found = held(load())
    counted = Counter(state for _, state, _, _ in found)
    print(dict(counted))
    assert not [text for text, state, _, _ in found if state == "WRONG"]
    assert all(counted[state] >= least for state, least in LEAST.items())
    assert all(counted[state] <= most for state, most in MOST.items())
