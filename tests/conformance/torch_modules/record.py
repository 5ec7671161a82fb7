"""Runs PyTorch's own samples of its modules (``module_db``) and keeps what went in and what came out.

``python tests/conformance/torch_modules/record.py`` with PyTorch (and expecttest) installed writes ``records.json.gz``:
``{module: {"samples": [...], "errors": [...]}}``. A sample is ``[constructor args, kwargs, training, forward args, kwargs,
outcome]``. A tensor is ``["t", shape, dtype, lo, hi]``, the bounds only for integers.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import os
import warnings
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
TRUTH = os.path.join(HERE, "records.json.gz")


class Unwritable(Exception):
    """An argument that cannot be written down."""


def wire(value: Any, torch: Any) -> Any:
    """A value as plain data."""
    if isinstance(value, torch.Tensor):
        made = ["t", list(value.shape), str(value.dtype).removeprefix("torch.")]
        whole = not value.dtype.is_floating_point and not value.dtype.is_complex
        if whole and value.numel():
            made += [int(value.min()), int(value.max())]
        return made
    if isinstance(value, torch.dtype):
        return ["dtype", str(value).removeprefix("torch.")]
    if isinstance(value, torch.device):
        return ["device", value.type]
    if isinstance(value, (tuple, list)):
        return [type(value).__name__ if type(value) in (tuple, list) else "tuple", [wire(v, torch) for v in value]]
    if isinstance(value, dict):
        return ["dict", [[key, wire(item, torch)] for key, item in value.items()]]
    if isinstance(value, torch.nn.Module):
        args, kwargs = getattr(value, "recorded", None) or _unwritable(value)
        return ["made", f"torch.nn.{type(value).__name__}", wire(list(args), torch)[1], wire(dict(kwargs), torch)[1]]
    if dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return ["made", f"torch.nn.{type(value).__name__}", [], wire(fields, torch)[1]]
    if isinstance(value, complex):
        return ["complex", value.real, value.imag]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if callable(value) and getattr(torch.nn.functional, getattr(value, "__name__", "?"), None) is value:
        return ["ref", f"torch.nn.functional.{value.__name__}"]
    return _unwritable(value)


def remembering(cls: Any) -> None:
    """Objects of the class keep the arguments that they were made with."""
    plain = cls.__init__

    def remember(self: Any, *args: Any, **kwargs: Any) -> None:
        plain(self, *args, **kwargs)
        object.__setattr__(self, "recorded", (args, kwargs))

    cls.__init__ = remember


def _unwritable(value: Any) -> Any:
    raise Unwritable(type(value).__name__)


def outcome(run: Any, torch: Any) -> Any:
    """What comes out, or what is raised."""
    try:
        return ["gives", wire(run(), torch)]
    except Unwritable:
        raise
    except Exception as error:
        return ["raises", type(error).__name__, str(error)[:800]]


def sample(info: Any, given: Any, training: bool, torch: Any) -> Any:
    """One sample as it is kept."""
    made, called = given.constructor_input, given.forward_input
    record = [[wire(list(made.args), torch)[1], wire(dict(made.kwargs), torch)[1]], training]
    record.append(None if called is None else [wire(list(called.args), torch)[1], wire(dict(called.kwargs), torch)[1]])

    def run() -> Any:
        module = info.module_cls(*made.args, **made.kwargs)
        module.train(training)
        return None if called is None else module(*called.args, **called.kwargs)

    record.append(outcome(run, torch))
    return record


def main() -> None:
    """Record everything."""
    import torch
    from torch.testing._internal.common_modules import module_db

    warnings.simplefilter("ignore")
    torch.manual_seed(0)
    torch.set_num_threads(1)
    remembering(torch.nn.TransformerEncoderLayer)
    kept: dict[str, Any] = {}
    for info in module_db:
        found: dict[str, list[Any]] = {"samples": [], "errors": []}
        skipped = 0
        for training in (True, False) if info.train_and_eval_differ else (True,):
            for given in info.module_inputs_func(info, "cpu", torch.float32, False, training):
                try:
                    record = sample(info, given, training, torch)
                except Unwritable as problem:
                    skipped += 1
                    print(info.name, "skipped:", problem)
                    continue
                if record not in found["samples"]:
                    found["samples"].append(record)
        for given in (
            info.module_error_inputs_func(info, "cpu", torch.float32, False, True)
            if (info.module_error_inputs_func)
            else ()
        ):
            found["errors"].append(sample(info, given.module_error_input, True, torch))
        kept[info.name] = found
        print(f"{info.name:32} {len(found['samples']):4} {len(found['errors']):3} {skipped or ''}", flush=True)
    with gzip.GzipFile(TRUTH, "wb", mtime=0) as file:
        file.write(json.dumps(kept, indent=0, sort_keys=True).encode())


if __name__ == "__main__":
    main()
