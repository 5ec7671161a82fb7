"""Scaled data stored as integers: what a scaler gives lies around 0, so nearly all of it becomes 0."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Run
from foreshape.domain.origin import last_name
from foreshape.domain.values import Array, Instance, Sequence, Value, is_none
from foreshape.semantics.notes.scaled_early import SCALERS
from foreshape.semantics.numpy.support import number

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

MOST_BEHIND: Final = 40
KEEP: Final = frozenset(
    ("array", "asarray", "stack", "vstack", "concatenate", "reshape", "ravel", "flatten", "squeeze", "transpose",
     "expand_dims", "copy", "train_test_split", "append", "swapaxes", "moveaxis", "values", "to_numpy")
)  # fmt: skip
"""What hands numbers on as they are."""


def note_cut_off(cx: Context, value: Value, dtype: str, taker: str) -> None:
    """A note where the numbers come straight from a scaler."""
    scaler = _scaler_behind(value)
    if scaler:
        from foreshape.faults.truncated_floats import TruncatedFloats

        cx.note(TruncatedFloats(None, values=(value,), taker=taker, dtype=dtype, scaler=scaler))


def _wide(scaler: Instance) -> bool:
    """Whether it was asked for another range than a small one, or for one that is not known."""
    asked = scaler.fields.get("feature_range")
    if asked is None or not isinstance(asked, Value) or is_none(asked):
        return False
    items = asked.contents.items(2) if isinstance(asked, Sequence) else None
    ends = [None] if items is None else [number(one) for one in items]
    return any(end is None or abs(end) > 1 for end in ends)


def _scaler_behind(value: Value) -> str:
    """The class of the scaler whose output this is, as far as nothing but places was changed since; "" for none."""
    waiting, seen = [value], 0
    while waiting and seen < MOST_BEHIND:
        one = waiting.pop()
        seen += 1
        if isinstance(one, Sequence):
            waiting += [each.element if isinstance(each, Run) else each for each in one.contents.segments[:2]]
            continue
        made = one.origin
        if made is None or not isinstance(one, Array):
            continue
        node = made.node
        if isinstance(node, ast.Call):
            name = last_name(node.func)
            if name in ("fit_transform", "transform"):
                for each in made.inputs:
                    if isinstance(each, Instance) and each.library_type in SCALERS and not _wide(each):
                        return each.library_type.rpartition(".")[2]
                continue
            if name not in KEEP:
                continue
        elif not isinstance(node, (ast.Subscript, ast.Attribute)):
            continue
        waiting += [each for each in made.inputs if isinstance(each, (Array, Sequence))]
    return ""
