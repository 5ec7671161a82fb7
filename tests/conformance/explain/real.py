"""Runs the code of every message family on its real library and keeps the traceback as Python prints it.

    GROUP is one of tensorflow (keras=3, keras=2, tensorflow, numpy, pandas, sklearn, scipy, python), torch (torch, keras-torch)

One process imports the libraries of a group once and forks for every piece of code. Reads {"name": [target, code]} as JSON from
standard input and prints {"name": traceback or null} on its last line.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import traceback
import warnings
from importlib import import_module

IMPORTS = {
    "tensorflow": [
        "tensorflow",
        "keras",
        "tf_keras",
        "numpy",
        "pandas",
        "sklearn.preprocessing",
        "sklearn.linear_model",
        "scipy",
    ],
    "torch": ["torch", "numpy"],
}
# What a child of a target must have in its environment before it touches Keras.
SETTINGS = {"keras=2": {"TF_USE_LEGACY_KERAS": "1"}, "keras-torch": {"KERAS_BACKEND": "torch"}}


def run(code: str) -> str | None:
    """The traceback of a piece of code, run in a file of its own in a folder of its own; None where nothing raises."""
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("program.py", "w") as file:
            file.write(code)
        try:
            exec(compile(code, "program.py", "exec"), {"__name__": "__main__"})
        except BaseException:
            return traceback.format_exc()
    return None


def forked(target: str, code: str) -> str | None:
    """``run`` in a child, so that nothing it leaves behind meets the next one."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.environ.update(SETTINGS.get(target, {}))
        os.close(reading)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        answer = json.dumps(run(code)).encode()
        with os.fdopen(writing, "wb") as pipe, contextlib.suppress(BrokenPipeError):
            pipe.write(answer)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    os.waitpid(child, 0)
    found: str | None = json.loads(data) if data else "the process died"
    return found


def main() -> None:
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", OMP_NUM_THREADS="1")
    os.environ.update(TF_NUM_INTRAOP_THREADS="1", TF_NUM_INTEROP_THREADS="1")
    warnings.simplefilter("ignore")
    for name in IMPORTS[sys.argv[1]]:
        with contextlib.suppress(ImportError):
            import_module(name)
    programs = json.load(sys.stdin)
    print(json.dumps({name: forked(target, code) for name, (target, code) in programs.items()}))


if __name__ == "__main__":
    main()
