"""``einsum``, ``pack`` and ``unpack``.

https://einops.rocks/api/einsum/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from foreshape.domain.contents import Contents
from foreshape.domain.dim import DimLike
from foreshape.domain.values import Array, Const, Sequence, Value, as_dim, as_str, int_value
from foreshape.faults.base import Fault, Raises
from foreshape.semantics.einops.functions import DOC, fault_of, shape_text
from foreshape.semantics.einops.pattern import Expression, PatternError, name_problem
from foreshape.semantics.registry import rule

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def compact(pattern: str) -> str:
    """A pattern with one letter for each axis, as other libraries read it. Raises PatternError."""
    if "->" not in pattern:
        raise PatternError("Einsum pattern must contain '->'.", kind="ValueError")
    lefts, right = pattern.split("->")[:2]
    sides = [Expression(part, underscore=True) for part in lefts.split(",")]
    goal = Expression(right, underscore=True)
    letters: dict[str, str] = {}

    def word(side: Expression, is_output: bool) -> str:
        found = ""
        for group in side.groups:
            if isinstance(group, str):
                found += "..."
                continue
            if not group:
                raise PatternError("Singleton () axes are not yet supported in einsum.", kind="NotImplementedError")
            if len(group) > 1:
                raise PatternError("Shape rearrangement is not yet supported in einsum.", kind="NotImplementedError")
            name = str(group[0])
            if is_output:
                if name not in letters:
                    raise PatternError(f"Unknown axis {name} on right side of einsum {pattern}.")
            elif name not in letters:
                letters[name] = LETTERS[len(letters)]
            found += letters[name]
        return found

    inputs = ",".join(word(side, False) for side in sides)
    return f"{inputs}->{word(goal, True)}"


@rule("einops.einsum", doc=f"{DOC}/einsum/")
def einsum(cx: Context, *tensors_and_pattern: Value) -> Value:
    """Products of tensors by named axes; the pattern comes last."""
    if len(tensors_and_pattern) < 2:
        message = "`einops.einsum` takes at minimum two arguments: the tensors (at least one), followed by the pattern."
        raise _fault("ValueError", message)
    *tensors, last = tensors_and_pattern
    pattern = as_str(last)
    if pattern is None:
        if isinstance(last, Array):
            message = "The last argument passed to `einops.einsum` must be a string, representing the einsum pattern."
            raise _fault("ValueError", message)
        return cx.unknown("the pattern is not known")
    first = tensors[0]
    if not isinstance(first, Array):
        return cx.unknown("the tensors are not known")
    try:
        text = compact(pattern)
    except PatternError as problem:
        raise fault_of(problem, problem.text, pattern, first, "einsum") from None
    library = first.kind if first.kind in ("torch", "numpy", "tensorflow") else None
    if library is None:
        return cx.unknown("an einsum of symbolic tensors")
    return cx.rule(f"{library}.einsum", Const(text), *tensors)


def _fault(exception: str, message: str) -> Fault:
    from foreshape.faults.invalid_argument import InvalidArgument

    return InvalidArgument(Raises(exception, message, by="einops"), argument="pattern", given="")


def _around(pattern: str, name: str) -> tuple[int, int]:
    """How many axes stand before and after the star."""
    axes = pattern.split()
    if len(axes) != len(set(axes)):
        raise PatternError(f'Duplicates in axes names in {name}(..., "{pattern}")')
    if "*" not in axes:
        raise PatternError(f'No *-axis in {name}(..., "{pattern}")')
    for axis in axes:
        if axis != "*" and name_problem(axis, False) is not None:
            raise PatternError(f'Invalid axis name {axis} in {name}(..., "{pattern}")')
    before = axes.index("*")
    return before, len(axes) - before - 1


def _tuple(shape: tuple[DimLike, ...]) -> Value:
    return Sequence("tuple", Contents(tuple(int_value(size) for size in shape)))


@rule("einops.pack", doc=f"{DOC}/pack_unpack/")
def pack(cx: Context, tensors: Value, pattern: Value) -> Value:
    """(tensors joined along the star, the shapes that stood there)."""
    text = as_str(pattern)
    contents = cx.iterate(tensors)
    items = None if contents is None else contents.items(limit=256)
    if text is None or items is None or not all(isinstance(item, Array) and item.shape is not None for item in items):
        return cx.unknown("the tensors or the pattern are not known")
    arrays = [item for item in items if isinstance(item, Array)]
    try:
        before, after = _around(text, "pack")
    except PatternError as problem:
        raise fault_of(problem, problem.text, text, tensors, "pack") from None
    if not arrays:
        return cx.unknown("nothing is packed")
    flat: list[Value] = []
    shapes: list[Value] = []
    for number, x in enumerate(arrays):
        shape = x.shape or ()
        if len(shape) < before + after:
            message = (
                f"packed tensor #{number} (enumeration starts with 0) has shape {shape_text(x)}, while pattern {text} "
                f"assumes at least {before + after} axes"
            )
            raise fault_of(PatternError(message, rank=before + after), message, text, x, "pack")
        end = len(shape) - after
        inner = shape[before:end]
        size: DimLike = 1
        for dim in inner:
            size = size * dim
        row = Array(x.kind, (*shape[:before], size, *shape[end:]), x.dtype, lo=x.lo, hi=x.hi, meta=x.meta)
        if x.kind == "torch":
            row.meta = {key: value for key, value in x.meta.items() if key != "strides"}
        row.origin = x.origin
        flat.append(row)
        shapes.append(_tuple(inner))
    name = {"torch": "torch.cat", "numpy": "numpy.concatenate", "tensorflow": "tensorflow.concat"}.get(arrays[0].kind)
    if name is None:
        return cx.unknown("symbolic tensors are packed")
    joined = cx.rule(name, Sequence("list", Contents(flat)), Const(before))
    return Sequence("tuple", Contents((joined, Sequence("list", Contents(shapes)))))


@rule("einops.unpack", doc=f"{DOC}/pack_unpack/")
def unpack(cx: Context, tensor: Value, packed_shapes: Value, pattern: Value) -> Value:
    """The tensors that were joined."""
    text = as_str(pattern)
    contents = cx.iterate(packed_shapes)
    items = None if contents is None else contents.items(limit=256)
    if text is None or items is None or not isinstance(tensor, Array) or tensor.shape is None:
        return cx.unknown("the tensor or the shapes are not known")
    try:
        before, after = _around(text, "unpack")
    except PatternError as problem:
        raise fault_of(problem, problem.text, text, tensor, "unpack") from None
    if len(tensor.shape) != before + 1 + after:
        message = f"unpack(..., {text}) received input of wrong dim with shape {shape_text(tensor)}"
        raise fault_of(PatternError(message, rank=before + 1 + after), message, text, tensor, "unpack")
    made: list[Value] = []
    meta = {key: value for key, value in tensor.meta.items() if key in ("device", "requires_grad", "grad_fn")}
    if tensor.kind == "torch":
        meta["strides"] = None
    used: DimLike = 0
    rows: list[tuple[DimLike, ...] | None] = []
    for item in items:
        dims = _dims(cx, item)
        rows.append(dims)
        size: DimLike = 1
        for dim in dims or ():
            size = size * dim
        used = used + size
    open_row = any(dims is None or any(isinstance(dim, int) and dim < 0 for dim in dims) for dims in rows)
    if not open_row and not cx.equal(used, tensor.shape[before]):
        listed = [tuple(dims) for dims in rows if dims is not None]
        message = (
            f'Error during unpack(..., "{text}"): could not split axis of size {tensor.shape[before]} into requested '
            f"{listed}"
        )
        raise fault_of(PatternError(message), message, text, tensor, "unpack")
    for dims in rows:
        if dims is None:
            made.append(cx.unknown("its shape is not known"))
            continue
        inner = tuple(cx.fresh(lo=0) if isinstance(dim, int) and dim < 0 else dim for dim in dims)
        shape = (*tensor.shape[:before], *inner, *tensor.shape[before + 1 :])
        made.append(Array(tensor.kind, shape, tensor.dtype, lo=tensor.lo, hi=tensor.hi, meta=meta))
    return Sequence("list", Contents(made))


def _dims(cx: Context, value: Value) -> tuple[DimLike, ...] | None:
    contents = cx.iterate(value)
    items = None if contents is None else contents.items(limit=32)
    if items is None:
        return None
    found = [as_dim(item) for item in items]
    return None if any(dim is None for dim in found) else tuple(dim for dim in found if dim is not None)
