"""A block whose input is added to its output and has other channels or another size by then: the input put through a
convolution of one pixel (or a Linear) first, as residual networks do it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.fixes.bench import Bench
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import bound_to, class_of

if TYPE_CHECKING:
    from foreshape.domain.values import Shape

CONVOLUTIONS: Final = {3: ("Conv1d", "Conv1D"), 4: ("Conv2d", "Conv2D"), 5: ("Conv3d", "Conv3D")}


def propose(bench: Bench) -> Iterator[Candidate]:
    shapes = [shape for value in bench.fault.values if (shape := bench.told.shape_of(value)) is not None]
    if len(shapes) != 2 or len(shapes[0]) != len(shapes[1]):
        return
    yield from _module(bench, len(shapes[0]))
    yield from _layer(bench, shapes)


def _module(bench: Bench, rank: int) -> Iterator[Candidate]:
    """``out + x`` in a ``forward``: ``self.shortcut(x)``, made from the sizes that the block is made from."""
    node = bench.node
    sides: list[ast.expr] = []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = [node.left, node.right]
    elif isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        sides = [node.value]
    method = next((each for each in bench.above(bench.path, node) if isinstance(each, ast.FunctionDef)), None)
    owner = bench.parent(bench.path, method) if method is not None else None
    if not sides or method is None or not isinstance(owner, ast.ClassDef):
        return
    made = next((each for each in owner.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None)
    if made is None:
        return
    for side in sides:
        if not isinstance(side, ast.Name) or not _is_input(method, side.id):
            continue
        for call in _shortcuts(bench, made, rank):
            line = bench.line_after(bench.path, made.body[-1], f"self.shortcut = {call}")
            if line is not None:
                text = f"self.shortcut({side.id})"
                yield Candidate(f"{text}, {call}", [line, bench.replace(bench.path, side, text)], UNSAFE, 0)


def _is_input(method: ast.FunctionDef, name: str) -> bool:
    """Whether a variable is what the method was given: a parameter, or another name of one."""
    given = {each.arg for each in method.args.args[1:]}
    held = list(bound_to(method, name))
    return (name in given and not held) or any(isinstance(each, ast.Name) and each.id in given for each in held)


def _shortcuts(bench: Bench, made: ast.FunctionDef, rank: int) -> Iterator[str]:
    """The convolution from what the first one of the block takes to what the last one gives."""
    found: list[ast.Call] = []
    wanted = CONVOLUTIONS.get(rank, ("",))[0]
    for each in ast.walk(made):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and class_of(each) in (wanted, "Linear"):
            found.append(each)
    found.sort(key=lambda each: (each.lineno, each.col_offset))
    for name in dict.fromkeys((wanted, "Linear")):
        calls = [each for each in found if class_of(each) == name]
        linear = name == "Linear"
        taken = bench.argument(calls[0], "in_features" if linear else "in_channels", 0) if calls else None
        given = bench.argument(calls[-1], "out_features" if linear else "out_channels", 1) if calls else None
        if taken is None or given is None:
            continue
        first, last = bench.text(bench.path, taken), bench.text(bench.path, given)
        strides = [bench.argument(each, "stride", 3) for each in calls]
        stride = next((bench.text(bench.path, each) for each in strides if each is not None), "1")
        stride = "1" if linear else stride
        function = bench.text(bench.path, calls[0].func)
        library = bench.text(bench.path, calls[0].func.value)  # type: ignore[attr-defined]
        text = f"{function}({first}, {last})" if linear else f"{function}({first}, {last}, 1"
        if not linear:
            text += ")" if stride == "1" else f", stride={stride})"
        if first.isidentifier() and last.isidentifier():
            unlike = f"{first} != {last}" if stride == "1" else f"{stride} != 1 or {first} != {last}"
            text += f" if {unlike} else {library}.Identity()"
        yield text


def _layer(bench: Bench, shapes: list[Shape]) -> Iterator[Candidate]:
    """``Add()([x, shortcut])`` of Keras: the shortcut through a Conv2D of one pixel that has the filters of the other."""
    call = bench.node
    if not isinstance(call, ast.Call):
        return
    given = call.args[0] if call.args else None
    if not isinstance(given, (ast.List, ast.Tuple)) or len(given.elts) != 2:
        return
    maker = call.func if isinstance(call.func, ast.Call) else call
    ways = [len(bench.layers_of(value)) for value in bench.fault.values[:2]]
    if class_of(maker) not in ("add", "Add") or len(ways) < 2:
        return
    for number, at in enumerate((0, 1) if ways[0] < ways[1] else (1, 0)):
        own, other, node = shapes[at], shapes[1 - at], given.elts[at]
        name = CONVOLUTIONS.get(len(own), ("", "Dense"))[1]
        filters = other[-1]
        spelt = bench.spell(bench.path, maker, name)
        if spelt is None or not isinstance(filters, int) or own[-1] == filters:
            continue
        text = f"{filters}" if name == "Dense" else f"{filters}, 1"
        for _, path, layer in bench.layers_of(bench.fault.values[1 - at]):
            size = bench.argument(layer, "units" if name == "Dense" else "filters", 0)
            if class_of(layer) == name and size is not None and path == bench.path:
                text = bench.text(path, size) + ("" if name == "Dense" else ", 1")
                break
        steps = [
            a // b if isinstance(a, int) and isinstance(b, int) and b else 1 for a, b in zip(own[1:-1], other[1:-1])
        ]
        step = max(steps, default=1)
        if step > 1:
            text += f', strides={step}, padding="same"'
        new = f"{spelt[0]}({text})({bench.text(bench.path, node)})"
        yield Candidate(new, [bench.replace(bench.path, node, new), *spelt[1]], UNSAFE, number)
