"""Every NumPy call of the tables gives what NumPy gives: nothing wrong, and no figure worse than the one kept."""

from __future__ import annotations

import json
import os

import pytest

numpy = pytest.importorskip("numpy")

from tests.conformance.numpy_ops.calls import families  # noqa: E402
from tests.conformance.numpy_ops.coverage import counts  # noqa: E402
from tests.conformance.numpy_ops.held import STATES, run  # noqa: E402

with open(os.path.join(os.path.dirname(__file__), "figures.json")) as _file:
    FIGURES = json.load(_file)


@pytest.mark.parametrize("family", sorted(FIGURES["families"]))
def test_family(family: str) -> None:
    """The figures of a family. They are kept for one release of NumPy; on another only "wrong" counts."""
    found = run({family: families()[family]}, verbose=-1)[family]
    assert found["wrong"] == 0
    if numpy.__version__.startswith(FIGURES["numpy"]):
        kept = FIGURES["families"][family]
        worse = {state: found[state] for state in STATES[1:] if found[state] > kept[state]}
        assert not worse, f"worse than {kept}"


def test_coverage() -> None:
    """Public names of NumPy that have a rule."""
    known, names = counts()
    if numpy.__version__.startswith(FIGURES["numpy"]):
        assert known >= FIGURES["names_with_a_rule"], f"{known} of {names}"
