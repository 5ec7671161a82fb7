"""Run every case of the tables on one Keras, and write down what happened.

    python tests/conformance/keras_layers/run_cases.py OUTPUT [LAYER ...]

Keras 3 is used; with TF_USE_LEGACY_KERAS=1 in the environment, tf_keras (Keras 2). Each case is run with NumPy data
(``eager``) and on ``keras.Input`` with an open batch axis (``free``). TensorFlow is imported once; each layer runs in
a process of its own, forked from the one that imported it, so that a crash costs one case and is written down as
such.
"""

# ruff: noqa: E402 (the environment must be set before TensorFlow is imported)
from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

for _name, _value in (("KERAS_BACKEND", "tensorflow"), ("TF_CPP_MIN_LOG_LEVEL", "3"), ("CUDA_VISIBLE_DEVICES", "-1")):
    os.environ.setdefault(_name, _value)

LEGACY = os.environ.get("TF_USE_LEGACY_KERAS") == "1"

if LEGACY:
    import tf_keras as keras
else:
    import keras  # type: ignore[no-redef]

import replay
from cases import cases
from record import save, versions
from wire import Names, leaves


def outcomes(player: replay.Player, one: dict[str, Any]) -> dict[str, Any]:
    """What the case does with data and symbolically. An unknown axis has no data."""
    result: dict[str, Any] = {}
    inputs = [*leaves(one["args"]), *leaves(list(one["call_kwargs"].values())), *leaves(one.get("then", []))]
    if not any(None in i["array"] for i in inputs):
        result["eager"] = player.play(one, "eager", 20)
    if all(i["dtype"] != "string" or not LEGACY for i in inputs) or one["layer"].endswith(
        ("Lookup", "Vectorization", "Hashing", "Crossing")
    ):
        result["free"] = player.play(one, "free", 20)
    return result


def forget() -> None:
    """Start names and graphs afresh, without collecting garbage each time."""
    if LEGACY:
        keras.backend.reset_uids()
    else:
        keras.utils.clear_session(free_memory=False)


def run_layer(todo: list[dict[str, Any]], path: str) -> None:
    """Run cases in this process; one line of JSON for each that ended, after one that says which began."""
    player = replay.Player(keras, Names(keras))
    with open(path, "a", encoding="utf-8") as file:
        for one in todo:
            file.write("\n")
            file.flush()
            forget()
            file.write(json.dumps(outcomes(player, one)))
            file.flush()


def run_apart(todo: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outcomes of the cases, run in forked processes."""
    found: list[dict[str, Any]] = []
    while len(found) < len(todo):
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:
            child = os.fork()
            if child == 0:
                # Silence the many warnings about deprecated arguments; what matters is in the records.
                os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
                try:
                    run_layer(todo[len(found) :], file.name)
                finally:
                    os._exit(0)
            _, status = os.waitpid(child, 0)
            lines = file.read().split("\n")[1:]
        for line in lines:
            if line:
                found.append(json.loads(line))
            else:
                found.append(
                    {
                        "eager": {
                            "ok": False,
                            "stage": "none",
                            "exception": "Crash",
                            "message": f"the process ended with {status}",
                        }
                    }
                )
        if not lines:
            raise RuntimeError(f"nothing ran: {status}")
    return found


def main(output: str, *only: str) -> int:
    """Run, write, count."""
    names = Names(keras)
    records = []
    missing = set()
    for name, group in itertools.groupby(cases(), key=lambda one: one["layer"]):
        if only and name.rsplit(".", 1)[1] not in only:
            continue
        if name not in names.by_name:
            missing.add(name)
            continue
        todo = list(group)
        print(f"{name} {len(todo)}", flush=True)
        records.extend({**one, **done} for one, done in zip(todo, run_apart(todo)))
    records.sort(key=lambda r: (r["layer"], r["title"]))
    head = {"versions": versions(), "keras": "2" if LEGACY else "3", "missing_layers": sorted(missing)}
    save(Path(output), {**head, "records": records})
    fine = sum(1 for r in records if r.get("eager", r.get("free", {})).get("ok"))
    print(f"{len(records)} cases, {fine} run, {len(missing)} layers are not in this Keras")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
