"""What a model declares, read off the data that the program feeds it: by the name of that data, and where the data lacks an
axis, both changed together."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of, input_shapes
from foreshape.fixes.proposals.numbers import value_of

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.fixes.bench import Bench

FITS = ("fit", "train_on_batch", "evaluate", "test_on_batch")


def propose(bench: Bench) -> Iterator[Candidate]:
    shape = bench.told.shape_of(bench.told.value())
    if isinstance(bench.node, ast.Call) and class_of(bench.node) in FITS and shape is not None:
        yield from _one_sample(bench, shape)
        yield from _axis_lacking(bench, shape)
        yield from _turned(bench, shape)
    if bench.fault.name != "cardinality":
        yield from _as_the_data(bench)
        yield from _build(bench)
    yield from _yielded(bench)


def _one_sample(bench: Bench, shape: Shape) -> Iterator[Candidate]:
    """One sample and its label, both without their batch axis: ``model.fit(x[np.newaxis], y[np.newaxis])``."""
    node = bench.node
    declared = bench.told.declared_input()
    given = node.args[:2] if isinstance(node, ast.Call) else []
    if len(given) < 2 or not all(isinstance(each, (ast.Name, ast.Subscript, ast.Attribute)) for each in given):
        return
    inner = declared.shape[1:] if declared is not None and declared.shape is not None else ()
    fits = len(inner) == len(shape) and all(
        wanted is None or str(wanted) == str(size) for wanted, size in zip(inner, shape, strict=True)
    )
    if fits or _walked(bench, given):
        axis = bench.new_axis(bench.path)
        title = ", ".join(f"{bench.text(bench.path, each)}[{axis}]" for each in given)
        yield Candidate(title, [bench.part(bench.path, each, f"[{axis}]") for each in given], UNSAFE, 0)


def _walked(bench: Bench, given: list[ast.expr]) -> bool:
    """Whether both are what a loop goes over: ``for x, y in zip(xs, ys)``."""
    loops = [each for each in bench.above(bench.path, bench.node) if isinstance(each, ast.For)]
    bound = {part.id for each in loops for part in ast.walk(each.target) if isinstance(part, ast.Name)}
    return all(isinstance(each, ast.Name) and each.id in bound for each in given)


def _yielded(bench: Bench) -> Iterator[Candidate]:
    """What a generator yields sample by sample, as batches of one; an array of the inputs, as a tuple of them."""
    axis = bench.new_axis(bench.path)
    value = bench.told.value()
    origin = None if value is None else value.origin
    if origin is None:
        return
    for node in bench.walk(origin.path):
        held = node.value if isinstance(node, ast.Yield) else None
        if not isinstance(held, ast.Tuple) or not held.elts:
            continue
        inside = any(each is origin.node for each in held.elts)
        named = any(isinstance(each, ast.Name) and each.id == origin.name for each in held.elts)
        if not inside and not named:
            continue
        if bench.fault.name == "layer-input-count":
            first = held.elts[0]
            text = f"tuple({bench.text(origin.path, first)})"
            yield Candidate(text, [bench.replace(origin.path, first, text)], UNSAFE, -1)
        elif bench.fault.name in ("declared-shape", "rank-mismatch"):
            edits = [bench.part(origin.path, each, f"[{axis}]") for each in held.elts]
            title = ", ".join(f"{bench.text(origin.path, each)}[{axis}]" for each in held.elts)
            yield Candidate(f"yield {title}", edits, UNSAFE, 0)


def _axis_lacking(bench: Bench, shape: Shape) -> Iterator[Candidate]:
    """A table fed to a model of sequences: every row is a sequence of one step, or of one feature."""
    if len(shape) != 2:
        return
    axis = bench.new_axis(bench.path)
    for given in bench.expressions(bench.told.value()):
        if not isinstance(given, ast.Name):
            continue
        for path, declared, counted in input_shapes(bench):
            if counted or not isinstance(declared, (ast.Tuple, ast.List)) or len(declared.elts) != 2:
                continue
            width = bench.text(path, declared.elts[-1])
            if value_of(bench, path, declared.elts[-1]) != shape[-1] and str(shape[-1]) != width:
                known = str(shape[-1]) if isinstance(shape[-1], int) else ""
                width = f"{given.id}.shape[1]" if path == bench.path and bound_before(bench, given, declared) else known
            if not width:
                continue
            for table in ("", ".values") if bench.module(bench.path, "pandas") is not None else ("",):
                fed = bench.replace(bench.path, given, f"{given.id}{table}[:, {axis}]")
                edits = [fed, bench.replace(path, declared, f"(1, {width})")]
                yield Candidate(f"{fed.text} and (1, {width})", edits, UNSAFE, 1)


def _turned(bench: Bench, shape: Shape) -> Iterator[Candidate]:
    """Timesteps and features declared the other way round than the data has them."""
    if len(shape) != 3:
        return
    # whoever reshapes the data has its order in mind
    arranged = any(step.maker == "reshape" for step in bench.told.steps(bench.told.value()))
    for path, node, counted in input_shapes(bench):
        if counted or not isinstance(node, (ast.Tuple, ast.List)) or len(node.elts) != 2:
            continue
        sizes = [value_of(bench, path, each) for each in node.elts]
        if None not in sizes and sizes == [shape[2], shape[1]] and sizes[0] != sizes[1]:
            first, second = (bench.text(path, each) for each in node.elts)
            edits = [bench.replace(path, node.elts[0], second), bench.replace(path, node.elts[1], first)]
            yield Candidate(f"({second}, {first})", edits, UNSAFE, -1 if arranged else 1)


def _as_the_data(bench: Bench) -> Iterator[Candidate]:
    """``input_shape=x.shape[1:]``, where x is what the model is fitted on further down; with an axis of features where a
    row is one sequence."""
    for path, node, counted in input_shapes(bench):
        if path != bench.path or counted or isinstance(node, (ast.Name, ast.Constant)):
            continue
        for name, given in fitted(bench).items():
            if not bound_before(bench, given, node):
                continue
            for text, likely in ((f"{name}.shape[1:]", 1), (f"(*{name}.shape[1:], 1)", 2)):
                if text != bench.text(path, node):
                    yield Candidate(text, [bench.replace(path, node, text)], UNSAFE, likely)


def fitted(bench: Bench) -> dict[str, ast.Name]:
    """The variables that models of the file are fitted on, and where."""
    found = [
        each.args[0]
        for each in bench.walk(bench.path)
        if isinstance(each, ast.Call) and class_of(each) in ("fit", "train_on_batch") and each.args
        if isinstance(each.func, ast.Attribute)
    ]  # fmt: skip
    return {each.id: each for each in found if isinstance(each, ast.Name)}


def bound_before(bench: Bench, name: ast.Name, node: ast.expr) -> bool:
    """Whether a variable of the failing file is known at another place of it: in the same function, and before."""
    places = {bench.sources.function_at(bench.path, each.lineno) for each in (name, node)}
    return len(places) == 1 and any(
        isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store) and each.id == name.id
        and each.lineno < node.lineno
        for each in bench.walk(bench.path)
    )  # fmt: skip


def _build(bench: Bench) -> Iterator[Candidate]:
    """``add_weight(shape=input_shape)`` in ``build``: the batch axis is no axis of the weight."""
    node = bench.node
    call = node if isinstance(node, ast.Call) else None
    held = None if call is None else bench.argument(call, "shape", 0)
    function = next((each for each in bench.above(bench.path, node) if isinstance(each, ast.FunctionDef)), None)
    if call is None or function is None or class_of(call) != "add_weight" or not isinstance(held, ast.Name):
        return
    if function.name == "build" and any(each.arg == held.id for each in function.args.args):
        text = f"{held.id}[1:]"
        yield Candidate(text, [bench.after(bench.path, held, "[1:]")], SAFE, -1)
