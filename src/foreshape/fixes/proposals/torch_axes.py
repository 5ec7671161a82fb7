"""Tensors of PyTorch whose axes do not fit: one more, one less, in another order, longer than the other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import combinations, permutations
from math import prod
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.common import class_of, shown
from foreshape.fixes.proposals.numbers import behind, resized, value_of
from foreshape.fixes.proposals.torch_equations import equation
from foreshape.fixes.proposals.torch_masks import batch_first, for_every_key, masks
from foreshape.fixes.proposals.torch_places import (
    by_torch,
    calls_named,
    handed_in,
    message,
    operands,
    shape_at,
    similar_names,
    suffixed,
    swapped,
    with_suffix,
)

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.fixes.bench import Bench

MODES: Final = {3: ("linear",), 4: ("bilinear", "bicubic"), 5: ("trilinear",)}


def propose(bench: Bench) -> Iterator[Candidate]:
    if bench.fault.name == "unpack-mismatch":
        yield from _unpacked(bench)
    if not by_torch(bench) or bench.fault.name not in PROPOSERS:
        return
    yield from PROPOSERS[bench.fault.name](bench)


# -- one operand -------------------------------------------------------------------------------------------------------
def _features(bench: Bench) -> Iterator[Candidate]:
    """Features that stand in another axis, or are spread over several."""
    needs, got = bench.fault.needs, bench.fault.got  # type: ignore[attr-defined]
    value = bench.told.value()
    shape = shape_at(bench, value)
    layer = bench.layer()
    name = "" if layer is None else class_of(layer[1])
    if not isinstance(needs, int):
        return
    yield from _flattened(bench, shape, name)
    yield from _both_directions(bench, needs, got)
    for node in bench.expressions(value):
        if name == "BatchNorm1d" and len(shape) == 3 and shape[2] == needs and isinstance(bench.node, ast.Call):
            text = bench.text(bench.path, bench.node.func)
            turned = f"{text}({bench.text(bench.path, node)}.transpose(1, 2)).transpose(1, 2)"
            yield swapped(bench, bench.node, turned, -1)
        for text in _reordered(shape, needs, got, name):
            yield suffixed(bench, node, text, -1)
            if isinstance(node, ast.Name):
                for path, given in handed_in(bench, node.id):
                    yield suffixed(bench, given, text, 2, path)


def _both_directions(bench: Bench, needs: int, got: object) -> Iterator[Candidate]:
    """The last states of both directions, where a Linear was made for two of them: ``hidden[-1]`` is one."""
    torch = bench.module(bench.path, "torch")
    if got is None or torch is None or not isinstance(got, int) or needs != 2 * got:
        return
    places = [each for each in bench.expressions(bench.told.value()) if isinstance(each, ast.Subscript)]
    for step in reversed(bench.told.steps(bench.told.value())):
        if step.origin.path == bench.path and isinstance(step.origin.node, ast.Subscript):
            places.append(step.origin.node)
    for node in places[:3]:
        if bench.text(bench.path, node.slice) == "-1":
            held = bench.text(bench.path, node.value)
            yield swapped(bench, node, f"{torch}.cat(({held}[-2], {held}[-1]), dim=1)", -2)


def _flattened(bench: Bench, shape: Shape, name: str) -> Iterator[Candidate]:
    """Maps of convolutions handed to a Linear: flattened, and the Linear made for what comes out."""
    layer = bench.layer()
    inner = [size for size in shape[1:] if isinstance(size, int)]
    if name != "Linear" or layer is None or len(shape) not in (3, 4) or len(inner) != len(shape) - 1:
        return
    if not any(
        class_of(call).startswith(("Conv", "MaxPool", "AvgPool", "Adaptive"))
        for _, _, call in bench.layers_of(bench.told.value())
    ):
        return
    holder = bench.parent(layer[0], layer[1])
    if isinstance(holder, ast.Call) and class_of(holder) == "Sequential" and isinstance(layer[1].func, ast.Attribute):
        text = f"{bench.text(layer[0], layer[1].func.value)}.Flatten(), "
        fits = prod(inner) == bench.fault.needs  # type: ignore[attr-defined]
        yield Candidate(text.rstrip(", "), [bench.before(layer[0], layer[1], text)], UNSAFE, -2 if fits else 1)
    size = bench.argument(layer[1], "in_features", 0)
    for node in bench.expressions(bench.told.value()) if size is not None else ():
        edits = [bench.part(bench.path, node, ".flatten(1)"), bench.replace(layer[0], size, str(prod(inner)))]  # type: ignore[arg-type]
        yield Candidate(f"{bench.text(bench.path, node)}.flatten(1), in_features={prod(inner)}", edits, UNSAFE, 1)


def _reordered(shape: Shape, needs: int, got: object, name: str) -> Iterator[str]:
    rank = len(shape)
    inner = [size for size in shape[1:] if isinstance(size, int)]
    if rank > 2 and len(inner) == rank - 1 and prod(inner) == needs:
        yield ".flatten(1)"
    if rank == 4 and shape[3] == needs:
        yield ".permute(0, 3, 1, 2)"
    if rank == 4 and shape[1] == needs and not name.startswith("Conv"):
        yield ".permute(0, 2, 3, 1)"
    if rank == 3 and shape[1] == needs and got != shape[1]:
        yield ".transpose(1, 2)"
    if rank == 3 and shape[2] == needs and name == "Conv1d":
        yield ".transpose(1, 2)"
    if rank == 3 and needs == 1 and name.startswith("Conv2d"):
        yield ".unsqueeze(1)"
    if rank == 2 and needs == 1:
        yield ".unsqueeze(1)" if name.startswith("Conv") else ".unsqueeze(-1)"
    if rank == 2 and shape[0] == needs:
        yield ".T"


def _ranks(bench: Bench) -> Iterator[Candidate]:
    """An axis more or less."""
    fault, node = bench.fault, bench.node
    text = message(bench)
    if isinstance(node, ast.Call) and class_of(node) == "backward" and isinstance(node.func, ast.Attribute):
        yield suffixed(bench, node.func.value, ".mean()", -1)
        return
    if isinstance(node, ast.Call) and (mode := bench.keyword(node, "mode")) is not None:
        for other in MODES.get(len(getattr(fault, "got", ())), ()):
            yield swapped(bench, mode.value, f'"{other}"', -1)
    if "repeat dims" in text and isinstance(node, ast.Call) and node.args:
        for count in range(1, 4):
            yield Candidate(
                f"repeat({'1, ' * count}...)", [bench.before(bench.path, node.args[0], "1, " * count)], UNSAFE, count
            )
    if "Index tensor" in text and isinstance(node, ast.Call):
        index = bench.argument(node, "index", 1)
        if index is not None:
            held = bench.text(bench.path, index)
            for axis in (1, -1, 0):
                yield suffixed(bench, index, f".unsqueeze({axis})", 0)
                yield swapped(bench, index, f"({held} - 1).unsqueeze({axis})", 1)
    yield from _squeezed(bench)
    needs = getattr(fault, "needs", None)
    shape = shape_at(bench, bench.told.value()) or getattr(fault, "got", ())
    if needs == 1 and len(operands(bench)) > 1:
        edits = [bench.part(bench.path, each, ".flatten()") for each in operands(bench)]
        yield Candidate(".flatten() of both", edits, UNSAFE, 1)
    for each in operands(bench):
        if isinstance(needs, int) and needs > len(shape):
            for axis in (1, 0, -1):
                yield from with_suffix(bench, each, f".unsqueeze({axis})", 1)
        elif isinstance(needs, int) and needs < len(shape):
            for axis, size in enumerate(shape):
                if size == 1:
                    yield from with_suffix(bench, each, f".squeeze({axis})", 1)
            yield from with_suffix(bench, each, f".flatten({needs - 1})", 1)


def _squeezed(bench: Bench) -> Iterator[Candidate]:
    """``squeeze()`` that takes the axis of a batch of one sample with it."""
    for call in calls_named(bench, "squeeze"):
        if len(call.args) == 1 and isinstance(call.func, ast.Attribute) and bench.text(bench.path, call.args[0]) == "0":
            yield swapped(bench, call, f"{bench.text(bench.path, call.func.value)}[-1]", 0)
        if not call.args and not call.keywords and isinstance(call.func, ast.Attribute):
            text = f"{bench.text(bench.path, call.func)}(-1)"
            yield swapped(bench, call, text, 0)


def _permuted(bench: Bench) -> Iterator[Candidate]:
    """An order that names each axis once."""
    node, rank = bench.node, bench.fault.rank  # type: ignore[attr-defined]
    if not isinstance(node, ast.Call) or class_of(node) not in ("permute", "transpose") or rank > 5 or not node.args:
        return
    held = node.args[0]
    named = list(held.elts) if isinstance(held, (ast.Tuple, ast.List)) else node.args
    if not named:
        return
    first, last = named[0], named[-1]
    row, column, _, _ = bench.sources.file(bench.path).span(first)
    _, _, end_row, end_column = bench.sources.file(bench.path).span(last)
    if row != end_row:
        return
    counted = [axis for axis in bench.fault.axes if axis != 0]  # type: ignore[attr-defined]
    if len(counted) == rank == len(bench.fault.axes) - 1:  # type: ignore[attr-defined]
        text = ", ".join(str(axis - 1) for axis in counted)  # one of a batch: its axes count from one less
        yield Candidate(f"permute({text})", [Splice(bench.path, row, column, end_row, end_column, text)], UNSAFE, -1)
    axes = tuple(axis for axis in bench.fault.axes if isinstance(axis, int) and 0 <= axis < rank)  # type: ignore[attr-defined]
    orders = [order for order in permutations(range(rank)) if order[:1] == axes[:1]]
    # the axes that were named keep their order; the last axis, which was forgotten, is put where it is nearest to that
    orders.sort(key=lambda order: (order[1:] == tuple(range(1, rank)), -sum(a == b for a, b in zip(order, axes))))
    preferred = [order for order in orders if order[-1] != rank - 1] + [
        order for order in orders if order[-1] == rank - 1
    ]
    for number, order in enumerate(preferred[:10]):
        text = ", ".join(map(str, order))
        one = Splice(bench.path, row, column, end_row, end_column, text)
        yield Candidate(f"permute({text})", [one], UNSAFE, number // 3)


def _axis(bench: Bench) -> Iterator[Candidate]:
    """Another ``dim``; an axis more where rows are to be joined side by side."""
    node, rank = bench.node, bench.fault.rank  # type: ignore[attr-defined]
    if not isinstance(node, ast.Call):
        return
    if rank == 1 and class_of(node) in ("cat", "concat", "stack", "concatenate"):
        for each in operands(bench):
            yield from with_suffix(bench, each, ".unsqueeze(0)", 0)
    elif bench.fault.axis == rank and class_of(node) in ("cat", "concat"):  # type: ignore[attr-defined]
        for each in operands(bench):
            for axis in (0, 1, -1):
                yield from with_suffix(bench, each, f".unsqueeze({axis})", -1)
    held = bench.keyword(node, "dim") or bench.keyword(node, "axis")
    place = held.value if held is not None else None
    if place is None:
        places = [
            each
            for each in node.args
            if isinstance(each, (ast.Constant, ast.UnaryOp)) and bench.text(bench.path, each) == str(bench.fault.axis)  # type: ignore[attr-defined]
        ]
        place = places[0] if places else None
    if place is None:
        return
    for number, axis in enumerate(dict.fromkeys((rank - 1, -1, *range(rank)))):
        one = bench.replace(bench.path, place, str(axis))
        yield Candidate(shown(bench, bench.path, place, one), [one], UNSAFE, min(number, 1) - 1)


# -- two operands ------------------------------------------------------------------------------------------------------
def _broadcast(bench: Bench) -> Iterator[Candidate]:
    shapes: tuple[Shape, ...] = bench.fault.shapes  # type: ignore[attr-defined]
    given = operands(bench)
    yield from _padded_operand(bench)
    if len(given) < 2 or len(shapes) < 2:
        return
    yield from _last_axes(bench, given)
    given = given[:2]
    made = bench.fault.values[0].origin if bench.fault.values else None
    if made is not None and made.node is given[1] and made.node is not given[0]:
        given = given[::-1]
    for at, node in enumerate(given):
        own, other = shapes[at], shapes[1 - at]
        beside = bench.text(bench.path, given[1 - at])
        if len(own) > 1 and len(other) > 1 and own[-2:] == other[-2:][::-1]:
            yield from with_suffix(bench, node, ".T" if len(own) == 2 else ".transpose(-2, -1)", 0)
        # what is cut is a table of the module rather than the data
        later = 0 if isinstance(node, ast.Attribute) or len(own) < len(other) else 1
        for number, text in enumerate(_aligned(own, other, beside)):
            # of what two layers give, the layers are made alike rather than one of them cut
            cut = text.startswith("[..., :") and all(map(bench.layers_of, bench.fault.values[:2]))
            yield from with_suffix(bench, node, text, number + later + (4 if cut else 0))
        if isinstance(node, ast.Subscript) and any(isinstance(each, ast.Slice) for each in ast.walk(node.slice)):
            yield swapped(bench, node, bench.text(bench.path, node.value), 2)
        if isinstance(node, ast.Name):
            for name in similar_names(bench, node):
                yield swapped(bench, node, name, 3)
            yield from _at_entry(bench, node)


def _last_axes(bench: Bench, given: list[ast.expr]) -> Iterator[Candidate]:
    """``k.transpose(0, 1)`` of a batch of matrices, in a product: the axes of the matrices are the last two."""
    node = bench.node
    product = isinstance(node, ast.Call) and class_of(node) in ("matmul", "bmm")
    if not product and not isinstance(node, ast.BinOp):
        return
    for each in given:
        places = [each, *(behind(bench, bench.path, each) if isinstance(each, ast.Name) else ())]
        for place in places:
            if isinstance(place, ast.Call) and class_of(place) == "transpose" and isinstance(place.func, ast.Attribute):
                if place.args and bench.text(bench.path, place.args[0]) not in ("-1", "-2"):
                    yield swapped(bench, place, f"{bench.text(bench.path, place.func)}(-2, -1)", -1)
            elif isinstance(place, ast.Attribute) and place.attr == "T":
                yield swapped(bench, place, f"{bench.text(bench.path, place.value)}.transpose(-2, -1)", 0)


def _aligned(own: Shape, other: Shape, beside: str) -> Iterator[str]:
    """What makes a tensor fit another: axes of size 1 at its end, its longer axes cut."""
    short = beside.isidentifier() or beside.replace(".", "").isidentifier()
    if len(own) < len(other):
        parts = [_cut(a, b) for a, b in zip(own, other, strict=False)]
        if all(part is not None for part in parts):
            rest = ", None" * (len(other) - len(own))
            yield f"[{', '.join(part or '' for part in parts)}{rest}]"
    offset = len(other) - len(own)
    if offset < 0:
        return
    wrong = [
        axis for axis, size in enumerate(own) if size != other[axis + offset] and 1 not in (size, other[axis + offset])
    ]
    if len(wrong) == 2 and wrong == [len(own) - 2, len(own) - 1] and short:
        pairs = [(own[axis], other[axis + offset]) for axis in wrong]
        if all(isinstance(size, int) and isinstance(wanted, int) and size > wanted for size, wanted in pairs):
            yield f"[{'..., ' if len(own) > 2 else ''}:{beside}.size(-2), :{beside}.size(-1)]"
    if len(wrong) != 1:
        return
    axis = wrong[0]
    size, wanted = own[axis], other[axis + offset]
    if isinstance(size, int) and isinstance(wanted, int) and size > wanted:
        end = f"{beside}.size({axis - len(own)})" if short else str(wanted)
        index = f"..., :{end}" if axis == len(own) - 1 and axis else f"{':, ' * axis}:{end}"
        yield f"[{index}]"


def _cut(size: object, wanted: object) -> str | None:
    if size == wanted or size == 1 or wanted == 1:
        return ":"
    if isinstance(size, int) and isinstance(wanted, int) and 0 < size - wanted <= 2:
        return f"{size - wanted}:"
    return None


def _at_entry(bench: Bench, node: ast.Name) -> Iterator[Candidate]:
    """The data that callers hand in, with an axis more."""
    for path, given in handed_in(bench, node.id):
        yield suffixed(bench, given, ".unsqueeze(-1)", 2, path)


def _padded_operand(bench: Bench) -> Iterator[Candidate]:
    """Tables that are added along an axis: one row more or less."""
    shapes: tuple[Shape, ...] = bench.fault.shapes  # type: ignore[attr-defined]
    for at, value in enumerate(bench.fault.values[:2]):
        own, other = shapes[at], shapes[1 - at]
        if len(own) != len(other):
            continue
        for step in bench.told.steps(value)[:3]:
            for call in ast.walk(step.origin.node):
                if not isinstance(call, ast.Call) or class_of(call) not in ("zeros", "ones", "randn", "rand", "empty"):
                    continue
                sizes = (
                    call.args[0].elts if call.args and isinstance(call.args[0], (ast.Tuple, ast.List)) else call.args
                )
                ahead = len(own) - len(sizes)  # axes that it has been given since
                if ahead < 0:
                    continue
                for axis, size in enumerate(sizes, ahead):
                    now, wanted = own[axis], other[axis]
                    if now != wanted and isinstance(now, int) and isinstance(wanted, int) and 1 not in (now, wanted):
                        invented = class_of(call) in ("randn", "rand")  # the table gives way, not the data
                        yield from resized(bench, step.origin.path, size, wanted, now, 2 if invented else 0)


def _product(bench: Bench) -> Iterator[Candidate]:
    """A matrix turned, or the two the other way round."""
    given = operands(bench)
    node = bench.node
    if len(given) < 2 or node is None:
        return
    yield from _last_axes(bench, given)
    left, right = given[:2]
    first, second = bench.fault.left, bench.fault.right  # type: ignore[attr-defined]
    turns = ".T" if len(second) == 2 and isinstance(node, ast.BinOp) else ".transpose(-2, -1)"
    if len(first) > 1 and len(second) > 1 and second[-1] == first[-1]:
        yield suffixed(bench, right, turns, -1)
    if first and second and first[0] == second[-1] and len(first) == 2:
        one, two = bench.text(bench.path, left), bench.text(bench.path, right)
        likely = -1 if first[-1] != second[-1] and second[-1] == first[-2] else 1
        yield Candidate(
            f"{two}, {one}",
            [bench.replace(bench.path, left, two), bench.replace(bench.path, right, one)],
            UNSAFE,
            likely,
        )
    yield suffixed(bench, right, turns, 1)
    yield suffixed(bench, left, ".T" if len(first) == 2 and turns == ".T" else ".transpose(-2, -1)", 2)
    for side in (left, right):
        if isinstance(side, ast.Name):
            for name in similar_names(bench, side):
                yield swapped(bench, side, name, 3)


# -- joins -------------------------------------------------------------------------------------------------------------
def _joins(bench: Bench) -> Iterator[Candidate]:
    shapes: tuple[Shape, ...] = bench.fault.shapes  # type: ignore[attr-defined]
    node = bench.node
    yield from _squeezed(bench)
    if not isinstance(node, ast.Call):
        return
    given = operands(bench)
    rank = max((len(shape) for shape in shapes), default=0)
    yield from _repeated(bench)
    for each, shape in zip(given, shapes, strict=False):
        if len(shape) == rank - 1:
            yield from _written_elsewhere(bench, each)
            for axis in (-1, 1, 0):
                yield from with_suffix(bench, each, f".unsqueeze({axis})", 1)
    differs = getattr(bench.fault, "differs", None)
    if differs is None:
        return
    if len(given) == len(shapes) == 2 and rank == 4 and differs >= 2:
        yield from _resized(bench, given)
    held = bench.argument(node, "dim", 1)
    if held is not None:
        for axis in (-1, *range(rank)):
            one = bench.replace(bench.path, held, str(axis))
            yield Candidate(shown(bench, bench.path, held, one), [one], UNSAFE, 0)
    elif class_of(node) in ("cat", "concat", "concatenate"):
        for axis in (1, -1):
            one = bench.set_keyword(bench.path, node, "dim", str(axis))
            yield Candidate(f"dim={axis}", [one], UNSAFE, 0)
    yield from _turned(bench, given, shapes)
    yield from _same_length(bench)


def _turned(bench: Bench, given: list[ast.expr], shapes: tuple[Shape, ...]) -> Iterator[Candidate]:
    """One of two parts with two of its axes the other way round, where they agree in all but one axis then."""
    if len(given) != 2 or len(shapes) != 2 or len(shapes[0]) != len(shapes[1]):
        return
    for at in (1, 0):
        own, other = shapes[at], shapes[1 - at]
        for one, two in combinations(range(len(own)), 2):
            order = list(own)
            order[one], order[two] = own[two], own[one]
            if order != list(own) and sum(a != b for a, b in zip(order, other)) <= 1:
                yield from with_suffix(bench, given[at], f".transpose({one}, {two})", -2)


def _repeated(bench: Bench) -> Iterator[Candidate]:
    """``hidden.repeat(1, steps, 1)`` of (batch, features): the axis that is repeated comes first."""
    for value in bench.fault.values:
        for step in reversed(bench.told.steps(value)[-3:]):
            call = step.origin.node
            if isinstance(call, ast.Call) and class_of(call) in ("repeat", "expand") and len(call.args) > 1:
                if isinstance(call.func, ast.Attribute):
                    yield suffixed(bench, call.func.value, ".unsqueeze(1)", 0, step.origin.path)


def _written_elsewhere(bench: Bench, node: ast.expr) -> Iterator[Candidate]:
    """What the file itself makes of the same variable where it joins it: ``one_hot(y, n).float()``."""
    if not isinstance(node, ast.Name):
        return
    for call in calls_named(bench, "cat", "concat", "hstack"):
        if call is bench.node or not call.args or not isinstance(call.args[0], (ast.List, ast.Tuple)):
            continue
        for element in call.args[0].elts:
            names = {each.id for each in ast.walk(element) if isinstance(each, ast.Name)}
            if node.id in names and not isinstance(element, ast.Name):
                yield swapped(bench, node, bench.text(bench.path, element), 0)


def _resized(bench: Bench, given: list[ast.expr]) -> Iterator[Candidate]:
    """Feature maps that a pooling made one row smaller: brought to the size of the other."""
    from foreshape.fixes.proposals.torch_places import functional

    name = functional(bench)
    if name is None:
        return
    for at, node in enumerate(given):
        one, other = bench.text(bench.path, node), bench.text(bench.path, given[1 - at])
        smaller = _is_smaller(bench, at)  # what was upsampled is brought to the size of what was kept
        yield swapped(bench, node, f"{name}.interpolate({one}, size={other}.shape[2:])", 0 if smaller else 1)


def _is_smaller(bench: Bench, at: int) -> bool:
    shapes: tuple[Shape, ...] = bench.fault.shapes  # type: ignore[attr-defined]
    pairs = list(zip(shapes[at][2:], shapes[1 - at][2:], strict=False))
    return any(isinstance(a, int) and isinstance(b, int) and a < b for a, b in pairs) or (not at and pairs == [])


def _same_length(bench: Bench) -> Iterator[Candidate]:
    """Convolutions that keep the length, so that branches with other kernels fit."""
    for name in ("Conv1d", "Conv2d"):
        for call in calls_named(bench, name):
            if bench.keyword(call, "padding") is None and len(call.args) < 5 and bench.keyword(call, "stride") is None:
                one = bench.set_keyword(bench.path, call, "padding", '"same"')
                yield Candidate(shown(bench, bench.path, call.args[0] if call.args else call, one), [one], UNSAFE, 1)


# -- reshapes ----------------------------------------------------------------------------------------------------------
def class_of_layer(bench: Bench) -> str:
    layer = bench.layer()
    return "" if layer is None else class_of(layer[1])


def _reshapes(bench: Bench) -> Iterator[Candidate]:
    """A batch that is counted, and an axis too many."""
    node = bench.node
    if "samples" in getattr(bench.fault, "hint", "") or class_of_layer(bench) == "MultiheadAttention":
        yield from batch_first(bench)
        yield from for_every_key(bench)
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    sizes = list(node.args)
    if len(sizes) == 1 and isinstance(sizes[0], (ast.Tuple, ast.List)):
        sizes = list(sizes[0].elts)
    base = bench.text(bench.path, node.func.value)
    if class_of(node) not in ("view", "reshape", "unflatten") or not sizes:
        return
    shape: Shape = bench.fault.shape  # type: ignore[attr-defined]
    yield from _cut_to_rows(bench, node, base, sizes)
    yield from _flat_sizes(bench, sizes, shape)
    if not isinstance(sizes[0], ast.Starred) and len(shape) > 1:
        one = bench.replace(bench.path, sizes[0], f"{base}.size(0)")
        if base.isidentifier():
            yield Candidate(shown(bench, bench.path, sizes[0], one), [one], UNSAFE, 0)
    yield from _places(bench, node, sizes)
    others = [each for each in sizes if bench.text(bench.path, each) != "-1"]
    if len(sizes) == len(others) + 1:
        for each in others[1:]:
            gone = bench.drop(bench.path, sizes, sizes.index(each))
            if gone is not None:
                yield Candidate(f"without {bench.text(bench.path, each)}", [gone], UNSAFE, 0)
    elif len(sizes) == len(others) and not isinstance(sizes[0], ast.Starred):
        minus = bench.replace(bench.path, sizes[0], "-1")
        yield Candidate(shown(bench, bench.path, sizes[0], minus), [minus], UNSAFE, 1)
    for number, element in enumerate(sizes):
        if isinstance(element, (ast.Starred, ast.UnaryOp)):
            continue
        target = bench.fault.target  # type: ignore[attr-defined]
        now = target[number] if number < len(target) else None
        for size in shape[1:]:
            if isinstance(size, int) and size != now:
                yield from resized(bench, bench.path, element, size, now if isinstance(now, int) else None, 2)


def _flat_sizes(bench: Bench, sizes: list[ast.expr], shape: Shape) -> Iterator[Candidate]:
    """``view(-1, 16 * 5 * 5)`` of maps of another size: what they hold, here and in the Linear that was made for it."""
    inner = [size for size in shape[1:] if isinstance(size, int)]
    if len(sizes) != 2 or bench.text(bench.path, sizes[0]) != "-1" or len(inner) != len(shape) - 1 or len(shape) < 3:
        return
    now = value_of(bench, bench.path, sizes[1])
    product = isinstance(sizes[1], ast.BinOp)
    text = " * ".join(map(str, inner)) if product else str(prod(inner))
    for call in calls_named(bench, "Linear") if now is not None else ():
        taken = bench.argument(call, "in_features", 0)
        if taken is not None and value_of(bench, bench.path, taken) == now:
            edits = [bench.replace(bench.path, taken, text), bench.replace(bench.path, sizes[1], text)]
            yield Candidate(text, edits, UNSAFE, -2)


def _places(bench: Bench, node: ast.Call, sizes: list[ast.expr]) -> Iterator[Candidate]:
    """Counts of pairs of classes: ``bincount`` gives as many places as there are pairs only where it is told so."""
    texts = [bench.text(bench.path, each) for each in sizes]
    if "-1" in texts or len(texts) < 2:
        return
    total = f"{texts[0]} ** {len(texts)}" if len(set(texts)) == 1 else " * ".join(texts)
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and class_of(call) == "bincount":
            one = bench.set_keyword(bench.path, call, "minlength", total)
            yield Candidate(f"minlength={total}", [one], UNSAFE, -1)


def _cut_to_rows(bench: Bench, node: ast.Call, base: str, sizes: list[ast.expr]) -> Iterator[Candidate]:
    """One long row in as many equal parts as are asked for: what is left over is cut off."""
    shape: Shape = bench.fault.shape  # type: ignore[attr-defined]
    texts = [bench.text(bench.path, each) for each in sizes]
    if len(shape) != 1 or len(texts) != 2 or "-1" not in texts or not isinstance(node.func, ast.Attribute):
        return
    part = texts[0] if texts[1] == "-1" else texts[1]
    one = bench.part(bench.path, node.func.value, f"[: {base}.size(0) // {part} * {part}]")
    yield Candidate(one.text, [one], UNSAFE, -1)


def _unpacked(bench: Bench) -> Iterator[Candidate]:
    """``split`` takes a size, ``chunk`` a number of parts; samples with more parts than names."""
    wanted, node = bench.fault.names, bench.node  # type: ignore[attr-defined]
    statement = bench.statement(bench.path, node) if node is not None else None
    if isinstance(statement, (ast.For, ast.Assign)):
        value = statement.iter if isinstance(statement, ast.For) else statement.value
        if isinstance(value, ast.Call) and class_of(value) == "split" and isinstance(value.func, ast.Attribute):
            size = bench.argument(value, "split_size", 0) or bench.argument(value, "split_size_or_sections", 0)
            if size is not None and bench.text(bench.path, size) == str(wanted):
                text = f"{bench.text(bench.path, value.func.value)}.chunk"
                yield swapped(bench, value.func, text, -1)
        if isinstance(statement, ast.For):
            target = statement.target
            if isinstance(target, ast.Tuple) and len(target.elts) != wanted:
                target = next((each for each in target.elts if isinstance(each, ast.Tuple)), target)
            given = bench.fault.values_given  # type: ignore[attr-defined]
            if isinstance(target, ast.Tuple) and isinstance(given, int) and given > wanted:
                extra = ", _" * (given - wanted)
                yield Candidate(f"for ...{extra} in ...", [bench.after(bench.path, target.elts[-1], extra)], UNSAFE, 0)


PROPOSERS: Final = {
    "feature-mismatch": _features,
    "rank-mismatch": _ranks,
    "transpose-axes": _permuted,
    "axis-range": _axis,
    "broadcast-mismatch": _broadcast,
    "matmul-mismatch": _product,
    "join-mismatch": _joins,
    "mask-shape": masks,
    "einsum-mismatch": equation,
    "reshape-size": _reshapes,
}
