"""Runs every call on the real ``keras.ops``, and keeps what came out.

``python tests/conformance/keras_ops/record.py`` with Keras installed writes ``truth.json.gz``: for each line of
``calls.txt.gz`` (what Keras' own tests call, see ``listen.py``) and of ``cases.txt`` (ours, see ``lines.py``).
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import sys
import warnings
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from lines import TRUTH, families

CHUNK = 400


def described(value: Any, keras: Any, np: Any) -> Any:
    """What is compared of a value: kind, shape, dtype; plain numbers themselves."""
    if isinstance(value, keras.KerasTensor):
        return ["symbolic", list(value.shape), value.dtype]
    if isinstance(value, np.ndarray):
        return ["numpy", list(value.shape), str(value.dtype)]
    if isinstance(value, np.generic):
        return ["numpy", [], str(value.dtype)]
    if isinstance(value, (list, tuple)):
        return ["list", [described(item, keras, np) for item in value]]
    if value is None or isinstance(value, (bool, int, str)):
        return ["plain", value]
    if hasattr(value, "indices") or hasattr(value, "row_splits"):
        return ["other", type(value).__name__]
    if keras.ops.is_tensor(value):
        return ["tensor", list(value.shape), keras.backend.standardize_dtype(value.dtype)]
    return ["other", type(value).__name__]


def outcome(text: str, names: dict[str, Any]) -> Any:
    """The described value, or the exception's class and message."""
    sink = io.StringIO()
    try:
        with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
            return described(eval(text, dict(names)), names["keras"], names["np"])
    except Exception as error:
        return ["raises", type(error).__name__, str(error)[:200]]


def apart(texts: list[str], names: dict[str, Any]) -> dict[str, Any]:
    """The outcomes, worked out in a process of their own: some calls end it."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        with os.fdopen(writer, "w") as out:
            json.dump({text: outcome(text, names) for text in texts}, out)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    if said:
        made: dict[str, Any] = json.loads(said)
        return made
    if len(texts) == 1:
        return {}
    half = len(texts) // 2
    return {**apart(texts[:half], names), **apart(texts[half:], names)}


def main() -> None:
    """Record what is not known yet."""
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", TF_NUM_INTRAOP_THREADS="1")
    warnings.simplefilter("ignore")
    import keras
    import numpy as np

    truth: dict[str, Any] = {}
    if os.path.exists(TRUTH):
        with gzip.open(TRUTH, "rt") as file:
            truth = json.load(file)
    names = {"keras": keras, "np": np, "__name__": "__main__"}
    made: dict[str, Any] = {}
    for family, texts in families().items():
        known = truth.get(family, {})
        new = [text for text in texts if text not in known]
        for at in range(0, len(new), CHUNK):
            known.update(apart(new[at : at + CHUNK], names))
        made[family] = {text: known[text] for text in texts if text in known}
        print(family, len(texts), "without an answer:", len(texts) - len(made[family]), flush=True)
    with gzip.GzipFile(TRUTH, "wb", mtime=0) as file:
        file.write(json.dumps(made, indent=0, sort_keys=True).encode())


if __name__ == "__main__":
    main()
