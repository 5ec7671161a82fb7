"""A layer that was made for another number of features."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of, input_shapes
from foreshape.fixes.proposals.numbers import resized

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench


def propose(bench: Bench) -> Iterator[Candidate]:
    fault = bench.fault
    if fault.name == "weights-shape":
        yield from _weights(bench)
        return
    needs, got, axis = fault.needs, fault.got, fault.axis  # type: ignore[attr-defined]
    if not isinstance(needs, int) or not isinstance(got, int):
        return
    for path, node, counted in input_shapes(bench):
        if isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) >= -axis:
            yield from resized(bench, path, node.elts[axis], got, needs, 0)
        elif isinstance(node, (ast.Constant, ast.Name)) and not counted:
            yield from resized(bench, path, node, got, needs, 0)
    if fault.raises is None or not fault.raises.by.startswith("torch"):
        yield from _slices(bench, needs, got, axis)
    yield from _turned(bench)
    yield from _padded(bench, needs)
    for step, path, call in bench.layers_of(bench.told.value()):
        # the layer that gives the wrong number
        if class_of(call) not in ("Flatten", "Dropout") and step.shape is not None and got in step.shape:
            units = bench.argument(call, "units", 0) or bench.argument(call, "filters", 0)
            if units is not None:
                yield from resized(bench, path, units, needs, got, 2)
        if class_of(call) == "Flatten":
            for name in ("GlobalAveragePooling1D", "GlobalAveragePooling2D"):
                spelt = bench.spell(path, call, name)
                if spelt is not None:
                    yield Candidate(f"{name}()", [bench.replace(path, call.func, spelt[0]), *spelt[1]], UNSAFE, 3)
    layer = bench.layer()
    if layer is not None:
        path, call = layer
        if fault.taker.endswith("state"):  # type: ignore[attr-defined]
            units = bench.argument(call, "units", 0)
            if units is not None:
                yield from resized(bench, path, units, got, needs, 0)
        unit = bench.argument(call, "output_dim", 1) if class_of(call) == "Embedding" else None
        if unit is not None:
            yield from resized(bench, path, unit, needs, got, 2)


def _padded(bench: Bench, needs: int) -> Iterator[Candidate]:
    """Sequences that were padded to their own longest one, and a Flatten that was built for another length."""
    steps = bench.told.steps(bench.told.value())
    flat = next((number for number, step in enumerate(steps) if number and step.maker == "Flatten"), 0)
    before = steps[flat - 1].shape if flat else None
    if before is None or len(before) != 3 or not isinstance(before[2], int) or needs % before[2]:
        return
    for step in steps[:flat]:
        node, path = step.origin.node, step.origin.path
        if step.maker != "pad_sequences" or not isinstance(node, ast.Call) or bench.keyword(node, "maxlen") is not None:
            continue
        text = str(needs // before[2])
        for each in bench.walk(path):
            if (
                isinstance(each, ast.Assign)
                and isinstance(each.value, ast.Call)
                and class_of(each.value) == "pad_sequences"
                and each.value is not node
                and each.lineno < node.lineno
                and isinstance(each.targets[0], ast.Name)
            ):
                text = f"{each.targets[0].id}.shape[1]"
        yield Candidate(f"maxlen={text}", [bench.set_keyword(path, node, "maxlen", text)], UNSAFE, 1)


def _slices(bench: Bench, needs: int, got: int, axis: int) -> Iterator[Candidate]:
    """Data with too many features, cut."""
    shape = bench.told.shape_of(bench.told.value())
    if shape is None or got < needs:
        return
    for node in bench.expressions(bench.told.value()):
        position = len(shape) + axis
        index = "..., " if axis == -1 else ":, " * position
        text = f"[{index}:{needs}]"
        yield Candidate(f"{bench.text(bench.path, node)}{text}", [bench.part(bench.path, node, text)], UNSAFE, 3)


def _turned(bench: Bench) -> Iterator[Candidate]:
    """Timesteps and features the other way round."""
    shape = bench.told.shape_of(bench.told.value())
    numpy = bench.module(bench.path, "numpy")
    if shape is None or len(shape) != 3 or numpy is None or shape[1] != bench.fault.needs:  # type: ignore[attr-defined]
        return
    for node in bench.expressions(bench.told.value()):
        title = f"{numpy}.transpose({bench.text(bench.path, node)}, (0, 2, 1))"
        yield Candidate(title, [bench.replace(bench.path, node, title)], UNSAFE, 0)


def _weights(bench: Bench) -> Iterator[Candidate]:
    """A layer made as large as the weights that it is given."""
    needs, got = bench.fault.needs, bench.fault.got  # type: ignore[attr-defined]
    if not isinstance(needs, tuple) or not isinstance(got, tuple) or len(needs) != len(got):
        return
    places = [made for each in bench.fault.layers if (made := bench.constructor(each)) is not None]
    if isinstance(bench.node, ast.Call):
        places.append((bench.path, bench.node))
    for path, call in [each for each in places if class_of(each[1])[:1].isupper()]:
        for name, position in (("input_dim", 0), ("output_dim", 1), ("units", 0)):
            given = bench.argument(call, name, position)
            for now, size in zip(needs, got, strict=True):
                if given is not None and isinstance(size, int) and isinstance(now, int) and now != size:
                    yield from resized(bench, path, given, size, now, 1)
    if len(got) == 2 and got == needs[::-1] and isinstance(bench.node, ast.Call) and bench.node.args:
        held = bench.node.args[0]
        if isinstance(held, ast.List) and held.elts:
            text = f"{bench.text(bench.path, held.elts[0])}.T"
            yield Candidate(text, [bench.part(bench.path, held.elts[0], ".T")], UNSAFE, 2)
