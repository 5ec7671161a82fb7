"""Calls on SciPy: nothing is wrong, and no more is unknown than before."""

from __future__ import annotations

from tests.conformance.pandas_ops.runner import compare
from tests.conformance.scipy_ops import cases
from tests.conformance.scipy_ops.__main__ import TRUTH


def test_calls() -> None:
    figures = compare(cases.PRELUDE, TRUTH)
    assert figures["wrong"] == 0
    assert figures["text"] <= 0
    assert figures["missed"] <= 3
    assert figures["unknown"] <= 7
