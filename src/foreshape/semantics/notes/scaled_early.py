"""A scaler that was fitted on all the data, before a part of it was held out for testing.

The minimum, maximum, mean or deviation of the held-out part is then in the numbers that the model learns from. Often that
changes little, so it is only noted, and only where both parts certainly come from the one array that the scaler
was fitted on: what the model trained on, and what it is tried on, each cut off by a step of its own.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Run
from foreshape.domain.origin import last_name
from foreshape.domain.values import Array, Instance, Sequence, Value

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MOST_BEHIND: Final = 200
SCALERS: Final = frozenset(
    f"sklearn.preprocessing.{name}"
    for name in (
        "MinMaxScaler",
        "StandardScaler",
        "RobustScaler",
        "MaxAbsScaler",
        "PowerTransformer",
        "QuantileTransformer",
    )
)
NOTED: Final = "~scaled early"
TRAINED_ON: Final = "~trained on"
Cuts = frozenset[tuple[int, int]]


def remember(cx: Context, model: Instance, x: Value | None) -> None:
    """What a model was trained on."""
    if isinstance(x, Value):
        cx.set(model, TRAINED_ON, x)


def note_scaled_early(cx: Context, model: Instance, tried: Value | None) -> None:
    """The model is tried on ``tried``: a note where it and what the model trained on were scaled together."""
    trained = model.fields.get(TRAINED_ON)
    if not isinstance(trained, Value) or not isinstance(tried, Value) or trained is tried or model.fields.get(NOTED):
        return
    mine, theirs = _behind(trained), _behind(tried)
    for key, (scaled, cuts) in mine.items():
        if key not in theirs:
            continue
        others = theirs[key][1]
        if cuts - others and others - cuts:
            from foreshape.faults.scaled_before_split import ScaledBeforeSplit

            cx.set(model, NOTED, True)
            cx.note(ScaledBeforeSplit(None, values=(scaled, tried), scaler=_scaler(scaled)))
            return


def _behind(value: Value) -> dict[int, tuple[Value, Cuts]]:
    """What a scaler fitted and scaled at once, among all that a value was made from, and the cuts on the way from it."""
    found: dict[int, tuple[Value, Cuts]] = {}
    waiting: list[tuple[Value, Cuts]] = [(value, frozenset())]
    seen: set[int] = set()
    while waiting and len(seen) < MOST_BEHIND:
        one, cuts = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        made = one.origin
        if made is not None:
            if isinstance(one, Array) and _scaler(one):
                found.setdefault(id(made.node), (one, cuts))
                continue
            cut = _cut(one)
            if cut is not None:
                cuts = cuts | {cut}
            waiting.extend((each, cuts) for each in made.inputs)
        if isinstance(one, Sequence):
            parts = one.contents.segments[:2]
            waiting.extend((each.element if isinstance(each, Run) else each, cuts) for each in parts)
    return found


def _cut(value: Value) -> tuple[int, int] | None:
    """The step that keeps some rows only: a slice, or one of the parts that a split gives."""
    node = value.origin.node if value.origin is not None else None
    if isinstance(node, ast.Subscript):
        first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
        bounded = isinstance(first, ast.Slice) and (first.lower is not None or first.upper is not None)
        return (id(node), 0) if bounded else None
    if isinstance(node, ast.Call):
        if last_name(node.func) == "train_test_split":
            return id(node), id(value)
    return None


def _scaler(value: Value) -> str:
    """The class of the scaler that ``fit_transform`` of gave a value; "" where none did."""
    made = value.origin
    if made is None or not isinstance(made.node, ast.Call) or not isinstance(made.node.func, ast.Attribute):
        return ""
    if made.node.func.attr != "fit_transform":
        return ""
    for each in made.inputs:
        if isinstance(each, Instance) and each.library_type in SCALERS:
            return each.library_type.rpartition(".")[2]
    return ""
