"""A layer that gets another number of axes than it takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.explain.prose.metrics import OF_SCORES
from foreshape.fixes.bench import sizes_text
from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.common import (
    class_of,
    indexed,
    input_shapes,
    recurrent_calls,
    sequences_off,
    sequences_on,
)
from foreshape.fixes.proposals.torch_places import by_torch

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.fixes.bench import Bench

GLOBAL = ("GlobalAveragePooling", "GlobalMaxPooling", "GlobalAvgPool", "GlobalMaxPool")


def propose(bench: Bench) -> Iterator[Candidate]:
    fault = bench.fault
    got: Shape | None = getattr(fault, "got", None)
    value = bench.told.value()
    shape = bench.told.shape_of(value) or got
    if fault.name == "invalid-argument" and (shape == () or bench.layer() is None):
        return  # a number, or an argument that says nothing of axes
    needs: int = getattr(fault, "needs", len(shape or ()) + 1)
    rank = len(got) if got is not None else len(shape or ())
    yield from _dimensions(bench, rank, needs)
    yield from _declared(bench, rank, needs)
    if rank < needs:
        yield from _axes_lost(bench, needs)
        yield from _axis_more(bench, shape, needs)
    else:
        yield from _axis_less(bench, shape, needs)


def _dimensions(bench: Bench, rank: int, needs: int) -> Iterator[Candidate]:
    """``MaxPooling2D`` behind a ``Conv1D``: the layer for as many axes as there are."""
    layer = bench.layer()
    name = "" if layer is None else class_of(layer[1])
    if layer is None or name[-2:] not in ("1D", "2D", "3D") or not 1 <= rank - 2 <= 3 or rank == needs:
        return
    before = [class_of(call)[-2:] for _, _, call in bench.layers_of(bench.told.value())]
    other = f"{rank - 2}D"
    if other not in before:
        return
    spelt = bench.spell(*layer, f"{name[:-2]}{other}")
    if spelt is not None:
        yield Candidate(spelt[0], [bench.replace(layer[0], layer[1].func, spelt[0]), *spelt[1]], UNSAFE, 0)


def _axes_lost(bench: Bench, needs: int) -> Iterator[Candidate]:
    """A layer before it dropped the axes: keep them."""
    value = bench.told.value()
    for number, (path, call) in enumerate(recurrent_calls(bench, value)):
        kept = sequences_on(bench, path, call, number)
        if kept is not None:
            yield kept
    steps = bench.told.steps(value)
    for step, path, call in bench.layers_of(value):
        name = class_of(call)
        if name != "Flatten" and not name.startswith(GLOBAL):
            continue
        before = steps[steps.index(step) - 1].shape if steps.index(step) else None
        sizes = bench.known(before)
        if name == "Flatten" and sizes is not None and len(sizes) == 3 and needs == 3:
            rows, columns, channels = sizes
            text = f"Reshape(({rows}, {columns * channels}))"
            spelt = bench.spell(path, call, "Reshape")
            if spelt is not None:
                one = bench.replace(path, call, f"{spelt[0]}(({rows}, {columns * channels}))")
                yield Candidate(text, [one, *spelt[1]], UNSAFE, 0)
        gone = bench.without_layer(path, call)
        if gone:
            enough = before is not None and len(before) == needs
            yield Candidate(f"without {name}", gone, UNSAFE, 0 if enough else 1)


def _axis_more(bench: Bench, shape: Shape | None, needs: int) -> Iterator[Candidate]:
    """One axis is missing: of the data, or between two layers."""
    value = bench.told.value()
    layer = bench.layer()
    sizes = bench.known(shape)
    if sizes and len(sizes) == needs - 2 and layer is not None:
        path, call = layer
        for text in (sizes_text((*sizes, 1)), sizes_text((*sizes[:-1], 1, sizes[-1]))):
            edits = bench.with_layer_before(path, call, "Reshape", text)
            if edits:
                yield Candidate(f"Reshape({text})", edits, UNSAFE, 3)
        for count in _steps_known(bench):
            edits = bench.with_layer_before(path, call, "RepeatVector", str(count))
            if edits:
                yield Candidate(f"RepeatVector({count})", edits, UNSAFE, 2)
    axis = bench.new_axis(bench.path)
    for node in bench.expressions(value):
        if needs == (len(shape) if shape else 0) + 1:
            certain = layer is None and not by_torch(bench)
            yield indexed(bench, node, f"..., {axis}", 1, SAFE if certain else UNSAFE)
            yield indexed(bench, node, axis, 2)
            yield indexed(bench, node, f":, {axis}", 3)
        elif shape is not None and needs == len(shape) + 2:
            yield indexed(bench, node, f"{axis}, ..., {axis}", 2)


def _declared(bench: Bench, rank: int, needs: int) -> Iterator[Candidate]:
    """The shape of an Input with an axis more or less."""
    # what is wrapped sees one axis less
    inside = any((getattr(each, "library_type", "") or "").endswith(".TimeDistributed") for each in bench.fault.layers)
    for path, node, counted in input_shapes(bench):
        if not isinstance(node, (ast.Tuple, ast.List)) or len(node.elts) + (not counted) not in (rank, rank + inside):
            continue
        if needs == rank - 1 and len(node.elts) > 1:
            for number in (0, len(node.elts) - 1):
                one = bench.drop(path, list(node.elts), number)
                if one is not None:
                    yield Candidate("one axis less", [one], UNSAFE, 1)
        elif needs == rank + 1 and node.elts:
            text = ", ".join([*(bench.text(path, each) for each in node.elts), "1"])
            text = f"[{text}]" if isinstance(node, ast.List) else f"({text})"
            yield Candidate(text, [bench.replace(path, node, text)], UNSAFE, 2)


def _steps_known(bench: Bench) -> Iterator[int]:
    """Numbers of timesteps that the way of the value has had."""
    seen: set[int] = set()
    for value in bench.fault.values:
        for step in bench.told.steps(value):
            if step.shape is not None and len(step.shape) == 3 and isinstance(step.shape[1], int):
                if step.shape[1] not in seen:
                    seen.add(step.shape[1])
                    yield step.shape[1]


def _axis_less(bench: Bench, shape: Shape | None, needs: int) -> Iterator[Candidate]:
    """One axis too many."""
    value = bench.told.value()
    for path, call in recurrent_calls(bench, value):
        off = sequences_off(bench, path, call, 0)
        if off is not None:
            yield off
    yield from _each_step(bench, shape, needs)
    yield from _over_samples(bench, shape, needs)
    layer = bench.layer()
    sizes = bench.known(shape)
    if layer is not None:
        path, call = layer
        if needs == 2:
            edits = bench.with_layer_before(path, call, "Flatten", "")
            if edits:
                yield Candidate("Flatten()", edits, UNSAFE, 1)
        if sizes is not None and len(sizes) == 3 and needs == 3:
            for pair in ((sizes[0], sizes[1] * sizes[2]), (sizes[0] * sizes[1], sizes[2])):
                edits = bench.with_layer_before(path, call, "Reshape", f"({pair[0]}, {pair[1]})")
                if edits:
                    yield Candidate(f"Reshape(({pair[0]}, {pair[1]}))", edits, UNSAFE, 1)
        name = class_of(call)
        if (name.endswith("2D") and needs == 4) or name.endswith("1D"):
            edits = bench.with_layer_before(path, call, "Flatten", "")
            if edits:
                yield Candidate("Flatten()", edits, UNSAFE, 4)
    if shape is not None and len(shape) == needs + 1:
        for node in bench.expressions(value):
            for axis, size in enumerate(shape):
                if size == 1:
                    colons = ":, " * axis
                    yield indexed(bench, node, f"{colons}0" if axis else "0", 1)
            if isinstance(node, ast.Subscript) and _adds_axis(node):
                yield Candidate(
                    bench.text(bench.path, node.value),
                    [bench.replace(bench.path, node, bench.text(bench.path, node.value))],
                    UNSAFE,
                    1,
                )


def _each_step(bench: Bench, shape: Shape | None, needs: int) -> Iterator[Candidate]:
    """Maps or images in every timestep, made one row each; an axis in the middle averaged away."""
    layer = bench.layer()
    if layer is None or shape is None:
        return
    path, call = layer
    flat = bench.spell(path, call, "Flatten")
    if needs == 3 and len(shape) > 3 and flat is not None:
        edits = bench.with_layer_before(path, call, "TimeDistributed", f"{flat[0]}()")
        if edits:
            both = [*edits, *flat[1]] if len(edits) == 1 else edits
            if len(edits) > 1 and flat[1]:  # both have to be imported, at one place
                both = [edits[0], *_merged([*edits[1:], *flat[1]])]
            yield Candidate(f"TimeDistributed({flat[0]}())", both, UNSAFE, 0 if len(shape) > 4 else 2)
    node = bench.node
    flow = bench.module(bench.path, "tensorflow")
    if flow is None or not isinstance(node, ast.Call) or len(node.args) != 1 or needs != len(shape) - 1:
        return
    if not isinstance(node.args[0], ast.Name) or isinstance(node.func, ast.Call):
        return
    text = node.args[0].id
    for axis in range(len(shape) - 2, 0, -1):
        new = f"{flow}.reduce_mean({text}, axis={axis})"
        yield Candidate(new, [bench.replace(bench.path, node.args[0], new)], UNSAFE, 2)


def _merged(splices: list[Splice]) -> list[Splice]:
    """Texts that are put in at one place, as one."""
    found: dict[tuple[str, tuple[int, int, int, int]], Splice] = {}
    for each in splices:
        held = found.get((each.path, each.key))
        text = each.text if held is None else held.text + each.text
        found[each.path, each.key] = Splice(each.path, each.row, each.column, each.end_row, each.end_column, text)
    return list(found.values())


def _over_samples(bench: Bench, shape: Shape | None, needs: int) -> Iterator[Candidate]:
    """What scikit-learn takes as a table: windows as rows, and back; class scores as classes."""
    node = bench.node
    if not isinstance(node, ast.Call) or bench.layer() is not None or shape is None:
        return
    name = class_of(node)
    if needs == 2 and len(shape) == 3 and node.args and isinstance(node.func, ast.Attribute):
        given = node.args[0]
        text = bench.text(bench.path, given)
        if isinstance(given, (ast.Name, ast.Attribute)):
            edits = [bench.after(bench.path, given, f".reshape(-1, {text}.shape[-1])")]
            if name in ("fit_transform", "transform", "inverse_transform"):
                edits.append(bench.after(bench.path, node, f".reshape({text}.shape)"))
            title = f"{bench.text(bench.path, node.func)}({text}.reshape(-1, {text}.shape[-1]))"
            yield Candidate(title, edits, UNSAFE, 0)
            others = _same_owner(bench, node)
            if others:
                yield Candidate(title, [*edits, *others], UNSAFE, -1)
    if needs == 1 and len(shape) == 2 and name in OF_SCORES:
        for given in bench.expressions(bench.told.value()) if shape[1] == 2 else ():
            title = f"{bench.text(bench.path, given)}[:, 1]"
            yield Candidate(title, [bench.part(bench.path, given, "[:, 1]")], UNSAFE, 0)
        if name == "roc_auc_score":
            yield Candidate(
                'multi_class="ovr"', [bench.set_keyword(bench.path, node, "multi_class", '"ovr"')], UNSAFE, 1
            )
    elif needs == 1 and len(shape) == 2 and bench.fault.raises is not None and bench.fault.raises.by == "scipy":
        for given in bench.expressions(bench.told.value()):
            title = f"{bench.text(bench.path, given)}[:, 0]"
            yield Candidate(title, [bench.part(bench.path, given, "[:, 0]")], UNSAFE, 1)
    elif needs == 1 and len(shape) == 2:
        for given in bench.expressions(bench.told.value()):
            yield Candidate(
                f"{bench.text(bench.path, given)}.argmax(axis=1)",
                [bench.part(bench.path, given, ".argmax(axis=1)")],
                UNSAFE,
                1,
            )


def _same_owner(bench: Bench, node: ast.Call) -> list[Splice]:
    """What else a scaler is given by name further down, as rows and back: the test data beside the training data."""
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    found: list[Splice] = []
    for each in bench.walk(bench.path):
        if not isinstance(each, ast.Call) or each.lineno <= node.lineno or len(each.args) != 1:
            continue
        function, given = each.func, each.args[0]
        if not isinstance(function, ast.Attribute) or function.attr != "transform" or not isinstance(given, ast.Name):
            continue
        if isinstance(owner, ast.Name) and isinstance(function.value, ast.Name) and function.value.id == owner.id:
            found.append(bench.after(bench.path, given, f".reshape(-1, {given.id}.shape[-1])"))
            found.append(bench.after(bench.path, each, f".reshape({given.id}.shape)"))
    return found


def _adds_axis(node: ast.Subscript) -> bool:
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    return any(
        (isinstance(each, ast.Constant) and each.value is None)
        or (isinstance(each, ast.Attribute) and each.attr == "newaxis")
        for each in parts
    )
