"""Run the programs made from records for real: each must do what its record says, on the line that is said.

    python tests/conformance/keras_layers/verify.py [LAYER ...]        (TF_USE_LEGACY_KERAS=1 for Keras 2)

Where this holds, Foreshape can be held against the programs. Prints what differs; exit status 1 if anything does.
"""

# ruff: noqa: E402 (the environment must be set before TensorFlow is imported)
from __future__ import annotations

import collections
import itertools
import json
import os
import sys
import tempfile
from typing import Any

for _name, _value in (("KERAS_BACKEND", "tensorflow"), ("TF_CPP_MIN_LOG_LEVEL", "3"), ("CUDA_VISIBLE_DEVICES", "-1")):
    os.environ.setdefault(_name, _value)

import tensorflow as tf
from hold import items
from programs import Program
from replay import Overtime, limit
from wire import dtype_of, shape_of

VERSION = "2" if os.environ.get("TF_USE_LEGACY_KERAS") == "1" else "3"


def run(made: Program) -> tuple[str, int | None, dict[str, Any]]:
    """(exception or "", its line in the program, tensors by name)."""
    space: dict[str, Any] = {"__name__": "record"}
    try:
        with limit(30):
            exec(compile(made.source, "<record>", "exec"), space)
    except Overtime:
        return "Overtime", None, {}
    except Exception as error:
        line, trace = None, error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == "<record>":
                line = trace.tb_lineno
            trace = trace.tb_next
        return type(error).__name__, line, {}
    found = {}
    for name in made.outputs:
        value = space[name]
        found[name] = (tuple(shape_of(value)), dtype_of(value))
    return "", None, found


def differs(record: dict[str, Any], mode: str, made: Program) -> str:
    """What the program does otherwise than its record, or nothing."""
    exception, line, found = run(made)
    outcome = record[mode]
    if outcome["ok"] != (not exception):
        return f"recorded {'a run' if outcome['ok'] else outcome['exception']}, got {exception or 'a run'} line {line}"
    if exception:
        where = made.lines.get(outcome["stage"])
        if (exception, line) != (outcome["exception"], where):
            return f"recorded {outcome['exception']} line {where}, got {exception} line {line}"
        return ""
    wrong = {name: (found[name], made.outputs[name]) for name in found if found[name] != made.outputs[name]}
    return f"got, recorded: {wrong}" if wrong else ""


def verify(group: list[tuple[dict[str, Any], str, Program]], path: str) -> None:
    """Run a layer's programs in this process; one line of JSON each."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    with open(path, "w", encoding="utf-8") as file:
        for record, mode, made in group:
            tf.keras.backend.set_image_data_format("channels_last")
            if VERSION == "2":
                tf.keras.backend.reset_uids()
            else:
                tf.keras.utils.clear_session(free_memory=False)
            words = differs(record, mode, made)
            title = record.get("title") or f"{record['test']} {record['source']}"
            file.write(json.dumps(f"{mode} {title}: {words}" if words else "") + "\n")
            file.flush()


def main(*layers: str) -> int:
    """Exit status 1 if a program does something else than its record."""
    counts: collections.Counter[str] = collections.Counter()
    found = [
        i for source in ("tests", "tables") for i in items(source, VERSION, set(layers)) if not isinstance(i[2], str)
    ]
    for name, group in itertools.groupby(found, key=lambda item: item[0]["layer"]):
        todo = list(group)
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:
            child = os.fork()
            if child == 0:
                try:
                    verify(todo, file.name)  # type: ignore[arg-type]
                finally:
                    os._exit(0)
            os.waitpid(child, 0)
            lines = [json.loads(line) for line in file]
        counts["as recorded"] += lines.count("")
        counts["not run"] += len(todo) - len(lines)
        for line in filter(None, lines):
            counts["otherwise"] += 1
            print(f"{name}: {line}", flush=True)
    print(dict(counts))
    return 1 if counts["otherwise"] or counts["not run"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
