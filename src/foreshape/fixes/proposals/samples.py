"""Arrays that hold different numbers of samples, and lists of inputs that are no such thing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import assigned, class_of
from foreshape.fixes.proposals.numbers import constants_of

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

JOINS: Final = ("hstack", "concatenate", "column_stack", "append", "stack")


def propose(bench: Bench) -> Iterator[Candidate]:
    if bench.fault.name == "layer-input-count":
        yield from _counts(bench)
        return
    yield from _split(bench)
    sizes = [size for _, size in bench.fault.sizes if isinstance(size, int)]  # type: ignore[attr-defined]
    if len(sizes) < 2 or not isinstance(bench.node, ast.Call):
        return
    least, most = min(sizes), max(sizes)
    nodes = _arguments(bench, bench.node)
    yield from _over_samples(bench, sizes)
    yield from _as_cut(bench, nodes)
    numpy = bench.module(bench.path, "numpy")
    for value in bench.fault.values:
        shape = bench.told.shape_of(value)
        if not shape:
            continue
        for node in bench.expressions(value):
            text = bench.text(bench.path, node)
            if (shape[0] == least and len(shape) == 3 and shape[1] == most) or (len(shape) == 2 and shape[-1] == most):
                yield Candidate(f"{text}.T", [bench.part(bench.path, node, ".T")], UNSAFE, 1)
            if numpy is not None and len(shape) == 3:
                for order in ((1, 0, 2), (2, 0, 1), (2, 1, 0)):
                    if shape[order[0]] in sizes and shape[0] != shape[order[0]]:
                        title = f"{numpy}.transpose({text}, {order})"
                        yield Candidate(title, [bench.replace(bench.path, node, title)], UNSAFE, 2)
    for node in nodes:
        text = bench.text(bench.path, node)
        if isinstance(node, ast.Starred):
            continue
        if most % least == 0 and most > least and numpy is not None:
            title = f"{numpy}.tile({text}, {most // least})"
            yield Candidate(title, [bench.replace(bench.path, node, title)], UNSAFE, 4)
        for name in constants_of(bench, bench.path, node, most - least):  # windows have used up the first ones
            yield Candidate(f"{text}[{name}:]", [bench.part(bench.path, node, f"[{name}:]")], UNSAFE, 2)
        for index in (f"{most - least}:", f":{least}"):
            part = f"[{index}]"
            yield Candidate(f"{text}{part}", [bench.part(bench.path, node, part)], UNSAFE, 3)


def _as_cut(bench: Bench, nodes: list[ast.expr]) -> Iterator[Candidate]:
    """``y[:160]`` beside ``x[:150]``: cut at the same place."""
    cuts: list[ast.Slice] = []
    for node in nodes:
        held = [node, *(assigned(bench, node.id) if isinstance(node, ast.Name) else ())]
        found = [each.slice for each in held if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Slice)]
        if len(found) != 1:
            return
        cuts += found
    texts = [bench.text(bench.path, each) for each in cuts]
    for cut, own in zip(cuts, texts, strict=True):
        for other in dict.fromkeys(texts):
            if other != own:
                yield Candidate(f"[{other}]", [bench.replace(bench.path, cut, other)], UNSAFE, 0)


def _over_samples(bench: Bench, sizes: list[int]) -> Iterator[Candidate]:
    """``x.mean(axis=0)`` took the samples away where another axis was meant."""
    for value in bench.fault.values:
        steps = bench.told.steps(value)
        for before, after in pairwise(steps):
            node, old, new = after.origin.node, before.shape, after.shape
            if not isinstance(node, ast.Call) or not old or new is None or len(new) != len(old) - 1:
                continue
            if old[0] not in sizes or tuple(new) != tuple(old[1:]):
                continue
            axes = [each.value for each in node.keywords if each.arg in ("axis", "dim")] + list(node.args)
            for axis in axes:
                if isinstance(axis, ast.Constant) and axis.value == 0:
                    yield Candidate("axis 1", [bench.replace(after.origin.path, axis, "1")], UNSAFE, 0)


def _arguments(bench: Bench, node: ast.Call) -> list[ast.expr]:
    """The arguments that hold samples, those of pairs included."""
    found: list[ast.expr] = []
    names = ("x", "y", "sample_weight", "validation_data")
    for each in [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg in names)]:
        found.extend(each.elts if isinstance(each, (ast.List, ast.Tuple)) else [each])
    return [each for each in found if isinstance(each, (ast.Name, ast.Attribute, ast.Subscript, ast.Call))]


def _split(bench: Bench) -> Iterator[Candidate]:
    """``x_train, y_train, x_test, y_test = train_test_split(x, y)`` gives the parts of x first."""
    for node in bench.walk(bench.path):
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        function = node.value.func
        name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
        target = node.targets[0]
        if name == "train_test_split" and isinstance(target, ast.Tuple) and len(target.elts) == 4:
            first, second = target.elts[1], target.elts[2]
            one, two = bench.text(bench.path, first), bench.text(bench.path, second)
            parts = [bench.text(bench.path, target.elts[0]), two, one, bench.text(bench.path, target.elts[3])]
            edits = [bench.replace(bench.path, first, two), bench.replace(bench.path, second, one)]
            yield Candidate(f"{', '.join(parts)} = ...", edits, UNSAFE, 0)


def _counts(bench: Bench) -> Iterator[Candidate]:
    """A list of samples that was taken for a list of inputs."""
    numpy = bench.module(bench.path, "numpy")
    shape = bench.told.shape_of(bench.told.value())
    yield from _taken_apart(bench)
    for node in bench.expressions(bench.told.value()):
        if shape and shape[0] == bench.fault.needs:  # type: ignore[attr-defined]
            title = f"list({bench.text(bench.path, node)})"
            yield Candidate(title, [bench.replace(bench.path, node, title)], UNSAFE, 0)
        if numpy is not None:
            title = f"{numpy}.array({bench.text(bench.path, node)})"
            yield Candidate(title, [bench.replace(bench.path, node, title)], UNSAFE, 1)


def _taken_apart(bench: Bench) -> Iterator[Candidate]:
    """``np.hstack([a, b])`` for a model of two inputs: the list itself."""
    given = bench.node.args[:1] if isinstance(bench.node, ast.Call) else []
    for node in given:
        for held in [node, *(assigned(bench, node.id) if isinstance(node, ast.Name) else ())]:
            if not isinstance(held, ast.Call) or class_of(held) not in JOINS or not held.args:
                continue
            parts = held.args[0]
            if isinstance(parts, (ast.List, ast.Tuple)) and len(parts.elts) == bench.fault.needs:  # type: ignore[attr-defined]
                text = f"[{', '.join(bench.text(bench.path, each) for each in parts.elts)}]"
                yield Candidate(text, [bench.replace(bench.path, node, text)], UNSAFE, -1)
