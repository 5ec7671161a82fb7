"""Where a size in the code comes from: the literal behind a name, an argument, a default, a field of a configuration."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from foreshape.fixes.candidate import UNSAFE, Candidate
from foreshape.fixes.edits import Splice
from foreshape.fixes.proposals.common import bound_to, class_of, shown

if TYPE_CHECKING:
    from foreshape.fixes.bench import Bench

DEEPEST: Final = 8
MOST_PLACES: Final = 6
Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def resized(
    bench: Bench, path: str, node: ast.expr, wanted: int, now: int | None, likely: int = 0, grade: str = UNSAFE
) -> Iterator[Candidate]:
    """Make a size ``wanted``: first where its number is written, then where it is used; ``n + 1`` there at once."""
    for name in _called(bench, path, node, wanted):
        one = bench.replace(path, node, name)
        yield Candidate(shown(bench, path, node, one), [one], UNSAFE, likely - 1)
    yield from _defined(bench, path, node, wanted, now, likely, grade)
    one_here = bench.number(path, node, wanted, now)
    if one_here is not None and (isinstance(node, ast.Constant) or _is_counted(node)):
        yield Candidate(shown(bench, path, node, one_here), [one_here], grade, likely)
        one_here = None
    if now is not None and not isinstance(node, ast.Constant):
        seen: set[int] = set()
        for place, size in _written(bench, path, node, wanted, now, DEEPEST, seen):
            one = _bare(bench, path, bench.replace(path, place, str(size)))
            yield Candidate(shown(bench, path, place, one), [one], grade, likely)
            if len(seen) > MOST_PLACES * DEEPEST:
                break
        for place in _counted(bench, path, node, DEEPEST):
            change = bench.number(path, place, wanted, now)
            if change is not None:
                yield Candidate(shown(bench, path, place, change), [change], UNSAFE, likely)
    if one_here is not None:
        yield Candidate(shown(bench, path, node, one_here), [one_here], grade, likely + 1)


def _defined(
    bench: Bench, path: str, node: ast.expr, wanted: int, now: int | None, likely: int, grade: str
) -> Iterator[Candidate]:
    """``n = len(words)``, from which several sizes are made: one more there rather than at one of them."""
    if not isinstance(node, ast.Name) or now is None or abs(wanted - now) > 1:
        return
    held = list(behind(bench, path, node))
    uses = sum(
        isinstance(each, ast.Name) and each.id == node.id and isinstance(each.ctx, ast.Load)
        for each in bench.walk(path)
    )
    if len(held) == 1 and isinstance(held[0], ast.Call) and class_of(held[0]) in ("len", "max", "int") and uses > 1:
        change = bench.number(path, held[0], wanted, now)
        if change is not None:
            yield Candidate(shown(bench, path, held[0], change), [change], grade, likely - 1)


def _bare(bench: Bench, path: str, one: Splice) -> Splice:
    """A number in place of a sum or quotient, without the parentheses around that."""
    line = bench.sources.file(path).lines[one.row - 1]
    if (
        one.row == one.end_row
        and line[one.column - 2 : one.column - 1] + line[one.end_column - 1 : one.end_column] == "()"
    ):
        before = line[: one.column - 2].rstrip()
        if before and not (before[-1].isalnum() or before[-1] in "_])"):
            return Splice(path, one.row, one.column - 1, one.end_row, one.end_column + 1, one.text)
    return one


def _counted(bench: Bench, path: str, node: ast.expr, depth: int) -> Iterator[ast.BinOp]:
    """``x.shape[2] - 1``, given as the size: a number added to or taken from what only the data says."""
    given = list(behind(bench, path, node))
    if len(given) != 1 or not depth:
        return
    size = given[0]
    if isinstance(size, ast.BinOp) and _is_counted(size):
        if value_of(bench, path, size.left) is None:
            yield size
    else:
        yield from _counted(bench, path, size, depth - 1)


def _is_counted(node: ast.expr) -> bool:
    """``n + 1`` or ``n - 1``."""
    return (
        isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub)) and isinstance(node.right, ast.Constant)
    )


def _called(bench: Bench, path: str, node: ast.expr, wanted: int) -> Iterator[str]:
    """How the code beside can say the wanted size: the last of a list instead of the first, one factor of a product, a
    parameter or field that has it, the sum of the size with one that does."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, int):
        if any(value_of(bench, path, each) == wanted for each in _element(bench, path, node.value, -1)):
            yield f"{bench.text(path, node.value)}[-1]"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        for side in (node.left, node.right):
            if value_of(bench, path, side) == wanted:
                yield bench.text(path, side)
    yield from _worked_out(bench, path, node, wanted)
    known = {name: size for name, size in _at_hand(bench, path, node).items() if name != bench.text(path, node)}
    equal = [name for name, size in known.items() if size == wanted]
    if len(equal) == 1:
        yield equal[0]
    now = value_of(bench, path, node)
    if not equal and now is not None and isinstance(node, (ast.Name, ast.Attribute)):
        added = [name for name, size in known.items() if now + size == wanted]
        if len(added) == 1:
            yield f"{bench.text(path, node)} + {added[0]}"


def constants_of(bench: Bench, path: str, node: ast.expr, wanted: int) -> Iterator[str]:
    """The constant of the file that has the wanted size, where one alone has it."""
    tree = bench.tree(path)
    names = [
        part.id
        for statement in (tree.body if tree is not None else ())
        if isinstance(statement, ast.Assign) and statement.lineno < node.lineno
        for part in ast.walk(statement.targets[0])
        if isinstance(part, ast.Name)
    ]
    found = [
        name
        for name in dict.fromkeys(names)
        if [wanted] == [value_of(bench, path, each) for each in _global(bench, path, name)]
    ]
    if len(found) == 1:
        yield found[0]


def _global(bench: Bench, path: str, name: str) -> list[ast.expr]:
    tree = bench.tree(path)
    return [] if tree is None else list(bound_to(tree, name))


def _worked_out(bench: Bench, path: str, node: ast.expr, wanted: int) -> Iterator[str]:
    """What the same function works out elsewhere and that is the wanted size: ``heads * dim_head``."""
    function = next((each for each in bench.above(path, node) if isinstance(each, Function)), None)
    found: dict[str, None] = {}
    for each in ast.walk(function) if function is not None else ():
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Mult) and each is not node:
            sides = (each.left, each.right)
            if not any(isinstance(side, ast.Constant) for side in sides) and value_of(bench, path, each) == wanted:
                found[bench.text(path, each)] = None
    if len(found) == 1:
        yield from found


def _at_hand(bench: Bench, path: str, node: ast.expr) -> dict[str, int]:
    """The sizes that the same function is given, as parameters or, where the place says ``self.``, as fields."""
    found: dict[str, int] = {}
    own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"
    for holder in bench.above(path, node):
        if not isinstance(holder, Function):
            continue
        for each in _parameters(holder):
            values = {value_of(bench, path, given) for given in arguments_for(bench, path, holder, each.arg)}
            size = values.pop() if len(values) == 1 else None
            if each.arg in ("self", "cls") or size is None:
                continue
            field = _field_of(holder, each.arg) if own else each.arg
            if field is not None:
                found[field] = size
        break
    return found


def _field_of(function: ast.AST, name: str) -> str | None:
    """``self.name`` where the function stores the parameter there."""
    for each in ast.walk(function):
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Name) and each.value.id == name:
            for target in each.targets:
                if isinstance(target, ast.Attribute):
                    return f"self.{target.attr}"
    return None


def value_of(bench: Bench, path: str, node: ast.expr, depth: int = DEEPEST) -> int | None:
    """The number that an expression is, where it can be read off the code."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, int) and not isinstance(node.value, bool) else None
    if not depth:
        return None
    if isinstance(node, ast.BinOp):
        left, right = value_of(bench, path, node.left, depth - 1), value_of(bench, path, node.right, depth - 1)
        if left is None or right is None:
            return None
        if isinstance(node.op, ast.Mult):
            return left * right
        if isinstance(node.op, ast.Add):
            return left + right
        if isinstance(node.op, ast.Sub):
            return left - right
        return left // right if isinstance(node.op, ast.FloorDiv) and right else None
    for each in behind(bench, path, node):
        found = value_of(bench, path, each, depth - 1)
        if found is not None:
            return found
    return None


def _written(
    bench: Bench, path: str, node: ast.expr, wanted: int, now: int, depth: int, seen: set[int]
) -> Iterator[tuple[ast.expr, int]]:
    """The literals that have to change, with their new numbers."""
    if isinstance(node, ast.Constant):
        if node.value == now and type(node.value) is int and wanted > 0:
            yield node, wanted
        return
    if not depth or id(node) in seen or wanted < 1:
        return
    seen.add(id(node))
    if isinstance(node, ast.BinOp):
        yield from _operands(bench, path, node, wanted, now, depth, seen)
        return
    if isinstance(node, ast.Call) and class_of(node) == "int" and node.args:
        yield from _written(bench, path, node.args[0], wanted, now, depth - 1, seen)
        return
    for each in behind(bench, path, node):
        yield from _written(bench, path, each, wanted, now, depth - 1, seen)


def _operands(
    bench: Bench, path: str, node: ast.BinOp, wanted: int, now: int, depth: int, seen: set[int]
) -> Iterator[tuple[ast.expr, int]]:
    for one, other in ((node.left, node.right), (node.right, node.left)):
        size = value_of(bench, path, other)
        if size is None or size < 1:
            continue
        if isinstance(node.op, ast.Mult) and not wanted % size and not now % size:
            if isinstance(other, ast.Constant) and isinstance(one, ast.BinOp) and wanted > size:
                yield one, wanted // size  # channels times what was worked out of a length
                continue
            if isinstance(one, ast.Constant) and isinstance(other, ast.BinOp) and isinstance(one.value, int):
                if one.value and not wanted % one.value:
                    continue
            if isinstance(one, ast.Constant) and wanted == size:
                continue  # "1 * n" is n
            yield from _written(bench, path, one, wanted // size, now // size, depth - 1, seen)
        elif isinstance(node.op, ast.Add):
            yield from _written(bench, path, one, wanted - size, now - size, depth - 1, seen)
        elif isinstance(node.op, ast.Sub) and one is node.left:
            yield from _written(bench, path, one, wanted + size, now + size, depth - 1, seen)
        elif isinstance(node.op, ast.FloorDiv) and one is node.left:
            yield from _written(bench, path, one, wanted * size, now * size, depth - 1, seen)


def behind(bench: Bench, path: str, node: ast.expr) -> Iterator[ast.expr]:
    """What an expression was given as, one step back."""
    if isinstance(node, ast.Name):
        yield from _named(bench, path, node)
    elif isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id == "self":
            yield from _own(bench, path, node)
        yield from fields_named(bench, path, node.attr)
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        if isinstance(node.slice.value, str):
            yield from fields_named(bench, path, node.slice.value)
        elif isinstance(node.slice.value, int):
            yield from _element(bench, path, node.value, node.slice.value)
    elif isinstance(node, ast.Subscript) and isinstance(node.slice, ast.UnaryOp):
        number = node.slice.operand
        if isinstance(number, ast.Constant) and isinstance(number.value, int):
            yield from _element(bench, path, node.value, -number.value)


def _element(bench: Bench, path: str, holder: ast.expr, number: int) -> Iterator[ast.expr]:
    for each in [holder, *behind(bench, path, holder)]:
        if isinstance(each, (ast.List, ast.Tuple)) and -len(each.elts) <= number < len(each.elts):
            yield each.elts[number]


def _named(bench: Bench, path: str, node: ast.Name) -> Iterator[ast.expr]:
    """A variable or parameter: what it is bound to in the nearest scope that binds it."""
    for holder in bench.above(path, node):
        if isinstance(holder, Function):
            bound = list(bound_to(holder, node.id))
            if bound:
                yield from bound
                return
            if any(each.arg == node.id for each in _parameters(holder)):
                yield from arguments_for(bench, path, holder, node.id)
                return
        elif isinstance(holder, (ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)):
            looped = [each.iter for each in holder.generators if _targets(each.target, node.id)]
            if looped:
                for each in looped:
                    yield from _items(bench, path, each)
                return
        elif isinstance(holder, ast.Module):
            yield from bound_to(holder, node.id)


def _targets(target: ast.AST, name: str) -> bool:
    return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(target))


def _items(bench: Bench, path: str, looped: ast.expr) -> Iterator[ast.expr]:
    """The elements of what is looped over; of ``d.items()`` the values of the dict."""
    if isinstance(looped, ast.Call) and isinstance(looped.func, ast.Attribute):
        looped = looped.func.value
    pending: list[tuple[ast.expr, int]] = [(looped, 4)]
    while pending:
        node, depth = pending.pop(0)
        if isinstance(node, ast.Dict):
            yield from node.values
        elif isinstance(node, (ast.List, ast.Tuple)):
            yield from node.elts
        elif depth:
            pending.extend((each, depth - 1) for each in behind(bench, path, node))


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def arguments_for(
    bench: Bench, path: str, function: ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> Iterator[ast.expr]:
    """What calls in the same file give a parameter; its default where a call gives nothing."""
    holder = bench.parent(path, function)
    method = isinstance(holder, ast.ClassDef)
    called = holder.name if isinstance(holder, ast.ClassDef) and function.name == "__init__" else function.name
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if name in ("self", "cls"):
        return
    position = names.index(name) if name in names else None
    if position is not None and method and names[:1] in (["self"], ["cls"]):
        position -= 1
    left_out = False
    for node in bench.walk(path):
        if not isinstance(node, ast.Call):
            continue
        own = class_of(node) == called or (function.name == "forward" and _is_module_call(node, holder, bench, path))
        if not own:
            continue
        given = bench.argument(node, name, position)
        if given is not None:
            yield given
        elif any(each.arg is None for each in node.keywords):
            yield from fields_named(bench, path, name)
        else:
            left_out = True
    default = _default(function, name)
    if default is not None and (left_out or method):
        yield default


def _is_module_call(node: ast.Call, holder: ast.AST | None, bench: Bench, path: str) -> bool:
    """Whether a call calls an object of the class: ``model(x)`` where ``model = Net()``, ``self.net(x)`` likewise."""
    if not isinstance(holder, ast.ClassDef) or not isinstance(node.func, (ast.Name, ast.Attribute)):
        return False
    name = class_of(node)
    for each in bench.walk(path):
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call) and class_of(each.value) == holder.name:
            for target in each.targets:
                if (isinstance(target, ast.Name) and target.id == name) or (
                    isinstance(target, ast.Attribute) and target.attr == name
                ):
                    return True
    return False


def _default(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> ast.expr | None:
    plain = [*function.args.posonlyargs, *function.args.args]
    held = function.args.defaults
    for argument, value in zip(plain[len(plain) - len(held) :], held, strict=True):
        if argument.arg == name:
            return value
    for argument, other in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if argument.arg == name:
            return other
    return None


def _own(bench: Bench, path: str, node: ast.Attribute) -> Iterator[ast.expr]:
    """What the class assigns to ``self.name``."""
    for holder in bench.above(path, node):
        if not isinstance(holder, ast.ClassDef):
            continue
        for each in ast.walk(holder):
            if not isinstance(each, ast.Assign):
                continue
            for target in each.targets:
                pairs = [(target, each.value)]
                if isinstance(target, ast.Tuple) and isinstance(each.value, ast.Tuple):
                    pairs = list(zip(target.elts, each.value.elts, strict=False))
                for one, value in pairs:
                    if isinstance(one, ast.Attribute) and one.attr == node.attr and value is not node:
                        yield value
        return


def fields_named(bench: Bench, path: str, name: str) -> Iterator[ast.expr]:
    """What a configuration holds under a name: a keyword, a key, a field of a class, an option of a command line."""
    for node in bench.walk(path):
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == name and class_of(node)[:1] != "_":
                    yield keyword.value
            if class_of(node) == "add_argument" and any(
                isinstance(each, ast.Constant) and str(each.value).lstrip("-").replace("-", "_") == name
                for each in node.args
            ):
                default = bench.keyword(node, "default")
                if default is not None:
                    yield default.value
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == name:
                    yield value
        elif isinstance(node, ast.ClassDef):
            for each in node.body:
                if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.target.id == name:
                    if each.value is not None:
                        yield each.value
                elif isinstance(each, ast.Assign) and any(
                    isinstance(target, ast.Name) and target.id == name for target in each.targets
                ):
                    yield each.value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if (
                    isinstance(target, ast.Subscript)
                    and isinstance(target.slice, ast.Constant)
                    and target.slice.value == name
                ):
                    yield node.value
