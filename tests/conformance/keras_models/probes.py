"""Small programs that ask one question of a Keras model each: which exception, at which line, or none.

``probes.txt`` holds them (``#### name`` begins each; line 1 is the shared line of imports), ``truth.json`` what both
versions really did. ``python -m tests.conformance.keras_models.probes --record 3`` runs them again with the real Keras
(``TF_USE_LEGACY_KERAS=1`` and ``--record 2`` for Keras 2); without arguments they are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
IMPORTS = (
    "import numpy as np, tensorflow as tf; from tensorflow import keras; from tensorflow.keras import layers, "
    "Sequential, "
    "Model, Input; from tensorflow.keras.layers import LSTM, GRU, SimpleRNN, Dense, Flatten, Embedding, Add, "
    "Lambda, Conv1D, "
    "Reshape, Dropout, Concatenate"
)
Truth = dict[str, dict[str, "list[Any] | None"]]


def programs() -> dict[str, str]:
    """Every probe by name, with its line of imports."""
    found: dict[str, str] = {}
    for part in (HERE / "probes.txt").read_text(encoding="utf-8").split("#### ")[1:]:
        name, _, body = part.partition("\n")
        found[name] = f"{IMPORTS}\n{body}"
    return found


def truth() -> Truth:
    """What each probe really did: ``[exception, line]`` or None, by version."""
    found: Truth = json.loads((HERE / "truth.json").read_text(encoding="utf-8"))
    return found


def ours(source: str, version: str) -> list[Any] | None:
    """What Foreshape says first: ``[exception, line]`` or None."""
    from click.testing import CliRunner

    from foreshape.cli.main import foreshape

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "probe.py")
        Path(path).write_text(source, encoding="utf-8")
        result = CliRunner().invoke(foreshape, ["check", "--format", "json", "--target", f"keras={version}", path])
    answer = json.loads(result.stdout)
    for report in answer["diagnostics"]:
        if report["severity"] != "silent":
            return [report["raises"]["exception"].rpartition(".")[2], report["line"]]
    reason = answer["files"][0]["reason"]
    return ["internal", reason] if reason and "internal error" in reason else None


def differences() -> list[str]:
    """Every probe on which we and the truth differ."""
    found: list[str] = []
    known = truth()
    for name, source in programs().items():
        for target, wanted in known[name].items():
            got = ours(source, target[-1])
            if got != wanted:
                found.append(f"{name} [{target}]: really {wanted}, we say {got}")
    return found


def record(version: str) -> None:
    """Run every probe with the real Keras, each in a process of its own."""
    import tensorflow  # noqa: F401

    known = truth()
    for name, source in programs().items():
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            answer: list[Any] | None = None
            try:
                exec(compile(source, "<probe>", "exec"), {"__name__": "__main__"})
            except BaseException as error:
                lines = [
                    frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == "<probe>"
                ]
                answer = [type(error).__name__, lines[-1] if lines else None]
            os.write(write, json.dumps(answer).encode())
            os._exit(0)
        os.close(write)
        data = os.read(read, 65536)
        os.close(read)
        os.waitpid(pid, 0)
        known.setdefault(name, {})[f"keras{version}"] = json.loads(data) if data else ["died", None]
    (HERE / "truth.json").write_text(json.dumps(known, indent=0, sort_keys=True) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--record", choices=("3", "2"))
    options = parser.parse_args()
    if options.record:
        record(options.record)
        return
    found = differences()
    print("\n".join(found))
    total = sum(len(entry) for entry in truth().values())
    print(f"{total - len(found)} of {total}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
