"""Write down the public names of the installed libraries, one file each, for ``python -m foreshape.dev.coverage``.

    python tests/conformance/coverage/record_names.py [LIBRARY ...]

A line is a qualified name, as a program writes it: ``keras.layers.LSTM``, ``numpy.ndarray.reshape``. Names that begin
with an underscore, modules and exceptions are left out. The first line says which version was looked at.
"""

from __future__ import annotations

import importlib
import inspect
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

HERE = Path(__file__).parent

KERAS = ("layers", "ops", "losses", "metrics", "utils", "applications", "activations", "callbacks", "optimizers",
         "initializers", "regularizers", "constraints", "models", "random", "datasets", "preprocessing.image",
         "preprocessing.sequence", "preprocessing.text")  # fmt: skip
SKLEARN = ("base", "calibration", "cluster", "compose", "covariance", "cross_decomposition", "datasets",
           "decomposition", "discriminant_analysis", "dummy", "ensemble", "feature_extraction",
           "feature_extraction.text",
           "feature_selection", "gaussian_process", "impute", "isotonic", "kernel_approximation", "kernel_ridge",
           "linear_model", "manifold", "metrics", "metrics.pairwise", "mixture", "model_selection", "multiclass",
           "multioutput", "naive_bayes", "neighbors", "neural_network", "pipeline", "preprocessing",
           "random_projection", "semi_supervised", "svm", "tree", "utils")  # fmt: skip

Spec = tuple[str, tuple[str, ...], tuple[str, ...]]

LIBRARIES: dict[str, Spec] = {
    "keras-3": ("keras", KERAS, ("Layer", "Model", "Sequential")),
    "keras-2": ("tf_keras", KERAS, ("Model", "Sequential")),
    "numpy": ("numpy", ("", "linalg", "fft", "random", "lib.stride_tricks"), ("ndarray", "random.Generator")),
    "tensorflow": ("tensorflow", ("", "nn", "math", "linalg", "image", "data", "strings", "random"),
                   ("Tensor", "Variable", "data.Dataset")),
    "pandas": ("pandas", ("",), ("DataFrame", "Series")),
    "sklearn": ("sklearn", SKLEARN, ()),
    "torch": ("torch", ("", "nn", "nn.functional", "nn.init", "nn.utils", "nn.utils.rnn", "optim", "optim.lr_scheduler",
                        "utils.data", "linalg", "fft", "special", "autograd", "amp", "func", "distributions",
                        "distributions.transforms"), ("Tensor", "nn.Module")),
}  # fmt: skip
"""Of each: what to import, which of its modules, and the classes whose methods count too."""


USED: frozenset[str] = frozenset(
    {"Event", "Generator", "Size", "Stream", "device", "dtype", "finfo", "iinfo", "layout", "memory_format"}
)
"""What programs use of the classes of PyTorch's core; the others are parts of its compiler."""


def compiler(library: str, name: str, value: Any) -> bool:
    """Whether a class of ``torch`` is one of its compiler, which shows all of them."""
    if library != "torch" or not inspect.isclass(value) or name in USED:
        return False
    return getattr(importlib.import_module("torch._C"), name, None) is value


def wanted(value: Any) -> bool:
    """Whether a name stands for something that a program computes with."""
    if isinstance(value, (ModuleType, str, bool)) or type(value).__name__ == "dtype":
        return False
    if inspect.isclass(value) and value.__module__.startswith("torch._C"):  # parts of its compiler
        return False
    return not (inspect.isclass(value) and issubclass(value, BaseException))


def own(value: Any, library: str, module: str) -> bool:
    """Whether a name of a module that does not list its own is the library's, rather than imported for its own use."""
    made = getattr(value, "__module__", None)
    if library == "sklearn":
        return made == module
    return library != "torch" or made is None or str(made).partition(".")[0] == "torch"


def names_of(top: str, modules: tuple[str, ...], classes: tuple[str, ...]) -> Iterator[str]:
    """The public names of one library."""
    shown = "keras" if top == "tf_keras" else top
    for module in modules:
        path = f"{top}.{module}" if module else top
        try:
            loaded = importlib.import_module(path)
        except ImportError:
            loaded = importlib.import_module(top)
            for part in module.split("."):
                loaded = getattr(loaded, part, None)  # type: ignore[assignment]
            if loaded is None:
                continue
        public = getattr(loaded, "__all__", None) or dir(loaded)
        for name in sorted(set(public)):
            if name.startswith("_"):
                continue
            try:
                value = getattr(loaded, name)
            except (AttributeError, ImportError):  # what an installation only offers when asked twice
                continue
            if not wanted(value) or compiler(top, name, value):
                continue
            if hasattr(loaded, "__all__") or own(value, top, path):
                yield f"{shown}.{module}.{name}" if module else f"{shown}.{name}"
    for path in classes:
        owner: Any = importlib.import_module(top)
        for part in path.split("."):
            owner = getattr(owner, part)
        for name in sorted(dir(owner)):
            if not name.startswith("_"):
                yield f"{shown}.{path}.{name}"


def main(chosen: list[str]) -> None:
    """Write ``names-LIBRARY.txt`` for each."""
    for library, (top, modules, classes) in LIBRARIES.items():
        if chosen and library not in chosen:
            continue
        version = importlib.import_module(top).__version__.partition("+")[0]
        found = sorted(set(names_of(top, modules, classes)))
        text = f"# {library.partition('-')[0]} {version}\n" + "".join(f"{name}\n" for name in found)
        (HERE / f"names-{library}.txt").write_text(text, encoding="utf-8")
        print(f"{library}: {len(found)} names of version {version}")


if __name__ == "__main__":
    main(sys.argv[1:])
