"""The fixed sets of random programs: verdicts and shapes against what each really did."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from tests.conformance.trace import generated  # noqa: E402

ROWS = generated.load_kept()


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
def test_nothing_that_we_say_is_wrong(row: dict[str, Any]) -> None:
    """No false alarm, no internal error, no wrong shape. A fault that we miss only shows in the figures."""
    outcome, difference, shapes = generated.judge(row)
    assert outcome not in ("alarm", "internal"), f"{difference}\n{row['source']}"
    wrong = [v for v in shapes if v.state == "wrong"]
    assert not wrong, (
        "\n".join(f"line {v.line} {v.name}: truth {v.truth}, ours {v.ours}" for v in wrong) + "\n" + row["source"]
    )


def test_the_figures_are_no_worse_than_the_committed_ones() -> None:
    found = generated.figures(ROWS)
    print(json.dumps(found, indent=1))
    with open(generated.FIGURES, encoding="utf-8") as handle:
        committed = json.load(handle)
    assert found["right"] >= committed["right"]
    assert found["unknown_share"] <= committed["unknown_share"] + 1e-9
