"""Every call of ``keras.ops`` that was recorded, against our rules: nothing wrong, and no figure worse than the kept one."""

from __future__ import annotations

import json
import os

import pytest

from tests.conformance.keras_ops.hold import HERE, hold, load

with open(os.path.join(HERE, "figures.json"), encoding="utf-8") as _file:
    KEPT: dict[str, dict[str, int]] = json.load(_file)


@pytest.mark.parametrize("family", sorted(load()))
def test_family(family: str) -> None:
    counted = hold(family, shown=1)
    kept = KEPT[family]
    assert counted["wrong"] == 0
    assert counted["same"] >= kept.get("same", 0)
    assert counted["unknown"] <= kept.get("unknown", 0)
    assert counted["missed"] <= kept.get("missed", 0)


def test_symbolic_share() -> None:
    """Of what Keras' own tests call on symbolic tensors, at least 98 % come out the same."""
    counted = hold("tests-symbolic")
    assert counted["same"] / sum(counted.values()) >= 0.98


def test_every_function() -> None:
    """Every public function of ``keras.ops`` is called."""
    called = {text.partition("(")[0] for texts in load().values() for text in texts}
    with open(os.path.join(HERE, "..", "coverage", "names-keras-3.txt"), encoding="utf-8") as file:
        names = [line.strip() for line in file if line.startswith("keras.ops.")]
    uncalled = {"keras.ops.custom_gradient", "keras.ops.vectorize", "keras.ops.jvp", "keras.ops.numpy"}
    assert not [name for name in names if name not in called and name not in uncalled]
