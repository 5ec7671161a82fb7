"""Which public names of NumPy have no rule: ``python -m tests.conformance.numpy_ops.coverage``."""

from __future__ import annotations

import warnings

import numpy as np

from foreshape.semantics.registry import REGISTRY

MODULES = {
    "numpy": (np, np.__all__), "numpy.linalg": (np.linalg, np.linalg.__all__), "numpy.fft": (np.fft, np.fft.__all__),
    "numpy.random": (np.random, np.random.__all__),
    "numpy.lib.stride_tricks": (np.lib.stride_tricks, ["sliding_window_view", "as_strided"]),
}  # fmt: skip
CLASSES = {
    "numpy.ndarray": np.ndarray, "numpy.random.Generator": np.random.Generator,
    "numpy.random.RandomState": np.random.RandomState, "numpy.dtype": np.dtype,
}  # fmt: skip


def missing() -> dict[str, list[str]]:
    """Names without a rule, per module and class. Names of modules and exceptions are left out."""
    REGISTRY.load("numpy")
    found: dict[str, list[str]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for owner, (module, names) in MODULES.items():
            for name in names:
                value = getattr(module, name, None)
                if type(value).__name__ == "module" or (isinstance(value, type) and issubclass(value, BaseException)):
                    continue
                if not REGISTRY.is_known(f"{owner}.{name}") and f"{owner}.{name}" not in REGISTRY.removed:
                    found.setdefault(owner, []).append(name)
        for owner, cls in CLASSES.items():
            for name in dir(cls):
                if not name.startswith("_") and not REGISTRY.is_known(f"{owner}.{name}"):
                    found.setdefault(owner, []).append(name)
    return found


def counts() -> tuple[int, int]:
    """(names with a rule, names)."""
    names = sum(len(names) for _, names in MODULES.values()) + sum(
        sum(not name.startswith("_") for name in dir(cls)) for cls in CLASSES.values()
    )
    without = sum(len(names) for names in missing().values())
    return names - without, names


if __name__ == "__main__":
    for owner, names in missing().items():
        print(f"{owner}: {' '.join(sorted(names))}")
    print("{} of {} names have a rule".format(*counts()))
