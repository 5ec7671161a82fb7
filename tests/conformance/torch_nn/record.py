"""Runs every call on the real PyTorch and keeps what came out.

``python tests/conformance/torch_nn/record.py [FAMILY ...]`` with PyTorch installed writes ``truth.json.gz``.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import warnings
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from expand import HERE, families, family

TRUTH = os.path.join(HERE, "truth.json.gz")
MOST = 1200
CHUNK = 50


def described(value: Any, torch: Any) -> Any:
    """What is compared of a value: kind, shape, dtype; plain numbers themselves."""
    if isinstance(value, torch.nn.utils.rnn.PackedSequence):
        return ["packed", [described(item, torch) for item in value]]
    if isinstance(value, torch.Tensor):
        plain = value.layout == torch.strided
        dtype = str(value.dtype).removeprefix("torch.")
        return ["tensor", list(value.shape), dtype, bool(value.requires_grad), value.is_contiguous() if plain else None]
    if isinstance(value, torch.Size):
        return ["list", [["plain", int(item)] for item in value]]
    if isinstance(value, (list, tuple)):
        return ["list", [described(item, torch) for item in value]]
    if isinstance(value, dict):
        return ["dict", {str(key): described(item, torch) for key, item in value.items()}]
    if value is None or isinstance(value, (bool, int, float, str)):
        return ["plain", value]
    return ["other", type(value).__name__]


def outcome(text: str, names: dict[str, Any]) -> Any:
    """The described value, or the exception's class and message."""
    try:
        return described(eval(text, dict(names)), names["torch"])
    except Exception as error:
        return ["raises", type(error).__name__, str(error)[:MOST]]


def apart(texts: list[str], names: dict[str, Any]) -> dict[str, Any]:
    """The outcomes, worked out in a process of their own: some calls end it."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        found = {text: outcome(text, names) for text in texts}
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
    half = len(texts) // 2
    return {**apart(texts[:half], names), **apart(texts[half:], names)}


def prelude() -> dict[str, Any]:
    """The names that a case may use."""
    import torch
    from torch import nn
    from torch.nn import functional
    from torch.nn.utils import rnn

    torch.set_num_threads(1)
    torch.manual_seed(0)
    return {"torch": torch, "nn": nn, "F": functional, "rnn": rnn, "__name__": "__main__"}


def main(wanted: list[str]) -> None:
    """Record the families."""
    warnings.simplefilter("ignore")
    truth: dict[str, Any] = {}
    if os.path.exists(TRUTH):
        with gzip.open(TRUTH, "rt") as file:
            truth = json.load(file)
    names = prelude()
    for name in wanted or families():
        texts, found = family(name), {}
        for at in range(0, len(texts), CHUNK):
            found.update(apart(texts[at : at + CHUNK], names))
        truth[name] = found
        raising = sum(found[0] == "raises" for found in truth[name].values())
        print(f"{name:14} {len(truth[name]):5} calls, {raising} raise", flush=True)
        print("  end the process:", [text for text in texts if text not in found])
    truth = {name: truth[name] for name in families()}
    with gzip.GzipFile(TRUTH, "wb", mtime=0) as file:
        file.write(json.dumps(truth, indent=0, sort_keys=True).encode())


if __name__ == "__main__":
    main(sys.argv[1:])
