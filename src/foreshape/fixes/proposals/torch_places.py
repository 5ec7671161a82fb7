"""Where a fault of PyTorch can be mended: the operands of the failing call, what is assigned to them, who hands them in."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.proposals.common import bound_to, class_of, shown

if TYPE_CHECKING:
    from foreshape.domain.values import Shape, Value
    from foreshape.fixes.bench import Bench


def by_torch(bench: Bench) -> bool:
    """Whether PyTorch raises it."""
    raises = bench.fault.raises
    return raises is not None and raises.by.startswith("torch")


def message(bench: Bench) -> str:
    """What is printed."""
    return "" if bench.fault.raises is None else bench.fault.raises.message


def operands(bench: Bench) -> list[ast.expr]:
    """The expressions that the failing one works on: both sides, the object of a method, arguments, elements of lists."""
    node: ast.AST | None = bench.node
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.AugAssign):
        return [node.target, node.value]
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Subscript):
        return [node.value]
    if not isinstance(node, ast.Call):
        return []
    found: list[ast.expr] = []
    if isinstance(node.func, ast.Attribute) and is_tensor_method(bench, node):
        found.append(node.func.value)
    for each in [
        *node.args,
        *(each.value for each in node.keywords if each.arg in ("input", "target", "query", "key")),
    ]:
        if isinstance(each, (ast.List, ast.Tuple)):
            found.extend(each.elts)
        elif not isinstance(each, (ast.Constant, ast.Starred)):
            found.append(each)
    return found


def is_tensor_method(bench: Bench, call: ast.Call) -> bool:
    """Whether the function is a method of a value rather than of a library, ``self.layer`` or a class."""
    function = call.func
    if not isinstance(function, ast.Attribute):
        return False
    base: ast.expr = function.value
    while isinstance(base, ast.Attribute):
        base = base.value
    if isinstance(base, ast.Name):
        if base.id == "self" and function.value is base:
            return False
        return not any(
            isinstance(each, (ast.Import, ast.ImportFrom))
            and any((alias.asname or alias.name).split(".")[0] == base.id for alias in each.names)
            for each in bench.walk(bench.path)
        )
    return True


def suffixed(bench: Bench, node: ast.expr, text: str, likely: int, path: str | None = None) -> Candidate:
    """``x`` as ``x.text``."""
    where = path or bench.path
    one = bench.part(where, node, text)
    title = shown(bench, where, node, one)
    return Candidate(title, [one], UNSAFE, likely)


def swapped(
    bench: Bench, node: ast.AST, text: str, likely: int, path: str | None = None, grade: str = UNSAFE
) -> Candidate:
    """An expression replaced."""
    return Candidate(text, [bench.replace(path or bench.path, node, text)], grade, likely)


def with_suffix(bench: Bench, node: ast.expr, text: str, likely: int) -> Iterator[Candidate]:
    """A suffix at the failing place, where the variable is assigned, and where a caller hands it in."""
    yield suffixed(bench, node, text, likely)
    if isinstance(node, ast.Name):
        for value in assigned_to(bench, node):
            yield suffixed(bench, value, text, likely + 1)
        for path, given in handed_in(bench, node.id):
            yield suffixed(bench, given, text, likely + 1, path)


def scope_of(bench: Bench, node: ast.AST) -> ast.AST | None:
    """The function or file that a node stands in."""
    for each in bench.above(bench.path, node):
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)):
            return each
    return None


def assigned_to(bench: Bench, name: ast.Name) -> Iterator[ast.expr]:
    """What a variable of the same scope is assigned before, the last first."""
    scope = scope_of(bench, name)
    if scope is None:
        return
    found = [each for each in bound_to(scope, name.id, nested=True) if each.lineno < name.lineno]
    yield from sorted(found, key=lambda each: -each.lineno)[:2]


def parameter_position(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> int | None:
    """The position of a parameter in calls, not counting ``self``."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if name not in names:
        return None
    return names.index(name) - (names[0] in ("self", "cls"))


def handed_in(bench: Bench, name: str) -> Iterator[tuple[str, ast.expr]]:
    """The expressions that the callers on the stack give for a parameter, from the innermost frame outwards."""
    node: ast.AST | None = bench.node
    path = bench.path
    stack = bench.told.finding.frames
    wanted = name
    for caller, line in reversed(stack[:-1]):
        function = next(
            (each for each in bench.above(path, node) if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))),
            None,
        )
        if function is None:
            return
        position = parameter_position(function, wanted)
        if position is None:
            return
        found: ast.expr | None = None
        for each in bench.walk(caller):
            if isinstance(each, ast.Call) and each.lineno <= line <= (each.end_lineno or line):
                given = bench.argument(each, wanted, position)
                if given is not None and _may_call(each, function):
                    found, node = given, each
        if found is None:
            return
        path = caller
        yield caller, found
        if not isinstance(found, ast.Name):
            return
        wanted = found.id


def _may_call(call: ast.Call, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a call may be one of that function: by its name, or of an object whose ``forward`` it is."""
    return class_of(call) == function.name or function.name in ("forward", "__call__")


def shape_at(bench: Bench, value: Value | None) -> Shape:
    return bench.told.shape_of(value) or ()


def similar_names(bench: Bench, node: ast.Name) -> Iterator[str]:
    """Other variables whose names start or end alike: ``X`` and ``X_test``, ``tgt`` and ``tgt_input``."""
    parts = {each for each in node.id.split("_") if each}
    found: dict[str, None] = {}
    for each in bench.walk(bench.path):
        if (
            isinstance(each, ast.Name)
            and isinstance(each.ctx, ast.Store)
            and each.lineno <= node.lineno
            and each.id != node.id
            and parts & set(each.id.split("_"))
        ):
            found[each.id] = None
    yield from reversed(found)


def functional(bench: Bench) -> str | None:
    """How the file spells ``torch.nn.functional``."""
    direct = bench.module(bench.path, "torch.nn.functional")
    if direct is not None:
        return direct
    layers = bench.module(bench.path, "torch.nn")
    if layers is not None:
        return f"{layers}.functional"
    torch = bench.module(bench.path, "torch")
    return None if torch is None else f"{torch}.nn.functional"


def calls_named(bench: Bench, *names: str) -> Iterator[ast.Call]:
    """Every call of a function of one of these names in the failing file."""
    for node in bench.walk(bench.path):
        if isinstance(node, ast.Call) and class_of(node) in names:
            yield node
