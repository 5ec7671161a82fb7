"""Every recorded call of PyTorch's own ``op_db`` against the rules: nothing wrong, and no figure gets worse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conformance.torch_ops.hold import FIGURES, count, excluded, held, load


def _kept() -> dict[str, Any]:
    with open(FIGURES, encoding="utf-8") as file:
        found: dict[str, Any] = json.load(file)
    return found


GROUPS = 12
NAMES = sorted(load())


@pytest.mark.parametrize("group", range(GROUPS))
def test_group(group: int) -> None:
    kept, out = _kept()["ops"], excluded()
    worse = []
    for name, cases in held(NAMES[group::GROUPS]):
        was, now = kept.get(name, {}), count(cases)
        if name not in out and now.get("WRONG", 0):
            worse.append(f"{name}: {[case.text for case in cases if case.state == 'WRONG'][:5]} are wrong")
        if now.get("same", 0) < was.get("same", 0) or now.get("found", 0) < was.get("found", 0):
            worse.append(f"{name}: {was} became {now}")
    assert not worse


@pytest.mark.parametrize("how", ["sizes", "rank", "dtype"])
def test_less_is_known(how: str) -> None:
    """With unknown sizes, ranks or dtypes, what is still said is true, and nothing is reported that does not happen."""
    out = excluded()
    wrong = []
    for name, cases in held([name for name in NAMES if name not in out], how):
        wrong.extend(f"{name}: {case.text}" for case in cases if case.state == "WRONG")
    assert not wrong
