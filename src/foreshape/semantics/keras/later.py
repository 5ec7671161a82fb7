"""What a graph can only check when it runs, since it depends on the batch size: kept while tracing, settled
afterwards."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING

from foreshape.domain.dim import Dim, DimLike, divides, product, substitute, variables
from foreshape.domain.values import Array, Shape
from foreshape.faults.base import Fault, Raises
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


def reshape_later(cx: Context, value: Array, shape: Shape, target: Shape) -> None:
    """Remember a reshape of a tensor that has a None axis."""
    state = process(cx)
    if isinstance(state.fields.get("tracing"), tuple):
        cx.set(state, "pending", (*state.fields.get("pending", ()), Pending(value, shape, target)))


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
    pending: tuple[Pending, ...] = state.fields.get("pending", ())
    cx.set(state, "pending", ())
    if batch is None:
        return
    for one in pending:
        for size in sizes:
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
