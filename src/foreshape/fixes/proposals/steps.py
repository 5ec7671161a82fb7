"""Sequence models of Keras: what each timestep is wrapped in, who attends to whom, labels left out or counted from one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.domain.values import Array
from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import class_of
from foreshape.fixes.proposals.numbers import resized, value_of

if TYPE_CHECKING:
    from foreshape.domain.values import Shape, Value
    from foreshape.fixes.bench import Bench

ATTENTION: Final = frozenset({"Attention", "AdditiveAttention"})
DEEPEST: Final = 8
MOST_BEGUN: Final = 2
MOST_CROPPED: Final = 8
STEPWISE: Final = frozenset({"TimeDistributed", "ConvLSTM1D", "ConvLSTM2D"})
Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def propose(bench: Bench) -> Iterator[Candidate]:
    name = bench.fault.name
    if name == "rank-mismatch":
        yield from _flattened_stepwise(bench)
    elif name == "join-mismatch":
        yield from _queries(bench)
    elif name == "broadcast-mismatch":
        yield from _queries(bench)
        yield from _permuted(bench)
        yield from _units_inside(bench)
        yield from _fitted_columns(bench)
    elif name == "cardinality":
        yield from _begun_elsewhere(bench)
    elif name == "unsupported-data":
        yield from _labels_left_out(bench)
    elif name == "label-shape":
        yield from _counted_from_one(bench)
        yield from _cropped(bench)
    elif name == "state-shape":
        yield from _as_the_state(bench)
    elif name == "unpack-mismatch":
        yield from _one_tensor(bench)
    elif name == "reshape-mixes-axes":
        yield from _turned(bench)


def _flattened_stepwise(bench: Bench) -> Iterator[Candidate]:
    """``Flatten()`` behind layers that work on every timestep: one row for each of them."""
    value = bench.told.value()
    steps = bench.told.steps(value)
    if getattr(bench.fault, "needs", None) != 3:
        return
    found = bench.layers_of(value)
    for number, (step, path, call) in enumerate(found):
        position = steps.index(step)
        before = steps[position - 1].shape if position else None
        if class_of(call) != "Flatten" or before is None or len(before) < 4:
            continue
        stepwise = any(class_of(each) in STEPWISE for _, _, each in found[number + 1 :])
        spelt = bench.spell(path, call, "TimeDistributed")
        if stepwise and spelt is not None:
            text = f"{spelt[0]}({bench.text(path, call)})"
            yield Candidate(text, [bench.replace(path, call, text), *spelt[1]], UNSAFE, -1)


def _queries(bench: Bench) -> Iterator[Candidate]:
    """``Attention()([encoder, decoder])``: it gives as many steps as its query has, which comes first."""
    for value in bench.fault.values:
        yield from _named_queries(bench, value)
        for _, path, call in bench.layers_of(value)[:1]:
            holder = bench.parent(path, call)
            if class_of(call) not in ATTENTION or not isinstance(holder, ast.Call) or holder.func is not call:
                continue
            given = holder.args[0] if len(holder.args) == 1 else None
            if isinstance(given, (ast.List, ast.Tuple)) and len(given.elts) == 2:
                one, other = (bench.text(path, each) for each in given.elts)
                edits = [bench.replace(path, given.elts[0], other), bench.replace(path, given.elts[1], one)]
                yield Candidate(f"[{other}, {one}]", edits, UNSAFE, -1)


def _named_queries(bench: Bench, value: Value) -> Iterator[Candidate]:
    """``mha(query=context, value=x)``: the same of a layer that takes them one by one."""
    for step in reversed(bench.told.steps(value)[-3:]):
        made = bench.made_by(step)
        node, path = step.origin.node, step.origin.path
        if made is None or class_of(made[1]) != "MultiHeadAttention" or not isinstance(node, ast.Call):
            continue
        query, other = bench.argument(node, "query", 0), bench.argument(node, "value", 1)
        if query is None or other is None or bench.argument(node, "key", 2) is not None:
            return
        one, two = bench.text(path, query), bench.text(path, other)
        if one != two:
            edits = [bench.replace(path, query, two), bench.replace(path, other, one)]
            yield Candidate(f"query={two}, value={one}", edits, UNSAFE, -1)
        return


def _permuted(bench: Bench) -> Iterator[Candidate]:
    """Weights of the timesteps that RepeatVector has put behind the features: (features, steps) turned."""
    node, fault = bench.node, bench.fault
    shapes: tuple[Shape, ...] = getattr(fault, "shapes", ())
    if len(shapes) != 2:
        return
    left, right = shapes
    turned = len(left) == len(right) >= 2 and [str(each) for each in left[-2:]] == [str(each) for each in right[:-3:-1]]
    if not turned or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Call):
        return
    spelt = bench.spell(bench.path, node.func, "Permute")
    parts = node.args[0].elts if node.args and isinstance(node.args[0], (ast.List, ast.Tuple)) else []
    if spelt is None:
        return
    for part in parts:
        value = next(
            (each for each in fault.values if each.origin and each.origin.name == getattr(part, "id", "")), None
        )
        repeated = any(class_of(call) == "RepeatVector" for _, _, call in bench.layers_of(value))
        new = f"{spelt[0]}((2, 1))({bench.text(bench.path, part)})"
        yield Candidate(new, [bench.replace(bench.path, part, new), *spelt[1]], UNSAFE, -1 if repeated else 0)


def _units_inside(bench: Bench) -> Iterator[Candidate]:
    """``x + self.ffn(x)``: the last layer of a Sequential of the same class gives as many features as the other operand."""
    shapes = [bench.told.shape_of(each) for each in bench.fault.values[:2]]
    own_class = next((each for each in bench.above(bench.path, bench.node) if isinstance(each, ast.ClassDef)), None)
    if len(shapes) != 2 or own_class is None:
        return
    for own, other in (shapes, reversed(shapes)):
        now, wanted = (own or (None,))[-1], (other or (None,))[-1]
        if not isinstance(now, int) or not isinstance(wanted, int) or now == wanted:
            continue
        for made in ast.walk(own_class):
            held = made.args[0] if isinstance(made, ast.Call) and class_of(made) == "Sequential" and made.args else None
            last = held.elts[-1] if isinstance(held, ast.List) and held.elts else None
            units = (
                bench.argument(last, "units", 0) if isinstance(last, ast.Call) and class_of(last) == "Dense" else None
            )
            if units is not None and value_of(bench, bench.path, units) == now:
                yield from resized(bench, bench.path, units, wanted, now, 0)


def _fitted_columns(bench: Bench) -> Iterator[Candidate]:
    """As many columns as the scaler was fitted on, of an array that has more."""
    node = bench.node
    if not isinstance(node, ast.Call) or class_of(node) not in ("transform", "inverse_transform") or not node.args:
        return
    shapes = getattr(bench.fault, "shapes", ())
    shape = bench.told.shape_of(bench.told.value())
    size = shapes[-1][-1] if shapes and shapes[-1] else None
    if (
        isinstance(size, int)
        and shape is not None
        and len(shape) == 2
        and isinstance(shape[1], int)
        and shape[1] > size
    ):
        text = f"[:, :{size}]"
        title = f"{bench.text(bench.path, node.args[0])}{text}"
        yield Candidate(title, [bench.part(bench.path, node.args[0], text)], UNSAFE, -1)


def _begun_elsewhere(bench: Bench) -> Iterator[Candidate]:
    """``y = series[n + 1:]`` beside windows of n: begun one row earlier, rather than a window thrown away."""
    sizes = [size for _, size in bench.fault.sizes if isinstance(size, int)]  # type: ignore[attr-defined]
    if len(sizes) < 2 or max(sizes) - min(sizes) > MOST_BEGUN:
        return
    gap = max(sizes) - min(sizes)
    for node in bench.walk(bench.path):
        held = node.value if isinstance(node, ast.Assign) else None
        if isinstance(held, ast.Subscript) and isinstance(held.slice, ast.Slice) and held.slice.upper is None:
            begin = held.slice.lower
            if isinstance(begin, ast.BinOp) and isinstance(begin.op, (ast.Add, ast.Sub)):
                one = bench.number(bench.path, begin, -gap, 0)
                if isinstance(begin.right, ast.Constant) and one is not None:
                    yield Candidate(f"{bench.text(bench.path, held.value)}[{one.text}:]", [one], UNSAFE, -1)


def _cropped(bench: Bench) -> Iterator[Candidate]:
    """A decoder that gives a few steps more than there are: strides round up, so that the way back is longer."""
    labels, predictions = bench.fault.labels, bench.fault.predictions  # type: ignore[attr-defined]
    if len(labels) != len(predictions) or len(labels) != 3:
        return
    now, wanted = predictions[1], labels[1]
    value = next((each for each in reversed(bench.fault.values) if bench.layers_of(each)), None)
    found = bench.layers_of(value)
    decodes = any(class_of(call) in ("UpSampling1D", "Conv1DTranspose") for _, _, call in found)
    if not isinstance(now, int) or not isinstance(wanted, int) or not 0 < now - wanted <= MOST_CROPPED or not decodes:
        return
    _, path, call = found[0]
    spelt = bench.spell(path, call, "Cropping1D")
    if spelt is None:
        return
    new = f"{spelt[0]}((0, {now - wanted}))"
    holder = bench.parent(path, call)
    one = None
    if isinstance(holder, ast.List):
        one = bench.after(path, call, f", {new}")
    elif isinstance(holder, ast.Call) and holder.func is call:
        one = bench.replace(path, holder, f"{new}({bench.text(path, holder)})")
    elif isinstance(holder, ast.Call) and isinstance(holder.func, ast.Attribute) and holder.func.attr == "add":
        statement = bench.parent(path, holder)
        if isinstance(statement, ast.Expr):
            one = bench.line_after(path, statement, f"{bench.text(path, holder.func)}({new})")
    if one is not None:
        yield Candidate(new, [one, *spelt[1]], UNSAFE, -1)


def _labels_left_out(bench: Bench) -> Iterator[Candidate]:
    """A generator that fills labels and returns its inputs alone."""
    if getattr(bench.fault, "given", "") != "no labels" or not bench.fault.values:
        return
    made = bench.fault.values[0].origin
    path = bench.path if made is None else made.path
    for function in bench.walk(path):
        if not isinstance(function, Function):
            continue
        for node in ast.walk(function):
            if not isinstance(node, (ast.Return, ast.Yield)) or not isinstance(node.value, ast.Name):
                continue
            if made is None or made.name != node.value.id:
                continue
            for name in _filled_only(function):
                if name != node.value.id:
                    title = f"{node.value.id}, {name}"
                    yield Candidate(title, [bench.after(path, node.value, f", {name}")], UNSAFE, 0)


def _filled_only(function: ast.AST) -> Iterator[str]:
    """The names that a function gives values to and never reads, but to put something into them."""
    written: dict[str, None] = {}
    read: set[str] = set()
    filled: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
            filled.add(id(node.value))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "append":
            filled.add(id(node.func.value))
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                written[node.id] = None
            elif id(node) not in filled:
                read.add(node.id)
    yield from (name for name in written if name not in read)


def _counted_from_one(bench: Bench) -> Iterator[Candidate]:
    """``to_categorical`` of classes 1 to n makes n + 1 columns, the first of them never used."""
    labels, predictions = bench.fault.labels, bench.fault.predictions  # type: ignore[attr-defined]
    if len(labels) != len(predictions) or not labels or not isinstance(labels[-1], int):
        return
    for value in bench.fault.values:
        held: Value | None = value
        for _ in range(DEEPEST):
            origin = held.origin if isinstance(held, Array) else None
            given = None if origin is None else next((each for each in origin.inputs if isinstance(each, Array)), None)
            if origin is None or given is None:
                break
            node, least = origin.node, given.lo
            again = given.origin is not None and given.origin.node is node  # its batches come from the same call
            if isinstance(node, ast.Call) and class_of(node) == "to_categorical" and node.args and not again:
                if isinstance(least, int) and least > 0 and labels[-1] - least == predictions[-1]:
                    less = bench.after(origin.path, node.args[0], f" - {least}")
                    yield Candidate(f"{bench.text(origin.path, node.args[0])} - {least}", [less], UNSAFE, -1)
                break
            held = given


def _as_the_state(bench: Bench) -> Iterator[Candidate]:
    """A decoder with as many units as the states that it is given."""
    fault = bench.fault
    layer = bench.layer()
    needs, got = getattr(fault, "needs", ()), getattr(fault, "got", ())
    if layer is None or not needs or not got or not needs[0] or not got[0]:
        return
    wanted, now = got[0][-1], needs[0][-1]
    units = bench.argument(layer[1], "units", 0)
    if units is not None and isinstance(wanted, int) and isinstance(now, int) and wanted != now:
        yield from resized(bench, layer[0], units, wanted, now, 0)


def _one_tensor(bench: Bench) -> Iterator[Candidate]:
    """``x, y = data`` of a step that is given inputs alone."""
    node = bench.node
    statement = node if isinstance(node, ast.Assign) else None
    if not getattr(bench.fault, "of_graph", False):
        return
    if statement is None:  # Keras 2: the call of fit is what fails
        made = bench.fault.values[0].origin
        statement = next(
            (
                each
                for each in bench.walk(bench.path)
                if isinstance(each, ast.Assign)
                and isinstance(each.targets[0], ast.Tuple)
                and isinstance(each.value, ast.Name)
                and made is not None
                and each.value.id == made.name
            ),
            None,
        )
    if statement is None or not isinstance(statement.targets[0], (ast.Tuple, ast.List)):
        return
    first = bench.text(bench.path, statement.targets[0].elts[0])
    title = f"{first} = {bench.text(bench.path, statement.value)}"
    yield Candidate(title, [bench.replace(bench.path, statement.targets[0], first)], UNSAFE, 0)


def _turned(bench: Bench) -> Iterator[Candidate]:
    """A transpose in place of a reshape, of NumPy or TensorFlow."""
    fault, node = bench.fault, bench.node
    value = fault.values[0] if fault.values else None
    if not isinstance(value, Array) or value.kind == "torch" or not isinstance(node, ast.Call):
        return
    before, after = fault.before, fault.after  # type: ignore[attr-defined]
    order = list(range(len(before)))
    order.insert(fault.target, order.pop(fault.source))  # type: ignore[attr-defined]
    if [str(before[axis]) for axis in order] != [str(size) for size in after]:
        return
    text = f"({', '.join(map(str, order))})"
    function = node.func
    if class_of(node) == "Reshape" or not isinstance(function, ast.Attribute) or function.attr != "reshape":
        return
    owner = bench.text(bench.path, function.value)
    modules = (bench.module(bench.path, "numpy"), bench.module(bench.path, "tensorflow"))
    if owner in modules:
        given = bench.text(bench.path, node.args[0]) if node.args else ""
        new = f"{owner}.transpose({given}, {text})"
    else:
        new = f"{owner}.transpose({text})"
    if owner or node.args:
        yield Candidate(new, [bench.replace(bench.path, node, new)], UNSAFE, 0)
