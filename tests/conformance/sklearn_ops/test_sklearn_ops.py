"""Calls on scikit-learn: nothing is wrong, and no more is unknown than before."""

from __future__ import annotations

from tests.conformance.pandas_ops.runner import compare, compare_together
from tests.conformance.sklearn_ops import cases, families
from tests.conformance.sklearn_ops.__main__ import FAMILIES, TRUTH


def test_calls() -> None:
    figures = compare(cases.PRELUDE, TRUTH)
    assert figures["wrong"] == 0
    assert figures["text"] <= 1
    assert figures["missed"] <= 7
    assert figures["unknown"] <= 2


def test_families() -> None:
    figures = compare_together(families.PRELUDE, FAMILIES)
    assert figures["wrong"] == 0
    assert figures["text"] <= 7
    assert figures["missed"] <= 208
    assert figures["unknown"] <= 18
