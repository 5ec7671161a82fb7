"""Calls on pandas: nothing is wrong, and no more is unknown than before."""

from __future__ import annotations

from tests.conformance.pandas_ops import cases
from tests.conformance.pandas_ops.__main__ import TRUTH
from tests.conformance.pandas_ops.runner import compare


def test_calls() -> None:
    figures = compare(cases.PRELUDE, TRUTH)
    assert figures["wrong"] == 0
    assert figures["text"] == 0
    assert figures["missed"] <= 7
    assert figures["unknown"] <= 3
