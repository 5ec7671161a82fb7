"""Data of PyTorch programs: batches, loaders, splits, and labels for the loss."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.common import assigned, class_of
from foreshape.fixes.proposals.torch_collate import padded, samples
from foreshape.fixes.proposals.torch_places import (
    by_torch,
    calls_named,
    functional,
    message,
    operands,
    suffixed,
    swapped,
    with_suffix,
)

if TYPE_CHECKING:
    from foreshape.domain.values import Shape
    from foreshape.fixes.bench import Bench

SHORT_BATCH: Final = frozenset(
    {"single-value-norm", "state-shape", "reshape-size", "broadcast-mismatch", "label-shape", "join-mismatch"}
)


def propose(bench: Bench) -> Iterator[Candidate]:
    name = bench.fault.name
    if name == "feature-mismatch":
        yield from _transformed(bench)
    if name == "broadcast-mismatch":
        yield from _inverse(bench)
    if name == "index-range":
        yield from _windows(bench)
        yield from _subsets(bench)
        yield from _lengths(bench)
    if name in ("ragged-array", "value-conversion") and bench.module(bench.path, "torch") is not None:
        yield from _ragged(bench)
    if name == "cardinality":
        yield from _splits(bench)
    if name == "unpack-mismatch" or "lengths" in message(bench):
        yield from _order(bench)
    if name == "unpack-mismatch":
        yield from _collated_elsewhere(bench)
    if name == "join-mismatch":
        yield from _collated(bench)
        yield from _windows(bench)
    if name == "label-shape" and by_torch(bench):
        yield from _labels(bench)
    if name == "device-mismatch":
        yield from _devices(bench)
    if name in SHORT_BATCH and "stack expects" not in message(bench):
        yield from _whole_batches(bench)


def _whole_batches(bench: Bench) -> Iterator[Candidate]:
    """The short last batch left out."""
    likely = {"single-value-norm": 0, "broadcast-mismatch": -1}.get(bench.fault.name, 1)
    node = bench.node
    statement = bench.statement(bench.path, node) if node is not None else None
    called = node.func if isinstance(node, ast.Call) else None
    if bench.fault.name == "single-value-norm" and isinstance(called, ast.Name) and statement is not None:
        line = bench.line_before(bench.path, statement, f"{called.id}.eval()")
        if line is not None:
            yield Candidate(f"{called.id}.eval()", [line], UNSAFE, 2)
    every = [each for each in calls_named(bench, "DataLoader") if bench.keyword(each, "drop_last") is None]
    if len(every) > 1:
        edits = [bench.set_keyword(bench.path, each, "drop_last", "True") for each in every]
        yield Candidate("drop_last=True", edits, UNSAFE, likely + 1)
    for call in calls_named(bench, "DataLoader"):
        if bench.keyword(call, "drop_last") is None:
            yield Candidate(
                "drop_last=True", [bench.set_keyword(bench.path, call, "drop_last", "True")], UNSAFE, likely
            )


def _devices(bench: Bench) -> Iterator[Candidate]:
    """What is on another device brought to the one that the program chose, or to that of the other operand."""
    given = operands(bench)
    stored = {
        each.id for each in bench.walk(bench.path) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    for each in given:
        for name in ("device", "DEVICE", "dev"):
            if name in stored:
                yield suffixed(bench, each, f".to({name})", 0)
                yield from with_suffix(bench, each, f".to({name})", 1)
        for other in given:
            if other is not each and isinstance(other, (ast.Name, ast.Attribute)):
                yield suffixed(bench, each, f".to({bench.text(bench.path, other)}.device)", 2)


# -- labels ------------------------------------------------------------------------------------------------------------
def _labels(bench: Bench) -> Iterator[Candidate]:
    labels: Shape = bench.fault.labels  # type: ignore[attr-defined]
    scores: Shape = bench.fault.predictions  # type: ignore[attr-defined]
    node = bench.node
    if len(scores) == 1 and len(labels) == 1 and bench.fault.loss in ("cross_entropy", "nll_loss"):  # type: ignore[attr-defined]
        yield from _one_sample(bench)
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return
    first, second = node.args[:2]
    if "input_lengths" in message(bench) and len(node.args) > 2:
        torch = bench.module(bench.path, "torch") or "torch"
        made = bench.text(bench.path, first)
        text = f"{torch}.full(({made}.size(1),), {made}.size(0), dtype={torch}.long)"
        yield suffixed(bench, first, ".transpose(0, 1)", 0)
        yield swapped(bench, node.args[2], text, 0)
        return
    classes = bench.fault.loss in ("cross_entropy", "nll_loss")  # type: ignore[attr-defined]
    if classes and len(labels) == 1 == len(scores):
        for value in bench.fault.values:
            for step in reversed(bench.told.steps(value)):
                if isinstance(step.origin.node, ast.Subscript) and isinstance(step.origin.node.slice, ast.UnaryOp):
                    held = bench.text(step.origin.path, step.origin.node.value)
                    yield swapped(bench, step.origin.node, held, -1, step.origin.path)
    name = functional(bench)
    if not classes and name is not None and len(scores) == len(labels) + 1 and isinstance(scores[-1], int):
        held = bench.text(bench.path, second)
        plain = held[: -len(".float()")] if held.endswith(".float()") else held
        if scores[-1] > 1:
            yield from _one_output(bench, first, scores[-1])
            yield swapped(bench, second, f"{name}.one_hot({plain}, {scores[-1]}).float()", 0)
    if classes and len(labels) == 2 and len(scores) == 2:
        yield suffixed(bench, second, ".flatten()", 1)
    if classes and len(labels) == 1 and len(scores) == 3:
        yield suffixed(bench, first, ".flatten(0, 1)", 0)
    if classes and labels and scores and isinstance(labels[0], int) and isinstance(scores[0], int) and labels[0]:
        if scores[0] > labels[0] and not scores[0] % labels[0]:
            yield suffixed(bench, second, f".repeat({scores[0] // labels[0]})", 1)
    if labels and labels[-1] == 1:
        yield from with_suffix(bench, second, ".squeeze(-1)", 0)
        if isinstance(second, ast.Subscript) and isinstance(second.value, ast.Name):
            for where in assigned(bench, second.value.id):
                yield suffixed(bench, where, ".squeeze(-1)", 0)
    yield from _shortened(bench, first, second)


def _one_sample(bench: Bench) -> Iterator[Candidate]:
    """Scores of one sample and labels of a batch of one: both with the axis of the batch, or both without it."""
    for value, takes, gives in zip(bench.fault.values, ("unsqueeze", "squeeze"), ("squeeze", "unsqueeze")):
        origin = value.origin
        if origin is None or not isinstance(origin.node, ast.expr) or bench.tree(origin.path) is None:
            continue
        made = origin.node
        if isinstance(made, ast.Call) and isinstance(made.func, ast.Attribute) and class_of(made) == takes:
            plain = bench.text(origin.path, made.func.value)
            yield swapped(bench, made, plain, 0, origin.path)
        elif isinstance(made, (ast.Call, ast.Subscript)):
            yield suffixed(bench, made, f".{gives}(0)", 1, origin.path)


def _one_output(bench: Bench, scores: ast.expr, width: int) -> Iterator[Candidate]:
    """One output where two classes are told apart by one probability, without its axis."""
    for _, path, call in bench.layers_of(bench.fault.values[1])[:3] if len(bench.fault.values) > 1 else ():
        inner = [each for each in ast.walk(call) if isinstance(each, ast.Call) and class_of(each) == "Linear"]
        size = bench.argument(inner[-1], "out_features", 1) if inner else None
        if isinstance(size, ast.Constant) and size.value == width == 2:
            edits = [bench.replace(path, size, "1"), bench.part(bench.path, scores, ".squeeze(-1)")]
            yield Candidate("out_features=1 and .squeeze(-1)", edits, UNSAFE, 0)
            return


def _shortened(bench: Bench, first: ast.expr, second: ast.expr) -> Iterator[Candidate]:
    """Steps of the one that the other does not have: cut before both are flattened.

    Where the model is given all but the last, the labels are all but the first."""
    for one, other in ((second, first), (first, second)):
        base = one.func.value if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) else one
        if isinstance(base, ast.Name):
            for each in ast.walk(other):  # cut as the other one is
                if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Slice):
                    yield suffixed(bench, base, f"[{bench.text(bench.path, each.slice)}]", -1)
    for one in (first, second):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute):
            if class_of(one) in ("flatten", "view", "reshape", "transpose", "permute"):
                for number, text in enumerate(_ends(bench, one.func.value)):
                    yield suffixed(bench, one.func.value, text, 1 + number)
        elif isinstance(one, ast.Name):
            for text in _ends(bench, one):
                yield suffixed(bench, one, text, 2)


def _ends(bench: Bench, node: ast.expr) -> list[str]:
    """The cuts of a sequence that may be meant: not the one that the model is given."""
    held = bench.text(bench.path, node)
    used = {
        bench.text(bench.path, each)[len(held) :].replace(" ", "")
        for each in bench.walk(bench.path)
        if isinstance(each, ast.Subscript) and bench.text(bench.path, each.value) == held
    }
    ends = {"[:, :-1]": "[:,:-1]", "[:, 1:]": "[:,1:]"}
    return [text for text, short in ends.items() if short not in used] or list(ends)


# -- data sets ---------------------------------------------------------------------------------------------------------
def _collated(bench: Bench) -> Iterator[Candidate]:
    """Samples of unequal size: the function of the file that pads them, or one that does."""
    if not any(word in message(bench) for word in ("each tensor to be equal size", "stack expects", "resize")):
        return
    functions = [
        each.name
        for each in bench.walk(bench.path)
        if isinstance(each, ast.FunctionDef) and ("collate" in each.name or "pad" in each.name)
    ]
    for call in calls_named(bench, "DataLoader"):
        if bench.keyword(call, "collate_fn") is not None:
            continue
        for name in functions:
            yield Candidate(f"collate_fn={name}", [bench.set_keyword(bench.path, call, "collate_fn", name)], UNSAFE, -1)
        torch = bench.module(bench.path, "torch")
        if torch is not None and not any(samples(bench)):
            pad = bench.module(bench.path, "torch.nn.utils.rnn.pad_sequence") or f"{torch}.nn.utils.rnn.pad_sequence"
            for made in (
                f"lambda batch: {pad}(batch, batch_first=True)",
                f"lambda batch: ({pad}([x for x, _ in batch], batch_first=True), {torch}.tensor([y for _, y in batch]))",
                f"lambda batch: ({pad}([x for x, _ in batch], batch_first=True), {torch}.stack([y for _, y in batch]))",
            ):
                one = bench.set_keyword(bench.path, call, "collate_fn", made)
                yield Candidate(f"collate_fn={made}", [one], UNSAFE, 1)
    yield from padded(bench)
    node = bench.node
    if isinstance(node, ast.Call) and class_of(node) == "stack" and node.args:
        torch = bench.module(bench.path, "torch")
        name = bench.module(bench.path, "torch.nn.utils.rnn.pad_sequence") or f"{torch}.nn.utils.rnn.pad_sequence"
        held = bench.text(bench.path, node.args[0])
        yield swapped(bench, node, f"{name}({held}, batch_first=True)", 0)


def _collated_elsewhere(bench: Bench) -> Iterator[Candidate]:
    """A loader without the ``collate_fn`` that the other loaders of the file have."""
    every = list(calls_named(bench, "DataLoader"))
    held = [given.value for each in every if (given := bench.keyword(each, "collate_fn")) is not None]
    for name in dict.fromkeys(bench.text(bench.path, each) for each in held):
        for call in every:
            if bench.keyword(call, "collate_fn") is None:
                one = bench.set_keyword(bench.path, call, "collate_fn", name)
                yield Candidate(f"collate_fn={name}", [one], UNSAFE, -1)


def _ragged(bench: Bench) -> Iterator[Candidate]:
    """Rows of unequal length padded; batches of unequal size joined."""
    node = bench.node
    torch = bench.module(bench.path, "torch")
    if not isinstance(node, ast.Call) or not node.args:
        return
    held = bench.text(bench.path, node.args[0])
    if class_of(node) in ("tensor", "as_tensor", "LongTensor", "FloatTensor", "Tensor") and len(node.args) == 1:
        pad = bench.module(bench.path, "torch.nn.utils.rnn.pad_sequence") or f"{torch}.nn.utils.rnn.pad_sequence"
        made = bench.text(bench.path, node.func)
        given = ", ".join(["row", *(bench.text(bench.path, each) for each in node.keywords)])
        yield swapped(bench, node, f"{pad}([{made}({given}) for row in {held}], batch_first=True)", -1)
    numpy = bench.module(bench.path, "numpy")
    if numpy is not None and class_of(node) in ("array", "asarray", "stack"):
        pad = bench.module(bench.path, "torch.nn.utils.rnn.pad_sequence") or f"{torch}.nn.utils.rnn.pad_sequence"
        outer = bench.parent(bench.path, node)
        if isinstance(outer, ast.Call) and class_of(outer) in (
            "tensor",
            "as_tensor",
            "FloatTensor",
            "LongTensor",
            "Tensor",
        ):
            given = ", ".join(["row", *(bench.text(bench.path, each) for each in outer.keywords)])
            row = f"{bench.text(bench.path, outer.func)}({given})"
            yield swapped(bench, outer, f"{pad}([{row} for row in {held}], batch_first=True)", -1)
        yield swapped(bench, node, f"{numpy}.concatenate({held})", 0)


def _windows(bench: Bench) -> Iterator[Candidate]:
    """A ``__len__`` that counts windows which run past the end."""
    for each in bench.walk(bench.path):
        if not isinstance(each, ast.ClassDef):
            continue
        methods = {inner.name: inner for inner in each.body if isinstance(inner, ast.FunctionDef)}
        if "__len__" not in methods or "__getitem__" not in methods:
            continue
        result = methods["__len__"].body[-1]
        if not isinstance(result, ast.Return) or result.value is None:
            continue
        held = bench.text(bench.path, result.value)
        for added in _reaches(bench, methods["__getitem__"]):
            missing = [each for each in added if each not in _taken_off(bench, result.value)] or added
            less = f"{held} - {' - '.join(missing)}"
            beyond = 1 if bench.fault.name == "index-range" else 0
            yield swapped(bench, result.value, f"{less} + 1", beyond - 1)
            yield swapped(bench, result.value, less, -beyond)


def _taken_off(bench: Bench, node: ast.expr) -> list[str]:
    """What is subtracted already: of ``len(x) - steps`` the steps."""
    found: list[str] = []
    while isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Sub):
            found.append(bench.text(bench.path, node.right))
        node = node.left
    return found


def _reaches(bench: Bench, method: ast.FunctionDef) -> list[list[str]]:
    """What is added to the index in the ends of slices and in single places, the most first."""
    found: list[list[str]] = []
    index = method.args.args[-1].arg
    ends: list[ast.expr] = [each.upper for each in ast.walk(method) if isinstance(each, ast.Slice) and each.upper]
    for each in ast.walk(method):
        if isinstance(each, ast.Subscript):
            ends += each.slice.elts if isinstance(each.slice, ast.Tuple) else [each.slice]
    for end in ends:
        if not isinstance(end, ast.BinOp):
            continue
        parts: list[ast.expr] = []
        pending: list[ast.expr] = [end]
        while pending:
            node = pending.pop()
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                pending += [node.right, node.left]
            else:
                parts.append(node)
        texts = [bench.text(bench.path, part) for part in parts]
        if index in texts and len(texts) > 1:
            found.append([text for text in texts if text != index])
    return sorted(found, key=lambda added: -len(added))


def _subsets(bench: Bench) -> Iterator[Candidate]:
    """Indices that count in the data set that a subset was taken from."""
    made = {
        target.id: each.value
        for each in bench.walk(bench.path)
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call) and class_of(each.value) == "Subset"
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    for call in calls_named(bench, "Subset", "SubsetRandomSampler"):
        given = call.args[0] if call.args else None
        if isinstance(given, ast.Name) and given.id in made and made[given.id].args:
            yield swapped(bench, given, bench.text(bench.path, made[given.id].args[0]), 0)


def _lengths(bench: Bench) -> Iterator[Candidate]:
    """Lengths beyond what was padded."""
    for call in calls_named(bench, "pack_padded_sequence"):
        lengths = bench.argument(call, "lengths", 1)
        padded = bench.argument(call, "input", 0)
        if lengths is None or padded is None:
            continue
        inner = padded.args[0] if isinstance(padded, ast.Call) and len(padded.args) == 1 else padded
        yield suffixed(bench, lengths, f".clamp(max={bench.text(bench.path, inner)}.size(1))", 0)


def _splits(bench: Bench) -> Iterator[Candidate]:
    """The last part of a split takes what is left; arrays of two lengths are cut to the shorter."""
    for call in calls_named(bench, "random_split"):
        data = bench.argument(call, "dataset", 0)
        lengths = bench.argument(call, "lengths", 1)
        if data is None or not isinstance(lengths, (ast.List, ast.Tuple)) or len(lengths.elts) < 2:
            continue
        held = bench.text(bench.path, data)
        rest = " - ".join(bench.text(bench.path, each) for each in lengths.elts[:-1])
        yield swapped(bench, lengths.elts[-1], f"len({held}) - {rest}", -1)


def _order(bench: Bench) -> Iterator[Candidate]:
    """What a ``collate_fn`` gives, unpacked in its own order."""
    orders = []
    for each in bench.walk(bench.path):
        if isinstance(each, ast.Return) and isinstance(each.value, ast.Tuple):
            orders.append([_core(part) for part in each.value.elts])
    for loop in bench.walk(bench.path):
        if not isinstance(loop, ast.For) or not isinstance(loop.target, ast.Tuple):
            continue
        names = [each.id if isinstance(each, ast.Name) else "" for each in loop.target.elts]
        for order in orders:
            if sorted(order) == sorted(names) and order != names:
                text = ", ".join(order)
                yield Candidate(f"for {text} in ...", [bench.replace(bench.path, loop.target, text)], UNSAFE, -1)


def _core(node: ast.expr) -> str:
    """The variable that an expression is made of."""
    names = [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
    if isinstance(node, ast.Name):
        return node.id
    return names[-1] if names else ""


def _transformed(bench: Bench) -> Iterator[Candidate]:
    """Data that did not get the ``transform`` that the training data got."""
    steps = [step for value in bench.fault.values for step in bench.told.steps(value)]
    names: dict[str, None] = {}
    for step in steps:
        for each in ast.walk(step.origin.node):
            if isinstance(each, ast.Name):
                names[each.id] = None
        if step.origin.name:
            names[step.origin.name] = None
    for statement in bench.walk(bench.path):
        if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
            continue
        call, target = statement.value, statement.targets[0]
        if class_of(call) not in ("transform", "fit_transform") or not isinstance(call.func, ast.Attribute):
            continue
        if not isinstance(target, ast.Name) or not call.args or bench.text(bench.path, call.args[0]) != target.id:
            continue
        for name in [*names, *_bound_with(bench, target.id)]:
            if name == target.id:
                continue
            row, column, end_row, end_column = bench.sources.file(bench.path).span(statement)
            indent = bench.sources.line(bench.path, row)[: column - 1]
            text = f"{name} = {bench.text(bench.path, call.func.value)}.transform({name})"
            one = Splice(bench.path, end_row, end_column, end_row, end_column, f"\n{indent}{text}")
            yield Candidate(text, [one], UNSAFE, -1)


def _bound_with(bench: Bench, name: str) -> Iterator[str]:
    """The other names of an assignment that a name is bound in: ``train, test = split(...)``."""
    for each in bench.walk(bench.path):
        if isinstance(each, ast.Tuple) and isinstance(each.ctx, ast.Store):
            held = [part.id for part in each.elts if isinstance(part, ast.Name)]
            if name in held:
                yield from (other for other in held if other != name)


def _inverse(bench: Bench) -> Iterator[Candidate]:
    """One column given back to a scaler that was fitted on several."""
    numpy = bench.module(bench.path, "numpy")
    node = bench.node
    shapes: tuple[Shape, ...] = bench.fault.shapes  # type: ignore[attr-defined]
    width = max((shape[-1] for shape in shapes if shape and isinstance(shape[-1], int)), default=1)
    if numpy is None or not isinstance(node, ast.Call) or class_of(node) != "inverse_transform" or not node.args:
        return
    if isinstance(node.func, ast.Attribute):
        own = bench.text(bench.path, node.func.value)
        fitted = {
            bench.text(bench.path, each.func.value): None
            for each in calls_named(bench, "fit", "fit_transform")
            if isinstance(each.func, ast.Attribute) and isinstance(each.func.value, (ast.Name, ast.Attribute))
        }
        for name in fitted:
            if name != own:
                yield swapped(bench, node.func.value, name, -1)
    if width > 1 and isinstance(node.func, ast.Attribute):
        held = bench.text(bench.path, node.args[0])
        whole = bench.text(bench.path, node.func)
        for column, likely in ((_column(bench, node.func.value, width), 0), (":1", 1)):
            if column:
                text = f"{whole}({numpy}.repeat({held}, {width}, axis=1))[:, {column}]"
                yield swapped(bench, node, text, likely)


def _column(bench: Bench, scaler: ast.expr, width: int) -> str:
    """The column of the scaled table that the program takes apart from it as what is predicted; "" if that is not
    one."""
    held = bench.text(bench.path, scaler)
    scaled = {
        target.id
        for each in bench.walk(bench.path)
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call) and isinstance(each.value.func, ast.Attribute)
        if class_of(each.value) in ("fit_transform", "transform") and bench.text(bench.path, each.value.func.value) == held
        for target in each.targets
        if isinstance(target, ast.Name)
    }  # fmt: skip
    found: set[int] = set()
    for each in bench.walk(bench.path):
        if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Tuple) and isinstance(each.value, ast.Name):
            last = each.slice.elts[-1]
            number = last.operand if isinstance(last, ast.UnaryOp) and isinstance(last.op, ast.USub) else last
            if each.value.id in scaled and isinstance(number, ast.Constant) and isinstance(number.value, int):
                found.add(width - number.value if number is not last else number.value)
    column = found.pop() if len(found) == 1 else -1
    return f"{column}:{column + 1}" if 0 < column < width else ""
