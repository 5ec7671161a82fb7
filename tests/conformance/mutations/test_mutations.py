"""Of a few slips in PyTorch programs: no false alarm, no failure, and most faults found. More of them by hand: compare.py."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests.conformance.mutations.compare import outcomes


def test_slips(tmp_path: Path) -> None:
    found = list(outcomes("torch2", 40, 11, tmp_path))
    counts = Counter(outcome for outcome, _ in found)
    wrong = [text for outcome, text in found if outcome in ("alarm", "failed")]
    assert not wrong, "\n".join(wrong)
    assert counts["found"] >= 10
    assert counts["found"] >= 4 * (counts["missed"] + counts["line"] + counts["exception"]), counts
