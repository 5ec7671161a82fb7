"""Changes that several families share."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import SAFE, UNSAFE, Candidate
from foreshape.fixes.edits import Splice

if TYPE_CHECKING:
    from foreshape.domain.values import Value
    from foreshape.fixes.bench import Bench

RECURRENT: Final = frozenset({"LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D"})
CONVOLUTIONS: Final = frozenset({"Conv1D", "Conv2D", "Conv3D", "SeparableConv1D", "SeparableConv2D", "MaxPooling1D"})
CONVOLUTIONS_TOO: Final = frozenset(
    {"MaxPooling2D", "MaxPooling3D", "MaxPool1D", "MaxPool2D", "AveragePooling1D", "AveragePooling2D"}
)


def class_of(call: ast.Call) -> str:
    """The last name of what is called."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def recurrent_calls(bench: Bench, value: Value | None) -> Iterator[tuple[str, ast.Call]]:
    """The recurrent layers on the way of a value, the last one first; those inside a wrapper included."""
    for _, path, call in bench.layers_of(value):
        for inner in [call, *(each for each in call.args if isinstance(each, ast.Call))]:
            if class_of(inner) in RECURRENT:
                yield path, inner


def sequences_on(bench: Bench, path: str, call: ast.Call, likely: int = 0) -> Candidate | None:
    """A recurrent layer that gives every timestep."""
    held = bench.keyword(call, "return_sequences")
    if held is not None and isinstance(held.value, ast.Constant) and held.value.value is True:
        return None
    return Candidate("return_sequences=True", [bench.set_keyword(path, call, "return_sequences", "True")], SAFE, likely)


def sequences_off(bench: Bench, path: str, call: ast.Call, likely: int = 0) -> Candidate | None:
    """A recurrent layer that gives its last timestep only."""
    held = bench.keyword(call, "return_sequences")
    if held is None:
        return None
    return Candidate("return_sequences=False", [bench.replace(path, held.value, "False")], UNSAFE, likely)


def bound_to(scope: ast.AST | None, name: str, nested: bool = False) -> Iterator[ast.expr]:
    """The values that a scope assigns to a name, also as one of several; with ``nested``, functions and classes in it
    count as well."""
    pending = [] if scope is None else list(ast.iter_child_nodes(scope))
    while pending:
        node = pending.pop(0)
        if not nested and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value
                elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    for one, value in zip(target.elts, node.value.elts, strict=False):
                        if isinstance(one, ast.Name) and one.id == name:
                            yield value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            if node.value is not None:
                yield node.value
        pending.extend(ast.iter_child_nodes(node))


def assigned(bench: Bench, name: str) -> Iterator[ast.expr]:
    """The values that the failing file assigns to a name, in whatever scope."""
    return bound_to(bench.tree(bench.path), name, nested=True)


def import_added(bench: Bench, text: str) -> list[Splice]:
    """An import before the first one of the failing file; none where that cannot be a line of its own."""
    for node in bench.walk(bench.path):
        if isinstance(node, (ast.Import, ast.ImportFrom)) and getattr(node, "module", "") != "__future__":
            line = bench.line_before(bench.path, node, text)
            return [] if line is None else [line]
    return []


def literal_of(bench: Bench, path: str, name: str) -> ast.expr | None:
    """The number in ``name = 8`` where nothing else of the file binds the name."""
    if bench.sources.literal(path, name) is None:
        return None
    return next((each for each in bound_to(bench.tree(path), name, True) if isinstance(each, ast.Constant)), None)


def shown(bench: Bench, path: str, node: ast.AST, splice: Splice) -> str:
    """The call around a node as it is after the edit, short enough for a line."""
    for holder in bench.above(path, node):
        if isinstance(holder, ast.stmt):
            break
        if isinstance(holder, ast.Call):
            text = _edited(bench, path, holder, splice)
            return text if len(text) <= 60 and "\n" not in text else splice.text.strip()
    return splice.text.strip() or bench.text(path, node)


def _edited(bench: Bench, path: str, node: ast.AST, splice: Splice) -> str:
    row, column, end_row, _ = bench.sources.file(path).span(node)  # type: ignore[arg-type]
    text = bench.text(path, node)
    if row != end_row or splice.row != row or splice.end_row != row:
        return splice.text.strip()
    return text[: splice.column - column] + splice.text + text[splice.end_column - column :]


def indexed(bench: Bench, node: ast.expr, index: str, likely: int, grade: str = UNSAFE) -> Candidate:
    """``x`` as ``x[index]`` at the failing place."""
    title = f"{bench.text(bench.path, node)}[{index}]"
    return Candidate(title, [bench.part(bench.path, node, f"[{index}]")], grade, likely)


def wrapped(
    bench: Bench, path: str, node: ast.expr, before: str, after: str, likely: int, grade: str = UNSAFE
) -> Candidate:
    """``x`` as ``f(x)``."""
    text = f"{before}{bench.text(path, node)}{after}"
    return Candidate(text, [bench.replace(path, node, text)], grade, likely)


def same_padding(bench: Bench, value: Value | None, likely: int = 1) -> Iterator[Candidate]:
    """Convolutions on the way that keep their length: the last one, and all of them."""
    found: list[Splice] = []
    for _, path, call in bench.layers_of(value):
        if class_of(call) == "TimeDistributed" and call.args and isinstance(call.args[0], ast.Call):
            call = call.args[0]
        if class_of(call) not in CONVOLUTIONS and class_of(call) not in CONVOLUTIONS_TOO:
            continue
        held = bench.keyword(call, "padding")
        if held is not None and isinstance(held.value, ast.Constant) and held.value.value == "same":
            continue
        if class_of(call) == "Conv1D" and _causal_beside(bench, path, call):
            causal = bench.set_keyword(path, call, "padding", '"causal"')
            yield Candidate('padding="causal"', [causal], UNSAFE, likely - 1)
        one = bench.set_keyword(path, call, "padding", '"same"')
        found.append(one)
        yield Candidate('padding="same"', [one], UNSAFE, likely)
        if len(found) > 1:
            yield Candidate('padding="same"', list(found), UNSAFE, likely + 1)


def _causal_beside(bench: Bench, path: str, call: ast.Call) -> bool:
    """Whether the other Conv1D layers of the file look back only."""
    held = [
        bench.keyword(each, "padding") for each in bench.walk(path) if isinstance(each, ast.Call) and each is not call
    ]
    return any(
        each is not None and isinstance(each.value, ast.Constant) and each.value.value == "causal" for each in held
    )


def input_shapes(bench: Bench) -> Iterator[tuple[str, ast.expr, bool]]:
    """Where the shape of the model that is fed is declared: the expression, and whether it counts the batch axis."""
    declared = bench.told.declared_input()
    places: list[tuple[str, ast.AST]] = []
    if declared is not None and declared.origin is not None:
        places.append((declared.origin.path, declared.origin.node))
    for value in bench.fault.values:
        for step in bench.told.steps(value):
            made = bench.made_by(step)
            places.append(made if made is not None else (step.origin.path, step.origin.node))
    places += [made for each in bench.fault.layers if (made := bench.constructor(each)) is not None]
    places += [(bench.path, node) for node in bench.walk(bench.path) if isinstance(node, ast.Call)]
    seen: set[int] = set()
    for path, node in places:
        if not isinstance(node, ast.Call) or id(node) in seen:
            continue
        seen.add(id(node))
        plain = class_of(node) in ("Input", "InputLayer")
        for name, counted in (
            ("input_shape", False), ("shape", False), ("batch_input_shape", True), ("batch_shape", True)
        ):  # fmt: skip
            held = bench.argument(node, name, 0 if plain and name == "shape" else None)
            if held is not None and (plain or name not in ("shape", "batch_shape")):
                yield path, held, counted
        dimension = bench.keyword(node, "input_dim")
        if dimension is not None and class_of(node) != "Embedding":
            yield path, dimension.value, False
