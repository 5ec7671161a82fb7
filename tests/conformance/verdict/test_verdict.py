"""The verdict, line and exception that we state for faulty programs, against the real runs."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.conformance.verdict import compare, record  # noqa: E402


@pytest.fixture(scope="module")
def rows() -> list[compare.Row]:
    return compare.compare_all()


def test_the_truth_was_recorded_from_these_programs() -> None:
    truth = record.load_all(0)
    for slug, path in record.programs().items():
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        assert truth[slug]["digest"] == digest, f"{slug} changed: record it again"
    assert not record.complaints()


def test_no_alarm_on_a_corrected_program(rows: list[compare.Row]) -> None:
    alarms = [f"{row.slug} [{row.target}]: {compare.told(row.got)}" for row in rows if row.twin and not row.verdict]
    assert not alarms, "\n".join(alarms)


@pytest.mark.parametrize("target", compare.TARGETS)
def test_the_figures_are_no_worse_than_the_committed_ones(rows: list[compare.Row], target: str) -> None:
    now = compare.figures_of([row for row in rows if row.target == target])
    assert not compare.worse(now, compare.committed()[target])


def test_what_the_kerases_treat_differently(rows: list[compare.Row]) -> None:
    """At least 25 faults end otherwise in Keras 2 than in Keras 3, and we know both ends of nearly all of them."""
    by_slug: dict[str, list[compare.Row]] = {}
    for row in rows:
        if not row.twin and row.target in ("keras2", "keras3"):
            by_slug.setdefault(row.slug, []).append(row)
    ends = ("verdict", "exception", "line")
    differ = {
        slug: pair
        for slug, pair in by_slug.items()
        if len(pair) == 2 and [pair[0].truth.get(end) for end in ends] != [pair[1].truth.get(end) for end in ends]
    }
    assert len(differ) >= 25
    right = [row for pair in differ.values() for row in pair if row.verdict and row.line and row.exception]
    assert len(right) >= 0.95 * 2 * len(differ)
