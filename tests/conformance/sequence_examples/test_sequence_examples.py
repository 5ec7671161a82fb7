"""The end-to-end programs: Foreshape finds nothing in them, and they really learn. Programs of one library share a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples" / "sequences"
NAMES = ("univariate_forecast", "multivariate_forecast", "sentence_classification", "cnn_lstm_digits")
ENVIRONMENT = {
    **os.environ, "PYTHONPATH": str(ROOT / "src"), "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
}  # fmt: skip
RUN = """
import runpy, sys
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="__main__")
    print("done", path, flush=True)
"""


@pytest.mark.parametrize("library", ["keras", "torch"])
def test_they_learn(library: str, tmp_path: Path) -> None:
    pytest.importorskip(library)
    paths = [str(EXAMPLES / name / f"{library}_program.py") for name in NAMES]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *paths], capture_output=True, text=True, env=ENVIRONMENT, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for path in paths:
        assert f"done {path}" in done.stdout
    assert done.stdout.count("loss ") == len(paths)
    plots = len(list(tmp_path.glob("*.png"))) + done.stdout.count("no plot")
    assert plots == len(paths)


@pytest.mark.parametrize("library", ["keras", "torch"])
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found_in_them(name: str, library: str) -> None:
    path = EXAMPLES / name / f"{library}_program.py"
    done = subprocess.run(
        [sys.executable, "-m", "foreshape", "check", str(path), "--format", "json"],
        capture_output=True, text=True, env=ENVIRONMENT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["diagnostics"] == []
