"""`foreshape data check` on a large Parquet file with planted faults: time, memory, and whether every count is exact.

    python benchmarks/data.py [--megabytes 200] [--write]

The same file is checked by DuckDB on this machine, by Ray on this machine (where it is installed), and as four shards that are merged;
all three have to print the same.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet

CONTRACT = {
    "schema": 1,
    "inputs": [{"name": "tokens", "shape": [None], "kind": "integer", "low": 0, "high": 29_999}],
    "labels": [
        {"name": "label", "shape": [], "kind": "class-index", "classes": 5, "loss": "sparse_categorical_crossentropy"}
    ],
}


def write_file(path: Path, megabytes: int) -> dict[str, int]:
    """Sequences of 1 to 200 tokens until the file is that large. Returns how many faults of each kind are in it."""
    random = np.random.default_rng(0)
    planted = {"index-range": 0, "label-range": 0, "empty": 0, "missing": 0}
    kind = pa.list_(pa.int32())
    with parquet.ParquetWriter(
        path, pa.schema([("tokens", kind), ("label", pa.int64())]), compression="none"
    ) as writer:
        while not path.exists() or path.stat().st_size < megabytes * 1_000_000:
            count = 20_000
            lengths = random.integers(1, 201, count)
            lengths[random.integers(0, count, 3)] = 0
            tokens = random.integers(0, 30_000, int(lengths.sum()), dtype=np.int32)
            bad = random.integers(0, len(tokens), 7)
            tokens[bad] = np.where(np.arange(7) % 2, 30_000, -1)
            labels = random.integers(0, 5, count)
            labels[random.integers(0, count, 2)] = 5
            offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
            column = pa.ListArray.from_arrays(pa.array(offsets), pa.array(tokens))
            nulls = np.zeros(count, dtype=bool)
            nulls[random.integers(0, count, 1)] = True
            writer.write_table(
                pa.table({"tokens": column, "label": pa.array(labels, mask=nulls)}), row_group_size=count
            )
            planted["index-range"] += int(((tokens < 0) | (tokens > 29_999)).sum())
            planted["label-range"] += int(((labels > 4) & ~nulls).sum())
            planted["empty"] += int((lengths == 0).sum())
            planted["missing"] += int(nulls.sum())
    return planted


def run(*arguments: str) -> tuple[str, float, float]:
    """What it prints, seconds, and megabytes at the highest."""
    began = time.perf_counter()
    watched = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:], stdout=sys.stdout); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", watched, sys.executable, "-m", "foreshape", "data", *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    assert done.stdout or "--out" in arguments, done.stderr
    return done.stdout, seconds, int(done.stderr.split()[-1]) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rows = ["| | seconds | MB at the highest |", "|---|---|---|"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        planted = write_file(folder / "data.parquet", options.megabytes)
        (folder / "contract.json").write_text(json.dumps(CONTRACT))
        common = ("check", str(folder / "data.parquet"), "--contract", str(folder / "contract.json"))
        whole, seconds, memory = run(*common, "--format", "json")
        highest = memory
        rows.append(f"| DuckDB, whole | {seconds:.1f} | {memory:.0f} |")
        found = {each["fault"]: each["count"] for each in json.loads(whole)["findings"] if each["severity"] != "note"}
        assert found == planted, (found, planted)
        shards = [str(folder / f"{number}.json") for number in range(1, 5)]
        total = 0.0
        for number, out in enumerate(shards, 1):
            _, seconds, memory = run(*common, "--shard", f"{number}/4", "--out", out)
            total += seconds
        merged, seconds, _ = run("merge", "--format", "json", *shards)
        assert merged == whole, "the shards do not merge to the whole"
        rows.append(f"| four shards, one after the other, merged | {total + seconds:.1f} | {memory:.0f} |")
        if importlib.util.find_spec("ray") is not None:
            spread, seconds, memory = run(*common, "--engine", "ray", "--format", "json")
            assert spread[spread.index("{") :] == whole, "Ray says something else"
            rows.append(f"| Ray, on this machine | {seconds:.1f} | {memory:.0f} (driver) |")
        else:
            rows.append("| Ray | not installed | |")
        size = (folder / "data.parquet").stat().st_size / 1e6
        count = parquet.read_metadata(folder / "data.parquet").num_rows
    said = ", ".join(f"{name} {count:,}" for name, count in planted.items())
    text = f"{size:.0f} MB, {count:,} sequences; planted and found, each count exact: {said}.\n\n" + "\n".join(rows)
    text += f"\n\nAim: all found, every count exact, the same three times: met. Under 1.5 GB: {'met' if highest < 1500 else 'not met'}."
    text += f"\n\n{os.cpu_count()} cores; this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.\n"
    print(text)
    if options.write:
        (Path(__file__).parent / "data.md").write_text("# Checking a large file\n\n" + text)


if __name__ == "__main__":
    main()
