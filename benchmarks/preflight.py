"""What a look costs: `preflight` on an array of 1e7 numbers beside three passes of `np.isfinite` over it, in one run, medians.

    python benchmarks/preflight.py [--elements 10000000] [--runs 9] [--write]

The model is a Keras LSTM and a PyTorch LSTM, built and called once before, so that what is timed is the look and not the import. A run of
each turn by turn, so that both meet the same machine. `--write` keeps the table in benchmarks/preflight.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import numpy as np

from foreshape.runtime.preflight import preflight

STEPS, FEATURES = 50, 8


def looks(x: np.ndarray, y: np.ndarray) -> dict[str, Callable[[], Any]]:
    """A look by each library that is installed."""
    found: dict[str, Callable[[], Any]] = {}
    try:
        import keras

        model = keras.Sequential([keras.Input((STEPS, FEATURES)), keras.layers.LSTM(16), keras.layers.Dense(1)])
        model.compile(loss="mse")
        found["preflight, Keras"] = lambda: preflight(model, x, y, batch_size=32, quiet=True)
    except ImportError:
        pass
    try:
        import torch

        class Net(torch.nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.lstm, self.head = torch.nn.LSTM(FEATURES, 16, batch_first=True), torch.nn.Linear(16, 1)

            def forward(self, x: Any) -> Any:
                return self.head(self.lstm(x)[0][:, -1])

        net, loss = Net(), torch.nn.MSELoss()
        given, wanted = torch.from_numpy(x), torch.from_numpy(y)
        found["preflight, PyTorch"] = lambda: preflight(net, given, wanted, loss=loss, batch_size=32, quiet=True)
    except ImportError:
        pass
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--elements", type=int, default=10_000_000)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = options.elements // (STEPS * FEATURES)
    random = np.random.default_rng(0)
    x, y = random.random((rows, STEPS, FEATURES), dtype=np.float32), random.random((rows, 1), dtype=np.float32)

    def passes() -> None:
        for _ in range(3):
            np.isfinite(x).all()

    timed: dict[str, Callable[[], Any]] = {"three passes of np.isfinite(x).all()": passes, **looks(x, y)}
    times: dict[str, list[float]] = {name: [] for name in timed}
    for turn in range(options.runs + 1):
        for name, run in timed.items():
            began = time.perf_counter()
            found = run()
            if turn:
                times[name].append(time.perf_counter() - began)
            assert found is None or not list(found), str(found)
    medians = {name: statistics.median(values) for name, values in times.items()}
    limit = next(iter(medians.values()))
    lines = [f"{x.size:,} float32 numbers in {rows:,} sequences of {STEPS} x {FEATURES}, all of them looked at.", ""]
    lines += ["| | ms | of the limit |", "|---|---|---|"]
    lines += [f"| {name} | {seconds * 1e3:.1f} | {seconds / limit:.0%} |" for name, seconds in medians.items()]
    worst = max(medians.values()) / limit
    lines += ["", f"The aim, less than three passes, is {'met' if worst <= 1 else 'not met'}."]
    lines += [
        "",
        f"NumPy {np.__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, medians of {options.runs} runs.",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        (Path(__file__).parent / "preflight.md").write_text("# What a look costs\n\n" + text)


if __name__ == "__main__":
    main()
