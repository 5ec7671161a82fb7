"""What a padding mask says where it is True: that a token stands there, or that none does.

A mask is followed to the comparison that made it. ``ids != 0`` of the ids that the keys were embedded from is True for
tokens, and so is ``arange < lengths``; ``~`` and ``== 0`` of a mask turn that round. Anything else says nothing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array, Const, Int, Value

if TYPE_CHECKING:
    from foreshape.semantics.protocol import Context

KEPT: Final = frozenset({
    "bool", "to", "contiguous", "clone", "detach", "cuda", "cpu", "t", "transpose", "permute", "type", "view", "reshape",
    "squeeze", "unsqueeze", "expand",
})  # fmt: skip
INVERTED: Final = frozenset({"logical_not", "bitwise_not"})
COMPARED: Final = {"ne": ast.NotEq, "eq": ast.Eq, "lt": ast.Lt, "le": ast.LtE, "gt": ast.Gt, "ge": ast.GtE}
MOST: Final = 12
MOST_WAYS: Final = 400


def note_padding_mask(cx: Context, taker: str, mask: Array, key: Array) -> None:
    """A padding mask of booleans that leaves out the tokens."""
    if mask.dtype != "bool" or mask.shape is None:
        return
    found = _sense(mask, key)
    if found is None or not found[0]:
        return
    from foreshape.faults.inverted_mask import InvertedMask

    cx.note(InvertedMask(None, values=(mask, key), taker=taker, mask=mask.shape, lengths=found[1]))


def _sense(mask: Array, key: Array) -> tuple[bool, bool] | None:
    """(whether True says that a token is there, whether lengths say so); None where it cannot be told."""
    turned = False
    for _ in range(MOST):
        origin = mask.origin
        if origin is None:
            return None
        arrays = [each for each in origin.inputs if isinstance(each, Array)]
        operator, name = _operator(origin.node), _called(origin.node)
        if operator is not None:
            made = _compared(operator, origin.inputs, arrays, key)
            if made is not None:
                return made[0] != turned, made[1]
            if operator is not ast.Eq or len(arrays) != 1 or arrays[0].dtype != "bool" or not _zero(origin.inputs):
                return None
            turned = not turned
        elif name in INVERTED or (isinstance(origin.node, ast.UnaryOp) and isinstance(origin.node.op, ast.Invert)):
            turned = not turned
        elif name not in KEPT and not isinstance(origin.node, ast.Subscript):
            return None
        if not arrays or arrays[0] is mask:
            return None
        mask = arrays[0]
    return None


def _operator(node: ast.AST) -> type[ast.cmpop] | None:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return type(node.ops[0])
    return COMPARED.get(_called(node) or "")


def _called(node: ast.AST) -> str | None:
    func = node.func if isinstance(node, ast.Call) else None
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else None


def _zero(inputs: tuple[Value, ...]) -> bool:
    return any(isinstance(each, Const) and each.value in (0, False) for each in inputs)


def _compared(
    operator: type[ast.cmpop], inputs: tuple[Value, ...], arrays: list[Array], key: Array
) -> tuple[bool, bool] | None:
    if operator in (ast.Eq, ast.NotEq):
        numbers = [each for each in inputs if isinstance(each, (Const, Int))]
        if len(arrays) == 1 and len(numbers) == 1 and arrays[0].dtype in ("int64", "int32") and _ids(arrays[0], key):
            return operator is ast.NotEq, False
        return None
    if len(arrays) != 2:
        return None
    first, second = _counts(arrays[0]), _counts(arrays[1])
    if first == second:
        return None
    lengths, steps = (arrays[1], arrays[0]) if first else (arrays[0], arrays[1])
    if not _up_to(lengths, steps):
        return None
    below = operator in (ast.Lt, ast.LtE)
    return below if first else not below, True


def _ids(ids: Array, key: Array) -> bool:
    """Whether the keys were made from these ids, so that they are no mask themselves."""
    if isinstance(ids.hi, (int, float)) and ids.hi > 1:
        return True
    return ids.hi is None and any(each is ids for each in _ancestors(key))


def _ancestors(value: Value) -> list[Value]:
    """What a value was made from."""
    waiting: list[Value] = [value]
    found: list[Value] = []
    seen: set[int] = set()
    while waiting and len(found) < MOST_WAYS:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        found.append(one)
        if one.origin is not None:
            waiting.extend(one.origin.inputs)
    return found


def _counts(value: Array) -> bool:
    """Whether it is the numbers of the steps: ``arange``, with axes added."""
    for _ in range(MOST):
        origin = value.origin
        if origin is None:
            return False
        name = _called(origin.node)
        if name == "arange":
            return True
        before = next((each for each in origin.inputs if isinstance(each, Array)), None)
        kept = name in KEPT or name in ("repeat", "expand_as") or isinstance(origin.node, ast.Subscript)
        if before is None or not kept or before is value:
            return False
        value = before
    return False


def _up_to(lengths: Array, steps: Array) -> bool:
    """Whether the longest of the lengths is the number of steps: they count tokens rather than what stands before them."""
    size = max((each for each in steps.shape or () if isinstance(each, int)), default=None)
    if size is not None and lengths.hi == size:
        return True
    return size is not None and bool(lengths.data) and max(lengths.data) == size  # type: ignore[arg-type]
