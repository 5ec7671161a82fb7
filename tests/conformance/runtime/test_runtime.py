"""``preflight`` against real models: what it says is what comes of training, and where nothing is wrong it says nothing.

One process per framework and part; ``python -m tests.conformance.runtime.worker torch faults`` shows what a test holds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
FRAMEWORKS = ("keras3", "keras2", "torch")
NEEDED = {"keras3": "keras", "keras2": "tf_keras", "torch": "torch"}
QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "OMP_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1", "TF_ENABLE_ONEDNN_OPTS": "0",
}  # fmt: skip
HEALTHY = 60
BUILT_BY_LOOKING = {"subclassed_with_arguments"}
"""Nobody but the program can make such a model, so it is built itself, as ``fit`` would build it."""


@cache
def rows(framework: str, part: str) -> list[dict[str, Any]]:
    """What the worker says of every case."""
    pytest.importorskip(NEEDED[framework])
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    done = subprocess.run(
        [sys.executable, "-m", "tests.conformance.runtime.worker", framework, part],
        cwd=ROOT, env={**os.environ, **QUIET, "PYTHONPATH": path}, capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_faults_are_reported_with_row_value_count_and_what_really_raises(framework: str) -> None:
    wrong = [f"{row['name']}: {problem}" for row in rows(framework, "faults") for problem in fault_problems(row)]
    assert not wrong, "\n".join(wrong)


def fault_problems(row: dict[str, Any]) -> list[str]:
    """How a report differs from the truth."""
    if "broken" in row:
        return [row["broken"]]
    told = [fact["rule"] for fact in row["facts"]]
    if len(told) != 1 or told[0] not in row["rule"].split("|"):
        return [f"told {told}, wanted {row['rule']}"]
    fact = row["facts"][0]
    found = []
    if fact["exception"] is None and row["real"] is not None:
        found.append(f"is told as silent, but raises {row['real'][0]}: {row['said']}")
    if fact["exception"] is not None and fact["exception"] not in (row["real"] or []):
        found.append(f"is to raise {fact['exception']}, but {(row['real'] or ['nothing'])[0]} does")
    place = fact["first"][0] if fact["first"] else {}
    if row["place"] is not None and [place.get("row"), place.get("step"), place.get("value")] != row["place"]:
        found.append(f"points to {place}, wanted {row['place']}")
    if row["count"] is not None and fact["count"] != row["count"]:
        found.append(f"counts {fact['count']}, wanted {row['count']}")
    if row["changed"]:
        found.append(f"looking changed {row['changed']}")
    return found


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_healthy_pairs_are_left_alone(framework: str) -> None:
    wrong = [f"{row['name']}: {problem}" for row in rows(framework, "healthy") for problem in healthy_problems(row)]
    assert not wrong, "\n".join(wrong)


def healthy_problems(row: dict[str, Any]) -> list[str]:
    """What a look at a healthy pair did that it must not do."""
    if "broken" in row:
        return [row["broken"]]
    found = [f"false alarm: {fact['rule']}: {fact['message']}" for fact in row["facts"]]
    if row["real"] is not None:
        found.append(f"does not train: {row['said']}")
    if not row["same"]:
        found.append("training after a look gives other weights than without")
    if row["elements"] is not None and row["seen"] not in (None, row["elements"]):
        found.append(f"{row['seen']} batches of {row['elements']} were left to train on")
    if row["changed"] and row["name"] not in BUILT_BY_LOOKING:
        found.append(f"looking changed {row['changed']}")
    return found


def test_there_are_enough_healthy_pairs() -> None:
    counts = {framework: len(rows(framework, "healthy")) for framework in FRAMEWORKS}
    assert sum(counts.values()) >= HEALTHY, counts
