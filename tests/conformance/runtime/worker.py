"""One framework in one process: every case is looked at by ``preflight``, then really trained. Prints a JSON object per case.

``python -m tests.conformance.runtime.worker {keras3,keras2,torch} {faults,healthy}``: the cases of every file ``PART_FAMILY*.py``.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

FAMILY = {"keras3": "keras", "keras2": "keras", "torch": "torch"}


def state(model: Any) -> dict[str, str]:
    """Everything that a look must not change."""
    found = {"python": repr(random.getstate()), "numpy": repr([str(part) for part in np.random.get_state()])}
    if "torch" in sys.modules:
        import torch

        found["torch"] = torch.get_rng_state().numpy().tobytes().hex()
        found["threads"] = repr(torch.get_num_threads())
    if hasattr(model, "state_dict"):
        parts = [(name, each) for name, each in model.state_dict().items()]
        uninitialised = "torch.nn.parameter"
        for name, each in parts:
            lazy = type(each).__module__ == uninitialised and "Uninit" in type(each).__name__
            found[name] = type(each).__name__ if lazy else _digest(each)
        found["training"] = repr([part.training for part in model.modules()])
        found["gradients"] = repr([each.grad is None for each in model.parameters()])
        return found
    import tensorflow as tf

    found["tensorflow"] = repr(getattr(tf.random.get_global_generator(), "state", None).numpy().tolist()) + repr(
        _tf_context()._rng.getstate() if getattr(_tf_context(), "_rng", None) else None
    )
    found["built"] = repr(model.built)
    if model.built:
        for number, each in enumerate(model.variables):
            found[f"variable {number}"] = _digest(np.asarray(each))
    return found


def _tf_context() -> Any:
    from tensorflow.python.eager import context

    return context.context()


def _digest(value: Any) -> str:
    if hasattr(value, "bfloat16") and str(value.dtype) == "torch.bfloat16":
        value = value.float()
    array = value.detach().cpu().numpy() if hasattr(value, "detach") else np.asarray(value)
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest() + str(array.shape)


def seed() -> None:
    random.seed(1)
    np.random.seed(1)
    if "torch" in sys.modules:
        import torch

        torch.manual_seed(1)
    if "tensorflow" in sys.modules:
        import tensorflow as tf

        tf.keras.utils.set_random_seed(1)


def look(make: Any) -> dict[str, Any]:
    """One case, from its making to its end."""
    import foreshape

    seed()
    began = time.perf_counter()
    case = make()
    made = time.perf_counter()
    before = state(case.model)
    row: dict[str, Any] = {"rule": case.rule, "place": case.place, "count": case.count, "elements": case.elements}
    try:
        found = foreshape.preflight(case.model, case.x, case.y, quiet=True, **case.options)
        row["facts"] = [fact.as_dict() for fact in found]
        row["text"] = str(found)
        if case.elements is not None:
            case.fed = found.data
    except Exception:
        row["facts"], row["text"] = [], ""
        row["broken"] = traceback.format_exc()
    looked = time.perf_counter()
    after = state(case.model)
    row["changed"] = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    row |= end(case)
    row["seconds"] = [round(made - began, 2), round(looked - made, 2), round(time.perf_counter() - looked, 2)]
    return row


def end(case: Any) -> dict[str, Any]:
    """What really comes of training: the exception, or how many batches there were."""
    try:
        seen = case.train()
    except Exception as error:
        return {"real": [base.__name__ for base in type(error).__mro__], "said": str(error)[-400:], "seen": None}
    return {"real": None, "seen": seen}


def weights(model: Any) -> list[str]:
    """After training."""
    if hasattr(model, "state_dict"):
        return [_digest(each) for each in model.state_dict().values()]
    return [_digest(np.asarray(each)) for each in model.get_weights()]


def twice(make: Any) -> dict[str, Any]:
    """Trained without a look and after one: the results have to be the same."""
    seed()
    case = make()
    first = end(case)
    plain = weights(case.model)
    kept: list[Any] = []

    def again() -> Any:
        kept.append(make())
        return kept[0]

    row = look(again)
    row["same"] = first["real"] is None and plain == weights(kept[0].model) and first["seen"] == row["seen"]
    return row


def main() -> None:
    framework, part = sys.argv[1:3]
    os.environ["TF_USE_LEGACY_KERAS"] = "1" if framework == "keras2" else "0"
    import_module("torch" if framework == "torch" else "tensorflow")
    files = sorted(Path(__file__).parent.glob(f"{part}_{FAMILY[framework]}*.py"))
    modules = [import_module(f"tests.conformance.runtime.{path.stem}") for path in files]
    cases = {name: make for module in modules for name, make in module.CASES.items()}
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what is printed while training is no part of the answer
    for name, make in cases.items():
        if len(sys.argv) > 3 and name not in sys.argv[3:]:
            continue
        try:
            row = twice(make) if part == "healthy" else look(make)
        except Exception:
            row = {"rule": "", "facts": [], "broken": traceback.format_exc(), "real": None, "changed": []}
        out.write(json.dumps({"name": name, **row}) + "\n")
        out.flush()


if __name__ == "__main__":
    main()
