"""Run the example programs of the fault pages on the real frameworks.

The frameworks are imported once; each program runs in a child that is forked from there. Reads ``{name: program}`` as
JSON from standard input and writes ``{name: outcome}``: ``{"exception": null}`` for a program that runs to its end,
else the class of the exception, the names of its bases, and the deepest line of the program in the traceback.

    python -m tests.conformance.pages.real < programs.json
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import signal
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import Any

from tests.conformance.loading import load_torch

LIMIT_SECONDS = 60
SETTINGS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


def run(path: str, text: str) -> dict[str, Any]:
    """What happens when this program runs."""
    try:
        exec(compile(text, path, "exec"), {"__name__": "__main__", "__file__": path})
    except SystemExit:
        return {"exception": None}
    except BaseException as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
        kind = type(error)
        return {
            "exception": kind.__name__,
            "mro": [base.__name__ for base in kind.__mro__ if base is not object],
            "line": lines[-1] if lines else None,
            "message": str(error)[:400],
        }
    return {"exception": None}


def in_child(path: str, text: str) -> dict[str, Any]:
    """As `run`, in a process of its own that ends after a while whatever happens."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(LIMIT_SECONDS)
        with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            outcome = run(path, text)
        with os.fdopen(write, "w") as pipe:
            json.dump(outcome, pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return json.loads(said) if said else {"exception": "nothing came back"}


def main() -> None:
    os.environ.update(SETTINGS)
    warnings.simplefilter("ignore")
    if importlib.util.find_spec("torch") is not None:
        load_torch()
    import keras  # noqa: F401
    import numpy as np  # noqa: F401
    import pandas as pd  # noqa: F401
    import sklearn.preprocessing  # noqa: F401
    import tensorflow as tf  # noqa: F401

    programs: dict[str, str] = json.load(sys.stdin)
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, text in programs.items():
            found[name] = in_child(str(Path(folder) / f"{name}.py"), text)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
