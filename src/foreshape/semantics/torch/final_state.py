"""What is taken of a recurrent module as the end of a sequence, and whether it is: told where it is used, not where it is
taken, because two pieces together may be right (``torch.cat((h[-2], h[-1]), 1)``) where one alone is not.

A piece carries a mark. A layer with weights that reads it, or a join of two, says what is wrong with it.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Any, Final

from foreshape.domain.dim import DimLike, eq
from foreshape.domain.values import Array, Instance, Value

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

STATES: Final = "states"
"""Of states and outputs: (layers, directions, features)."""
TAKEN: Final = "taken"
MOST_STEPS: Final = 6
PASSING: Final = frozenset(
    {
        "relu",
        "tanh",
        "dropout",
        "leaky_relu",
        "gelu",
        "elu",
        "contiguous",
        "layer_norm",
        "float",
        "to",
        "clone",
        "sigmoid",
    }
)
PASSING_LAYERS: Final = frozenset(
    {
        "Dropout", "ReLU", "Tanh", "LeakyReLU", "GELU", "ELU", "LayerNorm", "BatchNorm1d", "Identity", "Sigmoid", "SiLU",
        "AlphaDropout", "Sequential",
    }
)  # fmt: skip


class Taken:
    """Which piece of what: the states (``index`` on the first axis) or the output (-1 or 0 along time)."""

    __slots__ = ("directions", "index", "layers", "negative", "piece", "source")

    def __init__(self, source: Array, piece: str, index: int, negative: bool, layers: int, directions: int) -> None:
        self.source = source
        self.piece = piece
        self.index = index
        self.negative = negative
        self.layers = layers
        self.directions = directions

    @property
    def written(self) -> int:
        return self.index - self.layers * self.directions if self.negative and self.piece == "state" else self.index


def marked(x: Array, layers: object, directions: object, features: DimLike) -> Array:
    """States or an output, with what their first axis or their features are made of."""
    if not isinstance(layers, int) or not isinstance(directions, int) or layers * directions < 2:
        return x
    return x.replace(meta={**x.meta, STATES: (layers, directions, features)})


def taken(cx: Context, x: Array, parts: SequenceOf[Any], made: Array) -> Array:
    """``x[parts]`` with its mark, where it is a whole layer, direction or step."""
    held = x.meta.get(STATES)
    if held is None or x.roles is None or x.shape is None or len(x.shape) != len(x.roles) or made.shape is None:
        return made
    layers, directions, features = held
    whole = [place for place, part in enumerate(parts) if part is not Ellipsis and part != slice(None)]
    if len(whole) != 1 or len(made.shape) != len(x.shape) - 1 or Ellipsis in parts[: whole[0]]:
        return made
    place, part = whole[0], parts[whole[0]]
    if isinstance(part, bool) or not isinstance(part, int):
        return made
    if x.roles[0] == "layer" and place == 0 and x.shape[0] == layers * directions:
        count = layers * directions
        mark = Taken(x, "state", part % count, part < 0, layers, directions)
        return made.replace(meta={**made.meta, TAKEN: mark})
    steps = x.roles[place] == "time" and x.roles[-1] == "feature" and x.shape[-1] == features
    if steps and directions == 2 and part in (-1, 0) and eq(cx.resolve(x.shape[place]), 1, cx.facts).is_no:
        return made.replace(meta={**made.meta, TAKEN: Taken(x, "step", part, part < 0, layers, directions)})
    return made


def note_read(cx: Context, x: Array) -> None:
    """A layer with weights reads this as the summary of a sequence."""
    found = _behind(x)
    if found is None or not _literal(found):
        return
    piece = found.meta[TAKEN]
    if piece.piece == "step":
        if piece.index == -1:
            _note_step(cx, found, piece)
        return
    top = piece.index // piece.directions == piece.layers - 1
    if not top or piece.directions == 2:
        _note(cx, found, "one-direction" if top else "lower-layer", (piece.written,), piece)


def joined_pieces(cx: Context, arrays: SequenceOf[Array], made: Value) -> Value:
    """What is joined of a state: both directions of its last layer, or something else. A single piece among other tensors is
    still one."""
    pieces = [array for array in arrays if TAKEN in array.meta]
    if not pieces or not isinstance(made, Array) or made.shape is None:
        return made
    marks = [piece.meta[TAKEN] for piece in pieces]
    source = marks[0].source
    if len(marks) == 1 and len(arrays) > 1:
        others = [array for array in arrays if array is not pieces[0]]
        if marks[0].piece == "state" and not any(_made_of(other, source) for other in others):
            note_read(cx, pieces[0])
        return made
    if len(marks) != 2 or len(arrays) != 2 or marks[0].piece != "state" or marks[1].source is not source:
        return made
    if not all(_literal(piece) for piece in pieces):
        return made
    layers, directions = marks[0].layers, marks[0].directions
    count = layers * directions
    indices = {mark.index for mark in marks}
    written = tuple(mark.written for mark in marks)
    if directions == 2 and indices != {count - 2, count - 1} and len(indices) == 2:
        _note(cx, pieces[0], "lower-layer", written, marks[0])
    elif directions == 1 and indices == {count - 2, count - 1} and (layers == 2 or all(m.negative for m in marks)):
        _note(cx, pieces[0], "no-directions", written, marks[0])
    return made


def _behind(x: Array) -> Array | None:
    """The piece itself, before a dropout, an activation or a normalisation."""
    for _ in range(MOST_STEPS):
        if TAKEN in x.meta:
            return x
        made = x.origin
        if made is None or not isinstance(made.node, ast.Call):
            return None
        arrays = [one for one in made.inputs if isinstance(one, Array)]
        layers = [one for one in made.inputs if isinstance(one, Instance)]
        if len(arrays) != 1 or arrays[0].shape != x.shape:
            return None
        named = made.node.func
        called = named.attr if isinstance(named, ast.Attribute) else named.id if isinstance(named, ast.Name) else ""
        passes = all((one.library_type or "").rpartition(".")[2] in PASSING_LAYERS for one in layers)
        # what a layer of a Sequential gives has its constructor for an origin
        if not passes or (not layers and called not in PASSING and called not in PASSING_LAYERS):
            return None
        x = arrays[0]
    return None


def _literal(piece: Array) -> bool:
    """Whether the index is written as a number: one that a loop counts goes through all layers."""
    node = piece.origin.node if piece.origin is not None else None
    if not isinstance(node, ast.Subscript):
        return False
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return all(
        isinstance(part, (ast.Slice, ast.Constant))
        or (isinstance(part, ast.UnaryOp) and isinstance(part.operand, ast.Constant))
        for part in parts
    )


def _made_of(other: Array, source: Array) -> bool:
    """Whether a tensor comes from the same states or output, within a few steps."""
    waiting: list[Value] = [other]
    for _ in range(4 * MOST_STEPS):
        if not waiting:
            return False
        value = waiting.pop(0)
        if value is source:
            return True
        waiting.extend(value.origin.inputs if value.origin is not None else ())
    return False


def _first(cx: Context, piece: Array) -> bool:
    """Once for each place where a piece is taken."""
    told = cx.state("torch")
    key = ("final-state", id(piece.origin.node) if piece.origin is not None else 0)
    if told.fields.get(key):
        return False
    cx.set(told, key, True)
    return True


def _note_step(cx: Context, piece: Array, mark: Taken) -> None:
    if not _first(cx, piece):
        return
    from foreshape.faults.half_read_step import HalfReadStep

    assert mark.source.shape is not None and mark.source.roles is not None
    axis = mark.source.roles.index("time")
    cx.note(HalfReadStep(None, values=(piece, mark.source), got=mark.source.shape, axis=axis))


def _note(cx: Context, piece: Array, what: str, index: tuple[int, ...], mark: Taken) -> None:
    if not _first(cx, piece):
        return
    from foreshape.faults.final_state import FinalState

    assert mark.source.shape is not None
    cx.note(
        FinalState(
            None, values=(piece, mark.source), what=what, index=index, depth=mark.layers, directions=mark.directions,
            got=mark.source.shape,
        )
    )  # fmt: skip
