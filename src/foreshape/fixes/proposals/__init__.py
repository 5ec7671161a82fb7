"""One file per family of faults: what may mend it. Which of it does is found out by analysing the program again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

# Rule -> the modules whose ``propose`` knows something about it, the more specific first.
FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "rank-mismatch": ("ranks", "declared"),
    "feature-mismatch": ("torch_modules", "features", "declared"),
    "declared-shape": ("declared",),
    "undefined-dimension": ("declared",),
    "invalid-argument": ("declared", "ranks", "torch_modules"),
    "window-size": ("lengths",),
    "label-shape": ("torch_modules", "labels"),
    "state-shape": ("torch_modules",),
    "silent-loss-broadcast": ("labels",),
    "label-range": ("ranges",),
    "embedding-range": ("ranges",),
    "index-range": ("indexes",),
    "too-many-indices": ("indexes",),
    "index-type": ("dtypes",),
    "dtype-mismatch": ("torch_modules", "dtypes"),
    "unsupported-data": ("dtypes", "ragged"),
    "python-error": ("dtypes",),
    "reshape-size": ("torch_modules", "reshapes"),
    "cardinality": ("torch_modules", "samples"),
    "ragged-array": ("ragged",),
    "value-conversion": ("ragged",),
    "join-mismatch": ("torch_modules", "joins", "lengths", "ragged"),
    "broadcast-mismatch": ("elements", "lengths"),
    "assignment-shape": ("elements",),
    "matmul-mismatch": ("elements",),
    "axis-range": ("joins",),
    "einsum-mismatch": ("elements",),
    "call-arguments": ("names",),
    "undefined-name": ("names",),
    "missing-key": ("names",),
    "missing-attribute": ("names",),
    "stateful-batch": ("states",),
    "layer-input-count": ("samples",),
    "weights-shape": ("features",),
    "unpack-mismatch": ("states",),
}
# What no slip in the shapes of a program brings about.
NOT_NEARBY: Final = frozenset(
    {"undefined-name", "missing-attribute", "call-arguments", "python-error", "unsupported-data"}
)


def proposers(rule: str) -> Iterator[Callable[..., Any]]:
    """The functions that propose fixes for a rule."""
    for name in (*FAMILIES.get(rule, ()), *(() if rule in NOT_NEARBY else ("nearby",))):
        yield import_module(f"{__name__}.{name}").propose
