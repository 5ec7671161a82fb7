"""``torch.nn.utils.rnn.pad_sequence`` and ``unpad_sequence``: sequences of different lengths in one tensor, and back.

Follows ``torch/nn/utils/rnn.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from foreshape.domain.contents import Contents
from foreshape.domain.dim import Dim, DimLike
from foreshape.domain.values import (
    Array,
    Choice,
    Const,
    Sequence,
    Value,
    as_bool,
)
from foreshape.faults.cardinality import Cardinality
from foreshape.faults.unsupported_data import UnsupportedData
from foreshape.semantics.registry import rule
from foreshape.semantics.torch.nn.base import FALSE, follows
from foreshape.semantics.torch.nn.demands import NOUGHT, RIGHT, asked_for
from foreshape.semantics.torch.support import (
    error,
    invalid,
    is_integral,
    numbers,
    python_type,
    required,
    surely_no_tensor,
    tensor,
)

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

DOC: Final = "https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn."
MOST_LENGTHS: Final = 4096


@rule("torch.nn.utils.rnn.pad_sequence", doc=f"{DOC}pad_sequence.html")
def pad_sequence(
    cx: Context, sequences: Value, batch_first: Value = FALSE, padding_value: Value = NOUGHT,
    padding_side: Value = RIGHT,
) -> Value:  # fmt: skip
    """A list of (length, ...) tensors: (longest, batch, ...), or (batch, longest, ...) with ``batch_first=True``."""
    contents = cx.iterate(sequences)
    if contents is None:
        if isinstance(sequences, Const):
            kind = python_type(sequences)
            message = f"pad_sequence: Expected iterable for input sequences, but got arg of type: <class '{kind}'>"
            raised = error(cx, "RuntimeError", message)
            raise UnsupportedData(raised, values=(sequences,), taker="pad_sequence", given=kind)
        return follows(cx, sequences)
    side = padding_side.value if isinstance(padding_side, Const) else "right"
    if side not in ("left", "right"):
        message = f"Expected padding_side to be one of left or right, but got {side}."
        raise invalid(cx, "RuntimeError", message, "padding_side", repr(side))
    if isinstance(contents.length, int) and contents.length == 0:
        raise invalid(
            cx, "RuntimeError", "received an empty list of sequences", "sequences", "an empty list", sequences
        )
    elements: list[Array] = []
    several = tuple(one.values if isinstance(one, Choice) else (one,) for one in contents.distinct())
    certain = all(len(options) == 1 for options in several)
    for place, one in enumerate(option for options in several for option in options):
        if certain and surely_no_tensor(one):
            message = f"expected Tensor as element {place} in argument 0, but got {python_type(one)}"
            raised = error(cx, "TypeError", message)
            raise UnsupportedData(raised, values=(one,), taker="pad_sequence", given=python_type(one))
        if not isinstance(one, Array):
            return follows(cx, one)
        elements.append(one)
    made = _padded(cx, contents, elements, as_bool(batch_first), padding_value, certain)
    lengths = {str(one.shape[0]) for one in elements if one.shape}
    if side == "right" and (len(lengths) > 1 or _varies(contents)):
        made.meta = {**made.meta, "padded": "pad_sequence"}
    return made


def _padded(
    cx: Context, contents: Contents, elements: list[Array], first: bool | None, padding: Value, certain: bool
) -> Array:
    """certain: every element is there; else some are only what an element may be."""
    head = elements[0]
    if head.shape is None:
        return tensor(cx, None, head.dtype, *elements)
    if not head.shape:
        message = "ArrayRef: invalid slice, N = 1; size = 0"
        raise invalid(cx, "RuntimeError", message, "sequences", "tensors without axes", head)
    if any(one.shape is None or len(one.shape) != len(head.shape) for one in elements) and not certain:
        return tensor(cx, None, head.dtype, *elements)
    for one in elements[1:] if certain else ():
        _check_like(cx, head, one)
    lengths = [one.shape[0] for one in elements if one.shape]
    singles = contents.items(MOST_LENGTHS) is not None and len(elements) == len(contents.segments)
    known = [length for length in lengths if isinstance(length, int)]
    longest: DimLike
    if singles and len(known) == len(lengths) == len(elements):
        longest = max(known)
    elif len(set(map(str, lengths))) == 1 and not _varies(contents):
        longest = lengths[0]
    else:
        longest = cx.fresh(lo=1)
    batch = contents.length
    front = (cx.fresh(), cx.fresh()) if first is None else (batch, longest) if first else (longest, batch)
    roles = (None, None) if first is None else ("batch", "time") if first else ("time", "batch")
    rest = ("feature",) if len(head.shape) == 2 else (None,) * (len(head.shape) - 1)
    fill = padding.value if isinstance(padding, Const) and isinstance(padding.value, (int, float)) else None
    lo, hi = _bounds(elements, fill)
    inner = head.shape[1:] if certain else tuple(_agreed(cx, elements, axis) for axis in range(1, len(head.shape)))
    return tensor(cx, (*front, *inner), head.dtype, *elements, roles=(*roles, *rest), lo=lo, hi=hi)


def _agreed(cx: Context, elements: list[Array], axis: int) -> DimLike:
    """The size that all have, else one that is not known."""
    sizes = [one.shape[axis] for one in elements if one.shape]
    return sizes[0] if len(set(map(str, sizes))) == 1 else cx.fresh(lo=1)


def _varies(contents: Contents) -> bool:
    """Whether the elements of a run may have lengths of their own."""
    from foreshape.domain.contents import Run
    from foreshape.domain.dim import variables

    for segment in contents.segments:
        if not isinstance(segment, Run):
            continue
        shape = segment.element.shape if isinstance(segment.element, Array) else None
        if not shape:
            return True
        if isinstance(shape[0], Dim):
            for one in variables(shape[0]):
                if one.varying or one is segment.index or one.name is None:
                    return True
    return False


def _bounds(elements: list[Array], fill: float | None) -> tuple[int | None, int | None]:
    """The bounds of integer values, the padding among them."""
    if fill is None or not all(is_integral(one.dtype) for one in elements):
        return None, None
    low = [one.lo for one in elements]
    high = [one.hi for one in elements]
    if not all(isinstance(bound, int) for bound in (*low, *high)):
        return None, None
    return min(*low, int(fill)), max(*high, int(fill))  # type: ignore[type-var, return-value]


def _check_like(cx: Context, head: Array, one: Array) -> None:
    """Each sequence is copied to its place: all axes but the first as the first sequence has them (1 stretches)."""
    if one.shape is None or not one.shape or head.shape is None:
        return
    place = (one.shape[0], *head.shape[1:])
    for axis in range(-1, -max(len(place), len(one.shape)) - 1, -1):
        a = place[axis] if -axis <= len(place) else 1
        b = one.shape[axis] if -axis <= len(one.shape) else 1
        if (isinstance(b, int) and b == 1 and -axis <= len(place)) or cx.equal(a, b):
            continue
        from foreshape.faults.join_mismatch import JoinMismatch

        where = max(len(place), len(one.shape)) + axis
        message = f"The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension {where}"
        raise JoinMismatch(
            error(cx, "RuntimeError", message), values=(head, one), taker="pad_sequence",
            shapes=(head.shape, one.shape), axis=0,
            differs=len(one.shape) + axis if len(one.shape) == len(head.shape) else None,
        )  # fmt: skip


@rule("torch.nn.utils.rnn.unpad_sequence", doc=f"{DOC}unpad_sequence.html")
def unpad_sequence(cx: Context, padded_sequences: Value, lengths: Value, batch_first: Value = FALSE) -> Value:
    """A list of (length, ...) tensors."""
    x = required(cx, padded_sequences, "unpad_sequence", "padded_sequences")
    counted = asked_for(cx, lengths, "unpad_sequence", "device")
    if x is None or x.shape is None or len(x.shape) < 2 or as_bool(batch_first) is None:
        return follows(cx, padded_sequences)
    batch, _ = (x.shape[0], x.shape[1]) if as_bool(batch_first) else (x.shape[1], x.shape[0])
    known = counted.data if counted is not None and numbers(counted.data) else None
    if counted is not None and counted.shape and not cx.equal(counted.shape[0], batch):
        shorter = isinstance(batch, int) and isinstance(counted.shape[0], int) and counted.shape[0] < batch
        message = f"zip() argument 2 is {'shorter' if shorter else 'longer'} than argument 1"
        raise Cardinality(
            error(cx, "ValueError", message), values=(x, lengths),
            sizes=(("the batch axis", batch), ("lengths", counted.shape[0])),
        )  # fmt: skip
    rest = x.shape[2:]
    if known is not None:
        made = [tensor(cx, (length, *rest), x.dtype, x) for length in known]
        return Sequence("list", Contents(tuple(made)))
    from foreshape.domain.contents import Run

    one = tensor(cx, (cx.fresh(lo=0, varying=True), *rest), x.dtype, x)
    return Sequence("list", Contents((Run(batch, one),)))
