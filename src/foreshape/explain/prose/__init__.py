"""What is said about each fault: one function per fault, by family. Imported only where something is to be said."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from foreshape.explain.telling import Prose, Telling

FAMILIES: Final = {
    "layers": (
        "rank-mismatch", "feature-mismatch", "undefined-dimension", "state-shape", "stateful-batch", "layer-input-count",
        "weights-shape", "embedding-range", "window-size",
    ),
    "models": (
        "declared-shape", "cardinality", "no-data", "uncompiled-model", "unbuilt-model", "unsupported-data",
        "disconnected-graph", "layer-name", "unfitted-estimator", "missing-super-init", "single-unit-softmax",
        "single-value-norm", "state-dict-mismatch", "optimizer-reuse",
    ),
    "labels": ("label-shape", "label-range", "silent-loss-broadcast"),
    "products": ("broadcast-mismatch", "matmul-mismatch", "einsum-mismatch", "square-matrix", "assignment-shape", "loop-shape"),
    "shaping": (
        "reshape-size", "squeeze-size", "transpose-axes", "axis-range", "split-size", "join-mismatch", "ragged-array",
    ),
    "indexing": ("index-range", "index-type", "too-many-indices", "mask-shape", "unpack-mismatch", "missing-key"),
    "elements": ("dtype-mismatch", "device-mismatch", "value-conversion", "scalar-conversion", "ambiguous-truth"),
    "silent": (
        "batch-time-swapped", "batch-element-taken", "reshape-mixes-axes", "softmax-axis", "softmax-before-loss",
        "padded-last-step", "positions-along-batch", "final-state", "argmax-axis",
        "half-read-step", "inverted-mask",
    ),
    "gradients": ("gradient-state",),
    "training": ("logits-as-probabilities", "negative-id", "truncated-floats", "leaked-target", "scaled-before-split"),
    "program": (
        "call-arguments", "explicit-raise", "invalid-argument", "missing-attribute", "missing-name", "python-error",
        "undefined-name", "unused-ignore", "revealed-shape",
    ),
}  # fmt: skip


TORCH: Final = {
    "torch_modules": ("feature-mismatch", "rank-mismatch", "state-shape", "label-shape", "embedding-range", "mask-shape"),
    "torch_calls": (
        "dtype-mismatch", "invalid-argument", "unsupported-data", "cardinality", "reshape-size", "join-mismatch",
    ),
}  # fmt: skip
"""Faults that PyTorch has words of its own for, by module."""


def family_of(name: str) -> str | None:
    """The module that speaks about a fault."""
    return next((family for family, names in FAMILIES.items() if name in names), None)


def prose_for(name: str) -> Callable[[Telling], Prose]:
    """The function that tells a fault of this name; for a fault that none is written for, what the framework says."""
    family = family_of(name)
    if family is None:
        return plainly
    module = import_module(f"foreshape.explain.prose.{family}")
    found: Callable[[Telling], Prose] = getattr(module, name.replace("-", "_"))
    torch = next((module for module, names in TORCH.items() if name in names), None)
    return found if torch is None else _for_library(found, name, torch)


def _for_library(found: Callable[[Telling], Prose], name: str, torch: str) -> Callable[[Telling], Prose]:
    """PyTorch's words where PyTorch raises."""

    def tell(told: Telling) -> Prose:
        raises = told.fault.raises
        if raises is None or not raises.by.startswith("torch"):
            return found(told)
        module = import_module(f"foreshape.explain.prose.{torch}")
        spoken: Callable[[Telling], Prose] = getattr(module, name.replace("-", "_"))
        return spoken(told)

    return tell


def plainly(told: Telling) -> Prose:
    """What the framework itself says."""
    from foreshape.explain.telling import Prose

    raises = told.fault.raises
    text = raises.message if raises is not None and raises.message else told.fault.summary
    return Prose(text.rstrip("."))
