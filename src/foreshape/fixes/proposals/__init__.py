"""One file per family of faults: what may mend it. Which of it does is found out by analysing the program again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

# Rule -> the modules whose ``propose`` knows something about it, the more specific first.
FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "rank-mismatch": (
        "steps",
        "torch_folds",
        "torch_sequences",
        "torch_axes",
        "timed",
        "ranks",
        "taking",
        "declared",
        "fed",
    ),
    "feature-mismatch": ("torch_folds", "torch_axes", "torch_sizes", "torch_data", "features", "declared", "fed"),
    "declared-shape": ("declared", "fed"),
    "undefined-dimension": ("declared", "fed"),
    "invalid-argument": (
        "tables",
        "usage",
        "torch_sizes",
        "torch_values",
        "torch_code",
        "torch_data",
        "declared",
        "ranks",
        "torch_modules",
    ),
    "window-size": ("lengths",),
    "label-shape": ("steps", "torch_folds", "torch_data", "torch_sizes", "torch_states", "torch_modules", "labels"),
    "state-shape": ("steps", "torch_states", "torch_data", "torch_modules", "torch_folds"),
    "label-range": ("torch_sizes", "ranges"),
    "embedding-range": ("torch_folds", "torch_sizes", "ranges"),
    "index-range": ("torch_data", "torch_sizes", "torch_states", "indexes"),
    "too-many-indices": ("indexes",),
    "index-type": ("dtypes",),
    "dtype-mismatch": ("tables", "torch_values", "torch_modules", "dtypes"),
    "unsupported-data": ("steps", "torch_folds", "traced", "usage", "states", "arrays", "torch_values", "ragged"),
    "python-error": ("tables", "torch_values", "dtypes", "taking"),
    "reshape-size": ("torch_folds", "torch_axes", "torch_data", "torch_modules", "reshapes"),
    "cardinality": ("steps", "fed", "torch_data", "torch_modules", "samples"),
    "ragged-array": ("torch_data", "ragged"),
    "value-conversion": ("tables", "usage", "arrays", "torch_data", "ragged"),
    "join-mismatch": (
        "steps",
        "torch_folds",
        "torch_axes",
        "shortcuts",
        "torch_data",
        "torch_sizes",
        "torch_modules",
        "joins",
        "lengths",
        "ragged",
    ),
    "broadcast-mismatch": (
        "steps",
        "torch_folds",
        "torch_axes",
        "shortcuts",
        "torch_data",
        "torch_sizes",
        "torch_states",
        "elements",
        "lengths",
    ),
    "assignment-shape": (
        "usage",
        "elements",
    ),
    "matmul-mismatch": ("torch_axes", "torch_folds", "elements"),
    "axis-range": ("torch_axes", "joins"),
    "einsum-mismatch": ("torch_axes", "elements"),
    "call-arguments": ("usage", "torch_code", "names"),
    "undefined-name": (
        "usage",
        "names",
    ),
    "missing-key": ("tables", "usage", "torch_code", "names"),
    "missing-name": ("moves",),
    "missing-attribute": ("tables", "usage", "torch_code", "names"),
    "stateful-batch": ("states",),
    "layer-input-count": (
        "usage",
        "samples",
        "fed",
    ),
    "weights-shape": ("usage", "torch_sizes", "features"),
    "unpack-mismatch": ("steps", "torch_axes", "torch_data", "states"),
    "split-size": ("usage",),
    "mask-shape": (
        "torch_folds",
        "usage",
        "torch_axes",
    ),
    "transpose-axes": ("torch_axes",),
    "single-value-norm": ("torch_data",),
    "scalar-conversion": ("torch_values",),
    "ambiguous-truth": ("torch_values",),
    "state-dict-mismatch": ("torch_states",),
    "missing-super-init": ("torch_code",),
    "gradient-state": ("torch_values", "tapes"),
    "loop-shape": ("traced",),
    "device-mismatch": ("torch_data",),
}

# What raises nothing: only who knows it proposes something.
SILENT: Final[dict[str, tuple[str, ...]]] = dict.fromkeys(
    (
        "softmax-axis",
        "softmax-before-loss",
        "batch-time-swapped",
        "silent-loss-broadcast",
        "batch-element-taken",
        "padded-last-step",
        "reshape-mixes-axes",
        "positions-along-batch",
        "final-state",
        "argmax-axis",
        "half-read-step",
        "inverted-mask",
    ),
    ("torch_silent",),
)
SILENT["reshape-mixes-axes"] = ("torch_silent", "steps")
SILENT["silent-loss-broadcast"] = ("torch_silent", "labels")

# What no slip in the shapes of a program brings about.
NOT_NEARBY: Final = frozenset(
    {"undefined-name", "missing-attribute", "call-arguments", "python-error", "unsupported-data"}
)


def proposers(rule: str) -> Iterator[Callable[..., Any]]:
    """The functions that propose fixes for a rule."""
    quiet = SILENT.get(rule)
    names = quiet if quiet is not None else (*FAMILIES.get(rule, ()), *(() if rule in NOT_NEARBY else ("nearby",)))
    for name in names:
        yield import_module(f"{__name__}.{name}").propose
