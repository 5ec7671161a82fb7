"""Runs every call on the real TensorFlow, at once and in a graph, and keeps what came out.

``python tests/conformance/tensorflow_ops/record.py [FAMILY ...]`` with TensorFlow installed writes ``truth.json.gz``.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import sys
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from expand import HERE, families, family

CHUNK = 40
TRUTH = os.path.join(HERE, "truth.json.gz")


def described(value: Any, tf: Any, np: Any) -> Any:
    """What is compared of a value: kind, shape, dtype; plain numbers themselves."""
    if isinstance(value, tf.Variable):
        return ["variable", list(value.shape), value.dtype.name]
    if isinstance(value, tf.RaggedTensor):
        return ["ragged", list(value.shape), value.dtype.name]
    if isinstance(value, tf.Tensor):
        return ["tensor", None if value.shape.rank is None else list(value.shape), value.dtype.name]
    if isinstance(value, np.ndarray):
        return ["numpy", list(value.shape), str(value.dtype)]
    if isinstance(value, tf.TensorSpec):
        return ["spec", None if value.shape.rank is None else list(value.shape), value.dtype.name]
    if isinstance(value, tf.data.Dataset):
        return ["dataset", described(value.element_spec, tf, np)]
    if isinstance(value, tf.TensorShape):
        return ["shape", None if value.rank is None else list(value)]
    if isinstance(value, tf.DType):
        return ["dtype", value.name]
    if isinstance(value, np.generic):
        return ["numpy", [], str(value.dtype)]
    if isinstance(value, (list, tuple)):
        return ["list", [described(item, tf, np) for item in value]]
    if isinstance(value, dict):
        return ["dict", {str(key): described(item, tf, np) for key, item in value.items()}]
    if value is None or isinstance(value, (bool, int, str)):
        return ["plain", value]
    return ["other", type(value).__name__]


def outcome(text: str, names: dict[str, Any], tf: Any, np: Any) -> Any:
    """The described value, or the exception's class and message."""
    sink = io.StringIO()
    try:
        with contextlib.redirect_stdout(sink), contextlib.redirect_stderr(sink):
            return described(eval(text, dict(names)), tf, np)
    except Exception as error:
        return ["raises", type(error).__name__, str(error)[:300]]


def apart(texts: list[str], graph: bool, names: dict[str, Any], tf: Any, np: Any) -> dict[str, Any]:
    """The outcomes, worked out in a process of their own: some calls end it."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        found: dict[str, Any] = {}
        for text in texts:
            found[text] = [outcome(text, names, tf, np)]
            if graph:
                found[text].append(outcome(f"tf.function(lambda: {text})()", names, tf, np))
        with os.fdopen(writer, "w") as out:
            json.dump(found, out)
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
    return {key: item for text in texts for key, item in apart([text], graph, names, tf, np).items()}


def main(wanted: list[str]) -> None:
    """Record the families."""
    os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", TF_NUM_INTRAOP_THREADS="1")
    import numpy as np
    import tensorflow as tf

    truth: dict[str, Any] = {}
    if os.path.exists(TRUTH):
        with gzip.open(TRUTH, "rt") as file:
            truth = json.load(file)
    names = {"tf": tf, "np": np, "__name__": "__main__"}
    for name in wanted or families():
        known = truth.get(name, {})
        texts = family(name)
        new = [text for text in texts if text not in known]
        for at in range(0, len(new), CHUNK):
            known.update(apart(new[at : at + CHUNK], name != "data", names, tf, np))
        truth[name] = {text: known[text] for text in texts if text in known}
        print(name, len(texts), "without an answer:", [text for text in texts if text not in known], flush=True)
    with gzip.GzipFile(TRUTH, "wb", mtime=0) as file:
        file.write(json.dumps(truth, indent=0, sort_keys=True).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
