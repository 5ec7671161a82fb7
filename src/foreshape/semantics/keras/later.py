"""What a graph can only check when it runs, since it depends on the batch size: kept while tracing, settled
afterwards."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.dim import Dim, DimLike, divides, product, substitute, variables
from foreshape.domain.values import Array, Shape
from foreshape.faults.base import Fault, Raises
from foreshape.faults.broadcast_mismatch import BroadcastMismatch
from foreshape.faults.reshape_size import ReshapeSize
from foreshape.semantics.keras.names import process

if TYPE_CHECKING:
    from foreshape.domain.polynomial import Var
    from foreshape.semantics.protocol import Context


class Pending:
    """A reshape of ``shape`` to ``target`` whose number of elements is not known yet."""

    __slots__ = ("shape", "target", "value")

    def __init__(self, value: Array, shape: Shape, target: Shape) -> None:
        self.value = value
        self.shape = shape
        self.target = target


class Unpaired:
    """Tensors combined element by element, of which one has a None axis where the other has a fixed size."""

    __slots__ = ("axis", "fixed", "open", "shapes", "taker", "values")

    def __init__(
        self,
        values: tuple[Array, ...],
        taker: str,
        shapes: tuple[Shape, ...],
        axis: int,
        sizes: tuple[DimLike, DimLike],
    ) -> None:
        self.values = values
        self.taker = taker
        self.shapes = shapes
        self.axis = axis
        self.open, self.fixed = sizes

    def settle(self, batch: Var, size: DimLike) -> None:
        """Raise where the batch is neither 1 nor as long as what it meets."""
        found = _at(self.open, batch, size)
        if not isinstance(found, int) or found in (1, self.fixed):
            return
        shapes = tuple(tuple(_at(dim, batch, size) for dim in shape) for shape in self.shapes)
        listed = " vs. ".join("[" + ",".join(map(str, shape)) + "]" for shape in shapes)
        raise BroadcastMismatch(
            Raises("InvalidArgumentError", f"Graph execution error:\n\nIncompatible shapes: {listed}", by="tensorflow"),
            values=self.values,
            taker=self.taker,
            shapes=shapes,
            axis=self.axis,
        )


def reshape_later(cx: Context, value: Array, shape: Shape, target: Shape) -> None:
    """Remember a reshape of a tensor that has a None axis."""
    state = process(cx)
    if isinstance(state.fields.get("tracing"), tuple):
        cx.set(state, "pending", (*state.fields.get("pending", ()), Pending(value, shape, target)))


def pair_later(
    cx: Context, values: SequenceOf[Array], taker: str, shapes: SequenceOf[Shape], axis: int, a: DimLike, b: DimLike
) -> None:
    """Remember that a None axis met a fixed size."""
    state = process(cx)
    if isinstance(state.fields.get("tracing"), tuple):
        sizes = (b, a) if isinstance(a, int) else (a, b)
        one = Unpaired(tuple(values), taker, tuple(shapes), axis, sizes)
        cx.set(state, "pending", (*state.fields.get("pending", ()), one))


def raise_later(cx: Context, fault: Fault) -> bool:
    """A fault that shapes make but that only the running graph finds. True where it is kept for then (or where a
    symbolic
    call passes it by); False: nothing is traced, raise it now."""
    state = process(cx)
    if isinstance(state.fields.get("tracing"), tuple):
        cx.set(state, "tracing", (*state.fields["tracing"], fault))
        return True
    return bool(state.fields.get("symbolic"))


def settle(cx: Context, batch: Var | None, sizes: SequenceOf[DimLike]) -> None:
    """Raise for a batch size that occurs and does not fit."""
    state = process(cx)
    pending: tuple[Pending | Unpaired, ...] = state.fields.get("pending", ())
    cx.set(state, "pending", ())
    if batch is None:
        return
    for one in pending:
        for size in sizes:
            if isinstance(one, Unpaired):
                one.settle(batch, size)
                continue
            total = _at(product(one.shape), batch, size)
            given = _at(product(dim for dim in one.target if dim != -1), batch, size)
            if not isinstance(total, int) or not isinstance(given, int):
                continue
            open_axis = any(dim == -1 for dim in one.target)
            fits = divides(given, total).is_yes if open_axis and given else total == given
            if not fits:
                wanted = "requires a multiple of" if open_axis else "has"
                message = (
                    f"Graph execution error:\n\nInput to reshape is a tensor with {total} values, but the "
                    "requested shape "
                    f"{wanted} {given}"
                )
                raise ReshapeSize(
                    Raises("InvalidArgumentError", message, by="tensorflow"),
                    values=(one.value,),
                    shape=tuple(_at(dim, batch, size) for dim in one.shape),
                    target=one.target,
                )


def _at(dim: DimLike, batch: Var, size: DimLike) -> DimLike:
    return substitute(dim, {batch: size}) if isinstance(dim, Dim) and batch in variables(dim) else dim
