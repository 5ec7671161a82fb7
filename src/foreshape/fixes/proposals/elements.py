"""Arrays that are combined element by element, or multiplied, and do not fit."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.domain.values import Array
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.common import class_of, literal_of, recurrent_calls, sequences_off, sequences_on
from foreshape.fixes.proposals.nearby import RANDOM
from foreshape.fixes.proposals.numbers import constants_of, resized

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.fixes.bench import Bench

REDUCTIONS = ("sum", "mean", "std", "max", "min", "var", "median", "reduce_sum", "reduce_mean", "reduce_max", "norm")


def propose(bench: Bench) -> Iterator[Candidate]:
    fault = bench.fault
    shapes: tuple[Shape, ...] = getattr(fault, "shapes", ())
    if not shapes:
        first, second = ("value", "target") if hasattr(fault, "target") else ("left", "right")
        shapes = (getattr(fault, first, ()), getattr(fault, second, ()))
    yield from _reductions(bench)
    yield from _operands(bench)
    yield from _layers(bench, shapes)


def _reductions(bench: Bench) -> Iterator[Candidate]:
    """A sum over an axis that should keep it, as size 1."""
    calls: list[tuple[str, ast.Call]] = []
    for value in bench.fault.values:
        for step in bench.told.steps(value)[-3:]:
            if isinstance(step.origin.node, ast.Call) and class_of(step.origin.node) in REDUCTIONS:
                calls.append((step.origin.path, step.origin.node))
    names = {each.id for each in ast.walk(bench.node or ast.Pass()) if isinstance(each, ast.Name)}
    for node in bench.walk(bench.path):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and class_of(node.value) in REDUCTIONS
            and any(isinstance(each, ast.Name) and each.id in names for each in node.targets)
        ):
            calls.append((bench.path, node.value))
    edits: dict[int, Splice] = {}
    raises = bench.fault.raises
    word = "keepdim" if raises is not None and raises.by.startswith("torch") else "keepdims"
    for path, call in calls:
        if bench.keyword(call, word) is None:
            edits[id(call)] = bench.set_keyword(path, call, word, "True")
            yield Candidate(f"{word}=True", [edits[id(call)]], UNSAFE, 0)
    if len(edits) > 1:
        yield Candidate(f"{word}=True", list(edits.values()), UNSAFE, 1)


def _operands(bench: Bench) -> Iterator[Candidate]:
    node = bench.node
    if isinstance(node, ast.BinOp):
        operands: list[ast.expr] = [node.left, node.right]
    elif isinstance(node, (ast.AugAssign, ast.Assign)):
        operands = [node.value]
    elif isinstance(node, ast.Call) and not isinstance(node.func, ast.Call):
        operands = [each for each in node.args if not isinstance(each, (ast.List, ast.Constant, ast.Starred))]
        if class_of(node) == "dot" and len(operands) == 1 and isinstance(node.func, ast.Attribute):
            operands.insert(0, node.func.value)
    else:
        return
    axis = bench.new_axis(bench.path)
    yield from _last_two(bench, operands)
    yield from _shortened(bench, operands)
    product = bench.fault.name == "matmul-mismatch"
    for number, operand in enumerate(operands):
        value = bench.told.value(number)
        shape = bench.told.shape_of(value) or ()
        text = bench.text(bench.path, operand)
        if _rows_of_unequal_length(bench):
            break
        ways = [".T"] if len(shape) == 2 and isinstance(value, Array) and value.kind == "numpy" else []
        if isinstance(node, ast.Call) and class_of(node) in ("transform", "inverse_transform"):
            ways = []  # samples are no columns
        if product and len(shape) == 1 and isinstance(value, Array) and value.kind == "tensorflow":
            ways.append(f"[:, {axis}]")
        others = [
            len(bench.told.shape_of(each) or ()) for at, each in enumerate(bench.fault.values[:2]) if at != number
        ]
        if not product and len(shape) <= max(others, default=len(shape)):  # else every pair would be taken
            ways += [f"[:, {axis}]", f"[..., {axis}]", f"[{axis}]"]
            ways += [f"[:, {axis}, :]"] if len(shape) == 2 else []
        for way in ways:
            likely = 2 if way == ".T" and not product else 1
            if way == ".T" and not product and any(rank != len(shape) for rank in others):
                likely = 6  # one row against a table: the row is usually of the other axis
            yield Candidate(f"{text}{way}", [bench.part(bench.path, operand, way)], UNSAFE, likely)
    if isinstance(node, ast.BinOp) and product:
        text = f"{bench.text(bench.path, node.right)} @ {bench.text(bench.path, node.left)}"
        yield Candidate(text, [bench.replace(bench.path, node, text)], UNSAFE, 3)
    if isinstance(node, ast.BinOp):
        yield from _ends(bench, node)


def _rows_of_unequal_length(bench: Bench) -> bool:
    """Whether two rows of numbers meet, of which every pair would be taken were one made a column."""
    shapes = [bench.told.shape_of(value) for value in bench.fault.values[:2]]
    return len(shapes) == 2 and all(shape is not None and len(shape) == 1 and shape[0] != 1 for shape in shapes)


def _shortened(bench: Bench, operands: list[ast.expr]) -> Iterator[Candidate]:
    """The longer of two rows without its beginning, which windows and differences have used up, or without its end."""
    if not _rows_of_unequal_length(bench) or bench.fault.name != "broadcast-mismatch" or len(operands) != 2:
        return
    sizes = [(bench.told.shape_of(value) or (None,))[0] for value in bench.fault.values[:2]]
    one, other = sizes
    if (
        not isinstance(one, int)
        or not isinstance(other, int)
        or any(isinstance(each, ast.Constant) for each in operands)
    ):
        return
    longer = operands[0] if one > other else operands[1]
    if not isinstance(longer, (ast.Name, ast.Attribute)):
        return
    gap = abs(one - other)
    names = list(constants_of(bench, bench.path, longer, gap))
    for number, text in enumerate(
        [*(f"{name}:" for name in names), f"{gap}:", *(f":-{name}" for name in names), f":-{gap}"]
    ):
        title = f"{bench.text(bench.path, longer)}[{text}]"
        yield Candidate(title, [bench.part(bench.path, longer, f"[{text}]")], UNSAFE, min(number, 1))


def _last_two(bench: Bench, operands: list[ast.expr]) -> Iterator[Candidate]:
    """The last two axes of one operand of a product turned."""
    node = bench.node
    if bench.fault.name != "matmul-mismatch":
        return
    if isinstance(node, ast.Call) and class_of(node) == "matmul":
        for name in ("transpose_b", "transpose_a"):
            if bench.module(bench.path, "tensorflow") is not None:
                yield Candidate(f"{name}=True", [bench.set_keyword(bench.path, node, name, "True")], UNSAFE, 0)
    numpy = bench.module(bench.path, "numpy")
    for number, operand in reversed(list(enumerate(operands))):
        value = bench.told.value(number)
        if numpy is not None and isinstance(value, Array) and value.kind == "numpy" and len(value.shape or ()) > 2:
            text = f"{numpy}.swapaxes({bench.text(bench.path, operand)}, -1, -2)"
            yield Candidate(text, [bench.replace(bench.path, operand, text)], UNSAFE, 0)


def _ends(bench: Bench, node: ast.BinOp) -> Iterator[Candidate]:
    """``a[n:] - a[:-1]`` as ``a[n:] - a[:-n]``."""
    for one, other in ((node.left, node.right), (node.right, node.left)):
        if (
            isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Slice) and one.slice.lower is not None
            and isinstance(other, ast.Subscript) and isinstance(other.slice, ast.Slice) and other.slice.upper is not None
            and other.slice.lower is None
        ):  # fmt: skip
            text = f"-{bench.text(bench.path, one.slice.lower)}"
            splice = bench.replace(bench.path, other.slice.upper, text)
            yield Candidate(f"{bench.text(bench.path, other.value)}[:{text}]", [splice], UNSAFE, 1)


def _layers(bench: Bench, shapes: tuple[Shape, ...]) -> Iterator[Candidate]:
    """The sizes that layers on the way were given, each made that of the other operand."""
    for number, value in enumerate(bench.fault.values[:2]):
        other = shapes[1 - number] if len(shapes) > 1 else ()
        own = shapes[number] if number < len(shapes) else ()
        if other and own and len(other) == len(own) and isinstance(other[-1], int) and other[-1] != own[-1]:
            for _, path, call in bench.layers_of(value)[:3]:
                units = bench.argument(call, "units", 0) or bench.argument(call, "filters", 0)
                if units is not None and isinstance(own[-1], int):
                    yield from resized(bench, path, units, other[-1], own[-1], 1)
        for _, path, call in bench.layers_of(value) if other and own and len(other) == len(own) else ():
            # RepeatVector and what turns it: as often as the other has features
            held = bench.argument(call, "n", 0) if class_of(call) == "RepeatVector" else None
            if held is not None and isinstance(own[-1], int) and isinstance(other[-1], int) and own[-1] != other[-1]:
                yield from resized(bench, path, held, other[-1], own[-1], 0)
        for path, call in recurrent_calls(bench, value):
            change = sequences_on(bench, path, call, 2) if len(own) < len(other) else None
            change = sequences_off(bench, path, call, 2) if len(own) > len(other) else change
            if change is not None:
                yield change
        for step in bench.told.steps(value):
            yield from _named(bench, step.origin.path, step.origin.node, own, other)


def _named(bench: Bench, path: str, node: ast.AST, own: Shape, other: Shape) -> Iterator[Candidate]:
    """A number in the code that is the size that does not fit."""
    for size, wanted in zip(reversed(own), reversed(other), strict=False):
        if not isinstance(size, int) or not isinstance(wanted, int) or size == wanted or wanted == 1:
            continue
        for part in ast.walk(node):
            if isinstance(part, ast.Constant) and part.value == size and not isinstance(part.value, bool):
                invented = isinstance(node, ast.Call) and class_of(node) in RANDOM  # made-up data comes last
                likely = 6 if invented else 3
                yield Candidate(str(wanted), [bench.replace(path, part, str(wanted))], UNSAFE, likely)
            elif isinstance(part, ast.Name) and (constant := literal_of(bench, path, part.id)) is not None:
                if getattr(constant, "value", None) == size:
                    text = f"{part.id} = {wanted}"
                    yield Candidate(text, [bench.replace(path, constant, str(wanted))], UNSAFE, 3)
